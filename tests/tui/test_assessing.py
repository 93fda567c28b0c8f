"""An assessment in a real terminal: corrected, judged, taken back, reviewed, by one or by two; nothing saved is lost."""

from __future__ import annotations

import hashlib
import signal
from pathlib import Path

import pytest

from balance_tui.records.state import FactKey, ItemKey
from balance_tui.tui.assessing import following
from benchmarks.pty_process import TerminalError

from . import assessed
from .assessed import NAME, Workspace, confirm, correct, propose, to_cell, until_kept
from .terminal import Terminal


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return assessed.made(tmp_path / "workspace", tmp_path / "home")


def facts(workspace: Workspace) -> dict[FactKey, str | None]:
    desk = workspace.desk()
    found = dict(desk.assessment(NAME).facts)
    desk.log.close()
    return found


def school(workspace: Workspace) -> str:
    """A primary school of the county."""
    row = next(row for row in workspace.shown()["schools"] if row["stage"] == "primary")
    return str(row["school"])


def verdict_line(text: str) -> str:
    return text.split("\n")[0]


def test_a_correction_shows_what_it_changes_is_saved_and_gives_the_verdict_of_the_command_line(
    workspace: Workspace,
) -> None:
    assert workspace.verdict() == "pass"
    name = school(workspace)
    with workspace.open() as terminal:
        to_cell(terminal, name, "backbone_teachers")
        assert "达标 ✓" in verdict_line(terminal.text)
        propose(terminal, "0")
        assert "达标 ✓" in verdict_line(terminal.text)
        terminal.wait_for("学校综合", "不达标 ✗", "L2")
        assert not facts(workspace)
        confirm(terminal, "已保存", "0*")
        terminal.wait_until(lambda text: "不达标 ✗" in verdict_line(text))
        assert workspace.verdict() == "fail"
        assert list(facts(workspace).values()) == ["0"]
        terminal.press("u")
        terminal.wait_for("撤销更正")
        terminal.wait_until(lambda text: "不达标" not in verdict_line(text))
        assert workspace.verdict() == "pass"
        terminal.press("ctrl+r")
        terminal.wait_until(lambda text: "不达标 ✗" in verdict_line(text))
        assert workspace.verdict() == "fail"
        terminal.press("R")
        terminal.wait_for("恢复导入值 ›")
        terminal.wait_gone("影响计算中")
        confirm(terminal, "已保存")
        terminal.wait_until(lambda text: "不达标" not in verdict_line(text))
        assert not facts(workspace)


def test_a_text_that_is_no_figure_is_refused_while_it_is_typed_and_nothing_is_written(
    workspace: Workspace,
) -> None:
    name = school(workspace)
    with workspace.open() as terminal:
        to_cell(terminal, name, "backbone_teachers")
        terminal.press("i")
        terminal.wait_for("\n更正 ")
        terminal.type("x")
        terminal.wait_for("不是数")
        terminal.press("enter")
        terminal.wait_for("不是数")
        terminal.press("escape")
        terminal.wait_gone("\n更正 ")
        assert not facts(workspace)


def test_what_was_saved_is_there_after_a_kill(workspace: Workspace) -> None:
    name = school(workspace)
    with workspace.open() as terminal:
        to_cell(terminal, name, "backbone_teachers")
        correct(terminal, "1")
        terminal.kill(signal.SIGKILL)
        terminal.wait_exit()
    assert list(facts(workspace).values()) == ["1"]


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGHUP])
def test_what_was_being_typed_is_offered_again_after_a_drop(
    workspace: Workspace, end: signal.Signals
) -> None:
    name = school(workspace)
    with workspace.open() as terminal:
        to_cell(terminal, name, "backbone_teachers")
        terminal.press("i")
        terminal.wait_for("\n更正 ")
        terminal.press("ctrl+u")
        terminal.type("17")
        terminal.wait_for("(人): 17")
        until_kept(workspace, "17")
        terminal.kill(end)
        terminal.wait_exit()
    with workspace.open() as terminal:
        terminal.wait_for("上次断线前未保存的", "(人): 17")
        terminal.press("enter")
        terminal.wait_for("会改变什么")
        terminal.wait_gone("影响计算中")
        confirm(terminal, "已保存")
    assert list(facts(workspace).values()) == ["17"]
    with workspace.open() as terminal:
        terminal.wait_for("由什么决定")
        assert "上次断线前" not in terminal.text


