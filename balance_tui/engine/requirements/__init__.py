"""Requirements: each test of each item, for every county, with its value, limit and reason."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ...standard.model import Requirement, Scope
from ...standard.tests import Test
from ..context import Context
from ..prepare import Facts
from ..scope import scoped
from ..status import NOT_APPLICABLE
from .county import county_test
from .every import every_test
from .evidence import evidence_test
from .outcome import ITEM_FAILING_SCHEMA, ITEM_SCHEMA, Outcome
from .population import Population
from .ratio import ratio_test
from .rooms import rooms_test

__all__ = ["ITEM_FAILING_SCHEMA", "ITEM_SCHEMA", "ItemResults", "required"]


@dataclass(frozen=True)
class ItemResults:
    """`rows`: `ITEM_SCHEMA`, `id` being the item's or that of one of its tests, counties together, items in the
    order of the standard, the item before its tests; `failing`: `ITEM_FAILING_SCHEMA`, the schools that decide."""

    rows: pl.DataFrame
    failing: pl.DataFrame


def required(facts: Facts, context: Context) -> ItemResults:
    """Every item of the standard for every county."""
    populations = {scope.id: _population(facts, scope, context) for scope in context.model.scope}
    rows: list[pl.DataFrame] = []
    failing: list[pl.DataFrame] = []
    for item in context.model.items:
        outcomes = [(test, _tested(item, test, facts, populations, context)) for test in item.test]
        rows += _rows(item, outcomes)
        failing += [
            outcome.failing.with_columns(
                pl.lit(item.id).alias("item"), pl.lit(test.id or item.id).alias("id")
            )
            for test, outcome in outcomes
            if outcome.failing.height
        ]
    return ItemResults(
        pl.concat([pl.DataFrame(schema=ITEM_SCHEMA), *(frame.select(*ITEM_SCHEMA) for frame in rows)])
        .sort("_county", maintain_order=True),
        pl.concat([pl.DataFrame(schema=ITEM_FAILING_SCHEMA), *(frame.select(*ITEM_FAILING_SCHEMA) for frame in failing)]),
    )  # fmt: skip


def _population(facts: Facts, scope: Scope, context: Context) -> Population:
    return Population(scoped(facts.sections, scope, context), facts)


def _tested(
    item: Requirement, test: Test, facts: Facts, populations: dict[str, Population], context: Context
) -> Outcome:
    if test.kind == "county":
        return county_test(item, test, facts, context)
    if test.kind == "evidence":
        return evidence_test(item, test, facts, populations.get(test.scope), context)
    population = populations[test.scope]
    if test.kind == "ratio":
        return ratio_test(test, population, context)
    run = {"every": every_test, "rooms": rooms_test}[test.kind]
    return run(item, test, population, context)


def _rows(item: Requirement, outcomes: list[tuple[Test, Outcome]]) -> list[pl.DataFrame]:
    """The item's own row, and one for each of its tests where there are several."""
    named = [
        outcome.rows.with_columns(pl.lit(item.id).alias("item"), pl.lit(test.id or item.id).alias("id"))
        for test, outcome in outcomes
    ]
    if len(named) == 1:
        whole = named[0].with_columns(pl.lit(item.id).alias("id"))
        return [whole] if outcomes[0][0].id in ("", item.id) else [whole, named[0]]
    together = pl.concat(named)
    deciding = pl.col("_status") == pl.col("_status").max()
    figure = pl.col("limit").is_not_null() & (pl.col("_status") != NOT_APPLICABLE)
    alone = figure.sum() == 1
    whole = together.group_by("_county", maintain_order=True).agg(
        pl.when(alone).then(pl.col("value").filter(figure).first()).alias("value"),
        pl.when(alone).then(pl.col("limit").filter(figure).first()).alias("limit"),
        pl.col("_status").max(),
        pl.when(deciding.sum() == 1)
        .then(pl.coalesce(pl.col("reason").filter(deciding).first(), pl.lit("items|") + pl.col("id").filter(deciding).first()))
        .otherwise(pl.lit("items|") + pl.col("id").filter(deciding).str.join(", "))
        .alias("reason"),
    )  # fmt: skip
    return [whole.with_columns(pl.lit(item.id).alias("item"), pl.lit(item.id).alias("id")), *named]
