"""On random counties the program and the exact oracle say the same in every frame."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from .builder import County, passing_county
from .compare import differences, differences_2012, oracle
from .generators import counties
from .runner import run

SEVERAL = st.lists(counties(), min_size=8, max_size=8)
"""An evaluation takes as long for one county as for ten."""


def test_the_passing_county_passes_for_both() -> None:
    county = passing_county()
    expected = oracle(county)
    assert expected.verdict == "pass"
    assert differences(run(county), expected) == []


@given(SEVERAL)
@settings(max_examples=10)
def test_national_2017_agrees_with_the_oracle_in_every_frame(drawn: list[County]) -> None:
    named = [named_county(county, index) for index, county in enumerate(drawn)]
    result = run(*named)
    for county in named:
        assert differences(result.of(county.name), oracle(county)) == [], county


@given(SEVERAL)
@settings(max_examples=4)
def test_national_2012_agrees_with_the_oracle_in_its_dispersion(drawn: list[County]) -> None:
    named = [named_county(county, index) for index, county in enumerate(drawn)]
    result = run(*named, profile="national-2012")
    for county in named:
        assert differences_2012(result.of(county.name), county) == [], county


@given(
    SEVERAL,
    st.sampled_from(("merge", "separate")),
    st.sampled_from(("2019-09-30", "2019-10-01", "2024-05-01")),
)
@settings(max_examples=7)
def test_settings_and_the_date_mean_the_same_to_both(
    drawn: list[County], campus_mode: str, as_of: str
) -> None:
    named = [named_county(county, index) for index, county in enumerate(drawn)]
    result = run(*named, settings={"campus_mode": campus_mode, "special_funds_limit": 7000}, as_of=as_of)
    for county in named:
        expected = oracle(
            county, campus_mode=campus_mode, special_funds=Fraction(7000), as_of=date.fromisoformat(as_of)
        )
        assert differences(result.of(county.name), expected) == [], county


def named_county(county: County, index: int) -> County:
    county.name = f"第{index}县"
    return county
