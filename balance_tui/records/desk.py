"""Where one person works on a workspace: every act is checked against their roles, written to the log, and only
then true. Undo and redo append the inverse, within this sitting."""

from __future__ import annotations

from dataclasses import dataclass

from .acts import Acts
from .review import Level, Review
from .targets import REVIEW, fact_target, finding_target, grant_target, item_target
from .undoing import Undoing
from .users import Users

__all__ = [
    "REVIEW",
    "Desk",
    "Level",
    "fact_target",
    "finding_target",
    "grant_target",
    "item_target",
]


@dataclass
class Desk(Acts, Review, Undoing, Users):
    """One person at one workspace in one sitting: `actor` is their name, `connection` names the sitting."""
