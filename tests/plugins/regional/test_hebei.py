"""hebei-basic: rates, the rule eight of ten with a floor of 60 %, unknown rows, phases across the year end, roles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from balance_tui.standard.load import load_standard
from tests.contract.builder import County, school
from tests.contract.runner import run
from tests.oracle.words import Fact

from .counties import OWN_COLUMNS, Look, Trial, Tried, status
from .rows import HEBEI

F = Fraction
RATES: Mapping[str, tuple[str, int]] = {
    "HB-N01": ("disabled_three_rate", 90), "HB-N02": ("consolidation_primary", 99),
    "HB-N03": ("consolidation_junior", 97), "HB-N04": ("fitness_pass_rate", 90),
}  # fmt: skip
QUESTIONS = [row.id for row in HEBEI if row.kind == "boolean"]
AREA = {("primary", "urban"): 15, ("primary", "town"): 20, ("junior", "urban"): 20, ("junior", "town"): 25}
BOOKS = {"primary": 25, "junior": 40}
STAYED = {"primary": 99, "junior": 97}
KIND = {"primary": "primary_school", "junior": "junior_school"}
STUDENTS = 400


def one_school(stage: str = "primary", **facts: Fact) -> County:
    """A county of one school of 400 that meets the four known indicators exactly, or as told."""
    given: dict[str, Fact] = {
        "location": "town", "land_area": STUDENTS * AREA[stage, "town"], "computers": 40,
        "books": STUDENTS * BOOKS[stage], "school_consolidation_rate": STAYED[stage],
    }  # fmt: skip
    county = County(year=2015, sections=school("A1", KIND[stage], {stage: STUDENTS}, **(given | facts)))
    county.know(**dict(RATES.values()))
    for question in QUESTIONS:
        county.judge(question, "yes")
    return county


def rates() -> Iterator[Tried]:
    for item, (fact, limit) in RATES.items():
        steps = (
            ("below", limit - F(1, 100), "fail"),
            ("on", limit, "pass"),
            ("above", limit + F(1, 2), "pass"),
        )
        for step, value, expected in (*steps, ("blank", None, "unknown")):
            yield Tried(f"{item} {step}", one_school().know(**{fact: value}), status(item), expected)


def look(stage: str, indicator: str) -> Look:
    return lambda result: result.indicator("A1", stage, indicator)["status"]


def around(
    stage: str, indicator: str, fact: str, limit: Fraction, told: str = "", **facts: Fact
) -> Iterator[Tried]:
    """On the limit, a hundredth below, on 60 % of it, a hundredth below that."""
    steps = (("on", limit, "pass"), ("below", limit - F(1, 100), "floor"), ("on the floor", limit * 3 / 5, "floor"),
             ("below the floor", limit * 3 / 5 - F(1, 100), "fail"))  # fmt: skip
    for step, value, expected in (*steps, ("blank", None, "unknown")):
        county = one_school(stage, **(facts | {fact: value}))
        yield Tried(f"{indicator} {stage} {told} {step}", county, look(stage, indicator), expected)


def indicators() -> Iterator[Tried]:
    for (stage, location), area in AREA.items():
        yield from around(stage, "HB-L1", "land_area", F(area * STUDENTS), location, location=location)
    yield from around("primary", "HB-L1", "land_area", F(20 * STUDENTS), "rural", location="rural")
    for stage in KIND:
        yield from around(stage, "HB-L3", "books", F(BOOKS[stage] * STUDENTS))
        yield from around(stage, "HB-L4", "school_consolidation_rate", F(STAYED[stage]))
        computers = (("on", 40, "pass"), ("above", 41, "pass"), ("below", 39, "floor"), ("on the floor", 24, "floor"),
                     ("below the floor", 23, "fail"), ("none", 0, "unknown"), ("blank", None, "unknown"))  # fmt: skip
        for step, count, expected in computers:
            county = one_school(stage, computers=count)
            yield Tried(f"HB-L2 {stage} {step}", county, look(stage, "HB-L2"), expected)


def of_school(stage: str) -> Look:
    return lambda result: result.school("A1", stage)["status"]


def known_rows() -> Iterator[Tried]:
    """Four of ten are listed: six more may be met, so two short leave it open and three decide it."""
    short = {"land_area": STUDENTS * 19, "computers": 39, "books": STUDENTS * 24}
    for count, expected in ((0, "unknown"), (2, "unknown"), (3, "fail")):
        facts = dict(list(short.items())[:count])
        yield Tried(f"{count} at the floor", one_school(**facts), of_school("primary"), expected)
    yield Tried("one below the floor", one_school(computers=10), of_school("primary"), "fail")


TRIAL = Trial("hebei-basic", (*rates(), *indicators(), *known_rows()))


@pytest.mark.parametrize("name", TRIAL.cases)
def test_a_row_is_decided_at_its_limit_and_its_floor(name: str) -> None:
    TRIAL.check(name)


def test_the_verdict_stays_open_while_rows_of_the_school_standard_are_not_known() -> None:
    result = run(one_school(), profile="hebei-basic", columns=OWN_COLUMNS)
    assert result.parts() == {"duties": "pass", "fitness": "pass", "school_standard": "unknown"}
    assert result.verdict == "unknown"


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(("answer", "expected"), [("no", "fail"), (None, "unknown")])
def test_a_duty_answered_no_fails_and_without_an_answer_is_unknown(
    question: str, answer: str | None, expected: str
) -> None:
    result = run(one_school().judge(question, answer), profile="hebei-basic", columns=OWN_COLUMNS)
    assert result.requirement(question)["status"] == expected
    assert result.verdict == expected


SIX = "".join(
    f"""
