"""The items of the parts: outcome, value, limit, who decides, what evidence is wanted.

Detail `part` shows one part, `item` the schools that decide one item, `unknown` (a `Who`, or any) what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import polars as pl

from ...data.dictionary import ANSWERS
from ...engine.explanation.derivation import YES_NO
from ...engine.explanation.figure_text import with_unit
from ...engine.explanation.scene import Scene, seen, unit_of
from ...engine.explanation.score import POINTS
from ...engine.figures import plain
from ...engine.reasons import reason_text
from ...engine.status import NOT_APPLICABLE, PASS, WORDS
from ...errors import UsageError, visible
from ...language import Text
from ...standard.model import Part, Requirement, Score
from ...standard.tests import Test
from ..study import Study
from ..table.frame_sheet import FrameSheet
from ..table.sheet import Column
from ..view import Record, TablePane, View
from ..where import County, Subject, Where, where
from . import KINDS, missing, of_item
from .common import (
    DECIDERS,
    STATUS_COLUMN,
    county_in,
    joined,
    limit_shown,
    scene_of,
    trail,
)
from .part_reason import part_told

PART = Text("部分", "part")
PART_ROW = "part"
"""The kind of the row that stands for a whole part."""
SCHEMA: dict[str, Any] = {
    **dict.fromkeys(("part", "part_id", "id", "code", "label", "status", "shown", "limit_shown", "decide", "told",
                     "clause", "kind", "field"), pl.String),
    "value": pl.Float64, "limit": pl.Float64, "depth": pl.UInt8, "deciding": pl.UInt32,
}  # fmt: skip
"""One row an item, test or score: `shown` and `limit_shown` as a person reads them, `value` and `limit` as numbers,
`deciding` the schools that do not simply pass, `field` the first county fact of a figure of the county."""


def build(study: Study, where: Where) -> View:
    """The items of a place. Errors: `VIEW-COUNTY`, `VIEW-ITEM`, `VIEW-PART`, `VIEW-UNKNOWN`."""
    scene = scene_of(study, where)
    county = county_in(scene.key)
    item, who = where.get("item"), where.get("unknown")
    if item is not None:
        return of_item.view(scene, county, item)
    if who is not None:
        return missing.view(scene, county, who)
    return _list(scene, county, where.get("part"))


def _list(scene: Scene, county: County, part: str | None) -> View:
    labels = {each.id: seen(each.text) for each in scene.model.part}
    if part is not None and part not in labels:
        raise _no_part(part, labels)
    frame = pl.DataFrame(list(_rows(scene, part)), schema=SCHEMA)
    title = trail(KINDS["items"].title, labels[part]) if part else KINDS["items"].title
    pane = TablePane(
        "items", title, _sheet(frame),
        subject=partial(_subject, county), leads=partial(_leads, county), counted=Text("项", "items"),
    )  # fmt: skip
    empty = Text(
        "本部分没有单列的要求 (学校指标按 2, 差异系数按 3)", "no items here (2: schools, 3: dispersion)"
    )
    return View(title, (pane,), empty)


def _no_part(part: str, known: Mapping[str, Text]) -> UsageError:
    return UsageError(
        "VIEW-PART",
        Text(f"标准没有部分“{visible(part)}”", f"the standard has no part '{visible(part)}'"),
        Text(f"有: {', '.join(known)}", f"it has: {', '.join(known)}"),
    )


_DECIDE = Column(
    "decide", Text("判", "by"), words=DECIDERS, least=2, most=6,
    note=Text("由谁判定: 机器、机器辅助、人工", "who decides: the machine, a person with its help, a person"),
)  # fmt: skip


def _sheet(frame: pl.DataFrame) -> FrameSheet:
    columns = (
        Column("code", Text("编号", "id"), least=4, most=20),
        Column("label", Text("要求", "requirement"), least=30, most=60, stretch=True),
        STATUS_COLUMN,
        Column("shown", Text("数值", "value"), kind="plain", least=4, most=12),
        Column("limit_shown", Text("限值", "limit"), least=4, most=12),
        _DECIDE,
        Column("told", Text("说明 · 所需证据", "why · evidence wanted"), least=12, most=80, stretch=True),
    )
    return FrameSheet(frame, columns, key=("part_id", "id"), status="status", depth="depth")


def _leads(county: County, record: Record, column: str) -> Where | None:  # noqa: ARG001
    """The schools that decide an item; the county fact of a figure of the county; the part of its heading."""
    if record["kind"] == PART_ROW:
        return where("items", county, part=record["id"])
    if record["deciding"]:
        return where("items", county, item=record["id"])
    return where("county_data", county, field=record["field"]) if record["field"] else None


def _subject(county: County, record: Record, column: str) -> Subject:  # noqa: ARG001
    return Subject("item", county, record["id"])


# The rows


def _rows(scene: Scene, part: str | None) -> Iterator[dict[str, Any]]:
    """The items, tests and scores of one part, or of all under a row of each part, in the order of the standard."""
    outcomes = {row["id"]: row for row in scene.mine(scene.result.items.rows).iter_rows(named=True)}
    points = {row["id"]: row for row in scene.mine(scene.result.points).iter_rows(named=True)}
    deciding = _deciding(scene)
    for each in scene.model.part:
        if part in (None, each.id):
            rows = list(_of_part(scene, each, outcomes, deciding))
            rows += [
                _score(scene, each, score, points[score.id])
                for score in scene.model.score
                if score.part == each.id and score.id in points
            ]
            if part is None:
                yield _heading(scene, each)
                rows = [row | {"depth": row["depth"] + 1} for row in rows]
            yield from rows


def _heading(scene: Scene, part: Part) -> dict[str, Any]:
    """The row of a part, above its items."""
    own = scene.mine(scene.result.parts).row(by_predicate=pl.col("id") == part.id, named=True)
    return _row(part, {
        "id": part.id, "code": str(seen(part.text)), "label": str(part_told(scene, part)), "shown": "",
        "status": WORDS[own["_status"]], "clause": part.clause, "kind": PART_ROW, "depth": 0, "deciding": 0,
    })  # fmt: skip


def _of_part(
    scene: Scene, part: Part, outcomes: Mapping[str, Any], deciding: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    for item in scene.model.items:
        if item.part == part.id and item.id in outcomes:
            own = _item(scene, item, outcomes)
            yield _row(part, own | {"deciding": _of_item(item, deciding)})
            for test in item.test:
                if test.id and test.id != item.id and test.id in outcomes:
                    row = _test(scene, item, test, outcomes[test.id])
                    yield _row(part, row | {"deciding": deciding.get(test.id, 0)})


def _row(part: Part, told: dict[str, Any]) -> dict[str, Any]:
    return {"part": str(seen(part.text)), "part_id": part.id, "code": told["id"], **told}


def _deciding(scene: Scene) -> dict[str, int]:
    rows = scene.mine(scene.result.items.failing)["id"].value_counts()
    return dict(rows.iter_rows())


def _of_item(item: Requirement, deciding: Mapping[str, int]) -> int:
    names = dict.fromkeys((item.id, *(test.id for test in item.test)))
    return sum(deciding.get(name, 0) for name in names)


def _item(scene: Scene, item: Requirement, outcomes: Mapping[str, Any]) -> dict[str, Any]:
    """The row of a whole item; where it has several tests, their rows carry the figures and the evidence."""
    row, alone = outcomes[item.id], len(item.test) == 1
    test = item.test[0] if alone else _of_figure(item, outcomes)
    told = _told(scene, item.test[0] if alone else None, row)
    return _common(item, row, told, test if alone or row["limit"] is not None else None) | {
        "id": item.id, "label": str(seen(item.text)), "clause": item.clause, "depth": 0,
        "field": _field(scene, item.test[0]) if alone else None,
    }  # fmt: skip


def _of_figure(item: Requirement, outcomes: Mapping[str, Any]) -> Test | None:
    """The one test whose figure the engine lets stand for the item."""
    found = [
        test for test in item.test
        if (row := outcomes.get(test.id)) and row["limit"] is not None and row["_status"] != NOT_APPLICABLE
    ]  # fmt: skip
    return found[0] if len(found) == 1 else None


def _test(scene: Scene, item: Requirement, test: Test, row: Mapping[str, Any]) -> dict[str, Any]:
    return _common(item, row, _told(scene, test, row), test) | {
        "id": test.id, "label": str(seen(test.text if test.label else item.text)),
        "clause": test.clause or item.clause, "depth": 1, "field": _field(scene, test),
    }  # fmt: skip


def _common(item: Requirement, row: Mapping[str, Any], told: str, test: Test | None) -> dict[str, Any]:
    return {
        "status": WORDS[row["_status"]],
        "value": row["value"],
        "limit": row["limit"],
        "shown": _value(test, row) if test else "",
        "limit_shown": _limit(test, row) if test else "",
        "decide": item.decide,
        "told": told,
        "kind": test.kind if test else "",
    }


def _field(scene: Scene, test: Test) -> str | None:
    """The first fact of a figure of the county."""
    if test.kind != "county":
        return None
    return next(iter(scene.facts_in(*(way.value for way in test.value or ()))), None)


def _value(test: Test, row: Mapping[str, Any]) -> str:
    """The figure with its unit; of a question the answer."""
    if test.kind == "evidence":
        code, *answer = (row["reason"] or "").split("|")
        return str(ANSWERS.get(answer[0], answer[0])) if code == "answered" else ""
    if row["value"] is None:
        return ""
    return str(with_unit(row["value"], test.decimals, unit_of(test.unit)))


def _limit(test: Test, row: Mapping[str, Any]) -> str:
    """The limit with its operator; of a question the answers that pass, of a condition that it holds."""
    if test.kind == "evidence":
        passing = [ANSWERS.get(each, Text(each, each)) for each in test.passing]
        zh, en = "、".join(each.zh for each in passing), ", ".join(each.en for each in passing)
        return str(Text(f"须答 {zh}", f"answer {en}"))
    if test.kind in _UNLIMITED:
        return str(_UNLIMITED[test.kind])
    if test.holds is not None:
        return str(Text(f"均{YES_NO[True].zh}", f"all {YES_NO[True].en}"))
    limit = limit_shown(test.op, row["limit"], test.unit)
    return (
        f"{limit} ({Text(f'至 {test.due}', f'by {test.due}')})" if limit and test.due is not None else limit
    )


_UNLIMITED = {
    "information": Text("只供了解", "shown only"),
    "parts": Text("各部分达标", "its parts pass"),
}
"""What stands in place of a limit of tests that have none."""


def _told(scene: Scene, test: Test | None, row: Mapping[str, Any]) -> str:
    """Why, and the evidence wanted; an answer stands with the values and is not said twice."""
    code = (row["reason"] or "").split("|")[0]
    reason = str(seen(reason_text(row["reason"], scene.context.standard.dictionary)))
    if code == "unanswered":
        reason = str(Text("未判定", "not answered"))
    elif code == "answered" or (code == "items" and row["_status"] == PASS):
        reason = ""
    wanted = seen(Text(test.wanted, test.wanted_en or test.wanted)) if test and test.wanted else None
    return joined([reason, str(Text(f"证据: {wanted.zh}", f"evidence: {wanted.en}")) if wanted else ""])


def _score(scene: Scene, part: Part, score: Score, row: Mapping[str, Any]) -> dict[str, Any]:
    """A score as an item: points verified against the pass mark, with maximum and self-given points."""
    whole = Text(f"满分 {plain(score.max)}", f"maximum {plain(score.max)}")
    own = Text(f"自评 {plain(row['self'])}", f"self-given {plain(row['self'])}")
    reason = seen(reason_text(row["reason"], scene.context.standard.dictionary))
    no_mark = Text("没有合格线", "no pass mark")
    return _row(part, {
        "id": score.id, "label": str(seen(score.text)), "status": WORDS[row["_status"]],
        "value": row["verified"], "limit": row["pass_mark"],
        "shown": str(with_unit(row["verified"], 1, POINTS)) if row["verified"] is not None else "",
        "limit_shown": limit_shown(">=", row["pass_mark"], "分") or str(no_mark),
        "decide": "machine" if score.field else "person",
        "told": joined([str(reason), str(whole), str(own) if row["self"] is not None else ""]),
        "clause": score.clause, "depth": 0, "kind": "score", "field": score.field or None, "deciding": 0,
    })  # fmt: skip
