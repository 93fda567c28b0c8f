"""national-2017: guarantee, quality, recognition, vetoes, prerequisites (national.md 1, 6-8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from .schools import COMPULSORY, School, exclusion_2017, extreme
from .words import (
    Row,
    at_least,
    at_most,
    below,
    both,
    combine,
    either,
    first_known,
    number,
    ratio,
    same,
    times,
    total,
    word,
)  # fmt: skip

if TYPE_CHECKING:
    from .national2017 import Settings

SUBJECTS = ("chinese", "math", "science", "pe", "arts", "moral")
GUARANTEE = tuple(f"G{index:02d}" for index in range(1, 16))
QUALITY = tuple(f"Q{index}" for index in range(1, 10))
PARTS = {
    "prerequisites": ("P1", "P2"),
    "guarantee": GUARANTEE,
    "quality": QUALITY,
    "recognition": ("S1",),
    "vetoes": tuple(f"V{index}" for index in range(1, 7)),
}


def relieved(plain: bool | None, reliefs: Iterable[tuple[bool | None, bool | None]]) -> str:
    """The result of a school: reliefs are (condition, result under it), tried only where the plain fails."""
    if plain is not False:
        return word(plain)
    tried = [both(condition, result) for condition, result in reliefs]
    if any(each is True for each in tried):
        return "relieved"
    return "unknown" if any(each is None for each in tried) else "fail"


def compulsory(school: School) -> list[Row]:
    return [row for row in school if row["stage"] in COMPULSORY]


def in_scope(school: School) -> list[Row]:
    return [row for row in compulsory(school) if exclusion_2017(row) is None]


def rooms(school: School, kind: str, need: Fraction | None, area: int) -> bool | None:
    """One kind of room: enough of them, each large enough, as far as the smallest tells."""
    count, smallest = number(school[0].get(f"{kind}_rooms")), number(school[0].get(f"smallest_{kind}_room"))
    enough, large = at_least(count, need), at_least(smallest, area)
    if enough is False or need == 0:
        return enough
    if large is False:
        return False if count is not None and count == need else None
    return both(enough, large)


def music_and_art(school: School, settings: Settings) -> str:
    """G03 of one school."""
    classes = total(*(row.get("classes") for row in compulsory(school)))
    need = None if classes is None else Fraction(ceil(classes / 12))

    def under(music: int, art: int) -> bool | None:
        return both(rooms(school, "music", need, music), rooms(school, "art", need, art))

    small = 61 if any(row["stage"] == "junior" for row in school) else 54
    largest = extreme(max, (row.get("largest_class") for row in school))
    old = at_most(school[0].get("built_year"), 2016)
    village = both(same(school[0].get("location"), "rural"), below(largest, 30))
    reliefs = [(old, under(73, 67)), (village, under(small, small))] if settings.reliefs else []
    return relieved(under(96, 90), reliefs)


def size(school: School, settings: Settings) -> str:
    """G04 of one school."""
    kind = str(school[0]["school_type"])
    if kind not in ("primary_school", "junior_school", "complete_secondary", "nine_year", "twelve_year"):
        return "not_applicable"
    students = total(*(row.get("students") for row in compulsory(school)))
    combined = kind in ("nine_year", "twelve_year")
    plain = at_most(students, 2500 if combined else 2000)
    many = at_least(ratio(school[0].get("migrant_children"), students), Fraction(1, 2))
    exactly_half = same(times(school[0].get("migrant_children"), 2), students)
    condition = either(at_most(school[0].get("built_year"), 2010), both(many, _not(exactly_half)))
    larger = at_most(students, 3000 if combined else 2400)
    reliefs = [(condition, larger)] if settings.reliefs and kind != "twelve_year" else []
    return relieved(plain, reliefs)


def _not(condition: bool | None) -> bool | None:
    return None if condition is None else not condition


def class_size(row: Row) -> str:
    """G05 of one section: the largest class, or else no class above the limit."""
    limit = 45 if row["stage"] == "primary" else 50
    if row.get("largest_class") is not None:
        return word(at_most(row["largest_class"], limit))
    return word(same(number(row.get("oversized_classes")), 0))


def small_school_funds(school: School, rate: Fraction | None) -> str:
    """G06 of one school."""
    if school[0]["school_type"] not in ("primary_school", "teaching_point"):
        return "not_applicable"
    students = number(school[0].get("students"))
    if students is None:
        return "unknown"
    need = times(rate, max(students, Fraction(100)))
    return word(at_least(school[0].get("public_funds"), need)) if students < 100 else "not_applicable"


def if_counted(status: str, sections: Iterable[Row]) -> str:
    """A fail of sections that may not count at all (students missing, so perhaps none) is unknown."""
    known = any(number(row.get("students")) is not None for row in sections)
    return "unknown" if status == "fail" and not known else status


def everyone(schools: Mapping[str, School], code: str) -> str:
    """G09, G12: every teacher of the compulsory stages, special schools and small points too."""
    rows = [row for school in schools.values() for row in compulsory(school)]
    share = ratio(total(*(row.get(code) for row in rows)), total(*(row.get("teachers") for row in rows)))
    return word(at_least(share, 1))


def answered(answers: Mapping[str, str], *items: str) -> str:
    """Evidence: yes or a grade of 良好 or better passes, na does not apply, none is unknown."""
    answer = next((answers[item] for item in items if item in answers), None)
    if answer is None:
        return "unknown"
    return "not_applicable" if answer == "na" else word(answer in ("yes", "优秀", "良好"))


def veto(answers: Mapping[str, str], item: str) -> str:
    return {"no": "pass", "yes": "fail"}.get(answers.get(item, ""), "unknown")


def percentage(facts: Row, part: str, whole: str, limit: int) -> str:
    return word(at_least(ratio(facts.get(part), facts.get(whole), 100), limit))


def counted(schools: Mapping[str, School]) -> Iterator[School]:
    """Q3, Q4: schools that are neither teaching points nor campuses."""
    for school in schools.values():
        if school[0]["school_type"] != "teaching_point" and school[0].get("campus_of") is None:
            yield school


def charter(school: School) -> str:
    return word(same(school[0].get("has_charter"), True))


def training(school: School) -> str:
    share = ratio(school[0].get("training_budget"), school[0].get("public_funds_budget"), 100)
    return word(at_least(share, 5))


def migrants(facts: Row) -> str:
    placed = total(facts.get("migrant_public"), facts.get("migrant_purchased"))
    return word(at_least(ratio(placed, facts.get("migrant_eligible"), 100), 85))


def consolidation(facts: Row) -> str:
    """Q1, the first formula of national.md 7."""
    stayed = total(
        facts.get("graduates"), times(facts.get("transferred_in"), -1), facts.get("transferred_out")
    )
    entered = total(facts.get("entered_three_years_ago"), times(facts.get("deceased"), -1))
    return word(at_least(ratio(stayed, entered, 100), 95))


def monitoring(facts: Row, subject: str) -> str:
    level, gap = facts.get(f"monitoring_level_{subject}"), facts.get(f"monitoring_gap_{subject}")
    return word(both(at_least(level, 3), below(gap, Fraction("0.15"))))


def recognition(facts: Row) -> str:
    counted_rate = ratio(facts.get("recognition_satisfied"), facts.get("recognition_valid"), 100)
    return word(at_least(first_known(counted_rate, number(facts.get("recognition_rate"))), 85))


def guarantee(
    schools: Mapping[str, School], facts: Row, answers: Mapping[str, str], settings: Settings
) -> dict[str, str]:
    scoped = [school for school in schools.values() if in_scope(school)]
    rate = number(facts.get("funds_unit_rate_primary"))
    special = ratio(times(facts.get("special_funds"), 10000), facts.get("special_students"))
    pay = at_least(facts.get("teacher_average_pay"), facts.get("civil_servant_average_pay"))
    nearby = (
        word(at_least(facts.get("nearby_entry_primary"), 100)),
        word(at_least(facts.get("nearby_entry_junior"), 95)),
    )
    return {
        "G01": answered(answers, "G01"),
        "G02": answered(answers, "G02"),
        "G03": combine(if_counted(music_and_art(school, settings), in_scope(school)) for school in scoped),
        "G04": combine(size(school, settings) for school in scoped),
        "G05": combine(if_counted(class_size(row), [row]) for school in scoped for row in in_scope(school)),
        "G06": combine(small_school_funds(school, rate) for school in schools.values()),
        "G07": word(at_least(special, settings.special_funds)),
        "G08": combine([word(pay), answered(answers, "G08b", "G08")]),
        "G09": everyone(schools, "trained_teachers"),
        "G10": answered(answers, "G10"),
        "G11": combine(
            [
                percentage(facts, "rotated", "rotation_eligible", 10),
                percentage(facts, "rotated_backbone", "rotated", 20),
            ]
        ),
        "G12": everyone(schools, "certified_teachers"),
        "G13": combine(nearby),
        "G14": combine(
            [
                percentage(facts, "quality_senior_allocated", "quality_senior_quota", 50),
                answered(answers, "G14b", "G14"),
            ]
        ),
        "G15": combine([migrants(facts), answered(answers, "G15b", "G15")]),
    }


def quality(schools: Mapping[str, School], facts: Row, answers: Mapping[str, str]) -> dict[str, str]:
    charters = combine(map(charter, counted(schools)))
    return {
        "Q1": consolidation(facts),
        "Q2": percentage(facts, "disabled_enrolled", "disabled_children", 95),
        "Q3": combine([charters, answered(answers, "Q3b", "Q3")]),
        "Q4": combine(map(training, counted(schools))),
        **{item: answered(answers, item) for item in ("Q5", "Q6", "Q7", "Q8")},
        "Q9": combine(monitoring(facts, subject) for subject in SUBJECTS),
    }


def items(
    schools: Mapping[str, School], facts: Row, answers: Mapping[str, str], settings: Settings
) -> dict[str, str]:
    """The status of every item by id, compound items as one."""
    since = total(settings.as_of.year, times(facts.get("basic_balance_year"), -1))
    return {
        **guarantee(schools, facts, answers, settings),
        **quality(schools, facts, answers),
        "S1": recognition(facts),
        **{item: veto(answers, item) for item in PARTS["vetoes"]},
        "P1": word(at_least(since, 3)),
        "P2": answered(answers, "P2"),
    }
