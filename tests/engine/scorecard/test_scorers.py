"""What each scorer proposes: on both sides of its limits, on them, and while something is unknown."""

from __future__ import annotations

from typing import Any

import pytest

from .cards import GROUP, card, choice_setting, point, row, scored, written


def rate(
    name: str, limit: str = "99", op: str = ">=", fact: str = "consolidation_rate", further: str = ""
) -> str:
    return f'{{ id = "{name}", kind = "county", value = "{fact}", op = "{op}", limit = {limit}, na = true{further} }}'


RATES = ("consolidation_rate", "nearby_entry_public", "residents_in_plan_rate")


def three(scorer: str, most: object = 3, further: str = "") -> str:
    """A point with a threshold of 99 for each of three rates."""
    tests = ", ".join(rate(f"P1.{index}", fact=fact) for index, fact in enumerate(RATES, 1))
    return point("P1", most, further=f'scorer = "{scorer}"\ntest = [{tests}]\n{further}')


def proposed(
    points: str, facts: dict[str, Any], said: list[Any] | None = None, *more: str, **settings: str
) -> Any:
    return row(scored(written(card(), GROUP, points, *more), said or [], facts, settings), "P1")["proposed"]


def rates(*values: float | None) -> dict[str, Any]:
    known = dict(zip(RATES, values, strict=True))
    return {"visited": 1} | {name: value for name, value in known.items() if value is not None}


@pytest.mark.parametrize(
    ("values", "every", "share"),
    [
        ((99, 99, 100), 3, 3),
        ((99, 98.999, 100), 0, 2),
        ((0, 0, 0), 0, 0),
        ((99, None, 100), None, None),
        ((98, None, 100), 0, None),
    ],
)
def test_all_or_nothing_and_a_share_of_the_thresholds_met(
    values: tuple[float | None, ...], every: float | None, share: float | None
) -> None:
    assert proposed(three("all_thresholds"), rates(*values)) == every
    assert proposed(three("proportional"), rates(*values)) == share


def test_what_does_not_apply_leaves_numerator_and_denominator() -> None:
    said = [("P1.2", "verified", "na")]
    facts = {"visited": 1, "consolidation_rate": 99, "residents_in_plan_rate": 98}
    assert proposed(three("proportional"), facts, said) == 1.5
    assert proposed(three("all_thresholds"), facts, said) == 0


def test_a_point_none_of_whose_thresholds_applies_is_left_out() -> None:
    said = [(f"P1.{index}", "verified", "na") for index in (1, 2, 3)]
    result = scored(written(card(), GROUP, three("proportional")), said)
    assert (row(result, "P1")["proposed"], str(row(result, "P1")["status"])) == (None, "not_applicable")
    assert (row(result)["unscored"], row(result)["recorded"]) == (0, 3)


def test_seven_items_of_four_points_make_twenty_eight() -> None:
    facts = [*RATES, "disabled_educated", "migrants_in_budget_rate", "nearby_entry_primary", "visited"]
    tests = ", ".join(rate(f"P1.{index}", "1", fact=fact) for index, fact in enumerate(facts, 1))
    seven = point("P1", 28, further=f'scorer = "count"\neach = 4\ntest = [{tests}]')
    assert proposed(seven, dict.fromkeys(facts, 1)) == 28
    assert proposed(seven, dict.fromkeys(facts, 1) | {"visited": 0}) == 24
    assert proposed(seven, dict.fromkeys(facts[1:], 1)) is None


def test_a_count_stops_at_the_maximum_and_then_does_not_wait_for_the_rest() -> None:
    capped = three("count", 2, "each = 1")
    assert proposed(capped, rates(99, 99, 99)) == 2
    assert proposed(capped, rates(99, 99, None)) == 2
    assert proposed(capped, rates(99, None, None)) is None
    assert proposed(three("count", None, "each = 1"), rates(99, 99, 99)) == 3


def deducting(steps: str, per: str = "1", points: str = "1", op: str = ">=", limit: str = "95") -> str:
    deduct = f'deduct = [{{ test = "P1.1", per = {per}, points = {points}, steps = "{steps}" }}]'
    return point("P1", 5, further=f'scorer = "deduction"\n{deduct}\ntest = [{rate("P1.1", limit, op)}]')


