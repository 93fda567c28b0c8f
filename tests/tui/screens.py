"""Screens of the app in process: opened on a study at hand, driven by keys, looked at once everything is at rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from balance_tui.data.mapping import Mapping
from balance_tui.request import Request
from balance_tui.tui.app import BalanceApp
from balance_tui.tui.assessing.loader import FileLoader
from balance_tui.tui.loading import Loader, Opened
from balance_tui.tui.study import Study
from balance_tui.tui.where import Where

Size = tuple[int, int]

POLL = 0.005
PATIENCE = 30.0
"""Seconds after which a screen that has not come to rest is a fault."""


class ReadyLoader(Loader):
    """Answers at once with what has been read and evaluated before, and unless it `learns` evaluates nothing that nobody
    waits for: that takes seconds, also of the tests that come after."""

    def __init__(self, app: BalanceApp, study: Study, *, learns: bool = False) -> None:
        super().__init__(app)
        self._study, self._learns = study, learns

    def open(
        self, request: Request, mapping: Mapping | None = None, switched: str | None = None,
    ) -> None:  # fmt: skip
        """What is asked for is there."""
        _ = request, mapping, switched
        self._app.post_message(Opened(self._study))

    def learn(self, study: Study) -> None:
        """Evaluate under the other standards behind the screen, where that is the subject."""
        if self._learns:
            super().learn(study)


class Driven:
    """An app under test; every step ends with the app at rest."""

    def __init__(self, app: BalanceApp, pilot: Pilot[int]) -> None:
        self.app, self._pilot = app, pilot

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            await self._pilot.press(key)
            await self.rest()

    async def type(self, text: str) -> None:
        """Type a text into the line that is asked for."""
        await self.rest()
        await self._pilot.press(*text)
        await self.rest()

    async def go(self, place: Where) -> None:
        """Go to a place as an action does."""
        self.app.go(place)
        await self.rest()

    async def stand(self, column: str, row: int | None = None) -> None:
        """Put the cursor of the table that has the keys into a column."""
        table = self.app.table
        assert table is not None
        keys = [each.key for each in table.sheet.columns]
        table.go(table.row if row is None else row, keys.index(column))
        await self.rest()

    async def rest(self) -> None:
        """Wait until nothing goes on behind the screen, and what describes the place has been drawn."""
        await self.until(lambda: not self._works())
        await self._pilot.pause()
        await self.until(lambda: not self._works())
        await self._pilot.pause()

    def _works(self) -> bool:
        """Whether something is being recorded, or figures are on their way that one waits for or that follow it."""
        session, loader = self.app.session, self.app.loader
        is_saving = session is not None and session.storing.is_saving
        return is_saving or loader.busy or (isinstance(loader, FileLoader) and loader.is_following)

    async def until(self, done: Callable[[], bool]) -> None:
        """Wait for something the app does in its own time."""
        async with asyncio.timeout(PATIENCE):
            # An app that has crashed raises what it crashed with once the test leaves it.
            while self.app._exception is None and not done():
                await asyncio.sleep(POLL)


@asynccontextmanager
async def driven(
    app: BalanceApp, size: Size, study: Study | None = None, *, learns: bool = False
) -> AsyncIterator[Driven]:
    """The app on a screen of so many columns and lines; with a study nothing is read, and nothing evaluated ahead
    unless it `learns`."""
    if study is not None:
        app.loader = ReadyLoader(app, study, learns=learns)
    async with app.run_test(size=size) as pilot:
        screen = Driven(app, pilot)
        await screen.until(
            lambda: app.study is not None or app.screen.has_class("stopped") or app.draft is not None
        )
        await screen.rest()
        yield screen
