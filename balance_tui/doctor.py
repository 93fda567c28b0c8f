"""What is wrong with the plugins, found without running any: manifests, files, permissions, standards, syntax."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import BalanceError, Place, StandardInvalid
from .language import Text
from .plugins.choices import choices
from .plugins.manifest import Manifest
from .plugins.places import drop_in_dir
from .plugins.shelf import Plugin, plugins
from .plugins.trust import trust_fault
from .standard.load import read_standard


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One plugin and every fault found in it."""

    plugin: Plugin
    faults: tuple[BalanceError, ...]


def diagnose() -> list[Diagnosis]:
    """Every plugin, also those that are switched off, in the order of `shelf.plugins`."""
    return [Diagnosis(plugin, tuple(_faults(plugin))) for plugin in plugins()]


def choices_fault() -> BalanceError | None:
    """What is wrong with the file that says which plugins are switched off."""
    return choices()[1]


def _faults(plugin: Plugin) -> Iterator[BalanceError]:
    if plugin.reason is not None and plugin.state != "disabled":
        yield plugin.reason
    if plugin.manifest is None:
        return
    if plugin.state == "disabled" and plugin.manifest.module is not None:
        yield from _untrusted(plugin, plugin.manifest.folder)
    for name, path in plugin.manifest.standards.items():
        yield from _of_standard(name, path)
    yield from _of_module(plugin.manifest)


def _untrusted(plugin: Plugin, folder: Path) -> Iterator[BalanceError]:
    top = drop_in_dir() if plugin.origin == "folder" else None
    fault = trust_fault(folder, top.parent) if top else None
    if fault is not None:
        yield fault


def _of_standard(name: str, path: Path) -> Iterator[BalanceError]:
    try:
        standard = read_standard(path)
    except StandardInvalid as error:
        yield from error.problems
        return
    if standard.id != name:
        what = Text(
            f"标准的编号是 {standard.id}, 文件名却是 {name}",
            f"the id is {standard.id}, the file is named {name}",
        )
        mend = Text(f"请把文件命名为 {standard.id}.toml", f"name the file {standard.id}.toml")
        yield StandardInvalid("PLUGIN-NAME", what, mend, standard.place("standard", "id"))


def _of_module(manifest: Manifest) -> Iterator[BalanceError]:
    if manifest.module is None:
        return
    try:
        ast.parse(manifest.module.read_bytes())
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        what = Text(f"不是可运行的 Python: {error}", f"not Python that can run: {error}")
        line = error.lineno if isinstance(error, SyntaxError) else None
        yield StandardInvalid("PLUGIN-CODE", what, _CORRECT, Place(str(manifest.module), line))
    except OSError as error:
        what = Text(f"模块读不出: {error.strerror}", f"the module cannot be read: {error.strerror}")
        yield StandardInvalid("PLUGIN-CODE", what, _CORRECT, Place(str(manifest.module)))


_CORRECT = Text("请改正该文件", "correct that file")
