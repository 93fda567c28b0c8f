"""From an older format to this one: whole or not at all, after a backup."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from balance_tui.errors import Refused
from balance_tui.records import sqlite_layout
from balance_tui.records.sqlite_log import SqliteLog
from tests.faults.county import made

from .older import as_format_0


def test_every_event_and_blob_is_carried_over_and_guarded(tmp_path: Path) -> None:
    path = made(tmp_path / "w.db", "clerk")
    log = SqliteLog(path)
    before = list(log.since(0))
    log.close()
    as_format_0(path)
    log = SqliteLog(path, migrating=True)
    assert log.migrate(tmp_path / "keep.db") == 0
    assert list(log.since(0)) == before
    assert not log.verify()
    log.close()
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        sqlite3.connect(path).execute("DELETE FROM event")
    with pytest.raises(Refused, match="REC-OLDER"):
        SqliteLog(tmp_path / "keep.db")


def test_what_would_not_be_whole_is_left_as_it_was(tmp_path: Path) -> None:
    path = as_format_0(made(tmp_path / "w.db", "clerk"))
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("UPDATE event SET reason = 'x' WHERE sequence = 3")
    raw.close()
    log = SqliteLog(path, migrating=True)
    with pytest.raises(Refused, match="REC-MIGRATE"):
        log.migrate(tmp_path / "keep.db")
    log.close()
    with pytest.raises(Refused, match="REC-OLDER"):
        SqliteLog(path)


def test_a_step_that_fails_takes_nothing_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = as_format_0(made(tmp_path / "w.db", "clerk"))
    monkeypatch.setattr(sqlite_layout, "STEPS", {0: "DROP TABLE blob;\nnonsense;\n"})
    log = SqliteLog(path, migrating=True)
    with pytest.raises(Refused, match="REC-STORE"):
        log.migrate(tmp_path / "keep.db")
    assert log.head().sequence == 6
    log.close()
    monkeypatch.undo()
    log = SqliteLog(path, migrating=True)
    log.migrate(tmp_path / "keep2.db")
    assert not log.verify()
    log.close()


def test_a_backup_is_never_put_over_another(tmp_path: Path) -> None:
    path = as_format_0(made(tmp_path / "w.db", "clerk"))
    (tmp_path / "keep.db").write_bytes(b"mine")
    log = SqliteLog(path, migrating=True)
    with pytest.raises(Refused, match="REC-EXISTS"):
        log.migrate(tmp_path / "keep.db")
    log.close()
    assert (tmp_path / "keep.db").read_bytes() == b"mine"
    with pytest.raises(Refused, match="REC-OLDER"):
        SqliteLog(path)