def test_a_kill_in_the_middle_of_typing_leaves_what_was_typed_so_far_until_it_is_given_up(
    workspace: Workspace,
) -> None:
    name = school(workspace)
    with workspace.open() as terminal:
        to_cell(terminal, name, "backbone_teachers")
        terminal.press("i")
        terminal.wait_for("\n更正 ")
        terminal.press("ctrl+u")
        terminal.type("17")
        terminal.wait_for("(人): 17")
        until_kept(workspace, "17")
        terminal.type("6")
        terminal.kill(signal.SIGKILL)
        terminal.wait_exit()
    with workspace.open() as terminal:
        terminal.wait_for("上次断线前未保存的", "(人): 17")
        terminal.press("escape")
        terminal.wait_gone("\n更正 ")
        terminal.press("q")
        terminal.wait_exit()
    assert not list((workspace.folder / "drafts").iterdir())
    assert not facts(workspace)


def test_what_another_does_appears_without_moving_the_cursor(workspace: Workspace) -> None:
    assert following.EVERY <= 1
    name = school(workspace)
    with workspace.open() as mine, workspace.open("li") as theirs:
        to_cell(mine, name, "teachers")
        mine.press("j", "j", "j")
        mine.wait_for(" 4/71 ")
        stood = [line for line in mine.display if line.startswith("▸")]
        to_cell(theirs, name, "backbone_teachers")
        theirs.wait_for("在线")
        correct(theirs, "0")
        mine.wait_until(lambda text: "不达标 ✗" in verdict_line(text) and "li: " in text)
        assert [line for line in mine.display if line.startswith("▸")] == stood
        mine.wait_for("在线 li")


def test_the_same_cell_asks_whose_value_is_to_stay(workspace: Workspace) -> None:
    name = school(workspace)
    with workspace.open() as mine, workspace.open("li") as theirs:
        for terminal in (mine, theirs):
            to_cell(terminal, name, "backbone_teachers")
        propose(mine, "3")
        propose(theirs, "5")
        confirm(theirs, "已保存")
        mine.wait_for("li: ")
        confirm(mine, "原来", "我的", "对方的", "li ")
        assert list(facts(workspace).values()) == ["5"]
        mine.press("up", "enter")
        mine.wait_for("已保存")
        theirs.wait_for("3*")
    assert list(facts(workspace).values()) == ["3"]
    desk = workspace.desk()
    assert [event.new for event in desk.assessment(NAME).events if event.operation == "fact"] == [
        {"value": "5"}, {"value": "3"}
    ]  # fmt: skip


def test_theirs_can_be_kept(workspace: Workspace) -> None:
    name = school(workspace)
    with workspace.open() as mine, workspace.open("li") as theirs:
        for terminal in (mine, theirs):
            to_cell(terminal, name, "backbone_teachers")
        propose(mine, "3")
        correct(theirs, "5")
        mine.wait_for("li: ", "改为此值")
        assert "5 " in next(line for line in mine.display if "改为此值" in line)
        confirm(mine, "对方的")
        mine.press("escape")
        mine.wait_until(lambda text: text.split("\n")[1].startswith("更正 ›"))
        confirm(mine, "对方的")
        mine.press("enter")
        mine.wait_for("保留对方的值", "5*")
    assert list(facts(workspace).values()) == ["5"]


