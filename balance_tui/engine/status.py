"""The five words, and how they combine: fail > unknown > relieved > pass; not applicable is neutral.

Inside the engine a status is a small number whose order is that of the combination, so that combining is
taking the greatest. `floor` is a word of indicators only: below the standard, at or above the floor.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..language import Text

if TYPE_CHECKING:
    import polars as pl

NOT_APPLICABLE, PASS, RELIEVED, UNKNOWN, FAIL, FLOOR = range(6)

WORDS = ("not_applicable", "pass", "relieved", "unknown", "fail", "floor")

LABELS = {
    "pass": Text("达标", "pass"),
    "fail": Text("不达标", "fail"),
    "unknown": Text("未知", "unknown"),
    "not_applicable": Text("不适用", "not applicable"),
    "relieved": Text("过渡达标", "relieved"),
    "floor": Text("达85%线", "at the floor"),
}
MARKS = {"pass": "✓", "fail": "✗", "unknown": "?", "not_applicable": "–", "relieved": "~", "floor": "~"}


def combined(codes: Iterable[int]) -> int:
    """The status of a whole from those of its parts; of nothing, not applicable.

    >>> WORDS[combined([PASS, RELIEVED, NOT_APPLICABLE])]
    'relieved'
    """
    return max(codes, default=NOT_APPLICABLE)


def words(code: pl.Expr) -> pl.Expr:
    """A column of codes as the words."""
    import polars as pl

    return code.cast(pl.UInt8).replace_strict(list(range(6)), list(WORDS), return_dtype=pl.Enum(list(WORDS)))
