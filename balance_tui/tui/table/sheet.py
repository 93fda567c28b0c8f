"""What the table shows: columns, cells, and the questions it asks of any source of rows.

`FrameSheet` answers them from a polars frame; `ListSheet` from plain lists, for what must stand before polars
is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, Protocol

from ...language import Text

Kind = Literal["text", "figure", "plain", "word", "bar"]
"""How a value is shown: text (codes as their `words`), a figure with fixed decimals, a number as it was written,
one of the five words with its mark, or a bar (a share of 0 to 1)."""

NO_TEXT = Text("", "")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` names the frame's column, `title` and `under` its two lines of heading.

    `mark` names a column that holds the status word shown as a mark behind the figure. `note` says in full what
    the column is. `least` and `most` bound its width in cells, heading included; `stretch` lets it take room that
    is left and give up room that lacks. `mark_only` shows a word as its mark alone.
    """

    key: str
    title: Text
    under: Text = NO_TEXT
    kind: Kind = "text"
    decimals: int = 2
    mark: str = ""
    words: Mapping[Any, Text] | None = None
    note: Text = NO_TEXT
    least: int = 2
    most: int = 40
    stretch: bool = False
    mark_only: bool = False
    unit: Text = NO_TEXT

    @property
    def align(self) -> Literal["left", "right"]:
        """Figures stand on their decimal point, all else begins at the left."""
        return "right" if self.kind in ("figure", "plain") else "left"


class Cell(NamedTuple):
    """What stands in one cell: `text` is safe to put on the screen and not yet cut, `mark` a mark of one cell behind
    it, `style` a name of `theme.STYLES` (a status word, `dim`, `bold`, `head`) or empty."""

    text: str
    mark: str = ""
    style: str = ""


class Order(NamedTuple):
    """How rows are sorted: column keys, each with whether it descends."""

    keys: tuple[tuple[str, bool], ...] = ()


UNSORTED = Order()
DOUBTFUL = ("fail", "unknown")
"""The styles of what does not pass."""


class Sheet(Protocol):
    """Rows for a table. Rows are numbered as shown, from 0. Every change gives a new sheet.

    A heading row (of a group, or of a tree) belongs to no record: `record` of it is None or, in a tree, its own.
    """

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns, the first of which stays while scrolling sideways."""

    @property
    def height(self) -> int:
        """Rows shown."""

    @property
    def total(self) -> int:
        """Records there are without the filter."""

    def cells(self, row: int) -> Sequence[Cell]:
        """The cells of one row, in the order of `columns`."""

    def natural_widths(self) -> Sequence[int]:
        """The cells each column would take if there were room, heading and mark included."""

    def record(self, row: int) -> Mapping[str, Any] | None:
        """All values of a row by column name, also those not shown; None for the heading of a group."""

    def key(self, row: int) -> object:
        """What identifies the row in other orders, filters and standards."""

    def row_of(self, key: object) -> int | None:
        """The row with this key, if it is shown."""

    def value(self, row: int, column: str) -> str:
        """A cell's value as it is copied: the full number, the whole text."""

    @property
    def keeps_order(self) -> bool:
        """Whether its rows stay in the order they are in, so that it cannot be sorted."""

    @property
    def tells_status(self) -> bool:
        """Whether its rows may fail or be unknown, so that the next such can be gone to."""

    def sorted(self, order: Order) -> Sheet:
        """By these columns; unknown values last. An empty order is the sheet's own."""

    def filtered(self, wanted: str) -> Sheet:
        """Only the rows that answer the filter (see `filters`); an empty one shows all. Raises `UsageError` for a
        filter that cannot be read."""

    def grouped(self, column: str | None) -> Sheet:
        """Under one heading row a value of `column`."""

    def folded(self, row: int) -> Sheet:
        """With the group or branch of this row closed, or opened where it was closed."""

    @property
    def closed(self) -> tuple[object, ...]:
        """The keys of the branches of a tree that are closed."""

    def closing(self, keys: Sequence[object]) -> Sheet:
        """With these branches of a tree closed and all others open."""

    def find(self, wanted: str, start: int, step: int) -> int | None:
        """The next row from `start` (inclusive; step 1 or -1), going round, one of whose texts holds `wanted`: as
        written, or by pinyin initials."""

    def next_status(self, start: int, step: int) -> int | None:
        """The next row from `start` (exclusive), going round, whose own status is fail or unknown."""

    @property
    def state(self) -> SheetState:
        """How it is sorted, filtered, grouped."""


@dataclass(frozen=True, slots=True)
class SheetState:
    """How a sheet is arranged, so that the same can be asked of another."""

    order: Order = UNSORTED
    wanted: str = ""
    group: str | None = None


