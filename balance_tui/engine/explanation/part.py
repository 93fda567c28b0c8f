"""How the status of a part of the verdict came about: its items, its schools, its dispersion figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from ...language import Text
from ...standard.model import Part
from ..reasons import reason_text
from ..school_rule import lists
from ..scorecard import CARD, CARD_NAME
from ..status import LABELS, PASS, WORDS
from .derivation import (
    LIST,
    SCHOOL_COLUMN,
    SPACE,
    STAGE_COLUMN,
    STATUS_COLUMN,
    Column,
    Derivation,
    Step,
    joined,
    same,
)
from .scene import Scene, seen

NO_UNIT = Text("", "")


def explain_part(scene: Scene, part: Part) -> Derivation:
    """The part's status and reason, every item of it, what school rule and dispersion say in it."""
    rows = scene.mine(scene.result.parts).filter(pl.col("id") == part.id)
    row = rows.row(0, named=True)
    status = WORDS[row["_status"]]
    title = joined([joined([same(part.id), seen(part.text)], SPACE), scene.name], Text(" · ", " · "))
    steps = [
        _status(scene, part, row, status),
        *_schools(scene, part),
        *_spread(scene, part),
        *_items(scene, part),
    ]
    subject = {**scene.key, "item": part.id, "part": part.id}
    return Derivation(title, status, None, None, NO_UNIT, tuple(steps), subject, 0)


def _status(scene: Scene, part: Part, row: Mapping[str, Any], status: str) -> Step:
    reason = seen(reason_text(row["reason"], scene.context.standard.dictionary))
    place = scene.context.standard.place("part", part.id)
    weight = Text("", "") if part.needed else Text("仅供参考, 不参与结论", "shown only, it does not decide")
    told = joined([LABELS[status], reason, weight, scene.source(part.clause, place)])
    data = {
        "status": status,
        "reason": row["reason"],
        "needed": part.needed,
        **scene.source_data(part.clause, place),
    }
    return Step("reason", Text("结论", "status"), told, data)


def _items(scene: Scene, part: Part) -> list[Step]:
    """The items and scores that stand in the part."""
    labels = {item.id: item.text for item in scene.model.items if item.part == part.id}
    labels |= {score.id: score.text for score in scene.model.score if score.part == part.id}
    card = scene.model.scorecard
    labels |= {CARD: CARD_NAME} if card and card.part == part.id else {}
    if not labels:
        return []
    result = scene.result
    frames = [scene.mine(frame) for frame in (result.items.rows, result.points, result.cards.of_kind("card"))]
    found = {row["id"]: row for frame in frames for row in frame.to_dicts()}
    rows = tuple(_item(scene, name, label, found[name]) for name, label in labels.items() if name in found)
    columns = (
        Column("id", Text("编号", "id")),
        Column("label", Text("名称", "name")),
        STATUS_COLUMN,
        Column("reason", Text("原因", "reason")),
    )
    return [Step("table", Text("各项", "items"), counts(rows), {"count": len(rows)}, columns, rows)]


def _item(scene: Scene, name: str, label: Text, row: Mapping[str, Any]) -> dict[str, Any]:
    reason = seen(reason_text(row["reason"], scene.context.standard.dictionary))
    return {"id": name, "label": seen(label), "status": WORDS[row["_status"]], "reason": reason}


def counts(rows: tuple[Mapping[str, Any], ...]) -> Text:
    """How many rows have each status."""
    numbers = {word: sum(row["status"] == word for row in rows) for word in LABELS}
    return joined(
        [Text(f"{LABELS[word].zh} {n}", f"{LABELS[word].en} {n}") for word, n in numbers.items() if n], LIST
    )


def _schools(scene: Scene, part: Part) -> list[Step]:
    """The school rule in words, and every section that does not simply pass it."""
    rule = scene.model.school_rule
    if rule is None or rule.part != part.id:
        return []
    names = [indicator.id for indicator in scene.model.indicator]
    clause, place = scene.context.standard.cited(rule.clause, "school_rule")
    frames = [scene.mine(frame) for frame in scene.result.resources.stages.values()]
    sections = sum(frame.height for frame in frames)
    rows = tuple(row for frame in frames for row in _not_passing(frame, names))
    share = float(rule.floor_share)
    words = Text(
        f"{rule.of or len(names)} 项中至少 {rule.at_least} 项达标, 其余不低于限值的 {share:g}; 评估 {sections} 处",
        f"at least {rule.at_least} of {rule.of or len(names)} met, the rest at {share:g} of it; {sections} in all",
    )
    columns = (
        SCHOOL_COLUMN,
        STAGE_COLUMN,
        STATUS_COLUMN,
        Column("short", Text("不达标", "short")),
        Column("at_floor", Text("达底线", "at the floor")),
        Column("unknown", Text("未知", "unknown")),
        Column("met", Text("达标", "met")),
    )
    told = joined([words, counts(rows), scene.source(clause, place)])
    data = {
        "sections": sections,
        "at_least": rule.at_least,
        "floor_share": share,
        **scene.source_data(clause, place),
    }
    return [Step("table", Text("学校综合达标", "school rule"), told, data, columns, rows)]


def _not_passing(frame: pl.DataFrame, names: list[str]) -> list[dict[str, Any]]:
    kept = frame.filter(pl.col("_school").is_not_null() & (pl.col("_school") != PASS))
    told = kept.select("school_id", "school", "stage", "_school").hstack(lists(kept, names))
    return [
        {**row, "status": WORDS[row["_school"]]}
        for row in told.sort("_school", descending=True, maintain_order=True).to_dicts()
    ]


def _spread(scene: Scene, part: Part) -> list[Step]:
    """Every dispersion figure of the county."""
    rule = scene.model.dispersion
    if rule is None or rule.part != part.id:
        return []
    found = scene.mine(scene.result.resources.dispersion).drop("_county").to_dicts()
    rows = tuple({**row, "status": WORDS[row["_status"]]} for row in found)
    clause, place = scene.context.standard.cited(rule.clause, "dispersion")
    columns = (
        STAGE_COLUMN,
        Column("indicator", Text("指标", "indicator")),
        Column("sections", Text("学段数", "sections")),
        Column("cv", Text("差异系数", "CV"), rule.decimals),
        Column("limit", Text("限值", "limit")),
        STATUS_COLUMN,
        Column("missing", Text("未知", "unknown")),
    )
    told = joined([counts(rows), scene.source(clause, place)])
    return [
        Step(
            "table",
            Text("校际差异系数", "dispersion"),
            told,
            scene.source_data(clause, place),
            columns,
            rows,
        )
    ]
