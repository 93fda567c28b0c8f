"""A figure, a text or an entered answer that is shown beside the rest and decides nothing."""

from __future__ import annotations

import polars as pl

from ...standard.model import Requirement
from ...standard.tests import Test
from ..context import Context
from ..prepare import Facts
from ..reasons import PAIR
from ..status import NOT_APPLICABLE
from .answers import answers
from .outcome import OUTCOME_SCHEMA, Outcome

_WORDS = {"yes": f"是{PAIR}yes", "no": f"否{PAIR}no", "na": f"不适用{PAIR}not applicable"}


def information_test(item: Requirement, test: Test, facts: Facts, context: Context) -> Outcome:
    """information: not applicable whatever is recorded; `value` is the figure, the reason holds what was recorded
    (figure, text of `field`, entered answer or score, in this order) or says that nothing was."""
    values = [context.formula(way.value).cast(pl.Float64) for way in test.value or ()]
    field = pl.col(test.field).cast(pl.String) if test.field else pl.lit(None, pl.String)
    frame = facts.counties.select(
        "_county", pl.coalesce([*values, _nothing()]).alias("_figure"), field.alias("_text")
    )
    frame = frame.join(_entered(facts, item, test), on="_county", how="left", maintain_order="left")
    figure = pl.coalesce("_figure", pl.col("_text").cast(pl.Float64, strict=False), "_score")
    told = pl.coalesce(_written(pl.col("_figure")), _written_text(), "_answer", _written(pl.col("_score")))
    reason = pl.when(told.is_null()).then(pl.lit("not_recorded")).otherwise(pl.lit("recorded|") + told)
    return Outcome(
        frame.select(
            "_county",
            figure.alias("value"),
            pl.lit(None, pl.Float64).alias("limit"),
            pl.lit(NOT_APPLICABLE, pl.UInt8).alias("_status"),
            reason.alias("reason"),
        ).select(*OUTCOME_SCHEMA)
    )


def _nothing() -> pl.Expr:
    return pl.lit(None, pl.Float64)


def _written(figure: pl.Expr) -> pl.Expr:
    return figure.cast(pl.String).str.strip_suffix(".0")


def _written_text() -> pl.Expr:
    return pl.col("_text").str.replace_all("|", "/", literal=True).str.strip_suffix(".0")


def _entered(facts: Facts, item: Requirement, test: Test) -> pl.DataFrame:
    """One row a county that somebody answered or scored: `_answer` (each answer once, verified ones alone where
    there are any), `_score` (where all agree)."""
    of_county = facts.judgements.filter(pl.col("school_id").is_null())
    said = answers(of_county, item, test)
    words = pl.col("answer").str.replace_all("|", "/", literal=True)
    spoken = said.group_by("_county").agg(
        pl.when(words.n_unique() == 1)
        .then(words.first().replace(_WORDS))
        .otherwise(words.unique(maintain_order=True).str.join(", "))
        .alias("_answer")
    )
    scores = of_county.filter(pl.col("score").is_not_null() & pl.col("item").is_in([test.id, item.id]))
    verified = (pl.col("source") == "verified").fill_null(False)
    counted = scores.filter(verified | ~verified.any().over("_county"))
    given = counted.group_by("_county").agg(
        pl.when(pl.col("score").n_unique() == 1).then(pl.col("score").first()).alias("_score")
    )
    return spoken.join(given, on="_county", how="full", coalesce=True)
