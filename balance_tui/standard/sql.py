"""From SQL text to the tree: polars parses, and what has no node in the tree is refused by name."""

from __future__ import annotations

import io
import json
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from ..language import Text
from .tree import LARGEST, Constant, Name, Node, Operation, Scalar

_BINARY = {
    "Plus": "+", "Minus": "-", "Multiply": "*", "Divide": "/", "TrueDivide": "/",
    "Add": "+", "Sub": "-", "Mul": "*", "Div": "/",
    "Eq": "=", "NotEq": "<>", "Lt": "<", "LtEq": "<=", "Gt": ">", "GtEq": ">=",
    "And": "AND", "Or": "OR", "LogicalAnd": "AND", "LogicalOr": "OR",
}  # fmt: skip
_CALLS = {
    "MaxHorizontal": "GREATEST", "MinHorizontal": "LEAST", "Ceil": "CEIL", "Floor": "FLOOR", "Abs": "ABS",
}  # fmt: skip


class ExpressionError(ValueError):
    """The text is not an expression a standard may hold; `text` says why, `mend` what may stand instead."""

    def __init__(self, text: Text, mend: Text | None = None) -> None:
        super().__init__(text.en)
        self.text, self.mend = text, mend


def read_sql(text: str) -> Node:
    """The tree of `text`. Errors: `ExpressionError`."""
    import polars as pl

    try:
        tree = pl.sql_expr(text)
        serialized = json.loads(tree.meta.serialize(format="json"))
    except (pl.exceptions.PolarsError, ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0]
        raise ExpressionError(
            Text(f"表达式“{text}”读不懂: {reason}", f"the expression '{text}' cannot be read: {reason}")
        ) from error
    return _node(serialized, text)


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
