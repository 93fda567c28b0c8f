"""The schools or sections an item is asked of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from ...standard.expression import Expression
from ..context import Context
from ..plans import widened, without
from ..prepare import Facts
from ..schools import SCHOOL


@dataclass(frozen=True)
class Population:
    """`sections`: scoped rows (`_in` true, false or null) of the compulsory stages. `schools` gives their schools as
    `schools_of` does, where that is known already."""

    sections: pl.DataFrame
    facts: Facts
    schools: Callable[[], pl.DataFrame] | None = None

    @cached_property
    def kept(self) -> pl.DataFrame:
        """The rows that are, or may be, in scope."""
        may_be = self.sections["_in"].fill_null(value=True)
        return self.sections if may_be.all() else self.sections.filter(may_be)

    @cached_property
    def _schools(self) -> pl.DataFrame:
        """One row a school: that of its first stage, in scope if any of its sections is."""
        schools = self.schools() if self.schools else schools_of(self.kept)
        rows = without(self.kept, "_in", "stage")[schools["_index"]]
        return rows.hstack([_NO_STAGE.new_from_index(0, rows.height), schools["_in"]])

    def rows(self, per: str, names: tuple[str, ...]) -> pl.DataFrame:
        """Rows in scope (or perhaps in scope), with the county facts among `names` joined."""
        rows = self.kept if per == "section" else self._schools
        county = [name for name in names if name not in rows.columns and name in self.facts.counties.columns]
        if not county:
            return rows
        return with_county_facts(rows, self.facts.counties, county)

    def asked(self, per: str, names: tuple[str, ...], where: pl.Expr | None) -> pl.DataFrame:
        """As `rows`, with `_asked`: true, or null where it cannot be told whether the row is meant."""
        rows = self.rows(per, names)
        condition = pl.col("_in") if where is None else pl.col("_in") & where
        rows = widened(rows, [condition.alias("_asked")])
        may_be = rows["_asked"].fill_null(value=True)
        return rows if may_be.all() else rows.filter(may_be)


_NO_STAGE = pl.Series("stage", [None], pl.String)


def schools_of(sections: pl.DataFrame) -> pl.DataFrame:
    """One row a school of sections that may be in scope (`_county`, `school_id`, `_in`): `_index` of its first section,
    and `_in`, true if any section is in scope, else null."""
    return sections[[*SCHOOL, "_in"]].with_row_index("_index").group_by(SCHOOL, maintain_order=True).agg(
        pl.col("_index").first(),
        pl.when(pl.col("_in").any()).then(True).otherwise(pl.lit(None, pl.Boolean)).alias("_in"),
    )  # fmt: skip


def with_county_facts(rows: pl.DataFrame, counties: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Rows with these facts of their county."""
    if counties.height == 1:
        return rows.hstack([counties[name].new_from_index(0, rows.height) for name in names])
    return rows.join(counties[["_county", *names]], on="_county", how="left", maintain_order="left")


def where_of(context: Context, where: Expression | None) -> pl.Expr | None:
    """The condition that narrows a population, as a polars expression; None where all are asked."""
    return None if where is None else context.formula(where)
