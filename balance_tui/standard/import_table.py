"""An indicator table laid on a standard: what it adds to the scorecard, as the text of a layer.

Points meet those of the base by their number, headings by name or number. What the base has already is held against
the table; what it lacks is added; nothing is taken away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..errors import StandardInvalid
from ..language import Text
from .layers.bases import pin_line
from .table_layer import Given, label_of, layer_text
from .table_rows import PointRow, TableRows, fault, raise_all, sums_of
from .table_tree import NUMBERED, Tree

if TYPE_CHECKING:
    from .load import LoadedStandard
    from .scorecard import Point

SHOWN = 12
"""How many missing numbers are told one by one."""

PREFIX = "P"
"""What ids of points begin with where the base has none."""


@dataclass(frozen=True)
class Imported:
    """The layer that completes a base: its text; how the table and the base differ where that was accepted; what is
    still missing (empty where the scorecard is whole)."""

    text: str
    points: int
    maximum: Decimal
    differences: tuple[Text, ...]
    missing: tuple[Text, ...]


@dataclass(frozen=True)
class Wishes:
    """What the author of the layer says: its id, title, total and pass mark; whether scores that differ from recorded
    ones stand."""

    id: str
    title: str = ""
    total: Decimal | None = None
    pass_mark: Decimal | None = None
    accept_differences: bool = False


def import_table(table: TableRows, base: LoadedStandard, wishes: Wishes, file: str) -> Imported:
    """The layer over `base` that holds what the table adds. `file` is the table's name, as clauses cite it.
    Errors: `StandardInvalid` (`TABLE-DIFFERS`, `TABLE-GROUP`, `TABLE-TWICE`, `TABLE-NUMBER`, `TABLE-TOTAL`) with every
    problem."""
    plan = _Plan(base, wishes)
    for row in table.points:
        plan.take(row)
    plan.hold_sums(table.points)
    whole = not plan.missing()
    total = _total(table, plan, wishes, whole)
    raise_all(plan.problems)
    given = Given(
        id=wishes.id, title=wishes.title or f"{base.model.standard.title} (指标表 {file})", file=file,
        extends=pin_line(base), groups=plan.tree.new, points=plan.new_points, changes=plan.changes(whole),
        total=total, pass_mark=wishes.pass_mark, whole=whole,
        total_place=table.total[1] if table.total and wishes.total is None else None,
    )  # fmt: skip
    return Imported(
        text=layer_text(given, base.model),
        points=len(plan.maxima),
        maximum=plan.maximum,
        differences=tuple(plan.differences),
        missing=tuple(plan.missing()),
    )


def _total(table: TableRows, plan: _Plan, wishes: Wishes, whole: bool) -> Decimal | None:
    """The total that was given, or that of a table which holds every point."""
    given, known = wishes.total, plan.maximum
    at = table.total[1] if table.total else None
    if given is None:
        covers = plan.seen >= plan.maxima.keys()
        return table.total[0] if table.total and whole and covers else None
    if given < known or (whole and given != known):
        plan.problems.append(fault("TABLE-TOTAL", at, (
            f"总分 {given} 与各要点满分之和 {known} 不符", f"the total {given} is not the sum {known} of all points",
        ), ("请核对 --total 或分值", "check --total or the scores")))  # fmt: skip
    return given


@dataclass
class _Plan:
    """What the rows so far add to the base. Groups and points by id: those of the base first, then new ones."""

    base: LoadedStandard
    wishes: Wishes
    group_of: dict[str, str] = field(default_factory=dict)
    maxima: dict[str, Decimal | None] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    new_points: list[dict[str, Any]] = field(default_factory=list)
    maxima_given: dict[str, PointRow] = field(default_factory=dict)
    differences: list[Text] = field(default_factory=list)
    problems: list[StandardInvalid] = field(default_factory=list)

    def __post_init__(self) -> None:
        model = self.base.model
        self.tree = Tree(model.group, self.problems)
        for point in model.point:
            self.group_of[point.id], self.maxima[point.id] = point.group, point.max
        self.numbers = {number: name for name in self.maxima if (number := _number(name)) is not None}
        numbered = [match for name in self.maxima if (match := NUMBERED.match(name))]
        self.prefix = numbered[0].group(1) if numbered else PREFIX
        self.width = len(numbered[0].group(2)) if numbered else 2

    @property
    def maximum(self) -> Decimal:
        """The sum of the maxima known."""
        return sum((each for each in self.maxima.values() if each is not None), Decimal(0))

    # ── One row ──

    def take(self, row: PointRow) -> None:
        """Meet one row with the base."""
        if not row.headings:
            return
        group = self.tree.place(row)
        if group is None:
            return
        known = self._known(row, group)
        if known is None and row.number is None and self._recorded(group):
            self.problems.append(fault("TABLE-NUMBER", row.place, (
                "要点没有编号, 无法与已收录的要点对应", "the point has no number and cannot be met with those recorded",
            ), ("请在要点前写编号, 如 30.", "write its number before it, as 30.")))  # fmt: skip
        elif known is None:
            self._add(row, group)
        elif known in self.seen:
            self._twice(row, known)
        else:
            self._hold(row, known, group)

    def _twice(self, row: PointRow, known: str) -> None:
        self.problems.append(fault("TABLE-TWICE", row.place, (
            f"要点 {known} 重复", f"the point {known} stands twice",
        ), ("请删去一行或改正编号", "remove one row or correct its number")))  # fmt: skip

    def _known(self, row: PointRow, group: str) -> str | None:
        if row.number is not None:
            return self.numbers.get(row.number)
        said = "".join(row.text.split())
        same = (point for point in self.base.model.point if "".join(point.label.split()) == said)
        found = next((point.id for point in same), None)
        new = (each["id"] for each in self.new_points if each["group"] == group and each["text"] == row.text)
        return found or next(new, None)

    def _recorded(self, group: str) -> bool:
        """Whether the dimension of a group has points in the base."""
        root = self.tree.root(group)
        return any(self.tree.root(point.group) == root for point in self.base.model.point)

    def _hold(self, row: PointRow, known: str, group: str) -> None:
        """A recorded point against the table."""
        self.seen.add(known)
        there, here = self.tree.root(self.group_of[known]), self.tree.root(group)
        if there != here:
            self.problems.append(fault("TABLE-DIFFERS", row.place, (
                f"要点 {known} 已收录在“{self.tree.labels[there]}”下, 表中在“{self.tree.labels[here]}”下",
                f"the point {known} is recorded under '{self.tree.labels[there]}', in the table under '{self.tree.labels[here]}'",
            ), ("请核对编号与一级指标", "check its number and dimension")))  # fmt: skip
            return
        recorded = self.maxima[known]
        if row.score is None or row.score == recorded:
            return
        if recorded is not None:
            self._differs(row, known, recorded)
        self.maxima[known] = row.score
        self.maxima_given[known] = row

    def _differs(self, row: PointRow, known: str, recorded: Decimal) -> None:
        told = Text(
            f"要点 {known} 收录为 {recorded} 分, 表中为 {row.score} 分",
            f"the point {known} is recorded with {recorded}, the table has {row.score}",
        )
        if self.wishes.accept_differences:
            self.differences.append(told)
            return
        mend = Text(
            "请核对; 以表为准时加 --accept-differences", "check it; --accept-differences lets the table stand"
        )
        self.problems.append(StandardInvalid("TABLE-DIFFERS", told, mend, row.place))

    def _add(self, row: PointRow, group: str) -> None:
        number = row.number if row.number is not None else max(self.numbers, default=0) + 1
        name = f"{self.prefix}{number:0{self.width}d}"
        if name in self.tree.parents:
            self._twice(row, name)
            return
        self.numbers[number] = name
        self.group_of[name], self.maxima[name] = group, row.score
        self.seen.add(name)
        self.new_points.append(
            {"id": name, "group": group, "text": row.text, "max": row.score, "place": row.place}
        )

    def hold_sums(self, rows: Sequence[PointRow]) -> None:
        """Points stated beside a heading against the sum of the points under it."""
        for heading, known in sums_of(rows):
            if heading.points != known:
                place = next(row.place for row in rows if heading in row.headings)
                self.problems.append(fault("TABLE-TOTAL", place, (
                    f"“{heading.name}”写明 {heading.points} 分, 其要点之和为 {known}",
                    f"'{heading.name}' states {heading.points}, its points add up to {known}",
                ), ("请核对分值", "check the scores")))  # fmt: skip

    # ── What is left ──

    def missing(self) -> list[Text]:
        """What keeps the scorecard from being whole."""
        blank = [name for name, highest in self.maxima.items() if highest is None]
        used = {self.tree.root(group) for group in self.group_of.values()}
        empty = [
            self.tree.labels[name]
            for name, parent in self.tree.parents.items()
            if not parent and name not in used
        ]
        gaps = sorted(set(range(1, max(self.numbers, default=0) + 1)) - self.numbers.keys())
        found = []
        if blank:
            found.append(
                Text(f"要点 {', '.join(blank)} 没有分值", f"points without a score: {', '.join(blank)}")
            )
        if empty:
            found.append(
                Text(
                    f"没有要点的一级指标: {'、'.join(empty)}",
                    f"dimensions without points: {', '.join(empty)}",
                )
            )
        if gaps:
            told = ", ".join(map(str, gaps[:SHOWN])) + (" …" if len(gaps) > SHOWN else "")
            found.append(Text(f"编号缺 {told}", f"numbers missing: {told}"))
        return found

    def changes(self, whole: bool) -> list[dict[str, Any]]:
        """`[[change]]` tables for what the base recorded without its points or scores."""
        found = [
            {
                "target": f"point:{name}",
                "set": {"max": self.maxima[name], **_completed(self._point(name), row.text)},
                "row": row,
            }
            for name, row in self.maxima_given.items()
        ]
        used = {self.tree.root(each["group"]) for each in self.new_points}
        for group in self.base.model.group:
            given: dict[str, Any] = {}
            if not group.recorded and self.tree.root(group.id) in used:
                given["recorded"] = True
            known = self._sum(group.id)
            if whole and group.max is None and group.mark.startswith("unknown"):
                given |= {"max": known, "mark": "calc: 各要点分值相加"}
            elif group.max is not None and group.max != known:
                given["max"] = known
            if given:
                found.append({"target": f"group:{group.id}", "set": given, "row": None})
        return found

    def _point(self, name: str) -> Point:
        return next(point for point in self.base.model.point if point.id == name)

    def _sum(self, group: str) -> Decimal:
        inside = (
            highest for name, highest in self.maxima.items()
            if highest is not None and group in (self.group_of[name], *self.tree.above(self.group_of[name]))
        )  # fmt: skip
        return sum(inside, Decimal(0))


def _number(name: str) -> int | None:
    match = NUMBERED.match(name)
    return int(match.group(2)) if match else None


def _completed(point: Point, text: str) -> dict[str, str]:
    """A point marked unknown takes its text from the table; what was said of the gap does not outlive it."""
    if not point.mark.startswith("unknown"):
        return {}
    said = {
        "label": label_of(text),
        "label_en": "",
        "note": " ".join(text.split()),
        "note_en": "",
        "mark": "",
    }
    return {key: value for key, value in said.items() if value != getattr(point, key)}
