"""Where the workspaces of the fault tests lie: in files, or on a PostgreSQL server of their own."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.records.postgres import INSTALLED, REASON, Server, fresh_database, server

STORES = ("sqlite", "postgresql")


@dataclass
class Stores:
    """Gives places for workspaces; `server` is the one they lie on, None for files."""

    folder: Path
    server: Server | None = None

    def place(self, name: str) -> str:
        """Where a new workspace can be made."""
        if self.server is None:
            return str(self.folder / f"{name}.db")
        return fresh_database(self.server.socket, name)


@contextmanager
def stores(kind: str) -> Iterator[Stores]:
    """Places in one of `STORES`, which go with the block."""
    with tempfile.TemporaryDirectory() as name:
        if kind == "sqlite":
            yield Stores(Path(name))
            return
        with server() as running:
            yield Stores(Path(name), running)


def missing(kind: str) -> str | None:
    """Why there can be no such store here; None where there can."""
    return REASON if kind == "postgresql" and not INSTALLED else None


def harms(place: str, running: Server) -> dict[str, Callable[[], None]]:
    """What can befall a server while somebody writes to a workspace on it, by name."""
    return {
        "line cut": lambda: _cut(place),
        "process killed": lambda: _crash(place),
        "server crash": lambda: (running.stop(), running.start())[0],
    }


def _cut(place: str) -> None:
    """End every line to the database but this one, as an operator would."""
    _ask(place, "SELECT pg_terminate_backend(pid)")


def _crash(place: str) -> None:
    """Kill one of the server's own processes: it then ends all the others and recovers from its journal."""
    for pid in _ask(place, "SELECT pid")[:1]:
        os.kill(pid, signal.SIGKILL)


def _ask(place: str, what: str) -> list[int]:
    import psycopg

    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(place, autocommit=True) as connection:
        return [row[0] for row in connection.execute(f"{what} {others}").fetchall()]  # type: ignore[arg-type]
