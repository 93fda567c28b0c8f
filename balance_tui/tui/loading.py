"""What is done behind the screen: reading, evaluating, preparing. Threads post messages and touch no widget."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.message import Message

from ..errors import BalanceError
from ..language import Language, Text, language_in_use
from ..request import Request

if TYPE_CHECKING:
    from textual.app import App

    from ..data.mapping import Mapping
    from .study import Study
    from .where import Where

SAYS_EVERY = 0.2
"""Seconds between two words about progress."""


class Answer(Message):
    """What the loader tells of one turn; of turn 0 it is always heard."""

    turn = 0
    language: Language | None = None

    @property
    def is_current(self) -> bool:
        """Whether it was made in the language that is in use now."""
        return self.language in (None, language_in_use())


class Opened(Answer):
    """The data has been read and evaluated, or evaluated under another `standard`; views are prepared."""

    def __init__(self, study: Study, standard: str | None = None) -> None:
        self.study, self.standard = study, standard
        super().__init__()


class Failed(Answer):
    """It could not be done; `error` says why. `switching` is True where the study at hand is still good."""

    def __init__(self, error: BalanceError, *, switching: bool = False) -> None:
        self.error, self.switching = error, switching
        super().__init__()


class Broken(Message):
    """Something happened that should not be able to."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        super().__init__()


class Progressed(Answer):
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
        """Whether an answer is waited for; set on the app's thread alone."""
        self._lock = threading.Lock()
        self._learned: Study | None = None
        self._asked: set[Where] = set()
        self._learning = False

    @property
    def waits(self) -> bool:
        """Whether the data is being read, or will be."""
        return self.busy or not self._turn

    def cancel(self) -> None:
        """Let go of what is being done; it ends at its next step and tells nobody."""
        self._turn += 1
        self.busy = False

    def is_late(self, answer: Answer) -> bool:
        """Whether nobody waits any longer for what is told."""
        return answer.turn not in (0, self._turn)

    def takes(self, answer: Answer) -> bool:
        """Whether this is what was waited for; then nothing more is being done."""
        if self.is_late(answer):
            return False
        self.busy = False
        return True

    def open(self, request: Request, mapping: Mapping | None = None, switched: str | None = None) -> None:
        """Read and evaluate, where it was `switched` under that standard; answers `Opened` or `Failed`."""

        def work(turn: int) -> Message:
            from .study import open_study
            from .views import prepare

            study = open_study(request, self._progress(turn), mapping)
            if switched is not None:
                study = study.under(study.load(switched))
                _ = study.result
            self._say(turn, Text("整理各屏", "preparing the screens"))
            study.get_ready(prepare)
            return Opened(study)

        self._start(work, Failed)

    def switch(self, study: Study, standard: str) -> None:
        """Evaluate under another standard; answers `Opened` or `Failed`, at once where it is all there."""
        ready = study.ready_under(standard)
        if ready is not None:
            self._turn += 1
            self.busy = True
            answer = Opened(ready, standard)
            answer.turn, answer.language = self._turn, language_in_use()
            self._app.post_message(answer)
            return

        def work(turn: int) -> Message:
            from .views import prepare

            self._say(turn, Text(f"按 {standard} 评估", f"evaluating under {standard}"))
            other = study.under(study.load(standard))
            other.get_ready(prepare)
            return Opened(other, standard)

        self._start(work, lambda error: Failed(error, switching=True))

    def ask_plugin(self, study: Study, place: Where) -> None:
        """Ask a plugin for its view of a place, once; answers `Known`. A plugin that hangs keeps its thread, and nothing
        else."""
        from .views.panel import fetch, waits

        if place in self._asked or not waits(study, place):
            return
        self._asked.add(place)

        def run() -> None:
            try:
                fetch(study, place)
            except Exception as error:  # noqa: BLE001 - as in `_start`
                self._app.post_message(Broken(error))
            else:
                self._app.post_message(Known())
            finally:
                self._asked.discard(place)

        threading.Thread(target=run, daemon=True, name="panel").start()

    def learn(self, study: Study) -> None:
        """Evaluate under the installed standards that nobody waits for; answers `Known` after each. A study told of
        later takes the place of the one before."""
        with self._lock:
            self._learned = study
            if self._learning:
                return
            self._learning = True
        threading.Thread(target=self._learn, daemon=True, name="learn").start()

    def _learn(self) -> None:
        from .views import prepare
        from .views.switch import missing

        refused: set[tuple[int, str]] = set()
        while (study := self._learned) is not None:
            name = next((each for each in missing(study) if (id(study), each) not in refused), None)
            if name is None:
                if self._learns_no_more(study):
                    return
                continue
            try:
                study.under(study.load(name)).get_ready(prepare)
            except BalanceError:
                refused.add((id(study), name))
            except Exception as error:  # noqa: BLE001 - as in `_start`
                self._app.post_message(Broken(error))
                return
            else:
                self._app.post_message(Known())

    def _learns_no_more(self, study: Study) -> bool:
        """Leave off, unless there is another study meanwhile."""
        with self._lock:
            if self._learned is study:
                self._learned, self._learning = None, False
        return self._learned is None

    def _start(self, work: Callable[[int], Message], failed: Callable[[BalanceError], Message]) -> None:
        self._turn += 1
        self.busy = True
        turn, language = self._turn, language_in_use()

        def run() -> None:
            answer: Message
            try:
                answer = work(turn)
            except BalanceError as error:
                answer = failed(error)
            except Cancelled:
                return
            except Exception as error:  # noqa: BLE001 - raised again where the app can end in good order
                answer = Broken(error)
            if isinstance(answer, Answer):
                answer.turn, answer.language = turn, language
            if turn == self._turn:
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
            told = Progressed(text)
            told.turn = turn
            self._app.post_message(told)
