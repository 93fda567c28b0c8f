"""What a person decided about plugins: which are switched off."""

from __future__ import annotations

import json
import os
import tomllib
from contextlib import suppress
from pathlib import Path

from ..errors import Place, Refused
from ..language import Text

Choices = tuple[frozenset[str], Refused | None]
"""The ids that are switched off, and what is wrong with the file that says so."""

_LARGEST = 64 * 1024


def choices_file() -> Path | None:
    """The file that holds what is switched off; None where the user has no home."""
    from platformdirs import user_config_path

    folder = user_config_path("balance-tui", appauthor=False)
    return folder / "plugins.toml" if folder.is_absolute() else None


def choices() -> Choices:
    """The ids that are switched off, and what is wrong with the file that says so (`PLUGIN-CHOICES`): None where it is
    in order or not there. Where something is, nobody can tell what was switched off."""
    path = choices_file()
    if path is None:
        return frozenset(), None
    try:
        with path.open("rb") as file:
            data = tomllib.loads(file.read(_LARGEST).decode("utf-8-sig"))
        names = data.get("disabled", [])
        if isinstance(names, list) and all(isinstance(name, str) for name in names):
            return frozenset(names), None
        return frozenset(), _fault(path, "disabled = [...]")
    except FileNotFoundError:
        return frozenset(), None
    except (OSError, ValueError, RecursionError) as error:
        return frozenset(), _fault(path, str(error))


def _fault(path: Path, reason: str) -> Refused:
    what = Text(f"插件开关文件读不懂: {reason}", f"the file of disabled plugins cannot be read: {reason}")
    return Refused(
        "PLUGIN-CHOICES", what, Text("请改正或删去该文件", "correct or remove it"), Place(str(path))
    )


def switch(plugin: str, *, on: bool) -> None:
    """Switch a plugin on or off for this user from now on. Errors: `PLUGIN-CHOICES` where that cannot be written."""
    path = choices_file()
    if path is None:
        what = Text("没有设置文件夹可写", "there is no settings folder to write to")
        raise Refused("PLUGIN-CHOICES", what, Text("请设置 HOME", "set HOME"))
    names, fault = choices()
    if fault is not None:
        raise fault
    names = names - {plugin} if on else names | {plugin}
    lines = "".join(f"    {json.dumps(name, ensure_ascii=False)},\n" for name in sorted(names))
    _write(path, f"disabled = [\n{lines}]\n")


def _write(path: Path, content: str) -> None:
    """Whole or not at all, readable by its owner alone."""
    import tempfile

    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(".part", ".", path.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except OSError:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        what = Text(f"不能写入: {error.strerror}", f"cannot write: {error.strerror}")
        mend = Text("请检查权限与磁盘", "check permission and disk")
        raise Refused("PLUGIN-CHOICES", what, mend, Place(str(path))) from error
