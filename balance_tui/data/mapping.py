"""A saved mapping: how the columns of a source become fields, as TOML a person can correct.

```toml
[columns]                       # header (path a/b/c) = field code
"设备值" = "equipment_value"
[columns_of.primary]            # the same for one stage or one sheet only
"骨干教师" = "backbone_teachers"
[constant]                      # a value for every row of tables that have no column for it
county = "清河县"
[absent]                        # not in the source, and known to be nought: recorded and printed
teachers_doctor = 0
[units]                         # the unit a column is in, where it is not the field's own
equipment_value = "元"
[values.school_type]            # source value = code
"完小" = "primary_school"
[sheets."Sheet1"]
stage = "primary"
header_rows = [3, 5]
[[join]]                        # name in one workbook = school id or name in another; of a campus: its parent
name = "实验小学分校"
to = "实验小学"
```
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from ..errors import Place
from ..language import Text
from .dictionary import KEY_FIELDS, Dictionary
from .files import read_bytes
from .findings import rejection
from .headers import key_of
from .numbers import FACTORS, Value, read_value

COUNTED = "counted_as_school"
"""是否计校数: no fact of the dictionary, but a column that readers understand."""

Stage = Literal["primary", "junior", "senior"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SheetRule(_Part):
    """What is known of one sheet (or file, by its name): stage, header rows (1-based), or that it is
    to be left out."""

    stage: Stage | None = None
    header_rows: tuple[int, int] | None = None
    skip: bool = False


class Join(_Part):
    """`name` as one workbook writes it is the school `to` (its id, or its name in another workbook)."""

    name: str
    to: str
    county: str | None = None


class Mapping(_Part):
    """How a source's columns become fields. Empty parts say nothing; what the readers recognise by
    itself needs no entry."""

    columns: dict[str, str] = Field(default_factory=dict)
    columns_of: dict[str, dict[str, str]] = Field(default_factory=dict)
    ignore: list[str] = Field(default_factory=list)
    constant: dict[str, str | int | float | bool] = Field(default_factory=dict)
    absent: dict[str, Literal[0]] = Field(default_factory=dict)
    units: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str | int | float | bool]] = Field(default_factory=dict)
    sheets: dict[str, SheetRule] = Field(default_factory=dict)
    join: list[Join] = Field(default_factory=list)
    _place: Place | None = PrivateAttr(default=None)

    def __eq__(self, other: object) -> bool:
        """The same rules, wherever they were read from."""
        return isinstance(other, Mapping) and self.model_dump() == other.model_dump()

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def load(cls, path: str | Path) -> Mapping:
        """The mapping in the file. Raises `InputRejected` with MAP-FILE and the place."""
        place = Place(str(path))
        try:
            mapping = cls.model_validate(tomllib.loads(read_bytes(Path(path)).decode("utf-8-sig")))
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise rejection("MAP-FILE", place, reason=str(error)) from None
        except RecursionError:
            raise rejection("MAP-FILE", place, reason="nested too deeply") from None
        except ValidationError as error:
            first = error.errors()[0]
            reason = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
            raise rejection("MAP-FILE", place, reason=reason) from None
        mapping._place = place
        return mapping

    @property
    def place(self) -> Place | None:
        """The file the mapping was read from, if any."""
        return self._place

    def to_toml(self) -> str:
        """The mapping as the text of a mapping file."""
        return tomli_w.dumps(self.model_dump(exclude_defaults=True, mode="json", exclude_none=True))

    def save(self, path: str | Path) -> None:
        """Write the mapping as TOML; an existing file is replaced."""
        Path(path).write_text(self.to_toml(), encoding="utf-8")

    def field_of(self, key: str, stage: str | None, sheet: str | None) -> str | None:
        """The field a column with the header key `key` is mapped to; stage and sheet rules first."""
        for table in (self.columns_of.get(stage or ""), self.columns_of.get(sheet or ""), self.columns):
            for header, field in (table or {}).items():
                if key_of(header) == key:
                    return field
        return None

    def ignores(self, key: str) -> bool:
        """Whether the mapping leaves out the columns of this normalised header."""
        return any(key_of(header) == key for header in self.ignore)

    def sheet_rule(self, file: str, sheet: str | None) -> SheetRule:
        """The rule of a sheet, found by sheet name, file name or file stem."""
        path = Path(file)
        names = (sheet, path.name, path.stem)
        return next((self.sheets[name] for name in names if name and name in self.sheets), SheetRule())

    def rows(self) -> list[dict[str, object]]:
        """One row an entry, as `map show` prints it: part, name, value."""
        rows: list[dict[str, object]] = []
        for part, content in self.model_dump(exclude_defaults=True).items():
            items = content.items() if isinstance(content, dict) else enumerate(content, 1)
            rows += [{"part": part, "name": str(name), "value": value} for name, value in items]
        return rows

    @property
    def header_keys(self) -> dict[str, str]:
        """Every header the mapping names: normalised key → as written."""
        tables = (self.columns, *self.columns_of.values())
        return {key_of(header): header for table in tables for header in table} | {
            key_of(header): header for header in self.ignore
        }


def nearest(name: str, known: Collection[str]) -> Text:
    """A hint at the nearest known name, empty where none is near."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return Text(f",是否想写 {close[0]}", f", did you mean {close[0]}") if close else Text("", "")


