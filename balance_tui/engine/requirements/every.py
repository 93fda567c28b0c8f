"""A threshold every school or section must reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import polars as pl

from ...standard.expression import Expression
from ...standard.model import Relief, Requirement
from ...standard.tests import Test
from ..context import Context
from ..exact import NEAR, decide, exact_first
from ..indicators import agreed, section_facts
from ..plans import beside, picked, summed_up, widened, without
from ..status import FAIL, NOT_APPLICABLE, PASS, RELIEVED, UNKNOWN
from .outcome import FAILING_SCHEMA, NO_FAILING, OUTCOME_SCHEMA, Figure, Outcome, lacking, null_counts
from .population import Population, where_of


def every_test(item: Requirement, test: Test, population: Population, context: Context) -> Outcome:
    """every: a row's `holds` condition, or its value `op` limit, with the fallback where the value is missing
    and the reliefs where it fails."""
    rows = population.asked(test.per, names_of(item, test, context), where_of(context, test.where))
    rows = widened(rows, context.of(test, "every", lambda: _columns(test, context)))
    exact = _exact(test, context)
    if not test.holds:
        rows = decide(rows, test.op, exact)
        rows = _fallen_back(rows, test, context) if test.fallback else rows
    rows = widened(rows, [_ROW_STATUS])
    for relief in _reliefs(item, test, context):
        rows = _eased(rows, test, relief, context)
    worst_first = test.op in ("<=", "<")
    found = by_county(rows, population, worst_first, _value_names(test, context), context)
    return replace(found, exact=lambda county: exact_worst(rows, county, test.op, exact))


def _columns(test: Test, context: Context) -> list[pl.Expr]:
    """Value and limit of a row, where a condition takes the place of both whether it `holds`, and no relief yet."""
    nothing, no_relief = pl.lit(None, pl.Float64), pl.lit(None, pl.String).alias("relief")
    if test.holds:
        holds = context.formula(test.holds).alias("holds")
        return [nothing.alias("value"), nothing.alias("limit"), no_relief, holds]
    limits = {stage: context.formula(each).cast(pl.Float64) for stage, each in test.limit.items()}
    limit = limits.pop("*", nothing)
    for stage, own in limits.items():
        limit = pl.when(pl.col("stage") == stage).then(own).otherwise(limit)
    ways = [context.formula_shared(value) for value in _values(test)]
    return [(agreed(ways) if len(ways) > 1 else ways[0]).alias("value"), limit.alias("limit"), no_relief]


def _values(test: Test) -> tuple[Expression, ...]:
    return tuple(way.value for way in test.value or ())


def _reliefs(item: Requirement, test: Test, context: Context) -> list[Relief]:
    return [r for r in context.model.relief if r.target in (item.id, test.id) and r.limit is not None]


def names_of(item: Requirement, test: Test, context: Context) -> tuple[str, ...]:
    """The facts that the test reads, its reliefs among them."""
    reliefs = _reliefs(item, test, context)
    eased = [expression for relief in reliefs for expression in (relief.when, relief.limit)]
    return context.facts(*_values(test), *test.limit.values(), test.where, test.holds, test.fallback, *eased)


def _value_names(test: Test, context: Context) -> tuple[str, ...]:
    return context.facts(*_values(test), test.holds, *test.limit.values())


def limit_of(test: Test, stage: str | None) -> Expression | None:
    return test.limit.get(stage or "*", test.limit.get("*"))


def _exact(test: Test, context: Context) -> Callable[[dict[str, Any]], Figure]:
    """What gives the value of a row and its limit in fractions."""
    values = _values(test)
    names = context.facts(*values, *test.limit.values())

    def exact(row: dict[str, Any]) -> Figure:
        facts, bound = section_facts(row, context, names), limit_of(test, row["stage"])
        return exact_first(values, facts), exact_first((bound,) if bound else (), facts)

    return exact


def exact_worst(
    rows: pl.DataFrame, county: int, op: str, exact: Callable[[dict[str, Any]], Figure]
) -> Figure:
    """The value and limit of the row of a county that is furthest from its limit on the wrong side, or has the
    least to spare; of rows that float figures cannot tell apart the exact ones do."""
    sign = 1.0 if op in (">=", ">") else -1.0
    gap = (pl.col("value") - pl.col("limit")) * sign
    gap = -gap.abs() if op == "==" else gap
    mine = rows.filter((pl.col("_county") == county) & pl.col("value").is_not_null())
    near_worst = mine.filter(gap <= gap.min() + NEAR * pl.max_horizontal(gap.min().abs(), pl.lit(1.0)))
    figures = [exact(row) for row in near_worst.iter_rows(named=True)]
    known = [(shortfall(op, *figure), figure) for figure in figures if None not in figure]
    return max(known)[1] if known else (None, None)


def shortfall(op: str, value: Fraction | None, limit: Fraction | None) -> Fraction:
    """By how much a value misses its limit; below zero where there is some to spare."""
    assert value is not None
    assert limit is not None
    if op == "==":
        return abs(value - limit)
    return limit - value if op in (">=", ">") else value - limit


def _fallen_back(rows: pl.DataFrame, test: Test, context: Context) -> pl.DataFrame:
    """Where the value is missing the fallback decides, as long as the limit is the one it was counted by;
    where both are known and disagree, neither does."""
    assert test.fallback
    counted = pl.lit(None, pl.Float64)
    for stage, bound in test.fallback_limits.items():
        counted = pl.when(pl.col("stage") == stage).then(float(bound)).otherwise(counted)
    other = pl.when(pl.col("limit") == counted).then(context.formula(test.fallback))
    agree = pl.col("holds") == other
    return rows.with_columns(pl.when(agree.fill_null(True)).then(pl.coalesce("holds", other)).alias("holds"))


def row_status() -> pl.Expr:
    """A row that may not be meant passes if it would pass, else it is unknown."""
    asked = pl.col("_asked").fill_null(False)
    return (
        pl.when(pl.col("holds").is_null()).then(UNKNOWN)
        .when(pl.col("holds")).then(PASS)
        .when(asked).then(FAIL).otherwise(UNKNOWN).cast(pl.UInt8)
    )  # fmt: skip


_ROW_STATUS = row_status().alias("_status")


def _eased(rows: pl.DataFrame, test: Test, relief: Relief, context: Context) -> pl.DataFrame:
    in_force = context.in_force(relief)
    assert relief.limit
    if in_force is None or not (~rows["holds"]).any():
        return rows
    limit = relief.limit
    tried = without(rows, "holds").with_columns(context.formula(limit).cast(pl.Float64).alias("limit"))
    values = _values(test)
    names = context.facts(*values, limit)

    def exact(row: dict[str, Any]) -> tuple[Fraction | None, Fraction | None]:
        facts = section_facts(row, context, names)
        return exact_first(values, facts), exact_first((limit,), facts)

    tried = decide(tried, test.op, exact)
    applies = (in_force & context.formula(relief.when)).alias("_applies")
    return eased(
        rows.with_columns(applies, tried["holds"].alias("_eased"), tried["limit"].alias("_limit")), relief
    )


def eased(rows: pl.DataFrame, relief: Relief) -> pl.DataFrame:
    """Rows short of the limit that a relief lets pass (`_applies`, `_eased`, `_limit`): relieved where both are
    true, unknown where what is missing could still make them so. A row that an earlier relief left open, or of
    which it is open whether it is meant, is tried as well: relieved, it is met either way."""
    failing = ~pl.col("holds") & (pl.col("_status") != RELIEVED)
    both = pl.col("_applies") & pl.col("_eased")
    relieved = failing & both.fill_null(False)
    undecided = failing & both.is_null()
    told = widened(rows, [
        pl.when(relieved).then(pl.lit(RELIEVED, pl.UInt8)).when(undecided).then(pl.lit(UNKNOWN, pl.UInt8))
        .otherwise(pl.col("_status")).alias("_status"),
        pl.when(relieved).then(pl.lit(relief.id)).otherwise(pl.col("relief")).alias("relief"),
        pl.when(relieved).then(pl.col("_limit")).otherwise(pl.col("limit")).alias("limit"),
    ])  # fmt: skip
    return without(told, "_applies", "_eased", "_limit")


def by_county(
    rows: pl.DataFrame,
    population: Population,
    highest_worst: bool,
    names: tuple[str, ...],
    context: Context,
) -> Outcome:
    """The county's status from its rows, its worst figure, and the rows that decide; `names` are the facts that may
    be missing of them."""
    known = tuple(name for name in names if name in rows.columns)
    counts, told = context.once(("by county", highest_worst, known), lambda: _by_county(highest_worst, known))
    counties = population.facts.keys
    found = beside(counties[["_county"]], summed_up(rows, counties.height, counts))
    deciding = rows["_status"].is_in([FAIL, UNKNOWN, RELIEVED])
    failing = rows[list(FAILING_SCHEMA)].filter(deciding) if deciding.any() else NO_FAILING
    return Outcome(picked(found, told), failing)


def _by_county(highest_worst: bool, names: tuple[str, ...]) -> tuple[list[pl.Expr], list[pl.Expr]]:
    """What is counted of a county's rows, and its `OUTCOME_SCHEMA` by that."""
    gap = pl.col("value") - pl.col("limit")
    worst = (gap == (gap.max() if highest_worst else gap.min())).fill_null(False)
    counts = [
        pl.col("_status").max(),
        pl.len().alias("_n"),
        *((pl.col("_status") == code).sum().alias(f"_n{code}") for code in (FAIL, UNKNOWN, RELIEVED)),
        pl.col("value").filter(worst).max(),
        pl.col("limit").filter(worst).max(),
        *null_counts(names),
    ]
    missing = lacking(names)
    numbers = [pl.col(name).cast(pl.String) for name in ("_n", f"_n{FAIL}", f"_n{UNKNOWN}", f"_n{RELIEVED}")]
    reason = (
        pl.when(pl.col("_n").is_null()).then(pl.lit("none"))
        .when(pl.col("_status") == PASS).then(pl.lit("met|") + numbers[0])
        .when((pl.col("_status") == UNKNOWN) & (missing != "")).then(pl.lit("missing|") + missing)
        .otherwise(pl.concat_str([pl.lit("schools"), *numbers], separator="|"))
    )  # fmt: skip
    status = pl.col("_status").fill_null(NOT_APPLICABLE).cast(pl.UInt8)
    made = {"_status": status, "reason": reason.alias("reason")}
    return counts, [made.get(name, pl.col(name)) for name in OUTCOME_SCHEMA]
