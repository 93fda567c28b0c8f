"""Ratios of each section or of sums, targets with a date, information; a school rule that is not all known."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from balance_tui.engine.evaluate import evaluate
from balance_tui.engine.explanation import explain_item
from balance_tui.engine.result import Result
from balance_tui.language import use_language
from tests.contract.builder import County, consistent
from tests.engine.explain_data import dataset_of, told
from tests.engine.scorecard.cards import choice_setting, scored, written


@pytest.fixture(autouse=True)
def _chinese() -> None:
    use_language("zh")


SCOPE = '[[scope]]\nid = "all"\nlabel = "全部"\nclause = "c"\n'
LEVEL = choice_setting("level", "district", "section")


def item(test: str) -> str:
    return f'[[requirement]]\nid = "R1"\nlabel = "项"\npart = "city"\nclause = "c"\ntest = [{{ {test} }}]\n'


def row(result: Result, name: str = "R1") -> dict[str, Any]:
    (found,) = result.requirements.filter(id=name).to_dicts()
    return found | {"status": str(found["status"])}


def county(*teachers: tuple[str, int, int]) -> County:
    """Primary and junior schools with so many students and books."""
    made = County()
    for index, (stage, students, number) in enumerate(teachers):
        kind = "primary_school" if stage == "primary" else "junior_school"
        school = {"school_id": f"S{index}", "school": f"S{index}", "school_type": kind, "owner": "public"}
        made.add([school | consistent(stage, students) | {"books": number}])
    return made


RATIO = 'kind = "ratio", numerator = "books", denominator = "students", scale = 100, scope = "all"'


def level_of(limit: str, schools: County, **settings: str) -> dict[str, Any]:
    standard = written(SCOPE, LEVEL, item(f'{RATIO}, level_setting = "level", limit = {limit}'))
    return row(evaluate(standard, dataset_of([schools]), settings=settings))


UNEVEN = (("primary", 1000, 100), ("primary", 1000, 80))


def test_the_sums_may_reach_what_a_section_misses() -> None:
    schools = county(*UNEVEN)
    district = level_of("9", schools, level="district")
    assert (district["value"], district["status"], district["reason"]) == (
        9,
        "pass",
        "按设置 level = district",
    )
    section = level_of("9", schools, level="section")
    assert (section["value"], section["status"]) == (8, "fail")
    assert [(each["school_id"], each["value"]) for each in section["failing"]] == [("S1", 8)]


def test_without_the_setting_neither_is_meant() -> None:
    found = level_of("9", county(*UNEVEN))
    assert (found["value"], found["status"], found["reason"]) == (None, "unknown", "设置 level 未给定")


@pytest.mark.parametrize(("limit", "status"), [("0.9", "pass"), ("0.90001", "fail")])
def test_a_section_on_its_limit_is_on_it(limit: str, status: str) -> None:
    """9 of 1000 pupils are 0.9 per hundred, and 0.8999999999999999 in binary fractions."""
    assert level_of(limit, county(("primary", 1000, 9)), level="section")["status"] == status


@pytest.mark.parametrize(
    ("primary", "junior", "status"),
    [(50, 70, "pass"), (49, 70, "fail"), (50, 69, "fail"), (200, 69, "fail")],
)
@pytest.mark.parametrize("level", ["district", "section"])
def test_each_stage_has_its_own_limit(level: str, primary: int, junior: int, status: str) -> None:
    schools = county(("primary", 1000, primary), ("junior", 1000, junior))
    assert level_of("{ primary = 5, junior = 7 }", schools, level=level)["status"] == status
    assert level_of('{ junior = 7, "*" = 5 }', schools, level=level)["status"] == status


@pytest.mark.parametrize("level", ["district", "section"])
def test_a_stage_that_has_no_limit_is_not_asked(level: str) -> None:
    schools = county(("primary", 1000, 50), ("junior", 1000, 1))
    assert level_of("{ primary = 5 }", schools, level=level)["status"] == "pass"


@pytest.mark.parametrize("level", ["district", "section"])
def test_what_a_section_does_not_report_leaves_the_rate_unknown(level: str) -> None:
    schools = county(("primary", 1000, 50), ("primary", 1000, 100)).set("S1", books=None)
    assert level_of("5", schools, level=level)["status"] == "unknown"


def test_the_explanation_of_a_section_level_names_the_schools_and_the_setting() -> None:
    standard = written(SCOPE, LEVEL, item(f'{RATIO}, level_setting = "level", limit = {{ primary = 9 }}'))
    result = evaluate(standard, dataset_of([county(*UNEVEN)]), settings={"level": "section"})
    text = told(explain_item(result, "R1"))
    assert "S1 | 小学 | 不达标 | 8.0 | 9.0" in text
    assert "level; 给定" in text
    sums = evaluate(standard, dataset_of([county(*UNEVEN)]), settings={"level": "district"})
    assert "[numbers] 小学: 180 ÷ 2000 × 100 = 9.000" in told(explain_item(sums, "R1"))


DUE = 'kind = "county", value = "consolidation_rate", limit = 95, due = '


@pytest.mark.parametrize(
    ("due", "as_of", "value", "status"),
    [
        ("2025", "2024-12-31", 90, "not_applicable"),
        ("2025", "2024-12-31", 95, "pass"),
        ("2025", "2024-12-31", None, "not_applicable"),
        ("2025", "2025-01-01", 90, "fail"),
        ("2025", "2026-01-01", 95, "pass"),
        ("2025", "2025-12-31", None, "unknown"),
        ("2025-06-30", "2025-06-29", 90, "not_applicable"),
        ("2025-06-30", "2025-06-30", 90, "fail"),
    ],
)
def test_a_target_asks_nothing_before_it_is_due(
    due: str, as_of: str, value: float | None, status: str
) -> None:
    facts = {"visited": 1} | ({} if value is None else {"consolidation_rate": value})
    result = scored(written(item(DUE + due)), facts=facts, as_of=dt.date.fromisoformat(as_of))
    found = row(result)
    assert found["status"] == status
    assert (found["reason"] or "").startswith(f"{due} 年(日)起要求") == (status == "not_applicable")


def test_schools_that_miss_a_target_not_yet_due_are_not_listed() -> None:
    standard = written(
        SCOPE, item('kind = "every", value = "books", limit = 90, scope = "all", per = "section", due = 2030')
    )
    early, late = (
        evaluate(standard, dataset_of([county(*UNEVEN)]), as_of=dt.date(year, 1, 1)) for year in (2029, 2030)
    )
    assert (row(early)["status"], row(early)["failing"]) == ("not_applicable", [])
    assert (row(late)["status"], len(row(late)["failing"])) == ("fail", 1)


@pytest.mark.parametrize(
    ("test", "facts", "said", "value", "reason"),
    [
        ('value = "visited * 2"', {"visited": 4}, [], 8, "已录: 8"),
        ('field = "visited"', {"visited": 4}, [], 4, "已录: 4"),
        ("", {"visited": 4}, [("R1", "verified", "优秀")], None, "已录: 优秀"),
        ("", {"visited": 4}, [("R1", "verified", 61.5)], 61.5, "已录: 61.5"),
        ("", {"visited": 4}, [("R1", "self", "良"), ("R1", "verified", "优")], None, "已录: 优"),
        ("", {"visited": 4}, [], None, "未录入"),
        ('value = "visited_satisfied"', {"visited": 4}, [], None, "未录入"),
    ],
)
def test_information_is_shown_and_decides_nothing(
    test: str, facts: dict[str, Any], said: list[Any], value: float | None, reason: str
) -> None:
    kind = 'kind = "information"' + (f", {test}" if test else "")
    result = scored(written(item(kind)), said, facts)
    found = row(result)
    assert (found["value"], found["status"], found["reason"]) == (value, "not_applicable", reason)
    assert str(result.counties["verdict"][0]) == "not_applicable"
    assert reason.split(": ")[-1] in told(explain_item(result, "R1"))


RULE = """
[[scope]]
id = "resources"
label = "资源"
clause = "c"
[school_rule]
at_least = 8
{of}
floor_share = 0.6
part = "city"
clause = "c"
"""
INDICATOR = """
[[indicator]]
id = "X{0}"
label = "X{0}"
numerator = "teachers"
denominator = "students"
scale = 100
unit = "人"
limit = {{ primary = {1} }}
clause = "c"
"""


def ruled(of: str, *limits: float) -> str:
    """The status of a school with 10 teachers a hundred pupils under so many indicators."""
    standard = written(RULE.format(of=of), *(INDICATOR.format(i, limit) for i, limit in enumerate(limits)))
    result = evaluate(standard, dataset_of([county(("primary", 1000, 100))]))
    return str(result.schools["status"][0])


def test_indicators_that_are_not_listed_are_unknown_and_a_school_may_still_fail() -> None:
    """8 of 10 met and none below 60 %: two that nobody knows leave it open, one below the floor does not."""
    assert ruled("of = 10", *[10] * 8) == "unknown"
    assert ruled("of = 10", *[10] * 5, 11, 11, 11) == "fail"
    assert ruled("of = 10", *[10] * 6, 11, 11) == "unknown"
    assert ruled("of = 10", *[10] * 7, 17) == "fail"
    assert ruled("of = 10", *[10] * 8, 11, 11) == "pass"
    assert ruled("", *[10] * 8) == "pass"
