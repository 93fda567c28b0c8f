"""The resource part: indicators, school rule and dispersion of every county at once."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from .context import Context
from .dispersion import dispersed
from .indicators import judged
from .school_rule import ruled
from .scope import scoped
from .status import FAIL, PASS, RELIEVED, UNKNOWN

SCOPE = "resources"


@dataclass(frozen=True)
class Resources:
    """`stages`: judged rows by stage, as `indicators.judged` and `school_rule.ruled` give them; `excluded`:
    rows left out, with `_reason`; `dispersion`: `dispersion.DISPERSION_SCHEMA`; `counties`: one row a county
    with `_schools`, `_dispersion`, `_absent` (codes) and how many sections and figures fail or are unknown."""

    stages: dict[str, pl.DataFrame]
    excluded: pl.DataFrame
    dispersion: pl.DataFrame
    counties: pl.DataFrame


def resources(sections: pl.DataFrame, keys: pl.DataFrame, context: Context) -> Resources:
    """Section rows as `schools.section_rows` gives them, and the counties → the resource part of each."""
    model = context.standard.model
    scope = next((scope for scope in model.scope if scope.id == SCOPE), None)
    if scope is None or not model.indicator:
        return Resources({}, sections.head(0), dispersed({}, context), keys.select("_county"))
    rows = scoped(sections, scope, context)
    out = (~pl.col("_in")).fill_null(False)
    kept = rows.filter(~out)
    stages = {
        stage: ruled(judged(kept.filter(pl.col("stage") == stage), stage, context), context)
        for stage in model.standard.stages
    }
    dispersion = dispersed(stages, context)
    return Resources(stages, rows.filter(out), dispersion, _counties(stages, dispersion, keys, context))


def _counties(
    stages: dict[str, pl.DataFrame], dispersion: pl.DataFrame, keys: pl.DataFrame, context: Context
) -> pl.DataFrame:
    """A county with no section of a stage in scope has not reported it: unknown, never passed over."""
    schools = pl.concat([rows.select("_county", "stage", "_school") for rows in stages.values()])
    absent = [pl.when(~pl.col(f"_has_{stage}").fill_null(False)).then(pl.lit(stage)) for stage in stages]
    summary = schools.group_by("_county").agg(
        *((pl.col("stage") == stage).any().alias(f"_has_{stage}") for stage in stages),
        pl.len().alias("sections"),
        *_counts("_school", "sections", (FAIL, UNKNOWN, RELIEVED)),
        pl.col("_school").max().alias("_schools"),
    )
    judged = pl.col("limit").is_not_null()
    spread = dispersion.filter(judged).group_by("_county").agg(
        pl.len().alias("figures"),
        *_counts("_status", "figures", (FAIL, UNKNOWN)),
        pl.col("_status").max().alias("_dispersion"),
    )
    return (
        keys.select("_county")
        .join(summary, on="_county", how="left", maintain_order="left")
        .join(spread, on="_county", how="left", maintain_order="left")
        .with_columns(pl.concat_str(absent, separator=",", ignore_nulls=True).alias("stages_missing"))
        .with_columns(
            pl.when(pl.col("stages_missing") != "").then(UNKNOWN).otherwise(PASS).cast(pl.UInt8).alias("_absent"),
            pl.col("_dispersion").fill_null(UNKNOWN),
        )
    )


def _counts(column: str, name: str, codes: tuple[int, ...]) -> list[pl.Expr]:
    words = {FAIL: "failing", UNKNOWN: "unknown", RELIEVED: "relieved"}
    return [(pl.col(column) == code).sum().alias(f"{name}_{words[code]}") for code in codes]
