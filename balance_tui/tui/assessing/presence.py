"""Who is here: a slip for each sitting beside the log, put again while the app lives.

It is nobody's record: whoever falls silent is gone. Looking and telling are the store thread's; what was seen last is
replaced as a whole, and read on the app's.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from ...errors import Refused
from ...records.beside import Beside

TOLD_EVERY, SILENT_AFTER, SWEPT_AFTER = 4.0, 20.0, 3600.0
"""Seconds between two tellings, after which a sitting counts as gone (longer than a busy store is waited for), and
after which its slip is taken away."""
_LARGEST = 2000


@dataclass(frozen=True)
class Seen:
    """A sitting: whose, at which assessment (None: at the list of them), and by which connection."""

    name: str
    user: str
    assessment: str | None
    connection: str


@dataclass
class Presence:
    """One sitting, and the others that were seen."""

    beside: Beside | None
    user: str
    connection: str
    _name: str = field(default_factory=lambda: secrets.token_hex(8))
    _at: str | None = None
    _told: str | None = None
    _when: float | None = None
    _seen: tuple[Seen, ...] = ()
    _is_gone: bool = False

    def tell(self, assessment: str | None) -> None:
        """Be seen at an assessment from the next look on; at none, at the list of them."""
        self._at = assessment

    def look(self) -> None:
        """See who is here, and be seen."""
        if self.beside is not None and not self._is_gone:
            with contextlib.suppress(OSError, Refused):
                self._put(self.beside)
                self._seen = tuple(self._alive(self.beside))

    def leave(self) -> None:
        """Be gone, and seen no more."""
        self._is_gone = True
        if self.beside is not None and self._when is not None:
            with contextlib.suppress(OSError, Refused):
                self.beside.drop("presence", self._name)

    def others(self, assessment: str | None) -> tuple[str, ...]:
        """The names of those who sit at an assessment besides this sitting, in order; this person in another sitting
        too."""
        others = (each for each in self._seen if each.name != self._name)
        return tuple(sorted({each.user for each in others if each.assessment == assessment}))

    def seen(self) -> dict[str, tuple[str | None, ...]]:
        """Who sits at which assessments (None: at the list of them), this sitting too."""
        found: dict[str, dict[str | None, None]] = {}
        for each in self._seen:
            found.setdefault(each.user, {})[each.assessment] = None
        return {name: tuple(places) for name, places in found.items()}

    def connections(self) -> frozenset[str]:
        """The sittings that live, by their connection."""
        return frozenset(each.connection for each in self._seen)

    def _put(self, beside: Beside) -> None:
        now, at = time.monotonic(), self._at
        if self._when is not None and at == self._told and now - self._when < TOLD_EVERY:
            return
        told = {"user": self.user, "assessment": at, "connection": self.connection}
        beside.put("presence", self._name, json.dumps(told).encode(), durable=False)
        self._told, self._when = at, now

    def _alive(self, beside: Beside) -> Iterator[Seen]:
        for slip in beside.all("presence"):
            if slip.age > SWEPT_AFTER:
                beside.drop("presence", slip.name)
            elif slip.age < SILENT_AFTER and (seen := _read(slip.name, slip.content)) is not None:
                yield seen


def _read(name: str, content: bytes) -> Seen | None:
    try:
        told = json.loads(content[:_LARGEST])
        user, assessment, connection = told["user"], told["assessment"], told["connection"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(user, str) or not isinstance(connection, str):
        return None
    return Seen(name, user, assessment if isinstance(assessment, str) else None, connection)
