"""One layer of a standard: its document, and which layers lie below it."""

from __future__ import annotations

from dataclasses import dataclass

from ..source import Document
from .directives import Directives


@dataclass(frozen=True)
class Layer:
    """A whole standard or an overlay. `below` are the ids of every layer it extends, directly or not."""

    id: str
    version: str
    document: Document
    directives: Directives
    below: frozenset[str]

    def over(self, other: str) -> bool:
        """Whether this layer may change what the layer `other` says: it extends it, or is it."""
        return other == self.id or other in self.below
