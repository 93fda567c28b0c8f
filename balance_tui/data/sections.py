"""Rows of schools as sections: every field in its type, what is wrong with a cell kept for later."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ..errors import Place
from ..language import Text
from .columns import Problem, read_column
from .dataset import ORIGIN_SCHEMA, Source
from .dictionary import Dictionary, Field, dtype_of
from .findings import Findings, rejection
from .mapping import COUNTED, Mapping
from .numbers import Value, read_value
from .rows import Rows, compare_totals
from .tables import ROW, Column, RawTable

COUNTED_COLUMN = "_counted"
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_STAGE_WORD = re.compile(r"小学|初级中学|初中|高级中学|高中|中小学|primary|junior|senior", re.IGNORECASE)
_COUNTY = re.compile(r"[一-鿿]{1,10}?(?:自治县|县|区|旗|市)(?!级)")


@dataclass(frozen=True, slots=True)
class Pending:
    """Problems of one column, told once the schools of the rows are known."""

    source: int
    table: RawTable
    column: Column
    field: Field
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class Part:
    """One table as sections: schema fields it has, `ORIGIN_SCHEMA` and `COUNTED_COLUMN`."""

    frame: pl.DataFrame
    source: Source
    pending: tuple[Pending, ...]
    entries: tuple[dict[str, object], ...]
    nameless: tuple[int, ...]


def read_sections(rows: Rows, index: int, fields: Dictionary, mapping: Mapping, findings: Findings) -> Part:
    """The rows of one table as sections; `index` is the table's place in `Dataset.sources`."""
    resolved, table = rows.resolved, rows.resolved.table
    series: dict[str, pl.Series] = {}
    pending: list[Pending] = []
    for code, match in resolved.matches.items():
        item = _counted_field() if code == COUNTED else fields[code]
        if item.level == "county":
            findings.add("READ-LEVEL", field=code, value=code, place=table.header_place(match.column))
            continue
        values: dict[str, Value] = dict(mapping.values.get(code, {}))
        column, problems = read_column(
            table.frame[match.column.name], item, values or None, mapping.units.get(code)
        )
        series[code] = column
        if problems:
            pending.append(Pending(index, table, match.column, item, problems))
    frame = pl.DataFrame([table.frame[ROW], *series.values()])
    frame, entries = _fixed(frame, table, fields, mapping, findings)
    frame = _with_stage(frame, resolved.stage, table, pending)
    frame, said = _with_place_and_time(frame, table, findings)
    frame = frame.with_columns(pl.lit(index, dtype=ORIGIN_SCHEMA["_source"]).alias("_source"))
    if COUNTED in frame.columns:
        frame = frame.rename({COUNTED: COUNTED_COLUMN})
    compare_totals(rows, frame, fields, findings)
    columns = {code: match.column.shown for code, match in resolved.matches.items()}
    source = Source(table.file, table.sheet, columns)
    return Part(frame, source, tuple(pending), (*entries, *said), rows.nameless)


def _counted_field() -> Field:
    return Field(COUNTED, Text("是否计校数", "counted as a school"), "school", "", "", "boolean")


def _fixed(
    frame: pl.DataFrame, table: RawTable, fields: Dictionary, mapping: Mapping, findings: Findings
) -> tuple[pl.DataFrame, list[dict[str, object]]]:
    """Constants and declared noughts of the mapping, for the fields this table has no column for."""
    base = {"file": table.file, "sheet": table.sheet, "column": "", "header": ""}
    entries: list[dict[str, object]] = []
    stated: list[tuple[str, Value, str]] = []
    stated += [(code, value, "constant") for code, value in mapping.constant.items()]
    stated += [(code, 0, "absent") for code in mapping.absent]
    for code, value, how in stated:
        item = fields[code]
        if code in frame.columns or item.level == "county":
            continue
        read = read_value(str(value), item).value
        frame = frame.with_columns(pl.lit(read, dtype=dtype_of(item)).alias(code))
        entries.append({**base, "field": code, "how": how, "value": value})
        if how == "absent":
            findings.add("MAP-ABSENT", field=code, fields=(), place=str(table.at), label=item.label)
    return frame, entries


