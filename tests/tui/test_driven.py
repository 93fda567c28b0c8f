"""An inspector's day, by keys, in a real tmux at 80x24: every screen is reached and shows what it must, and every way
through the app ends where it should."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from balance_tui.sample import Layout, write
from benchmarks.emulator import text_cells
from tests.tui.terminal import TerminalError, clean_environment, command
from tests.tui.tmux import HAS_TMUX, Tmux

pytestmark = pytest.mark.skipif(not HAS_TMUX, reason="tmux is not installed")

COUNTY = ("示例丙旗", 2024)
HEADING = "示例丙旗 2024"
FAILING = "示例丙旗沙窝小学"
MARK = {"pass": "✓", "fail": "✗", "unknown": "?", "relieved": "~", "floor": "~"}
ESCAPE = {"ESCDELAY": "20"}
"""Milliseconds that the app waits for the rest of a key after escape."""
_ESCAPED = 0.15
"""Seconds after escape was read in which another key could be taken for the rest of one."""


class Inspector:
    """Who sits before the window: presses keys, and looks until it shows what is wanted."""

    def __init__(self, window: Tmux) -> None:
        self.window = window

    def press(self, *keys: str) -> None:
        for key in keys:
            self.window.press(key)
            if key == "escape":
                self.window.wait_read()
                time.sleep(_ESCAPED)

    def see(self, *texts: str) -> None:
        self.window.wait_for(*texts)

    def see_gone(self, text: str) -> None:
        self.window.wait_until(lambda shown: text not in shown)

    def see_that(self, seen: Callable[[str], bool]) -> None:
        self.window.wait_until(seen)

    def open(self, key: str, title: str, county: str = HEADING) -> None:
        """Press the key of a view and see it headed so, with its cursor somewhere or nothing to stand on."""
        self.press(key)
        self.see_headed(title, county)

    def see_headed(self, title: str, county: str = HEADING) -> None:
        self.see_that(lambda shown: shown.startswith(county) and shown.split("\n")[1].startswith(title))

    def see_on(self, row: str) -> None:
        """The cursor comes to stand on a row that begins so."""
        self.see_that(lambda shown: re.search(rf"^▸[▾▸ ]*{re.escape(row)}", shown, re.MULTILINE) is not None)

    def see_message(self, begins: str) -> None:
        """The message line comes to begin so."""
        self.see_that(lambda shown: shown.rstrip().split("\n")[-2].startswith(begins))

    def home(self) -> None:
        """Back at the list of counties, on its first row, with nothing laid over it."""
        if re.search(r"^(查找|筛选)", self.window.text, re.MULTILINE):
            self.press("escape")
        self.press("escape", "0", "g", "^")
        self.see_that(lambda shown: shown.startswith("示例数据") and shown.split("\n")[1].startswith("各县"))
        self.see_that(lambda shown: re.search(r" 1/8 ", shown.split("\n")[1]) is not None)

    def at_county(self) -> None:
        """The overview of the county that fails, by the key to what fails next."""
        self.home()
        self.press("]")
        self.see_on(f"{COUNTY[0]} {COUNTY[1]}")
        self.press("enter")
        self.see_headed("总览")

    def at_schools(self) -> None:
        """Its schools, on the first of them."""
        self.at_county()
        self.open("2", "学校 × 指标")
        self.press("escape", "g", "^")
        self.open("2", "学校 × 指标")
        self.see_on("示例丙旗胡杨初级中学")

    def search(self, text: str) -> None:
        self.press("/")
        self.see("\n查找")
        self.window.type(text)
        self.see(f"\n查找 {text}")
        self.press("enter")
        self.see_gone(f"\n查找 {text}")

    def to_column(self, told: str) -> None:
        """Right until the message line tells of this column."""
        for _ in range(30):
            now = self.message
            if now.startswith(told):
                return
            self.press("right")
            with contextlib.suppress(TerminalError):
                self.window.wait_until(lambda _, was=now: self.message != was, 3)  # type: ignore[misc]
        raise TerminalError(f"no column {told}\n{self.window.text}")

    @property
    def message(self) -> str:
        return self.window.text.rstrip().split("\n")[-2]

    @property
    def rows(self) -> list[str]:
        """The rows of the list below its heading."""
        return [line for line in self.window.text.split("\n")[4:-2] if line.strip()]


class Judged:
    """What the command line says of the sample."""

    def __init__(self, *arguments: str) -> None:
        self.arguments = arguments

    @cached_property
    def said(self) -> Mapping[str, Any]:
        done = subprocess.run(
            command("demo", "--json", *self.arguments), capture_output=True, check=True,
            env=clean_environment(Path()),
        )  # fmt: skip
        said: Mapping[str, Any] = json.loads(done.stdout)
        return said

    def rows(self, name: str, **wanted: object) -> list[Mapping[str, Any]]:
        wanted = {"county": COUNTY[0], "year": COUNTY[1], **wanted}
        return [row for row in self.said[name] if all(row[key] == value for key, value in wanted.items())]


@pytest.fixture(scope="module")
def judged() -> Judged:
    return Judged()


@pytest.fixture(scope="module")
def window() -> Iterator[Tmux]:
    """The sample in a window of 80x24, in the end left in good order."""
    with Tmux(command("demo"), environment=ESCAPE) as window:
        window.wait_for("示例甲县", "1/8 县·年")
        window.wait_until(lambda shown: "正在" not in shown and "整理" not in shown)
        yield window
        Inspector(window).home()
        window.press("q")
        assert window.wait_exit() == 0
        assert window.left_behind() == []
        assert window.text.strip() == ""
        assert list(window.home.rglob("crash-*")) == []


@pytest.fixture
def inspector(window: Tmux) -> Inspector:
    return Inspector(window)


# Every screen


def test_one_begins_at_all_counties_with_their_verdicts(inspector: Inspector) -> None:
    inspector.home()
    inspector.see("示例数据 (虚构)", "标准 national-2017", "✓ 1", "✗ 2", "? 2", "~ 3", "县·年", "帮助")
    inspector.see("示例丙旗 2024 ✗ 不达标", "示例丁市 2024 ? 未知", "示例甲县 2025 ✓ 达标", "≤0.5", "≤0.45")


SCREENS: Sequence[tuple[str, str, Sequence[str]]] = (
    ("1", "总览", ("由什么决定", "资源配置     ✗ 不达标", "差异系数", "≤0.45", "接着看", "数据问题")),
    ("2", "学校 × 指标", ("≥4.2/5.3", FAILING, "0.00✗", "62 处")),
    ("3", "校际差异", ("限值≤", "CV ", "均值", "贡献", "占 %", "1.100✗")),
    ("4", "要求", ("前置条件", "G01", "限值", "不达标", "65 项")),
    ("5", "数据问题", ("级别", "C01", "错误")),
    ("6", "数据", ("学段", "办学类型", "74 处", "schools.csv:")),
    ("7", "过渡条款", ("没有用到过渡条款",)),
    ("8", "不计入的", ("原因", "学段")),
    ("9", "标准", ("national-2017", "条款", "设置")),
)


@pytest.mark.parametrize(("key", "title", "texts"), SCREENS, ids=[each[1] for each in SCREENS])
def test_a_screen_is_one_key_away(inspector: Inspector, key: str, title: str, texts: Sequence[str]) -> None:
    inspector.at_county()
    inspector.open(key, title)
    inspector.see(*texts)
    lines = inspector.window.display
    assert all(text_cells(line) <= 80 for line in lines)
    assert lines[0].endswith("不达标 ✗")


def test_the_mapping_is_shown_column_by_column(inspector: Inspector) -> None:
    inspector.at_county()
    inspector.press("m")
    inspector.see("表头对应", "读作", "school_id", "学校标识码")
    inspector.press("escape")
    inspector.see_headed("总览")


@pytest.mark.parametrize(
    ("name", "title", "texts"),
    [("县级数据", "县级数据", ("数值", "用于", "funds_unit_rate_primary")), ("go-settings", "设置", ("现用值", "campus_mode"))],
)  # fmt: skip
def test_a_screen_without_a_key_is_found_by_its_name(
    inspector: Inspector, name: str, title: str, texts: Sequence[str]
) -> None:
    inspector.at_county()
    inspector.press(":")
    inspector.see("命令", "\n筛选")
    inspector.window.type(name)
    inspector.see(f"\n筛选 {name}", "1/1 (共")
    inspector.press("enter")
    inspector.see_headed(title)
    inspector.see(*texts)
    inspector.press("escape")
    inspector.see_headed("总览")


def test_the_palette_does_what_is_picked_and_is_left_by_escape(inspector: Inspector) -> None:
    inspector.at_county()
    inspector.press("ctrl+p")
    inspector.see("\n筛选", "命令")
    inspector.press("escape", "escape")
    inspector.see_headed("总览")
    inspector.press(":")
    inspector.see("\n筛选")
    inspector.window.type("校际")
    inspector.see("1/1 (共")
    inspector.press("enter")
    inspector.see_headed("校际差异")


def test_help_tells_the_keys_and_marks_of_the_place(inspector: Inspector) -> None:
    inspector.at_schools()
    inspector.press("?")
    inspector.see("帮助 › 学校 × 指标", "按键", "动作", "下一不达标")
    inspector.press("G")
    inspector.see_that(lambda shown: re.search(r" (\d+)/\1 行", shown) is not None)
    inspector.press("escape")
    inspector.see_headed("学校 × 指标")
    inspector.press("f1")
    inspector.see("帮助 › ")
    inspector.press("escape")
    inspector.see_headed("学校 × 指标")


def test_help_and_palette_are_not_laid_over_themselves(inspector: Inspector) -> None:
    inspector.at_county()
    inspector.press("?")
    inspector.see_headed("帮助 › 总览")
    inspector.press("?")
    inspector.see_headed("总览")
    inspector.press(":", "escape", ":")
    inspector.see("\n筛选")
    inspector.press("escape", "escape")
    inspector.see_headed("总览")


def test_help_over_the_palette_is_left_step_by_step(inspector: Inspector) -> None:
    """What lies over a place is no place to come back to by a fault of the program."""
    inspector.at_county()
    inspector.press(":")
    inspector.see("\n筛选")
    inspector.press("escape", "?")
    inspector.see("帮助 › ")
    inspector.press("escape", "escape", "escape")
    inspector.open("1", "总览")


def test_language_and_widths_are_switched_over_help_too(inspector: Inspector) -> None:
    inspector.at_county()
    for key in ("Z", "Z", "A", "A", "t", "t", "t", "t", "r"):
        inspector.press("?", key)
    inspector.see_that(lambda shown: "示例丙旗" in shown or "帮助" in shown)
    inspector.press("escape", "escape")
    inspector.home()


# From the verdict to the fact and back


def test_from_the_verdict_to_the_reported_fact_and_back(inspector: Inspector, judged: Judged) -> None:
    inspector.at_county()
    inspector.press("g", "]")
    inspector.see_on("资源配置     ✗ 不达标")
    inspector.press("enter")
    inspector.see_headed("学校 × 指标")
    inspector.press("g", "^")
    inspector.search("沙窝")
    inspector.see_on(FAILING)
    inspector.to_column("L2 ")
    value = judged.rows("indicators", school=FAILING, indicator="L2")[0]
    assert (value["value"], value["status"]) == (0.0, "fail")
    inspector.see("每百名学生拥有县级以上骨干教师数", "0 ✗")
    inspector.press("e")
    inspector.see(
        "L2 每百名学生拥有县级以上骨干教师数 · ", "0.00", "✗ 不达标", "公式", "代入", "限值", "第六条(二)"
    )
    inspector.press("tab")
    inspector.see_that(lambda shown: "\n▸" in shown and f"\n▸{FAILING}" not in shown)
    inspector.press("G")
    inspector.see_that(lambda shown: re.search(r"^▸ .*schools\.csv:\d+", shown, re.MULTILINE) is not None)
    inspector.press("enter")
    inspector.see_headed("数据")
    inspector.see_on(FAILING)
    row = next(line for line in sample_rows() if line["school"] == FAILING and line["year"] == "2024")
    inspector.see_message("")
    told = inspector.message
    field = re.search(r"schools\.csv:(\d+):(\w+)$", told)
    assert field, told
    assert field[2] in row
    assert f": {row[field[2]]} " in told
    # The explanation, the facts, the schools, the overview, the counties.
    for title in ("学校 × 指标", "总览"):
        for _ in range(3):
            inspector.press("escape")
            if inspector.window.text.split("\n")[1].startswith(title):
                break
        inspector.see_headed(title)
    inspector.press("escape")
    inspector.see_that(lambda shown: shown.startswith("示例数据"))
    inspector.see_on("示例丙旗 2024")


def sample_rows() -> list[dict[str, str]]:
    """The rows of the sample's list of schools, as they are in the file."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), "contract")
        return list(
            csv.DictReader(io.StringIO((Path(folder) / "schools.csv").read_text(encoding="utf-8-sig")))
        )


