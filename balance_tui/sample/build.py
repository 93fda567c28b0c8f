"""The whole sample in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random

from .county import county_facts, judgements, keys_of
from .figures import school_of
from .model import Blueprint, Change, CountyPlan, CountyYear, Facts, School
from .notice import YEARS
from .plans import PLANS
from .roster import roster_of, school_codes, school_name


def _changed(school: School, changes: Iterable[Change]) -> School:
    for change in changes:
        target = school.facts if change.stage is None else school.sections[change.stage]
        target.update(change.facts)
        if change.rooms is not None:
            school.rooms = dict(change.rooms)
    return school


def _summary_of_rooms(school: School) -> Facts:
    """The summary fields of the room list; a school without a room of a kind has no smallest one."""
    music, art = school.rooms["music"], school.rooms["art"]
    return {
        "music_rooms": len(music),
        "smallest_music_room": min(music, default=None),
        "art_rooms": len(art),
        "smallest_art_room": min(art, default=None),
        "music_art_area": sum(music) + sum(art),
    }


def _sum_of_degrees(stage: str, section: Facts) -> Facts:
    degrees = ["teachers_doctor", "teachers_master", "teachers_bachelor"]
    degrees += ["teachers_associate"] if stage == "primary" else []
    return {"teachers_above_degree": sum(int(section[degree] or 0) for degree in degrees)}


def _school(
    plan: CountyPlan, year: int, blueprint: Blueprint, codes: dict[str, str], random: Random
) -> School:
    names: Facts = {
        **keys_of(plan, year),
        "school_id": codes[blueprint.stem],
        "school": school_name(plan, blueprint),
        "campus_of": codes[blueprint.parent.stem] if blueprint.parent else None,
    }
    changes = [change for change in plan.changes if change.stem == blueprint.stem and year in change.years]
    school = _changed(school_of(blueprint, names, year - YEARS[0], random), changes)
    school.facts.update(_summary_of_rooms(school))
    if plan.degree_sum:
        for stage, section in school.sections.items():
            section.update(_sum_of_degrees(stage, section))
    return school


def _county_years(plan: CountyPlan, seed: int) -> Iterator[CountyYear]:
    roster = roster_of(plan, Random(f"{seed}:{plan.number}"))
    codes = school_codes(plan, roster)
    for year in YEARS:
        schools = tuple(
            _school(plan, year, blueprint, codes, Random(f"{seed}:{plan.number}:{blueprint.stem}"))
            for blueprint in roster
            if year in blueprint.years
        )
        yield CountyYear(
            plan, year, schools, county_facts(plan, year, schools), tuple(judgements(plan, year, schools))
        )


def build(seed: int) -> tuple[CountyYear, ...]:
    """The eight counties and years of the sample; the same for the same seed, on every machine."""
    return tuple(county for plan in PLANS for county in _county_years(plan, seed))
