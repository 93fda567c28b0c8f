"""What the explanation of an indicator says."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from balance_tui.data.dataset import OVERRIDE_SCHEMA
from balance_tui.data.load import read_dataset
from balance_tui.engine.evaluate import evaluate
from balance_tui.engine.explanation import explain_indicator, explain_item
from balance_tui.errors import UsageError
from balance_tui.language import use_language
from tests.contract.builder import County, passing_county, school, write_facts, write_sections

from .explain_data import dataset_of, result_of, standard, told


def explained(county: County, school_id: str, stage: str, indicator: str, **settings: str) -> str:
    return told(explain_indicator(result_of(county, **settings), school_id, stage, indicator))


def yongning() -> County:
    county = passing_county()
    return county.set("P1", "primary", students=612, classes=16, backbone_teachers=5)


def test_the_formula_stands_in_labels_and_in_numbers() -> None:
    text = explained(yongning(), "P1", "小学", "L2")
    assert "县级以上骨干教师数 ÷ 在校生数 × 100" in text
    assert "县级以上骨干教师数 5 ÷ 在校生数 612 × 100 = 0.8170" in text


def test_the_gap_is_in_whole_teachers_to_the_standard_and_to_the_floor() -> None:
    step = explain_indicator(result_of(yongning()), "P1", "primary", "L2").of_kind("gap")[0]
    assert [(row["target"], row["more"], row["amount"]) for row in step.rows] == [
        ("standard", 2.0, 7.0),
        ("floor", 1.0, 6.0),
    ]
    assert step.rows[0]["value"] == pytest.approx(700 / 612)


def test_limit_and_floor_name_clause_standard_file_and_line() -> None:
    derivation = explain_indicator(result_of(yongning()), "P1", "primary", "L2")
    limit, floor = derivation.of_kind("limit")[0], derivation.of_kind("floor")[0]
    lines = standard().document
    assert limit.data["file"] == lines.file
    assert limit.data["line"] == lines.lines[("indicator", 1, "limit", "primary")]
    assert standard().model.indicator[1].clause in str(limit.text)
    assert "national-2017" in str(limit.text)
    assert "0.85 × 1 = 0.85" in str(floor.text)
    assert "末款" in str(floor.text)


def test_a_split_shows_weights_students_the_share_as_a_fraction_and_both_amounts() -> None:
    rows = school(
        "N1", "nine_year", {"primary": 166, "junior": 210}, teaching_area=23226, indoor_sports_area=0
    )
    derivation = explain_indicator(result_of(County(sections=rows)), "N1", "primary", "L4")
    share, amounts = derivation.of_kind("split")
    assert share.data["fraction"] == "166/397"
    assert [(row["weight"], row["students"]) for row in share.rows] == [(1.0, 166.0), (1.1, 210.0)]
    assert "23226 × 166/397 = 9711.63" in str(amounts.text)
    assert "9711.63" in str(derivation.of_kind("numbers")[0].text)


def test_the_gap_of_a_shared_amount_is_that_of_the_whole_school() -> None:
    rows = school("N1", "nine_year", {"primary": 300, "junior": 200}, multimedia_rooms=10)
    derivation = explain_indicator(result_of(County(sections=rows)), "N1", "primary", "L7")
    step = derivation.of_kind("gap")[0]
    assert step.data["counted"] == "school"
    assert [(row["target"], row["more"]) for row in step.rows] == [("standard", 2.0), ("floor", 1.0)]
    assert "全校还差 2 间" in str(step.text)


def test_which_of_several_ways_was_used_is_said() -> None:
    county = passing_county().set(
        "P1", "primary", teachers_above_degree=None, teachers_associate=10, teachers_bachelor=20,
        teachers_master=1, teachers_doctor=0,
    )  # fmt: skip
    step = explain_indicator(result_of(county), "P1", "primary", "L1").of_kind("alternative")[0]
    assert [row["used"] for row in step.data["ways"]] == [False, True]
    assert "直接填报" in str(step.text)
    assert "未填报" in str(step.text)


def test_two_ways_that_disagree_are_the_reason_for_an_unknown() -> None:
    county = passing_county().set(
        "P1", "primary", teachers_above_degree=40, teachers_associate=10, teachers_bachelor=20,
        teachers_master=1, teachers_doctor=0,
    )  # fmt: skip
    derivation = explain_indicator(result_of(county), "P1", "primary", "L1")
    assert derivation.status == "unknown"
    assert derivation.of_kind("reason") or derivation.of_kind("finding")


def test_a_missing_fact_is_named_with_its_empty_cell() -> None:
    county = passing_county().set("P1", "primary", backbone_teachers=None)
    derivation = explain_indicator(result_of(county), "P1", "primary", "L2")
    assert derivation.status == "unknown"
    assert derivation.of_kind("missing")[0].data == {"facts": ["backbone_teachers"]}
    cell = derivation.of_kind("origin")[0].rows[0]
    assert cell["sheet"] == "小学"
    assert cell["cell"].endswith("3")
    assert "未填报" in str(cell["note"])


def test_a_fact_struck_out_by_a_check_names_the_check() -> None:
    county = passing_county().set("P1", "primary", backbone_teachers=5000)
    text = explained(county, "P1", "primary", "L2")
    derivation = explain_indicator(result_of(county), "P1", "primary", "L2")
    assert derivation.status == "unknown"
    code = derivation.of_kind("finding")[0].rows[0]["code"]
    assert f"检查 {code} 使其未知" in text


def test_a_corrected_cell_shows_what_was_reported_and_what_is_used() -> None:
    row = dict.fromkeys(OVERRIDE_SCHEMA) | passing_county().key
    row |= {"school_id": "P1", "stage": "primary", "field": "backbone_teachers", "value": "9"}
    overrides = pl.DataFrame([row], schema=OVERRIDE_SCHEMA)
    result = evaluate(standard(), dataset_of([passing_county()]), overrides=overrides)
    derivation = explain_indicator(result, "P1", "primary", "L2")
    assert derivation.value == 1.5
    assert "12 示例县.xlsx" in told(derivation)
    assert "已更正为 9" in told(derivation)


def rural() -> County:
    return passing_county().set("T1", "primary", pe_teachers=0, art_teachers=0, visiting_pe_art_teachers=1)


def test_a_relief_shows_its_condition_its_value_and_its_cure_date() -> None:
    derivation = explain_indicator(result_of(rural()), "T1", "primary", "L3")
    step = derivation.of_kind("relief")[0]
    assert derivation.status == "relieved"
    assert step.data["used"] is True
    assert step.data["value"] == pytest.approx(100 / 60)
    assert step.data["cure_by"] == "2026-12-31"
    assert "义务教育阶段在校生数 60 ≥ 50" in str(step.text)
    assert "过渡达标" in str(step.text)


def test_a_relief_switched_off_says_by_which_setting() -> None:
    derivation = explain_indicator(result_of(rural(), relief_T1="no"), "T1", "primary", "L3")
    step = derivation.of_kind("relief")[0]
    assert derivation.status == "fail"
    assert step.data["in_force"] is False
    assert "启用过渡条款 T1 = 否" in str(step.text)


def test_a_relief_out_of_its_dates_says_so() -> None:
    derivation = explain_indicator(result_of(rural(), reliefs_until="2022-10-01"), "T1", "primary", "L3")
    assert "2023-12-31 不在有效期内" in str(derivation.of_kind("relief")[0].text)


def test_a_relief_that_lacks_a_fact_leaves_the_value_unknown_and_says_why() -> None:
    county = rural().set("T1", "primary", visiting_pe_art_teachers=None)
    derivation = explain_indicator(result_of(county), "T1", "primary", "L3")
    assert derivation.status == "unknown"
    assert "visiting_pe_art_teachers" in derivation.of_kind("missing")[0].data["facts"]


def test_a_relief_for_dense_city_centres_adds_the_other_venues() -> None:
    county = passing_county().set(
        "P1", dense_city_centre=True, sports_ground_area=3000, extra_sports_area=2000, indoor_sports_area=600
    )
    derivation = explain_indicator(result_of(county), "P1", "primary", "L5")
    assert derivation.status == "relieved"
    assert derivation.of_kind("relief")[0].data["value"] == pytest.approx(5600 / 600)


def test_a_section_out_of_scope_says_why() -> None:
    derivation = explain_indicator(result_of(passing_county()), "S1", "primary", "L4")
    assert derivation.status == "not_applicable"
    assert "特殊教育学校" in told(derivation)
    assert standard().model.scope[0].exclude[0].clause in str(derivation.of_kind("reason")[0].text)


def test_a_campus_merged_into_its_parent_shows_the_cells_of_both() -> None:
    county = passing_county()
    county.add(school("P9", "primary_school", {"primary": 200}, campus_of="P1"))
    result = result_of(county)
    derivation = explain_indicator(result, "P1", "primary", "L4")
    sites = {row["school_id"] for row in derivation.of_kind("origin")[0].rows}
    assert sites == {"P1", "P9"}
    assert "campus_mode" in {step.data["setting"] for step in derivation.of_kind("setting")}
    with pytest.raises(UsageError, match="P1"):
        explain_indicator(result, "P9", "primary", "L4")


def test_a_value_exactly_on_its_limit_is_said_to_be_decided_exactly() -> None:
    county = passing_county().set("P1", "primary", students=1000, classes=25, pe_teachers=4, art_teachers=5)
    derivation = explain_indicator(result_of(county), "P1", "primary", "L3")
    assert derivation.status == "pass"
    assert derivation.of_kind("exact")[0].data == {"value": "9/10", "bound": "9/10", "sign": "="}


def test_a_value_that_rounding_would_pass_is_flagged() -> None:
    county = passing_county().set("P1", teaching_area=600 * 4 + 299, indoor_sports_area=0)
    derivation = explain_indicator(result_of(county), "P1", "primary", "L4")
    assert derivation.status == "floor"
    assert derivation.of_kind("rounding")[0].data["printed"] == "4.50"


def test_the_place_in_the_dispersion_is_told() -> None:
    step = explain_indicator(result_of(yongning()), "P1", "primary", "L2").of_kind("contribution")[0]
    assert step.data["rank"] >= 1
    assert step.data["contribution"] == pytest.approx(step.data["share"] * step.data["sd"] ** 2)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("第P1学", "primary", "L2"), "EXP-SCHOOL"),
        (("P1", "junior", "L2"), "EXP-STAGE"),
        (("P1", "kindergarten", "L2"), "EXP-STAGE"),
        (("P1", "primary", "L9"), "EXP-INDICATOR"),
        (("P1", "primary", "L2", "丙县"), "EXP-COUNTY"),
        (("P1", "primary", "L2", None, 1999), "EXP-COUNTY"),
    ],
)
def test_what_is_not_there_is_a_usage_error_with_a_hint(arguments: tuple[str, ...], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        explain_indicator(result_of(passing_county()), *arguments)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert caught.value.mend is not None


def test_a_school_in_two_counties_or_years_is_ambiguous_and_both_are_named() -> None:
    result = result_of(passing_county(), passing_county(year=2022), passing_county(name="乙县"))
    with pytest.raises(UsageError) as caught:
        explain_indicator(result, "P1", "primary", "L2")
    assert caught.value.code == "EXP-AMBIGUOUS"
    assert "乙县" in str(caught.value)
    assert "2022" in str(caught.value)
    derivation = explain_indicator(result, "P1", "primary", "L2", "甲县", 2022)
    assert derivation.subject["year"] == 2022


def test_a_school_is_found_by_its_exact_name() -> None:
    by_name = explain_indicator(result_of(passing_county()), "第P1学校", "小学", "L2")
    assert by_name.subject["school_id"] == "P1"


def test_namesake_counties_are_told_apart_by_their_city() -> None:
    result = result_of(passing_county(), passing_county(city="别市"))
    derivation = explain_indicator(result, "P1", "primary", "L2", "别市/甲县")
    assert derivation.subject["city"] == "别市"


def test_a_name_with_escapes_is_shown_harmless() -> None:
    county = passing_county()
    for row in county.rows("P1"):
        row["school"] = "坏\x1b[31m\n名"
    text = explained(county, "P1", "primary", "L2")
    assert "\x1b" not in text
    assert "坏\\x1b[31m\\n名" in text


def test_english_tells_the_same_story() -> None:
    derivation = explain_indicator(result_of(rural()), "T1", "primary", "L3")
    use_language("en")
    text = told(derivation)
    assert "relief T1" in text
    assert "students of the compulsory stages 60 ≥ 50" in text
    for step in derivation.steps:
        assert bool(step.text.zh) == bool(step.text.en)
        assert step.label.en.isascii() or "·" in step.label.en


def test_the_cells_of_a_file_that_was_read_are_named(tmp_path: Path) -> None:
    schools = write_sections(tmp_path / "示例.csv", [passing_county()])
    facts = write_facts(tmp_path / "县.csv", [passing_county()])
    result = evaluate(standard(), read_dataset([schools], county_facts=facts))
    cells = explain_indicator(result, "N1", "junior", "L4").of_kind("origin")[0].rows
    assert {row["place"] for row in cells} >= {
        "示例.csv:8:teaching_area",
        "示例.csv:8:students",
        "示例.csv:7:students",
    }
    (place,) = {row["place"] for row in explain_item(result, "G08a").of_kind("origin")[0].rows[:1]}
    assert place == "县.csv:teacher_average_pay"


def test_a_relief_that_may_apply_but_would_not_help_does_not_make_the_value_unknown() -> None:
    county = rural().set("T1", location=None).set("T1", "primary", visiting_pe_art_teachers=0)
    derivation = explain_indicator(result_of(county), "T1", "primary", "L3")
    assert derivation.status == "fail"
    assert "仍不足" in str(derivation.of_kind("relief")[0].text)


def test_campuses_kept_on_their_own_are_explained_on_their_own() -> None:
    county = passing_county()
    county.add(school("P9", "primary_school", {"primary": 200}, campus_of="P1"))
    derivation = explain_indicator(result_of(county, campus_mode="separate"), "P9", "primary", "L4")
    assert {row["school_id"] for row in derivation.of_kind("origin")[0].rows} == {"P9"}


def test_an_unknown_school_type_is_named_as_what_leaves_scope_and_share_open() -> None:
    derivation = explain_indicator(
        result_of(passing_county().set("N1", school_type=None)), "N1", "primary", "L7"
    )
    assert derivation.status == "unknown"
    assert "school_type" in derivation.of_kind("missing")[0].data["facts"]
    assert "学段占比未知: 办学类型" in str(derivation.of_kind("reason")[0].text)


def test_attached_kindergarten_classes_share_by_the_weight_that_is_set_or_leave_the_share_unknown() -> None:
    county = passing_county()
    for row in county.rows("P2"):
        row["kindergarten_students"] = 30
    unset = explain_indicator(result_of(county), "P2", "primary", "L7")
    assert unset.status == "unknown"
    assert "附设幼儿班拆分权重" in str(unset.of_kind("reason")[0].text)
    given = explain_indicator(result_of(county, kindergarten_weight="0.8"), "P2", "primary", "L7")
    assert given.of_kind("split")[0].data["fraction"] == "50/53"
    assert "kindergarten_weight" in {step.data["setting"] for step in given.of_kind("setting")}
