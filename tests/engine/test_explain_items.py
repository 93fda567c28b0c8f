"""What the explanations of dispersion figures, items, scores and parts say."""

from __future__ import annotations

import pytest

from balance_tui.engine.explanation import explain_dispersion, explain_item
from balance_tui.errors import InputRejected, UsageError
from balance_tui.language import use_language
from tests.contract.builder import County, passing_county

from .explain_data import dataset_of, result_of, told


def item(county: County, name: str, **settings: str) -> str:
    return told(explain_item(result_of(county, **settings), name))


def test_a_dispersion_lists_every_school_with_what_it_contributes() -> None:
    derivation = explain_dispersion(result_of(passing_county()), "junior", "L2")
    step = derivation.of_kind("contribution")[0]
    assert {row["school_id"] for row in step.rows} == {"J1", "J2", "N1", "C1", "W1"}
    shares = [row["contribution"] for row in step.rows]
    assert shares == sorted(shares, reverse=True)
    assert sum(shares) == pytest.approx(step.data["sd"] ** 2, rel=1e-12)
    assert derivation.limit == 0.45


def test_a_dispersion_that_is_unknown_names_the_sections_and_what_they_lack() -> None:
    county = passing_county().set("N1", "junior", students=None)
    derivation = explain_dispersion(result_of(county), "primary", "L4")
    assert derivation.status == "unknown"
    (row,) = derivation.of_kind("missing")[0].rows
    assert row["school_id"] == "N1"
    assert "初中在校生数" in str(row["missing"])


def test_a_dispersion_of_nothing_says_that_the_mean_is_zero() -> None:
    county = passing_county()
    for row in county.sections:
        row["backbone_teachers"] = 0
    derivation = explain_dispersion(result_of(county), "primary", "L2")
    assert derivation.status == "unknown"
    assert "Σx 为零" in told(derivation)


def test_reliefs_are_said_not_to_change_a_dispersion() -> None:
    assert "T1" in told(explain_dispersion(result_of(passing_county()), "primary", "L3"))
    assert not explain_dispersion(result_of(passing_county()), "primary", "L2").of_kind("note")


def test_the_composite_is_the_mean_of_its_eight_parts() -> None:
    derivation = explain_dispersion(result_of(passing_county(), name="national-2012"), "primary", "composite")
    step = derivation.of_kind("numbers")[0]
    assert len(step.rows) == 8
    assert derivation.value is not None
    assert sum(row["cv"] for row in step.rows) / 8 == pytest.approx(derivation.value, rel=1e-12)
    assert derivation.limit == 0.65


def test_a_single_figure_under_the_composite_rule_has_no_limit() -> None:
    derivation = explain_dispersion(result_of(passing_county(), name="national-2012"), "primary", "B1")
    assert derivation.status == "not_applicable"
    assert derivation.limit is None
    assert "综合" in str(derivation.of_kind("limit")[0].text)


def test_a_composite_with_an_unknown_part_names_it() -> None:
    county = passing_county().set("P1", books=None)
    derivation = explain_dispersion(result_of(county, name="national-2012"), "primary", "composite")
    assert derivation.status == "unknown"
    assert derivation.of_kind("missing")[0].data["indicators"] == ["B5"]


def test_a_standard_without_composite_says_which_figures_there_are() -> None:
    with pytest.raises(UsageError) as caught:
        explain_dispersion(result_of(passing_county()), "primary", "composite")
    assert caught.value.code == "EXP-DISPERSION"
    assert "L1" in str(caught.value.mend)


def test_a_county_figure_shows_formula_numbers_and_limit() -> None:
    text = item(passing_county(), "G11")
    assert "上一年度交流轮岗教师数 40 ÷ 符合交流条件教师数 200 × 100 = 20.000 %" in text
    assert "20.0 % > 10" in text
    assert "≥ 20 %" in text


def test_a_part_test_is_explained_alone() -> None:
    derivation = explain_item(result_of(passing_county()), "G11a")
    assert derivation.value == 20.0
    assert derivation.limit == 10.0
    assert "交流轮岗骨干教师数" not in told(derivation)


def test_the_formula_that_a_setting_chose_is_named() -> None:
    text = item(passing_county(), "Q1", consolidation_formula="adjusted")
    assert "毕业÷(三年前初一+转入−死亡−转出)" in text
    assert "初中毕业班学生数 960 ÷ (三年前初一在校生数 1000 + 三年转入学生数 20" in text


def test_a_failing_school_is_listed_with_value_and_limit() -> None:
    county = passing_county().set("P2", "primary", largest_class=46, oversized_classes=1)
    derivation = explain_item(result_of(county), "G05")
    (row,) = derivation.of_kind("table")[0].rows
    assert (row["school_id"], row["stage"], row["value"], row["limit"], row["status"]) == (
        "P2", "primary", 46.0, 45.0, "fail",
    )  # fmt: skip


def test_a_school_relieved_by_its_year_stands_with_the_relief() -> None:
    county = passing_county().set("P1", "primary", students=2300, classes=58, teachers=300, staff=300)
    county.set("P1", built_year=2009)
    derivation = explain_item(result_of(county), "G04")
    assert derivation.status == "relieved"
    relief = next(step for step in derivation.of_kind("relief") if step.data["relief"] == "T4")
    (row,) = relief.rows
    assert row["school_id"] == "P1"
    assert row["limit"] == 2400.0
    assert "规划建成年份 2009" in str(row["facts"])


