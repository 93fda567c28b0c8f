"""The rows of a step of an explanation as they are drawn: aligned as far as they fit, the rest as running text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from ..engine.explanation import Step
from ..engine.status import LABELS, MARKS
from .cells import fitted, shown, width, wrapped
from .view import Piece

GAP = "  "
NAMES = ("school", "id", "code")
"""Columns that name a row."""

_FOLDERS = re.compile(r"^(?:[A-Za-z]:)?[/\\](?:[^/\\:]*[/\\])*")
_NUMBER = re.compile(r"[-−+]?[\d.,]+(?: ?%)?|[—∞]")
_SPOKEN = frozenset(("label", "stage", "shown", "place", "note", "reason", "message", "status", *NAMES))
"""Columns whose values say what they are without their heading."""
_LEAST_TELLING = (
    "weight", "deviation", "weighted", "students", "denominator", "numerator", "amount", "sections", "missing",
    "whole", "rank", "contribution", "limit", "value",
)  # fmt: skip
"""Numbers that are left away where there is no room for all of them, in this order."""

_TOLD_BY_THE_REST = "met"
"""The column that only holds what the others do not name; it is the first to go."""

Row = Mapping[str, Any]
Pieces = tuple[Piece, ...]


def flowed(pieces: Sequence[Piece], room: int, indent: str) -> list[Pieces]:
    """Pieces wrapped into lines of at most so many cells, each character keeping its style."""
    safe = [Piece(shown(text), style) for text, style in pieces]
    text = "".join(piece.text for piece in safe)
    styles = [piece.style for piece in safe for _ in piece.text]
    lines: list[Pieces] = []
    at = 0
    for number, line in enumerate(wrapped(text, room, indent)):
        lead = indent if number else ""
        content = line[len(lead) :].rstrip()
        at = text.index(content, at)
        spans = groupby(zip(content, styles[at : at + len(content)], strict=True), key=lambda each: each[1])
        found = [Piece("".join(character for character, _ in span), style) for style, span in spans]
        lines.append((*([Piece(lead)] if lead else []), *found))
        at += len(content)
    return lines


@dataclass(frozen=True)
class Grid:
    """Rows of a step: the columns `aligned` stand below each other, those of `behind` follow as running text."""

    keys: tuple[str, ...]
    titles: tuple[str, ...]
    rows: tuple[Row, ...]
    cells: tuple[tuple[str, ...], ...]
    room: int
    aligned: tuple[int, ...]
    behind: tuple[int, ...] = ()

    @staticmethod
    def of(step: Step, room: int, without: frozenset[str] = frozenset()) -> Grid:
        """The rows of a step in so many cells; empty columns and those of `without` are not shown."""
        keys = tuple(column.key for column in step.columns)
        cells = tuple(
            tuple(map(_marked, keys, map(shown, texts), [row] * len(keys)))
            for texts, row in zip(step.cells(), step.rows, strict=True)
        )
        titles = tuple(shown(str(column.label)) for column in step.columns)
        told = tuple(i for i, key in enumerate(keys) if key not in without and any(row[i] for row in cells))
        return Grid(keys, titles, step.rows, cells, room, told)._arranged()

    def _arranged(self) -> Grid:
        """What the rest tells is left away; texts move out of their columns, from the right; then numbers are left
        away; nothing is ever cut."""
        grid = self
        if not grid._fits() and _TOLD_BY_THE_REST in grid.keys:
            grid = replace(grid, aligned=grid._without(grid.keys.index(_TOLD_BY_THE_REST)))
        while not grid._fits() and (texts := [i for i in grid.aligned[1:] if grid._is_text(i)]):
            grid = replace(grid, aligned=grid._without(texts[-1]), behind=(texts[-1], *grid.behind))
        while not grid._fits() and (numbers := [i for i in grid.aligned if grid._can_go(i)]):
            grid = replace(grid, aligned=grid._without(min(numbers, key=grid._telling)))
        return grid if grid._fits() else replace(grid, aligned=(), behind=(*grid.aligned, *grid.behind))

    def _without(self, index: int) -> tuple[int, ...]:
        return tuple(each for each in self.aligned if each != index)

    def _is_number(self, index: int) -> bool:
        return all(not row[index] or _NUMBER.fullmatch(row[index]) for row in self.cells)

    def _can_go(self, index: int) -> bool:
        return self._is_number(index) and self.keys[index] not in _SPOKEN

    def _is_text(self, index: int) -> bool:
        return not self._is_number(index) and self.keys[index] not in (*NAMES, "status")

    def _telling(self, index: int) -> tuple[int, int]:
        key = self.keys[index]
        return (_LEAST_TELLING.index(key), 0) if key in _LEAST_TELLING else (len(_LEAST_TELLING), -index)

    def _width(self, index: int) -> int:
        return max(width(self.titles[index]), *(width(row[index]) for row in self.cells))

    def _fits(self) -> bool:
        return sum(self._width(index) + len(GAP) for index in self.aligned) <= self.room

    def _in_columns(self, cells: Sequence[str]) -> list[str]:
        return [
            GAP + fitted(cells[i], self._width(i), "right" if self._is_right(i) else "left")
            for i in self.aligned
        ]

    def _is_right(self, index: int) -> bool:
        return self.keys[index] == "shown" or self._is_number(index)

    def heading(self) -> Pieces:
        """What the columns are called; nothing where every one of them says so itself."""
        if all(self.keys[index] in _SPOKEN for index in self.aligned):
            return ()
        return (Piece("".join(self._in_columns(self.titles)).rstrip(), "dim"),)

    def line(self, number: int) -> list[Pieces]:
        """One row; it goes on in the next line where its text is long."""
        row, cells = self.rows[number], self.cells[number]
        pieces = [
            Piece(text, self._style(row, index))
            for index, text in zip(self.aligned, self._in_columns(cells), strict=True)
        ]
        for index in self.behind:
            if cells[index]:
                name = "" if self.keys[index] in _SPOKEN else f"{self.titles[index]} "
                pieces.append(Piece(f"{GAP}{name}{cells[index]}", self._style(row, index)))
        return flowed(pieces, self.room, GAP * 2)

    def _style(self, row: Row, index: int) -> str:
        key = self.keys[index]
        if key == "status":
            return str(row[key]) if row.get(key) in LABELS else ""
        if key == "shown" and "fact" in row and row.get("value") is None:
            return "unknown"
        return "dim" if key == "place" else ""


def _marked(key: str, text: str, row: Row) -> str:
    """A status with its mark before it; a place without the folders of its file."""
    if key == "place":
        return _FOLDERS.sub("", text)
    return f"{shown(MARKS[row[key]])} {text}" if key == "status" and row.get(key) in MARKS else text
