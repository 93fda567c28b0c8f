"""The plugins: each with its state and the reason, the standards it carries, and what its code provides."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from ...errors import visible
from ...language import Text
from ...plugins.registry import MARKS, ORIGIN_TEXT, STATE_TEXT, Row, overview
from ..cells import shown
from ..study import Study
from ..table.sheet import Cell, Column, ListSheet
from ..view import Record, TablePane, View
from ..where import County, Where, where
from . import KINDS
from .common import joined

_COLUMNS = (
    Column("plugin", Text("插件", "plugin"), least=10, most=28),
    Column("state", Text("状态", "state"), least=8, most=16),
    Column("reason", Text("原因 · 名称", "why · title"), least=20, most=100, stretch=True),
    Column("standards", Text("标准", "standards"), least=8, most=40),
    Column("provides", Text("代码提供", "code provides"), least=8, most=40),
    Column("version", Text("版本", "version"), least=4, most=12),
    Column("origin", Text("来自", "from"), least=4, most=10),
    Column("folder", Text("文件夹", "folder"), least=8, most=60),
    Column("authors", Text("作者 · 许可", "authors · licence"), least=8, most=40),
)
_STYLES = {
    "ready": "pass",
    "disabled": "not_applicable",
    "incompatible": "fail",
    "invalid": "fail",
    "failed": "fail",
}
_EMPTY = Text("没有插件", "there is no plugin")
PANEL = "panel"


def build(study: Study, place: Where) -> View:  # noqa: ARG001 - plugins are of the program
    """A row a plugin, those that do not work first."""
    found = sorted(overview(), key=lambda each: each.state in ("ready", "disabled"))
    rows = tuple(_cells(each) for each in found)
    records = tuple(_record(each) for each in found)
    title = KINDS["plugins"].title
    pane = TablePane(
        "plugins", title, ListSheet(_COLUMNS, rows, records), leads=partial(_leads, place.county),
        counted=Text("个插件", "plugins"),
    )  # fmt: skip
    return View(title, (pane,), _EMPTY)


def _record(row: Row) -> Record:
    return {
        "_key": row.id,
        "plugin": row.id,
        "state": row.state,
        "panel": PANEL in row.provides and row.state == "ready",
    }


def _cells(row: Row) -> tuple[Cell, ...]:
    style = _STYLES[row.state]
    told = (
        Cell(shown(visible(row.id)), "", "bold"),
        Cell(f"{shown(MARKS[row.state])} {shown(str(STATE_TEXT[row.state]))}", "", style),
        Cell(shown(visible(row.reason or str(row.title))), "", "" if row.state == "ready" else "error"),
    )
    rest = (
        joined(row.standards, ", "), joined(row.provides, ", "), row.version,
        str(ORIGIN_TEXT.get(row.origin, row.origin)), _folder(row), joined([*row.authors, row.licence], ", "),
    )  # fmt: skip
    return (*told, *(Cell(shown(visible(each))) for each in rest))


def _folder(row: Row) -> str:
    """Where it lies; of one shipped with the program its name says it."""
    return Path(row.folder).name if row.origin == "bundled" else row.folder


def _leads(county: County | None, record: Record, column: str) -> Where | None:  # noqa: ARG001
    """A plugin that shows a view of its own leads there."""
    return where("panel", county, plugin=record["plugin"]) if record["panel"] else None
