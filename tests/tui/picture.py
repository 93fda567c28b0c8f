"""Pictures of a screen, cell by cell, for looking at: `python -m tests.tui.picture OUT.png 80x24 -- ARGUMENTS`.

Needs Pillow (which comes with cairosvg) and, for Chinese, a font that has it: fonts-wqy-zenhei or fonts-noto-cjk.
"""

from __future__ import annotations

import argparse
import subprocess
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from rich.color import Color
from rich.segment import Segment
from rich.terminal_theme import DIMMED_MONOKAI, TerminalTheme
from textual.app import App

from benchmarks.emulator import Look, character_cells
from benchmarks.pty_driver import Terminal

from .snapshots import strips_of
from .terminal import balance

_CELL = (10, 22)
_SIZE = 18
_THEME: TerminalTheme = DIMMED_MONOKAI
_NAMES = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
_FAMILIES = (
    "DejaVu Sans Mono",
    "WenQuanYi Zen Hei Mono",
    "Noto Sans Mono CJK SC",
    "WenQuanYi Micro Hei Mono",
)

Rgb = tuple[int, int, int]


class Drawn(NamedTuple):
    """One cell as it is drawn."""

    text: str
    cells: int
    ink: Rgb
    paper: Rgb
    bold: bool
    underline: bool


def picture(shown: App[Any] | Terminal, path: Path) -> Path:
    """Draw the screen of an app under `run_test`, or of a terminal, into a PNG."""
    lines = (
        [_of_segments(strip) for strip in strips_of(shown)] if isinstance(shown, App) else _of_terminal(shown)
    )
    drawn = [list(line) for line in lines]
    _draw(drawn, max(sum(cell.cells for cell in line) for line in drawn), path)
    return path


def _of_segments(segments: Iterable[Segment]) -> Iterator[Drawn]:
    for segment in segments:
        style = segment.style
        ink = _rgb(style.color if style else None, foreground=True)
        paper = _rgb(style.bgcolor if style else None, foreground=False)
        if style and style.reverse:
            ink, paper = paper, ink
        for text, cells in _clusters(segment.text):
            yield Drawn(text, cells, ink, paper, bool(style and style.bold), bool(style and style.underline))


def _clusters(text: str) -> Iterator[tuple[str, int]]:
    """Characters with the marks that stand on them, and their cells."""
    held = ""
    for character in text:
        if character_cells(character) and held:
            yield held, character_cells(held[0])
            held = ""
        held += character
    if held:
        yield held, character_cells(held[0])


def _rgb(colour: Color | None, *, foreground: bool) -> Rgb:
    chosen = (colour or Color.default()).get_truecolor(_THEME, foreground=foreground)
    return chosen.red, chosen.green, chosen.blue


def _of_terminal(terminal: Terminal) -> Iterator[Iterator[Drawn]]:
    looks = terminal.looks
    return (_of_row(terminal.screen.row(y), looks[y]) for y in range(terminal.screen.lines))


def _of_row(row: list[str], looks: list[Look]) -> Iterator[Drawn]:
    for text, look in zip(row, looks, strict=True):
        if text:
            ink, paper = _named(look.foreground, foreground=True), _named(look.background, foreground=False)
            if look.reverse:
                ink, paper = paper, ink
            yield Drawn(text, character_cells(text[0]), ink, paper, look.bold, look.underline)


def _named(name: str, *, foreground: bool) -> Rgb:
    """pyte's name of a colour, or six hexadecimal digits."""
    if name == "default":
        return _rgb(None, foreground=foreground)
    bright = name.startswith("bright")
    if (plain := name.removeprefix("bright")) in _NAMES:
        return _rgb(Color.from_ansi(_NAMES.index(plain) + 8 * bright), foreground=foreground)
    return _rgb(Color.parse(f"#{name}"), foreground=foreground)


def _draw(lines: list[list[Drawn]], columns: int, path: Path) -> None:
    from PIL import Image, ImageDraw

    width, height = _CELL
    image = Image.new("RGB", (columns * width, len(lines) * height), _rgb(None, foreground=False))
    pen = ImageDraw.Draw(image)
    for y, line in enumerate(lines):
        x = 0
        for cell in line:
            left, top, right = x * width, y * height, (x + cell.cells) * width - 1
            pen.rectangle((left, top, right, top + height - 1), fill=cell.paper)
            # Each character in the middle of its cells: what the eye then sees crooked is crooked.
            pen.text(
                ((left + right + 1) / 2, top + height * 0.78), cell.text, font=_font(cell.text[0]), anchor="ms",
                fill=cell.ink, stroke_width=0.4 if cell.bold else 0, stroke_fill=cell.ink,
            )  # fmt: skip
            if cell.underline:
                pen.line((left, top + height - 2, right, top + height - 2), fill=cell.ink)
            x += cell.cells
    image.save(path)


def _font(character: str) -> Any:
    return next((font for font, known in _fonts() if ord(character) in known), _fonts()[-1][0])


@lru_cache(maxsize=1)
def _fonts() -> list[tuple[Any, frozenset[int]]]:
    """The installed fonts of `_FAMILIES` with the characters they have."""
    from PIL import ImageFont

    found = []
    for family in _FAMILIES:
        answer = subprocess.run(
            ["fc-match", "-f", "%{family}\t%{file}\t%{index}\t%{charset}", family],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        name, file, index, characters = answer.stdout.split("\t")
        if family in name.split(","):
            found.append((ImageFont.truetype(file, _SIZE, index=int(index) & 0xFFFF), _ranges(characters)))
    assert found, f"none of these fonts is installed: {', '.join(_FAMILIES)}"
    return found


def _ranges(text: str) -> frozenset[int]:
    ends = (part.partition("-") for part in text.split())
    return frozenset(
        code for low, _, high in ends for code in range(int(low, 16), int(high or low, 16) + 1)
    )  # fmt: skip


def main() -> None:
    """Start the program in a terminal, press keys, draw what it shows."""
    parser = argparse.ArgumentParser(prog="python -m tests.tui.picture", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("size", nargs="?", default="80x24", help="columns x rows")
    parser.add_argument("--wait", default="", help="a text to wait for before the keys")
    parser.add_argument("--keys", default="", help="Textual's names of keys, separated by commas")
    parser.add_argument("--settle", type=float, default=0.7, help="seconds without a byte before drawing")
    parser.add_argument("arguments", nargs="*", default=["demo"])
    options = parser.parse_intermixed_args()
    columns, rows = map(int, options.size.split("x"))
    with balance(*options.arguments, columns=columns, rows=rows) as terminal:
        terminal.wait_for(options.wait)
        terminal.wait_quiet(options.settle)
        for key in filter(None, options.keys.split(",")):
            terminal.press(key)
            terminal.wait_quiet(options.settle)
        picture(terminal, options.out)
        print(terminal.text)


if __name__ == "__main__":
    main()
