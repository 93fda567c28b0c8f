"""Random small counties that keep every cross-check of practice.md 4, so that no fact is struck out.

Sizes and amounts are drawn close to the limits of national-2017, where decisions are made.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil

from hypothesis import strategies as st

from tests.oracle.words import Fact, Row, number

from .builder import EVIDENCE, SUBJECTS, VETOES, County, passing_county, passing_facts, school

Draw = st.DrawFn
SIZES = (20, 49, 50, 60, 99, 100, 101, 240, 500, 1000, 2000, 2001, 2400, 2401)
PARTS_OF_LIMIT = tuple(
    map(Fraction, ("0", "0.5", "0.84", "0.85", "0.9", "1", "1", "1", "1.2", "1.2", "1.5", "3"))
)
LIMITS = {"L1": Fraction("4.2"), "L2": Fraction(1), "L3": Fraction("0.9"), "L4": Fraction("4.5"),
          "L5": Fraction("7.5"), "L6": Fraction(2000), "L7": Fraction("2.3")}  # fmt: skip
KINDS = {
    "primary_school": ("primary",),
    "teaching_point": ("primary",),
    "junior_school": ("junior",),
    "nine_year": ("primary", "junior"),
    "complete_secondary": ("junior", "senior"),
    "twelve_year": ("primary", "junior", "senior"),
    "special": ("primary", "junior"),
}


def of_section(draw: Draw, row: Row) -> None:
    """Teachers of a section about the limits, never more than it has."""
    students = number(row["students"]) or Fraction(0)
    scale = Fraction(13, 10) if row["stage"] == "junior" else Fraction(1)
    for code, fields in (
        ("L1", ("teachers_above_degree",)),
        ("L2", ("backbone_teachers",)),
        ("L3", ("pe_teachers",)),
    ):
        factor = draw(st.sampled_from(PARTS_OF_LIMIT))
        row[fields[0]] = ceil(LIMITS[code] * factor * scale * students / 100)
    row["art_teachers"] = draw(st.integers(0, 1))
    row["visiting_pe_art_teachers"] = draw(st.integers(0, 2))
    counted = [number(row[code]) or Fraction(0) for code in ("teachers_above_degree", "backbone_teachers")]
    sport = (number(row["pe_teachers"]) or Fraction(0)) + (number(row["art_teachers"]) or Fraction(0))
    teachers = max(*counted, sport, Fraction(ceil(students / 15)))
    late = draw(st.sampled_from((0, 0, 0, 1)))
    row |= {
        "teachers": teachers, "staff": teachers, "mid_title_teachers": teachers // 2,
        "certified_teachers": teachers, "trained_teachers": max(Fraction(0), teachers - late),
    }  # fmt: skip
    largest = draw(st.sampled_from((29, 30, 45, 46, 50, 51)))
    row["largest_class"] = min(Fraction(largest), students)
    row["classes"] = ceil(students / largest)
    limit = 45 if row["stage"] == "primary" else 50
    row["oversized_classes"] = 1 if min(Fraction(largest), students) > limit else 0


def counted(rows: Iterable[Row], code: str) -> Fraction:
    return sum((number(row[code]) or Fraction(0) for row in rows), Fraction(0))


def of_school(draw: Draw, rows: list[Row]) -> None:
    """Facilities of a school about the limits; the same on each of its rows."""
    students = counted(rows, "students")
    compulsory = counted((row for row in rows if row["stage"] != "senior"), "students")

    def drawn(code: str) -> Fraction:
        return LIMITS[code] * draw(st.sampled_from(PARTS_OF_LIMIT)) * Fraction("1.1") * students

    indoor = draw(st.sampled_from((0, 100)))
    need = ceil(counted((row for row in rows if row["stage"] != "senior"), "classes") / 12)
    sizes = st.sampled_from((54, 61, 67, 73, 90, 96))
    facts: Row = {
        "teaching_area": drawn("L4") + indoor,
        "indoor_sports_area": indoor,
        "sports_ground_area": drawn("L5"),
        "extra_sports_area": draw(st.sampled_from((0, 500))),
        "dense_city_centre": draw(st.booleans()),
        "equipment_value": drawn("L6") / 10000,
        "multimedia_rooms": ceil(drawn("L7") / 100),
        "music_rooms": need,
        "art_rooms": draw(st.sampled_from((need, need, max(0, need - 1)))),
        "smallest_music_room": draw(sizes),
        "smallest_art_room": draw(sizes),
        "built_year": draw(st.sampled_from((2008, 2010, 2011, 2016, 2017))),
        "migrant_children": draw(st.sampled_from((0, compulsory // 2, compulsory // 2 + 1))),
        "public_funds": draw(st.sampled_from((64_999, 65_000, 1_000_000))),
        "training_budget": draw(st.sampled_from((4, 5, 5, 6))),
        "has_charter": draw(st.sampled_from((True, True, True, False))),
        "owner": draw(st.sampled_from(("7", "7", "7", "8", "10"))),
    }
    for row in rows:
        row.update(facts)


@st.composite
def schools(draw: Draw, school_id: str, kinds: tuple[str, ...] = tuple(KINDS)) -> list[Row]:
    """The rows of one school."""
    kind = draw(st.sampled_from(kinds))
    sizes = st.sampled_from(SIZES)
    students: dict[str, Fact] = {stage: draw(sizes) for stage in KINDS[kind]}
    place = draw(st.sampled_from(("urban", "town", "rural")))
    if kind == "teaching_point" or kind in ("complete_secondary", "twelve_year"):
        place = "rural" if kind == "teaching_point" else "town"
    rows = school(school_id, kind, students, location=place)
    for row in rows:
        of_section(draw, row)
    of_school(draw, rows)
    return rows


def county_facts(draw: Draw) -> Row:
    """Facts of the county, mostly passing, each sometimes just past its limit."""
    facts = passing_facts()
    worse: Row = {
        "special_funds": 35, "teacher_average_pay": 98_000, "rotation_eligible": 500, "rotated_backbone": 7,
        "nearby_entry_primary": 99, "nearby_entry_junior": 94, "quality_senior_allocated": 199,
        "migrant_public": 69, "graduates": 900, "disabled_enrolled": 94, "recognition_satisfied": 764,
        "basic_balance_year": 2021, "monitoring_gap_math": Fraction("0.15"), "monitoring_level_pe": 2,
    }  # fmt: skip
    for code in draw(st.lists(st.sampled_from(sorted(worse)), max_size=2, unique=True)):
        facts[code] = worse[code]
    return facts


BLANKABLE_OF_SECTION = (
    "students", "classes", "largest_class", "teachers_above_degree", "backbone_teachers", "pe_teachers",
    "art_teachers", "visiting_pe_art_teachers", "certified_teachers", "trained_teachers", "teachers",
)  # fmt: skip
BLANKABLE_OF_SCHOOL = (
    "teaching_area", "indoor_sports_area", "sports_ground_area", "extra_sports_area", "equipment_value",
    "multimedia_rooms", "music_rooms", "smallest_music_room", "art_rooms", "smallest_art_room",
    "public_funds", "public_funds_budget", "training_budget", "has_charter", "built_year",
    "migrant_children", "location", "dense_city_centre",
)  # fmt: skip
BLANKABLE_OF_COUNTY = (
    "funds_unit_rate_primary", "special_funds", "special_students", "teacher_average_pay",
    "rotation_eligible", "rotated_backbone", "nearby_entry_junior", "migrant_purchased", "graduates",
    "disabled_children", "recognition_valid", "basic_balance_year",
    *(f"monitoring_gap_{subject}" for subject in SUBJECTS),
)  # fmt: skip

Blank = tuple[str | None, str | None, str]
"""A cell: school and stage (None: of the school, of the county), field."""


@st.composite
def blanks(draw: Draw, county: County) -> Blank:
    """A cell of the county that could be left empty."""
    row = draw(st.sampled_from(county.sections))
    level = draw(st.sampled_from(("section", "section", "school", "school", "county")))
    if level == "county":
        return None, None, draw(st.sampled_from(BLANKABLE_OF_COUNTY))
    if level == "school":
        return str(row["school_id"]), None, draw(st.sampled_from(BLANKABLE_OF_SCHOOL))
    return str(row["school_id"]), str(row["stage"]), draw(st.sampled_from(BLANKABLE_OF_SECTION))


def put(county: County, cell: Blank, fact: Fact) -> None:
    school_id, stage, code = cell
    if school_id is None:
        county.know(**{code: fact})
    else:
        county.set(school_id, stage, **{code: fact})


def fact_in(county: County, cell: Blank) -> Fact:
    school_id, stage, code = cell
    return county.facts.get(code) if school_id is None else county.rows(school_id, stage)[0].get(code)


def random_county(draw: Draw) -> County:
    """One to five schools with every figure near its limit: mostly failing somewhere."""
    rows = [row for index in range(draw(st.integers(1, 5))) for row in draw(schools(f"K{index}"))]
    county = County(sections=rows, facts=county_facts(draw))
    for item in EVIDENCE:
        county.judge(item, draw(st.sampled_from(("yes", "yes", "yes", "yes", "yes", "no", "na"))))
    for item in VETOES:
        county.judge(item, draw(st.sampled_from(("no", "no", "no", "no", "no", "no", "yes"))))
    return county


CHANGES: tuple[tuple[str, Row], ...] = (
    ("P2", {"built_year": 2000, "smallest_music_room": 80}),
    ("P1", {"dense_city_centre": True, "sports_ground_area": 3000, "extra_sports_area": 900}),
    ("P1", {"dense_city_centre": True, "sports_ground_area": 3300, "extra_sports_area": 0}),
    ("T1", {"pe_teachers": 0, "art_teachers": 0, "visiting_pe_art_teachers": 1}),
    ("T1", {"students": 49, "largest_class": 25}),
    ("T1", {"largest_class": 20, "classes": 3, "smallest_art_room": 54, "smallest_music_room": 54}),
    ("T1", {"students": 0, "classes": 0, "largest_class": 0}),
    ("J1", {"teaching_area": Fraction(2900), "indoor_sports_area": 0}),
    ("J1", {"equipment_value": Fraction("106.25")}),
    ("J2", {"campus_of": "J1"}),
    ("N1", {"multimedia_rooms": 11}),
    ("C1", {"owner": "10"}),
    ("S1", {"has_charter": False}),
    ("P2", {"teaching_area": 30_000}),
    ("W1", {"migrant_children": 251, "built_year": 2009}),
)
"""What one school of the passing county may have instead; each keeps the cross-checks."""


def changed_county(draw: Draw) -> County:
    """The passing county with up to three schools changed: most parts stay as they are."""
    county = passing_county()
    for school_id, facts in draw(
        st.lists(st.sampled_from(CHANGES), max_size=3, unique_by=lambda each: each[0])
    ):
        county.set(school_id, **facts)
    if draw(st.integers(0, 3)) == 0:
        county.facts = county_facts(draw)
    if draw(st.integers(0, 3)) == 0:
        county.judge(draw(st.sampled_from(EVIDENCE + VETOES)), draw(st.sampled_from(("yes", "no", "na"))))
    return county


@st.composite
def counties(draw: Draw, complete: bool = False) -> County:
    """A small county; unless `complete`, a few facts are missing and an item unanswered."""
    county = (random_county if draw(st.booleans()) else changed_county)(draw)
    if not complete:
        for cell in draw(st.lists(blanks(county), max_size=2)):
            put(county, cell, None)
        for item in draw(st.lists(st.sampled_from(EVIDENCE + VETOES), max_size=1)):
            county.judge(item, None)
    return county