@pytest.mark.parametrize(
    ("value", "whole", "started", "share"),
    [
        (95, 5, 5, 5),
        (97.5, 5, 5, 5),
        (94.9999999, 5, 4, 4.9999999),
        (94.5, 5, 4, 4.5),
        (94, 4, 4, 4),
        (93.9, 4, 3, 3.9),
        (90, 0, 0, 0),
        (10, 0, 0, 0),
    ],
)
def test_a_point_off_for_each_percentage_point_below(
    value: float, whole: float, started: float, share: float
) -> None:
    """每低于1个百分点扣1分: of a part of one nothing, a whole one, or its share; never below zero."""
    facts = {"visited": 1, "consolidation_rate": value}
    assert proposed(deducting("whole"), facts) == whole
    assert proposed(deducting("started"), facts) == started
    assert proposed(deducting("share"), facts) == pytest.approx(share, abs=1e-12)


def test_a_value_on_a_step_is_on_it_where_binary_fractions_are_not() -> None:
    """0.3 below in steps of 0.1 is three steps; in binary fractions 95.3 − 95 is a little more or less."""
    facts = {"visited": 1, "consolidation_rate": 95}
    for steps in ("whole", "started", "share"):
        assert proposed(deducting(steps, per="0.1", limit="95.3"), facts) == 2


def test_a_limit_where_lower_is_better_and_one_that_must_be_exceeded() -> None:
    assert proposed(deducting("whole", op="<=", limit="5"), {"visited": 1, "consolidation_rate": 7}) == 3
    assert proposed(deducting("started", op=">", limit="5"), {"visited": 1, "consolidation_rate": 5}) == 5
    assert proposed(deducting("started", op="==", limit="5"), {"visited": 1, "consolidation_rate": 5.5}) == 4


def test_what_is_not_known_takes_off_an_unknown_number_of_points() -> None:
    assert proposed(deducting("whole"), {"visited": 1}) is None


BANDS = "bands = [{ at_least = 90, score = 5 }, { at_least = 80, score = 3 }, { at_least = 60.1, score = 1 }]"


@pytest.mark.parametrize(
    ("value", "score"),
    [(100, 5), (90, 5), (89.999, 3), (80, 3), (60.1, 1), (60.0999999999, 0), (0, 0), (None, None)],
)
def test_bands_begin_at_their_value(value: float | None, score: float | None) -> None:
    banded = point("P1", 5, further=f'scorer = "bands"\n{BANDS}\ntest = [{rate("P1.1")}]')
    facts = {"visited": 1} if value is None else {"visited": 1, "consolidation_rate": value}
    assert proposed(banded, facts) == score


def test_a_person_scores_what_no_scorer_does() -> None:
    result = scored(written(card(), GROUP, point("P1")), [("P1", "verified", 3)])
    assert (row(result, "P1")["proposed"], row(result, "P1")["settled"]) == (None, 3)


def test_a_setting_names_the_scorer_and_without_it_nothing_is_proposed() -> None:
    way = choice_setting("way", "all_thresholds", "proportional", "judgement")
    chosen = three("setting", further='scorer_setting = "way"')
    facts = rates(99, 98, 99)
    assert proposed(chosen, facts, [], way, way="all_thresholds") == 0
    assert proposed(chosen, facts, [], way, way="proportional") == 2
    assert proposed(chosen, facts, [], way, way="judgement") is None
    result = scored(written(card(), GROUP, chosen, way), [], facts)
    assert row(result, "P1")["proposed"] is None
    assert "way" in row(result, "P1")["proposal"]


def test_a_point_without_a_maximum_has_no_share_of_it() -> None:
    assert proposed(three("proportional", None), rates(99, 99, 99)) is None


def test_thresholds_are_evidence_and_no_proposal_decides() -> None:
    result = scored(
        written(card("total = 3\npass_mark = 3"), GROUP, three("all_thresholds")), [], rates(99, 99, 99)
    )
    assert row(result, "P1")["proposed"] == 3
    assert str(row(result)["status"]) == "unknown"
    assert result.requirements.filter(id="P1.1")["status"].to_list() == ["pass"]
    (part,) = result.counties["parts"].to_list()[0]
    assert part["status"] == "unknown"
    missed = scored(written(card("total = 3\npass_mark = 3"), GROUP, three("all_thresholds")),
                    [("P1", "verified", 3)], rates(0, 0, 0))  # fmt: skip
    assert str(row(missed)["status"]) == "pass"
