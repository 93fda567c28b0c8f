"""`assess` from the command line: every act, what it answers as JSON, and what is refused."""

from __future__ import annotations

import csv
import getpass
import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.contract.builder import passing_county, write_facts, write_judgements, write_sections
from tests.contract.runner import Call, call

Run = Callable[..., Call]
EVENT = {
    "sequence", "time", "assessment", "operation", "target", "old", "new", "actor", "connection", "base", "reason",
    "standard", "undoes", "previous", "hash",
}  # fmt: skip


def write_data(folder: Path) -> list[str | Path]:
    """A county that passes, as the arguments that name its files."""
    county = passing_county("示例县")
    return [
        write_sections(folder / "sections.csv", [county]),
        "--county-facts", write_facts(folder / "facts.csv", [county]),
        "--judgements", write_judgements(folder / "judgements.csv", [county]),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the assessment `甲` and its inspector `li`, beside the files it was made from."""
    folder = tmp_path_factory.mktemp("made")
    on_workspace = partial(on, folder / "workspace")
    assert on_workspace("workspace", "new").code == 0
    for command in (["add", "li"], ["grant", "li", "inspector"]):
        assert on_workspace("user", *command).code == 0
    new = on_workspace("assess", "new", "甲", *write_data(folder), "--as", "li")
    assert (new.code, new.errors) == (0, "")
    return folder


def on(workspace: Path, *arguments: str | Path) -> Call:
    return call(*arguments, "--workspace", workspace)


@pytest.fixture
def run(made: Path, tmp_path: Path) -> Run:
    """Calls the command line on a copy of that workspace, which stands with the files in `tmp_path`."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return partial(on, tmp_path / "workspace")


def act(run: Run, action: str, *arguments: str | Path, user: str = "li") -> Call:
    return run("assess", action, "甲", *arguments, "--as", user)


def events(answer: Call) -> list[dict[str, Any]]:
    assert answer.code == 0, answer.errors
    rows = answer.json["events"]
    assert all(set(row) == EVENT for row in rows)
    return list(rows)


def first_school(tmp_path: Path) -> dict[str, str]:
    with (tmp_path / "sections.csv").open(encoding="utf-8-sig") as file:
        return next(csv.DictReader(file))


def edit(run: Run, tmp_path: Path, value: str, *more: str, field: str = "students") -> Call:
    school = first_school(tmp_path)
    named = ("--school", school["school_id"], "--stage", school["stage"], "--field", field)
    return act(run, "edit", *named, "--value", value, *more)


def test_a_new_assessment_takes_area_and_year_from_its_data_and_says_what_it_is(run: Run) -> None:
    (told,) = run("assess", "list", "--json").json["assessments"]
    assert set(told) == {
        "id", "title", "area", "year", "standard", "settings", "as_of", "level", "state", "corrections", "judgements",
        "acknowledged", "events", "last",
    }  # fmt: skip
    assert told["area"] == {"province": "某省", "city": "某市", "county": "示例县", "school": None}
    assert (told["id"], told["year"], told["state"], told["standard"]["id"]) == (
        "甲",
        2023,
        "open",
        "national-2017",
    )
    assert "填报中" in run("assess", "list").output


def test_show_has_every_frame_of_evaluate_and_what_was_recorded(run: Run, tmp_path: Path) -> None:
    shown = act(run, "show", "--json").json
    evaluated = call("evaluate", *write_data(tmp_path), "--json").json
    assert set(shown) == {*evaluated, "assessment", "acknowledged"}
    for name in (
        "counties",
        "schools",
        "indicators",
        "dispersion",
        "requirements",
        "scores",
        "excluded",
        "profile",
    ):
        assert shown[name] == evaluated[name]
    assert shown["counties"][0]["verdict"] == "pass"
    assert "达标" in act(run, "show").output


def test_a_correction_changes_the_verdict_is_recorded_and_can_be_taken_back(run: Run, tmp_path: Path) -> None:
    before = first_school(tmp_path)["equipment_value"]
    (event,) = events(edit(run, tmp_path, "1.5", "--reason", "漏报", "--json", field="equipment_value"))
    assert (event["operation"], event["actor"], event["reason"]) == ("fact", "li", "漏报")
    assert (event["old"], event["new"]) == ({"imported": True, "value": before}, {"value": "1.5"})
    assert act(run, "show", "--json").json["counties"][0]["verdict"] == "fail"
    assert "没有变化" in edit(run, tmp_path, "1.50", field="equipment_value").output
    school = first_school(tmp_path)
    named = ("--school", school["school"], "--field", "教学仪器设备资产值")
    (back,) = events(act(run, "edit", *named, "--restore", "--json"))
    assert back["new"] is None
    assert act(run, "show", "--json").json["counties"][0]["verdict"] == "pass"
    assert [row["sequence"] for row in events(act(run, "history", *named, "--json"))] == [
        event["sequence"],
        back["sequence"],
    ]
    assert f"{before} → 1.5  (漏报)" in act(run, "history").output


def test_many_corrections_come_in_a_table_all_or_none(run: Run, tmp_path: Path) -> None:
    school, table = first_school(tmp_path), tmp_path / "edits.csv"
    rows = f"{school['school_id']},{school['stage']},students,700\n{school['school_id']},,books,{{}}\n,,special_funds,99\n"
    table.write_text("school,stage,field,value\n" + rows.format("many"), encoding="utf-8")
    refused = act(run, "edit", "--file", table)
    assert (refused.code, refused.errors.split(":")[0]) == (5, "REC-VALUE")
    assert act(run, "show", "--json").json["assessment"]["corrections"] == 0
    table.write_text("school,stage,field,value\n" + rows.format("30000"), encoding="utf-8")
    assert len(events(act(run, "edit", "--file", table, "--json"))) == 3


def test_a_judgement_stands_beside_the_figures_with_its_evidence(run: Run) -> None:
    said = ("--answer", "否", "--remark", "未见文件", "--unit", "教育局", "--evidence", "布局规划")
    said = (*said, "--evidence-date", "2025-03-01")
    (event,) = events(act(run, "judge", "--item", "G01", *said, "--json"))
    assert event["new"] == {
        "answer": "no", "remark": "未见文件", "unit": "教育局", "evidence": [{"title": "布局规划", "date": "2025-03-01"}],
    }  # fmt: skip
    assert act(run, "show", "--json").json["counties"][0]["verdict"] == "fail"
    (back,) = events(act(run, "judge", "--item", "G01", "--withdraw", "--json"))
    assert back["new"] is None
    assert len(events(act(run, "history", "--item", "G01", "--json"))) == 2


def test_a_table_of_judgements_is_read_as_everywhere(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "more.csv"
    table.write_text("条目,结论,来源\nG01,不符合,自评\nG02,符合,核验\n", encoding="utf-8")
    written = events(act(run, "judge", "--judgements", table, "--json"))
    assert [(row["target"].split(",")[-1], row["new"]["answer"]) for row in written] == [
        ('"self"]', "no"),
        ('"verified"]', "yes"),
    ]


def test_a_newer_import_shows_what_changed_and_keeps_corrections(run: Run, tmp_path: Path) -> None:
    edit(run, tmp_path, "9999")
    school = first_school(tmp_path)
    newer = tmp_path / "newer.csv"
    text = (tmp_path / "sections.csv").read_text(encoding="utf-8")
    head, first, *rest = text.splitlines()
    cells = first.split(",")
    cells[head.lstrip("\ufeff").split(",").index("students")] = "611"
    newer.write_text("\n".join([head, ",".join(cells), *rest]) + "\n", encoding="utf-8")
    tried = act(run, "import", newer, "--dry-run", "--json").json
    assert set(tried) == {"changes"}
    (change,) = tried["changes"]
    assert (change["field"], change["old"], change["new"], change["corrected"]) == (
        "students",
        school["students"],
        "611",
        "9999",
    )
    done = act(run, "import", newer, "--reason", "新表", "--json").json
    assert set(done) == {"changes", "event"}
    shown = act(run, "show", "--json").json
    assert shown["assessment"]["corrections"] == 1
    assert {row["id"]: row["status"] for row in shown["requirements"]}["G01"] == "pass", (
        "judgements stay in force"
    )
    assert "0 处变化" in act(run, "import", newer).output


def test_an_import_says_how_many_schools_are_gone_and_new(run: Run, tmp_path: Path) -> None:
    newer, text = tmp_path / "newer.csv", (tmp_path / "sections.csv").read_text(encoding="utf-8")
    head, *rows = text.splitlines()
    newer.write_text("\n".join([head, *rows[1:]]), encoding="utf-8")
    gone = act(run, "import", newer).output
    assert "1 处变化 (不再有 1 行)" in gone
    school = first_school(tmp_path)
    stage = {"primary": "小学", "junior": "初中"}[school["stage"]]
    assert f"示例县 {school['school']} {stage}: 不再有" in gone
    newer.write_text(text, encoding="utf-8")
    assert "1 处变化 (新增 1 行)" in act(run, "import", newer, "--dry-run").output


def test_a_finding_is_accepted_for_a_reason_that_is_shown_again(run: Run, tmp_path: Path) -> None:
    edit(run, tmp_path, "9999")
    checks = act(run, "show", "--json").json["checks"]
    code = checks[0]["code"]
    written = events(act(run, "acknowledge", "--code", code, "--reason", "已核对原表", "--json"))
    shown = act(run, "show", "--json").json["acknowledged"]
    assert len(shown) == len(written) >= 1
    assert set(shown[0]) == {
        "province", "city", "county", "year", "school_id", "stage", "code", "field", "reason", "actor", "time", "current",
    }  # fmt: skip
    assert (shown[0]["reason"], shown[0]["actor"], shown[0]["current"]) == ("已核对原表", "li", True)
    assert "已核对原表" in act(run, "show").output
    events(act(run, "acknowledge", "--code", code, "--withdraw", "--json"))
    assert act(run, "show", "--json").json["acknowledged"] == []


def test_an_acknowledgement_is_taken_back_by_the_name_of_the_school(run: Run, tmp_path: Path) -> None:
    edit(run, tmp_path, "9999")
    finding = next(row for row in act(run, "show", "--json").json["checks"] if row["school"])
    named = ("--code", finding["code"], "--school", finding["school"])
    given = events(act(run, "acknowledge", *named, "--reason", "已核对原表", "--json"))
    assert len(events(act(run, "acknowledge", *named, "--withdraw", "--json"))) == len(given) >= 1
    again = act(run, "acknowledge", *named, "--withdraw")
    assert (again.code, again.errors.split(":")[0]) == (2, "REC-FINDING")


def test_the_history_is_of_what_was_named_and_told_in_words(run: Run, tmp_path: Path) -> None:
    school = first_school(tmp_path)
    (corrected,) = events(edit(run, tmp_path, "612", "--json"))
    (back,) = events(edit(run, tmp_path, "", "--restore", "--json"))
    (judged,) = events(act(run, "judge", "--item", "G01", "--answer", "no", "--json"))
    numbers = {
        ("--school", school["school"]): [corrected, back],
        ("--school", school["school_id"], "--stage", school["stage"]): [corrected, back],
        ("--school", "nobody"): [], ("--county", "别县"): [], ("--year", "1999"): [],
        ("--item", "G01"): [judged], ("--item", "G01", "--county", "别县"): [],
        ("--county", "示例县", "--year", "2023"): [corrected, back, judged],
    }  # fmt: skip
    for options, meant in numbers.items():
        found = events(act(run, "history", *options, "--json"))
        assert [row["sequence"] for row in found] == [row["sequence"] for row in meant], options
    told = act(run, "history", "--county", "示例县").output
    assert (
        f"{school['school_id']} { {'primary': '小学', 'junior': '初中'}[school['stage']] } 在校生数:" in told
    )
    assert "612 → 导入值" in told
    assert "判定 示例县 2023 G01 核定: " in told


def test_settings_and_the_date_judged_as_of_are_in_force_from_then_on(run: Run) -> None:
    assert len(events(act(run, "set", "special_funds_limit=7000", "as-of=2024-05-01", "--json"))) == 2
    profile = act(run, "show", "--json").json["profile"]
    assert (profile["settings"]["special_funds_limit"], profile["as_of"]) == (7000, "2024-05-01")
    act(run, "set", "special_funds_limit=", "as-of=")
    profile = act(run, "show", "--json").json["profile"]
    assert (profile["settings"]["special_funds_limit"], profile["as_of"]) == (6000, "2023-12-31")


def test_another_standard_is_an_event_with_a_reason(run: Run) -> None:
    assert act(run, "standard", "national-2012", "--reason", "基本均衡").code == 5
    assert run("user", "grant", "li", "author").code == 0
    (event,) = events(act(run, "standard", "national-2012", "--reason", "基本均衡", "--json"))
    assert event["new"]["id"] == "national-2012"
    assert act(run, "show", "--json").json["profile"]["id"] == "national-2012"


def test_review_goes_up_locks_and_is_verified(run: Run, tmp_path: Path) -> None:
    (event,) = events(act(run, "submit", "--json"))
    decided = event["new"]["decided"]
    assert set(decided) == {"after", "program", "as_of", "verdicts", "frames"}
    assert decided["verdicts"][0]["verdict"] == "pass"
    refused = edit(run, tmp_path, "1")
    assert (refused.code, refused.errors.split(":")[0]) == (5, "REC-LOCKED")
    assert act(run, "import", tmp_path / "sections.csv").errors.startswith("REC-LOCKED")
    assert "已退回" in act(run, "return", "--reason", "补材料").output
    act(run, "submit")
    assert "已通过" in act(run, "approve").output
    assert act(run, "unlock", "--reason", "x").errors.startswith("REC-ROLE")
    assert run("assess", "unlock", "甲", "--reason", "数据更正").code == 0
    told = run("assess", "verify", "--json").json
    assert set(told) == {"flaws", "events", "head"}
    assert told["flaws"] == []
    assert run("assess", "verify", "甲", "--head", told["head"]).code == 0
    wrong = run("assess", "verify", "--head", "ab" * 32)
    assert (wrong.code, wrong.errors.split(":")[0]) == (1, "REC-FLAW 0")
    assert set(run("assess", "verify", "--head", "ab" * 32, "--json").json) == {"flaws"}


def test_what_is_exported_reads_back_to_the_same_verdict(run: Run, tmp_path: Path) -> None:
    act(run, "judge", "--item", "G01", "--answer", "no")
    written = act(run, "export", "--out", tmp_path / "out", "--json").json["files"]
    assert [Path(name).name for name in written] == ["corrections.csv", "judgements.csv", "history.json"]
    history = json.loads((tmp_path / "out" / "history.json").read_text(encoding="utf-8"))
    assert {row["assessment"] for row in history["events"]} == {"甲"}
    data = write_data(tmp_path)
    again = call("evaluate", *data[:-1], tmp_path / "out" / "judgements.csv", "--json").json
    assert again["counties"] == act(run, "show", "--json").json["counties"]


HOSTILE = ("a\x1b[31m\n", "\udcff\udcfe", "'; DROP TABLE event; --", "=cmd()", "名" * 5000, "\0", "{", "‮abc")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_kept_or_refused_in_one_printable_line(run: Run, tmp_path: Path, text: str) -> None:
    for answer in (
        edit(run, tmp_path, text), edit(run, tmp_path, "5", "--reason", text),
        act(run, "judge", "--item", "G01", "--answer", text, "--remark", text, "--source", text, "--unit", text),
        act(run, "judge", "--item", text, "--answer", "yes"), act(run, "edit", "--field", text, "--value", "1"),
        act(run, "edit", "--field", "students", "--school", text, "--value", "1"),
        act(run, "set", f"special_funds_limit={text}"), run("assess", "show", text), run("user", "add", text),
        run("user", "grant", "li", "viewer", "--area", text), run("assess", "new", text), run("assess", "list", "--as", text),
        act(run, "acknowledge", "--code", text, "--reason", text), act(run, "history"), run("assess", "list"),
    ):  # fmt: skip
        assert answer.code in (0, 2, 5), answer.errors
        lines = (answer.output + answer.errors).splitlines()
        assert all(line.isprintable() for line in lines), lines
        assert len(answer.errors.splitlines()) <= 1
    assert run("assess", "verify").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("edit", "甲"), 2, "REC-VALUE-NONE"), (("edit", "甲", "--value", "1"), 2, "REC-FACT"),
        (("edit", "甲", "--field", "nosuch", "--value", "1"), 2, "REC-FACT"),
        (("edit", "甲", "--field", "year", "--value", "1"), 2, "REC-FACT"),
        (("edit", "甲", "--field", "students", "--value", "1"), 2, "REC-SCHOOL"),
        (("edit", "甲", "--field", "students", "--school", "无此校", "--value", "1"), 2, "REC-SCHOOL"),
        (("edit", "甲", "--field", "special_funds", "--county", "邻县", "--value", "1"), 2, "REC-PLACE"),
        (("edit", "甲", "--field", "special_funds", "--value", "-5"), 5, "REC-VALUE"),
        (("edit", "甲", "--file", "nowhere.csv"), 2, "FILE"), (("edit", "乙", "--value", "1"), 5, "REC-ASSESSMENT"),
        (("judge", "甲"), 2, "REC-ITEM"), (("judge", "甲", "--item", "G99", "--answer", "yes"), 2, "REC-ITEM"),
        (("judge", "甲", "--item", "G01"), 2, "REC-ANSWER"), (("judge", "甲", "--item", "G01", "--score", "nan"), 2, "REC-SCORE"),
        (("judge", "甲", "--item", "G01", "--answer", "yes", "--evidence-date", "soon"), 2, "DATE"),
        (("judge", "甲", "--item", "G01", "--answer", "yes", "--evidence-file", "../key"), 2, "REC-EVIDENCE"),
        (("judge", "甲", "--item", "G01", "--answer", "yes", "--source", " "), 2, "REC-SOURCE"),
        (("judge", "甲", "--judgements", "nowhere.csv"), 2, "FILE"), (("set", "甲", "nosuch=1"), 2, "SET-NAME"),
        (("set", "甲", "special_funds_limit"), 2, "SET-FORM"), (("set", "甲", "as-of=soon"), 2, "DATE"),
        (("acknowledge", "甲", "--code", "C01"), 5, "REC-REASON"),
        (("acknowledge", "甲", "--code", "NONE", "--reason", "x"), 2, "REC-FINDING"),
        (("approve", "甲"), 5, "REC-REVIEW"), (("return", "甲", "--reason", "x"), 5, "REC-REVIEW"),
        (("return", "甲"), 2, "USAGE"), (("unlock", "甲"), 2, "USAGE"), (("import", "甲"), 2, "DATA"),
        (("import", "甲", "nowhere.csv"), 3, "READ-NO-FILE"), (("new", "甲"), 5, "REC-EXISTS"), (("new", "../x"), 5, "REC-NAME"),
        (("new", "乙", "--profile", "nosuch"), 4, "STD-NONE"), (("new", "乙", "--set", "nosuch=1"), 2, "SET-NAME"),
        (("new", "乙", "--area", "a/b/c/d"), 2, "AREA"), (("new", "乙", "nowhere.csv"), 3, "READ-NO-FILE"),
        (("verify", "乙"), 5, "REC-ASSESSMENT"), (("export", "甲", "--out", "/dev/null/x"), 2, "OUT"),
        (("nosuch",), 2, "USAGE"), ((), 2, "USAGE"), (("standard", "甲", "nosuch", "--reason", "x"), 4, "STD-NONE"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_told_by_code_and_changes_nothing(
    run: Run,
    arguments: tuple[str, ...],
    code: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = run("workspace", "info", "--json").json
    answer = run(
        "assess",
        *arguments,
        *(() if arguments in ((), ("nosuch",)) or arguments[0] == "verify" else ("--as", "li")),
    )
    assert (answer.code, answer.errors.split(":")[0].split(" ")[0]) == (code, said)
    assert len(answer.errors.splitlines()) == 1
    assert run("workspace", "info", "--json").json == before


def test_who_has_no_role_sees_nothing_and_only_an_administrator_acts_for_others(run: Run) -> None:
    run("user", "add", "guest")
    assert run("assess", "list", "--as", "guest").output == "没有评估\n"
    assert run("assess", "show", "甲", "--as", "guest").errors.startswith("REC-ROLE")
    assert run("assess", "list", "--as", "nobody").errors.startswith("REC-USER")
    assert run("user", "grant", "guest", "admin").code == 0
    assert run("user", "revoke", getpass.getuser(), "admin").code == 0
    assert run("assess", "list", "--as", "guest").errors.startswith("REC-AS")
