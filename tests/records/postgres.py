"""A real PostgreSQL server for the tests, on a socket of its own, where Debian's package is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from glob import glob
from pathlib import Path

import pytest

_INSTALLED = sorted(glob("/usr/lib/postgresql/*/bin/initdb"))  # noqa: PTH207 - an absolute pattern
REASON = "PostgreSQL (Debian's postgresql) is not installed"
OWNER = "postgres"


@contextmanager
def server() -> Iterator[str]:
    """A server that runs within the block; the address of its socket. It may not run as root, so root starts it as
    the package's own user."""
    if not _INSTALLED:
        pytest.skip(REASON)
    programs = Path(_INSTALLED[-1]).parent
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        data = folder / "data"
        data.mkdir(mode=0o700)
        as_owner: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(folder, OWNER)
            shutil.chown(data, OWNER)
            as_owner = ["runuser", "-u", OWNER, "--"]
        _run([*as_owner, str(programs / "initdb"), "-A", "trust", "-U", "tester", "-E", "UTF8", "--locale=C.UTF-8",
              "-D", str(data)], folder)  # fmt: skip
        control = [*as_owner, str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
        _run([*control, "-o", f"-k {folder} -c listen_addresses='' -c shared_buffers=16MB", "start"], folder)
        try:
            yield str(folder)
        finally:
            _run([*control, "-m", "immediate", "stop"], folder)


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 0, done.stderr.decode()


@pytest.fixture(scope="session")
def socket() -> Iterator[str]:
    with server() as folder:
        yield folder


def fresh_database(socket: str, name: str) -> str:
    """A new empty database on the server; its address."""
    import psycopg

    with psycopg.connect(f"postgresql://tester@/postgres?host={socket}", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
    return f"postgresql://tester@/{name}?host={socket}"
