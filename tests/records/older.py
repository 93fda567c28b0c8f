"""Workspaces as older versions of the program wrote them."""

from __future__ import annotations

import sqlite3
from pathlib import Path


def as_format_0(path: Path) -> Path:
    """The file laid out as format 0 had it: no checked types, no index of targets, no guards."""
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("DROP TRIGGER event_stays")
    raw.execute("DROP TRIGGER event_remains")
    raw.execute("DROP INDEX event_of_target")
    for table in ("event", "blob"):
        raw.execute(f"CREATE TABLE old_{table} AS SELECT * FROM {table}")
        raw.execute(f"DROP TABLE {table}")
        raw.execute(f"ALTER TABLE old_{table} RENAME TO {table}")
    raw.execute("PRAGMA user_version = 0")
    raw.execute("PRAGMA journal_mode = DELETE")
    raw.close()
    return path
