"""Every limit of national-2017: just below, exactly on, just above, decided as exact fractions decide it.

The limits are typed here from national.md 2, 6, 7 and 8, not read from the program.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest

from .builder import SUBJECTS, County, passing_county, school
from .cases import (
    Case,
    Cases,
    amounts,
    county_case,
    further_case,
    indicator,
    item,
    one_section,
    pair,
    relief,
    school_case,
    spread,
)  # fmt: skip
from .runner import run

F = Fraction
INDICATORS = ("L1", "L2", "L3", "L4", "L5", "L6", "L7")
STANDARDS = {
    "primary": ("4.2", "1", "0.9", "4.5", "7.5", "2000", "2.3"),
    "junior": ("5.3", "1", "0.9", "5.8", "10.2", "2500", "2.4"),
}
FLOORS = {
    "primary": ("3.57", "0.85", "0.765", "3.825", "6.375", "1700", "1.955"),
    "junior": ("4.505", "0.85", "0.765", "4.93", "8.67", "2125", "2.04"),
}
CV_LIMITS = {"primary": F("0.50"), "junior": F("0.45")}
LARGE = 100_000
"""So many students that one teacher more or less is a step of a thousandth per hundred."""
NEARER = F(1, 10**10)
"""A difference below the 1e-9 within which DESIGN 4 asks for an exact decision."""


def limit_cases(kind: str, limits: dict[str, tuple[str, ...]], words: tuple[str, str]) -> Iterator[Case]:
    below, above = words
    for stage, values in limits.items():
        for code, text in zip(INDICATORS, values, strict=True):
            limit, look = F(text), indicator("A1", stage, code)
            steps = [("on", F(0), above), ("below", -F(1, 1000), below), ("above", F(1, 1000), above)]
            if code in ("L4", "L5", "L6"):
                steps += [("a hair below", -NEARER, below), ("a hair above", NEARER, above)]
            for step, difference, expected in steps:
                county = one_section(stage, LARGE, (code, limit + difference))
                yield Case(f"{kind} {stage} {code} {step}", county, look, expected)


def everyday_cases() -> Iterator[Case]:
    """Sizes at which Float64 misses the limit: 9 of 1000 are 0.8999999999999999 per hundred."""
    for stage, values in STANDARDS.items():
        for code, text in zip(INDICATORS, values, strict=True):
            for students in (1000, 3000, 7000):
                county = one_section(stage, students, (code, F(text)))
                yield Case(f"on {stage} {code} of {students}", county, indicator("A1", stage, code), "pass")
        for code, text in zip(INDICATORS, FLOORS[stage], strict=True):
            for students in (20_000, 60_000):
                county = one_section(stage, students, (code, F(text)))
                yield Case(
                    f"floor {stage} {code} of {students}", county, indicator("A1", stage, code), "floor"
                )


def cv_cases() -> Iterator[Case]:
    """Two schools of one size at m(1 - c) and m(1 + c) have a CV of exactly c."""
    for stage, limit in CV_LIMITS.items():
        for code in INDICATORS:
            middle, look = F(4000 if code == "L6" else 4), spread(stage, code)
            steps = [("on", F(0), "pass"), ("below", -F(1, 1000), "pass"), ("above", F(1, 1000), "fail")]
            if code in ("L4", "L5", "L6"):
                steps += [("a hair below", -NEARER, "pass"), ("a hair above", NEARER, "fail")]
            for step, difference, expected in steps:
                c = limit + difference
                county = pair(stage, code, middle * (1 - c), middle * (1 + c), (LARGE, LARGE))
                yield Case(f"cv {stage} {code} {step}", county, look, expected)
            unequal = pair(
                stage, code, middle * (1 + c_far(limit)), middle * (1 - limit / 2), (20_000, 80_000)
            )
            yield Case(f"cv {stage} {code} on, one to four", unequal, look, "pass")


def c_far(limit: Fraction) -> Fraction:
    """With weights 1/5 and 4/5, values at +2c and -c/2 about the mean have a CV of exactly c."""
    return limit * 2


def split_cases() -> Iterator[Case]:
    """Combined schools whose junior or primary share lies exactly on a limit."""
    whole = [
        ("nine_year", {"primary": 1100, "junior": 1000}, F(2200)),
        ("complete_secondary", {"junior": 600, "senior": 500}, F(1320)),
        ("twelve_year", {"primary": 110, "junior": 100, "senior": 100}, F(352)),
    ]
    for kind, students, weighted in whole:
        for code, text in zip(INDICATORS[3:], STANDARDS["junior"][3:], strict=True):
            for step, difference, expected in (("on", F(0), "pass"), ("below", -F(1, 10**9), "floor")):
                value = (F(text) + difference) * weighted / F("1.1")
                if code == "L7" and (value / 100).denominator != 1:
                    continue
                rows = school("A1", kind, dict(students), **amounts(code, value, 1))
                yield Case(
                    f"split {kind} {code} {step}",
                    County(sections=rows),
                    indicator("A1", "junior", code),
                    expected,
                )


RESOURCES = Cases("national-2017", [
    *limit_cases("standard", STANDARDS, ("floor", "pass")),
    *limit_cases("floor", FLOORS, ("fail", "floor")),
    *everyday_cases(),
    *cv_cases(),
    *split_cases(),
])  # fmt: skip


@pytest.mark.parametrize("name", RESOURCES.names)
def test_resource_limit(name: str) -> None:
    RESOURCES.check(name)


def around(
    name: str, code: str, fact: str, limit: str, step: str, words: str = "fpp", **further: object
) -> Iterator[Case]:
    """A county fact just below, on and above its limit; `words` are f(ail) or p(ass)."""
    results = {"f": "fail", "p": "pass"}
    for shift, letter in zip((-1, 0, 1), words, strict=True):
        value = F(limit) + shift * F(step)
        yield county_case(
            f"{name} {('below', 'on', 'above')[shift + 1]}", code, results[letter], **{fact: value}, **further
        )  # type: ignore[arg-type]


def guarantee_cases() -> Iterator[Case]:
    for area, expected in (("95.99", "fail"), ("96", "pass"), ("96.01", "pass")):
        yield school_case(
            f"G03 music {area}", "G03", expected, "P1", music_rooms=2, smallest_music_room=F(area)
        )
    for area, expected in (("89.99", "fail"), ("90", "pass"), ("90.01", "pass")):
        yield school_case(f"G03 art {area}", "G03", expected, "P1", art_rooms=2, smallest_art_room=F(area))
    for kind in ("music", "art"):
        for classes, rooms, expected in (
            (12, 1, "pass"),
            (13, 1, "fail"),
            (13, 2, "pass"),
            (24, 2, "pass"),
            (25, 2, "fail"),
        ):
            county = passing_county().set("P2", "primary", classes=classes, largest_class=40)
            county.set("P2", music_rooms=9, art_rooms=9).set("P2", **{f"{kind}_rooms": rooms})
            yield Case(f"G03 {classes} classes {rooms} {kind}", county, item("G03"), expected)
    sizes = [
        ("primary_school", {"primary": 2000}),
        ("junior_school", {"junior": 2000}),
        ("complete_secondary", {"junior": 2000, "senior": 900}),
        ("nine_year", {"primary": 1500, "junior": 1000}),
        ("twelve_year", {"primary": 1500, "junior": 1000, "senior": 900}),
    ]
    for school_kind, students in sizes:
        for shift, expected in ((-1, "pass"), (0, "pass"), (1, "fail")):
            moved = students | {
                "junior" if "junior" in students else "primary": students.get("junior", 2000) + shift
            }
            yield further_case(f"G04 {school_kind} {shift}", "G04", expected, school_kind, dict(moved))
    for stage, school_id, limit in (("primary", "P1", 45), ("junior", "J1", 50)):
        for shift, expected in ((-1, "pass"), (0, "pass"), (1, "fail")):
            facts = {"largest_class": limit + shift, "oversized_classes": max(0, shift)}
            yield school_case(f"G05 {stage} {shift}", "G05", expected, school_id, stage, **facts)
        for oversized, expected in ((0, "pass"), (1, "fail")):
            yield school_case(
                f"G05 {stage} oversized {oversized}",
                "G05",
                expected,
                school_id,
                stage,
                largest_class=None,
                oversized_classes=oversized,
            )
    for funds, expected in (("64999.99", "fail"), ("65000", "pass"), ("65000.01", "pass")):
        for students in (20, 60, 99):
            kind = "primary_school" if students == 99 else "teaching_point"
            yield further_case(
                f"G06 {students} {funds}", "G06", expected, kind, {"primary": students}, public_funds=F(funds)
            )
    yield further_case(
        "G06 of 100 students", "G06", "pass", "primary_school", {"primary": 100}, public_funds=1
    )


def county_level_cases() -> Iterator[Case]:
    yield from around("G07", "G07", "special_funds", "36", "0.000001")
    yield from around("G08", "G08", "teacher_average_pay", "99000", "0.01")
    yield from around(
        "G11 rotated", "G11", "rotated", "1000", "1", rotation_eligible=10000, rotated_backbone=300
    )
    yield from around(
        "G11 backbone", "G11", "rotated_backbone", "200", "1", rotation_eligible=5000, rotated=1000
    )
    yield county_case("G13 primary on", "G13", "pass", nearby_entry_primary=100)
    yield county_case("G13 primary below", "G13", "fail", nearby_entry_primary=F("99.99"))
    yield from around("G13 junior", "G13", "nearby_entry_junior", "95", "0.01")
    yield from around("G14", "G14", "quality_senior_allocated", "5000", "1", quality_senior_quota=10000)
    yield from around(
        "G15", "G15", "migrant_public", "8500", "1", migrant_eligible=10000, migrant_purchased=0
    )
    yield from around(
        "G15 with private",
        "G15",
        "migrant_purchased",
        "500",
        "1",
        migrant_eligible=10000,
        migrant_public=8000,
    )
    nobody = {"transferred_in": 0, "transferred_out": 0, "deceased": 0}
    yield from around("Q1", "Q1", "graduates", "9500", "1", entered_three_years_ago=10000, **nobody)
    yield from around("Q2", "Q2", "disabled_enrolled", "9500", "1", disabled_children=10000)
    yield from around(
        "S1", "S1", "recognition_satisfied", "8500", "1", recognition_valid=10000, recognition_issued=10000
    )
    counts = {"recognition_valid": None, "recognition_satisfied": None}
    yield from around("S1 rate", "S1", "recognition_rate", "85", "0.01", **counts)
    yield from around("P1", "P1", "basic_balance_year", "2020", "1", words="ppf")
    for shift, expected in ((-1, "fail"), (0, "pass")):
        for code, fact in (("G09", "trained_teachers"), ("G12", "certified_teachers")):
            yield school_case(f"{code} {shift}", code, expected, "S1", "primary", **{fact: 6 + shift})
    for spent, expected in (("4.9999", "fail"), ("5", "pass"), ("5.0001", "pass")):
        yield school_case(f"Q4 {spent}", "Q4", expected, "J1", training_budget=F(spent))
        yield school_case(f"Q4 special {spent}", "Q4", expected, "S1", training_budget=F(spent))
    for subject in SUBJECTS:
        yield from around(f"Q9 level {subject}", "Q9", f"monitoring_level_{subject}", "3", "1")
        yield from around(
            f"Q9 gap {subject}", "Q9", f"monitoring_gap_{subject}", "0.15", "0.000001", words="pff"
        )


ITEMS = Cases("national-2017", [*guarantee_cases(), *county_level_cases()])


@pytest.mark.parametrize("name", ITEMS.names)
def test_item_limit(name: str) -> None:
    ITEMS.check(name)


def visiting_cases() -> Iterator[Case]:
    """T1: rural, 50 to under 100 students of the school."""
    none = {"pe_teachers": 0, "art_teachers": 0, "visiting_pe_art_teachers": 5}
    small = [(49, ("fail", None)), (50, ("relieved", "T1")), (99, ("relieved", "T1")), (100, ("fail", None))]
    for students, expected in small:
        county = one_section("primary", students, location="rural", **none)
        yield Case(f"T1 of {students}", county, relief("A1", "primary", "L3"), expected)
    for place in ("urban", "town"):
        county = one_section("primary", 60, location=place, **none)
        yield Case(f"T1 {place}", county, relief("A1", "primary", "L3"), ("fail", None))
    for junior, expected in ((49, ("relieved", "T1")), (50, ("fail", None))):
        rows = school("A1", "nine_year", {"primary": 50, "junior": junior}, location="rural", **none)
        look = relief("A1", "primary", "L3")
        yield Case(f"T1 nine-year of 50 and {junior}", County(sections=rows), look, expected)
    nobody = one_section("primary", 60, location="rural", **(none | {"visiting_pe_art_teachers": 0}))
    yield Case("T1 changes nothing", nobody, relief("A1", "primary", "L3"), ("fail", None))
    unknown = one_section("primary", 60, location=None, **none)
    yield Case("T1 place unknown", unknown, relief("A1", "primary", "L3"), ("unknown", None))


def venue_cases() -> Iterator[Case]:
    """T2: over-dense city centre, further venues."""
    for extra, expected in (("1999.99", "floor"), ("2000", "relieved"), ("2000.01", "relieved")):
        facts = {"sports_ground_area": 5500, "indoor_sports_area": 0, "extra_sports_area": F(extra)}
        dense = one_section("primary", 1000, dense_city_centre=True, **facts)
        yield Case(f"T2 {extra}", dense, indicator("A1", "primary", "L5"), expected)
        plain = one_section("primary", 1000, dense_city_centre=False, **facts)
        yield Case(f"T2 without condition {extra}", plain, relief("A1", "primary", "L5"), ("fail", None))
    facts = {"sports_ground_area": 5500, "indoor_sports_area": 0, "extra_sports_area": 3000}
    unknown = one_section("primary", 1000, dense_city_centre=None, **facts)
    yield Case("T2 condition unknown", unknown, indicator("A1", "primary", "L5"), "unknown")


def room_cases() -> Iterator[Case]:
    """T3a: planned and built by 2016; T3b: rural, largest class below 30."""
    for year, kind, area, expected in (
        (2016, "music", "72.99", "fail"), (2016, "music", "73", "relieved"),
        (2016, "music", "73.01", "relieved"),
        (2017, "music", "73", "fail"), (2016, "art", "66.99", "fail"), (2016, "art", "67", "relieved"),
        (2016, "art", "67.01", "relieved"), (2017, "art", "67", "fail"), (2016, "music", "96", "pass"),
    ):  # fmt: skip
        facts = {"built_year": year, f"{kind}_rooms": 2, f"smallest_{kind}_room": F(area)}
        yield school_case(f"T3a {year} {kind} {area}", "G03", expected, "P1", **facts)
    yield school_case(
        "T3a year unknown", "G03", "unknown", "P1", built_year=None, music_rooms=2, smallest_music_room=80
    )
    yield school_case(
        "T3a year needless", "G03", "fail", "P1", built_year=None, music_rooms=2, smallest_music_room=70
    )
    kinds: list[tuple[str, dict[str, int], str]] = [
        ("primary_school", {"primary": 58}, "54"), ("teaching_point", {"primary": 58}, "54"),
        ("junior_school", {"junior": 58}, "61"), ("nine_year", {"primary": 58, "junior": 58}, "61"),
    ]  # fmt: skip
    for kind, students, limit in kinds:
        for shift, largest, expected in (
            ("-0.01", 29, "fail"),
            ("0", 29, "relieved"),
            ("0.01", 29, "relieved"),
            ("0", 30, "fail"),
        ):
            area = F(limit) + F(shift)
            rooms = {
                "smallest_music_room": area,
                "smallest_art_room": area,
                "largest_class": largest,
                "classes": 2,
            }
            yield further_case(
                f"T3b {kind} {area} {largest}",
                "G03",
                expected,
                kind,
                dict(students),
                location="rural",
                **rooms,
            )


def size_cases() -> Iterator[Case]:
    """T4: built by 2010, or more than half the students are migrants' children."""
    for kind, limit in (("primary_school", 2400), ("junior_school", 2400), ("nine_year", 3000)):
        stage = "primary" if kind == "primary_school" else "junior"
        rest = {"primary": 1500} if kind == "nine_year" else {}
        for shift, year, expected in (
            (0, 2010, "relieved"),
            (1, 2010, "fail"),
            (0, 2011, "fail"),
            (-1, 2010, "relieved"),
        ):
            students = rest | {stage: limit + shift - sum(rest.values())}
            yield further_case(
                f"T4 {kind} {shift} {year}", "G04", expected, kind, dict(students), built_year=year
            )
    for students, migrants, expected in (
        (2002, 1000, "fail"),
        (2002, 1001, "fail"),
        (2002, 1002, "relieved"),
        (2400, 1201, "relieved"),
        (2401, 2401, "fail"),
    ):
        yield further_case(
            f"T4 {migrants} of {students}",
            "G04",
            expected,
            "primary_school",
            {"primary": students},
            migrant_children=migrants,
        )
    twelve: dict[str, int] = {"primary": 1500, "junior": 1001, "senior": 300}
    yield further_case(
        "T4 names no twelve-year school", "G04", "fail", "twelve_year", dict(twelve), built_year=2000
    )
    for migrants, expected in ((0, "unknown"), (1200, "relieved")):
        yield further_case(
            f"T4 year unknown {migrants}",
            "G04",
            expected,
            "primary_school",
            {"primary": 2200},
            built_year=None,
            migrant_children=migrants,
        )