def test_coming_back_one_stands_where_one_stood(inspector: Inspector) -> None:
    inspector.at_schools()
    inspector.search("沙窝")
    inspector.to_column("L3 ")
    inspector.press("enter")
    inspector.see_headed("数据")
    inspector.see_on(FAILING)
    inspector.press("escape")
    inspector.see_headed("学校 × 指标")
    inspector.see_on(FAILING)
    inspector.see_message("L3 ")


def test_a_coefficient_leads_to_the_schools_that_make_it(inspector: Inspector) -> None:
    inspector.at_county()
    inspector.press("J")
    inspector.see_message("按窗格")
    inspector.press("b")
    inspector.see_on("小学 ")
    inspector.to_column("生均教学仪器设备值")
    inspector.press("enter")
    inspector.see_headed("校际差异 › 小学 › L6")
    inspector.see("贡献", "占 %", "位次", "1.100✗")
    inspector.press("e")
    inspector.see("各校贡献")
    inspector.press("e", "escape")
    inspector.see_headed("总览")


def test_the_explanation_follows_the_cursor(inspector: Inspector) -> None:
    inspector.at_schools()
    inspector.to_column("L1 ")
    inspector.press("e")
    inspector.see("高于规定学历教师数 · 示例丙旗胡杨初级中学")
    inspector.press("down")
    inspector.see("高于规定学历教师数 · 示例丙旗红柳小学")
    inspector.press("right")
    inspector.see("骨干教师数 · 示例丙旗红柳小学")
    inspector.press("e")
    inspector.see_gone("骨干教师数 · 示例丙旗红柳小学")


