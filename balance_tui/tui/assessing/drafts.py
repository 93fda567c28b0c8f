"""Text being typed into an assessment, kept until it is recorded or given up, so that a dropped line costs nothing.

A file a sitting in the workspace's folder; what a sitting that is gone has left is offered to the same person again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

FOLDER = "drafts"
_LARGEST = 200_000


@dataclass(frozen=True)
class Draft:
    """What was being typed: for an `assessment`, of a `kind` (fact, judge), about a `target` of the log; `values` by the
    name of the line, as the texts they were."""

    assessment: str
    kind: str
    target: str
    values: dict[str, str]


@dataclass
class Drafts:
    """The draft of one sitting, and those left behind by others of the same person."""

    folder: Path | None
    user: str
    connection: str
    _kept: Draft | None = field(default=None)

    def keep(self, draft: Draft) -> None:
        """Keep this in the place of what was kept before; where it cannot be kept, nothing happens."""
        if self.folder is None or draft == self._kept:
            return
        self._kept = draft
        told = {"user": self.user, "connection": self.connection, **asdict(draft)}
        with contextlib.suppress(OSError):
            folder = self.folder / FOLDER
            folder.mkdir(mode=0o700, exist_ok=True)
            part = self._path(self.connection).with_suffix(".part")
            part.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
            part.replace(self._path(self.connection))

    def forget(self) -> None:
        """It is recorded, or given up."""
        if self._kept is not None:
            self._kept = None
            with contextlib.suppress(OSError):
                self._path(self.connection).unlink(missing_ok=True)

    def left(self, assessment: str, living: frozenset[str]) -> Draft | None:
        """The newest draft of this person for an assessment from a sitting that lives no more; it is then no longer
        kept."""
        found = sorted(self._of_the_gone(living), key=lambda each: each[0].stat().st_mtime)
        mine = [(path, draft) for path, draft in found if draft.assessment == assessment]
        for path, _ in mine:
            path.unlink(missing_ok=True)
        return mine[-1][1] if mine else None

    def _of_the_gone(self, living: frozenset[str]) -> Iterator[tuple[Path, Draft]]:
        if self.folder is None:
            return
        for path in (self.folder / FOLDER).glob("*.json"):
            with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
                told = json.loads(path.read_bytes()[:_LARGEST])
                connection = told.pop("connection")
                if told.pop("user") == self.user and _is_gone(connection, living):
                    yield path, Draft(**told)

    def _path(self, connection: str) -> Path:
        assert self.folder is not None
        return self.folder / FOLDER / f"{hashlib.sha256(connection.encode()).hexdigest()[:24]}.json"


def _is_gone(connection: str, living: frozenset[str]) -> bool:
    """Whether a sitting is over: its process, where it was of this machine, runs no more, or nothing is seen of it."""
    import socket

    words = connection.split()
    if words and words[0] == socket.gethostname():
        pids = [int(word) for word in words[1:] if word.isdigit()]
        return not any(_runs(pid) for pid in pids)
    return connection not in living


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
