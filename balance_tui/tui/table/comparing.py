"""`column operator value` of a filter as a polars expression, by what the column holds."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from ...data.dictionary import Field
from ...data.numbers import plain, read_boolean, read_number
from ...engine.status import WORD
from ...errors import UsageError
from ...language import Text
from ...standard.names import nearest
from ..names import frame_pattern, pattern
from .containing import column_contains, is_one_of
from .frame_text import words_of
from .sheet import Column
from .wording import folded, statuses

Schema = Mapping[str, pl.DataType]

ON_LIMIT = 1e-9
"""Within this a value is on its limit, as in the engine: 9 of 1000 pupils are not less than 0.9 per hundred."""

_UNKNOWN = frozenset("?？")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)


def filter_error(what: Text, mend: Text) -> UsageError:
    """A filter that cannot be read."""
    return UsageError("FILTER", what, mend)


def comparison(
    column: Column, operator: str, value: str, schema: Schema, characters: Collection[str] | None = None
) -> pl.Expr:
    """Rows whose value stands to `value` as `operator` (= < <= > >=) says; null where it is unknown.
    Errors: `FILTER`."""
    dtype = schema[column.key]
    if operator == "=":
        equal = _status_equal(column, value, schema)
        if equal is not None:
            return equal
        if value in _UNKNOWN or not value:
            return _is_unknown(column, dtype)
    if dtype.is_numeric():
        return _number(column, operator, value)
    if dtype == pl.Date:
        return _date(column, operator, value)
    if operator != "=":
        raise _only_equal(column)
    if dtype == pl.Boolean:
        return _yes_or_no(column, value)
    return _text(column, value, schema, characters)


def _status_equal(column: Column, value: str, schema: Schema) -> pl.Expr | None:
    """Where the column shows a status, or its mark: the rows with the status that `value` names."""
    words = statuses(value)
    if not words:
        return None
    if column.mark in schema:
        marked = is_one_of(column.mark, words, schema[column.mark])
        lacking = pl.col(column.mark).is_null() & _is_unknown(column, schema[column.key])
        return marked.fill_null(False) | lacking if "unknown" in words else marked
    dtype = schema[column.key]
    if dtype != WORD and (column.kind != "word" or column.words is not None):
        return None
    same = is_one_of(column.key, words, dtype)
    return same | pl.col(column.key).is_null() if "unknown" in words else same


def _is_unknown(column: Column, dtype: pl.DataType) -> pl.Expr:
    if dtype.is_float():
        return pl.col(column.key).fill_nan(None).is_null()
    return pl.col(column.key).is_null() | (pl.col(column.key) == "" if dtype == pl.String else False)


def _number(column: Column, operator: str, value: str) -> pl.Expr:
    unit = column.unit.zh
    reading = read_number(value, Field(column.key, column.title, "school", "", unit, "number"))
    if not isinstance(reading.value, int | float):
        raise filter_error(
            Text(f"“{value}”不是数", f"'{value}' is not a number"),
            Text(
                f"{_name(column, 0)} 与数比较, 或写 ? 查未知",
                f"compare {_name(column, 1)} with a number; ? finds unknown",
            ),
        )
    number, known = float(reading.value), pl.col(column.key).cast(pl.Float64).fill_nan(None)
    if operator == "=":
        return _shown_equal(known, number, _decimals(column, value))
    return {
        "<": known < number - ON_LIMIT,
        "<=": known <= number + ON_LIMIT,
        ">": known > number + ON_LIMIT,
        ">=": known >= number - ON_LIMIT,
    }[operator]


def _decimals(column: Column, value: str) -> int | None:
    """The decimals that count when a figure is asked for by its value; None for numbers shown as they are."""
    if column.kind != "figure":
        return None
    written = re.match(r"[+-]?[\d,]*\.?(\d*)", plain(value))
    return max(column.decimals, len(written[1]) if written else 0)


def _shown_equal(known: pl.Expr, number: float, decimals: int | None) -> pl.Expr:
    """Values shown as `number` is shown at so many decimals, rounded half away from zero as `figures.figure`."""
    if decimals is None:
        return (known - number).abs() <= ON_LIMIT
    half = float(Decimal(5).scaleb(-decimals - 1))
    slack = half * 1e-9 + abs(number) * 1e-15
    away = known if number >= 0 else -known
    least = abs(number) - half - slack if number else -half + slack
    return (away >= least) & (away < abs(number) + half - slack)


def _date(column: Column, operator: str, value: str) -> pl.Expr:
    written = plain(value)
    if not _DATE.fullmatch(written):
        raise filter_error(
            Text(f"“{value}”不是日期", f"'{value}' is not a date"),
            Text("请写成 YYYY、YYYY-MM 或 YYYY-MM-DD", "write YYYY, YYYY-MM or YYYY-MM-DD"),
        )
    date = pl.col(column.key).dt.to_string("%Y-%m-%d").str.slice(0, len(written))
    return {"=": date == written, "<": date < written, "<=": date <= written, ">": date > written, ">=": date >= written}[
        operator
    ]  # fmt: skip


def _yes_or_no(column: Column, value: str) -> pl.Expr:
    answer = read_boolean(value).value
    if isinstance(answer, bool):
        return pl.col(column.key) == answer
    return is_one_of(column.key, _codes(column, value, words_of(column, pl.Boolean())), pl.Boolean())


def _text(column: Column, value: str, schema: Schema, characters: Collection[str] | None) -> pl.Expr:
    dtype = schema[column.key]
    words = words_of(column, dtype)
    if words:
        return is_one_of(column.key, _codes(column, value, words), dtype)
    wanted = pattern(value) if characters is None else frame_pattern(value, characters)
    contains = column_contains(column, schema, wanted)
    if contains is None:
        raise filter_error(
            Text(f"{_name(column, 0)} 不能比较", f"{_name(column, 1)} cannot be compared"),
            Text("请用其他列", "use another column"),
        )
    return contains


def _codes(column: Column, value: str, words: Mapping[Any, Text]) -> list[Any]:
    """The codes that `value` is, or is the label of; else those whose label contains it, also by pinyin."""
    wanted = folded(value)
    exact = [code for code, label in words.items() if wanted in (folded(str(code)), *map(folded, label))]
    if exact:
        return exact
    close = [
        code for code, label in words.items() if any(re.search(pattern(value, each), each) for each in label)
    ]
    if close:
        return close
    listed = "、".join(label.zh for label in words.values()), ", ".join(label.en for label in words.values())
    raise filter_error(
        Text(f"{_name(column, 0)} 没有“{value}”", f"{_name(column, 1)} has no '{value}'"),
        nearest(value, [name for label in words.values() for name in label])
        or Text(f"可写: {_shortened(listed[0])}", f"write one of: {_shortened(listed[1])}"),
    )


def _shortened(text: str) -> str:
    return text if len(text) <= 120 else text[:119] + "…"


def _only_equal(column: Column) -> UsageError:
    return filter_error(
        Text(f"{_name(column, 0)} 没有大小", f"{_name(column, 1)} has no order"),
        Text("请用 = 或 !=", "use = or !="),
    )


def _name(column: Column, language: int) -> str:
    return column.title[language] or column.key
