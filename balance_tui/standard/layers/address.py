"""How a layer names a value below it: the item by its id, the field by a dotted path inside."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from ..model import Limit, Standard
from .node import Node

Key = tuple[str | int, ...]
"""What leads to a value whatever its position: table, ids or names of list members, keys."""

MEMBER_NAMES = {
    "exclude": ("reason",), "numerator": ("basis",), "value": ("basis",), "rooms": ("kind",),
    "attached": ("field",), "columns": ("code", "label"), "lines": ("item", "label"),
}  # fmt: skip
"""The keys by which a member of such a list is named; of any other list, its id."""

UNNAMED = ("standard", "change", "withdraw", "lock")


@dataclass(frozen=True)
class Target:
    """An item found: its node, and the key that leads to it."""

    key: Key
    node: Node
    kind: Any


@dataclass(frozen=True)
class Spot:
    """A field found: the table or list that holds it, its step there, what leads to it. `below` are the
    steps still to be made where the field has no value yet; `kind` is the model's type of the field."""

    key: Key
    holder: Node
    step: str | int
    below: tuple[str, ...] = ()
    kind: Any = None

    @property
    def node(self) -> Node | None:
        """The value there is, if any."""
        children = self.holder.open()
        if isinstance(children, dict):
            return children.get(str(self.step)) if not self.below else None
        return children[int(self.step)] if children is not None else None


class NotFound(Exception):
    """No item or field of that name; `names` are those there are, `several` what it may mean."""

    def __init__(self, name: str, names: list[str], several: tuple[str, ...] = ()) -> None:
        super().__init__(name)
        self.name, self.names, self.several = name, names, several


# ── The model's types ──────────────────────────────────────────────────────────────────────────────


