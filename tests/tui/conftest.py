"""What every test of the terminal app needs: folders of its own for what the app remembers."""

from __future__ import annotations

from pathlib import Path

import pytest

from .stillness import hurry


@pytest.fixture(autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing is read from, or left in, the folders of whoever runs the tests."""
    home = tmp_path_factory.mktemp("home")
    for name in ("CACHE", "CONFIG", "STATE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    return home


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Apps in this process are waited for no longer than they work."""
    hurry(monkeypatch)
