"""beijing-2018: what the file says, held against the numbers typed here and against the project's lists."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from balance_tui.standard.load import LoadedStandard, load_standard
from balance_tui.standard.model import Standard
from balance_tui.standard.tests import Test as Threshold
from tests.contract.runner import call

NATIONAL_PARTS = ("prerequisites", "resources", "guarantee", "quality", "recognition", "vetoes")
DIMENSIONS = ("组织领导", "资源配置", "队伍建设", "教育治理", "教育质量", "创新发展")
SCORES = (4, 4, 2, 2, 1, 2, 2, 2, 2, 3, 3, 3, 2, 1, 2, 2, 2, 2, 1, 2, 2, 3, 2, 2, 2, 2, 3, 3)
SECONDARY = {
    "立德树人": 8, "统筹规划": 7, "责任落实": 4, "校园安全": 5, "教育公平": 6, "经费保障": 5, "条件装备": 7,
    "信息化水平": 4, "干部队伍": 9, "教师队伍": None,
}  # fmt: skip
LIMITS = {
    "BJ10.1": ("==", "0"), "BJ11.1": (">=", "100"), "BJ11.2": (">=", "50"), "BJ11.3": (">=", "99"),
    "BJ12.1": ("==", "100"), "BJ12.2": ("==", "100"), "BJ12.3": (">=", "85"), "BJ12.4": (">=", "99"),
    "BJ13.1": (">", "0"), "BJ13.2": (">", "0"), "BJ13.3": (">", "0"), "BJ13.4": (">", "0"),
    "BJ14.1": (">", "1"), "BJ15.1": (">=", "400"), "BJ15.2": (">=", "12000"), "BJ16.1": ("<=", "40"),
    "BJ16.2": ("<=", "40"), "BJ17.1": (">=", "4.5"), "BJ17.2": (">=", "5.8"), "BJ17.3": (">=", "7.5"),
    "BJ17.4": (">=", "10.2"), "BJ17.5": (">=", "2"), "BJ18.1": (">=", "5000"), "BJ18.2": (">=", "8000"),
    "BJ20.1": (">=", "2.5"), "BJ20.2": (">=", "2.5"), "BJ26.1": ("==", "0"), "BJ28.1": (">=", "1"),
    "BJ28.2": (">=", "1"), "BJ28.3": (">=", "10"), "BJ28.4": (">=", "20"),
}  # fmt: skip
OF_SCHOOLS = (
    "BJ17.1", "BJ17.2", "BJ17.3", "BJ17.4", "BJ17.5", "BJ18.1", "BJ18.2", "BJ20.1", "BJ20.2", "BJ28.1", "BJ28.2",
)  # fmt: skip
SPECIAL_PURPOSE = "BJ15.2b"
"""The second half of BJ15.2: 专门学校参照特殊教育学校标准."""


@cache
def beijing() -> LoadedStandard:
    return load_standard("beijing-2018")


def model() -> Standard:
    return beijing().model


def thresholds() -> dict[str, Threshold]:
    return {test.id: test for point in model().point for test in point.test}


def dimension(group: str) -> str:
    parents = {each.id: each for each in model().group}
    while parents[group].parent:
        group = parents[group].parent
    return parents[group].label


def test_28_points_hold_63_and_the_29th_has_no_score() -> None:
    points = model().point
    assert [point.id for point in points] == [f"BJ{number:02}" for number in range(1, 30)]
    assert [point.max for point in points[:28]] == list(map(Decimal, SCORES))
    assert (sum(SCORES), points[28].max) == (63, None)
    assert Counter(SCORES) == {2: 17, 3: 6, 1: 3, 4: 2}


def test_six_dimensions_stand_in_the_official_order_three_of_them_without_points() -> None:
    roots = [group for group in model().group if not group.parent]
    assert tuple(group.label for group in roots) == DIMENSIONS
    assert [group.recorded for group in roots] == [True] * 3 + [False] * 3
    assert [group.max for group in roots] == [24, 22, None, None, None, None]
    sums: dict[str, Decimal] = {}
    for point in model().point:
        name = dimension(point.group)
        sums[name] = sums.get(name, Decimal(0)) + (point.max or 0)
    assert sums == {"组织领导": 24, "资源配置": 22, "队伍建设": 17}


def test_secondary_headings_hold_the_sums_of_their_points() -> None:
    groups = {group.id: group for group in model().group}
    stated = {group.label: group.max for group in groups.values() if group.id.count(".") == 1}
    assert stated == SECONDARY
    for name, known in SECONDARY.items():
        mine = [point.max for point in model().point if groups[groups[point.group].parent].label == name]
        assert sum(each for each in mine if each is not None) == (8 if known is None else known)
    assert sum(group.id.count(".") == 2 for group in groups.values()) == 23


def test_every_threshold_has_its_operator_and_limit() -> None:
    found = {
        name: (test.op, test.limit["*"].text)
        for name, test in thresholds().items()
        if name != SPECIAL_PURPOSE
    }
    assert found == LIMITS
    assert len(found) == 31
    special = thresholds()[SPECIAL_PURPOSE]
    assert (special.op, special.limit["*"].text) == LIMITS["BJ15.2"]


def test_thresholds_of_schools_wait_for_the_setting_that_says_what_is_meant() -> None:
    asked = {name for name, test in thresholds().items() if test.level_setting}
    assert asked == set(OF_SCHOOLS)
    assert {test.level_setting for test in thresholds().values()} == {"", "beijing_level"}


def test_points_with_thresholds_are_scored_by_setting_and_the_rest_by_a_person() -> None:
    for point in model().point:
        expected = ("setting", "beijing_partial") if point.test else ("judgement", "")
        assert (point.scorer, point.scorer_setting) == expected, point.id


def test_what_the_document_leaves_open_has_no_default() -> None:
    settings = {setting.id: setting for setting in model().setting}
    for name in (
        "beijing_total",
        "beijing_pass_mark",
        "beijing_level",
        "beijing_partial",
        "beijing_points_funded",
    ):
        assert settings[name].default is None, name
    card = model().scorecard
    assert card is not None
    assert (card.total, card.pass_mark, card.complete, card.grades) == (None, None, False, ())
    assert (card.total_setting, card.pass_mark_setting) == ("beijing_total", "beijing_pass_mark")


def test_a_point_that_mixes_text_and_thresholds_says_how_far_a_proposal_goes() -> None:
    for point in model().point:
        if point.test and point.id not in ("BJ13", "BJ18"):
            assert "另有须由督导人员判断的内容" in point.note, point.id
            assert "for the inspector to judge" in point.note_en, point.id


def test_every_point_and_heading_is_written_in_both_languages_with_its_place_in_the_document() -> None:
    groups = (group for group in model().group if group.id.startswith("BJ"))
    for name, label, clause in (
        *((point.id, point.label_en, point.clause) for point in model().point),
        *((group.id, group.label_en, group.clause) for group in groups),
    ):
        assert label.isascii(), name
        assert clause.startswith("实施方案(试行)"), name
    for point in model().point:
        assert point.wanted, point.id
        assert point.wanted_en.isascii(), point.id
        assert f"要点{int(point.id[2:])}" in point.clause
        assert all(test.label_en.isascii() and test.clause for test in point.test)


def test_both_wordings_of_the_gate_are_kept_and_its_answer_is_entered() -> None:
    notes = {note.id: note for note in model().note}
    assert "基本符合" in notes["BJ-gate-basic"].text
    assert notes["BJ-gate-basic"].clause.endswith("三(三)")
    assert "符合国家评估标准" in notes["BJ-gate-full"].text
    assert notes["BJ-gate-full"].clause.endswith("四(三)")
    gate = next(item for item in model().requirement if item.part == "national_conditions")
    assert (gate.decide, [test.kind for test in gate.test]) == ("person", ["evidence"])


@pytest.mark.parametrize("word", ["要点29", "教育治理、教育质量、创新发展", "总分", "达标分", "等级名称"])
def test_what_the_source_lacks_is_named(word: str) -> None:
    assert any(word in note.text and note.mark == "unknown" for note in model().note)


def test_the_verdict_is_the_municipal_one_and_the_national_stands_beside_it() -> None:
    verdicts = {verdict.id: (verdict.parts, verdict.main) for verdict in model().verdict}
    assert verdicts == {
        "municipal_verdict": (("municipal", "national_conditions"), True),
        "national_verdict": (NATIONAL_PARTS, False),
    }


def test_the_work_goes_from_district_to_city_to_state_with_a_yearly_round_and_a_sample() -> None:
    workflow = model().workflow
    assert workflow is not None
    assert [level.label for level in workflow.levels] == ["区级自查自评", "市级督导评价", "国家级评估认定"]
    assert {rule.id for rule in workflow.rules} >= {
        "cycle",
        "sampling",
        "publicity",
        "use_reward",
        "use_level",
    }
    assert {each.label for each in workflow.deliverables} == {"自查自评报告", "督导评价报告"}


def test_all_that_is_national_stays_as_it_is_but_the_procedure() -> None:
    national = load_standard("national-2017").model
    for table in (
        "indicator",
        "relief",
        "school_rule",
        "dispersion",
        "prerequisite",
        "veto",
        "split",
        "survey",
        "form",
    ):
        assert getattr(model(), table) == getattr(national, table), table
    for table in ("setting", "scope", "part", "requirement", "note"):
        mine = getattr(model(), table)
        assert mine[: len(getattr(national, table))] == getattr(national, table), table
    assert model().workflow != national.workflow


def test_it_holds_from_2018_without_end_and_only_the_base_it_is_pinned_to() -> None:
    header = model().standard
    assert (header.in_force_from, header.in_force_until) == ("2018", None)
    assert [layer["id"] for layer in beijing().layers] == ["national-2017", "beijing-2018"]


# ── Against the project's lists ────────────────────────────────────────────────────────────────────


def rows(shared: Path, name: str) -> Iterator[dict[str, str]]:
    with (shared / "domain" / name).open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def test_points_and_headings_are_those_of_the_list(shared: Path) -> None:
    groups = {group.id: group for group in model().group}
    points = {point.id: point for point in model().point}
    listed = list(rows(shared, "beijing_indicators.csv"))
    assert len(listed) == len(points) == 29
    for row in listed:
        point = points[f"BJ{int(row['point_no']):02}"]
        tertiary = groups[point.group]
        secondary = groups[tertiary.parent]
        assert groups[secondary.parent].label == row["dimension"]
        assert (secondary.label, tertiary.label) == (row["secondary"], row["tertiary_title"])
        assert point.max == (Decimal(row["score"]) if row["score"] else None)
        assert point.note.startswith(row["point_summary"].rstrip("。"))
        numbers = [row[f"{level}_no"] for level in ("dimension", "secondary", "tertiary")]
        assert tertiary.id == f"BJ-{'.'.join(numbers)}"


def test_thresholds_are_those_of_the_list(shared: Path) -> None:
    for row in (listed := list(rows(shared, "beijing_thresholds.csv"))):
        test = thresholds()[row["id"]]
        stage = f"({row['stage_or_level']})" if row["stage_or_level"] in ("小学", "初中") else ""
        assert test.label == row["metric"] + stage
        assert (test.op, test.limit["*"].text, test.unit) == (row["op"], row["value"], row["unit"])
        assert LIMITS[row["id"]] == (row["op"], row["value"])
        assert row["id"].startswith(f"BJ{int(row['point_no']):02}.")
    assert len(listed) == 31


def test_every_point_heading_and_verdict_is_listed_by_profile_show() -> None:
    shown = call("profile", "show", "beijing-2018", "--lang", "en").output
    for name in (
        *(point.id for point in model().point),
        *(group.id for group in model().group),
        "municipal_verdict",
    ):
        assert f"\n{name} " in shown, name
    lost = call("profile", "show", "beijing-2018", "--item", "BJ29", "--lang", "en").output
    assert "score not recorded" in lost
    assert "beijing-2018.toml" in lost
