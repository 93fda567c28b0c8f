"""A screen of words where nothing else can stand: a terminal too small, data that cannot be read."""

from __future__ import annotations

from textual.strip import Strip
from textual.widget import Widget

from ..cells import shown, wrapped
from ..theme import style
from ..view import Piece
from .bars import strip_of


class Sentence(Widget):
    """Text wrapped into whatever room there is."""

    text = ""

    def say(self, text: str) -> None:
        """Show this text; its lines stay lines."""
        self.text = text
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        room = max(self.size.width, 2)
        lines = [part for line in self.text.split("\n") for part in wrapped(shown(line), room)]
        if y < len(lines):
            return strip_of((Piece(lines[y]),), room)
        return Strip([]).adjust_cell_length(room, style(""))
