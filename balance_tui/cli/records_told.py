"""How records are told on the command line: assessments, events, changes, as lines or as JSON (`docs/records.md`)."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, TextIO

import polars as pl

from ..data.dictionary import STAGES, dictionary
from ..errors import visible
from ..language import Text
from ..records.desk import Desk
from ..records.event import Event
from ..records.office import levels_of
from ..records.refusals import STATES
from ..records.state import Assessment, key_of
from ..records.telling import OPERATIONS, SOURCES, change_of
from ..records.workspace import standard_of
from .frames import write_json

_WORDS: Mapping[str, Text] = {**STAGES, **SOURCES}


def assessments(desk: Desk, *, json: bool) -> None:
    """Every assessment that the actor may look at."""
    seen = [one for one in desk.state.assessments.values() if desk.may("read", one.area)]
    if json:
        write_json({"assessments": [told(one) for one in seen]}, sys.stdout)
        return
    for one in seen:
        standard, year = one.standard.get("id", ""), one.year or ""
        print(visible(f"{one.id:<20} {standard:<16} {stands(desk, one):<16} {one.area} {year} {one.title}"))
    if not seen:
        print(Text("没有评估", "there are no assessments"))


def told(one: Assessment) -> dict[str, Any]:
    """An assessment as data."""
    return {
        "id": one.id, "title": one.title, "area": asdict(one.area), "year": one.year, "standard": one.standard,
        "settings": one.settings, "as_of": one.as_of, "level": one.level, "state": one.review,
        "corrections": len(one.facts), "judgements": len(one.judgements), "acknowledged": len(one.acknowledged),
        "events": len(one.events), "last": one.events[-1].sequence if one.events else 0,
    }  # fmt: skip


def stands(desk: Desk, one: Assessment) -> str:
    """Where the review of an assessment stands."""
    levels = levels_of(standard_of(desk.log, one))
    level = levels[one.level].label if one.level < len(levels) else Text("", "")
    return f"{level} {STATES[one.review]}".strip()


def changed(row: Mapping[str, Any]) -> str:
    """One row of `workspace.CHANGE_SCHEMA` as a line."""
    where = _worded(row[name] for name in ("county", "school", "stage", "field"))
    if row["field"] is None:
        return visible(f"{where}: {Text('不再有', 'gone') if row['new'] is None else Text('新增', 'new')}")
    kept = f"  {Text('更正仍为', 'corrected to')} {row['corrected']}" if row["corrected"] is not None else ""
    return visible(f"{where}: {_value(row['old'])} → {_value(row['new'])}{kept}")


def accepted(rows: pl.DataFrame) -> Iterator[str]:
    """Accepted findings (`frames.ACKNOWLEDGED_SCHEMA`) as lines, under a heading; nothing where there are none."""
    if rows.height:
        yield str(Text("已确认的数据问题", "Acknowledged findings"))
    for row in rows.iter_rows(named=True):
        where = _worded(row[name] for name in ("county", "year", "school_id", "stage", "field"))
        gone = "" if row["current"] else f" ({Text('现已不存在', 'no longer found')})"
        yield visible(f"  {row['code']} {where}{gone}: {row['reason']} ({row['actor']} {row['time'][:10]})")


def events(written: Sequence[Event], *, json: bool = False) -> None:
    """What was written, or that nothing was."""
    if json:
        write_events(written, sys.stdout)
        return
    for event in written:
        print(history_line(event))
    if not written:
        print(Text("没有变化", "nothing changed"))


def write_events(told_events: Sequence[Event], stream: TextIO) -> None:
    """Events as one JSON object, `{"events": [...]}`, every part of each."""
    write_json({"events": [asdict(event) for event in told_events]}, stream)


def history_line(event: Event) -> str:
    """An event as one line: number, time (UTC), who, what, where, from what to what, why."""
    why = f"  ({event.reason})" if event.reason else ""
    back = f" ↶{event.undoes}" if event.undoes else ""
    what = f"{OPERATIONS[event.operation]}{back} {_where(event)}".rstrip()
    values = " → ".join(change_of(event))
    return visible(f"{event.sequence:>6} {event.time[:19]} {event.actor} {what}: {values}{why}")


def _where(event: Event) -> str:
    """The key of a target: county and year, the school's id, and what of it in words."""
    _, key = key_of(event.target)
    if key and isinstance(key[0], list):
        return _worded([*key[0][2:], *key[1:]])
    return " ".join(str(part) for part in key if part is not None)


def _worded(parts: Iterable[object]) -> str:
    """Parts of a key, stages, sources and facts by their names."""
    told = [str(part) for part in parts if part is not None]
    known = dictionary()
    return " ".join(
        str(_WORDS[part]) if part in _WORDS else str(known[part].label) if part in known else part
        for part in told
    )


def _value(value: object) -> str:
    return "—" if value is None else str(value)
