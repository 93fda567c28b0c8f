"""The data dictionary: every fact the program knows, its unit, level and how stages share it.

The rows stand in `dictionary.csv` beside this module; a standard may add fields of its own
(`[[field]]`), which take the same shape.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, cast

from ..language import Text

if TYPE_CHECKING:
    import polars as pl

Level = Literal["school", "section", "county"]
Kind = Literal["text", "integer", "code", "number", "boolean"]

KEY_FIELDS = ("province", "city", "county", "year")
"""What identifies a county and year: the grouping key of every figure; absent parts are null."""

ANSWERS: Mapping[str, Text] = {
    "yes": Text("是", "yes"), "no": Text("否", "no"), "na": Text("不适用", "not applicable"),
}  # fmt: skip
"""The words an item is answered by, wherever they are shown."""
STAGES: Mapping[str, Text] = {
    "primary": Text("小学", "primary"),
    "junior": Text("初中", "junior secondary"),
    "senior": Text("高中", "senior secondary"),
}

SCHOOL_TYPES: Mapping[str, Text] = {
    "primary_school": Text("小学", "primary school"),
    "teaching_point": Text("教学点", "teaching point"),
    "junior_school": Text("初级中学", "junior secondary school"),
    "nine_year": Text("九年一贯制学校", "nine-year school"),
    "complete_secondary": Text("完全中学", "complete secondary school"),
    "twelve_year": Text("十二年一贯制学校", "twelve-year school"),
    "special": Text("特殊教育学校", "special school"),
    "vocational": Text("职业学校", "vocational school"),
}

STAGES_OF_TYPE: Mapping[str, tuple[str, ...]] = {
    "primary_school": ("primary",),
    "teaching_point": ("primary",),
    "junior_school": ("junior",),
    "nine_year": ("primary", "junior"),
    "complete_secondary": ("junior", "senior"),
    "twelve_year": ("primary", "junior", "senior"),
}
"""The stage rows a school of the type must have; other types (special, vocational) may have any."""

LOCATIONS: Mapping[str, Text] = {
    "urban": Text("城区", "urban"),
    "town": Text("镇区", "town"),
    "rural": Text("乡村", "rural"),
}

OWNERS: Mapping[str, Text] = {
    "1": Text("中央教育部门", "central education department"),
    "2": Text("中央其他部门", "other central department"),
    "3": Text("省级教育部门", "provincial education department"),
    "4": Text("省级其他部门", "other provincial department"),
    "5": Text("地级教育部门", "prefectural education department"),
    "6": Text("地级其他部门", "other prefectural department"),
    "7": Text("县级教育部门", "county education department"),
    "8": Text("县级其他部门", "other county department"),
    "9": Text("地方企业", "local enterprise"),
    "10": Text("民办", "private"),
}

CODES: Mapping[str, Mapping[str, Text]] = {
    "school_type": SCHOOL_TYPES,
    "stage": STAGES,
    "location": LOCATIONS,
    "owner": OWNERS,
}
"""Coded fields: code → label. Input may give either."""

UNITS_EN: Mapping[str, str] = {
    "人": "persons", "个": "", "㎡": "m²", "万元": "10,000 yuan", "元": "yuan", "间": "rooms", "台": "sets",
    "册": "volumes", "级": "level", "份": "forms", "起": "cases", "分": "points", "所": "schools",
    "次": "times", "万人": "10,000 persons", "Mbps": "Mbps", "%": "%",
}  # fmt: skip


JUDGED_BY: Mapping[str, str] = {
    "self": "self", "自评": "self", "自查": "self", "verified": "verified", "核验": "verified",
    "核查": "verified", "复核": "verified",
}  # fmt: skip
"""How the sources that every table of judgements knows may be written; any other word names a scorer."""


@dataclass(frozen=True, slots=True)
class Field:
    """One fact of the dictionary.

    `stage` is `split` for whole-school amounts shared among stages, `each` for amounts reported
    per stage, empty otherwise. `merge` says what becomes of it when a campus joins its parent
    (`sum`, `min`, `max`, `all`, `any`, `parent`). `low` and `high` bound what can be read at all:
    outside them a figure is an error of typing, not a judgement on the school.
    """

    code: str
    label: Text
    level: Level
    stage: str
    unit: str
    kind: Kind
    merge: str = ""
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def unit_text(self) -> Text:
        """The unit in both languages; one without an English word as it is."""
        return Text(self.unit, UNITS_EN.get(self.unit, self.unit))


def dtype_of(field: Field) -> pl.DataType:
    """The polars type a field has in every frame: text and codes String, year Int32, booleans
    Boolean, every other number Float64 (see DESIGN: a decimal literal against an integer column
    would be computed with six digits)."""
    import polars as pl

    if field.code == "year":
        return pl.Int32()
    if field.kind in ("text", "code"):
        return pl.String()
    return pl.Boolean() if field.kind == "boolean" else pl.Float64()


class Dictionary(Mapping[str, Field]):
    """Fields by code, in the order of the file."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self._fields = {field.code: field for field in fields}

    def __getitem__(self, code: str) -> Field:
        return self._fields[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def extended(self, fields: Iterable[Field]) -> Dictionary:
        """This dictionary and further fields, as a standard declares them."""
        return Dictionary((*self._fields.values(), *fields))

    def of_level(self, *levels: Level) -> tuple[Field, ...]:
        """The fields of these levels, in the order of the dictionary."""
        return tuple(field for field in self._fields.values() if field.level in levels)

    def label(self, code: str) -> Text:
        """The label of a field; of any other name, the name itself."""
        field = self._fields.get(code)
        return field.label if field else Text(code, code)

    def section_schema(self) -> dict[str, pl.DataType]:
        """Columns of a section frame: every field of level school or section."""
        return {field.code: dtype_of(field) for field in self.of_level("school", "section")}

    def county_schema(self) -> dict[str, pl.DataType]:
        """Columns of a county-facts frame: the four keys and every field of level county."""
        return {code: dtype_of(self._fields[code]) for code in KEY_FIELDS} | {
            field.code: dtype_of(field) for field in self.of_level("county")
        }


def _field_of(row: Mapping[str, str]) -> Field:
    return Field(
        code=row["code"],
        label=Text(row["label"], row["code"].replace("_", " ")),
        level=cast(Level, row["level"]),
        stage=row["stage"],
        unit=row["unit"],
        kind=cast(Kind, row["type"]),
        merge=row["merge"],
        low=Decimal(row["low"]) if row["low"] else None,
        high=Decimal(row["high"]) if row["high"] else None,
    )


@cache
def dictionary() -> Dictionary:
    """The program's own dictionary."""
    text = files(__package__).joinpath("dictionary.csv").read_text(encoding="utf-8")
    return Dictionary(map(_field_of, csv.DictReader(text.splitlines())))
