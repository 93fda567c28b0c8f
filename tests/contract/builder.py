"""Made-up counties for tests: plain rows of the contract's columns, written as the files of DESIGN 8.

`passing_county()` passes every part of national-2017 without a relief; a test changes what it is about.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import ceil
from pathlib import Path

from tests.oracle.schools import STAGES
from tests.oracle.words import Fact, Row

KEYS = ("province", "city", "county", "year")
SCHOOL_FACTS = (
    "school_id", "school", "school_type", "campus_of", "owner", "location", "boarding", "built_year",
    "migrant_children", "dense_city_centre", "teaching_area", "indoor_sports_area", "sports_ground_area",
    "extra_sports_area", "equipment_value", "multimedia_rooms", "computers", "books", "music_rooms",
    "smallest_music_room", "art_rooms", "smallest_art_room", "public_funds", "public_funds_budget",
    "training_budget", "has_charter", "meets_provincial_standard",
)  # fmt: skip
SECTION_FACTS = (
    "stage", "students", "grades", "classes", "largest_class", "oversized_classes", "teachers",
    "teachers_doctor", "teachers_master", "teachers_bachelor", "teachers_associate", "teachers_above_degree",
    "backbone_teachers", "pe_teachers", "art_teachers", "visiting_pe_art_teachers", "certified_teachers",
    "trained_teachers", "staff", "mid_title_teachers",
)  # fmt: skip
COLUMNS = KEYS + SCHOOL_FACTS + SECTION_FACTS
JUDGEMENT_COLUMNS = (
    *KEYS,
    "school_id",
    "stage",
    "item",
    "answer",
    "score",
    "source",
    "remark",
    "evidence",
    "unit",
)

SUBJECTS = ("chinese", "math", "science", "pe", "arts", "moral")
EVIDENCE = ("G01", "G02", "G08", "G10", "G14", "G15", "Q3", "Q5", "Q6", "Q7", "Q8", "P2")
VETOES = ("V1", "V2", "V3", "V4", "V5", "V6")
YEAR = 2023


@dataclass(repr=False)
class County:
    """One county and year: section rows, county facts, judgements."""

    name: str = "甲县"
    province: str | None = "某省"
    city: str | None = "某市"
    year: int | None = YEAR
    sections: list[Row] = field(default_factory=list)
    facts: Row = field(default_factory=dict)
    judgements: list[dict[str, str | None]] = field(default_factory=list)

    @property
    def key(self) -> Row:
        return {"province": self.province, "city": self.city, "county": self.name, "year": self.year}

    def __repr__(self) -> str:
        """Short: a whole county would fill the screen of a failed property test."""
        kinds = (f"{row['school_id']} {row['school_type']} {row['students']}" for row in self.sections)
        return f"<{self.name} {self.year}: {'; '.join(kinds)}>"

    def rows(self, school_id: str, stage: str | None = None) -> list[Row]:
        found = [
            row for row in self.sections if row["school_id"] == school_id and stage in (None, row["stage"])
        ]
        assert found, f"no rows of {school_id} {stage}"
        return found

    def set(self, school_id: str, stage: str | None = None, **facts: Fact) -> County:
        """Change facts of a school (every stage row) or of one of its sections."""
        assert stage is None or not set(facts) & set(SCHOOL_FACTS), "a school's fact stands on all its rows"
        for row in self.rows(school_id, stage):
            row.update(facts)
        return self

    def know(self, **facts: Fact) -> County:
        """Change county facts."""
        self.facts.update(facts)
        return self

    def judge(self, item: str, answer: str | None, **further: str | None) -> County:
        """Answer an item, in place of an earlier answer; None takes the answer back."""
        self.judgements = [
            each for each in self.judgements if each["item"] != item or each.get("school_id") is not None
        ]
        if answer is not None:
            self.judgements.append({"item": item, "answer": answer, "source": "verified", **further})
        return self

    def add(self, rows: Iterable[Row]) -> County:
        self.sections.extend(rows)
        return self


def consistent(stage: str, students: Fact) -> Row:
    """Counts of a section of so many students that pass every test and every cross-check."""
    size = (
        Fraction(students) if students is not None and not isinstance(students, (str, bool)) else Fraction(0)
    )
    teachers = ceil(size / 10)
    return {
        "stage": stage,
        "students": students,
        "grades": 6 if stage == "primary" else 3,
        "classes": ceil(size / 40),
        "largest_class": min(Fraction(40), size),
        "oversized_classes": 0,
        "teachers": teachers,
        "teachers_above_degree": ceil(size * 6 / 100),
        "backbone_teachers": ceil(size / 50),
        "pe_teachers": ceil(size / 100),
        "art_teachers": ceil(size / 100),
        "visiting_pe_art_teachers": 0,
        "certified_teachers": teachers,
        "trained_teachers": teachers,
        "staff": teachers + 1,
        "mid_title_teachers": ceil(size / 20),
    }


def school(school_id: str, school_type: str, students: dict[str, Fact], **facts: Fact) -> list[Row]:
    """The stage rows of one school; facilities follow from its compulsory students."""
    known = {stage: Fraction(each) for stage, each in students.items() if isinstance(each, (int, Fraction))}
    weights = {"primary": Fraction(1), "junior": Fraction(11, 10), "senior": Fraction(132, 100)}
    weighted = sum((weights[stage] * size for stage, size in known.items()), Fraction(0))
    size = weighted if len(STAGES.get(school_type, ("",))) > 1 else sum(known.values(), Fraction(0))
    classes = sum(ceil(each / 40) for stage, each in known.items() if stage != "senior")
    shared: Row = {
        "school_id": school_id,
        "school": f"第{school_id}学校",
        "school_type": school_type,
        "campus_of": None,
        "owner": "7",
        "location": "town",
        "boarding": False,
        "built_year": 2018,
        "migrant_children": 0,
        "dense_city_centre": False,
        "teaching_area": size * 7,
        "indoor_sports_area": size,
        "sports_ground_area": size * 10,
        "extra_sports_area": 0,
        "equipment_value": size * 3 / 10,
        "multimedia_rooms": ceil(size * 3 / 100),
        "computers": ceil(size / 5),
        "books": ceil(size * 30),
        "music_rooms": max(1, ceil(Fraction(classes, 12))),
        "smallest_music_room": 96,
        "art_rooms": max(1, ceil(Fraction(classes, 12))),
        "smallest_art_room": 90,
        "public_funds": 1_000_000,
        "public_funds_budget": 100,
        "training_budget": 6,
        "has_charter": True,
        "meets_provincial_standard": True,
    }
    return [shared | consistent(stage, each) | facts for stage, each in students.items()]


def passing_facts() -> Row:
    monitoring: Row = {f"monitoring_level_{subject}": 3 for subject in SUBJECTS}
    monitoring |= {f"monitoring_gap_{subject}": Fraction("0.10") for subject in SUBJECTS}
    return monitoring | {
        "funds_unit_rate_primary": 650,
        "funds_unit_rate_junior": 850,
        "special_funds": 60,
        "special_students": 60,
        "teacher_average_pay": 100_000,
        "civil_servant_average_pay": 99_000,
        "rotation_eligible": 200,
        "rotated": 40,
        "rotated_backbone": 20,
        "nearby_entry_primary": 100,
        "nearby_entry_junior": 98,
        "quality_senior_quota": 400,
        "quality_senior_allocated": 240,
        "quality_senior_rural": 100,
        "migrant_eligible": 100,
        "migrant_public": 80,
        "migrant_purchased": 15,
        "graduates": 960,
        "entered_three_years_ago": 1000,
        "transferred_in": 20,
        "transferred_out": 30,
        "deceased": 0,
        "disabled_children": 100,
        "disabled_enrolled": 99,
        "recognition_issued": 1000,
        "recognition_valid": 900,
        "recognition_satisfied": 850,
        "basic_balance_year": 2015,
        "government_score": 90,
        "satisfaction_rate": 90,
    }


def passing_schools() -> list[Row]:
    """One school of every kind, two of the plain ones."""
    return [
        *school("P1", "primary_school", {"primary": 600}),
        *school("P2", "primary_school", {"primary": 400}),
        *school("T1", "teaching_point", {"primary": 60}, location="rural"),
        *school("J1", "junior_school", {"junior": 500}),
        *school("J2", "junior_school", {"junior": 800}),
        *school("N1", "nine_year", {"primary": 400, "junior": 300}),
        *school("C1", "complete_secondary", {"junior": 300, "senior": 600}),
        *school("W1", "twelve_year", {"primary": 300, "junior": 200, "senior": 200}),
        *school("S1", "special", {"primary": 60}),
    ]


def passing_county(name: str = "甲县", **key: str | int | None) -> County:
    """A county that passes national-2017 in every part, with no relief and nothing unknown."""
    county = County(name=name, sections=passing_schools(), facts=passing_facts(), **key)  # type: ignore[arg-type]
    for item in EVIDENCE:
        county.judge(item, "yes")
    for item in VETOES:
        county.judge(item, "no")
    return county


def cell(fact: Fact) -> str:
    """The fact as a person would type it; only finite decimals can be typed."""
    if fact is None or isinstance(fact, str):
        return fact or ""
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    typed = Decimal(Fraction(fact).numerator) / Decimal(Fraction(fact).denominator)
    assert Fraction(typed) == Fraction(fact), f"{fact} has no finite decimal form"
    return format(typed, "f")


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows([cell(row.get(column)) for column in columns] for row in rows)
    return path


def write_sections(path: Path, counties: Sequence[County], columns: Sequence[str] = COLUMNS) -> Path:
    return write_table(path, columns, (row | each.key for each in counties for row in each.sections))


def write_facts(path: Path, counties: Sequence[County]) -> Path:
    codes = sorted({code for county in counties for code in county.facts})
    return write_table(path, (*KEYS, *codes), (county.facts | county.key for county in counties))


def write_judgements(path: Path, counties: Sequence[County]) -> Path:
    rows = (dict(each) | county.key for county in counties for each in county.judgements)
    return write_table(path, JUDGEMENT_COLUMNS, rows)
