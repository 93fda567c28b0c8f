"""A threshold every school must reach: who is asked, who fails, who is relieved and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from ...language import Text
from ...standard.expression import Expression
from ...standard.model import Relief, Requirement
from ...standard.tests import Test
from .derivation import LIST, SCHOOL_COLUMN, STAGE_COLUMN, STATUS_COLUMN, Column, Step, joined, same
from .figure_text import limit_step, test_source
from .formula import spelled
from .origin import DERIVED_FROM, findings_of
from .people import asked, failing_rows, population_step, row_of
from .reliefs import cure_by, facts_text, in_force_text, relief_base
from .scene import Scene, school_name, seen


def every_steps(scene: Scene, item: Requirement, test: Test, row: Mapping[str, Any]) -> list[Step]:
    """Formula or condition, limit, population, reliefs and deciding schools of an `every` test."""
    reliefs = [r for r in scene.model.relief if r.target in (item.id, test.id) and r.limit is not None]
    expressions = (*(way.value for way in test.value or ()), *test.limit.values(), test.holds, test.fallback)
    eased = [expression for relief in reliefs for expression in (relief.when, relief.limit)]
    names = scene.facts_in(*expressions, test.where, *eased)
    rows = asked(scene, test, names)
    own = scene.facts_in(*expressions)
    steps = [
        _formula(scene, item, test),
        limit_step(scene, item, test, row["limit"]) if test.limit else None,
        _fallback(scene, test),
        population_step(scene, item, test, names),
        *relief_steps(scene, item, test, reliefs, rows),
        schools_step(scene, item, test, rows, own),
        *scene.setting_steps(scene.settings_in(*expressions, test.where, *eased)),
    ]
    return [step for step in steps if step]


def _formula(scene: Scene, item: Requirement, test: Test) -> Step:
    expressions = [test.holds] if test.holds else [way.value for way in test.value or ()]
    words = joined(
        [spelled(scene.bound(each).node, scene.label) for each in expressions], Text("; 或 ", "; or ")
    )
    place, clause = test_source(scene, item, test, "holds" if test.holds else "value")
    data = {"formulas": [each.text for each in expressions], **scene.source_data(clause, place, test.mark)}
    told = joined(
        [Text(f"每所(处): {words.zh}", f"for each: {words.en}"), scene.source(clause, place, test.mark)]
    )
    return Step("formula", Text("公式", "formula"), told, data)


def _fallback(scene: Scene, test: Test) -> Step | None:
    if test.fallback is None:
        return None
    words = spelled(scene.bound(test.fallback).node, scene.label)
    text = Text(f"数值缺失时以“{words.zh}”判定", f"where the value is missing, '{words.en}' decides")
    return Step("fallback", Text("替代依据", "in its place"), text, {"formula": test.fallback.text})


def relief_steps(
    scene: Scene, item: Requirement, test: Test, reliefs: list[Relief], rows: pl.DataFrame
) -> list[Step]:
    """One step a relief of the item: in force or not, its condition and eased limit, and every use of it."""
    return [_relief(scene, item, test, relief, rows) for relief in reliefs]


def _relief(scene: Scene, item: Requirement, test: Test, relief: Relief, rows: pl.DataFrame) -> Step:
    label, source, data = relief_base(scene, relief)
    valid, said = in_force_text(scene, relief, scene.facts.counties)
    condition = spelled(scene.bound(relief.when).node, scene.label)
    eased = joined([spelled(scene.bound(each).node, scene.label) for each in _eased_by(relief)], LIST)
    used = tuple(
        {
            **each,
            **_facts(scene, relief.when, rows, each),
            "cure_by": cure_by(scene, relief.id, each_id, each["school_id"], each["stage"]),
        }
        for each_id in (test.id or item.id,)
        for each in failing_rows(scene, item, test)
        if each["relief"] == relief.id
    )
    count = Text(f"用于 {len(used)} 所(处)", f"used for {len(used)}")
    rule = Text(f"条件 {condition.zh}; 放宽为 {eased.zh}", f"where {condition.en}; eased to {eased.en}")
    columns = (
        SCHOOL_COLUMN,
        STAGE_COLUMN,
        Column("value", Text("数值", "value"), test.decimals),
        Column("limit", Text("放宽的限值", "eased limit"), test.decimals),
        Column("facts", Text("条件的数据", "facts of the condition")),
        Column("cure_by", Text("最早整改期限", "cure by, at the earliest")),
    )
    return Step(
        "relief",
        label,
        joined([said, rule, count, source]),
        {**data, "in_force": valid, "used": len(used)},
        columns,
        used,
    )


def _eased_by(relief: Relief) -> list[Expression]:
    return [relief.limit] if relief.limit is not None else list(relief.sizes.values())


def _facts(
    scene: Scene, condition: Expression, rows: pl.DataFrame, school: Mapping[str, Any]
) -> dict[str, Any]:
    return {"facts": facts_text(scene, condition, row_of(rows, school))}


def schools_step(
    scene: Scene, item: Requirement, test: Test, rows: pl.DataFrame, names: tuple[str, ...]
) -> Step | None:
    """Every school that fails, is unknown or is relieved, with its value, its limit and what it lacks."""
    deciding = failing_rows(scene, item, test)
    if not deciding:
        return None
    shown = tuple({**each, **_lack(scene, names, row_of(rows, each))} for each in deciding)
    words = (
        ("fail", Text("不达标", "fail")),
        ("unknown", Text("未知", "unknown")),
        ("relieved", Text("过渡达标", "relieved")),
    )
    told = [_listed(word, [each for each in shown if each["status"] == status]) for status, word in words]
    columns = (
        SCHOOL_COLUMN,
        STAGE_COLUMN,
        STATUS_COLUMN,
        Column("value", Text("数值", "value"), test.decimals),
        Column("limit", Text("限值", "limit"), test.decimals),
        Column("relief", Text("过渡条款", "relief")),
        Column("missing", Text("缺", "missing")),
    )
    return Step(
        "table",
        Text("起决定作用的学校", "schools that decide"),
        joined(told),
        {"count": len(shown)},
        columns,
        shown,
    )


def _listed(word: Text, rows: list[dict[str, Any]]) -> Text:
    if not rows:
        return Text("", "")
    names = ", ".join(school_name(row) for row in rows[:8]) + (" …" if len(rows) > 8 else "")
    return Text(f"{word.zh} {len(rows)}: {names}", f"{word.en} {len(rows)}: {names}")


def _lack(scene: Scene, names: tuple[str, ...], row: Mapping[str, Any]) -> dict[str, Any]:
    """The facts a school lacks for the test, with the checks that struck them out."""
    lacking = [name for name in names if name in row and row[name] is None]
    codes = sorted(
        {
            str(finding["code"])
            for name in lacking
            for finding in findings_of(scene, row, DERIVED_FROM.get(name, name))
        }
    )
    told = [seen(scene.label(name)) for name in lacking]
    return {
        "facts": lacking,
        "missing": joined([*told, *(same(f"[{code}]") for code in codes)], LIST) if told else None,
    }