def test_rooms_show_the_need_and_what_a_failing_school_has() -> None:
    county = passing_county().set("P2", smallest_music_room=80, built_year=2020)
    derivation = explain_item(result_of(county), "G03")
    row = derivation.of_kind("table")[0].rows[0]
    assert row["smallest_music_room"] == 80.0
    text = told(derivation)
    assert "音乐教室每间 ≥ 96 ㎡" in text
    assert "进一(义务教育阶段班级数 ÷ 12)" in text


def test_a_rate_over_schools_shows_both_sums_and_the_school_that_pulls_it_down() -> None:
    county = passing_county().set("J2", "junior", certified_teachers=70)
    derivation = explain_item(result_of(county), "G12")
    numbers = derivation.of_kind("numbers")[0].data
    assert derivation.value == pytest.approx(numbers["numerator"] / numbers["denominator"] * 100)
    assert derivation.of_kind("table")[0].rows[0]["school_id"] == "J2"


def test_the_population_is_told_in_words() -> None:
    text = item(passing_county(), "Q4")
    assert "全部义务教育学段" in text
    assert "办学类型 ≠ 教学点 且 非“不计校数的校区”" in text
    assert "标注 inference" in text


def test_a_veto_shows_who_answered_and_what_passes() -> None:
    county = passing_county().judge("V1", "yes", remark="查实", evidence="举报件")
    derivation = explain_item(result_of(county), "V1")
    assert derivation.status == "fail"
    (row,) = derivation.of_kind("answer")[0].rows
    assert (row["source"], row["remark"], row["evidence"], row["counted"]) == (
        "verified",
        "查实",
        "举报件",
        True,
    )


def test_an_unanswered_item_says_what_is_wanted() -> None:
    derivation = explain_item(result_of(passing_county().judge("G01", None)), "G01")
    assert derivation.status == "unknown"
    assert "布局规划" in str(derivation.of_kind("evidence")[0].text)
    assert "尚未判定" in told(derivation)


def test_an_answer_overruled_by_a_verified_one_is_shown_as_not_counting() -> None:
    county = passing_county()
    county.judgements.append({"item": "G01", "answer": "no", "source": "self"})
    rows = explain_item(result_of(county), "G01").of_kind("answer")[0].rows
    assert {row["source"]: row["counted"] for row in rows} == {"verified": True, "self": False}


def test_a_score_shows_points_and_pass_mark() -> None:
    model = result_of(passing_county(), name="national-2012")
    score = model.context.standard.model.score[0].id
    derivation = explain_item(model, score)
    assert derivation.value == 90.0
    assert derivation.limit == 85.0
    assert derivation.status == "pass"


def test_a_part_lists_its_items_and_their_status() -> None:
    derivation = explain_item(result_of(passing_county().judge("G02", "no")), "guarantee")
    rows = {row["id"]: row["status"] for row in derivation.of_kind("table")[0].rows}
    assert len(rows) == 15
    assert rows["G02"] == "fail"
    assert derivation.status == "fail"


def test_the_resource_part_lists_schools_that_miss_the_rule_and_every_dispersion_figure() -> None:
    county = passing_county().set("P1", "primary", backbone_teachers=1)
    derivation = explain_item(result_of(county), "resources")
    schools, spread = derivation.of_kind("table")
    assert [(row["school_id"], row["short"]) for row in schools.rows] == [("P1", ["L2"])]
    assert len(spread.rows) == 14


def test_every_item_test_score_and_part_of_every_standard_is_explained_in_both_languages() -> None:
    for name in ("national-2017", "national-2012", "pioneer-2021"):
        result = result_of(passing_county(), name=name)
        model = result.context.standard.model
        ids = [each.id for each in (*model.items, *model.score, *model.part)]
        ids += [test.id for each in model.items for test in each.test if test.id]
        for each in ids:
            derivation = explain_item(result, each)
            use_language("zh")
            chinese = told(derivation)
            use_language("en")
            assert told(derivation) != chinese
            use_language("zh")


@pytest.mark.parametrize(("name", "hint"), [("G99", "G09"), ("L2", "--indicator"), ("resource", "resources")])
def test_an_id_that_does_not_exist_is_a_usage_error_with_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        explain_item(result_of(passing_county()), name)
    assert caught.value.code == "EXP-ITEM"
    assert hint in str(caught.value.mend)


def test_several_counties_must_be_told_apart() -> None:
    with pytest.raises(UsageError) as caught:
        explain_item(result_of(passing_county(), passing_county(name="乙县")), "G05")
    assert caught.value.code == "EXP-AMBIGUOUS"


def test_rejected_data_has_nothing_to_explain() -> None:
    from balance_tui.engine.evaluate import evaluate

    from .explain_data import standard

    data = dataset_of([passing_county()])
    row = dict.fromkeys(data.findings.columns) | {
        "code": "X",
        "severity": "reject",
        "message_zh": "",
        "message_en": "",
    }
    rejected = data.with_findings(type(data.findings)([row], schema=data.findings.schema))
    with pytest.raises(InputRejected):
        explain_item(evaluate(standard(), rejected), "G05")
