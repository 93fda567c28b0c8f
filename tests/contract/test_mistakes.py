"""One test for each line of practice.md 3, "A correct program never…": it fails when the mistake is made."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from .builder import (
    COLUMNS,
    County,
    passing_county,
    school,
    write_table,
)
from .runner import Result, call, files, run

FIVE = (("A1", 45, 279), ("A2", 37, 137), ("A3", 89, 935), ("A4", 76, 160), ("A5", 55, 402))
"""The published worked example (national.md 4): students and amounts of five schools."""


def five_schools(field: str = "teaching_area", **facts: int) -> County:
    rows = [
        each | {"indoor_sports_area": 0, field: amount} | facts
        for school_id, students, amount in FIVE
        for each in school(school_id, "primary_school", {"primary": students})
    ]
    return County(sections=rows)


def two_schools(first: Fraction | int, second: Fraction | int, students: int = 1000) -> County:
    """Two primary schools of equal size whose L4 is `first` and `second` square metres a student."""
    rows = [
        each | {"indoor_sports_area": 0, "teaching_area": value * students}
        for school_id, value in (("A1", first), ("A2", second))
        for each in school(school_id, "primary_school", {"primary": students})
    ]
    return County(sections=rows)


def value(result: Result, school_id: str, stage: str, code: str) -> float:
    return float(result.indicator(school_id, stage, code)["value"])


def test_mistake_01_dispersion_without_student_weights() -> None:
    row = run(five_schools()).dispersion("primary", "L4")
    assert row["cv"] == pytest.approx(0.515256629884476, abs=1e-12)
    assert row["status"] == "fail", "the unweighted figure 0.488771 would pass 0.50"


def test_mistake_02_sample_variance_or_the_plain_mean_as_centre() -> None:
    row = run(five_schools()).dispersion("primary", "L4")
    assert row["mean"] == pytest.approx(1913 / 302, rel=1e-12)
    assert row["sd"] == pytest.approx(3.263861, abs=5e-7)
    for wrong in (0.546462, 0.463919, 0.518555, 0.516112):
        assert abs(row["cv"] - wrong) > 5e-4


def test_mistake_03_rounding_before_the_verdict() -> None:
    # Values m(1 ± c) of two equal schools have CV c exactly.
    two_decimals = run(two_schools(Fraction("4.966"), Fraction("15.034"))).dispersion("primary", "L4")
    assert two_decimals["cv"] == pytest.approx(0.5034, rel=1e-12)
    assert two_decimals["status"] == "fail"
    three_decimals = run(two_schools(Fraction("4.996"), Fraction("15.004"))).dispersion("primary", "L4")
    assert three_decimals["cv"] == pytest.approx(0.5004, rel=1e-12)
    assert (three_decimals["status"], three_decimals["flips_when_rounded"]) == ("fail", True)


def test_mistake_03_rounding_school_values_before_the_dispersion() -> None:
    # 5.004 and 14.996: CV 0.4996. Rounded to two decimals: 5.00 and 15.00, CV 0.5.
    row = run(two_schools(Fraction("5.004"), Fraction("14.996"))).dispersion("primary", "L4")
    assert row["cv"] == pytest.approx(0.4996, rel=1e-12)


def test_mistake_04_floor_judged_on_rounded_values() -> None:
    county = passing_county().set("J1", teaching_area=Fraction("4.926") * 500, indoor_sports_area=0)
    row = run(county).indicator("J1", "junior", "L4")
    assert row["value"] == pytest.approx(4.926, rel=1e-12)
    assert row["status"] == "fail", "4.926 prints as 4.93, the floor, and lies below it"


def test_mistake_05_dropping_a_section_whose_numerator_is_zero() -> None:
    county = passing_county()
    before = run(county).dispersion("primary", "L3")
    result = run(county.set("P1", "primary", pe_teachers=0, art_teachers=0))
    after = result.dispersion("primary", "L3")
    assert after["sections"] == before["sections"] == 5
    assert after["mean"] < before["mean"]
    row = result.indicator("P1", "primary", "L3")
    assert (row["value"], row["status"], row["gap"]) == (0, "fail", pytest.approx(0.9))


def test_mistake_06_turning_a_missing_value_into_zero() -> None:
    result = run(passing_county().set("P1", "primary", pe_teachers=None))
    row = result.indicator("P1", "primary", "L3")
    assert (row["value"], row["status"], row["gap"]) == (None, "unknown", None)
    assert result.school("P1", "primary")["unknown"] == ["L3"]
    spread = result.dispersion("primary", "L3")
    assert (spread["cv"], spread["status"]) == (None, "unknown")
    assert result.verdict == "unknown"


def test_mistake_07_facilities_of_a_combined_school_counted_twice() -> None:
    result = run(passing_county())
    (n1,) = {row["teaching_area"] - row["indoor_sports_area"] for row in passing_county().rows("N1")}
    shares = value(result, "N1", "primary", "L4") * 400 + value(result, "N1", "junior", "L4") * 300
    assert shares == pytest.approx(float(n1), rel=1e-12)


def test_mistake_07_the_senior_share_leaves_the_evaluation() -> None:
    county = passing_county().set("W1", teaching_area=7840, indoor_sports_area=0)
    result = run(county)
    assert value(result, "W1", "primary", "L4") == pytest.approx(7840 / (300 + 220 + 264), rel=1e-12)
    assert value(result, "W1", "junior", "L4") == pytest.approx(7840 * 1.1 / (300 + 220 + 264), rel=1e-12)


def test_mistake_07_complete_secondary_shares_one_to_one_point_two() -> None:
    result = run(passing_county().set("C1", teaching_area=10200, indoor_sports_area=0))
    assert value(result, "C1", "junior", "L4") == pytest.approx(10200 / (300 + 1.2 * 600), rel=1e-12)


@pytest.mark.parametrize("code", ["L4", "L5", "L6", "L7"])
@pytest.mark.parametrize("school_id", ["N1", "W1"])
def test_mistake_08_both_stages_given_the_same_value(code: str, school_id: str) -> None:
    result = run(passing_county())
    junior, primary = value(result, school_id, "junior", code), value(result, school_id, "primary", code)
    assert junior == pytest.approx(1.1 * primary, rel=1e-12)


def test_mistake_09_indoor_sports_rooms_left_in_l4_or_forgotten_in_l5() -> None:
    county = passing_county().set("P1", teaching_area=3600, indoor_sports_area=900, sports_ground_area=4000)
    result = run(county)
    assert value(result, "P1", "primary", "L4") == pytest.approx((3600 - 900) / 600, rel=1e-12)
    assert value(result, "P1", "primary", "L5") == pytest.approx((4000 + 900) / 600, rel=1e-12)


def test_mistake_10_ten_thousand_yuan_mixed_with_yuan() -> None:
    row = run(passing_county().set("P1", equipment_value=120)).indicator("P1", "primary", "L6")
    assert row["value"] == pytest.approx(2000, rel=1e-12)
    assert (row["standard"], row["floor"], row["status"]) == (2000, 1700, "pass")


def degrees(stage: str, school_id: str, **teachers: int | None) -> Result:
    return run(passing_county().set(school_id, stage, teachers_above_degree=None, **teachers))


def test_mistake_11_doctors_left_out_of_l1() -> None:
    counts = {"teachers_associate": 0, "teachers_bachelor": 20, "teachers_master": 3, "teachers_doctor": 4}
    assert value(degrees("junior", "J1", **counts), "J1", "junior", "L1") == pytest.approx(27 / 500 * 100)
    missing = degrees("junior", "J1", **(counts | {"teachers_doctor": None}))
    assert missing.indicator("J1", "junior", "L1")["value"] is None


def test_mistake_12_l1_of_primary_schools_read_as_bachelor() -> None:
    counts = {"teachers_associate": 10, "teachers_bachelor": 20, "teachers_master": 1, "teachers_doctor": 0}
    assert value(degrees("primary", "P1", **counts), "P1", "primary", "L1") == pytest.approx(31 / 600 * 100)
    assert value(degrees("junior", "J1", **counts), "J1", "junior", "L1") == pytest.approx(21 / 500 * 100)


def test_mistake_12_two_known_sources_of_l1_that_disagree_are_unknown() -> None:
    counts = {"teachers_associate": 10, "teachers_bachelor": 20, "teachers_master": 1, "teachers_doctor": 0}
    result = run(passing_county().set("P1", "primary", teachers_above_degree=32, **counts))
    assert result.indicator("P1", "primary", "L1")["status"] == "unknown"


def test_mistake_13_arts_total_added_to_music_and_fine_art(tmp_path: Path) -> None:
    county = passing_county().set("P1", "primary", pe_teachers=4, art_teachers=5)
    rows = [row | county.key | {"音乐": 3, "美术": 2} for row in county.sections]
    table = write_table(tmp_path / "data.csv", (*COLUMNS, "音乐", "美术"), rows)
    result = Result(call("evaluate", table, "--format", "json").json)
    assert value(result, "P1", "primary", "L3") == pytest.approx(9 / 600 * 100)


def test_mistake_13_visiting_teachers_counted_without_the_relief() -> None:
    county = passing_county().set("P1", "primary", pe_teachers=1, art_teachers=2, visiting_pe_art_teachers=9)
    row = run(county).indicator("P1", "primary", "L3")
    assert (row["value"], row["status"], row["relief"]) == (pytest.approx(0.5), "fail", None)


def test_mistake_14_composite_decides_the_verdict() -> None:
    # Every other CV is near 0: the plain mean of the seven is far below 0.5, and yet L4 fails.
    result = run(passing_county().set("P2", teaching_area=40000))
    assert result.dispersion("primary", "L4")["cv"] > 0.5
    assert result.dispersion("primary", "L4")["status"] == "fail"
    assert {row["status"] for row in result.json["schools"]} == {"pass"}
    assert (result.parts()["resources"], result.verdict) == ("fail", "fail")


def test_mistake_14_limits_of_basic_balance_on_single_dispersions() -> None:
    rows = {(row["stage"], row["limit"]) for row in run(passing_county()).json["dispersion"] if row["limit"]}
    assert rows == {("primary", 0.5), ("junior", 0.45)}
    assert run(two_schools(4, 16)).dispersion("primary", "L4")["status"] == "fail", "0.60 would pass 0.65"


def test_mistake_15_music_rooms_making_up_for_art_rooms() -> None:
    assert run(passing_county().set("P2", music_rooms=2, art_rooms=0)).item("G03") == "fail"


@pytest.mark.parametrize(("area", "status"), [("54", "relieved"), ("53.9", "fail")])
def test_mistake_15_room_sizes_that_cannot_express_54(area: str, status: str) -> None:
    rooms = {"smallest_music_room": Fraction(area), "smallest_art_room": Fraction(area)}
    county = passing_county().set("T1", largest_class=20, classes=3, **rooms)
    assert run(county).item("G03") == status


@pytest.mark.parametrize(
    ("students", "status"), [(2500, "pass"), (2501, "relieved"), (3000, "relieved"), (3001, "fail")]
)
def test_mistake_16_relief_of_2400_on_a_nine_year_school(students: int, status: str) -> None:
    rows = school("N9", "nine_year", {"primary": 1500, "junior": students - 1500}, built_year=2010)
    assert run(passing_county().add(rows)).item("G04") == status


def test_mistake_17_strict_where_the_rule_includes_the_limit() -> None:
    result = run(passing_county().know(rotation_eligible=200, rotated=20, rotated_backbone=4))
    assert result.item("G11") == "pass"
    assert (
        run(passing_county().know(rotation_eligible=201, rotated=20, rotated_backbone=4)).item("G11")
        == "fail"
    )
    assert (
        run(passing_county().know(rotation_eligible=210, rotated=21, rotated_backbone=4)).item("G11")
        == "fail"
    )


def test_mistake_17_inclusive_where_the_rule_excludes_the_limit() -> None:
    on_gap = passing_county().know(monitoring_gap_math=Fraction("0.15"))
    assert run(on_gap).item("Q9") == "fail"
    half = school("P9", "primary_school", {"primary": 2200}, migrant_children=1100)
    assert run(passing_county().add(half)).item("G04") == "fail"
    thirty = {"smallest_music_room": 60, "smallest_art_room": 60}
    assert run(passing_county().set("T1", largest_class=30, classes=2, **thirty)).item("G03") == "fail"


def test_mistake_18_two_consolidation_formulas_unnamed() -> None:
    county = passing_county().know(
        graduates=950, transferred_in=20, transferred_out=20, deceased=0, entered_three_years_ago=1000
    )
    row = run(county).requirement("Q1")
    assert (row["value"], row["status"]) == (pytest.approx(95), "pass")
    county.know(graduates=960, transferred_in=30, transferred_out=10)
    row = run(county).requirement("Q1")
    assert (row["value"], row["status"]) == (pytest.approx(94), "fail"), (
        "the other formula gives 960/1020 and 94.1"
    )
    with files([county]) as arguments:
        told = call(
            "explain", *arguments, "--profile", "national-2017", "--county", county.name, "--item", "Q1"
        )
    assert told.code == 0
    for amount in ("960", "1000", "30", "10"):
        assert amount in told.output, "the derivation shows the formula with its five inputs"


def test_mistake_18_the_formula_in_use_stands_in_every_result() -> None:
    settings = run(passing_county()).json["profile"]["settings"]
    assert any("q1" in name.lower() or "consolidation" in name.lower() for name in settings)


def test_mistake_19_hundred_student_rule_mixed_up() -> None:
    rows = school("P9", "primary_school", {"primary": 99})
    enough = passing_county().add(rows).set("P9", public_funds=65_000)
    assert run(enough).item("G06") == "pass"
    assert run(enough.set("P9", public_funds=Fraction("64999.99"))).item("G06") == "fail", (
        "99 students need 100 rates"
    )


def test_mistake_19_special_school_funds_of_another_year() -> None:
    county = passing_county().know(special_funds=36, special_students=60)
    result = run(county)
    row = result.requirement("G07")
    assert (row["value"], row["limit"], row["status"]) == (pytest.approx(6000), 6000, "pass")
    setting = next(
        key for key, given in result.json["profile"]["settings"].items() if given in (6000, "6000")
    )
    stricter = run(county, settings={setting: 7000})
    assert stricter.requirement("G07")["status"] == "fail"
    assert stricter.json["profile"]["settings"][setting] in (7000, "7000")


def test_mistake_20_schools_of_like_names_are_not_joined() -> None:
    county = passing_county().set("P1", school="实验小学").set("P2", school="实验学校(小学部)")
    assert len(run(county).rows("indicators", indicator="L1", stage="primary")) == 5


def test_mistake_20_campuses_left_unmerged() -> None:
    rows = school("N1a", "nine_year", {"primary": 100, "junior": 300}, campus_of="N1")
    county = passing_county().add(rows)
    whole = county.rows("N1")[0]["teaching_area"] + rows[0]["teaching_area"]
    indoor = county.rows("N1")[0]["indoor_sports_area"] + rows[0]["indoor_sports_area"]
    result = run(county)
    assert not result.rows("indicators", school_id="N1a")
    expected = float((whole - indoor) / (500 + Fraction("1.1") * 600))
    assert value(result, "N1", "primary", "L4") == pytest.approx(expected, rel=1e-12)


def test_mistake_21_column_picked_by_keyword_alone(tmp_path: Path) -> None:
    county = passing_county()
    columns = (*(column for column in COLUMNS if column != "pe_teachers"), "体育馆", "室内体育用房数")
    rows = [row | county.key | {"体育馆": 5, "室内体育用房数": 6} for row in county.sections]
    made = call("evaluate", write_table(tmp_path / "data.csv", columns, rows), "--format", "json")
    if made.code == 0:
        assert {row["value"] for row in Result(made.json).rows("indicators", indicator="L3")} == {None}
    else:
        assert made.code == 3
        assert "pe_teachers" in made.errors or "体育专任教师数" in made.errors or "体育馆" in made.errors


@pytest.mark.parametrize(
    ("article", "cell"),
    [
        ("第六条(四)", ("--school", "P1", "--stage", "primary", "--indicator", "L4")),
        ("第六条", ("--county", "甲县", "--stage", "junior", "--dispersion", "L2")),
        ("第七条(五)", ("--item", "G05")),
        ("第八条(四)", ("--item", "Q4")),
        ("第九条", ("--item", "S1")),
    ],
)
def test_mistake_22_limit_without_its_source(article: str, cell: tuple[str, ...]) -> None:
    with files([passing_county()]) as arguments:
        told = call("--lang", "zh", "explain", *arguments, "--profile", "national-2017", *cell)
    assert told.code == 0, told.errors
    (limit,) = [line for line in joined(told.output) if line.startswith(("标准", "限值"))][:1]
    assert "2017" in limit
    assert article in limit


def joined(text: str) -> list[str]:
    """The paragraphs of a derivation: a line of figures goes on until the next one names itself."""
    paragraphs: list[str] = []
    for line in text.splitlines():
        if line[:2] in ("标准", "限值", "公式", "底线", "结论", "代入") or not paragraphs:
            paragraphs.append(line)
        else:
            paragraphs[-1] += line
    return paragraphs


def test_also_seen_l3_without_times_hundred() -> None:
    county = passing_county().set("P1", "primary", pe_teachers=3, art_teachers=3)
    assert value(run(county), "P1", "primary", "L3") == pytest.approx(1.0)


def test_also_seen_a_ratio_that_divides_a_sum_by_itself() -> None:
    county = passing_county()
    teachers = int(county.rows("P1")[0]["teachers"])  # type: ignore[arg-type]
    result = run(county.set("P1", "primary", certified_teachers=teachers - 1))
    assert result.item("G12") == "fail"
    assert result.item("G09") == "pass"


@pytest.mark.parametrize(
    ("facts", "item"),
    [
        ({"migrant_eligible": 0, "migrant_public": 0, "migrant_purchased": 0}, "G15"),
        ({"special_funds": 0, "special_students": 0}, "G07"),
        ({"quality_senior_quota": 0, "quality_senior_allocated": 0, "quality_senior_rural": 0}, "G14"),
        ({"disabled_children": 0, "disabled_enrolled": 0}, "Q2"),
        ({"recognition_valid": 0, "recognition_satisfied": 0}, "S1"),
    ],
)
def test_also_seen_zero_of_zero_accepted_as_all(facts: dict[str, int], item: str) -> None:
    assert run(passing_county().know(**facts)).item(item) == "unknown"


def test_worked_example_of_the_split_in_basic_balance() -> None:
    rows = school("N1", "nine_year", {"primary": 166, "junior": 210}, books=23226)
    result = run(County(sections=rows), profile="national-2012")
    means = {stage: result.dispersion(stage, "B5")["mean"] for stage in ("primary", "junior")}
    assert means["primary"] * 166 == pytest.approx(9711.627204, abs=5e-7)
    assert means["junior"] * 210 == pytest.approx(13514.372796, abs=5e-7)


def test_worked_example_of_the_dispersion_in_basic_balance() -> None:
    row = run(five_schools("books"), profile="national-2012").dispersion("primary", "B5")
    assert row["cv"] == pytest.approx(0.515256629884476, abs=1e-12)


def test_published_files_agree_with_the_worked_examples_here(shared: Path) -> None:
    with (shared / "data" / "worked_example_books.csv").open(encoding="utf-8") as stream:
        assert [(int(row["students"]), int(row["books"])) for row in csv.DictReader(stream)] == [
            (students, books) for _, students, books in FIVE
        ]


def test_sections_with_one_school_have_no_dispersion() -> None:
    rows = [
        *school("A1", "primary_school", {"primary": 300}),
        *school("A2", "junior_school", {"junior": 300}),
    ]
    result = run(County(sections=rows))
    assert {row["cv"] for row in result.json["dispersion"] if row["indicator"].startswith("L")} == {0.0}
    assert result.parts()["resources"] == "pass"


def test_a_dispersion_of_nothing_is_unknown() -> None:
    county = passing_county()
    for row in county.sections:
        row["backbone_teachers"] = 0
    row = run(county).dispersion("primary", "L2")
    assert (row["mean"], row["cv"], row["status"]) == (0, None, "unknown")


def test_a_county_without_one_stage_is_unknown_there() -> None:
    rows = school("A1", "primary_school", {"primary": 300})
    assert run(County(sections=rows)).parts()["resources"] == "unknown"


def test_senior_students_missing_leave_the_split_unknown_not_zero() -> None:
    result = run(passing_county().set("C1", "senior", students=None))
    assert result.indicator("C1", "junior", "L4")["status"] == "unknown"
    assert result.indicator("C1", "junior", "L1")["status"] == "pass"


def test_one_evaluation_holds_several_counties_and_years_apart() -> None:
    first, second = passing_county("甲县"), passing_county("乙县").know(disabled_enrolled=90)
    later = passing_county("甲县", year=2024).set("P1", "primary", pe_teachers=0, art_teachers=0)
    result = run(first, second, later)
    verdicts = {(row["county"], row["year"]): row["verdict"] for row in result.json["counties"]}
    assert verdicts == {("甲县", 2023): "pass", ("乙县", 2023): "fail", ("甲县", 2024): "fail"}


def test_like_named_counties_of_two_cities_stay_apart() -> None:
    first, second = passing_county("城区", city="甲市"), passing_county("城区", city="乙市")
    second.know(disabled_enrolled=90)
    result = run(first, second)
    assert {row["city"]: row["verdict"] for row in result.json["counties"]} == {
        "甲市": "pass",
        "乙市": "fail",
    }


def test_consistent_sections_stay_within_the_cross_checks() -> None:
    findings = [row for row in run(passing_county()).json["checks"] if row["severity"] != "warning"]
    assert findings == []
