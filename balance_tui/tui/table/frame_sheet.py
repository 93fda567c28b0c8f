"""The rows of a polars frame as a table shows them: sorted, filtered, grouped or as a tree, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import polars as pl

from ..cells import shown
from .arrangement import GroupedRows, column_of, groups_of, rows_of
from .frame_base import Base, Row
from .frame_text import face, full_text
from .kept import Kept
from .sheet import UNSORTED, Cell, Column, Order, SheetState

PAGE = 64
"""Rows read at a time."""

GROUP = "_group"
"""The first part of the key of a group's heading; the second is the group's value."""


class FrameSheet:
    """A frame as a `Sheet`. `key` are the columns that identify a row, its number where there are none; `status` the
    column of its own status; `style` one of styles for rows. With `depth`, a column of whole numbers, the frame is
    a tree in pre-order. `order` is how it is sorted where nothing is asked."""

    def __init__(
        self, frame: pl.DataFrame, columns: Sequence[Column], *, key: Sequence[str] = (), status: str = "status",
        style: str = "", depth: str = "", order: Order = UNSORTED,
    ) -> None:  # fmt: skip
        self._base = Base(frame, tuple(columns), tuple(key), status, style, depth, order)
        self._state = SheetState()
        self._folds: frozenset[int] = frozenset()
        self._pages: Kept[int, list[tuple[int, Row | None]]] = Kept(32)
        self._found: Kept[object, pl.Series] = Kept(4)

    def _arranged(self, state: SheetState, folds: frozenset[int]) -> FrameSheet:
        sheet = object.__new__(FrameSheet)
        sheet._base, sheet._state, sheet._folds = self._base, state, folds
        sheet._pages, sheet._found = Kept(32), Kept(4)
        return sheet

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns shown."""
        return self._base.columns

    @property
    def frame(self) -> pl.DataFrame:
        """All records, in the order they were given."""
        return self._base.frame

    @property
    def state(self) -> SheetState:
        """How it is sorted, filtered, grouped."""
        return self._state

    @property
    def total(self) -> int:
        """Records there are without the filter."""
        return self._base.frame.height

    @property
    def height(self) -> int:
        """Rows shown."""
        return len(self._lines)

    @cached_property
    def _rows(self) -> pl.Series:
        return rows_of(self._base, self._state.order, self._state.wanted)

    @cached_property
    def _grouped(self) -> GroupedRows | None:
        name = self._state.group
        return GroupedRows(self._base, groups_of(self._base, name), self._rows) if name else None

    @cached_property
    def _lines(self) -> pl.Series:
        if self._grouped:
            return self._grouped.lines(self._folds)
        if self._base.tree and self._folds:
            return self._base.tree.unfolded(self._rows, self._folds)
        return self._rows

    def _line(self, row: int) -> tuple[int, Row | None]:
        if not 0 <= row < self.height:
            raise IndexError(row)
        page, place = divmod(row, PAGE)
        return self._pages.get(page, lambda: self._page(page))[place]

    def _page(self, page: int) -> list[tuple[int, Row | None]]:
        lines = self._lines.slice(page * PAGE, PAGE).to_list()
        read = iter(self._base.read([line for line in lines if line >= 0]))
        return [(line, next(read) if line >= 0 else None) for line in lines]

    def cells(self, row: int) -> Sequence[Cell]:
        """The cells of one row, in the order of `columns`."""
        line, values = self._line(row)
        if values is None:
            return self._heading(line)
        cells = self._base.cells(line, values)
        return (self._indented(line, cells[0]), *cells[1:]) if self._base.tree and cells else cells

    def _heading(self, line: int) -> Sequence[Cell]:
        assert self._grouped, "only groups have headings"
        number = -line - 1
        text = self._grouped.heading(number, number in self._folds)
        return (Cell(text, "", "group"), *(Cell("", "", "group") for _ in self.columns[1:]))

    def _indented(self, line: int, cell: Cell) -> Cell:
        tree = self._base.tree
        assert tree, "only a tree is indented"
        sign = ("+ " if line in self._folds else "▾ ") if tree.has_branches[line] else "  "
        lead = " " * tree.indent(tree.depths[line])
        lead = lead[:-2] + shown(sign) if tree.has_folds else lead
        return cell._replace(text=lead + cell.text)

    def natural_widths(self) -> Sequence[int]:
        """The cells each column would take if there were room, heading and mark included; the same for every
        arrangement."""
        return self._base.widths()

    def record(self, row: int) -> Mapping[str, Any] | None:
        """All values of a row by column name; None for the heading of a group."""
        line, values = self._line(row)
        return None if values is None else self._base.frame.row(line, named=True)

    def key(self, row: int) -> object:
        """What identifies the row."""
        line, values = self._line(row)
        if values is None:
            return GROUP, self._value_of_group(line)
        at = self._base.at
        return tuple(values[at[name]] for name in self._base.key) if self._base.key else line

    def _value_of_group(self, line: int) -> Any:
        assert self._grouped, "only groups have headings"
        return self._grouped.groups.values[-line - 1]

    def row_of(self, key: object) -> int | None:
        """The row with this key, if it is shown."""
        is_heading = isinstance(key, tuple) and len(key) == 2 and key[0] == GROUP
        wanted = self._headings_of(key) if is_heading else self._base.numbers_of(key)
        rows = self._lines.is_in(pl.Series(wanted, dtype=pl.Int32).implode()).arg_true()
        return int(rows[0]) if len(rows) else None

    def _headings_of(self, key: object) -> list[int]:
        values = self._grouped.groups.values.to_list() if self._grouped else []
        return [-number - 1 for number, value in enumerate(values) if (GROUP, value) == key]

    def value(self, row: int, column: str) -> str:
        """A cell's value as it is copied: the full number, the whole text; of a heading what it says."""
        line, values = self._line(row)
        if values is None:
            return self._heading(line)[0].text if column == self.columns[0].key else ""
        base = self._base
        held = values[base.at[column]] if column in base.at else base.frame[column][line]
        return full_text(column_of(base, column), base.schema[column], held)

    def sorted(self, order: Order) -> FrameSheet:
        """By these columns, unknown values last; in a tree among those that lie under the same row."""
        state = SheetState(order, self._state.wanted, self._state.group)
        return self._arranged(state, self._folds)

    def filtered(self, wanted: str) -> FrameSheet:
        """Only the rows that answer the filter, in a tree with all they lie under. A new filter opens what was closed.
        Errors: `FILTER`."""
        if wanted.strip():
            self._base.filtered(wanted)
        folds = self._folds if wanted.strip() in ("", self._state.wanted.strip()) else frozenset()
        return self._arranged(SheetState(self._state.order, wanted.strip(), self._state.group), folds)

    def grouped(self, column: str | None) -> FrameSheet:
        """Under one heading row a value of `column`. A tree, and a frame without the column, stay as they are."""
        schema = self._base.schema
        if column is not None and (self._base.tree or column not in schema or schema[column].is_nested()):
            return self
        folds = self._folds if self._base.tree or column == self._state.group else frozenset()
        return self._arranged(SheetState(self._state.order, self._state.wanted, column), folds)

    def folded(self, row: int) -> FrameSheet:
        """With the group or branch of this row closed, or opened where it was closed; the same for other rows."""
        line, values = self._line(row)
        tree = self._base.tree
        if values is not None and not (tree and tree.has_branches[line]):
            return self
        return self._arranged(self._state, self._folds ^ {line if values is not None else -line - 1})

    @property
    def closed(self) -> tuple[object, ...]:
        """The keys of the branches of a tree that are closed."""
        base = self._base
        if not base.tree or not base.key:
            return ()
        rows = base.frame[sorted(self._folds)].select(base.key)
        return tuple(rows.iter_rows())

    def closing(self, keys: Sequence[object]) -> FrameSheet:
        """With these branches of a tree closed and all others open."""
        if not self._base.tree:
            return self
        folds = frozenset(number for key in keys for number in self._base.numbers_of(key))
        return self._arranged(self._state, folds)

    def find(self, wanted: str, start: int, step: int) -> int | None:
        """The next row from `start` on, going round, one of whose texts holds `wanted`."""
        found = self._found.get((wanted, face()), lambda: self._shown(self._base.holding(wanted)))
        return _around(found, start, step, self.height)

    @property
    def keeps_order(self) -> bool:
        return False

    @property
    def tells_status(self) -> bool:
        return True

    def next_status(self, start: int, step: int) -> int | None:
        """The next row after `start`, going round, that fails or is unknown."""
        found = self._found.get(None, lambda: self._shown(self._base.failing))
        return _around(found, start + step, step, self.height)

    def _shown(self, mask: pl.Series) -> pl.Series:
        """Where the rows of a mask are shown."""
        lines = self._lines
        return (mask.gather(lines.clip(0)) & (lines >= 0)).arg_true() if len(mask) else lines.clear()


def _around(rows: pl.Series, start: int, step: int, height: int) -> int | None:
    """The first of these ascending rows from `start` on, going round."""
    if not len(rows):
        return None
    place = int(rows.search_sorted(start % height, side="left" if step > 0 else "right"))
    return int(rows[place % len(rows)]) if step > 0 else int(rows[place - 1])
