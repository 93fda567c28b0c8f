"""Sections of the compulsory stages that the indicators do not count, and why."""

from __future__ import annotations

from functools import partial

from ...engine.explanation.scene import Scene
from ...language import Text
from ..study import Study
from ..table.frame_sheet import FrameSheet
from ..table.sheet import Column
from ..view import Record, TablePane, View
from ..where import County, Subject, Where, where
from . import KINDS
from .common import SCHOOL_COLUMN, STAGE_COLUMN, county_in, named_schools, scene_of

REASON = Text("原因", "reason")


def build(study: Study, where: Where) -> View:
    """The sections of the county of a place that are left out. Errors: `VIEW-COUNTY`."""
    scene = scene_of(study, where)
    county = county_in(scene.key)
    frame = scene.mine(scene.result.excluded).with_columns(named_schools())
    columns = (SCHOOL_COLUMN, STAGE_COLUMN, Column("reason", REASON, least=16, most=80, stretch=True))
    title = KINDS["excluded"].title
    pane = TablePane(
        "excluded", title, FrameSheet(frame, columns, key=("school_id", "stage")),
        subject=partial(_subject, scene, county), leads=partial(_leads, county), counted=Text("学段", "sections"),
        rests=lambda record, column: ("scope",),  # noqa: ARG005
    )  # fmt: skip
    empty = Text("没有不计入的学段", "no section is left out")
    return View(title, (pane,), empty, {"reason": REASON, "stage": STAGE_COLUMN.title})


def _subject(scene: Scene, county: County, record: Record, column: str) -> Subject | None:  # noqa: ARG001
    """Any indicator of the section: its explanation is why the section is left out."""
    first = next(iter(scene.model.indicator), None)
    return Subject("indicator", county, first.id, record["stage"], record["school_id"]) if first else None


def _leads(county: County, record: Record, column: str) -> Where:  # noqa: ARG001
    return where("data", county, school_id=record["school_id"], stage=record["stage"])
