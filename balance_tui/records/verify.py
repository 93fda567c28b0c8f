"""Whether a workspace is what it was: the chain, what it keeps, who was entitled, and what follows from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, cast

from ..engine.evaluate import evaluate
from ..engine.result import Result
from ..errors import BalanceError, Refused
from ..language import Text
from ..reading import Progress
from .decided import decided, differences
from .event import GENESIS, Event
from .log import Flaw, Log
from .roles import Area, may
from .seat import area_of
from .state import Assessment, FactKey, FindingKey, ItemKey, State, key_of
from .targets import DATA, parts_of
from .unreadable import unreadable
from .workspace import dataset_of, imported, kept_standard, standard_of

FOUNDING = 2
"""The first events make the first administrator, whom nobody could have entitled."""


CHAIN, EVENTS = Text("记录链", "the chain"), Text("条记录", "events")
"""What a verification says it is at."""
_EVERY = 100
_SENSELESS = (AssertionError, AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError)
"""What comes of an event that this program cannot have written, though its hash fits."""


def verified(
    log: Log, name: str | None = None, head: str | None = None, progress: Progress | None = None
) -> tuple[Flaw, ...]:
    """Everything wrong: events and blobs that are not what their hashes say, a head kept elsewhere (`HASH`, or
    `NUMBER:HASH` as this program prints it) that is not in the chain, acts of people who had no role for them, data or
    standards that no longer read or evaluate, and results at a step of a review that no longer follow. `name` limits
    the evaluation to one assessment. `progress` is told the events gone through, all of them, and what is being done; it
    may raise to leave off."""
    step = progress or _silent
    step(0, 0, str(CHAIN))
    flaws = list(log.verify())
    if flaws:
        return tuple(flaws)
    events = list(log.since(0))
    return (*_held_against(events, head), *_followed(log, events, name, step))


def _silent(done: int, total: int, name: str) -> None:
    """Nobody wants to know how far it is."""


def _held_against(events: Sequence[Event], head: str | None) -> Iterator[Flaw]:
    if head is None:
        return
    number, _, wanted = head.strip().lower().rpartition(":")
    last = events[-1].sequence if events else 0
    if not number.isdigit():
        if wanted not in (GENESIS, *(event.hash for event in events)):
            yield Flaw(0, Text("别处所存的校验值不在记录链中: 记录被整体改写或截断",
                               "the hash kept elsewhere is not in the chain, which was rewritten or cut"))  # fmt: skip
    elif int(number) > last:
        yield Flaw(last + 1, Text(f"别处所存的是第 {number} 条, 现只有 {last} 条: 记录被截断",
                                  f"the head kept elsewhere is event {number}, there are {last}: the chain was cut"))  # fmt: skip
    elif int(number) and events[int(number) - 1].hash != wanted:
        yield Flaw(int(number), Text(f"第 {number} 条与别处所存的校验值不符: 到此为止的记录被改写",
                   f"event {number} is not the one kept elsewhere: it or one before was rewritten"))  # fmt: skip


def _followed(log: Log, events: Sequence[Event], name: str | None, step: Progress) -> Iterator[Flaw]:
    """The chain gone through once more, each event held against the state before it."""
    state, evaluator = State(), _Evaluator(log)
    for event in events:
        if event.sequence % _EVERY == 0:
            step(event.sequence, len(events), str(EVENTS))
        try:
            yield from _event_flaws(log, state, event)
            said = event.new.get("decided") if isinstance(event.new, dict) else None
            if isinstance(said, dict) and name in (None, event.assessment):
                one = state.assessments[event.assessment]
                step(event.sequence, len(events), one.id)
                yield from evaluator.held_against(one, event.sequence, said)
            state.apply(event)
        except Refused as error:
            yield Flaw(event.sequence, error.what)
            return
        except _SENSELESS:
            yield Flaw(event.sequence, unreadable(event.sequence).what)
            return
    for one in state.assessments.values():
        if name in (None, one.id) and one.data.get("files"):
            step(len(events), len(events), one.id)
            try:
                yield from evaluator.readable(one)
            except _SENSELESS:
                number = one.events[-1].sequence
                yield Flaw(number, unreadable(number).what)


def _event_flaws(log: Log, state: State, event: Event) -> Iterator[Flaw]:
    """What is wrong with an event as it comes to a state."""
    if event.sequence > FOUNDING and not _entitled(state, event):
        yield Flaw(event.sequence, Text(f"“{event.actor}”当时无权作第 {event.sequence} 条",
                                        f"'{event.actor}' had no role for event {event.sequence}"))  # fmt: skip
    if event.operation == "standard":
        yield from _standard_kept(log, event)


def _standard_kept(log: Log, event: Event) -> Iterator[Flaw]:
    """Whether the standard that an event keeps is the one whose hash it names."""
    try:
        kept_standard(log, cast("dict[str, Any]", event.new))
    except BalanceError as error:
        yield Flaw(
            event.sequence,
            Text(f"第 {event.sequence} 条: {error.what.zh}", f"event {event.sequence}: {error.what.en}"),
        )


def _entitled(state: State, event: Event) -> bool:
    one = state.assessments.get(event.assessment)
    act = {"revoke": "grant"}.get(event.operation, event.operation)
    if one is not None and act == "standard" and not one.standard:
        act = "create"
    return may(state.grants_of(event.actor), _of_source(act, event), _area(event, one))


def _of_source(act: str, event: Event) -> str:
    return "judge self" if act == "judge" and key_of(event.target)[1][-1] == "self" else act


def _area(event: Event, one: Assessment | None) -> Area:
    if event.operation in ("grant", "revoke"):
        _, _, *area = key_of(event.target)[1]
        return Area(*cast("list[str | None]", area))
    if one is None:
        new = cast("dict[str, Any]", event.new)
        return Area(**new["area"]) if event.operation == "create" else Area()
    kinds = {"fact": FactKey, "judge": ItemKey, "acknowledge": FindingKey}
    kind = kinds.get(event.operation)
    return area_of(kind(*parts_of(event.target)), one) if kind else one.area


class _Evaluator:
    """Evaluates assessments as they stood, reading the same files under the same standard once."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._read: dict[tuple[str, str], Any] = {}

    def result(self, one: Assessment, as_of: str | None) -> Result:
        """The result of an assessment in a state. Errors: those of reading and evaluating."""
        key = (str(one.standard["hash"]), str(one.data))
        if key not in self._read:
            standard = standard_of(self._log, one)
            self._read = {key: (standard, imported(self._log, one, standard))}
        standard, data = self._read[key]
        dataset, overrides = dataset_of(data, one)
        day = dt.date.fromisoformat(as_of) if as_of else None
        return evaluate(standard, dataset, settings=one.settings, as_of=day, overrides=overrides)

    def held_against(self, one: Assessment, number: int, said: dict[str, Any]) -> Iterator[Flaw]:
        """What a step of a review recorded, against what follows from everything before it."""
        try:
            now = decided(self.result(one, said["as_of"]), said["after"])
        except BalanceError as error:
            yield Flaw(number, _failed(one, error))
            return
        for what in differences(said, now):
            made = Text(f"第 {number} 条的结论", f"the result of event {number}")
            by = "" if said["program"] == now["program"] else f" ({said['program']} → {now['program']})"
            yield Flaw(number, Text(f"{made.zh}: {what.zh}{by}", f"{made.en}: {what.en}{by}"))

    def readable(self, one: Assessment) -> Iterator[Flaw]:
        """Whether an assessment still evaluates, from the very data that were imported."""
        number = one.last.get(DATA, 0)
        try:
            read = self.result(one, one.as_of).dataset
        except BalanceError as error:
            yield Flaw(number, _failed(one, error))
            return
        recorded = one.data.get("dataset")
        if recorded and read.digest != recorded:
            what = Text(f"评估“{one.id}”的数据与导入时不同", f"the data of '{one.id}' are not those imported")
            yield Flaw(number, what)


def _failed(one: Assessment, error: BalanceError) -> Text:
    return Text(
        f"评估“{one.id}”不能重新得出: {error.what.zh}",
        f"'{one.id}' cannot be evaluated again: {error.what.en}",
    )
