"""The register of reliefs: every case that a relief decided, and until when it must be cured."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl

from ..data.dictionary import KEY_FIELDS
from ..standard.model import Relief
from .context import Context

if TYPE_CHECKING:
    from .result import Result

_COLUMNS = ("_county", "school_id", "school", "stage", "relief", "target", "value", "limit")
_SCHEMA: dict[str, Any] = dict(
    zip(_COLUMNS, (pl.UInt32, *[pl.String] * 5, pl.Float64, pl.Float64), strict=True)
)  # fmt: skip


def relief_register(result: Result) -> pl.DataFrame:
    """One row a use of a relief: the four keys, `school_id`, `school`, `stage` (null for an item of the whole
    school), `relief`, `target` (indicator, item or test), `value` (under the relief), `limit` (it was held
    against, in the unit of the target), `cure_by` (date), `clause` (the relief's).

    `cure_by` counts the years of the relief from the date of recognition where the settings give one, else from
    the date judged as of, and is then the earliest it can be.
    """
    context = result.context
    reliefs = {relief.id: relief for relief in context.model.relief}
    frames = [*_of_indicators(result), _of_items(result)]
    rows = pl.concat([frame for frame in frames if frame.height] or [pl.DataFrame(schema=_SCHEMA)])
    keyed = rows.join(result.facts.keys, on="_county", how="left", maintain_order="left")
    clauses = {name: relief.clause for name, relief in reliefs.items()}
    return keyed.select(
        *KEY_FIELDS, "school_id", "school", "stage", "relief", "target", "value", "limit",
        _cure_by(context, reliefs).alias("cure_by"),
        pl.col("relief").replace_strict(clauses, return_dtype=pl.String).alias("clause"),
    )  # fmt: skip


def _of_indicators(result: Result) -> list[pl.DataFrame]:
    frames = []
    for stage, rows in result.resources.stages.items():
        for indicator in result.context.model.indicator:
            name, limit = indicator.id, indicator.limit.get(stage)
            if f"{name}_relief" in rows.columns and limit:
                used = rows.filter(pl.col(f"{name}_relief").is_not_null())
                frames.append(used.select(
                    "_county", "school_id", "school", "stage", pl.col(f"{name}_relief").alias("relief"),
                    pl.lit(name).alias("target"), pl.col(f"{name}_eased").alias("value"),
                    pl.lit(float(limit.value)).alias("limit"),
                ))  # fmt: skip
    return frames


def _of_items(result: Result) -> pl.DataFrame:
    used = result.items.failing.filter(pl.col("relief").is_not_null())
    return used.select(
        "_county", "school_id", "school", "stage", "relief", pl.col("id").alias("target"), "value", "limit"
    )  # fmt: skip


def _cure_by(context: Context, reliefs: dict[str, Relief]) -> pl.Expr:
    recognised = context.setting("recognition_date")
    start = pl.lit(recognised) if isinstance(recognised, dt.date) else context.as_of_date()
    years = {name: relief.cure_years for name, relief in reliefs.items()}
    term = pl.col("relief").replace_strict(years, return_dtype=pl.Int64).cast(pl.String) + "y"
    return start.cast(pl.Date).dt.offset_by(term)
