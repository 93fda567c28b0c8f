"""What stands on a screen, as text that can be kept and compared: by character, and by style.

`BALANCE_TUI_UPDATE=1` writes what is shown instead of comparing; look at what it wrote.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from rich.style import Style
from textual.app import App
from textual.strip import Strip

from balance_tui.tui import theme
from benchmarks.emulator import character_cells, text_cells
from benchmarks.pty_driver import Terminal

from .tmux import Tmux

FOLDER = Path(__file__).with_name("snapshots")
UPDATE = "BALANCE_TUI_UPDATE"
STYLES_LINE = "── styles "

_LETTERS = {
    "cursor": "C", "selected": "S", "found": "/", "pass": "p", "fail": "f", "unknown": "u",
    "relieved": "r", "floor": "o", "not_applicable": "n", "error": "!", "head": "h", "group": "g", "key": "k", "title": "t",
    "message": "m", "label": "l", "bar": "b", "warning": "w", "bold": "B", "dim": "d", "row": "_",
}  # fmt: skip


def strips_of(app: App[Any]) -> list[Strip]:
    """The lines of the screen as the app composes them. Each is exactly as wide as the screen."""
    width, height = app.size
    strips = app.screen._compositor.render_strips(app.size)
    assert len(strips) == height, f"{len(strips)} lines on a screen of {height}"
    for number, strip in enumerate(strips):
        cells = text_cells(strip.text)
        assert cells == width, f"line {number} takes {cells} cells of {width}: {strip.text!r}"
    return strips


def screen_text(shown: App[Any] | Terminal | Tmux) -> str:
    """The screen of an app under `run_test`, of a terminal or of tmux, without trailing blanks."""
    return _page([strip.text for strip in strips_of(shown)] if isinstance(shown, App) else shown.display)


def styled_text(app: App[Any]) -> str:
    """The screen, below it a letter for the style of each cell, and what the letters in use mean. Where two styles look
    alike in the theme in use, the first of `_LETTERS` stands for both."""
    lines = [style_line(strip) for strip in strips_of(app)]
    used = [f"{letter} {name}" for name, letter in _LETTERS.items() if any(letter in line for line in lines)]
    return f"{screen_text(app)}{STYLES_LINE}{'  '.join(used)}\n{_page(lines)}"


def _page(lines: Sequence[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"


def style_line(strip: Strip) -> str:
    """A letter a cell, blank for plain ones."""
    return "".join(_letter(segment.style) * text_cells(segment.text) for segment in strip)


def _letter(worn: Style | None) -> str:
    if worn is None:
        return " "
    return next((letter for name, letter in _LETTERS.items() if _wears(worn, theme.style(name))), " ")


def _wears(worn: Style, wanted: Style) -> bool:
    """Whether a cell shows all that a style asks for; plain styles ask for nothing and are never worn."""
    if not wanted:
        return False
    marks = ("bold", "dim", "italic", "underline", "reverse")
    colours = [(wanted.color, worn.color), (wanted.bgcolor, worn.bgcolor)]
    return all(asked is None or asked == has for asked, has in colours) and all(
        not getattr(wanted, mark) or getattr(worn, mark) for mark in marks
    )


def assert_snapshot(shown: App[Any] | Terminal | Tmux | str, name: str, *, styles: bool = False) -> None:
    """The screen is the one kept under this name, as `overview-80x24`; with `styles` also its styles."""
    if isinstance(shown, str):
        text = shown
    elif styles:
        assert isinstance(shown, App), "only an app knows its styles by name"
        text = styled_text(shown)
    else:
        text = screen_text(shown)
    path = FOLDER / f"{name}.txt"
    if os.environ.get(UPDATE) == "1":
        FOLDER.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return
    assert path.is_file(), f"no snapshot {name}; look at this, then keep it with {UPDATE}=1\n{text}"
    kept = path.read_text(encoding="utf-8")
    assert kept == text, f"{name} looks different ({UPDATE}=1 keeps it)\n{difference(kept, text)}"


def difference(kept: str, shown: str) -> str:
    """Line by line what was kept (-), what is shown (+), and below it the cells that differ."""
    both = zip_longest(kept.splitlines(), shown.splitlines(), fillvalue="")
    return "\n".join(
        line
        for number, (old, new) in enumerate(both, start=1) if old != new
        for line in (f"{number:3} - {old}", f"{number:3} + {new}", f"      {_marks(old, new)}")
    )  # fmt: skip


def _marks(old: str, new: str) -> str:
    pairs = zip_longest(_by_cell(old), _by_cell(new), fillvalue=" ")
    return "".join("^" if left != right else " " for left, right in pairs).rstrip()


def _by_cell(line: str) -> Iterator[str]:
    """One item a cell; the second half of a wide character is told apart from a blank."""
    for character in line:
        cells = character_cells(character)
        yield from (character, *(f"{character}+" for _ in range(cells - 1))) if cells else ()


def assert_aligned(lines: Sequence[str], *columns: int) -> None:
    """At these cells no wide character is cut in two in any line: columns keep their place."""
    for line in lines:
        cells = list(_by_cell(line))
        for column in columns:
            assert column >= len(cells) or not cells[column].endswith("+"), f"cell {column} of {line!r}"
