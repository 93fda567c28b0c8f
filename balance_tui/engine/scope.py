"""Which sections count: every exclusion with its reason, and what cannot be told."""

from __future__ import annotations

import polars as pl

from ..standard.model import Scope
from .context import Context


def scoped(sections: pl.DataFrame, scope: Scope, context: Context) -> pl.DataFrame:
    """`sections` with `_in` (true, false, or null where a fact the scope reads is missing) and `_reason`
    (position of the exclusion that applies, null where none does). Sections of other stages are left away."""
    judged = sections["stage"].is_in(scope.stages)
    rows = sections if judged.all(ignore_nulls=False) else sections.filter(judged)
    if not scope.exclude:
        return rows.with_columns(pl.lit(True).alias("_in"), pl.lit(None, pl.UInt8).alias("_reason"))
    conditions = [exclusion.when.polars(context.column) for exclusion in scope.exclude]
    reasons = (
        pl.when(condition).then(pl.lit(position, pl.UInt8)) for position, condition in enumerate(conditions)
    )
    return rows.with_columns(
        (~pl.any_horizontal(conditions)).alias("_in"), pl.coalesce(reasons).alias("_reason")
    )
