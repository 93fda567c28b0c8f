"""What is done to a workspace in the app besides correcting: making, importing, people, standards; driven in process."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import polars as pl
import pytest

from balance_tui.records.office import import_files
from balance_tui.records.roles import Area, Grant
from balance_tui.records.sitting import sit_down, system_user
from balance_tui.records.state import FactKey
from balance_tui.request import Request
from balance_tui.tui.app import BalanceApp
from balance_tui.tui.assessing import importing
from balance_tui.tui.assessing.session import Session
from balance_tui.tui.where import where

from . import assessed
from .assessed import COUNTY, NAME, one_county
from .screens import POLL, Driven
from .snapshots import screen_text

SIZE = (120, 40)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("acts")
    return assessed.made(
        folder / "workspace", folder / "home", {"li": "inspector", "author": "author"}
    ).folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "workspace"
    shutil.copytree(template, copy)
    return copy


@asynccontextmanager
async def sat_down(
    folder: Path, name: str | None = None, *, user: str | None = None
) -> AsyncIterator[Driven]:
    """The app on the list of the workspace, or on an assessment."""
    session = Session(sit_down(str(folder), named=user), folder, restricted=True, name=name)
    app = BalanceApp(Request(), session=session)
    async with app.run_test(size=SIZE) as pilot:
        screen = Driven(app, pilot)
        await screen.until(lambda: app.view is not None and (name is None or app.study is not None))
        await screen.rest()
        yield screen


async def until_shown(screen: Driven, text: str) -> None:
    await screen.until(lambda: text in screen_text(screen.app))
    await screen.rest()


async def answer(screen: Driven, text: str) -> None:
    """Type an answer into the line that is asked for."""
    await screen.until(lambda: screen.app.asked is not None)
    await screen.press("ctrl+u")
    await screen.type(text)
    await screen.press("enter")


def test_an_assessment_is_made_and_gets_data_from_the_inbox(folder: Path, tmp_path: Path) -> None:
    for _, path in one_county(tmp_path / "data"):
        shutil.copy(path, folder / "inbox")

    async def run() -> None:
        async with sat_down(folder) as screen:
            await screen.press("a")
            for text in ("新评估", "某县的评估", "示例省/示例市/示例甲县", "2025"):
                await answer(screen, text)
            await answer(screen, "national-2017")
            await until_shown(screen, "新评估")
            await screen.press("G", "I")
            for name, kind in (
                ("schools.csv", "学校数据"),
                ("county-facts.csv", "县级"),
                ("judgements.csv", "判定表"),
            ):
                await answer(screen, name)
                await answer(screen, kind)
            await answer(screen, "看变化")
            await until_shown(screen, "首次导入")
            await screen.press("enter")
            await until_shown(screen, "已保存")
            await screen.press("enter")
            await screen.until(lambda: screen.app.study is not None)
            await screen.rest()
            assert "达标 ✓" in screen_text(screen.app).split("\n")[0]

    asyncio.run(run())
    desk = sit_down(str(folder))
    assert desk.assessment("新评估").title == "某县的评估"
    assert [file["name"] for file in desk.assessment("新评估").data["files"]] == [
        "schools.csv", "county-facts.csv", "judgements.csv"
    ]  # fmt: skip


def test_a_newer_import_lists_what_changes_and_keeps_corrections(folder: Path, tmp_path: Path) -> None:
    for _, path in one_county(tmp_path / "data"):
        shutil.copy(path, folder / "inbox")
    schools = folder / "inbox" / "schools.csv"
    schools.write_text(
        schools.read_text(encoding="utf-8").replace("0001000001", "0001009999"), encoding="utf-8"
    )

    async def run() -> None:
        async with sat_down(folder) as screen:
            await screen.press("I")
            await answer(screen, "schools.csv")
            await answer(screen, "学校数据")
            await answer(screen, "看变化")
            await until_shown(screen, "处变化")
            shown = screen_text(screen.app)
            assert "更正保留" in shown
            assert [name in line for name, line in kept_lines(shown)] == [True, True]
            await screen.press("enter")
            await until_shown(screen, "已保存")

    asyncio.run(run())
    one = sit_down(str(folder)).assessment(NAME)
    assert [(file["kind"], file["name"]) for file in one.data["files"]] == [
        ("data", "schools.csv"), ("county_facts", "county-facts.csv"), ("judgements", "judgements.csv"),
    ]  # fmt: skip
    assert len([event for event in one.events if event.operation == "import"]) == 2


def kept_lines(shown: str) -> list[tuple[str, str]]:
    """The lines that tell of a file that stays, with the name each is to have."""
    lines = [line for line in shown.split("\n") if "沿用" in line]
    return list(zip(("county-facts.csv", "judgements.csv"), lines, strict=True))


def test_a_correction_that_now_stands_over_another_figure_is_named(folder: Path, tmp_path: Path) -> None:
    (_, schools), *_ = one_county(tmp_path / "data")
    rows = pl.read_csv(schools, infer_schema=False)
    first = rows.row(0, named=True)
    desk = sit_down(str(folder))
    key = FactKey(*COUNTY, first["school_id"], first["stage"], "backbone_teachers")
    desk.correct(NAME, [(key, "7")])
    changed = [str(int(first["backbone_teachers"]) + 1), *rows["backbone_teachers"][1:]]
    rows.with_columns(pl.Series("backbone_teachers", changed)).write_csv(schools)
    seen = importing._compared(desk, NAME, [("data", schools)], lambda *_: None)
    told = [line for line in seen.lines if "更正" in line.note]
    assert [line.note for line in told] == ["更正保留", "更正仍为 7"]
    assert (told[1].old, told[1].value) == (first["backbone_teachers"], changed[0])


@pytest.mark.parametrize("meanwhile", ["the file", "the data"])
def test_only_what_was_looked_at_is_imported(folder: Path, tmp_path: Path, meanwhile: str) -> None:
    files = one_county(tmp_path / "data")
    shutil.copy(files[0][1], folder / "inbox")

    async def run() -> None:
        async with sat_down(folder) as screen:
            await screen.press("I")
            for text in ("schools.csv", "学校数据", "看变化"):
                await answer(screen, text)
            await until_shown(screen, "0 处变化")
            if meanwhile == "the file":
                with (folder / "inbox" / "schools.csv").open("a", encoding="utf-8") as file:
                    file.write("\n")
            else:
                other = sit_down(str(folder))
                import_files(other, NAME, files)
                other.log.close()
            await screen.press("enter")
            await until_shown(screen, "没有导入")

    asyncio.run(run())
    imports = [
        event for event in sit_down(str(folder)).assessment(NAME).events if event.operation == "import"
    ]
    assert len(imports) == (1 if meanwhile == "the file" else 2)


def test_in_restricted_mode_only_plain_files_of_the_inbox_are_offered(folder: Path) -> None:
    (folder / "inbox" / "ours.csv").write_text("x")
    (folder / "inbox" / "link.csv").symlink_to("/etc/passwd")
    (folder / "inbox" / "folder.csv").mkdir()

    async def run() -> None:
        async with sat_down(folder) as screen:
            await screen.press("I")
            await until_shown(screen, "ours.csv")
            shown = screen_text(screen.app)
            assert "link.csv" not in shown
            assert "folder.csv" not in shown
            assert str(importing._PATH) not in shown

    asyncio.run(run())


def test_people_are_made_known_granted_and_kept_out(folder: Path) -> None:
    async def run() -> None:
        async with sat_down(folder) as screen:
            await screen.go(where("people"))
            await screen.press("a")
            await answer(screen, "zhao")
            await answer(screen, "")
            await until_shown(screen, "zhao")
            await screen.press("G", "i")
            await answer(screen, "填报员")
            await answer(screen, "示例省")
            await until_shown(screen, "示例省")
            await screen.press("G", "X")
            await answer(screen, "y")
            await until_shown(screen, "无角色")
            await screen.press("G", "X")
            await answer(screen, "n")
            await until_shown(screen, "没有变化")
            await screen.press("G", "X")
            await answer(screen, "是")
            await until_shown(screen, "已停用")

    asyncio.run(run())
    state = sit_down(str(folder)).state
    assert state.users["zhao"].disabled
    assert not [each for each in state.grants if each.user == "zhao"]
    assert Grant(system_user(), "admin", Area()) in state.grants


def test_another_standard_takes_the_role_and_a_reason_and_the_figures_follow(folder: Path) -> None:
    async def run() -> None:
        async with sat_down(folder, NAME, user="author") as screen:
            screen.app.perform("give-standard")
            await answer(screen, "national-2012")
            await answer(screen, "")
            await until_shown(screen, "须写明理由")
            study = screen.app.study
            await answer(screen, "按基本均衡复核")
            await screen.until(lambda: screen.app.study is not study)
            await screen.rest()
            assert "national-2012" in screen_text(screen.app).split("\n")[0]

    asyncio.run(run())
    assert sit_down(str(folder)).assessment(NAME).standard["id"] == "national-2012"


def test_the_poll_is_quiet_where_nothing_happens(folder: Path) -> None:
    async def run() -> None:
        async with sat_down(folder, NAME) as screen:
            study = screen.app.study
            await asyncio.sleep(POLL)
            session = screen.app.at_desk
            assert session.look() == ()
            assert not session.is_behind
            assert screen.app.study is study

    asyncio.run(run())
