"""What people enter is held against the standard and the workspace: answers, scores, documents of evidence."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from balance_tui.records.answering import answers_of
from balance_tui.standard.load import load_standard
from tests.cli.test_assess import on, write_data
from tests.contract.runner import Call

Run = Callable[..., Call]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the assessment `甲` and its inspector `li`."""
    folder = tmp_path_factory.mktemp("prepared")
    run = partial(on, folder / "workspace")
    for command in (
        ("workspace", "new"), ("user", "add", "li"), ("user", "grant", "li", "inspector"),
        ("assess", "new", "甲", *write_data(folder)),
    ):  # fmt: skip
        assert run(*command).code == 0
    return folder / "workspace"


@pytest.fixture
def run(prepared: Path, tmp_path: Path) -> Run:
    shutil.copytree(prepared, tmp_path / "workspace")
    return partial(on, tmp_path / "workspace")


def judge(run: Run, *arguments: str | Path) -> Call:
    return run("assess", "judge", "甲", *arguments, "--as", "li")


@pytest.mark.parametrize(
    ("said", "code", "hint"),
    [
        (("G01", "--answer", "maybe"), "REC-ANSWER", "可用: yes (是)、no (否)、na (不适用)"),
        (("V1", "--answer", "na"), "REC-ANSWER", "可用: yes (是)、no (否)"),
        (("P1", "--answer", "9"), "REC-ITEM", "由数据算出"), (("P1", "--answer", "yes"), "REC-ITEM", "由数据算出"),
        (("G01", "--score", "5"), "REC-SCORE", "不评分"), (("G1", "--answer", "yes"), "REC-ITEM", "是否想写“G1"),
        (("G01", "--answer", "yes", "--score", "5"), "REC-SCORE", "不评分"),
    ],
)  # fmt: skip
def test_an_answer_that_an_item_does_not_have_is_refused_with_those_it_has(
    run: Run, said: tuple[str, ...], code: str, hint: str
) -> None:
    before = run("workspace", "info", "--json").json
    answer = judge(run, "--item", *said)
    assert (answer.code, answer.errors.split(":")[0]) == (2, code)
    assert hint in answer.errors
    assert run("workspace", "info", "--json").json == before


@pytest.mark.parametrize(
    "said", [("G01", "na"), ("V1", "否"), ("Q6", "优秀"), ("Q6", "合格"), ("Q9b", "不适用")]
)
def test_an_answer_that_an_item_has_is_taken(run: Run, said: tuple[str, str]) -> None:
    assert judge(run, "--item", said[0], "--answer", said[1]).code == 0


