"""`profile show` prints each item on lines of its own, with the line of the file it really stands on."""

from __future__ import annotations

import re

import pytest

from balance_tui.resources import profiles_dir
from tests.contract.runner import call


@pytest.mark.parametrize("profile", ["national-2012", "national-2017", "pioneer-2021"])
def test_every_place_points_at_the_table_of_its_item(profile: str) -> None:
    shown = call("--lang", "en", "profile", "show", profile).output
    assert "\\n" not in shown
    lines = (profiles_dir() / f"{profile}.toml").read_text(encoding="utf-8").splitlines()
    places = [int(line) for line in re.findall(rf"{profile}\.toml:(\d+)", shown)]
    assert len(places) == len(set(places))
    assert all(lines[place - 1].startswith("[") for place in places)


def test_the_scope_and_the_school_rule_are_found_where_they_stand() -> None:
    shown = call("--lang", "en", "profile", "show", "national-2017").output
    text = (profiles_dir() / "national-2017.toml").read_text(encoding="utf-8").splitlines()
    for table in ("[[scope]]", "[school_rule]", "[dispersion]"):
        assert f"national-2017.toml:{text.index(table) + 1}" in shown
