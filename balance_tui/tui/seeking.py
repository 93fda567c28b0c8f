"""Looking for a school by name, pinyin initials or code, wherever one is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ..data.dictionary import KEY_FIELDS
from ..language import Text
from .table.frame_sheet import FrameSheet
from .table.sheet import Column
from .where import County, Where, where

if TYPE_CHECKING:
    from ..engine.result import Result
    from .study import Study

_COLUMNS = (
    Column("school", Text("学校", "school")),
    Column("school_id", Text("学校标识码", "school code")),
)


def school_sought(study: Study, wanted: str, county: County | None) -> Where | None:
    """The place of the first school that answers to `wanted`: in this county, or else in any. One that is in no
    indicator is shown in the data."""
    sheet: FrameSheet = study.frame("schools sought", _schools)
    if county is not None:
        own = FrameSheet(study.of_county(sheet.frame, county), _COLUMNS)
        row = own.find(wanted, 0, 1)
        if row is not None:
            return _place(own.frame.row(row, named=True))
    row = sheet.find(wanted, 0, 1)
    return None if row is None else _place(sheet.frame.row(row, named=True))


def _schools(result: Result) -> FrameSheet:
    """Every school once: keys, `school_id`, `school`, `stage` (a compulsory one where it has one), `judged`."""
    judged = result.schools.select(*KEY_FIELDS, "school_id", "stage", pl.lit(True).alias("judged"))
    sections = result.dataset.sections.select(*KEY_FIELDS, "school_id", "school", "stage")
    rows = sections.join(judged, on=[*KEY_FIELDS, "school_id", "stage"], how="left", nulls_equal=True)
    ordered = rows.sort("judged", descending=True, nulls_last=True, maintain_order=True)
    return FrameSheet(ordered.unique([*KEY_FIELDS, "school_id"], keep="first", maintain_order=True), _COLUMNS)


def _place(row: dict[str, object]) -> Where:
    county = County(*(row[name] for name in KEY_FIELDS))  # type: ignore[arg-type]
    view = "schools" if row["judged"] else "data"
    return where(
        view, county, school_id=str(row["school_id"]), stage=None if row["judged"] else str(row["stage"])
    )
