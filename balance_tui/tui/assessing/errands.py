"""What takes long and records nothing, done behind the screen: it tells how far it is, and can be stopped.

An errand reads the workspace through a connection of its own, so that nobody's saving waits for it.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from ...errors import BalanceError
from ...language import Text
from ..cells import shown, wrapped
from ..loading import Broken, Cancelled
from ..table.sheet import Cell, Column, ListSheet
from ..view import TablePane, View

if TYPE_CHECKING:
    from ...reading import Progress
    from ..app import BalanceApp
    from ..where import Where
    from .verifying import Verification

T = TypeVar("T")

AFTER, EVERY = 0.5, 0.2
"""Seconds after which it is told how far an errand is, and between two such words."""
_EDGE = 3
"""Cells of a line that words do not stand in."""
_WORDS = (Column("words", Text("说明", "about it"), least=20, most=400, stretch=True),)


@dataclass(frozen=True)
class Made:
    """What came of an errand: a file, told in one line, and in `lines` everything there is to say of it."""

    title: Text
    told: Text
    lines: Sequence[Text]


@dataclass
class Errands:
    """What a sitting has under way, and what came of it: files made, the last verification."""

    running: list[Errand] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)
    verification: Verification | None = None


class Errand:
    """One thing under way; `tell` says how far it is, on the app's thread."""

    def __init__(self, app: BalanceApp, label: Text, tell: Callable[[Text], None]) -> None:
        self.label, self.stopped = label, False
        self._app, self._tell, self._begun = app, tell, app.where
        self._next = time.monotonic() + AFTER

    def step(self, done: int, total: int, name: str) -> None:
        """Say how far it is, now and then. Errors: `Cancelled` once it was stopped."""
        if self.stopped:
            raise Cancelled
        now = time.monotonic()
        if now >= self._next:
            self._next = now + EVERY
            count = f" {done}/{total}" if total > 1 else ""
            self.post(
                partial(self.tell, Text(f"{self.label.zh}{count} {name}", f"{self.label.en}{count} {name}"))
            )

    def tell(self, text: Text) -> None:
        """Say how far it is, unless it is over."""
        if self in self._app.at_desk.errands.running:
            self._tell(text)

    def post(self, then: Callable[[], None]) -> None:
        """Have something done on the app's thread; where the app has ended meanwhile, nothing."""
        with contextlib.suppress(RuntimeError):
            if self._app.is_running:
                self._app.call_later(_answered, self._app, then)

    def is_seen(self, at: Where) -> bool:
        """Whether the person still stands where it was begun, and does nothing else."""
        return at == self._begun and not self._app.typing


def begin(
    app: BalanceApp,
    label: Text,
    work: Callable[[Progress], T],
    then: Callable[[Errand, T], None],
    failed: Callable[[BalanceError], None] | None = None,
    tell: Callable[[Text], None] | None = None,
) -> Errand:
    """Do `work` on a thread of its own, then `then` with what came of it on the app's thread. A `BalanceError` is told
    unless `failed` takes it; any other exception ends the app as one on the screen would."""
    errand = Errand(app, label, tell or app.say)
    running = app.at_desk.errands.running
    running.append(errand)
    app.set_timer(AFTER, partial(errand.tell, Text(f"{label.zh}…", f"{label.en}…")))

    def over(told: Callable[[], None]) -> None:
        if errand in running:
            running.remove(errand)
            told()

    def run() -> None:
        try:
            result = work(errand.step)
        except BalanceError as error:
            errand.post(partial(over, partial(failed or app.tell_error, error)))
        except Cancelled:
            return
        except Exception as error:  # noqa: BLE001 - raised again where the app can end in good order
            app.post_message(Broken(error))
        else:
            errand.post(partial(over, partial(then, errand, result)))

    threading.Thread(target=run, daemon=True, name="errand").start()
    return errand


def _answered(app: BalanceApp, then: Callable[[], None]) -> None:
    try:
        then()
    except BalanceError as error:
        app.tell_error(error)


def stop(app: BalanceApp) -> None:
    """Leave off what was begun last; it ends at its next step and tells nobody."""
    running = app.at_desk.errands.running
    if running:
        errand = running.pop()
        errand.stopped = True
        app.say(Text(f"已停止: {errand.label.zh}", f"stopped: {errand.label.en}"))
        if app.where.view == "verify":
            app.again()


def finished(app: BalanceApp, errand: Errand, made: Made) -> None:
    """A file has been made: all of it is told where the person waits for it, else in one line; it stays on the screen of
    the workspace."""
    app.at_desk.errands.made.append(made)
    if errand.is_seen(app.where):
        show_made(app, made)
    app.say(made.told)


def show_made(app: BalanceApp, made: Made) -> None:
    """Everything there is to say of a file."""
    words(app, made.title, made.lines)


def words(app: BalanceApp, title: Text, lines: Sequence[Text]) -> None:
    """A page of words, each line wrapped into what room there is."""
    room = max(app.size.width - _EDGE, 20)
    rows = [part for line in lines for part in wrapped(shown(str(line)), room)]
    sheet = ListSheet(
        _WORDS, tuple((Cell(row),) for row in rows), tuple({"_key": at} for at in range(len(rows)))
    )
    app.put_aside(View(title, (TablePane("words", title, sheet, counted=Text("行", "lines")),)), narrow=False)
