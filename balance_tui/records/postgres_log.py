"""The log on PostgreSQL, for several hosts: the same calls as the file, in a schema of their own.

An append takes one lock for the whole chain, so that writers of any host stand in a line; it is synchronised to disk
before it returns. The optional extra `balance-tui[postgres]` brings the driver.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import Place, Refused
from ..language import Text
from .chaining import linked, time_after
from .event import GENESIS, Draft, Event
from .flaws import chain_flaws
from .log import Flaw, Head, Look
from .postgres_layout import FORMAT, LAYOUT, layout_flaws
from .rows import COLUMNS, event_of, row_of
from .troubles import told_of_server, unsure, without_password

if TYPE_CHECKING:
    import psycopg

BUSY = 10
"""Seconds to wait for another writer, and for the server."""
OLDEST = 120000
"""The oldest server that is known to take every statement."""
_AGAIN = 0.2
"""Seconds between two tries to reach a server that went away while it was writing."""

# What the driver has to say of a line that broke is told by the error that follows; a screen is no place for its log.
logging.getLogger("psycopg").addHandler(logging.NullHandler())

_NAMES = ", ".join(f'"{name}"' for name in COLUMNS)
_SELECT = f"SELECT {_NAMES} FROM balance_tui.event"
_INSERT = f"INSERT INTO balance_tui.event ({_NAMES}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"
_SINCE = f"{_SELECT} WHERE sequence > %s ORDER BY sequence"
_LAST = " ORDER BY sequence DESC LIMIT 1"
_LOCK = 0x62616C54
_SESSION = f"""
SET client_encoding = 'UTF8'; SET lock_timeout = '{BUSY}s'; SET synchronous_commit = on;
SET idle_in_transaction_session_timeout = '{3 * BUSY}s'
"""
"""A program that was stopped, or whose host is gone, while it has the lock, gives it up after a while."""


class PostgresLog:
    """A `Log` in the database that `url` names; its schema is made where it is not there and `create` says so."""

    def __init__(
        self, url: str, *, create: bool = False, now: Callable[[], dt.datetime] | None = None
    ) -> None:
        self.url = url
        self._now = now
        self._alone = threading.RLock()
        with self._told():
            self._connection = self._opened(create)

    def append(self, drafts: Sequence[Draft], look: Look | None = None) -> tuple[Event, ...]:
        """See `Log.append`. The time is that of the server, the same for all hosts. Where the line breaks before the
        commit was acknowledged, the log itself is asked whether the events came into it."""
        events: tuple[Event, ...] = ()
        try:
            with self._told(), self._writing() as cursor:
                if look is not None:
                    look.at([event_of(row) for row in cursor.execute(_SINCE, (look.after,)).fetchall()])
                row = cursor.execute(f'SELECT "time" FROM balance_tui.event{_LAST}').fetchone()
                now = self._now() if self._now else _clock(cursor)
                moment = time_after(row[0] if row else None, now, drafts)
                events = tuple(linked(drafts, _head(cursor), moment, lambda draft: _history(cursor, draft)))
                cursor.executemany(_INSERT, [row_of(event) for event in events])
        except Refused as refused:
            if refused.code != "REC-SERVER" or not events or not self._came_in(events[-1]):
                raise
        return events

    def since(self, sequence: int) -> Iterator[Event]:
        """See `Log.since`."""
        return iter([event_of(row) for row in self._rows(_SINCE, sequence)])

    def assessments(self) -> tuple[str, ...]:
        """See `Log.assessments`."""
        rows = self._rows(
            "SELECT assessment FROM balance_tui.event WHERE operation = 'create' AND assessment <> '' ORDER BY sequence"
        )
        return tuple(str(name) for (name,) in rows)

    def head(self) -> Head:
        """See `Log.head`."""
        with self._told(), self._connection.transaction(), self._connection.cursor() as cursor:
            return _head(cursor)

    def put(self, content: bytes) -> str:
        """See `Log.put`."""
        digest = hashlib.sha256(content).hexdigest()
        with self._told(), self._writing() as cursor:
            cursor.execute(
                "INSERT INTO balance_tui.blob VALUES (%s, %s) ON CONFLICT (digest) DO NOTHING",
                (digest, content),
            )
        return digest

    def get(self, digest: str) -> bytes:
        """See `Log.get`."""
        content = self._content(digest)
        if content is None or hashlib.sha256(content).hexdigest() != digest:
            raise Refused(
                "REC-BLOB",
                Text(
                    f"所存数据 {digest[:12]} 缺失或已被改动",
                    f"stored data {digest[:12]} is missing or was changed",
                ),
                Text("请从备份恢复工作区", "restore the workspace from a backup"),
            )
        return content

    def verify(self) -> tuple[Flaw, ...]:
        """See `Log.verify`; also whether the schema is laid out as it was."""
        digests = [str(row[0]) for row in self._rows("SELECT digest FROM balance_tui.blob ORDER BY digest")]
        rows = self._rows(f"{_SELECT} ORDER BY sequence")
        with self._told(), self._connection.cursor() as cursor:
            laid_out = tuple(layout_flaws(cursor))
        return (*laid_out, *chain_flaws(rows, digests, self._content))

    def close(self) -> None:
        """See `Log.close`."""
        self._connection.close()

    def changes(self) -> int:
        """A number that differs after anybody has written."""
        return self.head().sequence

    def _rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._told(), self._connection.transaction(), self._connection.cursor() as cursor:
            return list(cursor.execute(query, values).fetchall())

    def _came_in(self, event: Event) -> bool:
        """Whether an event is in the log whose commit nobody acknowledged. It is asked behind the lock of the chain, which
        its own transaction holds as long as it lives. Errors: REC-SERVER where the server stays away."""
        end = time.monotonic() + BUSY
        while True:
            try:
                with self._told(), self._writing() as cursor:
                    found = cursor.execute("SELECT 1 FROM balance_tui.event WHERE hash = %s", (event.hash,))
                    return found.fetchone() is not None
            except Refused as refused:
                if refused.code != "REC-SERVER":
                    raise
                if time.monotonic() > end:
                    raise unsure(Place(without_password(self.url))) from refused
            time.sleep(_AGAIN)

    def _content(self, digest: str) -> bytes | None:
        rows = self._rows("SELECT content FROM balance_tui.blob WHERE digest = %s", digest)
        return bytes(rows[0][0]) if rows else None

    def _opened(self, create: bool) -> psycopg.Connection[tuple[Any, ...]]:
        try:
            import psycopg
        except ImportError as error:
            raise Refused(
                "REC-DRIVER",
                Text("没有装 PostgreSQL 驱动", "the PostgreSQL driver is not installed"),
                Text("请安装 balance-tui[postgres]", "install balance-tui[postgres]"),
            ) from error
        connection = psycopg.connect(self.url, autocommit=True, connect_timeout=BUSY)
        try:
            _check_server(connection.info)
            connection.execute(_SESSION)
            with connection.transaction(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
                self._laid_out(cursor, create)
        except BaseException:
            connection.close()
            raise
        return connection

    def _laid_out(self, cursor: psycopg.Cursor[tuple[Any, ...]], create: bool) -> None:
        found = cursor.execute("SELECT to_regclass('balance_tui.meta')").fetchone()
        if found is None or found[0] is None:
            if not create:
                raise Refused(
                    "REC-NONE", Text("没有此工作区", "there is no such workspace"),
                    Text("请检查地址, 或新建工作区", "check the address, or create a workspace"),
                )  # fmt: skip
            cursor.execute(LAYOUT)
            cursor.execute("INSERT INTO balance_tui.meta VALUES (%s)", (FORMAT,))
            return
        _check_format(cursor)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
        """A transaction that holds the one lock of the chain from its start."""
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            _check_format(cursor)
            yield cursor

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """One thread at a time, so that none reads inside another's transaction. What the server cannot do, as one
        sentence; a line that broke is made again at the next call."""
        try:
            with self._alone:
                if hasattr(self, "_connection") and self._connection.closed:
                    self._connection = self._opened(False)
                yield
        except _errors() as error:
            raise told_of_server(error, Place(without_password(self.url))) from error


def _errors() -> tuple[type[psycopg.Error], ...]:
    """What the driver raises, where there is one."""
    try:
        import psycopg
    except ImportError:
        return ()
    return (psycopg.Error,)


def _check_server(server: psycopg.ConnectionInfo) -> None:
    """Errors: REC-OTHER where the server is too old, or its database cannot keep every character."""
    if server.server_version < OLDEST:
        version, oldest = server.server_version // 10000, OLDEST // 10000
        raise Refused(
            "REC-OTHER",
            Text(f"数据库服务器版本 {version} 过旧, 须 {oldest} 或更新",
                 f"the server is PostgreSQL {version}; {oldest} or later is needed"),
            Text("请管理员升级服务器", "ask the administrator to upgrade the server"),
        )  # fmt: skip
    encoding = server.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise Refused(
            "REC-OTHER",
            Text(f"数据库的编码为 {encoding}, 须为 UTF8", f"the encoding of the database is {encoding}; it has to be UTF8"),
            Text("请另建: createdb -E UTF8 -T template0 名称", "make another: createdb -E UTF8 -T template0 NAME"),
        )  # fmt: skip


def _check_format(cursor: psycopg.Cursor[tuple[Any, ...]]) -> None:
    row = cursor.execute("SELECT format FROM balance_tui.meta").fetchone()
    if row is None or row[0] < FORMAT:
        raise Refused(
            "REC-DAMAGED", Text("格式的记录 (meta) 已被改动", "the record of the format (meta) was changed"),
            Text("请管理员从备份恢复数据库", "ask the administrator to restore the database"),
        )  # fmt: skip
    if row[0] > FORMAT:
        raise Refused(
            "REC-NEWER", Text("工作区由较新的版本写成", "the workspace is of a newer version"),
            Text("请升级本程序", "upgrade this program"),
        )  # fmt: skip


def _clock(cursor: psycopg.Cursor[tuple[Any, ...]]) -> dt.datetime:
    row = cursor.execute("SELECT clock_timestamp()").fetchone()
    assert row
    moment: dt.datetime = row[0]
    return moment.astimezone(dt.UTC)


def _head(cursor: psycopg.Cursor[tuple[Any, ...]]) -> Head:
    row = cursor.execute(f"SELECT sequence, hash FROM balance_tui.event{_LAST}").fetchone()
    return Head(int(row[0]), str(row[1])) if row else Head(0, GENESIS)


def _history(cursor: psycopg.Cursor[tuple[Any, ...]], draft: Draft) -> list[Event]:
    query = f"{_SELECT} WHERE assessment = %s AND md5(target) = md5(%s) AND target = %s ORDER BY sequence"
    return [
        event_of(row)
        for row in cursor.execute(query, (draft.assessment, draft.target, draft.target)).fetchall()
    ]
