"""A question a person answers: for the county, or for every school."""

from __future__ import annotations

import polars as pl

from ...language import Text
from ...standard.model import Requirement
from ...standard.tests import Test
from ..context import Context
from ..prepare import Facts
from ..reasons import reason
from ..status import FAIL, NOT_APPLICABLE, PASS, UNKNOWN
from .answers import answers
from .outcome import FAILING_SCHEMA, OUTCOME_SCHEMA, Outcome
from .population import Population, where_of


def evidence_test(
    item: Requirement, test: Test, facts: Facts, population: Population | None, context: Context
) -> Outcome:
    """evidence: passes on an answer in `passing`; unanswered, unclear or contradictory answers are unknown."""
    said = answers(facts.judgements, item, test)
    if not said.height:
        return _unanswered(item, test, facts)
    judged = said.with_columns(
        _answer_status(test, "veto" if test.passing == ("no",) else "item").alias("_status")
    )
    of_county = (
        judged.filter(pl.col("school_id").is_null())
        .group_by("_county")
        .agg(
            pl.when(pl.col("_status").n_unique() == 1)
            .then(pl.col("_status").first())
            .otherwise(UNKNOWN)
            .cast(pl.UInt8),
            (pl.col("_status").n_unique() > 1).alias("_differ"),
            pl.col("answer").first(),
        )
    )
    frame = facts.keys.select("_county").join(of_county, on="_county", how="left", maintain_order="left")
    failing = pl.DataFrame(schema=FAILING_SCHEMA)
    if population is not None and test.per == "school":
        frame, failing = _with_schools(frame, judged, population, test, context)
    else:
        frame = frame.with_columns(pl.lit(None, pl.String).alias("_of_schools"))
    told = (
        pl.when(pl.col("_of_schools").is_not_null()).then(pl.col("_of_schools"))
        .when(pl.col("_differ")).then(pl.lit("answers_differ"))
        .when(pl.col("answer").is_null()).then(pl.lit(_asked_for(item, test)))
        .when(pl.col("_status") == UNKNOWN).then(pl.lit("answer_unclear|") + _plain(pl.col("answer")))
        .when(pl.col("_status") == NOT_APPLICABLE).then(pl.lit("declared"))
        .otherwise(pl.lit("answered|") + _plain(pl.col("answer")))
    )  # fmt: skip
    rows = frame.with_columns(
        pl.lit(None, pl.Float64).alias("value"), pl.lit(None, pl.Float64).alias("limit"),
        pl.col("_status").fill_null(UNKNOWN), told.alias("reason"),
    )  # fmt: skip
    return Outcome(rows.select(*OUTCOME_SCHEMA), failing)


def _asked_for(item: Requirement, test: Test) -> str:
    wanted = Text(test.wanted, test.wanted_en or test.wanted) if test.wanted else item.text
    return reason("unanswered", wanted)


def _unanswered(item: Requirement, test: Test, facts: Facts) -> Outcome:
    """What nobody answered in any county."""
    nothing = pl.lit(None, pl.Float64)
    return Outcome(
        facts.keys.select(
            "_county",
            nothing.alias("value"),
            nothing.alias("limit"),
            pl.lit(UNKNOWN, pl.UInt8).alias("_status"),
            pl.lit(_asked_for(item, test)).alias("reason"),
        )
    )


def _plain(answer: pl.Expr) -> pl.Expr:
    return answer.str.replace_all("|", "/", literal=True)


def _answer_status(test: Test, kind: str) -> pl.Expr:
    """The status of one answer. A veto cannot be declared not applicable; a grade that is not among the passing
    ones fails only where the item takes grades."""
    answer = pl.col("answer")
    grades = len(test.passing) > 1
    known = answer.is_in(["yes", "no"]) | pl.lit(grades)
    na = UNKNOWN if kind == "veto" else NOT_APPLICABLE
    return (
        pl.when(answer == "na").then(na).when(answer.is_in(test.passing)).then(PASS)
        .when(known).then(FAIL).otherwise(UNKNOWN).cast(pl.UInt8)
    )  # fmt: skip


def _with_schools(
    frame: pl.DataFrame, judged: pl.DataFrame, population: Population, test: Test, context: Context
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The county's answer together with those of its schools; without one, every school has to be answered."""
    names = context.facts(test.where)
    schools = population.asked("school", names, where_of(context, test.where))
    own = (
        judged.filter(pl.col("school_id").is_not_null())
        .group_by("_county", "school_id")
        .agg(
            pl.when(pl.col("_status").n_unique() == 1)
            .then(pl.col("_status").first())
            .otherwise(UNKNOWN)
            .cast(pl.UInt8)
        )
    )
    rows = schools.drop("_status", strict=False).join(own, on=["_county", "school_id"], how="left")
    counts = rows.group_by("_county").agg(
        pl.col("_status").max().alias("_worst"),
        pl.col("_status").null_count().alias("_open"),
        pl.len().alias("_n"),
        (pl.col("_status") == FAIL).sum().alias("_failed"),
        (pl.col("_status") == UNKNOWN).sum().alias("_unclear"),
    )
    joined = frame.join(counts, on="_county", how="left", maintain_order="left")
    answered = pl.col("_n") - pl.col("_open")
    alone = pl.col("_status").is_null()
    speak = (answered > 0).fill_null(False)
    whole = pl.when(alone & (pl.col("_open") > 0) & (pl.col("_worst") != FAIL)).then(UNKNOWN).otherwise(
        pl.max_horizontal("_worst", "_status")
    ).cast(pl.UInt8)  # fmt: skip
    text = pl.concat_str(
        [pl.lit("schools"), *(pl.col(n).cast(pl.String) for n in ("_n", "_failed")),
         (pl.col("_unclear") + pl.when(alone).then(pl.col("_open")).otherwise(0)).cast(pl.String), pl.lit("0")],
        separator="|",
    )  # fmt: skip
    frame = joined.with_columns(
        pl.when(speak).then(whole).otherwise(pl.col("_status")).alias("_status"),
        pl.when(speak).then(text).alias("_of_schools"),
    )
    deciding = rows.filter(pl.col("_status").is_in([FAIL, UNKNOWN])).with_columns(
        pl.lit(None, pl.Float64).alias("value"), pl.lit(None, pl.Float64).alias("limit"),
        pl.lit(None, pl.String).alias("relief"),
    )  # fmt: skip
    return frame, deciding.select(*FAILING_SCHEMA)
