"""The line that is typed: keys that come in one piece, data that comes meanwhile, and nothing kept of it afterwards."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from textual import events

from balance_tui.request import Request
from balance_tui.tui.app import BalanceApp
from balance_tui.tui.loading import Opened
from balance_tui.tui.opening import remembered
from balance_tui.tui.study import Study, open_study
from balance_tui.tui.where import where
from balance_tui.tui.widgets.prompt import Prompt

from .screens import Driven, driven
from .snapshots import screen_text

KEYS = {"\r": "enter", "\x7f": "backspace", "\x1b": "escape", "<": "left", ">": "end"}


@pytest.fixture(scope="module")
def study() -> Study:
    return open_study(Request())


def run(study: Study, then: Callable[[Driven], Coroutine[Any, Any, None]]) -> None:
    """Drive the app at a county's overview, where reading takes no time."""

    async def go() -> None:
        async with driven(BalanceApp(Request(), remembered(Request())), (80, 24), study) as screen:
            await screen.go(where("overview", study.counties[0]))
            await then(screen)

    asyncio.run(go())


async def at_once(screen: Driven, text: str) -> None:
    """Keys that are all there before the first is looked at, as a slow line brings them."""
    for character in text:
        named = KEYS.get(character)
        screen.app.post_message(events.Key(named or character, None if named else character))
    await screen.rest()


def test_corrections_are_made_where_they_were_typed(study: Study) -> None:
    async def then(screen: Driven) -> None:
        await at_once(screen, "2")
        await at_once(screen, "fabc\x7f\x7fd<x>y")
        assert screen.app.asked is not None
        assert screen.app.asked.prompt.value == "axdy"

    run(study, then)


def test_keys_behind_the_answer_are_for_what_it_brings(study: Study) -> None:
    async def then(screen: Driven) -> None:
        await at_once(screen, "2f小学\rjjl")
        table = screen.app.table
        assert table is not None
        assert (table.sheet.state.wanted, table.row, table.col) == ("小学", 2, 1)
        assert len(screen.app.query(Prompt)) == 0

    run(study, then)


def test_data_read_anew_while_one_types_stays_in_its_own_tables(study: Study) -> None:
    """What is typed arranges the table on the screen, not one that was there before."""

    async def then(screen: Driven) -> None:
        app = screen.app
        await screen.press("tab", "f")
        app.post_message(Opened(study))
        await screen.rest()
        await at_once(screen, "小学")
        for pane, table in app.panes.tables():
            assert {column.key for column in table.sheet.columns} == {c.key for c in pane.sheet.columns}
        await at_once(screen, "\r")
        assert app.pane is not None
        assert (app.pane.id, app.table is not None and app.table.sheet.height) == ("dispersion", 1)
        await screen.press("enter")
        assert app.where.view == "dispersion"

    run(study, then)


def test_nothing_is_kept_of_a_line_that_was_typed(study: Study) -> None:
    def kept() -> int:
        gc.collect()
        return sum(isinstance(each, Prompt) for each in gc.get_objects())

    async def then(screen: Driven) -> None:
        for _ in range(5):
            await screen.press("f", "a", "escape")
        await screen.until(lambda: kept() <= 1)
        assert "筛选 a" not in screen_text(screen.app)

    run(study, then)
