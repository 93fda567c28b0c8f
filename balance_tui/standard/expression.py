"""Formulas and conditions of a standard: SQL scalar expressions, read by `polars.sql_expr`.

polars does the parsing; what it understood is turned into the small tree below, and anything the tree
has no node for (aggregates, windows, sub-queries, casts, COALESCE, IS NULL) is refused. The tree has three
readings that agree: a polars expression over Float64 columns, an exact value in fractions, and text.

Missing facts: a value is null where any fact it reads is null; a division by zero is null; conditions
combine by Kleene logic.
"""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from ..language import Text

if TYPE_CHECKING:
    import polars as pl

Scalar = Fraction | str | bool | None

TOLERANCE = 1e-9
"""Within this of each other two numbers of a condition are the same number."""

LARGEST = 1e30
"""No figure of a county comes near it; beyond it Float64 and fractions part ways."""


@dataclass(frozen=True, slots=True)
class Constant:
    value: Scalar


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """`symbol` is one of + - * / = < <= > >= AND OR NOT IN CASE GREATEST LEAST CEIL FLOOR ABS."""

    symbol: str
    operands: tuple[Node, ...]


Node = Constant | Name | Operation

_BINARY = {
    "Plus": "+", "Minus": "-", "Multiply": "*", "Divide": "/", "TrueDivide": "/",
    "Add": "+", "Sub": "-", "Mul": "*", "Div": "/",
    "Eq": "=", "NotEq": "<>", "Lt": "<", "LtEq": "<=", "Gt": ">", "GtEq": ">=",
    "And": "AND", "Or": "OR", "LogicalAnd": "AND", "LogicalOr": "OR",
}  # fmt: skip
_CALLS = {
    "MaxHorizontal": "GREATEST", "MinHorizontal": "LEAST", "Ceil": "CEIL", "Floor": "FLOOR", "Abs": "ABS",
}  # fmt: skip
_ARITHMETIC = {"+", "-", "*", "/"}
_NUMBER_CALLS = set(_CALLS.values())
_COMPARISONS = {"=", "<", "<=", ">", ">="}
_LOGICAL = {"AND", "OR", "NOT"}


class ExpressionError(ValueError):
    """The text is not an expression a standard may hold; `text` says why, `mend` what may stand instead."""

    def __init__(self, text: Text, mend: Text | None = None) -> None:
        super().__init__(text.en)
        self.text, self.mend = text, mend


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
        return tuple(dict.fromkeys(_names(self.node)))

    @property
    def is_condition(self) -> bool:
        """True for a comparison or a logical combination of them; a bare name may be either."""
        node = self.node
        return isinstance(node, Operation) and node.symbol in _LOGICAL | _COMPARISONS | {"IN"}

    def polars(self, column: Callable[[str], pl.Expr] | None = None) -> pl.Expr:
        """As a polars expression; `column` gives the expression for a name (a column, by default)."""
        import polars as pl

        return _polars(self.node, column or pl.col)

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
    import polars as pl

    try:
        tree = pl.sql_expr(text)
        serialized = json.loads(tree.meta.serialize(format="json"))
    except (pl.exceptions.PolarsError, ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0]
        raise ExpressionError(
            Text(f"表达式“{text}”读不懂: {reason}", f"the expression '{text}' cannot be read: {reason}")
        ) from error
    return Expression(text, _node(serialized, text))


_REFUSED = {
    "Agg": Text("聚合函数", "an aggregate"),
    "Over": Text("窗口函数", "a window function"),
    "SubPlan": Text("子查询", "a sub-query"),
    "ListExpr": Text("列表或子查询", "a list or a sub-query"),
    "Cast": Text("类型转换", "a cast"),
    "Coalesce": Text("COALESCE: 缺失不得替换", "COALESCE: what is missing may not be replaced"),
    "IsNull": Text("IS NULL: 缺失不得用作条件", "IS NULL: what is missing may not decide"),
    "IsNotNull": Text("IS NOT NULL: 缺失不得用作条件", "IS NOT NULL: what is missing may not decide"),
    "NULL": Text("NULL, 或没有 ELSE 的 CASE", "NULL, or a CASE without ELSE"),
    "Float": Text("过大的数", "a number too large"),
    "Int": Text("过大的数", "a number too large"),
}

_ALLOWED = Text(
    "可用: + - * / = <> < <= > >= AND OR NOT IN BETWEEN CASE GREATEST LEAST CEIL FLOOR ABS; 备选写成列表",
    "use + - * / = <> < <= > >= AND OR NOT IN BETWEEN CASE GREATEST LEAST CEIL FLOOR ABS; or list ways",
)


def _refused(what: str, text: str) -> ExpressionError:
    word = next((word for word in re.findall(r"\w+", what) if word in _REFUSED), None)
    kind = _REFUSED[word] if word else Text(what, what)
    return ExpressionError(
        Text(
            f"表达式“{text}”用了标准中不允许的写法 ({kind.zh})",
            f"the expression '{text}' uses what a standard may not ({kind.en})",
        ),
        _ALLOWED,
    )


