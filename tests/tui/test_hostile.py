"""Names that would obey, colour, break or shift: they are shown as text, columns stay where they are, and what is
copied is the name as it is in the data. Where the terminal draws ambiguous characters wide, there are none."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from base64 import b64decode
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from benchmarks.emulator import character_cells
from tests.contract.builder import passing_county, school, write_sections
from tests.tui.terminal import Terminal, TerminalError, balance, without_plugins

LONG = "长" * 300
SHOWN = {
    "[bold]粗[/bold]小学": "[bold]粗[/bold]小学",
    "[@click=app.quit]点我[/]": "[@click=app.quit]点我[/]",
    "[red": "[red",
    "\\[转义]": "\\[转义]",
    "红\x1b[31m字\x1b[0m": r"红\x1b[31m字\x1b[0m",
    "标题\x1b]0;x\x07学校": r"标题\x1b]0;x\x07学校",
    "贴\x1b]52;c;aGk=\x07板": r"贴\x1b]52;c;aGk=\x07板",
    "\x9b31m八位": r"\x9b31m八位",
    "制\t表": r"制\t表",
    "换\n行": r"换\n行",
    "回\r车": r"回\r车",
    "cafe\u0301小学": "cafe\u0301小学",
    "\u0301开头": "◌\u0301开头",
    "葛\U000e0100城": "葛\U000e0100城",
    "𠮷\ufe00祥": "𠮷祥",
    "🏫学校❤\ufe0f": "🏫学校❤",
    "👨\u200d👩\u200d👧家": r"👨\u200d👩\u200d👧家",
    "序\u202eabc\u202c乱": r"序\u202eabc\u202c乱",
    "\u200f右到左": r"\u200f右到左",
    "a\u200bb零宽": r"a\u200bb零宽",
    "①≥—·Ⅳ小学": "①≥—·Ⅳ小学",
    "한글학교": "한글학교",
    "ｶﾀｶﾅ": "ｶﾀｶﾅ",
    "ไทย": "ไทย",
    LONG: "长" * 8,
}
"""Names as they are in the data, and how they begin on the screen."""
HOSTILE_COUNTY = "[red]乙[/]\x1b[31m县\t区①"
HOSTILE_FILE = "学\x1b[31m[b]校 \t①.csv"
ORDINARY = 10
"""Sections of ordinary schools, which stand above the others."""
VIEWS = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "m", "p")
_SEQUENCE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[PX^_].*?\x1b\\|[ -/]*[0-~])"
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two counties, the first with a school of every name, all of the same figures; one has no name."""
    county = passing_county("甲县")
    for number, name in enumerate([*SHOWN, ""]):
        county.add(school(f"{number:04d}H", "primary_school", {"primary": 300}, school=name))
    folder = tmp_path_factory.mktemp("hostile")
    return write_sections(folder / HOSTILE_FILE, [county, passing_county(HOSTILE_COUNTY)])


def opened(data: Path, *arguments: str, ambiguous: int = 1, columns: int = 160) -> Terminal:
    terminal = balance(str(data), *arguments, columns=columns, rows=60, ambiguous=ambiguous)
    terminal.wait_for("1/2 县")
    return terminal


@pytest.fixture(scope="module")
def wide_screen(data: Path) -> Iterator[Terminal]:
    """The app on them, never left; in the end nothing but text and known sequences has come from it."""
    with opened(data) as terminal:
        yield terminal
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert list(terminal.home.rglob("crash-*")) == []
        assert_only_text(terminal)


def assert_only_text(terminal: Terminal) -> None:
    """Neither bell nor title nor a clipboard nobody asked for, and no character that is obeyed or not seen."""
    assert terminal.screen.rings == 0
    assert {body.split(";")[0] for _, body in terminal.screen.strings} <= {"22", "52"}
    assert not any(body == "52;c;aGk=" for _, body in terminal.screen.strings)
    text = _SEQUENCE.sub("", terminal.since_mark.decode())
    obeyed = {each for each in text if unicodedata.category(each) in ("Cc", "Cf", "Zl", "Zp")}
    assert obeyed <= {"\r", "\n", "\b"}, obeyed