# Finding


@pytest.mark.parametrize("typed", ["沙窝", "swxx", "shawo", "0003000053"])
def test_a_school_is_found_by_name_initials_and_number(inspector: Inspector, typed: str) -> None:
    inspector.at_schools()
    inspector.search(typed)
    inspector.see_on(FAILING)


def test_the_next_match_and_the_one_before(inspector: Inspector) -> None:
    inspector.at_schools()
    inspector.search("九年")
    first = cursor_row(inspector)
    inspector.press("n")
    inspector.see_that(lambda _: cursor_row(inspector) not in ("", first))
    second = cursor_row(inspector)
    assert "九年" in first + second
    inspector.press("N")
    inspector.see_that(lambda _: cursor_row(inspector) == first)
    inspector.search("没有这样的学校")
    inspector.see_message("没有找到“没有这样的学校”")


def cursor_row(inspector: Inspector) -> str:
    return next((line for line in inspector.window.text.split("\n") if line.startswith("▸")), "")


def test_given_up_the_search_leaves_one_where_one_was(inspector: Inspector) -> None:
    inspector.at_schools()
    inspector.press("/")
    inspector.see("\n查找")
    inspector.window.type("沙窝")
    inspector.see_that(lambda shown: " 3/62 " in shown)
    inspector.press("escape")
    inspector.see_gone("\n查找")
    inspector.press("down")
    inspector.see_that(lambda shown: "\n▸" in shown)


