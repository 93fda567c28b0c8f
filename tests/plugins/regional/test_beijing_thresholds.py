"""Each of Beijing's thresholds below, on and above its limit, through the program and by the second reading of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from random import Random

import pytest

from tests.contract.builder import County, school
from tests.contract.runner import Result, run
from tests.oracle.schools import STAGES
from tests.oracle.words import Fact, Row

from .beijing import BEIJING_COLUMNS, BEIJING_FACTS, beijing_county, judged
from .test_beijing import LIMITS, OF_SCHOOLS

F = Fraction
EXACT = {code: (op, F(limit)) for code, (op, limit) in LIMITS.items()}
STEPS = ("below", "on", "above")
WORDS = {">=": ("fail", "pass", "pass"), ">": ("fail", "fail", "pass"), "<=": ("pass", "pass", "fail"),
         "==": ("fail", "pass", "fail")}  # fmt: skip


@dataclass(frozen=True)
class Tried:
    """One county at one side of one limit, asked at one level."""

    code: str
    step: str
    county: County
    level: str
    expected: str

    @property
    def name(self) -> str:
        return f"{self.code} {self.level} {self.step} {self.county.name}".strip()


def around(code: str, level: str, made: Iterator[County] | list[County]) -> Iterator[Tried]:
    """A county below, on and above a limit; which of them pass is said by the operator alone."""
    for step, county, expected in zip(STEPS, made, WORDS[LIMITS[code][0]], strict=True):
        yield Tried(code, step, county, level, expected)


def small() -> County:
    """Two primary and two junior schools, a special one, the facts of a county that passes."""
    rows = [
        *school("A1", "primary_school", {"primary": 600}), *school("A2", "primary_school", {"primary": 400}),
        *school("B1", "junior_school", {"junior": 600}), *school("B2", "junior_school", {"junior": 400}),
        *school("S1", "special", {"primary": 60}),
    ]  # fmt: skip
    county = County("", sections=rows, facts=dict(beijing_county().facts), year=2025)
    for row in county.sections:
        row["music_art_area"] = row["stage_music_art_area"] = 5000
    return county


# ── Of the district ────────────────────────────────────────────────────────────────────────────────

FACTS: dict[str, tuple[str, str, str, dict[str, Fact]]] = {
    "BJ11.1": ("nearby_entry_public", "100", "0.01", {}),
    "BJ11.2": ("quality_senior_allocated", "5000", "1", {"quality_senior_quota": 10_000}),
    "BJ11.3": ("consolidation_rate", "99", "0.001", {}),
    "BJ12.1": ("residents_in_plan_rate", "100", "0.001", {}),
    "BJ12.2": ("migrants_in_budget_rate", "100", "0.001", {}),
    "BJ12.3": ("migrant_approved_private", "500", "1", {"migrant_eligible": 10_000, "migrant_public": 8_000}),
    "BJ12.4": ("disabled_educated", "9900", "1", {"disabled_children": 10_000, "disabled_enrolled": 9_900}),
    "BJ13.1": ("fiscal_education_growth", "7.3", "0.001", {"fiscal_revenue_growth": F("7.3")}),
    "BJ13.2": ("per_student_cost_growth", "0", "0.001", {}),
    "BJ13.3": ("teacher_pay_growth", "0", "0.001", {}),
    "BJ13.4": ("per_student_funds_growth", "0", "0.001", {}),
    "BJ14.1": ("teacher_average_pay", "99000", "0.01", {"civil_servant_average_pay": 99_000}),
    "BJ15.2": ("special_funds", "72", "0.000001", {"special_students": 60}),
    "BJ28.3": ("rotated", "1000", "1", {"rotation_eligible": 10_000, "rotated_backbone": 500}),
    "BJ28.4": ("rotated_backbone", "200", "1", {"rotation_eligible": 5_000, "rotated": 1_000}),
}


def of_the_district() -> Iterator[Tried]:
    for code, (fact, limit, step, further) in FACTS.items():
        values = [F(limit) - F(step), F(limit), F(limit) + F(step)]
        for tried in around(code, "section", [small().know(**further, **{fact: value}) for value in values]):
            # A share above 100 % cannot be: the check of the data strikes it out.
            yield replace(tried, expected="unknown") if limit == "100" and tried.step == "above" else tried
    for code, fact in (("BJ10.1", "major_accidents"), ("BJ26.1", "corporal_punishment_cases")):
        # A count below zero cannot be read: the figure is unknown.
        for value, step, expected in ((-1, "below", "unknown"), (0, "on", "pass"), (1, "above", "fail")):
            yield Tried(code, step, small().know(**{fact: value}), "section", expected)


# ── Of schools ─────────────────────────────────────────────────────────────────────────────────────


def amounts(code: str) -> tuple[str, Fraction, dict[str, Fact], str]:
    """The fact behind a threshold, how much of it a student at the limit needs, what else is zero, a small step."""
    limit = EXACT[code][1]
    known: dict[str, tuple[str, Fraction, dict[str, Fact], str]] = {
        "BJ17.1": ("teaching_area", limit, {"indoor_sports_area": 0}, "0.01"),
        "BJ17.2": ("teaching_area", limit, {"indoor_sports_area": 0}, "0.01"),
        "BJ17.3": ("sports_ground_area", limit, {"indoor_sports_area": 0}, "0.01"),
        "BJ17.4": ("sports_ground_area", limit, {"indoor_sports_area": 0}, "0.01"),
        "BJ17.5": ("music_art_area", limit, {}, "0.01"),
        "BJ18.1": ("equipment_value", limit / 10_000, {}, "0.0001"),
        "BJ18.2": ("equipment_value", limit / 10_000, {}, "0.0001"),
        "BJ20.1": ("multimedia_rooms", limit / 100, {}, "1"),
        "BJ20.2": ("multimedia_rooms", limit / 100, {}, "1"),
        "BJ28.1": ("backbone_teachers", limit / 100, {}, "1"),
        "BJ28.2": ("backbone_teachers", limit / 100, {}, "1"),
    }
    return known[code]


JUNIOR = ("BJ17.2", "BJ17.4", "BJ18.2", "BJ20.2", "BJ28.2")


def with_amounts(code: str, small_school: Fraction, shift: Fraction) -> County:
    """The school of 400 at a share of the limit, that of 600 at what makes all 1000 reach it, and `shift` more."""
    fact, each, zero, step = amounts(code)
    county, (large, little) = small(), ("B1", "B2") if code in JUNIOR else ("A1", "A2")
    known = {little: each * 400 * small_school, large: each * (1000 - 400 * small_school) + shift * F(step)}
    if code == "BJ17.5":  # of both stages together: the others stand on the limit
        known = {"B1": each * 600, "B2": each * 400} | known
    for identity, amount in known.items():
        county.rows(identity)[0].update(zero | {fact: amount})
    return county


def of_schools() -> Iterator[Tried]:
    for code in OF_SCHOOLS:
        for level, share in (("section", F(1)), ("district", F(1, 2))):
            yield from around(code, level, [with_amounts(code, share, F(shift)) for shift in (-1, 0, 1)])
    for code, identity, stage in (("BJ16.1", "A1", "primary"), ("BJ16.2", "B1", "junior")):
        sizes = [{"largest_class": size, "classes": 16} for size in (39, 40, 41)]
        counties = [small().set(identity, stage, **facts) for facts in sizes]
        yield from around(code, "section", counties)
    kinds: tuple[tuple[str, dict[str, int], int], ...] = (
        ("primary_school", {"primary": 120}, 400 * 650), ("primary_school", {"primary": 399}, 400 * 650),
        ("junior_school", {"junior": 120}, 400 * 850), ("nine_year", {"primary": 100, "junior": 100}, 400 * 750),
        ("complete_secondary", {"junior": 90, "senior": 100}, 400 * 850),
    )  # fmt: skip
    for kind, students, enough in kinds:
        made = []
        for shift in ("-0.01", "0", "0.01"):
            facts: dict[str, Fact] = {
                "public_funds": enough + F(shift),
                "music_art_area": 5000,
                "stage_music_art_area": 5000,
            }
            made.append(small().add(school("X1", kind, dict(students), **facts)))
        for county in made:
            county.name = f"{kind} {min(students.values())}"
        yield from around("BJ15.1", "section", made)


CASES = {tried.name: tried for tried in (*of_the_district(), *of_schools())}
for name, tried in CASES.items():
    tried.county.name = name


@cache
def result(level: str) -> Result:
    counties = [tried.county for tried in CASES.values() if tried.level == level]
    return run(*counties, profile="beijing-2018", settings={"beijing_level": level}, columns=BEIJING_COLUMNS)


def statuses(found: Result) -> dict[str, str]:
    return {code: str(found.requirement(code)["status"]) for code in LIMITS}


@pytest.mark.parametrize("name", CASES)
def test_a_threshold_is_met_or_not_on_its_own_side_of_the_limit(name: str) -> None:
    tried = CASES[name]
    found = result(tried.level).of(name)
    assert found.requirement(tried.code)["status"] == tried.expected
    if tried.expected != "unknown":
        assert statuses(found) == judged(tried.county, EXACT, tried.level)


def test_every_threshold_was_tried_below_on_and_above() -> None:
    tried = {(each.code, each.step) for each in CASES.values()}
    assert tried == {(code, step) for code in LIMITS for step in STEPS}


def test_special_purpose_schools_follow_the_special_ones_and_may_be_declared_absent() -> None:
    assert special(24, 20) == "pass"
    assert special(F("23.9999"), 20) == "fail"
    assert special(None, None) == "unknown"
    assert special(None, None, "na") == "not_applicable"


def special(funds: Fact, students: Fact, answer: str | None = None) -> str:
    county = small().know(special_purpose_funds=funds, special_purpose_students=students)
    county.judge("BJ15.2b", answer)
    found = run(county, profile="beijing-2018", columns=BEIJING_COLUMNS)
    return str(found.requirement("BJ15.2b")["status"])


# ── Counties of every kind of school ───────────────────────────────────────────────────────────────

CHANGED = ("teaching_area", "sports_ground_area", "equipment_value", "multimedia_rooms", "music_art_area")
SEEDS = range(24)


def drawn(seed: int) -> County:
    """The county of every kind of school with amounts, headcounts and facts drawn around their limits."""
    dice = Random(seed)
    county = beijing_county(f"第{seed}区")
    for identity in dict.fromkeys(str(row["school_id"]) for row in county.sections):
        factors = {code: F(dice.choice((30, 60, 90, 100)), 100) for code in CHANGED}
        rows = county.rows(identity)
        for row in rows:
            row.update({code: _rounded(row[code], factor) for code, factor in factors.items()})
            row["backbone_teachers"] = dice.randint(0, min(12, int(str(row["teachers"]))))
            row["largest_class"] = dice.choice((40, 40, 40, 41))
            row["public_funds"] = rows[0]["public_funds"]
        if dice.random() < 0.3:
            _blank(rows, dice.choice(CHANGED))
    for code in (
        "consolidation_rate",
        "disabled_educated",
        "migrant_approved_private",
        "teacher_average_pay",
    ):
        known = BEIJING_FACTS.get(code, 99_000)
        county.know(**{code: dice.choice((known, None, 1))})
    return county


def _rounded(value: Fact, factor: Fraction) -> Fraction:
    assert isinstance(value, (int, Fraction))
    return F(round(value * factor))


def _blank(rows: list[Row], code: str) -> None:
    for row in rows:
        row[code] = None


@cache
def of_every_kind(level: str) -> Result:
    settings = {"beijing_level": level, "beijing_points_funded": "false"}
    counties = [drawn(seed) for seed in SEEDS]
    return run(*counties, profile="beijing-2018", settings=settings, columns=BEIJING_COLUMNS)


@pytest.mark.parametrize("level", ["section", "district"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_program_and_the_second_reading_agree_on_counties_of_every_kind_of_school(
    seed: int, level: str
) -> None:
    county = drawn(seed)
    assert {str(row["school_type"]) for row in county.sections} >= STAGES.keys()
    assert statuses(of_every_kind(level).of(county.name)) == judged(county, EXACT, level)


def test_the_counties_drawn_reach_every_word_of_every_threshold_of_schools() -> None:
    found = [statuses(of_every_kind("district").of(drawn(seed).name)) for seed in SEEDS]
    for code in ("BJ17.1", "BJ18.2", "BJ20.1"):
        assert {each[code] for each in found} == {"pass", "fail", "unknown"}, code
