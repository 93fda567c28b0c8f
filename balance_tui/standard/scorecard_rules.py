"""What the tables of a scorecard and of verdicts must satisfy: a tree, scorers with what they need, known names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ..data.dictionary import Dictionary, dictionary
from ..language import Text
from .references import Problem, tests_of, unknown_name
from .scorecard import SCORERS, VERDICT_RULES
from .scoring_rules import NEEDS, scoring_problems

if TYPE_CHECKING:
    from .model import Standard
    from .scorecard import Grade, Point, Verdict
    from .source import Path_

_GROUP = Text("分组", "group")
_TEST = Text("检验", "test")
_CARD_SETTINGS = {"total_setting": "number", "pass_mark_setting": "number", "reconcile_setting": "choice"}


def scorecard_problems(standard: Standard, known: Dictionary) -> Iterator[Problem]:
    """Every problem of the scorecard, its groups and points, and of the verdicts."""
    yield from _groups(standard)
    yield from _points(standard)
    yield from _setting_types(standard)
    yield from _verdicts(standard)
    yield from _information(standard)
    yield from scoring_problems(standard, known)


def verdict_parts(standard: Standard) -> Iterator[tuple[Path_, str]]:
    """The parts that verdicts name, each with its path."""
    for index, verdict in enumerate(standard.verdict):
        for position, part in enumerate(verdict.parts):
            yield ("verdict", index, "parts", position), part
        for position, axis in enumerate(verdict.axes):
            if axis.part:
                yield ("verdict", index, "axes", position, "part"), axis.part


def scorecard_settings(standard: Standard) -> Iterator[tuple[Path_, str]]:
    """The settings that the scorecard and its points name, each with its path; some are empty."""
    card = standard.scorecard
    if card:
        yield from ((("scorecard", key), getattr(card, key)) for key in _CARD_SETTINGS)
        for position, source in enumerate(card.sources):
            yield ("scorecard", "sources", position, "weight_setting"), source.weight_setting
    for index, point in enumerate(standard.point):
        yield ("point", index, "scorer_setting"), point.scorer_setting


def _setting_types(standard: Standard) -> Iterator[Problem]:
    types = {setting.id: setting.type for setting in standard.setting}
    wanted = [(path, name, _CARD_SETTINGS.get(str(path[-1]), "number")) for path, name in _card(standard)]
    for index, point in enumerate(standard.point):
        wanted.append((("point", index, "scorer_setting"), point.scorer_setting, "choice"))
    for test_path, test in tests_of(standard):
        wanted.append(((*test_path, "level_setting"), test.level_setting, "choice"))
    for path, name, type_ in wanted:
        if name and types.get(name, type_) != type_:
            what = Text(f"“{path[-1]}”须为 {type_} 类设置", f"'{path[-1]}' needs a setting of type {type_}")
            yield "STD-SETTING", path, what, None


def _card(standard: Standard) -> Iterator[tuple[Path_, str]]:
    return ((path, name) for path, name in scorecard_settings(standard) if path[0] == "scorecard")


def _groups(standard: Standard) -> Iterator[Problem]:
    parents = {group.id: group.parent for group in standard.group}
    for index, group in enumerate(standard.group):
        if group.parent and group.parent not in parents:
            yield unknown_name("STD-GROUP", ("group", index, "parent"), _GROUP, group.parent, parents)
        elif _in_a_circle(group.id, parents):
            what = Text(
                f"分组“{group.id}”的上级成环", f"the parents of the group '{group.id}' go round in a circle"
            )
            yield "STD-GROUP", ("group", index, "parent"), what, None
    if (standard.group or standard.point) and not standard.scorecard:
        path: Path_ = ("group", 0) if standard.group else ("point", 0)
        yield "STD-SCORECARD", path, Text("缺少 [scorecard] 表", "a [scorecard] table is missing"), None


def _in_a_circle(group: str, parents: dict[str, str]) -> bool:
    seen, above = {group}, parents[group]
    while above in parents:
        if above in seen:
            return above == group
        seen.add(above)
        above = parents[above]
    return False


def _points(standard: Standard) -> Iterator[Problem]:
    groups = [group.id for group in standard.group]
    for index, point in enumerate(standard.point):
        path = ("point", index)
        if point.group not in groups:
            yield unknown_name("STD-GROUP", (*path, "group"), _GROUP, point.group, groups)
        for position, test in enumerate(point.test):
            if not test.id:
                what = Text("要点的检验须有 id", "a test of a point needs an id")
                yield "STD-MISSING", (*path, "test", position), what, None
        yield from _scorer(point, path)


def _scorer(point: Point, path: Path_) -> Iterator[Problem]:
    need = NEEDS.get(point.scorer)
    if need and not getattr(point, need):
        what = Text(f"评分方式“{point.scorer}”须写 {need}", f"the scorer '{point.scorer}' needs {need}")
        yield "STD-SCORER", (*path, "scorer"), what, None
    if point.scorer == "bands" and not point.test:
        yield "STD-SCORER", (*path, "scorer"), Text("分档评分须有一条检验", "bands need a test"), None
    if point.scorer not in SCORERS and ":" not in point.scorer:
        mend = Text("插件的评分方式写作“plugin:名称”", "write a plugin's scorer as 'plugin:name'")
        yield (
            *unknown_name("STD-SCORER", (*path, "scorer"), Text("评分方式", "scorer"), point.scorer, SCORERS)[
                :3
            ],
            mend,
        )
    tests = [test.id for test in point.test]
    for position, deduction in enumerate(point.deduct):
        if deduction.test not in tests:
            yield unknown_name(
                "STD-SCORER", (*path, "deduct", position, "test"), _TEST, deduction.test, tests
            )
        if deduction.per <= 0 or deduction.points <= 0:
            what = Text("per 与 points 须为正数", "per and points are above zero")
            yield "STD-SCORER", (*path, "deduct", position), what, None
    if any(test.kind in ("parts", "information") for test in point.test):
        what = Text(
            "要点的检验不能是 parts 或 information", "a test of a point is not of kind parts or information"
        )
        yield "STD-TEST", path, what, None


def _verdicts(standard: Standard) -> Iterator[Problem]:
    for index, verdict in enumerate(standard.verdict):
        path = ("verdict", index)
        if verdict.rule not in VERDICT_RULES and ":" not in verdict.rule:
            yield unknown_name(
                "STD-VERDICT", (*path, "rule"), Text("认定方式", "rule"), verdict.rule, VERDICT_RULES
            )
        for need in _verdict_needs(verdict):
            what = Text(f"认定方式“{verdict.rule}”须写 {need}", f"the rule '{verdict.rule}' needs {need}")
            yield "STD-VERDICT", path, what, None
        for position, axis in enumerate(verdict.axes):
            if bool(axis.part) == bool(axis.value):
                what = Text("每轴写 part 或 value 之一", "an axis has either a part or a value")
                yield "STD-VERDICT", (*path, "axes", position), what, None
        yield from _order((*path, "grades"), verdict.grades)
        for position, axis in enumerate(verdict.axes):
            yield from _order((*path, "axes", position, "levels"), axis.levels)
    if standard.scorecard:
        yield from _order(("scorecard", "grades"), standard.scorecard.grades)
    mains = [index for index, verdict in enumerate(standard.verdict) if verdict.main]
    if standard.verdict and len(mains) != 1:
        what = Text("须有且只有一个 main = true 的结论", "exactly one verdict has main = true")
        yield "STD-VERDICT", ("verdict", mains[1] if mains else 0), what, None


def _verdict_needs(verdict: Verdict) -> Iterator[str]:
    if verdict.rule == "axes" and not verdict.axes:
        yield "axes"
    if verdict.rule != "axes" and not verdict.parts:
        yield "parts"
    if verdict.rule == "count" and not verdict.grades:
        yield "grades"


def _information(standard: Standard) -> Iterator[Problem]:
    known = dictionary().keys() | {field.id for field in standard.field}
    for path, test in tests_of(standard):
        if test.field and test.field not in known:
            fact = Text("数据项", "fact")
            yield unknown_name("STD-FACT", (*path, "field"), fact, test.field, known)


def _order(path: Path_, grades: Iterable[Grade]) -> Iterator[Problem]:
    cuts = [grade.at_least for grade in grades if grade.at_least is not None]
    if cuts != sorted(set(cuts), reverse=True):
        yield "STD-GRADE", path, Text("等级的起点须由高到低", "cut-offs of grades go down"), None
