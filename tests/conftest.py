"""Shared settings and fixtures. `CI` makes the property tests repeatable; `make fuzz` makes them long."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from balance_tui.language import language_in_use, use_language

ROOT = Path(__file__).resolve().parents[1]

# Two busy cores make any deadline a matter of luck.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("dev", _PATIENT)
settings.register_profile("ci", _PATIENT, max_examples=50, derandomize=True, database=None, print_blob=True)
settings.register_profile("fuzz", _PATIENT, max_examples=5000)
settings.load_profile("ci" if os.environ.get("CI") else "dev")

LONGEST = (
    "tui/test_walk.py", "tui/test_assessing.py", "engine/test_incremental.py", "benchmarks/test_bench_short.py",
    "tui/test_figures_shown.py", "tui/test_hostile.py", "ssh/test_drops.py", "faults/test_disk.py", "tui/test_driven.py",
    "tui/test_bad_terminals.py", "tui/test_launch.py", "tui/test_app.py", "cli/test_bad_input.py", "cli/test_assess.py",
    "plugins/test_hostile.py", "engine/test_explain_properties.py", "contract/test_properties.py", "test_packaging.py",
)  # fmt: skip
"""The files that take longest, which must not be the last to begin: whoever runs them would work alone in the end."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; `--no-loadscope-reorder` hands them out in this order."""
    ranks = {ROOT / "tests" / name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path, len(ranks)))


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference material beside the checkout; a test that needs it is skipped without."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the reference folder ../shared is not beside this checkout")
    return folder


@pytest.fixture(autouse=True, scope="module")
def _language_of_its_own() -> Iterator[None]:
    """What a module's fixtures leave behind is no other module's language."""
    use_language("zh")
    yield
    use_language("zh")


@pytest.fixture(autouse=True)
def _language_as_before() -> Iterator[None]:
    before = language_in_use()
    yield
    use_language(before)
