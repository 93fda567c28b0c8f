"""What runs on the server's side for somebody who has logged in."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

from benchmarks.pty_driver import PATIENCE

from .server import Server


def of_user(server: Server, user: str) -> list[int]:
    """The processes that serve a user, the app among them, by their command line."""
    wanted = (f"--user {user} ".encode(), f"--workspace {server.workspace}".encode())
    return [pid for pid, line in _command_lines() if all(word in line for word in wanted)]


def app_of(server: Server, user: str) -> int | None:
    """The app of a user who has logged in once, below whatever shell started it; None where it does not run."""
    serving = of_user(server, user)
    parents = {_parent(pid) for pid in serving}
    return next((pid for pid in serving if pid not in parents), None)


def session_of(server: Server, user: str) -> int | None:
    """The server's own process that holds the line of a user: the nearest sshd above the app."""
    pid = app_of(server, user)
    while pid is not None and pid > 1:
        pid = _parent(pid)
        if pid in (None, server.pid):
            return None
        if _name(pid).startswith("sshd"):
            return pid
    return None


def wait_gone(server: Server, user: str, timeout: float = PATIENCE) -> None:
    """Until nothing serves a user any more. Errors: AssertionError, which names what is left."""
    deadline = time.monotonic() + timeout
    while left := of_user(server, user):
        assert time.monotonic() < deadline, f"{user} is still served by {left}"
        time.sleep(0.05)


def _command_lines() -> list[tuple[int, bytes]]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                found.append((int(folder.name), (folder / "cmdline").read_bytes().replace(b"\0", b" ")))
    return found


def _name(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
    return ""


def _parent(pid: int) -> int | None:
    with contextlib.suppress(OSError, IndexError):
        # The name in parentheses may hold anything.
        return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
    return None
