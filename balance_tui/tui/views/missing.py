"""What is unknown in a county, one row a thing, with who could know it (`items` with detail `unknown`)."""

from __future__ import annotations

from functools import partial

import polars as pl

from ...engine.explanation.scene import Scene
from ...errors import UsageError, visible
from ...language import Text
from ..table.frame_sheet import FrameSheet
from ..table.sheet import Column
from ..view import Record, TablePane, View
from ..where import County, Subject, Where, where
from . import KINDS
from .common import labels_of, to_item, trail
from .unknowns import WHO, Unknown, unknowns

ANY = "any"
UNKNOWN = Text("未知", "unknown")
WHO_KNOWS = Text("谁能补", "who knows")

_SCHEMA = dict.fromkeys(
    ("_number", "id", "label", "who", "who_shown", "what", "fact", "school_id", "stage", "status"), pl.String
)  # fmt: skip


def view(scene: Scene, county: County, who: str) -> View:
    """What is missing of one who could know it, or of all. Errors: `VIEW-UNKNOWN`."""
    if who != ANY and who not in WHO:
        shown = ", ".join((ANY, *WHO))
        raise UsageError(
            "VIEW-UNKNOWN",
            Text(f"没有“{visible(who)}”一类", f"there is no kind '{visible(who)}'"),
            Text(f"可用: {shown}", f"one of {shown}"),
        )
    found = [each for each in unknowns(scene) if who in (ANY, each.who)]
    title = trail(KINDS["items"].title, UNKNOWN, *([WHO[each] for each in WHO if each == who]))
    pane = TablePane(
        "missing", title, FrameSheet(_frame(scene, found), _columns(), key=("_number",), status="status"),
        subject=partial(_subject, scene, county), leads=partial(_leads, scene, county), counted=Text("项", "items"),
    )  # fmt: skip
    return View(title, (pane,), Text("没有未知的", "nothing is unknown"), {"who_shown": WHO_KNOWS})


def _frame(scene: Scene, found: list[Unknown]) -> pl.DataFrame:
    labels = labels_of(scene) | {part.id: part.text for part in scene.model.part}
    rows = [
        {
            "_number": f"{each.id} {each.who} {each.what.zh}", "id": each.id, "label": str(labels.get(each.id, "")),
            "who": each.who, "who_shown": str(WHO[each.who]), "what": str(each.what),
            "fact": each.facts[0] if each.facts else None, "stage": each.stage,
            "school_id": each.schools[0] if each.schools else None, "status": "unknown",
        }
        for each in found
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=_SCHEMA)


def _columns() -> tuple[Column, ...]:
    return (
        Column("id", Text("编号", "id"), least=4, most=12),
        Column("who_shown", WHO_KNOWS, least=8, most=18),
        Column("what", Text("缺什么", "what is missing"), least=44, most=80, stretch=True),
        Column("label", Text("所在的要求", "what it leaves open"), least=12, most=60, stretch=True),
    )


def _is_indicator(scene: Scene, name: str) -> bool:
    return any(indicator.id == name for indicator in scene.model.indicator)


def _leads(scene: Scene, county: County, record: Record, column: str) -> Where | None:  # noqa: ARG001
    """To the data of the school, or of the county, at the fact that is missing; to the findings that struck it out;
    to the settings; to the schools of an item."""
    who, school = record["who"], record["school_id"]
    if who == "setting":
        return where("settings", county)
    if who == "data":
        return where("findings", county)
    if who == "school" and school:
        return where("data", county, school_id=school, stage=record["stage"], field=record["fact"])
    if who == "county" and record["fact"]:
        return where("county_data", county, field=record["fact"])
    item = to_item(scene, county, record["id"]) if who == "person" else None
    return item if item is not None and _has_schools(scene, item) else None


def _has_schools(scene: Scene, place: Where) -> bool:
    deciding = scene.mine(scene.result.items.failing)
    return bool((deciding["item"] == (place.get("item") or "")).any())


def _subject(scene: Scene, county: County, record: Record, column: str) -> Subject | None:  # noqa: ARG001
    """The figure that is unknown: of the first school where it is an indicator's."""
    if not _is_indicator(scene, record["id"]):
        return Subject("item", county, record["id"])
    return Subject("indicator", county, record["id"], stage=record["stage"], school_id=record["school_id"])
