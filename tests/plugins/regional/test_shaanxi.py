"""shaanxi-2019: each computed row below, on and above its limit, by the settings and the year, and with facts missing."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest

from balance_tui.standard.load import load_standard
from tests.contract.builder import County
from tests.contract.builder import school as school_rows
from tests.oracle.words import Fact

from .counties import SHAANXI_FACTS, SHAANXI_SCHOOL, Trial, Tried, regional_county, status

F = Fraction
DUE = 2025


def know(item: str, step: str, expected: str, **facts: Fact) -> Tried:
    county = regional_county("").know(**facts)
    return Tried(f"{item} {step}", county, status(item), expected)


def school(item: str, step: str, expected: str, identity: str, **facts: Fact) -> Tried:
    county = regional_county("").set(identity, **facts)
    return Tried(f"{item} {step}", county, status(item), expected)


def network() -> Iterator[Tried]:
    for step, value, expected in (("below", 999, "fail"), ("on", 1000, "pass"), ("above", 2000, "pass")):
        yield school("SX-N03", step, expected, "P2", uplink_mbps=value)
    yield school("SX-N03", "teaching point below", "fail", "T1", uplink_mbps=100)
    for step, share, expected in (("below", 9, "fail"), ("on", 10, "pass")):
        yield Tried(f"SX-N04 {step}", without_link("P2", share), status("SX-N04"), expected)
    for step, value, expected in (("by bandwidth below", 99, "fail"), ("by bandwidth on", 100, "pass")):
        yield Tried(f"SX-N04 {step}", by_bandwidth(value), status("SX-N04"), expected)
    yield Tried("SX-N04 contradicted", by_bandwidth(50, classes=10), status("SX-N04"), "unknown")
    yield Tried("SX-N04 both short", by_bandwidth(50, classes=9), status("SX-N04"), "fail")


def without_link(identity: str, classes: int) -> County:
    """A school of ten classes that reports how many are linked, and no bandwidth."""
    return (
        regional_county("")
        .set(identity, "primary", classes_100mbps=classes)
        .set(identity, class_link_mbps=None)
    )


def by_bandwidth(value: int, classes: int | None = None) -> County:
    """A school of ten classes that reports its bandwidth."""
    return regional_county("").set("P2", "primary", classes_100mbps=classes).set("P2", class_link_mbps=value)


def every_school() -> Iterator[Tried]:
    flags = {"campus_wifi": "SX-N05", "meets_school_standard": "SX-N06", "guards_ready": "SX-N09a",
             "alarm_connected": "SX-N09b", "closed_campus": "SX-N09c", "has_charter": "SX-B06a",
             "has_school_plan": "SX-B08a"}  # fmt: skip
    for flag, item in flags.items():
        yield Tried(f"{item} all", regional_county(""), status(item), "pass")
        yield school(item, "one not", "fail", "J2", **{flag: False})
        yield school(item, "one unknown", "unknown", "J2", **{flag: None})


def funding() -> Iterator[Tried]:
    for step, value, expected in (
        ("below", F("6.99"), "fail"),
        ("on", 7, "fail"),
        ("above", F("7.01"), "pass"),
    ):
        yield know("SX-N08a", step, expected, fiscal_education_growth=value)
    others = {"b": "per_student_cost_growth", "c": "teacher_pay_growth", "d": "per_student_funds_growth"}
    for letter, fact in others.items():
        for step, value, expected in (("below", -1, "fail"), ("on", 0, "fail"), ("above", F("0.01"), "pass")):
            yield know(f"SX-N08{letter}", step, expected, **{fact: value})
    for step, value, expected in (
        ("below", 98_999, "fail"),
        ("on", 99_000, "pass"),
        ("above", 99_001, "pass"),
    ):
        yield know("SX-N07", step, expected, teacher_average_pay=value)


def children() -> Iterator[Tried]:
    yield know("SX-N10a", "above", "fail", refused_disabled=1)
    yield know("SX-N10a", "on", "pass", refused_disabled=0)
    yield know("SX-N10b", "below", "fail", disabled_placed=99)
    yield know("SX-N10b", "on", "pass", disabled_placed=100)
    yield know("SX-N10b", "of nobody", "unknown", disabled_children=0, disabled_placed=0, disabled_enrolled=0)
    yield know("SX-N11", "below", "fail", left_behind_recorded=49)
    yield know("SX-N11", "on", "pass", left_behind_recorded=50)
    yield know("SX-B14", "below", "fail", posts_refilled=4)
    yield know("SX-B14", "on", "pass", posts_refilled=5)
    yield know("SX-B14", "above", "pass", posts_refilled=6)


OVER = {"primary": 45, "junior": 50}
CLASS_OF = {"primary": ("P1", "primary"), "junior": ("J1", "junior")}


def largest(stage: str, size: int, year: int = DUE) -> County:
    """A county whose largest class of the stage has this size, counted as oversized by the national limit."""
    counted = int(size > OVER[stage])
    return regional_county("", year=year).set(*CLASS_OF[stage], largest_class=size, oversized_classes=counted)


def resized(identity: str, kind: str, students: dict[str, Fact], year: int = DUE, **facts: Fact) -> County:
    """A county one of whose schools has another number of students."""
    county = regional_county("", year=year)
    county.sections = [row for row in county.sections if row["school_id"] != identity]
    rows = school_rows(identity, kind, students, **(dict(SHAANXI_SCHOOL) | facts))
    return county.add(row | {"classes_100mbps": row["classes"]} for row in rows)


def sizes() -> Iterator[Tried]:
    for step, students, expected in (("on", 2000, "pass"), ("above", 2001, "fail")):
        county = resized("P1", "primary_school", {"primary": students})
        yield Tried(f"SX-N01 {step}", county, status("SX-N01"), expected)
    for step, students, expected in (("nine-year on", 2100, "pass"), ("nine-year above", 2101, "fail")):
        county = resized("N1", "nine_year", {"primary": students, "junior": 400})
        yield Tried(f"SX-N01 {step}", county, status("SX-N01"), expected)
    relieved = resized("P1", "primary_school", {"primary": 2001}, built_year=2009)
    yield Tried("SX-N01 no relief", relieved, status("SX-N01"), "fail")
    for stage, limit in OVER.items():
        for step, size, expected in (
            ("below", limit - 1, "pass"),
            ("on", limit, "pass"),
            ("above", limit + 1, "fail"),
        ):
            yield Tried(f"SX-N02 {stage} {step}", largest(stage, size), status("SX-N02"), expected)
    counted = regional_county("").set("P1", "primary", largest_class=None, oversized_classes=1)
    yield Tried("SX-N02 by count", counted, status("SX-N02"), "fail")


CASES = Trial(
    "shaanxi-2019",
    (*network(), *every_school(), *funding(), *children(), *sizes()),
)


@pytest.mark.parametrize("name", CASES.cases)
def test_a_row_is_decided_at_its_limit(name: str) -> None:
    CASES.check(name)


def by_statistics() -> Iterator[Tried]:
    for stage in OVER:
        for size, expected in ((51, "pass"), (55, "pass"), (56, "fail"), (66, "fail")):
            yield Tried(f"SX-N02 {stage} {size}", largest(stage, size), status("SX-N02"), expected)
    other_word = regional_county("").set("P1", "primary", largest_class=None, oversized_classes=0)
    yield Tried("SX-N02 counted over 45", other_word, status("SX-N02"), "unknown")


STATISTICS = Trial("shaanxi-2019", by_statistics(), oversized_class="statistics")


@pytest.mark.parametrize("name", STATISTICS.cases)
def test_oversized_may_mean_56_and_more(name: str) -> None:
    STATISTICS.check(name)


def test_both_words_are_explained() -> None:
    setting = next(
        each for each in load_standard("shaanxi-2019").model.setting if each.id == "oversized_class"
    )
    assert setting.choice_ids == ("limit", "statistics")
    for choice, numbers in zip(setting.choices, (("45", "50"), ("56", "66")), strict=True):
        assert all(number in choice.label and number in choice.label_en for number in numbers)
    assert "45/50" in setting.note
    assert "56" in setting.note


def at_year() -> Iterator[Tried]:
    for year in (DUE - 1, DUE, DUE + 1):
        short = "not_applicable" if year < DUE else "fail"
        for size, expected in ((46, short), (45, "pass")):
            yield Tried(f"{year} class of {size}", largest("primary", size, year), status("SX-N02"), expected)
        for students, expected in ((2001, short), (2000, "pass")):
            county = resized("P1", "primary_school", {"primary": students}, year)
            yield Tried(f"{year} school of {students}", county, status("SX-N01"), expected)
    blank = regional_county("", year=DUE - 1).set("P1", "primary", largest_class=None, oversized_classes=None)
    yield Tried("blank before it is due", blank, status("SX-N02"), "not_applicable")
    late = regional_county("").set("P1", "primary", largest_class=None, oversized_classes=None)
    yield Tried("blank when it is due", late, status("SX-N02"), "unknown")


YEARS = Trial("shaanxi-2019", at_year())


@pytest.mark.parametrize("name", YEARS.cases)
def test_what_is_due_in_2025_decides_nothing_before(name: str) -> None:
    YEARS.check(name)


BLANKS = {
    "fiscal_education_growth": "SX-N08a", "fiscal_revenue_growth": "SX-N08a", "per_student_cost_growth": "SX-N08b",
    "teacher_pay_growth": "SX-N08c", "per_student_funds_growth": "SX-N08d", "refused_disabled": "SX-N10a",
    "disabled_placed": "SX-N10b", "left_behind_students": "SX-N11", "left_behind_recorded": "SX-N11",
    "posts_freed": "SX-B14", "posts_refilled": "SX-B14",
}  # fmt: skip
SCHOOL_BLANKS = {
    "uplink_mbps": "SX-N03", "campus_wifi": "SX-N05", "guards_ready": "SX-N09a", "alarm_connected": "SX-N09b",
    "closed_campus": "SX-N09c", "has_school_plan": "SX-B08a", "meets_school_standard": "SX-N06",
}  # fmt: skip


def blanks() -> Iterator[Tried]:
    for fact, item in BLANKS.items():
        yield Tried(f"without {fact}", regional_county("").know(**{fact: None}), status(item), "unknown")
    for fact, item in SCHOOL_BLANKS.items():
        yield Tried(f"without {fact}", regional_county("").set("T1", **{fact: None}), status(item), "unknown")
    bare = regional_county("").set("P1", "primary", classes_100mbps=None).set("P1", class_link_mbps=None)
    yield Tried("without either link", bare, status("SX-N04"), "unknown")
    uncounted = regional_county("").set("P1", "primary", classes=None).set("P1", class_link_mbps=None)
    yield Tried("without classes", uncounted, status("SX-N04"), "unknown")


MISSING = Trial("shaanxi-2019", blanks())


@pytest.mark.parametrize("name", MISSING.cases)
def test_a_blank_fact_leaves_its_row_unknown(name: str) -> None:
    MISSING.check(name)


def test_every_fact_of_shaanxi_is_blanked_here() -> None:
    national = load_standard("national-2017").needed
    own = load_standard("shaanxi-2019").needed - national
    tried = set(BLANKS) | set(SCHOOL_BLANKS) | {"classes", "classes_100mbps", "class_link_mbps"}
    entered = {name for name in own if name.startswith("provincial_")}
    assert own - entered <= tried
    assert {*SHAANXI_FACTS, *SHAANXI_SCHOOL} <= tried
