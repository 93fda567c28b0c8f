"""The lines above and below the panes: heading, message, keys."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from ..cells import cut, shown, width
from ..theme import style
from ..view import Line, Piece


def strip_of(line: Line, room: int, ground: str = "") -> Strip:
    """A line of pieces as what Textual draws: cut where it is too long, filled where it is short."""
    base = style(ground)
    segments, used = [], 0
    for text, name in line:
        if used >= room:
            break
        fitting = cut(text, room - used)
        segments.append(Segment(fitting, base + style(name)))
        used += width(fitting)
    return Strip(segments).adjust_cell_length(room, base)


def spread(left: Sequence[Piece], right: Sequence[Piece], room: int) -> list[Piece]:
    """A line with `right` at its end, which is never cut while `left` is."""
    taken = sum(width(piece.text) for piece in right)
    free = max(room - taken, 0)
    line: list[Piece] = []
    for piece in left:
        fitting = cut(piece.text, free) if free > 0 else ""
        line.append(Piece(fitting, piece.style))
        free -= width(fitting)
    return [*line, Piece(" " * max(free, 0)), *right]


class Bar(Widget):
    """Lines of pieces; drawn anew only where they changed."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - as Textual names it
        super().__init__(id=id)
        self._lines: list[tuple[Line, Line]] = []

    def show(self, *lines: tuple[Line, Line]) -> None:
        """Show lines of which each has a left and a right end."""
        new = [(tuple(left), tuple(right)) for left, right in lines]
        if new != self._lines:
            self._lines = list(new)
            self.refresh()

    def say(self, text: str, name: str = "") -> None:
        """Show one line of text; it need not be safe yet."""
        self.show(((Piece(shown(text), name),), ()))

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        if y >= len(self._lines):
            return Strip([]).adjust_cell_length(self.size.width, style(""))
        left, right = self._lines[y]
        return strip_of(spread(left, right, self.size.width), self.size.width)
