"""A value on its limit is on its limit: what lies within the tolerance is decided in fractions.

Binary fractions put 9 teachers for 1000 pupils at 0.8999999999999999 per hundred. Comparisons run on
Float64; the few rows within `NEAR` of a limit are computed again from the facts as exact fractions, and the
value is then put on the limit, or next to it on its own side, so that every later comparison agrees.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import polars as pl

from ..standard.expression import Expression, Scalar
from .plans import picked, widened

NEAR = 1e-9
"""How near a limit, as a part of it (of 1 where the limit is smaller), binary fractions may not decide."""


def fraction(number: float | None) -> Fraction | None:
    """The number as it was written: 0.1 is one tenth."""
    if number is None:
        return None
    whole = number == int(number) and abs(number) < 2**53  # then it is exactly what was written
    return Fraction(int(number)) if whole else Fraction(Decimal(repr(number)))


def facts_of(row: Mapping[str, Any]) -> dict[str, Scalar]:
    """A row's facts for exact evaluation: numbers as the fractions they were written as."""
    return {
        name: fraction(value) if isinstance(value, float | int) and not isinstance(value, bool) else value
        for name, value in row.items()
    }


def near(value: pl.Expr, limit: pl.Expr | float) -> pl.Expr:
    """Rows too close to the limit for binary fractions to decide."""
    if isinstance(limit, float):
        return (value - limit).abs() <= NEAR * max(abs(limit), 1.0)
    return (value - limit).abs() <= NEAR * pl.max_horizontal(limit.abs(), pl.lit(1.0))


def snapped(value: float, exact: Fraction | None, limit: Fraction) -> float:
    """The float nearest to `value` that lies on the same side of `limit` as the exact value does."""
    if exact is None:
        return value
    bound = float(limit)
    if exact == limit:
        return bound
    if exact > limit:
        return max(value, math.nextafter(bound, math.inf))
    return min(value, math.nextafter(bound, -math.inf))


_COMPARISONS: Mapping[str, Callable[[pl.Expr, pl.Expr | float], pl.Expr]] = {
    ">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt, "==": operator.eq,
}  # fmt: skip


def compared(symbol: str, left: pl.Expr, right: pl.Expr | float) -> pl.Expr:
    """`left symbol right`, null where either is."""
    return _COMPARISONS[symbol](left, right)


def flips_when_rounded(symbol: str, value: pl.Expr, limit: pl.Expr | float, decimals: int) -> pl.Expr:
    """Whether `value symbol limit` turns round where the value is taken as it is printed: half up, with so
    many decimals. False where either is null."""
    factor = 10.0**decimals
    printed = (value * factor + 0.5 + NEAR).floor() / factor
    return (compared(symbol, value, limit) != compared(symbol, printed, limit)).fill_null(False)


def decide(
    frame: pl.DataFrame,
    symbol: str,
    exact: Callable[[dict[str, Any]], tuple[Fraction | None, Fraction | None]],
) -> pl.DataFrame:
    """`frame` (columns `value`, `limit`) with a column `holds`: whether value `symbol` limit, null where
    either is missing. Rows near their limit are decided by `exact`, which gives both sides as fractions."""
    is_near, holds = _deciding(symbol)
    close = picked(frame, [is_near])["value"].arg_true()
    if len(close):
        decided = [
            snapped(row["value"], *_relative(row, exact(row))) for row in frame[close].iter_rows(named=True)
        ]  # fmt: skip
        frame = frame.with_columns(frame["value"].scatter(close, decided))
    return widened(frame, [holds])


@cache
def _deciding(symbol: str) -> tuple[pl.Expr, pl.Expr]:
    """Whether a row is near its limit, and whether it holds."""
    value, limit = pl.col("value"), pl.col("limit")
    return near(value, limit).fill_null(False), compared(symbol, value, limit).alias("holds")


def _relative(
    row: dict[str, Any], sides: tuple[Fraction | None, Fraction | None]
) -> tuple[Fraction | None, Fraction]:
    """The exact value moved so that it lies to the float limit as it lies to the exact limit."""
    value, limit = sides
    bound = Fraction(row["limit"])
    if value is None or limit is None:
        return None, bound
    return bound + (value - limit), bound


def exact_first(alternatives: tuple[Expression, ...], facts: Mapping[str, Scalar]) -> Fraction | None:
    """The first known of several expressions, exactly."""
    for expression in alternatives:
        value = expression.exact(facts)
        if isinstance(value, Fraction):
            return value
    return None
