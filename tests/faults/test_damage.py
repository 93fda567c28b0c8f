"""Files that are not as they should be: what opens is what was written, or is told; never a traceback."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balance_tui.cli.records_told import history_line
from balance_tui.errors import Refused
from balance_tui.records.desk import Desk
from balance_tui.records.event import Event, canonical, chained
from balance_tui.records.log import Log
from balance_tui.records.rows import event_of, event_of_any, row_of
from balance_tui.records.sqlite_layout import FORMAT
from balance_tui.records.sqlite_log import SqliteLog

from ..records.logs import draft
from .county import cells, made

Found = TypeVar("Found")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with some history."""
    path = made(tmp_path_factory.mktemp("sound") / "w.db", "clerk")
    log = SqliteLog(path)
    desk = Desk(log, "clerk", "c")
    for key in cells(6):
        desk.correct("a", [(key, "12")], "核对原表后更正")
    log.close()
    return path


def _content(log: Log) -> tuple[list[str], bytes]:
    events = list(log.since(0))
    digest = next(event.new["digest"] for event in events if event.operation == "standard")  # type: ignore[index,call-overload]
    return [canonical(row_of(event)) for event in events], log.get(str(digest))  # type: ignore[arg-type]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120)
@given(
    flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=4)
)
def test_bytes_that_changed_are_found_or_changed_nothing(
    sound: Path, tmp_path: Path, flips: list[tuple[float, int]]
) -> None:
    path = tmp_path / "w.db"
    raw = bytearray(sound.read_bytes())
    for where, mask in flips:
        raw[int(where * len(raw))] ^= mask
    for beside in ("-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)
    path.write_bytes(raw)
    log = or_refused(lambda: SqliteLog(path))
    if isinstance(log, Refused):
        assert log.code in (
            "REC-DAMAGED",
            "REC-OTHER",
            "REC-NEWER",
            "REC-OLDER",
            "REC-OPEN",
            "REC-STORE",
            "REC-IO",
        )
        return
    with closing(log):
        flaws, found = log.verify(), or_refused(lambda: _content(log))
        desk = or_refused(lambda: Desk(log, "clerk", "c"))
    assert flaws or found == _of(sound) and isinstance(desk, Desk)
    for refused in (found, desk):
        if isinstance(refused, Refused):
            assert refused.code in ("REC-DAMAGED", "REC-BLOB", "REC-STORE", "REC-IO")


def or_refused(call: Callable[[], Found]) -> Found | Refused:
    """What a call gives, or the sentence it refuses with; anything else is a traceback and escapes."""
    try:
        return call()
    except Refused as refused:
        return refused


def _of(path: Path) -> tuple[list[str], bytes]:
    with closing(SqliteLog(path)) as log:
        return _content(log)


@settings(max_examples=200)
@given(data=st.data())
def test_a_row_of_anything_is_an_event_as_it_was_or_told(data: st.DataObject) -> None:
    event = chained(draft(new={"value": "1"}), 1, "2026-01-01T00:00:00.000000+00:00", "0" * 64)
    row = list(row_of(event))
    anything = (
        st.none()
        | st.integers(-(2**63), 2**63 - 1)
        | st.floats()
        | st.text()
        | st.binary()
        | st.just("[" * 10**5)
    )
    row[data.draw(st.integers(0, len(row) - 1))] = data.draw(anything)
    found = event_of_any(tuple(row))
    assert isinstance(found, Event)
    assert found == event or not found.is_whole
    strictly = or_refused(lambda: event_of(tuple(row)))
    assert (
        strictly == found
        or isinstance(strictly, Refused)
        and strictly.code == "REC-DAMAGED"
        and not found.is_whole
    )


@pytest.mark.parametrize("wrong", [{"operation": "nonsense"}, {"assessment": "never created"}])
def test_an_event_of_no_known_kind_or_assessment_is_told_by_its_number(
    tmp_path: Path, wrong: dict[str, str]
) -> None:
    log = SqliteLog(made(tmp_path / "w.db"))
    known = log.head().sequence
    log.append([draft(new={"value": "1"}), replace(draft("x", {"value": "1"}), **wrong)])  # type: ignore[arg-type]
    with pytest.raises(Refused, match=rf"REC-DAMAGED.*第 {known + 2} 条"):
        Desk(log, "boss", "c")
    log.close()


def test_a_program_of_an_older_version_stops_writing_when_a_newer_one_took_over(tmp_path: Path) -> None:
    path = made(tmp_path / "w.db", "clerk")
    log = SqliteLog(path)
    desk = Desk(log, "clerk", "c")
    raw = sqlite3.connect(path)
    raw.execute(f"PRAGMA user_version = {FORMAT + 1}")
    raw.close()
    with pytest.raises(Refused, match="REC-NEWER"):
        desk.correct("a", [(cells(1)[0], "1")])
    assert desk.state.assessments["a"].facts == {}
    log.close()


def test_a_workspace_on_a_network_share_keeps_a_rollback_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path / "w.db", "clerk")
    monkeypatch.setattr("balance_tui.records.sqlite_log.on_network", lambda _: True)
    log = SqliteLog(path)
    Desk(log, "clerk", "c").correct("a", [(cells(1)[0], "1")])
    assert log._connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert not log.verify()
    log.close()
    assert {each.name for each in tmp_path.iterdir()} == {"w.db"}


