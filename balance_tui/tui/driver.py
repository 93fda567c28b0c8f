"""Textual's driver for a slow line: nothing is sent twice, and long blanks are sent as their length.

Textual paints whole widths of lines, several times while an app starts, and every line of a table whose rows have been
made anew; what the terminal shows already is not written again.
"""

from __future__ import annotations

import os
import re
from typing import Any

from textual.drivers.linux_driver import LinuxDriver

LONG = 11
"""Blanks from which their length is shorter to send than they are."""
OLD = ("vt100", "vt102", "ansi", "linux-m", "dumb")
"""Terminals that may not know how to erase characters (ECH)."""

_STYLE_OR_BLANKS = re.compile(rf"\x1b\[[0-9;]*m| {{{LONG},}}")
_MOVE = re.compile(r"\x1b\[(\d+);(\d+)H")
_SYNC = ("\x1b[?2026h", "\x1b[?2026l")


def compressed(data: str) -> str:
    """The same for the terminal in fewer characters: long blanks without style become an erasure of so many cells
    and a step over them.

    >>> compressed("a" + " " * 20 + "b")
    'a\\x1b[20X\\x1b[20Cb'
    >>> styled = "\\x1b[7m" + " " * 20 + "\\x1b[0m"
    >>> compressed(styled) == styled
    True
    """
    styled = False

    def shorter(match: re.Match[str]) -> str:
        nonlocal styled
        found = match.group()
        if found[0] == "\x1b":
            styled = found not in ("\x1b[0m", "\x1b[m")
            return found
        return found if styled else f"\x1b[{len(found)}X\x1b[{len(found)}C"

    return _STYLE_OR_BLANKS.sub(shorter, data)


class Screen:
    """What was last written on each line of the terminal, and where on it."""

    def __init__(self) -> None:
        self._written: dict[str, tuple[str, str]] = {}

    def forget(self) -> None:
        """The terminal may show anything."""
        self._written.clear()

    def news(self, data: str) -> str:
        """`data` without the stretches that stand there already. Stretches begin where the cursor is moved to."""
        start, *stretches = _MOVE.split(data)
        if start.strip("\r\n"):
            # Written where nobody knows.
            self.forget()
            return data
        kept = []
        for line, column, text in zip(stretches[::3], stretches[1::3], stretches[2::3], strict=True):
            if not text:
                kept.append(f"\x1b[{line};{column}H")
            elif self._written.get(line) != (column, text):
                self._written[line] = (column, text)
                kept.append(f"\x1b[{line};{column}H{text}")
        return "".join(kept)


class ThriftyDriver(LinuxDriver):
    """A driver that counts bytes."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.screen = Screen()
        self._erases = os.environ.get("TERM", "") not in OLD

    def write(self, data: str) -> None:
        """Write what the terminal does not show already."""
        if data in _SYNC:
            super().write(data)
            return
        news = self.screen.news(data)
        if news:
            super().write(compressed(news) if self._erases else news)

    def start_application_mode(self) -> None:
        """The terminal shows something else when the app begins or comes back."""
        self.screen.forget()
        super().start_application_mode()  # type: ignore[no-untyped-call]
