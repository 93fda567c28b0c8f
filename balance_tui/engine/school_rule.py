"""Whether a school section reaches the standard as a whole: k of n indicators met, the rest at the floor."""

from __future__ import annotations

import polars as pl

from ..standard.model import SchoolRule
from .context import Context
from .plans import AS_WRITTEN
from .status import FAIL, FLOOR, PASS, RELIEVED, UNKNOWN


def ruled(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Judged rows of one stage → the same with `_school` (status code of the section).

    It passes if the rule holds on ordinary values, is relieved if it holds only with reliefs, and is unknown
    while what is missing could still decide it: a fact, or an indicator that the standard does not list.
    """
    rule = context.model.school_rule
    if rule is None:
        return rows.with_columns(pl.lit(None, pl.UInt8).alias("_school"))
    names = [indicator.id for indicator in context.model.indicator]
    school = _outcomes(rows, names, "plain", rule)
    differ = [
        pl.col(f"{name}_plain") != pl.col(f"{name}_status")
        for name in names
        if f"{name}_relief" in rows.columns
    ]
    relieved = rows.select(pl.any_horizontal(pl.lit(False), *differ)).to_series().arg_true()
    if len(relieved):
        eased = _outcomes(rows[[f"{name}_status" for name in names]][relieved], names, "status", rule)
        school = school.scatter(relieved, _together(school[relieved], eased))
    return rows.with_columns(school.alias("_school"))


def _together(plain: pl.Series, eased: pl.Series) -> pl.Series:
    """The status of sections by their outcomes without and with reliefs."""
    return pl.select(
        pl.when(plain == PASS)
        .then(plain)
        .when(eased == PASS)
        .then(pl.lit(RELIEVED, pl.UInt8))
        .otherwise(eased)
    ).to_series()


def _outcomes(rows: pl.DataFrame, names: list[str], suffix: str, rule: SchoolRule) -> pl.Series:
    columns = [pl.col(f"{name}_{suffix}") for name in names]
    unlisted = (rule.of or len(names)) - len(names)
    counts = rows.lazy().select(
        pl.sum_horizontal((column == PASS) | (column == RELIEVED) for column in columns).alias("met"),
        (pl.sum_horizontal(column == UNKNOWN for column in columns) + unlisted).alias("unknown"),
        pl.any_horizontal(column == FAIL for column in columns).alias("short"),
    )
    failed = pl.col("short") | (pl.col("met") + pl.col("unknown") < rule.at_least)
    fail, unknown, passed = (pl.lit(code, pl.UInt8) for code in (FAIL, UNKNOWN, PASS))
    status = pl.when(failed).then(fail).when(pl.col("unknown") > 0).then(unknown).otherwise(passed)
    return counts.select(status.alias("_school")).collect(optimizations=AS_WRITTEN).to_series()


def lists(rows: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """The four lists of a section (`met`, `at_floor`, `short`, `unknown`: indicator ids), rows in order."""
    kinds = {"met": (PASS, RELIEVED), "at_floor": (FLOOR,), "short": (FAIL,), "unknown": (UNKNOWN,)}
    return rows.select(
        pl.concat_list(
            pl.when(pl.col(f"{name}_status").is_in(codes)).then(pl.lit(name)) for name in names
        ).list.drop_nulls().alias(kind)
        for kind, codes in kinds.items()
    ) if names else rows.select(pl.lit(None, pl.List(pl.String)).alias(kind) for kind in kinds)  # fmt: skip