def at(terminal: Terminal, view: str, title: str) -> None:
    """The view of a key, of the first county, at its first row."""
    terminal.press("0", "g", "enter", view, "g", "circumflex_accent")
    terminal.wait_until(lambda text: text.startswith("甲县 2023") and text.split("\n")[1].startswith(title))
    terminal.wait_until(lambda text: re.search(r" 1/\d+ ", text.split("\n")[1]) is not None)


def by_cell(line: str, ambiguous: int = 1) -> list[str]:
    """What stands in each cell; the second half of a wide character is empty, marks are with their base."""
    cells: list[str] = []
    for character in line:
        taken = character_cells(character, ambiguous)
        if taken == 0 and cells:
            cells[-1 if cells[-1] else -2] += character
        cells += [character, ""][:taken]
    return cells


def rows_of(terminal: Terminal, first: str = "学校") -> tuple[int, list[list[str]]]:
    """Where the column behind the names begins, and the rows, cell by cell."""
    lines = terminal.text.split("\n")
    at = next(index for index, line in enumerate(lines) if re.match(rf" {first} {{2,}}", line))
    heading = by_cell(lines[at], terminal.screen.ambiguous)
    behind = "".join(each or "\0" for each in heading).index("  ")
    start = next(index for index in range(behind, len(heading)) if heading[index] != " ")
    end = next((index for index in range(at + 2, len(lines)) if not lines[index].strip()), len(lines))
    body = [line for line in lines[at + 1 : end] if not line.startswith("  ")]
    return start, [by_cell(line, terminal.screen.ambiguous) for line in body]


def comes_to(terminal: Terminal, check: Callable[[], None]) -> None:
    """The screen comes to be as the check wants it: headings may be drawn before the rows below them."""

    def passes(_: str) -> bool:
        with contextlib.suppress(AssertionError, StopIteration, ValueError):
            check()
            return True
        return False

    with contextlib.suppress(TerminalError):
        terminal.wait_until(passes, 20)
    check()


def assert_aligned(terminal: Terminal, least: int = 15) -> None:
    """In every row of the list the column behind the names comes to begin at the same cell, behind a blank."""
    comes_to(terminal, partial(check_aligned, terminal, least))


def check_aligned(terminal: Terminal, least: int) -> None:
    start, rows = rows_of(terminal)
    assert len(rows) >= least
    for row in rows:
        assert len(row) > start, "".join(row)
        assert row[start - 1] == " ", "".join(row)
        assert row[start].strip(), "".join(row)


# Shown as text, in place


def test_every_name_is_shown_as_text(wide_screen: Terminal) -> None:
    at(wide_screen, "2", "学校 × 指标")
    wide_screen.wait_for("ไทย")
    for name, shown in SHOWN.items():
        # The emulator keeps a variation selector with its base as it keeps no character of no width but marks.
        assert shown.replace("\U000e0100", "") in wide_screen.text.replace("\U000e0100", ""), name
    # A school without a name is called by its number.
    assert f" {len(SHOWN):04d}H " in wide_screen.text


def test_figures_behind_the_names_stand_in_the_same_cells(wide_screen: Terminal) -> None:
    at(wide_screen, "2", "学校 × 指标")

    def check() -> None:
        start, rows = rows_of(wide_screen)
        hostile = [row for row in rows if not "".join(row).lstrip(" ▸").startswith("第")]
        assert len(hostile) == len(SHOWN) + 1
        # All of them report the same, so that all that follows the name is the same, cell by cell.
        assert len({"".join(row[start:]).rstrip() for row in hostile}) == 1

    comes_to(wide_screen, check)


@pytest.mark.parametrize(("view", "title"), [("2", "学校 × 指标"), ("6", "数据")])
def test_columns_stay_in_place(wide_screen: Terminal, view: str, title: str) -> None:
    at(wide_screen, view, title)
    assert_aligned(wide_screen)


