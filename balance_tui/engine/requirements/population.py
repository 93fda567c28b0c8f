"""The schools or sections an item is asked of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from ...standard.expression import Expression
from ..context import Context
from ..prepare import Facts
from ..schools import SCHOOL


@dataclass(frozen=True)
class Population:
    """`sections`: scoped rows (`_in` true, false or null) of the compulsory stages."""

    sections: pl.DataFrame
    facts: Facts

    @cached_property
    def _kept(self) -> pl.DataFrame:
        return self.sections.filter(pl.col("_in").fill_null(True))

    @cached_property
    def _schools(self) -> pl.DataFrame:
        """One row a school: that of its first stage, in scope if any of its sections is."""
        return self._kept.group_by(SCHOOL, maintain_order=True).agg(
            pl.all().exclude(*SCHOOL, "_in", "stage").first(),
            pl.lit(None, pl.String).alias("stage"),
            pl.when(pl.col("_in").any()).then(True).otherwise(pl.lit(None, pl.Boolean)).alias("_in"),
        )

    def rows(self, per: str, names: tuple[str, ...]) -> pl.DataFrame:
        """Rows in scope (or perhaps in scope), with the county facts among `names` joined."""
        rows = self._kept if per == "section" else self._schools
        county = [name for name in names if name not in rows.columns and name in self.facts.counties.columns]
        if not county:
            return rows
        return rows.join(
            self.facts.counties.select("_county", *county), on="_county", how="left", maintain_order="left"
        )

    def asked(self, per: str, names: tuple[str, ...], where: pl.Expr | None) -> pl.DataFrame:
        """As `rows`, with `_asked`: true, or null where it cannot be told whether the row is meant."""
        rows = self.rows(per, names)
        condition = pl.col("_in") if where is None else pl.col("_in") & where
        return rows.with_columns(condition.alias("_asked")).filter(pl.col("_asked").fill_null(True))


def where_of(context: Context, where: Expression | None) -> pl.Expr | None:
    """The condition that narrows a population, as a polars expression; None where all are asked."""
    return None if where is None else context.formula(where)
