"""Every test has a home of its own: no plugin of the person who runs the tests is seen, none is left behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from balance_tui.plugins import shelf
from balance_tui.plugins.places import drop_in_dir
from tests.plugins.making import Shelf


@pytest.fixture
def shelves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """The drop-in folder of a user who has nothing yet."""
    for variable, name in (("XDG_DATA_HOME", "data"), ("XDG_CONFIG_HOME", "config"), ("HOME", "home")):
        (tmp_path / name).mkdir(mode=0o755)
        monkeypatch.setenv(variable, str(tmp_path / name))
    monkeypatch.delenv("BALANCE_TUI_SAFE_MODE", raising=False)
    folder = drop_in_dir()
    assert folder is not None
    assert folder.is_relative_to(tmp_path)
    folder.mkdir(parents=True, mode=0o755)
    shelf.rescan()
    yield Shelf(folder)
    monkeypatch.undo()
    shelf.rescan()
