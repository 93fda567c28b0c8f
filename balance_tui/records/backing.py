"""A backup of a workspace while it is in use, and whether a copy is whole."""

from __future__ import annotations

import contextlib
import sqlite3
from contextlib import closing
from pathlib import Path

from ..errors import Refused
from ..language import Text
from .log import Head, Log
from .sqlite_log import SqliteLog

_NO_JOURNAL_AHEAD = b"\x01\x01"
"""Bytes 18 and 19 of an SQLite file: its write and read format, 2 where it is written ahead (WAL)."""


def backed_up(log: Log, target: Path) -> Head:
    """Copy the workspace into a new file and check the copy; its last event. Whoever calls sees to the role. Errors:
    REC-BACKUP on a database server, REC-DAMAGED, those of `SqliteLog.backup`."""
    if not isinstance(log, SqliteLog):
        raise Refused(
            "REC-BACKUP", Text("PostgreSQL 工作区不由本程序备份", "this program does not back up PostgreSQL"),
            Text("请用 pg_dump", "use pg_dump"),
        )  # fmt: skip
    log.backup(target)
    with closing(SqliteLog(target)) as copy:
        check_whole(copy)
        head = copy.head()
    _closed_up(target)
    return head


def is_whole_by_itself(path: Path) -> bool:
    """Whether no event of a workspace file can stand in a journal beside it: so a backup is left, while a file in use
    on a local disk writes ahead. A plain copy of the latter may lack its last events, and nothing in it says so."""
    with path.open("rb") as file:
        return file.read(20)[18:20] == _NO_JOURNAL_AHEAD


def _closed_up(target: Path) -> None:
    """Looking at the copy made it write ahead again; errors leave it a good backup, of which restoring warns."""
    with contextlib.suppress(sqlite3.Error), closing(sqlite3.connect(target)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")


def check_whole(copy: SqliteLog) -> None:
    """Errors: REC-DAMAGED where a copy is not what was written into it."""
    flaws = copy.verify()
    if flaws:
        what = Text(f"备份已损坏: {flaws[0].what.zh}", f"the backup is damaged: {flaws[0].what.en}")
        raise Refused("REC-DAMAGED", what, Text("请用另一份备份", "use another backup"))
