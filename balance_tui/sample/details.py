"""Detail tables of a county: its rooms and its classes, one row each."""

from __future__ import annotations

from collections.abc import Iterator

from .model import CountyYear, Facts, School

GRADES = {
    "primary": ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级"),
    "junior": ("七年级", "八年级", "九年级"),
    "senior": ("高一", "高二", "高三"),
}


def rooms(county: CountyYear) -> Iterator[Facts]:
    """Every music and art room, where the county gives its list."""
    if not county.plan.rooms:
        return
    for school in county.schools:
        for kind, areas in school.rooms.items():
            for area in areas:
                yield {**county.keys, "school_id": school.facts["school_id"], "kind": kind, "area": area}


def _classes_of(school: School, stage: str) -> Iterator[Facts]:
    """Classes in turn to the grades offered, so that every grade has one."""
    grades = GRADES[stage][: int(school.sections[stage]["grades"] or 0)]
    for place, students in enumerate(school.class_sizes[stage]):
        number, grade = divmod(place, len(grades))
        yield {"stage": stage, "grade": grades[grade], "class": f"{number + 1}班", "students": students}


def class_list(county: CountyYear) -> Iterator[Facts]:
    """Every class, where the county gives its list."""
    if not county.plan.classes:
        return
    for school in county.schools:
        for stage in school.sections:
            for row in _classes_of(school, stage):
                yield {**county.keys, "school_id": school.facts["school_id"], **row}
