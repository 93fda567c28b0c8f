"""The register of reliefs: which case, held against what, to be cured by when."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from balance_tui.engine.evaluate import evaluate
from tests.contract.builder import County, passing_county
from tests.engine.explain_data import dataset_of, standard


def _rural() -> County:
    return passing_county().set("T1", "primary", pe_teachers=0, art_teachers=0, visiting_pe_art_teachers=1)


def _registered(county: County, as_of: dt.date | None = None, **settings: str) -> list[dict[str, Any]]:
    return evaluate(standard(), dataset_of([county]), settings=settings, as_of=as_of).reliefs.to_dicts()


def test_a_case_stands_with_its_value_its_limit_and_its_clause() -> None:
    (case,) = _registered(_rural())
    relief = next(relief for relief in standard().model.relief if relief.id == case["relief"])
    assert (case["county"], case["school_id"], case["stage"]) == ("甲县", "T1", "primary")
    assert (relief.id, case["target"], case["clause"]) == ("T1", "L3", relief.clause)
    assert (case["value"], case["limit"]) == (pytest.approx(100 / 60), 0.9)


@pytest.mark.parametrize(
    ("as_of", "settings", "cure_by"),
    [
        (None, {}, dt.date(2026, 12, 31)),
        (dt.date(2024, 2, 29), {}, dt.date(2027, 2, 28)),
        (dt.date(2024, 2, 29), {"recognition_date": "2025-07-01"}, dt.date(2028, 7, 1)),
        (None, {"recognition_date": "2025-07-01"}, dt.date(2028, 7, 1)),
    ],
)
def test_the_years_to_cure_count_from_recognition_or_else_from_the_date_judged_as_of(
    as_of: dt.date | None, settings: dict[str, str], cure_by: dt.date
) -> None:
    (case,) = _registered(_rural(), as_of, **settings)
    assert case["cure_by"] == cure_by


def test_a_county_that_needs_no_relief_registers_none() -> None:
    assert not _registered(passing_county())
