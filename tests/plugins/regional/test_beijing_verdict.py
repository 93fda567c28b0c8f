"""beijing-2018 at work: settings that are not given, scores side by side, the gate, and the national parts beside."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import isclose
from pathlib import Path

import pytest

from balance_tui.sample.write import write
from tests.contract.builder import COLUMNS, County, cell, school
from tests.contract.runner import Result, call, run

from .beijing import BEIJING_COLUMNS, beijing_county
from .test_beijing import LIMITS, NATIONAL_PARTS, OF_SCHOOLS, SCORES

PARTIAL = ("all_thresholds", "proportional", "judgement")
WITH_THRESHOLDS = tuple(dict.fromkeys(code[:4] for code in LIMITS))


def judged(county: County, points: Mapping[str, object], source: str = "verified") -> County:
    """The county with a score for each point, from one source."""
    for item, score in points.items():
        county.judgements.append({"item": item, "score": cell(score), "source": source})  # type: ignore[arg-type]
    return county


def full_scores() -> dict[str, object]:
    return {f"BJ{number:02}": score for number, score in enumerate(SCORES, 1)}


def beijing(county: County, **settings: object) -> Result:
    return run(county, profile="beijing-2018", settings=settings, columns=BEIJING_COLUMNS)


def score(result: Result, point: str) -> dict[str, object]:
    return result.one("scores", id=point)


def verdict(result: Result, name: str) -> str:
    return str(result.one("verdicts", id=name)["status"])


# ── The national standard beside it ────────────────────────────────────────────────────────────────


def test_the_national_parts_of_the_sample_are_those_of_the_national_standard(tmp_path: Path) -> None:
    write(tmp_path, "contract")
    by_profile = {}
    for profile in ("national-2017", "beijing-2018"):
        made = call("evaluate", tmp_path, "--profile", profile, "--format", "json")
        assert made.code == 0, made.errors
        by_profile[profile] = made.json
    national, municipal = by_profile.values()
    assert len(national["counties"]) == len(municipal["counties"]) == 8
    for one, other in zip(national["counties"], municipal["counties"], strict=True):
        parts = {part["id"]: part for part in other["parts"]}
        assert [parts[name] for name in NATIONAL_PARTS] == one["parts"]
        told = [row for row in municipal["verdicts"] if row["id"] == "national_verdict" and _same(row, one)]
        assert [row["status"] for row in told] == [one["verdict"]]
    for frame in ("schools", "indicators", "dispersion", "excluded"):
        assert _alike(national[frame], municipal[frame]), frame
    kept = [row for row in municipal["requirements"] if not row["id"].startswith("BJ")]
    assert _alike(kept, national["requirements"])


def _alike(one: object, other: object) -> bool:
    """The same, but for the last bits of sums that were added up in another order."""
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_alike(one[key], other[key]) for key in one)
    return one == other


def _same(row: Mapping[str, object], county: Mapping[str, object]) -> bool:
    return all(row[key] == county[key] for key in ("province", "city", "county", "year"))


@pytest.mark.parametrize(("pay", "national", "municipal"), [(98_999, "fail", "fail"), (99_000, "pass", "fail"),
                                                            (99_001, "pass", "pass")])  # fmt: skip
def test_teachers_are_paid_above_civil_servants_where_the_state_asks_for_no_less(
    pay: int, national: str, municipal: str
) -> None:
    result = beijing(beijing_county().know(teacher_average_pay=pay))
    statuses = result.requirement("G08a")["status"], result.requirement("BJ14.1")["status"]
    assert statuses == (national, municipal)


def test_a_district_may_meet_the_national_limits_and_miss_those_of_beijing() -> None:
    county = beijing_county().set("P1", equipment_value=120 * 2)  # 4000 yuan a student
    result = beijing(county, beijing_level="section")
    assert result.parts()["resources"] == "pass"
    assert result.requirement("BJ18.1")["status"] == "fail"


# ── Settings ───────────────────────────────────────────────────────────────────────────────────────


def test_limits_of_schools_are_unknown_by_the_name_of_the_setting_until_it_is_given() -> None:
    result = beijing(beijing_county())
    for code in OF_SCHOOLS:
        row = result.requirement(code)
        assert (row["status"], "beijing_level" in row["reason"]) == ("unknown", True), code


def test_the_mean_of_the_district_may_reach_what_a_school_does_not() -> None:
    county = beijing_county().set(
        "P2", teaching_area=400 * 5, indoor_sports_area=400, sports_ground_area=400 * 10
    )
    section, district = (beijing(county, beijing_level=level) for level in ("section", "district"))
    assert section.requirement("BJ17.1")["status"] == "fail"
    assert district.requirement("BJ17.1")["status"] == "pass"
    assert [row["school_id"] for row in section.requirement("BJ17.1")["failing"]] == ["P2"]


def test_nothing_is_proposed_until_it_is_said_how_a_partly_met_point_scores() -> None:
    result = beijing(beijing_county(), beijing_level="section")
    for point in WITH_THRESHOLDS:
        assert score(result, point)["proposed"] is None
        assert "beijing_partial" in str(result.one("scorecard", id=point)["proposal"])


@pytest.mark.parametrize(
    ("partial", "expected"), [("all_thresholds", 0), ("proportional", 2.25), ("judgement", None)]
)
def test_a_point_of_which_three_of_four_limits_are_met_scores_as_the_setting_says(
    partial: str, expected: float | None
) -> None:
    county = beijing_county().know(disabled_educated=98)
    result = beijing(county, beijing_partial=partial)
    assert score(result, "BJ12")["proposed"] == expected


@pytest.mark.parametrize("partial", PARTIAL)
def test_a_point_all_of_whose_limits_are_met_is_proposed_its_maximum(partial: str) -> None:
    result = beijing(beijing_county(), beijing_partial=partial, beijing_level="section")
    for point in WITH_THRESHOLDS:
        row = score(result, point)
        assert row["proposed"] == (None if partial == "judgement" else row["max"]), point


def test_points_without_thresholds_are_never_proposed() -> None:
    result = beijing(beijing_county(), beijing_partial="all_thresholds", beijing_level="section")
    for number in {*range(1, 30)} - {int(point[2:]) for point in WITH_THRESHOLDS}:
        assert score(result, f"BJ{number:02}")["proposed"] is None


def test_an_unknown_limit_leaves_a_compound_point_without_a_proposal() -> None:
    county = beijing_county().know(disabled_educated=None)
    proportional, whole = (beijing(county, beijing_partial=way) for way in ("proportional", "all_thresholds"))
    assert score(proportional, "BJ12")["proposed"] is score(whole, "BJ12")["proposed"] is None
    known_to_fail = beijing(county.know(residents_in_plan_rate=99), beijing_partial="all_thresholds")
    assert score(known_to_fail, "BJ12")["proposed"] == 0


@pytest.mark.parametrize(("area", "by_school", "by_stage"), [(1400, "pass", "pass"), (1399, "fail", "pass")])
def test_music_and_art_space_is_asked_of_the_whole_school_or_of_each_stage(
    area: int, by_school: str, by_stage: str
) -> None:
    county = beijing_county().set("N1", music_art_area=area).set("N1", stage_music_art_area=800)
    for basis, expected in (("school", by_school), ("stage", by_stage)):
        result = beijing(county, beijing_level="section", beijing_music_art=basis)
        assert result.requirement("BJ17.5")["status"] == expected, basis


def test_the_senior_stage_shares_the_space_of_its_school() -> None:
    enough, short = (beijing_county().set("C1", music_art_area=area) for area in (1800, 1799))
    assert beijing(enough, beijing_level="section").requirement("BJ17.5")["status"] == "pass"
    assert beijing(short, beijing_level="section").requirement("BJ17.5")["status"] == "fail"
    unknown = beijing_county().set("C1", "senior", students=None)
    assert beijing(unknown, beijing_level="section").requirement("BJ17.5")["status"] == "unknown"


@pytest.mark.parametrize(("given", "expected"), [({}, "unknown"), ({"beijing_points_funded": "true"}, "fail"),
                                                 ({"beijing_points_funded": "false"}, "not_applicable")])  # fmt: skip
def test_whether_teaching_points_are_funded_as_schools_is_asked_only_where_one_is_not(
    given: Mapping[str, object], expected: str
) -> None:
    short = beijing_county().set("T1", public_funds=650 * 400 - 1)
    assert beijing(short, **given).requirement("BJ15.1")["status"] == expected
    enough = beijing_county().set("T1", public_funds=650 * 400)
    assert beijing(enough, **given).requirement("BJ15.1")["status"] in ("pass", "not_applicable")


@pytest.mark.parametrize(("rate", "expected"), [("proportional", "pass"), ("higher", "fail")])
def test_a_small_school_of_two_stages_is_reckoned_at_the_rate_of_the_setting(
    rate: str, expected: str
) -> None:
    facts = {"public_funds": 400 * 750, "music_art_area": 5000, "stage_music_art_area": 5000}
    county = beijing_county().add(school("X1", "nine_year", {"primary": 100, "junior": 100}, **facts))
    assert beijing(county, beijing_mixed_rate=rate).requirement("BJ15.1")["status"] == expected


def test_a_complete_secondary_school_is_small_by_all_its_students() -> None:
    facts = {"public_funds": 1000, "music_art_area": 5000, "stage_music_art_area": 5000}
    large = beijing_county().add(school("X1", "complete_secondary", {"junior": 100, "senior": 300}, **facts))
    small = beijing_county().add(school("X1", "complete_secondary", {"junior": 100, "senior": 299}, **facts))
    statuses = [beijing(each).requirement("BJ15.1")["status"] for each in (large, small)]
    assert statuses == ["pass", "fail"]


# ── Scores, sources, verdict ───────────────────────────────────────────────────────────────────────


def test_proposed_self_evaluated_and_verified_scores_stand_side_by_side() -> None:
    county = judged(beijing_county().know(disabled_educated=98), {"BJ12": 3}, "self")
    judged(county, {"BJ12": 2}, "verified")
    result = beijing(county, beijing_partial="proportional")
    row = score(result, "BJ12")
    assert (row["proposed"], row["self"], row["verified"]) == (2.25, 3, 2)
    told = result.rows("sources", point="BJ12")
    assert {(each["source"], each["score"]) for each in told} == {("self", 3.0), ("verified", 2.0)}


def test_sums_of_dimensions_and_headings_are_told_of_what_is_recorded() -> None:
    result = beijing(judged(beijing_county(), full_scores()))
    rows = {row["id"]: row for row in result.json["scorecard"]}
    assert [rows[f"BJ-{number}"]["verified"] for number in (1, 2, 3)] == [24, 22, 17]
    assert (rows["scorecard"]["recorded"], rows["scorecard"]["settled"]) == (63, 63)
    assert rows["BJ-1.1"]["verified"] == 8
    assert rows["BJ-3.10"]["verified"] == 8


@pytest.mark.parametrize("given", [{}, {"beijing_total": 100}, {"beijing_pass_mark": 60}])
def test_the_municipal_verdict_is_unknown_until_total_and_pass_mark_are_given(
    given: Mapping[str, object],
) -> None:
    result = beijing(judged(beijing_county().judge("BJG", "yes"), full_scores()), **given)
    assert result.parts()["municipal"] == "unknown"
    assert result.verdict == "unknown"


def test_what_is_not_recorded_cannot_pass_and_may_only_fail() -> None:
    """With 19 of the 63 recorded and 37 not recorded a district may still reach 56, never 57."""
    points = dict(list(full_scores().items())[:8])
    rest = {name: 0 for name in full_scores() if name not in points}
    county = judged(beijing_county().judge("BJG", "yes"), points | rest)
    open_, out_of_reach = (beijing(county, beijing_total=100, beijing_pass_mark=mark) for mark in (56, 57))
    assert open_.parts()["municipal"] == "unknown"
    assert out_of_reach.parts()["municipal"] == "fail"
    everything = judged(beijing_county().judge("BJG", "yes"), full_scores())
    assert beijing(everything, beijing_total=100, beijing_pass_mark=50).parts()["municipal"] == "unknown"


@pytest.mark.parametrize(("answer", "expected"), [(None, "unknown"), ("yes", "pass"), ("no", "fail")])
def test_the_gate_is_what_was_entered_and_the_computed_verdict_stands_beside_it(
    answer: str | None, expected: str
) -> None:
    county = beijing_county().judge("V1", "yes").judge("BJG", answer)  # a veto: the national verdict fails
    result = beijing(county)
    assert result.parts()["national_conditions"] == expected
    assert verdict(result, "national_verdict") == "fail"
    assert verdict(result, "municipal_verdict") == ("fail" if answer == "no" else "unknown")


def test_a_score_above_its_maximum_or_in_two_voices_cannot_be_used() -> None:
    county = judged(judged(beijing_county(), {"BJ01": 5, "BJ02": 3}), {"BJ02": 2})
    result = beijing(county)
    for point in ("BJ01", "BJ02"):
        assert score(result, point)["verified"] is None
        assert score(result, point)["status"] == "unknown"


@cache
def _columns() -> tuple[str, ...]:
    return tuple(code for code in BEIJING_COLUMNS if code not in COLUMNS)


def test_a_district_that_reports_none_of_beijings_own_figures_is_unknown_and_names_them() -> None:
    county = beijing_county().know(major_accidents=None, consolidation_rate=None)
    result = run(county, profile="beijing-2018", settings={"beijing_level": "section"})
    for code in ("BJ10.1", "BJ11.3", "BJ17.5"):
        row = result.requirement(code)
        assert (row["status"], row["reason"].startswith("缺")) == ("unknown", True), code
    assert _columns() == ("music_art_area", "stage_music_art_area")
