"""The limits of national-2012: composite 0.65 and 0.55, government and satisfaction 85, the gate."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest

from .builder import County, passing_county
from .cases import Case, Cases, part, sections, spread
from .compare import differences_2012
from .runner import run

F = Fraction
INDICATORS = ("B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8")
LIMITS = {"primary": F("0.65"), "junior": F("0.55")}
MIDDLE = {"B3": F(4000), "B4": F(20), "B6": F("0.5"), "B7": F("0.02"), "B8": F("0.03")}
SIZE = 100_000
STEP = F(1, 1000)


def spread_county(stage: str, cvs: list[Fraction]) -> County:
    """Two schools of one size whose eight CVs are exactly these."""
    values = [(code, MIDDLE.get(code, F(10)), cv) for code, cv in zip(INDICATORS, cvs, strict=True)]
    teachers = dict.fromkeys(("teachers", "certified_teachers", "trained_teachers"), 4000)
    low = [(code, middle * (1 - cv)) for code, middle, cv in values]
    high = [(code, middle * (1 + cv)) for code, middle, cv in values]
    rows = [*sections("A1", stage, SIZE, low), *sections("A2", stage, SIZE, high)]
    for row in rows:
        row.update(teachers)
    return County(sections=rows)


def composite_cases() -> Iterator[Case]:
    for stage, limit in LIMITS.items():
        look = spread(stage, "composite")
        mixed = [limit + F("0.05")] * 4 + [limit - F("0.05")] * 4
        uneven = [limit + F("0.21")] + [limit - F("0.03")] * 7
        for shape, cvs in (("all alike", [limit] * 8), ("half and half", mixed), ("one alone", uneven)):
            yield Case(f"{stage} {shape} on", spread_county(stage, cvs), look, "pass")
            nearer = [cvs[0] - STEP, *cvs[1:]]
            yield Case(f"{stage} {shape} below", spread_county(stage, nearer), look, "pass")
            past = [cvs[0] + STEP, *cvs[1:]]
            yield Case(f"{stage} {shape} above", spread_county(stage, past), look, "fail")
            hair = [cvs[0] + F(1, 10**10), *cvs[1:]]
            yield Case(f"{stage} {shape} a hair above", spread_county(stage, hair), look, "fail")


def entered_cases() -> Iterator[Case]:
    for value, expected in (("84.99", "fail"), ("85", "pass"), ("85.01", "pass")):
        for name, fact in (("government", "government_score"), ("satisfaction", "satisfaction_rate")):
            yield Case(f"{name} {value}", passing_county().know(**{fact: F(value)}), part(name), expected)
    for name, fact in (("government", "government_score"), ("satisfaction", "satisfaction_rate")):
        yield Case(f"{name} missing", passing_county().know(**{fact: None}), part(name), "unknown")
    for answer, expected in ((True, "pass"), (False, "fail"), (None, "unknown")):
        county = passing_county().set("P1", meets_provincial_standard=answer)
        yield Case(f"gate {answer}", county, part("gate"), expected)


CASES = Cases("national-2012", [*composite_cases(), *entered_cases()])


@pytest.mark.parametrize("name", CASES.names)
def test_limit_of_basic_balance(name: str) -> None:
    CASES.check(name)


def test_dispersion_of_the_passing_county_is_the_oracles() -> None:
    county = passing_county()
    assert differences_2012(run(county, profile="national-2012"), county) == []


@pytest.mark.parametrize("owner", ["3", "5", "9", "10"])
def test_private_provincial_city_and_enterprise_schools_stay_out_of_basic_balance(owner: str) -> None:
    county = passing_county().set("P1", owner=owner)
    result = run(county, profile="national-2012")
    assert differences_2012(result, county) == []
    assert ("P1", "primary") in {(row["school_id"], row["stage"]) for row in result.json["excluded"]}


def test_teaching_points_stay_out_of_basic_balance() -> None:
    result = run(passing_county(), profile="national-2012")
    assert ("T1", "primary") in {(row["school_id"], row["stage"]) for row in result.json["excluded"]}


def test_single_dispersions_have_no_limit_in_basic_balance() -> None:
    county = spread_county("primary", [F("0.9")] + [F("0.1")] * 7)
    result = run(county, profile="national-2012")
    assert result.dispersion("primary", "composite")["cv"] == pytest.approx(0.2, rel=1e-12)
    assert result.dispersion("primary", "composite")["status"] == "pass"
    assert result.dispersion("primary", "B1")["limit"] is None
