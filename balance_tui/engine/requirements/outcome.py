"""The shape of a test's result."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import polars as pl

Figure = tuple[Fraction | None, Fraction | None]
"""A value and its limit as fractions, None where they are not known."""

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


_NAMED: dict[str, Any] = {"item": pl.String, "id": pl.String}

ITEM_SCHEMA: dict[str, Any] = OUTCOME_SCHEMA | _NAMED
ITEM_FAILING_SCHEMA: dict[str, Any] = FAILING_SCHEMA | _NAMED
"""The two for all items together: with the item's id, and the id of the item or of the test that is told."""


NO_FAILING = pl.DataFrame(schema=FAILING_SCHEMA)
"""Of a test that every school passes."""


@dataclass(frozen=True)
class Outcome:
    """What one test says: `rows` as `OUTCOME_SCHEMA`, `failing` as `FAILING_SCHEMA`; `exact` gives the figure of a
    county (by `_county`), or that of its worst row, in fractions."""

    rows: pl.DataFrame
    failing: pl.DataFrame = field(default_factory=lambda: NO_FAILING)
    exact: Callable[[int], Figure] | None = None


def null_counts(names: Iterable[str]) -> list[pl.Expr]:
    """How many rows of a group lack each fact, as `_null_NAME`."""
    return [pl.col(name).null_count().alias(f"_null_{name}") for name in names]


def lacking(names: Iterable[str]) -> pl.Expr:
    """The facts that any row of a group lacks (`null_counts`), joined by commas; empty where none is."""
    lacked = [pl.when(pl.col(f"_null_{name}") > 0).then(pl.lit(name)) for name in names]
    return pl.concat_str(lacked or [pl.lit("")], separator=",", ignore_nulls=True)


def missing_names(names: tuple[str, ...]) -> pl.Expr:
    """`missing|` and the facts of a row that are not known, or null where all are."""
    if not names:
        return pl.lit(None, pl.String)
    listed = pl.concat_str(
        [pl.when(pl.col(name).is_null()).then(pl.lit(name)) for name in names],
        separator=",",
        ignore_nulls=True,
    )
    return pl.when(listed != "").then(pl.lit("missing|") + listed)
