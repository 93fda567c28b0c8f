"""One way to show a number."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance_tui.engine.figures import figure, plain


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (0.125, 2, "0.13"),
        (1.005, 2, "1.01"),
        (2.5, 0, "3"),
        (-2.5, 0, "-3"),
        (-0.001, 2, "0.00"),
        (0.8999999999999999, 2, "0.90"),
        (Fraction(1, 3), 4, "0.3333"),
        (Fraction(-1, 8), 2, "-0.13"),
        (1e15, 1, "1000000000000000.0"),
        (612, 2, "612.00"),
        (None, 2, "—"),
        (float("nan"), 2, "—"),
        (float("inf"), 2, "∞"),
    ],
)
def test_a_figure_is_rounded_half_up_and_keeps_its_zeros(value: float, decimals: int, shown: str) -> None:
    assert figure(value, decimals) == shown


@given(st.fractions(-(10**9), 10**9), st.integers(0, 8))
def test_a_figure_is_the_nearest_and_never_minus_zero(value: Fraction, decimals: int) -> None:
    shown = figure(value, decimals)
    assert abs(Fraction(shown) - value) <= Fraction(1, 2 * 10**decimals)
    assert not (shown.startswith("-") and not Decimal(shown))
    assert len(shown.partition(".")[2]) == decimals


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_as_written_reads_back_as_itself(value: float) -> None:
    assert float(plain(value)) == value
    assert "e" not in plain(value)
