"""Every store of the log that the tests can open: each passes the same tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from balance_tui.records.event import Draft, target_of
from balance_tui.records.log import Log
from balance_tui.records.sqlite_log import SqliteLog


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "workspace.db"


@pytest.fixture
def log(path: Path) -> Iterator[Log]:
    opened = SqliteLog(path, create=True)
    yield opened
    opened.close()


def draft(
    key: str = "students", new: object = 1, *, base: int = 0, actor: str = "张三", **more: object
) -> Draft:
    """An edit of a fact of one school."""
    target = target_of("fact", ["示例省", "示例市", "示例县", 2025], "S1", "primary", key)
    values = {"old": None, "new": new, "connection": "c1", "reason": "", "standard": "0" * 64, **more}
    return Draft(assessment="a", operation="fact", target=target, actor=actor, base=base, **values)  # type: ignore[arg-type]
