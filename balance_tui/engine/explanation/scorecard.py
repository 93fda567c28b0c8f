"""How a point, a group or the whole scorecard came to its score: who gave what, what the thresholds propose, what the
sums are bounded by."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import polars as pl

from ...language import Text
from ...standard.scorecard import CARD, Group, Scorecard
from ..exact import fraction
from ..figures import plain
from ..reasons import reason_text
from ..scorecard import CARD_NAME
from ..scorecard.standing import Marks, incomplete_text, is_complete, marks_of, unset_text
from ..scorecard.tally import Tally
from ..status import LABELS, WORDS
from .derivation import SPACE, Column, Derivation, Step, joined, same
from .scene import Scene, seen

POINTS = Text("分", "points")
AGGREGATES = {
    "sum": Text("各要点得分相加", "the scores of the points are added"),
    "weighted_mean": Text(
        "各维度得分率按权重平均", "the shares of the top groups are averaged by their weights"
    ),
    "all_or_nothing": Text(
        "全部要点满分得满分, 否则零分", "full points if every point has its maximum, else none"
    ),
}
COLUMNS = (
    Column("id", Text("编号", "id")),
    Column("label", Text("名称", "name")),
    Column("max", Text("满分", "maximum")),
    Column("proposed", Text("建议", "proposed")),
    Column("self", Text("自评", "self")),
    Column("verified", Text("核定", "verified")),
    Column("settled", Text("计入", "counts")),
    Column("unscored", Text("未评", "not scored")),
)


def row_of_card(scene: Scene, name: str) -> dict[str, Any]:
    """The row of the card, of a group or of a point."""
    rows = scene.mine(scene.result.cards.rows)
    return rows.row(by_predicate=pl.col("id") == name, named=True)


def explain_card(scene: Scene, card: Scorecard) -> Derivation:
    """The sum of the card, its bounds against the pass mark, and every dimension."""
    row = row_of_card(scene, CARD)
    clause, place = scene.context.standard.cited(card.clause, "scorecard")
    marks = marks_of(card, scene.context)
    settings = (card.total_setting, card.pass_mark_setting, card.reconcile_setting)
    steps = [
        _status(scene, row, clause, place, card.mark),
        _rule(scene, card, clause, place),
        bounds_step(scene, card, row, marks),
        _inside(scene, CARD),
        *scene.setting_steps(name for name in settings if name),
    ]
    return _derivation(scene, CARD, CARD_NAME, row, _float(marks.pass_mark), steps, card.part)


def explain_group(scene: Scene, group: Group) -> Derivation:
    """The sum of a dimension or heading, and what stands under it."""
    row = row_of_card(scene, group.id)
    clause, place = scene.context.standard.cited(group.clause, "group", group.id)
    status = _status(scene, row, clause, place, group.mark)
    return _derivation(
        scene, group.id, group.text, row, row["max"], [status, _inside(scene, group.id)], _part(scene)
    )


def _part(scene: Scene) -> str:
    card = scene.model.scorecard
    return card.part if card else ""


def _derivation(
    scene: Scene,
    name: str,
    label: Text,
    row: dict[str, Any],
    limit: float | None,
    steps: list[Step],
    part: str,
) -> Derivation:
    heading = joined([same(name), seen(label)], SPACE)
    return Derivation(
        joined([heading, scene.name], Text(" · ", " · ")),
        WORDS[row["_status"]],
        row["settled"],
        limit,
        POINTS,
        tuple(steps),
        {**scene.key, "item": name, "part": part},
        2,
    )


def _status(scene: Scene, row: dict[str, Any], clause: str, place: Any, mark: str) -> Step:
    status = WORDS[row["_status"]]
    reason = seen(reason_text(row["reason"], scene.context.standard.dictionary))
    figures = ("max", "recorded", "out_of", "proposed", "self", "verified", "settled", "scored", "unscored")
    data = {
        "status": status,
        "reason": row["reason"],
        "grade": row["grade"],
        **{name: row[name] for name in figures},
        **scene.source_data(clause, place, mark),
    }
    told = joined([LABELS[status], reason, scene.source(clause, place, mark)])
    return Step("reason", Text("结论", "status"), told, data)


def _rule(scene: Scene, card: Scorecard, clause: str, place: Any) -> Step:
    told = joined([AGGREGATES[card.aggregate], scene.source(clause, place, card.mark)])
    data = {"aggregate": card.aggregate, **scene.source_data(clause, place, card.mark)}
    return Step("formula", Text("合计方式", "how it adds up"), told, data)


def bounds_step(scene: Scene, card: Scorecard, row: dict[str, Any], marks: Marks) -> Step:
    """Total, pass mark and what is not recorded; for a sum also what the card may come to at least and at most."""
    tally = Tally(recorded=fraction(row["recorded"]) or Fraction(0), complete=_complete(scene))
    texts = [
        Text(f"总分 {plain(marks.total)}", f"total {plain(marks.total)}"),
        Text(f"合格线 ≥ {plain(marks.pass_mark)}", f"pass mark ≥ {plain(marks.pass_mark)}"),
    ]
    if marks.total is None or marks.pass_mark is None:
        texts.append(unset_text(marks))
    complete = is_complete(card, tally, marks.total)
    if not complete:
        texts.append(incomplete_text(tally, marks.total))
    lowest, highest = _span(card, row, marks)
    if lowest is not None:
        texts.append(
            Text(
                f"未评及未收录的全不得分则 {plain(lowest)}, 全得满分则 {plain(highest)}",
                f"between {plain(lowest)} and {plain(highest)}, whatever is not scored or recorded",
            )
        )
    data = {
        "total": _float(marks.total),
        "limit": _float(marks.pass_mark),
        "complete": complete,
        "lowest": lowest,
        "highest": highest,
    }
    return Step("limit", Text("合格线", "pass mark"), joined(texts), data)


def _complete(scene: Scene) -> bool:
    points = all(point.max is not None for point in scene.model.point)
    sums = scene.mine(scene.result.cards.of_kind("group")).select("max", "recorded").iter_rows()
    agree = all(stated is None or stated == recorded for stated, recorded in sums)
    return points and agree and all(group.recorded for group in scene.model.group)


def _span(card: Scorecard, row: dict[str, Any], marks: Marks) -> tuple[float | None, float | None]:
    if card.aggregate != "sum":
        return None, None
    lowest = row["settled"] or 0.0
    if marks.total is None:
        return lowest, None
    open_ = row["recorded"] - row["out_of"] + max(float(marks.total) - row["recorded"], 0.0)
    return lowest, lowest + open_


def _float(number: Any) -> float | None:
    return None if number is None else float(number)


def _inside(scene: Scene, name: str) -> Step:
    """What stands right under the card or a group."""
    labels = {each.id: each.text for each in (*scene.model.group, *scene.model.point)}
    found = scene.mine(scene.result.cards.rows).filter(pl.col("parent") == name).to_dicts()
    names = ("id", "kind", "max", "proposed", "self", "verified", "settled", "spread", "scored", "unscored")
    rows = tuple(
        {
            **{key: row[key] for key in names},
            "label": seen(labels[row["id"]]),
            "status": WORDS[row["_status"]],
        }
        for row in found
    )
    unscored = sum(row["unscored"] for row in rows)
    told = Text(
        f"{len(rows)} 项, 未评 {unscored} 个要点", f"{len(rows)} in all, {unscored} points not scored"
    )
    return Step("table", Text("组成", "made of"), told, {"count": len(rows)}, COLUMNS, rows)
