"""Verdicts that a standard states: all parts, how many items pass, two axes crossed; and parts that ask for parts."""

from __future__ import annotations

from typing import Any

import pytest

from balance_tui.engine.result import Result
from balance_tui.language import use_language

from .cards import scored, written


@pytest.fixture(autouse=True)
def _chinese() -> None:
    use_language("zh")


def items(number: int, part: str = "city") -> str:
    return "".join(
        f'[[requirement]]\nid = "R{index}"\nlabel = "R{index}"\npart = "{part}"\nclause = "c"\n'
        'test = [{ kind = "evidence", na = true }]\n'
        for index in range(1, number + 1)
    )


def verdict(name: str, further: str, *, main: bool = True) -> str:
    return (
        f'[[verdict]]\nid = "{name}"\nlabel = "{name}"\nmain = {str(main).lower()}\nclause = "c"\n{further}\n'
    )


def answered(*answers: str | None) -> list[Any]:
    return [(f"R{index}", "verified", each) for index, each in enumerate(answers, 1) if each]


def told(result: Result, name: str) -> tuple[str, str | None]:
    (row,) = result.verdicts.filter(id=name).to_dicts()
    return str(row["status"]), row["grade"]


def of_county(result: Result) -> str:
    return str(result.counties["verdict"][0])


JIANGSU = """rule = "count"
parts = ["city"]
grades = [
{ id = "good", label = "合格", at_least = 31, status = "pass", clause = "c" },
{ id = "nearly", label = "基本合格", at_least = 29, status = "pass", clause = "c" },
{ id = "bad", label = "不合格", at_least = 0, status = "fail", clause = "c" },
]"""


@pytest.mark.parametrize(
    ("passed", "failed", "outcome"),
    [
        (31, 0, ("pass", "good")),
        (30, 1, ("pass", "nearly")),
        (29, 2, ("pass", "nearly")),
        (28, 3, ("fail", "bad")),
        (30, 0, ("pass", None)),
        (29, 1, ("pass", "nearly")),
        (28, 2, ("unknown", None)),
        (0, 3, ("fail", "bad")),
        (0, 2, ("unknown", None)),
    ],
)
def test_thirty_one_conclusions_make_three_grades(
    passed: int, failed: int, outcome: tuple[str, str | None]
) -> None:
    standard = written(items(31), verdict("grade", JIANGSU))
    result = scored(standard, answered(*["yes"] * passed, *["no"] * failed))
    assert told(result, "grade") == outcome
    assert of_county(result) == outcome[0]


def test_items_that_do_not_apply_may_count_or_not() -> None:
    standard = written(items(31), verdict("grade", JIANGSU))
    assert told(scored(standard, answered(*["yes"] * 29, "na", "na")), "grade") == ("pass", None)
    assert told(scored(standard, answered(*["yes"] * 28, "na", "no", "no")), "grade") == ("unknown", None)


LIAONING = """rule = "axes"
[[verdict.axes]]
id = "balance"
label = "均衡"
part = "city"
clause = "c"
levels = [{ id = "balanced", label = "均衡", status = "pass", clause = "c" },
          { id = "unbalanced", label = "非均衡", status = "fail", clause = "c" }]
[[verdict.axes]]
id = "height"
label = "发展水平"
value = "government_score"
clause = "c"
levels = [{ id = "high", label = "高水平", at_least = 85, clause = "c" },
          { id = "middle", label = "中水平", at_least = 70.3, clause = "c" },
          { id = "low", label = "低水平", at_least = 0, clause = "c" }]"""


@pytest.mark.parametrize(
    ("answer", "score", "outcome"),
    [
        ("yes", 85, ("pass", "balanced × high")),
        ("yes", 84.999, ("pass", "balanced × middle")),
        ("no", 70.3, ("fail", "unbalanced × middle")),
        ("no", 70.2999999999, ("fail", "unbalanced × low")),
        ("yes", None, ("pass", "balanced × ?")),
        (None, 90, ("unknown", "? × high")),
    ],
)
def test_two_axes_cross_and_the_first_decides(
    answer: str | None, score: float | None, outcome: tuple[str, str | None]
) -> None:
    standard = written(items(1), verdict("level", LIAONING))
    facts = {"visited": 1} | ({} if score is None else {"government_score": score})
    result = scored(standard, answered(answer), facts)
    assert told(result, "level") == outcome
    assert of_county(result) == outcome[0]


PARTS = """
[[part]]
id = "national"
label = "国家条件"
clause = "c"
needed = false
[[part]]
id = "gate"
label = "推荐"
clause = "c"
[[requirement]]
id = "GATE"
label = "推荐条件"
part = "gate"
clause = "c"
test = [{ kind = "parts", parts = ["city", "national"] }]
[[requirement]]
id = "N1"
label = "国家"
part = "national"
clause = "c"
test = [{ kind = "evidence" }]
"""


@pytest.mark.parametrize(
    ("city", "nation", "status"),
    [("yes", "yes", "pass"), ("yes", "no", "fail"), (None, "no", "fail"), ("yes", None, "unknown")],
)
def test_a_condition_that_parts_are_met_is_judged_after_them(
    city: str | None, nation: str | None, status: str
) -> None:
    standard = written(items(1), PARTS)
    national = [("N1", "verified", nation)] if nation else []
    result = scored(standard, [*answered(city), *national])
    (row,) = result.requirements.filter(id="GATE").to_dicts()
    assert str(row["status"]) == status
    assert (status == "pass") == (row["reason"] == "2 项均达标")
    assert of_county(result) == status


def test_a_condition_on_parts_may_rest_on_another_one() -> None:
    further = PARTS + (
        '[[part]]\nid = "last"\nlabel = "末"\nclause = "c"\n[[requirement]]\nid = "A0"\nlabel = "末"\npart = "last"\n'
        'clause = "c"\ntest = [{ kind = "parts", parts = ["gate"] }]\n'
    )
    result = scored(written(items(1), further), [*answered("yes"), ("N1", "verified", "no")])
    assert result.requirements.filter(id="A0")["status"].to_list() == ["fail"]


def test_several_verdicts_stand_side_by_side_and_the_main_one_is_the_standards() -> None:
    standard = written(
        items(1),
        PARTS,
        verdict("both", 'parts = ["city", "national"]', main=False),
        verdict("own", 'parts = ["city"]'),
    )
    result = scored(standard, [*answered("yes"), ("N1", "verified", "no")])
    assert (told(result, "both"), told(result, "own")) == (("fail", None), ("pass", None))
    assert result.verdicts["main"].to_list() == [False, True]
    assert of_county(result) == "pass"


def test_a_verdict_may_rest_on_a_part_that_the_default_leaves_out() -> None:
    standard = written(items(1), PARTS, verdict("own", 'parts = ["national"]'))
    assert of_county(scored(standard, answered("no"))) == "unknown"
