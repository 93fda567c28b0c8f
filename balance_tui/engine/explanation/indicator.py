"""How the value of an indicator for one section came about."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import polars as pl

from ...data.dictionary import UNITS_EN
from ...errors import visible
from ...language import Text
from ...standard.expression import Constant, Expression, Node, Operation
from ...standard.model import Alternative, Indicator
from ..exact import NEAR
from ..figures import figure
from ..indicators import AGREE, alternatives, exact_numerator, exact_value, section_facts, thresholds
from ..result import Result
from ..school_rule import lists
from ..status import LABELS, NOT_APPLICABLE, PASS, UNKNOWN, WORDS
from . import lookup, origin, reliefs
from .derivation import LIST, Derivation, Step, joined, same
from .formula import spelled
from .gap import gap_step
from .limits import limit_steps
from .scene import Scene, school_name, seen, stage_text
from .split import missing_students, split_fields, split_steps
from .spread import contributions, figure_of, is_dispersed


def explain_indicator(
    result: Result, school: str, stage: str, indicator: str, county: str | None = None, year: int | None = None
) -> Derivation:
    """The derivation of one indicator of one section; `school` is its id or exact name.

    Errors: `EXP-STAGE`, `EXP-INDICATOR`, `EXP-SCHOOL`, `EXP-AMBIGUOUS`, `EXP-COUNTY`, `EXP-REJECTED`.
    """
    code = lookup.stage_code(result, stage)
    asked = indicator_of(result, indicator)
    scene, school_id = lookup.section(result, school, code, county, year)
    row = _row(scene, school_id, code)
    return _judged(scene, asked, code, row) if row is not None else _excluded(scene, asked, code, school_id)


def indicator_of(result: Result, name: str) -> Indicator:
    """The indicator with this id. Errors: `EXP-INDICATOR`."""
    known = {each.id: each for each in result.context.standard.model.indicator}
    return known[lookup.known_id(name, known, Text("指标", "indicator"), "EXP-INDICATOR")]


def unit_of(unit: str) -> Text:
    """A unit in both languages."""
    return Text(visible(unit), visible(UNITS_EN.get(unit, unit)))


def _row(scene: Scene, school_id: str, stage: str) -> pl.DataFrame | None:
    """The judged row of the section, or None where it is excluded."""
    frame = scene.result.resources.stages.get(stage)
    if frame is None:
        return None
    rows = scene.mine(frame).filter(pl.col("school_id") == school_id)
    return rows.head(1) if rows.height else None


def _heading(scene: Scene, indicator: Indicator, stage: str, row: Mapping[str, Any]) -> tuple[Text, dict[str, Any]]:
    where = same(school_name(row))
    parts = [joined([same(indicator.id), seen(indicator.text)], Text(" ", " ")), where, stage_text(stage), scene.name]
    subject = {
        **scene.key, "school_id": row["school_id"], "school": row["school"], "stage": stage, "indicator": indicator.id,
    }  # fmt: skip
    return joined(parts, Text(" · ", " · ")), subject


def _judged(scene: Scene, indicator: Indicator, stage: str, frame: pl.DataFrame) -> Derivation:
    row = frame.row(0, named=True)
    unit, limit = unit_of(indicator.unit), indicator.limit.get(stage)
    title, subject = _heading(scene, indicator, stage, row)
    ways = alternatives(indicator, stage)
    names = scene.facts_in(*(way.value for way in ways), indicator.denominator)
    steps = [
        *reason_steps(scene, indicator, stage, frame),
        *_formulas(scene, indicator, ways, row, unit),
        *split_steps(scene, row, names),
        *limit_steps(scene, indicator, stage, unit),
        *reliefs.indicator_reliefs(scene, indicator, stage, frame),
        *_optional(_near(scene, indicator, stage, row), _rounding(scene, indicator, stage, row)),
        *_optional(gap_step(scene, indicator, stage, row, unit), _rule(scene, indicator, frame)),
        *_optional(_contribution(scene, indicator, stage, row, unit)),
        *scene.setting_steps(_settings(scene, indicator, stage)),
        *_data(scene, indicator, stage, row, names),
    ]
    return Derivation(
        title, WORDS[row[f"{indicator.id}_status"]], row[indicator.id],
        float(limit.value) if limit else None, unit, tuple(steps), subject, indicator.decimals,
    )  # fmt: skip


def _optional(*steps: Step | None) -> list[Step]:
    return [step for step in steps if step]


def _excluded(scene: Scene, indicator: Indicator, stage: str, school_id: str) -> Derivation:
    """A section left out of the indicators: why, by which clause."""
    rows = scene.mine(scene.result.resources.excluded)
    own = rows.filter((pl.col("school_id") == school_id) & (pl.col("stage") == stage))
    sections = scene.facts.sections.filter((pl.col("school_id") == school_id) & (pl.col("stage") == stage))
    row = (own if own.height else sections).row(0, named=True)
    title, subject = _heading(scene, indicator, stage, row)
    steps = _exclusion_steps(scene, row)
    return Derivation(
        title, "not_applicable", None, None, unit_of(indicator.unit), tuple(steps), subject, indicator.decimals
    )  # fmt: skip


def _exclusion_steps(scene: Scene, row: Mapping[str, Any]) -> list[Step]:
    scope = next((scope for scope in scene.model.scope if scope.id == "resources"), None)
    position = row.get("_reason")
    if scope is None or position is None:
        text = Text("该标准不评估此学段的指标", "the standard judges no indicator of this section")
        return [Step("reason", Text("不计入", "left out"), text)]
    exclusion = scope.exclude[position]
    place = scene.context.standard.place("scope", scope.id, "exclude", position)
    source = scene.source(exclusion.clause, place, exclusion.mark)
    facts = reliefs.facts_text(scene, exclusion.when, row)
    data = {"excluded": True, **scene.source_data(exclusion.clause, place, exclusion.mark)}
    step = Step("reason", Text("不计入", "left out"), joined([seen(exclusion.text), facts, source]), data)
    wanted = origin.reported(scene.facts_in(exclusion.when), row["stage"], False, scene)
    return [
        step, *scene.setting_steps(scene.settings_in(exclusion.when)),
        *_optional(origin.origin_step(scene, row, wanted)),
    ]  # fmt: skip


def reason_steps(scene: Scene, indicator: Indicator, stage: str, frame: pl.DataFrame) -> list[Step]:
    """Why a value is unknown; nothing where it is known."""
    row = frame.row(0, named=True)
    if row[indicator.id] is not None:
        status = row[f"{indicator.id}_status"]
        told = Text("过渡条款能否适用未知", "whether a relief applies is unknown")
        return [Step("reason", Text("为何未知", "why unknown"), told)] if status == UNKNOWN else []
    told = joined(_whys(scene, indicator, stage, frame, row))
    return [Step("reason", Text("为何未知", "why unknown"), told)]


def _whys(
    scene: Scene, indicator: Indicator, stage: str, frame: pl.DataFrame, row: Mapping[str, Any]
) -> list[Text]:
    whys = []
    if row["_in"] is None:
        whys.append(_scope_unknown(scene, frame, row))
    if row["_share"] is None:
        lacking = missing_students(scene, row)
        whys.append(Text(f"学段占比未知: {lacking.zh}", f"the share of the stage is unknown: {lacking.en}"))
    denominator = indicator.denominator.exact(section_facts(row, scene.context))
    if not isinstance(denominator, Fraction) or denominator <= 0:
        label = spelled(scene.bound(indicator.denominator).node, scene.label)
        whys.append(Text(f"分母缺失或为零: {label.zh}", f"the denominator is missing or zero: {label.en}"))
    if row[f"{indicator.id}_x"] is None:
        whys.append(_numerator_unknown(scene, alternatives(indicator, stage), row))
    return whys


def _scope_unknown(scene: Scene, frame: pl.DataFrame, row: Mapping[str, Any]) -> Text:
    scope = next(scope for scope in scene.model.scope if scope.id == "resources")
    open_ = [each for each in scope.exclude if reliefs.truth(scene, each.when, frame) is None]
    names = [name for each in open_ for name in scene.facts_in(each.when) if row.get(name) is None]
    lacking = joined([scene.label(name) for name in dict.fromkeys(names)], LIST)
    return Text(f"是否计入未知, 缺: {lacking.zh}", f"whether it is in scope is unknown, missing: {lacking.en}")


def _numerator_unknown(scene: Scene, ways: tuple[Alternative, ...], row: Mapping[str, Any]) -> Text:
    values = [each for each in (exact_numerator(row, (way.value,), scene.context) for way in ways) if each is not None]
    if len(values) > 1 and any(abs(each - values[0]) > AGREE * abs(values[0]) for each in values):
        shown = ", ".join(figure(each, 4) for each in values)
        return Text(f"两种来源不一致: {shown}", f"two sources of the figure disagree: {shown}")
    names = [name for name in scene.facts_in(*(way.value for way in ways)) if row.get(name) is None]
    if not names:
        return Text("分子未知", "the numerator is unknown")
    lacking = joined([scene.label(name) for name in names], LIST)
    return Text(f"缺: {lacking.zh}", f"missing: {lacking.en}")


def _formulas(
    scene: Scene, indicator: Indicator, ways: tuple[Alternative, ...], row: Mapping[str, Any], unit: Text
) -> list[Step]:
    """The formula in labels; the same in numbers; where there are several ways, which one was used."""
    facts = section_facts(row, scene.context)
    known = [exact_numerator(row, (way.value,), scene.context) for way in ways]
    position = next((i for i, each in enumerate(known) if each is not None), 0)
    used = ways[position] if ways else None
    if used is None:
        return []
    node = _whole(scene, indicator, used.value)
    value = row[indicator.id]
    words = spelled(node, scene.label)
    numbers = spelled(node, lambda name: _number(scene, name, row, facts))
    shown = joined([numbers, same(figure(value, indicator.decimals + 2))], Text(" = ", " = "))
    place = scene.context.standard.place("indicator", indicator.id, "numerator")
    source = scene.source(indicator.definition or indicator.clause, place)
    steps = [
        Step("formula", Text("公式", "formula"), joined([words, source]), {
            "numerator": used.value.text, "denominator": indicator.denominator.text, "scale": float(indicator.scale),
            **scene.source_data(indicator.definition or indicator.clause, place),
        }),
        Step("numbers", Text("代入", "numbers"), joined([shown, unit], Text(" ", " ")), {
            "numerator": row[f"{indicator.id}_x"], "denominator": _denominator(scene, indicator, row),
            "scale": float(indicator.scale), "value": value, "exact": _exact(facts, scene, used.value, indicator),
        }),
    ]  # fmt: skip
    return [*steps, *([_choice(scene, ways, position, known)] if len(ways) > 1 else [])]


def _whole(scene: Scene, indicator: Indicator, numerator: Expression) -> Node:
    """numerator ÷ denominator × scale as one formula, settings put in."""
    ratio = Operation("/", (scene.bound(numerator).node, scene.bound(indicator.denominator).node))
    return ratio if indicator.scale == 1 else Operation("*", (ratio, Constant(Fraction(indicator.scale))))


def _number(scene: Scene, name: str, row: Mapping[str, Any], facts: Mapping[str, Any]) -> Text:
    """A label with its number; a shared amount as it is after the split."""
    shared = name in split_fields(scene, (name,)) and row["_combined"]
    if not shared or facts.get(name) is None:
        return reliefs.valued(scene, name, None if shared else row.get(name))
    return joined([scene.label(name), same(figure(facts[name], 2))], Text(" ", " "))


def _denominator(scene: Scene, indicator: Indicator, row: Mapping[str, Any]) -> float | None:
    value = indicator.denominator.exact(section_facts(row, scene.context))
    return float(value) if isinstance(value, Fraction) else None


def _exact(facts: Mapping[str, Any], scene: Scene, way: Expression, indicator: Indicator) -> dict[str, str | None]:
    """The facts of the formula as exact fractions, shared amounts after the split."""
    names = scene.facts_in(way, indicator.denominator)
    return {name: None if facts.get(name) is None else str(facts[name]) for name in names}


def _choice(
    scene: Scene, ways: tuple[Alternative, ...], position: int, known: list[Fraction | None]
) -> Step:
    """Which of several ways to the numerator was used, and why."""
    told, rows = [], []
    for index, (way, value) in enumerate(zip(ways, known, strict=True)):
        words = spelled(scene.bound(way.value).node, scene.label)
        basis = Text(f"{visible(way.basis)}: {words.zh}" if way.basis else words.zh, words.en)
        state = _way_state(value, used=index == position and value is not None)
        told.append(joined([basis, state], Text(" — ", " - ")))
        rows.append({"formula": way.value.text, "basis": way.basis, "used": index == position and value is not None,
                     "numerator": None if value is None else float(value)})  # fmt: skip
    return Step("alternative", Text("取数依据", "which figures"), joined(told), {"ways": rows})


def _way_state(value: Fraction | None, *, used: bool) -> Text:
    if value is None:
        return Text("未填报", "not reported")
    if used:
        return Text(f"采用, 分子 {figure(value, 4)}", f"used, numerator {figure(value, 4)}")
    return Text(f"核对, 分子 {figure(value, 4)}", f"as a check, numerator {figure(value, 4)}")


def _near(scene: Scene, indicator: Indicator, stage: str, row: Mapping[str, Any]) -> Step | None:
    """That a value was too close to a limit for binary fractions, and what exact fractions said."""
    value = row[indicator.id]
    if value is None:
        return None
    exact = exact_value(row, indicator, stage, scene.context)
    bounds = [b for b in thresholds(indicator, stage, scene.context) if abs(value - float(b)) <= NEAR * max(1.0, float(b))]
    if exact is None or not bounds:
        return None
    bound = bounds[0]
    word = "=" if exact == bound else ">" if exact > bound else "<"
    text = Text(
        f"数值紧靠界限, 以分数精确判定: {exact} {word} {bound}",
        f"the value lies at a bound and is decided in exact fractions: {exact} {word} {bound}",
    )
    return Step("exact", Text("精确判定", "exact decision"), text, {"value": str(exact), "bound": str(bound), "sign": word})


def _rounding(scene: Scene, indicator: Indicator, stage: str, row: Mapping[str, Any]) -> Step | None:
    """That the printed figure would be judged otherwise."""
    rows = scene.mine(scene.result.indicators).filter(
        (pl.col("school_id") == row["school_id"]) & (pl.col("stage") == stage) & (pl.col("indicator") == indicator.id)
    )
    if not rows.height or not rows["flips_when_rounded"][0]:
        return None
    value, printed = row[indicator.id], figure(row[indicator.id], indicator.decimals)
    text = Text(
        f"按 {value!r} 判定; 取整为 {printed} 则结论会变",
        f"judged on {value!r}; rounded to {printed} it would be judged otherwise",
    )
    return Step("rounding", Text("取整会改变结论", "rounding would change the outcome"), text, {"value": value, "printed": printed})


def _rule(scene: Scene, indicator: Indicator, frame: pl.DataFrame) -> Step | None:
    """Where the section stands under the school rule."""
    rule, row = scene.model.school_rule, frame.row(0, named=True)
    if rule is None or row["_school"] is None:
        return None
    names = [each.id for each in scene.model.indicator]
    kinds = lists(frame, names).row(0, named=True)
    met, status = len(kinds["met"]), WORDS[row["_school"]]
    word = LABELS[status]
    place = scene.context.standard.place("school_rule")
    text = Text(
        f"{len(names)} 项中 {met} 项达标, 须 {rule.at_least} 项; 本学段综合{word.zh}",
        f"{met} of {len(names)} indicators met, {rule.at_least} needed; the section as a whole: {word.en}",
    )
    data = {"status": status, "at_least": rule.at_least, "indicator": indicator.id, **kinds}
    return Step("rule", Text("学校综合", "school rule"), joined([text, scene.source(rule.clause, place)]), data)


def _contribution(
    scene: Scene, indicator: Indicator, stage: str, row: Mapping[str, Any], unit: Text
) -> Step | None:
    """What the section adds to the county's dispersion."""
    if not is_dispersed(scene, indicator, stage):
        return None
    figures = figure_of(scene, stage, indicator.id)
    rows = contributions(scene, stage, indicator)
    own = rows.filter(pl.col("school_id") == row["school_id"]).row(0, named=True)
    label = Text("对差异系数的贡献", "contribution to the dispersion")
    if figures is None or own["contribution"] is None:
        missing = figures["missing"] if figures else rows.height
        text = Text(f"差异系数未知: {missing} 处数值未知", f"the dispersion is unknown: {missing} sections are unknown")
        return Step("contribution", label, text, {"cv": None, "missing": missing})
    return Step("contribution", label, _contributed(own, figures, rows.height, indicator, unit), {
        "cv": figures["cv"], "sd": figures["sd"], "mean": figures["mean"], "sections": rows.height,
        **{name: own[name] for name in ("weight", "deviation", "contribution", "share", "rank")},
    })  # fmt: skip