def test_the_next_that_fails_is_one_key_away(inspector: Inspector, judged: Judged) -> None:
    inspector.at_schools()
    failing = [row for row in judged.rows("schools") if row["status"] in ("fail", "unknown")]
    found = {cursor_row(inspector).split()[0].lstrip("▸").rstrip("…")}
    for _ in failing[1:]:
        before = cursor_row(inspector)
        inspector.press("]")
        inspector.see_that(lambda _, was=before: cursor_row(inspector) not in ("", was))  # type: ignore[misc]
        found.add(cursor_row(inspector).split()[0].lstrip("▸").rstrip("…"))
    assert len(found) == len(failing)
    assert all(any(row["school"].startswith(name) for row in failing) for name in found)


# Arranging


def column_of(inspector: Inspector, pattern: str) -> list[float]:
    """The figures that match in each row."""
    found = (re.search(pattern, line) for line in inspector.rows)
    return [float(match[1]) for match in found if match]


def test_sorting_goes_up_down_and_back(inspector: Inspector) -> None:
    inspector.at_schools()
    inspector.to_column("L1 ")
    first = r" (\d+\.\d\d)[✓✗?~]"
    inspector.press("s", "g")
    inspector.see("排序 L1↑")
    inspector.see_that(lambda _: (seen := column_of(inspector, first)) == sorted(seen) and len(seen) > 10)
    inspector.press("s", "g")
    inspector.see("排序 L1↓")
    inspector.see_that(
        lambda _: (seen := column_of(inspector, first)) == sorted(seen, reverse=True) and len(seen) > 10
    )
    inspector.press("s", "g")
    inspector.see_that(lambda shown: "排序" not in shown.split("\n")[1])
    inspector.see_on("示例丙旗胡杨初级中学")


