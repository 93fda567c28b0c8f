"""What differs between two standards, and which of the two asks for more."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from .address import MEMBER_NAMES, named
from .locks import LARGER_IS_STRICTER

Direction = Literal["stricter", "looser", "="]


@dataclass(frozen=True)
class Difference:
    """One value that only one standard has or that is another in each. `path` leads to it by ids; `direction`
    says what the second asks against the first, `=` where that cannot be told."""

    kind: Literal["added", "removed", "changed"]
    path: tuple[str, ...]
    old: Any = None
    new: Any = None
    direction: Direction = "="

    def __str__(self) -> str:
        name = named(self.path)
        if self.kind == "changed":
            return f"{name} {short(self.old)} → {short(self.new)}"
        return f"{'+' if self.kind == 'added' else '-'}{name}"


def short(value: Any) -> str:
    """A value on one line."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    """Every difference of two canonical forms (as data), headers left out, in the order of the first."""
    for table in dict.fromkeys((*old, *new)):
        if table != "standard":
            yield from _compared(old.get(table), new.get(table), (table,), "")
    before, after = (each.get("standard", {}).get("stages") for each in (old, new))
    yield from _compared(before, after, ("standard", "stages"), "")


def _compared(old: Any, new: Any, path: tuple[str, ...], operator: str) -> Iterator[Difference]:
    if old == new:
        return
    before, after = _named(old, path), _named(new, path)
    if before is not None and after is not None:
        yield from _members(before, after, path, operator)
    elif old is None and after is not None and len(path) == 1 and isinstance(new, list):
        yield from _members({}, after, path, operator)
    elif new is None and before is not None and len(path) == 1 and isinstance(old, list):
        yield from _members(before, {}, path, operator)
    elif old is None or new is None:
        yield Difference("added" if old is None else "removed", path, old, new)
    else:
        yield Difference("changed", path, old, new, _direction(old, new, path, operator))


def _members(
    old: Mapping[str, Any], new: Mapping[str, Any], path: tuple[str, ...], operator: str
) -> Iterator[Difference]:
    operators = [each["op"] for each in (old, new) if isinstance(each.get("op"), str)]
    inner = operators[-1] if operators else operator
    for key in dict.fromkeys((*old, *new)):
        yield from _compared(old.get(key), new.get(key), (*path, key), inner)


def _named(value: Any, path: tuple[str, ...]) -> Mapping[str, Any] | None:
    """A table as it is, a list of named tables by their names; None for anything else."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        return None
    keys = MEMBER_NAMES.get(path[-1], ("id",))
    names = [next((str(each[key]) for key in keys if each.get(key)), "") for each in value]
    if path[-1] == "test" and len(value) == 1:
        names = [names[0] or "1"]
    return dict(zip(names, value, strict=True)) if len(set(names) - {""}) == len(value) else None


_STRICTNESS = {">=": (1, 0), ">": (1, 1), "<=": (-1, 0), "<": (-1, 1)}


def _direction(old: Any, new: Any, path: tuple[str, ...], operator: str) -> Direction:
    if path[-1] == "op":
        before, after = _STRICTNESS.get(old), _STRICTNESS.get(new)
        if before is None or after is None or before[0] != after[0]:
            return "="
        return "stricter" if after[1] > before[1] else "looser"
    towards = _towards(path, operator)
    try:
        step = (Decimal(str(new)) - Decimal(str(old))) * towards
    except InvalidOperation:
        return "="
    return "stricter" if step > 0 else "looser" if step < 0 else "="


def _towards(path: tuple[str, ...], operator: str) -> int:
    if path[-1] in LARGER_IS_STRICTER:
        return 1
    if "relief" in path[:1] or not {"limit", "fallback_limits"} & set(path) or path[-1] == "clause":
        return 0
    default = "<=" if path[0] == "dispersion" else ">="
    return _STRICTNESS.get(operator or default, (0, 0))[0]
