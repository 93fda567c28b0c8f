"""What all sheets made of one frame share: the frame, its columns, and what was worked out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from .containing import containing, is_one_of, text_of
from .filters import condition, parse
from .frame_text import CellMaker, Face, cell_maker, face
from .frame_widths import natural_widths
from .kept import Kept
from .sheet import Cell, Column, Order
from .tree import Tree

Row = tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class Base:
    """A frame with its columns, as `FrameSheet` is given them. Rows go by their number in the frame."""

    frame: pl.DataFrame
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    status: str
    style: str
    depth: str
    order: Order
    sorted_rows: Kept[Order, pl.Series] = field(default_factory=lambda: Kept(4))
    rows: Kept[tuple[Order, str, Face], pl.Series] = field(default_factory=lambda: Kept(4))
    masks: Kept[tuple[str, str, Face], pl.Series] = field(default_factory=lambda: Kept(8))
    groups: Kept[str, Any] = field(default_factory=lambda: Kept(4))
    _cells: Kept[tuple[int, Face], tuple[Cell, ...]] = field(default_factory=lambda: Kept(4096))
    _makers: Kept[Face, tuple[CellMaker, ...]] = field(default_factory=lambda: Kept(2))
    _widths: Kept[Face, tuple[int, ...]] = field(default_factory=lambda: Kept(2))

    @cached_property
    def schema(self) -> pl.Schema:
        """The types of the frame's columns."""
        return self.frame.schema

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The columns read for a row that is shown: values, marks, what identifies and styles it."""
        marks = [column.mark for column in self.columns if column.mark in self.schema]
        others = [name for name in (self.style, self.depth) if name]
        return tuple(dict.fromkeys([*(column.key for column in self.columns), *marks, *self.key, *others]))

    @cached_property
    def at(self) -> dict[str, int]:
        """Where in a row that was read each name stands."""
        return {name: index for index, name in enumerate(self.names)}

    @cached_property
    def _read(self) -> pl.DataFrame:
        return self.frame.select(self.names)

    def read(self, numbers: Sequence[int]) -> list[Row]:
        """These rows, with the values of `names`."""
        return self._read[numbers].rows() if numbers else []

    def cells(self, number: int, row: Row) -> tuple[Cell, ...]:
        """The cells of a row that was read."""
        look = face()
        makers = self._makers.get(look, self._made_makers)
        return self._cells.get((number, look), lambda: tuple(make(row) for make in makers))

    def _made_makers(self) -> tuple[CellMaker, ...]:
        return tuple(cell_maker(column, self.schema, self.at, self.style) for column in self.columns)

    def widths(self) -> tuple[int, ...]:
        """The cells each column would take if there were room, of all rows."""
        return self._widths.get(face(), lambda: natural_widths(self.frame, self.columns, self.tree))

    @cached_property
    def tree(self) -> Tree | None:
        """The branches of the frame, where it is a tree."""
        return Tree(self.frame[self.depth]) if self.depth else None

    @cached_property
    def characters(self) -> frozenset[str]:
        """Every character of the texts that are searched."""
        texts = (text_of(column.key, self.schema[column.key]) for column in self.columns)
        found: set[str] = set()
        for text in texts:
            if text is not None:
                each = self.frame.lazy().select(text.str.split("").list.explode(empty_as_null=True).unique())
                found.update(character for character in each.collect().to_series() if character)
        return frozenset(found)

    def filtered(self, wanted: str) -> pl.Series:
        """Which rows answer a filter. Errors: `FILTER`."""
        return self.masks.get(("filter", wanted, face()), lambda: self._filtered(wanted))

    def _filtered(self, wanted: str) -> pl.Series:
        words = parse(wanted)
        characters = self.characters if any(map(_is_sounded, (word.value for word in words))) else None
        return self._mask(condition(words, self.columns, self.schema, characters))

    def holding(self, wanted: str) -> pl.Series:
        """Which rows hold a text."""

        def make() -> pl.Series:
            characters = self.characters if _is_sounded(wanted) else None
            return self._mask(containing(wanted, self.columns, self.schema, characters))

        return self.masks.get(("text", wanted, face()), make)

    @cached_property
    def failing(self) -> pl.Series:
        """Which rows fail or are unknown: by their own status, else by any word or mark they show."""
        if self.status in self.schema:
            names = [self.status]
        else:
            names = [column.mark or (column.key if column.kind == "word" else "") for column in self.columns]
        held = [
            is_one_of(name, ("fail", "unknown"), self.schema[name]).fill_null(False)
            for name in names
            if name in self.schema and isinstance(self.schema[name], pl.String | pl.Enum)
        ]
        return self._mask(pl.any_horizontal(held) if held else pl.lit(False))

    def _mask(self, expression: pl.Expr) -> pl.Series:
        repeated = expression & pl.repeat(True, pl.len())
        return self.frame.select(repeated.alias("held")).to_series()

    def numbers_of(self, key: object) -> list[int]:
        """The rows with this key."""
        if not self.key:
            return [key] if isinstance(key, int) and 0 <= key < self.frame.height else []
        if not isinstance(key, tuple) or len(key) != len(self.key):
            return []
        wanted = [_typed(value, self.schema[name]) for name, value in zip(self.key, key, strict=True)]
        if any(made.to_list() != [value] for made, value in zip(wanted, key, strict=True)):
            return []
        same = [pl.col(name).eq_missing(pl.lit(made)) for name, made in zip(self.key, wanted, strict=True)]
        return self.frame.select(pl.all_horizontal(same).arg_true()).to_series().to_list()


def _typed(value: object, dtype: pl.DataType) -> pl.Series:
    """One value as the type of its column, null where the column cannot hold it."""
    possible = (
        value if isinstance(value, str) == (isinstance(dtype, pl.String | pl.Enum | pl.Categorical)) else None
    )
    return pl.Series([possible], dtype=dtype, strict=False)


def _is_sounded(text: str) -> bool:
    return any(character.isascii() and character.isalpha() for character in text)
