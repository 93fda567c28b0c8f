"""What scorers, sources, weights and tests of parts need beyond their keys, so that no card can be silently wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..data.dictionary import JUDGED_BY, Dictionary
from ..language import Text
from .references import Problem, tests_of, unknown_name
from .scorecard import CARD, SCORERS

if TYPE_CHECKING:
    from .model import Standard
    from .scorecard import Point, Scorecard
    from .source import Path_

NEEDS = {
    "all_thresholds": "test", "proportional": "test", "count": "each", "deduction": "deduct", "bands": "bands",
    "setting": "scorer_setting",
}  # fmt: skip
"""What each scorer reads of its point beside the maximum."""

RECONCILING = ("verified", "mean", "weighted_mean", "lowest")
LEVELS = ("district", "section")
_CHOICE = Text("选项", "choice")


def scoring_problems(standard: Standard, known: Dictionary) -> Iterator[Problem]:
    """Every problem of scorers named by settings, figures to deduct from, sources, weights, and tests of parts."""
    for index, point in enumerate(standard.point):
        yield from _chosen_scorers(standard, point, ("point", index))
        yield from _figures(point, ("point", index))
        yield from _bands(point, ("point", index))
    if standard.scorecard:
        yield from _sources(standard, standard.scorecard)
        yield from _weights(standard, standard.scorecard)
        yield from _reserved(standard)
    yield from _levels(standard)
    yield from _county_tests(standard, known)
    yield from _circles(standard)


def _choices(standard: Standard, name: str) -> tuple[str, ...]:
    return next((setting.choice_ids for setting in standard.setting if setting.id == name), ())


def _only(
    standard: Standard, path: Path_, name: str, allowed: tuple[str, ...], code: str
) -> Iterator[Problem]:
    for choice in _choices(standard, name):
        if choice not in allowed:
            listed = ", ".join(allowed)
            what = unknown_name(code, path, _CHOICE, choice, allowed)[2]
            yield code, path, what, Text(f"选项可用 {listed}", f"its choices are among {listed}")


def _chosen_scorers(standard: Standard, point: Point, path: Path_) -> Iterator[Problem]:
    """Every scorer that a setting may choose has what it needs in the point."""
    if point.scorer != "setting":
        return
    at = (*path, "scorer_setting")
    scorers = tuple(scorer for scorer in SCORERS if scorer != "setting")
    yield from _only(standard, at, point.scorer_setting, scorers, "STD-SCORER")
    for choice in _choices(standard, point.scorer_setting):
        need = NEEDS.get(choice)
        if choice in scorers and need and not getattr(point, need):
            what = Text(
                f"可选的评分方式“{choice}”须写 {need}",
                f"the scorer '{choice}' may be chosen and needs {need}",
            )
            yield "STD-SCORER", at, what, None


def _figures(point: Point, path: Path_) -> Iterator[Problem]:
    """Steps are counted from a figure to its limit; bands are bands of a figure."""
    tests = {test.id: test for test in point.test}
    used = [deduction.test for deduction in point.deduct] + [
        test.id for test in point.test[:1] if point.bands
    ]
    for name in dict.fromkeys(used):
        test = tests.get(name)
        if test and not (test.kind in ("county", "ratio") or (test.kind == "every" and test.value)):
            what = Text(
                f"检验“{name}”没有可计算的数值, 不能扣分或分档", f"the test '{name}' has no figure to score"
            )
            yield "STD-SCORER", path, what, None


def _bands(point: Point, path: Path_) -> Iterator[Problem]:
    starts = [band.at_least for band in point.bands]
    if len(set(starts)) != len(starts):
        yield "STD-SCORER", (*path, "bands"), Text("两档起点相同", "two bands begin at the same value"), None
    for position, band in enumerate(point.bands):
        if band.score < 0 or (point.max is not None and band.score > point.max):
            what = Text("分档得分须在 0 与满分之间", "the score of a band is between 0 and the maximum")
            yield "STD-SCORER", (*path, "bands", position), what, None


def _sources(standard: Standard, card: Scorecard) -> Iterator[Problem]:
    if card.reconcile_setting:
        at: Path_ = ("scorecard", "reconcile_setting")
        yield from _only(standard, at, card.reconcile_setting, RECONCILING, "STD-SCORECARD")
    rules = {*_choices(standard, card.reconcile_setting)} if card.reconcile_setting else {card.reconcile}
    if rules - {"verified"} and not card.sources:
        what = Text("合成得分须列出 sources", "a combined score needs its sources listed")
        yield "STD-SCORECARD", ("scorecard", "reconcile"), what, None
    for position, source in enumerate(card.sources):
        if "weighted_mean" in rules and not source.weight_setting:
            what = Text("加权平均须写 weight_setting", "a weighted mean needs a weight_setting")
            yield "STD-SCORECARD", ("scorecard", "sources", position), what, None
        if source.id in [other.id for other in card.sources[:position]]:
            what = Text(f"来源“{source.id}”重复", f"the source '{source.id}' stands twice")
            yield "STD-ID-TWICE", ("scorecard", "sources", position, "id"), what, None
        yield from _names_of_source(card, position)


def _names_of_source(card: Scorecard, position: int) -> Iterator[Problem]:
    """A label that would lead a judgement to another source, or to none."""
    source, at = card.sources[position], ("scorecard", "sources", position)
    others = {
        name: other.id
        for other in card.sources
        if other is not source
        for name in (other.id, other.label, other.label_en)
    }
    for key in ("label", "label_en"):
        name = getattr(source, key)
        meant = JUDGED_BY.get(name.strip().lower(), others.get(name)) if name else None
        if meant not in (None, source.id):
            what = Text(f"“{name}”在评判表中读作来源“{meant}”", f"'{name}' is read as the source '{meant}'")
            mend = Text(f"请改名称, 或把编号写作 {meant}", f"change the label, or let the id be {meant}")
            yield "STD-SCORECARD", (*at, key), what, mend


def _weights(standard: Standard, card: Scorecard) -> Iterator[Problem]:
    for index, group in enumerate(standard.group):
        at = ("group", index)
        if card.aggregate == "weighted_mean" and not group.parent and not (group.weight and group.weight > 0):
            what = Text(
                "加权平均时顶层分组须写正的 weight",
                "in a weighted mean each top group has a weight above zero",
            )
            yield "STD-GROUP", at, what, None
        elif group.weight is not None and (card.aggregate != "weighted_mean" or group.parent):
            what = Text(
                "weight 只用于 weighted_mean 的顶层分组",
                "a weight is read of the top groups of a weighted_mean only",
            )
            yield "STD-GROUP", (*at, "weight"), what, None


def _reserved(standard: Standard) -> Iterator[Problem]:
    for table in (
        "indicator",
        "prerequisite",
        "requirement",
        "score",
        "veto",
        "group",
        "point",
        "verdict",
        "part",
    ):
        for index, item in enumerate(getattr(standard, table)):
            if item.id == CARD:
                what = Text(f"编号“{CARD}”留给评分体系", f"the id '{CARD}' is that of the scorecard itself")
                yield "STD-ID-TWICE", (table, index, "id"), what, None


def _levels(standard: Standard) -> Iterator[Problem]:
    for path, test in tests_of(standard):
        if test.level_setting:
            yield from _only(standard, (*path, "level_setting"), test.level_setting, LEVELS, "STD-TEST")


def _county_tests(standard: Standard, known: Dictionary) -> Iterator[Problem]:
    county = {field.code for field in known.of_level("county")}
    for path, test in tests_of(standard):
        if test.kind == "county" and test.limit and "*" not in test.limit:
            what = Text(
                "县级检验只有一个限值, 不分学段", "a test of county facts has one limit, not one a stage"
            )
            yield "STD-TEST", (*path, "limit"), what, None
        if test.kind == "information" and test.field in known and test.field not in county:
            what = Text(
                f"“{test.field}”是学校的数据, 此处只读县级数据",
                f"'{test.field}' is a fact of schools, not of the county",
            )
            yield "STD-FACT", (*path, "field"), what, None


def _circles(standard: Standard) -> Iterator[Problem]:
    """A part whose items wait for the part itself can never be judged."""
    waits: dict[str, set[str]] = {}
    items = (*standard.prerequisite, *standard.requirement)
    for item in items:
        waits.setdefault(item.part, set()).update(part for test in item.test for part in test.parts)
    for path, test in tests_of(standard):
        table, index = path[0], path[1]
        if table == "point" or not test.parts:
            continue
        part = getattr(standard, str(table))[index].part
        if part in _reached(test.parts, waits):
            what = Text(f"部分“{part}”等待自身的结论", f"the part '{part}' waits for its own outcome")
            yield "STD-PART", (*path, "parts"), what, None


def _reached(parts: tuple[str, ...], waits: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    ahead = list(parts)
    while ahead:
        part = ahead.pop()
        if part not in seen:
            seen.add(part)
            ahead += waits.get(part, ())
    return seen
