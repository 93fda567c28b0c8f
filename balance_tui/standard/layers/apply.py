"""Putting one layer on what lies below it: changes, withdrawals, new items, each strictly."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...errors import Place, StandardInvalid
from .address import Key, NotFound, find_target, named
from .changing import Changing, Removal
from .directives import DIRECTIVES
from .layer import Layer
from .locks import Held, broken, held, overlap
from .node import Node, history
from .problem import no_target, problem

OWN = ("id", "version", "title", "title_en", "in_force_from", "in_force_until", "note", "note_en", "extends")
"""Keys of the header that no layer takes over from the one below."""


@dataclass(frozen=True)
class Write:
    """One value that a layer set or took away."""

    layer: Layer
    key: Key
    place: Place
    name: str = ""


@dataclass
class Stack:
    """What the layers so far come to: values, who wrote what, the locks in force, what is wrong."""

    root: Node
    writes: list[Write] = field(default_factory=list)
    removed: list[Removal] = field(default_factory=list)
    locks: list[Held] = field(default_factory=list)
    found: list[StandardInvalid] = field(default_factory=list)

    def put(self, layer: Layer) -> None:
        """Lay one more layer on. What is wrong with it goes to `found`."""
        data = layer.document.data
        for index, change in enumerate(layer.directives.change):
            Changing(self, layer, change, ("change", index)).run()
        for index in range(len(layer.directives.withdraw)):
            self._withdraw(layer, index)
        self._header(layer)
        for table in data:
            if table != "standard" and table not in DIRECTIVES:
                self._add(layer, table, Node(data[table], layer.document, (table,), layer.id))

    def lock(self, layer: Layer) -> None:
        """Take the locks of a layer into force; they stand on what the standard says with that layer."""
        self.locks.extend(held(self.root, layer, self.found))

    def wrote(self, layer: Layer, key: Key, place: Place, name: str = "") -> bool:
        """Note that a layer writes a value. False, with the error noted, where another of equal rank or the
        same layer has written it already."""
        for write in self.writes:
            if overlap(write.key, key) and (write.layer.id == layer.id or not layer.over(write.layer.id)):
                self.found.append(_written_twice(write, layer, key, place))
                return False
        self.writes.append(Write(layer, key, place, name))
        return True

    def _withdraw(self, layer: Layer, index: int) -> None:
        directive = layer.directives.withdraw[index]
        place = layer.document.place(("withdraw", index))
        at_target = layer.document.place(("withdraw", index, "target"))
        try:
            target = find_target(self.root, directive.target)
        except NotFound as missing:
            self.found.append(self.gone(layer, directive.target, at_target) or no_target(at_target, missing))
            return
        self.found.extend(
            broken(self.locks, layer, target.key, target.node.plain(), None, target.node, place)
        )
        if self.wrote(layer, target.key, place, directive.target):
            _take_away(self.root, target.key)
            said = (directive.clause, directive.reason)
            self.removed.append(Removal(layer, target.key, place, *said, target.node))

    def gone(self, layer: Layer, name: str, place: Place) -> StandardInvalid | None:
        """The conflict with a layer of equal rank that withdrew the item, or that this layer did so itself."""
        for write in self.writes:
            if write.name == name and (write.layer.id == layer.id or not layer.over(write.layer.id)):
                return _written_twice(write, layer, write.key, place)
        return None

    def _header(self, layer: Layer) -> None:
        own = layer.document.data["standard"]
        below = self.root.table["standard"].table
        header = Node(own, layer.document, ("standard",), layer.id)
        merged = {key: node for key, node in header.table.items() if key != "extends"}
        for key, node in below.items():
            if key == "words" and isinstance(own.get(key), dict | None):
                merged[key] = self._words(layer, node, merged.get(key))
            elif key not in OWN:
                merged.setdefault(key, node)
        for key in ("stages",):
            if key in own:
                self.wrote(layer, ("standard", key), layer.document.place(("standard", key)))
                merged[key].replaced = history(below.get(key))
        header.children = merged
        self.root.table["standard"] = header

    def _words(self, layer: Layer, below: Node, own: Node | None) -> Node:
        if own is None:
            return below
        words = {**below.table, **own.table}
        for name, node in own.table.items():
            self.wrote(layer, ("standard", "words", name), node.place)
            node.replaced = history(below.table.get(name))
        own.children = words
        return own

    def _add(self, layer: Layer, table: str, node: Node) -> None:
        tables = self.root.table
        if not isinstance(node.raw, list) or not isinstance(tables.get(table, node).raw, list):
            if table not in tables:
                self.wrote(layer, (table,), node.place)
                tables[table] = node
            else:
                self.found.append(_taken(tables[table], layer, table, node.place))
            return
        there = tables.setdefault(table, Node([], layer.document, (table,), layer.id))
        names = {member.peek("id"): member for member in there.members}
        for member in node.members:
            identity = member.peek("id")
            known = names.get(identity) if isinstance(identity, str) else None
            if known is not None:
                self.found.append(_taken(known, layer, str(identity), member.place))
            else:
                there.members.append(member)


def _taken(known: Node, layer: Layer, name: str, place: Place) -> StandardInvalid:
    if not layer.over(known.layer):
        return _equal_rank(known.layer, known.place, layer, name, place)
    return problem(
        "STD-ID-TAKEN", place,
        (f"底层已有“{name}” ({known.place})", f"there is '{name}' below already ({known.place})"),
        (f'请用 [[change]] target = "{name}" 改动它', f'change it by [[change]] target = "{name}"'),
    )  # fmt: skip


def _written_twice(write: Write, layer: Layer, key: Key, place: Place) -> StandardInvalid:
    name = named(key)
    if write.layer.id != layer.id:
        return _equal_rank(write.layer.id, write.place, layer, name, place)
    return problem(
        "STD-CHANGE-TWICE", place,
        (f"本层已在 {write.place} 改动“{name}”", f"this layer changes '{name}' at {write.place} already"),
        ("请只留一处", "keep one of them"),
    )  # fmt: skip


def _equal_rank(other: str, there: Place, layer: Layer, name: str, place: Place) -> StandardInvalid:
    return problem(
        "STD-RANK", place,
        (f"同级的 {other} ({there}) 与 {layer.id} 都设定了“{name}”",
         f"{other} ({there}) and {layer.id}, of equal rank, both set '{name}'"),
        ("请让其中一层 extends 另一层, 或只在一层设定", "let one extend the other, or set it in one of them"),
    )  # fmt: skip


def _take_away(root: Node, key: Key) -> None:
    node = root
    for position, step in enumerate(key):
        children = node.open()
        last = position == len(key) - 1
        if isinstance(children, dict):
            if last:
                del children[str(step)]
                return
            node = children[str(step)]
        elif children is not None:
            index = next(i for i, each in enumerate(children) if step in (each.peek("id"), i))
            if last:
                del children[index]
                return
            node = children[index]
