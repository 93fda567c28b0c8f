"""Requirements: each test of each item, for every county, with its value, limit and reason."""

from __future__ import annotations

import operator
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field

import polars as pl

from ...data.again import Work
from ...standard.model import Requirement
from ...standard.tests import Test
from ..context import Context
from ..plans import summed_up
from ..prepare import Facts
from ..status import NOT_APPLICABLE
from .county import county_test
from .due import not_yet_due
from .every import every_test
from .evidence import evidence_test
from .information import information_test
from .outcome import ITEM_FAILING_SCHEMA, ITEM_SCHEMA, OUTCOME_SCHEMA, Figure, Outcome
from .population import Population
from .ratio import ratio_test
from .reads import Desk, reads_of
from .rooms import rooms_test
from .whole_parts import parts_test

__all__ = ["ITEM_FAILING_SCHEMA", "ITEM_SCHEMA", "Desk", "ItemResults", "required", "thresholds"]

Decide = Callable[[pl.DataFrame], pl.DataFrame]
"""Rows of items (`ITEM_SCHEMA`) → rows of parts (`decision.PART_SCHEMA`)."""


@dataclass(frozen=True)
class ItemResults:
    """`rows`: `ITEM_SCHEMA`, `id` being the item's or that of one of its tests, counties together, items in the
    order of the standard, the item before its tests; `failing`: `ITEM_FAILING_SCHEMA`, the schools that decide.
    `exact`: by the id of a test, what gives its figure in a county in fractions."""

    rows: pl.DataFrame
    failing: pl.DataFrame
    exact: Mapping[str, Callable[[int], Figure]] = field(default_factory=dict)


def thresholds(desk: Desk, context: Context) -> ItemResults:
    """The thresholds of the points of a scorecard, for every county."""
    points = [item for item in context.items if not item.part]
    return _together("thresholds", [_item(item, desk, None, context) for item in points], desk.work)


def required(desk: Desk, evidence: ItemResults, decide: Decide, context: Context) -> ItemResults:
    """Every item of the standard for every county, `evidence` (of `thresholds`) behind them. `decide` gives the
    parts from item rows: an item that asks for parts is judged once all the items of those parts are."""
    judged: dict[str, ItemResults] = {}
    waiting = {item.id: item for item in context.items if item.part}
    order = list(waiting)
    while waiting:
        open_parts = {item.part for item in waiting.values()}
        ready = [item for item in waiting.values() if not _named_parts(item) & open_parts]
        named = any(_named_parts(item) for item in ready)
        before = _together(("judged", len(judged)), list(judged.values()), desk.work) if named else None
        decided = decide(before.rows) if before else None
        for item in ready:
            judged[item.id] = _item(item, desk, decided, context)
            del waiting[item.id]
    return _together("required", [*(judged[name] for name in order), evidence], desk.work)


def _together(name: Hashable, results: list[ItemResults], work: Work) -> ItemResults:
    """All items together; those of the very same results are taken over."""
    before = work.before(("of", name)) or []
    same = len(before) == len(results) and all(map(operator.is_, before, results))
    work.put(("of", name), results)
    return work.done(("together", name), same, lambda: _concat(results))


def _named_parts(item: Requirement) -> set[str]:
    return {part for test in item.test if test.kind == "parts" for part in test.parts}


def _item(item: Requirement, desk: Desk, decided: pl.DataFrame | None, context: Context) -> ItemResults:
    """One item: its own row, those of its tests, the schools that decide."""
    outcomes = [_outcome(item, position, desk, decided, context) for position in range(len(item.test))]
    tests = ("tests of", item.id)
    before = desk.work.before(tests) or []
    same = len(before) == len(outcomes) and all(map(operator.is_, before, outcomes))
    desk.work.put(tests, outcomes)
    tested = list(zip(item.test, outcomes, strict=True))
    return desk.work.done(("item", item.id), same, lambda: _told(item, tested))


