"""`plugin`: which plugins there are, why one cannot be used, and what they add."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import BalanceError, UsageError, visible
from ..language import Text
from ..plugins.choices import switch
from ..plugins.manifest import API_VERSION
from ..plugins.registry import MARKS, ORIGIN_TEXT, STATE_TEXT, Row, overview
from ..plugins.safe import in_safe_mode
from ..plugins.shelf import Plugin, plugins, rescan

if TYPE_CHECKING:
    from ..engine.result import Result


def run(options: argparse.Namespace) -> int:
    """Exit code 0; 1 where `doctor` found something; of `run` what the plugin's command gives."""
    return _ACTIONS[options.action](options)


def _list(options: argparse.Namespace) -> int:
    rows = overview()
    if getattr(options, "json", False):
        return _as_json({
            "api": _api(), "safe_mode": in_safe_mode(), "plugins": [_row_json(row) for row in rows],
        })  # fmt: skip
    for row in rows:
        for line in _lines(row):
            print(line)
    if not rows:
        print(Text("没有插件", "there are no plugins"))
    return 0


def _lines(row: Row) -> list[str]:
    head = (MARKS[row.state], f"{visible(row.id):<16}", f"{row.version:<8}", str(STATE_TEXT[row.state]))
    told = (str(ORIGIN_TEXT[row.origin]), visible(str(row.title)))
    lines = [" ".join((*head, *filter(None, told)))]
    for label, names in (
        (Text("标准", "standards"), row.standards),
        (Text("提供", "provides"), tuple(name for name in row.provides if not name.startswith("command:"))),
    ):
        if names:
            lines.append(f"    {label}: {', '.join(names)}")
    lines += [f"    balance-tui {name}: {visible(str(help_))}" for name, help_ in row.commands.items()]
    return [*lines, *([f"    {row.reason}"] if row.reason else [])]


def _row_json(row: Row) -> dict[str, Any]:
    commands = {name: str(text) for name, text in row.commands.items()}
    return {**asdict(row), "title": str(row.title), "commands": commands, "reason": row.reason or None}


def _api() -> str:
    return ".".join(map(str, API_VERSION))


def _as_json(told: Mapping[str, Any]) -> int:
    from .frames import write_json

    write_json(dict(told), sys.stdout)
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from ..doctor import choices_fault, diagnose

    found, choices = diagnose(), choices_fault()
    faults = [*([choices] if choices else []), *(fault for each in found for fault in each.faults)]
    if getattr(options, "json", False):
        rows = [
            {
                "id": each.plugin.id,
                "state": each.plugin.state,
                "faults": [_fault_json(f) for f in each.faults],
            }
            for each in found
        ]
        general = [_fault_json(choices)] if choices else []
        _as_json({"api": _api(), "faults": general, "plugins": rows})
        return 1 if faults else 0
    for each in found:
        state = Text("有问题", "faulty") if each.faults else STATE_TEXT[each.plugin.state]
        print(f"{'✗' if each.faults else '✓'} {visible(each.plugin.id)}: {state}")
        for fault in each.faults:
            print(f"    {fault}")
    if choices:
        print(choices)
    print(Text(f"{len(found)} 个插件, {len(faults)} 处问题", f"{len(found)} plugins, {len(faults)} faults"))
    return 1 if faults else 0


def _fault_json(fault: BalanceError) -> dict[str, Any]:
    return {
        "code": fault.code, "file": fault.place.file if fault.place else None,
        "line": fault.place.line if fault.place else None, "what": str(fault.what),
        "mend": str(fault.mend) if fault.mend else None,
    }  # fmt: skip


def _switch(options: argparse.Namespace) -> int:
    _known(options.plugin)
    switch(options.plugin, on=options.action == "enable")
    for plugin in (plugin for plugin in rescan() if plugin.id == options.plugin):
        print(f"{plugin.id}: {STATE_TEXT[plugin.state]}")
        if plugin.reason and plugin.state != "disabled":
            print(f"    {plugin.reason}")
    return 0


def _known(identity: str) -> Plugin:
    """The plugin of this id. Errors: `PLUGIN-NONE`."""
    some = {plugin.id: plugin for plugin in plugins()}
    if identity in some:
        return some[identity]
    from difflib import get_close_matches

    near = get_close_matches(identity, some, 1)
    raise UsageError(
        "PLUGIN-NONE",
        Text(f"没有插件“{visible(identity)}”", f"there is no plugin '{visible(identity)}'"),
        Text(f"最接近的是 {near[0]}", f"the nearest is {near[0]}")
        if near
        else Text("balance-tui plugin list 列出全部", "balance-tui plugin list shows all"),
    )


def _run(options: argparse.Namespace) -> int:
    from ..plugins.hosting import command

    return command(options.name, options.arguments)


def _write(options: argparse.Namespace) -> int:
    from ..engine.plugin_frames import frames_of
    from ..plugins.hosting import write_platform_file
    from ..plugins.shelf import provider_of

    provider_of("writer", options.kind)
    result = _result(options)
    if result is None:
        return 3
    path = Path(options.out)
    # Written beside its place and moved there whole, as a plugin that fails may leave half a file.
    descriptor, name = tempfile.mkstemp(path.suffix, ".", path.parent)
    os.close(descriptor)
    try:
        Path(name).unlink()
        write_platform_file(options.kind, frames_of(result), Path(name))
        Path(name).replace(path)
    finally:
        with suppress(OSError):
            Path(name).unlink()
    print(path)
    return 0


def _result(options: argparse.Namespace) -> Result | None:
    """The evaluation asked for; None, once that is told, where the data cannot be trusted."""
    from .evaluate import reject
    from .session import result_of

    result = result_of(options)
    if result.is_rejected:
        reject(result)
        return None
    return result


def _panel(options: argparse.Namespace) -> int:
    from ..engine.plugin_frames import frames_of
    from ..plugins.hosting import panel
    from .frames import rows_told

    plugin = _known(options.plugin)
    _check_panel(plugin)
    result = _result(options)
    if result is None:
        return 3
    for county in rows_told(result, options.county, options.year)(result.counties).iter_rows(named=True):
        told = panel(plugin, _keys(county), frames_of(result, county))
        print(" ".join(str(county[key]) for key in ("county", "year") if county[key] is not None), told.title)
        for row in (told.columns, *told.rows):
            print("  ".join(map(str, row)))
    return 0


def _keys(county: Mapping[str, Any]) -> dict[str, Any]:
    return {name: county[name] for name in ("province", "city", "county", "year")}


def _check_panel(plugin: Plugin) -> None:
    """Errors: why the plugin cannot be used, or `PLUGIN-PANEL` where it has no view."""
    if plugin.state != "ready" and plugin.reason is not None:
        raise plugin.reason
    if plugin.manifest is None or "panel" not in plugin.manifest.capabilities:
        what = Text(f"插件 {plugin.id} 没有视图", f"the plugin {plugin.id} has no view")
        raise UsageError("PLUGIN-PANEL", what, Text("见 plugin list", "see plugin list"))


_ACTIONS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "list": _list, "doctor": _doctor, "enable": _switch, "disable": _switch, "run": _run, "write": _write,
    "panel": _panel,
}  # fmt: skip
