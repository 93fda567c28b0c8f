"""What is shown where nothing could be read: the header mapping to correct, or the reason and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import BalanceError
from ..language import Text
from .actions import key_shown

if TYPE_CHECKING:
    from .app import BalanceApp

PROPOSAL = "MAP-PROPOSAL"


def stopped(app: BalanceApp, error: BalanceError) -> None:
    """Offer the mapping where that is what stopped the reading; else let the reason stand alone."""
    if error.code == PROPOSAL and _offer_mapping(app):
        return
    if app.study is not None:
        return
    keys = {name: key_shown(app.keymap[name][0]) for name in ("reread", "quit")}
    mend = Text(
        f"{keys['reread']} 重新读取   {keys['quit']} 退出",
        f"{keys['reread']} read again   {keys['quit']} quit",
    )
    app.screen.add_class("stopped")
    app.sentence.say(f"\n{error}\n\n{mend}")


def _offer_mapping(app: BalanceApp) -> bool:
    from ..standard.load import load_standard
    from .mapping_study import propose_request
    from .views.mapping import build_draft
    from .where import where

    try:
        app.draft = propose_request(app.request, load_standard(app.request.profile))
    except BalanceError as error:
        app.tell_error(error)
        return False
    app.where = where("mapping")
    app.put(build_draft(app.draft))
    return True
