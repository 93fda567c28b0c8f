"""A view is what fills the screen below the heading: one or more panes, each a table or drawn lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from ..language import Text
from .where import Subject, Where

if TYPE_CHECKING:
    from .app import BalanceApp
    from .table.sheet import Sheet

Record = Mapping[str, Any]
"""A row of a sheet by column name."""

Doing = Callable[["BalanceApp"], None]
"""What entering a cell may do instead of leading somewhere."""


def nowhere(record: Record, column: str) -> None:
    """A cell that leads to nothing, or is nothing to explain."""


class Piece(NamedTuple):
    """A stretch of text of one style (a name of `theme.STYLES`, or empty); safe to put on the screen."""

    text: str
    style: str = ""


Line = Sequence[Piece]


ROWS, NOTHING = Text("行", "rows"), Text("没有内容", "nothing here")


@dataclass(frozen=True)
class TablePane:
    """A list. `subject` says what a cell's figure is, so that it can be explained; `leads` where entering it goes;
    `rests` what of the standard a cell rests on, where its subject does not tell.

    `share` is the part of the free height it takes beside other panes; 0 takes what its rows need. `cursor`
    is the (key, column) it opens on where nothing is remembered. `counted` is the word for its rows.
    """

    id: str
    title: Text
    sheet: Sheet
    subject: Callable[[Record, str], Subject | None] = nowhere
    leads: Callable[[Record, str], Where | Doing | None] = nowhere
    share: int = 1
    cursor: tuple[object, str | None] | None = None
    counted: Text = ROWS
    rests: Callable[[Record, str], tuple[str | int, ...] | None] = nowhere


@dataclass(frozen=True)
class LinesPane:
    """Something drawn: `draw` gives the lines for so many cells of width. It takes the height of its lines and
    is left away where there is no room."""

    id: str
    title: Text
    draw: Callable[[int], Sequence[Line]]


Pane = TablePane | LinesPane


@dataclass(frozen=True)
class View:
    """`title` is the trail shown in the heading (as 资源配置 › 小学 › L2); `empty` is said where there is no row."""

    title: Text
    panes: tuple[Pane, ...]
    empty: Text = NOTHING
    groups: Mapping[str, Text] = field(default_factory=dict)
    """Columns the main table can be grouped by: key → label."""