def test_a_filter_leaves_exactly_the_rows_it_means(inspector: Inspector, judged: Judged) -> None:
    meant = {
        row["school"] for row in judged.rows("indicators", stage="primary", indicator="L2")
        if row["value"] is not None and row["value"] < 1.5
    }  # fmt: skip
    assert 0 < len(meant) < 20
    inspector.at_schools()
    inspector.press("f")
    inspector.see("\n筛选")
    inspector.window.type("小学 L2<1.5")
    inspector.see("\n筛选 小学 L2<1.5")
    inspector.press("enter")
    inspector.see(f"/{len(meant)} (共 62) 处", "筛选 小学 L2<1.5")
    shown = [line.lstrip(" ▸").split()[0].rstrip("…") for line in inspector.rows]
    assert len(shown) == len(meant)
    assert all(any(name.startswith(each) for name in meant) for each in shown)
    inspector.press("escape")
    inspector.see("/62 处")


def test_a_filter_that_is_no_filter_is_told_and_can_be_mended(inspector: Inspector) -> None:
    inspector.at_schools()
    inspector.press("f")
    inspector.see("\n筛选")
    inspector.window.type("L99<1")
    inspector.press("enter")
    inspector.see("没有名为“L99”的列", "\n筛选 L99<1")
    inspector.press(*["backspace"] * 4)
    inspector.window.type("2<1")
    inspector.see("\n筛选 L2<1")
    inspector.press("enter")
    inspector.see(" (共 62) 处")
    inspector.see_gone("没有名为")
    inspector.press("F")
    inspector.see("/62 处")


def test_keys_that_come_in_one_piece_are_done_one_after_the_other(inspector: Inspector) -> None:
    """A slow line brings what was typed all at once: corrections, the answer, and what is meant for after it."""
    inspector.at_schools()
    inspector.window.type("f初中\x7f\x7f小学\rjj")
    inspector.see("筛选 小学", " 3/37 (共 62) 处")
    inspector.window.type("FfL99<1\r\x7f\x7f\x7f\x7f2<1\r")
    inspector.see("筛选 L2<1", " 1/1 (共 62) 处")
    inspector.window.type("F/沙窝\x1b[D\x1b[Dx\x1b[F\x7f\x7f\x7f红柳\rl")
    inspector.see_on("示例丙旗红柳小学")
    inspector.see_message("学段: 小学")
    inspector.window.type(":设置\r")
    inspector.see_headed("设置")
    assert not re.search(r"^(查找|筛选)", inspector.window.text, re.MULTILINE)


