"""The log: four calls, whatever keeps it. Beside it a store of blobs by digest (imported data, standards)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from ..errors import Refused
from ..language import Text
from .event import Draft, Event


@dataclass(frozen=True)
class Head:
    """The last event: its number and hash; (0, GENESIS) of an empty log."""

    sequence: int
    hash: str


@dataclass(frozen=True)
class Flaw:
    """A place where the log or what it keeps is not what it was: event number (0: the store itself), what."""

    sequence: int
    what: Text


class Conflict(Refused):
    """Someone changed the target since `base`: `theirs` are the events of it that came since."""

    def __init__(self, draft: Draft, theirs: tuple[Event, ...]) -> None:
        last = theirs[-1]
        super().__init__(
            "REC-CONFLICT",
            Text(
                f"“{last.actor}”已先改动此处, 现值为 {last.new!r}",
                f"'{last.actor}' has changed this meanwhile; it is now {last.new!r}",
            ),
            Text("请看过对方的值再决定", "look at their value, then decide"),
        )
        self.draft, self.theirs = draft, theirs


class Look(NamedTuple):
    """A last look before an append: `at` is given every event behind the number `after`, while nobody else can write,
    and raises where the append is not to be."""

    after: int
    at: Callable[[Sequence[Event]], None]


class Log(Protocol):
    """An append-only chain of events, safe under concurrent writers of several processes."""

    def append(self, drafts: Sequence[Draft], look: Look | None = None) -> tuple[Event, ...]:
        """Put all drafts behind the chain, or none; they are on disk when this returns.

        Errors: `Conflict` where a target has an event after the draft's `base` by another connection or a base that
        is not its last one; `Refused` codes REC-LOCKED, REC-FULL, REC-READONLY, REC-BUSY from the store.
        """
        ...

    def since(self, sequence: int) -> Iterator[Event]:
        """Every event after a number, in order."""
        ...

    def assessments(self) -> tuple[str, ...]:
        """The ids of all assessments, in the order they were created."""
        ...

    def verify(self) -> tuple[Flaw, ...]:
        """Everything wrong with the chain and the blobs; nothing where all is whole."""
        ...

    def head(self) -> Head:
        """The last event, cheaply."""
        ...

    def changes(self) -> int:
        """A number that differs after another connection has written, cheaper still than `head`."""
        ...

    def put(self, content: bytes) -> str:
        """Keep a blob; its digest (SHA-256, hex). It is on disk when this returns."""
        ...

    def get(self, digest: str) -> bytes:
        """A blob by digest. Errors: `REC-BLOB` where it is missing or is not what its digest says."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...
