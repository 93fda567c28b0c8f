"""What people answered to an item."""

from __future__ import annotations

import polars as pl

from ...standard.model import Requirement
from ...standard.tests import Test


def spoken_of(item: Requirement, test: Test) -> tuple[str, ...]:
    """The ids under which people may answer a test."""
    return tuple(name for name in dict.fromkeys((test.id, test.id.split(".")[0], item.id)) if name)


def answers(judgements: pl.DataFrame, item: Requirement, test: Test) -> pl.DataFrame:
    """Judgement rows that speak of a test: by its own id, by its stem before a dot, or by its item's id where
    nobody answered it by its own. A `verified` answer stands in place of every other to the same question.

    Columns as `JUDGEMENT_SCHEMA` with `_county`, answered rows only.
    """
    if not judgements.height:
        return judgements
    own = [test.id, test.id.split(".")[0]] if test.id else [item.id]
    rows = judgements.filter(pl.col("answer").is_not_null() & pl.col("item").is_in([*own, item.id]))
    key = ["_county", "school_id", "stage"]
    if not rows.height:
        return rows
    direct = pl.col("item").is_in(own)
    verified = pl.col("source") == "verified"
    rows = rows.filter(direct | ~direct.any().over(key))
    return rows.filter(verified.fill_null(False) | ~verified.fill_null(False).any().over(key))
