"""What is true now: every event so far, folded in order. It can be made again from the log at any time.

A state that others read is never changed: `State.after` gives the next one, which shares with it whatever the events
do not touch. So one thread may append while others read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, cast

from .event import GENESIS, Event, Json
from .log import Head
from .roles import Area, Grant, Role
from .unreadable import unreadable

REVIEWS = ("open", "returned", "submitted", "approved")
"""What the review of an assessment can be."""


class FactKey(NamedTuple):
    """One fact: of a county (`school_id` None), a whole school (`stage` None) or a section."""

    province: str | None
    city: str | None
    county: str | None
    year: int | None
    school_id: str | None
    stage: str | None
    field: str


class ItemKey(NamedTuple):
    """One judgement: what an item was answered by one source, for a county or a school."""

    province: str | None
    city: str | None
    county: str | None
    year: int | None
    school_id: str | None
    stage: str | None
    item: str
    source: str


class FindingKey(NamedTuple):
    """One data finding."""

    province: str | None
    city: str | None
    county: str | None
    year: int | None
    school_id: str | None
    stage: str | None
    code: str
    field: str | None


@dataclass
class User:
    """A person: `keys` are public keys (OpenSSH, one line each) by comment or number."""

    name: str
    disabled: bool = False
    keys: dict[str, str] = field(default_factory=dict)


@dataclass
class Assessment:
    """One assessment as it stands. `last` is the number of the last event of each target, `events` all of it."""

    id: str
    title: str = ""
    area: Area = field(default_factory=Area)
    year: int | None = None
    standard: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    as_of: str | None = None
    facts: dict[FactKey, str | None] = field(default_factory=dict)
    judgements: dict[ItemKey, dict[str, Any]] = field(default_factory=dict)
    acknowledged: dict[FindingKey, str] = field(default_factory=dict)
    level: int = 0
    review: str = "open"
    last: dict[str, int] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    """Of this assessment, in order."""

    def history(self, target: str) -> tuple[Event, ...]:
        """Everything that happened to a target, first to last."""
        return tuple(event for event in self.events if event.target == target)

    def copy(self) -> Assessment:
        """The same, to be changed without changing this one."""
        return replace(
            self, standard=dict(self.standard), data=dict(self.data), settings=dict(self.settings),
            facts=dict(self.facts), judgements=dict(self.judgements), acknowledged=dict(self.acknowledged),
            last=dict(self.last), events=list(self.events),
        )  # fmt: skip


@dataclass
class State:
    """The whole workspace as it stands after the event `head`."""

    head: Head = field(default_factory=lambda: Head(0, GENESIS))
    users: dict[str, User] = field(default_factory=dict)
    grants: set[Grant] = field(default_factory=set)
    assessments: dict[str, Assessment] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    """Of targets that belong to no assessment."""

    def after(self, events: Iterable[Event]) -> State:
        """The state after more events; this one stays as it is. Errors: as `apply`."""
        next_one = replace(
            self, grants=set(self.grants), last=dict(self.last), assessments=dict(self.assessments),
            users={name: replace(user, keys=dict(user.keys)) for name, user in self.users.items()},
        )  # fmt: skip
        own: set[str] = set()
        for event in events:
            name = event.assessment
            if name in next_one.assessments and name not in own:
                next_one.assessments[name] = next_one.assessments[name].copy()
            own.add(name)
            next_one.apply(event)
        return next_one

    def apply(self, event: Event) -> None:
        """Take one more event in, changing this state. Errors: REC-DAMAGED where it cannot have been written by this program."""
        try:
            self._folded(event)
        except (AssertionError, IndexError, KeyError, RecursionError, TypeError, ValueError) as error:
            raise unreadable(event.sequence) from error
        self.head = Head(event.sequence, event.hash)

    def _folded(self, event: Event) -> None:
        if event.assessment:
            if event.operation == "create":
                self.assessments.setdefault(event.assessment, Assessment(event.assessment))
            one = self.assessments[event.assessment]
            one.events.append(event)
            one.last[event.target] = event.sequence
            _ASSESSMENT[event.operation](one, event)
        else:
            self.last[event.target] = event.sequence
            _WORKSPACE[event.operation](self, event)

    def grants_of(self, user: str) -> tuple[Grant, ...]:
        """What a user may do; nothing where the user is disabled or unknown."""
        known = self.users.get(user)
        if known is None or known.disabled:
            return ()
        return tuple(grant for grant in self.grants if grant.user == user)


def rebuilt(events: Iterable[Event]) -> State:
    """The state after all events."""
    state = State()
    for event in events:
        state.apply(event)
    return state


def key_of(target: str) -> tuple[str, list[Json]]:
    """The kind and the key that a target names."""
    import json

    kind, *key = json.loads(target)
    return str(kind), key


def _keyed(cls: Callable[..., Any], target: str) -> Any:
    _, key = key_of(target)
    place = cast("list[Json]", key[0])
    _typed([*place[:3], *place[4:], *key[1:]], str)
    _typed(place[3:4], int)
    return cls(*place, *key[1:])


def _typed(values: Iterable[Json], kind: type) -> None:
    """Bytes that changed on a disk can leave JSON that reads, and says something else."""
    assert all(value is None or isinstance(value, kind) for value in values)


def _created(one: Assessment, event: Event) -> None:
    new = _table(event.new)
    area = _table(new["area"])
    _typed(area.values(), str)
    _typed([new["year"]], int)
    one.title, one.year = str(new["title"]), cast("int | None", new["year"])
    one.area = Area(**cast("dict[str, Any]", area))


def _put(event: Event, into: dict[Any, Any], key: Any) -> None:
    if event.new is None:
        into.pop(key, None)
    else:
        into[key] = event.new


def _fact(one: Assessment, event: Event) -> None:
    key = _keyed(FactKey, event.target)
    if event.new is None:
        one.facts.pop(key, None)
    else:
        value = _table(event.new)["value"]
        _typed([value], str)
        one.facts[key] = cast("str | None", value)


def _setting(one: Assessment, event: Event) -> None:
    kind, key = key_of(event.target)
    _typed([event.new], str)
    if kind == "as-of":
        one.as_of = cast("str | None", event.new)
    else:
        _put(event, one.settings, str(key[0]))


def _reviewed(one: Assessment, event: Event) -> None:
    new = _table(event.new)
    one.level, one.review = int(cast("int", new["level"])), str(new["state"])
    assert one.level >= 0
    assert one.review in REVIEWS


def _standard(one: Assessment, event: Event) -> None:
    new = _table(event.new)
    _typed((new[name] for name in ("id", "hash", "digest")), str)
    one.standard = dict(new)


def _imported(one: Assessment, event: Event) -> None:
    new = _table(event.new)
    for file in cast("list[Json]", new.get("files", [])):
        _typed((_table(file)[name] for name in ("kind", "name", "digest")), str)
    one.data = dict(new)


def _judged(one: Assessment, event: Event) -> None:
    _typed([event.new], dict)
    _put(event, one.judgements, _keyed(ItemKey, event.target))


def _acknowledged(one: Assessment, event: Event) -> None:
    _typed([event.new], str)
    _put(event, one.acknowledged, _keyed(FindingKey, event.target))


def _noted(one: Assessment, event: Event) -> None:
    """A remark changes nothing but the history."""


_ASSESSMENT: Mapping[str, Callable[[Assessment, Event], None]] = {
    "create": _created, "import": _imported, "standard": _standard, "setting": _setting, "fact": _fact,
    "judge": _judged, "acknowledge": _acknowledged, "submit": _reviewed, "return": _reviewed, "approve": _reviewed,
    "unlock": _reviewed, "note": _noted,
}  # fmt: skip


def _user(state: State, event: Event) -> None:
    name = str(key_of(event.target)[1][0])
    user = state.users.setdefault(name, User(name))
    user.disabled = bool(_table(event.new).get("disabled", False))


def _key(state: State, event: Event) -> None:
    name, label = (str(part) for part in key_of(event.target)[1])
    keys = state.users.setdefault(name, User(name)).keys
    if event.new is None:
        keys.pop(label, None)
    else:
        keys[label] = str(event.new)


def _grant(state: State, event: Event) -> None:
    user, role, *area = key_of(event.target)[1]
    grant = Grant(str(user), cast("Role", role), Area(*cast("list[str | None]", area)))
    if event.operation == "grant":
        state.grants.add(grant)
    else:
        state.grants.discard(grant)


def _clock(state: State, event: Event) -> None:
    """Nothing but the times of what follows depends on it."""


_WORKSPACE: Mapping[str, Callable[[State, Event], None]] = {
    "user": _user, "key": _key, "grant": _grant, "revoke": _grant, "clock": _clock,
}  # fmt: skip


def _table(value: Json) -> dict[str, Json]:
    assert isinstance(value, dict)
    return value
