"""One `[[change]]` at work: finding its fields, setting them, and holding the result to the rules of layers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from ...errors import Place
from ..model import Limit, Standard
from ..source import Path_
from .address import (
    Key,
    NotFound,
    Spot,
    Target,
    fields_of,
    find_field,
    find_target,
    inside,
    member_name,
    named,
)
from .directives import Change
from .layer import Layer
from .locks import broken
from .node import Cause, Node, history
from .problem import no_field, no_target, problem

if TYPE_CHECKING:
    from .apply import Stack


@dataclass(frozen=True)
class Removal:
    """An item that a layer withdrew, or a field that a change removed, as it was."""

    layer: Layer
    key: Key
    place: Place
    clause: str
    reason: str
    old: Node

    @property
    def name(self) -> str:
        """What is gone, as it is read."""
        return named(self.key)


@dataclass
class Changing:
    """A change of a layer on its way into the stack; `path` leads to it in the layer's document."""

    stack: Stack
    layer: Layer
    change: Change
    path: Path_

    def run(self) -> None:
        """Make the change; what is wrong with it goes to the stack's `found`."""
        try:
            target = find_target(self.stack.root, self.change.target)
        except NotFound as missing:
            place = self._place("target")
            known = self.stack.gone(self.layer, self.change.target, place)
            self.stack.found.append(known or no_target(place, missing))
            return
        self._every_field(target)

    def _every_field(self, target: Target) -> None:
        for path, value, place, inner in self._settings():
            self._one(
                target, path, place, lambda spot, value=value, inner=inner: self._set(spot, value, inner)
            )
        for name, members in self.change.add.items():
            inner = ("add", name)
            self._one(
                target, name, self._place(*inner),
                lambda spot, members=members, inner=inner: self._append(spot, members, inner),
                member=True,
            )  # fmt: skip
        for index, name in enumerate(self.change.remove):
            place = self._place("remove", index)
            self._one(target, name, place, lambda spot, place=place: self._remove(spot, place))

    def _place(self, *path: str | int) -> Place:
        return self.layer.document.place((*self.path, *path))

    def _settings(self) -> Iterator[tuple[str, Any, Place, Path_]]:
        """Every (path in the item, value, place, path in the change). A table given as a value is gone into:
        `limit = { primary = 5 }` changes no other stage."""
        yield from self._inside(self.change.set, "", ("set",))

    def _inside(
        self, table: dict[str, Any], prefix: str, path: Path_
    ) -> Iterator[tuple[str, Any, Place, Path_]]:
        for key, value in table.items():
            name, inner = f"{prefix}{key}", (*path, key)
            if isinstance(value, dict) and value:
                yield from self._inside(value, f"{name}.", inner)
            else:
                yield name, value, self._place(*inner), inner

    def _one(self, target: Target, name: str, place: Place, act: Any, member: bool = False) -> None:
        found = self.stack.found
        try:
            spot = find_field(target, tuple(name.split(".")))
        except NotFound as missing:
            found.append(no_field(place, self.change.target, missing))
            return
        if spot.key == (*target.key, "id"):
            found.append(problem(
                "STD-TARGET-FIELD", place, ("编号不能改动", "an id cannot be changed"),
                ("请 withdraw 旧项并另写新项", "withdraw the old item and write a new one"),
            ))  # fmt: skip
            return
        if member and spot.node and not isinstance(spot.node.raw, list):
            found.append(problem(
                "STD-TARGET-FIELD", place,
                (f"“{named(spot.key)}”不是列表", f"'{named(spot.key)}' is no list"),
                ("请用 set 给出整个值", "give the whole value by set"),
            ))  # fmt: skip
            return
        if member or self.stack.wrote(self.layer, spot.key, place):
            self._with_checks(target, spot, name, place, act)

    def _with_checks(self, target: Target, spot: Spot, name: str, place: Place, act: Any) -> None:
        """Act, and hold what came of it against the locks and against what was there before."""
        item = _whole_item(self.stack.root, target)
        before = item.plain()
        old = spot.node.plain() if spot.node else None
        limit = _limit_of(spot)
        act(spot)
        node = Spot(spot.key, spot.holder, spot.step).node
        new = node.plain() if node else None
        if _means_the_same(spot.key[0], before, item.plain()):
            self.stack.found.append(problem(
                "STD-SAME", place,
                (f"“{named(spot.key)}”原来就是这个值", f"'{named(spot.key)}' has this value already"),
                ("请删去这一处改动", "remove this change"),
            ))  # fmt: skip
        if limit is not None and node is not None and not self._cites(name, limit):
            self._cite(spot, limit)
        broke = broken(self.stack.locks, self.layer, spot.key, old, new, target.node, place)
        self.stack.found.extend(broke)

    def _node(self, value: Any, inner: Path_, old: Node | None) -> Node:
        cause = Cause(self.change.clause, self.change.reason, self.change.mark, self._place())
        path = (*self.path, *inner)
        return Node(value, self.layer.document, path, self.layer.id, cause, history(old))

    def _set(self, spot: Spot, value: Any, inner: Path_) -> None:
        node = self._node(value, inner, spot.node)
        for step in reversed(spot.below):
            node = Node({step: node.raw}, node.document, node.path, node.layer, node.cause, (), {step: node})
        _place_in(spot.holder, spot.step, node)

    def _cites(self, name: str, limit: str) -> bool:
        """Whether the change itself gives the clause of the limit."""
        table = name if limit == "whole" else name.rpartition(".")[0]
        return any(each == f"{table}.clause" for each, *_ in self._settings())

    def _cite(self, spot: Spot, limit: str) -> None:
        """A limit that is changed names the clause of the change."""
        holder = spot.holder if limit == "value" else None
        if holder is None:
            held = Spot(spot.key, spot.holder, spot.step).node
            for step in spot.below:
                held = held.table.get(step) if held else None
            if held is None or isinstance(held.raw, dict | list):
                return
            table = Node({}, held.document, held.path, held.layer, held.cause, held.replaced, {"value": held})
            held.replaced = tuple(_number_of(old) for old in held.replaced)
            holder = table
            self._swap(spot, table)
        old = holder.table.get("clause")
        clause = self._node(self.change.clause, ("clause",), old)
        cited = old is not None and (old.layer, old.path) == (clause.layer, clause.path)
        if not cited:  # it is where one change sets both the value and the floor
            holder.table["clause"] = clause

    def _swap(self, spot: Spot, table: Node) -> None:
        if not spot.below:
            _place_in(spot.holder, spot.step, table)
            return
        node = Spot(spot.key, spot.holder, spot.step).node
        for step in spot.below[:-1]:
            node = node.table[step] if node else None
        if node:
            node.table[spot.below[-1]] = table

    def _append(self, spot: Spot, members: list[Any], inner: Path_) -> None:
        node = spot.node
        if node is None:
            _place_in(spot.holder, spot.step, self._node(members, inner, None))
            return
        names = {member_name(str(spot.step), each) for each in node.members}
        for member in self._node(members, inner, None).members:
            name = member_name(str(spot.step), member)
            if name and name in names:
                self.stack.found.append(problem(
                    "STD-ID-TAKEN", member.place,
                    (f"“{named(spot.key)}”中已有“{name}”", f"there is '{name}' in '{named(spot.key)}' already"),
                    ("请用 set 改动它", "change it by set"),
                ))  # fmt: skip
            node.members.append(member)

    def _remove(self, spot: Spot, place: Place) -> None:
        children = spot.holder.open()
        if spot.node is not None:
            said = (self.change.clause, self.change.reason)
            self.stack.removed.append(Removal(self.layer, spot.key, place, *said, spot.node))
        if isinstance(children, list):
            del children[int(spot.step)]
        elif children is not None and not spot.below:
            children.pop(str(spot.step), None)


