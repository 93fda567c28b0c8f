"""Opening an assessment from the list, and leaving it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..places import NOT_READ
from ..trail import Trail
from ..where import where

if TYPE_CHECKING:
    from ..app import BalanceApp


def open_assessment(app: BalanceApp, name: str) -> None:
    """Read an assessment in the place of the one that was open; one comes back to the list by `esc`. Errors: those of
    `Desk.assessment`."""
    session = app.at_desk
    session.desk.assessment(name)
    if session.name == name and app.study is not None:
        app.go(where("overview"))
        return
    session.name, session.recorded, session.proposal, session.others = name, None, None, ()
    session.tried, session.drafts.living = set(), frozenset()
    app.note_standing()
    app.study, app.failure, app.switched, app.county = None, None, None, None
    app.trail = Trail([app.where])
    app.where = where("overview")
    app.put(NOT_READ)
    app.loader.open(app.request)
    app.describe()
