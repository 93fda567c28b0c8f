"""Textual's driver of a terminal, made to survive one that goes away, stalls, or sends what is not UTF-8.

As it comes, the writing thread dies with the first error and the app then waits for it for ever; the reading thread
spins where the line is dead, and ends where a byte is no UTF-8.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import select
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from textual.app import App
    from textual.driver import Driver

HANGUP = 129
"""The exit code where the terminal went away: 128 and the number of the signal."""

_PATIENCE = 0.1
"""Seconds between two looks at whether to end, and after which a lone escape is the escape key."""


class Output:
    """A terminal to write to. It takes its time where the terminal does; what is written to one that has gone away
    is lost, and `gone` is told once."""

    def __init__(self, descriptor: int, gone: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._gone = gone
        self._waiting: list[str] = []
        self.is_gone = False

    def fileno(self) -> int:
        """The descriptor of the terminal."""
        return self._descriptor

    def write(self, text: str) -> int:
        """Keep text until the next flush."""
        self._waiting.append(text)
        return len(text)

    def flush(self) -> None:
        """Send what was written."""
        data = "".join(self._waiting).encode("utf-8", "backslashreplace")
        self._waiting.clear()
        while data and not self.is_gone:
            data = data[self._send(data) :]

    def _send(self, data: bytes) -> int:
        try:
            return os.write(self._descriptor, data)
        except BlockingIOError:
            # Another program has left the terminal non-blocking, and it is full.
            select.select([], [self._descriptor], [], 1.0)
        except OSError:
            self.is_gone = True
            self._gone()
        return 0


class SafeDriver(LinuxDriver):
    """To be mixed into a driver, before it. `output` is the descriptor that the screen is drawn on."""

    output: ClassVar[int] = 2

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._file = Output(self.output, self._hung_up)  # type: ignore[assignment]
        self.is_started = False

    def start_application_mode(self) -> None:
        """Take the terminal over, unless another program holds it."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self.is_started = self._key_thread is not None and self._key_thread.is_alive()

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        super().stop_application_mode()
        self.is_started = False

    # A handler may run in the middle of a write to the same queue: what it does must wait until that is over.

    def _sigtstp_application(self, *_: object) -> None:
        self._soon(super()._sigtstp_application)

    def _sigcont_application(self, *_: object) -> None:
        self._soon(self._carry_on)

    def _carry_on(self) -> None:
        """Stopped with or without having been asked: what the shell did to the terminal meanwhile is undone."""
        if self._auto_restart and self.is_started:
            self._must_signal_resume = True
            self.suspend_application_mode()
        super()._sigcont_application()
        # Textual would paint only what changes.
        self._app.refresh(layout=True)

    def _hung_up(self) -> None:
        self._soon(lambda: self._app.exit(return_code=HANGUP))

    def _soon(self, act: Callable[[], object]) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(act)

    def _run_input_thread(self) -> None:
        # An error here is one of the program: `threading.excepthook` has it told like any other.
        self.run_input_thread()

    def run_input_thread(self) -> None:
        """Turn what is typed into events, until told to end or there is nobody left to type."""
        parser = XTermParser(self._debug)
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        while not self.exit_event.is_set():
            if select.select([self.fileno], [], [], _PATIENCE)[0]:
                data = self._read()
                if not data:
                    self._hung_up()
                    break
                if text := decode(data):  # none where a character is still on its way
                    self._tell(parser.feed(text))
            self._tell(parser.tick())
        with contextlib.suppress(EOFError, ParseError):
            list(parser.feed(""))

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""

    def _tell(self, messages: Any) -> None:
        for message in messages:
            self.process_message(message)


def driver_on(descriptor: int, kind: type[Driver]) -> type[Driver]:
    """A driver of this kind that draws on this descriptor, and is safe."""
    return type("GuardedDriver", (SafeDriver, kind), {"output": descriptor})
