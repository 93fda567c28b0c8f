"""Reasons as sentences, and what a part says of the items in it."""

from __future__ import annotations

import string

import pytest

from balance_tui.data.dictionary import dictionary
from balance_tui.engine.decision import parts, standing_in_parts
from balance_tui.engine.reasons import TEMPLATES, reason, reason_text
from balance_tui.engine.status import FAIL, NOT_APPLICABLE, PASS, RELIEVED
from balance_tui.language import Text
from tests.contract.builder import passing_county
from tests.engine.explain_data import result_of


@pytest.mark.parametrize("code", sorted(TEMPLATES))
def test_both_languages_of_a_reason_name_the_same_arguments(code: str) -> None:
    named = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in TEMPLATES[code]]
    assert named[0] == named[1]


def test_facts_become_their_labels_and_what_is_no_fact_stays() -> None:
    assert reason_text("missing|students,as_of_year", dictionary()).zh == "缺: 在校生数、评估年份"
    assert reason_text("missing|GOV", dictionary()) == Text("缺: GOV", "missing: GOV")


def test_an_argument_in_two_languages_keeps_both_and_breaks_no_other() -> None:
    kept = reason("unanswered", Text("文件|章", "papers|seals"))
    assert reason_text(kept, dictionary()) == Text(
        "未判定, 需: 文件/章", "not answered; wanted: papers/seals"
    )


def test_of_schools_only_the_kinds_that_occur_are_named() -> None:
    assert reason_text("schools|9|2|0|1", dictionary()) == Text(
        "9 所(处)中 2 不达标、1 过渡达标", "of 9: 2 fail, 1 relieved"
    )


@pytest.mark.parametrize(
    ("status", "reason"),
    [(NOT_APPLICABLE, "none_asked|6"), (PASS, "all_met|6"), (FAIL, "some|6|1|V1"), (RELIEVED, "some|6|1|V1")],
)
def test_a_part_says_which_items_decide_and_counts_as_met_only_what_was_asked(
    status: int, reason: str
) -> None:
    result = result_of(passing_county())
    vetoes = result.items.rows.filter(result.items.rows["id"].str.starts_with("V"))
    others = NOT_APPLICABLE if status == NOT_APPLICABLE else PASS
    codes = [status] + [others] * (vetoes.height - 1)
    rows = vetoes.with_columns(
        vetoes["_status"].clear().extend_constant(0, len(codes)).scatter(range(len(codes)), codes)
    )
    own = standing_in_parts(rows, result.points, result.cards, result.context)
    told = parts(result.facts.keys, result.resources, own, result.context)
    (row,) = told.filter(id="vetoes").to_dicts()
    assert (row["_status"], row["reason"]) == (status, reason)
