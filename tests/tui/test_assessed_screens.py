"""The screens of an assessment, as kept: a workspace whose clock stands still, driven in process."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from balance_tui.language import use_language
from balance_tui.records.desk import Desk
from balance_tui.records.event import Json
from balance_tui.records.office import import_files
from balance_tui.records.roles import Area
from balance_tui.records.sqlite_log import SqliteLog
from balance_tui.records.state import FactKey
from balance_tui.records.workspace import FILE, make_folders, standard_kept
from balance_tui.request import Request
from balance_tui.standard.load import load_standard
from balance_tui.tui.app import BalanceApp
from balance_tui.tui.assessing.session import Session
from balance_tui.tui.where import where

from .assessed import COUNTY, NAME, one_county
from .screens import Driven, driven
from .snapshots import assert_snapshot

SIZES = ((80, 24), (120, 40))
NOW = dt.datetime(2026, 3, 2, 1, 30, tzinfo=dt.UTC)
ONE, TWO = "王督学", "李填报"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the assessment and what two people did to it."""
    folder = tmp_path_factory.mktemp("screens") / "示例工作区"
    make_folders(folder)
    first = _desk(folder, ONE, create=True)
    first.first_admin()
    first.grant(ONE, "inspector", Area())
    first.add_user(TWO)
    first.grant(TWO, "reporter", Area(*COUNTY[:3]))
    first.create(NAME, "示例甲县优质均衡", Area(*COUNTY[:3]), COUNTY[3], _standard(first))
    import_files(first, NAME, one_county(folder.with_name("data")))
    first.create("示例乙区2025", "", Area(*COUNTY[:2], "示例乙区"), 2025, _standard(first))
    second = _desk(folder, TWO)
    second.correct(
        NAME, [(cell("backbone_teachers"), "999")], "按教师名册", reported={cell("backbone_teachers"): "25"}
    )
    for desk in (first, second):
        desk.log.close()
    return folder


def _standard(desk: Desk) -> dict[str, Json]:
    return standard_kept(desk.log, load_standard("national-2017"))


def _desk(folder: Path, user: str, *, create: bool = False) -> Desk:
    return Desk(SqliteLog(folder / FILE, create=create, now=lambda: NOW), user, f"{user}-1")


def cell(field: str) -> FactKey:
    """A fact of the first school of the county."""
    return FactKey(*COUNTY, "0001000001", "primary", field)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """A copy of the workspace that a test may write to."""
    import shutil

    copy = tmp_path / template.name
    shutil.copytree(template, copy)
    return copy


@asynccontextmanager
async def opened(folder: Path, size: tuple[int, int], user: str = ONE) -> AsyncIterator[Driven]:
    """The app on the assessment."""
    session = Session(_desk(folder, user), folder, name=NAME)
    async with driven(BalanceApp(Request(), session=session), size) as screen:
        yield screen


async def tried(screen: Driven) -> None:
    """Until what would change is there."""
    session = screen.app.session
    assert session is not None
    await screen.until(lambda: session.proposal is None or session.proposal.effects is not None)
    await screen.rest()


async def data(screen: Driven, column: str = "backbone_teachers") -> None:
    """The first cell of a fact."""
    await screen.press("6")
    await screen.stand(column, 0)


async def show(screen: Driven, name: str) -> None:
    """Bring a screen about."""
    if name == "assessments":
        await screen.press("O")
    elif name in ("history", "review"):
        await screen.press({"history": "K", "review": "V"}[name])
    elif name == "people":
        await screen.go(where("people"))
    elif name == "corrected":
        await data(screen)
    elif name == "accepted":
        await screen.press("5")
    elif name == "judging":
        await screen.go(where("items", screen.app.county, part="guarantee"))
        await screen.press("i")
        await tried(screen)
    else:
        await data(screen)
        await proposed(screen, name)


async def proposed(screen: Driven, name: str) -> None:
    """What is asked of one who corrects."""
    if name == "pasted":
        screen.app._pasted("7\t1\n8\t二\n")
        await screen.rest()
        return
    await screen.press("i")
    await screen.press("ctrl+u")
    if name == "typing":
        await screen.type("12x")
        return
    await screen.type("0")
    await screen.press("enter")
    await tried(screen)
    if name == "conflict":
        other = _desk(screen.app.at_desk.folder or Path(), TWO)
        key = next(iter(other.assessment(NAME).facts))
        other.correct(NAME, [(key, "24")], "再核对")
        other.log.close()
        while screen.app.where.view != "conflict":
            # What the other did may come just now: then the effects are worked out anew, and enter waits for them.
            await tried(screen)
            await screen.press("enter")
            await screen.rest()
        await screen.until(lambda: not screen.app.at_desk.is_behind)
        await screen.rest()


SCREENS = (
    "assessments", "history", "review", "people", "corrected", "accepted", "judging", "typing", "proposal", "pasted", "conflict",
)  # fmt: skip


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCREENS)
def test_the_screens_of_an_assessment_look_as_kept(folder: Path, name: str, size: tuple[int, int]) -> None:
    async def run() -> None:
        async with opened(folder, size) as screen:
            await show(screen, name)
            assert_snapshot(screen.app, f"assessed-{name}-{size[0]}x{size[1]}")

    asyncio.run(run())


@pytest.mark.parametrize("name", ["proposal", "judging", "review", "assessments"])
def test_they_are_all_in_english_too(folder: Path, name: str) -> None:
    async def run() -> None:
        async with opened(folder, (80, 24)) as screen:
            await show(screen, name)
            assert_snapshot(screen.app, f"assessed-{name}-en-80x24")

    use_language("en")
    try:
        asyncio.run(run())
    finally:
        use_language("zh")
