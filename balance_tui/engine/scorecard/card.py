"""The card of every county: points scored, groups summed, the pass mark held against the whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial
from typing import Any

import polars as pl

from ...language import Text
from ...standard.model import Standard
from ...standard.scorecard import SCORERS, Group, Point, Scorecard
from ..context import Context
from ..grades import entered_answers
from ..prepare import Facts
from ..reasons import reason
from ..requirements import ItemResults
from ..status import NOT_APPLICABLE, UNKNOWN
from .frames import CARD, CARD_SCHEMA, SOURCE_SCHEMA, Proposal, Scored
from .given import NOTHING, Place, given_scores, sources_of
from .hooks import by_plugin
from .proposals import Met, proposed, scorer_of
from .reconcile import settled
from .standing import Standing, marks_of, standing, sums_text
from .tally import Tally, bounds, stated, tally_of, told


@dataclass(frozen=True)
class Cards:
    """`rows`: `CARD_SCHEMA`; `sources`: `SOURCE_SCHEMA`. Both empty where the standard has no scorecard."""

    rows: pl.DataFrame
    sources: pl.DataFrame

    @staticmethod
    def none() -> Cards:
        """Of a standard without a scorecard."""
        return _NO_CARDS

    def of_kind(self, kind: str) -> pl.DataFrame:
        """The rows of the `card`, of each `group` or each `point`."""
        return self.rows.filter(pl.col("kind") == kind)


_NO_CARDS = Cards(pl.DataFrame(schema=CARD_SCHEMA), pl.DataFrame(schema=SOURCE_SCHEMA))


def carded(facts: Facts, items: ItemResults, context: Context) -> Cards:
    """The card of every county, `items` being the thresholds of its points."""
    card = context.model.scorecard
    if card is None:
        return Cards.none()
    desk = _Desk(facts, items, context, card)
    rows = [row for county in facts.keys["_county"].to_list() for row in desk.rows(county)]
    return Cards(pl.DataFrame(rows, schema=CARD_SCHEMA, orient="row"), desk.sources)


@dataclass(frozen=True)
class _Desk:
    """What the cards of all counties are made from."""

    facts: Facts
    items: ItemResults
    context: Context
    card: Scorecard

    @property
    def model(self) -> Standard:
        return self.context.model

    @cached_property
    def sources(self) -> pl.DataFrame:
        return sources_of(self.facts.judgements, self.model.point, self.card)

    @cached_property
    def given(self) -> dict[Place, Any]:
        return given_scores(self.sources, self.model.point)

    @cached_property
    def entered(self) -> dict[Place, str]:
        return entered_answers(self.facts.judgements, (CARD,))

    @cached_property
    def statuses(self) -> dict[tuple[int, str], int]:
        """The status of each threshold, by county and id."""
        names = [test.id for point in self.model.point for test in point.test]
        rows = self.items.rows.filter(pl.col("id").is_in(names)).select("_county", "id", "_status")
        return {(county, name): status for county, name, status in rows.iter_rows()}

    @cached_property
    def plugged(self) -> Mapping[str, Mapping[int, Proposal]]:
        """The proposals of plugins, by point and county: one call a point."""
        found = {}
        for point in self.model.point:
            scorer = scorer_of(point, self.context)
            if scorer is not None and scorer not in SCORERS:
                found[point.id] = by_plugin(point, scorer, self.facts.keys, self.items)
        return found

    @cached_property
    def children(self) -> dict[str, list[Group]]:
        """The groups under each group, those of the card under the empty id."""
        found: dict[str, list[Group]] = {}
        for group in self.model.group:
            found.setdefault(group.parent, []).append(group)
        return found

    @cached_property
    def points(self) -> dict[str, list[Point]]:
        """The points right under each group."""
        found: dict[str, list[Point]] = {}
        for point in self.model.point:
            found.setdefault(point.group, []).append(point)
        return found

    def rows(self, county: int) -> Iterator[tuple[Any, ...]]:
        """The card of a county and all it holds, as rows of `CARD_SCHEMA`."""
        below: list[tuple[Any, ...]] = []
        top = [(group, self._group(group, county, 1, below)) for group in self.children.get("", [])]
        tally = sum((each for _, each in top), Tally())
        marks = marks_of(self.card, self.context)
        between = bounds(tally, top, self.card, marks.total)
        score = told(tally, top, self.card, marks.total)
        found = standing(self.card, tally, score, between, marks, self.entered.get((county, CARD)))
        points = [row for row in below if row[4] == "point"]
        yield _card_row(county, tally, score, marks.total, found, points)
        yield from below

    def _group(self, group: Group, county: int, level: int, below: list[tuple[Any, ...]]) -> Tally:
        """Puts the rows of a group and of what it holds on the list; gives its tally."""
        inside: list[tuple[Any, ...]] = []
        scored = [self._scored(point, county) for point in self.points.get(group.id, [])]
        inside += [_point_row(county, each, level + 1) for each in scored]
        tallies = [self._group(each, county, level + 1, inside) for each in self.children.get(group.id, [])]
        tally = stated(sum(tallies, tally_of(scored)), group)
        points = [row for row in inside if row[4] == "point"]
        below.append(_group_row(county, group, level, tally, points))
        below.extend(inside)
        return tally

    def _scored(self, point: Point, county: int) -> Scored:
        given = self.given.get((county, point.id), NOTHING)
        score, why = settled(given, self.card, self.context)
        return Scored(point, given, self._proposal(point, county), score, why)

    def _proposal(self, point: Point, county: int) -> Proposal:
        if point.id in self.plugged:
            return self.plugged[point.id][county]
        return proposed(point, [self._met(test.id, test, county) for test in point.test], self.context)

    def _met(self, name: str, test: Any, county: int) -> Met:
        status = self.statuses.get((county, name), UNKNOWN)
        exact = self.items.exact.get(name)
        return Met(test, status, partial(exact, county) if exact else _no_figure)


def _no_figure() -> tuple[None, None]:
    return None, None


def _sums(points: list[tuple[Any, ...]]) -> tuple[float | None, ...]:
    """Proposed, self-given and verified scores of points, each summed over those that have one. A score out of an
    unknown maximum is in no sum: it would look like part of a total."""
    summed = [row for row in points if row[5] is not None]
    columns = [[row[position] for row in summed if row[position] is not None] for position in (8, 9, 10)]
    return tuple(sum(column) if column else None for column in columns)


def _card_row(
    county: int,
    tally: Tally,
    score: Fraction,
    total: Fraction | None,
    found: Standing,
    points: list[tuple[Any, ...]],
) -> tuple[Any, ...]:
    grade = found.grade.id if found.grade else None
    return (
        county, CARD, None, 0, "card", _float(total), float(tally.recorded), float(tally.out_of), *_sums(points),
        float(score) if tally.scored else None, None, tally.scored, tally.unscored, found.status, grade,
        reason("told", found.reason), None,
    )  # fmt: skip


def _group_row(
    county: int, group: Group, level: int, tally: Tally, points: list[tuple[Any, ...]]
) -> tuple[Any, ...]:
    said = sums_text(tally.score, tally, bool(tally.scored))
    if not group.recorded:
        said = Text(f"{said.zh}; 来源未收录其要点", f"{said.en}; its points are not in the source")
    return (
        county, group.id, group.parent or CARD, level, "group", _float(group.max), float(tally.recorded),
        float(tally.out_of), *_sums(points), float(tally.score) if tally.scored else None, None, tally.scored,
        tally.unscored, NOT_APPLICABLE, None, reason("told", said), None,
    )  # fmt: skip


def _point_row(county: int, scored: Scored, level: int) -> tuple[Any, ...]:
    counts = scored.settled is not None and scored.maximum is not None
    given, proposal = scored.given, scored.proposal
    why = None if scored.settled is not None else _unscored(scored)
    return (
        county, scored.point.id, scored.point.group, level, "point", _float(scored.maximum),
        _float(scored.maximum), _float(scored.maximum) if counts else 0.0, _float(proposal.score),
        _float(given.scores.get("self")), _float(given.scores.get("verified")), _float(scored.settled),
        _float(given.spread), int(counts), int(scored.settled is None and scored.asked), scored.status, None, why,
        None if proposal.why is None else reason("told", proposal.why),
    )  # fmt: skip


def _unscored(scored: Scored) -> str | None:
    """Why a point has no score that counts."""
    if scored.asked:
        return None if scored.why is None else reason("told", scored.why)
    if scored.given.left_out or scored.proposal.why is None:
        return "declared"
    return reason("told", scored.proposal.why)


def _float(number: Any) -> float | None:
    return None if number is None else float(number)
