"""The five words, Kleene comparisons, and how results combine (DESIGN 3)."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

Fact = Fraction | int | str | bool | None
Row = dict[str, Fact]

WORST_FIRST = ("fail", "unknown", "relieved", "pass")


def combine(statuses: Iterable[str]) -> str:
    """fail > unknown > relieved > pass; not_applicable is neutral."""
    real = {status for status in statuses if status != "not_applicable"}
    return next((word for word in WORST_FIRST if word in real), "not_applicable")


def word(condition: bool | None) -> str:
    return "unknown" if condition is None else "pass" if condition else "fail"


def number(fact: Fact) -> Fraction | None:
    """The fact as an exact number; None where it is missing."""
    if fact is None:
        return None
    assert not isinstance(fact, (str, bool)), fact
    return Fraction(fact)


def total(*amounts: Fact) -> Fraction | None:
    """Their sum, missing where any is missing."""
    numbers = [number(amount) for amount in amounts]
    known = [value for value in numbers if value is not None]
    return sum(known, Fraction(0)) if len(known) == len(numbers) else None


def times(first: Fact, second: Fact) -> Fraction | None:
    left, right = number(first), number(second)
    return None if left is None or right is None else left * right


def ratio(part: Fact, whole: Fact, scale: int = 1) -> Fraction | None:
    """part / whole x scale; missing where a fact is missing or the whole is zero."""
    above, below = number(part), number(whole)
    return None if above is None or not below else above / below * scale


def at_least(value: Fact, limit: Fact) -> bool | None:
    left, right = number(value), number(limit)
    return None if left is None or right is None else left >= right


def at_most(value: Fact, limit: Fact) -> bool | None:
    return at_least(limit, value)


def below(value: Fact, limit: Fact) -> bool | None:
    return negation(at_least(value, limit))


def negation(condition: bool | None) -> bool | None:
    return None if condition is None else not condition


def both(*conditions: bool | None) -> bool | None:
    if any(condition is False for condition in conditions):
        return False
    return None if any(condition is None for condition in conditions) else True


def either(*conditions: bool | None) -> bool | None:
    return negation(both(*map(negation, conditions)))


def same(fact: Fact, wanted: Fact) -> bool | None:
    return None if fact is None else fact == wanted


def first_known(*alternatives: Fraction | None) -> Fraction | None:
    """The first known of several sources of one figure; missing where two known ones disagree."""
    known = [value for value in alternatives if value is not None]
    return known[0] if known and all(value == known[0] for value in known) else None
