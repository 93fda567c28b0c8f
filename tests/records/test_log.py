"""The log, whatever keeps it: a chain that holds, conflicts, writers side by side, a clock that goes back."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balance_tui.errors import Refused
from balance_tui.records.event import CLOCK, GENESIS, Draft, canonical, target_of
from balance_tui.records.log import Conflict, Log

from .logs import Opener, draft, open_again, path, socket, store

__all__ = ["open_again", "path", "socket", "store"]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(values=st.lists(JSON, min_size=1, max_size=4), reason=st.text(max_size=20))
def test_what_goes_in_comes_out_and_the_chain_holds(store: Log, values: list[object], reason: str) -> None:
    before = store.head()
    drafts = [
        draft(f"f{before.sequence}-{index}", value, reason=reason) for index, value in enumerate(values)
    ]
    written = store.append(drafts)
    assert tuple(store.since(before.sequence)) == written
    assert [canonical(event.new) for event in written] == [canonical(value) for value in values]  # type: ignore[arg-type]
    assert [event.previous for event in written] == [before.hash, *(event.hash for event in written[:-1])]
    assert not store.verify()


def test_an_empty_log_has_the_first_hash(store: Log) -> None:
    assert (store.head().sequence, store.head().hash) == (0, GENESIS)
    assert (tuple(store.since(0)), store.assessments(), store.verify()) == ((), (), ())


def test_a_target_changed_meanwhile_is_a_conflict_that_shows_theirs(store: Log) -> None:
    (first,) = store.append([draft(new=5)])
    (second,) = store.append([draft(new=7, base=first.sequence, actor="李四", connection="c2")])
    with pytest.raises(Conflict) as refused:
        store.append([draft("other", 1), draft(new=6, base=first.sequence)])
    assert refused.value.theirs == (second,)
    assert store.head().sequence == second.sequence, "nothing of a refused batch is written"


def test_a_base_that_was_never_there_is_refused(store: Log) -> None:
    store.append([draft(new=5)])
    with pytest.raises(Conflict):
        store.append([draft(new=6, base=99)])


def test_writers_of_many_threads_lose_nothing(open_again: Opener) -> None:
    whole = open_again()

    def write(worker: int) -> None:
        own = open_again()
        for number in range(10):
            own.append([draft(f"{worker}-{number}", number)])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    events = list(whole.since(0))
    assert [event.sequence for event in events] == list(range(1, 81))
    assert len({event.target for event in events}) == 80
    assert not whole.verify()


def test_a_clock_that_went_back_stops_writing_and_small_steps_do_not(open_again: Opener) -> None:
    times = iter(dt.datetime(2026, 1, 1, 12, 0, second, tzinfo=dt.UTC) - dt.timedelta(minutes=back)
                 for second, back in ((30, 0), (10, 0), (10, 2)))  # fmt: skip
    log = open_again(now=lambda: next(times))
    log.append([draft("a")])
    (second,) = log.append([draft("b")])
    assert second.time == "2026-01-01T12:00:30.000000+00:00"
    with pytest.raises(Refused, match="REC-CLOCK"):
        log.append([draft("c")])
    assert log.head().sequence == 2


def test_a_clock_that_stood_in_the_future_is_accepted_as_an_event_and_work_goes_on(
    open_again: Opener,
) -> None:
    today = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    now = [today.replace(year=2036)]
    log = open_again(now=lambda: now[0])
    log.append([draft("a")])
    accepted = Draft("", CLOCK, target_of(CLOCK), None, True, "boss", "b", standard="0" * 64)
    for moment, drafts in ((now[0], [accepted]), (today, [draft("b")]), (today, [accepted, draft("b")])):
        now[0] = moment
        with pytest.raises(Refused, match="REC-CLOCK"):
            log.append(drafts)
    (event,) = log.append([accepted])
    assert (event.time, event.sequence) == ("2026-01-01T00:00:00.000000+00:00", 2)
    now[0] += dt.timedelta(seconds=1)
    log.append([draft("b")])
    assert not log.verify()
    with pytest.raises(Refused, match="REC-CLOCK"):
        log.append([replace(accepted, base=2)])


def test_others_writing_is_noticed_cheaply(open_again: Opener) -> None:
    mine, theirs = open_again(), open_again()
    before = mine.changes()
    theirs.append([draft("theirs")])
    assert mine.changes() != before


def test_a_blob_is_found_by_its_digest(store: Log) -> None:
    digest = store.put(bytes(range(256)) * 10)
    assert store.put(bytes(range(256)) * 10) == digest
    assert store.get(digest) == bytes(range(256)) * 10
    with pytest.raises(Refused, match="REC-BLOB"):
        store.get("0" * 64)


def test_what_an_append_refuses_leaves_no_trace(store: Log) -> None:
    with pytest.raises(ValueError, match="JSON"):
        store.append([draft("a", 1), draft("b", float("nan"))])
    assert store.head().sequence == 0


def test_targets_are_written_one_way() -> None:
    assert target_of("fact", ["省", 2025], None) == '["fact",["省",2025],null]'
