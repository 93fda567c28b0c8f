"""A whole column read into its field's type: clean cells at once, odd ones through `numbers`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby

import polars as pl

from .dictionary import CODES, Field, dtype_of
from .findings import Findings
from .numbers import FACTORS, MISSING, Reading, Value, read_value
from .tables import number_text

SHOWN_PROBLEMS = 50
"""How many cells of one column are named one by one for one code; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell that could not be read as it stands: its row index in the column."""

    index: int
    code: str
    value: str


def read_column(
    column: pl.Series,
    field: Field,
    values: Mapping[str, Value] | None = None,
    unit: str | None = None,
) -> tuple[pl.Series, list[Problem]]:
    """The column in `dtype_of(field)`, named after the field, and what is wrong with it.

    `values` are a mapping's own translations (source text → value), `unit` the unit it declares.
    """
    if values or (unit and (field.unit, unit) in FACTORS):
        series, problems = _by_distinct(as_text(column), field, values or {}, unit)
    elif field.kind in ("number", "integer"):
        series, problems = _numbers(column, field)
    elif field.kind == "boolean" and column.dtype == pl.Boolean:
        series, problems = column, []
    elif field.kind == "text":
        series, problems = _text(as_text(column)), []
    else:
        series, problems = _words(as_text(column), field)
    return series.alias(field.code), problems


def as_text(column: pl.Series) -> pl.Series:
    """Any column as text: whole numbers without `.0`, other floats by their shortest digits."""
    if column.dtype == pl.String:
        return column
    if column.dtype.is_float():
        whole = column.is_finite() & (column == column.floor()) & (column.abs() < 2**53)
        if whole.fill_null(True).all():
            return column.cast(pl.Int64).cast(pl.String)
        return pl.Series(column.name, [number_text(v) for v in column.to_list()], dtype=pl.String)
    if column.dtype == pl.Binary:  # text of a writer that does not say so
        texts = [
            None if value is None else value.decode("utf-8", "backslashreplace") for value in column.to_list()
        ]
        return pl.Series(column.name, texts, dtype=pl.String)
    if column.dtype.is_nested() or column.dtype in (pl.Object, pl.Duration):
        texts = [None if value is None else str(value) for value in column.to_list()]
        return pl.Series(column.name, texts, dtype=pl.String)
    return column.cast(pl.String)


def _text(column: pl.Series) -> pl.Series:
    stripped = column.str.strip_chars(" \t\r\n　 ")
    missing = stripped.str.to_lowercase().is_in(list(MISSING | {"－", "／"}))
    return stripped.set(missing.fill_null(False), None)


def _numbers(column: pl.Series, field: Field) -> tuple[pl.Series, list[Problem]]:
    if not (column.dtype.is_numeric() or column.dtype == pl.String or column.dtype == pl.Null):
        column = as_text(column)
    clean = column.cast(pl.Float64, strict=False)
    odd = column.is_not_null() & (clean.is_null() | ~clean.is_finite() | _out_of_bounds(clean, field))
    indices = odd.arg_true()
    problems: list[Problem] = []
    if len(indices):
        readings = _readings(as_text(column.gather(indices)).to_list(), field, None)
        clean = clean.scatter(indices, [reading.value for reading, _ in readings])
        problems = _problems(indices.to_list(), readings)
    target = dtype_of(field)
    return (clean if target == pl.Float64() else clean.cast(target)), problems


def _out_of_bounds(clean: pl.Series, field: Field) -> pl.Series:
    """Cells that need the exact reader: near or beyond a bound, or broken where whole is asked."""
    odd = pl.repeat(False, len(clean), eager=True)
    if field.low is not None:
        odd = odd | (clean < float(field.low))
    if field.high is not None:
        odd = odd | (clean > float(field.high))
    if field.kind == "integer":
        odd = odd | (clean != clean.floor())
    return odd.fill_null(False)


def _readings(texts: list[str | None], field: Field, unit: str | None) -> list[tuple[Reading, str]]:
    read = cache(lambda text: read_value(text, field, unit))
    return [(read(text), text or "") for text in texts]


def _problems(indices: list[int], readings: list[tuple[Reading, str]]) -> list[Problem]:
    return [
        Problem(index, reading.code, text)
        for index, (reading, text) in zip(indices, readings, strict=True)
        if reading.code
    ]


def _words(column: pl.Series, field: Field) -> tuple[pl.Series, list[Problem]]:
    """Codes and yes/no: only distinct values are looked at one by one."""
    distinct = column.unique().drop_nulls()
    known = CODES.get(field.code, {})
    if field.kind == "code" and distinct.is_in(list(known)).all():
        return column, []
    return _mapped(column, distinct, dtype_of(field), lambda text: read_value(text, field))


def _by_distinct(
    column: pl.Series, field: Field, values: Mapping[str, Value], unit: str | None
) -> tuple[pl.Series, list[Problem]]:
    own = {text.strip(): read_value(str(value), field).value for text, value in values.items()}

    def read(text: str) -> Reading:
        if text.strip() in own:
            return Reading(own[text.strip()])
        return read_value(text, field, unit)

    return _mapped(column, column.unique().drop_nulls(), dtype_of(field), read)


def _mapped(
    column: pl.Series, distinct: pl.Series, dtype: pl.DataType, read: Callable[[str], Reading]
) -> tuple[pl.Series, list[Problem]]:
    readings = {text: read(text) for text in distinct.to_list()}
    series = column.replace_strict(
        pl.Series(list(readings), dtype=pl.String),
        pl.Series([reading.value for reading in readings.values()], dtype=dtype, strict=False),
        default=None,
        return_dtype=dtype,
    )
    bad = [text for text, reading in readings.items() if reading.code]
    indices = column.is_in(bad).fill_null(False).arg_true() if bad else pl.Series([], dtype=pl.UInt32)
    pairs = [(readings[text], text) for text in column.gather(indices).to_list()]
    return series, _problems(indices.to_list(), pairs)


def report(
    problems: list[Problem],
    field: Field,
    findings: Findings,
    where: Callable[[int], Mapping[str, object]],
    place: Callable[[int], str],
) -> None:
    """Add the problems of one column to `findings`. `where` gives keys, school and stage of a row
    index; `place` its cell. Beyond `SHOWN_PROBLEMS` of one code the rest are counted in one finding."""
    ordered = sorted(problems, key=lambda problem: (problem.code, problem.index))
    for code, group in groupby(ordered, key=lambda problem: problem.code):
        cells = list(group)
        for cell in cells[:SHOWN_PROBLEMS]:
            findings.add(
                code, where=where(cell.index), field=field.code, value=cell.value, place=place(cell.index),
                label=field.label, unit=field.unit_text,
            )  # fmt: skip
        if rest := cells[SHOWN_PROBLEMS:]:
            more = "NUM-UNIT-MORE" if code == "NUM-UNIT" else "NUM-MORE"
            findings.add(
                more, field=field.code, fields=(), value=rest[0].value, place=place(rest[0].index),
                label=field.label, count=len(rest), example=rest[0].value,
            )  # fmt: skip
