"""A program in a terminal of its own: what a person over SSH types, sees and waits for, and what it leaves behind."""

from __future__ import annotations

import copy
import select
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from .emulator import Emulator, Look, text_cells
from .keys import sequence
from .pty_process import PATIENCE, Memory, PtyProcess, TerminalError, clean_environment

__all__ = ["PATIENCE", "Answer", "Memory", "Terminal", "TerminalError", "clean_environment"]

_OUTER_MODES = {
    9: "mouse", 1000: "mouse", 1002: "mouse", 1003: "mouse", 1005: "mouse", 1006: "mouse", 1015: "mouse",
    1016: "mouse", 1004: "focus reports", 2004: "bracketed paste", 2026: "synchronized output", 2048: "size reports",
}  # fmt: skip


class Answer(NamedTuple):
    """What a key brought: seconds to its first byte, until the middle of the screen stood as it then stayed, to its
    last byte; and how many bytes."""

    first: float
    stood: float
    last: float
    size: int


class Terminal(PtyProcess):
    """A program in a terminal of `columns` x `rows` cells; what it sends is read while something is waited for.

    `environment` is added to a clean one. `ambiguous` is how many cells the terminal gives to ambiguous characters.
    """

    def __init__(
        self, argv: Sequence[str], columns: int = 80, rows: int = 24, *, home: Path | None = None,
        cwd: Path | None = None, term: str = "xterm-256color", environment: Mapping[str, str] | None = None,
        ambiguous: int = 1,
    ) -> None:  # fmt: skip
        self.screen = Emulator(columns, rows, ambiguous)
        self._fed = 0
        self._escape_sent = 0.0
        self._escape_delay = 2 * int((environment or {}).get("ESCDELAY", "100")) / 1000
        super().__init__(argv, columns, rows, home=home, cwd=cwd, term=term, environment=environment)

    def wait_exit(self, timeout: float = PATIENCE) -> int:
        """The exit status, or minus the signal that ended it; all that it sent is then on the screen."""
        self._wait(lambda: not self.alive, timeout, "the end of the program")
        while self._read(0):
            pass
        self._feed()
        return self.status if self.status is not None else -1

    def cursor(self) -> tuple[int, int]:
        """Column and row of the cursor, from 0."""
        self._feed()
        return self.screen.cursor.x, self.screen.cursor.y

    def left_behind(self) -> list[str]:
        """What is not as it was before: the line's settings, the alternate screen, the cursor, modes, colours."""
        found = ["line settings"] if self.line_changed else []
        found += ["alternate screen"] if self.screen.on_alternate_screen else []
        found += ["hidden cursor"] if self.screen.cursor.hidden else []
        found += ["character set"] if self.screen.charset else []
        found += ["colours"] if self.screen.cursor.attrs != self.screen.default_char else []
        return found + sorted({_OUTER_MODES[mode] for mode in self.screen.private_modes & set(_OUTER_MODES)})

    # What is typed

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
        """Paste as the terminal would: lines end in a carriage return, in brackets where the program asked for them."""
        sent = text.replace("\n", "\r")
        framed = f"\x1b[200~{sent}\x1b[201~" if 2004 in self.screen.private_modes else sent
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

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size, as a person drags its window."""
        self._pump(0)
        self.screen.resize(rows, columns)
        self._set_size(columns, rows)

    # What is seen

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

    # What is measured

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
        """Press keys and wait until nothing has come for `quiet` seconds. What came unasked before is not counted."""
        self._pump(0)
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

    def _feed(self) -> None:
        while self._fed < len(self._arrived):
            self.screen.feed(self._arrived[self._fed][1])
            self._fed += 1
