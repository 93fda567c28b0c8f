"""What a test reads: it is given this and nothing else, so that where none of it changed its outcome stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial

import polars as pl

from ...data.again import Work
from ...standard.model import Requirement
from ...standard.tests import Test
from ..context import Context
from ..prepare import Facts
from ..schools import SCHOOL, exact_facts
from ..scope import meant_of
from . import every, ratio, rooms
from .answers import spoken_of
from .population import Population, schools_of

_OF_COUNTY = ("_county",)
_OF_SECTION = ("_county", "school_id", "school", "stage", "year")


@dataclass(frozen=True)
class Reads:
    """The facts a test reads of counties, of sections (empty: none) and of judgements (the ids they speak of), and
    whether it reads the room list. The keys are read by all."""

    counties: tuple[str, ...]
    sections: tuple[str, ...] = ()
    judged: tuple[str, ...] = ()
    rooms: bool = False


def reads_of(item: Requirement, position: int, context: Context) -> Reads | None:
    """What a test of an item reads; None of one that asks for parts, which is judged anew each time."""
    return context.once(
        ("reads", item.id, position), lambda: _reads(item, item.test[position], context)
    )  # fmt: skip


def _reads(item: Requirement, test: Test, context: Context) -> Reads | None:
    if test.kind == "parts":
        return None
    values = tuple(way.value for way in test.value or ())
    if test.kind == "county":
        names = context.facts(*values, *test.limit.values(), test.where)
        return Reads((*_OF_COUNTY, *names), judged=spoken_of(item, test) if test.na else ())
    if test.kind == "information":
        names = (*context.facts(*values), *([test.field] if test.field else []))
        return Reads((*_OF_COUNTY, *names), judged=spoken_of(item, test))
    names = _of_population(item, test, context)
    judged = spoken_of(item, test) if test.kind == "evidence" else ()
    shared = ("_share", *exact_facts(context)) if context.split_fields.intersection(names) else ()
    sections = (*_OF_SECTION, *shared, *names) if test.scope else ()
    return Reads((*_OF_COUNTY, *names), sections, judged, test.kind == "rooms")


def _of_population(item: Requirement, test: Test, context: Context) -> tuple[str, ...]:
    if test.kind == "evidence":
        return context.facts(test.where)
    if test.kind == "ratio":
        return ratio.names_of(test, context)
    if test.kind == "rooms":
        return rooms.names_of(item, test, context)
    return every.names_of(item, test, context)


class Desk:
    """The facts on which tests are judged, beside those of the evaluation before: what is the same is seen here, and
    each test gets what it reads."""

    def __init__(self, facts: Facts, context: Context, work: Work) -> None:
        self.facts, self.work = facts, work
        self._counties = work.seen("counties", facts.counties)
        self._sections = work.seen("sections", facts.sections)
        self._rooms = work.seen("rooms", facts.rooms)
        self._judged = _Judged(facts.judgements, work)
        self._meant = {
            scope.id: meant_of(self._sections, scope, context, work) for scope in context.model.scope
        }
        self._told = {name: work.seen(("scope", name), meant.told) for name, meant in self._meant.items()}
        work.keep(*(("schools of", name) for name in self._meant if self._is_same_population(SCHOOL, name)))

    @cached_property
    def _nothing(self) -> Facts:
        """The facts without any of sections, rooms and judgements."""
        facts = self.facts
        return replace(
            facts, sections=facts.sections.clear(), rooms=facts.rooms.clear(), judgements=facts.judgements.clear()
        )  # fmt: skip

    def same(self, reads: Reads, test: Test) -> bool:
        """Whether all that the test reads is what it was."""
        return (
            self._counties.same(reads.counties)
            and (not reads.sections or self._is_same_population(reads.sections, test.scope))
            and (not reads.rooms or self._rooms.same(self.facts.rooms.columns))
            and self._judged.same(reads.judged)
        )

    def _is_same_population(self, columns: tuple[str, ...], scope: str) -> bool:
        return self._sections.same(columns) and self._told[scope].same(("_in",))

    def given(self, reads: Reads, test: Test) -> tuple[Facts, Population | None]:
        """What the test reads: its facts, and its population where it has one."""
        facts = replace(
            self._nothing,
            counties=self._counties.of(reads.counties),
            rooms=self.facts.rooms if reads.rooms else self._nothing.rooms,
            judgements=self._judged.of(reads.judged) if reads.judged else self._nothing.judgements,
        )
        if not reads.sections:
            return facts, None
        return facts, self._population(test.scope, reads.sections, facts)

    def _population(self, scope: str, columns: tuple[str, ...], facts: Facts) -> Population:
        sections = self._meant[scope].of(self._sections.of(columns))
        return Population(sections, facts, partial(self._schools, scope))

    def _schools(self, scope: str) -> pl.DataFrame:
        """The schools of a scope, which rest on who its sections are and whether they are in it."""
        known: pl.DataFrame | None = self.work.now(("schools of", scope))
        if known is not None:
            return known
        kept = self._population(scope, SCHOOL, self.facts).kept
        return self.work.put(("schools of", scope), schools_of(kept))


class _Judged:
    """Judgements by the item they speak of, beside those of the evaluation before."""

    def __init__(self, judgements: pl.DataFrame, work: Work) -> None:
        self._rows = judgements
        self._all_same = work.seen("judgements", judgements).same(judgements.columns)
        self._before: dict[str | None, pl.DataFrame] = work.before("judgements by item") or {}
        self._by_item = work.done("judgements by item", self._all_same, lambda: _by_item(judgements))

    def same(self, items: tuple[str, ...]) -> bool:
        return self._all_same or all(self._is_same(item) for item in items)

    def of(self, items: tuple[str, ...]) -> pl.DataFrame:
        if not any(item in self._by_item for item in items):
            return self._rows.clear()
        return self._rows.filter(pl.col("item").is_in(items))

    def _is_same(self, item: str) -> bool:
        now, was = self._by_item.get(item), self._before.get(item)
        return now is was if now is None or was is None else now.equals(was)


def _by_item(judgements: pl.DataFrame) -> dict[str | None, pl.DataFrame]:
    parts = judgements.partition_by("item", as_dict=True, maintain_order=True)
    return {name: rows for (name,), rows in parts.items()}
