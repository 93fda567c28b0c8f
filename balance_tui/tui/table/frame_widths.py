"""How wide the columns of a frame would like to be, without looking at every row in Python.

A small frame is measured exactly. Of a large one a sample is, with the values most likely to be widest: the longest
text, the greatest and the least number.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from ..cells import shown, width
from .containing import text_of
from .frame_text import labels_of, writer
from .sheet import Column
from .tree import Tree

EXACT = 2_000
"""Rows up to which every value counts."""

SAMPLE = 4_000
_CANDIDATES = 128
_ALL_LABELS = 40


def natural_widths(
    frame: pl.DataFrame, columns: Sequence[Column], tree: Tree | None = None
) -> tuple[int, ...]:
    """The cells each column would take, heading and mark included, within its bounds; one that stretches may ask for
    more than `most`. The first column of a tree is moved in by what each row is."""
    names = (name for column in columns for name in (column.key, column.mark) if name in frame.columns)
    frame = frame.select(list(dict.fromkeys(names)))
    sample = _sample(frame)
    contents = [_content(frame, sample, column) for column in columns]
    if tree and contents:
        contents[0] = _moved_in(frame, columns[0], tree)
    return tuple(_bounded(column, content, frame) for column, content in zip(columns, contents, strict=True))


def _sample(frame: pl.DataFrame) -> pl.DataFrame:
    return frame if frame.height <= EXACT else frame.gather_every(-(-frame.height // SAMPLE))


def _moved_in(frame: pl.DataFrame, column: Column, tree: Tree) -> int:
    parts = [frame.filter(tree.depths == depth) for depth in range(tree.deepest + 1)]
    return max(_content(part, _sample(part), column) + tree.indent(depth) for depth, part in enumerate(parts))


def _heading(column: Column) -> int:
    return max(width(shown(str(column.title))), width(shown(str(column.under))))


def _bounded(column: Column, content: int, frame: pl.DataFrame) -> int:
    needed = max(_heading(column), content + (1 if column.mark in frame.columns else 0), column.least)
    return needed if column.stretch else min(needed, column.most)


def _content(frame: pl.DataFrame, sample: pl.DataFrame, column: Column) -> int:
    if not frame.height:
        return 0
    if column.kind == "bar":
        return column.most
    values = frame[column.key]
    dtype = values.dtype
    write = writer(column, dtype)
    lacking = width(write(None)) if values.null_count() else 0
    labels = labels_of(column, dtype)
    if labels or isinstance(dtype, pl.Enum | pl.Boolean):
        found = map(write, _codes(values, sample[column.key], list(labels)))
    elif dtype.is_numeric():
        found = map(write, _numbers(values, sample[column.key], column))
    else:
        found = map(write, _texts(frame, sample, column.key, dtype))
    return max([lacking, *map(width, found)])


def _codes(values: pl.Series, sample: pl.Series, codes: list[Any]) -> list[Any]:
    """The codes that occur; of a large frame those that may."""
    if len(values) <= EXACT or isinstance(values.dtype, pl.Enum | pl.Boolean):
        return values.unique().to_list()
    return codes if 0 < len(codes) <= _ALL_LABELS else sample.unique().to_list()


def _numbers(values: pl.Series, sample: pl.Series, column: Column) -> Iterable[Any]:
    """The numbers that may be widest: of a fixed number of decimals the least and the greatest."""
    yield from _extremes(values)
    if column.kind != "figure":
        written = sample.to_frame("v").select("v", size=pl.col("v").cast(pl.String).str.len_bytes())
        yield from written.top_k(_CANDIDATES, by="size")["v"]


def _extremes(values: pl.Series) -> tuple[Any, Any]:
    ends = values.min(), values.max()
    if any(isinstance(end, float) and math.isinf(end) for end in ends):
        finite = values.filter(values.is_finite())
        return finite.min(), finite.max()
    return ends


def _texts(frame: pl.DataFrame, sample: pl.DataFrame, key: str, dtype: pl.DataType) -> Iterable[Any]:
    """The texts that may be widest. Half of bytes and characters together is never less than the cells of a text that
    is printable: 1 byte 1 cell, 2 bytes 1, 3 and 4 bytes 2."""
    text = text_of(key, dtype)
    if text is None:
        return sample[key].head(_CANDIDATES).to_list()
    cells = text.str.len_bytes() + text.str.len_chars() + 20 * text.str.count_matches(r"\p{C}")
    widest = sample.select(pl.col(key), size=cells).top_k(_CANDIDATES, by="size")[key].to_list()
    if sample.height < frame.height:
        widest.append(frame.select(pl.col(key).get(text.str.len_bytes().arg_max(), null_on_oob=True)).item())
    return widest
