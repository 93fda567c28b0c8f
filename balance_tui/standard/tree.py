"""The tree a formula of a standard means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

Scalar = Fraction | str | bool | None

TOLERANCE = 1e-9
"""Within this of each other two numbers of a condition are the same number."""

LARGEST = 1e30
"""No figure of a county comes near it; beyond it Float64 and fractions part ways."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, text or truth written in the formula or put into it; None is what a setting without a value is."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Name:
    """A fact, derived fact or setting."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """`symbol` is one of + - * / = < <= > >= AND OR NOT IN CASE GREATEST LEAST CEIL FLOOR ABS."""

    symbol: str
    operands: tuple[Node, ...]


Node = Constant | Name | Operation

ARITHMETIC = {"+", "-", "*", "/"}
NUMBER_CALLS = {"GREATEST", "LEAST", "CEIL", "FLOOR", "ABS"}
COMPARISONS = {"=", "<", "<=", ">", ">="}
LOGICAL = {"AND", "OR", "NOT"}


def names_of(node: Node) -> Iterator[str]:
    """Every name the tree reads, in order, as often as it stands there."""
    if isinstance(node, Name):
        yield node.name
    elif isinstance(node, Operation):
        for operand in node.operands:
            yield from names_of(operand)
