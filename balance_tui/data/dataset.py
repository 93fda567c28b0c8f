"""What schools reported, as frames of fixed columns; the input of the engine."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import polars as pl

from .dictionary import KEY_FIELDS, Dictionary, dictionary, dtype_of

if TYPE_CHECKING:
    from collections.abc import Mapping

ORIGIN_SCHEMA: dict[str, pl.DataType] = {"_source": pl.UInt32(), "_row": pl.UInt32()}
"""Where a row stands: index into `Dataset.sources`, and the row number in the file (1 = first)."""

_KEYS: dict[str, pl.DataType] = {code: dtype_of(dictionary()[code]) for code in KEY_FIELDS}

ROOMS_SCHEMA: dict[str, pl.DataType] = {
    **_KEYS, "school_id": pl.String(), "kind": pl.String(), "area": pl.Float64(),
}  # fmt: skip
"""Room list: one row a room, `kind` music or art, area in square metres."""

CLASS_LIST_SCHEMA: dict[str, pl.DataType] = {
    **_KEYS, "school_id": pl.String(), "stage": pl.String(), "grade": pl.String(), "class": pl.String(),
    "students": pl.Float64(),
}  # fmt: skip
"""Class list: one row a class."""

CLASS_BANDS_SCHEMA: dict[str, pl.DataType] = {
    **_KEYS, "school_id": pl.String(), "stage": pl.String(), "band": pl.String(), "classes": pl.Float64(),
}  # fmt: skip
"""Classes by size band (教基2106, 2107): one row a band, for the cross-check with `classes`."""

GRADE_STUDENTS_SCHEMA: dict[str, pl.DataType] = {
    **_KEYS, "school_id": pl.String(), "stage": pl.String(), "grade": pl.String(), "students": pl.Float64(),
}  # fmt: skip
"""Students by grade: one row a grade, for the cross-check with `students`."""

JUDGEMENT_SCHEMA: dict[str, pl.DataType] = {
    **_KEYS, "school_id": pl.String(), "stage": pl.String(), "item": pl.String(), "answer": pl.String(),
    "score": pl.Float64(), "source": pl.String(), "remark": pl.String(), "evidence": pl.String(),
    "unit": pl.String(),
}  # fmt: skip
"""What people judged (DESIGN 5): `answer` is yes, no, na, a number or a grade; `source` self,
verified, or the name of a scorer."""

OVERRIDE_SCHEMA: dict[str, pl.DataType] = {
    **_KEYS, "school_id": pl.String(), "stage": pl.String(), "field": pl.String(), "value": pl.String(),
}  # fmt: skip
"""Corrected facts: one row a cell. `school_id` null for a county fact, `stage` null for a fact of
the whole school; `value` as a person would type it, null to blank the cell."""

FINDING_SCHEMA: dict[str, pl.DataType] = {
    "code": pl.String(), "severity": pl.String(), **_KEYS, "school_id": pl.String(), "school": pl.String(),
    "stage": pl.String(), "field": pl.String(), "fields": pl.List(pl.String()), "value": pl.String(),
    "message_zh": pl.String(), "message_en": pl.String(), "place": pl.String(),
}  # fmt: skip
"""Data findings. `field` is the field shown; `fields` are all the facts that rest on the finding: of an
`error` they become unknown, for the one stage, or for every stage of the school where `stage` is null,
or as county facts where `school_id` is null. `severity` is reject, error or warning."""


def empty(schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """A frame of no rows with these columns."""
    return pl.DataFrame(schema=dict(schema))


@dataclass(frozen=True, slots=True)
class Source:
    """One table that was read: `columns` maps a field to the column it came from (a letter in a
    workbook, a header otherwise)."""

    file: str
    sheet: str | None
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Dataset:
    """Everything an evaluation reads, all counties and years at once.

    `sections`: one row a school and stage, `dictionary.section_schema()` plus `ORIGIN_SCHEMA`;
    facts of the whole school repeat on each of its rows. `counties`: `dictionary.county_schema()`,
    one row a county and year that has county facts. Every column is always present; what was not
    reported is null. Keys may be null (no province given), never missing as a column.
    """

    sections: pl.DataFrame
    counties: pl.DataFrame
    rooms: pl.DataFrame = field(default_factory=lambda: empty(ROOMS_SCHEMA))
    class_list: pl.DataFrame = field(default_factory=lambda: empty(CLASS_LIST_SCHEMA))
    class_bands: pl.DataFrame = field(default_factory=lambda: empty(CLASS_BANDS_SCHEMA))
    grade_students: pl.DataFrame = field(default_factory=lambda: empty(GRADE_STUDENTS_SCHEMA))
    judgements: pl.DataFrame = field(default_factory=lambda: empty(JUDGEMENT_SCHEMA))
    findings: pl.DataFrame = field(default_factory=lambda: empty(FINDING_SCHEMA))
    sources: tuple[Source, ...] = ()
    mapping: tuple[Mapping[str, object], ...] = ()
    """How headers became fields: one entry a mapped, constant, absent or ignored column, as printed."""
    digest: str = ""
    dictionary: Dictionary = field(default_factory=dictionary)

    @property
    def rejected(self) -> bool:
        """Whether a finding says that the data cannot be evaluated."""
        return bool((self.findings["severity"] == "reject").any())

    def with_findings(self, findings: pl.DataFrame) -> Dataset:
        """The dataset with further findings (`FINDING_SCHEMA`) behind its own."""
        if not findings.height:
            return self
        return replace(self, findings=pl.concat([self.findings, findings], how="vertical"))
