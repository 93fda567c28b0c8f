"""The values of a resolved standard, each with the layer that set it and what it replaced.

A node holds a part of a document as it is until something in it is changed; only then is it opened, so that
resolving costs what the changes cost, not what the standard is long.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ...errors import Place
from ..source import Document, Path_


@dataclass(frozen=True)
class Cause:
    """Why a layer set a value: the clause and reason of its change, and where the change stands."""

    clause: str
    reason: str
    mark: str
    place: Place


@dataclass
class Node:
    """A value at `path` of the document of `layer`. `children` once opened; `replaced` oldest first."""

    raw: Any
    document: Document
    path: Path_
    layer: str
    cause: Cause | None = None
    replaced: tuple[Node, ...] = ()
    children: dict[str, Node] | list[Node] | None = field(default=None)

    @property
    def place(self) -> Place:
        """Where the value is written."""
        return self.document.place(self.path)

    def open(self) -> dict[str, Node] | list[Node] | None:
        """The nodes inside a table or list; None for a plain value."""
        if self.children is None:
            if isinstance(self.raw, dict):
                self.children = {key: self.inside(key, value) for key, value in self.raw.items()}
            elif isinstance(self.raw, list):
                self.children = [self.inside(index, value) for index, value in enumerate(self.raw)]
        return self.children

    def inside(self, step: str | int, value: Any) -> Node:
        """A node for a value that stands inside this one in the same document."""
        return Node(value, self.document, (*self.path, step), self.layer, self.cause)

    @property
    def table(self) -> dict[str, Node]:
        """The nodes of a table; empty for anything else."""
        opened = self.open()
        return opened if isinstance(opened, dict) else {}

    @property
    def members(self) -> list[Node]:
        """The nodes of a list; empty for anything else."""
        opened = self.open()
        return opened if isinstance(opened, list) else []

    def plain(self) -> Any:
        """The value as TOML data."""
        if isinstance(self.children, dict):
            return {key: node.plain() for key, node in self.children.items()}
        if isinstance(self.children, list):
            return [node.plain() for node in self.children]
        return self.raw

    def peek(self, key: str) -> Any:
        """The plain value under a key of a table, without opening it; None where there is none."""
        if isinstance(self.children, dict):
            return self.children[key].plain() if key in self.children else None
        return self.raw.get(key) if isinstance(self.raw, dict) else None

    def at(self, path: Path_) -> tuple[Node, Path_]:
        """The nearest node on the way to `path`, and what of the path lies inside its raw value or is not there."""
        node = self
        for position, step in enumerate(path):
            children = node.children
            if children is None:
                return node, path[position:]
            try:
                node = children[step]  # type: ignore[index]
            except (KeyError, IndexError, TypeError):
                return node, ()
        return node, ()


def history(old: Node | None) -> tuple[Node, ...]:
    """What a value that takes the place of `old` replaces, oldest first."""
    return (*old.replaced, old) if old else ()


@dataclass(frozen=True)
class LayeredDocument(Document):
    """A resolved standard in the shape of a document: places are those of the layer that set the value."""

    root: Node = field(kw_only=True)

    def place(self, path: Path_) -> Place:
        """The place of the value at `path`, in whichever layer's file it stands."""
        node, rest = self.root.at(path)
        return node.document.place((*node.path, *rest))
