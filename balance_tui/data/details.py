"""Detail tables: rooms, class lists, class-size bands, students by grade. Known by sheet or file name.

A row that cannot be read takes its school's whole list with it: half a room list would look like a
school with few rooms.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import polars as pl

from ..language import Text
from .columns import SHOWN_PROBLEMS, as_text, read_column
from .county import report_more
from .dataset import CLASS_BANDS_SCHEMA, CLASS_LIST_SCHEMA, GRADE_STUDENTS_SCHEMA, ROOMS_SCHEMA
from .dictionary import KEY_FIELDS, Field, dictionary
from .findings import Findings, rejection
from .headers import key_of
from .identity import name_key
from .numbers import plain
from .tables import RawTable

_NAMES = {
    "rooms": re.compile(r"(^|[^a-z])rooms?($|[^a-z])|音美教室|音乐美术教室|专用教室清单|教室清单", re.I),
    "class_list": re.compile(r"class[_ -]?list|班级清单|班额清单", re.IGNORECASE),
    "class_bands": re.compile(r"class[_ -]?bands|班额分布|班额分段", re.IGNORECASE),
    "grade_students": re.compile(r"grade[_ -]?students|分年级学生|年级学生数", re.IGNORECASE),
}
SCHEMAS: Mapping[str, dict[str, pl.DataType]] = {
    "rooms": ROOMS_SCHEMA, "class_list": CLASS_LIST_SCHEMA, "class_bands": CLASS_BANDS_SCHEMA,
    "grade_students": GRADE_STUDENTS_SCHEMA,
}  # fmt: skip
TITLES = {
    "rooms": Text("教室清单", "the room list"), "class_list": Text("班级清单", "the class list"),
    "class_bands": Text("班额分布表", "the class bands"),
    "grade_students": Text("分年级学生表", "the students by grade"),
}  # fmt: skip
RESTS: Mapping[str, tuple[str, ...]] = {
    "rooms": ("music_rooms", "smallest_music_room", "art_rooms", "smallest_art_room"),
    "class_list": ("classes", "largest_class", "oversized_classes"),
    "class_bands": ("oversized_classes",),
    "grade_students": ("grades",),
}
"""The summary facts that become unknown where a school's list cannot be read."""

