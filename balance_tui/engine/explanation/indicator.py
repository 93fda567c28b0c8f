"""How the value of an indicator for one section came about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from ...language import Text
from ...standard.model import Indicator
from ..indicators import alternatives
from ..result import Result
from ..status import NOT_APPLICABLE, PASS, UNKNOWN, WORDS
from . import lookup, origin, reliefs
from .derivation import SPACE, Derivation, Step, joined, present, same
from .gap import gap_step
from .limits import limit_steps
from .scene import Scene, school_name, seen, stage_text, unit_of
from .split import split_fields, split_steps
from .standing import contribution_step, near_step, rounding_step, rule_step
from .unknown import exclusion_steps, reason_steps, scope_facts
from .workings import formula_steps


def explain_indicator(
    result: Result,
    school: str,
    stage: str,
    indicator: str,
    county: str | None = None,
    year: int | None = None,
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


def _row(scene: Scene, school_id: str, stage: str) -> pl.DataFrame | None:
    """The judged row of the section, or None where it is excluded."""
    frame = scene.result.resources.stages.get(stage)
    if frame is None:
        return None
    rows = scene.mine(frame).filter(pl.col("school_id") == school_id)
    return rows.head(1) if rows.height else None


def _heading(
    scene: Scene, indicator: Indicator, stage: str, row: Mapping[str, Any]
) -> tuple[Text, dict[str, Any]]:
    where = same(school_name(row))
    parts = [
        joined([same(indicator.id), seen(indicator.text)], SPACE),
        where,
        stage_text(stage),
        scene.name,
    ]
    subject = {
        **scene.key,
        "school_id": row["school_id"],
        "school": row["school"],
        "stage": stage,
        "indicator": indicator.id,
    }
    return joined(parts, Text(" · ", " · ")), subject


def _judged(scene: Scene, indicator: Indicator, stage: str, frame: pl.DataFrame) -> Derivation:
    row = frame.row(0, named=True)
    unit, limit = unit_of(indicator.unit), indicator.limit.get(stage)
    title, subject = _heading(scene, indicator, stage, row)
    ways = alternatives(indicator, stage)
    names = scene.facts_in(*(way.value for way in ways), indicator.denominator)
    steps = [
        *reason_steps(scene, indicator, stage, frame),
        *formula_steps(scene, indicator, ways, row, unit),
        *split_steps(scene, row, names),
        *limit_steps(scene, indicator, stage, unit),
        *reliefs.indicator_reliefs(scene, indicator, stage, frame),
        *present(near_step(scene, indicator, stage, row), rounding_step(scene, indicator, stage, row)),
        *present(gap_step(scene, indicator, stage, row, unit), rule_step(scene, indicator, frame)),
        *present(contribution_step(scene, indicator, stage, row, unit)),
        *scene.setting_steps(_settings(scene, indicator, stage, row)),
        *_data(scene, indicator, frame, names),
    ]
    return Derivation(
        title,
        WORDS[row[f"{indicator.id}_status"]],
        row[indicator.id],
        float(limit.value) if limit else None,
        unit,
        tuple(steps),
        subject,
        indicator.decimals,
    )


def _excluded(scene: Scene, indicator: Indicator, stage: str, school_id: str) -> Derivation:
    """A section left out of the indicators: why, by which clause."""
    rows = scene.mine(scene.result.resources.excluded)
    own = rows.filter((pl.col("school_id") == school_id) & (pl.col("stage") == stage))
    sections = scene.facts.sections.filter((pl.col("school_id") == school_id) & (pl.col("stage") == stage))
    row = (own if own.height else sections).row(0, named=True)
    title, subject = _heading(scene, indicator, stage, row)
    steps = exclusion_steps(scene, row)
    return Derivation(
        title,
        "not_applicable",
        None,
        None,
        unit_of(indicator.unit),
        tuple(steps),
        subject,
        indicator.decimals,
    )


def _settings(scene: Scene, indicator: Indicator, stage: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    """The settings that had a say in the ordinary value; those of reliefs stand with the reliefs."""
    ways = (way.value for way in alternatives(indicator, stage))
    named = scene.settings_in(*ways, indicator.denominator)
    rule = scene.model.split
    if rule is None:
        return named
    attached = [each.weight_setting for each in rule.attached if (row.get(each.field) or 0) > 0]
    campuses = scene.mine(scene.result.dataset.sections)["campus_of"]
    of_school = bool((campuses == row["school_id"]).any())
    return (*named, *attached, *([rule.campus_setting] if of_school and rule.campus_setting else []))


def _data(scene: Scene, indicator: Indicator, frame: pl.DataFrame, names: tuple[str, ...]) -> list[Step]:
    """Missing facts, the checks behind them, and the cells of every fact used."""
    row = frame.row(0, named=True)
    tried = [
        r
        for r in scene.model.relief
        if r.target == indicator.id and row[f"{indicator.id}_plain"] not in (NOT_APPLICABLE, PASS)
    ]
    more = scene.facts_in(*(each for relief in tried for each in (relief.when, relief.numerator)))
    unclear = [] if row["_in"] is not None else scope_facts(scene, frame)
    every = tuple(dict.fromkeys((*names, *more, *unclear)))
    split = bool(row["_combined"] and split_fields(scene, every))
    wanted = origin.reported(scene, row, every, split=split)
    missing = origin.missing_step(scene, row, every) if row[f"{indicator.id}_status"] == UNKNOWN else None
    return present(missing, origin.finding_step(scene, row, wanted), origin.origin_step(scene, row, wanted))
