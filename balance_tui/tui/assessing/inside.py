"""Restricted mode: nothing leads out of the program or reaches a file outside the workspace."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ...errors import Refused
from ...language import Text

if TYPE_CHECKING:
    from ..actions import Action
    from ..where import Where
    from .session import Session

_OURS = ("BALANCE_TUI_", "TEXTUAL")


def is_outside(session: Session | None, action: Action) -> bool:
    """Whether an action may not be done here: it reads or writes what is not of the workspace."""
    return session is not None and session.restricted and action.outside


def refused(action: Action) -> Refused:
    """The sentence for what restricted mode does not do."""
    return Refused(
        "LOGIN-INSIDE",
        Text(
            f"“{action.label.zh}”会用到工作区以外的文件, 此处不能",
            f"'{action.label.en}' reaches outside the workspace: not here",
        ),
    )


def check_place(session: Session | None, place: Where) -> None:
    """Errors: LOGIN-INSIDE where a view would read outside the workspace, or run code that did not come with the
    program."""
    if session is None or not session.restricted:
        return
    if place.view == "panel" and not _is_bundled(place.get("plugin")):
        what = Text("外来插件的屏在此处不能打开", "views of plugins from elsewhere cannot be opened here")
        raise Refused("LOGIN-INSIDE", what)


def _is_bundled(plugin: str | None) -> bool:
    from ...plugins.registry import overview

    return any(row.id == plugin and row.origin == "bundled" for row in overview())


def forget_environment() -> None:
    """Nothing of the client's environment says where keys and preferences are: they are the account's."""
    for name in [each for each in os.environ if each.startswith(_OURS)]:
        del os.environ[name]
