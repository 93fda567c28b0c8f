"""The parts of a standard that make figures: facts, settings, scope, split, indicators, reliefs, dispersion."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from ...data.dictionary import SCHOOL_TYPES
from ...engine.explanation.derivation import NO_TEXT, joined, same
from ...engine.explanation.scene import seen, setting_value, stage_text, unit_of
from ...engine.figures import plain
from ...language import Text
from ...standard.model import Indicator, Limit, Relief, Scope, Setting
from ...standard.source import Path_
from ...standard.tests import Alternative
from .entry import Entry, Speaker, headed, identified, limit_text, said, stages_text

SPACE = Text(" ", " ")
TYPES = {
    "number": Text("数", "number"), "boolean": Text("是否", "yes or no"), "choice": Text("选项", "choice"),
    "date": Text("日期", "date"), "text": Text("文字", "text"), "integer": Text("整数", "whole number"),
    "code": Text("代码", "code"),
}  # fmt: skip
LEVELS = {"school": Text("全校", "school"), "section": Text("学段", "stage"), "county": Text("县", "county")}


def head(speaker: Speaker) -> Iterator[Entry]:
    """Which standard this is."""
    header = speaker.standard.model.standard
    yield Entry(1, ("standard", "id"), identified(header.id, header.text), same(header.version), id=header.id)
    yield from said(1, ("standard", "authority"), Text("发布", "authority"), header.authority)
    yield from said(1, ("standard", "document"), Text("文号", "document"), header.document)
    yield from said(
        1, ("standard", "in_force_from"), Text("施行自", "in force from"), str(header.in_force_from or "")
    )
    yield from said(
        1, ("standard", "in_force_until"), Text("施行至", "in force until"), str(header.in_force_until or "")
    )
    yield Entry(1, ("standard", "stages"), headed(Text("学段", "stages"), stages_text(header.stages)))
    for word, meaning in header.words.items():
        yield Entry(
            1, ("standard", "words", word), headed(Text("用语", "wording"), same(f"{word} = {meaning}"))
        )
    yield from said(1, ("standard", "note"), Text("说明", "note"), header.note, header.note_en)
    yield Entry(1, ("standard",), headed(Text("散列", "hash"), same(speaker.standard.hash[:12])))


def fields(speaker: Speaker) -> Iterator[Entry]:
    """Facts beyond the program's dictionary."""
    for index, field in enumerate(speaker.standard.model.field):
        bounds = Text("", "")
        if field.low is not None or field.high is not None:
            bounds = same(f"{plain(field.low)} … {plain(field.high)}")
        unit = joined([unit_of(field.unit), bounds])
        text = joined([identified(field.id, field.text), LEVELS[field.level], TYPES[field.type]])
        yield Entry(1, ("field", index), text, unit, field.clause, id=field.id)


def settings(speaker: Speaker) -> Iterator[Entry]:
    """What the sources leave open."""
    for index, setting in enumerate(speaker.standard.model.setting):
        yield from _setting(("setting", index), setting)


def _setting(path: Path_, setting: Setting) -> Iterator[Entry]:
    default = Fraction(setting.default) if isinstance(setting.default, Decimal) else setting.default
    told = headed(Text("默认", "default"), setting_value(setting, default))
    text = joined([identified(setting.id, setting.text), TYPES[setting.type]])
    yield Entry(1, path, text, told, setting.clause, setting.mark, setting.id)
    for number, choice in enumerate(setting.choices):
        yield Entry(2, (*path, "choices", number), identified(choice.id, choice.text), id=choice.id)
    yield from said(2, (*path, "note"), Text("说明", "note"), setting.note, setting.note_en)


def scopes(speaker: Speaker) -> Iterator[Entry]:
    """Which sections count."""
    for index, scope in enumerate(speaker.standard.model.scope):
        yield from _scope(speaker, ("scope", index), scope)