[[indicator]]
id = "X{number}"
label = "第{number}项"
label_en = "row {number}"
numerator = "backbone_teachers"
denominator = "students"
scale = 100
unit = "人"
limit = {{ primary = {1 if number < 3 else 0}, junior = 0 }}
clause = "made up for a test"
"""
    for number in range(1, 7)
)


@pytest.fixture
def completed(tmp_path: Path) -> str:
    """A layer that lists the other six rows: two ask for a backbone teacher per hundred, four for none."""
    base = load_standard("hebei-basic")
    header = f"""[standard]
id = "hebei-completed"
version = "1"
title = "补全"
title_en = "completed"
authority = "made up for a test"
document = "made up for a test"
extends = {{ id = "hebei-basic", version = "{base.model.standard.version}", hash = "{base.hash}" }}
"""
    path = tmp_path / "hebei-completed.toml"
    path.write_text(header + SIX, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(("facts", "expected"), [
    ({}, "pass"),
    ({"computers": 39, "land_area": 19 * STUDENTS}, "pass"),
    ({"computers": 39, "land_area": 19 * STUDENTS, "books": 24 * STUDENTS}, "fail"),
    ({"computers": 23}, "fail"),
    ({"books": None}, "unknown"),
    ({"books": None, "computers": 39, "land_area": 19 * STUDENTS}, "unknown"),
])  # fmt: skip
def test_with_ten_rows_eight_must_be_met_and_none_below_sixty_percent(
    completed: str, facts: dict[str, Fact], expected: str
) -> None:
    county = one_school(backbone_teachers=4, **facts)
    county.add(row | {"school_id": "B1", "school": "乙校"} for row in one_school("junior").sections)
    result = run(county, profile=completed, columns=OWN_COLUMNS)
    assert result.school("A1", "primary")["status"] == expected
    assert result.verdict == expected


def test_the_phases_follow_each_other_over_the_year_end_without_a_gap() -> None:
    workflow = load_standard("hebei-basic").model.workflow
    assert workflow is not None
    dates = [(phase.start, phase.end) for phase in workflow.phases]
    assert dates == [
        (None, "06-15"), ("06-16", "06-30"), ("07-01", "10-31"), ("11-01", "11-30"),
        ("12-01", "+1-04-30"), ("+1-05-01", "+1-06-30"),
    ]  # fmt: skip


def test_nine_offices_and_a_leading_group_have_tasks_and_forms_have_those_who_fill_and_approve() -> None:
    workflow = load_standard("hebei-basic").model.workflow
    assert workflow is not None
    roles = {role.label: role for role in workflow.roles}
    offices = ["财会室", "教导处", "电教组", "科研处", "体育组", "安稳办", "总务处", "德育处", "办公室"]
    assert [label for label in roles if "领导小组" not in label] == offices
    assert len(roles) == 10
    assert all(role.tasks for role in roles.values())
    assert roles["财会室"].forms == ("评估申报表V",)
    assert roles["教导处"].forms == ("评估申报表I",)
    assert [label for label, role in roles.items() if role.approves] == ["财会室", "教导处"]


def test_four_deliverables_have_a_draft_in_phase_four_and_a_final_version_in_phase_five() -> None:
    workflow = load_standard("hebei-basic").model.workflow
    assert workflow is not None
    drafts = [each for each in workflow.deliverables if each.versions]
    assert [each.label for each in drafts] == ["自查报告", "汇报材料", "专题片", "评估情况表格"]
    for each in drafts:
        assert [(version.label, version.phase) for version in each.versions] == [
            ("初稿", "HB-W04"), ("终审稿", "HB-W05"),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("item", "fact"), [("HB-N02", "consolidation_primary"), ("HB-N03", "consolidation_junior")]
)
def test_a_school_without_the_stage_may_declare_its_rate_not_applicable(item: str, fact: str) -> None:
    declared = one_school().know(**{fact: None}).judge(item, "na")
    assert (
        run(declared, profile="hebei-basic", columns=OWN_COLUMNS).requirement(item)["status"]
        == "not_applicable"
    )
    reported = one_school().judge(item, "na")
    assert run(reported, profile="hebei-basic", columns=OWN_COLUMNS).requirement(item)["status"] == "unknown"
