"""The wheel works in an empty environment, carries its data, and the pins are complete and name no host."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_PIN = re.compile(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+( *;.*)?")
_DATA_FOLDERS = {"profiles": "balance_tui/_bundled/profiles", "plugins": "balance_tui/_bundled/plugins"}

# Written as patterns that do not match their own text.
_HOST = re.compile(
    r"pypi\.(org|python)|pythonhosted\.org|npmjs\.(org|com)|debian\.org|ubuntu\.com|pypi\.tuna|mirrors\.[a-z]+\."
)
_MACHINE_PATH = re.compile(r"(?<![\w.~*-])/(?:root|work|home)/")


def _run(
    *command: str | Path, cwd: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=900,
        check=False,
    )


def _clean_environment(home: Path) -> dict[str, str]:
    """What a fresh login has, and nothing that leads back to the checkout."""
    return {"PATH": os.defpath, "HOME": str(home), "LANG": "C.UTF-8"}


@pytest.fixture(scope="session")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    built = _run(*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, root, cwd=folder)
    assert built.returncode == 0, built.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def installed(wheel: Path, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment with nothing in it but the wheel and its pinned dependencies."""
    folder = tmp_path_factory.mktemp("installed")
    made = _run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    assert made.returncode == 0, made.stdout + made.stderr
    python = folder / "venv" / "bin" / "python"
    without_python = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    constraints = root / "constraints.txt"
    pip = (python, "-m", "pip", "--disable-pip-version-check")
    done = _run(*pip, "install", "-q", "-c", constraints, wheel, cwd=folder, environment=without_python)
    assert done.returncode == 0, done.stderr
    return folder / "venv"


@pytest.mark.slow
def test_an_installed_wheel_judges_the_sample_from_another_folder(installed: Path, tmp_path: Path) -> None:
    command = installed / "bin" / "balance-tui"
    demo = _run(command, "demo", cwd=tmp_path, environment=_clean_environment(tmp_path))
    assert (demo.returncode, demo.stderr) == (0, "")
    assert "示例" in demo.stdout
    assert re.search("不达标|达标|未知", demo.stdout)
    profiles = _run(command, "profile", "list", cwd=tmp_path, environment=_clean_environment(tmp_path))
    assert (profiles.returncode, profiles.stderr) == (0, "")
    assert "national-2017" in profiles.stdout


@pytest.mark.slow
def test_an_installed_wheel_uses_its_own_standards(installed: Path, tmp_path: Path) -> None:
    program = "from balance_tui.resources import profiles_dir; print(profiles_dir())"
    python = installed / "bin" / "python"
    done = _run(python, "-I", "-c", program, cwd=tmp_path, environment=_clean_environment(tmp_path))
    profiles = Path(done.stdout.strip())
    assert profiles.is_relative_to(installed.resolve())
    assert (profiles / "national-2017.toml").is_file()


def test_the_wheel_carries_the_whole_package_and_both_data_folders(wheel: Path, root: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        carried = {name for name in archive.namelist() if ".dist-info/" not in name}
    places = {"balance_tui": "balance_tui", **_DATA_FOLDERS}
    expected = {
        f"{place}/{file.relative_to(root / folder).as_posix()}"
        for folder, place in places.items()
        for file in (root / folder).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert carried == expected
    assert "balance_tui/data/dictionary.csv" in carried


def test_a_checkout_uses_its_data_folders_in_place(root: Path) -> None:
    program = "from balance_tui.resources import *; print(profiles_dir(), plugins_dir(), sep='\\n')"
    done = _run(sys.executable, "-c", program, cwd=root)
    assert done.stdout.splitlines() == [str(root / "profiles"), str(root / "plugins")]


def _pins(root: Path) -> dict[str, str]:
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert [line for line in pins if not _PIN.fullmatch(line)] == []
    return {canonicalize_name(name): version for name, version in (line.split("==") for line in pins)}


def test_every_declared_dependency_has_an_exact_pin_it_accepts(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [Requirement(text) for text in project["dependencies"]]
    declared += [Requirement(text) for text in project["optional-dependencies"]["test"]]
    pins = _pins(root)
    accepted = [pins.get(canonicalize_name(need.name), "none") in need.specifier for need in declared]
    assert [str(need) for need, ok in zip(declared, accepted, strict=True) if not ok] == []


def test_textual_is_pinned_exactly_where_it_is_declared(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"textual=={_pins(root)['textual']}" in project["dependencies"]


@pytest.fixture(scope="session")
def tracked(root: Path) -> list[Path]:
    if not shutil.which("git") or not (root / ".git").exists():
        pytest.skip("needs git and a checkout made by it to know which files are tracked")
    listed = _run("git", "ls-files", "-z", cwd=root)
    assert listed.returncode == 0, listed.stderr
    return [path for name in listed.stdout.split("\0") if name and (path := root / name).is_file()]


@pytest.mark.parametrize("pattern", [_HOST, _MACHINE_PATH], ids=["registry host", "machine path"])
def test_no_tracked_file_names_a_registry_or_a_path_of_one_machine(
    tracked: list[Path], pattern: re.Pattern[str]
) -> None:
    texts = {path: path.read_text(encoding="utf-8", errors="replace") for path in tracked}
    found = {str(path): match.group() for path, text in texts.items() if (match := pattern.search(text))}
    assert found == {}


def test_the_patterns_find_what_they_are_for() -> None:
    assert _HOST.search("--index-url https://" + "pypi." + "org/simple")
    assert _MACHINE_PATH.search("open('/" + "home/me/a.csv')")
    assert not _MACHINE_PATH.search("https://example.cn/" + "home/index.html")
