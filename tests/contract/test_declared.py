"""A figure that may be left out can be declared not applicable, but not against what is reported."""

from __future__ import annotations

import pytest

from .builder import passing_county
from .runner import run


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({"special_funds": None, "special_students": None}, "not_applicable"),
        ({"special_funds": 0, "special_students": 0}, "not_applicable"),
        ({"special_funds": None, "special_students": 120}, "unknown"),
        ({"special_funds": 1, "special_students": 120}, "unknown"),
    ],
)
def test_a_declaration_counts_only_where_nothing_is_reported(
    facts: dict[str, int | None], status: str
) -> None:
    county = passing_county().know(**facts).judge("G07", "na")
    assert run(county).one("requirements", id="G07")["status"] == status


@pytest.mark.parametrize(
    ("setting", "status"), [("unknown", "unknown"), ("not_applicable", "not_applicable")]
)
def test_a_rate_over_nobody_is_what_the_setting_says(setting: str, status: str) -> None:
    county = passing_county().know(special_funds=0, special_students=0)
    result = run(county, settings={"zero_population": setting})
    assert result.one("requirements", id="G07")["status"] == status


def test_a_missing_figure_is_unknown_until_somebody_declares_it() -> None:
    county = passing_county().know(monitoring_level_science=None, monitoring_gap_science=None)
    assert run(county).one("requirements", id="Q9")["status"] == "unknown"
    declared = run(county.judge("Q9c", "na"))
    assert declared.one("requirements", id="Q9c.gap")["status"] == "not_applicable"
    assert declared.one("requirements", id="Q9")["status"] == "pass"


def test_an_item_of_the_machine_cannot_be_declared_away() -> None:
    county = passing_county().know(rotated=None).judge("G11", "na")
    assert run(county).one("requirements", id="G11")["status"] == "unknown"
