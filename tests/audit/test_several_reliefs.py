"""A relief that surely applies is used, whatever is not known about another or about the scope."""

from __future__ import annotations

import pytest

from tests.contract.builder import County, passing_county, school
from tests.contract.runner import run


def small_rooms(**facts: object) -> County:
    """A rural teaching point whose rooms are large enough under T3b alone."""
    county = passing_county()
    rows = school("T9", "teaching_point", {"primary": 56}, location="rural")
    for row in rows:
        row.update({"smallest_music_room": 55, "smallest_art_room": 55, "largest_class": 28, **facts})  # type: ignore[dict-item]
    return county.add(rows)


@pytest.mark.parametrize("built", [None, 2010, 2020])
def test_one_relief_serves_whether_or_not_the_condition_of_another_is_known(built: int | None) -> None:
    result = run(small_rooms(built_year=built))
    assert result.item("G03") == "relieved"
    assert [row["relief"] for row in result.json["reliefs"]] == ["T3b"]


def test_a_school_relieved_is_met_whether_or_not_it_is_in_scope() -> None:
    assert run(small_rooms(students=None)).item("G03") == "relieved"


def test_without_a_relief_that_surely_applies_the_item_is_open() -> None:
    assert (
        run(
            small_rooms(built_year=None, smallest_music_room=75, smallest_art_room=70, largest_class=35)
        ).item("G03")
        == "unknown"
    )
