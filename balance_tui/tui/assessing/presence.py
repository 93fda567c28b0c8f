"""Who is here: a file for each sitting in the workspace's folder, touched while the app lives.

It is nobody's record: whoever falls silent is gone. A workspace on a database server has no such folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = "presence"
TOUCHED_EVERY, SILENT_AFTER, SWEPT_AFTER = 4.0, 13.0, 3600.0
"""Seconds between touches, after which a sitting counts as gone, and after which its file is taken away."""
_LARGEST = 2000


@dataclass
class Presence:
    """The file of one sitting, and those of others."""

    folder: Path | None
    user: str
    connection: str
    _name: str = field(default_factory=lambda: f"{secrets.token_hex(8)}.json")
    _told: str | None = None
    _at: float = 0.0

    def tell(self, assessment: str | None) -> None:
        """Be seen at an assessment; at none, at the list of them."""
        now = time.monotonic()
        if self.folder is None or (assessment == self._told and now - self._at < TOUCHED_EVERY):
            return
        self._told, self._at = assessment, now
        told = {"user": self.user, "assessment": assessment, "connection": self.connection}
        with contextlib.suppress(OSError):
            folder = self.folder / FOLDER
            folder.mkdir(mode=0o700, exist_ok=True)
            _write(folder / self._name, json.dumps(told, ensure_ascii=False))

    def leave(self) -> None:
        """Be gone."""
        if self.folder is not None:
            with contextlib.suppress(OSError):
                (self.folder / FOLDER / self._name).unlink(missing_ok=True)

    def others(self, assessment: str | None) -> tuple[str, ...]:
        """The names of those who sit at an assessment besides this sitting, in order; this person in another sitting
        too."""
        seen = (told for name, told in self._alive() if name != self._name)
        return tuple(sorted({str(told["user"]) for told in seen if told.get("assessment") == assessment}))

    def seen(self) -> dict[str, tuple[str | None, ...]]:
        """Who sits at which assessments (None: at the list of them), this sitting too."""
        found: dict[str, dict[str | None, None]] = {}
        for _, told in self._alive():
            place = told.get("assessment")
            found.setdefault(str(told["user"]), {})[place if isinstance(place, str) else None] = None
        return {name: tuple(places) for name, places in found.items()}

    def connections(self) -> frozenset[str]:
        """The sittings that live, by their connection."""
        return frozenset(str(told.get("connection")) for _, told in self._alive())

    def _alive(self) -> Iterator[tuple[str, dict[str, object]]]:
        if self.folder is None:
            return
        with contextlib.suppress(OSError):
            for entry in os.scandir(self.folder / FOLDER):
                with contextlib.suppress(OSError, ValueError):
                    age = time.time() - entry.stat(follow_symlinks=False).st_mtime
                    if age < SILENT_AFTER and (told := _read(Path(entry.path))) is not None:
                        yield entry.name, told
                    elif age > SWEPT_AFTER:
                        Path(entry.path).unlink(missing_ok=True)


def _read(path: Path) -> dict[str, object] | None:
    with path.open(encoding="utf-8") as file:
        told = json.loads(file.read(_LARGEST))
    return told if isinstance(told, dict) and isinstance(told.get("user"), str) else None


def _write(path: Path, text: str) -> None:
    """In one step, so that nobody reads half of it."""
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
