"""The program under tmux: a server of its own, without anybody's settings."""

from __future__ import annotations

import fcntl
import os
import shlex
import shutil
import subprocess
import tempfile
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.pty_driver import PATIENCE, TerminalError, clean_environment

HAS_TMUX = shutil.which("tmux") is not None
_CONFIGURATION = "set -g status off\nset -s set-clipboard on\n"
_ENDED = "balance-ended"
_KEYS = {
    "up": "Up", "down": "Down", "left": "Left", "right": "Right", "home": "Home", "end": "End", "pageup": "PPage",
    "pagedown": "NPage", "enter": "Enter", "escape": "Escape", "tab": "Tab", "shift+tab": "BTab", "space": "Space",
    "backspace": "BSpace", "delete": "DC", "insert": "IC", **{f"f{number}": f"F{number}" for number in range(1, 13)},
}  # fmt: skip
_MODIFIERS = {"ctrl": "C", "shift": "S", "alt": "M"}


def tmux_key(key: str) -> list[str]:
    """The arguments of send-keys for a key by Textual's name, or a character.

    >>> tmux_key("ctrl+p"), tmux_key("shift+down"), tmux_key("永"), tmux_key(";")
    (['C-p'], ['S-Down'], ['-l', '永'], ['-l', '\\\\;'])
    """
    *modifiers, name = key.split("+") if len(key) > 1 else [key]
    if not modifiers and name not in _KEYS:
        return ["-l", "\\;" if name == ";" else name]
    if key in _KEYS:
        return [_KEYS[key]]
    return ["-".join([*(_MODIFIERS[each] for each in modifiers), _KEYS.get(name, name)])]


class Tmux:
    """`argv` in a detached tmux window of `columns` x `rows` cells. Use as a context manager: the server ends with it.

    The program sees the environment of a clean terminal and tmux's own TERM.
    """

    def __init__(
        self, argv: Sequence[str], columns: int = 80, rows: int = 24, *,
        environment: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.home = Path(tempfile.mkdtemp(prefix="tmux-"))
        configuration = self.home / "tmux.conf"
        configuration.write_text(_CONFIGURATION, encoding="ascii")
        self._environment = {
            **clean_environment(self.home),
            "TMUX_TMPDIR": str(self.home),
            **(environment or {}),
        }
        self._tmux(
            "-f", str(configuration), "new-session", "-d", "-s", "test", "-x", str(columns), "-y", str(rows),
            # The shell tells the status behind all that the program sent, and keeps the pane as it was left.
            f"{shlex.join(argv)}; printf '\\033]2;{_ENDED} %s\\007' $?; exec sleep 2147483",
        )  # fmt: skip

    def _tmux(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(
            ["tmux", "-u", "-L", f"balance-{os.getpid()}-{self.home.name[5:]}", *arguments],
            env=self._environment, capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE, check=False,
        )  # fmt: skip
        if check and done.returncode:
            raise TerminalError(f"tmux {arguments[0]}: {done.stderr.strip()}")
        return done.stdout

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._tmux("kill-server", check=False)
        shutil.rmtree(self.home, ignore_errors=True)

    def press(self, *keys: str) -> None:
        """Type keys by Textual's names, or characters."""
        for key in keys:
            self._tmux("send-keys", "-t", "test", *tmux_key(key))

    def type(self, text: str) -> None:
        """Type characters."""
        self._tmux("send-keys", "-t", "test", "-l", text)

    def paste(self, text: str) -> None:
        """Paste as tmux does, in brackets where the program asked for them."""
        self._tmux("set-buffer", text)
        self._tmux("paste-buffer", "-p", "-t", "test")

    def wait_read(self) -> None:
        """Until the program has read all that was typed."""
        terminal = self._tmux("display-message", "-p", "-t", "test", "#{pane_tty}").strip()
        line = os.open(terminal, os.O_RDWR | os.O_NOCTTY)
        try:
            self._wait(lambda: not any(fcntl.ioctl(line, termios.FIONREAD, bytes(4))), PATIENCE)
        finally:
            os.close(line)

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size."""
        self._tmux("resize-window", "-t", "test", "-x", str(columns), "-y", str(rows))

    @property
    def display(self) -> list[str]:
        """The lines of the screen, without trailing blanks."""
        return self._tmux("capture-pane", "-p", "-t", "test").removesuffix("\n").split("\n")

    @property
    def text(self) -> str:
        """The screen."""
        return "\n".join(line.rstrip() for line in self.display)

    @property
    def status(self) -> int | None:
        """The exit status, 128 and the signal where one ended it; None while the program runs or tmux still reads what
        it sent."""
        word, _, status = (
            self._tmux("display-message", "-p", "-t", "test", "#{pane_title}").strip().partition(" ")
        )
        return int(status) if word == _ENDED else None

    @property
    def copied(self) -> str:
        """What was last copied through the terminal (OSC 52)."""
        return self._tmux("show-buffer", check=False)

    def left_behind(self) -> list[str]:
        """What the program has not put back: the alternate screen, the cursor, the mouse, bracketed paste."""
        names = ("alternate_on", "mouse_any_flag", "insert_flag", "keypad_cursor_flag", "keypad_flag")
        answers = self._tmux(
            "display-message", "-p", "-t", "test", ",".join(f"#{{{name}}}" for name in names)
        )
        hidden = self._tmux("display-message", "-p", "-t", "test", "#{cursor_flag}").strip() == "0"
        set_on = [name for name, value in zip(names, answers.strip().split(","), strict=True) if value == "1"]
        return set_on + ["hidden cursor"] * hidden

    def wait_for(self, *texts: str, timeout: float = PATIENCE) -> None:
        """Until all of these stand on the screen."""
        self.wait_until(lambda shown: all(text in shown for text in texts), timeout)

    def wait_until(self, seen: Callable[[str], bool], timeout: float = PATIENCE) -> None:
        """Until the text of the screen is as `seen` wants it."""
        self._wait(lambda: seen(self.text), timeout)

    def wait_exit(self, timeout: float = PATIENCE) -> int:
        """The exit status."""
        self._wait(lambda: self.status is not None, timeout)
        status = self.status
        assert status is not None
        return status

    def _wait(self, done: Callable[[], bool], timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while not done():
            if time.monotonic() > deadline:
                raise TerminalError(f"waited {timeout:g} s in vain; status {self.status}\n{self.text}")
            time.sleep(0.05)
