"""Which sections count: every exclusion with its reason, and what cannot be told."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ..data.again import Seen, Work
from ..standard.model import Scope
from .context import Context
from .plans import picked, without


def scoped(sections: pl.DataFrame, scope: Scope, context: Context) -> pl.DataFrame:
    """`sections` with `_in` (true, false, or null where a fact the scope reads is missing) and `_reason`
    (position of the exclusion that applies, null where none does). Sections of other stages are left away."""
    return meant(sections, scope, context).of(sections)


@dataclass(frozen=True)
class Meant:
    """Which rows a scope means: of what stages (`rows`, None for all), and of these `_in` and `_reason`."""

    rows: pl.Series | None
    told: pl.DataFrame

    def of(self, sections: pl.DataFrame) -> pl.DataFrame:
        """Those rows, with `_in` and `_reason`."""
        rows = sections if self.rows is None else sections.filter(self.rows)
        return rows.hstack(self.told)


def meant(sections: pl.DataFrame, scope: Scope, context: Context) -> Meant:
    """What a scope means of section rows; it reads `scope_reads` of them."""
    judged = sections["stage"].is_in(scope.stages)
    all_ = judged.all(ignore_nulls=False)
    rows = sections if all_ else sections.filter(judged)
    told = picked(rows, context.once(("meant", scope.id), lambda: _telling(scope, context)))
    return Meant(None if all_ else judged, without(told, "stage"))


def _telling(scope: Scope, context: Context) -> list[pl.Expr]:
    """`_in` and `_reason`, beside a column that is as long as there are rows."""
    conditions = [context.formula(exclusion.when) for exclusion in scope.exclude]
    reasons = [
        pl.when(condition).then(pl.lit(position, pl.UInt8)) for position, condition in enumerate(conditions)
    ]
    inside = ~pl.any_horizontal(conditions) if conditions else pl.lit(True)
    reason = pl.coalesce([*reasons, pl.lit(None, pl.UInt8)])
    return [inside.alias("_in"), reason.alias("_reason"), pl.col("stage")]


def meant_of(sections: Seen, scope: Scope, context: Context, work: Work) -> Meant:
    """As `meant`, once an evaluation; taken over from the one before where what decides it is what it was."""
    name = ("meant", scope.id)
    known: Meant | None = work.now(name)
    if known is not None:
        return known
    reads = scope_reads(scope, context)
    return work.done(name, sections.same(reads), lambda: meant(sections.of(reads), scope, context))


def scope_reads(scope: Scope, context: Context) -> tuple[str, ...]:
    """The columns that decide what a scope means."""
    return context.once(
        ("scope reads", scope.id), lambda: ("stage", *context.facts(*(each.when for each in scope.exclude)))
    )
