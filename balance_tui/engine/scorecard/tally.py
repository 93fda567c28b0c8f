"""Sums of points: told without what is not scored, bounded with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from ...standard.scorecard import Group, Scorecard

if TYPE_CHECKING:
    from .frames import Scored

SCALE = Fraction(100)
"""What a weighted mean is told on where the card has no total."""


@dataclass(frozen=True)
class Tally:
    """The points of a group or card: `score` of those scored, `out_of` their maxima, `recorded` the maxima of all.

    `scored`, `unscored` and `left_out` count points (the last are those that do not apply); `short`: one that is
    scored has less than its maximum; `complete`: every maximum is recorded, and they add up to what is stated.
    """

    score: Fraction = Fraction(0)
    out_of: Fraction = Fraction(0)
    recorded: Fraction = Fraction(0)
    scored: int = 0
    unscored: int = 0
    left_out: int = 0
    short: bool = False
    complete: bool = True

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.score + other.score,
            self.out_of + other.out_of,
            self.recorded + other.recorded,
            self.scored + other.scored,
            self.unscored + other.unscored,
            self.left_out + other.left_out,
            self.short or other.short,
            self.complete and other.complete,
        )

    @property
    def is_open(self) -> bool:
        """Whether there are points of which it is not known how they count."""
        return bool(self.unscored or self.left_out)


def tally_of(points: Iterable[Scored]) -> Tally:
    """The sum of points. One without a maximum leaves it incomplete and is in no sum."""
    return sum((_of_point(point) for point in points), Tally())


def _of_point(scored: Scored) -> Tally:
    maximum, score = scored.maximum, scored.settled
    open_ = Tally(
        recorded=maximum or Fraction(0),
        unscored=int(score is None and scored.asked),
        left_out=int(not scored.asked),
        complete=maximum is not None,
    )
    if maximum is None or score is None:
        return open_
    return Tally(score, maximum, maximum, scored=1, short=score < maximum)


def stated(tally: Tally, group: Group) -> Tally:
    """The tally of a group held against what the document says of it."""
    agrees = group.max is None or Fraction(group.max) == tally.recorded
    return tally + Tally(complete=group.recorded and agrees)


@dataclass(frozen=True)
class Bounds:
    """What the score of a card may come to, whatever the points not scored will be; `highest` None is unbounded."""

    lowest: Fraction
    highest: Fraction | None


def told(
    tally: Tally, groups: Iterable[tuple[Group, Tally]], card: Scorecard, total: Fraction | None
) -> Fraction:
    """The score of what is scored, by the card's way of adding up."""
    if card.aggregate == "sum":
        return tally.score
    if card.aggregate == "all_or_nothing":
        return Fraction(0) if tally.short else tally.out_of
    parts = [(Fraction(group.weight or 0), each) for group, each in groups if each.out_of]
    weights = sum((weight for weight, _ in parts), Fraction(0))
    mean = sum((weight * each.score / each.out_of for weight, each in parts), Fraction(0))
    return mean / weights * (total or SCALE) if weights else Fraction(0)


def bounds(
    tally: Tally, groups: Iterable[tuple[Group, Tally]], card: Scorecard, total: Fraction | None
) -> Bounds:
    """The least (what is not scored gets nothing) and the most (it gets everything, and so does what is not
    recorded)."""
    if card.aggregate == "weighted_mean":
        return _weighted_bounds(list(groups), total or SCALE)
    rest = None if total is None else max(total - tally.recorded, Fraction(0))
    unscored = tally.recorded - tally.out_of
    if card.aggregate == "sum":
        return Bounds(tally.score, None if rest is None else tally.score + unscored + rest)
    full = tally.complete and not tally.short and not tally.is_open
    return Bounds(tally.recorded if full else Fraction(0), Fraction(0) if tally.short else total)


def _weighted_bounds(groups: list[tuple[Group, Tally]], scale: Fraction) -> Bounds:
    weights = sum((Fraction(group.weight or 0) for group, _ in groups), Fraction(0))
    lowest = highest = Fraction(0)
    for group, tally in groups:
        low, high = _share_bounds(tally)
        lowest += Fraction(group.weight or 0) * low
        highest += Fraction(group.weight or 0) * high
    return Bounds(lowest / weights * scale, highest / weights * scale) if weights else Bounds(weights, None)


def _share_bounds(tally: Tally) -> tuple[Fraction, Fraction]:
    """The least and greatest share of its points that a group may come to."""
    if not tally.complete or not tally.recorded:
        return Fraction(0), Fraction(1)
    unscored = tally.recorded - tally.out_of
    return tally.score / tally.recorded, (tally.score + unscored) / tally.recorded
