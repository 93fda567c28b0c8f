"""A workspace with one county, and the cells that are edited in it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from balance_tui.records.desk import Desk
from balance_tui.records.log import Log
from balance_tui.records.roles import Area
from balance_tui.records.sqlite_log import SqliteLog
from balance_tui.records.state import FactKey

PLACE = ("示例省", "示例市", "示例县", 2025)
FIELDS = ("students", "teachers", "books", "computers")
_TEXT = b"a standard"


def cells(schools: int) -> list[FactKey]:
    """Every cell of so many schools."""
    return [FactKey(*PLACE, f"S{number}", "primary", field) for number in range(schools) for field in FIELDS]


def log_at(place: str, *, create: bool = False) -> Log:
    """The log in a file, or on the server of an address, without what else a workspace loads."""
    if "://" not in place:
        return SqliteLog(Path(place), create=create)
    from balance_tui.records.postgres_log import PostgresLog

    return PostgresLog(place, create=create)


def made(path: Path, *users: str) -> Path:
    """A new workspace file with an assessment `a` and inspectors of its county."""
    made_at(str(path), *users)
    return path


def made_at(place: str, *users: str) -> str:
    """The same in a file or on a server."""
    log = log_at(place, create=True)
    boss = Desk(log, "boss", "made")
    boss.first_admin()
    digest = log.put(_TEXT)
    assert digest == hashlib.sha256(_TEXT).hexdigest()
    standard = {"id": "national-2017", "version": "1", "hash": "f" * 64, "digest": digest}
    boss.create("a", "示例县", Area(*PLACE[:3]), 2025, dict(standard))
    for user in users:
        boss.add_user(user)
        boss.grant(user, "inspector", Area(*PLACE[:3]))
    log.close()
    return place
