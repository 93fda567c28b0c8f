"""What a confirmed edit costs, alone and among twenty, beside a bare commit of SQLite that is on disk just the same."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from balance_tui.language import Text
from balance_tui.records.desk import Desk
from balance_tui.records.sqlite_log import SqliteLog
from tests.faults.county import cells, made
from tests.faults.stores import missing, stores
from tests.faults.together import edited_together

from .measure import Row, timed, told

SCHOOLS = 500
EDITS = 1000
PEOPLE, SECONDS = 20, 10.0


def rows(*, short: bool = False) -> Iterator[Row]:
    """One person at a county of 500 schools; then twenty at once at a few schools, in a file and on a server."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        edit, bare = _alone(folder, 20 if short else EDITS)
        what = Text(
            f"一次确认的更正 ({SCHOOLS} 所学校), p95; 参照: SQLite 空事务落盘",
            f"a confirmed edit ({SCHOOLS} schools), p95; a bare SQLite commit",
        )
        yield Row(what, told(edit), told(bare), f"{edit / bare:.2f} ×")
        yield _together("sqlite", str(folder / "together.db"), bare, short=short)
    if missing("postgresql") is None:
        with stores("postgresql") as where:
            yield _together(
                "postgresql",
                where.place("together"),
                _bare_on_server(where.place("bare"), short=short),
                short=short,
            )


def _together(store: str, place: str, bare: float, *, short: bool) -> Row:
    """Many at once, beside as many bare commits in a row."""
    people, seconds = (2, 0.5) if short else (PEOPLE, SECONDS)
    meeting = edited_together(place, people, seconds)
    assert [*meeting.lost, *meeting.unreal, *meeting.flaws] == []
    rate = meeting.confirmed / seconds
    what = Text(
        f"{store}: {people} 人同时不停更正, p95 ({rate:.0f} 次/秒); 参照: 排队 {people} 次空事务",
        f"{store}: {people} people editing without a pause, p95 ({rate:.0f} a second); {people} bare commits in a row",
    )
    return Row(what, told(meeting.p95), told(bare * people), f"{meeting.p95 / (bare * people):.2f} ×")


def _alone(folder: Path, edits: int) -> tuple[float, float]:
    """The 95th percentile of an edit, and of a commit of a row as long, the two taking turns."""
    keys, bare = cells(SCHOOLS), _bare(folder / "bare.db")
    with closing(SqliteLog(made(folder / "alone.db", "clerk"))) as log:
        desk = Desk(log, "clerk", "bench")
        pairs = [
            (timed(lambda n=n: desk.correct("a", [(keys[n % len(keys)], f"{n}")], "核对")), timed(bare))  # type: ignore[misc]
            for n in range(edits)
        ]
    edit, commit = (sorted(column)[int(edits * 0.95)] for column in zip(*pairs, strict=True))
    return edit, commit


def _bare_on_server(place: str, *, short: bool) -> float:
    """The 95th percentile of a commit of a row as long as an event."""
    import psycopg

    with psycopg.connect(place, autocommit=True) as connection:
        connection.execute("CREATE TABLE event (sequence BIGSERIAL PRIMARY KEY, content TEXT NOT NULL)")
        insert = "INSERT INTO event (content) VALUES (%s)"
        seconds = sorted(
            timed(lambda: connection.execute(insert, ("x" * 500,))) for _ in range(20 if short else EDITS)
        )
    return seconds[int(len(seconds) * 0.95)]


def _bare(path: Path) -> Callable[[], object]:
    """Puts one row as long as an event into a file in one transaction."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE event (sequence INTEGER PRIMARY KEY, content TEXT NOT NULL)")
    content = "x" * 500
    return lambda: connection.execute("INSERT INTO event (content) VALUES (?)", (content,))
