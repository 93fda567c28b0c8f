"""A state that one thread reads while another appends is the workspace after some event, whole, and stays as it is."""

from __future__ import annotations

import copy
import sys
import threading
from collections.abc import Iterator
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balance_tui.errors import Refused
from balance_tui.records.desk import Desk
from balance_tui.records.event import Event
from balance_tui.records.roles import Area
from balance_tui.records.state import State, rebuilt

from .desks import COUNTY, FINDING, G01, LEVELS, STUDENTS, workspace

OTHER = STUDENTS._replace(field="teachers")
EVERYTHING = {"wang": ("inspector", COUNTY), "ann": ("admin", Area())}

ACT = st.sampled_from(
    ("correct", "both", "restore", "judge", "accept", "set", "as of", "submit", "user", "grant", "key")
)


def act(desks: dict[str, Desk], name: str, number: int) -> tuple[Event, ...] | Event:
    """Something a person does; refused now and then."""
    wang, ann = desks["wang"], desks["ann"]
    acts = {
        "correct": lambda: wang.correct("a", [(STUDENTS, str(number))]),
        "both": lambda: wang.correct("a", [(STUDENTS, str(number)), (OTHER, str(number))]),
        "restore": lambda: wang.restore("a", [STUDENTS]),
        "judge": lambda: wang.judge("a", G01, {"answer": "yes", "remark": str(number)}),
        "accept": lambda: wang.acknowledge("a", FINDING, str(number)),
        "set": lambda: wang.set("a", "x", str(number)),
        "as of": lambda: wang.judge_as_of("a", f"20{number % 90 + 10}-01-01"),
        "submit": lambda: wang.submit("a", LEVELS),
        "user": lambda: ann.add_user(f"u{number}"),
        "grant": lambda: ann.grant("wang", "viewer", Area(COUNTY.province)),
        "key": lambda: ann.put_key("wang", "home", str(number)),
    }
    done: tuple[Event, ...] | Event = acts[name]()
    return done


@settings(max_examples=15, deadline=None)
@given(names=st.lists(ACT, min_size=1, max_size=12))
def test_a_state_once_read_never_changes_and_every_state_is_what_its_events_give(names: list[str]) -> None:
    with workspace(**EVERYTHING) as desks:  # type: ignore[arg-type]
        seen: list[tuple[State, State]] = []
        for number, name in enumerate(names):
            for desk in desks.values():
                seen.append((desk.state, copy.deepcopy(desk.state)))
            try:
                act(desks, name, number)
            except Refused:
                continue
            for desk in desks.values():
                desk.refresh()
        for state, as_it_was in seen:
            assert state == as_it_was
        events = list(desks["boss"].log.since(0))
        for desk in desks.values():
            assert desk.state == rebuilt(events)


@pytest.fixture
def restless() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("restless")
def test_reads_during_appends_see_no_half_of_an_act_and_never_fail() -> None:
    with workspace(**EVERYTHING) as desks:  # type: ignore[arg-type]
        wang, over, failed = desks["wang"], threading.Event(), []

        def read() -> None:
            last = 0
            try:
                while not over.is_set():
                    state = wang.state
                    one = state.assessments["a"]
                    assert state.head.sequence >= last
                    last = state.head.sequence
                    assert one.facts.get(STUDENTS) == one.facts.get(OTHER), "both were corrected in one act"
                    assert one.events[-1].sequence == max(one.last.values()) <= last
                    assert {event.target for event in one.events} == one.last.keys()
                    assert len(list(one.facts.items())) in (0, 2)
                    assert wang.may("fact", COUNTY)
            except BaseException as error:  # noqa: BLE001 - told by the test itself
                failed.append(error)

        readers = [threading.Thread(target=read) for _ in range(3)]
        for each in readers:
            each.start()
        for number in range(30):
            wang.correct("a", [(STUDENTS, str(number)), (OTHER, str(number))])
            desks["ann"].add_user(f"u{number}")
            wang.refresh()
        over.set()
        for each in readers:
            each.join()
        assert not failed, failed
        assert asdict(wang.state) == asdict(rebuilt(wang.log.since(0)))
