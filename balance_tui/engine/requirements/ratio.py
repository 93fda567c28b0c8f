"""A rate of the county from sums over its sections: scale × Σ numerator ÷ Σ denominator."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import polars as pl

from ...standard.expression import Name
from ...standard.tests import Test
from ..context import Context
from ..exact import decide
from ..indicators import section_facts
from ..schools import exact_facts
from ..status import FAIL, PASS, UNKNOWN
from .outcome import OUTCOME_SCHEMA, Outcome, lacking, null_counts
from .population import Population, where_of


def ratio_test(test: Test, population: Population, context: Context) -> Outcome:
    """ratio: unknown where any section of the population does not report what is summed."""
    assert test.numerator
    assert test.denominator
    limit = test.limit["*"]
    names = context.facts(test.numerator, test.denominator, test.where, limit)
    rows = population.asked("section", names, where_of(context, test.where)).with_columns(
        test.numerator.polars(context.shared).alias("_n"),
        test.denominator.polars(context.shared).alias("_d"),
        limit.polars(context.column).cast(pl.Float64).alias("limit"),
    )
    counted = [name for name in names if name in rows.columns]
    decided = decide(
        _sums(rows, counted, test, context), test.op, lambda row: _exact(row, rows, test, context)
    )
    every = population.facts.keys.select("_county").join(
        decided, on="_county", how="left", maintain_order="left"
    )
    missing = lacking(counted)
    status = pl.when(pl.col("holds").is_null()).then(UNKNOWN).when(pl.col("holds")).then(PASS).otherwise(FAIL)
    reason = (
        pl.when(pl.col("holds").is_not_null()).then(pl.lit(None, pl.String))
        .when(pl.col("limit").is_null()).then(pl.lit("none"))
        .when(missing != "").then(pl.lit("missing|") + missing)
        .otherwise(pl.lit("zero"))
    )  # fmt: skip
    told = every.with_columns(status.cast(pl.UInt8).alias("_status"), reason.alias("reason"))
    return Outcome(told.select(*OUTCOME_SCHEMA))


def _sums(rows: pl.DataFrame, names: list[str], test: Test, context: Context) -> pl.DataFrame:
    """One row a county: both sums (null where a row lacks what is summed) and the `value` they give."""
    known = (pl.col("_n").null_count() + pl.col("_d").null_count() + pl.col("_asked").null_count()) == 0
    sums = rows.group_by("_county").agg(
        pl.when(known).then(pl.col("_n").sum()).alias("_n"),
        pl.when(known).then(pl.col("_d").sum()).alias("_d"),
        pl.col("limit").first(),
        _whole(test, context).alias("_whole"),
        *null_counts(names),
    )
    value = pl.when(pl.col("_d") > 0).then(pl.col("_n") / pl.col("_d")) * float(test.scale)
    return sums.with_columns(value.alias("value"))


def _whole(test: Test, context: Context) -> pl.Expr:
    """Whether the sums of a county are exact as they are: bare facts, not shared, all whole numbers."""
    formulas = (test.numerator, test.denominator)
    bare = all(isinstance(formula.node, Name) for formula in formulas if formula)
    facts = context.facts(*formulas)
    if not bare or context.split_fields.intersection(facts) or context.facts(test.limit["*"]):
        return pl.lit(False)
    return pl.all_horizontal((pl.col(name) == pl.col(name).floor()).all() for name in facts)


def _exact(row: dict[str, Any], rows: pl.DataFrame, test: Test, context: Context) -> Any:
    assert test.numerator
    assert test.denominator
    if row["_whole"] and max(row["_n"], row["_d"]) < 2**53:
        limit = test.limit["*"].exact(section_facts({}, context))
        return Fraction(test.scale) * int(row["_n"]) / int(row["_d"]), limit
    above, below = Fraction(0), Fraction(0)
    names = context.facts(test.numerator, test.denominator, test.limit["*"])
    needed = [name for name in dict.fromkeys((*exact_facts(context), *names)) if name in rows.columns]
    facts: dict[str, Any] = {}
    for section in rows.filter(pl.col("_county") == row["_county"]).select(needed).iter_rows(named=True):
        facts = section_facts(section, context, names)
        numerator, denominator = test.numerator.exact(facts), test.denominator.exact(facts)
        if not isinstance(numerator, Fraction) or not isinstance(denominator, Fraction):
            return None, None
        above, below = above + numerator, below + denominator
    return Fraction(test.scale) * above / below, test.limit["*"].exact(facts)
