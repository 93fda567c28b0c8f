"""How the amounts of a whole school are shared among its stages, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ...data.dictionary import SCHOOL_TYPES, STAGES
from ...language import Text
from ...standard.model import Split
from ..exact import fraction
from ..figures import figure, plain
from ..schools import exact_share
from .derivation import LIST, SPACE, STAGE_COLUMN, Column, Step, joined, same
from .scene import Scene, stage_text

AMOUNT = 2
"""Decimals of a shared amount as it is shown."""


def split_fields(scene: Scene, names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the facts that are shared among the stages."""
    return tuple(name for name in names if name in scene.context.split_fields)


def share_of(scene: Scene, row: Mapping[str, Any]) -> Fraction | None:
    """The share of a section row, exactly; null where the engine knows none."""
    return None if row["_share"] is None else exact_share(dict(row), scene.context)


def split_steps(scene: Scene, row: Mapping[str, Any], names: tuple[str, ...]) -> list[Step]:
    """The share of the section and every shared fact before and after; nothing for a school of one stage."""
    rule, shared = scene.model.split, split_fields(scene, names)
    if not rule or not shared or not row["_combined"]:
        return []
    share = share_of(scene, row)
    return [_share_step(scene, row, rule, share), _amount_step(scene, row, shared, share)]


def weights_of(rule: Split, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Weights of the stages that share: all those of the school's type, or those that have students."""
    weights = rule.weights.get(row["school_type"])
    if weights is not None:
        return weights
    return {stage: weight for stage, weight in rule.other.items() if row[f"students_{stage}"] is not None}


def _share_step(scene: Scene, row: Mapping[str, Any], rule: Split, share: Fraction | None) -> Step:
    rows = (*_stage_rows(rule, row), *_attached_rows(scene, rule, row))
    total = sum((each["weighted"] for each in rows if each["weighted"] is not None), Fraction(0))
    place = scene.context.standard.place("split", "weights", row["school_type"] or "")
    kind = SCHOOL_TYPES.get(row["school_type"] or "", same(row["school_type"] or "?"))
    ratio = " : ".join(plain(Fraction(weight)) for weight in weights_of(rule, row).values())
    stages = joined([stage_text(stage) for stage in weights_of(rule, row)], Text(" : ", " : "))
    said = Text(f"{kind.zh} {stages.zh} = {ratio}", f"{kind.en}, {stages.en} = {ratio}")
    columns = (
        STAGE_COLUMN,
        Column("weight", Text("权重", "weight")),
        Column("students", Text("学生", "students")),
        Column("weighted", Text("加权", "weighted"), 2),
        Column("share", Text("占比", "share"), 6),
        Column("fraction", Text("分数", "as a fraction")),
    )
    shown = tuple({**each, **_shares(each, total if share is not None else None)} for each in rows)
    return Step(
        "split",
        Text("学段拆分", "split among stages"),
        joined([said, _share_text(row, share), scene.source(rule.clause, place, rule.mark)]),
        {
            "share": row["_share"],
            "fraction": str(share) if share is not None else None,
            **scene.source_data(rule.clause, place, rule.mark),
        },
        columns,
        shown,
    )


def _share_text(row: Mapping[str, Any], share: Fraction | None) -> Text:
    stage = stage_text(row["stage"])
    if share is None:
        return Text(f"{stage.zh}占比未知", f"the share of {stage.en} is unknown")
    number = f"{share} = {figure(share, 6)}"
    return Text(f"{stage.zh}占比 {number}", f"share of {stage.en} {number}")


def _stage_rows(rule: Split, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "stage": stage,
            "own": stage == row["stage"],
            "weight": float(weight),
            "students": row[f"students_{stage}"],
            "weighted": _weighted(weight, row[f"students_{stage}"]),
        }
        for stage, weight in weights_of(rule, row).items()
    ]


def _attached_rows(scene: Scene, rule: Split, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = []
    for attached in rule.attached:
        pupils = row.get(attached.field)
        if (pupils or 0) > 0:
            weight = scene.context.setting(attached.weight_setting)
            known = weight if isinstance(weight, Fraction) else None
            rows.append(
                {
                    "stage": scene.label(attached.field),
                    "field": attached.field,
                    "own": False,
                    "students": pupils,
                    "weight": None if known is None else float(known),
                    "weighted": _weighted(known, pupils),
                }
            )
    return rows


def _weighted(weight: Any, students: float | None) -> Fraction | None:
    exact = fraction(students)
    return None if weight is None or exact is None else Fraction(weight) * exact


def _shares(each: Mapping[str, Any], total: Fraction | None) -> dict[str, Any]:
    weighted = each["weighted"]
    if not total or weighted is None:
        return {"weighted": None if weighted is None else float(weighted), "share": None, "fraction": None}
    share = weighted / total
    return {"weighted": float(weighted), "share": float(share), "fraction": str(share)}


def _amount_step(
    scene: Scene, row: Mapping[str, Any], shared: tuple[str, ...], share: Fraction | None
) -> Step:
    rows = tuple(
        {
            "fact": name,
            "label": scene.label(name),
            "whole": row[name],
            "share": row["_share"],
            "amount": row[name] * row["_share"]
            if row[name] is not None and row["_share"] is not None
            else None,
            "unit": scene.context.standard.dictionary[name].unit_text,
        }
        for name in shared
    )
    columns = (
        Column("label", Text("数据项", "fact")),
        Column("whole", Text("全校", "whole school")),
        Column("share", Text("占比", "share"), 6),
        Column("amount", Text("本学段", "this stage"), AMOUNT),
        Column("unit", Text("单位", "unit")),
    )
    number = "?" if share is None else str(share)
    told = [
        joined(
            [each["label"], same(f"{plain(each['whole'])} × {number} = {figure(each['amount'], AMOUNT)}")],
            SPACE,
        )
        for each in rows
    ]
    return Step("split", Text("拆分前后", "before and after the split"), joined(told), {}, columns, rows)


def missing_students(scene: Scene, row: Mapping[str, Any]) -> Text:
    """Why the share of a section cannot be known."""
    rule = scene.model.split
    if rule is None:
        return Text("", "")
    lacking = [
        stage_text(stage)
        for stage in weights_of(rule, row)
        if stage in STAGES and row[f"students_{stage}"] is None
    ]
    told = [
        Text(
            "、".join(each.zh for each in lacking) + "在校生数",
            "students of " + ", ".join(each.en for each in lacking),
        )
    ]
    unset = [
        scene.label(attached.weight_setting)
        for attached in rule.attached
        if (row.get(attached.field) or 0) > 0 and scene.context.setting(attached.weight_setting) is None
    ]
    kind = [scene.label("school_type")] if row["school_type"] is None else []
    return joined([*kind, *(told if lacking else []), *unset], LIST)
