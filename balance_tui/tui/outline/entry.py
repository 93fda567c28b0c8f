"""One line of a standard told as a tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from ...engine.explanation.derivation import NO_TEXT, joined, same
from ...engine.explanation.formula import sign, spelled
from ...engine.explanation.scene import seen, stage_text
from ...engine.figures import Number, plain
from ...language import Text
from ...standard.base import Labelled
from ...standard.expression import Constant, Expression
from ...standard.load import LoadedStandard
from ...standard.names import DERIVED
from ...standard.source import Path_

ALL_STAGES = "*"
"""The stage of a limit that holds for every one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line: `path` leads to the value in the document, `id` is that of the table it tells of, `raw` a formula as it
    is written there."""

    depth: int
    path: Path_
    text: Text
    limit: Text = NO_TEXT
    clause: str = ""
    mark: str = ""
    id: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Speaker:
    """The standard's own words: labels of the names its formulas read."""

    standard: LoadedStandard

    def label(self, name: str) -> Text:
        """The label of a fact, a derived fact or a setting."""
        if name in DERIVED:
            return DERIVED[name]
        setting = next((each for each in self.standard.model.setting if each.id == name), None)
        return seen(setting.text if setting else self.standard.dictionary.label(name))

    def named(self, name: str) -> Text:
        """The label and the name itself."""
        return joined([self.label(name), same(name)], Text(" ", " "))

    def part(self, name: str) -> Text:
        """The label of a part."""
        return self._of(self.standard.model.part, name)

    def scope(self, name: str) -> Text:
        """The label of a scope."""
        return self._of(self.standard.model.scope, name)

    def room(self, kind: str) -> Text:
        """The label of a kind of room; the kind itself is English."""
        rooms = (room for item in self.standard.model.items for test in item.test for room in test.rooms)
        label = next((room.label for room in rooms if room.kind == kind), kind)
        return seen(Text(label, kind))

    def _of(self, tables: Iterable[Labelled], name: str) -> Text:
        return seen(next((each.text for each in tables if each.id == name), Text(name, name)))

    def formula(self, expression: Expression) -> Text:
        """A formula or condition in words."""
        return spelled(expression.node, self.label)

    def line(
        self, depth: int, path: Path_, word: Text, expression: Expression, after: Text = NO_TEXT
    ) -> Entry:
        """A formula as a line of its own, `word` before it."""
        told = joined([self.formula(expression), after])
        return Entry(depth, path, headed(word, told), raw=expression.text)

    def bound(self, op: str, expression: Expression, unit: Text = NO_TEXT) -> Text:
        """A limit with its operator and unit: a number, or a formula in words."""
        node = expression.node
        number = isinstance(node, Constant) and isinstance(node.value, Fraction)
        return limit_text(op, node.value if number else None, unit, self.formula(expression))  # type: ignore[union-attr,arg-type]


def headed(word: Text, told: Text) -> Text:
    """`word: told`; the word alone where there is nothing to tell."""
    return joined([word, told], Text(": ", ": "))


def limit_text(op: str, number: Number | None, unit: Text = NO_TEXT, words: Text = NO_TEXT) -> Text:
    """A limit as `≥ 4.2 人`; `words` stand where it is no number."""
    told = words if number is None else same(plain(number))
    return joined([same(sign(op)), told, unit], Text(" ", " "))


def stage_name(stage: str) -> Text:
    """The label of a stage; nothing for all of them."""
    return NO_TEXT if stage == ALL_STAGES else stage_text(stage)


def stages_text(stages: Iterable[str]) -> Text:
    """Several stages in words."""
    return joined([stage_text(stage) for stage in stages], Text("、", ", "))


def said(depth: int, path: Path_, word: Text, value: str, english: str = "") -> Iterator[Entry]:
    """A text of the document as a line, where there is one."""
    if value:
        yield Entry(depth, path, headed(word, seen(Text(value, english or value))))


def identified(name: str, text: Text) -> Text:
    """An id and what it stands for."""
    return joined([same(name), seen(text)], Text(" ", " "))
