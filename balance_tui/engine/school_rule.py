"""Whether a school section reaches the standard as a whole: k of n indicators met, the rest at the floor."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import polars as pl

from ..standard.model import SchoolRule
from .context import Context
from .plans import picked
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
    plain = context.once(("school rule", "plain"), lambda: _outcomes(names, "plain", rule))
    school = picked(rows, *plain)["_school"]
    eased_names = [name for name in names if f"{name}_relief" in rows.columns]
    differ = context.once(("school rule", "differ"), lambda: _differ(eased_names))
    relieved = picked(rows, [differ])["_differ"].arg_true()
    if len(relieved):
        steps = context.once(("school rule", "status"), lambda: _outcomes(names, "status", rule))
        eased = picked(rows[[f"{name}_status" for name in names]][relieved], *steps)["_school"]
        school = school.scatter(relieved, _together(school[relieved], eased))
    return rows.hstack([school])


def _differ(names: list[str]) -> pl.Expr:
    """Whether a relief changed the status of any of these indicators."""
    changed = [pl.col(f"{name}_plain") != pl.col(f"{name}_status") for name in names]
    return pl.any_horizontal(pl.lit(False), *changed).alias("_differ")


def _together(plain: pl.Series, eased: pl.Series) -> pl.Series:
    """The status of sections by their outcomes without and with reliefs."""
    both = pl.DataFrame([plain.alias("plain"), eased.alias("eased")])
    code = (
        pl.when(pl.col("plain") == PASS).then("plain")
        .when(pl.col("eased") == PASS).then(pl.lit(RELIEVED, pl.UInt8))
        .otherwise("eased")
    )  # fmt: skip
    return picked(both, [code.alias("_school")])["_school"]


def _outcomes(names: list[str], suffix: str, rule: SchoolRule) -> tuple[list[pl.Expr], list[pl.Expr]]:
    """What is counted of a section, and its status by that, as `_school`."""
    columns = [pl.col(f"{name}_{suffix}") for name in names]
    unlisted = (rule.of or len(names)) - len(names)
    counts = [
        pl.sum_horizontal((column == PASS) | (column == RELIEVED) for column in columns).alias("met"),
        (pl.sum_horizontal(column == UNKNOWN for column in columns) + unlisted).alias("unknown"),
        pl.any_horizontal(column == FAIL for column in columns).alias("short"),
    ]
    failed = pl.col("short") | (pl.col("met") + pl.col("unknown") < rule.at_least)
    fail, unknown, passed = (pl.lit(code, pl.UInt8) for code in (FAIL, UNKNOWN, PASS))
    status = pl.when(failed).then(fail).when(pl.col("unknown") > 0).then(unknown).otherwise(passed)
    return counts, [status.alias("_school")]


def lists(rows: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """The four lists of a section (`met`, `at_floor`, `short`, `unknown`: indicator ids), rows in order."""
    return picked(rows, _lists(tuple(names))) if names else rows.select(_lists(()))


@cache
def _lists(names: tuple[str, ...]) -> list[pl.Expr]:
    kinds = {"met": (PASS, RELIEVED), "at_floor": (FLOOR,), "short": (FAIL,), "unknown": (UNKNOWN,)}
    if not names:
        return [pl.lit(None, pl.List(pl.String)).alias(kind) for kind in kinds]
    return [
        pl.concat_list(
            pl.when(pl.col(f"{name}_status").is_in(codes)).then(pl.lit(name)) for name in names
        ).list.drop_nulls().alias(kind)
        for kind, codes in kinds.items()
    ]  # fmt: skip
