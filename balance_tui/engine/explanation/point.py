"""How a point of a scorecard came to its score."""

from __future__ import annotations

from typing import Any

import polars as pl

from ...language import Text
from ...standard.scorecard import Point, Scorecard
from ..figures import plain
from ..reasons import reason_text
from ..scorecard.proposals import scorer_of
from ..status import LABELS, WORDS
from .derivation import LIST, SPACE, Column, Derivation, Step, joined, same
from .scene import Scene, seen
from .scorecard import POINTS, row_of_card

SCORERS = {
    "judgement": Text("由人评分", "a person scores it"),
    "all_thresholds": Text(
        "各项全部达到得满分, 否则零分", "full points if every threshold is met, else none"
    ),
    "proportional": Text("按达到的项数占比得分", "points in proportion to the thresholds met"),
    "count": Text("每达到一项得分", "points for each threshold met"),
    "deduction": Text("按未达到的程度扣分", "points off by how far a limit is missed"),
    "bands": Text("按所在分档得分", "points by the band the value falls into"),
}
RECONCILED = {
    "verified": Text("以核定分为准", "the verified score counts"),
    "mean": Text("各来源的平均分", "the mean of the sources"),
    "weighted_mean": Text("各来源按权重的平均分", "the weighted mean of the sources"),
    "lowest": Text("各来源的最低分", "the lowest of the sources"),
}


def point_steps(scene: Scene, point: Point, card: Scorecard) -> list[Step]:
    """Status, maximum, scorer with its proposal, and the scores given with how they become one."""
    row = row_of_card(scene, point.id)
    names = [
        point.scorer_setting,
        card.reconcile_setting,
        *(source.weight_setting for source in card.sources),
    ]
    return [
        _status(scene, point, row),
        _proposal(scene, point, row),
        given_step(scene, point, card, row),
        *scene.setting_steps(name for name in names if name),
        *_wanted(point),
    ]


def explained_point(scene: Scene, point: Point, card: Scorecard, further: list[Step]) -> Derivation:
    """The derivation of a point, `further` being the steps of its thresholds."""
    row = row_of_card(scene, point.id)
    heading = joined([same(point.id), seen(point.text)], SPACE)
    return Derivation(
        joined([heading, scene.name], Text(" · ", " · ")),
        WORDS[row["_status"]],
        row["settled"],
        row["max"],
        POINTS,
        (*point_steps(scene, point, card), *further),
        {**scene.key, "item": point.id, "part": card.part},
        2,
    )


def _status(scene: Scene, point: Point, row: dict[str, Any]) -> Step:
    clause, place = scene.context.standard.cited(point.clause, "point", point.id)
    status = WORDS[row["_status"]]
    scored = Text(f"得分 {plain(row['settled'])}", f"{plain(row['settled'])} points")
    maximum = (
        Text("满分未收录", "its maximum is not recorded")
        if point.max is None
        else Text(f"满分 {plain(point.max)}", f"maximum {plain(point.max)}")
    )
    reason = seen(reason_text(row["reason"], scene.context.standard.dictionary))
    word = scored if row["settled"] is not None else LABELS[status]
    told = joined([word, maximum, reason, scene.source(clause, place, point.mark)])
    data = {
        "status": status,
        "reason": row["reason"],
        "max": row["max"],
        "settled": row["settled"],
        **scene.source_data(clause, place, point.mark),
    }
    return Step("reason", Text("得分", "score"), told, data)


def _proposal(scene: Scene, point: Point, row: dict[str, Any]) -> Step:
    scorer = scorer_of(point, scene.context)
    clause, place = scene.context.standard.cited(point.clause, "point", point.id, "scorer")
    words = SCORERS.get(scorer or "", same(scorer or "—"))
    told = None if scorer == "judgement" else row["proposal"]
    why = seen(reason_text(told, scene.context.standard.dictionary))
    score = (
        Text("无建议分", "nothing proposed")
        if row["proposed"] is None
        else Text(f"建议 {plain(row['proposed'])}", f"proposed: {plain(row['proposed'])}")
    )
    only = Text("建议分不作结论", "a proposal decides nothing")
    text = joined([words, *_terms(point, scorer), score, why, only, scene.source(clause, place, point.mark)])
    data = {
        "scorer": scorer,
        "setting": point.scorer_setting or None,
        "proposed": row["proposed"],
        "reason": row["proposal"],
        **scene.source_data(clause, place, point.mark),
    }
    return Step("proposal", Text("建议分", "proposed score"), text, data)


def _terms(point: Point, scorer: str | None) -> list[Text]:
    """The numbers a scorer counts by."""
    if scorer == "count":
        return [Text(f"每项 {plain(point.each)} 分", f"{plain(point.each)} each")]
    if scorer == "bands":
        shown = [f"≥ {plain(band.at_least)}: {plain(band.score)}" for band in point.bands]
        return [joined([same(each) for each in shown], LIST)]
    if scorer != "deduction":
        return []
    steps = {
        "whole": Text("不足一档不扣", "parts of a step are free"),
        "started": Text("不足一档按一档", "a step begun counts whole"),
        "share": Text("不足一档按比例", "parts of a step count in part"),
    }
    return [
        Text(
            f"{each.test} 每差 {plain(each.per)} 扣 {plain(each.points)} 分, {steps[each.steps].zh}",
            f"{each.test}: {plain(each.points)} off for each {plain(each.per)} missing, {steps[each.steps].en}",
        )
        for each in point.deduct
    ]


def given_step(scene: Scene, point: Point, card: Scorecard, row: dict[str, Any]) -> Step:
    """Every score given, by whom, and the spread between them."""
    said = scene.mine(scene.result.cards.sources).filter(pl.col("point") == point.id)
    labels = {source.id: source.text for source in card.sources}
    own = {"self": Text("自评", "self"), "verified": Text("核定", "verified")}
    rows = tuple(
        {
            **each,
            "label": labels.get(each["source"]) or own.get(each["source"]) or same(each["source"] or "—"),
        }
        for each in said.drop("_county").to_dicts()
    )
    columns = (
        Column("label", Text("来源", "source")),
        Column("score", Text("得分", "points")),
        Column("answer", Text("判定", "answer")),
        Column("remark", Text("备注", "remark")),
        Column("evidence", Text("材料", "evidence")),
        Column("unit", Text("单位", "office")),
    )
    rule = str(scene.context.setting(card.reconcile_setting)) if card.reconcile_setting else card.reconcile
    rule = rule if card.sources else "verified"
    spread = row["spread"]
    apart = Text("", "") if not spread else Text(f"相差 {plain(spread)}", f"{plain(spread)} apart")
    count = Text(f"{len(rows)} 条评分", f"{len(rows)} scores given")
    told = joined([count, apart, RECONCILED.get(rule, same("—"))])
    data = {"reconcile": rule if rule in RECONCILED else None, "spread": spread, "settled": row["settled"]}
    return Step("answer", Text("评分", "scores given"), told, data, columns, rows)


def _wanted(point: Point) -> list[Step]:
    steps = []
    for kind, label, zh, en in (
        ("evidence", Text("所需材料", "wanted evidence"), point.wanted, point.wanted_en),
        ("note", Text("说明", "note"), point.note, point.note_en),
    ):
        if zh:
            steps.append(Step(kind, label, seen(Text(zh, en or zh))))
    return steps
