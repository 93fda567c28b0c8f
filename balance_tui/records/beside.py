"""What a workspace keeps beside its log and is nobody's record: text being typed, and who is here.

In the workspace's folder these are private files, on a database server rows of a schema of their own.
"""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from .log import Log

Kind = Literal["drafts", "presence"]
_SWEPT_AFTER = 3600.0
LIMIT = 2**20
"""Most bytes of one slip; a larger one is not looked at."""


class Slip(NamedTuple):
    """What is kept under a name; `age` are the seconds since it was put, on the clock of whoever keeps it."""

    name: str
    age: float
    content: bytes


class Beside(Protocol):
    """Slips by kind and name, each replaced as a whole. Errors of every call: `OSError`, `Refused`."""

    place: str
    """Where they are kept, as it may be shown."""

    def put(self, kind: Kind, name: str, content: bytes, *, durable: bool = True) -> None:
        """Keep a slip in place of the one of its name; it is on disk when this returns where it is to be `durable`, else
        it outlives the program at least."""
        ...

    def all(self, kind: Kind, prefix: str = "") -> list[Slip]:
        """Every slip whose name begins so, the oldest first; none that is not this account's own."""
        ...

    def drop(self, kind: Kind, name: str) -> None:
        """Keep it no longer, where it is there."""
        ...

    def close(self) -> None:
        """Let go of the line to a server."""
        ...


def beside_of(log: Log) -> Beside | None:
    """What is kept beside a log; None where nothing can be."""
    from .sqlite_log import SqliteLog

    if isinstance(log, SqliteLog):
        return FolderBeside(log.path.parent)
    url = getattr(log, "url", None)
    if url is None:
        return None
    from .postgres_beside import PostgresBeside

    return PostgresBeside(str(url))


class FolderBeside:
    """Slips as files in a folder a kind, readable by the account alone. Links are not followed, and files of another
    account are not looked at."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.place = str(folder)

    def put(self, kind: Kind, name: str, content: bytes, *, durable: bool = True) -> None:
        """See `Beside`."""
        path = self.path(kind, name)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = _part(path)
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                if durable:
                    os.fsync(descriptor)
            part.replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink()
            raise

    def all(self, kind: Kind, prefix: str = "") -> list[Slip]:
        """See `Beside`."""
        return sorted(self._found(kind, prefix), key=lambda slip: -slip.age)

    def _found(self, kind: Kind, prefix: str) -> Iterator[Slip]:
        try:
            entries = list(os.scandir(self._folder / kind))
        except FileNotFoundError:
            return
        now = time.time()
        for entry in entries:
            _swept(entry, now)
            name = entry.name.removesuffix(".json")
            if name != entry.name and name.startswith(prefix):
                with contextlib.suppress(OSError):
                    yield Slip(name, *_read(entry.path, now))

    def drop(self, kind: Kind, name: str) -> None:
        """See `Beside`."""
        path = self.path(kind, name)
        path.unlink(missing_ok=True)
        _part(path).unlink(missing_ok=True)

    def close(self) -> None:
        """See `Beside`."""

    def path(self, kind: Kind, name: str) -> Path:
        """The file of a slip."""
        return self._folder / kind / f"{name}.json"


def _part(path: Path) -> Path:
    """What a slip is while it is written."""
    return path.with_name(f".{path.stem}.part")


def _swept(entry: os.DirEntry[str], now: float) -> None:
    """What a program that was killed left half written goes after a while."""
    if entry.name.endswith(".part"):
        with contextlib.suppress(OSError):
            if now - entry.stat(follow_symlinks=False).st_mtime > _SWEPT_AFTER:
                Path(entry.path).unlink()


def _read(path: str, now: float) -> tuple[float, bytes]:
    """Age and content of a file. Errors: `OSError`, also where it is no file of this account's."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode) or about.st_uid != os.geteuid() or about.st_size > LIMIT:
            raise PermissionError(path)
        return now - about.st_mtime, file.read(LIMIT)
