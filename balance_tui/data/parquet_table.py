"""Parquet: columns in their own types, one header row, no cells to guess at."""

from __future__ import annotations

import mmap
from pathlib import Path

import polars as pl

from ..errors import Place, readable
from .findings import rejection
from .headers import key_of
from .parquet_guard import MAX_ROWS, Unsound, check_parquet
from .tables import MAX_COLUMNS, ROW, Column, RawTable


def read_parquet(path: Path) -> RawTable:
    """The file as a table; numbers stay as they are. Raises `InputRejected` where it is damaged."""
    place = Place(str(path))
    check(path)
    try:
        count = len(pl.read_parquet_schema(path))
        if count > MAX_COLUMNS:
            raise rejection("READ-TOO-MANY-COLUMNS", place, count=count, limit=MAX_COLUMNS)
        frame = pl.read_parquet(path, glob=False, hive_partitioning=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise rejection("READ-BROKEN", place, reason=str(error).splitlines()[0]) from None
    return table_of(path, numbered(frame.lazy()).collect())


def numbered(frame: pl.LazyFrame, first: int = 1) -> pl.LazyFrame:
    """The frame with its rows numbered from `first` on in `ROW`; a column of the file that bears that name keeps it as
    a header (blanks are no part of one)."""
    taken = ROW in frame.collect_schema().names()
    return (frame.rename({ROW: f"{ROW} "}) if taken else frame).with_row_index(ROW, first)


def table_of(path: Path, frame: pl.DataFrame) -> RawTable:
    """Rows of the file at `path` as a table; `ROW` holds their numbers, other columns are the file's."""
    rows, frame = frame[ROW], frame.drop(ROW)
    columns = tuple(
        Column(f"c{index}", "", header, key_of(header)) for index, header in enumerate(frame.columns)
    )
    named = frame.rename(dict(zip(frame.columns, (column.name for column in columns), strict=True)))
    named = named.insert_column(0, rows.cast(pl.UInt32))
    return RawTable(readable(str(path)), None, columns, _decategorised(named))


def check(path: Path) -> None:
    """Raises `InputRejected` where the file contradicts itself or has more rows than can be meant."""
    place = Place(str(path))
    try:
        with (
            path.open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
            memoryview(mapped) as data,
        ):
            rows = check_parquet(data)
    except (Unsound, OSError, ValueError) as error:
        raise rejection("READ-BROKEN", place, reason=str(error)) from None
    if rows > MAX_ROWS:
        raise rejection("READ-TOO-MANY-ROWS", place, count=rows, limit=MAX_ROWS)


def _decategorised(frame: pl.DataFrame) -> pl.DataFrame:
    texts = [name for name, dtype in frame.schema.items() if dtype in (pl.Categorical, pl.Enum)]
    return frame.with_columns(pl.col(texts).cast(pl.String)) if texts else frame
