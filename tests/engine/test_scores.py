"""Points and their pass mark: what decides, and what leaves them open."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from balance_tui.data.dataset import JUDGEMENT_SCHEMA
from balance_tui.engine.evaluate import evaluate
from balance_tui.engine.status import FAIL, PASS, UNKNOWN
from tests.contract.builder import passing_county
from tests.engine.explain_data import dataset_of, framed, standard


def _score(fact: int | None, *verified: str, own: str | None = None) -> dict[str, Any]:
    """The score of a county that has it as a county fact, as verified, and as it gave it to itself."""
    county = passing_county().know(government_score=fact)
    given = [("verified", score) for score in verified] + ([("self", own)] if own else [])
    said = [
        county.key | {"item": "GOV", "source": source, "score": Fraction(score)} for source, score in given
    ]
    dataset = replace(dataset_of([county]), judgements=framed(said, JUDGEMENT_SCHEMA))
    (row,) = evaluate(standard("national-2012"), dataset).points.filter(id="GOV").to_dicts()
    return row


@pytest.mark.parametrize(
    ("fact", "scores", "status", "verified", "reason"),
    [
        (85, (), PASS, 85, "score|85|85"),
        (84, (), FAIL, 84, "score|84|85"),
        (None, ("85.5",), PASS, 85.5, "score|85.5|85"),
        (90, ("90",), PASS, 90, "score|90|85"),
        (90, ("80",), UNKNOWN, 80, "differ|government_score"),
        (90, ("90", "80"), UNKNOWN, None, "scores_differ"),
        (None, ("90", "80"), UNKNOWN, None, "scores_differ"),
        (None, (), UNKNOWN, None, "missing|government_score"),
        (None, ("100.5",), UNKNOWN, 100.5, "score_beyond|100.5|100"),
        (None, ("-1",), UNKNOWN, -1, "score_beyond|-1|100"),
        (0, (), FAIL, 0, "score|0|85"),
    ],
)
def test_what_is_verified_or_a_county_fact_decides_where_they_agree(
    fact: int | None, scores: tuple[str, ...], status: int, verified: float | None, reason: str
) -> None:
    row = _score(fact, *scores)
    assert (row["_status"], row["verified"], row["reason"]) == (status, verified, reason)


def test_what_a_county_gave_itself_is_shown_beside_what_decides() -> None:
    row = _score(80, own="99")
    assert (row["self"], row["verified"], row["_status"]) == (99, 80, FAIL)


def test_what_a_county_gave_itself_alone_decides_nothing() -> None:
    row = _score(None, own="99")
    assert (row["self"], row["verified"], row["_status"]) == (99, None, UNKNOWN)
