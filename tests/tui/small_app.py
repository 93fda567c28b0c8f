"""A small app that draws lines, for proving the tools of these tests: `python small_app.py [FAULT]`.

Faults: `leaks` 600 bytes a key; `crashes`, `hangs` and goes `blank` after two hundred keys; `dirty` leaves the terminal
as it is; `status` ends with 3.
"""

from __future__ import annotations

import os
import sys
import time

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App, ComposeResult
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

NAMES = ("永宁小学", "𠮷野学校", "cafe\u0301 [b]校[/b]", "河东学校小学部", "ab")
_LATE = 200


class Lines(ScrollView, can_focus=False):
    """Two hundred lines of a name and a figure; the cursor's line is drawn reversed."""

    DEFAULT_CSS = "Lines { width: 1fr; height: 1fr; scrollbar-size: 0 0; }"

    def __init__(self) -> None:
        super().__init__()
        self.at = 0
        self.blank = False
        self.virtual_size = Size(40, 200)

    def render_line(self, y: int) -> Strip:
        row = y + self.scroll_offset.y
        text = "" if self.blank else f"{row:3} {NAMES[row % len(NAMES)]} {row / 7:.2f} ✗"
        style = Style(reverse=row == self.at and not self.blank)
        return Strip([Segment(text, style)]).adjust_cell_length(self.size.width, Style())

    def move(self, step: int) -> None:
        self.at = min(max(self.at + step, 0), 199)
        self.scroll_to(y=max(self.at - self.size.height + 1, 0), animate=False)
        self.refresh()


class SmallApp(App[None]):
    """Arrow keys move, q quits."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, fault: str = "") -> None:
        super().__init__()
        self.fault = fault
        self.keys = 0
        self.hoard: list[bytes] = []

    def compose(self) -> ComposeResult:
        yield Lines()

    def on_key(self, event: events.Key) -> None:
        self.keys += 1
        if self.fault == "leaks":
            self.hoard.append(os.urandom(600))
        if self.keys > _LATE:
            self._fail(self.query_one(Lines))
        if event.key == "q":
            self._quit()
        elif event.key in ("up", "down"):
            self.query_one(Lines).move(1 if event.key == "down" else -1)

    def _quit(self) -> None:
        if self.fault == "dirty":
            os._exit(0)
        self.exit(return_code=3 if self.fault == "status" else 0)

    def _fail(self, lines: Lines) -> None:
        if self.fault == "crashes":
            raise RuntimeError("made to crash")
        if self.fault == "hangs":
            time.sleep(3600)
        if self.fault == "blank":
            lines.blank = True
            lines.refresh()


if __name__ == "__main__":
    app = SmallApp(*sys.argv[1:])
    app.run()
    sys.exit(app.return_code)
