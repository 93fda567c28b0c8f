"""The shared Californian tables as input files of the contract, one an indicator.

| expected row | stage | students | amount |
|---|---|---|---|
| ca_county, teachers_per100 | primary | `students` | `teachers` |
| ca_county, computers_per100 | primary | `students` | `computers` |
| ca_api_county, fully_credentialed_share_pct | E primary, M junior | `enroll` | `full` as `full_pct` |

The code is put after each name: many schools of one county share a name, which is an error
in a Chinese county.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

YEAR = "2000"
MISSING = "NA"
COLUMNS = ("county", "year", "school_id", "school", "school_type", "stage", "students")
STAGE_OF_TYPE = {"E": ("primary_school", "primary"), "M": ("junior_school", "junior")}
STAGE_EXPECTED = {"primary": ("all", "E"), "junior": ("M",)}


@dataclass(frozen=True)
class Measure:
    """One indicator of the expected file and the field its figure stands in."""

    dataset: str
    indicator: str
    field: str
    table: str


MEASURES = (
    Measure("ca_county", "teachers_per100", "teachers", "california_districts.csv"),
    Measure("ca_county", "computers_per100", "computers", "california_districts.csv"),
    Measure("ca_api_county", "fully_credentialed_share_pct", "full_pct", "california_schools.csv"),
)


@dataclass(frozen=True)
class Unit:
    """One district or school: students and figure as printed, None where the source has NA."""

    county: str
    school_id: str
    school: str
    school_type: str
    stage: str
    students: Decimal | None
    figure: Decimal | None

    @property
    def complete(self) -> bool:
        return self.students is not None and self.figure is not None


def decimal(text: str) -> Decimal | None:
    return None if text == MISSING else Decimal(text)


def table(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def districts(path: Path, column: str) -> Iterator[Unit]:
    for row in table(path):
        students, amount = decimal(row["students"]), decimal(row[column])
        yield Unit(
            row["county"], row["district"], row["school"], "primary_school", "primary", students, amount
        )


def schools(path: Path) -> Iterator[Unit]:
    for row in table(path):
        if row["stype"] in STAGE_OF_TYPE:
            kind, stage = STAGE_OF_TYPE[row["stype"]]
            students, share = decimal(row["enroll"]), decimal(row["full"])
            yield Unit(row["cname"], row["cds"], row["sname"], kind, stage, students, share)


def units(folder: Path, measure: Measure) -> list[Unit]:
    path = folder / measure.table
    if measure.dataset == "ca_api_county":
        return list(schools(path))
    return list(districts(path, "computer" if measure.field == "computers" else "teachers"))


def write(path: Path, measure: Measure, rows: list[Unit]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow((*COLUMNS, measure.field))
        for unit in rows:
            figures = ["" if each is None else format(each, "f") for each in (unit.students, unit.figure)]
            name = f"{unit.school} {unit.school_id}"
            writer.writerow((unit.county, YEAR, unit.school_id, name, unit.school_type, unit.stage, *figures))
    return path


def expected(folder: Path, measure: Measure) -> list[dict[str, str]]:
    """Rows of the expected file for the measure."""
    path = folder / "expected_cv_california.csv"
    return [
        row
        for row in table(path)
        if (row["dataset"], row["indicator"]) == (measure.dataset, measure.indicator)
    ]
