"""Cases beside, on and past a limit: many small counties, judged in one evaluation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from tests.oracle.words import Fact

from .builder import County, passing_county, school
from .runner import Result, run

Look = Callable[[Result], object]


@dataclass
class Case:
    """A county named after what it tries, where to look in its result, and what must stand there."""

    name: str
    county: County
    look: Look
    expected: object

    def __post_init__(self) -> None:
        self.county.name = self.name


@dataclass
class Cases:
    """Cases of one standard, evaluated together once."""

    profile: str
    cases: list[Case]
    settings: dict[str, object] = field(default_factory=dict)
    _result: Result | None = None

    def __post_init__(self) -> None:
        names = [case.name for case in self.cases]
        assert len(set(names)) == len(names), "every case needs a name of its own"

    @property
    def names(self) -> list[str]:
        return [case.name for case in self.cases]

    def check(self, name: str) -> None:
        if self._result is None:
            counties = [case.county for case in self.cases]
            self._result = run(*counties, profile=self.profile, settings=self.settings)
        case = next(case for case in self.cases if case.name == name)
        assert case.look(self._result.of(name)) == case.expected


def indicator(school_id: str, stage: str, code: str) -> Look:
    return lambda result: result.indicator(school_id, stage, code)["status"]


def relief(school_id: str, stage: str, code: str) -> Look:
    def look(result: Result) -> object:
        row = result.indicator(school_id, stage, code)
        return row["status"], row["relief"]

    return look


def spread(stage: str, code: str) -> Look:
    return lambda result: result.dispersion(stage, code)["status"]


def item(code: str) -> Look:
    return lambda result: result.item(code)


def part(code: str) -> Look:
    return lambda result: result.parts()[code]


KIND = {"primary": "primary_school", "junior": "junior_school"}

AMOUNTS: dict[str, dict[str, Fraction]] = {
    "L1": {"teachers_above_degree": Fraction(1, 100)},
    "L2": {"backbone_teachers": Fraction(1, 100)},
    "L3": {"pe_teachers": Fraction(1, 100), "art_teachers": Fraction(0)},
    "L4": {"teaching_area": Fraction(1), "indoor_sports_area": Fraction(0)},
    "L5": {"sports_ground_area": Fraction(1), "indoor_sports_area": Fraction(0)},
    "L6": {"equipment_value": Fraction(1, 10000)},
    "L7": {"multimedia_rooms": Fraction(1, 100)},
    "B1": {"teaching_area": Fraction(1), "indoor_sports_area": Fraction(0)},
    "B2": {"sports_ground_area": Fraction(1), "indoor_sports_area": Fraction(0)},
    "B3": {"equipment_value": Fraction(1, 10000)},
    "B4": {"computers": Fraction(1, 100)},
    "B5": {"books": Fraction(1)},
    "B6": {"staff": Fraction(1)},
    "B7": {"teachers_above_degree": Fraction(1)},
    "B8": {"mid_title_teachers": Fraction(1)},
}
"""The fact behind an indicator and how much of it one student at value 1 needs."""


def amounts(code: str, value: Fraction, students: int) -> dict[str, Fact]:
    """Facts that give the indicator exactly this value; further facts of its numerator are zero."""
    return {name: value * students * factor for name, factor in AMOUNTS[code].items()}


def one_section(stage: str, students: int, *figures: tuple[str, Fraction], **facts: Fact) -> County:
    """A county of one school at exactly these indicator values."""
    return County(sections=sections("A1", stage, students, figures, **facts))


def sections(
    school_id: str, stage: str, students: int, figures: Iterable[tuple[str, Fraction]], **facts: Fact
) -> list[dict[str, Fact]]:
    rows = school(school_id, KIND[stage], {stage: students}, **facts)
    for code, value in figures:
        for row in rows:
            row.update(amounts(code, value, students))
    return rows


def pair(
    stage: str, code: str, first: Fraction, second: Fraction, students: tuple[int, int], **facts: Fact
) -> County:
    """A county of two schools whose values of one indicator are exactly these."""
    return County(
        sections=[
            *sections("A1", stage, students[0], [(code, first)], **facts),
            *sections("A2", stage, students[1], [(code, second)], **facts),
        ]
    )


def county_case(name: str, code: str, expected: str, **facts: Fact) -> Case:
    """The passing county with some county facts changed."""
    return Case(name, passing_county().know(**facts), item(code), expected)


def school_case(
    name: str, code: str, expected: str, school_id: str, stage: str | None = None, **facts: Fact
) -> Case:
    """The passing county with one school changed."""
    return Case(name, passing_county().set(school_id, stage, **facts), item(code), expected)


def further_case(
    name: str, code: str, expected: str, kind: str, students: dict[str, Fact], **facts: Fact
) -> Case:
    """The passing county with one school more, `X1`."""
    return Case(name, passing_county().add(school("X1", kind, students, **facts)), item(code), expected)
