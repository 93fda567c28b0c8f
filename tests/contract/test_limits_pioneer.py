"""pioneer-2021: three conditions, four groups of tasks, twenty items; three years and 85 % (seed 003)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

import pytest

from .builder import County, passing_county
from .cases import Case, Cases, item
from .runner import run

F = Fraction


def limit_cases() -> Iterator[Case]:
    for year, expected in ((2019, "pass"), (2020, "pass"), (2021, "fail")):
        yield Case(
            f"basic balance {year}",
            solved(passing_county().know(basic_balance_year=year)),
            item("C2"),
            expected,
        )
    for satisfied, expected in ((8499, "fail"), (8500, "pass"), (8501, "pass")):
        county = passing_county().know(recognition_valid=10_000, recognition_satisfied=satisfied)
        yield Case(f"recognition {satisfied}", county.know(recognition_issued=10_000), item("S1"), expected)
    for rate, expected in (("84.99", "fail"), ("85", "pass"), ("85.01", "pass")):
        county = passing_county().know(recognition_valid=None, recognition_satisfied=None)
        yield Case(f"recognition rate {rate}", county.know(recognition_rate=F(rate)), item("S1"), expected)


def solved(county: County) -> County:
    """Problems found at recognition are answered as solved."""
    return county.judge("C2b", "yes")


CASES = Cases("pioneer-2021", list(limit_cases()))


@pytest.mark.parametrize("name", CASES.names)
def test_limit_of_the_pioneer_counties(name: str) -> None:
    CASES.check(name)


def test_three_conditions_four_groups_of_tasks_and_twenty_items() -> None:
    codes = {row["id"] for row in run(passing_county(), profile="pioneer-2021").json["requirements"]}
    items = {match.group() for code in codes if (match := re.match(r"[A-Z]\d+", code))}
    assert len([code for code in items if code.startswith("C")]) == 3
    assert len([code for code in items if code.startswith("K")]) == 4
    assert len([code for code in items if code.startswith("A")]) == 20


def test_nothing_is_recognised_on_numbers_alone() -> None:
    result = run(passing_county(), profile="pioneer-2021")
    assert result.item("C1") == "unknown"
    assert result.verdict == "unknown"
