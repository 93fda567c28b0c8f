"""Figures that would change sides if they were taken as they are printed; limits decided in fractions."""

from __future__ import annotations

import math
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance_tui.engine.exact import compared, decide, flips_when_rounded, fraction, snapped
from tests.contract.builder import passing_county
from tests.engine.explain_data import result_of


def _told(expression: pl.Expr) -> object:
    return pl.select(expression).item()


@pytest.mark.parametrize(
    ("symbol", "value", "limit", "flips"),
    [
        (">=", 4.196, 4.2, True),
        (">=", 4.194, 4.2, False),
        (">=", 4.2, 4.2, False),
        ("<=", 0.5004, 0.5, True),
        ("<=", 0.506, 0.5, False),
        ("<=", None, 0.5, False),
    ],
)
def test_rounding_flips_what_lies_within_half_a_printed_digit_of_its_limit(
    symbol: str, value: float | None, limit: float, flips: bool
) -> None:
    assert _told(flips_when_rounded(symbol, pl.lit(value, pl.Float64), limit, 2)) is flips


def test_a_figure_that_rounding_would_carry_over_its_limit_is_told_with_school_and_limit() -> None:
    county = passing_county()
    assert not result_of(county).rounding.height
    county.set("P2", equipment_value=Fraction("79.99999"))  # for 400 students
    (row,) = result_of(county).rounding.to_dicts()
    assert (row["school_id"], row["stage"], row["figure"], row["limit"]) == ("P2", "primary", "L6", 2000)
    assert row["value"] == pytest.approx(1999.99975)


def test_a_standard_without_indicators_has_all_frames_with_all_their_columns() -> None:
    result, other = result_of(passing_county(), name="pioneer-2021"), result_of(passing_county())
    for name in ("schools", "indicators", "dispersion", "excluded", "rounding"):
        assert result.frame(name).height == 0
        assert result.frame(name).schema == other.frame(name).schema


@given(
    st.floats(-1e6, 1e6),
    st.fractions(-1000, 1000, max_denominator=1000),
    st.fractions(-1000, 1000, max_denominator=1000),
)
def test_a_snapped_value_lies_to_the_limit_as_the_exact_one_does(
    value: float, exact: Fraction, limit: Fraction
) -> None:
    put, bound = snapped(value, exact, limit), float(limit)
    assert (put > bound, put == bound) == (exact > limit, exact == limit)


def test_a_value_that_cannot_be_known_exactly_stays() -> None:
    assert snapped(0.1, None, Fraction(1, 10)) == 0.1


@given(st.integers(0, 10**6), st.integers(0, 6))
def test_a_number_is_the_fraction_it_was_written_as(digits: int, places: int) -> None:
    written = Fraction(digits, 10**places)
    assert fraction(float(written)) == written


def test_only_what_lies_near_its_limit_is_asked_for_exactly() -> None:
    asked: list[float] = []

    def exact(row: dict[str, object]) -> tuple[Fraction, Fraction]:
        asked.append(float(str(row["value"])))
        return Fraction(9, 10), Fraction(9, 10)

    frame = pl.DataFrame({"value": [0.8, 0.8999999999999999, 1.0, None], "limit": [0.9] * 4})
    assert decide(frame, ">=", exact)["holds"].to_list() == [False, True, True, None]
    assert asked == [0.8999999999999999]


@pytest.mark.parametrize(
    ("symbol", "answers"),
    [(">=", (0, 1, 1)), (">", (0, 0, 1)), ("<=", (1, 1, 0)), ("<", (1, 0, 0)), ("==", (0, 1, 0))],
)
def test_every_comparison_means_what_it_says(symbol: str, answers: tuple[int, int, int]) -> None:
    values = (math.nextafter(1.0, 0.0), 1.0, math.nextafter(1.0, 2.0))
    assert tuple(_told(compared(symbol, pl.lit(value), 1.0)) for value in values) == tuple(map(bool, answers))