def _with_stage(
    frame: pl.DataFrame, stage: str | None, table: RawTable, pending: list[Pending]
) -> pl.DataFrame:
    """Every row has a stage, or the file is rejected with the row that has none."""
    if "stage" not in frame.columns:
        if stage is None and frame.height:
            raise rejection("MAP-STAGE", table.at)
        return frame.with_columns(pl.lit(stage, dtype=pl.String).alias("stage"))
    broken = [item for item in pending if item.field.code == "stage"]
    filled = frame.with_columns(pl.col("stage").fill_null(stage)) if stage and not broken else frame
    if filled["stage"].null_count():
        row = filled["stage"].is_null().arg_true()[0]
        column = broken[0].column if broken else None
        if broken:
            row = broken[0].problems[0].index
        value = broken[0].problems[0].value if broken else ""
        raise rejection("READ-STAGE-UNKNOWN", Place(table.place(row, column)), value=value)
    return filled


def _with_place_and_time(
    frame: pl.DataFrame, table: RawTable, findings: Findings
) -> tuple[pl.DataFrame, list[dict[str, object]]]:
    entries: list[dict[str, object]] = []
    base = {"file": table.file, "sheet": table.sheet, "column": "", "header": ""}
    if "year" not in frame.columns and (year := _year_of(table)):
        value, source_zh, source_en = year
        findings.add("READ-YEAR", value=str(value), place=str(table.at), source=Text(source_zh, source_en))
        frame = frame.with_columns(pl.lit(value, dtype=pl.Int32).alias("year"))
        entries.append({**base, "field": "year", "how": "name", "value": value})
    if "county" not in frame.columns:
        county = county_in(Path(table.file).stem)
        code = "READ-COUNTY-NAME" if county else "READ-COUNTY-NONE"
        findings.add(code, value=county, place=str(table.at))
        frame = frame.with_columns(pl.lit(county, dtype=pl.String).alias("county"))
        entries.append({**base, "field": "county", "how": "name", "value": county})
    elif len(names := frame["county"].drop_nulls().unique()) == 1:
        frame = frame.with_columns(pl.col("county").fill_null(names[0]))
    return frame, entries


def _year_of(table: RawTable) -> tuple[int, str, str] | None:
    """The one year that sheet name, title or file name speak of."""
    places = (
        (table.sheet or "", "工作表名", "the sheet name"),
        (table.title, "表题", "the title"),
        (Path(table.file).stem, "文件名", "the file name"),
    )
    for text, zh, en in places:
        years = set(_YEAR.findall(text))
        if len(years) == 1:
            return int(years.pop()), zh, en
    return None


def county_in(stem: str) -> str | None:
    """The county a file name speaks of, else what is left of the name, else None.

    >>> county_in("清河县2023小学"), county_in("小学"), county_in("schools")
    ('清河县', None, 'schools')
    """
    if unit := county_unit(stem):
        return unit
    rest = _STAGE_WORD.sub("", _YEAR.sub("", stem)).strip(" _-.()（）年度表数据")
    return rest or None


def county_unit(name: str) -> str | None:
    """The last county-level unit a name ends a word with, or None."""
    units = _COUNTY.findall(name)
    return str(units[-1]) if units else None


def complete(frame: pl.DataFrame, fields: Dictionary) -> pl.DataFrame:
    """The frame with every column of `section_schema` and `ORIGIN_SCHEMA`, in that order."""
    schema = fields.section_schema() | ORIGIN_SCHEMA
    return frame.select(
        pl.col(name).cast(dtype) if name in frame.columns and frame.schema[name] != dtype
        else pl.col(name) if name in frame.columns
        else pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in schema.items()
    )  # fmt: skip
