"""The expected verdicts, worked out by the tests' own exact arithmetic (tests/oracle)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from math import ceil

import pytest

from balance_tui import sample
from balance_tui.sample.build import build
from balance_tui.sample.items import SUBJECTS
from balance_tui.sample.model import CountyYear, Facts, School, Value
from tests.oracle import national2012, national2017
from tests.oracle.words import Fact, Row

FAULTY = {
    ("示例丁市", 2024, "示例丁市滩头九年一贯制学校"): ("indoor_sports_area", "teaching_area"),
}
"""Facts that an error of form makes unknown, where they decide a verdict."""


def exact(code: str, value: Value) -> Fact:
    if value is None or isinstance(value, bool):
        return value
    return str(value) if isinstance(value, str) or code == "owner" else Fraction(format(value, ".12g"))


def exact_row(facts: Facts) -> Row:
    return {code: exact(code, value) for code, value in facts.items()}


def largest_rooms(school: School) -> Row:
    """The summary of as many rooms of each kind, the largest, as the classes need: what a room list tells."""
    classes = sum(len(sizes) for stage, sizes in school.class_sizes.items() if stage != "senior")
    need = ceil(classes / 12)
    kept = {kind: sorted(areas)[-need:] if need else [] for kind, areas in school.rooms.items()}
    return {
        **{f"{kind}_rooms": Fraction(len(areas)) for kind, areas in kept.items()},
        **{f"smallest_{kind}_room": Fraction(areas[0]) for kind, areas in kept.items() if areas},
    }


def sections(county: CountyYear) -> Iterator[Row]:
    for school in county.schools:
        faulty = FAULTY.get((county.plan.name, county.year, str(school.facts["school"])), ())
        listed = largest_rooms(school) if county.plan.rooms else {}
        for row in school.rows():
            yield {"teachers_above_degree": None} | exact_row(row) | listed | dict.fromkeys(faulty)


def facts(county: CountyYear) -> Row:
    """The county's facts; a subject declared as not monitored is given figures that pass."""
    unmonitored = {
        subject
        for row in county.judgements
        for item, subject in SUBJECTS.items()
        if row["item"] == item and row["answer"] == "na"
    }
    assumed: Row = {f"monitoring_level_{subject}": 3 for subject in unmonitored}
    assumed |= {f"monitoring_gap_{subject}": 0 for subject in unmonitored}
    return exact_row(county.facts) | assumed


def judged(county: CountyYear, campus_mode: str = "merge") -> national2017.Outcome:
    answers = [
        {code: None if value is None else str(value) for code, value in row.items()}
        for row in county.judgements
    ]
    settings = national2017.Settings(campus_mode=campus_mode, as_of=date(county.year, 12, 31))
    return national2017.judge(list(sections(county)), facts(county), answers, settings)


@pytest.mark.parametrize("campus_mode", ["merge", "separate"])
@pytest.mark.parametrize("seed", [2025, 3])
def test_national_2017_gives_the_verdict_expected_in_both_ways_of_treating_campuses(
    seed: int, campus_mode: str
) -> None:
    found = {(each.plan.name, each.year): judged(each, campus_mode).verdict for each in build(seed)}
    assert found == sample.counties()


def test_the_first_county_passes_on_its_own_in_the_second_year(counties: tuple[CountyYear, ...]) -> None:
    outcome = judged(counties[1])
    assert set(outcome.parts.values()) == {"pass"}
    assert {figure.relief for figure in outcome.indicators.values()} == {None}


def test_the_reliefs_of_the_indicators_are_used(counties: tuple[CountyYear, ...]) -> None:
    used = {figure.relief for county in counties for figure in judged(county).indicators.values()}
    assert used == {None, "T1", "T2"}


def test_the_failing_county_fails_in_every_part_and_then_in_two(counties: tuple[CountyYear, ...]) -> None:
    first, second = (judged(county) for county in counties if county.plan.name == "示例丙旗")
    assert {part for part, status in first.parts.items() if status == "fail"} == {
        "resources", "guarantee", "quality", "recognition", "vetoes",
    }  # fmt: skip
    assert {part for part, status in second.parts.items() if status == "fail"} == {"resources", "guarantee"}
    failing = {key for key, each in second.dispersion.items() if each.status == "fail"}
    assert failing == {("primary", "L6")}


def test_nothing_fails_where_the_verdict_is_unknown(counties: tuple[CountyYear, ...]) -> None:
    for county in counties:
        if county.plan.name == "示例丁市":
            outcome = judged(county)
            assert "fail" not in outcome.parts.values()
            assert "unknown" in outcome.parts.values()


def test_every_coefficient_outside_the_failing_county_leaves_room(counties: tuple[CountyYear, ...]) -> None:
    for county in counties:
        if county.plan.name != "示例丙旗":
            squares = [each.cv_squared for each in judged(county).dispersion.values()]
            assert all(square is None or square < Fraction(16, 100) for square in squares)


def test_basic_balance_finds_the_resources_of_every_complete_county_balanced(
    counties: tuple[CountyYear, ...],
) -> None:
    for county in counties:
        for stage in ("primary", "junior"):
            rows = list(sections(county))
            for row in rows:
                row["teachers_above_degree"] = national2017.above_degree(row)
            composite = national2012.composite(national2012.dispersion(rows, stage))
            incomplete = (county.plan.name, county.year) == ("示例丁市", 2024)
            assert national2012.status(composite, stage) == ("unknown" if incomplete else "pass")
