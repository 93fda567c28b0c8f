"""The tree as a polars expression over Float64, String and Boolean columns."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from .tree import (
    ARITHMETIC,
    COMPARISONS,
    LOGICAL,
    NUMBER_CALLS,
    TOLERANCE,
    Constant,
    Name,
    Node,
    Operation,
    names_of,
)  # fmt: skip

if TYPE_CHECKING:
    import polars as pl


def to_polars(node: Node, column: Callable[[str], pl.Expr]) -> pl.Expr:
    """The tree over the expressions that `column` gives for its names."""
    import polars as pl

    if isinstance(node, Name):
        return column(node.name)
    if isinstance(node, Constant):
        value = node.value
        return pl.lit(float(value) if isinstance(value, Fraction) else value)
    symbol, operands = node.symbol, [to_polars(operand, column) for operand in node.operands]
    if symbol in LOGICAL:  # polars knows no NOT of a null without a type
        operands = [operand.cast(pl.Boolean) for operand in operands]
    if symbol in COMPARISONS and (symbol != "=" or _numeric(node.operands)):
        return _compared(symbol, *operands)
    if symbol in ("CASE", "GREATEST", "LEAST"):
        facts = [column(name) for name in dict.fromkeys(names_of(node))] if symbol == "CASE" else operands
        known = [fact.is_not_null() for fact in facts]
        chosen = _branch(symbol, operands)
        return pl.when(pl.all_horizontal(known)).then(chosen) if known else chosen
    if symbol == "/":
        return _quotient(*operands, plain=not isinstance(node.operands[1], Operation))
    if symbol == "IN":
        members = [cast(Constant, member).value for member in node.operands[1:]]
        return operands[0].is_in([float(m) if isinstance(m, Fraction) else m for m in members])
    return _plain(symbol, operands)


def _branch(symbol: str, operands: list[pl.Expr]) -> pl.Expr:
    import polars as pl

    if symbol == "CASE":  # a predicate that is null, as of a division by zero, takes neither branch
        return pl.when(operands[0]).then(operands[1]).when(~operands[0]).then(operands[2])
    return pl.max_horizontal(operands) if symbol == "GREATEST" else pl.min_horizontal(operands)


def _plain(symbol: str, operands: list[pl.Expr]) -> pl.Expr:
    first, second = operands[0], operands[-1]
    table: dict[str, Callable[[], pl.Expr]] = {
        "+": lambda: first + second,
        "-": lambda: first - second,
        "*": lambda: first * second,
        "=": lambda: first == second,
        "AND": lambda: first & second,
        "OR": lambda: first | second,
        "NOT": lambda: ~first,
        "CEIL": lambda: (first - TOLERANCE).ceil(),
        "FLOOR": lambda: (first + TOLERANCE).floor(),
        "ABS": lambda: first.abs(),
    }
    return table[symbol]()


def _quotient(dividend: pl.Expr, divisor: pl.Expr, *, plain: bool) -> pl.Expr:
    """Null for a division by zero; a computed divisor (0.1 + 0.2 - 0.3) may miss zero by a binary hair."""
    import polars as pl

    return pl.when(divisor != 0 if plain else divisor.abs() > TOLERANCE).then(dividend / divisor)


def _numeric(nodes: tuple[Node, ...]) -> bool:
    """Whether an equality is one of numbers as far as its text tells; two bare names compare as they are."""
    return any(
        isinstance(node, Constant) and isinstance(node.value, Fraction)
        or isinstance(node, Operation) and node.symbol in ARITHMETIC | NUMBER_CALLS
        or isinstance(node, Operation) and node.symbol == "CASE" and _numeric(node.operands[1:])
        for node in nodes
    )  # fmt: skip


def _compared(symbol: str, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """Binary fractions must not decide: numbers within the tolerance are equal."""
    difference = left - right
    table = {
        "=": difference.abs() <= TOLERANCE,
        ">": difference > TOLERANCE,
        ">=": difference >= -TOLERANCE,
        "<": difference < -TOLERANCE,
        "<=": difference <= TOLERANCE,
    }
    return table[symbol]
