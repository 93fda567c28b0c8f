"""The sample in memory and on disk, built once a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from balance_tui import sample
from balance_tui.sample.build import build
from balance_tui.sample.model import CountyYear

SEED = 2025


@pytest.fixture(scope="session")
def counties() -> tuple[CountyYear, ...]:
    return build(SEED)


@pytest.fixture(scope="session")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the sample in the contract's own layout."""
    folder = tmp_path_factory.mktemp("contract")
    sample.write(folder, "contract")
    return folder


@pytest.fixture(scope="session")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the sample in the layout of the statistics export."""
    folder = tmp_path_factory.mktemp("wide")
    sample.write(folder, "wide")
    return folder
