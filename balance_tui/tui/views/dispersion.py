"""Dispersion: the coefficients of a county, one of them drawn, and what each school contributes to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import polars as pl

from ...data.dictionary import KEY_FIELDS
from ...engine.explanation.formula import sign
from ...engine.explanation.scene import Scene
from ...engine.status import WORD
from ...language import Text
from ...standard.model import Dispersion
from ..study import Study
from ..table.frame_sheet import FrameSheet
from ..table.sheet import Column
from ..view import Record, TablePane, View
from ..where import Subject, Where, where
from . import KINDS
from .coefficient import Selected, figure_name, panes
from .common import STAGE_COLUMN, county_in, scene_of, stage_name, trail
from .schools import REJECTED, county_shown

TITLE = KINDS["dispersion"].title


def build(study: Study, where: Where) -> View:
    """The coefficients of a county; details `stage` and `indicator` choose the one that is drawn and taken apart,
    else it is the worst: failing, else unknown, else nearest to its limit. Errors: `VIEW-COUNTY`."""
    result = study.result
    rule = result.context.model.dispersion
    if result.is_rejected or rule is None:
        return _nothing(
            REJECTED
            if result.is_rejected
            else Text("本标准不评校际差异", "this standard judges no dispersion")
        )
    county = county_shown(study, where)
    scene = scene_of(study, replace(where, county=county))
    figures = scene.mine(result.dispersion)
    if not figures.height:
        return _nothing(Text("没有计入的学校", "no school is in scope"))
    selected = _selected(figures, where)
    title = trail(TITLE, stage_name(selected[0]), figure_name(selected[1]))
    return View(
        title, (_coefficients(scene, rule, figures, selected), *panes(scene, rule, figures, selected))
    )


def _nothing(reason: Text) -> View:
    sheet = FrameSheet(
        pl.DataFrame(schema={"stage": pl.String, "status": WORD}), (STAGE_COLUMN,), key=("stage",)
    )
    return View(TITLE, (TablePane("coefficients", TITLE, sheet),), reason)


def _selected(figures: pl.DataFrame, place: Where) -> Selected:
    """What the details name, as far as there is such a figure, else the worst of the judged figures."""
    rows = figures
    for name in ("stage", "indicator"):
        meant = rows.filter(pl.col(name) == place.get(name)) if place.get(name) else rows
        rows = meant if meant.height else rows
    judged = rows.filter(pl.col("limit").is_not_null())
    worst = (judged if judged.height else rows).with_columns(
        (pl.col("status") != "fail").alias("_passes"),
        (pl.col("status") != "unknown").alias("_known"),
        (pl.col("cv") / pl.coalesce("limit", pl.lit(1.0))).alias("_part"),
    ).sort("_passes", "_known", "_part", descending=[False, False, True], nulls_last=True, maintain_order=True)  # fmt: skip
    return worst["stage"][0], worst["indicator"][0]


# The coefficients


def _coefficients(scene: Scene, rule: Dispersion, figures: pl.DataFrame, selected: Selected) -> TablePane:
    names = figures["indicator"].unique(maintain_order=True).to_list()
    stages = figures["stage"].unique(maintain_order=True).to_list()
    sheet = FrameSheet(
        _pivoted(figures, names, stages, scene.key), tuple(_columns(scene, rule, names)), key=("stage",)
    )
    return TablePane(
        "coefficients",
        TITLE,
        sheet,
        subject=partial(_coefficient, names),
        leads=partial(_to_coefficient, names),
        share=0,
        cursor=((selected[0],), selected[1]),
        counted=Text("学段", "stages"),
    )


def _pivoted(
    figures: pl.DataFrame, names: Sequence[str], stages: Sequence[str], key: Mapping[str, Any]
) -> pl.DataFrame:
    """One row a stage: `sections`, `limit`, and for each figure its coefficient and `<name>_status`."""
    rows: list[dict[str, Any]] = []
    for stage in stages:
        of_stage = figures.filter(pl.col("stage") == stage).to_dicts()
        limit = next((row["limit"] for row in of_stage if row["limit"] is not None), None)
        row = {**key, "stage": stage, "sections": of_stage[0]["sections"], "limit": limit}
        for each in of_stage:
            row[each["indicator"]] = each["cv"]
            row[f"{each['indicator']}_status"] = _marked(each["status"])
        rows.append(row)
    schema: dict[str, Any] = {
        name: figures.schema[name] for name in (*KEY_FIELDS, "stage", "sections", "limit")
    }
    for name in names:
        schema |= {name: pl.Float64(), f"{name}_status": WORD}
    return pl.DataFrame(rows, schema=schema)


def _marked(status: str) -> str | None:
    return None if status == "not_applicable" else status


def _columns(scene: Scene, rule: Dispersion, names: Sequence[str]) -> Iterator[Column]:
    yield STAGE_COLUMN
    labels = {each.id: each.text for each in scene.context.model.indicator}
    for name in names:
        label = labels.get(name, Text("各单项差异系数的平均", "the mean of the single coefficients"))
        note = Text(f"{name} {label.zh} 差异系数", f"{name} {label.en}: coefficient of variation")
        yield Column(
            name, figure_name(name), kind="figure", decimals=rule.decimals, mark=f"{name}_status", note=note
        )
    limit_note = Text(
        f"差异系数的限值 {sign(rule.op)}; {rule.clause}",
        f"limit of a coefficient {sign(rule.op)}; {rule.clause}",
    )
    # Limits differ in their decimals: at the left their points stand below each other.
    yield Column("limit", Text(f"限值{sign(rule.op)}", f"limit {sign(rule.op)}"), note=limit_note)
    yield Column(
        "sections", Text("处数", "sections"), kind="plain", note=Text("计入的学校学段数", "sections in scope")
    )


def _coefficient(names: Sequence[str], record: Record, column: str) -> Subject | None:
    if column not in names:
        return None
    return Subject("dispersion", county_in(record), column, record["stage"])


def _to_coefficient(names: Sequence[str], record: Record, column: str) -> Where:
    if column in names:
        return where("dispersion", county_in(record), stage=record["stage"], indicator=column)
    return where("schools", county_in(record), stage=record["stage"])
