"""Keys by Textual's names, and the bytes that a terminal sends for them."""

from __future__ import annotations

import string
import unicodedata

_NAMED = {
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "home": "\x1b[H", "end": "\x1b[F",
    "insert": "\x1b[2~", "delete": "\x1b[3~", "pageup": "\x1b[5~", "pagedown": "\x1b[6~", "tab": "\t",
    "shift+tab": "\x1b[Z", "enter": "\r", "escape": "\x1b", "space": " ", "backspace": "\x7f",
    "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f5": "\x1b[15~", "f6": "\x1b[17~",
    "f7": "\x1b[18~", "f8": "\x1b[19~", "f9": "\x1b[20~", "f10": "\x1b[21~", "f11": "\x1b[23~", "f12": "\x1b[24~",
}  # fmt: skip
_SIGNS = {
    **{unicodedata.name(sign).lower().replace(" ", "_").replace("-", "_"): sign for sign in string.punctuation},
    "slash": "/", "backslash": "\\", "at": "@", "minus": "-", "plus": "+", "underscore": "_",
}  # fmt: skip
_MODIFIERS = {"shift": 1, "alt": 2, "ctrl": 4}


def sequence(key: str) -> str:
    """What a terminal sends for a key: a name of Textual's, or the character itself.

    >>> sequence("ctrl+p"), sequence("question_mark"), sequence("shift+down"), sequence("永")
    ('\\x10', '?', '\\x1b[1;2B', '永')
    """
    if len(key) == 1:
        return key
    if key in _NAMED:
        return _NAMED[key]
    *modifiers, name = key.split("+")
    if modifiers:
        return _modified(name, modifiers)
    return _SIGNS.get(name) or unicodedata.lookup(name.replace("_", " "))


def _modified(name: str, modifiers: list[str]) -> str:
    plain = sequence(name)
    if plain.startswith("\x1b"):
        code = 1 + sum(_MODIFIERS[each] for each in modifiers)
        number = plain[2:-1] or "1"
        return f"\x1b[{number};{code}{plain[-1]}"
    if "ctrl" in modifiers:
        plain = chr(ord(plain.upper()) & 31)
    elif "shift" in modifiers:
        plain = plain.upper()
    return f"\x1b{plain}" if "alt" in modifiers else plain
