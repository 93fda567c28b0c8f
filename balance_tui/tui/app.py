"""The app: one screen whose middle shows the view of the place one is in. It keeps the place, hands keys to actions
and shows what the background has done; what can be done is in `doing/`, what is shown in `views/`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import App, ComposeResult
from textual.containers import Container
from textual.widget import Widget

from ..errors import BalanceError
from ..language import Text, use_language
from ..request import Request
from . import describing
from .actions import FULL_WIDTH, REGISTRY, Action
from .cells import shown
from .doing import load_all
from .doing.moving import jump_to
from .driver import ThriftyDriver
from .loading import Broken, Failed, Known, Loader, Opened, Progressed
from .table.sheet import Sheet, arranged
from .table.widget import Table
from .trail import Standing, Trail
from .view import Record, TablePane, View, nowhere
from .views import KINDS, build
from .where import County, Where, where
from .widgets.bars import Bar
from .widgets.explain_pane import ExplainPane
from .widgets.panes import Panes
from .widgets.sentence import Sentence

if TYPE_CHECKING:
    from textual.widgets import Input

    from ..data.mapping import Mapping as HeaderMapping
    from .asking import Asked
    from .mapping_study import MappingDraft
    from .opening import Opening
    from .study import Study

SMALLEST = (60, 20)
"""Columns and lines below which only a sentence is shown."""
BESIDE = 100
"""Columns from which the explanation stands beside the table, not below it."""
LEARNED = 20_000
"""Sections up to which the other standards are evaluated ahead, so that switching to them is at once."""
SETTLED = 0.06
"""Seconds after which what describes the place is drawn, so that a key held down draws it once."""

Picked = Callable[[Record], object]


class BalanceApp(App[int], inherit_bindings=False):
    """The terminal app on one request. `opening` is what the same request showed last time; `keymap` gives the keys
    of actions that differ from their own; `notices` are told at the start."""

    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    CSS = """
    #heading { height: 2; } #message, #footer { height: 1; } #middle { height: 1fr; } Panes { height: 1fr; width: 1fr; }
    Table, Drawn { height: 1fr; } ExplainPane { height: 1fr; width: 1fr; display: none; }
    #middle.beside { layout: horizontal; } #middle.below ExplainPane { height: 1fr; }
    #sentence { display: none; height: 1fr; } .alone #sentence { display: block; }
    .alone #heading, .alone #middle, .alone #message, .alone #footer { display: none; }
    .stopped #sentence { display: block; } .stopped #middle { display: none; }
    .typing #message { display: none; }
    """

    def __init__(
        self,
        request: Request,
        opening: Opening | None = None,
        keymap: Mapping[str, tuple[str, ...]] | None = None,
        notices: Sequence[Text] = (),
    ) -> None:
        super().__init__(ansi_color=True, driver_class=ThriftyDriver)
        load_all()
        self.request, self.opening, self.notices = request, opening, list(notices)
        self.keymap = {name: each.keys for name, each in REGISTRY.items()} | dict(keymap or {})
        self.loader = Loader(self)
        self.study: Study | None = None
        self.draft: MappingDraft | None = None
        self.trail = Trail()
        self.where: Where = opening.where if opening else where("overview")
        self.view: View | None = None
        self.explaining = self.jumping = False
        self.county: County | None = None
        self.searched = ""
        self.asked: Asked | None = None
        self._message: Text | None = None
        self._error = False
        self._settling = False

    # The screen

    def compose(self) -> ComposeResult:
        """Heading, panes and explanation, message, keys; and a sentence that may stand instead."""
        yield Bar(id="heading")
        yield Sentence(id="sentence")
        yield Container(Panes(), ExplainPane(), id="middle")
        yield Bar(id="message")
        yield Bar(id="footer")

    def on_mount(self) -> None:
        """Show what is remembered, and begin to read."""
        self.heading, self.message, self.footer = (
            self.query_one(f"#{name}", Bar) for name in ("heading", "message", "footer")
        )
        self.panes, self.explanation = self.query_one(Panes), self.query_one(ExplainPane)
        self.sentence = self.query_one(Sentence)
        self.fit(self.size.width, self.size.height)
        if self.opening:
            self.put(self.opening.view())
        self.describe()
        # The first frame is painted before anything heavy is imported.
        self.call_after_refresh(self.loader.open, self.request)

    def on_resize(self, event: events.Resize) -> None:
        """Arrange the screen for its size."""
        self.fit(event.size.width, event.size.height)
        self.describe()

    def fit(self, columns: int, lines: int) -> None:
        """A sentence where there is no room; the explanation beside or below the table where there is."""
        small = columns < SMALLEST[0] or lines < SMALLEST[1]
        self.screen.set_class(small, "alone")
        if small:
            self.sentence.say(str(describing.too_small(columns, lines, SMALLEST)))
        self.query_one("#middle").set_class(columns >= BESIDE, "beside")
        self.query_one("#middle").set_class(columns < BESIDE, "below")

    # Places

    def go(self, place: Where, *, keep: bool = True) -> None:
        """Go to a place; `keep` false takes the place of the present one."""
        if self.study is None:
            return
        if self.view is not None:
            self.note_standing()
            if keep and self.where != place:
                self.trail.leave(self.where)
        self.show(place)

    def back(self) -> bool:
        """Go back to where one came from; False where there is no such place."""
        self.note_standing()
        place = self.trail.back()
        if place is None:
            return False
        self.show(place)
        return True

    def show(self, place: Where) -> None:
        """Show a place as it is now. What cannot be shown is said, and one stays where one was."""
        study = self.study
        if study is None:
            if self.opening:
                self.where = self.opening.where
                self.put(self.opening.view())
            return
        if place.county is not None:
            self.county = place.county
        elif place.view in KINDS and KINDS[place.view].of_county:
            place = Where(place.view, self.county or study.counties[0], place.detail)
        try:
            view = build(study, place)
        except BalanceError as error:
            self.tell_error(error)
            return
        self.where = place
        self.put(view)
        if place.view == "switch":
            self.loader.learn(study)

    def put(self, view: View) -> None:
        """Show a view, each table as it was left in this place."""
        self.view = view
        self.screen.remove_class("stopped")
        self.panes.show(view)
        left = self.trail.standings.get(self.where, {})
        for pane, table in self.panes.tables():
            self._stand(pane, table, left.get(pane.id))
        self.panes.share_out()
        tables = self.panes.tables()
        wanted = self.trail.focused.get(self.where)
        first = next((table for pane, table in tables if pane.id == wanted), tables[0][1] if tables else None)
        if first is not None and not self.typing:
            first.focus()
        self.settle()

    def _stand(self, pane: TablePane, table: Table, left: Standing | None) -> None:
        sheet = arranged(pane.sheet, left.state) if left else pane.sheet
        keys = [column.key for column in sheet.columns]
        row, column = 0, 0
        if left:
            found = sheet.row_of(left.key)
            row = left.row if found is None else found
            column = keys.index(left.column) if left.column in keys else 0
        elif pane.cursor:
            key, name = pane.cursor
            row = sheet.row_of(key) or 0
            column = keys.index(name) if name in keys else 0
        table.show(sheet, row, column)

    def note_standing(self) -> None:
        """Remember where one stands in every table of this place."""
        standings = {
            pane.id: Standing(
                table.sheet.state,
                table.sheet.key(table.row) if table.sheet.height else None,
                table.row,
                table.column.key if table.column else "",
            )
            for pane, table in self.panes.tables()
        }
        self.trail.note(self.where, standings, self.pane.id if self.pane else "")

    def again(self) -> None:
        """Show the present place anew, as after a change of standard or language."""
        self.note_standing()
        self.show(self.where)

    # Where one stands

    @property
    def table(self) -> Table | None:
        """The table that keys go to."""
        tables = [table for _, table in self.panes.tables()]
        focused = self.focused
        return focused if isinstance(focused, Table) else next(iter(tables), None)

    @property
    def pane(self) -> TablePane | None:
        """The pane of that table."""
        return next((pane for pane, table in self.panes.tables() if table is self.table), None)

    @property
    def record(self) -> Record | None:
        """The row one stands on."""
        table = self.table
        return table.sheet.record(table.row) if table and table.sheet.height else None

    def put_sheet(self, sheet: Sheet) -> None:
        """Show the table's rows arranged anew, staying on the row one stands on."""
        table = self.table
        if table is None:
            return
        key = table.sheet.key(table.row) if table.sheet.height else None
        row = sheet.row_of(key) if key is not None else None
        table.show(sheet, row or 0, table.col)
        self.settle()

    @property
    def in_explanation(self) -> bool:
        """Whether keys go to the explanation."""
        return self.focused is self.explanation

    # Telling

    def say(self, text: Text) -> None:
        """Say something on the message line, until the next move."""
        self._message, self._error = text, False
        self.describe()

    def tell_error(self, error: BalanceError) -> None:
        """Say what went wrong."""
        said = Text(str(error.what), str(error.what)), error.mend
        self._message = Text(*(f"{said[0][i]}{f'; {said[1][i]}' if said[1] else ''}" for i in (0, 1)))
        self._error = True
        self.describe()

    def settle(self) -> None:
        """Describe the place once the keys have come to rest."""
        if not self._settling:
            self._settling = True
            self.set_timer(SETTLED, self._settled)

    def _settled(self) -> None:
        self._settling = False
        if self.explaining:
            self.explain()
        self.describe()

    def describe(self) -> None:
        """Heading, message and keys as they are now."""
        if not self.is_mounted or not hasattr(self, "heading"):
            return
        self.heading.show(*describing.heading(self))
        if self._message is not None:
            self.message.say(str(self._message), "error" if self._error else "message")
        else:
            self.message.show(describing.message(self))
        self.footer.show(describing.footer(self))

    def explain(self) -> None:
        """Show the derivation of the figure one stands on in the explanation."""
        pane, record, table = self.pane, self.record, self.table
        column = table.column if table else None
        subject = pane.subject(record, column.key) if pane and record is not None and column else None
        if subject is None or self.study is None:
            self.explanation.show(None, self.where.county)
            return
        from .explaining import derivation_of

        try:
            self.explanation.show(derivation_of(self.study, subject), subject.county)
        except BalanceError as error:
            self.explanation.show(None, subject.county)
            self.tell_error(error)

    # Typing and picking

    @property
    def typing(self) -> bool:
        """Whether a line is being typed."""
        return self.screen.has_class("typing")

    def ask(
        self, prompt: Text, initial: str, then: Callable[[str], object],
        changed: Callable[[str], object] | None = None,
    ) -> None:  # fmt: skip
        """Ask for a line of text; `changed` is told of every change while it is typed."""
        from .asking import ask

        ask(self, prompt, initial, then, changed)

    def pick(self, title: Text, sheet: Sheet, then: Picked) -> None:
        """Let one row of a sheet be picked, narrowing it while one types."""

        def leads(record: Record, column: str) -> Callable[[BalanceApp], object]:  # noqa: ARG001
            def chosen(app: BalanceApp) -> None:
                app.back()
                then(record)

            return chosen

        self.put_aside(View(title, (TablePane("pick", title, sheet, nowhere, leads),)))

    def put_aside(self, view: View, *, narrow: bool = True) -> None:
        """Show a view that belongs to no place, until one goes back; `narrow` begins to filter at once."""
        self.note_standing()
        self.trail.leave(self.where)
        self.where = Where("aside", self.where.county)
        self.trail.standings.pop(self.where, None)
        self.put(view)
        if narrow:
            self.perform("filter")

    # Keys

    async def on_event(self, event: events.Event) -> None:
        """Keys go to the line being typed, or else to the action they stand for; nothing else takes them."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            if self.asked is not None and not self._leaves_prompt(event.key):
                # To the line itself, also where it is not yet focused: what is typed fast is not lost.
                self.asked.prompt._forward_event(event)
            else:
                event.stop()
                self.press(event)
            return
        await super().on_event(event)

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
        """The action that a key stands for where one is: those of the place before those of everywhere."""
        here = "explain" if self.in_explanation else "table"
        found = [REGISTRY[name] for name, keys in self.keymap.items() if key in keys and name in REGISTRY]
        return next((each for each in found if each.place == here), None) or next(
            (each for each in found if each.place == "everywhere"), None
        )

    def perform(self, name: str) -> None:
        """Do an action by its id, or say why it cannot be done now."""
        found = REGISTRY[name]
        if found.when is not None and not found.when(self):
            self.say(describing.not_now(self, found))
            return
        try:
            found.act(self)
        except BalanceError as error:
            self.tell_error(error)
        self.settle()

    def on_input_changed(self, message: Input.Changed) -> None:
        """The line being typed has changed."""
        if self.asked and self.asked.changed and message.input is self.asked.prompt:
            self.asked.changed(message.value)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        """The line is typed."""
        from .asking import answer

        answer(self, message.value)

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
        self.loader.open(request, mapping)

    def on_opened(self, message: Opened) -> None:
        """The result is there: show it where one is, or where one wanted to begin."""
        first, drafted = self.study is None, self.draft is not None
        self.study, self.draft = message.study, None
        self._message = self.notices.pop(0) if self.notices else None
        if first:
            from .opening import remember

            self.note_standing()
            begun = describing.beginning(self.study, self.request)
            kept = self.opening is not None and self.where.view == begun.view
            self.show(self.where if kept and self.where.county in (None, *self.study.counties) else begun)
            # What was read under a mapping that is in no file cannot be asked for again.
            if not self.study.result.is_rejected and self.view is not None and not drafted:
                remember(self.request, self.where, self.view, describing.heading(self))
        else:
            self.again()
        self.describe()
        if self.study.dataset.sections.height <= LEARNED:
            self.loader.learn(self.study)

    def on_failed(self, message: Failed) -> None:
        """It could not be done: what was there stays; where nothing was, the reason stands alone."""
        self.tell_error(message.error)
        if not message.switching:
            from .stopped import stopped

            stopped(self, message.error)

    def on_broken(self, message: Broken) -> None:
        """A mistake of the program in the background ends it like one on the screen."""
        raise message.error

    def on_progressed(self, message: Progressed) -> None:
        """How far it is."""
        self.say(message.text)

    def on_known(self, message: Known) -> None:  # noqa: ARG002
        """A standard nobody waited for has been evaluated."""
        if self.where.view == "switch" and not self.typing:
            self.again()

    def use(self, language: Any) -> None:
        """Show everything in another language."""
        use_language(language)
        shown.cache_clear()
        if self.study is not None:
            self.study = self.study.in_new_language()
            self.again()
        self.redraw()

    def redraw(self) -> None:
        """Draw everything anew, as after a change of theme."""
        for widget in self.query(Widget):
            if isinstance(widget, Table | ExplainPane):
                widget.redraw()
            widget.refresh()
        self.describe()
