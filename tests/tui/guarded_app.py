"""A small app run as the real one is: `python guarded_app.py [FAULT]`. `q` quits with 3, `x` makes the fault.

Faults: `raises`, `raises in a thread`, `panics` (an exception that is no `Exception`), `is told`, `stalls`, `chatters` on
standard error, `lingers` in a thread after the end, `forgets` a task that failed.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time

from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Static

from balance_tui.errors import BalanceError, UsageError
from balance_tui.language import Text
from balance_tui.tui.driver import ThriftyDriver
from balance_tui.tui.guard import guarded


class Panic(BaseException):
    """As polars raises where its engine fails."""


class GuardedApp(App[int]):
    """Shows `ready`, then the last key."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, fault: str = "") -> None:
        super().__init__(driver_class=ThriftyDriver)
        self.fault = fault

    def compose(self) -> ComposeResult:
        yield Static("ready", markup=False)

    def on_key(self, event: events.Key) -> None:
        self.query_one(Static).update(f"key {event.key}")
        if event.key == "q":
            self.exit(return_code=3)
        if event.key == "x":
            self.fail()

    def fail(self) -> None:
        if self.fault == "raises":
            raise RuntimeError("made to fail")
        if self.fault == "raises in a thread":
            threading.Thread(target=self._raise, daemon=True).start()
        if self.fault == "panics":
            raise Panic("made to panic")
        if self.fault == "is told":
            raise UsageError("MADE", Text("有意的错误", "made on purpose"))
        if self.fault == "stalls":
            time.sleep(3600)
        if self.fault == "chatters":
            os.write(2, b"thread '<unnamed>' panicked at somewhere\n")
        if self.fault == "lingers":
            self.run_worker(lambda: time.sleep(3600), thread=True)
        if self.fault == "forgets":
            self._forget()

    def _raise(self) -> None:
        raise RuntimeError("made to fail in a thread")

    def _forget(self) -> None:
        async def fail() -> None:
            raise RuntimeError("made to fail in a task")

        asyncio.get_running_loop().create_task(fail())


if __name__ == "__main__":
    try:
        sys.exit(guarded(GuardedApp(*sys.argv[1:])))
    except BalanceError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
