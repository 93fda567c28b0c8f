"""Beijing's 31 thresholds judged a second time, from plain rows and in fractions; and a county that meets them all.

Written from the project's reading of the document, not from the standard's file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from operator import eq, ge, gt, le

from tests.contract.builder import COLUMNS, County, passing_county
from tests.oracle.schools import COMPULSORY, School, by_school, exclusion_2017, share
from tests.oracle.words import Fact, Row, combine, number, word

F = Fraction
Amount = Callable[[School, Row], Fraction | None]

BEIJING_COLUMNS = (*COLUMNS, "music_art_area", "stage_music_art_area")

BEIJING_FACTS: Mapping[str, Fact] = {
    "major_accidents": 0, "nearby_entry_public": 100, "consolidation_rate": F("99.5"),
    "residents_in_plan_rate": 100, "migrants_in_budget_rate": 100, "migrant_approved_private": 10,
    "disabled_educated": 100, "fiscal_education_growth": 8, "fiscal_revenue_growth": 7,
    "per_student_cost_growth": 1, "teacher_pay_growth": 1, "per_student_funds_growth": 1, "special_funds": 90,
    "special_purpose_funds": 24, "special_purpose_students": 20, "corporal_punishment_cases": 0,
}  # fmt: skip


def students_of(school: School) -> Fraction:
    """All students of a school, senior ones too."""
    return sum((number(row["students"]) or F(0) for row in school), F(0))


def beijing_county(name: str = "甲区", year: int = 2025) -> County:
    """A county that passes the national standard and all of Beijing's thresholds, whichever way they are asked."""
    county = passing_county(name, year=year).know(**BEIJING_FACTS)
    for school in by_school(county.sections).values():
        kept = county.rows(str(school[0]["school_id"]))
        for row in kept:
            row["equipment_value"] = (number(row["equipment_value"]) or F(0)) * 4
            row["music_art_area"] = 3 * students_of(school)
            row["stage_music_art_area"] = 3 * (number(row["students"]) or F(0))
    return county


# ── County facts ───────────────────────────────────────────────────────────────────────────────────

OPERATORS: Mapping[str, Callable[[Fraction, Fraction], bool]] = {">=": ge, ">": gt, "<=": le, "==": eq}


def _ratio(above: Fraction | None, below: Fraction | None, scale: int = 1) -> Fraction | None:
    return None if above is None or not below else scale * above / below


def _figures(facts: Row) -> dict[str, Fraction | None]:
    """The figure of each threshold that is asked of the district as a whole."""
    know = {code: number(fact) for code, fact in facts.items() if not isinstance(fact, (str, bool))}

    def less(first: str, second: str) -> Fraction | None:
        one, other = know.get(first), know.get(second)
        return None if one is None or other is None else one - other

    def plus(first: str, second: str) -> Fraction | None:
        one, other = know.get(first), know.get(second)
        return None if one is None or other is None else one + other

    def rate(above: str, below: str, scale: int = 100) -> Fraction | None:
        return _ratio(know.get(above), know.get(below), scale)

    return {
        "BJ10.1": know.get("major_accidents"),
        "BJ11.1": know.get("nearby_entry_public"),
        "BJ11.2": rate("quality_senior_allocated", "quality_senior_quota"),
        "BJ11.3": know.get("consolidation_rate"),
        "BJ12.1": know.get("residents_in_plan_rate"),
        "BJ12.2": know.get("migrants_in_budget_rate"),
        "BJ12.3": _ratio(
            plus("migrant_public", "migrant_approved_private"), know.get("migrant_eligible"), 100
        ),
        "BJ12.4": rate("disabled_educated", "disabled_children"),
        "BJ13.1": less("fiscal_education_growth", "fiscal_revenue_growth"),
        "BJ13.2": know.get("per_student_cost_growth"),
        "BJ13.3": know.get("teacher_pay_growth"),
        "BJ13.4": know.get("per_student_funds_growth"),
        "BJ14.1": rate("teacher_average_pay", "civil_servant_average_pay", 1),
        "BJ15.2": rate("special_funds", "special_students", 10_000),
        "BJ26.1": know.get("corporal_punishment_cases"),
        "BJ28.3": rate("rotated", "rotation_eligible"),
        "BJ28.4": rate("rotated_backbone", "rotated"),
    }


# ── School sections ────────────────────────────────────────────────────────────────────────────────


