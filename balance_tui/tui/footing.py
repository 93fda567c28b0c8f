"""The footer: the keys one may want next, from the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..language import Text
from .actions import REGISTRY, Action, key_shown
from .assessing.inside import is_outside
from .cells import shown, width
from .view import Piece

if TYPE_CHECKING:
    from .app import BalanceApp
    from .describing import TwoEnds

KEYS_TYPING = (("↵", Text("确定", "enter")), ("↑↓", Text("移动", "move")), ("esc", Text("取消", "leave off")))
"""What is not typed where a line is."""


def footer(app: BalanceApp) -> TwoEnds:
    """The keys one may want next, as many as have room; the one for help always has."""
    if app.typing:
        typed = ((Piece(shown(key), "key"), Piece(f" {label}  ")) for key, label in KEYS_TYPING)
        return [piece for pair in typed for piece in pair], ()
    offered = [
        each for each in REGISTRY.values() if each.footer and each.id != "help" and _is_offered(app, each)
    ]
    if app.where.view in ("proposal", "conflict"):
        # Where something waits to be confirmed, the keys for that stand alone.
        offered = [each for each in offered if each.views or each.id in ("back", "enter")]
    elif app.where in app.trail.asides:
        offered = [each for each in offered if each.views or each.aside]
    pieces: list[Piece] = []
    help_key = shown(key_shown((app.keymap.get("help") or ("?",))[0]))
    right = (Piece(help_key, "key"), Piece(f" {REGISTRY['help'].label}"))
    room = app.size.width - sum(width(piece.text) for piece in right) - 1
    for each in sorted(offered, key=lambda each: each.footer):
        keys = app.keymap.get(each.id, ())
        label = f" {each.label}  "
        key = shown(key_shown(keys[0])) if keys else ""
        if keys and width(key + label) <= room:
            pieces += [Piece(key, "key"), Piece(label)]
            room -= width(key + label)
    return pieces, right


def _is_offered(app: BalanceApp, action: Action) -> bool:
    """Whether its first key does it here and now."""
    here = "explain" if app.in_explanation else "table"
    keys = app.keymap.get(action.id, ())
    taken = bool(keys) and app.action_of(keys[0]) is not action
    here_now = action.stands_in(app.where.view, here) and not taken and not is_outside(app.session, action)
    return here_now and (action.when is None or action.when(app))
