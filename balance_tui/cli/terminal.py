"""What the commands share when they write to a terminal: no markup from data, no colour where none is wanted."""

from __future__ import annotations

import os
from typing import TextIO

from rich.console import Console
from rich.text import Text as Cells

from ..errors import visible


def console(stream: TextIO, width: int | None = None) -> Console:
    """A console that colours only a terminal, and writes wide lines whole into a file or a pipe."""
    if width is None and not stream.isatty():
        width = int(os.environ.get("COLUMNS", "0")) or 100
    return Console(file=stream, highlight=False, markup=False, emoji=False, width=width, soft_wrap=False)


def plain_text(text: str, style: str = "") -> Cells:
    """Text from data as content: its brackets are brackets, its control characters are shown."""
    return Cells(visible(text), style=style)