def _outcome(
    item: Requirement, position: int, desk: Desk, decided: pl.DataFrame | None, context: Context
) -> Outcome:
    """What one test says on the date of the evaluation."""
    test, reads = item.test[position], reads_of(item, position, context)
    if reads is None:
        assert decided is not None
        found = parts_test(test, decided, context.model.part)
        return not_yet_due(found, test, desk.facts, context)

    def tested() -> Outcome:
        facts, population = desk.given(reads, test)
        return not_yet_due(_tested(item, test, facts, population, context), test, facts, context)

    return desk.work.done(("test", item.id, position), desk.same(reads, test), tested)


def _told(item: Requirement, outcomes: list[tuple[Test, Outcome]]) -> ItemResults:
    failing = [
        _named(outcome.failing, item.id, test.id or item.id)
        for test, outcome in outcomes
        if outcome.failing.height
    ]
    exact = {test.id or item.id: outcome.exact for test, outcome in outcomes if outcome.exact}
    return ItemResults(
        pl.concat(_rows(item, outcomes)),
        pl.concat([_NO_FAILING, *failing]) if failing else _NO_FAILING,
        exact,
    )


def _named(rows: pl.DataFrame, item: str, name: str) -> pl.DataFrame:
    """Rows of a test with the ids of the item and of what they are told as."""
    names = {"item": item, "id": name}
    said = [pl.Series(column, [text]).new_from_index(0, rows.height) for column, text in names.items()]
    return rows.hstack(said)


_NO_ROWS, _NO_FAILING = pl.DataFrame(schema=ITEM_SCHEMA), pl.DataFrame(schema=ITEM_FAILING_SCHEMA)


def _concat(every: list[ItemResults]) -> ItemResults:
    rows = pl.concat([_NO_ROWS, *(each.rows for each in every)])
    return ItemResults(
        rows.sort("_county", maintain_order=True),
        pl.concat([_NO_FAILING, *(each.failing for each in every if each.failing.height)]),
        {name: exact for each in every for name, exact in each.exact.items()},
    )


def _tested(
    item: Requirement, test: Test, facts: Facts, population: Population | None, context: Context
) -> Outcome:
    if test.kind == "county":
        return county_test(item, test, facts, context)
    if test.kind == "evidence":
        return evidence_test(item, test, facts, population, context)
    if test.kind == "information":
        return information_test(item, test, facts, context)
    assert population is not None
    if test.kind == "ratio":
        return ratio_test(test, population, context)
    run = {"every": every_test, "rooms": rooms_test}[test.kind]
    return run(item, test, population, context)


def _rows(item: Requirement, outcomes: list[tuple[Test, Outcome]]) -> list[pl.DataFrame]:
    """The item's own row, and one for each of its tests where there are several."""
    named = [_named(outcome.rows, item.id, test.id or item.id) for test, outcome in outcomes]
    if len(named) == 1:
        whole = _named(outcomes[0][1].rows, item.id, item.id)
        return [whole] if outcomes[0][0].id in ("", item.id) else [whole, named[0]]
    together = pl.concat(named)
    whole = _named(
        summed_up(together, outcomes[0][1].rows.height, _WHOLE)[list(OUTCOME_SCHEMA)], item.id, item.id
    )
    return [whole, *named]


def _whole() -> list[pl.Expr]:
    """What the rows of several tests come to, as `OUTCOME_SCHEMA`."""
    deciding = pl.col("_status") == pl.col("_status").max()
    figure = pl.col("limit").is_not_null() & (pl.col("_status") != NOT_APPLICABLE)
    alone = figure.sum() == 1
    return [
        pl.when(alone).then(pl.col("value").filter(figure).first()).alias("value"),
        pl.when(alone).then(pl.col("limit").filter(figure).first()).alias("limit"),
        pl.col("_status").max(),
        pl.when(deciding.sum() == 1)
        .then(pl.coalesce(pl.col("reason").filter(deciding).first(), pl.lit("items|") + pl.col("id").filter(deciding).first()))
        .otherwise(pl.lit("items|") + pl.col("id").filter(deciding).str.join(", "))
        .alias("reason"),
    ]  # fmt: skip


_WHOLE = _whole()
