"""The program in a real terminal: the pty driver of the benchmarks with `balance-tui` in it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from balance_tui.plugins.shelf import plugins
from benchmarks.pty_driver import PATIENCE, Answer, Memory, Terminal, TerminalError, clean_environment

__all__ = [
    "PATIENCE", "Answer", "Memory", "Terminal", "TerminalError", "balance", "clean_environment", "command", "gated",
    "without_plugins",
]  # fmt: skip

_GATE = """
import importlib.abc, pathlib, runpy, sys, time

class Gate(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        while name in NAMES and not pathlib.Path(GATE).exists():
            time.sleep(0.02)

sys.meta_path.insert(0, Gate())
sys.argv = ["balance-tui", *sys.argv[1:]]
runpy.run_module("balance_tui", run_name="__main__", alter_sys=True)
"""


def command(*arguments: str) -> list[str]:
    """How the tests start `balance-tui` with these arguments."""
    return [sys.executable, "-m", "balance_tui", *arguments]


def balance(
    *arguments: str, columns: int = 80, rows: int = 24, home: Path | None = None, cwd: Path | None = None,
    term: str = "xterm-256color", environment: Mapping[str, str] | None = None, ambiguous: int = 1,
) -> Terminal:  # fmt: skip
    """`balance-tui` with these arguments in a terminal; see `Terminal`."""
    return Terminal(
        command(*arguments), columns, rows, home=home, cwd=cwd, term=term, environment=environment,
        ambiguous=ambiguous,
    )  # fmt: skip


def without_plugins(home: Path) -> Path:
    """A home in which every plugin is switched off. What is left open there evaluates the national standards behind the
    screen, and not each of those of the regions too, which takes seconds."""
    names = "".join(f"{plugin.id!r}, " for plugin in plugins())
    folder = home / "config" / "balance-tui"
    folder.mkdir(parents=True)
    (folder / "plugins.toml").write_text(f"disabled = [{names}]\n", encoding="utf-8")
    return home


def gated(gate: Path, names: tuple[str, ...], *arguments: str, home: Path | None = None) -> Terminal:
    """`balance-tui` that waits wherever it would import one of `names`, until the file `gate` is there: what it shows
    until then it shows without them, however slow the machine."""
    program = f"NAMES = {names!r}\nGATE = {str(gate)!r}\n{_GATE}"
    return Terminal([sys.executable, "-c", program, *arguments], home=home)
