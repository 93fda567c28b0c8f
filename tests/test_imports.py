"""What is imported when: the run-time half of the contracts that import-linter checks statically."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from balance_tui import __version__

_COMMAND = """
import json, sys
from balance_tui.cli import main
try:
    code = main(sys.argv[1:])
except SystemExit as stopped:
    code = stopped.code
print(json.dumps({"code": code, "modules": sorted(sys.modules)}), file=sys.stderr)
"""

_WHOLE_PACKAGE = """
import importlib, json, pkgutil, sys
package = importlib.import_module(sys.argv[1])
names = [found.name for found in pkgutil.walk_packages(package.__path__, package.__name__ + ".")]
for name in names:
    importlib.import_module(name)
print(json.dumps({"code": 0, "modules": sorted(sys.modules)}), file=sys.stderr)
"""


def _modules_after(root: Path, program: str, *arguments: str) -> tuple[set[str], str]:
    """Names of the modules imported by the program, and what it printed."""
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(
        command, cwd=root, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stderr.splitlines()[-1])
    assert report["code"] in (0, None), done.stderr
    return set(report["modules"]), done.stdout


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_answer_without_polars_textual_and_pydantic(root: Path, option: str) -> None:
    modules, printed = _modules_after(root, _COMMAND, option)
    assert printed.strip()
    assert modules.isdisjoint({"polars", "textual", "pydantic"})


def test_running_the_package_is_running_the_command(root: Path) -> None:
    command = [sys.executable, "-m", "balance_tui", "--version"]
    done = subprocess.run(
        command, cwd=root, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert __version__ in done.stdout


@pytest.mark.parametrize("package", ["balance_tui.engine", "balance_tui.standard", "balance_tui.data"])
def test_no_module_of_the_core_imports_a_face_or_the_records(root: Path, package: str) -> None:
    modules, _ = _modules_after(root, _WHOLE_PACKAGE, package)
    assert package in modules
    faces = {"textual", "balance_tui.cli", "balance_tui.tui", "balance_tui.records", "balance_tui.reports"}
    assert modules.isdisjoint(faces)