def test_a_table_with_one_strange_answer_is_refused_whole(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "more.csv"
    table.write_text("条目,结论\nG01,否\nG02,maybe\n", encoding="utf-8")
    refused = judge(run, "--judgements", table)
    assert (refused.code, refused.errors.split(":")[0]) == (2, "REC-ANSWER")
    assert "G02" in refused.errors
    assert run("assess", "list", "--json").json["assessments"][0]["judgements"] == 0
    table.write_text("条目,结论\nG01,否\nG02,\n", encoding="utf-8")
    assert judge(run, "--judgements", table).code == 0


def test_a_scored_item_takes_scores_up_to_its_maximum_and_everything_judged_takes_something_or_is_computed() -> (
    None
):
    model = load_standard("national-2017").model
    for score in model.score:
        takes = answers_of(model, score.id)
        assert (takes.words, takes.scored, takes.most) == (frozenset(), True, float(score.max))
    evidence = [item for item in model.items if {test.kind for test in item.test} == {"evidence"}]
    assert evidence
    for item in evidence:
        words = answers_of(model, item.id).words
        assert words is None or {"yes", "no"} <= words
    assert answers_of(load_standard("beijing-2018").model, "scorecard").words is not None


def test_the_first_judgement_shows_the_imported_answer_as_what_was_before(run: Run) -> None:
    assert judge(run, "--item", "G01", "--answer", "no").code == 0
    (event,) = run("assess", "history", "甲", "--item", "G01", "--json").json["events"]
    assert event["old"]["answer"] == "yes"
    assert event["old"]["imported"] is True
    assert "是 → 否" in run("assess", "history", "甲", "--item", "G01").output
    assert judge(run, "--item", "G01", "--answer", "na").code == 0
    last = run("assess", "history", "甲", "--item", "G01", "--json").json["events"][-1]
    assert last["old"] == {"answer": "no"}
    assert run("assess", "verify").code == 0


def test_a_document_of_evidence_is_a_file_or_one_of_the_inbox_and_goes_out_again(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = ("--item", "G01", "--answer", "yes", "--evidence-file", "plan.pdf")
    missing = judge(run, *said)
    assert (missing.code, missing.errors.split(":")[0]) == (2, "REC-EVIDENCE")
    assert not run("assess", "history", "甲", "--item", "G01", "--json").json["events"]
    waiting = tmp_path / "workspace" / "inbox" / "plan.pdf"
    waiting.write_bytes(b"1")
    assert judge(run, *said).code == 0
    waiting.unlink()
    assert judge(run, *said, "--remark", "已核").code == 0
    (tmp_path / "plan.pdf").write_bytes(b"22")
    assert judge(run, *said, "--remark", "已换").code == 0
    events = run("assess", "history", "甲", "--item", "G01", "--json").json["events"]
    digests = [hashlib.sha256(content).hexdigest() for content in (b"1", b"1", b"22")]
    assert [event["new"]["evidence"] for event in events] == [
        [{"file": "plan.pdf", "digest": digest}] for digest in digests
    ]
    told = run("assess", "history", "甲", "--item", "G01").output.splitlines()
    first, last = (f"plan.pdf ({digests[number][:8]})" for number in (0, 2))
    assert told[0].endswith(f": 佐证 文件 — → 佐证 文件 {first}")
    assert told[1].endswith(": 备注 — → 备注 已核")
    assert told[2].endswith(f": 备注 已核 佐证 文件 {first} → 备注 已换 佐证 文件 {last}")
    waiting.write_bytes(b"333")
    (tmp_path / "plan.pdf").unlink()
    assert judge(run, *said, "--remark", "又换").code == 0, "what is named anew is read anew"
    (tmp_path / "plan.pdf").write_bytes(b"22")
    assert judge(run, *said).code == 0
    for name in ("~nosuchuser/x.pdf", f"{'a' * 300}.pdf", "a\\b.pdf", "../x.pdf", ".", "~"):
        refused = judge(run, *said[:-1], name)
        assert refused.code in (2, 5), refused.errors
        assert refused.errors.startswith(("REC-EVIDENCE", "XFER-")), refused.errors
    plain = run("assess", "export", "甲", "--out", "plain", "--json").json["files"]
    whole = run("assess", "export", "甲", "--out", "whole", "--documents", "--json").json["files"]
    assert [Path(each).name for each in whole] == [*(Path(each).name for each in plain), "plan.pdf"]
    assert (tmp_path / "whole" / "evidence" / "plan.pdf").read_bytes() == b"22"
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "evidence").write_bytes(b"")
    stopped = run("assess", "export", "甲", "--out", "taken", "--documents")
    assert (stopped.code, stopped.errors.split(":")[0].split(" ")[0]) == (2, "OUT")
    assert [path.name for path in (tmp_path / "taken").iterdir()] == ["evidence"]
    assert run("assess", "verify").code == 0


def test_confirming_what_was_imported_is_told_as_what_it_is(run: Run) -> None:
    assert judge(run, "--item", "G01", "--answer", "yes", "--reason", "核实").code == 0
    told = run("assess", "history", "甲", "--item", "G01").output
    assert told.endswith("核定: 是 → 是  (核实)\n")


def test_a_step_says_which_event_it_is_and_a_refused_one_where_it_stands(run: Run) -> None:
    refused = run("assess", "unlock", "甲", "--reason", "x")
    assert refused.errors.startswith("REC-REVIEW: 现为“填报中”, 此步不适用")
    done = run("assess", "submit", "甲", "--as", "li")
    number = run("workspace", "info", "--json").json["events"]
    assert done.output.startswith(f"第 {number} 条记录: ")
