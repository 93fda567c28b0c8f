"""The shape of a test's result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

OUTCOME_SCHEMA: dict[str, Any] = {
    "_county": pl.UInt32, "value": pl.Float64, "limit": pl.Float64, "_status": pl.UInt8, "reason": pl.String,
}  # fmt: skip
"""One row a county: the figure, what it is compared with, the status code, the reason (see `reasons`)."""

FAILING_SCHEMA: dict[str, Any] = {
    "_county": pl.UInt32, "school_id": pl.String, "school": pl.String, "stage": pl.String,
    "value": pl.Float64, "limit": pl.Float64, "relief": pl.String, "_status": pl.UInt8,
}  # fmt: skip
"""One row a school (or section) that fails, is unknown or is relieved; of a relieved one, `limit` is the
relief's."""


@dataclass(frozen=True)
class Outcome:
    rows: pl.DataFrame
    failing: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FAILING_SCHEMA))


def missing_names(names: tuple[str, ...]) -> pl.Expr:
    """`missing|` and the facts of a row that are not known, or null where all are."""
    if not names:
        return pl.lit(None, pl.String)
    listed = pl.concat_str(
        [pl.when(pl.col(name).is_null()).then(pl.lit(name)) for name in names], separator=",", ignore_nulls=True
    )
    return pl.when(listed != "").then(pl.lit("missing|") + listed)
