"""Numbers as they are shown: one way for every face of the program."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

NOTHING = "—"
"""What stands where there is no figure."""

_SIGNIFICANT = Context(prec=15, rounding=ROUND_HALF_EVEN)
_WIDE = Context(prec=400)

Number = float | int | Fraction | Decimal


def figure(value: Number | None, decimals: int) -> str:
    """The number rounded half up to so many decimals, trailing zeros kept, never `-0`; nothing as a dash.

    A Float64 is taken at its 15 trustworthy digits, so that what was written 1.005 is shown as 1.01; a
    fraction at its exact value.

    >>> figure(1.005, 2), figure(0.8999999999999999, 2), figure(-0.001, 2), figure(5, 0), figure(None, 2)
    ('1.01', '0.90', '0.00', '5', '—')
    """
    if value is None or isinstance(value, float) and math.isnan(value):
        return NOTHING
    if isinstance(value, float) and math.isinf(value):
        return "∞" if value > 0 else "-∞"
    if isinstance(value, Fraction):
        return _half_up(value, decimals)
    number = _SIGNIFICANT.create_decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    rounded = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=_WIDE)
    return format(rounded if rounded else abs(rounded), "f")


def _half_up(value: Fraction, decimals: int) -> str:
    units = math.floor(abs(value) * 10**decimals + Fraction(1, 2))
    return figure(Decimal(units if value >= 0 else -units).scaleb(-decimals, context=_WIDE), decimals)


def plain(value: Number | None) -> str:
    """The number as a person would write it: no exponent, no zeros at the end; nothing as a dash.

    >>> plain(612.0), plain(23226.5), plain(0.1), plain(Fraction(1, 4)), plain(None)
    ('612', '23226.5', '0.1', '0.25', '—')
    """
    if value is None or isinstance(value, float) and not math.isfinite(value):
        return figure(value, 0)
    if isinstance(value, Fraction):
        return plain(float(value))
    text = format(Decimal(repr(value)) if isinstance(value, float) else Decimal(value), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
