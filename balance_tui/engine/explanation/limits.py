"""The number an indicator is held against, the floor below it, and where both are written."""

from __future__ import annotations

from fractions import Fraction

from ...errors import Place
from ...language import Text
from ...standard.model import Indicator, Limit
from ..figures import plain
from ..indicators import floor_of
from .derivation import SPACE, Step, joined, same
from .formula import sign
from .scene import Scene, stage_text

_DECIMALS = 4
"""Of a floor that does not end."""


def limit_steps(scene: Scene, indicator: Indicator, stage: str, unit: Text) -> list[Step]:
    """The standard of the stage and the floor; that there is none, where there is none."""
    limit = indicator.limit.get(stage)
    if limit is None:
        text = Text("该指标没有单项限值", "the indicator has no limit of its own")
        return [Step("limit", Text("标准", "standard"), text, {"limit": None})]
    place = scene.context.standard.place("indicator", indicator.id, "limit", stage)
    clause = limit.clause or indicator.clause
    bound = same(f"{sign(indicator.op)} {plain(Fraction(limit.value))}")
    said = joined([bound, unit, Text(f"({stage_text(stage).zh})", f"({stage_text(stage).en})")], SPACE)
    step = Step(
        "limit",
        Text("标准", "standard"),
        joined([said, scene.source(clause, place)]),
        {"op": indicator.op, "limit": float(limit.value), **scene.source_data(clause, place)},
    )
    floor = _floor_step(scene, indicator, limit, stage)
    return [step, floor] if floor else [step]


def _floor_step(scene: Scene, indicator: Indicator, limit: Limit, stage: str) -> Step | None:
    floor = floor_of(limit, scene.context)
    if floor is None:
        return None
    clause, place, made = _made(scene, indicator, limit, stage, floor)
    share = None if limit.floor is not None else scene.model.school_rule
    data = {
        "floor": float(floor),
        "share": float(share.floor_share) if share else None,
        **scene.source_data(clause, place),
    }
    rule = scene.model.school_rule
    use = Text("", "")
    if rule:
        n = rule.count(len(scene.model.indicator))
        use = Text(
            f"{n} 项中须 {rule.at_least} 项达标, 其余不低于此线",
            f"{rule.at_least} of {n} indicators must be met, the rest at or above this",
        )
    return Step("floor", Text("底线", "floor"), joined([made, use, scene.source(clause, place)]), data)


def _made(
    scene: Scene, indicator: Indicator, limit: Limit, stage: str, floor: Fraction
) -> tuple[str, Place | None, Text]:
    """Clause, place and making of the floor: written for the indicator, or a share of its limit."""
    rule = scene.model.school_rule
    if limit.floor is not None or rule is None:
        place = scene.context.standard.place("indicator", indicator.id, "limit", stage, "floor")
        return limit.clause or indicator.clause, place, same(_shown(floor))
    clause, place = scene.context.standard.cited(rule.clause, "school_rule", "floor_share")
    share, value = plain(Fraction(rule.floor_share)), plain(Fraction(limit.value))
    return clause, place, same(f"{share} × {value} = {_shown(floor)}")


def _shown(floor: Fraction) -> str:
    """The floor as it is where it ends within four decimals, else rounded, which the sign says."""
    rounded = round(floor, _DECIMALS)
    return plain(rounded) if rounded == floor else f"≈ {plain(rounded)}"