HEADERS: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind", "种类", "类别", "教室类型", "教室类别", "用途", "类型"),
    "area": ("area", "面积", "面积(㎡)", "使用面积", "使用面积(㎡)", "面积(平方米)"),
    "grade": ("grade", "年级"),
    "class": ("class", "班级", "班", "班级名称"),
    "students": ("students", "学生数", "在校生数", "班额", "人数"),
    "band": ("band", "班额段", "班额", "分段"),
    "classes": ("classes", "班级数", "班数"),
    "school_id": ("school_id", "学校标识码"),
    "school": ("school", "学校名称", "学校"),
    "stage": ("stage", "学段"),
    "county": ("county", "县区", "统计三级"),
    "city": ("city", "市"),
    "province": ("province", "省份"),
    "year": ("year", "年份", "年度"),
}
_KINDS = {"music": "music", "音乐": "music", "音乐教室": "music", "音乐专用教室": "music", "art": "art",
          "arts": "art", "美术": "art", "美术教室": "art", "美术专用教室": "art"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Detail:
    """A detail table and which one it is."""

    name: str
    table: RawTable


def detail_name(file: str, sheet: str | None) -> str | None:
    """Which detail table a sheet or file name announces, or None."""
    text = sheet or Path(file).stem
    return next((name for name, pattern in _NAMES.items() if pattern.search(text)), None)


def read_detail(detail: Detail, schools: pl.DataFrame, findings: Findings) -> pl.DataFrame:
    """The rows in the schema of their kind. `schools`: keys, `school_id`, `school` of the sections;
    a row of a school that is not among them is an error and left out."""
    frame, columns = _typed(detail)
    placed = _placed(frame, schools, detail, findings)
    spoilt = _spoilt(placed, detail, findings, set(columns))
    whole = placed.join(spoilt, on=[*KEY_FIELDS, "school_id"], how="anti", nulls_equal=True)
    schema = SCHEMAS[detail.name]
    return whole.select(
        pl.col(name) if name in whole.columns else pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in schema.items()
    )


def _typed(detail: Detail) -> tuple[pl.DataFrame, dict[str, str]]:
    table = detail.table
    columns: dict[str, str] = {}
    wanted = {*SCHEMAS[detail.name], "school"}
    for name in wanted:
        keys = {key_of(header) for header in HEADERS[name]}
        found = next((column.name for column in table.columns if column.key in keys), None)
        if found:
            columns[name] = found
    series = [table.frame["_row"]]
    for name, column in columns.items():
        series.append(_column(name, table.frame[column]))
    frame = pl.DataFrame(series)
    blank = pl.all_horizontal(pl.exclude("_row").is_null())
    return frame.filter(~blank) if columns else frame.clear(), columns


def _column(name: str, column: pl.Series) -> pl.Series:
    if name == "kind":
        words = [plain(word or "").lower().replace(" ", "") for word in as_text(column).to_list()]
        return pl.Series(name, [_KINDS.get(word) for word in words], dtype=pl.String)
    return read_column(column, _field(name))[0].alias(name)


def _field(name: str) -> Field:
    known = dictionary()
    if name in known:
        return known[name]
    # An area reads like any other area, grade, class and band like any text.
    return known["teaching_area" if name == "area" else "school"]


def _placed(frame: pl.DataFrame, schools: pl.DataFrame, detail: Detail, findings: Findings) -> pl.DataFrame:
    """Rows with the keys and id of their school in the data."""
    keys = list(KEY_FIELDS)
    frame = frame.with_row_index("_index")
    known = schools.with_columns(name_key("school").alias("_school")).unique()
    if "school_id" in frame.columns:
        joined = frame.join(known, on="school_id", how="inner", suffix="_data", nulls_equal=False)
    elif "school" in frame.columns:
        named = frame.with_columns(name_key("school").alias("_school"))
        joined = named.join(known, on="_school", how="inner", suffix="_data")
    else:
        headers = ", ".join(column.header for column in detail.table.columns)
        raise rejection("READ-NO-FACTS", detail.table.at, headers=headers[:300])
    given = [key for key in keys if key in frame.columns]
    conditions = [
        pl.col(k).is_null() | pl.col(f"{k}_data").is_null() | (pl.col(k) == pl.col(f"{k}_data"))
        for k in given
    ]
    if conditions:
        joined = joined.filter(reduce(lambda a, b: a & b, conditions))
        joined = joined.with_columns(pl.col(f"{k}_data").alias(k) for k in given)
    joined = joined.unique(["_index", *keys, "school_id"], maintain_order=True)
    once = joined.filter(pl.len().over("_index") == 1)
    _report_lost(frame, once, detail, findings)
    return once


def _report_lost(frame: pl.DataFrame, placed: pl.DataFrame, detail: Detail, findings: Findings) -> None:
    lost = frame.join(placed.select("_index"), on="_index", how="anti")
    shown = [name for name in ("school_id", "school") if name in frame.columns]
    for row in lost.head(SHOWN_PROBLEMS).iter_rows(named=True):
        value = next((str(row[name]) for name in shown if row[name]), "")
        place = _place(detail.table, row["_row"])
        findings.add("JOIN-SCHOOL", fields=(), value=value, place=place, table=TITLES[detail.name])
    report_more(lost, TITLES[detail.name], detail.table, findings)
    if detail.name in ("rooms", "class_list"):
        _report_incomplete(lost, placed, detail, findings)


def _report_incomplete(lost: pl.DataFrame, placed: pl.DataFrame, detail: Detail, findings: Findings) -> None:
    """A row without a school may belong to any school of its county: a list with a gap decides nothing there."""
    counties = placed.select(KEY_FIELDS).unique(maintain_order=True)
    for key in (key for key in KEY_FIELDS if key in lost.columns):
        values = set(lost[key].to_list())
        if values <= set(counties[key].to_list()) - {None}:
            counties = counties.filter(pl.col(key).is_in(list(values)))
    for where in counties.iter_rows(named=True) if lost.height else ():
        findings.add("JOIN-LIST", where=where, fields=(detail.name,), table=TITLES[detail.name])


def _place(table: RawTable, row: int) -> str:
    return f"{table.name}:{row}"


def _spoilt(placed: pl.DataFrame, detail: Detail, findings: Findings, columns: set[str]) -> pl.DataFrame:
    """Schools of which a needed cell of the list could not be read."""
    needed: tuple[str, ...] = {
        "rooms": ("kind", "area"), "class_list": ("students",), "class_bands": ("band", "classes"),
        "grade_students": ("grade", "students"),
    }[detail.name]  # fmt: skip
    if "stage" in columns:
        needed = (*needed, "stage")
    keys = [*KEY_FIELDS, "school_id"]
    gaps = [pl.col(name).is_null() if name in columns else pl.lit(True) for name in needed]
    bad = placed.filter(reduce(lambda a, b: a | b, gaps))
    # One finding a school: what rests on its list becomes unknown by it, so none may be left out.
    for row in bad.unique(keys, keep="first", maintain_order=True).iter_rows(named=True):
        name = next(item for item in needed if item not in columns or row[item] is None)
        where = {key: row[key] for key in keys} | {"stage": row.get("stage")}
        column = next((c for c in detail.table.columns if c.key in {key_of(h) for h in HEADERS[name]}), None)
        raw = _raw(detail.table, row["_row"], column.name) if column else ""
        label = Text(HEADERS[name][1], name)
        findings.add(
            "READ-DETAIL", where=where, field=RESTS[detail.name][0], fields=RESTS[detail.name], value=raw,
            place=_place(detail.table, row["_row"]), table=TITLES[detail.name], label=label,
        )  # fmt: skip
    return bad.select(keys).unique()


def _raw(table: RawTable, row: int, column: str) -> str:
    cells = as_text(table.frame.filter(pl.col("_row") == row)[column]).to_list()
    return (cells[0] if cells else None) or ""


def gather(parts: Sequence[pl.DataFrame], name: str) -> pl.DataFrame:
    """All tables of one kind as one frame of its schema."""
    return pl.concat([pl.DataFrame(schema=SCHEMAS[name]), *parts], how="vertical")
