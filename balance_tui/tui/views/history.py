"""Everything that was done to an assessment, the last first; with detail `target` or `item` what was done to that alone."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ...errors import visible
from ...language import Text
from ...records.event import Event
from ...records.state import key_of
from ...records.telling import OPERATIONS, change_of
from ..assessing.telling import AGAIN, BACK, Names, local_time, told, turned_back, what_of
from ..cells import shown
from ..table.sheet import Cell, Column, ListSheet
from ..view import TablePane, View
from . import DESK_KINDS
from .common import trail

if TYPE_CHECKING:
    from ..assessing.session import Session
    from ..where import Where

_COLUMNS = (
    Column("time", Text("时间", "time"), least=11, most=19),
    Column("actor", Text("谁", "who"), least=6, most=16),
    Column("operation", Text("做了", "did"), least=6, most=14),
    Column("what", Text("何处", "what"), least=12, most=40),
    Column("old", Text("原", "old"), least=4, most=20),
    Column("new", Text("新", "new"), least=4, most=24),
    Column("reason", Text("为何", "why"), least=8, most=60, stretch=True),
    Column("standard", Text("标准校验值", "standard"), least=8, most=12),
    Column("number", Text("序号", "number"), kind="plain", least=4, most=8),
)
_EMPTY = Text("没有记录", "nothing was recorded")


def build(session: Session, where: Where) -> View:
    """Who, when, what, from which value to which, why; with detail `number` one stands on that event."""
    events = [each for each in reversed(session.one.events) if _is_meant(each, where)]
    names = session.names
    rows = tuple(_cells(each, names) for each in events)
    records = tuple({"_key": each.sequence, "whole": partial(_whole, each, names)} for each in events)
    title = DESK_KINDS["history"].title
    of = where.get("item") or (what_of(events[0], names) if where.get("target") and events else None)
    pane = TablePane(
        "history", title, ListSheet(_COLUMNS, rows, records), counted=Text("条", "events"),
        cursor=(int(number), None) if (number := where.get("number")) else None,
    )  # fmt: skip
    return View(trail(title, of) if of else title, (pane,), _EMPTY)


def _is_meant(event: Event, where: Where) -> bool:
    target, item = where.get("target"), where.get("item")
    if target is not None:
        return event.target == target
    if item is None:
        return True
    kind, key = key_of(event.target)
    return kind == "item" and key[3] == item


def _whole(event: Event, names: Names) -> str:
    """An event as a sentence: at 80 columns the list has no room for all of it."""
    why = f" ({event.reason})" if event.reason else ""
    return f"{told(event, names)}{why}"


def _cells(event: Event, names: Names) -> tuple[Cell, ...]:
    mark = {None: "", BACK: " ↶", AGAIN: " ↷"}[turned_back(event, names)]
    operation = f"{OPERATIONS[event.operation]}{f'{mark}{event.undoes}' if mark else ''}"
    old, new = change_of(event)
    texts = (
        local_time(event), event.actor, operation, what_of(event, names), old, new, event.reason,
        event.standard[:12], str(event.sequence),
    )  # fmt: skip
    return tuple(Cell(shown(visible(text))) for text in texts)
