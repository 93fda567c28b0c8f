"""A line that breaks at a commit: what was confirmed by nobody is looked up, is told as it is, and is never there twice."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import closing

import pytest

from balance_tui.errors import Refused
from balance_tui.records.desk import Desk
from balance_tui.records.log import Conflict, Look
from balance_tui.records.postgres_log import _LOCK, PostgresLog
from tests.faults.county import cells, made_at

from .logs import draft
from .postgres import fresh_database, socket
from .relay import Break, Relay, relay

__all__ = ["socket"]

KEY, OTHER = cells(1)[:2]


@pytest.fixture
def line(socket: str) -> Iterator[Relay]:
    with relay(socket) as carrying:
        yield carrying


@pytest.fixture
def place(line: Relay) -> str:
    """A workspace that is reached through the line."""
    return made_at(line.url(f"t{uuid.uuid4().hex}"), "clerk", "other")


@pytest.fixture
def desk(place: str) -> Iterator[Desk]:
    with closing(PostgresLog(place)) as log:
        yield Desk(log, "clerk", "c")


def values(place: str) -> list[object]:
    """What the log says of the one cell."""
    with closing(PostgresLog(place)) as log:
        assert not log.verify()
        return [event.new for event in log.since(0) if event.operation == "fact"]


@pytest.mark.parametrize("how", ["after", "at once"])
def test_an_edit_that_the_server_took_is_confirmed_though_the_answer_never_came(
    line: Relay, place: str, desk: Desk, how: Break
) -> None:
    line.breaks = how
    (event,) = desk.correct("a", [(KEY, "7")])
    assert line.breaks is None, "the line did break"
    assert desk.state.assessments["a"].facts == {KEY: "7"}
    assert desk.state.head.sequence == event.sequence
    desk.undo()
    assert values(place) == [{"value": "7"}, None]


def test_an_edit_that_never_came_to_the_server_is_refused_and_can_be_made_again(
    line: Relay, place: str, desk: Desk
) -> None:
    line.breaks = "before"
    with pytest.raises(Refused, match="REC-SERVER"):
        desk.correct("a", [(KEY, "7")])
    assert values(place) == []
    desk.correct("a", [(KEY, "7")])
    assert values(place) == [{"value": "7"}]


@pytest.fixture
def unsure(line: Relay, place: str, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk whose edit came in, while the server stayed away longer than anybody waits."""
    monkeypatch.setattr("balance_tui.records.postgres_log.BUSY", 1)
    line.breaks, line.is_open = "after", False
    with pytest.raises(Refused, match=r"REC-SERVER.*不知是否已写入") as refused:
        desk.correct("a", [(KEY, "7"), (OTHER, "8")], "核对")
    assert "password" not in str(refused.value)
    line.is_open = True
    assert values(place) == [{"value": "7"}, {"value": "8"}]
    return desk


def test_what_may_have_come_in_is_saved_again_without_being_there_twice(unsure: Desk, place: str) -> None:
    events = unsure.correct("a", [(KEY, "7"), (OTHER, "8")], "核对")
    assert [event.new for event in events] == [{"value": "7"}, {"value": "8"}]
    assert values(place) == [{"value": "7"}, {"value": "8"}]
    assert unsure.state.assessments["a"].facts == {KEY: "7", OTHER: "8"}


def test_what_may_have_come_in_and_was_seen_since_is_no_conflict_with_anybody(
    unsure: Desk, place: str
) -> None:
    unsure.refresh()
    assert unsure.correct("a", [(KEY, "7")], "核对", bases={KEY: 0}) == ()
    assert values(place) == [{"value": "7"}, {"value": "8"}]


def test_another_value_than_the_one_that_came_in_is_a_conflict_to_look_at(unsure: Desk, place: str) -> None:
    with pytest.raises(Conflict):
        unsure.correct("a", [(KEY, "9")], "核对")
    assert values(place) == [{"value": "7"}, {"value": "8"}]


def test_what_somebody_else_put_meanwhile_is_still_a_conflict(unsure: Desk, place: str) -> None:
    with closing(PostgresLog(place)) as log:
        Desk(log, "other", "o").correct("a", [(KEY, "6")])
    with pytest.raises(Conflict):
        unsure.correct("a", [(KEY, "6")], "核对", bases={KEY: 0})


def test_all_hosts_take_the_time_of_the_server(line: Relay) -> None:
    import psycopg

    url = line.url(f"t{uuid.uuid4().hex}")
    with psycopg.connect(url, autocommit=True) as raw:
        raw.execute("CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS "
                    "$$ SELECT '2031-01-01 08:00:00+08'::timestamptz $$")  # fmt: skip
        raw.execute(f'ALTER DATABASE "{raw.info.dbname}" SET search_path = public, pg_catalog')  # type: ignore[arg-type]
    with closing(PostgresLog(url, create=True)) as log:
        (event,) = log.append([draft("a")])
    assert event.time == "2031-01-01T00:00:00.000000+00:00"


def test_who_waits_too_long_for_another_writer_is_told_that_it_is_in_use(socket: str) -> None:
    import psycopg

    url = fresh_database(socket, f"t{uuid.uuid4().hex}")
    with closing(PostgresLog(url, create=True)) as log, psycopg.connect(url) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        log._connection.execute("SET lock_timeout = '0.1s'")
        with pytest.raises(Refused, match="REC-BUSY"):
            log.append([draft("a")])
        other.rollback()
        assert log.append([draft("a")])[0].sequence == 1


def test_a_program_that_stops_while_it_writes_gives_the_others_their_turn(socket: str) -> None:
    url = fresh_database(socket, f"t{uuid.uuid4().hex}")
    with closing(PostgresLog(url, create=True)) as stopped, closing(PostgresLog(url)) as other:
        (given,) = stopped._connection.execute("SHOW idle_in_transaction_session_timeout").fetchone() or ("",)
        assert given == "30s"
        stopped._connection.execute("SET idle_in_transaction_session_timeout = '0.1s'")
        written = []

        def look(events: object) -> None:
            assert events == []
            time.sleep(0.3)
            written.extend(other.append([draft("theirs")]))

        with pytest.raises(Refused, match="REC-SERVER"):
            stopped.append([draft("mine")], Look(0, look))
        assert list(stopped.since(0)) == written
        assert stopped.append([draft("mine")])[0].sequence == 2
        assert not stopped.verify()
