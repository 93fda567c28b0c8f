"""Locks: what a layer does not let the layers above it change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ...errors import Place, StandardInvalid
from .address import Key, NotFound, Target, find_field, find_target, is_number, named
from .directives import Lock
from .layer import Layer
from .node import Node
from .problem import no_field, no_target, problem

LARGER_IS_STRICTER = ("at_least", "floor_share", "pass_mark")
"""Numbers without an operator of their own of which more is asked where they are larger."""

_STRICTER_OP = {(">=", ">"), ("<=", "<"), (">=", "=="), ("<=", "=="), (">", "=="), ("<", "==")}


@dataclass(frozen=True)
class Held:
    """A lock with the value it holds: `item` leads to the item, `key` to the value."""

    lock: Lock
    layer: Layer
    item: Key
    key: Key
    place: Place


def overlap(one: Key, other: Key) -> bool:
    """Whether one value is the other, or lies inside it."""
    length = min(len(one), len(other))
    return one[:length] == other[:length]


def held(root: Node, layer: Layer, found: list[StandardInvalid]) -> Iterator[Held]:
    """The locks of a layer, found in what the standard says with that layer; what is wrong goes to `found`."""
    for index, lock in enumerate(layer.directives.lock):
        place = layer.document.place(("lock", index))
        try:
            target = find_target(root, lock.target)
            yield _held(layer, lock, target, place, found)
        except NotFound as missing:
            at_field = missing.name != lock.target
            where = layer.document.place(("lock", index, "field" if at_field else "target"))
            found.append(no_field(where, lock.target, missing) if at_field else no_target(where, missing))


def _held(layer: Layer, lock: Lock, target: Target, place: Place, found: list[StandardInvalid]) -> Held:
    key = target.key
    if lock.field:
        spot = find_field(target, tuple(lock.field.split(".")))
        key = spot.key
    if lock.mode == "stricter-only" and not (lock.field and _has_direction(target.node, key, target.key)):
        found.append(problem(
            "STD-LOCK", place,
            (f"“{lock.target} {lock.field}”看不出哪边更严", f"'{lock.target} {lock.field}' has no stricter side"),
            ('请锁定限值 (如 field = "limit"), 或写 mode = "final"',
             'lock a limit (as field = "limit"), or write mode = "final"'),
        ))  # fmt: skip
    return Held(lock, layer, target.key, key, place)


def _has_direction(item: Node, key: Key, item_key: Key) -> bool:
    return direction(item, key[len(item_key) :]) is not None


def direction(item: Node, path: Key) -> int | None:
    """1 where a larger number at `path` inside the item is stricter, -1 where a smaller is, else None."""
    names = [step for step in path if isinstance(step, str)]
    if names and names[-1] in LARGER_IS_STRICTER:
        return 1
    if not any(name in ("limit", "fallback_limits") for name in names):
        return None
    operator = _operator(item, path)
    return {">=": 1, ">": 1, "<=": -1, "<": -1}.get(operator)


def _operator(item: Node, path: Key) -> str:
    """The operator of the table that holds the limit; what the model takes where none is written."""
    node, operator = item, str(item.peek("op") or "")
    for step in path:
        if step == "test":
            tests = node.table["test"].members
            name = path[path.index(step) + 1]
            node = next((each for each in tests if each.peek("id") == name), tests[0])
            operator = str(node.peek("op") or "")
    defaults = {"dispersion": "<=", "relief": ""}
    return operator or defaults.get(str(item.path[0]), ">=")


def broken(
    locks: Iterable[Held], layer: Layer, key: Key, old: Any, new: Any, item: Node, place: Place
) -> Iterator[StandardInvalid]:
    """The locks that a change of one value breaks; `new` None where the value is taken away."""
    for lock in locks:
        if lock.layer.over(layer.id):  # its own values, or those of a layer below it
            continue
        by = f"{lock.layer.id} ({lock.place})"
        if lock.lock.mode == "final" and overlap(lock.key, key):
            yield problem(
                "STD-LOCK", place,
                (f"{by} 锁定了“{named(lock.key)}”: {lock.lock.reason}",
                 f"{by} has locked '{named(lock.key)}': {lock.lock.reason}"),
                ("请删去这一处改动", "remove this change"),
            )  # fmt: skip
        elif lock.lock.mode == "stricter-only" and _weakens(lock, key, old, new, item):
            yield problem(
                "STD-STRICTER", place,
                (f"{by} 只许把“{named(lock.key)}”改得更严: {lock.lock.reason}",
                 f"{by} lets '{named(lock.key)}' be made stricter only: {lock.lock.reason}"),
                ("请改为更严的数值或删去", "give a stricter figure or remove the change"),
            )  # fmt: skip


def _weakens(lock: Held, key: Key, old: Any, new: Any, item: Node) -> bool:
    if key == lock.item or key[-1] == "op" and overlap(lock.item, key):
        return new is None or key[-1] == "op" and (old or ">=", new) not in _STRICTER_OP
    if not overlap(lock.key, key):
        return False
    towards = direction(item, key[len(lock.item) :])
    before, after = _numbers(old), _numbers(new)
    if towards is None or not before or set(before) - set(after):
        return True
    steps = [(after[name] - before[name]) * towards for name in before]
    return min(steps) < 0


def _numbers(value: Any, name: str = "") -> dict[str, Decimal]:
    """The numbers in a limit by stage; empty where one of them is a formula."""
    if isinstance(value, dict):
        inner = [_numbers(each, "" if key == "value" else key) for key, each in value.items()
                 if key not in ("clause", "floor")]  # fmt: skip
        return {key: number for each in inner for key, number in each.items()} if all(inner) else {}
    if isinstance(value, str):
        value = int(value) if value.isdigit() else None
    return {name: Decimal(value)} if is_number(value) else {}
