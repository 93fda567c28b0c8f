"""A backup becomes a workspace whole or not at all, from nothing but a backup; an older file is brought up to date once."""

from __future__ import annotations

import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from balance_tui.errors import Refused
from balance_tui.records.desk import Desk
from balance_tui.records.restoring import restored
from balance_tui.records.sqlite_log import SqliteLog
from tests.faults.county import cells, made

from .older import as_format_0


def edited(path: Path) -> SqliteLog:
    """An open log with an edit in it."""
    log = SqliteLog(path)
    Desk(log, "clerk", "c").correct("a", [(cells(1)[0], "1")])
    return log


def test_a_file_in_use_whose_last_events_stand_beside_it_is_no_backup(tmp_path: Path) -> None:
    with closing(edited(made(tmp_path / "w.db", "clerk"))) as log:
        with pytest.raises(Refused, match="REC-BACKUP"):
            restored(tmp_path / "w.db", tmp_path / "again.db")
        log.backup(tmp_path / "copy.db")
        assert restored(tmp_path / "copy.db", tmp_path / "again.db") == log.head()
    assert restored(tmp_path / "w.db", tmp_path / "closed.db").sequence == 7
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.db", "closed.db", "copy.db", "w.db"]


def test_of_many_that_restore_into_one_place_one_does_and_the_others_are_told(tmp_path: Path) -> None:
    made(tmp_path / "copy.db", "clerk")

    def once(number: int) -> str:
        del number
        try:
            restored(tmp_path / "copy.db", tmp_path / "w.db")
        except Refused as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(once, range(6)))
    assert sorted(said) == ["REC-EXISTS"] * 5 + ["done"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "w.db"]
    with closing(SqliteLog(tmp_path / "w.db")) as log:
        assert not log.verify()


def test_what_another_program_left_when_it_was_killed_is_not_in_the_way(tmp_path: Path) -> None:
    made(tmp_path / "copy.db", "clerk")
    for name in ("w.db.part", ".w.db.0123abcd.part"):
        (tmp_path / name).write_bytes(b"half")
    restored(tmp_path / "copy.db", tmp_path / "w.db")
    assert (tmp_path / "w.db.part").read_bytes() == b"half"


@pytest.mark.parametrize("source", ["none.db", "folder", "loop"])
def test_what_is_no_backup_at_all_is_told(tmp_path: Path, source: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(Refused, match="REC-NONE" if source == "none.db" else "REC-IO"):
        restored(tmp_path / source, tmp_path / "w.db")
    assert not os.path.lexists(tmp_path / "w.db")


def test_programs_that_bring_one_file_up_to_date_at_once_do_it_once_and_lose_nothing(tmp_path: Path) -> None:
    path = as_format_0(made(tmp_path / "w.db", "clerk"))

    def once(number: int) -> int:
        with closing(SqliteLog(path, migrating=True)) as log:
            return log.migrate(tmp_path / f"{number}.bak")

    with ThreadPoolExecutor(4) as pool:
        assert 0 in list(pool.map(once, range(4)))
    with closing(SqliteLog(path)) as log:
        assert not log.verify()
        assert log.head().sequence == 6
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%before%'").fetchone() == (0,)


def test_an_older_file_with_events_in_its_journal_is_brought_up_to_date_with_them(tmp_path: Path) -> None:
    path = as_format_0(made(tmp_path / "w.db", "clerk"))
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("INSERT INTO blob VALUES ('later', x'00')")
        copies = [tmp_path / f"copy.db{end}" for end in ("", "-wal")]
        for copy, end in zip(copies, ("", "-wal"), strict=True):
            copy.write_bytes(path.with_name(f"w.db{end}").read_bytes())
    with closing(SqliteLog(copies[0], migrating=True)) as log, pytest.raises(Refused, match="REC-MIGRATE"):
        log.migrate(tmp_path / "keep.bak")
    with closing(sqlite3.connect(tmp_path / "keep.bak")) as raw:
        assert raw.execute("SELECT count(*) FROM blob WHERE digest = 'later'").fetchone() == (1,)
