"""Formulas and conditions in words: labels in place of names, or labels with their numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from ...data.dictionary import CODES
from ...errors import visible
from ...language import Text
from ...standard.expression import Constant, Name, Node, Operation, Scalar, decimal_text
from .derivation import YES_NO, joined, same

Show = Callable[[str], Text]

_RANK = {
    "OR": 1,
    "AND": 2,
    "NOT": 3,
    "IN": 4,
    "=": 4,
    "<>": 4,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
}
_CALL = 9
"""Rank of what brings brackets of its own."""

_BETWEEN: Mapping[str, Text] = {
    "AND": Text(" 且 ", " and "),
    "OR": Text(" 或 ", " or "),
    "+": Text(" + ", " + "),
    "-": Text(" − ", " − "),
    "*": Text(" × ", " × "),
    "/": Text(" ÷ ", " ÷ "),
    "=": Text(" = ", " = "),
    "<>": Text(" ≠ ", " ≠ "),
    "<": Text(" < ", " < "),
    ">": Text(" > ", " > "),
    "<=": Text(" ≤ ", " ≤ "),
    ">=": Text(" ≥ ", " ≥ "),
}
_CALLS: Mapping[str, Text] = {
    "GREATEST": Text("最大者({0})", "the greatest of ({0})"),
    "LEAST": Text("最小者({0})", "the least of ({0})"),
    "CEIL": Text("进一({0})", "rounded up ({0})"),
    "FLOOR": Text("舍去({0})", "rounded down ({0})"),
    "ABS": Text("绝对值({0})", "absolute value of ({0})"),
}
_UNSET = Text("未设定", "not set")


def spelled(node: Node, show: Show) -> Text:
    """The formula in both languages, every name as `show` gives it, coded values as their labels."""
    return _spelled(node, show, 0)


def compared(left: Text, op: str, right: Text) -> Text:
    """`left op right` with the sign a reader knows."""
    return joined([left, right], _BETWEEN["=" if op == "==" else op])


def sign(op: str) -> str:
    """The sign of a comparison, without blanks.

    >>> sign(">=")
    '≥'
    """
    return _BETWEEN["=" if op == "==" else op].zh.strip()


def _spelled(node: Node, show: Show, rank: int) -> Text:
    if isinstance(node, Name):
        return show(node.name)
    if isinstance(node, Constant):
        return constant(node.value)
    node = _plainer(node)
    own = _RANK.get(node.symbol, _CALL)
    text = _operation(node, show, own)
    return Text(f"({text.zh})", f"({text.en})") if own < rank else text


def _plainer(node: Operation) -> Operation:
    """NOT (a = b) as a ≠ b."""
    inner = node.operands[0]
    if node.symbol == "NOT" and isinstance(inner, Operation) and inner.symbol == "=":
        return Operation("<>", inner.operands)
    return node


def _operation(node: Operation, show: Show, own: int) -> Text:
    if node.symbol in ("=", "<>", "IN"):
        return _membership(node, show)
    inside = 0 if own == _CALL else own
    parts = [_spelled(operand, show, inside + (index > 0)) for index, operand in enumerate(node.operands)]
    if node.symbol in _BETWEEN:
        return joined(parts, _BETWEEN[node.symbol])
    if node.symbol == "NOT":
        return Text(f"非“{parts[0].zh}”", f"not '{parts[0].en}'")
    if node.symbol == "CASE":
        return _case(parts)
    inner = joined(parts, Text(", ", ", "))
    return Text(*(template.format(inner[index]) for index, template in enumerate(_CALLS[node.symbol])))


def _case(parts: list[Text]) -> Text:
    condition, then, otherwise = parts
    return Text(
        f"(若 {condition.zh} 则 {then.zh}, 否则 {otherwise.zh})",
        f"({then.en} if {condition.en}, otherwise {otherwise.en})",
    )


def _membership(node: Operation, show: Show) -> Text:
    """A comparison of a coded name with codes reads as their labels."""
    coded = next((operand.name for operand in node.operands if isinstance(operand, Name)), "")
    parts = [
        constant(operand.value, coded) if isinstance(operand, Constant) else _spelled(operand, show, 5)
        for operand in node.operands
    ]
    if node.symbol != "IN":
        return joined(parts, _BETWEEN[node.symbol])
    members = joined(parts[1:], Text("、", ", "))
    return Text(f"{parts[0].zh} 为 {members.zh} 之一", f"{parts[0].en} is one of {members.en}")


def constant(value: Scalar, field: str = "") -> Text:
    """A constant; one compared with the coded `field` as the label of its code."""
    if value is None:
        return _UNSET
    if isinstance(value, bool):
        return YES_NO[value]
    if isinstance(value, Fraction):
        return same(decimal_text(value))
    return CODES.get(field, {}).get(value) or same(visible(value))
