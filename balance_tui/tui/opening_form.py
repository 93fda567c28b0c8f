"""An opening as values and as JSON. What is read back was written by this program or by anybody: every part is looked
at, and all text is made safe for the screen again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, get_args

from ..language import Text
from .cells import ambiguous_in_use, shown, width
from .table.sheet import Cell, Column, Kind, ListSheet
from .theme import STYLES
from .view import Line, LinesPane, Pane, Piece, TablePane, View
from .where import County, Where

FORMAT = 1
ROWS = 60
"""Rows kept of each table: as many as a tall terminal shows."""
WIDTHS = (60, 80, 100, 120)
"""Widths that drawings are kept for, besides that of the terminal."""

Heading = Sequence[tuple[Line, Line]]
"""The lines of the heading, each with a left and a right end."""

_STYLES = frozenset(STYLES)
_COLUMN = {field.name: field.type for field in fields(Column) if field.name != "words"}
_FAULTS = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, OverflowError)


@dataclass(frozen=True, slots=True)
class Opening:
    """A first screen: the place, the heading, and the panes as plain cells."""

    where: Where
    heading: Heading
    title: Text
    empty: Text
    panes: tuple[Pane, ...]

    def view(self) -> View:
        """The view it shows; nothing in it leads anywhere yet."""
        return View(self.title, self.panes, self.empty)


@dataclass(frozen=True)
class RememberedSheet(ListSheet):
    """The first rows of a table that had `whole`."""

    whole: int = 0

    @property
    def total(self) -> int:
        """Records there were."""
        return self.whole


def opening_of(where: Where, view: View, heading: Heading, columns: int = 80) -> Opening:
    """What of a view is kept; `columns` are those of the terminal."""
    panes = tuple(
        _kept_table(pane) if isinstance(pane, TablePane) else _kept_lines(pane, columns)
        for pane in view.panes
    )
    return Opening(where, heading, view.title, view.empty, panes)


def _kept_table(pane: TablePane) -> TablePane:
    sheet = pane.sheet
    rows = range(min(sheet.height, ROWS))
    kept = RememberedSheet(
        tuple(_plain_column(column) for column in sheet.columns),
        tuple(tuple(sheet.cells(row)) for row in rows),
        tuple({"_key": sheet.key(row)} for row in rows),
        tuple(sheet.natural_widths()),
        whole=sheet.total,
    )
    return TablePane(pane.id, pane.title, kept, share=pane.share, cursor=pane.cursor, counted=pane.counted)


def _plain_column(column: Column) -> Column:
    return Column(**{name: getattr(column, name) for name in _COLUMN})


def _kept_lines(pane: LinesPane, columns: int) -> LinesPane:
    drawn = {cells: pane.draw(cells) for cells in sorted({*WIDTHS, columns})}
    return LinesPane(pane.id, pane.title, _Drawn(drawn))


@dataclass(frozen=True)
class _Drawn:
    """Lines as they were drawn for some widths: the widest that fits."""

    by_width: Mapping[int, Sequence[Line]]

    def __call__(self, cells: int) -> Sequence[Line]:
        return self.by_width.get(max((each for each in self.by_width if each <= cells), default=0), ())


# To JSON


def packed(opening: Opening) -> bytes:
    """The opening as JSON."""
    where = opening.where
    told = {
        "format": FORMAT,
        "ambiguous": ambiguous_in_use(),
        "where": [where.view, list(where.county) if where.county else None, where.detail],
        "heading": opening.heading,
        "title": opening.title,
        "empty": opening.empty,
        "panes": [_packed_pane(pane) for pane in opening.panes],
    }
    return json.dumps(told, ensure_ascii=False, default=_packed_key).encode("utf-8", "replace")


def _packed_pane(pane: Pane) -> dict[str, Any]:
    told: dict[str, Any] = {"id": pane.id, "title": pane.title}
    if isinstance(pane, LinesPane):
        assert isinstance(pane.draw, _Drawn)
        return told | {"lines": {str(cells): lines for cells, lines in pane.draw.by_width.items()}}
    sheet = pane.sheet
    assert isinstance(sheet, RememberedSheet)
    return told | {
        "columns": [{name: getattr(column, name) for name in _COLUMN} for column in sheet.columns],
        "rows": sheet.rows, "keys": [record["_key"] for record in sheet.records], "widths": sheet.widths,
        "total": sheet.total, "share": pane.share, "cursor": pane.cursor, "counted": pane.counted,
    }  # fmt: skip


def _packed_key(value: object) -> None:
    """A key that JSON has no word for: nothing is found by it."""


# From JSON


def unpacked(content: bytes) -> Opening | None:
    """The opening that `packed` wrote; None for anything else."""
    try:
        told = json.loads(content)
        if told["format"] != FORMAT:
            return None
        wide = told["ambiguous"] == ambiguous_in_use()
        view, county, detail = told["where"]
        where = Where(_str(view), _county(county), tuple((_str(name), _str(value)) for name, value in detail))
        heading = tuple((_line(left), _line(right)) for left, right in told["heading"])
        if len(heading) != 2:
            return None
        panes = tuple(_pane(pane, same_width=wide) for pane in told["panes"])
        return Opening(where, heading, _text(told["title"]), _text(told["empty"]), panes)
    except _FAULTS:
        return None


def _pane(told: Any, *, same_width: bool) -> Pane:
    name, title = _str(told["id"]), _text(told["title"])
    if "lines" in told:
        drawn = {int(cells): tuple(_line(line) for line in lines) for cells, lines in told["lines"].items()}
        return LinesPane(name, title, _Drawn(drawn))
    columns = tuple(_column(column) for column in told["columns"])
    rows = tuple(_row(row, len(columns)) for row in told["rows"])
    records = tuple({"_key": _key(key)} for key in told["keys"])
    widths = tuple(_int(each) for each in told["widths"]) if same_width else ()
    _agree(len(records) == len(rows) and len(widths) in (0, len(columns)) and len(columns) > 0)
    sheet = RememberedSheet(columns, rows, records, widths, whole=_int(told["total"]))
    cursor = told["cursor"]
    return TablePane(
        name, title, sheet, share=_int(told["share"]), counted=_text(told["counted"]),
        cursor=None if cursor is None else (_key(cursor[0]), cursor[1]),
    )  # fmt: skip


def _column(told: Mapping[str, Any]) -> Column:
    return Column(**{name: _READERS[str(kind)](told[name]) for name, kind in _COLUMN.items()})


def _row(told: Any, columns: int) -> tuple[Cell, ...]:
    _agree(len(told) == columns)
    return tuple(Cell(_shown(text), _mark(mark), _style(style)) for text, mark, style in told)


def _line(told: Any) -> Line:
    return tuple(Piece(_shown(text), _style(style)) for text, style in told)


def _county(told: Any) -> County | None:
    if told is None:
        return None
    province, city, county, year = told
    names = [None if name is None else _str(name) for name in (province, city, county)]
    return County(names[0], names[1], names[2], None if year is None else _int(year))


def _key(told: Any) -> object:
    return tuple(_key(each) for each in told) if isinstance(told, list) else told


def _text(told: Any) -> Text:
    zh, en = told
    return Text(_str(zh), _str(en))


def _shown(told: Any) -> str:
    return shown(_str(told))


def _mark(told: Any) -> str:
    mark = _shown(told)
    _agree(width(mark) <= 1 or ambiguous_in_use() == "wide")
    return mark


def _style(told: Any) -> str:
    return _str(told) if told in _STYLES else ""


def _kind(told: Any) -> Kind:
    _agree(told in get_args(Kind))
    kind: Kind = told
    return kind


def _str(told: Any) -> str:
    _agree(isinstance(told, str))
    return str(told)


def _int(told: Any) -> int:
    _agree(isinstance(told, int) and 0 <= told < 10**9)
    return int(told)


def _agree(holds: bool) -> None:
    """Say that this is no opening where something does not hold."""
    if not holds:
        raise ValueError


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "Text": _text, "str": _str, "int": _int, "bool": bool, "Kind": _kind,
}  # fmt: skip
"""How the value of a field of `Column` is read, by the name of its type."""
