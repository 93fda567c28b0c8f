"""A real PostgreSQL server for the tests, on a socket of its own, where Debian's package is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from glob import glob
from pathlib import Path

import pytest

INSTALLED = sorted(glob("/usr/lib/postgresql/*/bin/initdb"))  # noqa: PTH207 - an absolute pattern
REASON = "PostgreSQL (Debian's postgresql) is not installed"
OWNER = "postgres"
RUNUSER = shutil.which("runuser", path="/usr/sbin:/sbin:/usr/bin:/bin") or "runuser"


@dataclass
class Server:
    """A server on a socket of its own; `control` is how it is stopped and started."""

    socket: str
    control: tuple[str, ...]

    def start(self) -> None:
        """Start it; it answers when this returns."""
        options = f"-k {self.socket} -c listen_addresses='' -c shared_buffers=16MB"
        _run([*self.control, "-o", options, "start"], Path(self.socket))

    def stop(self) -> None:
        """Stop it at once, as a crash would."""
        _run([*self.control, "-m", "immediate", "stop"], Path(self.socket))

    def ask_for_passwords(self) -> None:
        """From now on let nobody in without one."""
        rules = Path(self.socket) / "data" / "pg_hba.conf"
        rules.write_text("local all all scram-sha-256\n", encoding="ascii")
        _run([*self.control, "reload"], Path(self.socket))


@contextmanager
def server() -> Iterator[Server]:
    """A server that runs within the block. It may not run as root, so root starts it as the package's own user."""
    if not INSTALLED:
        pytest.skip(REASON)
    programs = Path(INSTALLED[-1]).parent
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        data = folder / "data"
        data.mkdir(mode=0o700)
        as_owner: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(folder, OWNER)
            shutil.chown(data, OWNER)
            as_owner = [RUNUSER, "-u", OWNER, "--"]
        _run([*as_owner, str(programs / "initdb"), "-A", "trust", "-U", "tester", "-E", "UTF8", "--locale=C.UTF-8",
              "-D", str(data)], folder)  # fmt: skip
        control = (*as_owner, str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"))
        running = Server(str(folder), control)
        running.start()
        try:
            yield running
        finally:
            running.stop()


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 0, done.stderr.decode()


@pytest.fixture(scope="session")
def socket() -> Iterator[str]:
    with server() as running:
        yield running.socket


def fresh_database(socket: str, name: str) -> str:
    """A new empty database on the server; its address."""
    import psycopg

    with psycopg.connect(f"postgresql://tester@/postgres?host={socket}", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
    return f"postgresql://tester@/{name}?host={socket}"
