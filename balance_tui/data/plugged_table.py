"""Files of a platform that a plugin reads: tables of text, whose headers are then settled like any other's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from ..errors import Place, readable
from ..plugins import shelf
from .files import read_head
from .findings import rejection
from .headers import key_of
from .tables import MAX_COLUMNS, ROW, Column, RawTable


def is_plugged(path: Path) -> bool:
    """Whether a usable plugin reads files that end as this one does."""
    return path.suffix.lower() in shelf.plugged_suffixes()


def read_plugged(path: Path) -> Iterator[RawTable]:
    """The tables that the plugin finds in the file, rows counted from 1. Raises `InputRejected` where the file is at
    fault, or the plugin."""
    from ..plugins.hosting import read_platform_file

    read_head(path)
    for name, frame in read_platform_file(path).items():
        yield _table(path, name, frame)


def _table(path: Path, name: str, frame: pl.DataFrame) -> RawTable:
    file = readable(str(path))
    if frame.width > MAX_COLUMNS:
        place = Place(file, sheet=name)
        raise rejection("READ-TOO-MANY-COLUMNS", place, count=frame.width, limit=MAX_COLUMNS)
    columns = tuple(Column(f"c{n}", "", header, key_of(header)) for n, header in enumerate(frame.columns))
    plain = frame.rename({column.header: column.name for column in columns}).with_row_index(ROW, 1)
    return RawTable(file, name, columns, plain)
