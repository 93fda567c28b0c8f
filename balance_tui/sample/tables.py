"""The csv files of the sample: columns of the data contract, UTF-8."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..data.dictionary import KEY_FIELDS, dictionary
from .details import class_list, rooms
from .model import CountyYear, Facts, Value

ROOM_COLUMNS = (*KEY_FIELDS, "school_id", "kind", "area")
CLASS_COLUMNS = (*KEY_FIELDS, "school_id", "stage", "grade", "class", "students")
JUDGEMENT_COLUMNS = (
    *KEY_FIELDS, "school_id", "stage", "item", "answer", "score", "source", "remark", "evidence", "unit",
)  # fmt: skip


def typed(value: Value) -> str:
    """The value as a person would type it into the contract's table; nothing for what is missing.

    >>> typed(True), typed(102.0), typed(39.6), typed(None)
    ('yes', '102', '39.6', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return format(value, ".12g") if isinstance(value, float) else str(value)


def section_columns() -> tuple[str, ...]:
    """Every field of a section table, the four keys first."""
    fields = (field.code for field in dictionary().of_level("school", "section"))
    return (*KEY_FIELDS, *(code for code in fields if code not in KEY_FIELDS))


def county_columns() -> tuple[str, ...]:
    return tuple(dictionary().county_schema())


def _write(
    path: Path, headers: Sequence[str], columns: Sequence[str], rows: Iterable[Facts], encoding: str
) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(headers)
        writer.writerows([typed(row.get(column)) for column in columns] for row in rows)
    return path


def write_schools(folder: Path, sample: Sequence[CountyYear]) -> Path:
    """`schools.csv`: one row a school and stage, field codes as headers."""
    rows = (row for county in sample for school in county.schools for row in school.rows())
    columns = section_columns()
    return _write(folder / "schools.csv", columns, columns, rows, "utf-8")


def write_companions(folder: Path, sample: Sequence[CountyYear], *, labelled: bool) -> tuple[Path, ...]:
    """County facts, judgements, rooms and class list. `labelled`: as a spreadsheet program saves them, with
    a byte order mark and, in the county facts, Chinese headers."""
    encoding = "utf-8-sig" if labelled else "utf-8"

    def table(name: str, columns: Sequence[str], rows: Iterable[Facts], headers: Sequence[str] = ()) -> Path:
        return _write(folder / f"{name}.csv", headers or columns, columns, rows, encoding)

    facts = county_columns()
    labels = [dictionary().label(code).zh for code in facts] if labelled else ()
    return (
        table("county-facts", facts, (county.facts for county in sample), labels),
        table("judgements", JUDGEMENT_COLUMNS, (row for county in sample for row in county.judgements)),
        table("rooms", ROOM_COLUMNS, (row for county in sample for row in rooms(county))),
        table("class_list", CLASS_COLUMNS, (row for county in sample for row in class_list(county))),
    )
