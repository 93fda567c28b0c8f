"""A statistic of dispersion other than the coefficient of variation: what a plugin makes of the sections' values."""

from __future__ import annotations

import polars as pl

from ..plugins import hosting
from ..standard.model import Dispersion, Indicator
from .indicators import population

_GROUP = ("_county", "stage", "indicator")


def with_statistic(
    long: pl.DataFrame, rows: pl.DataFrame, indicators: tuple[Indicator, ...], stage: str, rule: Dispersion
) -> pl.DataFrame:
    """`long` (one row a county and indicator of the stage) with the plugin's figure in the place of the coefficient.
    The plugin sees ordinary values of counties where every section is known; elsewhere the figure is unknown. Errors:
    `StandardInvalid` where no plugin provides the statistic, or the one that does fails."""
    known = long.filter((pl.col("missing") == 0) & (pl.col("mean") > 0)).select(*_GROUP)
    values = pl.concat([_values(rows, indicator, stage) for indicator in indicators])
    asked = values.join(known, on=list(_GROUP), how="semi", maintain_order="left")
    if not asked.height:
        return long.with_columns(pl.lit(None, pl.Float64).alias("cv"))
    found = hosting.dispersion_statistic(rule.statistic, asked)
    joined = long.drop("cv").join(
        found.rename({"statistic": "cv"}), on=list(_GROUP), how="left", maintain_order="left"
    )
    return joined.select(long.columns)


def _values(rows: pl.DataFrame, indicator: Indicator, stage: str) -> pl.DataFrame:
    students = pl.col(population(indicator))
    return rows.select(
        "_county",
        pl.lit(stage).alias("stage"),
        pl.lit(indicator.id).alias("indicator"),
        (pl.col(f"{indicator.id}_x") / students * float(indicator.scale)).alias("value"),
        students.cast(pl.Float64).alias("weight"),
    )
