"""Lines that drop while somebody edits: nothing that was called saved is lost. `make soak` drops two hundred."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.drops import drop_many, with_people

from .dropping import KINDS
from .server import Server

DROPS = 10


@pytest.fixture(scope="module")
def people() -> Iterator[Server]:
    with with_people() as one:
        yield one


def test_nothing_called_saved_is_lost_when_lines_drop_at_random_moments(people: Server) -> None:
    toll = drop_many(people, DROPS, seed=3)
    assert (toll.lost, toll.flaws) == ([], [])
    assert toll.drops.total() == DROPS
    assert set(toll.drops) == set(KINDS)
    assert toll.confirmed >= DROPS // 2
    assert toll.typed == toll.offered != set()
