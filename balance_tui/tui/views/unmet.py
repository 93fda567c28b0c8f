"""Which indicators of a section are not met, told in a few cells where its figures may be out of sight."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ...engine.status import FAIL, FLOOR, MARKS, UNKNOWN, WORDS
from ...language import Text
from ...standard.model import Indicator
from ..table.sheet import Column

UNMET = Column(
    "short", Text("未达", "short"), least=5, most=11,
    note=Text(
        "未达标的指标: ✗ 低于底线, ~ 达底线, ? 未知",
        "indicators that are not met: ✗ below the floor, ~ at the floor, ? unknown",
    ),
)  # fmt: skip
"""A column of what `unmet` gives."""


def unmet(indicators: Sequence[Indicator]) -> pl.Expr:
    """The ids of the indicators that are not met, each with its mark (`L4~ L6✗`), as `short`; of rows that hold
    `<id>_status`."""
    told = [_unmet(each.id) for each in indicators] or [pl.lit("")]
    return pl.concat_str(told, separator=" ", ignore_nulls=True).alias("short")


def _unmet(name: str) -> pl.Expr:
    marked = {code: f"{name}{MARKS[WORDS[code]]}" for code in (FAIL, FLOOR, UNKNOWN)}
    return pl.col(f"{name}_status").replace_strict(marked, default=None, return_dtype=pl.String)
