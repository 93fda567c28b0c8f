"""What is shown where nothing could be read: the header mapping to correct, or the reason and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import BalanceError

if TYPE_CHECKING:
    from .app import BalanceApp

MENDABLE = ("MAP-PROPOSAL", "MAP-TWICE", "READ-NO-SCHOOLS")
"""What a mapping may mend."""


def stopped(app: BalanceApp, error: BalanceError) -> None:
    """Offer the mapping where that is what stopped the reading; else let the reason stand alone."""
    if app.session is None and error.code in MENDABLE and _offer_mapping(app):
        return
    if app.study is not None:
        return
    # What is remembered of this data holds no longer.
    app.failure, app.opening = error, None
    app.fit(app.size.width, app.size.height)
    if app.where not in app.trail.asides:
        app.show(app.where)


def _offer_mapping(app: BalanceApp) -> bool:
    from ..standard.load import load_standard
    from .asking import give_up
    from .mapping_study import propose_request
    from .views.mapping import build_draft
    from .where import where

    try:
        app.draft = propose_request(app.request, load_standard(app.request.profile))
    except BalanceError as error:
        app.tell_error(error)
        return False
    if app.typing:
        give_up(app)
    if app.study is not None:
        app.trail.leave(app.where)
    app.where = where("mapping")
    app.put(build_draft(app.draft))
    return True