def bare(kind: Any) -> Any:
    """A type without `Annotated`, without `None`, and of several the one that is a table or container."""
    if get_origin(kind) is Annotated:
        return bare(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        given = [bare(each) for each in get_args(kind) if each is not type(None)]
        return next((each for each in given if fields_of(each) or get_origin(each)), given[0])
    return kind


@cache
def fields_of(kind: Any) -> tuple[str, ...]:
    """The keys of a table of the model; none where any key may stand or it is no table."""
    return tuple(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else ()


@cache
def inside(kind: Any, step: str) -> Any:
    """The type of what stands under a key of a table, or of a member of a list."""
    if step in fields_of(kind):
        return bare(kind.model_fields[step].annotation)
    arguments = get_args(kind)
    if get_origin(kind) is dict:
        return bare(arguments[1])
    return bare(arguments[0]) if arguments else None


def is_free(kind: Any) -> bool:
    """Whether a table takes keys of its author's choice (stages, school types, words)."""
    return get_origin(kind) is dict


def named(key: Key) -> str:
    """A key as it is read: without the table where that is a list of items, positions counted from one."""
    single = bool(fields_of(inside(Standard, str(key[0])))) or len(key) == 1
    return ".".join(str(step + 1 if isinstance(step, int) else step) for step in (key if single else key[1:]))


# ── Items ──────────────────────────────────────────────────────────────────────────────────────────


def find_target(root: Node, name: str) -> Target:
    """The item a layer means: `L4`, `scope:resources`, `school_rule`; one of a top-level table before one
    deeper inside. Errors: `NotFound`."""
    table, _, identity = name.rpartition(":")
    for items in (_top, _deep):
        found = [target for target in items(root) if _is_meant(target, table, identity)]
        if len(found) == 1:
            return found[0]
        if found:
            raise NotFound(name, [], tuple(f"{_table(target.key)}:{identity}" for target in found))
    raise NotFound(name, sorted({str(target.key[-1]) for target in (*_top(root), *_deep(root))}))


def _is_meant(target: Target, table: str, identity: str) -> bool:
    return str(target.key[-1]) == identity and (not table or _table(target.key) == table)


def _table(key: Key) -> str:
    return str(key[-2]) if len(key) > 1 else ""


def _tables(root: Node) -> Iterator[tuple[str, Node, Any]]:
    for table, node in root.table.items():
        if table not in UNNAMED:
            yield table, node, inside(Standard, table)


def _top(root: Node) -> Iterator[Target]:
    for table, node, kind in _tables(root):
        if isinstance(node.raw, dict):
            yield Target((table,), node, kind)
        for member in node.members:
            identity = member.peek("id")
            if isinstance(identity, str):
                yield Target((table, identity), member, inside(kind, ""))


def _deep(root: Node) -> Iterator[Target]:
    for table, node, kind in _tables(root):
        yield from (target for target in _members(node, (table,), kind) if len(target.key) > 2)


def _members(node: Node, key: Key, kind: Any) -> Iterator[Target]:
    """Every table with an id at any depth."""
    if not isinstance(node.raw, list | dict):
        return
    if isinstance(node.raw, dict):
        for name, inner in node.table.items():
            if _may_hold_ids(inner):
                yield from _members(inner, (*key, name), inside(kind, name))
        return
    for position, member in enumerate(node.members):
        identity = member.peek("id")
        own = (*key, identity if isinstance(identity, str) else position)
        if isinstance(identity, str):
            yield Target(own, member, inside(kind, ""))
        if isinstance(member.raw, dict):
            yield from _members(member, own, inside(kind, ""))


def _may_hold_ids(node: Node) -> bool:
    first = node.raw[0] if isinstance(node.raw, list) and node.raw else node.raw
    return isinstance(first, dict)


# ── Fields ─────────────────────────────────────────────────────────────────────────────────────────


def find_field(target: Target, path: tuple[str, ...]) -> Spot:
    """The field that a dotted path leads to inside an item; one that the model knows need not have a value
    yet. Errors: `NotFound`."""
    return _walk(target.node, target.key, target.kind, path, ".".join(path))


def _walk(node: Node, key: Key, kind: Any, path: tuple[str, ...], whole: str) -> Spot:
    if isinstance(node.open(), list):
        if key[-1] == "test" and len(node.members) == 1 and not node.members[0].peek("id"):
            return _walk(node.members[0], (*key, 0), inside(kind, ""), path, whole)
        position, name, used = _member(node, str(key[-1]), path, whole)
        rest = path[used:]
        if not rest:
            return Spot((*key, name), node, position, kind=inside(kind, ""))
        return _walk(node.members[position], (*key, name), inside(kind, ""), rest, whole)
    return _into_table(node, key, kind, path, whole)


def _into_table(node: Node, key: Key, kind: Any, path: tuple[str, ...], whole: str) -> Spot:
    children, used = node.table, _longest(node.table, path)
    step = ".".join(path[:used])
    known = fields_of(kind)
    if step not in children and step not in known and _only_test(node, kind, step):
        test = children["test"].members[0]
        name = test.peek("id") or 0
        return _walk(test, (*key, "test", name), inside(inside(kind, "test"), ""), path, whole)
    if step not in children and step not in known and not is_free(kind):
        raise NotFound(whole, sorted({*children, *known}))
    here, rest, deeper = (*key, step), path[used:], inside(kind, step)
    if not rest:
        return Spot(here, node, step, kind=deeper)
    if step not in children:
        return Spot((*here, *rest), node, step, rest, _kind_below(deeper, rest, whole))
    child = _spelled_out(children[step], deeper, rest[0])
    if not isinstance(child.raw, dict | list):
        raise NotFound(whole, sorted({*children, *known}))
    children[step] = child
    return _walk(child, here, deeper, rest, whole)


def _kind_below(kind: Any, path: tuple[str, ...], whole: str) -> Any:
    for step in path:
        if not is_free(kind) and step not in fields_of(kind):
            raise NotFound(whole, sorted(fields_of(kind)))
        kind = inside(kind, step)
    return kind


def _longest(children: dict[str, Node], path: tuple[str, ...]) -> int:
    """How many steps of the path are one key: ids and words may have dots in them."""
    return next((n for n in range(len(path), 0, -1) if ".".join(path[:n]) in children), 1)


def _only_test(node: Node, kind: Any, step: str) -> bool:
    """Whether a field of a requirement is meant to be of its one test."""
    if "test" not in fields_of(kind) or "test" not in node.table:
        return False
    tests = node.table["test"].members
    return len(tests) == 1 and step in fields_of(inside(inside(kind, "test"), ""))


def _member(node: Node, table: str, path: tuple[str, ...], whole: str) -> tuple[int, str, int]:
    """Position and name of the member that the first steps of the path name, and how many steps they are."""
    names = [member_name(table, member) for member in node.members]
    for used in range(len(path), 0, -1):
        name = ".".join(path[:used])
        if names.count(name) == 1:
            return names.index(name), name, used
        if names.count(name) > 1:
            raise NotFound(
                whole, [], tuple(f"{name} ({number})" for number in range(1, names.count(name) + 1))
            )
    raise NotFound(whole, [name for name in names if name])


def member_name(table: str, member: Node) -> str:
    """What a member of a list is called in a path; empty where it has no name."""
    for key in MEMBER_NAMES.get(table, ("id",)):
        value = member.peek(key)
        if isinstance(value, str) and value:
            return value
    return ""


def _spelled_out(node: Node, kind: Any, step: str) -> Node:
    """A limit written as a bare number, as the table that it is short for, where a path leads into it."""
    if isinstance(node.raw, dict | list):
        return node
    if kind is Limit:
        return _as_table(node, "value")
    return _as_table(node, "*") if is_free(kind) and step == "*" else node


def _as_table(node: Node, key: str) -> Node:
    return Node({key: node.raw}, node.document, node.path, node.layer, node.cause, (), {key: node})


def is_number(value: Any) -> bool:
    """Whether a TOML value is a number."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
