"""Data findings: what the checks found, the gravest first, each leading to its cell."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import polars as pl

from ...data.dictionary import KEY_FIELDS, Dictionary
from ...engine.result import Result
from ...language import Text
from ...records.state import FindingKey
from ..study import Study
from ..table.frame_sheet import FrameSheet
from ..table.sheet import Column
from ..view import Record, TablePane, View
from ..where import County, Where, where
from . import KINDS
from .common import STAGE_COLUMN, county_in

TITLE = KINDS["findings"].title
SEVERITIES: dict[str, Text] = {
    "reject": Text("拒绝", "reject"),
    "error": Text("错误", "error"),
    "warning": Text("提醒", "warning"),
}
"""The words for severities, the gravest first."""

_MARKS = {"reject": "fail", "error": "unknown", "warning": "warning"}
_ACCEPTED = Column("accepted", Text("已确认", "accepted"), least=4, most=24)
_GROUPS = {"severity": Text("级别", "severity"), "code": Text("代码", "code")}
_SECTION = r"^ ?(\([^()]*\))?[:：] ?"
_DIRECTORIES = r"^(?:[A-Za-z]:)?[/\\](?:[^/\\:]*[/\\])*"


def prepare(study: Study) -> None:
    """Make the frame of all counties."""
    _frame(study)


def build(study: Study, where: Where) -> View:
    """The findings of a county and those that name none, of all where no county is named; details `code`, `school_id`
    and `field` say where the cursor stands."""
    rows = _frame(study)
    if where.county is not None:
        of_none = pl.all_horizontal(pl.col(name).is_null() for name in KEY_FIELDS)
        own = study.of_county(rows, where.county)
        rows = pl.concat([own, rows.filter(of_none)]).unique("_number", maintain_order=True).sort("_number")
    columns = _columns(study.dataset.dictionary, several=where.county is None)
    if study.recorded is not None:
        rows = _with_accepted(rows, study.recorded.one.acknowledged)
        columns = (*columns[:2], _ACCEPTED, *columns[2:])
    title = _title(rows)
    pane = TablePane(
        "findings",
        title,
        FrameSheet(rows, columns, key=("_number",), status="status"),
        leads=partial(_leads, study, where.county),
        cursor=_cursor(rows, where),
        counted=Text("条", "findings"),
    )
    return View(title, (pane,), Text("检查没有发现问题", "the checks found nothing"), _GROUPS)


def _with_accepted(rows: pl.DataFrame, acknowledged: Mapping[FindingKey, str]) -> pl.DataFrame:
    """The reasons for which somebody accepted findings."""
    reasons = [acknowledged.get(FindingKey(*key)) for key in rows.select(*FindingKey._fields).iter_rows()]
    return rows.with_columns(pl.Series("accepted", reasons, pl.String))


def _cursor(rows: pl.DataFrame, place: Where) -> tuple[object, str | None] | None:
    """The first finding of the details `code`, `school_id` and `field`, as far as they are given."""
    details = {name: place.get(name) for name in ("code", "school_id", "field")}
    wanted = [pl.col(name) == value for name, value in details.items() if value is not None]
    found = rows.filter(wanted) if wanted else rows.head(0)
    return ((found["_number"][0],), None) if found.height else None


def _title(rows: pl.DataFrame) -> Text:
    counts = {severity: (rows["severity"] == severity).sum() for severity in SEVERITIES}
    told = [
        Text(f"{word.zh} {counts[name]}", f"{word.en} {counts[name]}")
        for name, word in SEVERITIES.items()
        if counts[name]
    ]
    return Text(*("  ".join((TITLE[i], *(each[i] for each in told))) for i in (0, 1)))


def _frame(study: Study) -> pl.DataFrame:
    frame: pl.DataFrame = study.frame("findings", _ordered)
    return frame


def _ordered(result: Result) -> pl.DataFrame:
    """`Result.checks` by severity, else as found; with `_number`, `status`, `said` (the message without the school),
    and places without directories."""
    rank = pl.col("severity").replace_strict(
        {name: i for i, name in enumerate(SEVERITIES)}, return_dtype=pl.UInt8
    )
    return (
        result.checks.with_columns(
            _without_school().alias("said"),
            pl.coalesce("school", "school_id").alias("school"),
            pl.col("place").str.replace(_DIRECTORIES, ""),
            pl.col("severity").replace_strict(_MARKS, return_dtype=pl.String).alias("status"),
        )
        .sort(rank, maintain_order=True)
        .with_row_index("_number")
    )


def _without_school() -> pl.Expr:
    """The message without the school and stage it begins with, which have columns of their own."""
    message, school = pl.col("message"), pl.col("school")
    rest = message.str.slice(school.str.len_chars())
    begins = message.str.starts_with(school) & rest.str.contains(_SECTION)
    return pl.when(begins).then(rest.str.replace(_SECTION, "")).otherwise(message)


def _columns(fields: Dictionary, *, several: bool) -> tuple[Column, ...]:
    labels: dict[Any, Text] = {code: field.label for code, field in fields.items()}
    counties = (
        Column("county", Text("县", "county"), most=16),
        Column("year", Text("年份", "year"), kind="plain"),
    )
    return (
        Column("severity", Text("级别", "severity"), mark="status", words=SEVERITIES),
        Column("code", Text("代码", "code"), most=12),
        *(counties if several else ()),
        Column("said", Text("问题", "finding"), stretch=True, least=40, most=160),
        Column("school", Text("学校", "school"), most=24),
        STAGE_COLUMN,
        Column("field", Text("数据项", "fact"), words=labels, most=24),
        Column("value", Text("数值", "value"), most=16),
        Column("place", Text("出处", "place"), most=40),
    )


def _leads(study: Study, shown: County | None, record: Record, column: str) -> Where | None:  # noqa: ARG001
    """The reported cell that a finding names."""
    field, school = record["field"], record["school_id"]
    known = study.dataset.dictionary.get(field) if field else None
    own = county_in(record)
    county = own if any(part is not None for part in own) else shown
    if school is not None:
        return where("data", county, school_id=school, stage=record["stage"], field=field)
    if known is not None and known.level == "county" and county is not None:
        return where("county_data", county, field=field)
    return None
