"""Points out of a maximum that people or a county fact give, against a pass mark."""

from __future__ import annotations

from typing import Any

import polars as pl

from ..standard.model import Score
from .context import Context
from .figures import plain
from .prepare import Facts
from .status import FAIL, NOT_APPLICABLE, PASS, UNKNOWN

SCORE_SCHEMA: dict[str, Any] = {
    "_county": pl.UInt32, "id": pl.String, "max": pl.Float64, "proposed": pl.Float64, "self": pl.Float64,
    "verified": pl.Float64, "pass_mark": pl.Float64, "_status": pl.UInt8, "reason": pl.String,
}  # fmt: skip


def scored(facts: Facts, context: Context) -> pl.DataFrame:
    """One row a county and score of the standard (`SCORE_SCHEMA`), in points. What decides is the verified score or
    the county fact, which must agree where both are given; a self-given score decides nothing. Verified scores
    that disagree are unknown, and so are points below zero or above the maximum."""
    frames = [_scored(score, facts) for score in context.model.score]
    return pl.concat(frames) if frames else pl.DataFrame(schema=SCORE_SCHEMA)


def _scored(score: Score, facts: Facts) -> pl.DataFrame:
    given = facts.judgements.filter(
        (pl.col("item") == score.id) & pl.col("score").is_not_null() & pl.col("school_id").is_null()
    )
    frame = facts.counties.select(
        "_county",
        (pl.col(score.field) if score.field else pl.lit(None, pl.Float64)).alias("_fact"),
    )
    for source in ("self", "verified"):
        frame = frame.join(_said(given, source), on="_county", how="left", maintain_order="left")
    several = pl.col("_verified_differ").fill_null(False)
    verified = pl.when(~several).then(pl.coalesce("verified", "_fact"))
    value = pl.when((pl.col("verified") == pl.col("_fact")).fill_null(True)).then(verified)
    within = (value >= 0) & (value <= float(score.max))
    mark = float(score.pass_mark) if score.pass_mark is not None else None
    met = value >= mark if mark is not None else pl.lit(None, pl.Boolean)
    status = (
        pl.when(~within.fill_null(False)).then(UNKNOWN)
        .when(pl.lit(mark is None)).then(NOT_APPLICABLE)
        .when(met).then(PASS).otherwise(FAIL)
    )  # fmt: skip
    points = value.cast(pl.String).str.strip_suffix(".0")
    where = score.field or score.id
    reason = (
        pl.when(several).then(pl.lit("scores_differ"))
        .when(verified.is_null()).then(pl.lit(f"missing|{where}"))
        .when(value.is_null()).then(pl.lit(f"differ|{where}"))
        .when(~within).then(pl.concat_str(pl.lit("score_beyond|"), points, pl.lit(f"|{plain(score.max)}")))
        .otherwise(pl.concat_str(pl.lit("score|"), points, pl.lit(f"|{plain(mark)}")))
    )  # fmt: skip
    return frame.select(
        "_county",
        pl.lit(score.id).alias("id"),
        pl.lit(float(score.max)).alias("max"),
        pl.lit(None, pl.Float64).alias("proposed"),
        "self",
        verified.alias("verified"),
        pl.lit(mark, pl.Float64).alias("pass_mark"),
        status.cast(pl.UInt8).alias("_status"),
        reason.alias("reason"),
    )


def _said(given: pl.DataFrame, source: str) -> pl.DataFrame:
    """One row a county: the one score of a source, and whether it gave several (`_SOURCE_differ`)."""
    scores = pl.col("score").n_unique()
    return given.filter(pl.col("source") == source).group_by("_county").agg(
        pl.when(scores == 1).then(pl.col("score").first()).alias(source), (scores > 1).alias(f"_{source}_differ")
    )  # fmt: skip
