"""From a plugin to its hooks: the one place where code that is not ours is imported, and only when it is needed."""

from __future__ import annotations

import sys
import threading
from collections import defaultdict
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .manifest import Manifest
from .places import drop_in_dir
from .trust import trust_fault
from .walls import Rubbish

if TYPE_CHECKING:
    from .shelf import Plugin

_PREFIX = "_balance_tui_plugin_"


class _Loaded:
    """What has been loaded, by module, and a lock for each: one that hangs keeps nobody from another."""

    def __init__(self) -> None:
        self.hooks: dict[Path, Any] = {}
        self._locks: defaultdict[Path, threading.Lock] = defaultdict(threading.Lock)
        self._guard = threading.Lock()

    def lock(self, module: Path) -> threading.Lock:
        with self._guard:
            return self._locks[module]


_loaded = _Loaded()


def hooks_of(plugin: Plugin) -> Any:
    """The hooks of a plugin, its code imported at the first call; pluggy's relay, a function a hook. Raises whatever
    the code raises, and `Rubbish` where it has not the hooks its manifest speaks of."""
    manifest = plugin.manifest
    if manifest is None or manifest.module is None:
        raise Rubbish("it has no module")
    loaded = _loaded
    with loaded.lock(manifest.module):
        if manifest.module not in loaded.hooks:
            loaded.hooks[manifest.module] = _hooks(plugin, manifest, manifest.module)
        return loaded.hooks[manifest.module]


def forget() -> None:
    """Let go of every module, so that what has been mended is read anew."""
    global _loaded
    _loaded = _Loaded()  # what still hangs goes on with the old one
    for name in [name for name in sys.modules if name.startswith(_PREFIX)]:
        sys.modules.pop(name, None)


def _hooks(plugin: Plugin, manifest: Manifest, file: Path) -> Any:
    import pluggy

    from . import hooks

    _check_trust(plugin)  # again: it may have changed since the manifests were read
    manager = pluggy.PluginManager(hooks.PROJECT)
    manager.add_hookspecs(hooks)
    module = _imported(manifest, file)
    manager.register(module, manifest.id)
    manager.check_pending()
    _check_hooks(manifest, {caller.name for caller in manager.get_hookcallers(module) or ()})
    return manager.hook


def _check_trust(plugin: Plugin) -> None:
    top = drop_in_dir() if plugin.origin == "folder" else None
    fault = trust_fault(plugin.folder, top.parent) if top and plugin.folder else None
    if fault is not None:
        raise fault


def _check_hooks(manifest: Manifest, there: set[str]) -> None:
    from .hooks import HOOKS

    wanted = {HOOKS[capability.partition(":")[0]] for capability in manifest.capabilities}
    if wanted - there:
        raise Rubbish(f"its module has no @hookimpl {', '.join(sorted(wanted - there))}")
    if there - wanted:
        raise Rubbish(f"its manifest does not say that it provides {', '.join(sorted(there - wanted))}")


def _imported(manifest: Manifest, file: Path) -> ModuleType:
    """The module, inside a package of its own whose files are those of the folder: `from . import other` works, and no
    plugin can take the name of another's module."""
    package = _PREFIX + manifest.id.replace("-", "_")
    spec = spec_from_file_location(f"{package}.{file.stem}", file)
    if spec is None or spec.loader is None:
        raise Rubbish(f"{file.name} is not a Python module")
    parent = module_from_spec(ModuleSpec(package, None, is_package=True))
    parent.__path__ = [str(file.parent)]
    module = module_from_spec(spec)
    sys.modules[package], sys.modules[spec.name] = parent, module
    before, sys.dont_write_bytecode = (
        sys.dont_write_bytecode,
        True,
    )  # a file more in the folder is one more to trust
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(spec.name, None)
        raise
    finally:
        sys.dont_write_bytecode = before
    return module
