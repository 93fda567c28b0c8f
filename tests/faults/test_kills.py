"""Nothing that was confirmed is lost, however a program ends. `make soak` does it a thousand times."""

from __future__ import annotations

from pathlib import Path

from .kills import kill_many
from .together import edited_together

KILLS = 25


def test_no_confirmed_edit_is_lost_over_kills_at_random_moments(tmp_path: Path) -> None:
    toll = kill_many(tmp_path, KILLS, seed=5)
    assert (toll.lost, toll.flaws) == ([], [])
    assert sum(toll.kills.values()) == KILLS
    assert toll.confirmed >= KILLS, "each had confirmed something when it was killed"


def test_many_inspectors_at_one_county_lose_no_update_and_meet_real_conflicts_only(tmp_path: Path) -> None:
    meeting = edited_together(tmp_path, people=5, seconds=2.0)
    assert (meeting.lost, meeting.flaws, meeting.unreal) == ([], [], [])
    assert meeting.confirmed > 5
