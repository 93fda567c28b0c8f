"""Plugins made for tests: sound ones, and ones with a fault."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from balance_tui.plugins import shelf

EXAMPLE = Path(__file__).parent / "example"

STANDARD = """
[standard]
id = "{id}"
version = "1.0.0"
title = "标准"
title_en = "a standard"
authority = "none: a test"
document = "test"
stages = ["primary", "junior"]
"""


@dataclass(frozen=True)
class Shelf:
    """The folder that plugins are dropped into."""

    folder: Path

    def put(self, name: str, files: Mapping[str, str | bytes]) -> Path:
        """A folder with these files in it."""
        home = self.folder / name
        home.mkdir(mode=0o755)
        for file, content in files.items():
            raw = content.encode() if isinstance(content, str) else content
            (home / file).parent.mkdir(exist_ok=True, parents=True)
            (home / file).write_bytes(raw)
            (home / file).chmod(0o644)
        shelf.rescan()
        return home

    def example(self) -> Path:
        """The complete example plugin."""
        home = self.folder / "example"
        shutil.copytree(EXAMPLE, home, ignore=shutil.ignore_patterns("__pycache__"))
        for path in (home, *home.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        shelf.rescan()
        return home

    def hook(self, name: str, code: str, *provides: str, standards: Mapping[str, str] | None = None) -> Path:
        """A plugin of one module with this code, whose imports are made."""
        files: dict[str, str | bytes] = {
            "balance-plugin.toml": manifest(
                name, *provides, module="hooks.py", standards=tuple(standards or ())
            ),
            "hooks.py": "import polars as pl\nfrom balance_tui.plugins.hooks import hookimpl\n"
            + dedent(code),
            **(standards or {}),
        }
        return self.put(name, files)


def manifest(
    name: str,
    *provides: str,
    module: str = "",
    standards: tuple[str, ...] = (),
    api: str = ">=1,<2",
    more: str = "",
) -> str:
    """A manifest; `more` is TOML behind it."""
    quoted = ", ".join(f'"{each}"' for each in provides)
    lines = [f'id = "{name}"', 'version = "1.0"', f'api = "{api}"', 'title = "插件"', 'title_en = "a plugin"']
    lines += [f'module = "{module}"'] if module else []
    lines += [f"provides = [{quoted}]"] if provides else []
    lines += ["standards = [" + ", ".join(f'"{each}"' for each in standards) + "]"] if standards else []
    return "\n".join((*lines, *([more] if more else []), ""))
