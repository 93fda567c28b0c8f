"""The scorecard of a standard: how points add up, its dimensions and groups, the points with their thresholds; and the
verdicts that follow from the parts."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ...engine.explanation.derivation import NO_TEXT, joined, same
from ...engine.figures import plain
from ...language import Text
from ...standard.scorecard import Axis, Deduction, Grade, Group, Point, Scorecard, Verdict
from ...standard.source import Path_
from .entry import Entry, Speaker, headed, identified, said
from .items import test_entries

_AGGREGATES = {
    "sum": Text("各要点相加", "points added up"),
    "weighted_mean": Text("按组加权平均", "mean weighted by group"),
    "all_or_nothing": Text("全部达到方得分", "all or nothing"),
}
_RECONCILED = {
    "verified": Text("以核定分为准", "the verified score counts"),
    "mean": Text("各来源平均", "the mean of the sources"),
    "weighted_mean": Text("各来源加权平均", "the weighted mean of the sources"),
    "lowest": Text("取最低", "the lowest counts"),
}
_SCORERS = {
    "judgement": Text("由人评分", "scored by people"),
    "all_thresholds": Text("各限值均达到得满分", "the maximum where every threshold is met"),
    "proportional": Text("按达到的限值比例", "by the share of thresholds met"),
    "count": Text("按达到的限值个数", "by the number of thresholds met"),
    "deduction": Text("按差额扣分", "points off for what is missing"),
    "bands": Text("按分段", "by bands"),
    "setting": Text("按设置", "by a setting"),
}
_RULES = {
    "all": Text("所列部分均达标", "every part named is met"),
    "count": Text("按达标项数", "by the number of items that pass"),
    "axes": Text("几个方面交叉", "several axes crossed"),
}
_STEPS = {
    "whole": Text("不足一档不扣", "nothing for a part of a step"),
    "started": Text("不足一档按一档", "a part of a step counts as one"),
    "share": Text("按比例", "in proportion"),
}
_NOT_RECORDED = Text("未收录", "not recorded")


def scorecard(speaker: Speaker) -> Iterator[Entry]:
    """The card with its sources and grades, then its groups and points in the order of the tree."""
    model = speaker.standard.model
    card = model.scorecard
    if card is None:
        return
    yield from _card(speaker, card)
    yield from _under(speaker, "", 1)


def _card(speaker: Speaker, card: Scorecard) -> Iterator[Entry]:
    complete = NO_TEXT if card.complete else Text("未收录完整", "not complete")
    text = joined(
        [headed(Text("部分", "part"), speaker.part(card.part)), _AGGREGATES[card.aggregate], complete]
    )
    yield Entry(1, ("scorecard",), text, _out_of(card.total), card.clause, card.mark)
    for key, word in (
        ("total_setting", Text("总分按设置", "total by the setting")),
        ("pass_mark_setting", Text("合格线按设置", "pass mark by the setting")),
        ("reconcile_setting", Text("取分按设置", "reconciled by the setting")),
    ):
        name = getattr(card, key)
        if name:
            yield Entry(2, ("scorecard", key), headed(word, speaker.named(name)))
    if card.pass_mark is not None:
        yield Entry(
            2, ("scorecard", "pass_mark"), Text("合格线", "pass mark"), same(f"≥ {plain(card.pass_mark)}")
        )
    yield Entry(
        2, ("scorecard", "reconcile"), headed(Text("取分", "which score counts"), _RECONCILED[card.reconcile])
    )
    for number, source in enumerate(card.sources):
        path = ("scorecard", "sources", number)
        weight = headed(Text("权重按设置", "weight by the setting"), speaker.named(source.weight_setting))
        told = joined(
            [
                headed(Text("来源", "source"), identified(source.id, source.text)),
                weight if source.weight_setting else NO_TEXT,
            ]
        )
        yield Entry(2, path, told, NO_TEXT, source.clause)
    yield from _grades(2, ("scorecard", "grades"), card.grades)


def _grades(depth: int, path: Path_, grades: tuple[Grade, ...]) -> Iterator[Entry]:
    for number, grade in enumerate(grades):
        least = (
            same(f"≥ {plain(grade.at_least)}") if grade.at_least is not None else Text("由人填报", "entered")
        )
        text = headed(Text("等级", "grade"), identified(grade.id, grade.text))
        yield Entry(depth, (*path, number), text, least, grade.clause, grade.mark)


def _out_of(most: Decimal | None) -> Text:
    return Text(f"满分 {plain(most)}", f"out of {plain(most)}") if most is not None else NO_TEXT


def _under(speaker: Speaker, parent: str, depth: int) -> Iterator[Entry]:
    """The groups below one, each before its own points and groups."""
    model = speaker.standard.model
    for index, group in enumerate(model.group):
        if group.parent == parent:
            yield _group(group, index, depth)
            yield from _points(speaker, group.id, depth + 1)
            yield from _under(speaker, group.id, depth + 1)


def _group(group: Group, index: int, depth: int) -> Entry:
    weight = (
        Text(f"权重 {plain(group.weight)}", f"weight {plain(group.weight)}")
        if group.weight is not None
        else NO_TEXT
    )
    text = joined([identified(group.id, group.text), weight, NO_TEXT if group.recorded else _NOT_RECORDED])
    return Entry(depth, ("group", index), text, _out_of(group.max), group.clause, group.mark, group.id)


def _points(speaker: Speaker, group: str, depth: int) -> Iterator[Entry]:
    for index, point in enumerate(speaker.standard.model.point):
        if point.group == group:
            yield from _point(speaker, point, index, depth)


def _point(speaker: Speaker, point: Point, index: int, depth: int) -> Iterator[Entry]:
    path = ("point", index)
    scorer = _SCORERS.get(point.scorer, same(point.scorer))
    by = speaker.named(point.scorer_setting) if point.scorer_setting else NO_TEXT
    each = (
        Text(f"每项 {plain(point.each)} 分", f"{plain(point.each)} each")
        if point.each is not None
        else NO_TEXT
    )
    most = _out_of(point.max) if point.max is not None else _NOT_RECORDED
    text = joined(
        [identified(point.id, point.text), headed(scorer, by) if point.scorer_setting else scorer, each]
    )
    yield Entry(depth, path, text, most, point.clause, point.mark, point.id)
    for number, band in enumerate(point.bands):
        score = Text(f"{plain(band.score)} 分", f"{plain(band.score)} points")
        yield Entry(depth + 1, (*path, "bands", number), same(f"≥ {plain(band.at_least)}"), score)
    for number, off in enumerate(point.deduct):
        yield _deduction((*path, "deduct", number), off, depth + 1)
    for name, value in point.options.items():
        yield Entry(depth + 1, (*path, "options", name), same(f"{name} = {value}"))
    for number, test in enumerate(point.test):
        yield from test_entries(speaker, (*path, "test", number), point, test, depth + 1)
    yield from said(
        depth + 1, (*path, "wanted"), Text("所需材料", "evidence wanted"), point.wanted, point.wanted_en
    )
    yield from said(depth + 1, (*path, "note"), Text("说明", "note"), point.note, point.note_en)


def _deduction(path: Path_, off: Deduction, depth: int) -> Entry:
    told = Text(
        f"{off.test} 每差 {plain(off.per)} 扣 {plain(off.points)} 分",
        f"{off.test}: {plain(off.points)} off for each {plain(off.per)}",
    )
    return Entry(depth, path, joined([told, _STEPS[off.steps]]))


def verdicts(speaker: Speaker) -> Iterator[Entry]:
    """What follows from the parts."""
    for index, verdict in enumerate(speaker.standard.model.verdict):
        yield from _verdict(speaker, verdict, index)


def _verdict(speaker: Speaker, verdict: Verdict, index: int) -> Iterator[Entry]:
    path = ("verdict", index)
    main = Text("本标准的结论", "the verdict of the standard") if verdict.main else NO_TEXT
    rule = _RULES.get(verdict.rule, same(verdict.rule))
    text = joined([identified(verdict.id, verdict.text), rule])
    yield Entry(1, path, text, main, verdict.clause, verdict.mark, verdict.id)
    for number, part in enumerate(verdict.parts):
        yield Entry(2, (*path, "parts", number), headed(Text("部分", "part"), speaker.part(part)))
    for number, axis in enumerate(verdict.axes):
        yield from _axis(speaker, (*path, "axes", number), axis)
    yield from _grades(2, (*path, "grades"), verdict.grades)
    yield from said(2, (*path, "note"), Text("说明", "note"), verdict.note, verdict.note_en)


def _axis(speaker: Speaker, path: Path_, axis: Axis) -> Iterator[Entry]:
    part = headed(Text("部分", "part"), speaker.part(axis.part)) if axis.part else NO_TEXT
    text = joined([headed(Text("方面", "axis"), identified(axis.id, axis.text)), part])
    yield Entry(2, path, text, NO_TEXT, axis.clause)
    if axis.value is not None:
        yield speaker.line(3, (*path, "value"), Text("数值", "value"), axis.value)
    yield from _grades(3, (*path, "levels"), axis.levels)
