"""What a terminal shows after the bytes it received: pyte's screen behind a parser of every kind of sequence.

pyte alone draws the text of device control strings, stumbles over parameters of newer protocols, does not repeat
characters, knows no alternate screen and lets half a wide character stand.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from unicodedata import combining, east_asian_width

import pyte
from pyte.charsets import VT100_MAP
from pyte.screens import Char, Cursor, StaticDefaultDict
from wcwidth import wcwidth

_C1 = re.compile("[\x80-\x9f]")
_TOKEN = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f]+)"
    r"|\x1b\[(?P<prefix>[<-?]?)(?P<parameters>[0-;]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|\x1b(?P<string>[\]PX^_])(?P<body>[^\x07\x1b]*)(?:\x07|\x1b\\)"
    r"|\x1b(?P<intermediate>[ -/]+)(?P<designated>[0-~])"
    r"|\x1b(?P<escape>[0-OQ-WYZ\\`-~])"
    r"|(?P<control>[\x00-\x1f\x7f])",
    re.DOTALL,
)
_UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)?\Z", re.DOTALL)
_ALTERNATE = frozenset({47, 1047, 1049})
_PYTE_MODES = frozenset({6, 7, 25})
_HANDLED = {"C": "cursor_forward", "Z": "back_tab", "I": "forward_tab", "S": "scroll_up", "T": "scroll_down",
            "b": "repeat", "s": "save_cursor", "u": "restore_cursor"}  # fmt: skip
_CSI = {**pyte.Stream.csi, **_HANDLED}
_UNANSWERED = frozenset("cnt")
"""Reports, which the driver answers."""


class Look(NamedTuple):
    """How one cell is drawn; colours are pyte's names or six hexadecimal digits."""

    foreground: str = "default"
    background: str = "default"
    bold: bool = False
    italic: bool = False
    underline: bool = False
    reverse: bool = False


