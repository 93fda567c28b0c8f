"""So many rooms of each kind, each of at least a size: the need, and what every deciding school has."""

from __future__ import annotations

import polars as pl

from ...data.dictionary import UNITS_EN
from ...errors import visible
from ...language import Text
from ...standard.model import Requirement
from ...standard.tests import RoomKind, Test
from .derivation import Column, Step, joined
from .figure_text import test_source
from .formula import spelled
from .people import asked, population_step, row_of
from .scene import Scene
from .threshold import relief_steps, schools_step


def rooms_steps(scene: Scene, item: Requirement, test: Test) -> list[Step]:
    """Need, sizes, population, reliefs and deciding schools of a `rooms` test."""
    assert test.need
    reliefs = [r for r in scene.model.relief if r.target in (item.id, test.id) and r.sizes]
    sizes = [room.size for room in test.rooms]
    eased = [expression for relief in reliefs for expression in (relief.when, *relief.sizes.values())]
    names = scene.facts_in(test.need, test.where, *sizes, *eased)
    rows = asked(scene, test, names)
    own = (*scene.facts_in(test.need), *(name for room in test.rooms for name in (room.count, room.smallest)))
    settings = [*scene.settings_in(test.need, test.where, *sizes, *eased), test.together_setting]
    steps = [
        _need(scene, item, test),
        *(_kind(scene, item, test, index, room) for index, room in enumerate(test.rooms)),
        population_step(scene, item, test, names),
        *relief_steps(scene, item, test, reliefs, rows),
        _with_rooms(schools_step(scene, item, test, rows, own), rows, test),
        *scene.setting_steps(settings),
    ]
    return [step for step in steps if step]


def _need(scene: Scene, item: Requirement, test: Test) -> Step:
    assert test.need
    words = spelled(scene.bound(test.need).node, scene.label)
    place, clause = test_source(scene, item, test, "need")
    unit = UNITS_EN.get(test.unit, test.unit)
    told = Text(f"每种须有 {words.zh} {test.unit}", f"of each kind {words.en} {unit}")
    data = {"need": test.need.text, **scene.source_data(clause, place, test.mark)}
    return Step("formula", Text("需要", "need"), joined([told, scene.source(clause, place, test.mark)]), data)


def _kind(scene: Scene, item: Requirement, test: Test, index: int, room: RoomKind) -> Step:
    size = spelled(scene.bound(room.size).node, scene.label)
    place, clause = test_source(scene, item, test, "rooms", index, "size")
    clause = room.clause or clause
    told = Text(
        f"{visible(room.label)}教室每间 ≥ {size.zh} ㎡", f"each {visible(room.kind)} room ≥ {size.en} m²"
    )
    data = {"kind": room.kind, "size": room.size.text, **scene.source_data(clause, place)}
    return Step("limit", Text("面积", "size"), joined([told, scene.source(clause, place)]), data)


def _with_rooms(step: Step | None, rows: pl.DataFrame, test: Test) -> Step | None:
    """The table of schools with the rooms each of them has."""
    if step is None:
        return None
    names = [name for room in test.rooms for name in (room.count, room.smallest)]
    shown = tuple({**each, **{name: row_of(rows, each).get(name) for name in names}} for each in step.rows)
    more = [column for room in test.rooms for column in _columns(room)]
    return Step(step.kind, step.label, step.text, step.data, (*step.columns, *more), shown)


def _columns(room: RoomKind) -> tuple[Column, Column]:
    label, kind = visible(room.label), visible(room.kind)
    return (
        Column(room.count, Text(f"{label}教室", f"{kind} rooms")),
        Column(room.smallest, Text(f"最小{label}教室㎡", f"smallest {kind} room, m²")),
    )