def _scope(speaker: Speaker, path: Path_, scope: Scope) -> Iterator[Entry]:
    yield Entry(
        1,
        path,
        identified(scope.id, scope.text),
        stages_text(scope.stages),
        scope.clause,
        scope.mark,
        scope.id,
    )
    for number, out in enumerate(scope.exclude):
        text = headed(Text("不计", "left out"), seen(out.text))
        when = headed(Text("当", "where"), speaker.formula(out.when))
        yield Entry(
            2,
            (*path, "exclude", number),
            joined([text, when]),
            NO_TEXT,
            out.clause,
            out.mark,
            raw=out.when.text,
        )


def split(speaker: Speaker) -> Iterator[Entry]:
    """How whole-school amounts are shared among stages."""
    split = speaker.standard.model.split
    if split is None:
        return
    yield Entry(
        1,
        ("split",),
        Text("全校数据按加权学生数分摊", "shared by weighted students"),
        NO_TEXT,
        split.clause,
        split.mark,
    )
    for number, name in enumerate(split.fields):
        yield Entry(2, ("split", "fields", number), headed(Text("分摊", "shared"), speaker.named(name)))
    for kind, weights in {**split.weights, "": split.other}.items():
        label = SCHOOL_TYPES.get(kind, Text("其他学校", "other schools"))
        told = joined(
            [joined([stage_text(s), same(plain(w))], SPACE) for s, w in weights.items()], Text(", ", ", ")
        )
        path = ("split", "weights", kind) if kind else ("split", "other")
        yield Entry(2, path, headed(Text("权重", "weights"), label), told)
    for number, each in enumerate(split.attached):
        told = joined([speaker.named(each.field), speaker.named(each.weight_setting)], Text(" × ", " × "))
        yield Entry(2, ("split", "attached", number), headed(Text("附设", "attached"), told))
    if split.campus_setting:
        text = headed(Text("校区按设置", "campuses by the setting"), speaker.named(split.campus_setting))
        yield Entry(2, ("split", "campus_setting"), text)


def indicators(speaker: Speaker) -> Iterator[Entry]:
    """The indicators, each with its formula and its limits a stage."""
    for index, indicator in enumerate(speaker.standard.model.indicator):
        path = ("indicator", index)
        yield _indicator(path, indicator)
        for number, way in enumerate(indicator.numerator):
            yield from alternative(speaker, 2, (*path, "numerator", number), Text("分子", "numerator"), way)
        scale = same(f"× {plain(indicator.scale)}") if indicator.scale != 1 else NO_TEXT
        yield speaker.line(
            2, (*path, "denominator"), Text("分母", "denominator"), indicator.denominator, scale
        )
        for stage, limit in indicator.limit.items():
            yield _limit(speaker, (*path, "limit", stage), indicator, stage, limit)
        yield from said(2, (*path, "definition"), Text("定义出处", "definition"), indicator.definition)
        yield from said(2, (*path, "evidence"), Text("所需材料", "evidence"), indicator.evidence)


def _indicator(path: Path_, indicator: Indicator) -> Entry:
    bounds = [
        joined([stage_text(stage), limit_text(indicator.op, limit.value)], SPACE)
        for stage, limit in indicator.limit.items()
    ]
    short = seen(Text(indicator.short, "")) if indicator.short else NO_TEXT
    text = joined([identified(indicator.id, indicator.text), short])
    limit = joined([joined(bounds, Text(", ", ", ")), unit_of(indicator.unit)], SPACE)
    return Entry(1, path, text, limit, indicator.clause, id=indicator.id)


def _limit(speaker: Speaker, path: Path_, indicator: Indicator, stage: str, limit: Limit) -> Entry:
    rule, floor = speaker.standard.model.school_rule, limit.floor
    text = headed(Text("标准", "limit"), stage_text(stage))
    told = limit_text(indicator.op, limit.value, unit_of(indicator.unit))
    if floor is None and rule is not None:
        share = Fraction(rule.floor_share) * Fraction(limit.value)
        text = joined([text, Text(f"底线 {plain(share)}", f"floor {plain(share)}")])
    elif floor is not None:
        text = joined([text, Text(f"底线 {plain(floor)}", f"floor {plain(floor)}")])
    return Entry(2, path, text, told, limit.clause or indicator.clause)


