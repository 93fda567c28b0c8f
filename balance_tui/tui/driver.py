"""Textual's driver for a slow line: nothing is sent twice, and long blanks are sent as their length.

A frame that is painted again unchanged, as happens several times while an app starts, is not written again.
"""

from __future__ import annotations

import os
import re
from typing import Any

from textual.drivers.linux_driver import LinuxDriver

FRAME = "\x1b[1;1H"
"""What a frame of the whole screen begins with."""
LONG = 11
"""Blanks from which their length is shorter to send than they are."""
OLD = ("vt100", "vt102", "ansi", "linux-m", "dumb")
"""Terminals that may not know how to erase characters (ECH)."""

_STYLE_OR_BLANKS = re.compile(rf"\x1b\[[0-9;]*m| {{{LONG},}}")
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


class ThriftyDriver(LinuxDriver):
    """A driver that counts bytes."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._frame = ""
        self._erases = os.environ.get("TERM", "") not in OLD

    def write(self, data: str) -> None:
        """Write what the terminal does not show already."""
        if data.startswith(FRAME):
            if data == self._frame:
                return
            self._frame = data
        elif data not in _SYNC:
            self._frame = ""
        super().write(compressed(data) if self._erases else data)

    def start_application_mode(self) -> None:
        """The terminal shows something else when the app begins or comes back."""
        self._frame = ""
        super().start_application_mode()  # type: ignore[no-untyped-call]
