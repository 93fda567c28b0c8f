"""A program in a terminal of its own: what a person over SSH types, sees and waits for, and what it leaves behind."""

from __future__ import annotations

import contextlib
import copy
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
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from .emulator import Emulator, Look, text_cells
from .keys import sequence

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 60.0
"""Seconds after which nothing is waited for any longer; no test depends on how much sooner it comes."""
_QUERIES = re.compile(rb"\x1b\[(?:0?c|>0?c|6n|5n|\?(\d+)\$p)")
_LONGEST_QUERY = 12
_OUTER_MODES = {
    9: "mouse", 1000: "mouse", 1002: "mouse", 1003: "mouse", 1005: "mouse", 1006: "mouse", 1015: "mouse",
    1016: "mouse", 1004: "focus reports", 2004: "bracketed paste", 2026: "synchronized output", 2048: "size reports",
}  # fmt: skip


class TerminalError(AssertionError):
    """What was waited for did not come; the message shows the screen."""


class Answer(NamedTuple):
    """What a key brought: seconds to its first byte, until the middle of the screen stood as it then stayed, to its
    last byte; and how many bytes."""

    first: float
    stood: float
    last: float
    size: int


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


class Terminal:
    """`argv` started in a terminal of `columns` x `rows` cells.

    `home` is kept where it is given, else made and removed. What the program sends is read while something is waited
    for. Use as a context manager: whatever still runs at its end is killed.
    """

    def __init__(
        self, argv: Sequence[str], columns: int = 80, rows: int = 24, *, home: Path | None = None,
        cwd: Path | None = None, term: str = "xterm-256color", environment: Mapping[str, str] | None = None,
        ambiguous: int = 1,
    ) -> None:  # fmt: skip
        self._own_home = Path(tempfile.mkdtemp(prefix="terminal-")) if home is None else None
        self.home = home or self._own_home or Path()
        self.screen = Emulator(columns, rows, ambiguous)
        self.total = 0
        self._arrived: list[tuple[float, bytes]] = []
        self._fed = 0
        self._asked = b""
        self._escape_sent = 0.0
        self._escape_delay = 2 * int((environment or {}).get("ESCDELAY", "100")) / 1000
        self.status: int | None = None
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

    # -- the program ---------------------------------------------------------------------------------------------

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        self._reap(os.WNOHANG)
        return self.status is None

    def _reap(self, options: int) -> None:
        if self.status is None:
            pid, status = os.waitpid(self.pid, options)
            self.status = os.waitstatus_to_exitcode(status) if pid else None

    def wait_exit(self, timeout: float = PATIENCE) -> int:
        """The exit status, or minus the signal that ended it; all that it sent is then on the screen."""
        self._wait(lambda: not self.alive, timeout, "the end of the program")
        while self._read(0):
            pass
        self._feed()
        return self.status if self.status is not None else -1

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
        """Its resident memory now and at its peak."""
        lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
        sizes = {name: value.split() for name, _, value in (line.partition(":") for line in lines)}
        return Memory(int(sizes["VmRSS"][0]) * 1024, int(sizes["VmHWM"][0]) * 1024)

    def left_behind(self) -> list[str]:
        """What is not as it was before: the line's settings, the alternate screen, the cursor, modes, colours."""
        found = ["line settings"] if termios.tcgetattr(self._slave) != self._line_before else []
        found += ["alternate screen"] if self.screen.on_alternate_screen else []
        found += ["hidden cursor"] if self.screen.cursor.hidden else []
        found += ["character set"] if self.screen.charset else []
        found += ["colours"] if self.screen.cursor.attrs != self.screen.default_char else []
        return found + sorted({_OUTER_MODES[mode] for mode in self.screen.private_modes & set(_OUTER_MODES)})

    # -- what is typed -------------------------------------------------------------------------------------------

    def press(self, *keys: str) -> None:
        """Type keys by Textual's names or as characters. After escape a moment passes, or it would be taken for the
        beginning of another key (ESCDELAY says how long programs wait for the rest of one)."""
        for key in keys:
            waited = time.monotonic() - self._escape_sent
            if waited < self._escape_delay:
                self._pump(self._escape_delay - waited)
            self.send(sequence(key).encode())
            if key == "escape":
                self._escape_sent = time.monotonic()

    def type(self, text: str) -> None:
        """Type characters."""
        self.send(text.encode())

    def paste(self, text: str) -> None:
        """Paste as the terminal would: in brackets where the program asked for them."""
        framed = f"\x1b[200~{text}\x1b[201~" if 2004 in self.screen.private_modes else text
        self.send(framed.encode())

    def send(self, data: bytes) -> None:
        """Send bytes as they are; what comes meanwhile is read, so that neither side waits for the other."""
        deadline = time.monotonic() + PATIENCE
        while data and self.alive:
            readable, writable, _ = select.select([self._master], [self._master], [], 0.05)
            if readable:
                self._read(0)
            if writable:
                data = data[self._write(data) :]
            if time.monotonic() > deadline:
                raise TerminalError(f"nothing typed was read for {PATIENCE:g} s\n{self.text}")

    def _write(self, data: bytes) -> int:
        with contextlib.suppress(BlockingIOError):
            return os.write(self._master, data)
        return 0

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size, as a person drags its window."""
        self._pump(0)
        self.screen.resize(rows, columns)
        self._set_size(columns, rows)

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    # -- what is seen --------------------------------------------------------------------------------------------

    @property
    def display(self) -> list[str]:
        """The lines of the screen as of what was read."""
        self._feed()
        return self.screen.display

    @property
    def text(self) -> str:
        """The screen without trailing blanks."""
        return "\n".join(line.rstrip() for line in self.display)

    @property
    def looks(self) -> list[list[Look]]:
        """How each cell of each line is drawn."""
        self._feed()
        return [self.screen.looks(y) for y in range(self.screen.lines)]

    def find(self, text: str) -> tuple[int, int]:
        """Column and row, in cells, where a text stands first."""
        for y, line in enumerate(self.display):
            if (index := line.find(text)) >= 0:
                return text_cells(line[:index], self.screen.ambiguous), y
        raise TerminalError(f"{text!r} is not on the screen\n{self.text}")

    def wait_for(self, *texts: str, timeout: float = PATIENCE) -> None:
        """Until all of these stand on the screen."""
        self._wait(lambda: all(text in self.text for text in texts), timeout, " and ".join(map(repr, texts)))

    def wait_gone(self, text: str, timeout: float = PATIENCE) -> None:
        """Until this does not stand on the screen any more."""
        self._wait(lambda: text not in self.text, timeout, f"{text!r} to go")

    def wait_until(self, seen: Callable[[str], bool], timeout: float = PATIENCE) -> None:
        """Until the text of the screen is as `seen` wants it."""
        self._wait(lambda: seen(self.text), timeout, "the screen to become as wanted")

    def wait_quiet(self, seconds: float = 0.2, timeout: float = PATIENCE) -> None:
        """Until nothing has come for so long; in vain where it never stops."""
        deadline = time.monotonic() + timeout
        while self._read(seconds):
            if time.monotonic() > deadline:
                raise TerminalError(f"never quiet for {seconds:g} s\n{self.text}")
        self._feed()

    def wait_bytes(self, timeout: float = PATIENCE) -> None:
        """Until something came since the mark."""
        self._wait(lambda: bool(self._arrived), timeout, "any answer")

    def _wait(self, done: Callable[[], bool], timeout: float, what: str) -> None:
        deadline = time.monotonic() + timeout
        while not done():
            if self._read(0.02):
                continue
            if not self.alive and not self._read(0):
                if done():
                    return
                raise TerminalError(f"ended with {self.status} while waiting for {what}\n{self.text}")
            if time.monotonic() > deadline:
                raise TerminalError(f"waited {timeout:g} s for {what}\n{self.text}")

    def _pump(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while self._read(max(deadline - time.monotonic(), 0)) or time.monotonic() < deadline:
            pass
        self._feed()

    # -- what is measured ----------------------------------------------------------------------------------------

    def mark(self) -> None:
        """Forget the bytes until now; `since_mark` begins anew."""
        self._feed()
        self._arrived.clear()
        self._fed = 0

    @property
    def since_mark(self) -> bytes:
        """The bytes that came since the mark, or since the start."""
        return b"".join(data for _, data in self._arrived)

    def shown_after(self, *texts: str, timeout: float = PATIENCE) -> float:
        """Seconds from the start of the program until all of these stood on the screen: the arrival of the piece that
        made them stand there, whatever drawing it here takes."""
        deadline = time.monotonic() + timeout
        while True:
            while self._fed < len(self._arrived):
                at, data = self._arrived[self._fed]
                self._fed += 1
                self.screen.feed(data)
                if all(text in self.text_fed for text in texts):
                    return at - self.spawned
            self._read(0.02)
            if time.monotonic() > deadline or not self.alive:
                raise TerminalError(f"{texts} did not come\n{self.text}")

    @property
    def text_fed(self) -> str:
        return "\n".join(self.screen.display)

    def answer(self, *keys: str, quiet: float = 0.3, timeout: float = PATIENCE) -> Answer:
        """Press keys and wait until nothing has come for `quiet` seconds."""
        self.mark()
        before = copy.deepcopy(self.screen)
        started = time.perf_counter()
        self.press(*keys)
        while not self._arrived:
            self._read(0.02)
            if time.perf_counter() - started > timeout:
                raise TerminalError(f"{keys} brought nothing\n{self.text}")
        while self._read(quiet):
            pass
        self._feed()
        times = [at - started for at, _ in self._arrived]
        return Answer(times[0], self._stood(before) - started, times[-1], len(self.since_mark))

    def _stood(self, before: Emulator) -> float:
        """When the middle of the screen, without two lines above and below, was last different from what it is now."""
        final = self.screen.display[2:-2]
        stood, as_now = self._arrived[0][0], False
        for at, data in self._arrived:
            before.feed(data)
            was, as_now = as_now, before.display[2:-2] == final
            stood = at if as_now and not was else stood
        return stood

    # -- the line ------------------------------------------------------------------------------------------------

    def _read(self, seconds: float) -> bytes:
        """The next piece that comes within so many seconds, answered where it asks, not yet drawn."""
        if not select.select([self._master], [], [], seconds)[0]:
            return b""
        data = os.read(self._master, 65536)
        self._arrived.append((time.perf_counter(), data))
        self.total += len(data)
        self._reply(data)
        return data

    def _feed(self) -> None:
        while self._fed < len(self._arrived):
            self.screen.feed(self._arrived[self._fed][1])
            self._fed += 1

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
            self._feed()
            return f"\x1b[{self.screen.cursor.y + 1};{self.screen.cursor.x + 1}R".encode()
        return (
            {b"c": b"\x1b[?62;22c", b"n": b"\x1b[0n"}[query[0][-1:]]
            if b">" not in query[0]
            else b"\x1b[>1;10;0c"
        )
