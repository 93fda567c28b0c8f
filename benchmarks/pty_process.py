"""A program in a terminal of its own: its process, its line, and the questions that a terminal answers."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import select
import shutil
import signal
import struct
import tempfile
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0
"""Seconds after which nothing is waited for any longer; no test depends on how much sooner it comes."""
_QUERIES = re.compile(rb"\x1b\[(?:0?c|>0?c|6n|5n|\?(\d+)\$p)")
_LONGEST_QUERY = 12


class TerminalError(AssertionError):
    """What was waited for did not come; the message shows the screen."""


class Memory(NamedTuple):
    """Bytes of memory resident now, and at most until now."""

    now: int
    peak: int


def clean_environment(home: Path, term: str = "xterm-256color") -> dict[str, str]:
    """What a program sees that nobody has set anything for: no CI, no colours asked for, empty folders."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_STATE_HOME": str(home / "state"),
        "TERM": term,
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
    }


class PtyProcess:
    """`argv` started in a session whose terminal has `columns` x `rows` cells; see `Terminal`.

    `home` is kept where it is given, else made and removed. Use as a context manager: whatever still runs at its end
    is killed.
    """

    def __init__(
        self, argv: Sequence[str], columns: int, rows: int, *, home: Path | None = None, cwd: Path | None = None,
        term: str = "xterm-256color", environment: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self._own_home = Path(tempfile.mkdtemp(prefix="terminal-")) if home is None else None
        self.home = home or self._own_home or Path()
        self.total = 0
        self.status: int | None = None
        self._arrived: list[tuple[float, bytes]] = []
        self._asked = b""
        self._master, self._slave = os.openpty()
        os.set_blocking(self._master, False)
        self._set_size(columns, rows)
        self._line_before = termios.tcgetattr(self._slave)
        self.spawned = time.perf_counter()
        self.pid = self._spawn(argv, cwd, {**clean_environment(self.home, term), **(environment or {})})

    def _spawn(self, argv: Sequence[str], cwd: Path | None, environment: dict[str, str]) -> int:
        """A session of its own, whose terminal is the first it opens; no Python runs between fork and exec."""
        command = [*(["env", "-C", str(cwd)] if cwd else []), *argv]
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.ttyname(self._slave), os.O_RDWR, 0),
            (os.POSIX_SPAWN_DUP2, 0, 1),
            (os.POSIX_SPAWN_DUP2, 0, 2),
        ]
        return os.posix_spawnp(
            command[0], command, environment, file_actions=actions, setsid=True,
            setsigdef=[signal.SIGPIPE, signal.SIGINT],
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kill what still runs and give everything back."""
        if self.alive:
            os.kill(self.pid, signal.SIGKILL)
            self._reap(0)
        for descriptor in (self._master, self._slave):
            if descriptor >= 0:
                os.close(descriptor)
        self._master = self._slave = -1
        if self._own_home:
            shutil.rmtree(self._own_home, ignore_errors=True)

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        self._reap(os.WNOHANG)
        return self.status is None

    def _reap(self, options: int) -> None:
        if self.status is None:
            pid, status = os.waitpid(self.pid, options)
            self.status = os.waitstatus_to_exitcode(status) if pid else None

    def kill(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def hang_up(self) -> int:
        """The line goes dead, as where an SSH connection drops; its exit status."""
        os.close(self._master)
        self._master = -1
        deadline = time.monotonic() + PATIENCE
        while self.alive:
            if time.monotonic() > deadline:
                raise TerminalError(f"still running {PATIENCE:g} s after the line was dropped")
            time.sleep(0.02)
        return self.status if self.status is not None else -1

    def memory(self) -> Memory:
        """Its resident memory now and at its peak; nothing once it has ended."""
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
        sizes = {name: value.split() for name, _, value in (line.partition(":") for line in lines)}
        now, peak = (int(sizes.get(name, ["0"])[0]) * 1024 for name in ("VmRSS", "VmHWM"))
        return Memory(now, peak)

    @property
    def line_changed(self) -> bool:
        """Whether the settings of the line are others than before."""
        return bool(termios.tcgetattr(self._slave) != self._line_before)

    def cursor(self) -> tuple[int, int]:
        """Column and row of the cursor, from 0: what it is told who asks for it."""
        return 0, 0

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _read(self, seconds: float) -> bytes:
        """The next piece that comes within so many seconds, answered where it asks, not yet drawn."""
        if not select.select([self._master], [], [], seconds)[0]:
            return b""
        data = os.read(self._master, 65536)
        self._arrived.append((time.perf_counter(), data))
        self.total += len(data)
        self._reply(data)
        return data

    def _write(self, data: bytes) -> int:
        with contextlib.suppress(BlockingIOError):
            return os.write(self._master, data)
        return 0

    def _reply(self, data: bytes) -> None:
        """A terminal answers what it is asked: what it is, where its cursor stands, which modes it knows."""
        asked = self._asked + data
        last = 0
        for query in _QUERIES.finditer(asked):
            last = query.end()
            self._write(self._answered(query))
        self._asked = asked[max(last, len(asked) - _LONGEST_QUERY) :]

    def _answered(self, query: re.Match[bytes]) -> bytes:
        if query[1]:
            known = {b"2026": b"2", b"2004": b"2"}.get(query[1], b"0")
            return b"\x1b[?" + query[1] + b";" + known + b"$y"
        if query[0].endswith(b"6n"):
            column, row = self.cursor()
            return f"\x1b[{row + 1};{column + 1}R".encode()
        return (
            {b"c": b"\x1b[?62;22c", b"n": b"\x1b[0n"}[query[0][-1:]]
            if b">" not in query[0]
            else b"\x1b[>1;10;0c"
        )
