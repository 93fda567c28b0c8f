"""Numbers, texts and truths: what a formula of a standard comes to, and whether its parts fit together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from ..data.dictionary import CODES, Dictionary
from ..language import Text
from .expression import Constant, Expression, Name, Node, Operation
from .names import DERIVED, nearest

if TYPE_CHECKING:
    from .model import Standard

Kind = Literal["number", "text", "truth", "date"]

KIND_TEXT: Mapping[Kind, Text] = {
    "number": Text("数", "a number"),
    "text": Text("文字", "text"),
    "truth": Text("是否", "true or false"),
    "date": Text("日期", "a date"),
}

_CALCULATES = ("+", "-", "*", "/", "GREATEST", "LEAST", "CEIL", "FLOOR", "ABS")
_ORDERS = ("<", "<=", ">", ">=")
_COMBINES = ("AND", "OR", "NOT")

_RESULT: Mapping[str, Kind] = {
    **dict.fromkeys(_CALCULATES, "number"),
    **dict.fromkeys((*_ORDERS, *_COMBINES, "=", "IN"), "truth"),
}
_OPERANDS: Mapping[str, Kind] = {
    **dict.fromkeys((*_CALCULATES, *_ORDERS), "number"),
    **dict.fromkeys(_COMBINES, "truth"),
}


@dataclass(frozen=True)
class Words:
    """The kind of every name a formula may read, and of coded names the codes."""

    kinds: Mapping[str, Kind]
    codes: Mapping[str, tuple[str, ...]]

    @staticmethod
    def of(standard: Standard, known: Dictionary) -> Words:
        """The names of facts, derived facts and settings of a standard; `known` is its dictionary."""
        kinds = {code: _KIND_OF_FIELD.get(field.kind, "number") for code, field in known.items()}
        kinds |= {name: "truth" if name.startswith("is_") else "number" for name in DERIVED}
        kinds |= {setting.id: _KIND_OF_SETTING[setting.type] for setting in standard.setting}
        codes = {code: tuple(labels) for code, labels in CODES.items()}
        codes |= {setting.id: setting.choice_ids for setting in standard.setting if setting.type == "choice"}
        return Words(kinds, codes)

    def faults(self, expression: Expression, wanted: Kind) -> Iterator[tuple[Text, Text | None]]:
        """What does not fit, as (what, how to mend): kinds that clash, codes that do not exist."""
        yield from self._faults(expression.node)
        kind = self._kind(expression.node)
        if kind is not None and kind != wanted:
            yield _clash(expression.text, kind, wanted), None

    def _kind(self, node: Node) -> Kind | None:
        if isinstance(node, Name):
            return self.kinds.get(node.name)
        if isinstance(node, Constant):
            if isinstance(node.value, bool):
                return "truth"
            return "number" if isinstance(node.value, Fraction) else "text"
        return self._kind(node.operands[1]) if node.symbol == "CASE" else _RESULT[node.symbol]

    def _faults(self, node: Node) -> Iterator[tuple[Text, Text | None]]:
        if not isinstance(node, Operation):
            return
        for operand in node.operands:
            yield from self._faults(operand)
        yield from self._misfits(node)
        if node.symbol in ("=", "IN"):
            yield from self._strange_codes(node)

    def _misfits(self, node: Operation) -> Iterator[tuple[Text, Text | None]]:
        kinds = [self._kind(operand) for operand in node.operands]
        wanted: list[Kind | None]
        if node.symbol == "CASE":
            wanted = ["truth", kinds[1], kinds[1]]
        elif node.symbol in _OPERANDS:
            wanted = [_OPERANDS[node.symbol]] * len(kinds)
        else:
            wanted = [kinds[0]] * len(kinds)
        for operand, kind, want in zip(node.operands, kinds, wanted, strict=True):
            if kind and want and kind != want:
                yield _clash(Expression("", operand).shown(str), kind, want), None

    def _strange_codes(self, node: Operation) -> Iterator[tuple[Text, Text | None]]:
        names = [operand.name for operand in node.operands if isinstance(operand, Name)]
        for name in filter(self.codes.__contains__, names):
            for operand in node.operands:
                value = operand.value if isinstance(operand, Constant) else None
                if isinstance(value, str) and value not in self.codes[name]:
                    codes = ", ".join(self.codes[name])
                    yield (
                        Text(f"{name} 没有代码“{value}”", f"{name} has no code '{value}'"),
                        nearest(value, self.codes[name]) or Text(f"可用: {codes}", f"it has: {codes}"),
                    )


_KIND_OF_FIELD: Mapping[str, Kind] = {"text": "text", "code": "text", "boolean": "truth"}
_KIND_OF_SETTING: Mapping[str, Kind] = {
    "number": "number", "boolean": "truth", "choice": "text", "text": "text", "date": "date",
}  # fmt: skip


def _clash(text: str, kind: Kind, wanted: Kind) -> Text:
    return Text(
        f"“{text}”是{KIND_TEXT[kind].zh}, 此处须为{KIND_TEXT[wanted].zh}",
        f"'{text}' is {KIND_TEXT[kind].en} where {KIND_TEXT[wanted].en} is needed",
    )
