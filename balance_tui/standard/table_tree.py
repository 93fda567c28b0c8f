"""The headings of an indicator table on those of a base: met by name or number, else new."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..errors import Place, StandardInvalid
from .scorecard import Group
from .table_rows import PointRow, fault
from .table_text import Heading

NUMBERED = re.compile(r"(.*?)(\d+)$")
"""An id that ends in a number: what stands before it, and the number."""


@dataclass
class Tree:
    """Groups by id, those of the base first: `parents` (empty for a dimension), `labels`. `new` are tables of the
    layer; contradictions go to `problems`."""

    base: tuple[Group, ...]
    problems: list[StandardInvalid]
    parents: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    new: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for group in self.base:
            self.parents[group.id], self.labels[group.id] = group.parent, group.label

    @property
    def roots(self) -> list[str]:
        """The dimensions, in order."""
        return [name for name, parent in self.parents.items() if not parent]

    def above(self, group: str) -> Iterator[str]:
        """What a group stands under, nearest first."""
        while self.parents.get(group):
            group = self.parents[group]
            yield group

    def root(self, group: str) -> str:
        """The dimension of a group."""
        return [group, *self.above(group)][-1]

    def place(self, row: PointRow) -> str | None:
        """The group a row stands in, made where it is new; None where its headings contradict the base."""
        above = ""
        for level, heading in enumerate(row.headings):
            found = self._child(above, heading, level, row.place)
            if found is None:
                return None
            above = found
        return above

    def _child(self, above: str, heading: Heading, level: int, place: Place) -> str | None:
        children = [name for name, parent in self.parents.items() if parent == above]
        named = (name for name in children if "".join(self.labels[name].split()) == heading.name)
        known = next(named, None) or self._by_number(children, heading, level)
        if known is None:
            return self._new_group(above, heading, place)
        # The names of the third level are summaries in a base, full sentences in a table.
        if level == 2 or "".join(self.labels[known].split()) == heading.name:
            return known
        self.problems.append(fault("TABLE-GROUP", place, (
            f"第 {heading.number} 个指标收录为“{self.labels[known]}”, 表中为“{heading.name}”",
            f"heading {heading.number} is recorded as '{self.labels[known]}', the table has '{heading.name}'",
        ), ("请改成相同的名称或改正编号", "use the same name or correct the number")))  # fmt: skip
        return None

    def _by_number(self, children: Sequence[str], heading: Heading, level: int) -> str | None:
        """The group of the base that has the number among all of its level, where it stands here."""
        if heading.number is None:
            return None
        ids = [group.id for group in self.base if len(list(self.above(group.id))) == level]
        at = heading.number - 1
        return ids[at] if at < len(ids) and ids[at] in children else None

    def _new_group(self, above: str, heading: Heading, place: Place) -> str:
        name = self._free_id(above, heading.number)
        self.parents[name], self.labels[name] = above, heading.name
        self.new.append({"id": name, "parent": above, "label": heading.name, "place": place})
        return name

    def _free_id(self, above: str, number: int | None) -> str:
        """The id of a new group: its number, or its position among those beside it, behind what it stands under."""
        match = NUMBERED.match(self.roots[0]) if self.roots else None
        stem = f"{above}." if above else match.group(1) if match else "D"
        wanted = number or sum(parent == above for parent in self.parents.values()) + 1
        while f"{stem}{wanted}" in self.parents:
            wanted += 1
        return f"{stem}{wanted}"
