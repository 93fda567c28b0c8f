"""What is kept beside the log on a PostgreSQL server: a table in a schema of its own, on a line of its own, so that
neither waits for whoever appends.

The text that somebody types is seen by the account of the database alone that keeps it; who is here, by all.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..errors import Place
from .beside import LIMIT, Kind, Slip
from .troubles import told_of_server, without_password

if TYPE_CHECKING:
    import psycopg

    _Connection = psycopg.Connection[tuple[Any, ...]]

PATIENCE = 10
"""Seconds to wait for the server, and for another who lays the table out."""
_LOCK = 0x62616C42
_LAYOUT = """
CREATE SCHEMA IF NOT EXISTS balance_tui_beside;
CREATE TABLE balance_tui_beside.slip (
    kind TEXT NOT NULL, name TEXT NOT NULL, content BYTEA NOT NULL, at TIMESTAMPTZ NOT NULL,
    account NAME NOT NULL DEFAULT CURRENT_USER, PRIMARY KEY (kind, name)
);
ALTER TABLE balance_tui_beside.slip ENABLE ROW LEVEL SECURITY;
ALTER TABLE balance_tui_beside.slip FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON balance_tui_beside.slip USING (account = CURRENT_USER) WITH CHECK (account = CURRENT_USER);
CREATE POLICY here ON balance_tui_beside.slip FOR SELECT USING (kind = 'presence');
"""
_PUT = """
INSERT INTO balance_tui_beside.slip (kind, name, content, at) VALUES (%s, %s, %s, clock_timestamp())
ON CONFLICT (kind, name) DO UPDATE SET content = EXCLUDED.content, at = EXCLUDED.at
"""
_ALL = """
SELECT name, extract(epoch FROM clock_timestamp() - at)::float8, content FROM balance_tui_beside.slip
WHERE kind = %s AND starts_with(name, %s) AND octet_length(content) <= %s ORDER BY at
"""
_DROP = "DELETE FROM balance_tui_beside.slip WHERE kind = %s AND name = %s"


class PostgresBeside:
    """Slips in the database that `url` names; the table is made where it is not there."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.place = without_password(url)
        self._alone = threading.Lock()
        self._line: _Connection | None = None

    def put(self, kind: Kind, name: str, content: bytes, *, durable: bool = True) -> None:
        """See `Beside`."""
        with self._told() as line, line.transaction():
            line.execute(f"SET LOCAL synchronous_commit = {'on' if durable else 'off'}")
            line.execute(_PUT, (kind, name, content))

    def all(self, kind: Kind, prefix: str = "") -> list[Slip]:
        """See `Beside`."""
        with self._told() as line:
            rows = line.execute(_ALL, (kind, prefix, LIMIT)).fetchall()
        return [Slip(str(name), float(age), bytes(content)) for name, age, content in rows]

    def drop(self, kind: Kind, name: str) -> None:
        """See `Beside`."""
        with self._told() as line:
            line.execute(_DROP, (kind, name))

    def close(self) -> None:
        """See `Beside`."""
        with self._alone:
            if self._line is not None:
                self._line.close()

    @contextlib.contextmanager
    def _told(self) -> Iterator[_Connection]:
        """The line to the server, made again where it broke. What the server cannot do, as one sentence."""
        import psycopg

        try:
            with self._alone:
                if self._line is None or self._line.closed:
                    self._line = self._opened()
                yield self._line
        except psycopg.Error as error:
            raise told_of_server(error, Place(self.place)) from error

    def _opened(self) -> _Connection:
        import psycopg

        line = psycopg.connect(self._url, autocommit=True, connect_timeout=PATIENCE)
        try:
            line.execute(f"SET lock_timeout = '{PATIENCE}s'; SET statement_timeout = '{PATIENCE}s'")
            if not _is_laid_out(line):
                with line.transaction():
                    line.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
                    if not _is_laid_out(line):
                        line.execute(_LAYOUT)
        except BaseException:
            line.close()
            raise
        return line


def _is_laid_out(line: _Connection) -> bool:
    row = line.execute("SELECT to_regclass('balance_tui_beside.slip') IS NOT NULL").fetchone()
    return row is not None and bool(row[0])
