"""The table: where the cursor goes, what is drawn of a cell that has no room, and that what is drawn anew in part is
what would be drawn as a whole; and how panes share the height."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.style import Style
from textual.app import App, ComposeResult

from balance_tui.language import Text
from balance_tui.tui import names
from balance_tui.tui.cells import use_ambiguous
from balance_tui.tui.table.layout import Span
from balance_tui.tui.table.sheet import Cell, Column, Kind, ListSheet, Sheet
from balance_tui.tui.table.widget import Table
from balance_tui.tui.theme import use_theme
from balance_tui.tui.view import LinesPane, Pane, TablePane
from balance_tui.tui.widgets.panes import LEAST, shares
from benchmarks.emulator import text_cells

TITLE = Text("列", "column")
NAMES = ("永宁小学", "𠮷野学校", "cafe\u0301", "河东九年一贯制学校小学部", "")


class Holder(App[None]):
    """A table of its own."""

    def compose(self) -> ComposeResult:
        yield Table()


def sheet_of(rows: int, columns: int = 6, kind: Kind = "figure", least: int = 2) -> ListSheet:
    heads = (
        Column("name", TITLE, least=least, most=30, stretch=True),
        *(
            Column(f"c{i}", TITLE, TITLE, kind, least=least, mark="s" if i % 2 else "")
            for i in range(columns - 1)
        ),
    )
    cells = tuple(
        (Cell(NAMES[row % len(NAMES)]), *(_figure(row, i) for i in range(columns - 1))) for row in range(rows)
    )
    return ListSheet(heads, cells, tuple({"_key": row} for row in range(rows)))


def _figure(row: int, column: int) -> Cell:
    text = str((row * 7919 + column * 104729) % 1_000_000 / 100)
    return Cell(text, "✗", "fail") if column % 2 else Cell(text)


def in_table(
    then: Callable[[Table, Callable[[], Awaitable[None]]], Awaitable[None]], size: tuple[int, int] = (60, 12)
) -> None:
    async def run() -> None:
        app = Holder()
        async with app.run_test(size=size) as pilot:
            table = app.query_one(Table)
            table.styles.height = size[1]
            table.focus()
            await pilot.pause()
            await then(table, pilot.pause)

    asyncio.run(run())


def drawn(table: Table) -> list[str]:
    return [table.render_line(y).text for y in range(table.size.height)]


# Drawn in part


def painted(table: Table) -> list[object]:
    """What stands on the screen, made of what was asked to be drawn anew and of what stood there before."""
    return [strip._segments for strip in table.screen._compositor.render_strips(table.app.size)]


@pytest.mark.parametrize("theme", ["default", "ssh"])
@pytest.mark.parametrize("seed", range(4))
def test_after_any_moves_the_screen_is_what_would_be_drawn_as_a_whole(seed: int, theme: str) -> None:
    draw = random.Random(seed)
    moves: tuple[Callable[[Table], object], ...] = (
        lambda table: table.move(draw.choice((-1, 1, 3, -3, 30))),
        lambda table: table.move(0, draw.choice((-1, 1, 4))),
        lambda table: table.go(draw.randrange(100), draw.randrange(12)),
        lambda table: table.widen(draw.choice((-2, 2, 40))),
        lambda table: page(table, draw.choice((-1, 1))),
        lambda table: mark(table, draw.choice((None, (table.row, table.col)))),
        lambda table: table.show(
            table.sheet.filtered(draw.choice(("", "永", "nothing"))), table.row, table.col
        ),
    )

    async def check(table: Table, pause: Callable[[], Awaitable[None]]) -> None:
        table.show(sheet_of(90, 12))
        for _ in range(60):
            draw.choice(moves)(table)
            await pause()
            before = painted(table)
            table.redraw()
            await pause()
            assert painted(table) == before

    use_theme("ssh" if theme == "ssh" else "default")
    try:
        in_table(check)
    finally:
        use_theme("default")


def mark(table: Table, cell: tuple[int, int] | None) -> None:
    table.marked = cell
    table.redraw()


def page(table: Table, step: int) -> None:
    """As the action does: what is seen moves on before the cursor does."""
    table.top = min(max(table.top + step * table.page, 0), max(table.sheet.height - table.page, 0))
    table.go(table.row + step * table.page)


def test_a_screen_further_down_every_row_is_another() -> None:
    async def check(table: Table, pause: Callable[[], Awaitable[None]]) -> None:
        table.show(sheet_of(90, 3))
        await pause()
        first = [line[1:] for line in drawn(table)]
        painted(table)
        page(table, 1)
        await pause()
        now = ["".join(segment.text for segment in strip)[1:] for strip in painted(table)]  # type: ignore[attr-defined]
        assert not set(now[table.head_height :]) & set(first[table.head_height :])

    in_table(check)


# What has no room


@given(st.integers(1, 30), st.sampled_from(["figure", "plain"]), st.booleans(), st.booleans())
def test_a_figure_is_shown_whole_or_not_at_all(room: int, kind: Kind, marked: bool, wide: bool) -> None:
    column = Column("c", TITLE, kind=kind, mark="s" if marked else "", least=1)
    cell = Cell("12345.678", "✗" if marked else "", "fail" if marked else "")
    table = Table()
    table.sheet = ListSheet((column,), ((cell,),))
    use_ambiguous("wide" if wide else "narrow")
    try:
        table.own_widths = {"c": room}
        text = "".join(each.text for each in table._cell(0, Span(0, 1, room), cell, Style()))
        assert text_cells(text) == room
        digits = "".join(each for each in text if each.isdigit() or each == ".")
        assert digits in ("12345.678", *(["", ".."] if wide else [""]))
        assert not marked or text.endswith(cell.mark)
    finally:
        use_ambiguous("narrow")


@pytest.mark.parametrize("columns", [0, 1, 2, 40])
@pytest.mark.parametrize("rows", [0, 1, 50])
@pytest.mark.parametrize("width", [2, 7, 60])
def test_every_line_is_as_wide_as_the_screen(columns: int, rows: int, width: int) -> None:
    sheet = sheet_of(rows, columns, least=1) if columns else ListSheet((), ())

    async def check(table: Table, pause: Callable[[], Awaitable[None]]) -> None:
        table.show(sheet)
        for step in ((1, 0), (0, 1), (100, 100), (-100, -100)):
            table.move(*step)
            await pause()
            assert all(text_cells(line) == width for line in drawn(table))
        assert (table.row, table.col) == (0, 0)

    in_table(check, (width, 8))


def test_however_wide_the_first_column_is_made_one_sees_the_column_one_stands_in() -> None:
    async def check(table: Table, pause: Callable[[], Awaitable[None]]) -> None:
        table.show(sheet_of(5))
        table.widen(500)
        table.go(0, 5)
        await pause()
        assert any(span.column == 5 for span in table._drawn())
        table.widen(500)
        await pause()
        assert any(span.column == 5 for span in table._drawn())
        table.widen(-500)
        assert table._widths()[5] == 2

    in_table(check)


# The cursor


def test_a_cursor_beyond_the_last_row_goes_to_the_last() -> None:
    async def check(table: Table, pause: Callable[[], Awaitable[None]]) -> None:
        sheet: Sheet = sheet_of(50)
        table.show(sheet, 49, 5)
        table.marked = (30, 2)
        table.show(sheet.filtered("永宁"), table.row, table.col)
        await pause()
        assert (table.row, table.col) == (9, 5)
        assert table.selection() == (range(9, 10), range(5, 6))
        table.show(sheet.filtered("none"), table.row, table.col)
        await pause()
        assert (table.row, table.col) == (0, 5)
        assert drawn(table)[2].strip() == ""

    in_table(check)


def test_shown_again_as_many_rows_stand_above_the_cursor_as_before_whatever_the_height_was_meanwhile() -> (
    None
):
    async def check(table: Table, pause: Callable[[], Awaitable[None]]) -> None:
        table.styles.height = 5
        await pause()
        table.show(sheet_of(90), 50, 0, above=6)
        table.styles.height = 12
        await pause()
        assert (table.row, table.top) == (50, 44)

    in_table(check)


def test_where_the_screen_becomes_wider_columns_that_were_scrolled_away_come_back() -> None:
    async def check(table: Table, pause: Callable[[], Awaitable[None]]) -> None:
        table.show(sheet_of(5))
        table.go(0, 5)
        table.styles.width = 30
        await pause()
        assert table.left > 0
        table.styles.width = 60
        await pause()
        assert table.left == 0

    in_table(check)


# Panes


def lines_pane(number: int) -> LinesPane:
    return LinesPane(str(number), TITLE, lambda cells: ())  # noqa: ARG005


def table_pane(number: int, share: int) -> TablePane:
    return TablePane(str(number), TITLE, ListSheet((), ()), share=share)


PANES = st.lists(st.tuples(st.integers(-1, 3), st.integers(0, 40)), min_size=1, max_size=4)


@given(PANES, st.integers(1, 60), st.data())
def test_panes_share_all_the_height_and_the_one_with_the_keys_is_seen(
    given_: list[tuple[int, int]], height: int, data: st.DataObject
) -> None:
    panes: list[tuple[Pane, int]] = [
        (lines_pane(i), need) if share < 0 else (table_pane(i, share), max(need, 1))
        for i, (share, need) in enumerate(given_)
    ]
    lists = [index for index, (pane, _) in enumerate(panes) if isinstance(pane, TablePane)]
    at = data.draw(st.sampled_from(lists)) if lists else 0
    heights = shares(panes, height, at)
    assert sum(heights) == height
    assert all(lines >= 0 for lines in heights)
    assert not lists or heights[at] > 0
    for (pane, need), lines in zip(panes, heights, strict=True):
        if isinstance(pane, TablePane) and lines:
            assert lines >= min(LEAST, height, max(need, 1) if not pane.share else LEAST)


def test_with_room_panes_get_what_they_need_and_the_rest_is_shared_by_weight() -> None:
    panes: list[tuple[Pane, int]] = [
        (table_pane(0, 0), 5), (lines_pane(1), 6), (table_pane(2, 1), 99), (table_pane(3, 2), 99)
    ]  # fmt: skip
    assert shares(panes, 50) == [5, 6, 13, 26]


def test_a_drawing_goes_before_a_list_does_and_the_list_with_the_keys_last() -> None:
    panes: list[tuple[Pane, int]] = [(table_pane(0, 0), 5), (lines_pane(1), 6), (table_pane(2, 1), 99)]
    assert shares(panes, 14) == [5, 0, 9]
    assert shares(panes, 8, at=2) == [4, 0, 4]
    assert shares(panes, 6, at=2) == [0, 0, 6]
    assert shares(panes, 6, at=0) == [6, 0, 0]


def test_a_long_row_of_letters_is_looked_for_in_a_list_at_once() -> None:
    """One expression serves the whole list: it is not made again for every cell."""
    made = Counter[str]()
    with pytest.MonkeyPatch.context() as patch:
        kept = names.frame_pattern

        def counted(wanted: str, characters: Collection[str]) -> str:
            made[wanted] += 1
            return kept(wanted, characters)

        patch.setattr(names, "frame_pattern", counted)
        rows = tuple((Cell(f"永宁第{number}小学 zhongxinxiaoxue"),) for number in range(300))
        sheet = ListSheet((Column("name", Text("学校", "school")),), rows)
        assert sheet.find("zhongxinxiaoxue" * 4, 0, 1) is None
        assert sheet.find("ynd299xx", 0, 1) == 299
        assert sheet.filtered("ningdi29 zhongx").height == 11
    assert set(made.values()) == {1}
