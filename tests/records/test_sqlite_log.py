"""The log in one SQLite file: a chain that cannot be changed unseen, conflicts, and stores that cannot be used."""

from __future__ import annotations

import datetime as dt
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balance_tui.errors import Refused
from balance_tui.records.event import GENESIS, canonical, target_of
from balance_tui.records.log import Conflict, Log
from balance_tui.records.mounts import on_network
from balance_tui.records.sqlite_log import FORMAT, SqliteLog

from .logs import draft, log, path

__all__ = ["log", "path"]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(values=st.lists(JSON, min_size=1, max_size=4), reason=st.text(max_size=20))
def test_what_goes_in_comes_out_and_the_chain_holds(log: Log, values: list[object], reason: str) -> None:
    before = log.head()
    drafts = [
        draft(f"f{before.sequence}-{index}", value, reason=reason) for index, value in enumerate(values)
    ]
    written = log.append(drafts)
    assert tuple(log.since(before.sequence)) == written
    assert [canonical(event.new) for event in written] == [canonical(value) for value in values]  # type: ignore[arg-type]
    assert [event.previous for event in written] == [before.hash, *(event.hash for event in written[:-1])]
    assert not log.verify()


def test_an_empty_log_has_the_first_hash(log: Log) -> None:
    assert (log.head().sequence, log.head().hash) == (0, GENESIS)
    assert (tuple(log.since(0)), log.assessments(), log.verify()) == ((), (), ())


def test_a_target_changed_meanwhile_is_a_conflict_that_shows_theirs(log: Log) -> None:
    (first,) = log.append([draft(new=5)])
    (second,) = log.append([draft(new=7, base=first.sequence, actor="李四", connection="c2")])
    with pytest.raises(Conflict) as refused:
        log.append([draft("other", 1), draft(new=6, base=first.sequence)])
    assert refused.value.theirs == (second,)
    assert log.head().sequence == second.sequence, "nothing of a refused batch is written"


def test_a_base_that_was_never_there_is_refused(log: Log) -> None:
    log.append([draft(new=5)])
    with pytest.raises(Conflict):
        log.append([draft(new=6, base=99)])


def test_writers_of_many_threads_lose_nothing(path: Path) -> None:
    SqliteLog(path, create=True).close()

    def write(worker: int) -> None:
        own = SqliteLog(path)
        for number in range(10):
            own.append([draft(f"{worker}-{number}", number)])
        own.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    whole = SqliteLog(path)
    events = list(whole.since(0))
    assert [event.sequence for event in events] == list(range(1, 81))
    assert len({event.target for event in events}) == 80
    assert not whole.verify()
    whole.close()


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
    assert {flaw.sequence for flaw in log.verify()} == {1, 2}
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


def test_a_clock_that_went_back_stops_writing_and_small_steps_do_not(path: Path) -> None:
    times = iter(dt.datetime(2026, 1, 1, 12, 0, second, tzinfo=dt.UTC) - dt.timedelta(minutes=back)
                 for second, back in ((30, 0), (10, 0), (10, 2)))  # fmt: skip
    log = SqliteLog(path, create=True, now=lambda: next(times))
    log.append([draft("a")])
    (second,) = log.append([draft("b")])
    assert second.time == "2026-01-01T12:00:30.000000+00:00"
    with pytest.raises(Refused, match="REC-CLOCK"):
        log.append([draft("c")])
    assert log.head().sequence == 2
    log.close()


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


def test_others_writing_is_noticed_cheaply(path: Path) -> None:
    mine, theirs = SqliteLog(path, create=True), SqliteLog(path)
    before = mine.changes()
    mine.append([draft("mine")])
    assert mine.changes() == before
    theirs.append([draft("theirs")])
    assert mine.changes() != before
    mine.close()
    theirs.close()


def test_network_shares_are_told_from_local_disks(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "1 1 0:1 / / rw - ext4 /dev/a rw\n2 1 0:2 / /srv rw - nfs4 host:/x rw\n3 2 0:3 / /srv/local rw - xfs /dev/b rw\n"
    )
    said = {
        name: on_network(Path(name), mounts)
        for name in ("/home/w.db", "/srv/w.db", "/srv/local/w.db", "/srvx/w.db")
    }
    assert said == {"/home/w.db": False, "/srv/w.db": True, "/srv/local/w.db": False, "/srvx/w.db": False}


def test_targets_are_written_one_way() -> None:
    assert target_of("fact", ["省", 2025], None) == '["fact",["省",2025],null]'
