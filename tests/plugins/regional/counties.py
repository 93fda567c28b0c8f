"""Counties for the regional standards: the passing county with the regions' own facts, and cases judged together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from tests.contract.builder import COLUMNS, County, passing_county
from tests.contract.runner import Result, run
from tests.oracle.words import Fact

OWN_COLUMNS = (
    *COLUMNS, "uplink_mbps", "class_link_mbps", "campus_wifi", "guards_ready", "alarm_connected", "closed_campus",
    "has_school_plan", "meets_school_standard", "classes_100mbps", "land_area", "school_consolidation_rate",
)  # fmt: skip
"""The contract's columns with those that the regional standards read."""

SHAANXI_FACTS: Mapping[str, Fact] = {
    "fiscal_education_growth": 8, "fiscal_revenue_growth": 7, "per_student_cost_growth": 1,
    "teacher_pay_growth": 1, "per_student_funds_growth": 1, "refused_disabled": 0, "disabled_placed": 100,
    "left_behind_students": 50, "left_behind_recorded": 50, "posts_freed": 5, "posts_refilled": 5,
}  # fmt: skip
SHAANXI_SCHOOL: Mapping[str, Fact] = {
    "uplink_mbps": 1000, "class_link_mbps": 100, "campus_wifi": True, "guards_ready": True,
    "alarm_connected": True, "closed_campus": True, "has_school_plan": True, "meets_school_standard": True,
}  # fmt: skip


def regional_county(name: str, year: int | None = 2025) -> County:
    """The passing county of a year with every fact that Shaanxi asks for, each at its limit or better."""
    county = passing_county(name, year=year).know(**SHAANXI_FACTS)
    for row in county.sections:
        row.update(SHAANXI_SCHOOL)
        row["classes_100mbps"] = row["classes"]
    return county


Look = Callable[[Result], object]


def status(item: str) -> Look:
    """The status of the row with exactly this id."""
    return lambda result: result.requirement(item)["status"]


@dataclass(frozen=True)
class Tried:
    """A county that tries something, what to look at, and what must be seen."""

    name: str
    county: County
    look: Look
    expected: object


class Trial:
    """Cases of one standard and its settings, judged in one evaluation when the first is asked for."""

    def __init__(self, profile: str, cases: Iterable[Tried], **settings: object) -> None:
        self.profile, self.settings = profile, settings
        self.cases = {case.name: case for case in cases}

    @cached_property
    def result(self) -> Result:
        for name, case in self.cases.items():
            case.county.name = name
        counties = [case.county for case in self.cases.values()]
        return run(*counties, profile=self.profile, settings=self.settings, columns=OWN_COLUMNS)

    def check(self, name: str) -> None:
        case = self.cases[name]
        assert case.look(self.result.of(name)) == case.expected