def test_groups_are_made_folded_and_given_up(inspector: Inspector) -> None:
    inspector.at_schools()
    inspector.press("b", "g")
    inspector.see("分组 学段", "▾")
    inspector.see_that(lambda _: cursor_row(inspector).startswith("▸▾"))
    before = len(inspector.rows)
    inspector.press("space")
    inspector.see_that(lambda _: cursor_row(inspector).startswith("▸+"))
    assert len(inspector.rows) <= before
    inspector.press("enter")
    inspector.see_that(lambda _: cursor_row(inspector).startswith("▸▾"))
    for _ in range(5):
        if "分组" not in inspector.window.text.split("\n")[1]:
            break
        now = inspector.window.text.split("\n")[1]
        inspector.press("b")
        inspector.see_that(lambda shown, was=now: shown.split("\n")[1] != was)  # type: ignore[misc]
    assert "分组" not in inspector.window.text.split("\n")[1]


# Switching


def test_switching_the_standard_keeps_the_place(inspector: Inspector) -> None:
    """The same school under the cursor, there and back."""
    inspector.at_schools()
    inspector.search("沙窝")
    for standard, title in (("national-2012", "B1"), ("national-2017", "L1")):
        inspector.press("p")
        inspector.see("换标准", "部标准")
        inspector.search(standard)
        inspector.see_that(lambda shown, name=standard: re.search(rf"▸[* ]*{name}", shown) is not None)  # type: ignore[misc]
        inspector.press("enter")
        inspector.see_that(lambda shown, name=standard: f"标准 {name} " in shown.split("\n")[0])  # type: ignore[misc]
        inspector.see_headed("学校 × 指标")
        inspector.see(title)
        inspector.see_on(FAILING)


def test_what_would_change_is_told_before_it_changes(inspector: Inspector) -> None:
    inspector.at_county()
    inspector.press("p")
    inspector.see("* national-2017", "national-2012", "pioneer-2021", "不达标")
    inspector.see_that(lambda shown: "评估中" not in shown)
    inspector.press("escape")
    inspector.see_headed("总览")
    inspector.see("标准 national-2017 ")


def test_neighbouring_counties_are_shown_in_the_same_view(inspector: Inspector) -> None:
    inspector.at_county()
    inspector.open("3", "校际差异")
    inspector.press(".")
    inspector.see_headed("校际差异", "示例丙旗 2025")
    inspector.press(",", ",")
    inspector.see_headed("校际差异", "示例乙区 2025")


def test_what_lies_over_a_place_has_no_neighbours(inspector: Inspector) -> None:
    inspector.at_county()
    for key, title in ((":", "命令"), ("?", "帮助")):
        inspector.press(key)
        inspector.see_headed(title)
        if key == ":":
            inspector.press("escape")
        inspector.press(".")
        inspector.see("这里不能“下一县”")
        inspector.press("escape")
        inspector.see_headed("总览")


# Copying


def test_a_range_is_copied_tab_separated_and_in_full(inspector: Inspector, judged: Judged) -> None:
    inspector.at_schools()
    inspector.to_column("L1 ")
    inspector.press("v")
    inspector.see_message("移动以选择")
    inspector.press("down", "down", "right")
    inspector.press("y")
    inspector.see_that(lambda _: len(inspector.window.copied.split("\n")) == 3)
    names = [line.lstrip(" ▸").split()[0] for line in inspector.rows[:3]]
    copied = [line.split("\t") for line in inspector.window.copied.split("\n")]
    for name, cells in zip(names, copied, strict=True):
        figures = [
            judged.rows("indicators", school=name, indicator=each)[0]["value"] for each in ("L1", "L2")
        ]
        assert [float(cell) for cell in cells] == figures
        assert [
            cell for cell, value in zip(cells, figures, strict=True) if len(cell) < len(f"{value:.12g}")
        ] == []
    inspector.see_message("已复制 3 行")