def test_a_block_from_a_spreadsheet_is_looked_through_before_it_is_saved(workspace: Workspace) -> None:
    name = school(workspace)
    with workspace.open(columns=120, rows=40) as terminal:
        to_cell(terminal, name, "backbone_teachers")
        terminal.paste("7\t1\n8\t二\n")
        terminal.wait_for("3 格", "“二”不是数", "1 格读不出")
        terminal.press("enter")
        terminal.wait_for("读不出")
        assert not facts(workspace)
        terminal.press("escape")
        terminal.wait_until(lambda text: text.split("\n")[1].startswith("数据"))
        terminal.paste("7\t1\n8\t2\n")
        terminal.wait_for("4 格")
        confirm(terminal, "已保存 4 处")
        assert sorted(str(value) for value in facts(workspace).values()) == ["1", "2", "7", "8"]
        terminal.press("u")
        terminal.wait_gone("7*")
        assert not facts(workspace)


def test_the_first_row_is_filled_down(workspace: Workspace) -> None:
    name = school(workspace)
    with workspace.open(columns=120, rows=40) as terminal:
        to_cell(terminal, name, "backbone_teachers")
        correct(terminal, "9")
        terminal.press("v", "j", "j", "D")
        terminal.wait_for("2 格")
        confirm(terminal, "已保存 2 处")
        assert [str(value) for value in facts(workspace).values()] == ["9", "9", "9"]


def stand_on(terminal: Terminal, line: str, step: str) -> None:
    """Go to a line of a form: the next key is pressed when the one before has moved the cursor; at the end of the form
    the other way."""
    for _ in range(40):
        before = _marked(terminal.text)
        if before.startswith(f"▸{line}"):
            return
        terminal.press(step)
        try:
            terminal.wait_until(lambda text, before=before: _marked(text) != before, timeout=2)  # type: ignore[misc]
        except TerminalError:
            step = "up" if step == "down" else "down"
    raise AssertionError(f"{line} is not there\n{terminal.text}")


def _marked(text: str) -> str:
    """The line the cursor stands on."""
    return next((line for line in text.split("\n") if line.startswith("▸")), "")


def fill_in(terminal: Terminal, line: str, text: str) -> None:
    """Type a text into a line of a form."""
    stand_on(terminal, line, "down")
    terminal.press("enter")
    terminal.wait_for(f"\n{line}:")
    terminal.press("ctrl+u")
    terminal.type(text)
    terminal.press("enter")
    terminal.wait_gone(f"\n{line}:")
    terminal.wait_for(text)


def test_an_item_is_judged_with_remark_evidence_and_unit(workspace: Workspace) -> None:
    (workspace.folder / "inbox" / "规划.pdf").write_bytes(b"x")
    with workspace.open() as terminal:
        terminal.wait_for("由什么决定")
        terminal.press("4")
        terminal.wait_until(lambda text: text.split("\n")[1].startswith("要求"))
        terminal.press("slash")
        terminal.wait_for("\n查找")
        terminal.type("G01")
        terminal.press("enter")
        terminal.wait_until(
            lambda text: any(line.startswith("▸") and "G01" in line for line in text.split("\n"))
        )
        terminal.press("i")
        terminal.wait_for("判定 › G01")
        terminal.press("enter")
        terminal.wait_for("不适用")
        terminal.type("否")
        terminal.press("enter")
        terminal.wait_for("判定 › G01", "不达标 ✗")
        fill_in(terminal, "备注", "规划未批")
        fill_in(terminal, "责任单位", "县教育局")
        stand_on(terminal, "佐证 文件", "up")
        terminal.press("enter")
        terminal.wait_for("规划.pdf", "撤去")
        terminal.press("enter")
        terminal.wait_until(lambda text: "判定 › G01" in text and "规划.pdf" in text and "撤去" not in text)
        confirm(terminal, "已保存", key="s")
        terminal.wait_until(lambda text: "不达标 ✗" in verdict_line(text))
    desk = workspace.desk()
    recorded = desk.assessment(NAME).judgements[ItemKey(*assessed.COUNTY, None, None, "G01", "verified")]
    assert recorded["answer"] == "no"
    assert (recorded["remark"], recorded["unit"]) == ("规划未批", "县教育局")
    (reference,) = recorded["evidence"]
    assert (reference["file"], reference["digest"]) == ("规划.pdf", hashlib.sha256(b"x").hexdigest())
    assert workspace.verdict() == "fail"


