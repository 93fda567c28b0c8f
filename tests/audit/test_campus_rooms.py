"""A list of rooms that knows only one site of a school settles nothing of the merged school."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.builder import (
    County,
    passing_county,
    school,
    write_facts,
    write_judgements,
    write_sections,
)
from tests.contract.runner import call


def two_sites() -> County:
    """A parent and its campus, together 23 classes: two rooms of each kind are needed."""
    county = passing_county()
    county.set("P1", music_rooms=1, art_rooms=1)
    county.set("P1", "primary", classes=18)
    return county.add(
        school("P1b", "primary_school", {"primary": 200}, campus_of="P1", music_rooms=1, art_rooms=1)
    )


@pytest.mark.parametrize(
    ("listed", "word"),
    [
        ((), "pass"),
        (("P1",), "pass"),
        (("P1b",), "pass"),
        (("P1", "P1b"), "pass"),
        (("P1", "P1b small"), "fail"),
        (("P1 small",), "fail"),
    ],
)
def test_rooms_of_every_site_count(tmp_path: Path, listed: tuple[str, ...], word: str) -> None:
    county = two_sites()
    rows = ["province,city,county,year,school_id,kind,area"]
    for site in listed:
        name, _, small = site.partition(" ")
        rows.append(f"某省,某市,甲县,{county.year},{name},music,{60 if small else 100}")
    sources = [write_sections(tmp_path / "sections.csv", [county])]
    if listed:
        (tmp_path / "rooms.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        sources.append(tmp_path / "rooms.csv")
    facts = write_facts(tmp_path / "facts.csv", [county])
    judgements = write_judgements(tmp_path / "judgements.csv", [county])
    made = call("evaluate", *sources, "--county-facts", facts, "--judgements", judgements, "--format", "json")
    assert made.code == 0, made.errors
    assert [row["status"] for row in made.json["requirements"] if row["id"] == "G03"] == [word]
