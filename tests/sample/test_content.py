"""What the sample contains: every kind of school, and figures that agree with one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pytest

from balance_tui.data.dictionary import LOCATIONS, OWNERS, SCHOOL_TYPES, STAGES_OF_TYPE, dictionary
from balance_tui.sample.build import build
from balance_tui.sample.model import CountyYear, Facts, School

FAULTY_SECTIONS = {("示例丙旗", 2024, "示例丙旗额尔敦九年一贯制学校", "primary")}
FAULTY_SCHOOLS = {("示例丁市", 2024, "示例丁市滩头九年一贯制学校")}
"""The errors of form that the sample holds on purpose."""


def schools_of(counties: Iterable[CountyYear]) -> Iterator[School]:
    for county in counties:
        yield from county.schools


def rows_of(counties: Iterable[CountyYear]) -> Iterator[Facts]:
    for school in schools_of(counties):
        yield from school.rows()


def number(row: Facts, code: str) -> float:
    value = row[code]
    assert isinstance(value, (int, float)), (code, value)
    return value


def test_four_counties_over_two_years_with_about_sixty_schools_each(counties: tuple[CountyYear, ...]) -> None:
    assert len({county.plan.name for county in counties}) == 4
    assert len(counties) == 8
    for county in counties:
        counted = [school for school in county.schools if not school.facts["campus_of"]]
        assert 55 <= len(counted) <= 65


def test_every_kind_of_school_and_location_and_private_owners_occur(counties: tuple[CountyYear, ...]) -> None:
    found = list(schools_of(counties))
    assert {school.facts["school_type"] for school in found} == set(SCHOOL_TYPES)
    assert {school.facts["location"] for school in found} == set(LOCATIONS)
    owners = {str(school.facts["owner"]) for school in found}
    assert "10" in owners
    assert owners <= set(OWNERS)
    points = [row for row in rows_of(counties) if row["school_type"] == "teaching_point"]
    assert {number(row, "students") >= 50 for row in points} == {True, False}


def test_every_campus_has_its_parent_in_the_same_county_and_year(counties: tuple[CountyYear, ...]) -> None:
    campuses = 0
    for county in counties:
        codes = {school.facts["school_id"] for school in county.schools}
        assert len(codes) == len(county.schools)
        parents = {school.facts["campus_of"] for school in county.schools} - {None}
        assert parents <= codes
        campuses += len(parents)
    assert campuses > 0


def test_every_name_says_that_it_is_made_up(counties: tuple[CountyYear, ...]) -> None:
    for school in schools_of(counties):
        for code in ("province", "city", "county", "school"):
            assert str(school.facts[code]).startswith("示例")
    assert any("𠮷" in str(school.facts["school"]) for school in schools_of(counties))


def test_a_school_has_the_stage_rows_of_its_type(counties: tuple[CountyYear, ...]) -> None:
    for school in schools_of(counties):
        stages = STAGES_OF_TYPE.get(str(school.facts["school_type"]))
        assert stages is None or tuple(school.sections) == stages


def test_only_fields_of_the_dictionary_are_used(counties: tuple[CountyYear, ...]) -> None:
    known = set(dictionary())
    assert all(set(row) <= known for row in rows_of(counties))
    assert all(set(county.facts) <= known for county in counties)


PARTS: dict[str, Callable[[Facts], bool]] = {
    "degrees": lambda row: sum(
        number(row, f"teachers_{degree}") for degree in ("doctor", "master", "bachelor", "associate")
    ) <= number(row, "teachers"),
    "backbone": lambda row: number(row, "backbone_teachers") <= number(row, "teachers"),
    "arts": lambda row: number(row, "pe_teachers") + number(row, "art_teachers") <= number(row, "teachers"),
    "certified": lambda row: number(row, "certified_teachers") <= number(row, "teachers"),
    "trained": lambda row: number(row, "trained_teachers") <= number(row, "teachers"),
    "staff": lambda row: number(row, "teachers") <= number(row, "staff"),
    "titles": lambda row: number(row, "mid_title_teachers") <= number(row, "staff"),
    "classes": lambda row: row["largest_class"] is None
    or number(row, "largest_class") * number(row, "classes") >= number(row, "students"),
    "grades": lambda row: number(row, "classes") >= number(row, "grades"),
    "migrants": lambda row: row["stage"] == "senior" or number(row, "migrant_children") >= 0,
}  # fmt: skip


@pytest.mark.parametrize("seed", [2025, 1, 77])
@pytest.mark.parametrize("rule", PARTS)
def test_parts_never_exceed_their_whole_but_for_the_error_on_purpose(rule: str, seed: int) -> None:
    broken = {
        (row["county"], row["year"], row["school"], row["stage"])
        for row in rows_of(build(seed))
        if not PARTS[rule](row)
    }
    assert broken == (FAULTY_SECTIONS if rule == "degrees" else set())


@pytest.mark.parametrize("seed", [2025, 1, 77])
def test_indoor_sports_rooms_lie_within_the_teaching_area_but_for_the_error_on_purpose(seed: int) -> None:
    broken = {
        (school.facts["county"], school.facts["year"], school.facts["school"])
        for school in schools_of(build(seed))
        if number(school.facts, "indoor_sports_area") > number(school.facts, "teaching_area")
    }
    assert broken == FAULTY_SCHOOLS


def test_the_classes_listed_make_up_the_section(counties: tuple[CountyYear, ...]) -> None:
    for county in counties:
        if county.plan.classes:
            for school in county.schools:
                for stage, section in school.sections.items():
                    sizes = school.class_sizes[stage]
                    assert sum(sizes) == section["students"]
                    assert len(sizes) == section["classes"]
                    assert max(sizes) == section["largest_class"]


def test_the_room_list_agrees_with_its_summary(counties: tuple[CountyYear, ...]) -> None:
    for school in schools_of(counties):
        for kind, areas in school.rooms.items():
            assert school.facts[f"{kind}_rooms"] == len(areas)
            assert school.facts[f"smallest_{kind}_room"] == min(areas, default=None)


def test_students_in_special_education_are_those_of_its_schools(counties: tuple[CountyYear, ...]) -> None:
    for county in counties:
        special = [row for row in rows_of([county]) if row["school_type"] == "special"]
        assert county.facts["special_students"] == sum(number(row, "students") for row in special)
