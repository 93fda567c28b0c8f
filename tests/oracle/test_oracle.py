"""The oracle itself, against published figures and against the expectations typed in the limit tests."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.contract import test_limits_2012, test_limits_2017
from tests.contract.builder import County, passing_county, school
from tests.contract.cases import Case
from tests.contract.compare import oracle

from . import national2012, national2017
from .national2017 import Outcome, spread
from .schools import by_school, share
from .words import WORST_FIRST, both, combine, either, first_known

F = Fraction


def read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def test_worked_example_of_the_dispersion(shared: Path) -> None:
    rows = list(read(shared / "data" / "worked_example_books.csv"))
    found = spread([(F(row["books"]), F(row["students"])) for row in rows], 1, F("0.5"))
    assert found.cv_squared is not None
    assert found.mean == F(1913, 302)
    assert abs(national2012.root(found.cv_squared) - Decimal("0.515256629884476")) < Decimal("1e-15")
    assert found.status == "fail"


def test_worked_example_of_the_split(shared: Path) -> None:
    (row,) = read(shared / "data" / "worked_example_split.csv")
    students = {"primary": int(row["primary_students"]), "junior": int(row["junior_students"])}
    rows = by_school(school("N1", "nine_year", dict(students)))["N1"]
    shares = [(share(rows, stage) or F(0)) * int(row["total"]) for stage in ("primary", "junior")]
    assert [round(float(each), 6) for each in shares] == [9711.627204, 13514.372796]
    assert sum(shares) == int(row["total"])


def test_limits_are_those_of_the_reference_table(shared: Path) -> None:
    for row in read(shared / "data" / "thresholds_national_2017.csv"):
        for stage in ("primary", "junior"):
            standard = national2017.STANDARD[stage][row["code"]]
            assert standard == F(row[f"{stage}_min"])
            assert standard * national2017.FLOOR == F(row[f"{stage}_floor_85pct"])
            assert national2017.CV_LIMIT[stage] == F(row[f"{stage}_cv_max"])


def test_composite_is_the_plain_mean_of_the_published_dispersions(shared: Path) -> None:
    rows = list(read(shared / "data" / "published_composites.csv"))
    assert len(rows) == 23
    for row in rows:
        mean = sum(F(value) for name, value in row.items() if name.startswith("cv_")) / 8
        assert abs(mean - F(row["published_composite"])) < F("0.001")


class Seen:
    """The oracle's outcome, asked the way the tests ask the program's."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome

    def indicator(self, school_id: str, stage: str, code: str) -> dict[str, Any]:
        figure = self.outcome.indicators[school_id, stage, code]
        return {"status": figure.status, "relief": figure.relief}

    def dispersion(self, stage: str, code: str) -> dict[str, Any]:
        return {"status": self.outcome.dispersion[stage, code].status}

    def item(self, code: str) -> str:
        return self.outcome.items[code]


TYPED = [
    case
    for group in (test_limits_2017.RESOURCES, test_limits_2017.ITEMS, test_limits_2017.RELIEFS)
    for case in group.cases
]


@pytest.mark.parametrize("case", TYPED, ids=lambda case: case.name)
def test_the_decision_typed_in_a_limit_test_is_the_exact_one(case: Case) -> None:
    assert case.look(Seen(oracle(case.county))) == case.expected  # type: ignore[arg-type]


COMPOSITES = [case for case in test_limits_2012.CASES.cases if len(case.county.sections) == 2]


@pytest.mark.parametrize("case", COMPOSITES, ids=lambda case: case.name)
def test_the_composite_typed_in_a_limit_test_is_the_exact_one(case: Case) -> None:
    stage = str(case.county.sections[0]["stage"])
    value = national2012.composite(national2012.dispersion(case.county.sections, stage))
    assert national2012.status(value, stage) == case.expected


def test_the_passing_county_passes_without_relief_or_unknown() -> None:
    outcome = oracle(passing_county())
    assert (outcome.verdict, set(outcome.parts.values())) == ("pass", {"pass"})
    assert oracle(County()).verdict == "unknown"


def test_results_combine_worst_first_and_not_applicable_is_neutral() -> None:
    assert WORST_FIRST == ("fail", "unknown", "relieved", "pass")
    assert combine(["pass", "relieved", "unknown", "fail"]) == "fail"
    assert combine(["pass", "not_applicable"]) == "pass"
    assert combine([]) == combine(["not_applicable"]) == "not_applicable"


def test_conditions_follow_kleene() -> None:
    assert [both(None, False), both(None, True), both(True, True)] == [False, None, True]
    assert [either(None, True), either(None, False), either(False, False)] == [True, None, False]


def test_two_known_sources_that_disagree_are_unknown() -> None:
    assert [first_known(None, F(2)), first_known(F(2), F(2)), first_known(F(2), F(3))] == [2, 2, None]
