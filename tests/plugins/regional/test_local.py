"""local-targets: the measures of a county that the source does not name, each against its number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from balance_tui.standard.load import load_standard
from tests.contract.builder import County, passing_county
from tests.contract.runner import run

from .counties import Trial, Tried, status
from .rows import LIMITS

FACTS: Mapping[str, str] = {
    "LOC-01": "small_school_fund", "LOC-02": "posts_pool", "LOC-03": "postgraduates_hired",
    "LOC-04": "scarce_teachers_hired", "LOC-05a": "guard_fund", "LOC-05b": "guards_hired",
    "LOC-06": "welfare_posts", "LOC-07": "kindergartens_built",
}  # fmt: skip


def measures() -> County:
    """A county that carries out every measure exactly."""
    return passing_county().know(**{fact: int(LIMITS[item][1]) for item, fact in FACTS.items()})


def around() -> Iterator[Tried]:
    for item, fact in FACTS.items():
        limit = int(LIMITS[item][1])
        steps = (("below", limit - 1, "fail"), ("on", limit, "pass"), ("above", limit + 1, "pass"))
        for step, value, expected in (*steps, ("zero", 0, "fail"), ("blank", None, "unknown")):
            yield Tried(f"{item} {step}", measures().know(**{fact: value}), status(item), expected)


TRIAL = Trial("local-targets", around())


@pytest.mark.parametrize("name", TRIAL.cases)
def test_a_measure_is_held_against_its_number(name: str) -> None:
    TRIAL.check(name)


def test_guards_need_both_money_and_people() -> None:
    result = run(measures().know(guards_hired=117), profile="local-targets")
    assert (result.requirement("LOC-05a")["status"], result.requirement("LOC-05")["status"]) == (
        "pass",
        "fail",
    )


@pytest.mark.parametrize(
    ("facts", "expected"), [({}, "pass"), ({"posts_pool": 1}, "fail"), ({"posts_pool": None}, "unknown")]
)
def test_measures_are_told_without_a_verdict(facts: dict[str, int | None], expected: str) -> None:
    result = run(measures().know(**facts), profile="local-targets")
    assert (result.parts(), result.verdict) == ({"measures": expected}, "not_applicable")


def test_its_facts_are_its_own() -> None:
    model = load_standard("local-targets").model
    assert {field.id for field in model.field} == set(FACTS.values())
    assert all(field.level == "county" and field.clause for field in model.field)
