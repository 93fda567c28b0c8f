"""Every setting of every shipped standard changes a result: none is read and then forgotten."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from balance_tui.resources import profiles_dir
from tests.contract.builder import COLUMNS, YEAR, County, passing_county, school
from tests.contract.runner import run

EXTRA = (*COLUMNS, "kindergarten_students")
Change = Callable[[County], object]


@dataclass(frozen=True)
class Effect:
    """What is changed in a passing county so that the two values of the setting part ways."""

    setting: str
    first: object
    second: object
    change: Change = field(default=lambda _: None)
    also: Mapping[str, object] = field(default_factory=dict)
    as_of: str | None = None


def campus(county: County) -> object:
    return county.add(school("P1b", "primary_school", {"primary": 200}, campus_of="P1"))


def kindergarten(county: County) -> object:
    return county.set("N1", kindergarten_students=100)


def small_village(county: County) -> object:
    return county.add(school("P9", "primary_school", {"primary": 40}, location="rural"))


def few_arts(location: str) -> Change:
    def change(county: County) -> object:
        county.add(school("T9", "teaching_point", {"primary": 80}, location=location))
        return county.set("T9", "primary", pe_teachers=0, art_teachers=0, visiting_pe_art_teachers=2)

    return change


def small_rooms(county: County) -> object:
    return county.set("P1", built_year=2015, smallest_music_room=75, smallest_art_room=70)


def dense_city(county: County) -> object:
    return county.set(
        "P2", location="urban", dense_city_centre=True, extra_sports_area=3000,
        sports_ground_area=300, indoor_sports_area=100,
    )  # fmt: skip


def crowded(kind: str, size: int) -> Change:
    def change(county: County) -> object:
        students = {"primary": size} if kind == "primary_school" else {"primary": size - 900, "junior": 900}
        senior = {"senior": 100} if kind == "twelve_year" else {}
        return county.add(school("B9", kind, students | senior, built_year=2008))

    return change


def eighteen_classes(county: County) -> object:
    county.set("P1", music_rooms=1, art_rooms=1)
    return county.set("P1", "primary", classes=18)


def music_for_art(county: County) -> object:
    return county.set("P1", music_rooms=4, art_rooms=0)


def poor_town_school(county: County) -> object:
    return county.add(school("T8", "teaching_point", {"primary": 60}, location="town", public_funds=100))


def crowded_secondary(county: County) -> object:
    return county.add(school("B8", "complete_secondary", {"junior": 2100, "senior": 300}))


def untrained_special(county: County) -> object:
    return county.set("S1", "primary", trained_teachers=0, certified_teachers=0)


def no_charter(school_id: str) -> Change:
    return lambda county: county.set(school_id, has_charter=False)


def campus_without_charter(county: County) -> object:
    campus(county)
    return county.set("P1b", has_charter=False)


def many_heads(county: County) -> object:
    return county.set("P1", "primary", backbone_teachers=70)


def last_year(county: County) -> object:
    """A sixth more students than in the year before."""
    return county.set("P1", "primary", students=700)


def one_owner(owner: str) -> Change:
    return lambda county: county.set("P2", owner=owner)


EFFECTS = {
    "national-2017": [
        Effect("campus_mode", "merge", "separate", campus),
        Effect("kindergarten_weight", None, 0.9, kindergarten),
        Effect("small_village_in_scope", True, False, small_village),
        Effect("rural_includes_town", False, True, few_arts("town")),
        Effect("relief_T1", True, False, few_arts("rural")),
        Effect("relief_T2", True, False, dense_city),
        Effect("relief_T3", True, False, small_rooms),
        Effect("relief_T4", True, False, crowded("primary_school", 2200)),
        Effect("reliefs_from", "2019-10-01", "2025-01-01", small_rooms, as_of="2024-06-01"),
        Effect("reliefs_until", None, "2022-10-01", small_rooms),
        Effect(
            "relief_T4_twelve_year", False, True, crowded("twelve_year", 2700),
            {"relief_T4_twelve_year_limit": 3000},
        ),
        Effect(
            "relief_T4_twelve_year_limit", 2600, 3000, crowded("twelve_year", 2700),
            {"relief_T4_twelve_year": True},
        ),
        Effect("rooms_rounding", "ceil", "floor", eighteen_classes),
        Effect("rooms_together", False, True, music_for_art),
        Effect("small_schools_rural_only", False, True, poor_town_school),
        Effect("special_funds_limit", 6000, 12000, lambda county: county.know(special_funds=60)),
        Effect(
            "consolidation_formula", "stayed", "adjusted",
            lambda county: county.know(transferred_in=90, transferred_out=80),
        ),
        Effect(
            "recognition_basis", "questionnaire", "both",
            lambda county: county.know(visited=100, visited_satisfied=50),
        ),
        Effect(
            "zero_population", "unknown", "not_applicable",
            lambda county: county.know(
                migrant_eligible=0, migrant_public=0, migrant_purchased=0, disabled_children=0, disabled_enrolled=0
            ),
        ),
        Effect("recognition_date", None, "2026-03-14", small_rooms),
        Effect("size_of_complete_secondary", True, False, crowded_secondary),
        Effect("teachers_outside_scope", True, False, untrained_special),
        Effect("quality_asks_teaching_points", False, True, no_charter("T1")),
        Effect(
            "quality_asks_campuses", False, True, campus_without_charter, {"campus_mode": "separate"},
        ),
        Effect("backbone_may_include_heads", False, True, many_heads),
        Effect("change_percent", 30, 10, last_year),
    ],
    "national-2012": [
        Effect("campus_mode", "merge", "separate", campus),
        Effect("kindergarten_weight", None, 0.9, kindergarten),
        Effect("indoor_sports_2012", "sports", "teaching", lambda county: county.set("P1", indoor_sports_area=90)),
        Effect("exclude_teaching_points", True, False),
        Effect("exclude_special", True, False),
        Effect(
            "exclude_vocational", True, False,
            lambda county: county.add(school("V9", "vocational", {"junior": 90})),
        ),
        Effect("exclude_private", True, False, one_owner("10")),
        Effect("exclude_provincial_city", True, False, one_owner("5")),
        Effect("exclude_enterprise", True, False, one_owner("9")),
        Effect("exclude_central", True, False, one_owner("2")),
        Effect("satisfaction_decides", True, False, lambda county: county.know(satisfaction_rate=50)),
        Effect("backbone_may_include_heads", False, True, many_heads),
        Effect("change_percent", 30, 10, last_year),
    ],
}  # fmt: skip


def answer(profile: str, effect: Effect, value: object) -> dict[str, Any]:
    """Everything a result says, apart from the echo of the settings."""
    county = passing_county()
    effect.change(county)
    given = {**effect.also, effect.setting: value}
    settings = {
        name: str(each).lower() if isinstance(each, bool) else each
        for name, each in given.items()
        if each is not None
    }
    before = passing_county(year=YEAR - 1)
    result = run(before, county, profile=profile, settings=settings, as_of=effect.as_of, columns=EXTRA)
    return {name: part for name, part in result.json.items() if name not in ("profile", "data")}


@pytest.mark.parametrize(
    ("profile", "effect"),
    [(profile, effect) for profile, effects in EFFECTS.items() for effect in effects],
    ids=lambda value: value.setting if isinstance(value, Effect) else value,
)
def test_the_setting_changes_the_result(profile: str, effect: Effect) -> None:
    assert answer(profile, effect, effect.first) != answer(profile, effect, effect.second)


@pytest.mark.parametrize("path", sorted(profiles_dir().glob("*.toml")), ids=lambda path: path.stem)
def test_every_setting_has_such_a_case(path: Path) -> None:
    declared = {
        setting["id"] for setting in tomllib.loads(path.read_text(encoding="utf-8")).get("setting", ())
    }
    assert {effect.setting for effect in EFFECTS.get(path.stem, ())} == declared
