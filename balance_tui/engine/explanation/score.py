"""How the status of a score came about: the points given, by whom, against the pass mark."""

from __future__ import annotations

from typing import Any

import polars as pl

from ...language import Text
from ...standard.model import Score
from ..figures import plain
from ..reasons import reason_text
from ..status import LABELS, WORDS
from . import origin
from .derivation import SPACE, Column, Derivation, Step, joined, same
from .scene import Scene, seen

POINTS = Text("分", "points")


def explain_score(scene: Scene, score: Score) -> Derivation:
    """Points, maximum, pass mark and every score given."""
    rows = scene.mine(scene.result.points).filter(pl.col("id") == score.id)
    row = rows.row(0, named=True)
    status = WORDS[row["_status"]]
    title = joined([joined([same(score.id), seen(score.text)], SPACE), scene.name], Text(" · ", " · "))
    fact = origin.county_origin_step(scene, (score.field,)) if score.field else None
    steps = [_status(scene, score, row, status), _limit(scene, score), _given(scene, score, row), fact]
    return Derivation(
        title,
        status,
        row["verified"],
        row["pass_mark"],
        POINTS,
        tuple(step for step in steps if step),
        {**scene.key, "item": score.id, "part": score.part},
        1,
    )


def _status(scene: Scene, score: Score, row: dict[str, Any], status: str) -> Step:
    reason = seen(reason_text(row["reason"], scene.context.standard.dictionary))
    clause, place = scene.context.standard.cited(score.clause, "score", score.id)
    told = joined([LABELS[status], reason, scene.source(clause, place, score.mark)])
    return Step(
        "reason",
        Text("结论", "status"),
        told,
        {
            "status": status,
            "reason": row["reason"],
            **scene.source_data(clause, place, score.mark),
        },
    )


def _limit(scene: Scene, score: Score) -> Step:
    mark = None if score.pass_mark is None else float(score.pass_mark)
    clause, place = scene.context.standard.cited(score.clause, "score", score.id, "pass_mark")
    whole = Text(f"满分 {plain(score.max)}", f"maximum {plain(score.max)}")
    passed = (
        Text("没有合格线", "no pass mark")
        if mark is None
        else Text(f"合格线 ≥ {plain(mark)}", f"pass mark ≥ {plain(mark)}")
    )
    data = {"max": float(score.max), "limit": mark, **scene.source_data(clause, place, score.mark)}
    return Step(
        "limit", Text("合格线", "pass mark"), joined([whole, passed, scene.source(clause, place)]), data
    )


def _given(scene: Scene, score: Score, row: dict[str, Any]) -> Step:
    """The scores people gave: the verified one or the county fact decides, a self-given one does not."""
    said = scene.facts.judgements.filter((pl.col("item") == score.id) & pl.col("score").is_not_null())
    names = ("school_id", "source", "score", "remark", "evidence", "unit")
    columns = (
        Column("source", Text("来源", "source")),
        Column("score", Text("得分", "points")),
        Column("remark", Text("备注", "remark")),
        Column("evidence", Text("材料", "evidence")),
        Column("unit", Text("单位", "office")),
    )
    told = joined(
        [
            Text(f"自评 {plain(row['self'])}", f"self {plain(row['self'])}"),
            Text(f"核定 {plain(row['verified'])}", f"verified {plain(row['verified'])}"),
            Text("以核定分或县级数据为准", "the verified score or the county fact decides"),
        ]
    )
    data = {"self": row["self"], "verified": row["verified"], "field": score.field or None}
    rows = tuple({name: each[name] for name in names} for each in said.to_dicts())
    return Step("answer", Text("评分", "scores given"), told, data, columns, rows)
