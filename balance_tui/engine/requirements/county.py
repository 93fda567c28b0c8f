"""A figure of the county against a limit."""

from __future__ import annotations

from typing import Any

import polars as pl

from ...standard.expression import Expression
from ...standard.model import Requirement
from ...standard.tests import Test
from ..context import Context
from ..exact import decide, exact_first, facts_of
from ..plans import picked, widened
from ..prepare import Facts
from ..reasons import reason
from ..status import FAIL, NOT_APPLICABLE, PASS, UNKNOWN
from .answers import answers
from .outcome import OUTCOME_SCHEMA, Figure, Outcome, missing_names


def county_test(item: Requirement, test: Test, facts: Facts, context: Context) -> Outcome:
    """county: the first known of the values `op` limit, for every county."""
    values = [alternative.value for alternative in test.value or ()]
    limit = test.limit["*"]
    ways, told, outcome = context.of(test, "county", lambda: _columns(item, test, context))
    frame = widened(facts.counties, ways)
    judged = [
        _holds(frame, f"_way{i}", value, limit, test.op, context).alias(f"_holds{i}")
        for i, value in enumerate(values)
    ]
    frame = _declared(widened(frame.hstack(judged), *told), item, test, facts)
    return Outcome(
        picked(frame, *outcome), exact=lambda county: _exact(facts.counties, values, limit, county, context)
    )


_Steps = list[list[pl.Expr]]


def _columns(item: Requirement, test: Test, context: Context) -> tuple[list[pl.Expr], _Steps, _Steps]:
    """The values and the limit; what they come to once each is compared; and the row (`OUTCOME_SCHEMA`) in steps."""
    values, limit = [alternative.value for alternative in test.value or ()], test.limit["*"]
    names = context.facts(*values, limit)
    ways = [context.formula(value).cast(pl.Float64).alias(f"_way{i}") for i, value in enumerate(values)]
    holds = [pl.col(f"_holds{i}") for i in range(len(values))]
    first = pl.coalesce(holds)
    told = [
        pl.coalesce([pl.col(f"_way{i}") for i in range(len(values))]).alias("value"),
        first.alias("holds"),
        pl.any_horizontal(hold != first for hold in holds).fill_null(False).alias("_differ"),
        missing_names(names).alias("_missing"),
        pl.any_horizontal(pl.lit(False), *(pl.col(name).is_not_null() for name in names)).alias("_reported"),
    ]
    asked = context.formula(test.where) if test.where else pl.lit(True)
    reason = _reason(names, _settled_by(item, test, context)).alias("reason")
    made = {"_status": _status(context).alias("_status"), "reason": reason}
    return (
        [*ways, context.formula(limit).cast(pl.Float64).alias("limit")],
        [told, [_over_nothing().alias("_zero")]],
        [[asked.alias("_asked")], [made.get(name, pl.col(name)) for name in OUTCOME_SCHEMA]],
    )


def _exact(
    counties: pl.DataFrame, values: list[Expression], limit: Expression, county: int, context: Context
) -> Figure:
    """The figure of one county and its limit."""
    row = counties.row(by_predicate=pl.col("_county") == county, named=True)
    known = {**facts_of({name: row[name] for name in context.facts(*values, limit)}), **context.constants}
    return exact_first(tuple(values), known), exact_first((limit,), known)


def _holds(
    frame: pl.DataFrame, way: str, value: Expression, limit: Expression, op: str, context: Context
) -> pl.Series:
    def exact(row: dict[str, Any]) -> Any:
        known = {**facts_of(row), **context.constants}
        return value.exact(known), limit.exact(known)

    return decide(frame.hstack([frame[way].alias("value")]), op, exact)["holds"]


def _over_nothing() -> pl.Expr:
    """Whether every fact is reported and there is still no value: the denominator is zero."""
    return pl.col("value").is_null() & pl.col("_missing").is_null()


def _contradicted() -> pl.Expr:
    """Whether a figure is declared not applicable although some of it is reported."""
    return pl.col("_declared") & pl.col("_reported") & ~pl.col("_zero")


def _declared(frame: pl.DataFrame, item: Requirement, test: Test, facts: Facts) -> pl.DataFrame:
    """`_declared`: a person answered na to an item whose figure may be left out."""
    said = answers(facts.judgements, item, test) if test.na else facts.judgements.clear()
    if not said.height:
        return frame.hstack([pl.Series("_declared", [False]).new_from_index(0, frame.height)])
    said = said.filter(pl.col("answer") == "na").select("_county").unique()
    return frame.join(
        said.with_columns(pl.lit(True).alias("_declared")), on="_county", how="left", maintain_order="left"
    ).with_columns(pl.col("_declared").fill_null(False))


def _status(context: Context) -> pl.Expr:
    neutral = pl.lit(context.setting("zero_population") == "not_applicable")
    return (
        pl.when(~pl.col("_asked")).then(NOT_APPLICABLE)
        .when(_contradicted()).then(UNKNOWN)
        .when(pl.col("_declared") | (pl.col("_zero") & neutral)).then(NOT_APPLICABLE)
        .when(pl.col("_differ") | pl.col("holds").is_null()).then(UNKNOWN)
        .when(pl.col("holds")).then(PASS).otherwise(FAIL).cast(pl.UInt8)
    )  # fmt: skip


def _settled_by(item: Requirement, test: Test, context: Context) -> str | None:
    """The settings a figure rests on, with their values, so that a verdict names the rule it used."""
    written = next(each for each in context.standard.model.items if each.id == item.id)
    formulas = written.test[item.test.index(test)]
    expressions = (*(way.value for way in formulas.value or ()), *formulas.limit.values())
    read = dict.fromkeys(name for expression in expressions for name in expression.names)
    told = [f"{name} = {context.told(name)}" for name in read if context.settings.get(name) is not None]
    return reason("by", "; ".join(told)) if told else None


def _reason(names: tuple[str, ...], settled_by: str | None) -> pl.Expr:
    return (
        pl.when(~pl.col("_asked")).then(pl.lit("switched"))
        .when(_contradicted()).then(pl.lit("contradicted"))
        .when(pl.col("_declared")).then(pl.lit("declared"))
        .when(pl.col("_differ")).then(pl.lit("differ|" + ",".join(names)))
        .when(pl.col("holds").is_not_null()).then(pl.lit(settled_by, pl.String))
        .when(pl.col("_missing").is_not_null()).then(pl.col("_missing"))
        .otherwise(pl.lit("zero"))
    )  # fmt: skip
