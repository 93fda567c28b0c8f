"""One thing that a person did: what was changed, from what to what, by whom, when, why, under which standard.

Events form one chain a workspace: each carries the hash of the one before it, so that no event can be changed,
taken away or put in without every later hash telling.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

GENESIS = "0" * 64
"""The hash before the first event."""

CLOCK = "clock"
"""The operation of an event that says: the clock is right as it is now, the time of the event before was not."""
OPERATIONS = (
    "create", "import", "standard", "setting", "fact", "judge", "acknowledge",
    "submit", "return", "approve", "unlock", "note",
    "user", "grant", "revoke", "key", "clock",
)  # fmt: skip
"""What an event can be. `fact`, `judge`, `acknowledge`, `setting` put `new` where `old` was; null takes it away."""


@dataclass(frozen=True)
class Draft:
    """An event before it is in the log. `assessment` is empty for what concerns the whole workspace.

    `target` names what is changed: the operation's kind and the key of it, as `target_of` writes them. `base` is
    the number of the last event of that target that the actor had seen (0 for none); the log refuses the event
    where another one came since. `undoes` is the number of the event that this one takes back.
    """

    assessment: str
    operation: str
    target: str
    old: Json
    new: Json
    actor: str
    connection: str
    base: int = 0
    reason: str = ""
    standard: str = ""
    undoes: int | None = None


@dataclass(frozen=True)
class Event(Draft):
    """An event in the log: with its number, time (UTC, ISO 8601 with microseconds), and hashes."""

    sequence: int = 0
    time: str = ""
    previous: str = GENESIS
    hash: str = ""

    @property
    def canonical(self) -> str:
        """The event without its own hash, as one line of JSON with sorted keys: what the hash is made of."""
        return canonical({name: value for name, value in asdict(self).items() if name != "hash"})

    def hashed(self) -> Event:
        """The event with the hash that belongs to it."""
        return replace(self, hash=hashlib.sha256(self.canonical.encode()).hexdigest())

    @property
    def is_whole(self) -> bool:
        """Whether the hash is that of the event."""
        try:
            content = self.canonical.encode("utf-8", "surrogateescape")
        except (ValueError, RecursionError):
            return False
        return self.hash == hashlib.sha256(content).hexdigest()


def chained(draft: Draft, sequence: int, time: str, previous: str) -> Event:
    """The draft as the event of that number behind the event whose hash is `previous`."""
    return Event(**asdict(draft), sequence=sequence, time=time, previous=previous).hashed()


def target_of(kind: str, *key: Json) -> str:
    """The text that names what an event changes, such as `["fact",["省","市","县",2025],"S1","primary","students"]`."""
    return canonical([kind, *key])


def canonical(value: Mapping[str, Any] | Json) -> str:
    """JSON with sorted keys and no spaces; figures as Python writes them, so that they are read as written."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
