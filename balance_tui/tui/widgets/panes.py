"""The middle of the screen: the panes of a view, one below the other, in widgets that stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual import events
from textual.app import ComposeResult
from textual.css.scalar import Scalar
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
    _drawn: tuple[int, Sequence[Line]] | None = None

    def show(self, pane: LinesPane) -> None:
        """Show these lines."""
        self.pane, self._drawn = pane, None
        self.refresh()

    def lines(self) -> Sequence[Line]:
        """The lines for the width there is."""
        room = max(self.size.width, 1)
        if self._drawn is None or self._drawn[0] != room:
            self._drawn = (room, self.pane.draw(room) if self.pane else ())
        return self._drawn[1]

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        lines = self.lines()
        if y < len(lines):
            return strip_of(lines[y], self.size.width)
        return Strip([]).adjust_cell_length(self.size.width, style(""))


class Panes(Widget):
    """Up to four panes. A view's panes are given to widgets in order, so that switching views mounts nothing."""

    at: Table | None = None
    """The table that keys go to, or went to last."""
    awaits_size = False
    """Whether what stands beside has come or gone, so that there will be another size."""
    is_moving = False
    """Whether panes were given other heights than they had."""

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

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Keys go elsewhere."""
        if isinstance(event.widget, Table) and event.widget is self.screen.focused:
            self.at = event.widget

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002
        """Share the height out anew."""
        self.awaits_size = False
        self.share_out()

    def share_out(self) -> None:
        """Give every pane its height: what its rows need for those that take no share, the rest to the others; a
        drawing is left away before a table is too low to be of use, and a table only where keys do not go to it."""
        if not self.size.height or not self.shown:
            return
        at = next((index for index, (_, widget) in enumerate(self.shown) if widget is self.at), 0)
        needs = [(pane, self._need(pane, widget)) for pane, widget in self.shown]
        heights = shares(needs, self.size.height, at)
        for (_, widget), height in zip(self.shown, heights, strict=True):
            widget.display = height > 0
            widget.styles.height = max(height, 1)
        self.is_moving = self.is_moving or not self.is_laid_out

    @property
    def is_laid_out(self) -> bool:
        """Whether every pane stands on the screen with the height it was given."""
        seen = (widget for _, widget in self.shown if widget.display)
        return not self.awaits_size and all(
            each.styles.height == Scalar.from_number(each.size.height) for each in seen
        )

    def _need(self, pane: Pane, widget: Table | Drawn) -> int:
        if isinstance(widget, Table):
            # A blank line sets a pane apart from the one below.
            return widget.needed_height() + (1 if pane is not self.shown[-1][0] else 0)
        return len(pane.draw(max(self.size.width, 1))) if isinstance(pane, LinesPane) else 0


def shares(panes: Sequence[tuple[Pane, int]], height: int, at: int = 0) -> list[int]:
    """How many of `height` lines each pane gets, given what each needs; pane `at` is left away last."""
    least = _leasts(panes, height, at)
    given = [need if least[index] else 0 for index, (_, need) in enumerate(panes)]
    weights = [_share(pane) if least[index] else 0 for index, (pane, _) in enumerate(panes)]
    if not any(weights):
        # Where none takes what is left, the last one does.
        weights[max(index for index, lines in enumerate(least) if lines)] = 1
    given = [least[index] if weights[index] else lines for index, lines in enumerate(given)]
    _squeeze(given, least, height)
    _grow(given, weights, height)
    return given


def _share(pane: Pane) -> int:
    return pane.share if isinstance(pane, TablePane) else 0


def _leasts(panes: Sequence[tuple[Pane, int]], height: int, at: int) -> list[int]:
    """The fewest lines of each pane. Drawings are left away where the lists need the room for all they hold, lists
    where each would be too low to be of use, the last first."""
    wanted = [LEAST if _share(pane) else need for pane, need in panes]
    for index, (pane, _) in enumerate(panes):
        if isinstance(pane, LinesPane) and sum(wanted) > height:
            wanted[index] = 0
    least = [
        lines if isinstance(pane, LinesPane) else min(lines, LEAST)
        for lines, (pane, _) in zip(wanted, panes, strict=True)
    ]
    for index in reversed(range(len(panes))):
        if sum(least) > height and index != at:
            least[index] = 0
    if not any(least):
        least[at] = 1
    least[at] = min(least[at], height)
    return least


def _squeeze(given: list[int], least: Sequence[int], height: int) -> None:
    """Where more is needed than there is, the last give way first, down to their least."""
    for index in reversed(range(len(given))):
        given[index] -= min(max(sum(given) - height, 0), given[index] - least[index])


def _grow(given: list[int], weights: Sequence[int], height: int) -> None:
    """Bring those that share up to their part of what the others leave; the last takes what is over."""
    sharing = [index for index, weight in enumerate(weights) if weight]
    free = height - sum(lines for index, lines in enumerate(given) if not weights[index])
    parts = {index: free * weights[index] // sum(weights) for index in sharing}
    for index in sharing:
        given[index] += min(max(parts[index] - given[index], 0), height - sum(given))
    given[sharing[-1]] += height - sum(given)