class Emulator(pyte.Screen):
    """A terminal of so many cells. `ambiguous` is how many cells it gives to East Asian ambiguous characters."""

    def __init__(self, columns: int, rows: int, ambiguous: int = 1) -> None:
        super().__init__(columns, rows)
        self.ambiguous = ambiguous
        self.private_modes: set[int] = set()
        self.strings: list[tuple[str, str]] = []
        self.rings = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._tail = ""
        self._last = " "
        self._below: tuple[dict[int, StaticDefaultDict[int, Char]], Cursor] | None = None

    def feed(self, data: bytes) -> None:
        """Take what was sent; a sequence may arrive in parts."""
        text = self._tail + _C1.sub(lambda m: "\x1b" + chr(ord(m[0]) - 0x40), self._decoder.decode(data))
        self._tail, position = "", 0
        while position < len(text):
            if text[position] == "\x1b" and _UNFINISHED.match(text, position):
                self._tail = text[position:]
                return
            token = _TOKEN.match(text, position)
            position = token.end() if token else position + 1
            if token:
                self._obey(token)

    def _obey(self, token: re.Match[str]) -> None:
        kind = token.lastgroup
        if kind == "text":
            self.draw(token["text"])
        elif kind == "final":
            self._control_sequence(token)
        elif kind == "body":
            self.strings.append((token["string"], token["body"]))
        elif kind == "designated" and token["intermediate"] in "()":
            self.define_charset(token["designated"], mode=token["intermediate"])
        elif kind == "escape":
            self._call(pyte.Stream.escape.get(token["escape"]))
        elif kind == "control":
            self._call(pyte.Stream.basic.get(token["control"]))

    def _call(self, name: str | None, *numbers: int) -> None:
        if name is not None:
            getattr(self, name)(*numbers)

    def _control_sequence(self, token: re.Match[str]) -> None:
        final, prefix = token["final"], token["prefix"]
        if token["between"] or final in _UNANSWERED:
            return
        if final == "m" and not prefix:
            self.select_graphic_rendition(*_graphics(token["parameters"]))
            return
        numbers = [min(int(number or 0), 9999) for number in re.split("[;:]", token["parameters"])]
        if prefix == "?" and final in "hl":
            self._switch(numbers, on=final == "h")
        elif not prefix or (prefix == "?" and final in "JK"):
            self._call(_CSI.get(final), *(numbers if token["parameters"] else []))

    def _switch(self, modes: Sequence[int], *, on: bool) -> None:
        for mode in modes:
            if mode in _ALTERNATE:
                self._alternate(on=on)
            if mode in _PYTE_MODES:
                (self.set_mode if on else self.reset_mode)(mode, private=True)
            (self.private_modes.add if on else self.private_modes.discard)(mode)

    def _alternate(self, *, on: bool) -> None:
        if on and self._below is None:
            self._below = (dict(self.buffer), self.cursor)
            self.cursor = Cursor(self.cursor.x, self.cursor.y, self.cursor.attrs)
            self.buffer.clear()
        elif not on and self._below is not None:
            lines, cursor = self._below
            self._below = None
            self.buffer.clear()
            self.buffer.update(lines)
            hidden, self.cursor = self.cursor.hidden, cursor
            self.cursor.hidden = hidden
            self.ensure_hbounds()
            self.ensure_vbounds()

    @property
    def on_alternate_screen(self) -> bool:
        return self._below is not None

    def draw(self, data: str) -> None:
        """Put text where the cursor is. Marks without width join the character before them."""
        in_use = self.g1_charset if self.charset else self.g0_charset
        for character in data.translate(VT100_MAP) if in_use == VT100_MAP else data:
            cells = character_cells(character, self.ambiguous)
            if cells > 0:
                self._put(character, cells)
                self._last = character
            elif combining(character):
                self._join(character)

    def _put(self, character: str, cells: int) -> None:
        if self.cursor.x + cells > self.columns:
            if pyte.modes.DECAWM in self.mode:
                self.carriage_return()
                self.linefeed()
            else:
                self.cursor.x = max(self.columns - cells, 0)
        if pyte.modes.IRM in self.mode:
            self.insert_characters(cells)
        line, x = self.buffer[self.cursor.y], self.cursor.x
        line[x] = self.cursor.attrs._replace(data=character)
        if cells == 2 and x + 1 < self.columns:
            line[x + 1] = self.cursor.attrs._replace(data="")
        self.cursor.x = x + cells

    def _join(self, mark: str) -> None:
        line, x = self.buffer[self.cursor.y], self.cursor.x - 1
        if x > 0 and not line[x].data:
            x -= 1
        if x >= 0:
            line[x] = line[x]._replace(data=line[x].data + mark)

    def erase_in_display(self, how: int = 0, *_: object, **__: object) -> None:
        """3 erases what was scrolled away, of which nothing is kept."""
        if how != 3:
            super().erase_in_display(how)

    def bell(self, *_: object) -> None:
        self.rings += 1

    def repeat(self, count: int = 1) -> None:
        """The character before once more, so many times."""
        self.draw(self._last * max(count, 1))

    def scroll_up(self, count: int = 1) -> None:
        self._scroll(self.index, max(count, 1), bottom=True)

    def scroll_down(self, count: int = 1) -> None:
        self._scroll(self.reverse_index, max(count, 1), bottom=False)

    def _scroll(self, step: object, count: int, *, bottom: bool) -> None:
        before = self.cursor.y
        top, last = self.margins or (0, self.lines - 1)
        self.cursor.y = last if bottom else top
        for _ in range(min(count, self.lines)):
            step()  # type: ignore[operator]
        self.cursor.y = before

    def forward_tab(self, count: int = 1) -> None:
        for _ in range(max(count, 1)):
            self.tab()

    def back_tab(self, count: int = 1) -> None:
        stops = sorted(stop for stop in self.tabstops if stop < self.cursor.x)
        self.cursor.x = ([0] * max(count, 1) + stops)[-max(count, 1)]

    def row(self, y: int) -> list[str]:
        """The cells of a line: a wide character is followed by an empty one; halves of others are blank."""
        data = [self.buffer[y][x].data for x in range(self.columns)]
        cells = [character_cells(each[0], self.ambiguous) if each else 0 for each in data]
        for x, taken in enumerate(cells):
            has_half = x + 1 < self.columns and not data[x + 1]
            is_half = x > 0 and cells[x - 1] == 2
            if (taken == 2 and not has_half) or (taken == 0 and not is_half):
                data[x] = " "
        return data

    @property
    def display(self) -> list[str]:
        """The lines of the screen, trailing blanks included."""
        return ["".join(self.row(y)) for y in range(self.lines)]

    def looks(self, y: int) -> list[Look]:
        """How each cell of a line is drawn."""
        line = (self.buffer[y][x] for x in range(self.columns))
        return [Look(c.fg, c.bg, c.bold, c.italics, c.underscore, c.reverse) for c in line]


@lru_cache(maxsize=8192)
def character_cells(character: str, ambiguous: int = 1) -> int:
    """How many cells a terminal gives to a character."""
    if character.isascii():
        return 1
    cells = max(wcwidth(character), 0)
    return ambiguous if cells == 1 and east_asian_width(character) == "A" else cells


def text_cells(text: str, ambiguous: int = 1) -> int:
    """How many cells a terminal gives to a text.

    >>> text_cells("永宁 ab"), text_cells("≥", 2)
    (7, 2)
    """
    return sum(character_cells(character, ambiguous) for character in text)


def _graphics(parameters: str) -> list[int]:
    """Numbers of a graphic rendition; sub-parameters in the older spelling that pyte knows."""
    numbers: list[int] = []
    for parameter in parameters.split(";"):
        first, *rest = parameter.split(":")
        if first in ("38", "48") and rest:
            kept = rest if rest[0] == "5" else [rest[0], *rest[-3:]]
            numbers += [int(first), *(int(number or 0) for number in kept)]
        elif first == "4" and rest == ["0"]:
            numbers.append(24)
        else:
            numbers.append(int(first or 0))
    return numbers
