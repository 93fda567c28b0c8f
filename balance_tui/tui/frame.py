"""The frame of the app: its lines and panes, how they share the screen, and what is told on them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import App, ComposeResult
from textual.containers import Container
from textual.widget import Widget

from ..errors import BalanceError
from ..language import Text
from ..request import Request
from . import describing
from .actions import REGISTRY
from .doing import load_all
from .driver import ThriftyDriver
from .footing import footer
from .loading import Loader
from .table.widget import Table
from .trail import Trail
from .view import View
from .where import County, Where, where
from .widgets.bars import Bar
from .widgets.explain_pane import ExplainPane
from .widgets.panes import Panes
from .widgets.sentence import Sentence

if TYPE_CHECKING:
    from .app import BalanceApp
    from .asking import Asked
    from .assessing.session import Session
    from .mapping_study import MappingDraft
    from .opening import Opening
    from .study import Study

SMALLEST = (60, 20)
"""Columns and lines below which only a sentence is shown."""
BESIDE = 100
"""Columns from which the explanation stands beside the table, not below it."""
ROUNDS, LAYING_OUT = 4, 0.5
"""Drawings, and seconds, after which a layout that has not come to rest is not waited for."""
SETTLED = 0.06
"""Seconds after which what describes the place is drawn, so that a key held down draws it once."""


def _loader(app: App[int], session: Session | None) -> Loader:
    """What reads files, or what the session has open."""
    if session is None:
        return Loader(app)
    from .assessing.loader import FileLoader

    return FileLoader(app, session)


class Frame(App[int], inherit_bindings=False):
    """Everything on the screen, and the state that it shows. `opening` is what the same request showed last time;
    `keymap` gives the keys of actions that differ from their own; `notices` are told at the start. `session` is the
    sitting of a person at a workspace, where the app was opened on one."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    CSS = """
    #heading { height: 2; } #message, #footer { height: 1; } #middle { height: 1fr; } Panes { height: 1fr; width: 1fr; }
    Table, Drawn { height: 1fr; } ExplainPane { height: 1fr; width: 1fr; display: none; }
    #middle.beside { layout: horizontal; } #middle.below ExplainPane { height: 1fr; }
    #sentence { display: none; height: 1fr; } .alone #sentence { display: block; }
    .alone #heading, .alone #middle, .alone #message, .alone #footer { display: none; }
    .stopped #sentence { display: block; } .stopped #middle { display: none; }
    .typing #message { display: none; } .typing.mistyped #message { display: block; }
    """

    def __init__(
        self,
        request: Request,
        opening: Opening | None = None,
        keymap: Mapping[str, tuple[str, ...]] | None = None,
        notices: Sequence[Text] = (),
        session: Session | None = None,
    ) -> None:
        super().__init__(ansi_color=True, driver_class=ThriftyDriver)
        load_all()
        self.session = session
        self.request, self.opening, self.notices = request, opening, list(notices)
        self.keymap = {name: each.keys for name, each in REGISTRY.items()} | dict(keymap or {})
        self.loader = _loader(self, session)
        self.study: Study | None = None
        self.draft: MappingDraft | None = None
        self.trail = Trail()
        self.where: Where = opening.where if opening else where("overview")
        self.view: View | None = None
        self._put_in: Where | None = None
        self.switched: str | None = None
        """The standard that was chosen instead of the one asked for at the start."""
        self.failure: BalanceError | None = None
        """Why there is nothing to show, where that is so."""
        self.explaining = self.jumping = False
        self.county: County | None = None
        self.searched = ""
        self.asked: Asked | None = None
        self.is_laid_out = False
        self._message: Text | None = None
        self._error = False
        self._settling = False

    @property
    def whole(self) -> BalanceApp:
        """This app as actions and descriptions know it."""
        return cast("BalanceApp", self)

    # The screen

    def compose(self) -> ComposeResult:
        """Heading, panes and explanation, message, keys; and a sentence that may stand instead."""
        yield Bar(id="heading")
        yield Sentence(id="sentence")
        yield Container(Panes(), ExplainPane(), id="middle")
        yield Bar(id="message")
        yield Bar(id="footer")

    def lay_out(self) -> None:
        """Find the parts of the screen, and arrange them for its size."""
        self.is_laid_out = True
        self.heading, self.message, self.footer = (
            self.query_one(f"#{name}", Bar) for name in ("heading", "message", "footer")
        )
        self.panes, self.explanation = self.query_one(Panes), self.query_one(ExplainPane)
        self.sentence = self.query_one(Sentence)
        self.fit(self.size.width, self.size.height)

    def on_resize(self, event: events.Resize) -> None:
        """Arrange the screen for its size. What the terminal makes of its old lines, only it knows."""
        if not self.is_laid_out:
            return
        self.forget()
        self.fit(event.size.width, event.size.height)
        self.describe()
        self.settle()

    def fit(self, columns: int, lines: int) -> None:
        """A sentence where there is no room; the explanation beside or below the table where there is."""
        small = columns < SMALLEST[0] or lines < SMALLEST[1]
        self.screen.set_class(small, "alone")
        if small:
            self.sentence.say(str(describing.too_small(columns, lines, SMALLEST)))
        elif self.failure is not None:
            self.sentence.say(describing.stopped(self.whole, self.failure))
        self.query_one("#middle").set_class(columns >= BESIDE, "beside")
        self.query_one("#middle").set_class(columns < BESIDE, "below")

    def show_explanation(self, *, display: bool) -> None:
        """Let the explanation stand beside the panes, or not."""
        if self.explanation.display != display:
            self.explanation.display = display
            self.panes.awaits_size = self.panes.is_moving = True

    async def laid_out(self) -> None:
        """Wait until panes stand with their new heights: over a slow line keys come at once, and those that page through
        a list go by what is seen of it."""
        if not self.is_laid_out or not self.panes.is_moving:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(LAYING_OUT):
                for _ in range(ROUNDS):
                    for each in (self.panes, self.explanation, *(table for _, table in self.panes.tables())):
                        await each.wait_for_refresh()
                    if self.panes.is_laid_out:
                        break
        self.panes.is_moving = self.panes.awaits_size = False

    # Telling

    def say(self, text: Text) -> None:
        """Say something on the message line, until the next move."""
        self._message, self._error = text, False
        self.describe()

    def unsay(self) -> None:
        """Take back what was said, so that the message line tells of the place again."""
        self._message = None
        self.describe()

    def tell_error(self, error: BalanceError) -> None:
        """Say what went wrong."""
        said = Text(str(error.what), str(error.what)), error.mend
        self._message = Text(*(f"{said[0][i]}{f'; {said[1][i]}' if said[1] else ''}" for i in (0, 1)))
        if self.session is not None:
            from .assessing.telling import in_short

            self._message = in_short(error, self.session.names) or self._message
        self._error = True
        self.describe()

    def settle(self) -> None:
        """Describe the place once the keys have come to rest."""
        if not self._settling:
            self._settling = True
            self.set_timer(SETTLED, self._settled)

    def _settled(self) -> None:
        self._settling = False
        # An app that ends takes its screens away before its timers.
        if self.screen_stack:
            self.settled()

    def settled(self) -> None:
        """The keys have come to rest."""
        self.describe()

    def describe(self) -> None:
        """Heading, message and keys as they are now."""
        if not self.is_laid_out:
            return
        self.heading.show(*describing.heading(self.whole))
        if self._message is not None:
            self.message.say(str(self._message), "error" if self._error else "message")
        else:
            self.message.show(describing.message(self.whole))
        self.footer.show(footer(self.whole))

    def forget(self) -> None:
        """Whatever is drawn next is written, even where it was written before."""
        if isinstance(self._driver, ThriftyDriver):
            self._driver.screen.forget()

    def redraw(self) -> None:
        """Draw everything anew, as after a change of theme."""
        self.forget()
        for widget in self.query(Widget):
            if isinstance(widget, Table | ExplainPane):
                widget.redraw()
            widget.refresh()
        self.describe()
