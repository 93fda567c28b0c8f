"""What each section contributes to the dispersion of a county: P_i/P_N · (X_i − X̄)²."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from ...standard.model import Dispersion, Indicator
from ...standard.plugged import CV
from ..dispersion import chosen
from .scene import Scene


def rule_of(scene: Scene, stage: str) -> Dispersion | None:
    """The standard's rule of dispersion where it speaks of the stage."""
    rule = scene.model.dispersion
    return rule if rule and stage in rule.limit else None


def is_dispersed(scene: Scene, indicator: Indicator, stage: str) -> bool:
    """Whether the indicator has a coefficient of variation in the stage; of another statistic nobody but its plugin
    knows what a section adds to it."""
    rule = rule_of(scene, stage)
    return bool(
        rule and rule.statistic == CV and any(indicator.id == each.id for each in chosen(rule, scene.context))
    )


def figure_of(scene: Scene, stage: str, indicator: str) -> dict[str, Any] | None:
    """The row of the result's dispersion figures, with `missing`."""
    rows = scene.mine(scene.result.resources.dispersion)
    found = rows.filter((pl.col("stage") == stage) & (pl.col("indicator") == indicator))
    return next(iter(found.to_dicts()), None)


def counted(scene: Scene, stage: str) -> pl.DataFrame:
    """The judged section rows of the stage that a dispersion figure counts."""
    frame = scene.result.resources.stages.get(stage)
    if frame is None:
        return pl.DataFrame()
    return scene.mine(frame).filter(pl.col("_in").fill_null(True))


def contributions(scene: Scene, stage: str, indicator: Indicator) -> pl.DataFrame:
    """One row a section, the greatest contribution first.

    Columns: `school_id`, `school`, `students` (P_i), `amount` (x_i), `value` (X_i), `deviation` (X_i − X̄),
    `weight` (P_i/P_N), `contribution` (in the unit squared), `share` (of S²), `rank`. Where the amount of any
    section is not known, `deviation` and everything behind it is null."""
    rows = counted(scene, stage)
    scale, denominator = float(indicator.scale), indicator.denominator.polars(scene.context.column)
    amount, students = pl.col(f"{indicator.id}_x"), pl.col("students_")
    known = (amount.is_null() | students.is_null()).sum() == 0
    population = pl.when(known).then(students.sum())
    mean = pl.when(known).then(amount.sum() / students.sum())
    frame = rows.with_columns(
        pl.when(pl.col("_in") & (denominator > 0)).then(denominator).alias("students_")
    ).select(
        "school_id",
        "school",
        students.alias("students"),
        amount.alias("amount"),
        (amount / students * scale).alias("value"),
        ((amount / students - mean) * scale).alias("deviation"),
        (students / population).alias("weight"),
        (students * (amount / students - mean).pow(2) / population * scale * scale).alias("contribution"),
    )
    total = pl.col("contribution").sum()
    return frame.with_columns(
        pl.when(total > 0).then(pl.col("contribution") / total).alias("share"),
        pl.col("contribution").rank("min", descending=True).cast(pl.Int64).alias("rank"),
    ).sort("contribution", descending=True, nulls_last=True, maintain_order=True)


def turning_point(figures: Mapping[str, Any]) -> float | None:
    """The value above which raising a section widens the dispersion: d(CV)/dX_i has the sign of
    X_i − X̄(1 + CV²)."""
    if figures["cv"] is None or figures["mean"] is None:
        return None
    return float(figures["mean"] * (1 + figures["cv"] ** 2))
