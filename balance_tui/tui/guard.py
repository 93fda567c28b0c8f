"""Runs the app so that the terminal is as it was afterwards, however the app ends.

Not even this survives SIGKILL: `reset`, typed blindly, mends the terminal then.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import select
import signal
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Self

from rich.console import Console
from textual.app import App

from ..errors import BalanceError
from ..language import Text
from .safe_driver import HANGUP, SafeDriver, driver_on

CRASHED = 70
"""The exit code of a fault of the program."""

_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
_GRACE = 3.0
"""Seconds the app has to end in good order after a signal."""
_LINGERING = 0.5
"""Seconds that work in the background has to end after the app."""
_RESTORE = (
    b"\x1b[?2026l\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?1004l\x1b[?7h\x1b[0m\x1b[?1049l\x1b[?25h"
)
_CRASHES_KEPT = 10


def guarded(app: App[Any]) -> int:
    """Run the app; the exit code. A `BalanceError` that ended it is raised once the terminal is restored. Any other
    exception is written to a file that one sentence names: exit code 70. A signal ends the app in good order, and so
    does a terminal that goes away: 128 and its number."""
    with _terminal() as (descriptor, noise):
        guard = _Guard(app, descriptor)
        with guard:
            guard.run()
        said = _said(noise)
    failure = None if guard.is_hung_up else guard.failure
    if isinstance(failure, BalanceError):
        raise failure
    if failure is not None:
        print(_told(failure, said), file=sys.stderr)
        return _left(CRASHED)
    return _left(guard.code if guard.code is not None else app.return_code or 0)


class _Guard:
    """What may happen while the app runs, and what became of it."""

    def __init__(self, app: App[Any], descriptor: int) -> None:
        self._app, self._descriptor = app, descriptor
        self._before = termios.tcgetattr(0)
        self._loop = asyncio.new_event_loop()
        self._handlers: dict[int, Any] = {}
        self._hook = threading.excepthook
        self._deadline: threading.Timer | None = None
        self.code: int | None = None
        self.failure: BaseException | None = None

    @property
    def is_hung_up(self) -> bool:
        """Whether there is no terminal any more."""
        return HANGUP in (self.code, self._app.return_code)

    def __enter__(self) -> Self:
        self._app.driver_class = driver_on(self._descriptor, self._app.driver_class)
        # What it would print of an exception stands in the file.
        self._app.error_console = Console(file=io.StringIO())
        # Textual would draw all that every function had at hand: with frames of a nation, for minutes.
        self._app._fatal_error = self._app._close_messages_no_wait  # type: ignore[method-assign]
        self._handlers = {number: signal.signal(number, self._on_signal) for number in _SIGNALS}
        threading.excepthook = self._on_thread_error
        self._loop.set_exception_handler(self._on_loop_error)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Every exception ends here; the terminal is restored whatever it was."""
        left_by_signal = isinstance(error, SystemExit | KeyboardInterrupt)
        self.failure = self._app._exception or self.failure or (None if left_by_signal else error)
        self._loop.close()
        driver = self._app._driver
        if isinstance(driver, SafeDriver):
            driver.exit_event.set()
            if driver.is_started:
                self._restore()
        if self._deadline:
            self._deadline.cancel()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        threading.excepthook = self._hook
        return True

    def run(self) -> None:
        """Run the app to its end. Nothing waits for threads: what they do is nobody's any more."""
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._app.run_async(mouse=False))
        finally:
            left = asyncio.all_tasks(self._loop)
            for task in left:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            asyncio.set_event_loop(None)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        if self.code is not None:
            self._end()
        self.code = 128 + number
        self._deadline = threading.Timer(_GRACE, self._end)
        self._deadline.daemon = True
        self._deadline.start()
        if not self._loop.is_running():
            sys.exit(self.code)
        self._loop.call_soon_threadsafe(self._exit, self.code)

    def _exit(self, code: int) -> None:
        self._app.exit(return_code=code)

    def _end(self) -> None:
        """The app is stuck, or whoever sends signals has lost patience."""
        self._restore()
        os._exit(self.code or 1)

    def _restore(self) -> None:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(0, termios.TCSANOW, self._before)
        with contextlib.suppress(OSError):
            if select.select([], [self._descriptor], [], 0.1)[1]:
                os.write(self._descriptor, _RESTORE)

    def _on_thread_error(self, told: threading.ExceptHookArgs) -> None:
        self._fail(told.exc_value)

    def _on_loop_error(self, loop: asyncio.AbstractEventLoop, told: dict[str, Any]) -> None:  # noqa: ARG002
        self._fail(told.get("exception"))

    def _fail(self, error: BaseException | None) -> None:
        # polars raises KeyboardInterrupt wherever it is at work; the signal itself ends the app.
        if error is None or isinstance(error, KeyboardInterrupt) or self._loop.is_closed():
            return
        self.failure = self.failure or error
        self._loop.call_soon_threadsafe(self._exit, CRASHED)


