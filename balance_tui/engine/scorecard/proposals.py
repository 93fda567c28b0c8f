"""What the thresholds of a point propose as its score. While one is unknown there is a proposal only where it
cannot change it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ...language import Text
from ...standard.scorecard import Deduction, Point
from ...standard.tests import Test
from ..context import Context
from ..requirements.every import shortfall
from ..requirements.outcome import Figure
from ..status import FAIL, NOT_APPLICABLE, PASS, RELIEVED, UNKNOWN
from .frames import Proposal

_NO_MAXIMUM = Proposal(why=Text("没有收录满分", "its maximum is not recorded"))
_BY_PERSON = Proposal(why=Text("由人评分", "scored by a person"))


@dataclass(frozen=True)
class Met:
    """What a threshold came to in a county: its status, and its figure in fractions when asked for."""

    test: Test
    status: int
    figure: Callable[[], Figure]


def proposed(point: Point, thresholds: Sequence[Met], context: Context) -> Proposal:
    """The proposal of a scorer of the program. What is not applicable leaves numerator and denominator; what is
    met by a relief is met."""
    scorer = scorer_of(point, context)
    if scorer is None:
        name = point.scorer_setting
        return Proposal(why=Text(f"设置 {name} 未给定", f"the setting {name} is not given"))
    if scorer == "judgement":
        return _BY_PERSON
    asked = [each for each in thresholds if each.status != NOT_APPLICABLE]
    if thresholds and not asked:
        return Proposal(why=Text("各项均不适用", "none of its thresholds applies"), asked=False)
    if point.max is None and scorer != "count" and scorer != "bands":
        return _NO_MAXIMUM
    return _SCORERS[scorer](point, asked)


def scorer_of(point: Point, context: Context) -> str | None:
    """The scorer in force; None where the setting that names it is not given."""
    if point.scorer != "setting":
        return point.scorer
    value = context.setting(point.scorer_setting)
    return None if value is None else str(value)


def _between(lowest: Fraction, highest: Fraction, asked: Sequence[Met]) -> Proposal:
    """The score where the unknown thresholds leave only one."""
    if lowest == highest:
        return Proposal(lowest)
    listed = ", ".join(each.test.id for each in asked if each.status == UNKNOWN)
    return Proposal(why=Text(f"未知: {listed}", f"unknown: {listed}"))


def _counts(asked: Sequence[Met]) -> tuple[int, int]:
    """How many are met for certain, and how many may be."""
    met = sum(each.status in (PASS, RELIEVED) for each in asked)
    return met, met + sum(each.status == UNKNOWN for each in asked)


def _all(point: Point, asked: Sequence[Met]) -> Proposal:
    least, most = _counts(asked)
    full = Fraction(point.max or 0)
    return _between(full * (least == len(asked)), full * (most == len(asked)), asked)


def _proportional(point: Point, asked: Sequence[Met]) -> Proposal:
    least, most = _counts(asked)
    share = Fraction(point.max or 0) / len(asked)
    return _between(share * least, share * most, asked)


def _count(point: Point, asked: Sequence[Met]) -> Proposal:
    least, most = (Fraction(point.each or 0) * number for number in _counts(asked))
    if point.max is not None:
        least, most = min(least, Fraction(point.max)), min(most, Fraction(point.max))
    return _between(least, most, asked)


def _deduction(point: Point, asked: Sequence[Met]) -> Proposal:
    by_id = {each.test.id: each for each in asked}
    full, off, is_open = Fraction(point.max or 0), Fraction(0), False
    for deduction in point.deduct:
        each = by_id.get(deduction.test)
        taken = Fraction(0) if each is None else taken_off(deduction, each)
        is_open = is_open or taken is None
        off += taken or 0
    highest = max(full - off, Fraction(0))
    return _between(Fraction(0) if is_open else highest, highest, asked)


def taken_off(deduction: Deduction, each: Met) -> Fraction | None:
    """The points a test takes off: for each whole, started or partial step by which its value misses the limit; a
    value on a limit that it must exceed misses it by nothing. None where that is not known."""
    if each.status != FAIL:
        return None if each.status == UNKNOWN else Fraction(0)
    value, limit = each.figure()
    if value is None or limit is None:
        return None
    steps = shortfall(each.test.op, value, limit) / Fraction(deduction.per)
    whole = {"whole": math.floor(steps), "started": math.ceil(steps)}.get(deduction.steps)
    return (steps if whole is None else whole) * Fraction(deduction.points)


def _bands(point: Point, asked: Sequence[Met]) -> Proposal:
    first = next((each for each in asked if each.test.id == point.test[0].id), None)
    if first is None:
        return Proposal(why=Text("不适用", "not applicable"), asked=False)
    value = None if first.status == UNKNOWN else first.figure()[0]
    if value is None:
        return Proposal(why=Text(f"未知: {first.test.id}", f"unknown: {first.test.id}"))
    reached = [band for band in point.bands if Fraction(band.at_least) <= value]
    return Proposal(Fraction(max(reached, key=lambda band: band.at_least).score) if reached else Fraction(0))


_SCORERS: Mapping[str, Callable[[Point, Sequence[Met]], Proposal]] = {
    "all_thresholds": _all, "proportional": _proportional, "count": _count, "deduction": _deduction, "bands": _bands,
}  # fmt: skip
