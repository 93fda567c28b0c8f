"""What must hold for every county: order, scale, scope, blanks and fillings (issue 2, Properties).

An evaluation takes as long for one county as for ten: each example is several counties, evaluated together.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from copy import deepcopy
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.oracle.schools import SUMMED_OF_SCHOOL, SUMMED_OF_SECTION
from tests.oracle.words import Fact, Row, number

from .builder import COLUMNS, County, school, write_table
from .generators import Blank, blanks, counties, fact_in, put
from .runner import Json, Result, call, files, run

FRAMES = ("counties", "schools", "indicators", "dispersion", "requirements", "excluded")
Judged = dict[tuple[object, ...], str]
UNIT_OF_FRAME = ("province", "city", "county", "year", "school_id", "stage", "indicator", "id", "reason")


def ordered(rows: list[Json]) -> list[Json]:
    return sorted(rows, key=lambda row: tuple(str(row.get(column)) for column in UNIT_OF_FRAME))


def without_order(result: Result) -> dict[str, list[Json]]:
    return {frame: ordered([settle(row) for row in result.json[frame]]) for frame in FRAMES}


def settle(row: Json) -> Json:
    """The row with figures to twelve digits (sums differ in the last bit) and its inner lists in order."""
    return {key: settle_value(value) for key, value in row.items()}


def settle_value(value: object) -> object:
    if isinstance(value, float):
        return float(f"{value:.11e}") if abs(value) > 1e-12 else 0.0
    if isinstance(value, list):
        return sorted((settle(each) if isinstance(each, dict) else each for each in value), key=str)
    return value


def evaluated(counties: list[County], columns: Sequence[str], rows: list[Row]) -> Result:
    """The counties with their section rows written in this order."""
    with files(counties) as arguments:
        write_table(Path(arguments[0]), columns, rows)
        return Result(call("evaluate", *arguments, "--format", "json").json)


def several(number: int) -> st.SearchStrategy[list[County]]:
    """So many counties, told apart by their names."""
    return st.lists(counties(), min_size=number, max_size=number).map(named)


def named(drawn: list[County]) -> list[County]:
    for index, county in enumerate(drawn):
        county.name = f"第{index}县"
    return drawn


@given(several(4), st.randoms(use_true_random=False))
@settings(max_examples=8)
def test_order_of_rows_counties_and_columns_does_not_matter(
    drawn: list[County], chance: random.Random
) -> None:
    rows, columns = [row | county.key for county in drawn for row in county.sections], list(COLUMNS)
    first = without_order(evaluated(drawn, columns, rows))
    for jumbled in (rows, columns, drawn, *(county.judgements for county in drawn)):
        chance.shuffle(jumbled)
    again = without_order(evaluated(drawn, columns, rows))
    for frame, before in first.items():
        assert [row for row in again[frame] if row not in before] == [], frame
        assert len(again[frame]) == len(before)


def double(county: County, school_id: str) -> None:
    for row in county.rows(school_id):
        for code in (*SUMMED_OF_SCHOOL, *SUMMED_OF_SECTION):
            row[code] = None if row.get(code) is None else 2 * Fraction(number(row[code]) or 0)


@given(several(5))
@settings(max_examples=6)
def test_doubling_every_count_of_a_school_with_its_students_leaves_its_ratios(drawn: list[County]) -> None:
    before, doubled = run(*drawn), {county.name: str(county.sections[0]["school_id"]) for county in drawn}
    for county in drawn:
        if any((number(row.get("students")) or 0) < 100 for row in county.rows(doubled[county.name])):
            del doubled[county.name]
        else:
            double(county, doubled[county.name])
    assume(doubled)
    after = run(*drawn)
    for name, school_id in doubled.items():
        for row in before.of(name).rows("indicators", school_id=school_id):
            again = after.of(name).indicator(school_id, row["stage"], row["indicator"])
            assert again["value"] == (
                row["value"] if row["value"] is None else pytest.approx(row["value"], rel=1e-12)
            )


EXCLUDED = {"special": {"primary": 80}, "vocational": {"senior": 300}, "teaching_point": {"primary": 49}}


@given(several(5), st.lists(st.sampled_from(sorted(EXCLUDED)), min_size=5, max_size=5))
@settings(max_examples=6)
def test_adding_an_excluded_school_changes_no_row_of_others(drawn: list[County], kinds: list[str]) -> None:
    before = run(*drawn)
    for county, kind in zip(drawn, kinds, strict=True):
        students: dict[str, Fact] = dict(EXCLUDED[kind])
        county.add(school("X9", kind, students))
    after = run(*drawn)
    for frame in ("indicators", "schools", "dispersion"):
        assert ordered(after.json[frame]) == ordered(before.json[frame])


def statuses(result: Result) -> Iterator[tuple[tuple[object, ...], str]]:
    """Every judged thing of a result with its word; an indicator below the standard has failed it."""
    for row in result.json["counties"]:
        yield ("verdict",), row["verdict"]
        yield from ((("part", part["id"]), part["status"]) for part in row["parts"])
    for row in result.json["schools"]:
        yield ("school", row["school_id"], row["stage"]), row["status"]
    for row in result.json["indicators"]:
        yield ("indicator", row["school_id"], row["stage"], row["indicator"]), row["status"]
    for row in result.json["dispersion"]:
        yield ("dispersion", row["stage"], row["indicator"]), row["status"]
    for row in result.json["requirements"]:
        yield ("requirement", row["id"]), row["status"]


GOOD = ("pass", "relieved")
BAD = ("fail", "floor")


@st.composite
def with_and_without(draw: st.DrawFn, *, complete: bool = False) -> tuple[County, County, Blank]:
    """A county with a fact, the same without it, and which it is; unless `complete` there are others missing."""
    whole = draw(counties(complete=complete))
    cell: Blank = draw(blanks(whole).filter(lambda cell: complete or fact_in(whole, cell) is not None))
    blanked = deepcopy(whole)
    put(blanked, cell, None)
    return whole, blanked, cell


def pairs(*, complete: bool = False) -> st.SearchStrategy[list[tuple[County, County, Blank]]]:
    return st.lists(with_and_without(complete=complete), min_size=6, max_size=6)


def judged(drawn: list[tuple[County, County, Blank]]) -> Iterator[tuple[Judged, Judged, Blank]]:
    """What is judged with and without the fact, all in one evaluation."""
    for index, (whole, blanked, _) in enumerate(drawn):
        whole.name, blanked.name = f"满{index}县", f"空{index}县"
    result = run(*(county for whole, blanked, _ in drawn for county in (whole, blanked)))
    for whole, blanked, cell in drawn:
        yield dict(statuses(result.of(whole.name))), dict(statuses(result.of(blanked.name))), cell


@given(pairs())
@settings(max_examples=8)
def test_blanking_a_fact_makes_nothing_better(drawn: list[tuple[County, County, Blank]]) -> None:
    for earlier, later, cell in judged(drawn):
        for key, word in later.items():
            was = earlier.get(key)
            assert not (was in (*BAD, "unknown") and word in GOOD), (
                f"{key}: {was} became {word} without {cell}"
            )
            assert not (was in GOOD and word in BAD), f"{key}: {was} became {word} without {cell}"


@given(pairs(complete=True))
@settings(max_examples=8)
def test_filling_an_unknown_fact_turns_no_pass_or_fail(drawn: list[tuple[County, County, Blank]]) -> None:
    for known, unknown, cell in judged(drawn):
        for key, word in unknown.items():
            if word in (*GOOD, *BAD) and key in known:
                # A school that turns out not to count leaves its item with nobody to judge: neutral like a pass.
                assert known[key] in ((*GOOD, "not_applicable") if word in GOOD else BAD), (
                    f"{key}: {word} became {known[key]} with {cell}"
                )
