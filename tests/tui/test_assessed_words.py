"""What an inspector reads of an assessment at 80 columns: whole sentences, whole names, and keys that do something."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import polars as pl
import pytest

from balance_tui.records.office import import_files
from balance_tui.records.roles import Area
from balance_tui.records.sitting import sit_down
from balance_tui.records.state import FactKey
from balance_tui.records.workspace import standard_kept
from balance_tui.request import Request
from balance_tui.sample import write
from balance_tui.standard.load import load_standard
from balance_tui.tui.app import BalanceApp
from balance_tui.tui.assessing.proposal import _without
from balance_tui.tui.assessing.session import Session
from balance_tui.tui.where import County, where

from . import assessed
from .assessed import COUNTY, NAME
from .screens import Driven, driven
from .snapshots import screen_text
from .test_storing import tried

SIZE = (80, 24)
SCHOOL = "示例甲县石桥小学"
CELL = FactKey(*COUNTY, "0001000001", "primary", "backbone_teachers")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("words")
    return assessed.made(folder / "workspace", folder / "home", {"reader": "viewer"}).folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "workspace"
    shutil.copytree(template, copy)
    return copy


@asynccontextmanager
async def opened(folder: Path, name: str = NAME, user: str | None = None) -> AsyncIterator[Driven]:
    session = Session(sit_down(str(folder), named=user), folder, name=name)
    async with driven(BalanceApp(Request(), session=session), SIZE) as screen:
        yield screen


def lines(screen: Driven) -> list[str]:
    return screen_text(screen.app).rstrip("\n").split("\n")


async def to_cell(screen: Driven) -> None:
    await screen.go(
        where("data", County(*COUNTY), school_id=CELL.school_id, stage=CELL.stage, field=CELL.field)
    )


def test_a_new_finding_is_read_whole_before_saving_without_the_school_again(folder: Path) -> None:
    async def run() -> None:
        async with opened(folder) as screen:
            await to_cell(screen)
            await screen.press("i", "ctrl+u")
            assert f"更正 {SCHOOL} 小学 县级以上骨干教师数" in screen_text(screen.app)
            assert lines(screen)[-1].split() == ["↵", "确定", "↑↓", "移动", "esc", "取消"]
            await screen.type("999")
            await screen.press("enter")
            await tried(screen)
            row = next(n for n, line in enumerate(lines(screen)) if "新的数据问题 C02" in line)
            assert lines(screen)[row].split()[2:4] == ["—", "有"]
            await screen.press(*"j" * (row - 3))
            message = lines(screen)[-2]
            assert message.startswith("小学: 县级以上骨干教师数 999 大于专任教师数")
            assert not message.endswith("…")
            assert SCHOOL not in message
            await screen.press("?")
            shown = screen_text(screen.app)
            assert "保存" in shown
            assert "排序" not in shown
            await screen.press("escape", "escape")

    asyncio.run(run())


@pytest.mark.parametrize(
    ("sentence", "rest"),
    [
        ("甲小学(小学):最大班额 60", "小学: 最大班额 60"),
        ("甲小学:校舍 0", "校舍 0"),
        ("甲小学 (primary): a class", "primary: a class"),
        ("甲小学南校区(小学):校舍", "甲小学南校区(小学):校舍"),
    ],
)
def test_only_the_school_that_is_edited_is_left_out(sentence: str, rest: str) -> None:
    assert _without("甲小学", sentence) == rest
    assert _without("", sentence) == sentence


def test_the_form_of_a_judgement_tells_its_source_and_how_evidence_comes_there(folder: Path) -> None:
    async def run() -> None:
        async with opened(folder) as screen:
            await screen.go(where("items", screen.app.county, part="guarantee"))
            await screen.press("i")
            await tried(screen)
            source = next(line for line in lines(screen) if line.strip().startswith("来源"))
            assert source.split() == ["来源", "核定", "核定"]
            await screen.press(*"jjjjj", "enter")
            await screen.until(lambda: screen.app.asked is not None)
            await screen.rest()
            assert "先送入收件箱: ssh 主机 put 文件名" in lines(screen)[1]
            await screen.type("规划.pdf")
            await screen.press("enter")
            assert "没有符合的一行可选" in lines(screen)[-2]
            assert lines(screen)[-1].split()[:2] == ["f", "筛选"]
            assert "esc 返回" in lines(screen)[-1]
            await screen.press("escape", "escape")

    asyncio.run(run())


def test_the_list_of_assessments_offers_no_key_that_does_nothing_and_shows_when(folder: Path) -> None:
    async def run() -> None:
        async with opened(folder) as screen:
            await screen.press("O")
            shown = lines(screen)
            assert "排序" not in shown[-1]
            assert "不达标" not in shown[-1]
            row = next(line for line in shown if NAME in line and ":" in line)
            assert row.split()[5] == screen.app.at_desk.desk.actor

    asyncio.run(run())


def test_a_refusal_stands_whole_with_the_school_and_who_can_help(folder: Path) -> None:
    async def run() -> None:
        async with opened(folder, user="reader") as screen:
            await to_cell(screen)
            await screen.press("i")
            assert lines(screen)[-2] == f"“reader”无权改数据: {SCHOOL}; 需要角色: 填报员、督学; 请管理员授权"

    asyncio.run(run())


def test_history_tells_two_years_of_one_school_apart(folder: Path, tmp_path: Path) -> None:
    desk = sit_down(str(folder))
    data = tmp_path / "data"
    data.mkdir()
    write(data, "contract")
    path = data / "schools.csv"
    rows = pl.read_csv(path, infer_schema=False).filter(pl.col("county") == COUNTY[2])
    pl.concat([rows.with_columns(year=pl.lit(year)) for year in ("2024", "2025")]).write_csv(path)
    standard = standard_kept(desk.log, load_standard("national-2017"))
    desk.create("两年", "", Area(*COUNTY[:3]), None, standard)
    import_files(desk, "两年", [("data", path)])
    desk.correct("两年", [(CELL._replace(year=year), "1") for year in (2024, 2025)], "")
    desk.log.close()

    async def run() -> None:
        async with opened(folder, "两年") as screen:
            await screen.press("K")
            told = [line for line in lines(screen) if SCHOOL in line and "更正" in line][:2]
            assert [line.split("更正")[1].split()[:2] for line in told] == [
                ["2025", SCHOOL],
                ["2024", SCHOOL],
            ]
            assert lines(screen)[-2].startswith(f"更正 2025 {SCHOOL} 小学 县级以上骨干教师数: ")

    asyncio.run(run())
