"""A figure of the county against a limit, with its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from ...errors import visible
from ...language import Text
from ...standard.expression import Constant
from ...standard.model import Requirement
from ...standard.tests import Alternative, Test
from ..figures import figure
from ..status import UNKNOWN
from . import origin
from .answer import answer_step
from .derivation import SPACE, Step, joined, same
from .figure_text import limit_flips, limit_step, test_source, verdict_text
from .formula import spelled
from .reliefs import facts_text, truth
from .scene import Scene, unit_of


def county_steps(scene: Scene, item: Requirement, test: Test, row: Mapping[str, Any]) -> list[Step]:
    """Formula, numbers, limit, settings, answers and county facts of a `county` test."""
    ways = test.value or ()
    expressions = [way.value for way in ways]
    names = scene.facts_in(*expressions, *test.limit.values())
    unknown = row["_status"] == UNKNOWN
    missing = origin.missing_step(scene, scene.county_facts, names) if unknown else None
    settings = [
        *scene.settings_in(*expressions, *test.limit.values(), test.where),
        *_zero(row, missing),
    ]
    steps = [
        _formula(scene, item, test, ways),
        _numbers(scene, test, ways, row),
        limit_step(scene, item, test, row["limit"]),
        *limit_flips(row["value"], row["limit"], test),
        _asked(scene, test),
        *scene.setting_steps(settings),
        _declaration(scene, item, test, row),
        missing,
        origin.county_finding_step(scene, names),
        origin.county_origin_step(scene, names),
    ]
    return [step for step in steps if step]


def _declaration(scene: Scene, item: Requirement, test: Test, row: Mapping[str, Any]) -> Step | None:
    """What people declared of a figure that may be left out; nothing where it is reported and nobody spoke."""
    step = answer_step(scene, item, test)
    return step if test.na and (step.rows or row["value"] is None) else None


def _zero(row: Mapping[str, Any], missing: Step | None) -> tuple[str, ...]:
    """The setting on rates over nothing has a say where all facts are known and there is still no value."""
    return ("zero_population",) if row["value"] is None and missing is None else ()


def _formula(scene: Scene, item: Requirement, test: Test, ways: tuple[Alternative, ...]) -> Step:
    words = [spelled(scene.bound(way.value).node, scene.label) for way in ways]
    place, clause = test_source(scene, item, test, "value")
    told = joined([joined(words, Text("; 或 ", "; or ")), scene.source(clause, place, test.mark)])
    data = {"formulas": [way.value.text for way in ways], **scene.source_data(clause, place, test.mark)}
    return Step("formula", Text("公式", "formula"), told, data)


def _numbers(scene: Scene, test: Test, ways: tuple[Alternative, ...], row: Mapping[str, Any]) -> Step:
    facts = scene.county_facts
    values = [_value(scene, way) for way in ways]
    used = next((index for index, value in enumerate(values) if value is not None), None)
    told = [
        joined(
            [
                facts_text(scene, way.value, facts),
                same(f"= {figure(value, test.decimals + 2)}"),
                unit_of(test.unit),
                _basis(way, index == used and len(ways) > 1),
            ],
            SPACE,
        )
        for index, (way, value) in enumerate(zip(ways, values, strict=True))
    ]
    held = verdict_text(row["value"], row["limit"], test)
    data = {
        "value": row["value"],
        "ways": [way.value.text for way in ways],
        "values": values,
        "used": used,
        "facts": {name: facts.get(name) for name in scene.facts_in(*(way.value for way in ways))},
    }
    return Step("numbers", Text("代入", "numbers"), joined([*told, held]), data)


def _basis(way: Alternative, used: bool) -> Text:
    note = Text(*(f"[{visible(basis)}]" if basis else "" for basis in (way.basis, way.basis_en)))
    return joined([note, Text("(采用)", "(used)")] if used else [note], SPACE)


def _value(scene: Scene, way: Alternative) -> float | None:
    rows = scene.facts.counties
    if not rows.height:
        return None
    value = rows.select(way.value.polars(scene.context.column).cast(pl.Float64).alias("value")).item()
    return None if value is None else float(value)


def _asked(scene: Scene, test: Test) -> Step | None:
    """Whether the settings ask for this test at all."""
    if test.where is None:
        return None
    asked = truth(scene, test.where, scene.facts.counties)
    said = (
        Text("要求本项检验", "this test is asked for")
        if asked
        else Text("不要求本项检验", "this test is not asked for")
    )
    constant = isinstance(scene.bound(test.where).node, Constant)
    words = Text("", "") if constant else facts_text(scene, test.where, scene.county_facts)
    return Step("population", Text("适用", "applies"), joined([words, said]), {"asked": asked})
