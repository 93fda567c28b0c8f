"""Every store of the log: each passes the same tests."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from balance_tui.records.event import Draft, target_of
from balance_tui.records.log import Log
from balance_tui.records.postgres_log import PostgresLog
from balance_tui.records.sqlite_log import SqliteLog

from .postgres import fresh_database, socket

__all__ = ["open_again", "path", "socket", "store"]

Opener = Callable[..., Log]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "workspace.db"


@pytest.fixture(params=["sqlite", "postgres"])
def open_again(request: pytest.FixtureRequest, path: Path) -> Iterator[Opener]:
    """Opens the one log of the test again, as another program would; options go to the log."""
    if request.param == "sqlite":
        open_one: Opener = lambda **options: SqliteLog(path, create=True, **options)  # noqa: E731
    else:
        url = fresh_database(request.getfixturevalue("socket"), f"t{uuid.uuid4().hex}")
        open_one = lambda **options: PostgresLog(url, create=True, **options)  # noqa: E731
    with ExitStack() as opened:
        yield lambda **options: opened.enter_context(closing(open_one(**options)))


@pytest.fixture
def store(open_again: Opener) -> Log:
    """The log of the test."""
    return open_again()


def draft(
    key: str = "students", new: object = 1, *, base: int = 0, actor: str = "张三", **more: object
) -> Draft:
    """An edit of a fact of one school."""
    target = target_of("fact", ["示例省", "示例市", "示例县", 2025], "S1", "primary", key)
    values = {"old": None, "new": new, "connection": "c1", "reason": "", "standard": "0" * 64, **more}
    return Draft(assessment="a", operation="fact", target=target, actor=actor, base=base, **values)  # type: ignore[arg-type]
