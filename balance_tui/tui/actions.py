"""The one registry of actions: keys, footer, help, palette, keymap file and the documentation are made from it.

An action is a function of the app, registered where it is written (`doing/`). Keys are Textual's names of keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..language import Text

if TYPE_CHECKING:
    from .app import BalanceApp

Place = Literal["everywhere", "table", "explain"]
"""Where an action is offered: in every place, on a list, in the explanation."""

PLACES: dict[Place, Text] = {
    "everywhere": Text("任何地方", "everywhere"),
    "table": Text("列表", "lists"),
    "explain": Text("依据", "the explanation"),
}

Act = Callable[["BalanceApp"], object]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can do: `id` names it in the keymap file, `keys` are its default keys, `label` is for the
    footer and palette, `help` one sentence. `footer` orders it in the footer (0: not there). `when` says whether
    it can be done now; `reserved` keys may be given to no other action. An action of some `views` is offered in these
    alone, and there stands before others that have its keys. `aside` says that the footer names it also where something
    is laid over a place, as a list to pick from. One that reads or writes files `outside` a workspace is
    not done in restricted mode."""

    id: str
    keys: tuple[str, ...]
    label: Text
    help: Text
    act: Act
    place: Place = "everywhere"
    footer: int = 0
    when: Callable[[BalanceApp], bool] | None = None
    reserved: bool = False
    views: tuple[str, ...] = ()
    outside: bool = False
    aside: bool = False

    def stands_in(self, view: str, place: str) -> bool:
        """Whether it is offered in a view, in this place of it."""
        return self.place in (place, "everywhere") and (not self.views or view in self.views)


REGISTRY: dict[str, Action] = {}


def action(
    name: str, *keys: str, label: Text, help: Text, place: Place = "everywhere", footer: int = 0,  # noqa: A002
    when: Callable[[BalanceApp], bool] | None = None, reserved: bool = False, views: tuple[str, ...] = (),
    outside: bool = False, aside: bool = False,
) -> Callable[[Act], Act]:  # fmt: skip
    """Register the decorated function of the app as an action."""

    def register(act: Act) -> Act:
        assert name not in REGISTRY, f"two actions are named {name}"
        REGISTRY[name] = Action(
            name, keys, label, help, act, place, footer, when, reserved, views, outside, aside
        )
        return act

    return register


def meet(one: Action, other: Action) -> bool:
    """Whether there is a place in which both are offered, and neither stands before the other."""
    if bool(one.views) != bool(other.views) or not set(one.views) & set(other.views) and one.views:
        return False
    return one.place == other.place or "everywhere" in (one.place, other.place)


FULL_WIDTH = {
    "？": "question_mark", "：": "colon", "；": "semicolon", "／": "slash", "、": "slash", "】": "right_square_bracket",
    "【": "left_square_bracket", "］": "right_square_bracket", "［": "left_square_bracket", "，": "comma", "。": "full_stop",
    "＝": "equals_sign", "－": "minus", "＋": "plus", "￥": "dollar_sign", "……": "circumflex_accent", "＞": "greater_than_sign",
    "＜": "less_than_sign", "》": "greater_than_sign", "《": "less_than_sign", "　": "space",
}  # fmt: skip
"""What a Chinese input method sends for a key, and the key that was meant."""

_NAMES = {
    "up": "↑", "down": "↓", "left": "←", "right": "→", "enter": "↵", "escape": "esc", "question_mark": "?",
    "colon": ":", "semicolon": ";", "slash": "/", "right_square_bracket": "]", "left_square_bracket": "[",
    "comma": ",", "full_stop": ".", "equals_sign": "=", "minus": "-", "plus": "+", "dollar_sign": "$",
    "circumflex_accent": "^", "greater_than_sign": ">", "less_than_sign": "<", "pageup": "PgUp",
    "pagedown": "PgDn", "home": "Home", "end": "End", "tab": "Tab", "shift+tab": "S-Tab", "backspace": "⌫",
    "number_sign": "#", "asterisk": "*", "at": "@", "exclamation_mark": "!", "backslash": "\\",
    "vertical_line": "|", "underscore": "_", "tilde": "~", "apostrophe": "'", "quotation_mark": '"',
}  # fmt: skip

_SPACE = Text("空格", "Space")
_FUNCTION_KEY = re.compile(r"f\d+")


def key_shown(key: str) -> str:
    """A key as a person reads it: `ctrl+p` as ^p, `slash` as /."""
    if key.startswith("ctrl+"):
        return f"^{key[5:]}"
    if key == "space":
        return str(_SPACE)
    return _NAMES.get(key) or (key.upper() if _FUNCTION_KEY.fullmatch(key) else key)
