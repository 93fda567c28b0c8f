"""yuquan-2025: targets dated, undated, yearly and per term; three sources beside each other until they have weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import pytest

from balance_tui.standard.load import load_standard
from tests.contract.builder import County
from tests.contract.runner import run

from .counties import OWN_COLUMNS, Trial, Tried, regional_county, status
from .rows import DUE, LIMITS

F = Fraction
FACTS: Mapping[str, str] = {
    "NM-N01": "smart_campus_share", "NM-N02": "demonstration_schools", "NM-N03": "smart_class_share",
    "NM-N04": "maker_share", "NM-N05": "science_campuses", "NM-N06": "three_classrooms_share",
    "NM-N07": "it_standard_share", "NM-N08": "patrol_points", "NM-N09": "monthly_patrols",
    "NM-N10": "it_contests", "NM-N11": "parent_meetings", "NM-N12d": "escort_posts",
    "NM-N13": "school_choice_cases",
}  # fmt: skip
SHARES = ("NM-N01", "NM-N03", "NM-N04", "NM-N06", "NM-N07", "NM-N12d")
DONE = {fact: F(LIMITS[item][1]) for item, fact in FACTS.items()}
PLANS = {"NM-P01": 2023, "NM-P02": 2022, "NM-P03": 2022}
CONTENTS = ("NM-S01a", "NM-S01b", "NM-S01c", "NM-S01d", "NM-S01e")
SCORES = {"self": 90, "sampled": 80, "professional": 70}


def district(year: int = 2025) -> County:
    """A district that reaches every target exactly."""
    county = regional_county("", year=year).know(**DONE)
    for plan in PLANS:
        county.judge(plan, "yes")
    return county


def steps(item: str) -> Iterator[tuple[str, Fraction | None, str]]:
    """The value missed by the smallest step, reached, and more than reached; what each is from the due year on."""
    operator, number = LIMITS[item]
    limit, step = F(number), F(1, 10) if item in SHARES else F(1)
    yield "on", limit, "pass"
    if operator == "<=":
        yield "missed", limit + step, "fail"
        return
    yield "missed", limit - step, "fail"
    if limit < 100 or item not in SHARES:
        yield "more", limit + step, "pass"


def targets() -> Iterator[Tried]:
    for item, fact in FACTS.items():
        for year in (2024, 2025, 2026):
            early = year < DUE.get(item, 0)
            for step, value, expected in (*steps(item), ("blank", None, "unknown")):
                told = "not_applicable" if early and expected != "pass" else expected
                yield Tried(f"{item} {year} {step}", district(year).know(**{fact: value}), status(item), told)


def plans() -> Iterator[Tried]:
    for item, due in PLANS.items():
        for year in (due - 1, due, due + 1):
            for answer, expected in (("yes", "pass"), ("no", "fail"), (None, "unknown")):
                told = "not_applicable" if year < due and expected != "pass" else expected
                yield Tried(f"{item} {year} {answer}", district(year).judge(item, answer), status(item), told)


def safety() -> Iterator[Tried]:
    for letter, flag in zip("abc", ("guards_ready", "alarm_connected", "closed_campus"), strict=True):
        for value, expected in ((True, "pass"), (False, "fail"), (None, "unknown")):
            county = district().set("J1", **{flag: value})
            yield Tried(f"NM-N12{letter} {value}", county, status(f"NM-N12{letter}"), expected)


TRIAL = Trial("yuquan-2025", (*targets(), *plans(), *safety()))


@pytest.mark.parametrize("name", TRIAL.cases)
def test_a_target_is_judged_by_its_number_and_its_year(name: str) -> None:
    TRIAL.check(name)


def test_no_verdict_is_drawn_although_every_target_is_reached() -> None:
    result = run(district(), profile="yuquan-2025", columns=OWN_COLUMNS)
    assert result.verdict == "not_applicable"
    assert (result.parts()["targets"], result.parts()["goals"]) == ("pass", "pass")


def scored(*sources: str) -> County:
    county = district()
    for point in CONTENTS:
        for source in sources or tuple(SCORES):
            county.judgements.append({"item": point, "score": str(SCORES[source]), "source": source})
    return county


WEIGHTS = {"weight_self": "0.2", "weight_sampled": "0.3", "weight_professional": "0.5"}


def settled(county: County, settings: Mapping[str, object] | None = None) -> list[object]:
    result = run(county, profile="yuquan-2025", settings=settings, columns=OWN_COLUMNS)
    return [result.one("scorecard", id=point)["settled"] for point in CONTENTS]


def test_three_scores_stand_side_by_side_and_none_is_combined_without_weights() -> None:
    assert settled(scored()) == [None] * 5
    result = run(scored(), profile="yuquan-2025", columns=OWN_COLUMNS)
    for point in CONTENTS:
        rows = result.rows("sources", point=point)
        assert {row["source"]: row["score"] for row in rows} == SCORES
        assert "weight_self" in result.one("scorecard", id=point)["reason"]


@pytest.mark.parametrize("left_out", WEIGHTS)
def test_one_weight_left_out_is_enough_to_combine_nothing(left_out: str) -> None:
    given = {name: value for name, value in WEIGHTS.items() if name != left_out}
    assert settled(scored(), given) == [None] * 5


def test_with_weights_each_content_has_their_mean() -> None:
    assert settled(scored(), WEIGHTS) == [pytest.approx(90 * 0.2 + 80 * 0.3 + 70 * 0.5)] * 5


def test_a_source_that_did_not_score_leaves_the_score_open() -> None:
    assert settled(scored("self", "professional"), WEIGHTS) == [None] * 5


def test_the_scores_never_decide_the_part_without_total_and_pass_mark() -> None:
    result = run(scored(), profile="yuquan-2025", settings=WEIGHTS, columns=OWN_COLUMNS)
    assert result.parts()["evaluation"] in ("unknown", "not_applicable")
    assert result.verdict == "not_applicable"


def test_weights_have_no_default_and_points_no_maximum() -> None:
    model = load_standard("yuquan-2025").model
    card = model.scorecard
    assert card is not None
    settings = {setting.id: setting for setting in model.setting}
    assert [source.label for source in card.sources] == ["学校自评", "督导抽评", "专业普评"]
    assert all(settings[source.weight_setting].default is None for source in card.sources)
    labels = ["办学行为", "教育质量", "队伍建设", "学业负担", "社会满意度"]
    assert [(point.label, point.max) for point in model.point] == [(label, None) for label in labels]
    assert (card.total, card.pass_mark, card.complete) == (None, None, False)
