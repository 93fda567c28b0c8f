"""How a verdict that the standard states came about."""

from __future__ import annotations

from typing import Any

import polars as pl

from ...language import Text
from ...standard.scorecard import Verdict
from ..reasons import reason_text
from ..status import LABELS, WORDS
from .derivation import SPACE, STATUS_COLUMN, Column, Derivation, Step, joined, same
from .scene import Scene, seen

RULES = {
    "all": Text("各部分均达标", "every part is met"),
    "count": Text("按达标项数定等级", "graded by how many items pass"),
    "axes": Text("两轴交叉, 首轴定结论", "axes crossed, the first decides"),
}


def explain_verdict(scene: Scene, verdict: Verdict) -> Derivation:
    """Status, grade and reason, the rule, and the parts it reads."""
    rows = scene.mine(scene.result.conclusions)
    row = rows.row(by_predicate=pl.col("id") == verdict.id, named=True)
    heading = joined([same(verdict.id), seen(verdict.text)], SPACE)
    steps = [
        _status(scene, verdict, row),
        _rule(verdict),
        *_grades(verdict),
        _parts(scene, verdict),
        *_note(verdict),
    ]
    return Derivation(
        joined([heading, scene.name], Text(" · ", " · ")),
        WORDS[row["_status"]],
        None,
        None,
        Text("", ""),
        tuple(steps),
        {**scene.key, "item": verdict.id, "part": ""},
        0,
    )


def _status(scene: Scene, verdict: Verdict, row: dict[str, Any]) -> Step:
    clause, place = scene.context.standard.cited(verdict.clause, "verdict", verdict.id)
    status = WORDS[row["_status"]]
    reason = seen(reason_text(row["reason"], scene.context.standard.dictionary))
    main = Text("", "") if verdict.main else Text("另列, 不作本标准结论", "shown beside the main verdict")
    data = {
        "status": status,
        "grade": row["grade"],
        "reason": row["reason"],
        "main": verdict.main,
        **scene.source_data(clause, place, verdict.mark),
    }
    told = joined([LABELS[status], reason, main, scene.source(clause, place, verdict.mark)])
    return Step("reason", Text("结论", "status"), told, data)


def _rule(verdict: Verdict) -> Step:
    words = RULES.get(verdict.rule, same(verdict.rule))
    return Step(
        "formula", Text("认定方式", "rule"), words, {"rule": verdict.rule, "parts": list(verdict.parts)}
    )


def _grades(verdict: Verdict) -> list[Step]:
    """The grades with their cut-offs, of the verdict and of its axes."""
    grades = [*verdict.grades, *(level for axis in verdict.axes for level in axis.levels)]
    if not grades:
        return []
    rows = tuple(
        {
            "id": grade.id,
            "label": seen(grade.text),
            "at_least": None if grade.at_least is None else float(grade.at_least),
            "status": grade.status,
        }
        for grade in grades
    )
    columns = (
        Column("label", Text("等级", "grade")),
        Column("at_least", Text("起点", "from")),
        STATUS_COLUMN,
    )
    entered = [grade.text for grade in grades if grade.at_least is None]
    told = joined([Text(f"{each.zh} 由人录入", f"{each.en} is entered") for each in entered])
    return [Step("table", Text("等级", "grades"), seen(told), {"count": len(rows)}, columns, rows)]


def _parts(scene: Scene, verdict: Verdict) -> Step:
    wanted = {*verdict.parts, *(axis.part for axis in verdict.axes)}
    labels = {part.id: part.text for part in scene.model.part}
    dictionary = scene.context.standard.dictionary
    rows = tuple(
        {
            "id": row["id"],
            "label": seen(labels[row["id"]]),
            "status": WORDS[row["_status"]],
            "reason": seen(reason_text(row["reason"], dictionary)),
        }
        for row in scene.mine(scene.result.parts).to_dicts()
        if row["id"] in wanted
    )
    columns = (
        Column("id", Text("编号", "id")),
        Column("label", Text("名称", "name")),
        STATUS_COLUMN,
        Column("reason", Text("原因", "reason")),
    )
    told = Text(f"{len(rows)} 个部分", f"{len(rows)} parts")
    return Step("table", Text("各部分", "parts"), told, {"count": len(rows)}, columns, rows)


def _note(verdict: Verdict) -> list[Step]:
    text = Text(verdict.note, verdict.note_en or verdict.note)
    return [Step("note", Text("说明", "note"), seen(text))] if verdict.note else []