def test_columns_stay_in_place_where_contributions_are_drawn(wide_screen: Terminal) -> None:
    at(wide_screen, "3", "校际差异")
    wide_screen.press("right", "enter")
    wide_screen.wait_for("小学 › L1")

    def check() -> None:
        """The ranks, which stand to the right of their column, end at the same cell."""
        start, rows = rows_of(wide_screen)
        assert len(rows) >= 15
        assert {"".join(row[start : start + 5]).strip().isdigit() for row in rows} == {True}
        assert {(row[start + 3].isdigit(), row[start + 4]) for row in rows} == {(True, " ")}

    comes_to(wide_screen, check)


def test_columns_stay_in_place_in_a_narrow_list(data: Path) -> None:
    """Names are cut in the middle of an escape, a wide character or a mark, and the columns stay."""
    with opened(data, columns=60) as terminal:
        terminal.press("enter", "2")
        terminal.wait_for("ไทย")
        assert_aligned(terminal)
        start, rows = rows_of(terminal)
        long = next(row for row in rows if "长长" in "".join(row))
        assert "".join(long[:start]).rstrip().endswith("…")


def test_a_county_and_a_file_are_named_as_text(wide_screen: Terminal) -> None:
    wide_screen.press("0", "g", "down")
    wide_screen.wait_for(r"学\x1b[31m[b]校 \t①.csv  标准")
    wide_screen.wait_for(r"县: [red]乙[/]\x1b[31m县\t区①")
    wide_screen.press("enter")
    wide_screen.wait_until(lambda text: text.startswith(r"[red]乙[/]\x1b[31m县\t区① 2023  标准"))


def test_the_place_of_a_fact_names_the_file_as_text(wide_screen: Terminal) -> None:
    at(wide_screen, "6", "数据")
    wide_screen.wait_until(lambda text: r"学\x1b[31m[b]校 \t①.csv:2:school" in text.split("\n")[-2])


def test_the_message_line_names_the_school_as_text(wide_screen: Terminal) -> None:
    at(wide_screen, "2", "学校 × 指标")
    stood = 0
    for name in ("标题\x1b]0;x\x07学校", "换\n行", "cafe\u0301小学"):
        row = ORDINARY + list(SHOWN).index(name)
        wide_screen.press(*["down"] * (row - stood))
        wide_screen.wait_until(lambda text, told=SHOWN[name]: f"\n学校: {told}" in text)  # type: ignore[misc]
        stood = row


def test_the_explanation_names_the_school_as_text(wide_screen: Terminal) -> None:
    at(wide_screen, "2", "学校 × 指标")
    search(wide_screen, "[@click")
    to_column(wide_screen, "L2 ")
    wide_screen.press("e")
    wide_screen.wait_for("每百名学生拥有县级以上骨干教师数 · [@click=app.quit]点我[/]")
    wide_screen.press("e")
    wide_screen.wait_gone("骨干教师数 · [@click")


def search(terminal: Terminal, text: str) -> None:
    terminal.press("slash")
    terminal.wait_for("\n查找")
    terminal.type(text)
    terminal.wait_for(f"\n查找 {text}")
    terminal.press("enter")
    terminal.wait_gone(f"\n查找 {text}")


def to_column(terminal: Terminal, told: str) -> None:
    """Right until the message line tells of this column."""
    for _ in range(20):
        last = terminal.text.split("\n")[-2]
        if last.startswith(told):
            return
        terminal.press("right")
        terminal.wait_until(lambda text, was=last: text.split("\n")[-2] != was)  # type: ignore[misc]
    raise AssertionError(f"no column {told}\n{terminal.text}")


# Typed and copied


@pytest.mark.parametrize("typed", ["[bold]", "[@click=app.quit]", "[/]", "\\[转", "cafe\u0301", "①≥", "𠮷"])
def test_what_is_typed_is_text_and_finds_the_name(wide_screen: Terminal, typed: str) -> None:
    at(wide_screen, "2", "学校 × 指标")
    search(wide_screen, typed)
    want = "[bold]粗[/bold]小学" if typed == "[/]" else typed
    wide_screen.wait_until(lambda text: "学校: " in text and (want in text.split("\n")[-2] or typed == "[/]"))


