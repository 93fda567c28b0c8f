"""Reading an assessment behind the screen, and evaluating it again when something was recorded."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...language import Text
from ...request import Request
from ..loading import Answer, Broken, Failed, Loader, Opened
from .session import Session, last_of

if TYPE_CHECKING:
    from textual.app import App
    from textual.message import Message

    from ...data.mapping import Mapping
    from ...errors import BalanceError
    from ...records.state import Assessment
    from ..study import Study
    from ..where import County
    from .effects import Effect
    from .recorded import Recorded


PAINTED = 1.0
"""Seconds after which nobody waits any more for what was tried to stand on the screen."""


class Followed(Answer):
    """An assessment as it stands after something was recorded in it."""

    def __init__(self, study: Study) -> None:
        self.study = study
        super().__init__()


class Tried(Answer):
    """What an assessment would be if something were recorded: `study`, or why that cannot be told."""

    def __init__(
        self, number: int, study: Study | None, effects: Sequence[Effect], error: BalanceError | None = None
    ) -> None:
        self.number, self.study, self.effects, self.error = number, study, effects, error
        self.painted = threading.Event()
        """Set once it stands on the screen."""
        super().__init__()


class FileLoader(Loader):
    """Reads what the session has open."""

    def __init__(self, app: App[Any], session: Session) -> None:
        super().__init__(app)
        self._session = session
        self.is_following = False

    def takes(self, answer: Answer) -> bool:
        """See `Loader`."""
        taken = super().takes(answer)
        self.is_following = self.is_following and not taken
        return taken

    def cancel(self) -> None:
        """See `Loader`."""
        super().cancel()
        self.is_following = False

    def open(
        self, request: Request, mapping: Mapping | None = None, switched: str | None = None,
    ) -> None:  # fmt: skip
        """Read the assessment that is open; where it was looked at under another standard, under that again."""
        _ = request, mapping
        session = self._session
        if session.name is None:
            return
        from .recorded import Recorded, study_of

        one = session.one
        number = last_of(one)

        def work(turn: int) -> Message:
            from ...records.office import open_file
            from ..views import prepare

            file = open_file(session.desk, one.id, self._progress(turn))
            self._say(turn, Text("评估", "evaluating"))
            study = study_of(Recorded(file, one, number))
            if switched is not None:
                study = study.under(study.load(switched))
                _ = study.result
            prepare(study)
            return Opened(study)

        self._start(work, Failed)

    def follow(self, study: Study, one: Assessment) -> None:
        """Evaluate again with what has been recorded; answers `Followed`. Nobody waits for it, so that leaving off
        does not end it."""
        from ..views import prepare
        from .recorded import Recorded, study_of

        recorded = study.recorded
        assert recorded is not None

        def work(turn: int) -> Message:  # noqa: ARG001
            renewed = study_of(Recorded(recorded.file, one, last_of(one)), study)
            prepare(renewed)
            return Followed(renewed)

        self._start(work, Failed)
        self.busy, self.is_following = False, True

    def try_out(self, number: int, study: Study, recorded: Recorded, county: County | None) -> None:
        """Evaluate what would be recorded; answers `Tried` with this number."""
        from ...errors import BalanceError
        from .effects import effects
        from .recorded import study_of

        def run() -> None:
            try:
                tried = study_of(recorded, study)
                answer = Tried(number, tried, effects(study.result, tried.result, county))
            except BalanceError as error:
                self._app.post_message(Tried(number, None, (), error))
            except Exception as error:  # noqa: BLE001 - as in `Loader._start`
                self._app.post_message(Broken(error))
            else:
                self._app.post_message(answer)
                self._get_ready(tried, answer)

        threading.Thread(target=run, daemon=True, name="try").start()

    def _get_ready(self, study: Study, answer: Tried) -> None:
        """Make the screens of what was tried, once what it would change stands on the screen: somebody waits for that
        alone. What nobody waited for any more is not made."""
        from ...errors import BalanceError
        from ..views import prepare

        if not answer.painted.wait(PAINTED):
            return
        try:
            prepare(study)
        except BalanceError:
            return  # It is told where that screen is asked for.
        except Exception as error:  # noqa: BLE001 - as in `Loader._start`
            self._app.post_message(Broken(error))
