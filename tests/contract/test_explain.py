"""`explain` derives one figure: formula with numbers, split, limit with its source, contributions."""

from __future__ import annotations

import pytest

from .builder import County, passing_county, school
from .runner import call, files


def explained(county: County, *cell: str) -> str:
    """The derivation as text, thousands separators taken out."""
    with files([county]) as arguments:
        made = call("--lang", "zh", "explain", *arguments, "--profile", "national-2017", *cell)
    assert made.code == 0, made.errors
    return made.output.replace(",", "").replace("\u2009", "")


def test_a_split_shows_the_whole_and_the_share_of_the_stage() -> None:
    rows = school(
        "N1", "nine_year", {"primary": 166, "junior": 210}, teaching_area=23226, indoor_sports_area=0
    )
    county = County(sections=rows)
    primary = explained(county, "--school", "N1", "--stage", "primary", "--indicator", "L4")
    junior = explained(county, "--school", "N1", "--stage", "junior", "--indicator", "L4")
    for told, share in ((primary, "9711.6"), (junior, "13514.3")):
        assert share in told
        assert "23226" in told
        assert "166" in told
        assert "210" in told


def test_an_indicator_shows_its_limit_where_it_stands_and_the_facts_behind_it() -> None:
    county = passing_county().set("P1", "primary", pe_teachers=2, art_teachers=3)
    told = explained(county, "--school", "P1", "--stage", "primary", "--indicator", "L3")
    assert "0.9" in told
    assert "national-2017" in told
    assert "第六条(三)" in told
    assert "600" in told


def test_a_missing_fact_is_named() -> None:
    county = passing_county().set("P1", "primary", backbone_teachers=None)
    told = explained(county, "--school", "P1", "--stage", "primary", "--indicator", "L2")
    assert "骨干教师" in told


def test_a_dispersion_shows_what_each_school_contributes() -> None:
    told = explained(passing_county(), "--county", "甲县", "--stage", "junior", "--dispersion", "L2")
    for name in ("J1", "J2", "N1", "C1", "W1"):
        assert name in told
    assert "0.45" in told


@pytest.mark.parametrize("item", ["G03", "G05", "G11", "Q1", "Q9", "S1", "P1"])
def test_an_item_shows_its_limit_and_status(item: str) -> None:
    assert item in explained(passing_county(), "--item", item)


def test_the_failing_school_of_an_item_is_named() -> None:
    county = passing_county().set("P2", "primary", largest_class=46, oversized_classes=1)
    told = explained(county, "--item", "G05")
    assert "P2" in told
    assert "46" in told
    assert "45" in told


@pytest.mark.parametrize(
    "cell",
    [
        ("--school", "none", "--stage", "primary", "--indicator", "L4"),
        ("--school", "P1", "--stage", "primary", "--indicator", "L9"),
        ("--item", "G99"),
        ("--county", "丙县", "--stage", "primary", "--dispersion", "L2"),
        ("--school", "S1", "--stage", "primary", "--indicator", "L4"),
    ],
)
def test_a_figure_that_does_not_exist_is_said_so(cell: tuple[str, ...]) -> None:
    with files([passing_county()]) as arguments:
        made = call("explain", *arguments, "--profile", "national-2017", *cell)
    assert made.code in (0, 2, 3)
    assert made.errors or "特殊教育" in made.output
    assert "Traceback" not in made.errors