def check_mapping(mapping: Mapping, fields: Dictionary, place: Place | None = None) -> None:
    """Every field, unit and value of the mapping is one the dictionary knows, else `InputRejected`."""
    place = place or mapping.place
    columns = [
        *mapping.columns.values(),
        *(field for own in mapping.columns_of.values() for field in own.values()),
    ]
    stated = [*mapping.constant, *mapping.absent]
    for name in (*columns, *stated, *mapping.units, *mapping.values):
        readable = name == COUNTED and (name in columns or name in mapping.values)
        if name not in fields and not readable:
            raise rejection("MAP-FIELD", place, name=name, hint=nearest(name, list(fields)))
    for name in (*stated, *mapping.units):
        _check_stated(name, mapping, fields, place)
    for name, values in mapping.values.items():
        for target in values.values():
            _check_value(name, target, fields, place)
    for name, constant in mapping.constant.items():
        _check_value(name, constant, fields, place)


def _check_stated(name: str, mapping: Mapping, fields: Dictionary, place: Place | None) -> None:
    """A unit that can be converted, a nought for a figure, and nothing for a county fact but its keys."""
    if name not in fields:
        raise rejection("MAP-FIELD", place, name=name, hint=nearest(name, list(fields)))
    item = fields[name]
    unit = mapping.units.get(name, item.unit)
    if unit != item.unit and (item.unit, unit) not in FACTORS:
        raise rejection("MAP-UNIT", place, field=name, unit=item.unit or "-", declared=unit)
    if name in mapping.absent and (item.kind not in ("number", "integer") or name == "year"):
        raise rejection("MAP-VALUE", place, field=name, value="0")
    if item.level == "county" and name not in KEY_FIELDS and name not in mapping.units:
        raise rejection("MAP-COUNTY", place, field=name)


def _check_value(name: str, value: Value, fields: Dictionary, place: Place | None) -> None:
    if name not in fields:
        return
    reading = read_value(str(value), fields[name])
    if reading.code or reading.value is None:
        raise rejection("MAP-VALUE", place, field=name, value=str(value))


def check_columns(mapping: Mapping, present: Collection[str], place: Place | None = None) -> None:
    """Every header the mapping gives a field is somewhere in the data, else `InputRejected`: a
    mistyped header would leave its field silently empty."""
    place = place or mapping.place
    ignored = {key_of(header) for header in mapping.ignore}
    for key, header in mapping.header_keys.items():
        if key not in present and key not in ignored:
            raise rejection("MAP-COLUMN", place, name=header, hint=nearest(key, list(present)))
