"""Review in the app: what one level approved goes on to the next, told in the words of the screen; driven in process."""

from __future__ import annotations

import asyncio
from pathlib import Path

from balance_tui.records.office import open_file
from balance_tui.records.sitting import sit_down
from balance_tui.tui.where import where

from . import assessed
from .assessed import NAME
from .snapshots import screen_text
from .test_assessed_acts import answer, sat_down, until_shown


def test_what_the_city_approved_is_handed_on_to_the_province(tmp_path: Path) -> None:
    folder = assessed.made(tmp_path / "workspace", tmp_path / "home").folder
    file = open_file(sit_down(str(folder)), NAME)
    file.submit("")
    file.approve("")

    async def run() -> None:
        async with sat_down(folder, NAME) as screen:
            await screen.go(where("steps"))
            lines = screen_text(screen.app).split("\n")
            assert next(line for line in lines if "提交上一级审核" in line).split()[-1] == "回车"
            assert next(line for line in lines if "退回下一级" in line).split()[-1] == "此时不适用"
            await screen.press("g", "enter")
            await answer(screen, "")
            await until_shown(screen, "已保存: 提交: 已通过 → 已提交待审")

    asyncio.run(run())
    one = sit_down(str(folder)).assessment(NAME)
    assert (one.review, one.level) == ("submitted", 2)


def test_at_the_last_level_nothing_is_left_to_submit_to(tmp_path: Path) -> None:
    folder = assessed.made(tmp_path / "workspace", tmp_path / "home").folder
    file = open_file(sit_down(str(folder)), NAME)
    for _ in range(3):
        file.submit("")
        file.approve("")

    async def run() -> None:
        async with sat_down(folder, NAME) as screen:
            await screen.go(where("steps"))
            lines = screen_text(screen.app).split("\n")
            assert "此时不适用" in next(line for line in lines if "提交上一级审核" in line)
            assert "回车" in next(line for line in lines if "解锁" in line)

    asyncio.run(run())
