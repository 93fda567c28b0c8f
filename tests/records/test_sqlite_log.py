"""The log in one SQLite file: tampering is found, and a file that cannot be used is left as it is."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from balance_tui.errors import Refused
from balance_tui.records.mounts import on_network
from balance_tui.records.sqlite_log import FORMAT, SqliteLog

from .logs import draft, path

__all__ = ["path"]

TAMPER = {
    "value": ("UPDATE event SET new = '9' WHERE sequence = 2", 2),
    "actor": ("UPDATE event SET actor = '王五' WHERE sequence = 2", 2),
    "time": ("UPDATE event SET time = '2001-01-01T00:00:00+00:00' WHERE sequence = 3", 3),
    "reason": ("UPDATE event SET reason = 'x' WHERE sequence = 1", 1),
    "standard": ("UPDATE event SET standard = 'f' WHERE sequence = 4", 4),
    "taken away": ("DELETE FROM event WHERE sequence = 3", 3),
    "first taken away": ("DELETE FROM event WHERE sequence = 1", 1),
    "swapped": ("UPDATE event SET sequence = CASE sequence WHEN 2 THEN -3 ELSE -2 END WHERE sequence IN (2, 3)", 2),
}  # fmt: skip


@pytest.mark.parametrize("kind", TAMPER)
def test_every_change_of_an_event_is_found_where_it_is(path: Path, kind: str) -> None:
    log = SqliteLog(path, create=True)
    for number in range(5):
        log.append([draft(f"f{number}", number)])
    log.close()
    statement, where = TAMPER[kind]
    _tampered(path, statement)
    again = SqliteLog(path)
    assert where in [flaw.sequence for flaw in again.verify()]
    again.close()


def _tampered(path: Path, *statements: str) -> None:
    raw = sqlite3.connect(path, isolation_level=None)
    for statement in ("DROP TRIGGER event_stays", "DROP TRIGGER event_remains", *statements):
        raw.execute(statement)
    raw.close()


def test_a_changed_or_missing_blob_is_found_by_the_event_that_names_it(path: Path) -> None:
    log = SqliteLog(path, create=True)
    kept, gone = log.put(b"workbook"), log.put(b"standard")
    log.append([draft("x", {"files": [{"digest": kept}]}), draft("y", {"digest": gone})])
    assert log.get(kept) == b"workbook"
    _tampered(
        path,
        f"UPDATE blob SET content = x'00' WHERE digest = '{kept}'",
        f"DELETE FROM blob WHERE digest = '{gone}'",
    )
    assert {flaw.sequence for flaw in log.verify()} == {0, 1, 2}, "0: the guards are gone"
    for digest in (kept, gone):
        with pytest.raises(Refused, match="REC-BLOB"):
            log.get(digest)
    log.close()


def test_the_program_itself_cannot_change_the_log(path: Path) -> None:
    log = SqliteLog(path, create=True)
    log.append([draft()])
    log.close()
    raw = sqlite3.connect(path)
    for statement in ("UPDATE event SET new = '2'", "DELETE FROM event"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(statement)
    raw.close()


def test_stores_that_cannot_be_used_say_so_and_stay_as_they_are(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="REC-NONE"):
        SqliteLog(tmp_path / "none.db")
    junk = ("junk.db", b"not a database, but long enough to be read as one" * 40, "REC-DAMAGED")
    for name, content, code in (junk, ("text.db", b"x", "REC-OTHER")):
        file = tmp_path / name
        file.write_bytes(content)
        with pytest.raises(Refused, match=code):
            SqliteLog(file)
        assert file.read_bytes() == content
    other = tmp_path / "other.db"
    raw = sqlite3.connect(other)
    raw.execute("CREATE TABLE mine (a)")
    raw.close()
    with pytest.raises(Refused, match="REC-OTHER"):
        SqliteLog(other, create=True)


def test_a_workspace_of_a_newer_program_is_left_alone(path: Path) -> None:
    SqliteLog(path, create=True).close()
    raw = sqlite3.connect(path)
    raw.execute(f"PRAGMA user_version = {FORMAT + 1}")
    raw.close()
    with pytest.raises(Refused, match="REC-NEWER"):
        SqliteLog(path)


def test_a_writer_that_never_ends_is_said_to_be_busy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("balance_tui.records.sqlite_log.BUSY", 0.05)
    log = SqliteLog(path, create=True)
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("BEGIN IMMEDIATE")
    with pytest.raises(Refused, match="REC-BUSY"):
        log.append([draft()])
    raw.execute("ROLLBACK")
    raw.close()
    log.append([draft()])
    log.close()


def test_a_backup_made_in_use_is_whole_and_never_over_a_file(path: Path, tmp_path: Path) -> None:
    log = SqliteLog(path, create=True)
    log.append([draft()])
    log.backup(tmp_path / "copy.db")
    log.append([draft("later")])
    copy = SqliteLog(tmp_path / "copy.db")
    assert (copy.head().sequence, copy.verify()) == (1, ())
    copy.close()
    with pytest.raises(Refused, match="REC-EXISTS"):
        log.backup(tmp_path / "copy.db")
    log.close()


def test_network_shares_are_told_from_local_disks(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "1 1 0:1 / / rw - ext4 /dev/a rw\n2 1 0:2 / /srv rw - nfs4 host:/x rw\n3 2 0:3 / /srv/local rw - xfs /dev/b rw\n"
    )
    said = {
        name: on_network(Path(name), mounts)
        for name in ("/var/w.db", "/srv/w.db", "/srv/local/w.db", "/srvx/w.db")
    }
    assert said == {"/var/w.db": False, "/srv/w.db": True, "/srv/local/w.db": False, "/srvx/w.db": False}


def test_the_number_of_changes_ignores_ones_own(path: Path) -> None:
    log = SqliteLog(path, create=True)
    before = log.changes()
    log.append([draft("mine")])
    assert log.changes() == before
    log.close()