def _node(tree: Any, text: str) -> Node:
    if not isinstance(tree, dict) or len(tree) != 1:
        raise _refused("SELECT", text)
    ((kind, body),) = tree.items()
    if kind == "Column":
        return Name(body)
    if kind == "Literal":
        return Constant(_literal(body, text))
    if kind == "BinaryExpr":
        return _operation(body["op"], (body["left"], body["right"]), text)
    if kind == "Ternary":
        parts = (body["predicate"], body["truthy"], body["falsy"])
        return Operation("CASE", tuple(_node(part, text) for part in parts))
    if kind == "Cast" and body["dtype"] == {"Literal": "Boolean"}:
        return _node(body["expr"], text)  # polars wraps the operand of NOT so
    if kind == "Function":
        return _function(body["function"], body["input"], text)
    raise _refused(kind, text)


def _operation(name: str, operands: tuple[Any, ...], text: str) -> Node:
    if name not in _BINARY:
        raise _refused(name, text)
    nodes = tuple(_node(operand, text) for operand in operands)
    if _BINARY[name] == "<>":
        return Operation("NOT", (Operation("=", nodes),))
    return Operation(_BINARY[name], nodes)


def _function(name: Any, operands: list[Any], text: str) -> Node:
    if isinstance(name, str) and name in _CALLS:
        return Operation(_CALLS[name], tuple(_node(operand, text) for operand in operands))
    if isinstance(name, dict) and name.get("Boolean") == "Not":
        return Operation("NOT", (_node(operands[0], text),))
    sql = name.get("Sql") if isinstance(name, dict) else None
    if isinstance(sql, dict) and "Binary" in sql:
        return _operation(sql["Binary"], tuple(operands), text)
    if isinstance(sql, dict) and "IsIn" in sql:
        item, choices = operands
        return Operation("IN", (_node(item, text), *map(Constant, _members(choices, text))))
    raise _refused(json.dumps(name), text)


def _literal(body: dict[str, Any], text: str) -> Scalar:
    ((kind, value),) = body.items()
    if kind in ("Dyn", "Scalar"):
        ((kind, value),) = value.items()
    if kind == "Int" and abs(value) < LARGEST:
        return Fraction(value)
    if kind == "Float" and value is not None and abs(value) < LARGEST:
        return Fraction(repr(value))
    if kind == "Decimal":
        return Fraction(value[0], 10 ** value[2])
    if kind in ("String", "Boolean"):
        return cast("str | bool", value)
    raise _refused("NULL" if kind == "Null" else kind, text)


def _members(choices: Any, text: str) -> list[Scalar]:
    """The list behind IN, which polars packs into one literal."""
    import polars as pl

    try:
        values = pl.select(pl.Expr.deserialize(io.StringIO(json.dumps(choices)), format="json")).to_series()
    except pl.exceptions.PolarsError as error:
        raise _refused("IN (SELECT)", text) from error
    members = [member for item in values.to_list() for member in (item if isinstance(item, list) else [item])]
    if not all(isinstance(member, str | int | float | Decimal) for member in members):
        raise _refused("IN (NULL)", text)
    return [member if isinstance(member, str | bool) else Fraction(str(member)) for member in members]


def _names(node: Node) -> Iterator[str]:
    if isinstance(node, Name):
        yield node.name
    elif isinstance(node, Operation):
        for operand in node.operands:
            yield from _names(operand)


def _polars(node: Node, column: Callable[[str], pl.Expr]) -> pl.Expr:
    import polars as pl

    if isinstance(node, Name):
        return column(node.name)
    if isinstance(node, Constant):
        value = node.value
        return pl.lit(float(value) if isinstance(value, Fraction) else value)
    symbol, operands = node.symbol, [_polars(operand, column) for operand in node.operands]
    if symbol in _LOGICAL:  # polars knows no NOT of a null without a type
        operands = [operand.cast(pl.Boolean) for operand in operands]
    if symbol in _COMPARISONS and (symbol != "=" or _numeric(node.operands)):
        return _compared(symbol, *operands)
    if symbol in ("CASE", "GREATEST", "LEAST"):
        facts = [column(name) for name in dict.fromkeys(_names(node))] if symbol == "CASE" else operands
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
        or isinstance(node, Operation) and node.symbol in _ARITHMETIC | _NUMBER_CALLS
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


def _exact(node: Node, values: Mapping[str, Scalar]) -> Scalar:
    if isinstance(node, Constant):
        return node.value
    if isinstance(node, Name):
        return values[node.name]
    if node.symbol == "CASE" and any(values[name] is None for name in _names(node)):
        return None
    operands = [_exact(operand, values) for operand in node.operands]
    if node.symbol in _LOGICAL:
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
    if node.symbol in ("AND", "OR") or node.symbol in _ARITHMETIC | _COMPARISONS:
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
