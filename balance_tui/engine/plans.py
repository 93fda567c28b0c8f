"""How polars is asked to run what is already written as it should run.

A county has some hundred rows: working out a column of them takes less than planning a query, or waking one of the
threads that would share the work. A nation is worth both. The formulas are the same, and so is every figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

AS_WRITTEN = pl.QueryOptFlags.none().update(comm_subexpr_elim=True)
"""For plans of one frame without a join: there is nothing to push down."""

LITTLE = 10_000
"""Rows up to which a frame is worked on at once, column after column."""

Step = Sequence[pl.Expr]
"""Columns that can be made side by side."""


def widened(frame: pl.DataFrame, *steps: Step) -> pl.DataFrame:
    """The frame with the columns of each step in turn; a step may read what those before it made."""
    if frame.height > LITTLE:
        lazy = frame.lazy()
        for step in steps:
            lazy = lazy.with_columns(step)
        return lazy.collect(optimizations=AS_WRITTEN)
    for step in steps:
        frame = frame.with_columns_seq(step)
    return frame


def picked(frame: pl.DataFrame, *steps: Step) -> pl.DataFrame:
    """As `widened`, with nothing but the columns of the last step."""
    if frame.height > LITTLE:
        lazy = frame.lazy()
        for step in steps[:-1]:
            lazy = lazy.with_columns(step)
        return lazy.select(steps[-1]).collect(optimizations=AS_WRITTEN)
    return widened(frame, *steps[:-1]).select_seq(steps[-1])


def without(frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    """The frame without some of its columns."""
    return frame[[name for name in frame.columns if name not in names]]


def beside(counties: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The counties (`_county`) with the columns of rows, of which each has one at most; null where it has none."""
    if rows["_county"].equals(counties["_county"]):
        return counties.hstack([column for column in rows.get_columns() if column.name != "_county"])
    return counties.join(rows, on="_county", how="left", maintain_order="left")


def summed_up(rows: pl.DataFrame, counties: int, columns: Iterable[pl.Expr]) -> pl.DataFrame:
    """One row a county that has rows (of so many `counties` in all): `_county` and the columns, which are no sums of
    fractions, as those of several counties may be added up in another order."""
    if counties == 1 and rows.height > 0:
        return rows.select_seq(pl.col("_county").first(), *columns)
    return rows.group_by("_county", maintain_order=True).agg(*columns)