def test_what_is_pasted_is_one_line_of_text(wide_screen: Terminal) -> None:
    at(wide_screen, "2", "学校 × 指标")
    wide_screen.press("slash")
    wide_screen.wait_for("\n查找")
    wide_screen.paste("[bold]粗\u202e\u200d\x07\n又一行")
    wide_screen.wait_until(lambda text: "查找 [bold]粗" in text and "又一行" not in text.split("查找")[-1])
    wide_screen.press("escape")
    wide_screen.wait_gone("\n查找")
    wide_screen.press("slash")
    wide_screen.wait_for("\n查找")
    wide_screen.paste("\x1b[31m红\x1b]0;t\x07")
    wide_screen.wait_for("红")
    wide_screen.press("escape")
    wide_screen.wait_gone("\n查找")


def test_nothing_is_found_says_so_with_the_text_as_it_was_typed(wide_screen: Terminal) -> None:
    at(wide_screen, "2", "学校 × 指标")
    search(wide_screen, "[bold]无[/]")
    wide_screen.wait_for("没有找到“[bold]无[/]”")


def copied(terminal: Terminal) -> str:
    """What the terminal was last asked to put on its clipboard."""
    return b64decode([body for _, body in terminal.screen.strings if body.startswith("52;")][-1][5:]).decode()


def test_names_are_copied_as_they_are_in_the_data(wide_screen: Terminal) -> None:
    at(wide_screen, "6", "数据")
    search(wide_screen, "[bold]")
    wide_screen.press("v", *["down"] * (len(SHOWN) - 1))
    asked = len(wide_screen.screen.strings)
    wide_screen.press("y")
    wide_screen.wait_until(lambda _: len(wide_screen.screen.strings) > asked)
    # A line break in a name would break the lines of what is copied: one row a line is what is pasted elsewhere.
    assert copied(wide_screen).replace("\r", "").split("\n") == "\n".join(SHOWN).replace("\r", "").split("\n")


# Where ambiguous characters take two cells


def test_no_ambiguous_character_is_on_any_screen_where_they_are_wide(data: Path) -> None:
    with opened(data, "--ambiguous", "wide", ambiguous=2, columns=80) as terminal:
        for county in ("g", "G"):
            for view in VIEWS:
                terminal.press("0", county, "enter", view)
                seen_without_ambiguous(terminal)
                terminal.press("e", "tab", "down", "e")
                seen_without_ambiguous(terminal)
        for keys in (("colon", "escape", "escape"), ("question_mark", "escape"), ("J", "escape"), ("Z", "Z")):
            for key in keys:
                terminal.press(key)
                seen_without_ambiguous(terminal)
        terminal.press("0", "g", "enter", "2")
        terminal.wait_for("[bold]")
        assert_aligned(terminal)
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert_only_text(terminal)


def seen_without_ambiguous(terminal: Terminal) -> None:
    terminal.wait_quiet(0.15)
    found = {each for each in terminal.text if unicodedata.east_asian_width(each) == "A"}
    assert not {each for each in found if not unicodedata.combining(each)}, f"{found}\n{terminal.text}"


def test_the_sample_is_shown_without_ambiguous_characters_too(tmp_path: Path) -> None:
    with balance("demo", "--ambiguous", "wide", ambiguous=2, home=without_plugins(tmp_path)) as terminal:
        terminal.wait_for("示例甲县")
        terminal.wait_until(lambda text: re.search(r" 1/8 ", text) is not None)
        for _ in range(3):
            terminal.press("0", "right_square_bracket", "enter")
            for view in VIEWS:
                terminal.press(view, "e")
                seen_without_ambiguous(terminal)
                terminal.press("tab", "G", "e")
                seen_without_ambiguous(terminal)
