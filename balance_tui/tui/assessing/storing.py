"""What touches the store is done on a thread of its own, one thing after another; the app's thread never waits for it.

How data flow, so that no lock is needed between the two threads:

- The desk acts, refreshes, takes back and looks on the store thread alone, in the order it was asked to: nothing is
  appended twice, and what is taken back is what was done last. Who is here is read and told there too.
- `desk.state` is never changed, only replaced as a whole by the state after more events (`State.after`). The app's
  thread reads it at any time and sees the workspace as it stood after some event, never half of one. What is read
  twice may have gone on between: whoever needs two things of one moment takes `session.one` once.
- `work` is given what it needs when it is asked for, and reads nothing of the screen or the session that may be
  otherwise by the time it is done: another assessment may be open then.
- What came of it goes back by `then` or `failed`, on the app's thread, in the same order. "Saved" is said only there,
  behind the append that put it on disk.
- Text being typed has a thread of its own (`session.keeping`): it is kept also while the store is busy.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from ...errors import BalanceError
from ...language import Text
from ..cells import shown
from ..view import Line, Piece

if TYPE_CHECKING:
    from ..app import BalanceApp

T = TypeVar("T")

SLOW = 0.3
"""Seconds after which it is said that something is being recorded."""
SAVING = Text("正在保存…", "saving…")
_LEAVING = Text(
    "正在保存, 存好即退出; 再按则不再等, 没有存好的下次再问",
    "saving, then leaving; once more leaves at once, and what is not saved is offered next time",
)


class OneByOne:
    """Does one thing after another, on one thread at a time; where nothing is to be done there is no thread. What is to
    be done raises nothing."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._rests = threading.Condition(self._lock)
        self._waiting: deque[Callable[[], None]] = deque()
        self._runs = False

    @property
    def busy(self) -> bool:
        """Whether something is being done, or waits."""
        return self._runs

    def put(self, job: Callable[[], None]) -> None:
        """Do this behind what was asked for before."""
        with self._lock:
            self._waiting.append(job)
            if self._runs:
                return
            self._runs = True
        threading.Thread(target=self._run, daemon=True, name=self._name).start()

    def wait(self, seconds: float) -> None:
        """Until nothing is to be done, at most so long."""
        with self._lock:
            self._rests.wait_for(lambda: not self._runs, seconds)

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._runs = False
                    self._rests.notify_all()
                    return
                job = self._waiting.popleft()
            job()


class Storing(OneByOne):
    """The store thread of a session, and what the app's thread knows of it: what is being recorded, whether that takes
    long, and whether the app is to end behind it."""

    def __init__(self) -> None:
        super().__init__("store")
        self._number = 0
        self._recording: set[int] = set()
        self.is_late = self.is_leaving = False

    @property
    def is_saving(self) -> bool:
        """Whether something is being recorded of which it is not known yet that it is on disk."""
        return bool(self._recording)

    def begin(self, app: BalanceApp) -> int:
        """Something is to be recorded; its number."""
        self._number += 1
        self._recording.add(self._number)
        app.set_timer(SLOW, partial(self._still, app, self._number))
        return self._number

    def end(self, number: int) -> None:
        """It is recorded, or refused."""
        self._recording.discard(number)
        self.is_late = self.is_late and self.is_saving

    def _still(self, app: BalanceApp, number: int) -> None:
        if number in self._recording:
            self.is_late = True
            app.unsay()


def store(
    app: BalanceApp,
    work: Callable[[], T],
    then: Callable[[T], None],
    failed: Callable[[BalanceError], None] | None = None,
    *,
    saving: bool = True,
) -> None:
    """Do `work` on the store thread, then `then` with what came of it on the app's thread. A `BalanceError` is told
    unless `failed` takes it; any other exception ends the app as one on the screen would. `saving` is False where
    nothing is recorded: then nobody is told that something is being saved, and leaving the app does not wait."""
    storing = app.at_desk.storing
    number = storing.begin(app) if saving else 0

    def job() -> None:
        told: Callable[[], None]
        try:
            result = work()
        except BalanceError as error:
            told = partial(_refused, app, number, error, failed)
        except Exception as error:  # noqa: BLE001 - raised again where the app can end in good order
            on_app(app, _broken, error)
            return
        else:
            told = partial(then, result)
        on_app(app, _answered, app, number, told)

    storing.put(job)


def on_app(app: BalanceApp, call: Callable[..., object], *arguments: object) -> None:
    """From another thread: do this on the app's, behind what waits there. Where the app has ended nobody is told."""
    with contextlib.suppress(RuntimeError):
        if app.is_running:
            app.call_later(call, *arguments)


def _broken(error: Exception) -> None:
    raise error


def _refused(
    app: BalanceApp, number: int, error: BalanceError, failed: Callable[[BalanceError], None] | None
) -> None:
    if number:
        app.at_desk.storing.is_leaving = False
    (failed or app.tell_error)(error)


def _answered(app: BalanceApp, number: int, told: Callable[[], None]) -> None:
    storing = app.at_desk.storing
    was_late = storing.is_late
    storing.end(number)
    try:
        told()
    except BalanceError as error:
        app.tell_error(error)
    if was_late and not storing.is_late:
        app.describe()
    if storing.is_leaving and not storing.is_saving:
        _exit(app)


def saving_line(app: BalanceApp) -> Line:
    """For the message line: that something is being recorded, where that takes long."""
    late = app.session is not None and app.session.storing.is_late
    return (Piece(f"{shown(str(SAVING))} ", "message"),) if late else ()


def ask_to_store(
    app: BalanceApp,
    question: Text,
    initial: str,
    checked: Callable[[str], Callable[[], T]],
    then: Callable[[T], None],
    changed: Callable[[str], object] | None = None,
    offered: str | None = None,
) -> None:
    """Ask for a line of text and do on the store thread what `checked` makes of it, then `then`. `checked` runs on the
    app's thread and raises where the text cannot be meant; where the store refuses, the same is asked again with the
    text as it was typed, and why is said. `offered` is what was typed before the line dropped."""

    def given(text: str) -> None:
        store(app, checked(text), then, partial(again, text))

    def again(text: str, error: BalanceError) -> None:
        if not app.typing:
            ask(text)
            app.screen.add_class("mistyped")
        app.tell_error(error)

    def ask(text: str) -> None:
        app.ask(question, text, given, changed)
        if app.asked:
            app.asked.initial = initial

    ask(initial if offered is None else offered)


def leave(app: BalanceApp) -> None:
    """End the app once what is being recorded is on disk; who asks again does not wait for it."""
    storing = app.session.storing if app.session is not None else None
    if storing is None or not storing.is_saving or storing.is_leaving:
        _exit(app)
        return
    storing.is_leaving = True
    app.say(_LEAVING)


def _exit(app: BalanceApp) -> None:
    """Others see at once that one is gone, whatever is still being computed here."""
    if app.session is not None:
        app.session.storing.put(app.session.presence.leave)
    app.exit(0)
