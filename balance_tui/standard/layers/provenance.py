"""Where every effective value comes from: layer, place, clause, reason, and what it replaced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...errors import Place
from ..source import Path_
from .address import member_name
from .node import Node
from .resolve import Layering


@dataclass(frozen=True)
class Origin:
    """A value as one layer gave it. `reason` and `mark` are empty where it is not a change's."""

    value: Any
    layer: str
    place: Place
    clause: str
    reason: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Provenance:
    """One effective value: its path by ids and names, its origin, and what it replaced, oldest first."""

    path: tuple[str, ...]
    origin: Origin
    replaced: tuple[Origin, ...] = ()

    @property
    def value(self) -> Any:
        """The value in force, as TOML data."""
        return self.origin.value

    @property
    def is_changed(self) -> bool:
        """Whether a `[[change]]` set it."""
        return bool(self.origin.reason)


def provenance(layering: Layering, path: Path_) -> tuple[Provenance, ...]:
    """Every value at or inside `path` (positions, not ids), in order; empty where nothing is there."""
    node: Node | None = layering.root
    names: tuple[str, ...] = ()
    tables: tuple[Node, ...] = (layering.root,)
    for step in path:
        names = (*names, _name(tables[-1], names, step))
        node = _inside(tables[-1], step)
        if node is None:
            return ()
        tables = (*tables, node)
    return tuple(_values(tables, names))


def _inside(node: Node, step: str | int) -> Node | None:
    children = node.open()
    if isinstance(children, dict):
        return children.get(str(step))
    return children[step] if children and isinstance(step, int) and step < len(children) else None


def _name(node: Node, names: tuple[str, ...], step: str | int) -> str:
    children = node.open()
    if isinstance(children, list) and isinstance(step, int) and step < len(children):
        return member_name(names[-1] if names else "", children[step]) or str(step + 1)
    return str(step)


def _values(tables: tuple[Node, ...], names: tuple[str, ...]) -> Iterator[Provenance]:
    node = tables[-1]
    children = node.open()
    if not children or isinstance(children, list) and not isinstance(children[0].raw, dict):
        yield Provenance(names, _origin(node, tables), tuple(_origin(old, tables) for old in node.replaced))
        return
    for step in children if isinstance(children, dict) else range(len(children)):
        inner = _inside(node, step)
        if inner is not None:
            yield from _values((*tables, inner), (*names, _name(node, names, step)))


def _origin(node: Node, tables: tuple[Node, ...]) -> Origin:
    cause = node.cause
    clause = cause.clause if cause else _clause(tables)
    reason, mark = (cause.reason, cause.mark) if cause else ("", "")
    return Origin(node.plain(), node.layer, node.place, clause, reason, mark)


def _clause(tables: tuple[Node, ...]) -> str:
    """The clause of the nearest table around a value, as it was before any change."""
    for table in reversed(tables):
        clause = table.table.get("clause") if isinstance(table.raw, dict) else None
        first = clause.replaced[0] if clause and clause.replaced else clause
        if first is not None and first.cause is None and isinstance(first.raw, str) and first.raw:
            return first.raw
    return ""


def cited(layering: Layering, written: str, path: Path_) -> tuple[str, Place] | None:
    """The clauses of the changes at or inside `path`, with `written` before them where a value there is not a
    change's, and the place of the first; None where nothing was changed. Opens nothing."""
    node, rest = layering.root.at(path)
    leaves = [] if rest else list(_leaves(node))
    changed = [(leaf.cause.clause, leaf.place) for leaf in leaves if leaf.cause]
    if not changed:
        return None
    clauses = [clause for clause, _ in changed]
    clauses = clauses if len(changed) == len(leaves) else [written, *clauses]
    return "; ".join(dict.fromkeys(filter(None, clauses))), changed[0][1]


def _leaves(node: Node) -> Iterator[Node]:
    inner = node.children.values() if isinstance(node.children, dict) else node.children
    if node.cause or not inner:
        yield node
        return
    for each in inner:
        yield from _leaves(each)
