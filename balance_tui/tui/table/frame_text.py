"""What a value of a frame is as text: short and safe on the screen, full where it is copied."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from ...data.dictionary import CODES
from ...engine.figures import NOTHING, figure, plain
from ...engine.status import LABELS, MARKS, WORD
from ...language import Text, language_in_use
from ..cells import Ambiguous, ambiguous_in_use, shown
from ..theme import STYLES
from .sheet import Cell, Column

YES_NO = {True: Text("是", "yes"), False: Text("否", "no")}
SEPARATOR = Text("、", ", ")
WARNING = "!"
"""The mark of a reported figure that a check has a word about."""
CORRECTED = "*"
"""The mark of a figure that somebody corrected."""
_EIGHTHS = " ▏▎▍▌▋▊▉"

Face = tuple[str, Ambiguous]
"""What the text of a cell depends on besides its value: the language and the width of ambiguous characters."""


def face() -> Face:
    """The language and width in use."""
    return language_in_use(), ambiguous_in_use()


def is_words(column: Column) -> bool:
    """Whether the column holds the words of a status and nothing else is said of them."""
    return column.kind == "word" and column.words is None


def words_of(column: Column, dtype: pl.DataType) -> Mapping[Any, Text]:
    """The labels of a column's codes, in their order; none for free text and numbers."""
    if column.words is not None:
        return column.words
    if column.kind == "word" or dtype == WORD:
        return LABELS
    if dtype == pl.Boolean:
        return YES_NO
    return CODES.get(column.key, {}) if dtype == pl.String else {}


def labels_of(column: Column, dtype: pl.DataType) -> dict[Any, str]:
    """What is shown for each code of a column: its label, a word with its mark before it. Without `words` a coded
    field of the dictionary is shown as it stands."""
    if column.words is None and column.kind != "word" and dtype == pl.String:
        return {}
    labels = {code: str(label) for code, label in words_of(column, dtype).items()}
    if column.kind != "word":
        return labels
    if column.mark_only:
        return {code: MARKS.get(code, label) for code, label in labels.items()}
    return {code: f"{MARKS[code]} {label}" if code in MARKS else label for code, label in labels.items()}


def plain_text(value: Any) -> str:
    """Any value as it stands in the data, numbers without an exponent."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(YES_NO[value])
    if isinstance(value, int | float | Decimal):
        return plain(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return str(SEPARATOR).join(map(plain_text, value))
    return str(value)


def full_text(column: Column, dtype: pl.DataType, value: Any) -> str:
    """A value as it is copied: the full number, text as it is in the data, codes and words as their label."""
    if value is None:
        return NOTHING if _lacks_visibly(column, dtype) else ""
    coded = column.words is not None or column.kind == "word" or dtype == WORD
    labels = {code: str(label) for code, label in words_of(column, dtype).items()} if coded else {}
    return _labelled(value, labels)


def writer(column: Column, dtype: pl.DataType) -> Callable[[Any], str]:
    """The function that writes a column's values for the screen, in the language now in use."""
    if column.kind == "bar":
        return lambda share: bar(share, column.most)
    if column.kind == "figure" and dtype.is_numeric():
        return lambda value: shown(figure(value, column.decimals))
    if column.kind == "plain" and dtype.is_numeric():
        return lambda value: shown(plain(value))
    labels = labels_of(column, dtype)
    lacking = shown(NOTHING) if _lacks_visibly(column, dtype) else ""

    return lambda value: lacking if value is None else shown(_labelled(value, labels))


def _labelled(value: Any, labels: Mapping[Any, str]) -> str:
    if isinstance(value, list):
        return str(SEPARATOR).join(_labelled(each, labels) for each in value)
    label = None if isinstance(value, dict) else labels.get(value)
    return plain_text(value) if label is None else label


def _lacks_visibly(column: Column, dtype: pl.DataType) -> bool:
    return column.kind in ("figure", "plain", "bar") or dtype.is_numeric() or dtype == pl.Boolean


def bar(share: float | None, cells: int) -> str:
    """A share of 0 to 1 as a bar of at most so many cells; more than nothing is never shown as nothing.

    >>> bar(0.5, 4), bar(1.2, 4), bar(0.001, 4), bar(0, 4), bar(None, 4)
    ('██', '████', '▏', '', '—')
    """
    if share is None or math.isnan(share):
        return shown(NOTHING)
    eighths = round(min(max(share, 0.0), 1.0) * cells * 8)
    whole, part = divmod(max(eighths, 1 if share > 0 else 0), 8)
    return shown("█" * whole + (_EIGHTHS[part] if part else ""))


CellMaker = Callable[[tuple[Any, ...]], Cell]


def cell_maker(column: Column, schema: pl.Schema, at: Mapping[str, int], style: str) -> CellMaker:
    """The function that makes a column's cell from a row, `at` saying where in the row each name stands."""
    write, own = writer(column, schema[column.key]), at[column.key]
    row_style = at[style] if style else None
    if column.mark in at:
        return _marked(write, own, at[column.mark], row_style)
    if column.kind == "word":
        return lambda row: Cell(write(row[own]), "", _style(row, own) or _style(row, row_style))
    if column.kind == "bar":
        return lambda row: Cell(write(row[own]), "", "bar")
    return lambda row: Cell(write(row[own]), "", _style(row, row_style))


def _marked(write: Callable[[Any], str], own: int, mark: int, row_style: int | None) -> CellMaker:
    marks = {
        word: shown(sign) for word, sign in (*MARKS.items(), ("warning", WARNING), ("corrected", CORRECTED))
    }
    return lambda row: Cell(
        write(row[own]), marks.get(row[mark], ""), _style(row, mark) or _style(row, row_style)
    )


def _style(row: tuple[Any, ...], index: int | None) -> str:
    name = "" if index is None else row[index]
    return name if name in STYLES else ""
