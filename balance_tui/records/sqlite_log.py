"""The log in one SQLite file: the embedded default.

Every append is one short transaction that takes the write lock first and is synchronised to disk before it returns.
On a local disk the journal is written ahead (readers never wait); on a network share, where that does not work
between hosts, a rollback journal is used.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import random
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ..errors import Place, Refused
from ..language import Text
from .chaining import linked, time_after
from .event import GENESIS, Draft, Event
from .flaws import chain_flaws
from .log import Flaw, Head, Look
from .mounts import on_network
from .placing import placed
from .rows import COLUMNS, event_of, row_of
from .sqlite_layout import (
    FORMAT,
    brought_up,
    check_current,
    check_ours,
    is_empty,
    lay_out,
    layout_of,
    layout_wanted,
)
from .troubles import told_of

BUSY = 10.0
"""Seconds to wait for another writer before saying that the workspace is busy."""
_PAUSE = (0.001, 0.004)
"""Seconds between two tries to take the write lock, from and to."""


class SqliteLog:
    """A `Log` in the file `path`, which is made where it is not there and `create` says so."""

    def __init__(
        self,
        path: Path,
        *,
        create: bool = False,
        now: Callable[[], dt.datetime] | None = None,
        migrating: bool = False,
    ) -> None:
        self.path = path
        self._now = now or (lambda: dt.datetime.now(dt.UTC))
        self._alone = threading.RLock()
        with self._told():
            self._connection = self._opened(create, migrating)

    def append(self, drafts: Sequence[Draft], look: Look | None = None) -> tuple[Event, ...]:
        """See `Log.append`."""
        with self._told(), self._writing() as cursor:
            if look is not None:
                look.at([event_of(row) for row in cursor.execute(_SINCE, (look.after,)).fetchall()])
            moment = time_after(_last_time(cursor), self._now(), drafts)
            events = tuple(linked(drafts, _head(cursor), moment, lambda draft: _history(cursor, draft)))
            cursor.executemany(_INSERT, [row_of(event) for event in events])
            return events

    def since(self, sequence: int) -> Iterator[Event]:
        """See `Log.since`."""
        with self._told():
            rows = self._connection.execute(_SINCE, (sequence,)).fetchall()
        return (event_of(row) for row in rows)

    def assessments(self) -> tuple[str, ...]:
        """See `Log.assessments`."""
        with self._told():
            rows = self._connection.execute(
                "SELECT assessment FROM event WHERE operation = 'create' AND assessment <> '' ORDER BY sequence"
            ).fetchall()
        return tuple(name for (name,) in rows)

    def head(self) -> Head:
        """See `Log.head`."""
        with self._told():
            return _head(self._connection.cursor())

    def put(self, content: bytes) -> str:
        """See `Log.put`."""
        digest = hashlib.sha256(content).hexdigest()
        with self._told(), self._writing() as cursor:
            cursor.execute("INSERT OR IGNORE INTO blob VALUES (?, ?)", (digest, content))
        return digest

    def get(self, digest: str) -> bytes:
        """See `Log.get`."""
        with self._told():
            content = self._content(digest)
        if content is None or hashlib.sha256(content).hexdigest() != digest:
            raise Refused(
                "REC-BLOB",
                Text(
                    f"所存数据 {digest[:12]} 缺失或已被改动",
                    f"stored data {digest[:12]} is missing or was changed",
                ),
                Text("请从备份恢复工作区", "restore the workspace from a backup"),
                Place(str(self.path)),
            )
        return content

    def verify(self) -> tuple[Flaw, ...]:
        """See `Log.verify`; also SQLite's own check of the file, and whether it is laid out as it was."""
        try:
            said = [str(row[0]) for row in self._connection.execute("PRAGMA integrity_check")]
            current = check_ours(self._connection, self.path, may_be_empty=False) == FORMAT
            other = layout_wanted() ^ layout_of(self._connection) if current else set()
            digests = [str(row[0]) for row in self._as_they_are("SELECT digest FROM blob ORDER BY digest")]
            rows = self._as_they_are(f"{_SELECT} ORDER BY sequence")
            flaws = tuple(chain_flaws(rows, digests, self._content))
        except (sqlite3.Error, UnicodeDecodeError) as error:
            return (_damage(str(error)),)
        laid_out = tuple(
            Flaw(
                0,
                Text(
                    f"缺少、多出或改动了 {kind} {name}", f"the {kind} {name} is missing, new or was changed"
                ),
            )
            for kind, name in sorted({(kind, name) for kind, name, _ in other})
        )
        return (*(_damage(each) for each in said if each != "ok"), *laid_out, *flaws)

    def _as_they_are(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query, also those that cannot have been written by this program."""
        self._connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        try:
            return self._connection.execute(query).fetchall()
        finally:
            self._connection.text_factory = str

    def close(self) -> None:
        """See `Log.close`."""
        self._connection.close()

    def backup(self, target: Path) -> None:
        """A whole copy, private to its owner, while others go on working; it is on disk when this returns. Never over a
        file, and where it does not come off there is none. Errors: REC-EXISTS, REC-OPEN, those of the store."""
        part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
        try:
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            with self._told(), contextlib.closing(sqlite3.connect(part)) as copy:
                copy.execute("PRAGMA synchronous = FULL")
                self._connection.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
            placed(part, target)
        except FileExistsError as error:
            what = Text(f"{target} 已存在", f"{target} exists")
            raise Refused("REC-EXISTS", what, Text("请另给文件名", "name another file")) from error
        except OSError as error:
            raise Refused(
                "REC-OPEN", Text(f"备份不能写入: {error.strerror}", f"no backup can be written: {error.strerror}"),
                Text("请检查文件夹与权限", "check the folder and its permissions"), Place(str(target)),
            ) from error  # fmt: skip
        finally:
            for path in (part, part.with_name(f"{part.name}-journal")):
                with contextlib.suppress(OSError):
                    path.unlink()

    def migrate(self, keep: Path) -> int:
        """Bring a file of an older format (opened as `migrating`) up to date, after a backup into `keep`; the format it
        had. Errors: REC-EXISTS, REC-MIGRATE where the chain would not be whole, and then the file is as it was."""
        with self._told():
            version = check_ours(self._connection, self.path, may_be_empty=False)
            if version < FORMAT:
                self.backup(keep)
                brought_up(self._connection, version, self._check_chain)
        return version

    def _check_chain(self) -> None:
        flaws = self.verify()
        if flaws:
            raise Refused(
                "REC-MIGRATE",
                Text(f"不能升级, 没有改动: {flaws[0].what.zh}", f"not migrated, left as it was: {flaws[0].what.en}"),
                Text("请从备份恢复", "restore a backup"), Place(str(self.path)),
            )  # fmt: skip

    def changes(self) -> int:
        """A number that differs after another connection has written; costs no read of the file's pages."""
        with self._told():
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def _content(self, digest: str) -> bytes | None:
        try:
            row = self._connection.execute(_CONTENT, (digest,)).fetchone()
        except UnicodeEncodeError:  # a digest that is no text names nothing
            return None
        return bytes(row[0]) if row else None

    def _opened(self, create: bool, migrating: bool) -> sqlite3.Connection:
        if not create and not self.path.exists():
            raise Refused(
                "REC-NONE", Text("没有此工作区", "there is no such workspace"),
                Text("请检查路径, 或新建工作区", "check the path, or create a workspace"), Place(str(self.path)),
            )  # fmt: skip
        connection = self._connected("mode=rwc" if create else "mode=rw")
        try:
            self._laid_out(connection, create, migrating)
        except sqlite3.OperationalError:
            connection.close()
            if not self._can_only_be_read():
                raise
            return self._opened_to_read()
        except BaseException:
            connection.close()
            raise
        return connection

    def _connected(self, how: str) -> sqlite3.Connection:
        return sqlite3.connect(
            f"{self.path.absolute().as_uri()}?{how}", uri=True, timeout=BUSY, isolation_level=None,
            check_same_thread=False,
        )  # fmt: skip

    def _can_only_be_read(self) -> bool:
        """Whether SQLite may put nothing beside the file, which it does also to read, and nobody else has it open."""
        journal = self.path.with_name(f"{self.path.name}-wal")
        effective = os.access in os.supports_effective_ids
        return not os.access(self.path.parent, os.W_OK, effective_ids=effective) and not journal.exists()

    def _opened_to_read(self) -> sqlite3.Connection:
        connection = self._connected("mode=ro&immutable=1")
        try:
            check_current(check_ours(connection, self.path, may_be_empty=False), self.path)
        except BaseException:
            connection.close()
            raise
        return connection

    def _laid_out(self, connection: sqlite3.Connection, create: bool, migrating: bool) -> None:
        version = check_ours(connection, self.path, may_be_empty=create)
        if not migrating:
            check_current(version, self.path)
        connection.execute(f"PRAGMA journal_mode = {'DELETE' if on_network(self.path) else 'WAL'}")
        connection.execute("PRAGMA synchronous = FULL")
        if is_empty(connection):
            lay_out(connection)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Cursor]:
        """A transaction that has the write lock from its start; taken back whole where anything goes wrong."""
        cursor = self._connection.cursor()
        self._wait_for_turn(cursor)
        try:
            # A newer program may have brought the file up to its own format since this one opened it.
            check_ours(self._connection, self.path, may_be_empty=False)
            yield cursor
            cursor.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    cursor.execute("ROLLBACK")
            raise

    def _wait_for_turn(self, cursor: sqlite3.Cursor) -> None:
        """Take the write lock. SQLite's own waiting sleeps ever longer, so that whoever waited longest comes last; here
        all try alike. Errors: SQLITE_BUSY after `BUSY` seconds."""
        end = time.monotonic() + BUSY
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    cursor.execute("BEGIN IMMEDIATE")
                    return
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                        raise
                time.sleep(random.uniform(*_PAUSE))
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(BUSY * 1000)}")

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """One thread at a time, so that none reads inside another's transaction. What SQLite cannot do, as one
        sentence."""
        try:
            with self._alone:
                yield
        except (sqlite3.Error, UnicodeDecodeError, OSError) as error:
            unknown = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
            if unknown and hasattr(self, "_connection"):
                # What this program does not know of the tables, a newer one has made of them since.
                check_ours(self._connection, self.path, may_be_empty=False)
            raise told_of(error, self.path) from error


def _damage(said: str) -> Flaw:
    return Flaw(0, Text(f"数据库损坏: {said}", f"the database is damaged: {said}"))


_SELECT = f"SELECT {', '.join(COLUMNS)} FROM event"
_CONTENT = "SELECT CAST(content AS BLOB) FROM blob WHERE digest = ? AND content IS NOT NULL"
_SINCE = f"{_SELECT} WHERE sequence > ? ORDER BY sequence"
_INSERT = f"INSERT INTO event ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"


def _head(cursor: sqlite3.Cursor) -> Head:
    row = cursor.execute("SELECT sequence, hash FROM event ORDER BY sequence DESC LIMIT 1").fetchone()
    return Head(*row) if row else Head(0, GENESIS)


def _last_time(cursor: sqlite3.Cursor) -> str | None:
    row = cursor.execute("SELECT time FROM event ORDER BY sequence DESC LIMIT 1").fetchone()
    return str(row[0]) if row else None


def _history(cursor: sqlite3.Cursor, draft: Draft) -> list[Event]:
    rows = cursor.execute(
        f"{_SELECT} WHERE assessment = ? AND target = ? ORDER BY sequence", (draft.assessment, draft.target)
    )
    return [event_of(row) for row in rows]
