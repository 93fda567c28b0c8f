"""The two ways a check is written: a rule on each row of a frame, or a search through several.

Rules of one frame are tried together, and only those that read a column that changed; a search names what it reads
and is given nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import polars as pl

from ..again import Seen, Work
from .findings import Level, telling
from .scene import HEAD, KEYS, SCHOOL, Scene

LITTLE = 10_000
"""Rows up to which conditions are tried one after another: waking a thread takes longer than trying them."""

FrameName = Literal["sections", "schools", "spans", "counties"]


@dataclass(frozen=True)
class Found:
    """Findings, the columns that they and whether there are any rest on, and the rows they were made `of`."""

    rows: pl.DataFrame | None
    reads: tuple[str, ...]
    of: pl.DataFrame | None = None


@dataclass(frozen=True)
class Rule:
    """Every row of a frame of the scene where `when` holds is a finding of `code`; `told` gives what `findings.found`
    takes by name, made only where there is one. `once`: of the rows of a school the first."""

    frame: FrameName
    when: pl.Expr
    code: str
    level: Level
    told: Callable[[], Mapping[str, Any]]
    once: bool = False

    @cached_property
    def reads(self) -> tuple[str, ...]:
        return tuple(self.when.meta.root_names())

    @cached_property
    def _telling(self) -> tuple[list[pl.Expr], tuple[str, ...]]:
        """What makes findings of rows, and the columns that are read for it."""
        told = telling(_HEAD[self.frame], self.code, self.level, **self.told())
        roots = (name for each in told for name in each.meta.root_names())
        return told, tuple(dict.fromkeys((*self.reads, *_HEAD[self.frame], *roots)))

    def found(self, rows: pl.DataFrame, before: Found | None) -> Found:
        """The findings in a frame of which there are some; of the very rows of `before` they are those of before."""
        told, reads = self._telling
        mine = rows[reads].filter(self.when)
        if before is not None and before.of is not None and before.of.equals(mine):
            return Found(before.rows, reads, mine)
        first = mine.unique(SCHOOL, keep="first", maintain_order=True) if self.once else mine
        return Found(first.select(told), reads, mine)


_HEAD: Mapping[FrameName, tuple[str, ...]] = {
    "sections": HEAD,
    "schools": tuple(name for name in HEAD if name != "stage"),
    "spans": tuple(name for name in HEAD if name != "stage"),
    "counties": tuple(KEYS),
}


@dataclass(frozen=True)
class Search:
    """What is found by looking at more than a row: `name` is its own. It reads who each row speaks of and these
    columns of the frames, and whole `tables` of the dataset."""

    name: str
    find: Callable[[Scene], Iterable[pl.DataFrame]]
    sections: tuple[str, ...] = ()
    schools: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


Check = Rule | Search


@dataclass(frozen=True)
class Checks:
    """Every check, in order."""

    every: tuple[Check, ...]

    @cached_property
    def rules(self) -> dict[FrameName, dict[int, Rule]]:
        """The rules among them by their number, by the frame they are tried on."""
        found: dict[FrameName, dict[int, Rule]] = {}
        for number, check in enumerate(self.every):
            if isinstance(check, Rule):
                found.setdefault(check.frame, {})[number] = check
        return found


def findings_of(checks: Checks, scene: Scene, work: Work) -> Iterator[pl.DataFrame]:
    """The findings of every check, in their order; what reads nothing that changed is taken over from `work`."""
    before: Mapping[FrameName, dict[int, Found]] = work.before("rules") or {}
    by_frame = {
        frame: _tried(rules, scene.seen(frame), before.get(frame, {}))
        for frame, rules in checks.rules.items()
    }
    work.put("rules", by_frame)
    for number, check in enumerate(checks.every):
        if isinstance(check, Search):
            yield from _searched(check, scene, work)
        elif (rows := by_frame[check.frame][number].rows) is not None:
            yield rows


def _tried(rules: Mapping[int, Rule], seen: Seen, before: dict[int, Found]) -> dict[int, Found]:
    """What each rule finds, by its number; `before` is what they found in the evaluation before."""
    if before and seen.is_same:
        return before
    same = {number: found for number, found in before.items() if seen.same(found.reads)}
    open_ = {number: rule for number, rule in rules.items() if number not in same}
    hits = firing(seen.now, [rule.when for rule in open_.values()])
    tried = {
        number: rule.found(seen.now, before.get(number)) if hit else Found(None, rule.reads)
        for (number, rule), hit in zip(open_.items(), hits, strict=True)
    }
    return same | tried


def firing(frame: pl.DataFrame, conditions: list[pl.Expr]) -> list[bool]:
    """Which conditions hold anywhere: one pass over the frame, so that a clean nation costs little."""
    if not conditions or frame.is_empty():
        return [False] * len(conditions)
    asked = [condition.any().alias(str(number)) for number, condition in enumerate(conditions)]
    return list((frame.select_seq if frame.height <= LITTLE else frame.select)(asked).row(0))


def _searched(search: Search, scene: Scene, work: Work) -> list[pl.DataFrame]:
    same = (
        _same(scene, "sections", search.sections)
        and _same(scene, "schools", search.schools)
        and scene.seen("counties").same((*HEAD, *search.counties))
        and all(scene.seen_table(name) for name in search.tables)
    )

    def find() -> list[pl.DataFrame]:
        return list(search.find(scene.of(search.sections, search.schools, search.counties, search.tables)))

    return work.done(("search", search.name), same, find)


def _same(scene: Scene, frame: FrameName, columns: tuple[str, ...]) -> bool:
    return scene.seen(frame).same((*HEAD, *columns))
