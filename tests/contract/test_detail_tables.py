"""Room and class lists settle what the summary fields leave open (national.md 6.2)."""

from __future__ import annotations

from pathlib import Path

import pytest

from .builder import KEYS, County, passing_county, write_facts, write_judgements, write_sections, write_table
from .runner import Result, call

ROOMS = (*KEYS, "school_id", "kind", "area")
CLASSES = (*KEYS, "school_id", "stage", "grade", "class", "students")


def judged(folder: Path, county: County, *tables: Path) -> Result:
    sections = write_sections(folder / "sections.csv", [county])
    facts, judgements = folder / "f.csv", folder / "j.csv"
    write_facts(facts, [county])
    write_judgements(judgements, [county])
    made = call(
        "evaluate", sections, *tables, "--county-facts", facts, "--judgements", judgements, "--format", "json"
    )
    assert made.code == 0, made.errors
    return Result(made.json)


def rooms(folder: Path, county: County, music: tuple[int, ...], art: tuple[int, ...]) -> Path:
    rows = [
        {**county.key, "school_id": "P1", "kind": kind, "area": area}
        for kind, areas in (("music", music), ("art", art))
        for area in areas
    ]
    return write_table(folder / "rooms.csv", ROOMS, rows)


def open_county() -> County:
    """P1 needs two music rooms and has three, of which one at least is too small."""
    return passing_county().set("P1", music_rooms=3, smallest_music_room=80)


def test_more_rooms_than_needed_with_a_small_one_are_unknown_without_the_list(tmp_path: Path) -> None:
    assert judged(tmp_path, open_county()).item("G03") == "unknown"


@pytest.mark.parametrize(("music", "expected"), [((96, 100, 80), "pass"), ((96, 80, 80), "fail")])
def test_the_room_list_settles_what_the_smallest_room_leaves_open(
    tmp_path: Path, music: tuple[int, ...], expected: str
) -> None:
    county = open_county()
    assert judged(tmp_path, county, rooms(tmp_path, county, music, (90, 90))).item("G03") == expected


def test_the_room_list_does_not_let_music_rooms_make_up_for_art(tmp_path: Path) -> None:
    county = open_county()
    assert judged(tmp_path, county, rooms(tmp_path, county, (100, 100, 100), (90,))).item("G03") == "fail"


@pytest.mark.parametrize(("largest", "expected"), [(45, "pass"), (46, "fail")])
def test_the_class_list_gives_the_largest_class(tmp_path: Path, largest: int, expected: str) -> None:
    county = passing_county().set("T1", "primary", largest_class=None, oversized_classes=None, classes=2)
    rows = [
        {
            **county.key,
            "school_id": "T1",
            "stage": "primary",
            "grade": "1",
            "class": str(index),
            "students": size,
        }
        for index, size in enumerate((largest, 60 - largest))
    ]
    result = judged(tmp_path, county, write_table(tmp_path / "class_list.csv", CLASSES, rows))
    assert result.item("G05") == expected


def test_a_list_with_a_row_of_an_unknown_school_decides_nothing(tmp_path: Path) -> None:
    """A mistyped school must not make another school look one room short."""
    county = passing_county()
    rows = [
        {**county.key, "school_id": school, "kind": kind, "area": 120}
        for school, kind in (("P1", "music"), ("P1x", "music"), ("P1", "art"), ("P1", "art"))
    ]
    result = judged(tmp_path, county, write_table(tmp_path / "rooms.csv", ROOMS, rows))
    assert result.item("G03") == "pass"
    assert {"JOIN-SCHOOL", "JOIN-LIST"} <= {row["code"] for row in result.rows("checks")}
