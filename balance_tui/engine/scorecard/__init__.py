"""The scorecard of every county: its points with every score given, the sums of groups and card, what they decide.

scores given → proposals → settled scores → sums → bounds against the pass mark
"""

from __future__ import annotations

from .card import Cards, carded
from .frames import CARD, CARD_NAME, CARD_SCHEMA, SOURCE_SCHEMA

__all__ = ["CARD", "CARD_NAME", "CARD_SCHEMA", "SOURCE_SCHEMA", "Cards", "carded"]
