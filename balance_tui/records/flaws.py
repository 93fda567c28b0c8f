"""What is wrong with a chain of events and the blobs they name: found, and located by the event's number."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..errors import visible
from ..language import Text
from .event import CLOCK, GENESIS, Json
from .log import Flaw
from .rows import event_of_any, is_as_written


def chain_flaws(
    rows: Iterable[Sequence[Any]], digests: Iterable[str], content: Callable[[str], bytes | None]
) -> Iterator[Flaw]:
    """Numbers that are missing or can be none, events that are not what their hash says, are written otherwise than this
    program writes, or do not follow the one before them, times that go back, blobs that are missing or changed. `rows` are
    all that the store has, by number; `content` gives a blob, or None."""
    number, previous, time = 0, GENESIS, ""
    named: dict[str, int] = {}
    for row in rows:
        event = event_of_any(tuple(row))
        if event.sequence <= number:
            yield Flaw(
                0,
                Text(
                    f"多出编号为 {event.sequence} 的记录",
                    f"there is an event numbered {event.sequence} too many",
                ),
            )
            continue
        number += 1
        if event.sequence != number:
            yield Flaw(number, Text(f"缺第 {number} 条记录", f"event {number} is missing"))
            number = event.sequence
        if not (event.is_whole and is_as_written(event, row)):
            yield Flaw(number, Text(f"第 {number} 条记录已被改动", f"event {number} was changed"))
        if event.previous != previous:
            what = Text(f"第 {number} 条记录不接前一条", f"event {number} does not follow the one before it")
            yield Flaw(number, what)
        if event.time < time and event.operation != CLOCK:
            yield Flaw(number, Text(f"第 {number} 条记录的时间倒退", f"the time of event {number} goes back"))
        previous, time = event.hash, event.time
        named.update((digest, number) for digest in digests_in(event.new) if digest not in named)
    yield from _blob_flaws(digests, named, content)


def _blob_flaws(
    digests: Iterable[str], named: Mapping[str, int], content: Callable[[str], bytes | None]
) -> Iterator[Flaw]:
    for digest in sorted({*digests, *named}):
        found = content(digest)
        short = visible(digest[:12])
        if found is None:
            what = Text(f"所存数据 {short} 缺失", f"stored data {short} is missing")
            yield Flaw(named.get(digest, 0), what)
        elif hashlib.sha256(found).hexdigest() != digest:
            what = Text(f"所存数据 {short} 已被改动", f"stored data {short} was changed")
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
