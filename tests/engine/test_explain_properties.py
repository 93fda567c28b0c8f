"""The numbers of an explanation are those of the result, for every figure of random counties."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings

from balance_tui.engine.explanation import Derivation, explain_dispersion, explain_indicator, explain_item
from balance_tui.engine.result import Result
from balance_tui.standard.expression import Expression
from tests.contract.builder import County
from tests.contract.generators import counties

from .explain_data import result_of, told

STANDARDS = ("national-2017", "national-2012")
FEW = settings(max_examples=7)


def derivations(result: Result) -> list[tuple[dict[str, object], Derivation]]:
    """Every indicator of every section in scope with its row of the result."""
    return [
        (row, explain_indicator(result, row["school_id"], row["stage"], row["indicator"]))
        for row in result.indicator_details.to_dicts()
    ]


def exact_value(derivation: Derivation) -> Fraction:
    """The value computed again from what the derivation says: its formula and its exact facts."""
    formula, numbers = derivation.of_kind("formula")[0].data, derivation.of_kind("numbers")[0].data
    facts = {name: None if text is None else Fraction(text) for name, text in numbers["exact"].items()}
    known = {name: facts.get(name) for name in Expression.parse(formula["numerator"]).names}
    above = Expression.parse(formula["numerator"]).bound(SETTINGS).exact({**facts, **known})
    below = Expression.parse(formula["denominator"]).exact(facts)
    assert isinstance(above, Fraction)
    assert isinstance(below, Fraction)
    return Fraction(formula["scale"]) * above / below


SETTINGS = {"indoor_sports_2012": "sports"}


@pytest.mark.parametrize("name", STANDARDS)
@given(county=counties())
@FEW
def test_the_numbers_of_a_derivation_give_the_value_of_the_result(name: str, county: County) -> None:
    for row, derivation in derivations(result_of(county, name=name)):
        assert derivation.value == row["value"]
        assert derivation.status == row["status"]
        assert derivation.limit == row["standard"]
        numbers = derivation.of_kind("numbers")[0].data
        assert numbers["value"] == row["value"]
        if row["value"] is None:
            assert derivation.of_kind("reason")
            continue
        assert numbers["numerator"] / numbers["denominator"] * numbers["scale"] == pytest.approx(
            row["value"], rel=1e-14, abs=1e-300
        )
        exact = exact_value(derivation)
        assert float(exact) == pytest.approx(row["value"], rel=1e-12, abs=1e-300)
        for bound in (row["standard"], row["floor"]):
            if bound is not None:
                assert (row["value"] >= bound) == (exact >= Fraction(str(bound)))


@given(county=counties())
@FEW
def test_a_gap_is_enough_and_one_less_is_not(county: County) -> None:
    for row, derivation in derivations(result_of(county)):
        steps = derivation.of_kind("gap")
        below = row["value"] is not None and row["value"] < row["standard"]
        assert bool(steps) == bool(below)
        for target in (each for step in steps for each in step.rows):
            unit = 1 if derivation.unit.zh in ("人", "间") else 0.01
            assert target["value"] >= target["limit"] * (1 - 1e-12)
            assert 0 < target["more"] < target["exact"] + unit
            if unit == 1:
                assert target["more"] == int(target["more"])


@pytest.mark.parametrize("name", STANDARDS)
@given(county=counties())
@FEW
def test_contributions_sum_to_the_variance_and_agree_with_those_of_the_sections(
    name: str, county: County
) -> None:
    result = result_of(county, name=name)
    for row in result.dispersion.to_dicts():
        derivation = explain_dispersion(result, row["stage"], row["indicator"])
        assert (derivation.value, derivation.status, derivation.limit) == (
            row["cv"],
            row["status"],
            row["limit"],
        )
        told(derivation)
        if row["indicator"] == "composite":
            continue
        rows = derivation.of_kind("contribution")[0].rows
        assert len(rows) == row["sections"]
        if row["cv"] is None:
            assert derivation.of_kind("missing")
            continue
        numbers = derivation.of_kind("numbers")[0].data
        assert numbers["amount"] / numbers["students"] * numbers["scale"] == pytest.approx(
            row["mean"], rel=1e-12
        )
        total = sum(each["contribution"] for each in rows)
        assert total == pytest.approx(row["sd"] ** 2, rel=1e-9, abs=1e-15)
        first = rows[0]
        own = explain_indicator(result, first["school_id"], row["stage"], row["indicator"])
        step = own.of_kind("contribution")[0].data
        assert step["contribution"] == first["contribution"]
        assert step["rank"] == 1


@pytest.mark.parametrize("name", STANDARDS)
@given(county=counties())
@FEW
def test_every_item_says_what_the_result_says(name: str, county: County) -> None:
    result = result_of(county, name=name)
    for row in result.requirements.to_dicts():
        derivation = explain_item(result, row["id"])
        assert (derivation.value, derivation.limit, derivation.status) == (
            row["value"],
            row["limit"],
            row["status"],
        )
        text = told(derivation)
        assert all(str(each["school_id"]) in text or each["school"] in text for each in row["failing"])
    for part in result.counties["parts"][0]:
        derivation = explain_item(result, part["id"])
        assert derivation.status == part["status"]
        told(derivation)


@given(county=counties())
@FEW
def test_a_little_more_widens_the_dispersion_above_the_turning_point_and_narrows_it_below(
    county: County,
) -> None:
    result = result_of(county)
    for row in result.dispersion.to_dicts():
        if not row["cv"] or row["cv"] < 0.05:
            continue
        rows = explain_dispersion(result, row["stage"], row["indicator"]).of_kind("contribution")[0].rows
        turn = row["mean"] * (1 + row["cv"] ** 2)
        for each in rows:
            raised = spread(rows, each["school_id"], 1.0001)
            if each["value"] > turn * 1.001:
                assert raised > row["cv"]
            elif 0 < each["value"] < turn * 0.999:
                assert raised < row["cv"]


def spread(sections: tuple[dict[str, float], ...], school_id: object, factor: float) -> float:
    """The coefficient of variation with one section's amount raised."""
    pairs = [
        (each["amount"] * (factor if each["school_id"] == school_id else 1.0), each["students"])
        for each in sections
    ]
    whole = sum(p for _, p in pairs)
    mean = sum(x for x, _ in pairs) / whole
    return float((sum(p * (x / p - mean) ** 2 for x, p in pairs) / whole) ** 0.5 / mean)
