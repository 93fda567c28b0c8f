"""How wide each column is drawn, and which are drawn at all, in a table of so many cells."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from .sheet import Column

MARKER = 1
"""Cells before the first column, for the sign of the row one stands on."""
GAP = 1
CUT = 4
"""A column is drawn in part where so many cells of it have room."""


class Span(NamedTuple):
    """One column as drawn: its index, where it begins, how wide it is."""

    column: int
    x: int
    width: int


def widths(columns: Sequence[Column], naturals: Sequence[int], room: int) -> list[int]:
    """The width of each column where there are `room` cells: what it needs within its bounds; those that stretch
    give up room that lacks, and take what is left."""
    wanted = [
        min(max(need, column.least), column.most) for need, column in zip(naturals, columns, strict=True)
    ]
    free = room - MARKER - sum(wanted) - GAP * (len(columns) - 1)
    elastic = [index for index, column in enumerate(columns) if column.stretch]
    if free < 0:
        _shrink(wanted, columns, elastic, -free, room)
    elif elastic:
        last = elastic[-1]
        wanted[last] += min(free, max(naturals[last] - wanted[last], 0))
    return [max(min(width, room - MARKER), 1) for width in wanted]


def _shrink(
    wanted: list[int], columns: Sequence[Column], elastic: list[int], lacking: int, room: int
) -> None:
    """Take `lacking` cells from the elastic columns, widest first; where even their least is too much, the table is
    scrolled sideways, and each keeps what reads well."""
    spare = sum(wanted[index] - min(columns[index].least, wanted[index]) for index in elastic)
    if spare < lacking:
        for index in elastic:
            share = room // 4 if index == 0 else room * 3 // 8
            wanted[index] = max(columns[index].least, min(wanted[index], share))
        return
    while lacking > 0:
        widest = max(
            (index for index in elastic if wanted[index] > columns[index].least),
            key=lambda index: wanted[index],
        )
        wanted[widest] -= 1
        lacking -= 1


def spans(widths_: Sequence[int], room: int, left: int, whole: Collection[int] = ()) -> tuple[Span, ...]:
    """The columns drawn when `left` columns after the first are scrolled away; the first always stands. Columns of
    `whole` are not drawn in part while another stands beside the first."""
    if not widths_:
        return ()
    drawn = [Span(0, MARKER, widths_[0])]
    x = MARKER + widths_[0] + GAP
    for index in range(1 + left, len(widths_)):
        width = min(widths_[index], room - x)
        in_part = width < widths_[index]
        if in_part and (width < CUT or index in whole and len(drawn) > 1):
            break
        drawn.append(Span(index, x, width))
        x += width + GAP
    return tuple(drawn)


def scrolled_to(widths_: Sequence[int], room: int, left: int, column: int) -> int:
    """How many columns must be scrolled away so that `column` is drawn whole, moving as little as can be."""
    if column == 0 or not widths_:
        return left
    left = min(left, column - 1)
    while left < column - 1 and not _whole(widths_, room, left, column):
        left += 1
    return left


def _whole(widths_: Sequence[int], room: int, left: int, column: int) -> bool:
    return any(span.column == column and span.width == widths_[column] for span in spans(widths_, room, left))
