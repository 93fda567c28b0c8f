"""The app driven hard: what the background tells late or not at all, places kept and places gone, lines that are typed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import polars as pl
import pytest
from textual import events
from textual.app import App

from balance_tui.data.mapping import Mapping as HeaderMapping
from balance_tui.errors import UsageError
from balance_tui.language import Text, use_language
from balance_tui.request import Request
from balance_tui.tui import describing, places, views
from balance_tui.tui import study as study_module
from balance_tui.tui.app import BalanceApp
from balance_tui.tui.loading import Known, Opened
from balance_tui.tui.opening import remembered
from balance_tui.tui.study import Progress, Study, open_study
from balance_tui.tui.trail import LONGEST
from balance_tui.tui.view import View
from balance_tui.tui.views import KINDS, switch
from balance_tui.tui.views.switch import missing
from balance_tui.tui.where import County, Where, where

from .screens import PATIENCE, Driven, driven
from .snapshots import screen_text

SIZE = (80, 24)
OTHER = "pioneer-2021"
NATIONAL = ["national-2012", "national-2017", OTHER]
GONE = UsageError("GONE", Text("文件不在了", "the file is gone"))


@pytest.fixture(scope="module")
def read() -> Study:
    """The sample, evaluated under the standards that tests change to."""
    found = open_study(Request())
    for name in (OTHER, "national-2012"):
        found.result_of(found.load(name))
    return found


@pytest.fixture
def study(read: Study) -> Study:
    """The sample as if read just now; changing to another standard does all but evaluate."""
    return Study(read.request, read.dataset, read.standard, _results=read.results)


@pytest.fixture
def app() -> BalanceApp:
    return BalanceApp(Request(), remembered(Request()))


def run(
    app: BalanceApp, study: Study, then: Callable[[Driven], Any], size: tuple[int, int] = SIZE, *,
    learns: bool = False,
) -> None:  # fmt: skip
    """Drive the app where reading takes no time."""

    async def drive() -> None:
        async with driven(app, size, study, learns=learns) as screen:
            await then(screen)

    asyncio.run(drive())


class Gate:
    """Reading that takes until it is let go on; each time it answers, or fails with, what stands next in `answers`."""

    def __init__(self, *answers: Study | Exception) -> None:
        self.answers = list(answers)
        self.opened = [threading.Event() for _ in answers]
        self.begun = 0

    def __call__(
        self,
        request: Request,  # noqa: ARG002
        progress: Progress | None = None,
        mapping: HeaderMapping | None = None,  # noqa: ARG002
    ) -> Study:
        number = self.begun
        self.begun += 1
        assert self.opened[number].wait(PATIENCE)
        if progress:
            progress(1, 2, "x.csv")
        answer = self.answers[number]
        if isinstance(answer, Exception):
            raise answer
        return answer


@asynccontextmanager
async def slow(app: BalanceApp, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Driven]:
    """The app while it reads for the first time; nothing is evaluated that nobody waits for."""
    monkeypatch.setattr(study_module, "open_study", gate)
    monkeypatch.setattr(app.loader, "learn", lambda _: None)
    async with app.run_test(size=SIZE) as pilot:
        screen = Driven(app, pilot)
        await screen.until(lambda: gate.begun == 1)
        yield screen
        for event in gate.opened:
            event.set()


async def press(screen: Driven, *keys: str) -> None:
    """Press keys while something goes on behind the screen."""
    await screen._pilot.press(*keys)
    await screen._pilot.pause()


def text_of(screen: Driven) -> str:
    return screen_text(cast("App[object]", screen.app))


def heading(screen: Driven) -> str:
    return "\n".join(text_of(screen).split("\n")[:2])


def shown_message(screen: Driven) -> str:
    return str(screen.app._message or "")


def record(screen: Driven) -> Any:
    found = screen.app.record
    assert found is not None
    return found


# What the background tells


def test_reading_given_up_tells_nobody_later_and_can_be_begun_again(
    app: BalanceApp, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def drive() -> None:
        gate = Gate(study, study)
        async with slow(app, gate, monkeypatch) as screen:
            assert str(describing.REMEMBERED) in heading(screen)
            await press(screen, "escape")
            assert str(describing.NOT_RENEWED) in heading(screen)
            gate.opened[0].set()
            await press(screen, "down")
            assert app.study is None
            assert "读取" not in shown_message(screen)
            await press(screen, "r")
            gate.opened[1].set()
            await screen.until(lambda: app.study is not None)

    asyncio.run(drive())


def test_an_answer_nobody_waits_for_is_not_heard(app: BalanceApp, study: Study) -> None:
    async def then(screen: Driven) -> None:
        late = Opened(study.under(study.load(OTHER)), OTHER)
        late.turn = app.loader._turn + 1
        app.post_message(late)
        await screen.rest()
        assert app.study is not None
        assert app.study.standard.id == "national-2017"

    run(app, study, then)


def test_reading_again_while_it_reads_takes_the_place_of_what_was_begun(
    app: BalanceApp, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(study)

    async def drive() -> None:
        gate = Gate(study, other)
        async with slow(app, gate, monkeypatch) as screen:
            await press(screen, "r")
            await screen.until(lambda: gate.begun == 2)
            gate.opened[1].set()
            await screen.until(lambda: app.study is not None)
            gate.opened[0].set()
            await screen.rest()
            assert app.study is other

    asyncio.run(drive())


def test_of_two_switches_the_last_holds(app: BalanceApp, study: Study) -> None:
    async def then(screen: Driven) -> None:
        app.switch_standard(OTHER)
        app.switch_standard("national-2012")
        await screen.rest()
        assert app.study is not None
        assert app.study.standard.id == "national-2012"

    run(app, study, then)


def test_what_is_read_again_is_judged_by_the_standard_in_force(
    app: BalanceApp, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def drive() -> None:
        gate = Gate(study, replace(study))
        gate.opened[0].set()
        async with slow(app, gate, monkeypatch) as screen:
            await screen.rest()
            app.switch_standard(OTHER)
            await screen.rest()
            await press(screen, "r")
            gate.opened[1].set()
            await screen.rest()
            assert app.study is not None
            assert app.study.standard.id == OTHER
            assert app.study.dataset is study.dataset

    asyncio.run(drive())


def test_one_can_quit_while_it_reads(app: BalanceApp, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    async def drive() -> None:
        async with slow(app, Gate(study), monkeypatch) as screen:
            await screen._pilot.press("q")

    asyncio.run(drive())
    assert app.return_value == 0


def test_a_mistake_in_the_background_ends_the_app_as_one_on_the_screen_does(
    app: BalanceApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def drive() -> None:
        gate = Gate(ZeroDivisionError("made to fail"))
        gate.opened[0].set()
        async with slow(app, gate, monkeypatch) as screen:
            await screen.rest()

    monkeypatch.setattr(app, "_fatal_error", app._close_messages_no_wait)
    with pytest.raises(ZeroDivisionError):
        asyncio.run(drive())


def test_where_reading_fails_nothing_remembered_stays_and_the_reason_is_there_again_after_anything(
    app: BalanceApp, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def drive() -> None:
        gate = Gate(GONE, study)
        async with slow(app, gate, monkeypatch) as screen:
            assert app.table is not None
            gate.opened[0].set()
            await screen.rest()
            for keys in ((), ("question_mark", "escape"), ("f",), ("escape", "e", "enter", "down", "Z", "Z")):
                await press(screen, *keys)
            await screen._pilot.resize_terminal(40, 10)
            await screen.rest()
            await screen._pilot.resize_terminal(*SIZE)
            await screen.rest()
            text = text_of(screen)
            assert str(GONE.what) in text
            assert str(describing.NOT_READ) in text
            assert "✗" not in text
            await press(screen, "r")
            gate.opened[1].set()
            await screen.until(lambda: app.study is not None)
            await screen.rest()
            assert str(GONE.what) not in text_of(screen)

    asyncio.run(drive())


def test_where_reading_again_fails_what_was_there_stays(
    app: BalanceApp, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def drive() -> None:
        gate = Gate(study, GONE)
        gate.opened[0].set()
        gate.opened[1].set()
        async with slow(app, gate, monkeypatch) as screen:
            await screen.rest()
            await press(screen, "down")
            before = record(screen)
            await press(screen, "r")
            await screen.rest()
            assert str(GONE.what) in shown_message(screen)
            assert record(screen) == before

    asyncio.run(drive())


def test_every_standard_is_learned_also_where_the_language_changes_meanwhile(
    app: BalanceApp, read: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = Study(read.request, read.dataset, read.standard, _results={read.standard.hash: read.result})
    # Those of the regions take as long again, six times.
    monkeypatch.setattr(switch, "references", lambda _: NATIONAL)

    async def then(screen: Driven) -> None:
        await screen.press("p", "Z")
        await screen.until(lambda: app.study is not None and not missing(app.study))
        await screen.until(lambda: not app.loader._learning)
        app.post_message(Known())
        await screen.rest()
        assert "being evaluated" not in text_of(screen)

    run(app, study, then, learns=True)


def test_what_was_begun_in_another_language_is_shown_in_this_one(
    app: BalanceApp, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def drive() -> None:
        gate = Gate(study)
        async with slow(app, gate, monkeypatch) as screen:
            await press(screen, "Z")
            gate.opened[0].set()
            await screen.rest()
            assert app.study is not study
            assert "counties and years" in text_of(screen)

    asyncio.run(drive())


def test_frames_are_made_while_results_come_and_go(study: Study) -> None:
    others = [study.under(study.load(name)) for name in ("national-2012", OTHER, "national-2017")]
    failed: list[BaseException] = []

    def work(own: Study) -> None:
        try:
            for number in range(200):
                assert own.frame(f"frame {number % 7}", lambda result: result.counties) is not None
                own._keep(f"{own.standard.hash} {number}", own.result)
                own.in_new_language()
        except BaseException as error:  # noqa: BLE001 - told in the test's own thread
            failed.append(error)

    threads = [threading.Thread(target=work, args=(each,)) for each in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert len(study._results) <= study_module.KEPT + len(others)


# The first screen, remembered, while the result is on its way


def test_what_is_remembered_can_be_walked_through_until_the_result_is_there(
    app: BalanceApp, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def drive() -> None:
        gate = Gate(study)
        async with slow(app, gate, monkeypatch) as screen:
            await press(screen, "down", "down", "right", "e", "2", "p", "enter", "n", "S", "b", "space", "y")
            assert app.table is not None
            key = app.table.sheet.key(2)
            gate.opened[0].set()
            await screen.until(lambda: app.study is not None)
            await screen.rest()
            assert (app.table.row, app.table.col, app.table.sheet.key(2)) == (2, 1, key)

    asyncio.run(drive())


@pytest.mark.parametrize("typed", ["L2<", "示例"])
def test_what_is_typed_is_not_lost_when_the_result_comes(
    app: BalanceApp, study: Study, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    async def drive() -> None:
        gate = Gate(study)
        async with slow(app, gate, monkeypatch) as screen:
            await press(screen, "f", *typed)
            gate.opened[0].set()
            await screen.until(lambda: app.study is not None)
            await screen._pilot.pause()
            await press(screen, "县")
            assert app.asked is not None
            assert app.asked.prompt.value == f"{typed}县"
            assert app.focused is app.asked.prompt

    asyncio.run(drive())


def test_help_and_palette_stay_when_the_result_comes(
    app: BalanceApp, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def drive() -> None:
        gate = Gate(study)
        async with slow(app, gate, monkeypatch) as screen:
            await press(screen, "question_mark", "down", "down", "colon", "配", "色")
            gate.opened[0].set()
            await screen.until(lambda: app.study is not None)
            await screen._pilot.pause()
            assert app.asked is not None
            assert app.asked.prompt.value == "配色"
            assert app.table is not None
            assert app.table.sheet.height == 1
            await press(screen, "escape", "escape")
            assert (app.where.view, app.table.row) == ("aside", 2)
            await press(screen, "escape")
            assert app.where.view == "counties"
            assert record(screen)["year"]

    asyncio.run(drive())


def test_where_the_remembered_county_is_gone_one_begins_at_the_beginning(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    opening = remembered(Request())
    assert opening is not None
    gone = replace(opening, where=where("counties", County("甲", "乙", "丙", 1999)))
    app = BalanceApp(Request(), gone)

    async def drive() -> None:
        gate = Gate(study)
        gate.opened[0].set()
        async with slow(app, gate, monkeypatch) as screen:
            await screen.rest()
            assert app.where == where("counties")

    asyncio.run(drive())


# Places


def test_the_key_of_help_closes_it(app: BalanceApp, study: Study) -> None:
    async def then(screen: Driven) -> None:
        await screen.press("down", "question_mark", "down", "down", "question_mark")
        assert (app.where, app.table and app.table.row) == (where("counties"), 1)
        assert not app.trail.asides
        assert not app.back()

    run(app, study, then)


def test_commands_looked_for_in_help_are_left_step_by_step(app: BalanceApp, study: Study) -> None:
    async def then(screen: Driven) -> None:
        await screen.press("down", "question_mark", "down", "down", "colon", "escape")
        assert (app.typing, app.pane and app.pane.id) == (False, "palette")
        await screen.press("escape")
        assert (app.pane and app.pane.id, app.table and app.table.row) == ("help", 2)
        await screen.press("escape")
        assert (app.where, app.table and app.table.row) == (where("counties"), 1)
        assert not app.trail.asides
        assert not app.back()

    run(app, study, then)


def test_from_help_one_may_go_elsewhere_and_comes_back_to_the_place_below(
    app: BalanceApp, study: Study
) -> None:
    async def then(screen: Driven) -> None:
        await screen.press("enter", "question_mark", "2")
        assert (app.where.view, app.trail.asides) == ("schools", {})
        await screen.press("escape")
        assert app.where.view == "overview"

    run(app, study, then)


def test_the_language_can_be_changed_in_help(app: BalanceApp, study: Study) -> None:
    async def then(screen: Driven) -> None:
        await screen.press("question_mark", "question_mark", "Z")
        assert app.where == where("counties")
        assert "sample data" in heading(screen)

    run(app, study, then)


def test_help_stays_when_data_is_read_again_and_what_lies_below_is_new(app: BalanceApp, study: Study) -> None:
    async def then(screen: Driven) -> None:
        await screen.press("enter", "question_mark")
        before = app.view
        app.post_message(Opened(study.under(study.load(OTHER))))
        await screen.rest()
        assert app.view is before
        await screen.press("escape")
        assert app.where.view == "overview"
        assert OTHER in heading(screen)

    run(app, study, then)


def test_escape_leaves_help_before_the_explanation_which_help_does_not_share_the_screen_with(
    app: BalanceApp, study: Study
) -> None:
    async def then(screen: Driven) -> None:
        await screen.press("enter", "2")
        await screen.stand("L1")
        await screen.press("e", "question_mark")
        assert not app.explanation.display
        await screen.press("escape")
        assert (app.where.view, app.explaining, app.explanation.display) == ("schools", True, True)

    run(app, study, then)


@pytest.mark.parametrize("view", [name for name in KINDS if name != "switch"])
def test_whatever_the_standard_a_view_is_shown_under_it_with_the_cursor_where_it_was(
    app: BalanceApp, study: Study, view: str
) -> None:
    async def then(screen: Driven) -> None:
        county = study.counties[4]
        await screen.go(where(view, county))
        await screen.press("down", "down", "right")
        for standard in (OTHER, "national-2012", "national-2017"):
            table = app.table
            assert table is not None
            column = table.column
            key = table.sheet.key(table.row) if table.sheet.height else None
            app.switch_standard(standard)
            await screen.rest()
            assert (app.where.view, app.where.county) == (view, county)
            assert standard in heading(screen)
            assert not app._error
            names = [each.key for each in table.sheet.columns]
            assert column is None or names[table.col] == column.key or column.key not in names
            found = table.sheet.row_of(key) if key is not None else None
            assert found is None or table.row == found

    run(app, study, then)


def test_a_filter_by_an_indicator_that_another_standard_does_not_have_is_taken_away_and_said(
    app: BalanceApp, study: Study
) -> None:
    async def then(screen: Driven) -> None:
        await screen.press("enter", "2", "f")
        await screen.type("L2<1")
        await screen.press("enter")
        app.switch_standard(OTHER)
        await screen.rest()
        assert "L2<1" in shown_message(screen)
        assert app.table is not None
        assert app.table.sheet.state.wanted == ""

    run(app, study, then)


def test_what_another_standard_does_not_have_is_not_left_on_the_screen(
    app: BalanceApp, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = views.build

    def build(own: Study, place: Where) -> View:
        if own.standard.id == OTHER and place.view in ("schools", "dispersion"):
            raise GONE
        return plain(own, place)

    monkeypatch.setattr(places, "build", build)

    async def then(screen: Driven) -> None:
        await screen.press("enter", "2", "3")
        app.switch_standard(OTHER)
        await screen.rest()
        assert app.where.view == "overview"
        assert str(GONE.what) in shown_message(screen)
        await screen.press("escape")
        assert app.where.view == "overview"
        await screen.press("2")
        assert (app.where.view, str(GONE.what) in shown_message(screen)) == ("overview", True)
        await screen.press("escape", "escape")
        assert app.where.view == "counties"

    run(app, study, then)


def without(study: Study, county: County) -> Study:
    """The same with a county gone."""
    mine = pl.all_horizontal(
        pl.col(name).eq_missing(pl.lit(value)) for name, value in zip(County._fields, county, strict=True)
    )
    sections, counties = (each.filter(~mine) for each in (study.dataset.sections, study.dataset.counties))
    return Study(study.request, replace(study.dataset, sections=sections, counties=counties), study.standard)


def test_where_the_county_is_gone_after_reading_again_that_is_said_and_nothing_of_it_stays(
    app: BalanceApp, study: Study
) -> None:
    async def then(screen: Driven) -> None:
        await screen.press("down", "enter", "2")
        county = app.where.county
        assert county is not None
        app.post_message(Opened(without(study, county)))
        await screen.rest()
        assert app._error
        assert str(county) not in heading(screen)
        assert app.where == where("counties")
        await screen.press("2")
        assert app.where.county != county

    run(app, study, then)


def test_counties_of_one_name_are_told_apart(app: BalanceApp, study: Study) -> None:
    first, *_, last = study.counties
    sections = study.dataset.sections
    own = sections.filter(pl.col("county") == first.county, pl.col("year") == first.year)
    both = pl.concat([sections, own.with_columns(city=pl.lit("另一市"))])
    twice = Study(study.request, replace(study.dataset, sections=both), study.standard)

    async def then(screen: Driven) -> None:
        await screen.go(where("overview", first))
        assert f"{first.city} {first}" in heading(screen)
        await screen.go(where("overview", first._replace(city="另一市")))
        assert f"另一市 {first}" in heading(screen)
        await screen.go(where("overview", last))
        assert heading(screen).startswith(str(last))

    run(app, twice, then)


@pytest.mark.parametrize("view", [None, "schools", "findings"])
def test_a_county_that_is_not_there_is_said_and_no_other_is_shown(study: Study, view: str | None) -> None:
    request = Request(county="没有这个县", view=view)
    app = BalanceApp(request)

    async def then(screen: Driven) -> None:
        assert "没有这个县" in shown_message(screen)
        assert app.where == where("counties")

    run(app, study, then)


def test_the_way_back_and_what_was_left_are_forgotten_in_time(app: BalanceApp, study: Study) -> None:
    async def then(screen: Driven) -> None:
        counties = study.counties
        for number in range(LONGEST + 50):
            app.go(where("schools", counties[number % len(counties)], stage=str(number)))
            app.put_aside(View(Text("", ""), ()), narrow=False)
        await screen.rest()
        assert len(app.trail.places) <= LONGEST
        assert max(len(app.trail.standings), len(app.trail.focused)) <= LONGEST
        assert len(app.trail.asides) == 1

    run(app, study, then)


# Panes


def test_the_explanation_is_of_the_table_one_came_from(app: BalanceApp, study: Study) -> None:
    async def then(screen: Driven) -> None:
        await screen.press("enter", "3", "tab")
        assert app.pane is not None
        column = app.pane.sheet.columns[3].key
        await screen.stand(column, 1)
        await screen.press("e")
        before = app.explanation.text()
        assert before
        await screen.press("tab")
        assert app.in_explanation
        assert app.explanation.text() == before
        app.post_message(Opened(study))
        await screen.rest()
        assert app.in_explanation
        assert app.explanation.text() == before

    run(app, study, then, (120, 40))


def test_the_palette_opened_in_the_second_table_lists_commands_and_leaves_both_tables_as_they_were(
    app: BalanceApp, study: Study
) -> None:
    async def then(screen: Driven) -> None:
        await screen.press("enter", "3", "tab", "down")
        sheets = [table.sheet.height for _, table in app.panes.tables()]
        name = record(screen)["school_id"]
        await screen.press("colon")
        await screen.type("配色")
        assert app.table is not None
        assert app.table.sheet.cells(0)[0].text == "配色"
        await screen.press("escape", "escape")
        assert [table.sheet.height for _, table in app.panes.tables()] == sheets
        assert record(screen)["school_id"] == name

    run(app, study, then)


def test_keys_are_back_where_they_were_after_the_window_was_too_small(app: BalanceApp, study: Study) -> None:
    async def then(screen: Driven) -> None:
        await screen.press("enter", "3", "tab")
        table = app.table
        for size in ((40, 10), SIZE, (60, 20), SIZE):
            await screen._pilot.resize_terminal(*size)
            await screen.rest()
        assert app.table is table
        assert app.focused is table
        assert text_of(screen).count("▸") == 2  # the standard's sign in the heading, and the row

    run(app, study, then)


@pytest.mark.parametrize("size", [(20, 5), (1, 1)])
def test_begun_in_a_window_too_small_it_is_there_once_the_window_is_larger(
    app: BalanceApp, study: Study, size: tuple[int, int]
) -> None:
    async def then(screen: Driven) -> None:
        await screen.press("down", "enter", "2")
        await screen._pilot.resize_terminal(*SIZE)
        await screen.rest()
        assert "▸示例" in text_of(screen)

    run(app, study, then, size)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (99, 24), (100, 24), (120, 40)])
def test_with_the_explanation_open_the_pane_with_the_keys_is_seen_at_every_size(
    app: BalanceApp, study: Study, size: tuple[int, int]
) -> None:
    async def then(screen: Driven) -> None:
        await screen.press("enter", "3", "right", "e")
        await screen._pilot.resize_terminal(*size)
        await screen.rest()
        for _ in range(3):
            await screen.press("tab")
            focused = app.focused
            assert focused is not None
            assert focused.display
            assert focused.region.height >= 2
        beside = app.explanation.region.x > 0
        assert beside == (size[0] >= 100)
        assert app.explanation.text()

    run(app, study, then)


def test_letters_of_a_jump_are_gone_once_the_panes_are_others(app: BalanceApp, study: Study) -> None:
    async def then(screen: Driven) -> None:
        await screen.press("enter", "3", "J")
        labels = {table.label for _, table in app.panes.tables()}
        assert labels == {"a", "b"}
        app.post_message(Opened(study))
        await screen.rest()
        labels = {table.label for _, table in app.panes.tables()}
        assert (app.jumping, labels) == (False, {""})

    run(app, study, then)


# Lines that are typed


def test_a_filter_that_cannot_be_read_is_said_and_can_be_typed_on(app: BalanceApp, study: Study) -> None:
    async def then(screen: Driven) -> None:
        await screen.press("enter", "2", "f")
        await screen.type("小学")
        await screen.press("enter", "f")
        await screen.type(" L2<")
        await screen.press("enter")
        assert "L2<" in shown_message(screen)
        assert "L2<" in text_of(screen).split("\n")[-4]
        assert app.asked is not None
        assert app.asked.prompt.value == "小学 L2<"
        await screen.type("1")
        assert "筛选 小学 L2<1" in text_of(screen).split("\n")[-3]
        await screen.press("enter")
        assert app.table is not None
        assert app.table.sheet.state.wanted == "小学 L2<1"
        await screen.press("f")
        await screen.type("=")
        await screen.press("enter", "escape")
        assert app.table.sheet.state.wanted == "小学 L2<1"
        assert app.focused is app.table

    run(app, study, then)


def test_an_action_of_the_palette_may_ask_for_a_line_itself(app: BalanceApp, study: Study) -> None:
    async def then(screen: Driven) -> None:
        await screen.press("enter", "2", "colon")
        await screen.type("只留符合")
        await screen.press("enter")
        await screen.type("石桥")
        assert app.where.view == "schools"
        assert app.asked is not None
        assert app.asked.prompt.value == "石桥"
        assert app.table is not None
        assert app.table.sheet.height == 1

    run(app, study, then)


@pytest.mark.parametrize(
    ("pasted", "taken"),
    [
        ("永宁\n第二行", "永宁"),
        ("\r\n 永宁 \r\n", "永宁"),
        ("", ""),
        ("\n", ""),
        ("a\x1b[31m\x07b", "a\x1b[31m\x07b"),
    ],
)
def test_of_a_paste_the_first_line_is_taken_and_shown_as_text(
    app: BalanceApp, study: Study, pasted: str, taken: str
) -> None:
    async def then(screen: Driven) -> None:
        await screen.press("slash")
        app.post_message(events.Paste(pasted))
        await screen.rest()
        assert app.asked is not None
        assert app.asked.prompt.value == taken
        assert "\x1b" not in text_of(screen)
        await screen.press("escape")
        app.post_message(events.Paste("q"))
        await screen.rest()
        assert app.is_running

    run(app, study, then)


def test_what_is_pasted_before_the_line_is_ready_is_not_lost(app: BalanceApp, study: Study) -> None:
    async def then(screen: Driven) -> None:
        app.perform("search")
        app.post_message(events.Paste("永宁"))
        await screen.rest()
        assert app.asked is not None
        assert app.asked.prompt.value == "永宁"

    run(app, study, then)


def test_an_input_method_opens_where_one_types_at_every_size(app: BalanceApp, study: Study) -> None:
    async def then(screen: Driven) -> None:
        await screen.press("enter", "2", "f")
        await screen.type("石桥")
        for columns, lines in (SIZE, (100, 30), (60, 20), (60, 24)):
            await screen._pilot.resize_terminal(columns, lines)
            await screen.rest()
            row = text_of(screen).split("\n")[lines - 2]
            assert row.rstrip().endswith("筛选 石桥")
            assert app.cursor_position == (len("筛选 石桥".encode("gbk")), lines - 2)
        await screen.press("t")
        await screen.type("长" * 40)
        x, y = app.cursor_position
        assert (x < 60, y) == (True, 22)

    run(app, study, then)


def test_while_one_types_the_cursor_moves_and_escape_gives_the_filter_of_before(
    app: BalanceApp, study: Study
) -> None:
    async def then(screen: Driven) -> None:
        await screen.press("enter", "2", "f")
        await screen.type("小学")
        await screen.press("enter", "f")
        await screen.type("石")
        await screen.press("escape")
        table = app.table
        assert table is not None
        assert table.sheet.state.wanted == "小学"
        await screen.press("f", "down", "down", "pagedown", "up")
        assert table.row == 1 + table.page
        await screen.press("enter")
        assert (table.sheet.state.wanted, app.focused) == ("小学", table)

    run(app, study, then)


def test_no_row_left_is_said_to_be_the_filters_doing(app: BalanceApp, study: Study) -> None:
    async def then(screen: Driven) -> None:
        await screen.press("enter", "2", "f")
        await screen.type("没有这样的学校")
        await screen.press("enter")
        assert str(describing.NONE_MATCHES) in heading(screen)

    run(app, study, then)


def test_of_a_long_note_the_value_behind_it_is_still_seen(app: BalanceApp, study: Study) -> None:
    use_language("en")

    async def then(screen: Driven) -> None:
        await screen.press("enter", "2")
        await screen.stand("L1", 0)
        assert app.table is not None
        assert f": {app.table.sheet.value(0, 'L1')[:4]}" in text_of(screen).split("\n")[-3]

    run(app, study, then, (60, 20))


# Data of its own


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_an_empty_folder_is_a_reason_on_the_screen(folder: Path) -> None:
    app = BalanceApp(Request(files=(str(folder),)))

    async def drive() -> None:
        async with driven(app, SIZE) as screen:
            assert app.failure is not None
            assert app.failure.code in text_of(screen)
            await screen.press("question_mark", "escape", "1", "p", "f", "escape", "escape")
            assert app.failure.code in text_of(screen)

    asyncio.run(drive())