RELIEFS = Cases("national-2017", [*visiting_cases(), *venue_cases(), *room_cases(), *size_cases()])


@pytest.mark.parametrize("name", RELIEFS.names)
def test_relief_limit(name: str) -> None:
    RELIEFS.check(name)


@pytest.mark.parametrize(
    ("as_of", "expected"), [("2019-09-30", "fail"), ("2019-10-01", "relieved"), ("2030-01-01", "relieved")]
)
def test_reliefs_hold_from_october_2019_without_end(as_of: str, expected: str) -> None:
    county = passing_county().set("P1", built_year=2000, music_rooms=2, smallest_music_room=80)
    assert run(county.know(basic_balance_year=2010), as_of=as_of).item("G03") == expected


@pytest.mark.parametrize(("year", "expected"), [(2018, "fail"), (2019, "relieved")])
def test_reliefs_are_tried_as_of_the_end_of_the_datas_year(year: int, expected: str) -> None:
    county = passing_county(year=year).set("P1", built_year=2000, music_rooms=2, smallest_music_room=80)
    assert run(county).item("G03") == expected


@pytest.mark.parametrize(
    ("floors", "shorts", "expected"),
    [(0, 0, "pass"), (1, 0, "pass"), (2, 0, "fail"), (0, 1, "fail"), (1, 1, "fail")],
)
def test_school_rule_wants_six_of_seven_and_the_rest_at_the_floor(
    floors: int, shorts: int, expected: str
) -> None:
    figures = (
        [("L1", F("3.57"))] * (floors > 0) + [("L4", F("3.825"))] * (floors > 1) + [("L6", F(1699))] * shorts
    )
    row = run(one_section("primary", LARGE, *figures)).school("A1", "primary")
    assert row["status"] == expected
    assert (len(row["at_floor"]), len(row["short"]), len(row["met"])) == (floors, shorts, 7 - floors - shorts)


@pytest.mark.parametrize(("answer", "expected"), [(None, "unknown"), ("na", "pass")])
def test_a_subject_that_was_not_delivered_is_unknown_until_it_is_said_not_to_apply(
    answer: str | None, expected: str
) -> None:
    county = passing_county().know(monitoring_level_math=None, monitoring_gap_math=None)
    assert run(county.judge("Q9b", answer)).item("Q9") == expected


@pytest.mark.parametrize(("grade", "expected"), [("优秀", "pass"), ("良好", "pass"), ("合格", "fail")])
def test_q6_wants_good_or_better(grade: str, expected: str) -> None:
    assert run(passing_county().judge("Q6", grade)).item("Q6") == expected


@pytest.mark.parametrize(("answer", "expected"), [("no", "pass"), ("yes", "fail"), (None, "unknown")])
@pytest.mark.parametrize("veto", ["V1", "V2", "V3", "V4", "V5", "V6"])
def test_a_veto_passes_only_when_it_is_answered_no(veto: str, answer: str | None, expected: str) -> None:
    result = run(passing_county().judge(veto, answer))
    assert (result.item(veto), result.verdict) == (expected, expected)