def _number_of(old: Node) -> Node:
    """The number of a limit that was replaced as a whole."""
    return old.table.get("value", old) if isinstance(old.raw, dict) else old


def _limit_of(spot: Spot) -> str | None:
    """`whole` where the field is a limit with a clause of its own, `value` where it is the number in one."""
    if spot.kind is Limit:
        return "whole"
    if spot.step in ("value", "floor") and not spot.below and _is_limit(spot.holder):
        return "value"
    return None


def _is_limit(node: Node) -> bool:
    return bool(node.table) and set(node.table) <= set(fields_of(Limit))


def _whole_item(root: Node, target: Target) -> Node:
    """The member of the top-level table that the target is, or stands in."""
    table, *rest = target.key
    node = root.table[str(table)]
    if not rest or not isinstance(node.raw, list):
        return node
    return next(member for member in node.members if member.peek("id") == rest[0])


def _means_the_same(table: str | int, before: Any, after: Any) -> bool:
    """Whether two ways of writing an item mean the same; what the model refuses is said elsewhere."""
    kind = inside(Standard, str(table))
    kind = inside(kind, "") if not fields_of(kind) else kind
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return bool(before == after)
    try:
        return bool(kind.model_validate(before) == kind.model_validate(after))
    except ValidationError:
        return False


def _place_in(holder: Node, step: str | int, node: Node) -> None:
    children = holder.open()
    if isinstance(children, list):
        children[int(step)] = node
    elif children is not None:
        children[str(step)] = node
