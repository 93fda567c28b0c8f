"""Whether a school section reaches the standard as a whole: k of n indicators met, the rest at the floor."""

from __future__ import annotations

import polars as pl

from ..standard.model import SchoolRule
from .context import Context
from .status import FAIL, FLOOR, PASS, RELIEVED, UNKNOWN


def ruled(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Judged rows of one stage → the same with `_school` (status code of the section).

    It passes if the rule holds on ordinary values, is relieved if it holds only with reliefs, and is unknown
    while what is missing could still decide it.
    """
    rule = context.standard.model.school_rule
    if rule is None:
        return rows.with_columns(pl.lit(None, pl.UInt8).alias("_school"))
    names = [indicator.id for indicator in context.standard.model.indicator]
    plain = _outcome(names, "plain", rule)
    if not any(f"{name}_relief" in rows.columns for name in names):
        return rows.with_columns(plain.alias("_school"))
    eased = _outcome(names, "status", rule)
    return rows.with_columns(
        pl.when(plain == PASS).then(PASS).when(eased == PASS).then(RELIEVED).otherwise(eased)
        .cast(pl.UInt8).alias("_school")
    )  # fmt: skip


def _outcome(names: list[str], suffix: str, rule: SchoolRule) -> pl.Expr:
    def count(*codes: int) -> pl.Expr:
        columns = (pl.col(f"{name}_{suffix}") for name in names)
        return pl.sum_horizontal(
            (column == codes[0]) | (column == codes[-1]) for column in columns
        )  # fmt: skip

    met, unknown = count(PASS, RELIEVED), count(UNKNOWN, UNKNOWN)
    short = pl.any_horizontal(pl.col(f"{name}_{suffix}") == FAIL for name in names)
    failed = short | (met + unknown < rule.at_least)
    return pl.when(failed).then(FAIL).when(unknown > 0).then(UNKNOWN).otherwise(PASS).cast(pl.UInt8)


def lists(rows: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """The four lists of a section (`met`, `at_floor`, `short`, `unknown`: indicator ids), rows in order."""
    kinds = {"met": (PASS, RELIEVED), "at_floor": (FLOOR,), "short": (FAIL,), "unknown": (UNKNOWN,)}
    return rows.select(
        pl.concat_list(
            pl.when(pl.col(f"{name}_status").is_in(codes)).then(pl.lit(name)) for name in names
        ).list.drop_nulls().alias(kind)
        for kind, codes in kinds.items()
    ) if names else rows.select(pl.lit(None, pl.List(pl.String)).alias(kind) for kind in kinds)  # fmt: skip
