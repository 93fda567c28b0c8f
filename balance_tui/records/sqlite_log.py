"""The log in one SQLite file: the embedded default.

Every append is one short transaction that takes the write lock first and is synchronised to disk before it returns.
On a local disk the journal is written ahead (readers never wait); on a network share, where that does not work
between hosts, a rollback journal is used.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ..errors import Place, Refused
from ..language import Text
from .chaining import linked, time_after
from .event import GENESIS, Draft, Event, canonical
from .flaws import chain_flaws
from .log import Flaw, Head, Look
from .mounts import on_network
from .troubles import told_of

FORMAT = 1
"""The version of the file's layout; a higher one is of a newer program."""
APPLICATION = 0x62616C54
BUSY = 10.0
"""Seconds to wait for another writer before saying that the workspace is busy."""

_COLUMNS = (
    "sequence", "time", "assessment", "operation", "target", "old", "new", "actor", "connection", "base", "reason",
    "standard", "undoes", "previous", "hash",
)  # fmt: skip
_LAYOUT = """
CREATE TABLE event (
    sequence INTEGER PRIMARY KEY, time TEXT NOT NULL, assessment TEXT NOT NULL, operation TEXT NOT NULL,
    target TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL, actor TEXT NOT NULL, connection TEXT NOT NULL,
    base INTEGER NOT NULL, reason TEXT NOT NULL, standard TEXT NOT NULL, undoes INTEGER, previous TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE
) STRICT;
CREATE INDEX event_of_target ON event (assessment, target, sequence);
CREATE TABLE blob (digest TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT;
CREATE TRIGGER event_stays BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER event_remains BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
"""


class SqliteLog:
    """A `Log` in the file `path`, which is made where it is not there and `create` says so."""

    def __init__(
        self, path: Path, *, create: bool = False, now: Callable[[], dt.datetime] | None = None
    ) -> None:
        self.path = path
        self._now = now or (lambda: dt.datetime.now(dt.UTC))
        with self._told():
            self._connection = self._opened(create)

    def append(self, drafts: Sequence[Draft], look: Look | None = None) -> tuple[Event, ...]:
        """See `Log.append`."""
        with self._told(), self._writing() as cursor:
            if look is not None:
                look.at([_event(row) for row in cursor.execute(_SINCE, (look.after,)).fetchall()])
            time = time_after(_last_time(cursor), self._now())
            events = tuple(linked(drafts, _head(cursor), time, lambda draft: _history(cursor, draft)))
            cursor.executemany(_INSERT, [_row(event) for event in events])
            return events

    def since(self, sequence: int) -> Iterator[Event]:
        """See `Log.since`."""
        with self._told():
            rows = self._connection.execute(_SINCE, (sequence,)).fetchall()
        return (_event(row) for row in rows)

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
            row = self._connection.execute("SELECT content FROM blob WHERE digest = ?", (digest,)).fetchone()
        if row is None or hashlib.sha256(row[0]).hexdigest() != digest:
            raise Refused(
                "REC-BLOB",
                Text(
                    f"所存数据 {digest[:12]} 缺失或已被改动",
                    f"stored data {digest[:12]} is missing or was changed",
                ),
                Text("请从备份恢复工作区", "restore the workspace from a backup"),
                Place(str(self.path)),
            )
        return bytes(row[0])

    def verify(self) -> tuple[Flaw, ...]:
        """See `Log.verify`; also SQLite's own check of the file."""
        with self._told():
            said = [str(row[0]) for row in self._connection.execute("PRAGMA integrity_check")]
            digests = [row[0] for row in self._connection.execute("SELECT digest FROM blob ORDER BY digest")]
        damaged = [
            Flaw(0, Text(f"数据库损坏: {each}", f"the database is damaged: {each}"))
            for each in said
            if each != "ok"
        ]
        return (*damaged, *chain_flaws(self.since(0), digests, self._content))

    def close(self) -> None:
        """See `Log.close`."""
        self._connection.close()

    def backup(self, target: Path) -> None:
        """A whole copy while others go on working; it is on disk when this returns. Never over a file."""
        if target.exists():
            what = Text(f"{target} 已存在", f"{target} exists")
            raise Refused("REC-EXISTS", what, Text("请另给文件名", "name another file"))
        with self._told(), contextlib.closing(sqlite3.connect(target)) as copy:
            copy.execute("PRAGMA synchronous = FULL")
            self._connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")

    def changes(self) -> int:
        """A number that differs after another connection has written; costs no read of the file's pages."""
        with self._told():
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])

    def _content(self, digest: str) -> bytes | None:
        row = self._connection.execute("SELECT content FROM blob WHERE digest = ?", (digest,)).fetchone()
        return bytes(row[0]) if row else None

    def _opened(self, create: bool) -> sqlite3.Connection:
        if not create and not self.path.exists():
            raise Refused(
                "REC-NONE", Text("没有此工作区", "there is no such workspace"),
                Text("请检查路径, 或新建工作区", "check the path, or create a workspace"), Place(str(self.path)),
            )  # fmt: skip
        mode = "rwc" if create else "rw"
        connection = sqlite3.connect(
            f"{self.path.resolve().as_uri()}?mode={mode}", uri=True, timeout=BUSY, isolation_level=None,
            check_same_thread=False,
        )  # fmt: skip
        try:
            self._laid_out(connection, create)
        except BaseException:
            connection.close()
            raise
        return connection

    def _laid_out(self, connection: sqlite3.Connection, create: bool) -> None:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        empty = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
        if version > FORMAT:
            raise Refused(
                "REC-NEWER",
                Text(f"工作区由较新的版本写成 (格式 {version}, 本程序 {FORMAT})",
                     f"the workspace is of a newer version (format {version}, this program {FORMAT})"),
                Text("请升级本程序", "upgrade this program"), Place(str(self.path)),
            )  # fmt: skip
        if application != APPLICATION and not (empty and create):
            raise Refused(
                "REC-OTHER", Text("不是本程序的工作区文件", "this is no workspace of this program"),
                Text("请检查路径", "check the path"), Place(str(self.path)),
            )  # fmt: skip
        connection.execute(f"PRAGMA journal_mode = {'DELETE' if on_network(self.path) else 'WAL'}")
        connection.execute("PRAGMA synchronous = FULL")
        if empty:
            connection.execute("BEGIN IMMEDIATE")
            if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0:
                for statement in _statements(_LAYOUT):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id = {APPLICATION}")
                connection.execute(f"PRAGMA user_version = {FORMAT}")
            connection.execute("COMMIT")

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Cursor]:
        """A transaction that has the write lock from its start; taken back whole where anything goes wrong."""
        cursor = self._connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        try:
            yield cursor
            cursor.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    cursor.execute("ROLLBACK")
            raise

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """What SQLite cannot do, as one sentence."""
        try:
            yield
        except sqlite3.Error as error:
            raise told_of(error, self.path) from error


_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM event"
_SINCE = f"{_SELECT} WHERE sequence > ? ORDER BY sequence"
_INSERT = f"INSERT INTO event ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"


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
    return [_event(row) for row in rows]


def _row(event: Event) -> tuple[object, ...]:
    values = {name: getattr(event, name) for name in _COLUMNS}
    return tuple((values | {"old": canonical(event.old), "new": canonical(event.new)}).values())


def _event(row: tuple[object, ...]) -> Event:
    values = dict(zip(_COLUMNS, row, strict=True))
    for name in ("old", "new"):
        values[name] = json.loads(str(values[name]))
    return Event(**values)  # type: ignore[arg-type]


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: `executescript` would commit what is open."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
