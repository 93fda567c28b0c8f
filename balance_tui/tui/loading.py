"""What is done behind the screen: reading, evaluating, preparing. Threads post messages and touch no widget."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.message import Message

from ..errors import BalanceError
from ..language import Text
from ..request import Request

if TYPE_CHECKING:
    from textual.app import App

    from ..data.mapping import Mapping
    from .study import Study

SAYS_EVERY = 0.2
"""Seconds between two words about progress."""


class Opened(Message):
    """The data has been read and evaluated, or evaluated under another standard; views are prepared."""

    def __init__(self, study: Study, *, switched: bool = False) -> None:
        self.study, self.switched = study, switched
        super().__init__()


class Failed(Message):
    """It could not be done; `error` says why. `switching` is True where the study at hand is still good."""

    def __init__(self, error: BalanceError, *, switching: bool = False) -> None:
        self.error, self.switching = error, switching
        super().__init__()


class Broken(Message):
    """Something happened that should not be able to."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        super().__init__()


class Progressed(Message):
    """How far it is."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__()


class Known(Message):
    """Another standard has been evaluated in the background."""


class Cancelled(Exception):
    """The person does not want to wait any longer."""


def _warm() -> None:
    """What the first search would otherwise wait for."""
    from .names import readings

    readings("永")


class Loader:
    """One thing at a time is done in the background; what is asked for later takes the place of what was asked for
    before."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._turn = 0
        self._said = 0.0
        self.busy = False
        self._learning = False

    def cancel(self) -> None:
        """Let go of what is being done; it ends at its next step and tells nobody."""
        self._turn += 1
        self.busy = False

    def open(self, request: Request, mapping: Mapping | None = None) -> None:
        """Read and evaluate; answers `Opened` or `Failed`."""

        def work(turn: int) -> Message:
            from .study import open_study
            from .views import prepare

            study = open_study(request, self._progress(turn), mapping)
            self._say(turn, Text("整理各屏", "preparing the screens"))
            prepare(study)
            return Opened(study)

        self._start(work, Failed)

    def switch(self, study: Study, standard: str) -> None:
        """Evaluate under another standard; answers `Opened` or `Failed`."""

        def work(turn: int) -> Message:
            from .views import prepare

            self._say(turn, Text(f"按 {standard} 评估", f"evaluating under {standard}"))
            other = study.under(study.load(standard))
            _ = other.result
            prepare(other)
            return Opened(other, switched=True)

        self._start(work, lambda error: Failed(error, switching=True))

    def learn(self, study: Study) -> None:
        """Evaluate under the installed standards that nobody waits for; answers `Known` after each."""
        if self._learning:
            return
        self._learning = True

        def work() -> None:
            from .views.switch import missing

            for name in missing(study):
                try:
                    study.result_of(study.load(name))
                except BalanceError:
                    continue
                except Exception as error:  # noqa: BLE001 - as in `_start`
                    self._app.post_message(Broken(error))
                    return
                self._app.post_message(Known())
            self._learning = False

        threading.Thread(target=work, daemon=True, name="learn").start()

    def _start(self, work: Callable[[int], Message], failed: Callable[[BalanceError], Message]) -> None:
        self._turn += 1
        self.busy = True
        turn = self._turn

        def run() -> None:
            try:
                answer = work(turn)
            except BalanceError as error:
                answer = failed(error)
            except Cancelled:
                return
            except Exception as error:  # noqa: BLE001 - raised again where the app can end in good order
                answer = Broken(error)
            if turn == self._turn:
                self.busy = False
                self._app.post_message(answer)
                _warm()

        threading.Thread(target=run, daemon=True, name="load").start()

    def _progress(self, turn: int) -> Callable[[int, int, str], None]:
        def step(done: int, total: int, name: str) -> None:
            if turn != self._turn:
                raise Cancelled
            if total > 1:
                self._say(turn, Text(f"读取 {done}/{total} {name}", f"reading {done}/{total} {name}"))
            elif name:
                self._say(turn, Text(f"读取 {name}", f"reading {name}"))

        return step

    def _say(self, turn: int, text: Text) -> None:
        now = time.monotonic()
        if turn != self._turn:
            raise Cancelled
        if now - self._said >= SAYS_EVERY:
            self._said = now
            self._app.post_message(Progressed(text))
