"""Many cells at once: a block from a spreadsheet, the first row down, the imported values back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ...errors import Refused
from ...language import Text
from .facts import VIEWS, Correction, Target, bases_of, may_correct, target, typed
from .proposing import propose

if TYPE_CHECKING:
    from ..app import BalanceApp
    from ..table.widget import Table

MOST = 20_000
"""Cells of a block beyond which nobody would look through the preview."""


def paste(app: BalanceApp, text: str) -> None:
    """Take a block of tab-separated texts, its corner in the cell one stands on; one text alone goes into every selected
    cell. What cannot be read is named, and nothing is recorded before it is confirmed. Errors: REC-PASTE."""
    table, session = app.table, app.session
    if (
        session is None
        or session.name is None
        or table is None
        or app.where.view not in VIEWS
        or app.study is None
    ):
        return
    lines = _lines(text)
    if not any(each.strip() for line in lines for each in line):
        return
    rows, columns = table.selection()
    if len(lines) == len(lines[0]) == 1:
        lines = [[lines[0][0]] * len(columns) for _ in rows]
    _fits(table, rows.start, columns.start, lines)
    _propose(
        app,
        [(cell, lines[row][column]) for row, column, cell in _cells(app, rows.start, columns.start, lines)],
    )


def _lines(text: str) -> list[list[str]]:
    """The rows of a block. Terminals send the end of a line as a carriage return. Errors: REC-PASTE."""
    try:
        return list(csv.reader(io.StringIO(text.strip("\r\n"), newline=None), delimiter="\t"))
    except csv.Error:
        raise Refused(
            "REC-PASTE",
            Text("粘贴的内容不是表格中的一块", "what was pasted is not a block of a spreadsheet"),
            Text(
                "请在表格软件中选中一块, 复制后再粘贴",
                "select a block in the spreadsheet, copy it and paste it here",
            ),
        ) from None


def _fits(table: Table, row: int, column: int, lines: Sequence[Sequence[str]]) -> None:
    rows, columns = len(lines), max(map(len, lines))
    if (
        row + rows > table.sheet.height
        or column + columns > len(table.sheet.columns)
        or rows * columns > MOST
    ):
        raise Refused(
            "REC-PASTE",
            Text(
                f"粘贴的 {rows} 行 {columns} 列在这里放不下",
                f"{rows} rows and {columns} columns do not fit here",
            ),
            Text("请移到左上角的一格再粘贴", "go to the cell of the upper left corner, then paste"),
        )


def _cells(
    app: BalanceApp, row: int, column: int, lines: Sequence[Sequence[str]]
) -> Iterator[tuple[int, int, Target]]:
    """The cells of a block by their place in it. Errors: REC-CELL where one of them cannot be corrected."""
    table, study = app.table, app.looked_at
    assert table is not None
    for down, line in enumerate(lines):
        record = table.sheet.record(row + down)
        if record is None:
            what = Text("其中有分组标题", "there is a heading of a group among them")
            raise Refused("REC-CELL", what, Text("请先取消分组", "show the list without groups first"))
        for right in range(len(line)):
            yield down, right, target(study, record, table.sheet.columns[column + right].key, app.where.view)


def _selected(app: BalanceApp) -> list[list[Target]]:
    table = app.table
    assert table is not None
    rows, columns = table.selection()
    block = [[""] * len(columns) for _ in rows]
    found: list[list[Target]] = [[] for _ in rows]
    for row, _, cell in _cells(app, rows.start, columns.start, block):
        found[row].append(cell)
    return found


def fill(app: BalanceApp) -> None:
    """The first row of the selection into the rows below it. Errors: REC-FILL where only one row is selected."""
    block = _selected(app)
    if len(block) < 2:
        raise Refused(
            "REC-FILL", Text("只选了一行", "only one row is selected"),
            Text("按 v 再移动选多行", "press v and move to select more"),
        )  # fmt: skip
    first = block[0]
    _propose(
        app, [(cell, above.now or "") for row in block[1:] for above, cell in zip(first, row, strict=True)]
    )


def restore(app: BalanceApp) -> None:
    """The selected cells that were corrected as they were imported."""
    session = app.at_desk
    mine = [cell for row in _selected(app) for cell in row if cell.key in session.one.facts]
    if not mine:
        app.say(Text("这里没有更正过的格", "no cell here was corrected"))
        return
    correction = Correction(session.opened, [(cell, cell.imported) for cell in mine], restoring=True,
                            bases=bases_of(session, [cell.key for cell in mine]))  # fmt: skip
    _show(app, correction)


def _propose(app: BalanceApp, cells: Sequence[tuple[Target, str]]) -> None:
    session = app.at_desk
    last = {cell.key: (cell, text) for cell, text in cells}
    correction = typed(session, list(last.values()))
    if not correction.cells and not correction.problems:
        app.say(Text("没有变化", "nothing changed"))
        return
    _show(app, correction)


def _show(app: BalanceApp, correction: Correction) -> None:
    session = app.at_desk
    for cell, _ in correction.cells:
        may_correct(session, cell.key)
    if app.table is not None:
        app.table.marked = None
        app.table.redraw()
    propose(app, correction.proposal(app))
