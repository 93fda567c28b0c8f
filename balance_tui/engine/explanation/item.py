"""How the status of an item came about: requirement, one test of it, prerequisite, veto, score or part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from ...errors import UsageError
from ...language import Text
from ...standard.model import Requirement, Standard
from ...standard.scorecard import CARD, Group, Point, Scorecard, Verdict
from ...standard.tests import Test
from ..reasons import reason_text
from ..result import Result
from ..status import LABELS, MARKS, NOT_APPLICABLE, WORDS
from . import lookup
from .answer import evidence_steps
from .county import county_steps
from .derivation import SPACE, STATUS_COLUMN, Column, Derivation, Step, joined, same
from .figure_text import with_unit
from .part import explain_part
from .point import explained_point
from .rate import ratio_steps
from .room import rooms_steps
from .scene import Scene, seen, unit_of
from .score import explain_score
from .scorecard import explain_card, explain_group
from .shown import due_steps, information_steps, parts_steps
from .threshold import every_steps
from .verdict import explain_verdict


def explain_item(result: Result, item: str, county: str | None = None, year: int | None = None) -> Derivation:
    """The derivation of an item's status: `item` is the id of a requirement, of one of its tests, of a
    prerequisite, a veto, a score, a part, a verdict, or of a point or group of the scorecard, or `scorecard`.

    Errors: `EXP-ITEM` (no such id), `EXP-COUNTY`, `EXP-AMBIGUOUS`, `EXP-REJECTED`.
    """
    model = result.context.standard.model
    items = {each.id: each for each in model.items}
    tests = {test.id: (each, test) for each in model.items for test in each.test if test.id}
    scores = {score.id: score for score in model.score}
    parts = {part.id: part for part in model.part}
    of_card = _of_card(model)
    if item in {indicator.id for indicator in model.indicator}:
        raise _is_indicator(item)
    name = lookup.known_id(
        item, {**items, **tests, **scores, **parts, **of_card}, Text("项目", "item"), "EXP-ITEM"
    )
    scene = lookup.one_county(result, county, year)
    if name in of_card:
        return _explain_of_card(scene, of_card[name])
    if name in items:
        return _item(scene, items[name], items[name].test)
    if name in tests:
        of_item, test = tests[name]
        return _item(scene, of_item, (test,), test)
    return explain_score(scene, scores[name]) if name in scores else explain_part(scene, parts[name])


OfCard = Scorecard | Group | Point | Verdict


def _of_card(model: Standard) -> dict[str, OfCard]:
    """What is told by its score, or is told from all parts: the card, its groups and points, the verdicts."""
    every: tuple[Group | Point | Verdict, ...] = (*model.group, *model.point, *model.verdict)
    found: dict[str, OfCard] = {each.id: each for each in every}
    return found | ({CARD: model.scorecard} if model.scorecard else {})


def _explain_of_card(scene: Scene, meant: OfCard) -> Derivation:
    card = scene.model.scorecard
    if isinstance(meant, Verdict):
        return explain_verdict(scene, meant)
    if isinstance(meant, Scorecard):
        return explain_card(scene, meant)
    if isinstance(meant, Group):
        return explain_group(scene, meant)
    assert card
    item = next((each for each in scene.model.items if each.id == meant.id), None)
    return explained_point(scene, meant, card, _thresholds(scene, item) if item else [])


def _thresholds(scene: Scene, item: Requirement) -> list[Step]:
    """The thresholds of a point as a table, then each with its own steps."""
    rows = tuple(_test_row(scene, item, test) for test in item.test)
    met = sum(row["status"] in ("pass", "relieved") for row in rows)
    text = Text(f"{len(rows)} 项中 {met} 项达到", f"{met} of {len(rows)} met")
    table = Step("table", Text("各项指标", "thresholds"), text, {"count": len(rows)}, _TEST_COLUMNS, rows)
    return [table, *(step for test in item.test for step in test_steps(scene, item, test, alone=False))]


def _is_indicator(name: str) -> UsageError:
    return UsageError(
        "EXP-ITEM",
        Text(f"{name} 是学校的指标", f"{name} is an indicator of schools"),
        Text(
            f"请用 --school 学校 --stage 学段 --indicator {name}",
            f"ask with --school, --stage and --indicator {name}",
        ),
    )


def outcome(scene: Scene, name: str) -> dict[str, Any]:
    """The row of an item or of one of its tests: `value`, `limit`, `_status`, `reason`."""
    rows = scene.mine(scene.result.items.rows).filter(pl.col("id") == name)
    return next(
        iter(rows.to_dicts()), {"value": None, "limit": None, "_status": NOT_APPLICABLE, "reason": None}
    )


def _item(scene: Scene, item: Requirement, tests: tuple[Test, ...], only: Test | None = None) -> Derivation:
    name = only.id if only else item.id
    row = outcome(scene, name)
    shown = _of_figure(scene, item, tests)
    text = only.text if only and only.label else item.text
    heading = joined([same(name), seen(text)], SPACE)
    alone = len(tests) == 1
    steps = [
        *_summary(scene, item, tests, row),
        *(step for test in tests for step in test_steps(scene, item, test, alone=alone)),
        *_note(item),
    ]
    return Derivation(
        joined([heading, scene.name], Text(" · ", " · ")),
        WORDS[row["_status"]],
        row["value"],
        row["limit"],
        unit_of(shown.unit),
        tuple(steps),
        {**scene.key, "item": name, "part": item.part},
        shown.decimals,
    )


def _of_figure(scene: Scene, item: Requirement, tests: tuple[Test, ...]) -> Test:
    """The test whose figure stands for the item: the only one that has one, else the first."""
    figures = [test for test in tests if outcome(scene, test.id or item.id)["limit"] is not None]
    return figures[0] if figures else tests[0]


def _note(item: Requirement) -> list[Step]:
    text = Text(item.note, item.note_en or item.note)
    return [Step("note", Text("说明", "note"), text)] if item.note else []


def _summary(scene: Scene, item: Requirement, tests: tuple[Test, ...], row: Mapping[str, Any]) -> list[Step]:
    """Status and reason of the whole, where the item is written, and a table of its tests."""
    dictionary = scene.context.standard.dictionary
    place = scene.context.standard.item_place(item.id)
    word = WORDS[row["_status"]]
    reason = seen(reason_text(row["reason"], dictionary))
    text = joined([LABELS[word], reason, scene.source(item.clause, place)])
    data = {"status": word, "reason": row["reason"], **scene.source_data(item.clause, place)}
    label = Text("结论", "status")
    if len(tests) < 2:
        return [Step("reason", label, text, data)]
    rows = tuple(_test_row(scene, item, test) for test in tests)
    return [Step("reason", label, text, data, _TEST_COLUMNS, rows)]


_TEST_COLUMNS = (
    Column("id", Text("编号", "id")),
    Column("label", Text("名称", "name")),
    STATUS_COLUMN,
    Column("shown", Text("数值", "value")),
    Column("reason", Text("原因", "reason")),
)


def _test_row(scene: Scene, item: Requirement, test: Test) -> dict[str, Any]:
    row = outcome(scene, test.id or item.id)
    return {
        "id": test.id or item.id,
        "label": seen(test.text),
        "status": WORDS[row["_status"]],
        "value": row["value"],
        "limit": row["limit"],
        "shown": with_unit(row["value"], test.decimals, unit_of(test.unit)),
        "reason": seen(reason_text(row["reason"], scene.context.standard.dictionary)),
    }


def test_steps(scene: Scene, item: Requirement, test: Test, *, alone: bool) -> list[Step]:
    """The steps of one test, after a step that names it where the item has several."""
    row = outcome(scene, test.id or item.id)
    steps = [*_of_kind(scene, item, test, row), *due_steps(test)]
    if alone:
        return steps
    word = WORDS[row["_status"]]
    mark = same(MARKS[word])
    label = joined([same(test.id), seen(test.text)], SPACE)
    text = joined([mark, LABELS[word]], SPACE)
    data = {
        "id": test.id or item.id,
        "kind": test.kind,
        "status": word,
        "value": row["value"],
        "limit": row["limit"],
    }
    return [Step("test", label, text, data), *steps]


def _of_kind(scene: Scene, item: Requirement, test: Test, row: Mapping[str, Any]) -> list[Step]:
    if test.kind == "county":
        return county_steps(scene, item, test, row)
    if test.kind == "evidence":
        return evidence_steps(scene, item, test)
    if test.kind == "information":
        return information_steps(scene, item, test)
    if test.kind == "parts":
        return parts_steps(scene, item, test)
    if test.kind == "rooms":
        return rooms_steps(scene, item, test)
    run = {"ratio": ratio_steps, "every": every_steps}[test.kind]
    return run(scene, item, test, row)
