"""What the commands share when they write to a terminal: no markup from data, no colour where none is wanted."""

from __future__ import annotations

import os
from typing import NoReturn, TextIO

from rich.console import Console
from rich.text import Text as Cells

from ..errors import visible

NARROWEST, WIDTH, WIDEST = 72, 100, 1000
"""Columns of what is written into a file or a pipe: at least, without a word from `COLUMNS`, at most."""


class _Pipe(Console):
    """A console that leaves it to the command line what becomes of a broken pipe."""

    def on_broken_pipe(self) -> NoReturn:
        raise BrokenPipeError


def console(stream: TextIO, width: int | None = None) -> Console:
    """A console that colours only a terminal, and writes wide lines whole into a file or a pipe."""
    if width is None and not stream.isatty():
        width = _columns(os.environ.get("COLUMNS", ""))
    return _Pipe(file=stream, highlight=False, markup=False, emoji=False, width=width, soft_wrap=False)


def _columns(told: str) -> int:
    given = int(told) if told.isascii() and told.isdigit() and len(told) < 9 else 0
    return min(max(given, NARROWEST), WIDEST) if given else WIDTH


def plain_text(text: str, style: str = "") -> Cells:
    """Text from data as content: its brackets are brackets, its control characters are shown."""
    return Cells(visible(text), style=style)
