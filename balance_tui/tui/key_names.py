"""Names of keys: how a person writes one, which ones exist, and which never reach a program over SSH."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from ..language import Text
from .actions import FULL_WIDTH, key_shown

NAMED = (
    "up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete", "tab", "enter", "escape",
    "space", "backspace", *(f"f{number}" for number in range(1, 25)),
)  # fmt: skip
"""Keys that are no character."""

_OTHERWISE = {"solidus": "slash", "reverse_solidus": "backslash", "commercial_at": "at", "hyphen_minus": "minus",
              "plus_sign": "plus", "low_line": "underscore"}  # fmt: skip
"""Characters that Textual does not call by their Unicode names."""


def _name_of(character: str) -> str:
    name = unicodedata.name(character).lower().replace("-", "_").replace(" ", "_")
    return _OTHERWISE.get(name, name)


CHARACTERS: Mapping[str, str] = {
    character: character if character.isalnum() else _name_of(character)
    for character in map(chr, range(33, 127))
}
"""What each printable character of an English keyboard is called."""

_ALIASES = {
    "esc": "escape", "return": "enter", "del": "delete", "ins": "insert", "pgup": "pageup", "page_up": "pageup",
    "pgdn": "pagedown", "page_down": "pagedown", "page-up": "pageup", "page-down": "pagedown", "bs": "backspace",
    "空格": "space", "回车": "enter", "退格": "backspace",
}  # fmt: skip
_MODIFIERS = {
    "ctrl": "ctrl",
    "control": "ctrl",
    "c": "ctrl",
    "alt": "alt",
    "meta": "alt",
    "shift": "shift",
    "s": "shift",
}
_SENT_WITH_CTRL = (
    "at",
    "left_square_bracket",
    "backslash",
    "right_square_bracket",
    "circumflex_accent",
    "underscore",
)
"""Characters besides letters that a terminal can send together with ctrl."""

_SCROLLS = Text("PuTTY 等终端用它滚动画面", "PuTTY and other terminals scroll with it")
_CLIPBOARD = Text("终端用它复制或粘贴", "terminals copy or paste with it")
_TABS = Text("终端用它切换标签页", "terminals change tabs with it")
_FLOW = Text("流量控制用它冻结或放开屏幕", "flow control freezes or frees the screen with it")
_INPUT_METHOD = Text("中文输入法用它切换", "Chinese input methods switch with it")

REFUSED: Mapping[str, Text] = {
    "ctrl+a": Text("它是 GNU screen 的前缀键", "it is the prefix of GNU screen"),
    "ctrl+b": Text("它是 tmux 的前缀键", "it is the prefix of tmux"),
    "ctrl+c": Text("它用来中断程序", "it interrupts programs"),
    "ctrl+s": _FLOW, "ctrl+q": _FLOW,
    "ctrl+z": Text("它用来挂起程序", "it suspends programs"),
    "ctrl+backslash": Text("它用来终止程序", "it kills programs"),
    "ctrl+right_square_bracket": Text("它是 telnet 的转义键", "it is the escape key of telnet"),
    "ctrl+m": Text("终端里它就是回车", "in a terminal it is enter"),
    "ctrl+j": Text("终端里它就是换行", "in a terminal it is the end of a line"),
    "ctrl+i": Text("终端里它就是 Tab", "in a terminal it is tab"),
    "ctrl+h": Text("终端里它就是退格", "in a terminal it is backspace"),
    "ctrl+left_square_bracket": Text("终端里它就是 esc", "in a terminal it is escape"),
    "ctrl+space": _INPUT_METHOD, "ctrl+at": _INPUT_METHOD, "shift+space": _INPUT_METHOD,
    "ctrl+v": _CLIPBOARD, "ctrl+insert": _CLIPBOARD, "shift+insert": _CLIPBOARD,
    "shift+pageup": _SCROLLS, "shift+pagedown": _SCROLLS, "shift+home": _SCROLLS, "shift+end": _SCROLLS,
    "ctrl+pageup": _TABS, "ctrl+pagedown": _TABS,
    "f11": Text("终端用它切换全屏", "terminals go full screen with it"),
    "tilde": Text("行首的 ~ 是 SSH 的转义符", "SSH takes a ~ at the beginning of a line for itself"),
}  # fmt: skip
"""Keys that something between the person and the program keeps, and what does."""

_KEPT = Text(
    "终端自己用 ctrl+shift 组合, 或不能区分",
    "terminals keep ctrl+shift for themselves, or do not tell it apart",
)
_NOT_SENT = Text("终端不发送这个组合", "terminals send nothing for it")
_AS_ESCAPE = Text(
    "alt 组合经 SSH 可能被当作先按 esc", "over SSH alt may be taken for escape followed by the key"
)
_AS_PLAIN = Text("有的终端把它当作单独的方向键", "some terminals take it for the arrow alone")


def key_named(written: str) -> str | None:
    """The key that is meant, as Textual calls it; None where there is none of that name.

    >>> key_named("/"), key_named("Ctrl+X"), key_named("^p"), key_named("shift+g"), key_named("PgDn"), key_named("hyper")
    ('slash', 'ctrl+x', 'ctrl+p', 'G', 'pagedown', None)
    """
    if written == " ":
        return "space"
    text = written.strip()
    if re.fullmatch(r"\^.+", text):
        text = f"ctrl+{text[1:]}"
    if text.endswith("++") or text == "+":
        parts, base = text[:-1].split("+")[:-1], "+"
    else:
        *parts, base = re.split(r"[+]|(?<=^[CSMcsm])-(?=.)", text)
    modifiers = [_MODIFIERS.get(part.strip().lower()) for part in parts]
    if None in modifiers or len(set(modifiers)) < len(modifiers):
        return None
    return _joined({each for each in modifiers if each}, _base(base.strip()))


def _base(text: str) -> str | None:
    if text in CHARACTERS:
        return CHARACTERS[text]
    if text in _SHOWN:
        return _SHOWN[text]
    name = text.lower()
    name = _ALIASES.get(name, name)
    return name if name in NAMED or name in CHARACTERS.values() else FULL_WIDTH.get(text)


def _joined(modifiers: set[str], base: str | None) -> str | None:
    """Modifiers before the key, in Textual's order; shift makes a letter a capital."""
    if base is None:
        return None
    if len(base) == 1 and base.isalpha():
        if "ctrl" in modifiers:
            base = base.lower()
        elif "shift" in modifiers:
            base, modifiers = base.upper(), modifiers - {"shift"}
    if "shift" in modifiers and "ctrl" not in modifiers and base not in NAMED:
        return None
    return "+".join((*sorted(modifiers), base))


_SHOWN = {key_shown(name): name for name in (*NAMED, "shift+tab", *CHARACTERS.values())}
"""Keys by what footer and help call them."""


def refusal(key: str) -> Text | None:
    """Why a key is no use to a program over SSH; None where it is."""
    *modifiers, base = key.split("+")
    if key in REFUSED:
        return REFUSED[key]
    if {"ctrl", "shift"} <= set(modifiers):
        return _KEPT
    letter = len(base) == 1 and base.isalpha()
    silent = base in (*CHARACTERS.values(), "tab", "enter", "escape", "backspace")
    if "ctrl" in modifiers and silent and not letter and base not in _SENT_WITH_CTRL:
        return _NOT_SENT
    return _NOT_SENT if "shift" in modifiers and base in ("enter", "escape", "backspace") else None


def doubtful(key: str) -> Text | None:
    """What may go wrong with a key that not every terminal tells apart."""
    *modifiers, base = key.split("+")
    if "alt" in modifiers:
        return _AS_ESCAPE
    return _AS_PLAIN if modifiers and base in ("up", "down", "left", "right") else None
