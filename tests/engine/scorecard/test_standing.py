"""What a card decides: total, pass mark, what is not recorded, what is not scored, grades."""

from __future__ import annotations

from typing import Any

import pytest

from balance_tui.language import use_language

from .cards import GROUP, card, choice_setting, number_setting, point, row, scored, written


@pytest.fixture(autouse=True)
def _chinese() -> None:
    use_language("zh")


TWO = (GROUP, point("P1", 6), point("P2", 4))
OPEN = 'total_setting = "total"\npass_mark_setting = "mark"'


def status(result: Any) -> str:
    return str(row(result)["status"])


def verified(*scores: object) -> list[Any]:
    return [(f"P{index}", "verified", score) for index, score in enumerate(scores, 1) if score is not None]


@pytest.mark.parametrize(
    ("scores", "outcome"),
    [
        ((6, 2), "pass"),
        ((6, 1.99), "fail"),
        ((4.1, 3.9), "pass"),
        ((6, None), "unknown"),
        ((3.9, None), "fail"),
        ((4, None), "unknown"),
        ((None, None), "unknown"),
    ],
)
def test_the_pass_mark_is_reached_on_it_and_decided_by_bounds(scores: tuple[Any, ...], outcome: str) -> None:
    result = scored(written(card("total = 10\npass_mark = 8"), *TWO), verified(*scores))
    assert status(result) == outcome


def test_decimals_that_binary_fractions_cannot_hold_add_up_exactly() -> None:
    points = [point(f"P{index}", 1) for index in range(1, 11)]
    standard = written(card("total = 10\npass_mark = 1"), GROUP, *points)
    assert status(scored(standard, verified(*[0.1] * 10))) == "pass"


@pytest.mark.parametrize(
    ("settings", "outcome", "told"),
    [
        ({}, "unknown", "总分与合格线未设"),
        ({"total": "10"}, "unknown", "合格线未设"),
        ({"mark": "8"}, "unknown", "总分未设"),
        ({"total": "10", "mark": "8"}, "pass", "合格线 8"),
        ({"total": "100", "mark": "8"}, "unknown", "满分未收录完整 (10 / 100)"),
        ({"total": "100", "mark": "99.5"}, "fail", "合格线 99.5"),
        ({"total": "100", "mark": "99"}, "unknown", "满分未收录完整"),
        ({"total": "10", "mark": "11"}, "unknown", "不在 0–10 之内"),
        ({"total": "10", "mark": "-1"}, "unknown", "不在 0–10 之内"),
    ],
)
def test_total_and_pass_mark_may_be_settings(settings: dict[str, str], outcome: str, told: str) -> None:
    standard = written(number_setting("total"), number_setting("mark"), card(OPEN), *TWO)
    result = scored(standard, verified(6, 3), settings=settings)
    assert status(result) == outcome
    assert row(result)["reason"].startswith("得分 9 / 已收录满分 10")
    assert told in row(result)["reason"]


@pytest.mark.parametrize(
    "more",
    [
        (point("P3", None),),
        ('[[group]]\nid = "B"\nlabel = "乙"\nrecorded = false\nclause = "c"\n',),
        ('[[group]]\nid = "B"\nlabel = "乙"\nmax = 5\nclause = "c"\n',),
    ],
)
def test_while_a_maximum_is_not_recorded_a_card_can_only_fail(more: tuple[str, ...]) -> None:
    standard = written(card("total = 10\npass_mark = 8"), *TWO, *more)
    assert status(scored(standard, verified(6, 4))) == "unknown"
    assert status(scored(standard, verified(6, 1))) == "fail"


def test_a_source_that_breaks_off_can_only_fail() -> None:
    standard = written(card("complete = false\ntotal = 10\npass_mark = 8"), *TWO)
    assert status(scored(standard, verified(6, 4))) == "unknown"
    assert status(scored(standard, verified(6, 1))) == "fail"


def test_what_is_not_scored_and_what_does_not_apply_is_in_no_sum() -> None:
    standard = written(card(), *TWO, point("P3", 5))
    found = row(scored(standard, [*verified(3), ("P2", "verified", "na")]))
    figures = {name: found[name] for name in ("settled", "out_of", "recorded", "scored", "unscored")}
    assert figures == {"settled": 3, "out_of": 6, "recorded": 15, "scored": 1, "unscored": 1}
    assert found["reason"] == "得分 3 / 已收录满分 15; 未评 1 项; 不适用 1 项; 总分与合格线未设"


def test_a_self_given_score_decides_nothing_and_stands_beside() -> None:
    result = scored(written(card("total = 10\npass_mark = 8"), *TWO),
                    [("P1", "self", 6), ("P2", "self", 4), *verified(4)])  # fmt: skip
    first = row(result, "P1")
    assert (first["self"], first["verified"], first["settled"], first["spread"]) == (6, 4, 4, 2)
    assert (row(result, "P2")["settled"], row(result)["self"], status(result)) == (None, 10, "unknown")


