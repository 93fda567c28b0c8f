"""The verification of the records: how far it is or what it found, the head to keep elsewhere, and every finding with
where it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ...errors import visible
from ...language import Text
from ...records.telling import OPERATIONS
from ..assessing.telling import local_time, what_of
from ..assessing.verifying import Verification, event_of, is_running
from ..cells import shown, wrapped
from ..table.sheet import Cell, Column, ListSheet
from ..view import Line, LinesPane, Piece, Record, TablePane, View
from ..where import Where, where
from . import DESK_KINDS

if TYPE_CHECKING:
    from ...records.event import Event
    from ...records.log import Flaw
    from ..assessing.session import Session

_COLUMNS = (
    Column("number", Text("第几条", "event"), kind="plain", least=6, most=8),
    Column("found", Text("问题", "what is wrong"), least=32, most=200, stretch=True),
    Column("assessment", Text("评估", "assessment"), least=8, most=24),
    Column("event", Text("该条做了", "what it did"), least=8, most=40),
    Column("who", Text("谁, 何时", "who, when"), least=8, most=32),
)
_GROUP = 8
"""Digits of a hash that stand together, so that two can be compared by eye."""
_NOTHING, _NOT_YET = (
    Text("没有发现问题", "nothing is wrong"),
    Text("还没有核对; a 开始", "not verified yet; a begins"),
)
_WAIT = Text("核对中…", "verifying…")
_STOPPED = Text("已停止, 没有结论; a 重新核对", "stopped: nothing is known; a verifies again")
_RUNS = Text("T 停止; 可以先做别的", "T stops it; one can do other things meanwhile")
_WHOLE = Text(
    "✓ 记录链完整: 每条都接得上, 所存的数据、标准与权限无误, 结论都能重新得出",
    "✓ the chain is whole: every event follows, data, standards and roles are as recorded, every result follows again",
)
_PARTLY = Text("只重新得出 {name} 的结论", "of the results only those of {name} were worked out")
_FLAWED = Text(
    "✗ 发现 {count} 处问题: 请不要再改动, 由管理员从备份恢复 (见工作区一屏)",
    "✗ {count} things are wrong: change nothing more; an administrator restores a backup (see the workspace screen)",
)
_KEEP = Text("末条校验值, 请抄存在别处: 第 {number} 条", "the head, to be kept elsewhere: event {number}")
_HELD = Text("与所给的校验值相符", "it agrees with the head that was given")
_NOT_HELD = Text(
    "没有与别处所存的校验值比对: 整条链被重写或截断只能那样发现 (a 再核对, 输入报告上的)",
    "not held against a head kept elsewhere, the only way to find a chain rewritten or cut as a whole (a verifies again)",
)


def build(session: Session, where: Where) -> View:  # noqa: ARG001 - of the workspace
    """What the last verification of this sitting found."""
    title = DESK_KINDS["verify"].title
    found = session.errands.verification
    flaws = (found.flaws if found else None) or ()
    events = [event_of(session, flaw.sequence) for flaw in flaws]
    rows = tuple(_cells(flaw, event, session) for flaw, event in zip(flaws, events, strict=True))
    records: tuple[Record, ...] = tuple(
        {"_key": number, "number": flaw.sequence, "assessment": event.assessment if event else None}
        for number, (flaw, event) in enumerate(zip(flaws, events, strict=True))
    )
    panes = (
        LinesPane("verified", title, partial(_drawn, tuple(_told(session, found)))),
        TablePane("verify", title, ListSheet(_COLUMNS, rows, records), leads=partial(_leads, session),
                  cursor=(0, "found") if flaws else None, counted=Text("处", "findings")),
    )  # fmt: skip
    return View(title, panes, _empty(found))


def _empty(found: Verification | None) -> Text:
    if found is None:
        return _NOT_YET
    return _NOTHING if found.flaws is not None else Text("", "")


def _cells(flaw: Flaw, event: Event | None, session: Session) -> tuple[Cell, ...]:
    number = str(flaw.sequence) if flaw.sequence else "—"
    did = _did(event, session) if event else ""
    who = f"{event.actor} {_when(event)}" if event else ""
    texts = (str(flaw.what), event.assessment if event else "", did, who)
    return (Cell(shown(number)), *(Cell(shown(visible(text)), "", "error" if at == 0 else "")
                                   for at, text in enumerate(texts)))  # fmt: skip


def _did(event: Event, session: Session) -> str:
    """What an event says it did; one that was tampered with may say anything."""
    try:
        return f"{OPERATIONS[event.operation]} {what_of(event, session.names)}"
    except (KeyError, IndexError, TypeError, ValueError):
        return f"{event.operation} {event.target}"


def _when(event: Event) -> str:
    try:
        return local_time(event)
    except ValueError:
        return event.time


def _leads(session: Session, record: Record, column: str) -> Where | None:  # noqa: ARG001
    """The event among those of the assessment, where it is the one that is open."""
    if record["assessment"] is None or record["assessment"] != session.name:
        return None
    return where("history", number=str(record["number"]))


def _told(session: Session, found: Verification | None) -> Iterator[Piece]:
    """What is said above the findings, each piece a line or more."""
    if found is None:
        return
    if found.failed is not None:
        yield Piece(shown(visible(str(found.failed.what))), "error")
    elif found.flaws is None:
        yield Piece(
            shown(str(found.told if found.told.zh else _WAIT))
            if is_running(session)
            else shown(str(_STOPPED))
        )
        if is_running(session):
            yield Piece(shown(str(_RUNS)), "dim")
    elif found.flaws:
        yield Piece(shown(str(_FLAWED.fill(count=len(found.flaws)))), "error")
    else:
        yield from _whole(found)


def _whole(found: Verification) -> Iterator[Piece]:
    yield Piece(shown(str(_WHOLE)), "pass")
    if found.name is not None:
        yield Piece(shown(visible(str(_PARTLY.fill(name=found.name)))), "dim")
    if found.last is not None:
        digits = found.last.hash
        groups = " ".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP))
        yield Piece(shown(str(_KEEP.fill(number=found.last.sequence))))
        yield Piece(f"  {groups}", "bold")
    yield Piece(shown(str(_HELD if found.head else _NOT_HELD)), "" if found.head else "dim")


def _drawn(told: Sequence[Piece], room: int) -> Sequence[Line]:
    """The pieces wrapped into lines."""
    return [(Piece(line, piece.style),) for piece in told for line in wrapped(piece.text, max(room - 1, 20))]
