"""What is told beside figures and limits: when a target is due, figures only shown, parts that must be met."""

from __future__ import annotations

from ...language import Text
from ...standard.model import Requirement
from ...standard.tests import Test
from ..reasons import reason_text
from ..status import LABELS, WORDS
from . import origin
from .answer import answer_step
from .derivation import LIST, NO_TEXT, SPACE, STATUS_COLUMN, Column, Step, joined
from .figure_text import test_source
from .formula import spelled
from .scene import Scene, seen

PERIODS = {
    "year": Text("每年", "every year"),
    "term": Text("每学期", "every term"),
    "month": Text("每月", "every month"),
}


def due_steps(test: Test) -> list[Step]:
    """By when a target is to be reached, and how often it comes back."""
    if test.due is None and not test.period:
        return []
    due = Text(f"{test.due} 年(日)起要求", f"due from {test.due}") if test.due is not None else NO_TEXT
    told = joined([due, PERIODS.get(test.period, NO_TEXT)])
    data = {"due": None if test.due is None else str(test.due), "period": test.period or None}
    return [Step("due", Text("期限", "due"), told, data)]


def information_steps(scene: Scene, item: Requirement, test: Test) -> list[Step]:
    """Where the figure is from, and what people entered."""
    place, clause = test_source(scene, item, test)
    ways = [spelled(scene.bound(way.value).node, scene.label) for way in test.value or ()]
    words = [*ways, scene.label(test.field)] if test.field else ways
    only = Text("仅供参考, 不参与结论", "shown only, it does not decide")
    told = joined([joined(words, Text("; 或 ", "; or ")), only, scene.source(clause, place, test.mark)])
    names = scene.facts_in(*(way.value for way in test.value or ()))
    facts = (*names, test.field) if test.field else names
    steps = [
        Step("formula", Text("信息", "information"), told, scene.source_data(clause, place, test.mark)),
        answer_step(scene, item, test) if not facts else None,
        origin.county_origin_step(scene, facts) if facts else None,
    ]
    return [step for step in steps if step]


def parts_steps(scene: Scene, item: Requirement, test: Test) -> list[Step]:
    """The parts that must be met, each with its status."""
    place, clause = test_source(scene, item, test, "parts")
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
        if row["id"] in test.parts
    )
    told = joined([joined([row["label"], LABELS[row["status"]]], SPACE) for row in rows], LIST)
    columns = (
        Column("id", Text("编号", "id")),
        Column("label", Text("名称", "name")),
        STATUS_COLUMN,
        Column("reason", Text("原因", "reason")),
    )
    data = {"parts": list(test.parts), **scene.source_data(clause, place, test.mark)}
    text = joined([told, scene.source(clause, place, test.mark)])
    return [Step("table", Text("须达标的部分", "parts to be met"), text, data, columns, rows)]
