"""A backup of a workspace while it is in use, and whether a copy is whole."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from ..errors import Refused
from ..language import Text
from .log import Head, Log
from .sqlite_log import SqliteLog


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
        return copy.head()


def check_whole(copy: SqliteLog) -> None:
    """Errors: REC-DAMAGED where a copy is not what was written into it."""
    flaws = copy.verify()
    if flaws:
        what = Text(f"备份已损坏: {flaws[0].what.zh}", f"the backup is damaged: {flaws[0].what.en}")
        raise Refused("REC-DAMAGED", what, Text("请用另一份备份", "use another backup"))
