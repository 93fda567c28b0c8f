"""The middle of the screen: the panes of a view, one below the other, in widgets that stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual import events
from textual.app import ComposeResult
from textual.strip import Strip
from textual.widget import Widget

from ..table.widget import Table
from ..theme import style
from ..view import Line, LinesPane, Pane, TablePane, View
from .bars import strip_of

LEAST = 4
"""Lines that a table needs to be of use."""


class Drawn(Widget):
    """A pane of drawn lines."""

    pane: LinesPane | None = None

    def show(self, pane: LinesPane) -> None:
        """Show these lines."""
        self.pane = pane
        self.refresh()

    def lines(self) -> Sequence[Line]:
        """The lines for the width there is."""
        return self.pane.draw(max(self.size.width, 1)) if self.pane else ()

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        lines = self.lines()
        if y < len(lines):
            return strip_of(lines[y], self.size.width)
        return Strip([]).adjust_cell_length(self.size.width, style(""))


class Panes(Widget):
    """Up to four panes. A view's panes are given to widgets in order, so that switching views mounts nothing."""

    def compose(self) -> ComposeResult:
        """Table, drawing, and two more tables: every view fits one of their sub-sequences."""
        yield Table(id="table-0")
        yield Drawn(id="drawn-0")
        yield Table(id="table-1")
        yield Table(id="table-2")

    def on_mount(self) -> None:
        """Nothing is shown before there is a view."""
        self.shown: list[tuple[Pane, Table | Drawn]] = []
        for slot in self.children:
            slot.display = False

    def show(self, view: View) -> None:
        """Give each pane its widget; what each table shows of it is the app's to say."""
        slots = iter(list(self.children))
        self.shown = [(pane, self._slot(slots, pane)) for pane in view.panes]
        used = {widget for _, widget in self.shown}
        for slot in self.children:
            slot.display = slot in used
        for pane, widget in self.shown:
            if isinstance(pane, LinesPane) and isinstance(widget, Drawn):
                widget.show(pane)

    def _slot(self, slots: Iterator[Widget], pane: Pane) -> Table | Drawn:
        kind = Table if isinstance(pane, TablePane) else Drawn
        return next(slot for slot in slots if isinstance(slot, kind))

    def tables(self) -> list[tuple[TablePane, Table]]:
        """The tables shown, with their panes."""
        return [(p, w) for p, w in self.shown if isinstance(p, TablePane) and isinstance(w, Table)]

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002
        """Share the height out anew."""
        self.share_out()

    def share_out(self) -> None:
        """Give every pane its height: what its rows need for those that take no share, the rest to the others; a
        drawing is left away before a table is too low to be of use."""
        if not self.size.height or not self.shown:
            return
        heights = shares([(pane, self._need(pane, widget)) for pane, widget in self.shown], self.size.height)
        for (_, widget), height in zip(self.shown, heights, strict=True):
            widget.display = height > 0
            widget.styles.height = max(height, 1)

    def _need(self, pane: Pane, widget: Table | Drawn) -> int:
        if isinstance(widget, Table):
            # A blank line sets a pane apart from the one below.
            return widget.needed_height() + (1 if pane is not self.shown[-1][0] else 0)
        return len(pane.draw(max(self.size.width, 1))) if isinstance(pane, LinesPane) else 0


def shares(panes: Sequence[tuple[Pane, int]], height: int) -> list[int]:
    """How many lines each pane gets of `height`, given what each needs."""
    weights = [pane.share if isinstance(pane, TablePane) else 0 for pane, _ in panes]
    given = [0 if weight else need for weight, (_, need) in zip(weights, panes, strict=True)]
    sharing = sum(1 for weight in weights if weight)
    for index in (i for i, (pane, _) in enumerate(panes) if isinstance(pane, LinesPane)):
        if sum(given) + LEAST * sharing > height:
            given[index] = 0
    _squeeze(given, weights, height - LEAST * sharing)
    free, total = max(height - sum(given), 0), sum(weights)
    for index, weight in enumerate(weights):
        if weight:
            given[index] = free * weight // total
    if total:
        last = max(index for index, weight in enumerate(weights) if weight)
        given[last] += max(height - sum(given), 0)
    return given


def _squeeze(given: list[int], weights: Sequence[int], room: int) -> None:
    """Where the panes that take no share need more than there is, the last give way first, down to their least."""
    for index in reversed(range(len(given))):
        lacking = sum(given) - max(room, 0)
        if lacking > 0 and not weights[index]:
            given[index] = max(given[index] - lacking, min(LEAST, given[index]))
