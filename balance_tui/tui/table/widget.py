"""The one table: draws the visible lines of a sheet, and knows where in it one stands.

Nothing is measured or built for rows that are not seen, so that a million rows open like ten.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from ..cells import cut, fitted, shown, width
from ..theme import style
from .layout import MARKER, Span, scrolled_to, spans, widths
from .sheet import Cell, Column, ListSheet, Sheet

NOTHING = ListSheet((), ())
WHEEL = 3


class Table(Widget):
    """A sheet on the screen, with a cursor by cell and row."""

    can_focus = True

    class Moved(Message):
        """The cursor stands elsewhere, or the sheet has changed."""

        def __init__(self, table: Table) -> None:
            self.table = table
            super().__init__()

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - as Textual names it
        super().__init__(id=id)
        self.sheet: Sheet = NOTHING
        self.row = self.col = self.top = self.left = 0
        self.marked: tuple[int, int] | None = None
        self.label = ""
        """A letter shown over the first cell while one jumps between panes."""
        self.empty = ""
        """What is said where there is no row."""
        self.own_widths: dict[str, int] = {}
        self._width = 0
        self._painted = (0, 0)
        """What was scrolled away when everything was drawn last."""
        self._wished: int | None = None
        """The first row to be seen, once the height is known."""
        self._naturals: tuple[int, ...] = ()
        self._laid_out: tuple[tuple[int, int], tuple[Span, ...]] | None = None

    # What is shown

    def show(self, sheet: Sheet, row: int = 0, col: int = 0, above: int | None = None) -> None:
        """Show another sheet, the cursor at this place as far as it exists, with so many rows seen above it."""
        if [column.key for column in sheet.columns] != [column.key for column in self.sheet.columns]:
            self.own_widths = {}
            self.left = 0
        self.sheet, self.marked = sheet, None
        self._naturals = tuple(sheet.natural_widths())
        self._laid_out = None
        self._wished = None if above is None else max(row - above, 0)
        self._place(row, col)
        self.redraw()
        self._tell()

    def redraw(self) -> None:
        """Draw everything anew."""
        self._laid_out = None
        self._repaint()

    def _repaint(self) -> None:
        self._painted = (self.top, self.left)
        self.refresh()

    @property
    def column(self) -> Column | None:
        """The column one stands in."""
        return self.sheet.columns[self.col] if self.sheet.columns else None

    @property
    def head_height(self) -> int:
        """Lines of the heading."""
        if not self.sheet.columns:
            return 0
        return 2 if any(column.under.zh for column in self.sheet.columns) else 1

    @property
    def page(self) -> int:
        """Rows seen at a time."""
        return max(self.size.height - self.head_height, 1)

    def needed_height(self) -> int:
        """Lines that show every row."""
        return self.head_height + max(self.sheet.height, 1)

    # Where one stands

    def move(self, rows: int = 0, columns: int = 0) -> None:
        """Go so many rows and columns, stopping at the edges."""
        self.go(self.row + rows, self.col + columns)

    def go(self, row: int, col: int | None = None) -> None:
        """Go to a row and column, stopping at the edges."""
        before = (self.row, self.col)
        self._wished = None
        self._place(row, self.col if col is None else col)
        is_scrolled = (self.top, self.left) != self._painted
        if (self.row, self.col) == before and not is_scrolled:
            return
        if is_scrolled or self.marked is not None:
            self._repaint()
        else:
            self._redraw_row(*before)
            self._redraw_row(self.row, self.col)
        self._tell()

    def _place(self, row: int, col: int) -> None:
        self.row = min(max(row, 0), max(self.sheet.height - 1, 0))
        self.col = min(max(col, 0), max(len(self.sheet.columns) - 1, 0))
        self._keep_in_sight()

    def _keep_in_sight(self) -> None:
        if not self.size.height:
            return
        page = self.page
        self.top = self.top if self._wished is None else self._wished
        if not self.row - page < self.top <= self.row:
            self.top = self.row if self.row < self.top else self.row - page + 1
        self.top = min(self.top, max(self.sheet.height - page, 0))
        if self.size.width:
            self.left = scrolled_to(self._widths(), self.size.width, self.left, self.col)

    def _tell(self) -> None:
        if self.is_mounted:
            self.post_message(self.Moved(self))

    def selection(self) -> tuple[range, range]:
        """The rows and columns that are selected: at least the cell one stands on."""
        row, col = self.marked or (self.row, self.col)
        rows = range(min(row, self.row), max(row, self.row) + 1)
        return rows, range(min(col, self.col), max(col, self.col) + 1)

    # Widths

    def widen(self, cells: int) -> None:
        """Make the column one stands in wider or narrower."""
        column = self.column
        if column is None:
            return
        now = self._widths()[self.col]
        self.own_widths[column.key] = max(now + cells, 2)
        self.own_widths[column.key] = self._widths()[self.col]
        self._keep_in_sight()
        self.redraw()

    def _widths(self) -> list[int]:
        room = self.size.width
        found = widths(self.sheet.columns, self._naturals, room)
        for index, column in enumerate(self.sheet.columns):
            # Beside the first column, which stands always, the one that one stands in must find a place.
            most = room - MARKER if index or len(found) == 1 else room // 2
            if column.key in self.own_widths:
                found[index] = max(min(self.own_widths[column.key], most), 1)
        return found

    def _drawn(self) -> tuple[Span, ...]:
        """The columns that are drawn now."""
        state = (self.size.width, self.left)
        if self._laid_out is None or self._laid_out[0] != state:
            columns = enumerate(self.sheet.columns)
            figures = {index for index, column in columns if column.mark or column.align == "right"}
            self._laid_out = (state, spans(self._widths(), *state, figures))
        return self._laid_out[1]

    # Drawing

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """Textual's question where a height is automatic."""
        return self.needed_height()

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        room = self.size.width
        # Neighbours of one style as one: every change of style costs bytes on the wire.
        return Strip(self._line(y, self._drawn())).adjust_cell_length(room, style("")).simplify()

    def _line(self, y: int, drawn: tuple[Span, ...]) -> Iterator[Segment]:
        if y < self.head_height:
            yield from self._head(y, drawn)
            return
        row = self.top + y - self.head_height
        if 0 <= row < self.sheet.height:
            yield from self._row(row, drawn)
        elif y == self.head_height and not self.sheet.height:
            yield Segment(cut(" " * MARKER + shown(self.empty), self.size.width), style("dim"))

    def _head(self, y: int, drawn: tuple[Span, ...]) -> Iterator[Segment]:
        last = y == self.head_height - 1
        rule = (
            style("head")
            if last
            else style("head").without_color + Style(underline=False) + _colour(style("head"))
        )
        yield Segment(
            self.label.ljust(MARKER)[:MARKER] if y == 0 else " ", style("key") if self.label else rule
        )
        end = MARKER
        for span in drawn:
            column = self.sheet.columns[span.column]
            text = shown(str(column.title if y == 0 else column.under))
            sign = self._sort_sign(column) if y == 0 else ""
            # The heading of figures stands over their digits, not over the cell of the mark, where it has room to.
            tail = 1 if column.mark and width(text) + width(sign) < span.width else 0
            text = (
                fitted(cut(text, span.width - tail - width(sign)) + sign, span.width - tail, column.align)
                + " " * tail
            )
            yield Segment(" " * (span.x - end) + text, rule)
            end = span.x + span.width
        yield Segment(" " * (self.size.width - end), rule)

    def _sort_sign(self, column: Column) -> str:
        keys = self.sheet.state.order.keys
        return next((shown("↓") if down else shown("↑") for key, down in keys if key == column.key), "")

    def _row(self, row: int, drawn: tuple[Span, ...]) -> Iterator[Segment]:
        here = row == self.row and self.has_focus_within
        ground = style("row") if here else style("")
        yield Segment(shown("▸")[:1] if here else " ", style("key") + ground)
        cells = self.sheet.cells(row)
        if self.sheet.record(row) is None:
            # The heading of a group has the line to itself.
            look = style("cursor") if here else style(cells[0].style)
            yield Segment(fitted(cells[0].text, max(self.size.width - MARKER, 1)), look)
            return
        end = MARKER
        for span in drawn:
            if span.x > end:
                yield Segment(" " * (span.x - end), ground)
            yield from self._cell(row, span, cells[span.column], ground)
            end = span.x + span.width
        if end < self.size.width:
            yield Segment(" " * (self.size.width - end), ground)

    def _cell(self, row: int, span: Span, cell: Cell, ground: Style) -> Iterator[Segment]:
        column = self.sheet.columns[span.column]
        look = self._look(row, span.column, ground)
        room = span.width - 1 if column.mark else span.width
        # A cut figure would be read as another figure: where it has no room, its mark alone is shown.
        text = cell.text if column.align == "left" or width(cell.text) <= room else shown("…")
        if not column.mark:
            yield Segment(fitted(text, room, column.align), style(cell.style) + look)
            return
        # A mark at the far end of a column of text would be read with the column beside it.
        taken = min(width(text) + 1, room) if column.align == "left" else room
        yield Segment(fitted(text, taken, column.align), look)
        yield Segment(fitted(cell.mark, 1), style(cell.style) + look)
        if taken < room:
            yield Segment(" " * (room - taken), look)

    def _look(self, row: int, col: int, ground: Style) -> Style:
        if row == self.row and col == self.col and self.has_focus_within:
            return style("cursor")
        if self.marked is not None:
            rows, cols = self.selection()
            if row in rows and col in cols:
                return style("selected")
        return ground

    def _redraw_row(self, row: int, col: int) -> None:
        """Ask for as little as changed when the cursor leaves or comes."""
        y = row - self.top + self.head_height
        drawn = self._drawn()
        span = next((span for span in drawn if span.column == col), None)
        if style("row") or span is None:
            self.refresh(Region(0, y, self.size.width, 1))
        else:
            self.refresh(Region(0, y, MARKER, 1), Region(span.x, y, span.width, 1))

    # What Textual tells

    def on_resize(self, event: events.Resize) -> None:  # noqa: ARG002
        """Lay the columns out anew; what another width had scrolled away may have room now."""
        if self.size.width != self._width:
            self._width, self.left = self.size.width, 0
        self._laid_out = None
        self._keep_in_sight()
        self._repaint()

    def on_focus(self) -> None:
        """The cursor is drawn where the keys go."""
        self._redraw_row(self.row, self.col)
        self._tell()

    def on_blur(self) -> None:
        """The cursor is not drawn where the keys do not go."""
        self._redraw_row(self.row, self.col)
        self._tell()

    def on_click(self, event: events.Click) -> None:
        """Go to the cell under the mouse."""
        drawn = self._drawn()
        span = next((span for span in drawn if span.x <= event.x < span.x + span.width), None)
        if event.y >= self.head_height:
            self.go(self.top + event.y - self.head_height, span.column if span else None)

    def on_mouse_scroll_down(self) -> None:
        """Down by a few rows."""
        self.move(WHEEL)

    def on_mouse_scroll_up(self) -> None:
        """Up by a few rows."""
        self.move(-WHEEL)


def _colour(rule: Style) -> Style:
    return Style(color=rule.color, bgcolor=rule.bgcolor, bold=rule.bold)
