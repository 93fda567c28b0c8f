"""What plugins and layers cost: a start with 34 plugins installed, a standard of three layers resolved."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from balance_tui.language import Text
from balance_tui.standard.layers.bases import pin_line
from balance_tui.standard.load import load_standard, read_standard

from .measure import Row, medians, told

PLUGINS = 34
START, RESOLVED = 0.060, 0.050
"""Seconds that so many plugins may add to a start, and that resolving may take."""

_MANIFEST = """id = "made-{0}"
version = "1.0.0"
api = ">=1,<2"
title = "虚构插件 {0}"
title_en = "made-up plugin {0}"
standards = ["made-{0}.toml"]
module = "hooks.py"
provides = ["dispersion:made-{0}"]
"""
_HEADER = """[standard]
id = "{0}"
version = "1.0"
title = "虚构标准"
extends = {1}
"""
_CHANGE = """
[[change]]
target = "{0}"
set = {{ "limit.primary" = {1} }}
clause = "虚构 1"
reason = "虚构"
"""


def rows(runs: int) -> Iterator[Row]:
    """The start with and without plugins, and the resolving of three layers."""
    with tempfile.TemporaryDirectory() as name:
        yield start(Path(name), runs)
    with tempfile.TemporaryDirectory() as name:
        yield three_layers(Path(name), runs)


def start(folder: Path, runs: int) -> Row:
    """A command that reads a shipped standard, with a home full of plugins and with an empty one."""
    few, many = folder / "few", folder / "many"
    few.mkdir()
    for number in range(PLUGINS):
        _plugin(many / "balance-tui" / "plugins" / f"made-{number}", number)
    full, empty = medians(runs, lambda: _start(many), lambda: _start(few))
    more = full - empty
    what = Text(f"装有 {PLUGINS} 个插件时启动; 参照: 没有插件", f"a start with {PLUGINS} plugins; with none")
    reach = Text(f"多 ≤ {told(START)}", f"≤ {told(START)} more")
    return Row(what, told(full), told(empty), f"{more * 1000:+.1f} ms", reach, more <= START)


def _plugin(home: Path, number: int) -> None:
    home.mkdir(parents=True)
    (home / "balance-plugin.toml").write_text(_MANIFEST.format(number), encoding="utf-8")
    (home / f"made-{number}.toml").write_text("", encoding="utf-8")
    (home / "hooks.py").write_text("raise SystemExit('nobody asked for it')\n", encoding="utf-8")
    for path in (home, *home.iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _start(data: Path) -> None:
    command = [sys.executable, "-m", "balance_tui", "profile", "validate", "national-2017"]
    environment = {**os.environ, "XDG_DATA_HOME": str(data), "XDG_CONFIG_HOME": str(data)}
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env=environment)


def three_layers(folder: Path, runs: int) -> Row:
    """A city's standard on a province's on the national one, resolved while the national one is at hand."""
    below = load_standard("national-2017")
    for name, limit in (("made-province", "4.3"), ("made-city", "4.4")):
        path = folder / f"{name}.toml"
        path.write_text(_HEADER.format(name, pin_line(below)) + _CHANGE.format("L1", limit), encoding="utf-8")
        below = read_standard(path)
    assert [layer["id"] for layer in below.layers] == ["national-2017", "made-province", "made-city"]
    (taken,) = medians(runs, lambda: read_standard(folder / "made-city.toml"))
    what = Text("合成三层标准 (国家、省、市)", "resolving a standard of three layers")
    reach = Text(f"≤ {told(RESOLVED)}", f"≤ {told(RESOLVED)}")
    return Row(what, told(taken), reach=reach, ok=taken <= RESOLVED)
