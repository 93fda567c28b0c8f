"""A store that is busy, or refuses, holds nobody up: the screen lives, what is confirmed is recorded once, or is still
there."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from balance_tui.errors import BalanceError, Refused
from balance_tui.language import Text
from balance_tui.records import sqlite_log
from balance_tui.records.beside import FolderBeside
from balance_tui.records.desk import Desk
from balance_tui.records.event import Event
from balance_tui.records.state import FactKey
from balance_tui.records.workspace import FILE
from balance_tui.tui.app import BalanceApp
from balance_tui.tui.assessing import storing
from balance_tui.tui.assessing.facts import Correction, target_of
from balance_tui.tui.assessing.storing import OneByOne, store

from . import assessed
from .assessed import COUNTY, NAME, Workspace, propose, to_cell
from .screens import Driven
from .snapshots import screen_text
from .terminal import Terminal
from .test_assessed_acts import sat_down

HOLDER = """
import sqlite3, sys
line = sqlite3.connect(sys.argv[1], isolation_level=None)
line.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
line.execute("ROLLBACK")
"""
CELL = FactKey(*COUNTY, "0001000001", "primary", "backbone_teachers")


@contextlib.contextmanager
def held(folder: Path) -> Iterator[Callable[[], None]]:
    """Another program has the store to itself, until what is given is called."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder / FILE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"

    def release() -> None:
        holder.communicate(b"\n")

    try:
        yield release
    finally:
        if holder.poll() is None:
            release()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("storing")
    return assessed.made(folder / "workspace", folder / "home").folder


