"""Text measured in terminal cells: cut, padded, and free of what a terminal would obey or draw too wide.

Widths are those Textual counts with, so that what is composed here lies where Textual thinks it lies.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Literal

from rich.cells import cell_len

from ..errors import visible

Ambiguous = Literal["narrow", "wide"]
"""How many cells the terminal gives to East Asian ambiguous characters: one, or two."""

_NARROW_FORMS = {
    "≥": ">=", "≤": "<=", "…": "..", "–": "-", "—": "-", "×": "x", "÷": "/", "·": ".", "→": "->", "←": "<-",
    "↑": "^", "↓": "v", "“": '"', "”": '"', "‘": "'", "’": "'", "±": "+-", "√": "sqrt", "Σ": "SUM", "σ": "s",
    "°": "o", "█": "#", "▏": "|", "▎": "|", "▍": "|", "▌": "|", "▋": "#", "▊": "#", "▉": "#", "─": "-", "│": "|",
    "▶": ">", "▷": ">", "▼": "v", "▽": "v", "▾": "v", "▸": ">", "●": "*", "○": "o", "◆": "*", "■": "#", "□": "#",
    "²": "^2", "³": "^3", "∞": "inf", "§": "S.", "¥": "Y", "￥": "¥", "✓": "v", "✗": "x", "X̄": "X-", "Ⅰ": "I",
}  # fmt: skip
_PRESENTATION = frozenset("\ufe0e\ufe0f")

_ambiguous: Ambiguous = "narrow"


def use_ambiguous(width: Ambiguous) -> None:
    """Say how wide the terminal draws ambiguous characters; `wide` shows stand-ins of certain width instead."""
    global _ambiguous
    _ambiguous = width
    shown.cache_clear()


def ambiguous_in_use() -> Ambiguous:
    """What `use_ambiguous` was last told."""
    return _ambiguous


@lru_cache(maxsize=16384)
def shown(text: str) -> str:
    """`text` as it is put on the screen: control and format characters as escapes, a leading combining mark on
    a dotted circle, emoji presentation left away, ambiguous characters replaced where the terminal draws them
    wide.

    >>> shown("a\\x1b[31m"), shown("\\u0301b")
    ('a\\\\x1b[31m', '◌́b')
    """
    if text.isascii() and text.isprintable():
        return text
    text = visible(text)
    if not _PRESENTATION.isdisjoint(text):
        text = "".join(character for character in text if character not in _PRESENTATION)
    if text and unicodedata.combining(text[0]):
        text = "◌" + text
    return text if _ambiguous == "narrow" else "".join(map(_certain, text))


def _certain(character: str) -> str:
    if unicodedata.east_asian_width(character) != "A" and character not in "✓✗▸▾◌":
        return character
    if unicodedata.combining(character):
        return character
    form = _NARROW_FORMS.get(character) or unicodedata.normalize("NFKC", character)
    if form and all(unicodedata.east_asian_width(each) != "A" for each in form):
        return form
    return "\\" + f"u{ord(character):04x}" if form != "◌" else " "


def width(text: str) -> int:
    """How many cells `text` takes."""
    return cell_len(text)


def fitted(text: str, cells: int, align: Literal["left", "right"] = "left") -> str:
    """`text` in exactly so many cells: padded, or cut with a mark where it does not fit.

    >>> fitted("永宁小学", 6), fitted("ab", 4), fitted("ab", 4, "right"), fitted("永宁", 0)
    ('永宁… ', 'ab  ', '  ab', '')
    """
    lacking = cells - cell_len(text)
    if lacking < 0:
        text = cut(text, cells)
        lacking = cells - cell_len(text)
    return text + " " * lacking if align == "left" else " " * lacking + text


def cut(text: str, cells: int) -> str:
    """`text` in at most so many cells, ending in a mark where something was left away."""
    if cell_len(text) <= cells:
        return text
    mark = shown("…")
    if cells < cell_len(mark):
        return " " * max(cells, 0)
    return head(text, cells - cell_len(mark)) + mark


def head(text: str, cells: int) -> str:
    """The longest beginning of `text` that fits into so many cells; combining marks stay with their base."""
    used = 0
    for index, character in enumerate(text):
        used += cell_len(character)
        if used > cells:
            return text[:index]
    return text


def wrapped(text: str, cells: int, indent: str = "") -> list[str]:
    """`text` in lines of at most so many cells; broken at spaces where that does not waste half a line, else
    between any two characters. Lines after the first begin with `indent`."""
    lines: list[str] = []
    rest, lead = text, ""
    while True:
        room = max(cells - cell_len(lead), 2)
        line = head(rest, room)
        if line == rest:
            return [*lines, lead + rest]
        line = line or rest[:1]
        space = line.rfind(" ")
        if rest[len(line)] != " " and space > 0 and cell_len(line[:space]) * 2 >= room:
            line = line[:space]
        lines.append(lead + line.rstrip())
        rest, lead = rest[len(line) :].lstrip(), indent
        if not rest:
            return lines
