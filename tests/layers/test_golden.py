"""What each shipped standard comes to is kept, so that a change of any layer shows in review."""

from __future__ import annotations

import pytest

from balance_tui.standard.load import catalogue, load_standard

from .examples import GOLDEN
from .golden import golden_text

SHIPPED = tuple(catalogue())


@pytest.mark.parametrize("name", SHIPPED)
def test_each_shipped_standard_comes_to_its_golden_file(name: str) -> None:
    """Where the change is meant: `python -m tests.layers.golden`, and read the difference."""
    assert golden_text(load_standard(name)) == (GOLDEN / f"{name}.json").read_text(encoding="utf-8")


def test_there_is_a_golden_file_of_every_shipped_standard_and_of_no_other() -> None:
    assert {file.stem for file in GOLDEN.glob("*.json")} == set(SHIPPED)
