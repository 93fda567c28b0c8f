"""From a blueprint to the facts of one year: plausible figures that agree with one another."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from random import Random

from .amounts import facility, factors_of, persons, weighted_students
from .model import Blueprint, Facts, Rooms, School

CLASS_SIZE = {"primary": (36, 42), "junior": (40, 46), "senior": (44, 49)}
UNIT_FUNDS = {"primary": 720, "junior": 940, "senior": 1200}
SPECIAL_FUNDS = 6600
"""Public funds a student and year, in yuan."""

SMALL_SCHOOL = 100
ROOM_CLASSES = 12


def grades_of(kind: str, stage: str) -> int:
    """Years of schooling offered: a teaching point keeps the lower four."""
    if stage != "primary":
        return 3
    return 4 if kind == "teaching_point" else 6


def _class_sizes(blueprint: Blueprint, stage: str, students: int, random: Random) -> list[int]:
    full = blueprint.class_size or random.randint(*CLASS_SIZE[stage])
    full = 12 if blueprint.kind == "special" else full
    classes = max(grades_of(blueprint.kind, stage), ceil(students / full))
    small, larger = divmod(students, classes)
    return [small + 1] * larger + [small] * (classes - larger)


def _teachers(stage: str, above: int, kind: str, students: int) -> int:
    if kind == "special":
        return max(above, ceil(students / 4))
    needed = above / (0.97 if stage == "primary" else 0.9)
    return max(ceil(needed), grades_of(kind, stage) + 1)


def _degrees(stage: str, teachers: int, above: int) -> Facts:
    master = above // 25
    bachelor = (above - master) * 7 // 10 if stage == "primary" else above - master
    rest = above if stage == "primary" else teachers
    return {
        "teachers_master": master,
        "teachers_bachelor": bachelor,
        "teachers_associate": rest - master - bachelor,
    }


def _section(
    blueprint: Blueprint, stage: str, students: int, sizes: list[int], factors: Mapping[str, float]
) -> Facts:
    above = persons("L1", stage, students, factors["L1"])
    teachers = _teachers(stage, above, blueprint.kind, students)
    arts = persons("L3", stage, students, factors["L3"])
    pe = (arts + 1) // 2
    return {
        "students": students,
        "grades": grades_of(blueprint.kind, stage),
        "classes": len(sizes),
        "largest_class": max(sizes),
        "oversized_classes": 0,
        "teachers": teachers,
        "teachers_doctor": 0,
        **_degrees(stage, teachers, above),
        "backbone_teachers": persons("L2", stage, students, factors["L2"]),
        "pe_teachers": pe,
        "art_teachers": arts - pe,
        "visiting_pe_art_teachers": 0,
        "certified_teachers": teachers,
        "trained_teachers": teachers,
        "staff": teachers + ceil(teachers / 12),
        "mid_title_teachers": ceil(teachers * 0.55),
        "classes_100mbps": len(sizes),
    }


def _funds(blueprint: Blueprint, students: Mapping[str, int]) -> Facts:
    if blueprint.kind == "special":
        funds = sum(students.values()) * SPECIAL_FUNDS
    elif blueprint.kind in ("primary_school", "teaching_point"):
        funds = max(students["primary"], SMALL_SCHOOL) * UNIT_FUNDS["primary"]
    else:
        funds = sum(UNIT_FUNDS[stage] * number for stage, number in students.items())
    budget = funds / 10_000
    return {"public_funds": funds, "public_funds_budget": budget, "training_budget": ceil(budget * 6) / 100}


def _facilities(blueprint: Blueprint, students: Mapping[str, int], factors: Mapping[str, float]) -> Facts:
    def amount(indicator: str) -> float:
        return facility(indicator, blueprint.kind, students, factors[indicator])

    weighted = weighted_students(blueprint.kind, students)
    indoor = 20 * round(weighted / 60) if weighted > 300 else 0
    return {
        "teaching_area": ceil(amount("L4")) + indoor,
        "indoor_sports_area": indoor,
        "sports_ground_area": ceil(amount("L5")) - indoor,
        "extra_sports_area": 0,
        "equipment_value": ceil(amount("L6") / 100) / 100,
        "multimedia_rooms": ceil(amount("L7") / 100),
        "computers": ceil(weighted * 0.11 * factors["L7"]),
        "books": ceil(weighted * 26 * factors["L4"]),
    }


def _room_list(blueprint: Blueprint, classes: int, random: Random) -> Rooms:
    """One room of each kind for every twelve classes begun; the first has exactly the blueprint's area."""
    number = ceil(classes / ROOM_CLASSES)
    further = [float(random.randint(0, 8)) for _ in range(number - 1)]
    music, art = blueprint.areas
    return {
        "music": (music, *(music + more for more in further)),
        "art": (art, *(art + more for more in further)),
    }


def _standing(blueprint: Blueprint, students: int) -> Facts:
    return {
        "owner": blueprint.owner,
        "location": blueprint.location,
        "boarding": blueprint.location == "rural" and blueprint.kind in ("junior_school", "nine_year"),
        "built_year": blueprint.built,
        "migrant_children": round(students * blueprint.migrant_share),
        "dense_city_centre": blueprint.dense,
        "has_charter": True,
        "meets_provincial_standard": True,
        "meets_school_standard": True,
        "uplink_mbps": 1000,
        "class_link_mbps": 100,
        "campus_wifi": True,
        "guards_ready": True,
        "alarm_connected": True,
        "closed_campus": True,
        "has_school_plan": True,
    }


def _students(blueprint: Blueprint, grown: float) -> dict[str, int]:
    growth = 1.0 if blueprint.steady else grown
    sizes = blueprint.students.items()
    return {stage: round(number * growth) for stage, number in sizes if isinstance(number, int)}


def school_of(blueprint: Blueprint, names: Facts, years_on: int, random: Random) -> School:
    """The school in one year. `names` are its keys, code and name; `years_on` counts from the first year
    of the sample. Draws the same numbers every year but for a growth of at most 1 % a year."""
    factors = factors_of(random)
    students = _students(blueprint, 1 + years_on * random.uniform(-0.01, 0.01))
    sizes = {stage: _class_sizes(blueprint, stage, number, random) for stage, number in students.items()}
    compulsory = {stage: number for stage, number in students.items() if stage != "senior"}
    rooms = _room_list(blueprint, sum(len(sizes[stage]) for stage in compulsory or students), random)
    facts: Facts = {
        **names,
        "school_type": blueprint.kind,
        **_standing(blueprint, sum(compulsory.values())),
        **_facilities(blueprint, students, factors),
        **_funds(blueprint, students),
    }
    sections = {
        stage: _section(blueprint, stage, number, sizes[stage], factors) for stage, number in students.items()
    }
    return School(facts, sections, sizes, rooms)