def _of_row(*codes: str, minus: str = "", scale: int = 1) -> Amount:
    def amount(_school: School, row: Row) -> Fraction | None:
        known = [number(row.get(code)) for code in codes]
        less = number(row.get(minus)) if minus else F(0)
        if less is None or None in known:
            return None
        return (sum((each for each in known if each is not None), F(0)) - less) * scale

    return amount


def _shared(of_school: Amount) -> Amount:
    """The part of a whole-school amount that is the section's."""

    def amount(school: School, row: Row) -> Fraction | None:
        whole, part = of_school(school, row), share(school, str(row["stage"]))
        return None if whole is None or part is None else whole * part

    return amount


def _music_art(school: School, row: Row) -> Fraction | None:
    area, own = number(row.get("music_art_area")), number(row["students"])
    return None if area is None or own is None else area * own / students_of(school)


_ROOMS = _shared(_of_row("teaching_area", minus="indoor_sports_area"))
_SPORTS = _shared(_of_row("sports_ground_area", "indoor_sports_area"))
_EQUIPMENT = _shared(_of_row("equipment_value", scale=10_000))
_MULTIMEDIA = _shared(_of_row("multimedia_rooms", scale=100))
_BACKBONE = _of_row("backbone_teachers", scale=100)
RATES: Mapping[str, tuple[tuple[str, ...], Amount]] = {
    "BJ17.1": (("primary",), _ROOMS), "BJ17.2": (("junior",), _ROOMS),
    "BJ17.3": (("primary",), _SPORTS), "BJ17.4": (("junior",), _SPORTS),
    "BJ17.5": (COMPULSORY, _music_art),
    "BJ18.1": (("primary",), _EQUIPMENT), "BJ18.2": (("junior",), _EQUIPMENT),
    "BJ20.1": (("primary",), _MULTIMEDIA), "BJ20.2": (("junior",), _MULTIMEDIA),
    "BJ28.1": (("primary",), _BACKBONE), "BJ28.2": (("junior",), _BACKBONE),
}  # fmt: skip


def _asked(county: County, stages: tuple[str, ...]) -> list[tuple[School, Row]]:
    found = [(school, row) for school in by_school(county.sections).values() for row in school]
    return [(school, row) for school, row in found if row["stage"] in stages and exclusion_2017(row) is None]


def _rates(county: County, code: str, limit: Fraction, level: str) -> str:
    stages, amount = RATES[code]
    pairs = [(amount(school, row), number(row["students"])) for school, row in _asked(county, stages)]
    if level == "section":
        figures = [_ratio(above, below) for above, below in pairs]
        return combine(word(None if figure is None else figure >= limit) for figure in figures)
    if any(above is None for above, _ in pairs):
        return "unknown"
    mean = _ratio(sum((a or F(0) for a, _ in pairs), F(0)), sum((b or F(0) for _, b in pairs), F(0)))
    return word(None if mean is None else mean >= limit)


def _funded(county: County) -> str:
    """Schools under 400 students are funded for 400: 核定公用经费 ÷ the unit rate, of two stages weighted by students."""
    rate = {stage: number(county.facts[f"funds_unit_rate_{stage}"]) for stage in COMPULSORY}
    words = []
    for school in by_school(county.sections).values():
        if school[0]["school_type"] in ("special", "teaching_point") or students_of(school) >= 400:
            continue
        mine = {
            str(row["stage"]): number(row["students"]) or F(0) for row in school if row["stage"] in COMPULSORY
        }
        weighted = sum((mine[stage] * (rate[stage] or F(0)) for stage in mine), F(0)) / sum(mine.values())
        funds = number(school[0]["public_funds"])
        words.append(word(None if funds is None else funds / weighted >= 400))
    return combine(words)


def _classes(county: County, stage: str) -> str:
    largest = [number(row["largest_class"]) for _, row in _asked(county, (stage,))]
    return combine(word(None if each is None else each <= 40) for each in largest)


def judged(county: County, limits: Mapping[str, tuple[str, Fraction]], level: str) -> dict[str, str]:
    """The status of every threshold; `limits` are operator and limit by id, `level` section or district."""
    figures = _figures(county.facts)
    found = {
        code: word(None if figure is None else OPERATORS[limits[code][0]](figure, limits[code][1]))
        for code, figure in figures.items()
    }
    found |= {code: _rates(county, code, limits[code][1], level) for code in RATES}
    stages = {"BJ16.1": "primary", "BJ16.2": "junior"}
    return (
        found
        | {code: _classes(county, stage) for code, stage in stages.items()}
        | {"BJ15.1": _funded(county)}
    )
