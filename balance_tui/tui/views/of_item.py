"""The schools that decide one item: which fail, are unknown or relieved (`items` with detail `item`)."""

from __future__ import annotations

from functools import partial

import polars as pl

from ...engine.explanation.formula import sign
from ...engine.explanation.scene import Scene, seen, unit_of
from ...engine.status import words
from ...errors import UsageError, visible
from ...language import Text
from ...standard.model import Requirement
from ...standard.tests import Test
from ..table.frame_sheet import FrameSheet
from ..table.sheet import Column
from ..view import Record, TablePane, View
from ..where import County, Subject, Where, where
from . import KINDS
from .common import (
    SCHOOL_COLUMN,
    STAGE_COLUMN,
    STATUS_COLUMN,
    item_of,
    named_schools,
    trail,
)


def view(scene: Scene, county: County, name: str) -> View:
    """The schools that do not simply pass an item, or one of its tests, the worst first. Errors: `VIEW-ITEM`."""
    item = next((each for each in scene.model.items if each.id == item_of(scene, name)), None)
    if item is None:
        raise _no_item(scene, name)
    tests = [test for test in item.test if name in (item.id, test.id)]
    title = trail(KINDS["items"].title, Text(*(f"{name} {label}" for label in _label(item, tests, name))))
    frame = _frame(scene, item, name)
    pane = TablePane(
        "schools", title,
        FrameSheet(frame, tuple(_columns(tests, frame)), key=("id", "school_id", "stage"), status="status"),
        subject=lambda record, column: Subject("item", county, record["id"]),  # noqa: ARG005
        leads=partial(_leads, scene, county, item), counted=Text("所(处)", "schools"),
    )  # fmt: skip
    empty = Text("没有不达标、未知或过渡达标的学校", "no school fails it, is unknown or relieved")
    return View(title, (pane,), empty, {"status": STATUS_COLUMN.title, "stage": STAGE_COLUMN.title})


def _no_item(scene: Scene, name: str) -> UsageError:
    listed = ", ".join(item.id for item in scene.model.items)
    return UsageError(
        "VIEW-ITEM",
        Text(f"标准没有要求“{visible(name)}”", f"the standard has no item '{visible(name)}'"),
        Text(f"有: {listed}", f"it has: {listed}"),
    )


def _label(item: Requirement, tests: list[Test], name: str) -> Text:
    own = next((test for test in tests if test.id == name and test.label), None)
    return seen(own.text if own else item.text)


def _frame(scene: Scene, item: Requirement, name: str) -> pl.DataFrame:
    rows = scene.mine(scene.result.items.failing)
    meant = pl.col("item") == item.id if name == item.id else pl.col("id") == name
    return (
        rows.filter(meant)
        .sort("_status", descending=True, maintain_order=True)
        .select(
            "id", "school_id", named_schools(), "stage", words(pl.col("_status")).alias("status"), "value", "limit",
            "relief",
        )
    )  # fmt: skip


def _columns(tests: list[Test], frame: pl.DataFrame) -> list[Column]:
    """Value and limit only where the item is a matter of figures, stages only where it is asked by stage."""
    measured = [test for test in tests if test.kind != "evidence" and test.holds is None] or tests
    test = measured[0]
    unit, decimals = unit_of(test.unit), max(each.decimals for each in measured)
    columns = [SCHOOL_COLUMN]
    if frame["stage"].null_count() < frame.height:
        columns.append(STAGE_COLUMN)
    if frame["id"].n_unique() > 1:
        columns.append(Column("id", Text("编号", "id"), least=4, most=12))
    columns.append(STATUS_COLUMN)
    if frame["limit"].null_count() < frame.height:
        columns += [
            Column("value", Text("数值", "value"), unit, "figure", decimals, unit=unit, least=6),
            Column(
                "limit",
                Text("限值", "limit"),
                Text(sign(test.op), sign(test.op)),
                "plain",
                unit=unit,
                least=6,
            ),
        ]
    if frame["relief"].null_count() < frame.height:
        columns.append(Column("relief", Text("过渡条款", "relief"), least=4, most=10))
    return columns


def _leads(scene: Scene, county: County, item: Requirement, record: Record, column: str) -> Where | None:  # noqa: ARG001
    """The data of the school, at the first fact the test reads."""
    test = next((each for each in item.test if (each.id or item.id) == record["id"]), item.test[0])
    if record["school_id"] is None:
        return None
    return where(
        "data", county, school_id=record["school_id"], stage=record["stage"], field=_fact(scene, test)
    )


def _fact(scene: Scene, test: Test) -> str | None:
    """The first fact of schools that a test reads of each of them."""
    rooms = (room.count for room in test.rooms)
    names = (*scene.facts_in(*(way.value for way in test.value or ()), test.holds), *rooms)
    reported = scene.result.dataset.sections.columns
    return next((name for name in names if name in reported), None)
