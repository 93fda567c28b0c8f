"""A rate of the county from sums over its sections: scale × Σ numerator ÷ Σ denominator; or, as a setting may
ask, the same rate of each section."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import polars as pl

from ...standard.expression import Expression, Name
from ...standard.tests import Test
from ..context import Context
from ..exact import decide
from ..indicators import section_facts
from ..reasons import reason
from ..schools import exact_facts
from ..status import FAIL, PASS, UNKNOWN
from .every import by_county, exact_worst, limit_of, row_status, shortfall
from .outcome import OUTCOME_SCHEMA, Figure, Outcome, lacking, null_counts
from .population import Population, where_of


def ratio_test(test: Test, population: Population, context: Context) -> Outcome:
    """ratio: unknown where any section of the population does not report what is summed, or while the setting
    that says whether the sums or each section is meant is not given."""
    level = level_of(test, context)
    if level is None:
        return _unset(test, population)
    rows = _rows(test, population, context)
    if level == "section":
        return _each(rows, test, population, context)
    stages = tuple(test.limit)
    outcomes = [_of_sums(rows, stage, test, population, context) for stage in stages]
    found = outcomes[0] if len(outcomes) == 1 else _together(outcomes, test)
    return _by_setting(found, test, context) if test.level_setting else found


def level_of(test: Test, context: Context) -> str | None:
    """`district` for the sums, `section` for each section; None where the setting that decides is not given."""
    if not test.level_setting:
        return "district"
    value = context.setting(test.level_setting)
    return None if value is None else str(value)


def _unset(test: Test, population: Population) -> Outcome:
    return Outcome(
        population.facts.keys.select(
            "_county",
            pl.lit(None, pl.Float64).alias("value"),
            pl.lit(None, pl.Float64).alias("limit"),
            pl.lit(UNKNOWN, pl.UInt8).alias("_status"),
            pl.lit(reason("unset", test.level_setting)).alias("reason"),
        )
    )


def _by_setting(found: Outcome, test: Test, context: Context) -> Outcome:
    """The setting that chose the level, where nothing else is to be told."""
    told = pl.lit(reason("by", f"{test.level_setting} = {context.told(test.level_setting)}"))
    return replace(found, rows=found.rows.with_columns(pl.coalesce("reason", told)))


def names_of(test: Test, context: Context) -> tuple[str, ...]:
    """The facts that the test reads."""
    return context.facts(test.numerator, test.denominator, test.where, *test.limit.values())


def _rows(test: Test, population: Population, context: Context) -> pl.DataFrame:
    """The sections asked, with `_n` and `_d`."""
    assert test.numerator
    assert test.denominator
    return population.asked("section", names_of(test, context), where_of(context, test.where)).with_columns(
        context.formula_shared(test.numerator).alias("_n"),
        context.formula_shared(test.denominator).alias("_d"),
    )


def _each(rows: pl.DataFrame, test: Test, population: Population, context: Context) -> Outcome:
    """Every section on its own; stages without a limit are not asked."""
    limit = pl.lit(None, pl.Float64)
    for stage in rows["stage"].unique().to_list():
        own = limit_of(test, stage)
        if own is not None:
            bound = context.formula(own).cast(pl.Float64)
            limit = pl.when(pl.col("stage") == stage).then(bound).otherwise(limit)
    asked = [stage for stage in rows["stage"].unique().to_list() if limit_of(test, stage) is not None]
    value = pl.when(pl.col("_d") > 0).then(pl.col("_n") / pl.col("_d")) * float(test.scale)
    rows = rows.filter(pl.col("stage").is_in(asked)).with_columns(
        value.alias("value"), limit.alias("limit"), pl.lit(None, pl.String).alias("relief")
    )
    exact = _exact_section(test, context)
    rows = decide(rows, test.op, exact).with_columns(row_status().alias("_status"))
    found = by_county(rows, population, test.op in ("<=", "<"), names_of(test, context), context)
    return replace(found, exact=lambda county: exact_worst(rows, county, test.op, exact))


def _exact_section(test: Test, context: Context) -> Callable[[dict[str, Any]], Figure]:
    names = names_of(test, context)

    def exact(row: dict[str, Any]) -> Figure:
        facts, limit = section_facts(row, context, names), limit_of(test, row["stage"])
        assert limit
        return _rate(test, *_amounts(test, facts)), _number(limit.exact(facts))

    return exact


def _amounts(test: Test, facts: dict[str, Any]) -> tuple[Fraction | None, Fraction | None]:
    assert test.numerator
    assert test.denominator
    return _number(test.numerator.exact(facts)), _number(test.denominator.exact(facts))


def _number(value: object) -> Fraction | None:
    return value if isinstance(value, Fraction) else None


def _rate(test: Test, above: Fraction | None, below: Fraction | None) -> Fraction | None:
    return None if above is None or not below else Fraction(test.scale) * above / below


def _of_sums(rows: pl.DataFrame, stage: str, test: Test, population: Population, context: Context) -> Outcome:
    """The sums of a stage (`*`: of all that have no limit of their own together) against its limit."""
    limit = test.limit[stage]
    others = [name for name in test.limit if name != "*"]
    meant = ~pl.col("stage").is_in(others) if stage == "*" else pl.col("stage") == stage
    mine = rows.filter(meant) if others else rows
    mine = mine.with_columns(context.formula(limit).cast(pl.Float64).alias("limit"))
    names = context.facts(test.numerator, test.denominator, test.where, limit)
    counted = [name for name in names if name in mine.columns]
    sums = _sums(mine, counted, test, limit, context)
    decided = decide(sums, test.op, lambda row: _exact(row, mine, test, limit, context))
    every = population.facts.keys.select("_county").join(
        decided, on="_county", how="left", maintain_order="left"
    )
    missing = lacking(counted)
    status = pl.when(pl.col("holds").is_null()).then(UNKNOWN).when(pl.col("holds")).then(PASS).otherwise(FAIL)
    told = (
        pl.when(pl.col("holds").is_not_null()).then(pl.lit(None, pl.String))
        .when(pl.col("limit").is_null()).then(pl.lit("none"))
        .when(missing != "").then(pl.lit("missing|") + missing)
        .otherwise(pl.lit("zero"))
    )  # fmt: skip
    known = every.with_columns(status.cast(pl.UInt8).alias("_status"), told.alias("reason"))

    def exact(county: int) -> Figure:
        row = decided.row(by_predicate=pl.col("_county") == county, named=True)
        return _exact(row, mine, test, limit, context)

    return Outcome(known.select(*OUTCOME_SCHEMA), exact=exact)


def _together(outcomes: list[Outcome], test: Test) -> Outcome:
    """Stages with limits of their own: the first of those that decide stands for all."""
    every = pl.concat([outcome.rows for outcome in outcomes])
    worst = every.sort("_status", descending=True, maintain_order=True)
    first = worst.unique("_county", keep="first", maintain_order=True).sort("_county")

    def exact(county: int) -> Figure:
        figures = [outcome.exact(county) for outcome in outcomes if outcome.exact]
        return max(figures, key=lambda figure: shortfall(test.op, *figure))

    return Outcome(first, exact=exact)


def _sums(
    rows: pl.DataFrame, names: list[str], test: Test, limit: Expression, context: Context
) -> pl.DataFrame:
    """One row a county: both sums (null where a row lacks what is summed) and the `value` they give."""
    known = (pl.col("_n").null_count() + pl.col("_d").null_count() + pl.col("_asked").null_count()) == 0
    sums = rows.group_by("_county").agg(
        pl.when(known).then(pl.col("_n").sum()).alias("_n"),
        pl.when(known).then(pl.col("_d").sum()).alias("_d"),
        pl.col("limit").first(),
        _whole(test, limit, context).alias("_whole"),
        *null_counts(names),
    )
    value = pl.when(pl.col("_d") > 0).then(pl.col("_n") / pl.col("_d")) * float(test.scale)
    return sums.with_columns(value.alias("value"))


def _whole(test: Test, limit: Expression, context: Context) -> pl.Expr:
    """Whether the sums of a county are exact as they are: bare facts, not shared, all whole numbers."""
    formulas = (test.numerator, test.denominator)
    bare = all(isinstance(formula.node, Name) for formula in formulas if formula)
    facts = context.facts(*formulas)
    if not bare or context.split_fields.intersection(facts) or context.facts(limit):
        return pl.lit(False)
    return pl.all_horizontal((pl.col(name) == pl.col(name).floor()).all() for name in facts)


def _exact(
    row: dict[str, Any], rows: pl.DataFrame, test: Test, limit: Expression, context: Context
) -> Figure:
    known = row["_n"] is not None and row["_d"] is not None
    if known and row["_whole"] and max(row["_n"], row["_d"]) < 2**53:
        bound = limit.exact(section_facts({}, context))
        return _rate(test, Fraction(int(row["_n"])), Fraction(int(row["_d"]))), _number(bound)
    above, below = Fraction(0), Fraction(0)
    names = context.facts(test.numerator, test.denominator, limit)
    needed = [name for name in dict.fromkeys((*exact_facts(context), *names)) if name in rows.columns]
    facts: dict[str, Any] = {}
    for section in rows.filter(pl.col("_county") == row["_county"]).select(needed).iter_rows(named=True):
        facts = section_facts(section, context, names)
        numerator, denominator = _amounts(test, facts)
        if numerator is None or denominator is None:
            return None, None
        above, below = above + numerator, below + denominator
    return _rate(test, above, below), _number(limit.exact(facts))
