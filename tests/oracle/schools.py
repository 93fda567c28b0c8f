"""Campuses, scope and the split of combined schools (national.md 3, 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from .words import Fact, Row, number, total

COMPULSORY = ("primary", "junior")

STAGES = {
    "primary_school": ("primary",),
    "teaching_point": ("primary",),
    "junior_school": ("junior",),
    "nine_year": ("primary", "junior"),
    "complete_secondary": ("junior", "senior"),
    "twelve_year": ("primary", "junior", "senior"),
}

WEIGHTS = {"primary": Fraction(1), "junior": Fraction(11, 10), "senior": Fraction(132, 100)}

SUMMED_OF_SCHOOL = (
    "migrant_children", "teaching_area", "indoor_sports_area", "sports_ground_area", "extra_sports_area",
    "equipment_value", "multimedia_rooms", "computers", "books", "music_rooms", "art_rooms", "public_funds",
)  # fmt: skip
"""Budgets and the charter stay the parent's own: Q3 and Q4 do not count campuses (national.md 6.2)."""

SUMMED_OF_SECTION = (
    "students", "classes", "oversized_classes", "teachers", "teachers_doctor", "teachers_master",
    "teachers_bachelor", "teachers_associate", "teachers_above_degree", "backbone_teachers", "pe_teachers",
    "art_teachers", "visiting_pe_art_teachers", "certified_teachers", "trained_teachers", "staff",
    "mid_title_teachers",
)  # fmt: skip

School = list[Row]
"""The stage rows of one school; facts of the whole school stand on each."""


def by_school(sections: Iterable[Row]) -> dict[str, School]:
    schools: dict[str, School] = {}
    for row in sections:
        schools.setdefault(str(row["school_id"]), []).append(dict(row))
    return schools


def extreme(pick: Callable[..., Fraction], facts: Iterable[Fact]) -> Fraction | None:
    numbers = [number(fact) for fact in facts]
    known = [value for value in numbers if value is not None]
    return pick(known) if known and len(known) == len(numbers) else None


def join(parent: School, campus: School) -> None:
    """Add a campus to its parent: amounts summed, smallest and largest kept, missing if any is missing."""
    for row in parent:
        for code in SUMMED_OF_SCHOOL:
            row[code] = total(row.get(code), campus[0].get(code))
        for code in ("smallest_music_room", "smallest_art_room"):
            row[code] = extreme(min, (row.get(code), campus[0].get(code)))
        for other in campus:
            if other["stage"] == row["stage"]:
                for code in SUMMED_OF_SECTION:
                    row[code] = total(row.get(code), other.get(code))
                row["largest_class"] = extreme(max, (row.get("largest_class"), other.get("largest_class")))


def settled(sections: Iterable[Row], campus_mode: str) -> dict[str, School]:
    """Schools by id; with mode `merge`, campuses have joined the school they belong to."""
    schools = by_school(sections)
    if campus_mode == "separate":
        return schools
    for school_id, rows in list(schools.items()):
        parent = rows[0].get("campus_of")
        if parent is not None:
            join(schools[str(parent)], rows)
            del schools[school_id]
    return schools


def exclusion_2017(row: Row) -> str | None:
    """Why a section of the compulsory stages stays out of the seven indicators; None when it is in."""
    students, kind = number(row.get("students")), row["school_type"]
    if kind in ("special", "vocational"):
        return str(kind)
    if students == 0:
        return "no students"
    small = kind == "teaching_point" and students is not None and students < 50
    return "teaching point below 50" if small else None


def exclusion_2012(row: Row) -> str | None:
    """Basic balance leaves out private, provincial, city, enterprise schools and every teaching point."""
    if row["school_type"] in ("special", "vocational", "teaching_point"):
        return str(row["school_type"])
    if number(row.get("students")) == 0:
        return "no students"
    return None if row.get("owner") in ("7", "8") else f"owner {row.get('owner')}"


def share(school: School, stage: str) -> Fraction | None:
    """The part of a whole-school amount that belongs to a stage."""
    needed = STAGES[str(school[0]["school_type"])]
    if needed == (stage,):
        return Fraction(1)
    students: Mapping[str, Fraction | None] = {
        str(row["stage"]): number(row.get("students")) for row in school
    }
    weighted = total(*(_weighted(students.get(each), each) for each in needed))
    own = _weighted(students.get(stage), stage)
    return None if not weighted or own is None else own / weighted


def _weighted(students: Fraction | None, stage: str) -> Fraction | None:
    return None if students is None else students * WEIGHTS[stage]
