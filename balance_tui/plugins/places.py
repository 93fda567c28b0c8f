"""Where plugins lie: shipped with the program, dropped into the user's data folder, installed as packages.

Nothing here imports a plugin: a package is found by its files, or by the path finder, which runs no code of it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..resources import plugins_dir
from .choices import choices_file
from .manifest import MANIFEST

if TYPE_CHECKING:
    from importlib.metadata import Distribution, EntryPoint

Origin = Literal["bundled", "folder", "package"]
GROUP = "balance_tui.plugins"
"""The entry-point group of installed packages; the value of an entry point names the package with the manifest."""


@dataclass(frozen=True, slots=True)
class Found:
    """A place that should hold a plugin: `name` is what stands for it until its manifest is read; `folder` is None for
    a package whose manifest is not there."""

    origin: Origin
    name: str
    folder: Path | None


def drop_in_dir() -> Path | None:
    """The folder that a person puts plugins into, one folder each; None where the user has no home."""
    from platformdirs import user_data_path

    folder = user_data_path("balance-tui", appauthor=False)
    return folder / "plugins" if folder.is_absolute() else None


def found() -> list[Found]:
    """Every place, those shipped first; sorted by name within each kind."""
    return [*_folders("bundled", plugins_dir()), *_folders("folder", drop_in_dir()), *_packages()]


def watched() -> Iterator[str]:
    """Files and folders that change where plugins do: whoever keeps a result looks at their times. Nothing is read."""
    from glob import escape, iglob

    for parent in (plugins_dir(), drop_in_dir()):
        for ending in ("toml", "py") if parent else ():
            yield from sorted(iglob(f"{escape(str(parent))}/**/*.{ending}", recursive=True))  # noqa: PTH207
    file = choices_file()
    if file is not None and file.exists():
        yield str(file)
    yield from (path for path in sys.path if Path(path).name in ("site-packages", "dist-packages"))


def _folders(origin: Origin, parent: Path | None) -> Iterator[Found]:
    """Every folder of the drop-in folder is one, even without a manifest: a misplaced one is told, not passed over."""
    try:
        inside = sorted(parent.iterdir()) if parent else []
    except OSError:
        return
    for folder in inside:
        hidden = folder.name.startswith((".", "_"))
        if not hidden and folder.is_dir() and (origin == "folder" or (folder / MANIFEST).exists()):
            yield Found(origin, folder.name, folder)


def _packages() -> Iterator[Found]:
    from importlib.metadata import distributions

    met: set[str] = set()
    for each in distributions():
        name = _name_if_ours(each)
        if name is not None and name not in met:  # the first on the path is the one that is installed
            met.add(name)
            yield from _points(each, name)


def _name_if_ours(installed: Distribution) -> str | None:
    """The name of a distribution that speaks of our group. Others are not taken apart: one that is broken raises."""
    try:
        ours = GROUP in (installed.read_text("entry_points.txt") or "")
        return str(installed.metadata["Name"]) if ours else None
    except (OSError, ValueError, LookupError):
        return None


def _points(installed: Distribution, name: str) -> Iterator[Found]:
    try:
        ours = sorted(installed.entry_points.select(group=GROUP), key=lambda point: point.name)
    except (TypeError, ValueError, AttributeError):
        yield Found("package", name, None)
        return
    for point in ours:
        yield Found("package", point.name, _folder_of(point))


def _folder_of(point: EntryPoint) -> Path | None:
    """The folder of the package that an entry point names, without importing it or anything above it."""
    inside = Path(*point.value.partition(":")[0].strip().split("."))
    return next((folder for folder in _roots(point, inside) if (folder / MANIFEST).is_file()), None)


def _roots(point: EntryPoint, inside: Path) -> Iterator[Path]:
    from importlib.machinery import PathFinder

    if point.dist is not None:
        yield Path(str(point.dist.locate_file(inside)))
    # Of an editable installation the files lie elsewhere on the path.
    top = PathFinder.find_spec(inside.parts[0]) if inside.parts else None
    for place in (top.submodule_search_locations or ()) if top else ():
        yield Path(place, *inside.parts[1:])
