"""Places: going to them, coming back, and where in them one stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ..errors import BalanceError
from ..language import Text
from .frame import Frame
from .table.sheet import Sheet, arranged
from .table.widget import Table
from .trail import Standing
from .view import Doing, Record, TablePane, View, nowhere
from .views import KINDS, build
from .where import Where

if TYPE_CHECKING:
    from .app import BalanceApp

Picked = Callable[[Record], object]


class Places(Frame):
    """The app as far as it goes from place to place."""

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
        self.settled()

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

    def settled(self) -> None:
        """The keys have come to rest: explain the figure one stands on."""
        if self.explaining:
            self.explain()
        super().settled()

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

        ask(self.whole, prompt, initial, then, changed)

    def pick(self, title: Text, sheet: Sheet, then: Picked) -> None:
        """Let one row of a sheet be picked, narrowing it while one types."""

        def leads(record: Record, column: str) -> Doing:  # noqa: ARG001
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
            self.whole.perform("filter")
