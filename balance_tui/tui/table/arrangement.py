"""The rows of a frame as a list shows them: sorted, filtered, under headings, folded.

A line is the number of a row of the frame, or below zero the heading of a group: -1 of the first, -2 of the second.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from ...engine.status import MARKS, WORD, WORDS
from ...language import Text
from ..cells import shown
from ..names import spelled
from .frame_base import Base
from .frame_text import Face, face, labels_of, plain_text, words_of
from .kept import Kept
from .sheet import UNSORTED, Column, Order

SEVERITY = ("not_applicable", "pass", "relieved", "floor", "unknown", "fail")
"""The words of a status from what troubles least to what troubles most."""

ROWS, BLANK = Text("行", "rows"), Text("(空白)", "(blank)")


def column_of(base: Base, name: str) -> Column:
    """The column shown of this name, or one made up for a name that the frame alone has."""
    return next((each for each in base.columns if each.key == name), Column(name, Text(name, name)))


def rows_of(base: Base, order: Order, wanted: str) -> pl.Series:
    """The rows that answer the filter, as sorted; without an order as the frame's own."""
    return base.rows.get((order, wanted, face()), lambda: _rows(base, order, wanted))


def _rows(base: Base, order: Order, wanted: str) -> pl.Series:
    own = order if order.keys else base.order
    rows = base.sorted_rows.get(own, lambda: _sorted(base, own))
    if not wanted.strip():
        return rows
    mask = base.filtered(wanted)
    return rows.filter((base.tree.with_ancestors(mask) if base.tree else mask).gather(rows))


def _sorted(base: Base, order: Order) -> pl.Series:
    by, descending = [], []
    for name, descends in order.keys:
        expressions = _sort_keys(base, name) if name in base.schema else []
        by.extend(expressions)
        descending.extend([descends] * len(expressions))
    if not by:
        return pl.int_range(base.frame.height, dtype=pl.Int32, eager=True)
    places = pl.arg_sort_by(by, descending=descending, nulls_last=True, maintain_order=True)
    flat = base.frame.select(places.cast(pl.Int32).alias("row")).to_series()
    return base.tree.ordered(flat) if base.tree else flat


def _sort_keys(base: Base, name: str) -> list[pl.Expr]:
    column, dtype = column_of(base, name), base.schema[name]
    value = pl.col(name)
    if dtype.is_nested():
        return [value.list.join("\0")] if dtype == pl.List(pl.String) else []
    if dtype == WORD:
        places = [SEVERITY.index(word) for word in WORDS]
        return [value.to_physical().replace_strict(range(len(WORDS)), places, return_dtype=pl.Int8)]
    if column.kind == "word" and column.words is None:
        return [_place(value, SEVERITY), value.cast(pl.String)]
    if dtype == pl.String and words_of(column, dtype):
        return [_place(value, tuple(words_of(column, dtype))), value]
    if dtype == pl.String:
        return [_spelled(base, value), value]
    return [value.fill_nan(None) if dtype.is_float() else value]


def _spelled(base: Base, text: pl.Expr) -> pl.Expr:
    """Names as a dictionary orders them: each Chinese character by its pinyin."""
    sounds = {character: f"{sound} " for character in base.characters if (sound := spelled(character))}
    return text.str.replace_many(list(sounds), list(sounds.values())) if sounds else text


def _place(value: pl.Expr, codes: tuple[Any, ...]) -> pl.Expr:
    """Where among `codes` a value stands; behind them what is none of them."""
    words = [code for code in codes if isinstance(code, str)]
    places = value.cast(pl.String).replace_strict(
        words, range(len(words)), default=len(words), return_dtype=pl.Int32
    )
    return pl.when(value.is_not_null()).then(places)


@dataclass(frozen=True, eq=False)
class Groups:
    """The groups of a column: `values` in the order shown, and for every row of the frame the number of its group."""

    column: Column
    dtype: pl.DataType
    values: pl.Series
    numbers: pl.Series

    def label(self, number: int) -> str:
        """What a group is called."""
        value = self.values[number]
        if value is None:
            return str(BLANK)
        shown_labels = labels_of(self.column, self.dtype)
        label = words_of(self.column, self.dtype).get(value)
        return shown(shown_labels.get(value) or (plain_text(value) if label is None else str(label)))


def groups_of(base: Base, name: str) -> Groups:
    """The groups of a column, as they first appear where nothing is asked; codes in the dictionary's order, words of
    a status with the worst first."""
    return base.groups.get(name, lambda: _groups(base, name))  # type: ignore[no-any-return]


def _groups(base: Base, name: str) -> Groups:
    column, dtype = column_of(base, name), base.schema[name]
    held = base.frame.select(pl.col(name).alias("value"))
    own_order = rows_of(base, UNSORTED, "")
    found = held.select(pl.col("value").gather(own_order)).unique(maintain_order=True)
    if dtype == WORD or column.kind == "word" and column.words is None:
        found = found.sort(_place(pl.col("value"), SEVERITY[::-1]), maintain_order=True, nulls_last=True)
    elif dtype == pl.String and words_of(column, dtype):
        codes = tuple(words_of(column, dtype))
        found = found.sort(_place(pl.col("value"), codes), maintain_order=True, nulls_last=True)
    numbered = found.with_row_index("number")
    joined = held.join(numbered, on="value", how="left", nulls_equal=True, maintain_order="left")
    return Groups(column, dtype, found["value"], joined["number"].cast(pl.Int32))


@dataclass(frozen=True, eq=False)
class GroupedRows:
    """Rows under the headings of their groups."""

    base: Base
    groups: Groups
    rows: pl.Series
    _headings: Kept[tuple[int, bool, Face], str] = field(default_factory=lambda: Kept(256))

    @cached_property
    def _numbered(self) -> pl.DataFrame:
        return pl.DataFrame({"number": self.groups.numbers.gather(self.rows), "line": self.rows})

    def lines(self, folds: Collection[int]) -> pl.Series:
        """All lines, without the rows of the groups whose numbers are given."""
        headings = self._numbered.select(pl.col("number").unique())
        closed = pl.Series(list(folds), dtype=pl.Int32).implode()
        both = pl.concat([
            headings.select("number", line=-pl.col("number") - 1),
            self._numbered.filter(~pl.col("number").is_in(closed)),
        ])  # fmt: skip
        return both.sort("number", maintain_order=True)["line"]

    @cached_property
    def _counts(self) -> pl.DataFrame:
        known = self.base.status in self.base.schema
        status = self.base.frame[self.base.status] if known else None
        words = pl.lit(None, pl.String) if status is None else pl.lit(status).gather(pl.col("line"))
        return self._numbered.group_by("number", words.alias("status")).len("rows")

    def heading(self, number: int, is_closed: bool) -> str:
        """`▾ 小学  37 行  ✓ 30 ✗ 4 ? 1`: what the group is, its rows, and how many of them have which status."""
        return self._headings.get((number, is_closed, face()), lambda: self._heading(number, is_closed))

    def _heading(self, number: int, is_closed: bool) -> str:
        counted = self._counts.filter(pl.col("number") == number)
        marks: dict[str, int] = dict.fromkeys(("✓", "✗", "?", "~", "–"), 0)
        for status, rows in counted.select("status", "rows").iter_rows():
            if status in MARKS:
                marks[MARKS[status]] += rows
        tally = " ".join(f"{mark} {rows}" for mark, rows in marks.items() if rows)
        head = f"{'+' if is_closed else '▾'} {self.groups.label(number)}  {counted['rows'].sum()} {ROWS}"
        return shown(f"{head}  {tally}" if tally else head)
