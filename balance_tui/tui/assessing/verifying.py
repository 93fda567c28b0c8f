"""Verifying the records behind the screen: the chain, what is kept, who was entitled, what follows."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ...errors import BalanceError, UsageError
from ...language import Text
from ...records.log import Flaw, Head, Log
from ...records.roles import Area
from ...records.workspace import open_log
from ..where import where
from . import errands
from .filling import pick
from .keeping import place_of

if TYPE_CHECKING:
    from ...reading import Progress
    from ...records.event import Event
    from ..app import BalanceApp
    from ..view import Record
    from .session import Session

TITLE = Text("核对", "verify")
_WHOLE = Text("全部评估", "all assessments")
_WHICH = Text("核对: 重新得出哪些结论", "verify: which results to work out again")
_HEAD = Text("报告上或抄存的末条校验值 (可空):", "head on a report, or kept elsewhere (may be empty):")
_HASH = re.compile(r"(?:\d{1,18}:)?[0-9a-f]{64}")
_DIGITS = re.compile(r"[\s-]+")


@dataclass
class Verification:
    """A verification: of one assessment or all (`name` None), against a `head` kept elsewhere where one was given.
    `flaws` are there once it is done, with the `events` they are about as far as these can be read; `told` is how far it
    is, `failed` why it could not be done."""

    name: str | None
    head: str | None
    told: Text
    flaws: tuple[Flaw, ...] | None = None
    events: Mapping[int, Event] = field(default_factory=dict)
    last: Head | None = None
    failed: BalanceError | None = None

    @property
    def is_over(self) -> bool:
        """Whether it is done, or could not be."""
        return self.flaws is not None or self.failed is not None


def begin(app: BalanceApp) -> None:
    """Ask what to verify and against which head, then verify. Errors: REC-ROLE where nothing may be looked at."""
    desk = app.at_desk.desk
    desk.require_any("read")
    seen = [one.id for one in desk.state.assessments.values() if desk.may("read", one.area)]
    choices = [("", str(_WHOLE))] if desk.may("read", Area()) or not seen else []
    choices += [(name, name) for name in seen]
    if len(seen) < 2:
        _ask_head(app, {"value": choices[0][0]})
    else:
        pick(app, _WHICH, choices, partial(_ask_head, app))


def _ask_head(app: BalanceApp, record: Record) -> None:
    app.ask(_HEAD, "", partial(_begin, app, record["value"] or None))


def head_given(text: str) -> str | None:
    """A head as it is printed, `NUMBER:HASH` or the hash alone, also in groups; None for nothing. Errors: REC-HEAD."""
    told = _DIGITS.sub("", text).lower()
    if told and not _HASH.fullmatch(told):
        raise UsageError(
            "REC-HEAD", Text("不是校验值: 须为 64 位十六进制, 前面可有“条数:”", "no head: 64 hex digits, or NUMBER: before them"),
            Text("请照报告上的重新输入", "type it as the report has it"),
        )  # fmt: skip
    return told or None


def _begin(app: BalanceApp, name: str | None, text: str) -> None:
    session, head = app.at_desk, head_given(text)
    _leave_running(session)
    verification = Verification(name, head, Text("", ""))
    session.errands.verification = verification
    errands.begin(
        app, TITLE, partial(_verify, place_of(session), name, head), partial(_done, app, verification),
        partial(_failed, app, verification), partial(_tell, app, verification),
    )  # fmt: skip
    _show(app)


def _leave_running(session: Session) -> None:
    """Of two verifications the second is wanted."""
    for errand in [each for each in session.errands.running if each.label == TITLE]:
        errand.stopped = True
        session.errands.running.remove(errand)


def is_running(session: Session) -> bool:
    """Whether a verification is under way."""
    return any(each.label == TITLE for each in session.errands.running)


class Found(NamedTuple):
    """What is wrong, the events it is about by number, and the last event of those that were gone through."""

    flaws: tuple[Flaw, ...]
    events: Mapping[int, Event]
    last: Head


def _verify(place: str, name: str | None, head: str | None, progress: Progress) -> Found:
    from ...records.verify import verified

    log = open_log(place)
    try:
        last = log.head()
        flaws = verified(log, name, head, progress)
        return Found(flaws, _events_of(log, {flaw.sequence for flaw in flaws}), last)
    finally:
        log.close()


def _events_of(log: Log, numbers: set[int]) -> Mapping[int, Event]:
    """The events of these numbers, up to the first that cannot be read."""
    found: dict[int, Event] = {}
    with contextlib.suppress(BalanceError):
        for event in log.since(0) if numbers else ():
            if event.sequence in numbers:
                found[event.sequence] = event
    return found


def _tell(app: BalanceApp, verification: Verification, text: Text) -> None:
    """How far it is stands on the screen of it alone: on others the message line is wanted for what is done there."""
    verification.told = text
    _again(app)


def _done(app: BalanceApp, verification: Verification, errand: errands.Errand, found: Found) -> None:
    _ = errand
    verification.flaws, verification.events, verification.last = found
    count = len(verification.flaws)
    told = (
        Text(f"发现 {count} 处问题", f"{count} things are wrong")
        if count
        else Text("没有发现问题", "nothing wrong")
    )
    app.say(Text(f"核对完毕: {told.zh}", f"verified: {told.en}"))
    _again(app)


def _failed(app: BalanceApp, verification: Verification, error: BalanceError) -> None:
    verification.failed = error
    app.tell_error(error)
    _again(app)


def _again(app: BalanceApp) -> None:
    if app.where.view == "verify" and not app.typing:
        app.again()


def _show(app: BalanceApp) -> None:
    if app.where.view == "verify":
        app.again()
    else:
        app.go(where("verify"))


def event_of(session: Session, number: int) -> Event | None:
    """The event of a finding, as far as the person may look at what it was done to."""
    found = session.errands.verification
    event = found.events.get(number) if found else None
    if event is None:
        return None
    one = session.desk.state.assessments.get(event.assessment)
    return event if session.desk.may("read", one.area if one else Area()) else None
