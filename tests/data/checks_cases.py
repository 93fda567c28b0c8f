"""Small datasets for the tests of the data checks: a clean county, and ways to spoil it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from balance_tui.data import checks
from balance_tui.data.dataset import ORIGIN_SCHEMA, Dataset
from balance_tui.data.dictionary import dictionary

Row = dict[str, object]

KEYS: Row = {"province": "某省", "city": "甲市", "county": "样县", "year": 2024}

FACTS: Row = {
    "students": 200, "grades": 6, "classes": 6, "largest_class": 40, "oversized_classes": 0, "teachers": 20,
    "teachers_doctor": 0, "teachers_master": 2, "teachers_bachelor": 14, "teachers_associate": 4,
    "backbone_teachers": 3, "pe_teachers": 1, "art_teachers": 2, "certified_teachers": 20,
    "trained_teachers": 20, "staff": 22, "mid_title_teachers": 8,
}  # fmt: skip
WHOLE: Row = {
    "owner": "7", "location": "town", "built_year": 2001, "migrant_children": 10, "teaching_area": 2000,
    "indoor_sports_area": 300, "sports_ground_area": 4000, "equipment_value": 80, "multimedia_rooms": 10,
    "music_rooms": 1, "smallest_music_room": 100, "art_rooms": 1, "smallest_art_room": 95,
    "public_funds": 130_000, "public_funds_budget": 13, "training_budget": 1,
}  # fmt: skip
COUNTY: Row = {
    "rotation_eligible": 50, "rotated": 10, "rotated_backbone": 3, "nearby_entry_primary": 100,
    "quality_senior_quota": 100, "quality_senior_allocated": 60, "quality_senior_rural": 20,
    "migrant_eligible": 60, "migrant_public": 40, "migrant_purchased": 10, "graduates": 95,
    "entered_three_years_ago": 100, "transferred_in": 1, "transferred_out": 2, "deceased": 0,
    "disabled_children": 10, "disabled_enrolled": 10, "recognition_issued": 300, "recognition_valid": 250,
    "recognition_satisfied": 240, "recognition_rate": 96, "visited": 20, "visited_satisfied": 19,
}  # fmt: skip


def section(school_id: str, stage: str = "primary", /, **facts: object) -> Row:
    """A clean section; `facts` replace or add."""
    kind = "primary_school" if stage == "primary" else "junior_school"
    junior: Row = {"teachers_bachelor": 18, "teachers_associate": 0} if stage == "junior" else {}
    name: Row = {"school_id": school_id, "school": f"{school_id}学校", "school_type": kind, "stage": stage}
    return {**KEYS, **FACTS, **WHOLE, **junior, **name, **facts}


def nine_year(school_id: str, /, **facts: object) -> list[Row]:
    return [section(school_id, stage, school_type="nine_year", **facts) for stage in ("primary", "junior")]


def county(**facts: object) -> Row:
    return {**KEYS, **COUNTY, **facts}


def dataset(sections: Iterable[Row], counties: Iterable[Row] = (), **tables: pl.DataFrame) -> Dataset:
    known = dictionary()
    return Dataset(
        sections=_frame(sections, {**known.section_schema(), **ORIGIN_SCHEMA}),
        counties=_frame(counties, known.county_schema()),
        **tables,  # type: ignore[arg-type]
    )


def table(rows: Iterable[Row], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    return _frame(({**KEYS, **row} for row in rows), schema)


def _frame(rows: Iterable[Row], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    full = [{name: row.get(name) for name in schema} for row in rows]
    return pl.DataFrame(full, schema=dict(schema), strict=False)


def found(data: Dataset, code: str, **options: object) -> list[Row]:
    """The findings of one check."""
    return checks.run(data, options=options).filter(pl.col("code") == code).to_dicts()


def codes(data: Dataset, **options: object) -> set[str]:
    return set(checks.run(data, options=options)["code"])