def test_a_row_is_copied_under_its_headings(inspector: Inspector, judged: Judged) -> None:
    inspector.at_schools()
    inspector.search("红柳")
    inspector.see_on("示例丙旗红柳小学")
    inspector.press("Y")
    inspector.see_that(lambda _: inspector.window.copied.startswith("学校\t"))
    heads, values = (line.split("\t") for line in inspector.window.copied.split("\n"))
    row = dict(zip(heads, values, strict=True))
    assert (row["学校"], row["学段"]) == ("示例丙旗红柳小学", "小学")
    for figure in judged.rows("indicators", school="示例丙旗红柳小学"):
        assert float(row[figure["indicator"]]) == figure["value"]


def test_an_explanation_is_copied_whole(inspector: Inspector) -> None:
    inspector.at_schools()
    inspector.search("沙窝")
    inspector.to_column("L2 ")
    # Over a slow line keys come in one piece, so each must count from the one before on.
    inspector.window.type("e\ty")
    inspector.see_that(lambda _: "骨干教师数" in inspector.window.copied)
    copied = inspector.window.copied
    assert all(word in copied for word in ("公式", "代入", "限值", FAILING))
    inspector.press("escape", "escape")
    inspector.see_gone("骨干教师数 · ")


# How it looks


def styled(window: Tmux) -> str:
    return window._tmux("capture-pane", "-e", "-p", "-t", "test")


def test_themes_come_in_turn_and_mono_has_no_colour(inspector: Inspector) -> None:
    inspector.at_county()
    looks: dict[str, str] = {}
    for _ in range(4):
        inspector.press("t")
        inspector.see_that(
            lambda shown, seen=tuple(looks): (
                shown.rstrip().split("\n")[-2].startswith("配色: ")  # type: ignore[misc]
                and shown.rstrip().split("\n")[-2] not in seen
            )
        )
        looks[inspector.message] = styled(inspector.window)
    assert len(looks) == 4
    colours = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-7]|4[0-7]|9[0-7]|10[0-7]|38;[25]|48;[25])[;\dm]")
    plain = [message for message, look in looks.items() if not colours.search(look)]
    assert len(plain) == 1
    assert "单色" in plain[0]


def test_the_other_language_and_back(inspector: Inspector) -> None:
    inspector.at_county()
    inspector.press("Z")
    inspector.see("overview", "standard national-2017", "fail", "what decides it")
    words = inspector.window.text
    assert "总览" not in words
    inspector.press("Z")
    inspector.see_headed("总览")


def test_every_size_shows_the_same_place(inspector: Inspector) -> None:
    inspector.at_schools()
    inspector.search("沙窝")
    inspector.see_on(FAILING)
    try:
        for columns, rows in ((60, 20), (120, 40), (20, 5), (80, 24)):
            inspector.window.resize(columns, rows)
            if columns == 20:
                inspector.see("窗口太小")
            else:
                inspector.see_on(FAILING)
                inspector.see_that(lambda shown, rows=rows: len(shown.split("\n")) == rows)  # type: ignore[misc]
                inspector.see_that(
                    lambda shown, wide=columns: all(text_cells(line) <= wide for line in shown.split("\n"))  # type: ignore[misc]
                )
                inspector.see_headed("学校 × 指标")
    finally:
        inspector.window.resize(80, 24)
    inspector.see("打开", "学段")


def test_a_window_made_small_while_one_types_keeps_what_is_typed(inspector: Inspector) -> None:
    inspector.at_schools()
    inspector.press("/")
    inspector.see("\n查找")
    inspector.window.type("沙窝")
    inspector.see("\n查找 沙窝")
    try:
        inspector.window.resize(20, 5)
        inspector.see("窗口太小")
    finally:
        inspector.window.resize(80, 24)
    inspector.see("\n查找 沙窝")
    inspector.press("enter")
    inspector.see_on(FAILING)


