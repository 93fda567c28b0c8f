"""A view that a plugin gives of one county. It is asked for behind the screen: a plugin may take long, or never answer.

Detail `plugin` names the plugin; without it the first that has a view for the standard in force is shown.
"""

from __future__ import annotations

from ...errors import BalanceError, visible
from ...language import Text
from ...plugins.hosting import Frames, panel
from ...plugins.shelf import Plugin, serving
from ...plugins.walls import Panel
from ..cells import shown
from ..study import Study
from ..table.sheet import Cell, Column, ListSheet
from ..view import TablePane, View
from ..where import County, Where
from . import KINDS
from .common import trail

_NONE = Text("没有插件为这部标准给出一屏", "no plugin has a view for this standard")
_WAITING = Text("插件正在准备 … esc 返回", "the plugin is preparing it … esc goes back")
_NO_ROWS = Text("插件没有给出行", "the plugin gave no rows")

Key = tuple[str, str, County | None]


def build(study: Study, place: Where) -> View:
    """The plugin's view where it has answered; else that it is waited for, or why it did not."""
    plugin = meant(study, place)
    if plugin is None:
        return _said(KINDS["panel"].title, _NONE)
    name = trail(KINDS["plugins"].title, visible(plugin.id))
    told = study.panels.peek(_key(study, plugin, place.county))
    if told is None:
        return _said(name, _WAITING)
    if isinstance(told, BalanceError):
        return _said(name, Text(str(told), str(told)))
    title = trail(name, told.title)
    columns = tuple(
        Column(f"c{i}", each, least=4, most=40, stretch=True) for i, each in enumerate(told.columns)
    )
    rows = tuple(tuple(Cell(shown(visible(str(each)))) for each in row) for row in told.rows)
    records = tuple({"_key": number} for number in range(len(rows)))
    return View(title, (TablePane("panel", title, ListSheet(columns, rows, records)),), _NO_ROWS)


def _said(title: Text, sentence: Text) -> View:
    return View(title, (TablePane("panel", title, ListSheet((), ())),), sentence)


def meant(study: Study, place: Where) -> Plugin | None:
    """The plugin of a place, of those that speak to the standard in force and its layers."""
    named = place.get("plugin")
    speaking = serving("panel", [layer["id"] for layer in study.standard.layers])
    return next((each for each in speaking if named in (None, each.id)), None)


def _key(study: Study, plugin: Plugin, county: County | None) -> Key:
    return study.standard.hash, plugin.id, county


def waits(study: Study, place: Where) -> bool:
    """Whether the plugin has not been asked for this place."""
    plugin = meant(study, place)
    return plugin is not None and _key(study, plugin, place.county) not in study.panels


def fetch(study: Study, place: Where) -> None:
    """Ask the plugin, which may take as long as plugins may; its answer, or why there is none, is kept."""
    plugin = meant(study, place)
    if plugin is None or place.county is None:
        return
    frames = Frames(_frame_names(), lambda name: study.of_county(study.result.frame(name), place.county))
    answer: Panel | BalanceError
    try:
        answer = panel(plugin, place.county._asdict(), frames)
    except BalanceError as error:
        answer = error
    study.panels.get(_key(study, plugin, place.county), lambda: answer)


def _frame_names() -> tuple[str, ...]:
    from ...engine.result import FRAMES

    return FRAMES
