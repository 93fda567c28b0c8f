"""What is wrong with a chain of events and the blobs they name: found, and located by the event's number."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator

from ..language import Text
from .event import GENESIS, Event, Json
from .log import Flaw


def chain_flaws(
    events: Iterable[Event], digests: Iterable[str], content: Callable[[str], bytes | None]
) -> Iterator[Flaw]:
    """Numbers that are missing, events that are not what their hash says or do not follow the one before them, times
    that go back, blobs that are missing or changed. `content` gives a blob, or None."""
    number, previous, time = 0, GENESIS, ""
    named: dict[str, int] = {}
    for event in events:
        number += 1
        if event.sequence != number:
            yield Flaw(number, Text(f"缺第 {number} 条记录", f"event {number} is missing"))
            number = event.sequence
        if not event.is_whole:
            yield Flaw(number, Text(f"第 {number} 条记录已被改动", f"event {number} was changed"))
        if event.previous != previous:
            what = Text(f"第 {number} 条记录不接前一条", f"event {number} does not follow the one before it")
            yield Flaw(number, what)
        if event.time < time:
            yield Flaw(number, Text(f"第 {number} 条记录的时间倒退", f"the time of event {number} goes back"))
        previous, time = event.hash, event.time
        named.update((digest, number) for digest in digests_in(event.new) if digest not in named)
    for digest in sorted({*digests, *named}):
        found = content(digest)
        if found is None:
            what = Text(f"所存数据 {digest[:12]} 缺失", f"stored data {digest[:12]} is missing")
            yield Flaw(named.get(digest, 0), what)
        elif hashlib.sha256(found).hexdigest() != digest:
            what = Text(f"所存数据 {digest[:12]} 已被改动", f"stored data {digest[:12]} was changed")
            yield Flaw(named.get(digest, 0), what)


def digests_in(value: Json) -> Iterator[str]:
    """Every blob that the value of an event names: what stands under a key `digest`."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "digest" and isinstance(inner, str):
                yield inner
            yield from digests_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from digests_in(inner)