def alternative(speaker: Speaker, depth: int, path: Path_, word: Text, way: Alternative) -> Iterator[Entry]:
    """One way to get a value."""
    where = stages_text(way.stages) if way.stages else NO_TEXT
    basis = seen(Text(way.basis, way.basis_en or way.basis)) if way.basis else NO_TEXT
    yield speaker.line(depth, path, word, way.value, joined([basis, where]))


def reliefs(speaker: Speaker) -> Iterator[Entry]:
    """Easier limits for some schools, for a time."""
    for index, relief in enumerate(speaker.standard.model.relief):
        path = ("relief", index)
        cure = Text(f"{relief.cure_years} 年内整改", f"to be cured within {relief.cure_years} years")
        text = joined(
            [identified(relief.id, relief.text), Text(f"用于 {relief.target}", f"for {relief.target}")]
        )
        yield Entry(1, path, text, cure, relief.clause, relief.mark, relief.id)
        yield from _relief(speaker, path, relief)


def _relief(speaker: Speaker, path: Path_, relief: Relief) -> Iterator[Entry]:
    yield speaker.line(2, (*path, "when"), Text("当", "where"), relief.when)
    if relief.numerator is not None:
        yield speaker.line(2, (*path, "numerator"), Text("分子改为", "numerator becomes"), relief.numerator)
    if relief.limit is not None:
        yield speaker.line(2, (*path, "limit"), Text("限值改为", "limit becomes"), relief.limit)
    for kind, size in relief.sizes.items():
        yield speaker.line(
            2,
            (*path, "sizes", kind),
            joined([speaker.room(kind), Text("面积改为", "size becomes")], SPACE),
            size,
        )
    words = {"switch": Text("启用", "in use"), "start": Text("自", "from"), "end": Text("至", "until")}
    for key, word in words.items():
        yield Entry(2, (*path, key), headed(word, speaker.named(getattr(relief, key))))


def school_rule(speaker: Speaker) -> Iterator[Entry]:
    """How many indicators a school must reach."""
    model = speaker.standard.model
    rule = model.school_rule
    if rule is None:
        return
    count = rule.count(len(model.indicator))
    text = Text(
        f"{count} 项中至少 {rule.at_least} 项达标, 其余不低于限值的 {plain(rule.floor_share)}",
        f"at least {rule.at_least} of {count} met, the rest at {plain(rule.floor_share)} of the limit or more",
    )
    part = headed(Text("用于", "for"), speaker.part(rule.part))
    yield Entry(1, ("school_rule",), joined([text, part]), same(f"{rule.at_least}/{count}"), rule.clause)


def dispersion(speaker: Speaker) -> Iterator[Entry]:
    """How far schools may differ."""
    spread = speaker.standard.model.dispersion
    if spread is None:
        return
    judged = {
        "each": Text("逐项判定", "judged each"),
        "composite": Text("按各项平均判定", "judged on the mean of all"),
    }
    name = {"cv": Text("差异系数", "coefficient of variation")}.get(spread.statistic, same(spread.statistic))
    part = headed(Text("用于", "for"), speaker.part(spread.part))
    yield Entry(1, ("dispersion",), joined([name, judged[spread.judged], part]), NO_TEXT, spread.clause)
    if spread.indicators:
        told = headed(Text("指标", "indicators"), same(", ".join(spread.indicators)))
        yield Entry(2, ("dispersion", "indicators"), told)
    for stage, limit in spread.limit.items():
        text = headed(Text("限值", "limit"), stage_text(stage))
        clause = limit.clause or spread.clause
        yield Entry(2, ("dispersion", "limit", stage), text, limit_text(spread.op, limit.value), clause)
    if spread.formula_clause:
        formula = Text("算法出处", "source of the formula")
        yield Entry(2, ("dispersion", "formula_clause"), formula, NO_TEXT, spread.formula_clause)
