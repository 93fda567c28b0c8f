"""national-2012: eight indicators, their CVs and the composite to 50 digits (national.md 11)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction

from .national2017 import Spread, minus, spread
from .schools import School, exclusion_2012, settled, share
from .words import Row, number, times, total

INDICATORS = ("B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8")
SPLIT = ("B1", "B2", "B3", "B4", "B5")
SCALE = dict.fromkeys(INDICATORS, 1) | {"B4": 100}
LIMIT = {"primary": Decimal("0.65"), "junior": Decimal("0.55")}
DIGITS = 50
SAME = Decimal(10) ** -40
"""Two composites nearer than this are one: the square roots are right to fifty digits."""

PLAIN = {
    "B4": "computers",
    "B5": "books",
    "B6": "staff",
    "B7": "teachers_above_degree",
    "B8": "mid_title_teachers",
}


def whole_amount(code: str, row: Row) -> Fraction | None:
    if code == "B1":
        return minus(number(row.get("teaching_area")), number(row.get("indoor_sports_area")))
    if code == "B2":
        return total(row.get("sports_ground_area"), row.get("indoor_sports_area"))
    return times(row.get("equipment_value"), 10000) if code == "B3" else number(row.get(PLAIN[code]))


def amount(code: str, row: Row, school: School) -> Fraction | None:
    whole = whole_amount(code, row)
    return times(whole, share(school, str(row["stage"]))) if code in SPLIT else whole


def root(square: Fraction) -> Decimal:
    with localcontext() as context:
        context.prec = DIGITS
        return (Decimal(square.numerator) / Decimal(square.denominator)).sqrt()


def dispersion(sections: Sequence[Row], stage: str, campus_mode: str = "merge") -> dict[str, Spread]:
    """The spread of each indicator over the sections of a stage that are in scope."""
    schools = settled(sections, campus_mode)
    members = [
        (row, school)
        for school in schools.values()
        for row in school
        if row["stage"] == stage and exclusion_2012(row) is None
    ]
    return {
        code: spread(
            [(amount(code, row, school), number(row.get("students"))) for row, school in members],
            SCALE[code],
            Fraction(1),
        )
        for code in INDICATORS
    }


def composite(spreads: dict[str, Spread]) -> Decimal | None:
    """The plain mean of the eight CVs; None where any is unknown."""
    roots = [root(each.cv_squared) for each in spreads.values() if each.cv_squared is not None]
    with localcontext() as context:
        context.prec = DIGITS
        return sum(roots, Decimal(0)) / len(INDICATORS) if len(roots) == len(INDICATORS) else None


def status(value: Decimal | None, stage: str) -> str:
    if value is None:
        return "unknown"
    return "pass" if value <= LIMIT[stage] + SAME else "fail"
