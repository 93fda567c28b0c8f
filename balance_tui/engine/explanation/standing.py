"""Where a value stands: at a bound, under the school rule, in the dispersion of its county."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from ...language import Text
from ...standard.model import Indicator
from ..exact import NEAR
from ..figures import figure
from ..indicators import exact_value, thresholds
from ..school_rule import lists
from ..status import LABELS, WORDS
from .derivation import NO_TEXT, SPACE, Step, joined, same
from .scene import Scene
from .spread import contributions, figure_of, is_dispersed, turning_point


def near_step(scene: Scene, indicator: Indicator, stage: str, row: Mapping[str, Any]) -> Step | None:
    """That a value was too close to a limit for binary fractions, and what exact fractions said."""
    value = row[indicator.id]
    if value is None:
        return None
    exact = exact_value(row, indicator, stage, scene.context)
    bounds = [
        b
        for b in thresholds(indicator, stage, scene.context)
        if abs(value - float(b)) <= NEAR * max(1.0, float(b))
    ]
    if exact is None or not bounds:
        return None
    bound = bounds[0]
    word = "=" if exact == bound else ">" if exact > bound else "<"
    text = Text(
        f"数值紧靠界限, 以分数精确判定: {exact} {word} {bound}",
        f"the value lies at a bound and is decided in exact fractions: {exact} {word} {bound}",
    )
    return Step(
        "exact",
        Text("精确判定", "exact decision"),
        text,
        {"value": str(exact), "bound": str(bound), "sign": word},
    )


def rounding_step(scene: Scene, indicator: Indicator, stage: str, row: Mapping[str, Any]) -> Step | None:
    """That the printed figure would be judged otherwise."""
    rows = scene.mine(scene.result.indicator_details).filter(
        (pl.col("school_id") == row["school_id"])
        & (pl.col("stage") == stage)
        & (pl.col("indicator") == indicator.id)
    )
    if not rows.height or not rows["flips_when_rounded"][0]:
        return None
    value, printed = row[indicator.id], figure(row[indicator.id], indicator.decimals)
    text = Text(
        f"按 {value!r} 判定; 取整为 {printed} 则结论会变",
        f"judged on {value!r}; rounded to {printed} it would be judged otherwise",
    )
    return Step(
        "rounding",
        Text("取整会改变结论", "rounding would change the outcome"),
        text,
        {"value": value, "printed": printed},
    )


def rule_step(scene: Scene, indicator: Indicator, frame: pl.DataFrame) -> Step | None:
    """Where the section stands under the school rule."""
    rule, row = scene.model.school_rule, frame.row(0, named=True)
    if rule is None or row["_school"] is None:
        return None
    names = [each.id for each in scene.model.indicator]
    kinds = lists(frame, names).row(0, named=True)
    met, status = len(kinds["met"]), WORDS[row["_school"]]
    word = LABELS[status]
    clause, place = scene.context.standard.cited(rule.clause, "school_rule")
    text = Text(
        f"{rule.of or len(names)} 项中 {met} 项达标, 须 {rule.at_least} 项; 本学段综合{word.zh}",
        f"{met} of {rule.of or len(names)} indicators met, {rule.at_least} needed; the section as a whole: {word.en}",
    )
    data = {"status": status, "at_least": rule.at_least, "indicator": indicator.id, **kinds}
    return Step("rule", Text("学校综合", "school rule"), joined([text, scene.source(clause, place)]), data)


def contribution_step(
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
        text = Text(
            f"差异系数未知: {missing} 处数值未知",
            f"the dispersion is unknown: {missing} sections are unknown",
        )
        return Step("contribution", label, text, {"cv": None, "missing": missing})
    return Step(
        "contribution",
        label,
        _contributed(own, figures, rows.height, indicator, unit),
        {
            "cv": figures["cv"],
            "sd": figures["sd"],
            "mean": figures["mean"],
            "sections": rows.height,
            **{name: own[name] for name in ("weight", "deviation", "contribution", "share", "rank")},
        },
    )


def _contributed(
    own: Mapping[str, Any], figures: Mapping[str, Any], sections: int, indicator: Indicator, unit: Text
) -> Text:
    digits = indicator.decimals + 2
    value, mean, result = (
        figure(number, digits) for number in (own["value"], figures["mean"], own["contribution"])
    )
    formula = f"P/P_N {figure(own['weight'], 6)} × ({value} − {mean})² = {result}"
    share = "—" if own["share"] is None else f"{figure(own['share'] * 100, 1)} %"
    cv, rank = figure(figures["cv"], 4), own["rank"]
    side = _side(own["value"], figures, digits)
    return joined(
        [
            Text(f"差异系数 {cv}", f"CV {cv}"),
            same(formula),
            Text(
                f"占 S² 的 {share}, {sections} 处中第 {rank} 位", f"{share} of S², rank {rank} of {sections}"
            ),
            joined([side, Text(f"(单位 {unit.zh})", f"(unit: {unit.en})")], SPACE),
        ]
    )


def _side(value: float, figures: Mapping[str, Any], digits: int) -> Text:
    """Whether a little more would widen or narrow the dispersion."""
    turn = turning_point(figures)
    if turn is None:
        return NO_TEXT
    bound = figure(turn, digits)
    if value > turn:
        return Text(
            f"高于 X̄(1 + CV²) = {bound}: 再提高会加大差异系数",
            f"above X̄(1 + CV²) = {bound}: raising it widens the dispersion",
        )
    return Text(
        f"不高于 X̄(1 + CV²) = {bound}: 略为提高会缩小差异系数",
        f"not above X̄(1 + CV²) = {bound}: raising it a little narrows the dispersion",
    )
