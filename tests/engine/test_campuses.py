"""Campuses merged into their parent: amounts added, the worst compared, the parent's own kept."""

from __future__ import annotations

from typing import Any

import polars as pl

from balance_tui.data.dictionary import dictionary
from balance_tui.engine.campuses import merged
from tests.contract.builder import County, passing_county, school
from tests.engine.explain_data import dataset_of, result_of
from tests.oracle.words import Fact


def _merged(*campuses: list[dict[str, Fact]], county: County | None = None) -> pl.DataFrame:
    county = county or passing_county()
    for rows in campuses:
        county.add(rows)
    return merged(dataset_of([county]).sections, dictionary())


def _row(frame: pl.DataFrame, school_id: str, stage: str) -> dict[str, Any]:
    (row,) = frame.filter(school_id=school_id, stage=stage).to_dicts()
    return row


def test_amounts_are_added_the_smallest_and_the_largest_kept_and_the_name_is_the_parents() -> None:
    campus = school(
        "P1b",
        "primary_school",
        {"primary": 200},
        campus_of="P1",
        smallest_music_room=70,
        school="分校",
        location="rural",
    )
    campus[0]["largest_class"] = 45
    frame = _merged(campus)
    row = _row(frame, "P1", "primary")
    assert (row["students"], row["teaching_area"], row["classes"]) == (800, 800 * 7, 20)
    assert (row["smallest_music_room"], row["largest_class"]) == (70, 45)
    assert (row["school"], row["location"], row["campus_of"]) == ("第P1学校", "town", None)
    assert "P1b" not in frame["school_id"]


def test_an_amount_that_one_site_does_not_report_is_unknown_for_the_whole_and_only_that() -> None:
    row = _row(
        _merged(school("P1b", "primary_school", {"primary": 200}, campus_of="P1", books=None)),
        "P1",
        "primary",
    )
    assert row["books"] is None
    assert row["computers"] == 160


def test_a_stage_that_only_the_campus_has_becomes_a_section_of_the_parent_and_shares_its_amounts() -> None:
    campus = school("P1b", "junior_school", {"junior": 300}, campus_of="P1")
    frame = _merged(campus)
    junior, primary = (_row(frame, "P1", stage) for stage in ("junior", "primary"))
    assert (junior["students"], primary["students"]) == (300, 600)
    assert junior["school_type"] == primary["school_type"] == "primary_school"
    assert junior["teaching_area"] == primary["teaching_area"] == 900 * 7


def test_rows_of_every_other_school_stay_as_they_are() -> None:
    county = passing_county()
    before = dataset_of([county]).sections
    after = _merged(school("P1b", "primary_school", {"primary": 200}, campus_of="P1"))
    others = pl.col("school_id").is_in(["P1", "P1b"])
    assert after.columns == before.columns
    assert after.filter(~others).equals(before.filter(~others))


def test_a_campus_whose_parent_is_not_there_stands_on_its_own() -> None:
    frame = _merged(school("X2", "primary_school", {"primary": 200}, campus_of="X1"))
    assert _row(frame, "X2", "primary")["students"] == 200


def test_a_campus_of_a_campus_is_not_merged_and_is_a_finding() -> None:
    county = passing_county()
    county.add(school("P1b", "primary_school", {"primary": 200}, campus_of="P1"))
    county.add(school("P1c", "primary_school", {"primary": 100}, campus_of="P1b"))
    assert _row(_merged(county=county), "P1c", "primary")["students"] == 100
    assert "C22" in result_of(county).checks["code"]