def test_a_file_cut_short_is_told(sound: Path, tmp_path: Path) -> None:
    raw = sound.read_bytes()
    for kept in (1, 50, 100, 4096, len(raw) // 2, len(raw) - 4096):
        path = tmp_path / f"{kept}.db"
        path.write_bytes(raw[:kept])
        log = or_refused(lambda path=path: SqliteLog(path))  # type: ignore[misc]
        if isinstance(log, Refused):
            assert log.code in ("REC-DAMAGED", "REC-OTHER", "REC-STORE")
            continue
        assert log.verify()
        log.close()


def test_a_folder_or_a_link_to_nothing_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere" / "w.db")
    for name in ("folder", "link"):
        with pytest.raises(Refused, match=r"REC-OPEN|REC-NONE"):
            SqliteLog(tmp_path / name, create=name == "link")


def test_triggers_that_were_taken_away_are_found(sound: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(sound, tmp_path / "w.db"))
    raw = sqlite3.connect(path)
    raw.execute("DROP TRIGGER event_stays")
    raw.close()
    log = SqliteLog(path)
    assert [flaw.what.en for flaw in log.verify()] == [
        "the trigger event_stays is missing, new or was changed"
    ]
    log.close()


DAMAGED = st.sampled_from(
    [
        "operation",
        "target",
        "new",
        "old",
        "assessment",
        "time",
        "actor",
        "base",
        "undoes",
        "reason",
        "standard",
    ]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=st.data(), column=DAMAGED)
def test_an_event_of_anything_is_told_by_whoever_reads_it_and_is_in_nobodys_way(
    sound: Path, tmp_path: Path, data: st.DataObject, column: str
) -> None:
    """Whatever stands in a row, a desk opens or is refused; a desk that opens can be read and written to, or is told."""
    path = Path(shutil.copy(sound, tmp_path / "w.db"))
    with closing(sqlite3.connect(path, isolation_level=None)) as raw:
        raw.execute("DROP TRIGGER event_stays")
        (last,) = raw.execute("SELECT max(sequence) FROM event").fetchone()
        number = data.draw(st.integers(1, last) | st.just(last))
        (kept,) = raw.execute(f"SELECT {column} FROM event WHERE sequence = ?", (number,)).fetchone()
        raw.execute(
            f"UPDATE event SET {column} = ? WHERE sequence = ?", (_damaged(data, kept, column), number)
        )
    with closing(SqliteLog(path)) as log:
        desk = or_refused(lambda: Desk(log, "clerk", "c"))
        if isinstance(desk, Desk):
            for line in map(history_line, desk.state.assessments["a"].events):
                assert line
            or_refused(lambda: desk.correct("a", [(cells(1)[0], "13")]))
        else:
            assert desk.code == "REC-DAMAGED"


def _damaged(data: st.DataObject, kept: object, column: str) -> object:
    if not isinstance(kept, str):
        return data.draw(st.integers(-9, 99) | (st.none() if column == "undoes" else st.nothing()))
    at = data.draw(st.integers(0, max(len(kept) - 1, 0)))
    other = st.characters(exclude_categories=("Cs",), exclude_characters="\0") | st.sampled_from('"[]{},:0 n')
    json_of_another_kind = st.sampled_from(
        ["null", "[]", "{}", "0", '""', '["x"]', '{"value": 1}', '["fact",[1,2,3,4],5,6,7]']
    )
    flipped = other.map(lambda character: kept[:at] + character + kept[at + 1 :])
    return data.draw(flipped | json_of_another_kind)
