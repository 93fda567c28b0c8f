"""shanghai-green: indices and mechanisms are recorded as entered; nothing is judged."""

from __future__ import annotations

import pytest

from balance_tui.standard.load import load_standard
from tests.contract.builder import County, passing_county
from tests.contract.runner import Result, run

TEN = {
    "SH-05a": "学业水平", "SH-05b": "学习动力", "SH-05c": "学业负担", "SH-05d": "师生关系", "SH-05e": "教学方式",
    "SH-05f": "校长课程领导力", "SH-05g": "社会经济背景影响", "SH-05h": "品德行为", "SH-05i": "身心健康",
    "SH-05j": "跨年度进步",
}  # fmt: skip
NAMED_IN_THE_SEED = ("SH-05a", "SH-05e", "SH-05f", "SH-05h", "SH-05i")


def entered(county: County) -> Result:
    return run(county, profile="shanghai-green")


def test_the_ten_indices_are_those_of_the_first_edition_with_what_is_not_in_the_source_marked() -> None:
    item = next(each for each in load_standard("shanghai-green").model.requirement if each.id == "SH-05")
    assert {test.id: test.label for test in item.test} == TEN
    assert [test.id for test in item.test if test.clause.startswith("seed 003")] == list(NAMED_IN_THE_SEED)
    assert all(test.mark for test in item.test if not test.clause.startswith("seed 003"))


def test_nothing_in_the_standard_can_pass_or_fail() -> None:
    model = load_standard("shanghai-green").model
    assert {test.kind for item in model.requirement for test in item.test} == {"information"}
    assert not any(part.needed for part in model.part)
    assert not model.verdict


@pytest.mark.parametrize("index", TEN)
def test_an_index_is_shown_as_it_was_entered(index: str) -> None:
    result = entered(passing_county().judge(index, "7"))
    row = result.requirement(index)
    assert row["status"] == "not_applicable"
    assert "7" in row["reason"]
    assert result.verdict == "not_applicable"


def test_a_score_is_shown_as_a_figure() -> None:
    county = passing_county()
    county.judgements.append({"item": "SH-02b", "score": "72.5", "source": "verified"})
    assert entered(county).requirement("SH-02b")["value"] == 72.5


def test_without_entries_there_is_still_no_verdict_and_no_figure() -> None:
    result = entered(passing_county())
    assert result.verdict == "not_applicable"
    assert set(result.parts().values()) == {"not_applicable"}
    rows = [row for row in result.json["requirements"] if row["id"].startswith("SH-")]
    assert rows
    assert {(row["value"], row["status"]) for row in rows} == {(None, "not_applicable")}


def test_mechanisms_clusters_and_the_five_ways_of_closer_districts_are_listed() -> None:
    items = {
        item.id: [test.label for test in item.test]
        for item in load_standard("shanghai-green").model.requirement
    }
    assert items["SH-01"] == ["学区化集团化办学", "城乡学校携手共进计划", "新优质学校集群发展"]
    assert [label.removesuffix("更紧密") for label in items["SH-03"]] == [
        "组织", "师资安排", "教科研", "评价", "培养方式",
    ]  # fmt: skip
    assert items["SH-04"] == ["课程建设", "教与学变革", "教师专业发展", "管理文化变革"]
