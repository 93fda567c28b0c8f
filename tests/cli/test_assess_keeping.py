"""First steps as the pages show them, and what a backup holds and a plain copy may lack."""

from __future__ import annotations

import getpass
import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.contract.builder import passing_county, write_facts, write_judgements, write_sections
from tests.contract.runner import Call, call


def steps(page: str, first: str) -> list[list[str]]:
    """The commands of the block that begins with `first`, as the shell would read them."""
    (block,) = (each for each in re.findall(r"```\w*\n(.*?)```", page, re.DOTALL) if each.startswith(first))
    text = block.replace('"$(id -un)"', getpass.getuser())
    return [shlex.split(line, comments=True) for line in text.splitlines()]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "docs/records.md"])
def test_the_first_steps_of_the_pages_run_as_they_stand(name: str, root: Path, tmp_path: Path) -> None:
    page = (root / name).read_text(encoding="utf-8")
    county = passing_county("某县")
    for row in county.sections:
        row["school"] = "第一小学" if row["school_id"] == county.sections[0]["school_id"] else row["school"]
    sections = write_sections(tmp_path / "sections.csv", [county])
    facts = write_facts(tmp_path / "facts.csv", [county])
    files = {
        "学校.xlsx": sections, "我县数据/": sections, "our-county/": sections, "县级.csv": facts, "county.csv": facts,
        "评判.csv": write_judgements(tmp_path / "judgements.csv", [county]),
    }  # fmt: skip
    commands = steps(page, "balance-tui workspace new")
    assert len(commands) >= 5
    for program, *arguments in commands:
        assert program == "balance-tui"
        if arguments:
            given = [files.get(argument, argument) for argument in arguments]
            done = call(*given, "--workspace", tmp_path / "w")
            assert (done.code, done.errors) == (0, ""), arguments


@pytest.fixture
def place(tmp_path: Path) -> Path:
    assert call("workspace", "new", "--workspace", tmp_path / "w").code == 0
    return tmp_path / "w"


def restored(source: Path, place: Path) -> Call:
    done = call("workspace", "restore", source, "--workspace", place)
    assert done.code == 0
    return done


def test_restoring_warns_of_a_plain_copy_and_not_of_a_backup(place: Path, tmp_path: Path) -> None:
    backup, copy = tmp_path / "b.db", tmp_path / "c.db"
    told = call("workspace", "backup", backup, "--workspace", place, "--json")
    assert told.errors == ""
    shutil.copyfile(place / "workspace.db", copy)
    assert restored(backup, tmp_path / "from-backup").errors == ""
    warned = restored(copy, tmp_path / "from-copy")
    assert "直接拷贝的文件可能缺少最后的记录" in warned.errors
    assert f"末条校验值: {told.json['head']}" in warned.output
    assert "记录数: 2" in warned.output


def test_a_workspace_that_is_there_is_not_made_again(place: Path) -> None:
    again = call("workspace", "new", "--workspace", place)
    assert (again.code, again.errors.split(":")[0]) == (5, "REC-EXISTS")


def test_the_workspace_is_told_in_the_language_of_the_screen(place: Path) -> None:
    chinese = call("workspace", "info", "--workspace", place).output
    assert [line.split(":")[0] for line in chinese.splitlines()] == [
        "工作区",
        "记录数",
        "末条校验值",
        "评估",
        "用户",
    ]
    english = call("workspace", "info", "--workspace", place, "--lang", "en").output
    assert [line.split(":")[0] for line in english.splitlines()][1] == "events"


def test_a_grant_for_what_no_assessment_has_is_given_with_a_note(place: Path, tmp_path: Path) -> None:
    county = passing_county("示例县")
    school = county.sections[0]

    def grant(*arguments: str) -> Call:
        done = call("user", "grant", "li", "viewer", "--area", *arguments, "--workspace", place)
        assert done.code == 0
        return done

    call("user", "add", "li", "--workspace", place)
    assert grant("某省/某市/别县").errors == ""
    data = write_sections(tmp_path / "sections.csv", [county])
    assert call("assess", "new", "甲", data, "--workspace", place).code == 0
    assert grant("某省/某市").errors == ""
    assert grant("某省/某市/示例县", "--school", str(school["school_id"])).errors == ""
    assert "没有评估在 某省/某市/别县 之内" in grant("某省/某市/别县").errors
    named = grant("某省/某市/示例县", "--school", str(school["school"])).errors
    assert f"其标识码为 {school['school_id']}" in named
    assert len(named.splitlines()) == 1
