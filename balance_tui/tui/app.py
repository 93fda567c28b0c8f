"""The app: keys become actions, and what the background has done is shown. What can be done is in `doing/`, what is
shown in `views/`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual import events

from ..errors import BalanceError
from ..language import Language, Text, use_language
from ..request import Request
from . import describing
from .actions import FULL_WIDTH, REGISTRY, Action
from .assessing.inside import is_outside, refused
from .cells import shown
from .doing.moving import jump_to
from .loading import Broken, Failed, Known, Opened, Progressed
from .places import Places
from .table.sheet import SheetState
from .table.widget import Table

if TYPE_CHECKING:
    from ..data.mapping import Mapping as HeaderMapping
    from .asking import Asked
    from .assessing.loader import Followed, Tried
    from .study import Study


class BalanceApp(Places):
    """The terminal app on one request."""

    def on_mount(self) -> None:
        """Show what is remembered, and begin to read."""
        self.lay_out()
        if self.opening:
            self.put(self.opening.view())
        self.describe()
        if self.session is not None:
            from .assessing import following

            following.begin(self, self.session)
        # The first frame is painted before anything heavy is imported.
        self.call_after_refresh(self.loader.open, self.request)

    # Keys

    async def on_event(self, event: events.Event) -> None:
        """Keys go to the line being typed, or else to the action they stand for; nothing else takes them."""
        if isinstance(event, events.Paste) and not event.is_forwarded:
            if self.asked is not None:
                self.asked.prompt.on_paste(event)
                self._typed(self.asked)
            elif self.session is not None:
                self._pasted(event.text)
            return
        if isinstance(event, events.Key) and not event.is_forwarded:
            if self.session is not None:
                self.session.pressed = time.monotonic()
            await self.laid_out()
            if self.asked is not None and not self._leaves_prompt(event.key):
                event.stop()
                await self._type(event, self.asked)
            else:
                event.stop()
                self.press(event)
            return
        await super().on_event(event)

    async def _type(self, event: events.Key, asked: Asked) -> None:
        """A key of the line being typed, which need not have its place on the screen yet. It is done before the next is
        looked at: over a slow line several come at once, and some are meant for what the answer brings."""
        if event.key == "enter":
            from .asking import answer

            self._message = None
            answer(self, asked.prompt.value)
        else:
            await asked.prompt.take(event)
            self._typed(asked)

    def _pasted(self, text: str) -> None:
        """A block for the cells of an assessment."""
        from .assessing.blocks import paste

        try:
            paste(self, text)
        except BalanceError as error:
            self.tell_error(error)

    def _typed(self, asked: Asked) -> None:
        """What the line now reads holds for the next key: Textual would tell of it behind the keys that wait."""
        if asked.prompt.value != asked.read:
            from .asking import changed

            asked.read = asked.prompt.value
            changed(self, asked)

    def _leaves_prompt(self, key: str) -> bool:
        return key in ("escape", "up", "down", "pageup", "pagedown", "ctrl+c")

    def press(self, event: events.Key) -> None:
        """Do what a key stands for in this place."""
        key = FULL_WIDTH.get(event.character or "", event.key)
        self._message = None
        if self.jumping:
            jump_to(self, key)
        elif self.typing:
            from .asking import press

            press(self, key)
        elif (found := self.action_of(key)) is not None:
            self.perform(found.id)
        else:
            self.say(describing.no_action(key))

    def action_of(self, key: str) -> Action | None:
        """The action that a key stands for where one is: those of the view before those of the place, and these before
        those of everywhere."""
        here = "explain" if self.in_explanation else "table"
        found = [REGISTRY[name] for name, keys in self.keymap.items() if key in keys and name in REGISTRY]
        there = [each for each in found if each.stands_in(self.where.view, here)]
        return min(there, key=lambda each: (not each.views, each.place == "everywhere"), default=None)

    def perform(self, name: str) -> None:
        """Do an action by its id, or say why it cannot be done now."""
        found = REGISTRY[name]
        if is_outside(self.session, found):
            self.tell_error(refused(found))
            return
        if found.when is not None and not found.when(self):
            self.say(describing.not_now(self, found))
            return
        try:
            found.act(self)
        except BalanceError as error:
            self.tell_error(error)
        self.settle()

    def on_table_moved(self, message: Table.Moved) -> None:  # noqa: ARG002
        """One stands elsewhere."""
        self.settle()

    # What the background tells

    def switch_standard(self, standard: str) -> None:
        """Put another standard in force, keeping the place."""
        if self.study is None:
            return
        if standard == self.study.standard.id:
            self.say(Text(f"现用标准已是 {standard}", f"{standard} is in force already"))
            return
        if self.where.view in ("switch", "aside"):
            self.back()
        self.loader.switch(self.study, standard)

    def reopen(self, request: Request, mapping: HeaderMapping | None = None) -> None:
        """Read the data anew."""
        self.request = request
        if self.switched is None:
            self.loader.open(request, mapping)
        else:
            self.loader.open(request, mapping, self.switched)

    def on_opened(self, message: Opened) -> None:
        """The result is there: show it where one is, or where one wanted to begin."""
        if not self.loader.takes(message):
            return
        first, drafted = self.study is None, self.draft is not None
        # The language may have changed since the loader began.
        self.study = message.study if message.is_current else message.study.in_new_language()
        self.failure, self.switched = None, message.standard or self.switched
        if message.standard is None:
            self.draft = None
        self._message = self.notices.pop(0) if self.notices else None
        if first:
            self._begin(self.study, drafted=drafted)
        elif self.where not in self.trail.asides:
            self.again()
        self.describe()
        if self.session is not None:
            from .assessing import following

            following.opened(self, message)
        elif not self.study.is_large:
            self.loader.learn(self.study)

    def on_followed(self, message: Followed) -> None:
        """Something was recorded in the assessment, and the figures hold it."""
        from .assessing import following

        following.followed(self, message)

    def on_tried(self, message: Tried) -> None:
        """What would change is known."""
        from .assessing.proposing import tried

        tried(self, message)

    def _begin(self, study: Study, *, drafted: bool) -> None:
        """Show the first result: in the place that was remembered, else where one wanted to begin."""
        from .opening import remember

        begun = describing.beginning(study, self.request)
        kept = self.opening.where if self.opening else begun
        place = kept if kept.view == begun.view and kept.county in (None, *study.counties) else begun
        if self.where in self.trail.asides:
            # One reads the help, or looks for a command: the result waits below it.
            self.trail.places[:1] = [place]
            return
        self.note_standing()
        self.arrive(place)
        if self._message is None:
            self._message = describing.not_found(study, self.request)
        # What was read under a mapping that is in no file cannot be asked for again.
        arranged = self.table is not None and self.table.sheet.state != SheetState()
        if (
            self.session is None
            and not study.result.is_rejected
            and self.view is not None
            and not drafted
            and not arranged
        ):
            remember(self.request, self.where, self.view, describing.heading(self))

    def on_failed(self, message: Failed) -> None:
        """It could not be done: what was there stays; where nothing was, the reason stands alone."""
        if not self.loader.takes(message):
            return
        self.tell_error(message.error)
        if not message.switching:
            from .stopped import stopped

            stopped(self, message.error)

    def on_broken(self, message: Broken) -> None:
        """A mistake of the program in the background ends it like one on the screen."""
        raise message.error

    def on_progressed(self, message: Progressed) -> None:
        """How far it is."""
        if not self.loader.is_late(message):
            self.say(message.text)

    def on_known(self, message: Known) -> None:  # noqa: ARG002
        """A standard nobody waited for has been evaluated, or a plugin has answered."""
        if self.where.view in ("switch", "compare", "panel"):
            self.again()

    # How it looks

    def use(self, language: Language) -> None:
        """Show everything in another language."""
        use_language(language)
        shown.cache_clear()
        if self.study is not None:
            self.study = self.study.in_new_language()
        self.again()
        self.redraw()
