"""A workspace with people at their desks, for tests."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from balance_tui.language import Text
from balance_tui.records.desk import Desk, Level
from balance_tui.records.roles import Area, Role
from balance_tui.records.sqlite_log import SqliteLog
from balance_tui.records.state import FactKey, FindingKey, ItemKey

PLACE = ("示例省", "示例市", "示例县", 2025)
COUNTY = Area(*PLACE[:3])
TEXT = b"the standard as it was"
STANDARD = {
    "id": "national-2017", "version": "1.0.0", "hash": "f" * 64, "digest": hashlib.sha256(TEXT).hexdigest(),
}  # fmt: skip
LEVELS = [Level(name, Text(name, name)) for name in ("county", "city", "province")]
STUDENTS = FactKey(*PLACE, "S1", "primary", "students")
G01 = ItemKey(*PLACE, None, None, "G01", "verified")
FINDING = FindingKey(*PLACE, "S1", "primary", "CHK-X", "students")


@contextmanager
def workspace(**roles: tuple[Role, Area]) -> Iterator[dict[str, Desk]]:
    """A workspace with an administrator `boss`, users with one role each, and an assessment `a`."""
    with tempfile.TemporaryDirectory() as folder:
        logs = [SqliteLog(Path(folder) / "workspace.db", create=True)]
        boss = Desk(logs[0], "boss", "boss-1")
        boss.first_admin()
        boss.log.put(TEXT)
        boss.create("a", "示例县 2025", COUNTY, 2025, dict(STANDARD))
        desks = {"boss": boss}
        for name, (role, area) in roles.items():
            boss.add_user(name)
            boss.grant(name, role, area)
            logs.append(SqliteLog(Path(folder) / "workspace.db"))
            desks[name] = Desk(logs[-1], name, f"{name}-1")
        yield desks
        for log in logs:
            log.close()
