"""A threshold that every section must reach, under a standard made for the test."""

from __future__ import annotations

import pytest

from balance_tui.engine.evaluate import evaluate
from balance_tui.standard.load import LoadedStandard, build_standard
from balance_tui.standard.source import parse_document
from tests.contract.builder import County, passing_county
from tests.engine.explain_data import dataset_of

_STANDARD = """
[standard]
id = "of-the-test"
version = "1"
title = "测试标准"
authority = "测试"
document = "测试"
[[part]]
id = "classes"
label = "班额"
clause = "1"
[[scope]]
id = "all"
label = "全部"
clause = "1"
[[requirement]]
id = "R1"
part = "classes"
label = "班额"
clause = "1"
[[requirement.test]]
kind = "every"
per = "section"
scope = "all"
value = {value}
op = "<="
limit = {limit}
"""


def _standard(limit: str, value: str = '"largest_class"') -> LoadedStandard:
    text = _STANDARD.replace("{limit}", limit).replace("{value}", value)
    return build_standard(parse_document(text, "test.toml"))


def _status(standard: LoadedStandard, county: County) -> tuple[str, str]:
    result = evaluate(standard, dataset_of([county]))
    (row,) = result.requirements.to_dicts()
    return row["status"], ", ".join(f"{each['school_id']} {each['stage']}" for each in row["failing"])


@pytest.mark.parametrize("limit", ['{ primary = 41, "*" = 43 }', '{ "*" = 43, primary = 41 }'])
def test_the_limit_of_a_stage_goes_before_the_one_for_all_in_whatever_order_they_stand(limit: str) -> None:
    county = passing_county().set("P1", "primary", largest_class=42).set("J1", "junior", largest_class=42)
    assert _status(_standard(limit), county) == ("fail", "P1 primary")


def test_a_stage_without_a_limit_is_unknown_and_never_passes() -> None:
    assert _status(_standard("{ primary = 45 }"), passing_county())[0] == "unknown"


@pytest.mark.parametrize(
    ("certified", "teachers", "expected"),
    [
        (None, 80, ("pass", "")),
        (None, 81, ("fail", "P1 primary")),
        (81, 81, ("fail", "P1 primary")),
        (80, None, ("pass", "")),
        (79, 80, ("unknown", "")),
        (None, None, ("unknown", "")),
    ],
)
def test_the_first_known_of_several_values_counts_and_two_that_differ_leave_it_open(
    certified: int | None, teachers: int | None, expected: tuple[str, str]
) -> None:
    county = passing_county().set("P1", "primary", certified_teachers=certified, teachers=teachers, staff=90)
    assert _status(_standard("80", '["certified_teachers", "teachers"]'), county) == expected
