"""The explanation beside the list: the derivation of one figure, read line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from ...language import Text
from ..cells import cut, shown, width
from ..theme import style
from ..view import Piece
from ..where import County, Where
from .bars import spread, strip_of

if TYPE_CHECKING:
    from ...engine.explanation import Derivation
    from ..explaining import ExplainLine

NOTHING = Text("这里没有可以说明的数", "there is no figure to explain here")
MARKER = 1
"""Cells before the text, for the sign of the line one stands on."""
LEAST = 12
"""Cells below which lines are no longer made narrower."""
WHEEL = 3


class ExplainPane(Widget):
    """The lines of a derivation with an own scroll position, and a cursor over the lines that lead somewhere.

    The first line, the heading, stays; the others scroll below it.
    """

    can_focus = True

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - as Textual names it
        super().__init__(id=id)
        self.top = 0
        self.cursor: int | None = None
        self.label = ""
        """A letter shown at the corner while one jumps between panes."""
        self._derivation: Derivation | None = None
        self._county: County | None = None
        self._lines: list[ExplainLine] = []

    # What is shown

    def show(self, derivation: Derivation | None, county: County | None) -> None:
        """Show how a figure came about, or that there is none here; what is the same is not drawn again."""
        same = _subject(derivation) == _subject(self._derivation) and county == self._county
        self._derivation, self._county = derivation, county
        before = self._seen()
        self._wrap()
        if not same:
            self.top = 0
        self._settle(keep=same)
        self._redraw(before)

    def redraw(self) -> None:
        """Draw everything anew."""
        self._wrap()
        self._settle(keep=True)
        self.refresh()

    def text(self) -> str:
        """The whole derivation as plain text; empty where there is none."""
        from ..explaining import text_of

        return text_of(self._derivation) if self._derivation else ""

    def target(self) -> Where | None:
        """Where the line one stands on leads."""
        return None if self.cursor is None else self._lines[self.cursor].leads

    def _wrap(self) -> None:
        if self._derivation is None or not self.size.width:
            self._lines = []
            return
        from ..explaining import lines_of

        self._lines = lines_of(self._derivation, max(self.size.width - MARKER, LEAST))

    # Where one stands

    def move(self, step: int) -> None:
        """Go to the next line that leads somewhere, or on by a line where it is out of sight."""
        before = self._seen()
        for _ in range(abs(step)):
            self._move(1 if step > 0 else -1)
        self._redraw(before)

    def page(self, step: int) -> None:
        """Go on by so many screens."""
        self._go(self.top + step * max(self._body - 1, 1), last=step < 0)

    def home(self) -> None:
        """To the beginning."""
        self._go(0)

    def end(self) -> None:
        """To the end."""
        self._go(self._lowest, last=True)

    @property
    def _body(self) -> int:
        """Lines seen below the heading."""
        return max(self.size.height - 1, 1)

    @property
    def _lowest(self) -> int:
        """How far one can scroll."""
        return max(len(self._lines) - 1 - self._body, 0)

    @property
    def _stops(self) -> list[int]:
        """The lines in sight that lead somewhere."""
        seen = range(self.top + 1, min(self.top + 1 + self._body, len(self._lines)))
        return [index for index in seen if self._lines[index].leads is not None]

    def _move(self, step: int) -> None:
        stops = self._stops
        if self.cursor is None:
            following = stops[:1] if step > 0 else stops[-1:]
        else:
            beyond = [index for index in stops if (index - self.cursor) * step > 0]
            following = beyond[:1] if step > 0 else beyond[-1:]
        if following:
            self.cursor = following[0]
            return
        self.top = min(max(self.top + step, 0), self._lowest)
        stops = self._stops
        if self.cursor not in stops:
            self.cursor = (stops[-1] if step > 0 else stops[0]) if stops else None

    def _go(self, top: int, *, last: bool = False) -> None:
        before = self._seen()
        self.top = min(max(top, 0), self._lowest)
        stops = self._stops
        self.cursor = stops[-1 if last else 0] if stops else None
        self._redraw(before)

    def _settle(self, *, keep: bool) -> None:
        """Keep scroll position and cursor within what there is."""
        self.top = min(self.top, self._lowest)
        stops = self._stops
        if not keep or self.cursor not in stops:
            self.cursor = stops[0] if stops else None

    # Drawing

    def _seen(self) -> list[Strip]:
        return [self.render_line(y) for y in range(self.size.height)]

    def _redraw(self, before: list[Strip]) -> None:
        """Ask for the lines that look otherwise than before."""
        after = self._seen()
        if len(before) != len(after):
            self.refresh()
            return
        changed = [y for y, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]
        if changed:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        room = max(self.size.width, 1)
        if y == 0:
            return self._head(room)
        index = self.top + y
        if index >= len(self._lines):
            return Strip([]).adjust_cell_length(room, style(""))
        here = index == self.cursor and self.has_focus
        sign = Segment(shown("▸")[:1] if here else " ", style("key"))
        line = strip_of(self._lines[index].pieces, room - MARKER, "cursor" if here else "")
        return Strip([sign, *line]).adjust_cell_length(room, style(""))

    def _head(self, room: int) -> Strip:
        """The heading, which an underline sets apart; at its end which line is the last in sight."""
        pieces = self._lines[0].pieces if self._lines else (Piece(shown(str(NOTHING)), "dim"),)
        hidden = len(self._lines) > 1 + self._body
        place = f"  {min(self.top + 1 + self._body, len(self._lines))}/{len(self._lines)}" if hidden else ""
        label = Piece(self.label[:MARKER] or " ", "key" if self.label else "")
        line = spread([label, *pieces], [Piece(cut(place, max(room - width(label.text), 0)), "dim")], room)
        return strip_of(line, room, "head")

    # What Textual tells

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002
        """Wrap the lines anew."""
        self.redraw()

    def on_focus(self) -> None:
        """The cursor is drawn where the keys go."""
        self._redraw_cursor()

    def on_blur(self) -> None:
        """The cursor is not drawn where the keys do not go."""
        self._redraw_cursor()

    def _redraw_cursor(self) -> None:
        if self.cursor is not None:
            self.refresh(Region(0, self.cursor - self.top, self.size.width, 1))

    def on_click(self, event: events.Click) -> None:
        """Go to the line under the mouse, where it leads somewhere."""
        index = self.top + event.y
        if event.y > 0 and index in self._stops:
            before = self._seen()
            self.cursor = index
            self._redraw(before)

    def on_mouse_scroll_down(self) -> None:
        """Down by a few lines."""
        self._go(self.top + WHEEL)

    def on_mouse_scroll_up(self) -> None:
        """Up by a few lines."""
        self._go(self.top - WHEEL)


def _subject(derivation: Derivation | None) -> tuple[object, ...]:
    return tuple(derivation.subject.items()) if derivation else ()
