"""Calls into code that is not ours: ended by an alarm, or left behind in a thread, where they take too long.

On the main thread (the command line) an alarm ends the call. Elsewhere (the app works in threads) nothing can end it:
it runs in a daemon thread of its own, which is left behind and does not keep the program from quitting.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from itertools import count
from types import FrameType
from typing import TypeVar

T = TypeVar("T")

STOPPED, INTERRUPTED = 4, 130
"""Exit codes of a program that a plugin would not let go on."""

SECONDS = "BALANCE_TUI_PLUGIN_SECONDS"
"""Names how long one call of a hook may take."""

_PATIENCE = 30.0
_AGAIN = 0.5
_SWALLOWED = 4
"""How often a call may swallow the alarm, or ctrl+c, before the program ends for its sake."""


class TooLong(BaseException):
    """The call did not come back in time; no `except Exception` of a plugin stops it."""


class Interrupted(BaseException):
    """The person pressed ctrl+c while the call ran."""


def patience() -> float:
    """Seconds that one call may take."""
    try:
        seconds = float(os.environ.get(SECONDS, _PATIENCE))
    except ValueError:
        return _PATIENCE
    return seconds if 0 < seconds < 86400 else _PATIENCE


def limited(call: Callable[[], T], *, quiet: bool = True, last: Callable[[], object] = lambda: None) -> T:
    """What `call` returns or raises. Errors: `TooLong` after `patience`, `Interrupted`. What a `quiet` one prints goes
    to standard error, for standard output may be JSON. On the main thread nothing but the end of the program ends
    a call that goes on swallowing both: then `last` says so."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "setitimer"):
        return _left_behind(call, patience())
    with _alarm(patience(), last), _silenced(quiet):
        return call()


@contextmanager
def _silenced(quiet: bool) -> Iterator[None]:
    if not quiet:
        yield
        return
    with redirect_stdout(sys.stderr):
        yield


@contextmanager
def _alarm(seconds: float, last: Callable[[], object]) -> Iterator[None]:
    """While the block runs an alarm ends it, again and again should it be swallowed; ctrl+c is told from a
    `KeyboardInterrupt` that the code raises itself."""

    armed, alarms, keys = True, count(1), count(1)

    def too_long(_signal: int, _frame: FrameType | None) -> None:
        if armed:
            _or_end(alarms, last, STOPPED)
            raise TooLong

    def interrupted(_signal: int, _frame: FrameType | None) -> None:
        _or_end(keys, last, INTERRUPTED)
        raise Interrupted

    before = signal.signal(signal.SIGALRM, too_long), signal.signal(signal.SIGINT, interrupted)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
        yield
    finally:
        armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before[0])
        signal.signal(signal.SIGINT, before[1])


def _or_end(times: Iterator[int], last: Callable[[], object], code: int) -> None:
    """End the program where this has been swallowed too often."""
    if next(times) > _SWALLOWED:
        try:
            last()
        finally:
            os._exit(code)


def _left_behind(call: Callable[[], T], seconds: float) -> T:
    returned: list[T] = []
    raised: list[BaseException] = []

    def work() -> None:
        try:
            returned.append(call())
        except BaseException as error:  # noqa: BLE001 - the wall around a plugin: told by the thread that waits
            raised.append(error)

    thread = threading.Thread(target=work, name="plugin", daemon=True)
    thread.start()
    thread.join(seconds)
    if raised:
        raise raised[0]
    if not returned:
        raise TooLong
    return returned[0]
