"""The shape of an explanation: a figure, what became of it, and the steps that lead to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...data.dictionary import STAGES
from ...errors import visible
from ...language import Text
from ..figures import figure, plain
from ..status import LABELS

NO_TEXT = Text("", "")
_BREAK = Text("; ", "; ")
YES_NO: Mapping[object, Text] = {True: Text("是", "yes"), False: Text("否", "no")}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a step's rows: its key in every row, its heading, how its numbers are shown.

    `decimals` None shows a number as it was written; `words` are the labels of coded values.
    """

    key: str
    label: Text
    decimals: int | None = None
    words: Mapping[Any, Text] | None = None

    def shown(self, value: object) -> str:
        """The value of a cell in the language in use, safe to print."""
        if self.words and value in self.words:
            return str(self.words[value])
        if value is None:
            return ""
        if isinstance(value, bool):
            return str(YES_NO[value])
        if isinstance(value, int | float):
            return plain(value) if self.decimals is None else figure(value, self.decimals)
        if isinstance(value, Text) or not isinstance(value, list | tuple):
            return visible(str(value))
        return visible(", ".join(map(str, value)))


STATUS_COLUMN = Column("status", Text("结论", "status"), words=LABELS)
STAGE_COLUMN = Column("stage", Text("学段", "stage"), words=STAGES)
SCHOOL_COLUMN = Column("school", Text("学校", "school"))


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `kind` for programs, `label` and `text` for people, `data` its figures without language.

    `rows` are dicts whose keys are those of `columns` (and may hold more, such as `school_id`).
    """

    kind: str
    label: Text
    text: Text = NO_TEXT
    data: Mapping[str, Any] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    rows: tuple[Mapping[str, Any], ...] = ()

    def cells(self) -> list[list[str]]:
        """The rows as they are shown, in the order of `columns`."""
        return [[column.shown(row.get(column.key)) for column in self.columns] for row in self.rows]

    def as_dict(self) -> dict[str, Any]:
        """JSON data; `label`, `text` and headings in the language in use, all else free of language."""
        return {
            "kind": self.kind,
            "label": str(self.label),
            "text": str(self.text),
            "data": _plain(self.data),
            "columns": {column.key: str(column.label) for column in self.columns},
            "rows": [_plain(row) for row in self.rows],
        }


@dataclass(frozen=True, slots=True)
class Derivation:
    """How one figure came about.

    `subject` says without language what is explained (the four keys, and of school_id, stage, indicator, item
    those that apply); `status` is one of the five words, or `floor`; `value` and `limit` are in `unit`, null
    where there is none; `decimals` are those the figure is printed with.
    """

    title: Text
    status: str
    value: float | None
    limit: float | None
    unit: Text
    steps: tuple[Step, ...]
    subject: Mapping[str, Any] = field(default_factory=dict)
    decimals: int = 2

    def of_kind(self, kind: str) -> tuple[Step, ...]:
        """The steps of one kind, in order."""
        return tuple(step for step in self.steps if step.kind == kind)

    def as_dict(self) -> dict[str, Any]:
        """JSON data with stable keys; numbers in full precision."""
        return {
            "title": str(self.title),
            "subject": _plain(self.subject),
            "status": self.status,
            "value": self.value,
            "limit": self.limit,
            "unit": str(self.unit),
            "decimals": self.decimals,
            "steps": [step.as_dict() for step in self.steps],
        }


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return str(value)


def joined(texts: Sequence[Text], between: Text = _BREAK) -> Text:
    """Several sentences as one; empty ones are left away."""
    told = [text for text in texts if text.zh or text.en]
    return Text(between.zh.join(text.zh for text in told), between.en.join(text.en for text in told))


LIST, SPACE = Text("、", ", "), Text(" ", " ")


def same(text: object) -> Text:
    """What reads the same in both languages: a name, a number, a place. Safe to print."""
    return Text(visible(str(text)), visible(str(text)))


def present(*steps: Step | None) -> list[Step]:
    """Those of the steps that there are."""
    return [step for step in steps if step is not None]
