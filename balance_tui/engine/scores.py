"""Points out of a maximum that people or a county fact give, against a pass mark."""

from __future__ import annotations

from typing import Any

import polars as pl

from ..standard.model import Score
from .context import Context
from .prepare import Facts
from .status import FAIL, NOT_APPLICABLE, PASS, UNKNOWN

SCORE_SCHEMA: dict[str, Any] = {
    "_county": pl.UInt32, "id": pl.String, "max": pl.Float64, "proposed": pl.Float64, "self": pl.Float64,
    "verified": pl.Float64, "pass_mark": pl.Float64, "_status": pl.UInt8, "reason": pl.String,
}  # fmt: skip


def scored(facts: Facts, context: Context) -> pl.DataFrame:
    """One row a county and score of the standard (`SCORE_SCHEMA`). What decides is the verified score or the county
    fact, which must agree where both are given; a self-given score decides nothing, points above the maximum
    are unknown."""
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
        own = given.filter(pl.col("source") == source).group_by("_county").agg(
            pl.when(pl.col("score").n_unique() == 1).then(pl.col("score").first()).alias(source)
        )
        frame = frame.join(own, on="_county", how="left", maintain_order="left")
    verified = pl.coalesce("verified", "_fact")
    value = pl.when((pl.col("verified") == pl.col("_fact")).fill_null(True)).then(verified)
    within = (value >= 0) & (value <= float(score.max))
    mark = float(score.pass_mark) if score.pass_mark is not None else None
    met = value >= mark if mark is not None else pl.lit(None, pl.Boolean)
    status = (
        pl.when(~within.fill_null(False)).then(UNKNOWN)
        .when(pl.lit(mark is None)).then(NOT_APPLICABLE)
        .when(met).then(PASS).otherwise(FAIL)
    )  # fmt: skip
    points = pl.concat_str([pl.lit("score"), value.cast(pl.String), pl.lit(_text(mark))], separator="|")
    return frame.select(
        "_county",
        pl.lit(score.id).alias("id"),
        pl.lit(float(score.max)).alias("max"),
        pl.lit(None, pl.Float64).alias("proposed"),
        "self",
        verified.alias("verified"),
        pl.lit(mark, pl.Float64).alias("pass_mark"),
        status.cast(pl.UInt8).alias("_status"),
        pl.when(verified.is_null()).then(pl.lit(f"missing|{score.field or score.id}"))
        .when(value.is_null()).then(pl.lit(f"differ|{score.field or score.id}"))
        .otherwise(points).alias("reason"),
    )


def _text(mark: float | None) -> str:
    return "–" if mark is None else f"{mark:g}"
