"""Help and palette: made from the registry, for the place one is in."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any, cast

import pytest

from balance_tui.engine.status import LABELS, MARKS
from balance_tui.language import Language, Text, use_language
from balance_tui.tui.actions import REGISTRY, key_shown
from balance_tui.tui.app import BalanceApp
from balance_tui.tui.cells import shown, use_ambiguous
from balance_tui.tui.doing import load_all
from balance_tui.tui.keymap import defaults
from balance_tui.tui.table.filters import HELP
from balance_tui.tui.table.sheet import Cell, Column, ListSheet
from balance_tui.tui.view import TablePane, View
from balance_tui.tui.views import KINDS, palette
from balance_tui.tui.views import help as help_view
from balance_tui.tui.where import Where

load_all()

NOTE = Text("每百名学生拥有的骨干教师", "backbone teachers per 100 students")


COLUMN = Column("L2", Text("L2", "L2"), Text("≥1", "≥1"), note=NOTE)


class _Sortable(ListSheet):
    """A list of figures, that can be sorted, as the app has it from a frame."""

    @property
    def keeps_order(self) -> bool:
        return False

    @property
    def tells_status(self) -> bool:
        return True


class _Table:
    sheet: ListSheet = _Sortable((COLUMN,), ((Cell("1"),),))
    column = COLUMN


@dataclass
class _Explanation:
    asked: list[str]

    def target(self) -> None:
        return None

    def focus(self) -> None:
        self.asked.append("focus")


@dataclass
class _Screen:
    def set_focus(self, widget: _Explanation) -> None:
        widget.focus()


class _App:
    """What help and palette ask of the app."""

    def __init__(self, *, in_explanation: bool = False) -> None:
        self.asked: list[str] = []
        self.in_explanation = self.explaining = in_explanation
        self.explanation = _Explanation(self.asked)
        self.screen = _Screen()
        self.keymap = defaults() | {"sort": ("o", "ctrl+x")}
        self.table, self.where, self.searched = _Table(), Where("schools"), ""
        self.study = self.draft = self.pane = self.record = self.county = self.session = None
        self.jumping = False
        self.view = View(Text("学校", "schools"), ())

    def back(self) -> bool:
        self.asked.append("back")
        return True

    def perform(self, name: str) -> None:
        self.asked.append(name)


def _app(*, in_explanation: bool = False) -> BalanceApp:
    return cast(BalanceApp, _App(in_explanation=in_explanation))


def _pane(view: View) -> TablePane:
    assert isinstance(view.panes[0], TablePane)
    return view.panes[0]


def _rows(view: View) -> list[list[str]]:
    sheet = _pane(view).sheet
    return [[cell.text for cell in sheet.cells(row)] for row in range(sheet.height)]


def _actions(view: View) -> list[str]:
    sheet = _pane(view).sheet
    return [
        record["action"] for row in range(sheet.height) if "action" in (record := sheet.record(row) or {})
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("in_explanation", [False, True])
def test_help_lists_every_action_once_with_its_keys(language: Language, in_explanation: bool) -> None:
    use_language(language)
    app = _app(in_explanation=in_explanation)
    view = help_view.build(app)
    assert sorted(_actions(view)) == sorted(REGISTRY)
    texts = _rows(view)
    for action in REGISTRY.values():
        keys = shown(" ".join(map(key_shown, app.keymap[action.id])))
        assert [keys, shown(str(action.label)), shown(str(action.help))] in texts


def test_help_begins_with_what_can_be_done_in_this_place() -> None:
    in_list, in_explanation = (_actions(help_view.build(_app(in_explanation=each))) for each in (False, True))
    assert in_list.index("sort") < in_list.index("quit") < in_list.index("explain-down")
    assert in_explanation.index("explain-down") < in_explanation.index("quit") < in_explanation.index("sort")


def test_the_keys_of_ones_own_are_shown() -> None:
    assert ["o ^x", "排序", REGISTRY["sort"].help.zh] in _rows(help_view.build(_app()))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_tells_marks_column_and_filter(language: Language) -> None:
    use_language(language)
    rows = _rows(help_view.build(_app()))
    assert help_view.MEANINGS.keys() == MARKS.keys()
    for word, mark in MARKS.items():
        assert [mark, str(LABELS[word]), str(help_view.MEANINGS[word])] in rows
    assert ["", "L2 ≥1", str(NOTE)] in rows
    told = "".join("".join(row).replace(" ", "") for row in rows)
    assert all(line.replace(" ", "") in told for line in str(HELP).splitlines())


def test_help_can_be_had_before_there_is_any_list() -> None:
    app = _App()
    cast(Any, app).table = cast(Any, app).view = None
    assert len(_actions(help_view.build(cast(BalanceApp, app)))) == len(REGISTRY)


def test_no_line_of_help_or_palette_is_called_like_another() -> None:
    for view in (help_view.build(_app()), palette.build(_app())):
        sheet = _pane(view).sheet
        keys = [sheet.key(row) for row in range(sheet.height)]
        assert len(set(keys)) == len(keys)


def test_the_palette_offers_what_can_be_done_now() -> None:
    names = _actions(palette.build(_app()))
    assert {"sort", "help", "quit", "theme"} <= set(names)
    # There is no data yet, nothing was searched for, and the explanation is not where keys go.
    assert not {"go-overview", "search-next", "explain-down", "jump-to"} & set(names)
    assert "explain-down" in _actions(palette.build(_app(in_explanation=True)))


def test_the_palette_offers_every_view_once_there_is_data() -> None:
    app = _App()

    class _Study:
        result = type("Result", (), {"is_rejected": False})()
        counties = ()

    cast(Any, app).study = _Study()
    names = _actions(palette.build(cast(BalanceApp, app)))
    assert {name for name in names if name.startswith("go-")} == {
        f"go-{kind.id}" for kind in KINDS.values() if kind.listed
    }


def test_a_command_is_found_by_pinyin_and_by_its_id() -> None:
    sheet = _pane(palette.build(_app())).sheet
    for wanted in ("px", "sort", "排序"):
        found = sheet.filtered(wanted)
        assert "sort" in [(found.record(row) or {})["action"] for row in range(found.height)]


@pytest.mark.parametrize(("in_explanation", "first"), [(False, ["back"]), (True, ["back", "focus"])])
def test_entering_a_line_goes_back_and_does_it_there(in_explanation: bool, first: list[str]) -> None:
    app = _App(in_explanation=in_explanation)
    for view in (palette.build(cast(BalanceApp, app)), help_view.build(cast(BalanceApp, app))):
        app.asked.clear()
        leads = cast(Any, _pane(view).leads({"action": "quit"}, "label"))
        leads(app)
        assert app.asked == [*first, "quit"]


def test_a_heading_leads_nowhere() -> None:
    assert _pane(help_view.build(_app())).leads({"_key": "heading-marks"}, "label") is None


def test_with_wide_ambiguous_characters_help_has_only_stand_ins() -> None:
    use_ambiguous("wide")
    try:
        rows = _rows(help_view.build(_app()))
    finally:
        use_ambiguous("narrow")
    text = "".join(cell for row in rows for cell in row)
    assert not [character for character in text if unicodedata.east_asian_width(character) == "A"]


def test_the_palette_begins_with_what_the_footer_names() -> None:
    footers = [REGISTRY[name].footer for name in _actions(palette.build(_app()))]
    named = [number for number in footers if number]
    assert footers[: len(named)] == sorted(named)


def test_what_a_list_that_keeps_its_order_cannot_do_is_not_among_the_keys_of_the_place() -> None:
    app = _app()
    cast(_Table, app.table).sheet = ListSheet((COLUMN,), ((Cell("1"),),))
    offered = _actions(palette.build(app))
    assert not {"sort", "sort-then", "next-failing", "previous-failing"} & set(offered)
    assert {"search", "filter"} <= set(offered)
    cast(_Table, app.table).sheet = ListSheet((COLUMN,), ((Cell("1", "", "fail"),),))
    assert {"next-failing", "previous-failing"} <= set(_actions(palette.build(app)))
