"""Keys typed ahead, as a slow line brings them: done in order, each to what the one before has brought."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from textual import events
from textual.keys import _character_to_key

from balance_tui.language import use_language
from balance_tui.request import Request
from balance_tui.tui.app import BalanceApp
from balance_tui.tui.doing import mapping as doing_mapping
from balance_tui.tui.opening import remembered
from balance_tui.tui.study import SHEETS, Study, open_study
from balance_tui.tui.table.frame_sheet import FrameSheet
from balance_tui.tui.view import TablePane
from balance_tui.tui.views import build
from balance_tui.tui.where import where

from .screens import Driven, Size, driven
from .snapshots import screen_text

SMALL, WIDE = (80, 24), (120, 40)
READ = open_study(Request())
COMMANDS = (
    *"0123456789", *"pJwbesSFnghGv=[].,?$", "down", "up", "right", "left", "pagedown", "pageup", "ctrl+d", "tab",
    "shift+tab", "enter", "escape", "space",
)  # fmt: skip
TYPED = (*"小学L2<1xa", "backspace", "left")


def run(size: Size, then: Callable[[Driven], Coroutine[Any, Any, object]]) -> object:
    async def go() -> object:
        use_language("zh")
        async with driven(BalanceApp(Request(), remembered(Request())), size, READ) as screen:
            return await then(screen)

    return asyncio.run(go())


def post(screen: Driven, key: str) -> None:
    named = len(key) > 1
    screen.app.post_message(events.Key(key if named else _character_to_key(key), None if named else key))


def brought(keys: Sequence[str], size: Size, *, at_once: bool) -> dict[str, object]:
    """All that is to be seen, and where one stands, after these keys."""

    async def then(screen: Driven) -> dict[str, object]:
        for key in keys:
            post(screen, key)
            if not at_once:
                await screen.rest()
        await screen.rest()
        return state(screen.app)

    found = run(size, then)
    assert isinstance(found, dict)
    return found


def state(app: BalanceApp) -> dict[str, object]:
    table = app.table
    return {
        "place": (app.where, app.trail.places, app.pane and app.pane.id, app.in_explanation),
        "cursor": table and (table.row, table.col, table.top, table.sheet.state, table.sheet.height),
        "line": app.asked and app.asked.prompt.value,
        "screen": screen_text(app),
    }


@pytest.mark.parametrize(
    ("keys", "size"),
    [
        (("f", "x", "pagedown"), SMALL),
        (("f", "学", "<", "enter"), SMALL),
        (("2", "f", "小", "学", "down", "down", "escape"), SMALL),
        ((":", "a", "left", "down", "enter"), SMALL),
        (("1", "e", "="), SMALL),
        (("1", "2", "pagedown"), SMALL),
        (("2", "e", "down", "tab", "pagedown", "enter"), SMALL),
        (("J", "F"), SMALL),
        (("3", "=", "tab", "n"), WIDE),
        (("m", "tab", "m", "]", "pagedown"), WIDE),
    ],
)
def test_keys_that_come_at_once_bring_what_they_bring_one_by_one(keys: Sequence[str], size: Size) -> None:
    assert brought(keys, size, at_once=True) == brought(keys, size, at_once=False)


COMMAND = st.sampled_from(COMMANDS).map(lambda key: (key,))
LINE = st.tuples(
    st.sampled_from("f/:"),
    st.lists(st.sampled_from(TYPED), max_size=4),
    st.sampled_from(("enter", "escape", "down", "pagedown")),
).map(lambda line: (line[0], *line[1], line[2]))


@settings(max_examples=5, phases=(Phase.explicit, Phase.generate))
@given(st.lists(COMMAND | COMMAND | LINE, min_size=2, max_size=7), st.sampled_from((SMALL, WIDE)))
def test_any_keys_that_come_at_once_bring_what_they_bring_one_by_one(
    steps: list[tuple[str, ...]], size: Size
) -> None:
    """But for the mark of the cursor's row, which may be drawn a moment later."""
    keys = [key for step in steps for key in step]
    at_once, one_by_one = (brought(keys, size, at_once=at_once) for at_once in (True, False))
    for each in (at_once, one_by_one):
        each["screen"] = str(each["screen"]).replace("▸", " ")
    assert at_once == one_by_one


def test_headers_that_are_read_late_call_nobody_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are read behind the screen: whoever has gone elsewhere meanwhile stays there."""
    begun: list[Callable[[], None]] = []

    class Held:
        def __init__(self, target: Callable[..., None], args: tuple[Any, ...], **_: object) -> None:
            self.start = lambda: begun.append(lambda: target(*args))

    async def then(screen: Driven) -> None:
        monkeypatch.setattr(doing_mapping.threading, "Thread", Held)
        await screen.press("m", "enter", "2")
        begun[0]()
        await screen.rest()
        assert (screen.app.where.view, screen.app.draft) == ("schools", None)
        await screen.press("m", "enter", "enter")
        for read in begun[1:]:
            read()
        await screen.rest()
        assert (screen.app.where.view, screen.app.typing) == ("aside", True)
        await screen.press("escape", "escape")
        assert screen.app.where.view == "mapping"

    run(SMALL, then)


# Lists opened again


def sheet_of(study: Study, view: str, county: int) -> FrameSheet:
    pane = build(study, where(view, study.counties[county])).panes[0]
    assert isinstance(pane, TablePane)
    assert isinstance(pane.sheet, FrameSheet)
    return pane.sheet


@pytest.mark.parametrize("view", ["schools", "data"])
def test_a_list_opened_again_is_the_one_that_was_made_under_this_standard_in_this_language(view: str) -> None:
    study = Study(READ.request, READ.dataset, READ.standard, _results={READ.standard.hash: READ.result})
    first = sheet_of(study, view, 0)
    assert sheet_of(study, view, 1) is not first
    assert sheet_of(study, view, 0) is first
    assert sheet_of(study.under(study.load("pioneer-2021")), view, 0) is not first
    assert sheet_of(study.in_new_language(), view, 0) is not first


def test_of_lists_opened_only_the_last_are_kept() -> None:
    study = Study(READ.request, READ.dataset, READ.standard, _results={READ.standard.hash: READ.result})
    first = sheet_of(study, "schools", 0)
    for county in range(1, SHEETS + 1):
        sheet_of(study, "schools", county)
    assert len(study._sheets) == SHEETS
    assert sheet_of(study, "schools", 0) is not first
    assert sheet_of(study, "schools", 0).frame.equals(first.frame)
