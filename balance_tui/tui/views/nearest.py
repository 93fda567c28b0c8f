"""What the shortest way to passing would take of a section that fails the school rule (see `schools.distances`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from ...engine.explanation.gap import gap_step
from ...engine.explanation.scene import Scene, seen, unit_of
from ...engine.figures import figure, plain
from ...engine.indicators import thresholds
from ...engine.status import FAIL, FLOOR, PASS, RELIEVED
from ...language import Text
from ...standard.model import Indicator
from .common import school_named, stage_name
from .schools import distances


@dataclass(frozen=True)
class Failing:
    """A failing section: its judged row, and its distance from passing (null where something of it is unknown)."""

    stage: str
    row: Mapping[str, Any]
    distance: float | None


def failing(scene: Scene) -> list[Failing]:
    """Every section that fails the school rule, the nearest to passing first, unknown distances last."""
    if scene.model.school_rule is None:
        return []
    found = [each for stage in scene.result.resources.stages for each in _of_stage(scene, stage)]
    return sorted(found, key=lambda each: (each.distance is None, each.distance or 0.0))


def _of_stage(scene: Scene, stage: str) -> list[Failing]:
    rows = scene.mine(scene.result.resources.stages[stage])
    rows = rows.with_columns(distances(rows, stage, scene.context).alias("_distance"))
    short = rows.filter(pl.col("_school") == FAIL)
    return [Failing(stage, row, row["_distance"]) for row in short.iter_rows(named=True)]


def told(scene: Scene, section: Failing) -> Text:
    """`永宁小学 小学: L2 差 2 人`: in whole teachers, rooms, sets; of an indicator that need only reach the floor,
    that it is so."""
    name, stage = school_named(section.row), stage_name(section.stage)
    steps = [_told(scene, section, indicator, target) for indicator, target in _steps(scene, section)]
    steps = steps or [Text("有指标未知", "some indicators are unknown")]
    return seen(
        Text(
            f"{name} {stage.zh}: {'; '.join(each.zh for each in steps)}",
            f"{name} {stage.en}: {'; '.join(each.en for each in steps)}",
        )
    )


def _steps(scene: Scene, section: Failing) -> list[tuple[Indicator, int]]:
    """The indicators to raise, each to its standard (0) or to the floor (1): to the floor whatever lies below it, to
    the standard as many as the rule still wants, of those that take least."""
    rule = scene.model.school_rule
    if rule is None or section.distance is None:
        return []
    status = {each.id: section.row[f"{each.id}_status"] for each in scene.model.indicator}
    short = [each for each in scene.model.indicator if status[each.id] in (FAIL, FLOOR)]
    wanted = max(rule.at_least - sum(code in (PASS, RELIEVED) for code in status.values()), 0)
    lacks = {each.id: _lacks(scene, each, section) for each in short}
    cheapest = sorted(lacks, key=lambda name: lacks[name][0] - lacks[name][1])[:wanted]
    return [
        (each, 0 if each.id in cheapest else 1)
        for each in short
        if each.id in cheapest or status[each.id] == FAIL
    ]


def _lacks(scene: Scene, indicator: Indicator, section: Failing) -> tuple[float, float]:
    """What lacks to the standard and to the floor, as parts of the standard."""
    bounds = [float(each) for each in thresholds(indicator, section.stage, scene.context)]
    value, unit = _value(section.row, indicator), abs(bounds[0]) or 1.0
    away = [max(bound - value if indicator.op == ">=" else value - bound, 0.0) / unit for bound in bounds]
    below = section.row[f"{indicator.id}_status"] == FAIL
    return away[0], min(away) if below else 0.0


def _value(row: Mapping[str, Any], indicator: Indicator) -> float:
    eased = row.get(f"{indicator.id}_eased")
    return float(row[indicator.id] if eased is None else eased)


def _told(scene: Scene, section: Failing, indicator: Indicator, target: int) -> Text:
    unit = unit_of(indicator.unit)
    amount, whole = _amount(scene, section, indicator, target)
    lack = Text("差", "lacks") if indicator.op == ">=" else Text("超", "is over by")
    of_school = Text("全校", "in the whole school ") if whole else Text("", "")
    floor = Text(" (到底线)", " (to the floor)") if target else Text("", "")
    return Text(
        f"{indicator.id} {of_school.zh}{lack.zh} {amount} {unit.zh}{floor.zh}",
        f"{indicator.id} {of_school.en}{lack.en} {amount} {unit.en}{floor.en}",
    )


def _amount(scene: Scene, section: Failing, indicator: Indicator, target: int) -> tuple[str, bool]:
    """How much more is needed of what is counted, and whether of the whole school; by how much the value lacks
    where a relief has counted otherwise."""
    name = ("standard", "floor")[target]
    eased = section.row.get(f"{indicator.id}_eased") is not None
    gap = None if eased else gap_step(scene, indicator, section.stage, section.row, unit_of(indicator.unit))
    more = next((row["more"] for row in gap.rows if row["target"] == name), None) if gap else None
    if gap is not None and more is not None:
        return plain(more), gap.data["counted"] == "school"
    bound = float(thresholds(indicator, section.stage, scene.context)[target])
    return figure(abs(bound - _value(section.row, indicator)), indicator.decimals), False