# One's own files


@pytest.mark.parametrize("layout", ["wide", "contract"])
def test_own_files_are_opened_and_judged_as_the_sample(
    tmp_path: Path, judged: Judged, layout: Layout
) -> None:
    write(tmp_path, layout)
    with Tmux(command(*given(tmp_path)), environment=ESCAPE) as window:
        inspector = Inspector(window)
        inspector.see("1/8 县·年", "national-2017")
        inspector.see_gone("正在")
        for county in judged.said["counties"]:
            word = {"pass": "达标", "fail": "不达标", "unknown": "未知", "relieved": "过渡达标"}[
                county["verdict"]
            ]
            inspector.see(f"{county['county']} {county['year']} {MARK[county['verdict']]} {word}")
        inspector.press("q")
        assert window.wait_exit() == 0
        assert window.left_behind() == []


def given(folder: Path) -> list[str]:
    return [
        str(folder), "--county-facts", str(folder / "county-facts.csv"), "--judgements",
        str(folder / "judgements.csv"),
    ]  # fmt: skip


def renamed(folder: Path) -> Path:
    """The sample with a header that nobody knows."""
    write(folder, "contract")
    path = folder / "schools.csv"
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace("backbone_teachers", "县级及以上骨干人数", 1), encoding="utf-8")
    return folder


def test_headers_are_corrected_saved_and_read(tmp_path: Path) -> None:
    folder = renamed(tmp_path)
    saved = tmp_path / "我的 对应.toml"
    with Tmux(command(*given(folder))) as window:
        inspector = Inspector(window)
        inspector.see("还有 1 列未定", "县级及以上骨干人数", "backbone_teachers")
        inspector.press("a")
        inspector.see_message("还有 1 列未定")
        inspector.press("enter")
        inspector.see("\n筛选", "不读这一列")
        inspector.window.type("骨干")
        inspector.see("\n筛选 骨干", "用字相近")
        inspector.press("enter")
        inspector.see("已更正", "各列已定")
        inspector.press("W")
        inspector.see("对应文件存为")
        inspector.press(*["backspace"] * 40)
        inspector.window.type(str(saved))
        inspector.press("enter")
        inspector.see_message("已写入")
        inspector.press("a")
        inspector.see("示例丙旗 2024 ✗ 不达标", "1/8 县·年")
        inspector.press("]", "enter", "2")
        inspector.see("学校 × 指标", "L2✗")
        inspector.press("q")
        assert window.wait_exit() == 0
        assert window.left_behind() == []
    assert "县级及以上骨干人数" in saved.read_text(encoding="utf-8")
    with Tmux(command(*given(folder), "--mapping", str(saved))) as window:
        Inspector(window).see("1/8 县·年", "示例丙旗 2024 ✗ 不达标")


def test_who_leaves_a_needed_column_out_gets_unknown_not_a_verdict(tmp_path: Path) -> None:
    """Missing is never zero, and unknown never passes."""
    with Tmux(command(*given(renamed(tmp_path)))) as window:
        inspector = Inspector(window)
        inspector.see("还有 1 列未定")
        inspector.press("X")
        inspector.see("各列已定")
        inspector.press("a")
        inspector.see("1/8 县·年")
        rows = [line for line in window.display if re.match(r"[▸ ]示例.. 20", line)]
        assert len(rows) == 8
        assert not any("达标 " in row and "不达标" not in row for row in rows)


def test_a_file_that_is_no_table_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "学校.csv"
    path.write_bytes(b"\x00\x01\x02" * 50)
    with Tmux(command(str(path))) as window:
        inspector = Inspector(window)
        inspector.see("学校.csv")
        inspector.see_that(lambda shown: "正在读取" not in shown and len(shown.split()) > 3)
        assert "Traceback" not in window.text
        if window.status is None:
            inspector.press("q")
        window.wait_exit()
        assert window.left_behind() == []
        assert "Traceback" not in window.text
