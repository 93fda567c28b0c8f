"""How a workspace file is laid out, which versions of it there were, and the way from one to the next."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from ..errors import Place, Refused
from ..language import Text

FORMAT = 1
"""The version of the file's layout; a higher one is of a newer program. Format 0, of the first trials, had the same
columns without checked types, without the index of targets, and without the triggers that keep events as they are."""
APPLICATION = 0x62616C54

_EVENT = """
CREATE TABLE event (
    sequence INTEGER PRIMARY KEY, time TEXT NOT NULL, assessment TEXT NOT NULL, operation TEXT NOT NULL,
    target TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL, actor TEXT NOT NULL, connection TEXT NOT NULL,
    base INTEGER NOT NULL, reason TEXT NOT NULL, standard TEXT NOT NULL, undoes INTEGER, previous TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE
) STRICT;
"""
_BLOB = "CREATE TABLE blob (digest TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT;\n"
_GUARDS = """
CREATE INDEX event_of_target ON event (assessment, target, sequence);
CREATE TRIGGER event_stays BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER event_remains BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
"""
_ZERO_TO_ONE = f"""
ALTER TABLE event RENAME TO event_before;
ALTER TABLE blob RENAME TO blob_before;
{_EVENT}{_BLOB}
INSERT INTO event SELECT sequence, time, assessment, operation, target, old, new, actor, connection, base, reason,
    standard, undoes, previous, hash FROM event_before ORDER BY sequence;
INSERT INTO blob SELECT digest, content FROM blob_before;
DROP TABLE event_before;
DROP TABLE blob_before;
{_GUARDS}
"""
STEPS: Mapping[int, str] = {0: _ZERO_TO_ONE}
"""From each older format the statements that make the next one."""


def check_ours(connection: sqlite3.Connection, path: Path, *, may_be_empty: bool) -> int:
    """The format of the file. Errors: REC-NEWER, REC-OTHER."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    other = application != APPLICATION and not (may_be_empty and is_empty(connection))
    if other or version < 0:
        raise Refused(
            "REC-OTHER", Text("不是本程序的工作区文件", "this is no workspace of this program"),
            Text("请检查路径", "check the path"), Place(str(path)),
        )  # fmt: skip
    if version > FORMAT:
        raise Refused(
            "REC-NEWER",
            Text(f"工作区由较新的版本写成 (格式 {version}, 本程序 {FORMAT})",
                 f"the workspace is of a newer version (format {version}, this program {FORMAT})"),
            Text("请升级本程序", "upgrade this program"), Place(str(path)),
        )  # fmt: skip
    return FORMAT if application != APPLICATION else version


def check_current(version: int, path: Path) -> None:
    """Errors: REC-OLDER where the file has to be migrated first."""
    if version < FORMAT:
        raise Refused(
            "REC-OLDER",
            Text(f"工作区由较旧的版本写成 (格式 {version}, 本程序 {FORMAT})",
                 f"the workspace is of an older version (format {version}, this program {FORMAT})"),
            Text("请运行 workspace migrate, 它先作备份", "run workspace migrate; it makes a backup first"), Place(str(path)),
        )  # fmt: skip


def is_empty(connection: sqlite3.Connection) -> bool:
    """Whether nothing was ever laid out."""
    return int(connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]) == 0


def lay_out(connection: sqlite3.Connection) -> None:
    """Make the tables of the current format in an empty file; two programs may try at once."""
    connection.execute("BEGIN IMMEDIATE")
    if is_empty(connection):
        for statement in _statements(_EVENT + _BLOB + _GUARDS):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {FORMAT}")
    connection.execute("COMMIT")


def brought_up(connection: sqlite3.Connection, version: int, check: Callable[[], None]) -> None:
    """Bring an older file to the current format in one transaction: whole or not at all. `check` raises where what
    came of it is not to stay."""
    connection.execute("BEGIN EXCLUSIVE")
    try:
        for step in range(version, FORMAT):
            for statement in _statements(STEPS[step]):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        check()
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def layout_of(connection: sqlite3.Connection) -> set[tuple[str, str, str]]:
    """Tables, indexes, views and triggers with how they were made; not what SQLite keeps for itself."""
    rows = connection.execute(
        "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return {(str(kind), str(name), " ".join(str(sql).split())) for kind, name, sql in rows}


def layout_wanted() -> set[tuple[str, str, str]]:
    """What a file of the current format has."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        lay_out(connection)
        return layout_of(connection)
    finally:
        connection.close()


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: `executescript` would commit what is open."""
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
