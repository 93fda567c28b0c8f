"""Nothing that was confirmed is lost, however a program or its server ends. `make soak` does it a thousand times."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .kills import kill_many
from .stores import STORES, Stores, stores
from .together import edited_together

KILLS = {"sqlite": 25, "postgresql": 12}
HARM_EVERY = 4


@pytest.fixture(scope="module", params=STORES)
def where(request: pytest.FixtureRequest) -> Iterator[Stores]:
    with stores(request.param) as given:
        yield given


def test_no_confirmed_edit_is_lost_or_doubled_over_kills_at_random_moments(where: Stores) -> None:
    kills = KILLS["postgresql" if where.server else "sqlite"]
    toll = kill_many(where, kills, seed=5, harm_every=HARM_EVERY)
    assert (toll.lost, toll.flaws) == ([], [])
    assert sum(toll.kills.values()) == kills
    assert toll.confirmed >= kills, "each had confirmed something when it was killed"
    assert not where.server or {"line cut", "process killed", "server crash"} <= set(toll.kills)


def test_many_inspectors_at_one_county_lose_no_update_and_meet_real_conflicts_only(where: Stores) -> None:
    meeting = edited_together(where.place("together"), people=5, seconds=2.0)
    assert (meeting.lost, meeting.flaws, meeting.unreal) == ([], [], [])
    assert meeting.confirmed > 5
