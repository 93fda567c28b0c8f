"""The five words, and how they combine: fail > unknown > relieved > pass; not applicable is neutral.

Inside the engine a status is a small number whose order is that of the combination, so that combining is
taking the greatest. `floor` is a word of indicators only: below the standard, at or above the floor.
"""

from __future__ import annotations

import polars as pl

from ..language import Text

NOT_APPLICABLE, PASS, RELIEVED, UNKNOWN, FAIL, FLOOR = range(6)

WORDS = ("not_applicable", "pass", "relieved", "unknown", "fail", "floor")
"""The word of each code, by its position."""

WORD = pl.Enum(WORDS)
"""The polars type of a column of words."""

LABELS = {
    "pass": Text("达标", "pass"),
    "fail": Text("不达标", "fail"),
    "unknown": Text("未知", "unknown"),
    "not_applicable": Text("不适用", "not applicable"),
    "relieved": Text("过渡达标", "relieved"),
    "floor": Text("达底线", "at the floor"),
}
"""What a person reads; the floor is whatever share of the limit the school rule or the limit itself names."""

MARKS = {"pass": "✓", "fail": "✗", "unknown": "?", "not_applicable": "–", "relieved": "~", "floor": "~"}


def words(code: pl.Expr) -> pl.Expr:
    """A column of codes as the words, of type `WORD`."""
    return code.cast(pl.UInt8).replace_strict(list(range(len(WORDS))), list(WORDS), return_dtype=WORD)
