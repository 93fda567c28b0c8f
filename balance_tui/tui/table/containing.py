"""Which rows hold a text, in any of their columns: as a polars expression over whole columns."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from typing import Any

import polars as pl

from ...engine.status import MARKS
from ..names import frame_pattern, pattern
from .frame_text import SEPARATOR, labels_of
from .sheet import Column
from .wording import statuses

Schema = Mapping[str, pl.DataType]


def containing(
    text: str, columns: Sequence[Column], schema: Schema, characters: Collection[str] | None = None
) -> pl.Expr:
    """Rows of which a text or word shown contains `text`, as written or by pinyin; where it is a mark, also those
    that show the mark. Never null."""
    wanted = pattern(text) if characters is None else frame_pattern(text, characters)
    held = [column_contains(column, schema, wanted) for column in columns]
    marked = [_shows_mark(column, schema, text) for column in columns]
    found = [expression.fill_null(False) for expression in (*held, *marked) if expression is not None]
    return reduce(pl.Expr.or_, found) if found else pl.lit(False)


def column_contains(column: Column, schema: Schema, wanted: str) -> pl.Expr | None:
    """Rows whose value in one column, as it is shown, matches a regular expression; None for columns of figures."""
    dtype = schema[column.key]
    if column.kind in ("figure", "bar") or dtype.is_float():
        return None
    labels = {code: label for code, label in labels_of(column, dtype).items() if _may_be(code, dtype)}
    if labels:
        matching = [code for code, label in labels.items() if re.search(wanted, label)]
        listed = is_one_of(column.key, matching, dtype)
        raw = text_of(column.key, dtype) if dtype == pl.String else None
        if raw is None:
            return listed
        return listed | (~is_one_of(column.key, list(labels), dtype) & raw.str.contains(wanted))
    raw = text_of(column.key, dtype)
    return None if raw is None else raw.str.contains(wanted)


def _may_be(code: Any, dtype: pl.DataType) -> bool:
    if isinstance(dtype, pl.Enum):
        return code in dtype.categories
    kinds: tuple[type, ...] = (str,) if dtype == pl.String else (bool,) if dtype == pl.Boolean else (int,)
    return isinstance(code, kinds) and not dtype.is_nested()


def is_one_of(key: str, codes: Sequence[Any], dtype: pl.DataType) -> pl.Expr:
    """Rows that hold one of these codes; codes that the type cannot hold are no one's."""
    possible = [code for code in codes if _may_be(code, dtype)]
    return pl.col(key).is_in(pl.Series(possible, dtype=dtype).implode())


def text_of(key: str, dtype: pl.DataType) -> pl.Expr | None:
    """A column as text, as `plain_text` writes it; None for figures and nested values."""
    column = pl.col(key)
    if dtype == pl.String:
        return column
    if dtype.is_integer() or isinstance(dtype, pl.Enum | pl.Categorical):
        return column.cast(pl.String)
    if dtype == pl.Date:
        return column.dt.to_string("%Y-%m-%d")
    return column.list.join(str(SEPARATOR)) if dtype == pl.List(pl.String) else None


def _shows_mark(column: Column, schema: Schema, text: str) -> pl.Expr | None:
    if text not in MARKS.values() or column.mark not in schema:
        return None
    return is_one_of(column.mark, statuses(text), schema[column.mark])