@contextlib.contextmanager
def _terminal() -> Iterator[tuple[int, io.BufferedRandom]]:
    """The terminal for the screen alone: what libraries write to standard error goes to a file meanwhile, not among
    the figures."""
    sys.stderr.flush()
    with tempfile.TemporaryFile() as noise:
        descriptor = os.dup(2)
        os.dup2(noise.fileno(), 2)
        try:
            yield descriptor, noise
        finally:
            os.dup2(descriptor, 2)
            os.close(descriptor)


def _said(noise: io.BufferedRandom) -> str:
    noise.seek(0)
    return noise.read(100_000).decode("utf-8", "replace")


def _told(failure: BaseException, said: str) -> Text:
    """The sentence on a fault of the program, which has been written to a file."""
    path = _written(_report(failure, said))
    if path is None:
        return _NOT_WRITTEN.fill(kind=type(failure).__name__)
    return _WRITTEN.fill(path=path)


_WRITTEN = Text(
    "程序出错, 终端已恢复; 详情在 {path}, 报告问题时请附上它",
    "the program failed and the terminal is restored; details are in {path}, please attach it to a report",
)
_NOT_WRITTEN = Text(
    "程序出错 ({kind}), 终端已恢复; 详情无处可写",
    "the program failed ({kind}) and the terminal is restored; the details could not be written anywhere",
)


def _report(failure: BaseException, said: str) -> str:
    import platform
    import traceback

    from .. import __version__

    about = f"balance-tui {__version__}, Python {platform.python_version()}, {platform.platform()}"
    term = f"TERM={os.environ.get('TERM')}"
    return "\n".join((about, term, "", "".join(traceback.format_exception(failure)), said))


def _written(text: str) -> Path | None:
    from platformdirs import user_state_path

    for folder in (user_state_path("balance-tui", appauthor=False), Path(tempfile.gettempdir())):
        with contextlib.suppress(OSError):
            if folder.is_absolute():
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                # Readable by the user alone, and no file or link of this name is followed.
                descriptor, name = tempfile.mkstemp(".txt", "crash-", folder)
                os.write(descriptor, text.encode("utf-8", "backslashreplace"))
                os.close(descriptor)
                _forget_old(folder)
                return Path(name)
    return None


def _forget_old(folder: Path) -> None:
    found = sorted(folder.glob("crash-*.txt"), key=lambda path: path.stat().st_mtime)
    for path in found[:-_CRASHES_KEPT]:
        if path.stat().st_uid == os.geteuid():
            path.unlink(missing_ok=True)


def _left(code: int) -> int:
    """The exit code, once nothing runs any longer. Threads that will not end are left behind without a word: one that
    comes back into an interpreter that is gone would bring the whole process down."""
    until = time.monotonic() + _LINGERING
    others = [thread for thread in threading.enumerate() if thread is not threading.current_thread()]
    for thread in others:
        thread.join(max(until - time.monotonic(), 0))
    if any(thread.is_alive() for thread in others):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code
