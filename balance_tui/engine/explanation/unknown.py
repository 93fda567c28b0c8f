"""Why the value of an indicator is unknown, and why a section is left out."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import polars as pl

from ...language import Text
from ...standard.model import Indicator
from ...standard.tests import Alternative
from ..figures import figure
from ..indicators import AGREE, alternatives, exact_numerator, section_facts
from ..status import UNKNOWN
from . import origin, reliefs
from .derivation import LIST, Step, joined, present
from .formula import spelled
from .scene import Scene, seen
from .split import missing_students


def exclusion_steps(scene: Scene, row: Mapping[str, Any]) -> list[Step]:
    scope = next((scope for scope in scene.model.scope if scope.id == "resources"), None)
    position = row.get("_reason")
    if scope is None or position is None:
        text = Text("该标准不评估此学段的指标", "the standard judges no indicator of this section")
        return [Step("reason", Text("不计入", "left out"), text)]
    exclusion = scope.exclude[position]
    clause, place = scene.context.standard.cited(exclusion.clause, "scope", scope.id, "exclude", position)
    source = scene.source(clause, place, exclusion.mark)
    facts = reliefs.facts_text(scene, exclusion.when, row)
    data = {"excluded": True, **scene.source_data(clause, place, exclusion.mark)}
    step = Step("reason", Text("不计入", "left out"), joined([seen(exclusion.text), facts, source]), data)
    wanted = origin.reported(scene, row, scene.facts_in(exclusion.when))
    return [
        step,
        *scene.setting_steps(scene.settings_in(exclusion.when)),
        *present(origin.origin_step(scene, row, wanted)),
    ]


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
        whys.append(_scope_unknown(scene, frame))
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


def scope_facts(scene: Scene, frame: pl.DataFrame) -> list[str]:
    """The missing facts that leave open whether a section is in scope."""
    row = frame.row(0, named=True)
    scope = next(scope for scope in scene.model.scope if scope.id == "resources")
    open_ = [each for each in scope.exclude if reliefs.truth(scene, each.when, frame) is None]
    names = [name for each in open_ for name in scene.facts_in(each.when) if row.get(name) is None]
    return list(dict.fromkeys(names))


def _scope_unknown(scene: Scene, frame: pl.DataFrame) -> Text:
    lacking = joined([scene.label(name) for name in scope_facts(scene, frame)], LIST)
    return Text(
        f"是否计入未知, 缺: {lacking.zh}", f"whether it is in scope is unknown, missing: {lacking.en}"
    )


def _numerator_unknown(scene: Scene, ways: tuple[Alternative, ...], row: Mapping[str, Any]) -> Text:
    values = [
        each
        for each in (exact_numerator(row, (way.value,), scene.context) for way in ways)
        if each is not None
    ]
    if len(values) > 1 and any(abs(each - values[0]) > AGREE * abs(values[0]) for each in values):
        shown = ", ".join(figure(each, 4) for each in values)
        return Text(f"两种来源不一致: {shown}", f"two sources of the figure disagree: {shown}")
    names = [name for name in scene.facts_in(*(way.value for way in ways)) if row.get(name) is None]
    if not names:
        return Text("", "")
    lacking = joined([scene.label(name) for name in names], LIST)
    return Text(f"缺: {lacking.zh}", f"missing: {lacking.en}")