def _contributed(
    own: Mapping[str, Any], figures: Mapping[str, Any], sections: int, indicator: Indicator, unit: Text
) -> Text:
    digits = indicator.decimals + 2
    value, mean, result = (figure(number, digits) for number in (own["value"], figures["mean"], own["contribution"]))
    formula = f"P/P_N {figure(own['weight'], 6)} × ({value} − {mean})² = {result}"
    share = "—" if own["share"] is None else f"{figure(own['share'] * 100, 1)} %"
    cv, rank = figure(figures["cv"], 4), own["rank"]
    side = _side(own["deviation"])
    return joined([
        Text(f"差异系数 {cv}", f"CV {cv}"), same(formula),
        Text(f"占 S² 的 {share}, {sections} 处中第 {rank} 位", f"{share} of S², rank {rank} of {sections}"),
        joined([side, Text(f"(单位 {unit.zh})", f"(unit: {unit.en})")], Text(" ", " ")),
    ])  # fmt: skip


def _side(deviation: float) -> Text:
    if deviation > 0:
        return Text("高于全县均值: 再提高会加大差异", "above the county's mean: raising it further widens the dispersion")
    return Text("不高于全县均值: 提高会缩小差异", "not above the county's mean: raising it narrows the dispersion")


def _settings(scene: Scene, indicator: Indicator, stage: str) -> tuple[str, ...]:
    """The settings that had a say in the ordinary value; those of reliefs stand with the reliefs."""
    ways = (way.value for way in alternatives(indicator, stage))
    return scene.settings_in(*ways, indicator.denominator)


def _data(
    scene: Scene, indicator: Indicator, stage: str, row: Mapping[str, Any], names: tuple[str, ...]
) -> list[Step]:
    """Missing facts, the checks behind them, and the cells of every fact used."""
    tried = [r for r in scene.model.relief if r.target == indicator.id and row[f"{indicator.id}_plain"] not in (NOT_APPLICABLE, PASS)]
    more = scene.facts_in(*(each for relief in tried for each in (relief.when, relief.numerator)))
    every = tuple(dict.fromkeys((*names, *more)))
    split = bool(row["_combined"] and split_fields(scene, every))
    wanted = origin.reported(every, stage, split, scene)
    missing = origin.missing_step(scene, row, every) if row[f"{indicator.id}_status"] == UNKNOWN else None
    return _optional(
        missing, origin.finding_step(scene, row, wanted), origin.origin_step(scene, row, wanted)
    )  # fmt: skip
