"""Events as the rows of a table, the same in every store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ..errors import Refused
from .event import Event, canonical
from .unreadable import unreadable

COLUMNS = (
    "sequence", "time", "assessment", "operation", "target", "old", "new", "actor", "connection", "base", "reason",
    "standard", "undoes", "previous", "hash",
)  # fmt: skip
_NUMBERS = ("sequence", "base", "undoes")


def row_of(event: Event) -> tuple[Any, ...]:
    """The columns of an event; old and new as JSON."""
    values = {name: getattr(event, name) for name in COLUMNS}
    return tuple((values | {"old": canonical(event.old), "new": canonical(event.new)}).values())


def event_of(row: tuple[Any, ...]) -> Event:
    """The event of a row. Errors: REC-DAMAGED where it cannot have been written by this program."""
    values = dict(zip(COLUMNS, row, strict=True))
    try:
        if not all(isinstance(value, _kind(name)) for name, value in values.items()):
            raise ValueError(row)
        kind, *_ = json.loads(values["target"])
        if not isinstance(kind, str):
            raise ValueError(row)
        return Event(**(values | {name: json.loads(values[name]) for name in ("old", "new")}))
    except (TypeError, ValueError, RecursionError) as error:
        raise unreadable(values["sequence"]) from error


def event_of_any(row: tuple[Any, ...]) -> Event:
    """The event of a row, or what is left of it, which then is not what its hash says."""
    try:
        return event_of(row)
    except Refused:
        pass
    values = {
        name: value if isinstance(value, _kind(name)) else 0 if name in _NUMBERS else str(value)
        for name, value in zip(COLUMNS, row, strict=True)
    }
    return Event(**values)  # type: ignore[arg-type]


def is_as_written(event: Event, row: Sequence[Any]) -> bool:
    """Whether a row is just what the event is written as: the same JSON can be written in more ways than one."""
    try:
        return row_of(event) == tuple(row)
    except (ValueError, RecursionError):
        return False


def _kind(name: str) -> Any:
    if name == "undoes":
        return int | None
    return int if name in _NUMBERS else str
