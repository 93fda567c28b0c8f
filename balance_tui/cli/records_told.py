"""How records are told on the command line: assessments, events, changes."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..language import Text
from ..records.desk import Desk
from ..records.event import Event, Json
from ..records.office import levels_of
from ..records.state import Assessment
from ..records.workspace import standard_of
from .frames import write_json

STATES: Mapping[str, Text] = {
    "open": Text("填报中", "open"), "returned": Text("已退回", "returned"), "submitted": Text("待审", "submitted"),
    "approved": Text("已通过", "approved"),
}  # fmt: skip


def assessments(desk: Desk, *, json: bool) -> None:
    """Every assessment that the actor may look at."""
    seen = [one for one in desk.state.assessments.values() if desk.may("read", one.area)]
    if json:
        write_json({"assessments": [told(one) for one in seen]}, sys.stdout)
        return
    for one in seen:
        standard, year = one.standard.get("id", ""), one.year or ""
        print(f"{one.id:<20} {standard:<16} {stands(desk, one):<16} {one.area} {year} {one.title}")


def told(one: Assessment) -> dict[str, Any]:
    """An assessment as data."""
    return {
        "id": one.id, "title": one.title, "area": asdict(one.area), "year": one.year, "standard": one.standard,
        "level": one.level, "state": one.review, "corrections": len(one.facts), "judgements": len(one.judgements),
        "events": len(one.events),
    }  # fmt: skip


def stands(desk: Desk, one: Assessment) -> str:
    """Where the review of an assessment stands."""
    levels = levels_of(standard_of(desk.log, one))
    level = levels[one.level].label if one.level < len(levels) else Text("", "")
    return f"{level} {STATES[one.review]}"


def changed(row: Mapping[str, Any]) -> str:
    """One row of `workspace.CHANGE_SCHEMA` as a line."""
    where = " ".join(str(row[name]) for name in ("county", "school", "stage", "field") if row[name])
    kept = f"  {Text('更正仍为', 'corrected to')} {row['corrected']}" if row["corrected"] is not None else ""
    return f"{where}: {_value(row['old'])} → {_value(row['new'])}{kept}"


def events(written: Sequence[Event]) -> None:
    """What was written, or that nothing was."""
    for event in written:
        print(history_line(event))
    if not written:
        print(Text("没有变化", "nothing changed"))


def history_line(event: Event) -> str:
    """An event as one line: number, time, who, what, from what to what, why."""
    why = f"  ({event.reason})" if event.reason else ""
    back = f" ↶{event.undoes}" if event.undoes else ""
    when, what = event.time[:19], f"{event.operation}{back} {event.target}"
    return f"{event.sequence:>6} {when} {event.actor} {what}: {_short(event.old)} → {_short(event.new)}{why}"


def _short(value: Json) -> str:
    if isinstance(value, dict) and "value" in value:
        return _value(value["value"])
    text = _value(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _value(value: object) -> str:
    return "—" if value is None else str(value)
