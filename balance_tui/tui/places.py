"""Places: going to them, coming back, and where in them one stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import BalanceError, UsageError
from ..language import Text
from .assessing.inside import check_place
from .frame import Frame
from .table.sheet import Sheet, arranged
from .table.widget import Table
from .trail import Standing
from .view import Doing, Record, TablePane, View, nowhere
from .views import DESK_KINDS, KINDS, build, build_of_desk
from .where import Where, where

if TYPE_CHECKING:
    from .app import BalanceApp
    from .assessing.session import Session
    from .study import Study

Picked = Callable[[Record], object]

NOT_READ = View(Text("", ""), ())
"""What is shown where there is nothing to show yet."""


class Places(Frame):
    """The app as far as it goes from place to place."""

    # Places

    def go(self, place: Where, *, keep: bool = True) -> None:
        """Go to a place; `keep` false takes the place of the present one."""
        if self.study is None and not self._is_of_desk(place):
            return
        self.note_standing()
        left = self.where
        if not self.show(place):
            return
        if left in self.trail.asides:
            # One comes back to the place that help or a list to pick from was laid over.
            self.trail.drop_asides()
            if self.session is not None:
                self.session.proposal = None
            if self.trail.places[-1:] == [self.where]:
                self.trail.back()
        elif keep and left != self.where:
            self.trail.leave(left)

    def back(self) -> bool:
        """Go back to where one came from; False where there is no such place."""
        place = self.trail.back()
        if place is None:
            return False
        self.note_standing()
        self.trail.drop_aside(self.where)
        self.arrive(place)
        return True

    def show(self, place: Where) -> bool:
        """Show a place as it is now. What cannot be shown is said, and one stays where one was: False."""
        try:
            place, view = self._made(place)
        except BalanceError as error:
            self.tell_error(error)
            return False
        self._enter(place, view)
        return True

    def arrive(self, place: Where) -> None:
        """Show a place; where it is no more, that is said and the nearest that still is gets shown: nothing of other
        data, or of another standard, may stay on the screen."""
        told: BalanceError | None = None
        for each in (
            place,
            Where(place.view, place.county),
            where("overview", place.county),
            self._beginning(),
        ):
            try:
                found, view = self._made(each)
            except BalanceError as error:
                told = told or error
                continue
            self._enter(found, view)
            break
        if told is not None:
            self.tell_error(told)

    def _beginning(self) -> Where:
        from .describing import beginning

        return beginning(self.study, self.request) if self.study else self.where

    def _made(self, place: Where) -> tuple[Where, View]:
        """A place in full, and its view."""
        if place in self.trail.asides:
            return place, self.trail.asides[place]
        check_place(self.session, place)
        if self._is_of_desk(place):
            return place, build_of_desk(self.at_desk, place)
        if self.draft is not None and place.view == "mapping":
            from .views.mapping import build_draft

            return place, build_draft(self.draft)
        if self.study is None:
            return (self.opening.where, self.opening.view()) if self.opening else (place, NOT_READ)
        place = self._of_county(place, self.study)
        return place, build(self.study, place)

    def _is_of_desk(self, place: Where) -> bool:
        return place.view in DESK_KINDS

    @property
    def looked_at(self) -> Study:
        """What is looked at. Errors: `VIEW-STUDY` where nothing has been read yet."""
        if self.study is None:
            raise UsageError("VIEW-STUDY", Text("数据还没有读入", "the data are not read yet"))
        return self.study

    @property
    def at_desk(self) -> Session:
        """The sitting at a workspace. Errors: `VIEW-DESK` where what is looked at are files."""
        if self.session is None:
            what = Text("这里看的是文件, 不是评估项目", "these are files, not an assessment")
            raise UsageError("VIEW-DESK", what, Text("用 assess open 打开评估", "assess open opens one"))
        return self.session

    def _of_county(self, place: Where, study: Study) -> Where:
        """The place with the county it is of, where it names none."""
        if place.county is not None or place.view not in KINDS or not KINDS[place.view].of_county:
            return place
        counties = study.counties
        last = self.county if self.county in counties else None
        return Where(place.view, last or next(iter(counties), None), place.detail)

    def _enter(self, place: Where, view: View) -> None:
        self.where = place
        self.county = place.county or self.county
        self.put(view)
        if place.view in ("switch", "compare") and self.study is not None:
            self.loader.learn(self.study)
        if place.view == "panel" and self.study is not None:
            self.loader.ask_plugin(self.study, place)

    def put(self, view: View) -> None:
        """Show a view, each table as it was left in this place."""
        self.view, self._put_in = view, self.where
        self.screen.set_class(view is NOT_READ and self.failure is not None, "stopped")
        self.show_explanation(display=self.explaining and self.where not in self.trail.asides)
        self._end_jump()
        self.panes.show(view)
        left = self.trail.standings.get(self.where, {})
        for pane, table in self.panes.tables():
            self._stand(pane, table, left.get(pane.id))
        wanted = self.trail.focused.get(self.where)
        tables = self.panes.tables()
        self.panes.at = next((table for pane, table in tables if pane.id == wanted), None)
        self.panes.share_out()
        self.keep_focus(anew=True)
        self.settled()

    def keep_focus(self, *, anew: bool = False) -> None:
        """See that keys go to something on the screen: to the table one was in last, unless something else has them;
        `anew` takes them from the explanation too."""
        taken = self.typing or (self.in_explanation and self.explanation.display and not anew)
        table = self.table
        if table is not None and self.focused is not table and not taken:
            self.screen.set_focus(table)

    def _end_jump(self) -> None:
        if self.jumping:
            self.jumping = False
            for each in (*self.query(Table), self.explanation):
                each.label = ""
                each.refresh()

    def _stand(self, pane: TablePane, table: Table, left: Standing | None) -> None:
        sheet = self._arranged(pane.sheet, left) if left else pane.sheet
        keys = [column.key for column in sheet.columns]
        row, column = 0, 0
        above: int | None = None
        if left:
            found = _row_of(sheet, left)
            row, above = left.row if found is None else found, left.above
            column = keys.index(left.column) if left.column in keys else 0
        elif pane.cursor:
            key, name = pane.cursor
            row = sheet.row_of(key) or 0
            column = keys.index(name) if name in keys else 0
        table.empty = str(self.view.empty) if self.view else ""
        table.show(sheet, row, column, above)

    def _arranged(self, sheet: Sheet, left: Standing) -> Sheet:
        """The sheet as it was arranged; a filter that cannot be read here, as of a column that another standard does
        not have, is taken away, which is said."""
        try:
            return arranged(sheet, left.state).closing(left.closed)
        except UsageError:
            wanted = left.state.wanted
            self.say(
                Text(
                    f"已取消筛选“{wanted}”: 这里没有这样的列",
                    f"filter '{wanted}' is gone: no such column here",
                )
            )
            return arranged(sheet, replace(left.state, wanted=""))

    def note_standing(self) -> None:
        """Remember where one stands in every table of this place."""
        if self._put_in != self.where:
            return
        standings = {
            pane.id: Standing(
                table.sheet.state,
                table.sheet.key(table.row) if table.sheet.height else None,
                table.row,
                table.column.key if table.column else "",
                table.row - table.top,
                table.sheet.closed,
            )
            for pane, table in self.panes.tables()
        }
        self.trail.note(self.where, standings, self.pane.id if self.pane else "")

    def again(self) -> None:
        """Show the present place anew, as after a change of standard or language; from what is shown aside, which is
        no place, one goes back."""
        if self.where in self.trail.asides:
            while self.where in self.trail.asides and self.back():
                pass
            return
        explaining = self.in_explanation
        self.note_standing()
        self.arrive(self.where)
        if explaining and not self.typing:
            self.screen.set_focus(self.explanation)

    # Where one stands

    @property
    def table(self) -> Table | None:
        """The table that keys go to, or went to before they went to the explanation or a line that is typed."""
        tables = [table for _, table in self.panes.tables() if table.display]
        return next((each for each in tables if each is self.panes.at), next(iter(tables), None))

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
        self.panes.share_out()
        self.settle()

    @property
    def in_explanation(self) -> bool:
        """Whether keys go to the explanation."""
        return self.focused is self.explanation

    def settled(self) -> None:
        """The keys have come to rest, or the screen has: explain the figure one stands on."""
        self.keep_focus()
        if self.asked is not None:
            self.asked.prompt.place_cursor()
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

    def put_aside(self, view: View, *, narrow: bool = True, kind: str = "aside") -> None:
        """Show a view that belongs to no place, until one goes back; `narrow` begins to filter at once. Actions may be
        of this `kind` of view alone."""
        self.note_standing()
        self.trail.leave(self.where)
        self.where = self.trail.lay_aside(view, self.where.county, kind)
        self.put(view)
        if narrow:
            self.whole.perform("filter")


def _row_of(sheet: Sheet, left: Standing) -> int | None:
    """The row one stood on: as a rule where it was, whatever the number of rows."""
    if left.row < sheet.height and sheet.key(left.row) == left.key:
        return left.row
    return sheet.row_of(left.key)
