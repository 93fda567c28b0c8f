"""Selecting cells, and copying them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...language import Text
from ..actions import action
from .moving import has_rows

if TYPE_CHECKING:
    from ..app import BalanceApp


@action(
    "select",
    "v",
    label=Text("选择", "select"),
    help=Text("从此格开始选择, 再移动; esc 取消", "select from this cell on; esc leaves"),
    place="table",
    when=has_rows,
)
def select(app: BalanceApp) -> None:
    """Begin to select, or leave off."""
    table = app.table
    if table is not None:
        table.marked = None if table.marked is not None else (table.row, table.col)
        table.redraw()
        if table.marked is not None:
            app.say(Text("移动以选择; y 复制, esc 取消", "move to select; y copies, esc leaves"))


@action(
    "copy",
    "y",
    label=Text("复制", "copy"),
    footer=70,
    help=Text("复制选中的格; 依据中则复制全文", "copy the selected cells, or the whole explanation"),
    when=lambda app: has_rows(app) or app.in_explanation,
)
def copy(app: BalanceApp) -> None:
    """Copy what is selected, tab-separated, in full precision."""
    if app.in_explanation:
        _send(app, app.explanation.text())
        return
    table = app.table
    if table is None:
        return
    rows, columns = table.selection()
    keys = [table.sheet.columns[index].key for index in columns]
    text = "\n".join("\t".join(table.sheet.value(row, key) for key in keys) for row in rows)
    table.marked = None
    table.redraw()
    _send(app, text)


@action(
    "copy-row",
    "Y",
    label=Text("复制整行", "copy the row"),
    help=Text("复制所在行的每一列, 连同表头", "copy every column of the row, headings first"),
    place="table",
    when=has_rows,
)
def copy_row(app: BalanceApp) -> None:
    """Copy the row under its headings."""
    table = app.table
    if table is not None:
        columns = table.sheet.columns
        values = [table.sheet.value(table.row, column.key) for column in columns]
        _send(app, "\t".join(str(column.title) for column in columns) + "\n" + "\t".join(values))


def _send(app: BalanceApp, text: str) -> None:
    from ..clipboard import copy_out

    app.say(copy_out(app, text, inside=app.session is not None and app.session.restricted))
