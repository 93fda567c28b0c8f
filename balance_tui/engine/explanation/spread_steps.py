"""Steps that a single dispersion figure and a composite share: limit, exact decision, rounding, reliefs."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ...language import Text
from ...plugins.shelf import provider_of
from ...standard.model import Dispersion, Indicator
from ...standard.plugged import CV
from ..dispersion import exact_squared_cv
from ..exact import NEAR
from ..figures import figure, plain
from .derivation import Step, joined
from .formula import sign
from .scene import Scene, stage_text
from .spread import counted


def title_of(scene: Scene, stage: str, name: Text) -> Text:
    return joined([Text("差异系数", "dispersion"), name, stage_text(stage), scene.name], Text(" · ", " · "))


def limit_step(scene: Scene, rule: Dispersion, stage: str, limit: float | None) -> Step:
    """The limit of the stage, or that the figure has none of its own."""
    if limit is None:
        text = Text("单项差异系数不判定, 只看综合", "single figures are not judged, the composite is")
        return Step("limit", Text("限值", "limit"), text, {"limit": None})
    place = scene.context.standard.place("dispersion", "limit", stage)
    clause = rule.limit[stage].clause or rule.clause
    label = stage_text(stage)
    bound = f"{sign(rule.op)} {plain(Fraction(rule.limit[stage].value))}"
    said = Text(f"{bound} ({label.zh})", f"{bound} ({label.en})")
    data = {"op": rule.op, "limit": limit, **scene.source_data(clause, place)}
    return Step("limit", Text("限值", "limit"), joined([said, scene.source(clause, place)]), data)


def near_steps(
    scene: Scene, stage: str, figures: Mapping[str, Any], indicators: tuple[Indicator, ...]
) -> list[Step]:
    """That the figure was too close to its limit for binary fractions."""
    cv, limit = figures["cv"], figures["limit"]
    if cv is None or limit is None or abs(cv - limit) > NEAR * max(abs(limit), 1.0):
        return []
    rule = scene.model.dispersion
    if rule is not None and rule.statistic != CV:
        return [_taken_as_limit(limit)]
    word = "=" if cv == limit else ">" if cv > limit else "<"
    text = Text(
        f"差异系数与限值相差不到 1e-9, 以分数精确判定: CV {word} {plain(limit)}",
        f"the figure is within 1e-9 of its limit and is decided in exact fractions: CV {word} {plain(limit)}",
    )
    squared = (
        exact_squared_cv(counted(scene, stage), indicators[0], stage, scene.context)
        if len(indicators) == 1
        else None
    )
    data = {"sign": word, "squared": None if squared is None else float(squared), "limit": limit}
    return [Step("exact", Text("精确判定", "exact decision"), text, data)]


def _taken_as_limit(limit: float) -> Step:
    text = Text(
        f"与限值相差不到 1e-9, 插件的数不能以分数重算, 视为等于限值 {plain(limit)}",
        f"within 1e-9 of the limit; what a plugin computed cannot be had in fractions and counts as {plain(limit)}",
    )
    return Step("exact", Text("视为限值", "taken as the limit"), text, {"sign": "=", "limit": limit})


def statistic_step(scene: Scene, rule: Dispersion, indicator: Indicator, figures: Mapping[str, Any]) -> Step:
    """Which plugin made the figure of what: its formula is the plugin's own."""
    plugin, name = provider_of("dispersion", rule.statistic)
    version = plugin.manifest.version if plugin.manifest else ""
    digits = indicator.decimals + 2
    value, mean = figure(figures["cv"], rule.decimals + 3), figure(figures["mean"], digits)
    text = Text(
        f"{name} = {value}, 由插件 {plugin.id} {version} 按 {figures['sections']} 处的数值与学生数算出; 均值 {mean}",
        f"{name} = {value}, computed by the plugin {plugin.id} {version} from the values and students of "
        f"{figures['sections']} sections; mean {mean}",
    )
    place = scene.context.standard.place("dispersion", "statistic")
    data = {
        "statistic": name, "plugin": plugin.id, "version": version, "value": figures["cv"],
        "mean": figures["mean"], "sections": figures["sections"], "missing": figures["missing"],
    }  # fmt: skip
    label = Text("统计量", "statistic")
    return Step("statistic", label, joined([text, scene.source(rule.clause, place)]), data)


def rounding_steps(rule: Dispersion, figures: Mapping[str, Any]) -> list[Step]:
    if not figures["flips_when_rounded"]:
        return []
    cv, printed = figures["cv"], figure(figures["cv"], rule.decimals)
    text = Text(
        f"按 {cv!r} 判定; 取整为 {printed} 则结论会变",
        f"judged on {cv!r}; rounded to {printed} it would be judged otherwise",
    )
    return [
        Step(
            "rounding",
            Text("取整会改变结论", "rounding would change the outcome"),
            text,
            {"value": cv, "printed": printed},
        )
    ]


def relief_note(scene: Scene, indicator: Indicator | None) -> Step | None:
    ids = [r.id for r in scene.model.relief if indicator is None or r.target == indicator.id]
    if not ids:
        return None
    text = Text(
        f"差异系数一律用普通数值, 过渡条款 ({'、'.join(ids)}) 不改变它; 未达标的学校同样计入",
        f"ordinary values only: reliefs ({', '.join(ids)}) never change it; sections that fail count as well",
    )
    return Step("note", Text("说明", "note"), text, {"reliefs": ids})
