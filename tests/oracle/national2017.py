"""national-2017: indicators, school rule, dispersion, parts and verdict (national.md 2-5, 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from .schools import COMPULSORY, School, exclusion_2017, settled, share
from .words import (
    Row,
    at_least,
    below,
    both,
    combine,
    first_known,
    number,
    ratio,
    same,
    times,
    total,
)  # fmt: skip

INDICATORS = ("L1", "L2", "L3", "L4", "L5", "L6", "L7")
SPLIT = ("L4", "L5", "L6", "L7")
SCALE = {"L1": 100, "L2": 100, "L3": 100, "L4": 1, "L5": 1, "L6": 1, "L7": 100}
STANDARD = {
    "primary": dict(
        zip(INDICATORS, map(Fraction, ("4.2", "1", "0.9", "4.5", "7.5", "2000", "2.3")), strict=True)
    ),
    "junior": dict(
        zip(INDICATORS, map(Fraction, ("5.3", "1", "0.9", "5.8", "10.2", "2500", "2.4")), strict=True)
    ),
}
FLOOR = Fraction("0.85")
CV_LIMIT = {"primary": Fraction("0.50"), "junior": Fraction("0.45")}
RELIEFS_FROM = date(2019, 10, 1)

SHORT, AT_FLOOR, MET = 0, 1, 2


@dataclass
class Settings:
    campus_mode: str = "merge"
    special_funds: Fraction = Fraction(6000)
    as_of: date = date(2023, 12, 31)

    @property
    def reliefs(self) -> bool:
        return self.as_of >= RELIEFS_FROM


@dataclass
class Figure:
    """One indicator of one section. `ordinary` and `relieved` are the lowest and highest grade that the
    known facts allow, without and with reliefs."""

    value: Fraction | None
    standard: Fraction
    status: str
    relief: str | None
    ordinary: tuple[int, int]
    relieved: tuple[int, int]


@dataclass
class Spread:
    sections: int
    mean: Fraction | None
    variance: Fraction | None
    cv_squared: Fraction | None
    status: str


@dataclass
class Outcome:
    indicators: dict[tuple[str, str, str], Figure] = field(default_factory=dict)
    schools: dict[tuple[str, str], str] = field(default_factory=dict)
    dispersion: dict[tuple[str, str], Spread] = field(default_factory=dict)
    excluded: dict[tuple[str, str], str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    verdict: str = ""


def above_degree(row: Row) -> Fraction | None:
    degrees = ["teachers_bachelor", "teachers_master", "teachers_doctor"]
    if row["stage"] == "primary":
        degrees.append("teachers_associate")
    return first_known(number(row.get("teachers_above_degree")), total(*(row.get(code) for code in degrees)))


def minus(first: Fraction | None, second: Fraction | None) -> Fraction | None:
    return None if first is None or second is None else first - second


def whole_amount(code: str, row: Row) -> Fraction | None:
    """The numerator as reported: of the section for L1-L3, of the whole school for L4-L7."""
    if code == "L1":
        return above_degree(row)
    if code == "L2":
        return number(row.get("backbone_teachers"))
    if code == "L3":
        return total(row.get("pe_teachers"), row.get("art_teachers"))
    if code == "L4":
        return minus(number(row.get("teaching_area")), number(row.get("indoor_sports_area")))
    if code == "L5":
        return total(row.get("sports_ground_area"), row.get("indoor_sports_area"))
    return times(row.get("equipment_value"), 10000) if code == "L6" else number(row.get("multimedia_rooms"))


def amount(code: str, row: Row, school: School) -> Fraction | None:
    """The numerator that belongs to the section, after the split."""
    whole = whole_amount(code, row)
    return times(whole, share(school, str(row["stage"]))) if code in SPLIT else whole


def grade(value: Fraction, standard: Fraction) -> int:
    return MET if value >= standard else AT_FLOOR if value >= standard * FLOOR else SHORT


def relief_of(code: str, row: Row, school: School) -> tuple[str, bool | None, Fraction | None] | None:
    """Id, condition and further amount of the relief an indicator knows."""
    if code == "L3":
        students = total(*(other.get("students") for other in school))
        small = both(same(row.get("location"), "rural"), at_least(students, 50), below(students, 100))
        return "T1", small, number(row.get("visiting_pe_art_teachers"))
    if code == "L5":
        further = times(row.get("extra_sports_area"), share(school, str(row["stage"])))
        dense = row.get("dense_city_centre")
        return "T2", None if dense is None else bool(dense), further
    return None


NAMES = {SHORT: "fail", AT_FLOOR: "floor", MET: "pass"}


def figure(code: str, row: Row, school: School, settings: Settings) -> Figure:
    standard = STANDARD[str(row["stage"])][code]
    value = ratio(amount(code, row, school), row.get("students"), SCALE[code])
    if value is None:
        return Figure(None, standard, "unknown", None, (SHORT, MET), (SHORT, MET))
    own = grade(value, standard)
    plain = Figure(value, standard, NAMES[own], None, (own, own), (own, own))
    relief = relief_of(code, row, school) if settings.reliefs and own != MET else None
    return relieved_figure(plain, relief, code, row) if relief else plain


def relieved_figure(
    plain: Figure, relief: tuple[str, bool | None, Fraction | None], code: str, row: Row
) -> Figure:
    """The figure with its relief tried; unchanged where the relief does not apply or changes nothing."""
    name, condition, further = relief
    assert plain.value is not None
    own = plain.ordinary[0]
    more = ratio(further, row["students"], SCALE[code])
    best = MET if more is None else grade(plain.value + more, plain.standard)
    if condition is False or best == own:
        return plain
    if condition is None or more is None:
        return Figure(plain.value, plain.standard, "unknown", None, (own, own), (own, best))
    status = "relieved" if best == MET else NAMES[best]
    return Figure(plain.value, plain.standard, status, name, (own, own), (best, best))


def rule(grades: Sequence[int]) -> bool:
    """At least six of the seven reach the standard, the rest the floor."""
    return min(grades) >= AT_FLOOR and sum(each == MET for each in grades) >= 6


def school_status(figures: Sequence[Figure]) -> str:
    if rule([each.ordinary[0] for each in figures]):
        return "pass"
    if rule([each.relieved[0] for each in figures]):
        return "relieved"
    return "unknown" if rule([each.relieved[1] for each in figures]) else "fail"


def spread(pairs: Sequence[tuple[Fraction | None, Fraction | None]], scale: int, limit: Fraction) -> Spread:
    """Student-weighted dispersion of (amount, students), centred on the ratio of the sums."""
    known = [(x, p) for x, p in pairs if x is not None and p is not None]
    if len(known) < len(pairs) or not known:
        return Spread(len(pairs), None, None, None, "unknown")
    students = sum((p for _, p in known), Fraction(0))
    mean = sum((x for x, _ in known), Fraction(0)) / students * scale
    variance = sum((p / students * (x / p * scale - mean) ** 2 for x, p in known), Fraction(0))
    if mean == 0:
        return Spread(len(pairs), mean, variance, None, "unknown")
    squared = variance / mean**2
    return Spread(len(pairs), mean, variance, squared, "pass" if squared <= limit**2 else "fail")


def resources(schools: dict[str, School], settings: Settings) -> Outcome:
    """Indicators, school results, dispersion and the part `resources`."""
    outcome = Outcome()
    members: dict[str, list[tuple[Row, School]]] = {stage: [] for stage in COMPULSORY}
    for school_id, school in schools.items():
        for row in school:
            stage = str(row["stage"])
            if stage in COMPULSORY:
                reason = exclusion_2017(row)
                if reason:
                    outcome.excluded[school_id, stage] = reason
                else:
                    members[stage].append((row, school))
                    judge_section(outcome, row, school, settings)
    for stage, sections in members.items():
        for code in INDICATORS:
            if sections:
                pairs = [(amount(code, row, school), number(row.get("students"))) for row, school in sections]
                outcome.dispersion[stage, code] = spread(pairs, SCALE[code], CV_LIMIT[stage])
    empty = ["unknown" for sections in members.values() if not sections]
    spreads = [each.status for each in outcome.dispersion.values()]
    outcome.parts["resources"] = combine([*outcome.schools.values(), *spreads, *empty])
    return outcome


def judge_section(outcome: Outcome, row: Row, school: School, settings: Settings) -> None:
    key = str(row["school_id"]), str(row["stage"])
    figures = {code: figure(code, row, school, settings) for code in INDICATORS}
    outcome.indicators |= {(*key, code): each for code, each in figures.items()}
    outcome.schools[key] = school_status(list(figures.values()))


def judge(
    sections: Sequence[Row],
    facts: Row,
    judgements: Sequence[dict[str, str | None]],
    settings: Settings,
) -> Outcome:
    """Everything national-2017 says about one county in one year."""
    from . import items2017

    schools = settled(sections, settings.campus_mode)
    outcome = resources(schools, settings)
    answers = {str(each["item"]): str(each["answer"]) for each in judgements if not each.get("school_id")}
    outcome.items = items2017.items(schools, facts, answers, settings)
    for part, names in items2017.PARTS.items():
        outcome.parts[part] = combine(outcome.items[name] for name in names)
    outcome.verdict = combine(outcome.parts.values())
    return outcome
