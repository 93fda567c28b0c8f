"""What the checks look at: the sections, the schools made of them, the counties."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from ..dataset import Dataset
from ..dictionary import KEY_FIELDS, Dictionary, Field
from .options import Options

if TYPE_CHECKING:
    from collections.abc import Iterable

KEYS = list(KEY_FIELDS)
SCHOOL = ["_county", "school_id"]
IDENTITY = (*KEY_FIELDS, "school_id", "school", "stage")
COMPULSORY = ("primary", "junior")
DETAIL_TABLES = ("rooms", "class_list")
"""Tables the engine reads beside the summary figures; as a name in `fields` their rows are meant."""
SLACK = 1e-9
"""Relative room for sums of decimals that binary floating point cannot hold."""


def exceeds(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """Whether a part is larger than its whole; null where either is missing."""
    return part > whole + SLACK * pl.max_horizontal(whole.abs(), pl.lit(1.0))


def differs(left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """Whether two numbers are not the same; null where either is missing."""
    return (left - right).abs() > SLACK * pl.max_horizontal(left.abs(), right.abs(), pl.lit(1.0))


def total(parts: Iterable[str]) -> pl.Expr:
    """The sum over columns; null where any is missing."""
    first, *rest = [pl.col(part) for part in parts]
    for part in rest:
        first = first + part
    return first


def complete_sum(column: str) -> pl.Expr:
    """The sum of a group; null where any row is missing."""
    return pl.when(pl.col(column).null_count() == 0).then(pl.col(column).sum())


def figures(dictionary: Dictionary, *levels: str) -> tuple[str, ...]:
    """Every reported fact of the levels: numbers and yes/no, not names and codes."""
    return tuple(
        field.code
        for field in dictionary.values()
        if field.level in levels and field.code not in IDENTITY and field.kind not in ("text", "code")
    )


def whole_record(dictionary: Dictionary) -> tuple[str, ...]:
    """Everything a school reports, detail tables too: what falls when the school itself is in doubt."""
    return (*figures(dictionary, "school", "section"), *DETAIL_TABLES)


@dataclass(frozen=True)
class Scene:
    """A dataset under check. Frames carry `_county`, a number for one county and year."""

    dataset: Dataset
    options: Options

    @property
    def dictionary(self) -> Dictionary:
        return self.dataset.dictionary

    @cached_property
    def rows(self) -> pl.DataFrame:
        """All section rows, in one piece: thousands of workbooks leave thousands of chunks."""
        return self.dataset.sections.rechunk()

    @property
    def counties(self) -> pl.DataFrame:
        """County facts as given."""
        return self.dataset.counties

    @cached_property
    def county_keys(self) -> pl.DataFrame:
        """Columns: keys, `_county`; one row a county and year that has sections."""
        keys = self.rows.select(KEYS).unique(maintain_order=True)
        return keys.with_row_index("_county")

    @cached_property
    def sections(self) -> pl.DataFrame:
        """Section rows that name a school and a stage, with `_county`."""
        named = pl.col("school_id").is_not_null() & pl.col("stage").is_not_null()
        rows = self.rows if self.rows.select(named.all()).item() else self.rows.filter(named)
        return rows.join(self.county_keys, on=KEYS, how="left", nulls_equal=True, maintain_order="left")

    @cached_property
    def whole_school(self) -> tuple[Field, ...]:
        """Facts of the whole school, which repeat on each of its rows."""
        return tuple(field for field in self.dictionary.of_level("school") if field.code not in IDENTITY)

    @cached_property
    def combined(self) -> pl.DataFrame:
        """Sections of schools that have more than one row."""
        return self.sections.filter(self._several)

    @cached_property
    def _several(self) -> pl.Series:
        return self.sections.select(SCHOOL).is_duplicated()

    @cached_property
    def schools(self) -> pl.DataFrame:
        """One row a school: keys, `_county`, name, origin, its whole-school facts (of differing ones the
        least), `all_students` and `compulsory_students` (null where a row is missing), `stages`."""
        facts = [field.code for field in self.whole_school]
        head = [*KEYS, "_county", "school_id", "school", "_source", "_row", *facts]
        mine = pl.col("stage").is_in(COMPULSORY)
        single = self.sections.filter(~self._several).select(
            *head,
            all_students=pl.col("students"),
            compulsory_students=pl.when(mine).then(pl.col("students")).otherwise(0.0),
            stages=pl.concat_list("stage"),
        )
        grouped = self.combined.group_by(SCHOOL, maintain_order=True).agg(
            pl.col(*KEYS, "school", "_source", "_row").first(),
            pl.col(*facts).min(),
            all_students=complete_sum("students"),
            compulsory_students=pl.when(pl.col("students").filter(mine).null_count() == 0).then(
                pl.col("students").filter(mine).sum()
            ),
            stages=pl.col("stage").unique(maintain_order=True),
        )
        return pl.concat([single, grouped.select(single.columns)], how="vertical")

    def named(self, table: pl.DataFrame, *, stage: bool) -> pl.DataFrame:
        """Rows of a detail table joined to the school's name and origin; unknown schools fall out."""
        key = [*KEYS, "school_id", *(["stage"] if stage else [])]
        names = (self.sections if stage else self.schools).select(*key, "school", "_source", "_row")
        return table.join(names.unique(key, keep="first"), on=key, how="inner", nulls_equal=True)
