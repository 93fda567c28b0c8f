"""How drafts become the next events of a chain; what every store does between its lock and its commit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from ..errors import Refused
from ..language import Text
from .event import CLOCK, Draft, Event, chained
from .log import Conflict, Head

BACKWARDS = dt.timedelta(minutes=1)
"""How far the clock may stand behind the last event; less is taken as the last event's time."""


def linked(
    drafts: Sequence[Draft], head: Head, time: str, history: Callable[[Draft], Sequence[Event]]
) -> Iterator[Event]:
    """The drafts as the events behind `head`. `history` gives the events of a draft's target, in order.
    Errors: `Conflict` where the last of them is not the draft's base."""
    lasts: dict[tuple[str, str], int] = {}
    for draft in drafts:
        key = (draft.assessment, draft.target)
        if key not in lasts:
            events = history(draft)
            lasts[key] = events[-1].sequence if events else 0
        if lasts[key] != draft.base:
            events = history(draft)
            theirs = tuple(event for event in events if event.sequence > draft.base) or tuple(events[-1:])
            raise Conflict(draft, theirs)
        event = chained(draft, head.sequence + 1, time, head.hash)
        lasts[key], head = event.sequence, Head(event.sequence, event.hash)
        yield event


def time_after(last: str | None, now: dt.datetime, drafts: Sequence[Draft]) -> str:
    """The time of the next events. Errors: REC-CLOCK where the clock stands far behind the last one, which only an event
    that accepts it (`CLOCK`) may; and where there is nothing for such an event to accept."""
    before = _read(last) if last else now
    is_behind = now < before - BACKWARDS
    if [draft.operation for draft in drafts] == [CLOCK]:
        if not is_behind:
            raise Refused("REC-CLOCK", Text("时钟不早于最后一条记录, 不必认可",
                                            "the clock is not behind the last record: nothing is to be accepted"))  # fmt: skip
        return now.isoformat(timespec="microseconds")
    if is_behind:
        raise Refused(
            "REC-CLOCK",
            Text(f"时钟 {now:%Y-%m-%d %H:%M} 早于最后一条记录 {before:%Y-%m-%d %H:%M} (UTC)",
                 f"the clock, {now:%Y-%m-%d %H:%M}, is behind the last record, {before:%Y-%m-%d %H:%M} (UTC)"),
            Text("请校正时钟; 如果时钟无误, 是那条记录的时间错了, 请管理员 workspace clock",
                 "set the clock right; if it is, that record's time is wrong: an administrator's workspace clock accepts it"),
        )  # fmt: skip
    return max(now, before).isoformat(timespec="microseconds")


def _read(time: str) -> dt.datetime:
    """The time of an event. Errors: REC-DAMAGED where it cannot have been written by this program."""
    try:
        moment = dt.datetime.fromisoformat(time)
    except ValueError:
        moment = dt.datetime.min
    if moment.tzinfo is None:
        raise Refused(
            "REC-DAMAGED",
            Text("最后一条记录的时间读不懂, 没有写入", "the time of the last event cannot be read; nothing was written"),
            Text("请从备份恢复: workspace restore", "restore a backup: workspace restore"),
        )  # fmt: skip
    return moment