def test_a_review_goes_up_and_locks(workspace: Workspace) -> None:
    with workspace.open() as terminal:
        terminal.wait_for("由什么决定", "县级自评 填报中")
        terminal.press("V")
        terminal.wait_for("提交上一级审核")
        terminal.press("g", "enter")
        terminal.wait_for("回车提交")
        terminal.type("请审核")
        terminal.press("enter")
        terminal.wait_for("已保存", "已提交待审", "请审核")
        terminal.press("6")
        terminal.wait_until(lambda text: text.split("\n")[1].startswith("数据"))
        terminal.press("l", "l", "l", "i")
        terminal.wait_for("不能再改")
        terminal.press("V")
        terminal.wait_for("请审核")
        terminal.press("g", "down", "enter")
        terminal.wait_for("退回意见")
        terminal.press("enter")
        terminal.wait_for("须写明理由")
        terminal.type("补材料")
        terminal.press("enter")
        terminal.wait_for("已退回", "补材料")
    desk = workspace.desk()
    assert [each.operation for each in desk.assessment(NAME).events[-2:]] == ["submit", "return"]
    assert desk.assessment(NAME).review == "returned"


def test_a_finding_is_accepted_for_a_reason(workspace: Workspace) -> None:
    name = school(workspace)
    with workspace.open() as terminal:
        to_cell(terminal, name, "backbone_teachers")
        correct(terminal, "999")
        terminal.press("5")
        terminal.wait_until(lambda text: text.split("\n")[1].startswith("数据问题"))
        terminal.press("i")
        terminal.wait_for("确认理由")
        terminal.press("enter")
        terminal.wait_for("须写明理由")
        terminal.type("已核实")
        terminal.press("enter")
        terminal.wait_for("已保存")
        terminal.press("H")
        terminal.wait_for("修改记录 ›", "已核实")
    desk = workspace.desk()
    assert list(desk.assessment(NAME).acknowledged.values()) == ["已核实"]


def test_a_setting_is_given_and_its_effect_seen(workspace: Workspace) -> None:
    with workspace.open() as terminal:
        terminal.wait_for("由什么决定")
        terminal.press("colon")
        terminal.wait_for("\n筛选")
        terminal.type("go-settings")
        terminal.press("enter")
        terminal.wait_for("special_funds_limit")
        terminal.press("slash")
        terminal.wait_for("\n查找")
        terminal.type("special_funds_limit")
        terminal.press("enter", "i")
        terminal.wait_until(lambda text: text.split("\n")[22].rstrip().endswith(":"))
        terminal.type("999999")
        terminal.press("enter")
        terminal.wait_for("设置 ›", "999999", "不达标 ✗")
        confirm(terminal, "已保存")
        terminal.wait_until(lambda text: "不达标 ✗" in verdict_line(text))
    assert workspace.verdict() == "fail"


def test_who_may_not_is_told_so(tmp_path: Path) -> None:
    workspace = assessed.made(tmp_path / "workspace", tmp_path / "home", {"guest": "viewer"})
    name = school(workspace)
    with workspace.open("guest") as terminal:
        to_cell(terminal, name, "backbone_teachers")
        terminal.press("i")
        terminal.wait_for("无权改数据", "填报员")
        terminal.press("4")
        terminal.wait_until(lambda text: text.split("\n")[1].startswith("要求"))
        terminal.press("slash")
        terminal.wait_for("\n查找")
        terminal.type("G01")
        terminal.press("enter", "i")
        terminal.wait_for("无权")
    assert not facts(workspace)
