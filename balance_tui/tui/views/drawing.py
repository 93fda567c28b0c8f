"""Drawn lines: a strip of values over their axis; every piece is safe to put on the screen."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..cells import shown, width
from ..view import Piece

GLYPHS = ("·", ":", "o", "O", "@")
"""From few values in a cell to many."""

StyleOf = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on the axis: `mark` stands on it, `label` under it; earlier ticks win where labels would touch."""

    at: float
    mark: str
    label: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """`values` in rising order, drawn over an axis that reaches all of them and all ticks. `style_of` gives the
    style of a value; a cell of several takes that of its lowest, or of its highest where `worst_high`."""

    values: Sequence[float]
    ticks: Sequence[Tick]
    style_of: StyleOf
    worst_high: bool = False

    def lines(self, cells: int) -> list[list[Piece]]:
        """Density, axis, labels, and what the signs of the density stand for, in so many cells."""
        if not self.values or cells < 2:
            return []
        runs = self._runs(cells)
        bounds = levels(max(end - start for start, end in runs))
        return [self._density(runs, bounds), self._axis(cells), self._labels(cells), _legend(bounds)]

    @property
    def _ends(self) -> tuple[float, float]:
        points = (self.values[0], self.values[-1], *(tick.at for tick in self.ticks))
        return min(points), max(points)

    def _step(self, cells: int) -> float:
        low, high = self._ends
        return (high - low) / (cells - 1)

    def cell_of(self, value: float, cells: int) -> int:
        """The cell a value falls into."""
        step = self._step(cells)
        if not step:
            return cells // 2
        return min(max(math.floor((value - self._ends[0]) / step + 0.5), 0), cells - 1)

    def _runs(self, cells: int) -> list[tuple[int, int]]:
        """For each cell the first of its values and the one behind its last, as positions."""
        low, step = self._ends[0], self._step(cells)
        if not step:
            middle = cells // 2
            return [(0, len(self.values) if cell == middle else 0) for cell in range(cells)]
        edges = [bisect_left(self.values, low + (cell - 0.5) * step) for cell in range(1, cells)]
        return list(zip([0, *edges], [*edges, len(self.values)], strict=True))

    def _density(self, runs: list[tuple[int, int]], bounds: Sequence[int]) -> list[Piece]:
        pieces = []
        for start, end in runs:
            if start == end:
                pieces.append(Piece(" "))
                continue
            value = self.values[end - 1 if self.worst_high else start]
            level = next(i for i, bound in enumerate(bounds) if end - start <= bound)
            pieces.append(Piece(shown(GLYPHS[level]), self.style_of(value)))
        return merged(pieces)

    def _axis(self, cells: int) -> list[Piece]:
        pieces = [Piece(shown("─"), "dim")] * cells
        for tick in reversed(self.ticks):
            pieces[self.cell_of(tick.at, cells)] = Piece(shown(tick.mark), tick.style)
        return merged(pieces)

    def _labels(self, cells: int) -> list[Piece]:
        placed: list[tuple[int, int, Tick]] = []
        for tick in self.ticks:
            needed = width(shown(tick.label))
            start = self._start(tick, needed, cells, [(begin, end) for begin, end, _ in placed])
            if needed and start is not None:
                placed.append((start, start + needed, tick))
        pieces, at = [], 0
        for start, end, tick in sorted(placed, key=lambda each: each[0]):
            pieces += [Piece(" " * (start - at)), Piece(shown(tick.label), tick.style)]
            at = end
        return merged(pieces)

    def _start(self, tick: Tick, needed: int, cells: int, taken: Sequence[tuple[int, int]]) -> int | None:
        """Where a label begins: under its tick, else at it, else ending at it; nowhere where all that is taken."""
        at = self.cell_of(tick.at, cells)
        wanted = (min(max(at - needed // 2, 0), cells - needed), at, at - needed + 1)
        return next(
            (
                start for start in wanted
                if 0 <= start <= cells - needed
                and all(start > end or start + needed < begin for begin, end in taken)
            ),
            None,
        )  # fmt: skip


def levels(most: int) -> tuple[int, ...]:
    """The greatest number of values each glyph stands for: single numbers as long as they do, then growing by a
    ratio.

    >>> levels(3), levels(32)
    ((1, 2, 3), (1, 4, 8, 16, 32))
    """
    if most <= len(GLYPHS):
        return tuple(range(1, max(most, 1) + 1))
    bounds, last = [1], len(GLYPHS) - 1
    for level in range(1, last + 1):
        bounds.append(max(round(most ** ((level + 1) / len(GLYPHS))), bounds[-1] + 1))
    bounds[-1] = most
    return tuple(bounds)


def _legend(bounds: Sequence[int]) -> list[Piece]:
    told, below = [], 0
    for glyph, bound in zip(GLYPHS, bounds, strict=False):
        told.append(
            f"{shown(glyph)} {bound}" if bound == below + 1 else f"{shown(glyph)} {below + 1}-{bound}"
        )
        below = bound
    return [Piece("   ".join(told), "dim")]


def merged(pieces: Sequence[Piece]) -> list[Piece]:
    """The same with neighbours of one style as one."""
    found: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if found and found[-1].style == piece.style:
            found[-1] = Piece(found[-1].text + piece.text, piece.style)
        else:
            found.append(piece)
    return found
