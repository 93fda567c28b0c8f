"""shaanxi-2019: recognition, the aim of the plan, its tasks, what is entered and answered, the procedure."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from balance_tui.errors import Place, StandardInvalid
from balance_tui.standard.load import load_standard, read_standard
from tests.contract.builder import County, passing_county
from tests.contract.runner import Result, run
from tests.oracle.words import Fact

from .counties import OWN_COLUMNS, Trial, Tried, regional_county

F = Fraction


def target(result: Result) -> object:
    return result.requirement("SX-N12")["status"]


def dimensions() -> Iterator[Tried]:
    def county() -> County:
        return regional_county("")

    yield Tried("all four reached", county(), target, "pass")
    yield Tried("resources short", county().set("P1", "primary", backbone_teachers=0), target, "fail")
    yield Tried("guarantee short", county().know(teacher_average_pay=98_000), target, "fail")
    yield Tried("quality short", county().know(graduates=900), target, "fail")
    yield Tried("recognition short", county().know(recognition_satisfied=700), target, "fail")
    yield Tried("quality unknown", county().judge("Q7", None), target, "unknown")
    yield Tried("recognised too recently", county().know(basic_balance_year=2024), target, "pass")
    yield Tried("a veto", county().judge("V6", "yes"), target, "pass")


AIM = Trial("shaanxi-2019", dimensions())


@pytest.mark.parametrize("name", AIM.cases)
def test_the_aim_is_that_four_dimensions_reach_the_national_standard(name: str) -> None:
    AIM.check(name)


@pytest.mark.parametrize("name", ["all four reached", "guarantee short", "quality unknown", "a veto",
                                  "recognised too recently"])  # fmt: skip
def test_recognition_is_that_of_the_national_standard(name: str) -> None:
    national = run(AIM.cases[name].county, profile="national-2017", columns=OWN_COLUMNS)
    shaanxi = AIM.result.of(name)
    assert shaanxi.verdict == national.verdict
    own = shaanxi.parts()
    assert {part: own[part] for part in national.parts()} == national.parts()


def test_national_data_alone_give_the_national_verdict_with_the_plan_unknown() -> None:
    result = run(passing_county(year=2025), profile="shaanxi-2019")
    assert result.verdict == "pass"
    parts = result.parts()
    assert parts["sx_tasks"] == parts["sx_organisation"] == "unknown"


def test_a_task_that_fails_does_not_decide_recognition() -> None:
    county = regional_county("甲县").set("P1", uplink_mbps=1)
    result = run(county, profile="shaanxi-2019", columns=OWN_COLUMNS)
    assert (result.verdict, result.parts()["sx_tasks"]) == ("pass", "fail")


def test_monitoring_figures_are_shown_as_entered_and_decide_nothing() -> None:
    entered: dict[str, Fact] = {
        "provincial_balance_level": F("91.5"),
        "provincial_composite": 88,
        "provincial_grade": "优秀",
    }
    result = run(regional_county("甲县").know(**entered), profile="shaanxi-2019", columns=OWN_COLUMNS)
    rows = {letter: result.requirement(f"SX-X05{letter}") for letter in "abcd"}
    assert {row["status"] for row in rows.values()} == {"not_applicable"}
    assert (rows["a"]["value"], rows["b"]["value"], rows["c"]["value"]) == (91.5, None, 88)
    assert "优秀" in rows["d"]["reason"]
    assert result.parts()["sx_monitoring"] == "not_applicable"


def test_satisfaction_without_a_number_is_shown_only() -> None:
    low = run(
        regional_county("甲县").know(recognition_satisfied=9), profile="shaanxi-2019", columns=OWN_COLUMNS
    )
    row = low.requirement("SX-N13")
    assert (row["status"], row["value"]) == ("not_applicable", 1)
    assert low.requirement("S1")["status"] == "fail"


@pytest.mark.parametrize(("item", "answer", "expected"), [
    ("SX-B03", "yes", "pass"), ("SX-B03", "no", "fail"), ("SX-B03", None, "unknown"),
    ("SX-B15", "no", "pass"), ("SX-B15", "yes", "fail"), ("SX-B23", "no", "pass"), ("SX-B23", "yes", "fail"),
    ("SX-B01", "yes", "pass"), ("SX-B01d", "no", "fail"),
])  # fmt: skip
def test_a_person_answers_what_has_no_figure(item: str, answer: str | None, expected: str) -> None:
    result = run(regional_county("甲县").judge(item, answer), profile="shaanxi-2019", columns=OWN_COLUMNS)
    assert result.requirement(item)["status"] == expected


def test_teaching_points_may_be_left_out_of_every_school() -> None:
    county = regional_county("甲县").set("T1", uplink_mbps=10)
    settings = {"every_school_teaching_points": "false"}
    result = run(county, profile="shaanxi-2019", settings=settings, columns=OWN_COLUMNS)
    assert result.requirement("SX-N03")["status"] == "pass"


def test_the_procedure_goes_from_county_to_city_to_province_to_the_state() -> None:
    workflow = load_standard("shaanxi-2019").model.workflow
    assert workflow is not None
    assert [level.id for level in workflow.levels] == ["county", "city", "province", "nation"]
    assert [phase.id for phase in workflow.phases][:3] == ["SX-W01", "SX-W02", "SX-W03"]
    assert [len(phase.tasks) for phase in workflow.phases[:3]] == [3, 4, 3]
    assert "问题台账" in workflow.levels[1].output
    assert "监测平台" in workflow.levels[2].output


def test_dates_that_are_missing_in_the_source_are_settings_without_a_value() -> None:
    model = load_standard("shaanxi-2019").model
    assert model.workflow is not None
    named = [
        name for phase in model.workflow.phases for name in (phase.start_setting, phase.end_setting) if name
    ]
    settings = {setting.id: setting for setting in model.setting}
    assert len(named) == 6
    for name in named:
        assert (settings[name].type, settings[name].default) == ("date", None)
    assert all(phase.start is None and phase.end is None for phase in model.workflow.phases[:3])


def test_what_it_adds_does_not_change_what_it_extends() -> None:
    base, own = load_standard("national-2017").model, load_standard("shaanxi-2019").model
    for table in ("indicator", "relief", "prerequisite", "scope", "veto"):
        assert getattr(own, table) == getattr(base, table)
    assert own.requirement[: len(base.requirement)] == base.requirement
    assert (own.school_rule, own.dispersion, own.split) == (base.school_rule, base.dispersion, base.split)


def test_the_aim_of_the_plan_and_its_tasks_are_told_beside_recognition() -> None:
    county = (
        regional_county("甲县").set("P1", "primary", largest_class=46, oversized_classes=1).judge("V6", "yes")
    )
    result = run(county, profile="shaanxi-2019", columns=OWN_COLUMNS)
    told = {row["id"]: (row["status"], row["main"]) for row in result.json["verdicts"]}
    assert told == {
        "SX-recognition": ("fail", True),
        "SX-aim": ("fail", False),
        "SX-tasks": ("unknown", False),
    }


PHASED = """
[standard]
id = "phased"
version = "1"
title = "t"
authority = "made up for a test"
document = "made up for a test"
[[setting]]
id = "first_day"
label = "s"
type = "{type}"
clause = "c"
[workflow]
levels = []
phases = [{{ id = "one", label = "p", start_setting = "{named}", clause = "c" }}]
clause = "c"
"""


@pytest.mark.parametrize(("kind", "named", "mend"), [
    ("date", "first_dya", "first_day"), ("number", "first_day", ""),
])  # fmt: skip
def test_the_date_of_a_phase_names_a_setting_of_type_date(
    tmp_path: Path, kind: str, named: str, mend: str
) -> None:
    path = tmp_path / "phased.toml"
    path.write_text(PHASED.format(type=kind, named=named), encoding="utf-8")
    with pytest.raises(StandardInvalid) as refused:
        read_standard(path)
    assert (refused.value.code, refused.value.place) == ("STD-SETTING", Place(str(path), 15))
    assert mend in str(refused.value.mend or "")
