"""Formulas and conditions of a standard: SQL scalar expressions, read by `polars.sql_expr`.

polars does the parsing; what it understood is turned into the small tree below, and anything the tree
has no node for (aggregates, windows, sub-queries, casts, COALESCE, IS NULL) is refused. The tree has three
readings that agree: a polars expression over Float64 columns, an exact value in fractions, and text.

Missing facts: a value is null where any fact it reads is null; a division by zero is null; conditions
combine by Kleene logic.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from .polars_form import to_polars
from .sql import ExpressionError, read_sql
from .tree import ARITHMETIC, COMPARISONS, LOGICAL, Constant, Name, Node, Operation, Scalar, names_of

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Constant", "Expression", "ExpressionError", "Name", "Node", "Operation", "Scalar", "decimal_text"]


@dataclass(frozen=True)
class Expression:
    """One formula or condition: its text, and the tree it means.

    >>> area = Expression.parse("teaching_area - indoor_sports_area")
    >>> area.names
    ('teaching_area', 'indoor_sports_area')
    >>> area.exact({"teaching_area": Fraction("10.5"), "indoor_sports_area": Fraction(1, 3)})
    Fraction(61, 6)
    """

    text: str
    node: Node

    @staticmethod
    def parse(text: str) -> Expression:
        """Errors: `ExpressionError` where polars cannot read it or it uses what a standard may not."""
        return _parse(text)

    @property
    def names(self) -> tuple[str, ...]:
        """Facts, derived facts and settings it reads, in order, each once."""
        return tuple(dict.fromkeys(names_of(self.node)))

    @property
    def is_condition(self) -> bool:
        """True for a comparison or a logical combination of them; a bare name may be either."""
        node = self.node
        return isinstance(node, Operation) and node.symbol in LOGICAL | COMPARISONS | {"IN"}

    def polars(self, column: Callable[[str], pl.Expr] | None = None) -> pl.Expr:
        """As a polars expression; `column` gives the expression for a name (a column, by default)."""
        import polars as pl

        return to_polars(self.node, column or pl.col)

    def exact(self, values: Mapping[str, Scalar]) -> Scalar:
        """The exact value: fractions in, a fraction, truth or null out."""
        return _exact(self.node, values)

    def bound(self, values: Mapping[str, Scalar]) -> Expression:
        """With the names in `values` (settings) replaced by their values, None included, and every part that
        no longer depends on a fact worked out: a fact of a branch that cannot be taken is not read.

        >>> formula = Expression.parse("CASE WHEN way = 'a' THEN books ELSE computers END")
        >>> formula.bound({"way": "a"}).names
        ('books',)
        """
        return Expression(self.text, _bound(self.node, values))

    def shown(self, show: Callable[[str], str]) -> str:
        """The formula as text, each name replaced by what `show` makes of it."""
        return _shown(self.node, show)


@cache
def _parse(text: str) -> Expression:
    return Expression(text, read_sql(text))


def _exact(node: Node, values: Mapping[str, Scalar]) -> Scalar:
    if isinstance(node, Constant):
        return node.value
    if isinstance(node, Name):
        return values[node.name]
    if node.symbol == "CASE" and any(values[name] is None for name in names_of(node)):
        return None
    operands = [_exact(operand, values) for operand in node.operands]
    if node.symbol in LOGICAL:
        return _kleene(node.symbol, operands)
    if node.symbol == "CASE":
        return None if operands[0] is None else operands[1] if operands[0] else operands[2]
    if any(operand is None for operand in operands):
        return None
    if node.symbol == "IN":
        return operands[0] in operands[1:]
    return _calculated(node.symbol, operands)


def _kleene(symbol: str, operands: list[Scalar]) -> bool | None:
    if symbol == "NOT":
        return None if operands[0] is None else not operands[0]
    deciding = symbol == "OR"
    if any(operand is deciding for operand in operands):
        return deciding
    return None if None in operands else not deciding


def _calculated(symbol: str, operands: list[Any]) -> Scalar:
    first, second = operands[0], operands[-1]
    table: dict[str, Callable[[], Scalar]] = {
        "+": lambda: first + second,
        "-": lambda: first - second,
        "*": lambda: first * second,
        "/": lambda: first / second if second else None,
        "=": lambda: bool(first == second),
        "<": lambda: bool(first < second),
        "<=": lambda: bool(first <= second),
        ">": lambda: bool(first > second),
        ">=": lambda: bool(first >= second),
        "GREATEST": lambda: cast(Fraction, max(operands)),
        "LEAST": lambda: cast(Fraction, min(operands)),
        "CEIL": lambda: Fraction(math.ceil(first)),
        "FLOOR": lambda: Fraction(math.floor(first)),
        "ABS": lambda: cast(Fraction, abs(first)),
    }
    return table[symbol]()


def _bound(node: Node, values: Mapping[str, Scalar]) -> Node:
    if isinstance(node, Name):
        return Constant(values[node.name]) if node.name in values else node
    if isinstance(node, Constant):
        return node
    operands = tuple(_bound(operand, values) for operand in node.operands)
    if node.symbol == "CASE" and isinstance(operands[0], Constant):
        chosen = operands[0].value
        return Constant(None) if chosen is None else operands[1] if chosen else operands[2]
    if all(isinstance(operand, Constant) for operand in operands):
        return Constant(_exact(Operation(node.symbol, operands), {}))
    if node.symbol in ("AND", "OR"):
        return _settled(node.symbol, operands)
    return (
        Constant(None)
        if Constant(None) in operands and node.symbol != "CASE"
        else Operation(node.symbol, operands)
    )


def _settled(symbol: str, operands: tuple[Node, ...]) -> Node:
    """AND, OR without the constants that decide nothing, or the constant that decides all."""
    deciding = symbol == "OR"
    if Constant(deciding) in operands:
        return Constant(deciding)
    rest = tuple(operand for operand in operands if operand != Constant(not deciding))
    return Operation(symbol, rest) if len(rest) > 1 else rest[0]


_RANK = {
    "OR": 1, "AND": 2, "NOT": 3, "IN": 4, "=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "+": 5, "-": 5, "*": 6, "/": 6,
}  # fmt: skip
_SIGNS = {"*": "×", "/": "÷", "<=": "≤", ">=": "≥"}


def _shown(node: Node, show: Callable[[str], str], rank: int = 0) -> str:
    if isinstance(node, Name):
        return show(node.name)
    if isinstance(node, Constant):
        return decimal_text(node.value) if isinstance(node.value, Fraction) else str(node.value)
    own = _RANK.get(node.symbol, 9)
    parts = [_shown(operand, show, own + (index > 0)) for index, operand in enumerate(node.operands)]
    sign = _SIGNS.get(node.symbol, node.symbol)
    if node.symbol in ("AND", "OR") or node.symbol in ARITHMETIC | COMPARISONS:
        text = f" {sign} ".join(parts)
    elif node.symbol == "NOT":
        text = f"NOT {parts[0]}"
    elif node.symbol == "IN":
        text = f"{parts[0]} IN ({', '.join(parts[1:])})"
    elif node.symbol == "CASE":
        text = f"({parts[1]} | {parts[0]}; {parts[2]})"
    else:
        text = f"{sign}({', '.join(parts)})"
    return f"({text})" if own < rank else text


def decimal_text(value: Fraction, digits: int = 12) -> str:
    """A fraction as the shortest decimal of at most `digits` places.

    >>> decimal_text(Fraction(85, 100)), decimal_text(Fraction(2000))
    ('0.85', '2000')
    """
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(round(value, digits)):.{digits}f}".rstrip("0").rstrip(".")