@pytest.fixture
def workspace(template: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(template, tmp_path / "workspace")
    return Workspace(tmp_path / "workspace", tmp_path / "home")


def recorded(workspace: Workspace) -> list[object]:
    """The values that were recorded, every one."""
    desk = workspace.desk()
    found = [event.new for event in desk.assessment(NAME).events if event.operation == "fact"]
    desk.log.close()
    return [new["value"] if isinstance(new, dict) else new for new in found]


def stands(terminal: Terminal) -> str:
    """The row one stands on."""
    return next(line for line in terminal.display if line.startswith("▸"))


# In a terminal


def test_while_the_store_is_busy_one_moves_and_reads_and_what_was_confirmed_is_saved_once(
    workspace: Workspace,
) -> None:
    name = "示例甲县石桥小学"
    with workspace.open() as terminal:
        to_cell(terminal, name, "backbone_teachers")
        propose(terminal, "3")
        with held(workspace.folder) as release:
            terminal.press("enter")
            terminal.wait_for("正在保存")
            for key in ("j", "k"):
                before = stands(terminal)
                terminal.press(key)
                terminal.wait_until(lambda _, before=before: stands(terminal) != before)  # type: ignore[misc]
            terminal.press("enter", "s")
            terminal.press("4")
            terminal.wait_until(lambda text: text.split("\n")[1].startswith("要求"))
            before = stands(terminal)
            terminal.press("j")
            terminal.wait_until(lambda _: stands(terminal) != before)
            terminal.wait_for("正在保存")
            assert recorded(workspace) == []
            release()
        terminal.wait_for("已保存")
        terminal.wait_gone("正在保存")
        assert recorded(workspace) == ["3"]
        terminal.press("6")
        terminal.wait_for("3*")


def test_leaving_waits_for_what_is_being_saved(workspace: Workspace) -> None:
    with workspace.open() as terminal:
        to_cell(terminal, "示例甲县石桥小学", "backbone_teachers")
        propose(terminal, "3")
        with held(workspace.folder) as release:
            terminal.press("enter")
            terminal.wait_for("正在保存")
            terminal.press("q")
            terminal.wait_for("存好即退出")
            release()
        assert terminal.wait_exit() == 0
    assert recorded(workspace) == ["3"]


def test_who_will_not_wait_leaves_and_is_asked_again_next_time(workspace: Workspace) -> None:
    with workspace.open() as terminal:
        to_cell(terminal, "示例甲县石桥小学", "backbone_teachers")
        propose(terminal, "3")
        with held(workspace.folder):
            terminal.press("enter")
            terminal.wait_for("正在保存")
            terminal.press("q")
            terminal.wait_for("存好即退出", "没有存好的下次再问")
            terminal.press("q")
            assert terminal.wait_exit() == 0
        assert not terminal.left_behind()
    assert recorded(workspace) == []
    with workspace.open() as terminal:
        terminal.wait_for("上次断线前未保存的", "(人): 3")


# In process


@contextlib.asynccontextmanager
async def proposed(folder: Path, value: str) -> AsyncIterator[Driven]:
    """The app with a correction of a cell shown, its effects worked out."""
    async with sat_down(folder, NAME) as screen:
        await screen.press("6")
        await screen.stand("backbone_teachers", 0)
        await screen.press("i", "ctrl+u")
        await screen.type(value)
        await screen.press("enter")
        await tried(screen)
        yield screen


async def tried(screen: Driven) -> None:
    """Until something is shown to be confirmed, with what it would change."""
    session = screen.app.at_desk
    await screen.until(lambda: session.proposal is not None and session.proposal.effects is not None)


async def pressed(screen: Driven, *keys: str) -> None:
    """Press keys without waiting for what is being recorded."""
    await screen._pilot.press(*keys)


def test_a_store_that_refuses_says_so_in_one_sentence_and_what_was_typed_is_still_there(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_log, "BUSY", 0.2)

    async def run() -> None:
        async with proposed(workspace.folder, "3") as screen:
            with held(workspace.folder):
                await screen.press("enter")
                told = [
                    line for line in screen_text(screen.app).split("\n") if "工作区正被另一程序占用" in line
                ]
                assert len(told) == 1
                assert screen.app.where.view == "proposal"
            await screen.press("enter")
            assert "已保存" in screen_text(screen.app)

    asyncio.run(run())
    assert recorded(workspace) == ["3"]


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """A store that refuses the first correction, once this is set."""
    refuses, real, calls = threading.Event(), Desk.correct, []

    def correct(desk: Desk, *arguments: Any, **options: Any) -> tuple[Event, ...]:
        calls.append(arguments)
        if len(calls) == 1:
            refuses.wait()
            raise Refused("REC-FULL", Text("磁盘已满", "the disk is full"))
        return real(desk, *arguments, **options)

    monkeypatch.setattr(Desk, "correct", correct)
    monkeypatch.setattr("balance_tui.tui.assessing.following.EVERY", 0.05)
    return refuses


def test_what_is_refused_after_one_has_gone_elsewhere_is_shown_again(
    workspace: Workspace, refusing: threading.Event
) -> None:
    async def run() -> None:
        async with proposed(workspace.folder, "3") as screen:
            await pressed(screen, "enter", "4")
            assert screen.app.where.view != "proposal"
            refusing.set()
            await screen.until(lambda: screen.app.where.view == "proposal")
            assert "磁盘已满" in screen_text(screen.app)
            await tried(screen)
            await screen.press("enter")
            assert screen.app.where.view != "proposal"
            assert "已保存" in screen_text(screen.app)

    asyncio.run(run())
    assert recorded(workspace) == ["3"]


def test_what_is_refused_while_one_types_something_else_is_shown_when_one_is_done(
    workspace: Workspace, refusing: threading.Event
) -> None:
    async def run() -> None:
        async with proposed(workspace.folder, "3") as screen:
            session = screen.app.at_desk
            await pressed(screen, "enter", "4", "slash", "x")
            refusing.set()
            await screen.until(lambda: bool(session.refused))
            assert screen.app.typing
            await pressed(screen, "escape")
            await screen.until(lambda: screen.app.where.view == "proposal")
            await tried(screen)
            await screen.press("enter")

    asyncio.run(run())
    assert recorded(workspace) == ["3"]


def test_what_is_taken_back_follows_what_was_done_though_both_wait(workspace: Workspace) -> None:
    async def run() -> None:
        async with proposed(workspace.folder, "3") as screen:
            with held(workspace.folder) as release:
                await pressed(screen, "enter", "enter", "escape", "u")
                release()
            await screen.rest()
            session = screen.app.at_desk
            assert not session.one.facts
            assert session.proposal is None
            await screen.press("ctrl+r")
            assert session.one.facts[CELL] == "3"

    asyncio.run(run())
    assert recorded(workspace) == ["3", None, "3"]


def test_what_is_being_saved_is_not_changed(workspace: Workspace) -> None:
    async def run() -> None:
        async with proposed(workspace.folder, "3") as screen:
            with held(workspace.folder) as release:
                await pressed(screen, "enter", "i")
                assert not screen.app.typing
                assert "正在保存" in screen_text(screen.app)
                release()
            await screen.rest()

    asyncio.run(run())
    assert recorded(workspace) == ["3"]


def test_a_correction_goes_to_the_assessment_it_was_typed_in(workspace: Workspace) -> None:
    async def run() -> None:
        async with sat_down(workspace.folder, NAME) as screen:
            session, study = screen.app.at_desk, screen.app.study
            assert study is not None
            correction = Correction(NAME, [(target_of(study, CELL), "3")])
            session.name = None
            correction.write(session, "")

    asyncio.run(run())
    assert recorded(workspace) == ["3"]


def test_what_the_store_says_comes_back_on_the_apps_thread_in_order(workspace: Workspace) -> None:
    told: list[tuple[object, bool, bool]] = []
    app_thread = threading.get_ident()

    def work(app: BalanceApp, number: int) -> tuple[int, bool]:
        assert app.is_running
        if number % 2:
            raise Refused("REC-TEST", Text(f"{number}", f"{number}"))
        return number, threading.get_ident() == app_thread

    def then(result: tuple[int, bool]) -> None:
        told.append((result[0], result[1], threading.get_ident() == app_thread))

    def failed(error: BalanceError) -> None:
        told.append((int(error.what.zh), False, threading.get_ident() == app_thread))

    async def run() -> None:
        async with sat_down(workspace.folder) as screen:
            for number in range(20):
                store(screen.app, lambda number=number: work(screen.app, number), then, failed)  # type: ignore[misc]
            await screen.rest()

    asyncio.run(run())
    assert told == [(number, False, True) for number in range(20)]


def test_a_fault_of_the_program_on_the_store_thread_ends_the_app_like_one_on_the_screen(
    workspace: Workspace,
) -> None:
    def work() -> None:
        raise ZeroDivisionError

    async def run() -> None:
        async with sat_down(workspace.folder) as screen:
            store(screen.app, work, lambda _: None)
            await screen.until(lambda: False)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(run())


def test_looking_at_the_log_never_piles_up_and_does_not_hold_up_the_screen(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, looks, under_way = threading.Event(), [], []

    async def run() -> None:
        async with sat_down(workspace.folder, NAME) as screen:
            session = screen.app.at_desk
            await screen.until(lambda: not session.is_looking)

            def look() -> tuple[()]:
                looks.append(threading.get_ident())
                gate.wait()
                return ()

            monkeypatch.setattr(session, "look", look)
            from balance_tui.tui.assessing import following

            for _ in range(5):
                following.look(screen.app, session)
            await screen.press("4", "j", "j")
            assert screen.app.where.view == "items"
            assert not session.storing.is_saving
            await screen.until(lambda: len(looks) > 0)
            # Only while the gate is shut: the app looks again each second.
            under_way.extend(looks)
            gate.set()
            await screen.until(lambda: not session.is_looking)

    asyncio.run(run())
    assert len(under_way) == 1
    assert under_way[0] != threading.get_ident()


def test_one_by_one_does_everything_once_in_order_whoever_asks() -> None:
    queue, done = OneByOne("test"), []
    threads = [
        threading.Thread(
            target=lambda who=who: [queue.put(lambda n=n: done.append((who, n))) for n in range(200)]
        )  # type: ignore[misc]
        for who in range(4)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    queue.wait(60)
    assert not queue.busy
    assert len(done) == 800
    for who in range(4):
        assert [n for w, n in done if w == who] == list(range(200))


def test_the_app_thread_asks_the_store_for_nothing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every call of the log is recorded with its thread while one works as people do."""
    here, asked = threading.get_ident(), []
    real = sqlite_log.SqliteLog._told

    def watched(name: str, call: Callable[..., object]) -> Callable[..., object]:
        def watching(*arguments: object, **options: object) -> object:
            if threading.get_ident() == here and begun:
                asked.append(name)
            return call(*arguments, **options)

        return watching

    def told(log: sqlite_log.SqliteLog) -> contextlib.AbstractContextManager[None]:
        if threading.get_ident() == here and begun:
            asked.append(sys._getframe(1).f_code.co_name)
        return real(log)

    begun: list[bool] = []
    monkeypatch.setattr(sqlite_log.SqliteLog, "_told", told)
    for name in ("put", "all", "drop"):
        monkeypatch.setattr(FolderBeside, name, watched(name, getattr(FolderBeside, name)))

    async def run() -> None:
        async with proposed(workspace.folder, "3") as screen:
            begun.append(True)
            await screen.press("enter", "u", "ctrl+r", "K", "escape", "V", "g", "enter")
            await screen.type("请审核")
            await screen.press("enter")
            await screen.press("V", "O", "escape", "4", "j", "5", "6", "H", "escape", "i")
            await screen.type("17")
            await screen.press("escape")
            begun.clear()

    asyncio.run(run())
    assert asked == []


def test_a_busy_file_is_what_the_tests_hold(workspace: Workspace) -> None:
    with held(workspace.folder):
        line = sqlite3.connect(workspace.folder / FILE, timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            line.execute("BEGIN IMMEDIATE")
        line.close()
    assert storing.SLOW < 1
