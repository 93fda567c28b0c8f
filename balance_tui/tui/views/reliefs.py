"""Every use of a relief in a county: what for, and by when it must be cured."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import polars as pl

from ...engine.explanation.scene import Scene, seen, unit_of
from ...engine.figures import figure
from ...language import Text
from ..study import Study
from ..table.frame_sheet import FrameSheet
from ..table.sheet import Column
from ..view import Record, TablePane, View
from ..where import County, Subject, Where
from . import KINDS
from .common import (
    CLAUSE_COLUMN,
    SCHOOL_COLUMN,
    STAGE_COLUMN,
    WHOLE,
    county_in,
    labels_of,
    limit_shown,
    named_schools,
    scene_of,
    to_item,
    to_schools,
)

RELIEF, TARGET, CURE_BY = Text("过渡条款", "relief"), Text("用于", "for"), Text("整改期限", "cure by")


def build(study: Study, where: Where) -> View:
    """The reliefs used in the county of a place, the first to be cured first. Errors: `VIEW-COUNTY`."""
    scene = scene_of(study, where)
    county = county_in(scene.key)
    title = KINDS["reliefs"].title
    pane = TablePane(
        "reliefs", title,
        FrameSheet(_frame(scene), _columns(), key=("school_id", "stage", "relief", "target")),
        subject=partial(_subject, scene, county), leads=partial(_leads, scene, county), counted=Text("处", "uses"),
        rests=lambda record, column: ("relief", str(record["relief"])),  # noqa: ARG005
    )  # fmt: skip
    groups = {"relief": RELIEF, "target": TARGET, "cure_by": CURE_BY, "of_stage": STAGE_COLUMN.title}
    empty = Text("没有用到过渡条款", "no relief is used")
    return View(title, (pane,), empty, groups)


def _frame(scene: Scene) -> pl.DataFrame:
    """`cure_by` as text that sorts as dates do, `shown` and `limit_shown` with the unit of the target."""
    used = scene.mine(scene.result.reliefs).sort("cure_by", maintain_order=True, nulls_last=True)
    figures, labels = _figures(scene), labels_of(scene)
    reliefs = {relief.id: str(seen(relief.text)) for relief in scene.model.relief}
    told = [_told(row, figures) for row in used.iter_rows(named=True)]
    return used.with_columns(
        named_schools(),
        pl.col("stage").fill_null(WHOLE).alias("of_stage"),
        pl.col("cure_by").dt.to_string("%Y-%m-%d"),
        pl.col("relief").replace_strict(reliefs, default=None, return_dtype=pl.String).alias("label"),
        pl.col("target").replace_strict(
            {name: str(text) for name, text in labels.items()}, default=None, return_dtype=pl.String
        ).alias("target_label"),
        pl.Series("shown", [value for value, _ in told], pl.String),
        pl.Series("limit_shown", [limit for _, limit in told], pl.String),
    )  # fmt: skip


_Figure = tuple[str, int, str]


def _figures(scene: Scene) -> dict[str, _Figure]:
    """Operator, decimals and unit of everything that a relief can aim at."""
    tests = {test.id or item.id: test for item in scene.model.items for test in item.test}
    items = {item.id: item.test[0] for item in scene.model.items}
    return {
        **{name: (test.op, test.decimals, test.unit) for name, test in (items | tests).items()},
        **{each.id: (each.op, each.decimals, each.unit) for each in scene.model.indicator},
    }


def _told(row: dict[str, Any], figures: dict[str, _Figure]) -> tuple[str, str]:
    op, decimals, unit = figures[row["target"]]
    value = "" if row["value"] is None else f"{figure(row['value'], decimals)} {unit_of(unit)}".rstrip()
    return value, limit_shown(op, row["limit"], unit)


def _columns() -> tuple[Column, ...]:
    return (
        SCHOOL_COLUMN,
        replace(STAGE_COLUMN, key="of_stage"),
        Column(
            "cure_by",
            CURE_BY,
            least=10,
            note=Text("最早须在此日前整改", "the earliest day it must be cured by"),
        ),
        Column("relief", RELIEF, least=4, most=10),
        Column("target", TARGET, least=4, most=8),
        Column("shown", Text("数值", "value"), kind="plain", least=6, most=16),
        Column("limit_shown", Text("限值", "limit"), least=6, most=16),
        Column("label", Text("条款内容", "what it says"), least=12, most=60, stretch=True),
        CLAUSE_COLUMN,
    )


def _is_indicator(scene: Scene, record: Record) -> bool:
    return any(indicator.id == record["target"] for indicator in scene.model.indicator)


def _subject(scene: Scene, county: County, record: Record, column: str) -> Subject:  # noqa: ARG001
    if _is_indicator(scene, record):
        return Subject("indicator", county, record["target"], record["stage"], record["school_id"])
    return Subject("item", county, record["target"])


def _leads(scene: Scene, county: County, record: Record, column: str) -> Where | None:  # noqa: ARG001
    if _is_indicator(scene, record):
        target = record["target"]
        return to_schools(county, school_id=record["school_id"], stage=record["stage"], indicator=target)
    return to_item(scene, county, record["target"])
