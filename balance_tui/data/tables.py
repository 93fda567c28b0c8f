"""A table as it stands in a file: columns with their header paths, rows with their numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from ..errors import Place

ROW = "_row"
"""The column of a raw frame that holds the row number in the file (1 = first)."""

MAX_COLUMNS = 20_000


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the raw frame, its letter in a workbook (empty elsewhere), its header
    path as it stands (`a/b/c`) and the normalised path that headers are compared by."""

    name: str
    letter: str
    header: str
    key: str

    @property
    def shown(self) -> str:
        """What a person finds the column by: the letter in a workbook, the header elsewhere."""
        return self.letter or self.header


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table read but not yet understood. `frame` holds a column a `Column.name`, text or native,
    and `ROW`; `title` is the text above the header."""

    file: str
    sheet: str | None
    columns: tuple[Column, ...]
    frame: pl.DataFrame
    title: str = ""
    cells: Mapping[tuple[int, str], str] = field(default_factory=dict)
    """Places of single cells, (row index, column name) → place, where a row is not a row of the file."""

    def place(self, index: int, column: Column | None = None) -> str:
        """`file:sheet!H17` of a cell, `file:17` outside workbooks."""
        if column and (index, column.name) in self.cells:
            return self.cells[index, column.name]
        row = int(self.frame[ROW][index])
        if self.sheet is None:
            return str(Place(self.file, line=row))
        return str(Place(self.file, sheet=self.sheet, cell=f"{column.letter if column else ''}{row}"))

    def header_place(self, column: Column) -> str:
        """Where the column as a whole stands."""
        return str(Place(self.file, sheet=self.sheet, cell=column.shown or None))

    @property
    def at(self) -> Place:
        """Where the table stands: its file, and its sheet in a workbook."""
        return Place(self.file, sheet=self.sheet)

    @property
    def name(self) -> str:
        """`file`, or `file:sheet` in a workbook."""
        return f"{self.file}:{self.sheet}" if self.sheet else self.file


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells before the header is known: `head` is the text of the first rows, `merges` 0-based
    inclusive (top, left, bottom, right) of merged cells, `letters` whether columns have letters."""

    file: str
    sheet: str | None
    head: list[list[str]]
    height: int
    width: int
    merges: tuple[tuple[int, int, int, int], ...] = ()
    letters: bool = False


def letter_of(index: int) -> str:
    """The letters of a workbook column.

    >>> letter_of(0), letter_of(27)
    ('A', 'AB')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def index_of(letters: str) -> int:
    """The column index of workbook letters: the inverse of `letter_of`."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def number_text(value: float | None) -> str | None:
    """A float by its shortest digits, whole numbers without a point."""
    if value is None:
        return None
    whole = math.isfinite(value) and value == int(value) and abs(value) < 2**53
    return str(int(value)) if whole else repr(value)