@pytest.mark.parametrize("wrong", [[("P1", "verified", 7)], [("P1", "verified", -1)],
                                   [("P1", "verified", 2), ("P1", "verified", 3)],
                                   [("P1", "verified", 2), ("P1", "verified", "na")]])  # fmt: skip
def test_a_score_that_cannot_be_is_not_counted(wrong: list[Any]) -> None:
    result = scored(written(card("total = 10\npass_mark = 0"), *TWO), [*wrong, ("P2", "verified", 4)])
    found = row(result, "P1")
    assert (found["settled"], str(found["status"])) == (None, "unknown")
    assert found["reason"]
    assert row(result)["settled"] == 4


def test_groups_tell_their_own_sums() -> None:
    inner = '[[group]]\nid = "A1"\nlabel = "甲一"\nparent = "A"\nmax = 4\nclause = "c"\n'
    standard = written(card(), GROUP, inner, point("P1", 6), point("P2", 4, group="A1"))
    result = scored(standard, verified(5, 3))
    told = [
        (each["id"], each["parent"], each["level"], each["settled"]) for each in result.scorecard.to_dicts()
    ]
    assert told == [
        ("scorecard", None, 0, 8), ("A", "scorecard", 1, 8), ("P1", "A", 2, 5), ("A1", "A", 2, 3), ("P2", "A1", 3, 3)
    ]  # fmt: skip


WEIGHTED = (
    '[[group]]\nid = "A"\nlabel = "甲"\nweight = {0}\nclause = "c"\n'
    '[[group]]\nid = "B"\nlabel = "乙"\nweight = {1}\nclause = "c"\n'
)


@pytest.mark.parametrize("weights", [("30", "70"), ("3", "7"), ("0.3", "0.7")])
def test_dimensions_are_weighted_by_proportion_alone(weights: tuple[str, str]) -> None:
    groups = WEIGHTED.format(*weights)
    standard = written(card('aggregate = "weighted_mean"\ntotal = 100\npass_mark = 71'), groups,
                       point("P1", 6), point("P2", 4, group="B"))  # fmt: skip
    result = scored(standard, verified(3, 3.2))
    assert row(result)["settled"] == pytest.approx(71)
    assert status(result) == "pass"
    assert status(scored(standard, verified(3, 3.19))) == "fail"
    assert status(scored(standard, verified(None, 3.2))) == "unknown"
    assert status(scored(standard, verified(6, 2))) == "fail"


def test_a_dimension_without_scores_is_out_of_the_mean_that_is_told() -> None:
    standard = written(card('aggregate = "weighted_mean"\ntotal = 100\npass_mark = 60'), WEIGHTED.format(30, 70),
                       point("P1", 6), point("P2", 4, group="B"))  # fmt: skip
    assert row(scored(standard, verified(3)))["settled"] == 50


@pytest.mark.parametrize(
    ("scores", "settled", "outcome"),
    [((6, 4), 10, "pass"), ((6, 3.9), 0, "fail"), ((6, None), 6, "unknown"), ((5, None), 0, "fail")],
)
def test_all_or_nothing(scores: tuple[Any, ...], settled: float, outcome: str) -> None:
    standard = written(card('aggregate = "all_or_nothing"\ntotal = 10\npass_mark = 10'), *TWO)
    result = scored(standard, verified(*scores))
    assert (row(result)["settled"], status(result)) == (settled, outcome)


GRADES = """grades = [
{ id = "good", label = "优", at_least = 9, status = "pass", clause = "c" },
{ id = "fair", label = "良", at_least = 8, status = "pass", clause = "c" },
{ id = "poor", label = "差", at_least = 0, status = "fail", clause = "c" },
]"""


@pytest.mark.parametrize(
    ("scores", "outcome", "grade"),
    [
        ((6, 3), "pass", "good"),
        ((6, 2.9), "pass", "fair"),
        ((6, 1.9), "fail", "poor"),
        ((6, None), "unknown", None),
        ((3, None), "fail", "poor"),
    ],
)
def test_grades_decide_where_the_standard_has_no_pass_mark(
    scores: tuple[Any, ...], outcome: str, grade: str | None
) -> None:
    result = scored(written(card(f"total = 10\n{GRADES}"), *TWO), verified(*scores))
    assert (status(result), row(result)["grade"]) == (outcome, grade)


def test_a_grade_without_a_cut_off_is_entered() -> None:
    grades = 'grades = [{ id = "good", label = "优秀", status = "pass", clause = "c" }]'
    standard = written(card(f"total = 10\n{grades}"), *TWO)
    assert (status(scored(standard, verified(6, 4))), row(scored(standard, verified(6, 4)))["grade"]) == (
        "unknown", None
    )  # fmt: skip
    for answer in ("good", "优秀"):
        result = scored(standard, [*verified(6, 4), ("scorecard", "verified", answer)])
        assert (status(result), row(result)["grade"]) == ("pass", "good")
    own = scored(standard, [*verified(6, 4), ("scorecard", "self", "good")])
    assert row(own)["grade"] is None


