"""What was reported: a row a school and stage, a column a fact, with marks where a check found something."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl

from ...data.checks.scene import IDENTITY
from ...data.dictionary import CODES, KEY_FIELDS, Field
from ...engine.explanation.derivation import YES_NO
from ...engine.explanation.origin import cell_place
from ...engine.explanation.scene import Scene
from ...engine.result import Result
from ...errors import Place
from ...language import Text
from ...records.state import FactKey
from ..cells import cut
from ..study import Study
from ..table.frame_sheet import FrameSheet
from ..table.sheet import Column
from ..view import Record, TablePane, View
from ..where import County, Where
from . import KINDS
from .common import SCHOOL_COLUMN, STAGE_COLUMN, named_schools
from .schools import cursor_at

TITLE = KINDS["data"].title
HEADING = 12
"""Cells of a heading; labels of facts are long, and their notes say them in full."""

MARKED = "_mark"
_WORSE_FIRST = ("error", "warning")
_MARKS = {"error": "unknown", "warning": "warning"}
_GROUPS = ("stage", "location", "school_type")


def prepare(study: Study) -> None:
    """Make the frame of all counties; where there is but one, which may be a large one, its list too."""
    _frame(study)
    if len(study.counties) == 1:
        _kept_sheet(study, study.counties[0]).natural_widths()


def build(study: Study, where: Where) -> View:
    """The sections of a county as they were reported, of all where it names none; details `school_id`, `stage` and
    `field` say where the cursor stands."""
    sheet = _kept_sheet(study, where.county)
    field = where.get("field")
    shown = field if any(column.key == field for column in sheet.columns) else None
    pane = TablePane(
        "data",
        TITLE,
        sheet,
        cursor=cursor_at(sheet.frame, where, shown),
        counted=Text("处", "sections"),
    )
    labels = study.dataset.dictionary
    return View(
        TITLE,
        (pane,),
        Text("没有学校数据", "no school was reported"),
        {name: labels.label(name) for name in _GROUPS},
    )


def _kept_sheet(study: Study, county: County | None) -> FrameSheet:
    sheet: FrameSheet = study.sheet(("data", county), partial(_sheet, study, county))
    return sheet


def _sheet(study: Study, county: County | None) -> FrameSheet:
    """The reported sections of one county, of all where none is named."""
    rows = _frame(study).of(county)
    return FrameSheet(rows, tuple(_columns(study.result, rows)), key=("school_id", "stage"))


def place_of(study: Study, record: Record, column: str) -> Place | None:
    """The cell of a file that a fact of a reported row was read from."""
    scene = Scene(study.result, -1, {})
    return cell_place(scene, record, column) if "_row" in record else None


# The frame


@dataclass(frozen=True)
class Reported:
    """The rows of all counties, those of one together, and for each county where they begin and how many they are:
    a slice of many columns is had at once, where a filter would copy them."""

    rows: pl.DataFrame
    counties: Mapping[County, tuple[int, int]]

    def of(self, county: County | None) -> pl.DataFrame:
        """The rows of a county, of all where none is named."""
        return self.rows if county is None else self.rows.slice(*self.counties.get(county, (0, 0)))


def _frame(study: Study) -> Reported:
    facts = study.recorded.one.facts if study.recorded else {}
    reported: Reported = study.frame("data", partial(_reported, facts=facts))
    return reported


def _reported(result: Result, facts: Collection[FactKey] = ()) -> Reported:
    rows = _with_corrections(_marked(result), facts)
    counts = rows.group_by(KEY_FIELDS, maintain_order=True).len("_rows")
    if rows.select(pl.struct(KEY_FIELDS).rle_id().max()).item() != counts.height - 1:
        numbers = counts.with_row_index("_county").drop("_rows")
        rows = rows.join(numbers, on=KEY_FIELDS, how="left", nulls_equal=True, maintain_order="left")
        rows = rows.sort("_county", maintain_order=True).drop("_county")
    ends = counts["_rows"].cum_sum().to_list()
    spans = [(end - length, length) for end, length in zip(ends, counts["_rows"].to_list(), strict=True)]
    return Reported(rows, dict(zip(map(County._make, counts.select(KEY_FIELDS).rows()), spans, strict=True)))


def _marked(result: Result) -> pl.DataFrame:
    """The reported sections, and for each fact that a finding touches `<fact>_mark`: unknown where an error strikes
    it out, warning where one asks to look at it."""
    sections = result.dataset.sections
    found = touched(result)
    marks = [
        _mark_column(str(name), rows, sections.height)
        for (name,), rows in found.partition_by("field", as_dict=True, maintain_order=True).items()
    ]
    return sections.with_columns(named_schools(), *marks)


def _with_corrections(rows: pl.DataFrame, facts: Collection[FactKey]) -> pl.DataFrame:
    """The marks with those of cells that somebody corrected; a cell that an error strikes out keeps that mark."""
    for field in {key.field for key in facts if key.school_id is not None and key.field in rows.columns}:
        keys = [(*key[:5], key.stage) for key in facts if key.field == field]
        cells = pl.DataFrame(keys, {name: rows.schema[name] for name in _CELL}, orient="row").with_columns(
            pl.lit(True).alias("_corrected")
        )
        mark = f"{field}{MARKED}"
        was = pl.col(mark) if mark in rows.columns else pl.lit(None, pl.String)
        is_whole = cells["stage"].null_count() == cells.height
        joined = rows.join(
            cells.drop("stage") if is_whole else cells, on=_CELL[:-1] if is_whole else _CELL, how="left",
            nulls_equal=True, maintain_order="left",
        )  # fmt: skip
        corrected = pl.col("_corrected").fill_null(False) & was.ne_missing("unknown")
        rows = joined.with_columns(
            pl.when(corrected).then(pl.lit("corrected")).otherwise(was).alias(mark)
        ).drop("_corrected")
    return rows


def _mark_column(name: str, rows: pl.DataFrame, height: int) -> pl.Series:
    marks = pl.Series(f"{name}{MARKED}", [None], dtype=pl.String).new_from_index(0, height)
    for severity in reversed(_WORSE_FIRST):
        marks = marks.scatter(rows.filter(pl.col("severity") == severity)["_index"], _MARKS[severity])
    return marks


def touched(result: Result) -> pl.DataFrame:
    """`_index` (row of `dataset.sections`), `field`, `severity`: the cells that findings mean. An error means every
    fact that rests on it, of one section, of all sections of a school, or of a county; a warning the fact it names.
    What identifies a section is never struck out: an error there is marked as a warning."""
    sections = result.dataset.sections.with_row_index("_index")
    cells = (
        pl.concat([_struck_out(result), _warned(result)])
        .filter(pl.col("field").is_in(sections.columns))
        .unique()
    )
    school, stage = pl.col("school_id").is_not_null(), pl.col("stage").is_not_null()
    scopes = (
        ((*KEY_FIELDS, "school_id", "stage"), school & stage),
        ((*KEY_FIELDS, "school_id"), school & ~stage),
        ((*KEY_FIELDS, "stage"), ~school & stage),
        (KEY_FIELDS, ~school & ~stage),
    )
    keys = sections.select("_index", *KEY_FIELDS, "school_id", "stage")
    return pl.concat(
        keys.join(cells.filter(scope), on=on, how="inner", nulls_equal=True).select(
            "_index", "field", "severity"
        )
        for on, scope in scopes
    ).unique()


_CELL = (*KEY_FIELDS, "school_id", "stage")


def _struck_out(result: Result) -> pl.DataFrame:
    errors = result.facts.checks.filter(pl.col("severity").is_in(["error", "reject"]))
    cells = errors.select(*_CELL, pl.col("fields").alias("field")).explode("field", empty_as_null=True)
    identity = pl.col("field").is_in(IDENTITY)
    severity = pl.when(identity).then(pl.lit("warning")).otherwise(pl.lit("error"))
    return cells.with_columns(severity.alias("severity"))


def _warned(result: Result) -> pl.DataFrame:
    return result.facts.checks.filter(pl.col("severity") == "warning").select(*_CELL, "field", "severity")


# Columns


def _columns(result: Result, rows: pl.DataFrame) -> Iterator[Column]:
    """School and stage, the facts that the standard reads, then every other fact that any section reports."""
    yield SCHOOL_COLUMN
    yield STAGE_COLUMN
    needed = result.context.standard.needed
    facts = [
        field for field in result.dataset.dictionary.of_level("school", "section")
        if field.code not in (*KEY_FIELDS, "school", "stage") and field.code in rows.columns
    ]  # fmt: skip
    for field in facts:
        if field.code in needed:
            yield _column(field, rows)
    for field in facts:
        if field.code not in needed and rows[field.code].null_count() < rows.height:
            yield _column(field, rows)


def _column(field: Field, rows: pl.DataFrame) -> Column:
    words: Any = YES_NO if field.kind == "boolean" else CODES.get(field.code)
    mark = f"{field.code}{MARKED}" if f"{field.code}{MARKED}" in rows.columns else ""
    label, unit = field.label, field.unit_text
    note = Text(*(f"{label[i]} {field.code}" + (f" ({unit[i]})" if unit[i] else "") for i in (0, 1)))
    return Column(
        field.code,
        Text(cut(label.zh, HEADING), cut(label.en, HEADING)),
        unit,
        "plain" if field.kind in ("integer", "number") else "text",
        mark=mark,
        words=words,
        note=note,
        unit=unit,
    )
