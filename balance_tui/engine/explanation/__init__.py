"""The explanation of every figure of a result, read from the frames the figure was computed in."""

from __future__ import annotations

from .derivation import Column, Derivation, Step
from .dispersion import explain_dispersion
from .indicator import explain_indicator
from .item import explain_item

__all__ = ["Column", "Derivation", "Step", "explain_dispersion", "explain_indicator", "explain_item"]
