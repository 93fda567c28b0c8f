"""The composites that governments published come out of the program, given schools that differ as published.

No raw data stand behind the published rows, only the eight CVs and their composite. So each row gets four
schools of one size whose figures are m(1 + 3u), m(1 − u), m(1 − u), m(1 − u) with u = CV ÷ √3: their
coefficient of variation is exactly the published one, and the composite must be the published composite.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from .builder import County
from .runner import run

STAGES = {"小学": "primary", "初中": "junior"}
TYPES = {"primary": "primary_school", "junior": "junior_school"}
PUPILS = 1000
FACTS = {
    "teaching_area": (4.0, "B1"), "sports_ground_area": (8.0, "B2"), "equipment_value": (0.2, "B3"),
    "computers": (0.1, "B4"), "books": (20.0, "B5"), "staff": (0.5, "B6"), "teachers_above_degree": (0.05, "B7"),
    "mid_title_teachers": (0.04, "B8"),
}  # fmt: skip
"""A county mean per student for each of the eight facts, in the order of the published columns."""


def published(shared: Path) -> Iterator[dict[str, str]]:
    with (shared / "data" / "published_composites.csv").open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def four_schools(stage: str, cvs: list[float]) -> County:
    rows = []
    for number, factor in enumerate((3.0, -1.0, -1.0, -1.0)):
        row = {
            "school_id": f"{number}", "school": f"{number}校", "school_type": TYPES[stage], "stage": stage,
            "students": PUPILS, "owner": "7", "indoor_sports_area": 0,
        }  # fmt: skip
        for (fact, (mean, _)), cv in zip(FACTS.items(), cvs, strict=True):
            row[fact] = repr(PUPILS * mean * (1 + factor * cv / math.sqrt(3)))
        rows.append(row)
    return County(sections=rows)


def test_all_published_composites_agree_within_a_thousandth(shared: Path) -> None:
    rows = list(published(shared))
    assert len(rows) == 23
    for row in rows:
        cvs = [float(value) for name, value in row.items() if name.startswith("cv_")]
        stage = STAGES[row["stage"]]
        result = run(four_schools(stage, cvs), profile="national-2012")
        for (_, indicator), cv in zip(FACTS.values(), cvs, strict=True):
            assert result.dispersion(stage, indicator)["cv"] == pytest.approx(cv, rel=1e-9)
        composite = result.dispersion(stage, "composite")["cv"]
        assert composite == pytest.approx(float(row["published_composite"]), abs=1e-3), row["county"]
