"""The plugins as a table: what the list on the command line and the plugin screen show."""

from __future__ import annotations

from dataclasses import dataclass

from ..language import Text
from .shelf import Plugin, State, plugins

STATE_TEXT: dict[State, Text] = {
    "ready": Text("可用", "ready"),
    "disabled": Text("已停用", "disabled"),
    "incompatible": Text("版本不合", "incompatible"),
    "invalid": Text("无效", "invalid"),
    "failed": Text("出错", "failed"),
}
ORIGIN_TEXT = {
    "bundled": Text("随程序", "bundled"),
    "folder": Text("文件夹", "folder"),
    "package": Text("安装包", "package"),
}
MARKS: dict[State, str] = {"ready": "✓", "disabled": "–", "incompatible": "✗", "invalid": "✗", "failed": "✗"}


@dataclass(frozen=True, slots=True)
class Row:
    """One plugin; texts are empty where its manifest could not be read, `reason` where it is ready."""

    id: str
    version: str
    title: Text
    state: State
    reason: str
    origin: str
    standards: tuple[str, ...]
    provides: tuple[str, ...]
    commands: dict[str, Text]
    folder: str
    authors: tuple[str, ...]
    licence: str


def overview() -> list[Row]:
    """One row a plugin, in the order of `shelf.plugins`; reasons in the language in use."""
    return [_row(plugin) for plugin in plugins()]


def _row(plugin: Plugin) -> Row:
    told = plugin.manifest
    return Row(
        id=plugin.id,
        version=told.version if told else "",
        title=told.title if told else Text("", ""),
        state=plugin.state,
        reason=str(plugin.reason or ""),
        origin=plugin.origin,
        standards=tuple(told.standards) if told else (),
        provides=told.capabilities if told else (),
        commands=dict(told.commands) if told else {},
        folder=str(plugin.folder or ""),
        authors=told.authors if told else (),
        licence=told.licence if told else "",
    )
