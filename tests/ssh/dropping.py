"""How the line of somebody who has logged in comes to an end that nobody wanted."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable

from tests.tui.terminal import Terminal

from .line import Line
from .processes import app_of, session_of
from .server import Server

KINDS = ("client", "server", "reset", "hangup", "silence")
"""How a line drops: SIGKILL to the client, to the server's process, a broken connection, SIGHUP to the app, and a line
over which nothing comes any more while the person gives up on it."""


class Drop:
    """The end of a line, at once or after a while. Without a kind it never comes."""

    def __init__(self, one: Server, user: str, terminal: Terminal, line: Line, kind: str | None) -> None:
        acts: dict[str, Callable[[], None]] = {
            "client": self._kill_client, "server": self._kill_server, "reset": line.reset, "hangup": self._hang_up,
            "silence": self._fall_silent,
        }  # fmt: skip
        self._server, self._user, self._terminal, self._line = one, user, terminal, line
        self._act = acts[kind] if kind else None
        self._timer: threading.Timer | None = None

    @property
    def is_on_its_way(self) -> bool:
        """Whether it has come, or is about to."""
        return self._timer is not None

    def after(self, seconds: float) -> None:
        """It comes after so many seconds, whatever the person does meanwhile."""
        assert self._act
        assert self._timer is None
        self._timer = threading.Timer(seconds, self._act)
        self._timer.start()

    def wait(self) -> None:
        """Until it has come."""
        if self._timer is not None:
            self._timer.join()

    def _kill_client(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._terminal.kill(signal.SIGKILL)

    def _kill_server(self) -> None:
        self._signal(session_of(self._server, self._user), signal.SIGKILL)

    def _hang_up(self) -> None:
        self._signal(app_of(self._server, self._user), signal.SIGHUP)

    def _signal(self, pid: int | None, number: signal.Signals) -> None:
        """To a process on the server's side; where there is none yet, the client goes."""
        try:
            if pid is not None:
                os.kill(pid, number)
                return
        except ProcessLookupError:
            pass
        self._kill_client()

    def _fall_silent(self) -> None:
        self._line.fall_silent()
        time.sleep(0.3)
        self._kill_client()
