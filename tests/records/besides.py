"""What is kept beside the log, reached on either store."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from balance_tui.records.beside import Beside, FolderBeside
from balance_tui.records.postgres_beside import PostgresBeside

from .postgres import fresh_database, socket

__all__ = ["socket"]

Reach = Callable[[], Beside]


@pytest.fixture(params=["folder", "postgres"])
def reach(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Reach]:
    """Reaches the one place of the test again, as another program would."""
    with ExitStack() as opened:
        if request.param == "folder":
            yield lambda: FolderBeside(tmp_path)
        else:
            url = fresh_database(request.getfixturevalue("socket"), f"t{uuid.uuid4().hex}")
            yield lambda: opened.enter_context(closing(PostgresBeside(url)))