@pytest.mark.parametrize(
    ("score", "outcome", "grade"), [(9, "unknown", None), (6, "pass", "fair"), (5.9, "fail", "poor")]
)
def test_a_grade_without_a_cut_off_lies_above_the_next_one(
    score: float, outcome: str, grade: str | None
) -> None:
    """优秀 begins somewhere above 6: what is 6 or less is certain, what is more is not until it is entered."""
    listed = """grades = [{ id = "good", label = "优秀", status = "not_applicable", clause = "c" },
    { id = "fair", label = "良", at_least = 6, status = "pass", clause = "c" },
    { id = "poor", label = "差", at_least = 0, status = "fail", clause = "c" }]"""
    result = scored(written(card(f"total = 10\n{listed}"), GROUP, point("P1", 10)), verified(score))
    assert (status(result), row(result)["grade"]) == (outcome, grade)


SOURCES = """sources = [
{ id = "school", label = "学校自评", weight_setting = "w_school", clause = "c" },
{ id = "sample", label = "督导抽评", weight_setting = "w_sample", clause = "c" },
{ id = "survey", label = "专业普评", weight_setting = "w_survey", clause = "c" },
]"""
WEIGHTS = tuple(number_setting(name) for name in ("w_school", "w_sample", "w_survey"))
THREE = [("P1", "学校自评", 6), ("P1", "sample", 3), ("P1", "survey", 3)]


def yuquan(said: list[Any], rule: str = "weighted_mean", **settings: str) -> Any:
    standard = written(*WEIGHTS, card(f'reconcile = "{rule}"\n{SOURCES}'), *TWO)
    return scored(standard, said, settings=settings)


def test_three_sources_stand_side_by_side_and_are_not_combined_without_weights() -> None:
    result = yuquan(THREE, w_school="1", w_sample="1")
    found = row(result, "P1")
    assert (found["settled"], found["spread"]) == (None, 3)
    assert "w_survey" in found["reason"]
    told = [(each["point"], each["source"], each["score"]) for each in result.sources.to_dicts()]
    assert told == [("P1", "school", 6), ("P1", "sample", 3), ("P1", "survey", 3)]


@pytest.mark.parametrize("weights", [("1", "1", "2"), ("25", "25", "50"), ("0.1", "0.1", "0.2")])
def test_weights_of_sources_are_settings_and_count_by_proportion(weights: tuple[str, ...]) -> None:
    given = dict(zip(("w_school", "w_sample", "w_survey"), weights, strict=True))
    assert row(yuquan(THREE, **given), "P1")["settled"] == 3.75
    assert row(yuquan(THREE[:2], **given), "P1")["settled"] is None


def test_a_source_without_weight_is_not_waited_for_and_wrong_weights_combine_nothing() -> None:
    assert row(yuquan(THREE[:2], w_school="1", w_sample="1", w_survey="0"), "P1")["settled"] == 4.5
    assert row(yuquan(THREE, w_school="0", w_sample="0", w_survey="0"), "P1")["settled"] is None
    assert row(yuquan(THREE, w_school="-1", w_sample="1", w_survey="1"), "P1")["settled"] is None


@pytest.mark.parametrize(("rule", "settled"), [("mean", 4), ("lowest", 3), ("verified", None)])
def test_sources_may_be_reconciled_otherwise(rule: str, settled: float | None) -> None:
    assert row(yuquan(THREE, rule), "P1")["settled"] == settled
    if rule != "verified":
        assert row(yuquan(THREE[1:], rule), "P1")["settled"] is None


def test_a_setting_chooses_how_sources_become_one() -> None:
    way = choice_setting("way", "mean", "lowest")
    standard = written(way, *WEIGHTS, card(f'reconcile_setting = "way"\n{SOURCES}'), *TWO)
    assert row(scored(standard, THREE, settings={"way": "mean"}), "P1")["settled"] == 4
    assert row(scored(standard, THREE, settings={"way": "lowest"}), "P1")["settled"] == 3
    unset = row(scored(standard, THREE), "P1")
    assert unset["settled"] is None
    assert "way" in unset["reason"]


def test_the_card_stands_in_its_part_beside_other_items() -> None:
    other = '[[requirement]]\nid = "R1"\nlabel = "另"\npart = "city"\nclause = "c"\ntest = [{ kind = "evidence" }]\n'
    standard = written(card("total = 10\npass_mark = 8"), *TWO, other)

    def part(*said: Any) -> dict[str, Any]:
        (found,) = scored(standard, [*verified(6, 4), *said]).counties["parts"].to_list()[0]
        return dict(found)

    assert part()["status"] == "unknown"
    assert part(("R1", "verified", "yes"))["status"] == "pass"
    assert part(("R1", "verified", "no"))["status"] == "fail"


def test_points_are_listed_among_the_scores_and_a_standard_without_a_card_has_empty_frames() -> None:
    result = scored(written(card(), *TWO), verified(6))
    told = [
        (each["id"], each["max"], each["verified"], str(each["status"])) for each in result.scores.to_dicts()
    ]
    assert told == [("P1", 6, 6, "not_applicable"), ("P2", 4, None, "unknown")]
    none = scored(written())
    assert [none.frame(name).height for name in ("scorecard", "sources", "verdicts")] == [0, 0, 0]
