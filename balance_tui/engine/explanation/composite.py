"""The composite dispersion figure: the plain mean of the coefficients of all indicators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...language import Text
from ...standard.model import Dispersion, Indicator
from ..dispersion import COMPOSITE, chosen
from ..figures import figure
from ..status import WORDS
from .derivation import LIST, STATUS_COLUMN, Column, Derivation, Step, joined, same
from .scene import Scene, seen
from .spread import figure_of
from .spread_steps import limit_step, near_steps, relief_note, rounding_steps, title_of

NO_UNIT = Text("", "")


def explain_composite(scene: Scene, rule: Dispersion, stage: str, figures: Mapping[str, Any]) -> Derivation:
    """The plain mean of the coefficients of all indicators."""
    indicators = chosen(rule, scene.context)
    rows = tuple(_part(scene, stage, each, len(indicators)) for each in indicators)
    steps = [
        *([_unknown_parts(rows)] if figures["cv"] is None else []),
        _mean_step(scene, rule, rows, figures),
        limit_step(scene, rule, stage, figures["limit"]),
        *near_steps(scene, stage, figures, indicators),
        *rounding_steps(rule, figures),
        relief_note(scene, None),
    ]
    subject = {**scene.key, "stage": stage, "indicator": COMPOSITE, "figure": "dispersion"}
    return Derivation(
        title_of(scene, stage, Text("综合差异系数", "composite")),
        WORDS[figures["_status"]],
        figures["cv"],
        figures["limit"],
        NO_UNIT,
        tuple(step for step in steps if step),
        subject,
        rule.decimals,
    )


def _part(scene: Scene, stage: str, indicator: Indicator, count: int) -> dict[str, Any]:
    figures = figure_of(scene, stage, indicator.id) or {}
    cv = figures.get("cv")
    return {
        "indicator": indicator.id,
        "label": seen(indicator.text),
        "sections": figures.get("sections"),
        "missing": figures.get("missing"),
        "cv": cv,
        "part": None if cv is None else cv / count,
        "status": "unknown" if cv is None else None,
    }


def _unknown_parts(rows: tuple[dict[str, Any], ...]) -> Step:
    unknown = [row for row in rows if row["cv"] is None]
    told = joined(
        [
            Text(
                f"{row['indicator']} ({row['missing']} 处未知)",
                f"{row['indicator']} ({row['missing']} sections unknown)",
            )
            for row in unknown
        ],
        LIST,
    )
    data = {"indicators": [row["indicator"] for row in unknown]}
    return Step("missing", Text("未知的单项", "indicators that are unknown"), told, data)


def _mean_step(
    scene: Scene, rule: Dispersion, rows: tuple[dict[str, Any], ...], figures: Mapping[str, Any]
) -> Step:
    digits = rule.decimals + 3
    added = " + ".join(figure(row["cv"], digits) for row in rows)
    text = same(f"({added}) ÷ {len(rows)} = {figure(figures['cv'], digits)}")
    columns = (
        Column("indicator", Text("指标", "indicator")),
        Column("label", Text("名称", "name")),
        Column("sections", Text("学段数", "sections")),
        Column("missing", Text("未知", "unknown")),
        Column("cv", Text("差异系数", "CV"), digits),
        Column("part", Text("所占", "part"), digits),
        STATUS_COLUMN,
    )
    clause, place = scene.context.standard.cited(rule.clause, "dispersion", "judged")
    mean = Text("各单项差异系数的简单平均", "the plain mean of the single figures")
    words = joined([mean, text, scene.source(clause, place)])
    return Step(
        "numbers", Text("代入", "numbers"), words, {"cv": figures["cv"], "count": len(rows)}, columns, rows
    )