def arranged(sheet: Sheet, state: SheetState) -> Sheet:
    """`sheet` arranged as `state` says, as far as it has those columns."""
    keys = {column.key for column in sheet.columns}
    order = Order(tuple(pair for pair in state.order.keys if pair[0] in keys))
    if state.wanted:
        sheet = sheet.filtered(state.wanted)
    if state.group:
        sheet = sheet.grouped(state.group)
    return sheet.sorted(order) if order.keys else sheet


Matches = Callable[[str], bool]


@dataclass(frozen=True)
class ListSheet:
    """Rows as plain lists: what was remembered of a screen, and the program's own lists. It can be filtered and
    searched, and keeps its order."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    records: tuple[Mapping[str, Any], ...] = ()
    widths: tuple[int, ...] = ()
    shown_rows: tuple[int, ...] | None = None
    wanted: str = ""
    cache: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def _characters(self) -> frozenset[str]:
        """Every character of the list, gathered once for all its filters."""
        if "characters" not in self.cache:
            self.cache["characters"] = frozenset(
                letter for cells in self.rows for cell in cells for letter in cell.text
            )
        found: frozenset[str] = self.cache["characters"]
        return found

    @property
    def _indices(self) -> Sequence[int]:
        return range(len(self.rows)) if self.shown_rows is None else self.shown_rows

    @property
    def height(self) -> int:
        return len(self._indices)

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def state(self) -> SheetState:
        return SheetState(wanted=self.wanted)

    def cells(self, row: int) -> Sequence[Cell]:
        return self.rows[self._indices[row]]

    def natural_widths(self) -> Sequence[int]:
        if self.widths:
            return self.widths
        from ..cells import shown, width

        needed = [max(width(shown(str(c.title))), width(shown(str(c.under)))) for c in self.columns]
        for cells in self.rows:
            for index, cell in enumerate(cells):
                needed[index] = max(needed[index], width(cell.text) + width(cell.mark))
        return needed

    def record(self, row: int) -> Mapping[str, Any] | None:
        index = self._indices[row]
        return self.records[index] if index < len(self.records) else None

    def key(self, row: int) -> object:
        record = self.record(row) or {}
        return record.get("_key", self._indices[row])

    def row_of(self, key: object) -> int | None:
        return next((row for row in range(self.height) if self.key(row) == key), None)

    def value(self, row: int, column: str) -> str:
        index = next(i for i, each in enumerate(self.columns) if each.key == column)
        return self.cells(row)[index].text

    @property
    def keeps_order(self) -> bool:
        return True

    @property
    def tells_status(self) -> bool:
        if "status" not in self.cache:
            self.cache["status"] = any(cell.style in DOUBTFUL for cells in self.rows for cell in cells)
        return bool(self.cache["status"])

    def sorted(self, order: Order) -> Sheet:  # noqa: ARG002 - a list keeps its order
        return self

    def grouped(self, column: str | None) -> Sheet:  # noqa: ARG002 - nor has it groups
        return self

    def folded(self, row: int) -> Sheet:  # noqa: ARG002
        return self

    @property
    def closed(self) -> tuple[object, ...]:
        return ()

    def closing(self, keys: Sequence[object]) -> Sheet:  # noqa: ARG002
        return self

    def filtered(self, wanted: str) -> Sheet:
        if not wanted.strip():
            return replace(self, shown_rows=None, wanted="")
        matches = [_matcher(word, self._characters) for word in wanted.split()]
        rows = tuple(
            index for index, cells in enumerate(self.rows)
            if all(any(match(cell.text) for cell in cells) for match in matches)
        )  # fmt: skip
        return replace(self, shown_rows=rows, wanted=wanted)

    def find(self, wanted: str, start: int, step: int) -> int | None:
        match = _matcher(wanted, self._characters)
        around = (
            (row % self.height for row in range(start, start + step * self.height, step))
            if self.height
            else ()
        )
        return next((row for row in around if any(match(cell.text) for cell in self.cells(row))), None)

    def next_status(self, start: int, step: int) -> int | None:
        if not self.height:
            return None
        around = (row % self.height for row in range(start + step, start + step * (self.height + 1), step))
        return next((row for row in around if any(c.style in DOUBTFUL for c in self.cells(row))), None)


def _matcher(wanted: str, characters: frozenset[str]) -> Matches:
    """Whether a text made of no other than these characters has what is wanted; one expression serves them all."""
    import re

    from ..names import frame_pattern

    search = re.compile(frame_pattern(wanted, characters)).search
    return lambda text: search(text) is not None


Row = Mapping[str, Any]
Enters = Callable[[Row | None, str], Any]
