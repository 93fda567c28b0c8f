"""Targets with a date: before it, what is not reached yet decides nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl

from ...standard.tests import Test
from ..context import Context
from ..prepare import Facts
from ..reasons import reason
from ..status import FAIL, NOT_APPLICABLE, UNKNOWN
from .outcome import Outcome


def not_yet_due(outcome: Outcome, test: Test, facts: Facts, context: Context) -> Outcome:
    """The outcome as it counts on the date of the evaluation: before `due` a limit that is missed or unknown is
    not applicable. A year is due from its first day on, a date from that day on."""
    if test.due is None:
        return outcome
    early = facts.keys.select("_county", _is_early(test.due, context).alias("_early"))
    rows = outcome.rows.join(early, on="_county", how="left", maintain_order="left")
    put_off = pl.col("_early") & pl.col("_status").is_in([FAIL, UNKNOWN])
    schools = outcome.failing.join(early.filter("_early"), on="_county", how="anti", maintain_order="left")
    return replace(
        outcome,
        rows=rows.with_columns(
            pl.when(put_off).then(pl.lit(NOT_APPLICABLE, pl.UInt8)).otherwise("_status").alias("_status"),
            pl.when(put_off).then(pl.lit(reason("due", test.due))).otherwise("reason").alias("reason"),
        ).drop("_early"),
        failing=pl.concat([schools, _relieved(outcome.failing, early)]),
    )


def _relieved(failing: pl.DataFrame, early: pl.DataFrame) -> pl.DataFrame:
    """Of counties that are early, the rows that do not speak of something put off."""
    mine = failing.join(early.filter("_early"), on="_county", how="semi", maintain_order="left")
    return mine.filter(~pl.col("_status").is_in([FAIL, UNKNOWN]))


def _is_early(due: int | dt.date, context: Context) -> pl.Expr:
    date = context.as_of_date()
    return date < due if isinstance(due, dt.date) else date.dt.year() < due
