"""The items of a standard: parts, prerequisites, requirements with their tests, scores, vetoes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...data.dictionary import STAGES
from ...engine.explanation.derivation import NO_TEXT, joined, same
from ...engine.explanation.scene import seen, unit_of
from ...engine.figures import plain
from ...language import Text
from ...standard.model import Requirement
from ...standard.scorecard import Point
from ...standard.source import Path_
from ...standard.tests import RoomKind, Test
from .entry import Entry, Speaker, headed, identified, limit_text, said, stage_name
from .figures import alternative

_DECIDERS = {
    "machine": Text("机器判定", "decided by the machine"),
    "assist": Text("机器辅助", "assisted by the machine"),
    "person": Text("人工判定", "decided by a person"),
}
_KINDS = {
    "county": Text("县级数值", "figure of the county"),
    "ratio": Text("全县比例", "ratio over the county"),
    "every": Text("逐校要求", "asked of every one"),
    "rooms": Text("专用教室", "rooms"),
    "evidence": Text("查验材料", "evidence"),
    "parts": Text("所列部分均达标", "every part named is met"),
    "information": Text("只供了解, 不决定结论", "shown, decides nothing"),
}
_PER = {"school": Text("按学校", "school by school"), "section": Text("按学段", "stage by stage")}
_ANSWERS = {"yes": Text("是", "yes"), "no": Text("否", "no")}


def parts(speaker: Speaker) -> Iterator[Entry]:
    """The parts of the verdict."""
    for index, part in enumerate(speaker.standard.model.part):
        needed = (
            Text("决定结论", "decides") if part.needed else Text("只列出, 不决定", "shown, decides nothing")
        )
        yield Entry(1, ("part", index), identified(part.id, part.text), needed, part.clause, id=part.id)


def requirements(speaker: Speaker, table: str, items: Sequence[tuple[int, Requirement]]) -> Iterator[Entry]:
    """Items of one table of the document, each with its place in that table."""
    for index, item in items:
        path = (table, index)
        decide, group = _DECIDERS[item.decide], same(item.group) if item.group else NO_TEXT
        text = joined([identified(item.id, item.text), group])
        yield Entry(1, path, text, _limits(speaker, item.test), item.clause, id=item.id)
        yield Entry(
            2, (*path, "decide"), joined([decide, headed(Text("部分", "part"), speaker.part(item.part))])
        )
        for number, test in enumerate(item.test):
            yield from _test(speaker, (*path, "test", number), item, test)
        yield from said(2, (*path, "note"), Text("说明", "note"), item.note, item.note_en)


def _limits(speaker: Speaker, tests: Sequence[Test]) -> Text:
    """The limits of an item with one test, so that they stand on its own line."""
    if len(tests) != 1:
        return NO_TEXT
    test = tests[0]
    bounds = [_bound(speaker, test, stage) for stage in test.limit]
    return joined(bounds, Text(", ", ", "))


def _bound(speaker: Speaker, test: Test, stage: str) -> Text:
    bound = speaker.bound(test.op, test.limit[stage], unit_of(test.unit))
    return joined([stage_name(stage), bound], Text(" ", " "))


def test_entries(speaker: Speaker, path: Path_, point: Point, test: Test, depth: int) -> Iterator[Entry]:
    """A threshold or question of a point of a scorecard, at this depth."""
    for entry in _test(speaker, path, point, test):
        yield replace(entry, depth=entry.depth + depth - _TEST_DEPTH)


_TEST_DEPTH = 2


def _test(speaker: Speaker, path: Path_, item: Requirement | Point, test: Test) -> Iterator[Entry]:
    label = identified(test.id, test.text) if test.id else seen(test.text)
    per = _PER[test.per] if test.kind in ("every", "rooms") else NO_TEXT
    scope = headed(Text("范围", "scope"), speaker.scope(test.scope)) if test.scope else NO_TEXT
    text = joined([label, _KINDS[test.kind], per, scope, _due(test)])
    yield Entry(_TEST_DEPTH, path, text, NO_TEXT, test.clause or item.clause, test.mark, test.id)
    yield from _figure(speaker, path, test)
    for stage in test.limit:
        raw = test.limit[stage].text
        limit = _bound(speaker, test, stage)
        yield Entry(
            3,
            (*path, "limit", *_step(stage)),
            Text("限值", "limit"),
            limit,
            test.clause or item.clause,
            raw=raw,
        )
    yield from _rooms(speaker, path, test)
    yield from _fallback(speaker, path, test)
    yield from _answered(path, test)
    yield from _further(speaker, path, test)


PERIODS = {
    "year": Text("每年", "every year"), "term": Text("每学期", "every term"), "month": Text("每月", "every month"),
}  # fmt: skip
"""How often something comes back."""


def _due(test: Test) -> Text:
    """When a target is to be reached, or how often."""
    by = Text(f"至 {test.due}", f"by {test.due}") if test.due is not None else NO_TEXT
    return joined([by, PERIODS.get(test.period, NO_TEXT)])


def _further(speaker: Speaker, path: Path_, test: Test) -> Iterator[Entry]:
    """The parts a test is made of, the fact a text is read from, the setting that says what a ratio is asked of."""
    for number, part in enumerate(test.parts):
        yield Entry(3, (*path, "parts", number), headed(Text("部分", "part"), speaker.part(part)))
    if test.field:
        yield Entry(3, (*path, "field"), headed(Text("数据项", "fact"), speaker.named(test.field)))
    if test.level_setting:
        word = Text("全县合计或逐段按设置", "of the county or each section by the setting")
        told = headed(word, speaker.named(test.level_setting))
        yield Entry(3, (*path, "level_setting"), told)


def _step(stage: str) -> tuple[str, ...]:
    """A limit of all stages is written without one."""
    return (stage,) if stage in STAGES else ()


def _figure(speaker: Speaker, path: Path_, test: Test) -> Iterator[Entry]:
    if test.where is not None:
        yield speaker.line(3, (*path, "where"), Text("适用", "asked where"), test.where)
    for number, way in enumerate(test.value or ()):
        yield from alternative(speaker, 3, (*path, "value", number), Text("数值", "value"), way)
    if test.numerator is not None:
        yield speaker.line(3, (*path, "numerator"), Text("分子合计", "sum above"), test.numerator)
    if test.denominator is not None:
        scale = same(f"× {plain(test.scale)}") if test.scale != 1 else NO_TEXT
        yield speaker.line(3, (*path, "denominator"), Text("分母合计", "sum below"), test.denominator, scale)
    if test.holds is not None:
        yield speaker.line(3, (*path, "holds"), Text("须成立", "must hold"), test.holds)


def _rooms(speaker: Speaker, path: Path_, test: Test) -> Iterator[Entry]:
    for number, room in enumerate(test.rooms):
        yield _room(speaker, (*path, "rooms", number), room)
    if test.need is not None:
        yield speaker.line(3, (*path, "need"), Text("应有间数", "rooms needed"), test.need)
    if test.together_setting:
        told = headed(Text("合计与否按设置", "together by the setting"), speaker.named(test.together_setting))
        yield Entry(3, (*path, "together_setting"), told)


def _room(speaker: Speaker, path: Path_, room: RoomKind) -> Entry:
    text = joined(
        [
            identified(room.kind, Text(room.label, room.label)),
            speaker.named(room.count),
            speaker.named(room.smallest),
        ]
    )
    return Entry(
        3, path, text, speaker.bound(">=", room.size, unit_of("㎡")), room.clause, raw=room.size.text
    )


def _fallback(speaker: Speaker, path: Path_, test: Test) -> Iterator[Entry]:
    if test.fallback is None:
        return
    yield speaker.line(
        3, (*path, "fallback"), Text("数值未报时代以", "where it is not reported"), test.fallback
    )
    for stage, limit in test.fallback_limits.items():
        text = joined(
            [Text("代用只在限值为", "stands in only for the limit"), stage_name(stage)], Text(" ", " ")
        )
        yield Entry(3, (*path, "fallback_limits", stage), text, limit_text("==", limit, unit_of(test.unit)))


def _answered(path: Path_, test: Test) -> Iterator[Entry]:
    if test.kind == "evidence":
        passing = joined([_ANSWERS.get(each, same(each)) for each in test.passing], Text("、", ", "))
        yield Entry(3, (*path, "passing"), headed(Text("达标的回答", "passes when answered"), passing))
    if test.na:
        yield Entry(
            3,
            (*path, "na"),
            Text("未报时可由人判为不适用", "a person may declare it not applicable while not reported"),
        )
    yield from said(3, (*path, "wanted"), Text("所需材料", "evidence wanted"), test.wanted, test.wanted_en)


def scores(speaker: Speaker) -> Iterator[Entry]:
    """Points out of a maximum."""
    for index, score in enumerate(speaker.standard.model.score):
        path = ("score", index)
        most = Text(f"满分 {plain(score.max)}", f"out of {plain(score.max)}")
        passing = NO_TEXT
        if score.pass_mark is not None:
            passing = limit_text(">=", score.pass_mark)
        text = joined([identified(score.id, score.text), most])
        yield Entry(1, path, text, passing, score.clause, score.mark, score.id)
        yield Entry(2, (*path, "part"), headed(Text("部分", "part"), speaker.part(score.part)))
        if score.field:
            yield Entry(2, (*path, "field"), headed(Text("数据项", "fact"), speaker.named(score.field)))


def vetoes(speaker: Speaker) -> Iterator[Entry]:
    """What must be answered no."""
    for index, veto in enumerate(speaker.standard.model.veto):
        no = Text("须为否", "must be no")
        yield Entry(1, ("veto", index), identified(veto.id, veto.text), no, veto.clause, id=veto.id)
