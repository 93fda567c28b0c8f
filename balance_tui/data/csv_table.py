"""Delimited text: UTF-8, UTF-8 with BOM, UTF-16 with BOM or GB18030; comma, tab or semicolon."""

from __future__ import annotations

import csv
import io
from itertools import islice
from pathlib import Path

import polars as pl

from ..errors import BalanceError, Place, readable
from .files import read_bytes
from .findings import rejection
from .tables import MAX_COLUMNS, ROW, Grid

HEAD_ROWS = 60
MAX_BYTES = 4 << 30
_HEAD_CHARACTERS = 8 << 20
_DELIMITERS = ",\t;"


def read_csv(path: Path) -> tuple[Grid, pl.DataFrame, pl.Series]:
    """The first rows for finding the header, all rows as text in columns `c0`, `c1`, ... with `ROW`, and how
    many cells each of them has; blank cells are null. Raises `InputRejected` with offset or line."""
    place = Place(str(path))
    if path.stat().st_size > MAX_BYTES:
        raise rejection("READ-TOO-LARGE", place, size=path.stat().st_size >> 20, limit=MAX_BYTES >> 20)
    text, data = decode(read_bytes(path), place)
    if "\n" not in text:
        # Line ends of the old Macintosh, which no parser here knows.
        text, data = text.replace("\r", "\n"), data.replace(b"\r", b"\n")
    if not text.strip("\r\n\t ,;"):
        raise rejection("READ-EMPTY", place)
    delimiter = sniff(text)
    head = _head(text, delimiter, place)
    width = max(map(len, head))
    if width > MAX_COLUMNS:
        raise rejection("READ-TOO-MANY-COLUMNS", place, count=width, limit=MAX_COLUMNS)
    frame = _frame(data, text, delimiter, width, place)
    padded = [row + [""] * (frame.width - len(row)) for row in head]
    grid = Grid(readable(str(path)), None, padded, frame.height, frame.width)
    numbered = frame.with_row_index(ROW, 1).with_columns(pl.col(ROW).cast(pl.UInt32))
    return grid, numbered, _cells(text, delimiter)


def decode(data: bytes, place: Place) -> tuple[str, bytes]:
    """The text and its UTF-8 bytes without a BOM."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _decoded(data, "utf-16", place)
        return text, text.encode("utf-8", "surrogatepass")
    data = data.removeprefix(b"\xef\xbb\xbf")
    if (offset := data.find(b"\0")) >= 0:
        raise rejection("READ-NUL", _line(place, data, offset), offset=offset)
    try:
        return data.decode("utf-8"), data
    except UnicodeDecodeError as error:
        if _is_broken_utf8(data[: error.start]):
            raise rejection("READ-ENCODING", _line(place, data, error.start), offset=error.start) from None
    text = _decoded(data, "gb18030", place)
    return text, text.encode("utf-8")


def _is_broken_utf8(sound: bytes) -> bool:
    """True where what precedes the bad byte holds so much sound UTF-8 that it cannot be GB18030:
    otherwise one broken byte would turn a whole file into other characters."""
    return sum(character > "\x7f" for character in sound.decode("utf-8")) >= 8


def _decoded(data: bytes, encoding: str, place: Place) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise rejection("READ-ENCODING", _line(place, data, error.start), offset=error.start) from None


def _line(place: Place, data: bytes, offset: int) -> Place:
    return Place(place.file, line=data.count(b"\n", 0, offset) + 1)


def sniff(text: str) -> str:
    """The delimiter that stands most often outside quotes in the first lines; comma where none does."""
    outside = "".join(text[:65536].split('"')[::2])
    first = "\n".join(islice((line for line in outside.splitlines() if line.strip()), 30))
    return max(_DELIMITERS, key=lambda delimiter: (first.count(delimiter), delimiter == ","))


def _head(text: str, delimiter: str, place: Place) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text[:_HEAD_CHARACTERS], newline=""), delimiter=delimiter)
    try:
        return list(islice(reader, HEAD_ROWS))
    except csv.Error as error:
        raise rejection("READ-CSV", Place(place.file, line=reader.line_num), reason=str(error)) from None


def _frame(data: bytes, text: str, delimiter: str, width: int, place: Place) -> pl.DataFrame:
    try:
        return _parsed(data, delimiter, width)
    except pl.exceptions.PolarsError as error:
        wider = _wider(text, delimiter, width, place)
        if wider <= width:
            raise _unsound(error, text, delimiter, place) from None
    try:
        return _parsed(data, delimiter, wider)
    except pl.exceptions.PolarsError as error:
        raise _unsound(error, text, delimiter, place) from None


def _unsound(error: pl.exceptions.PolarsError, text: str, delimiter: str, place: Place) -> BalanceError:
    """The rejection with the line on which the record begins that a strict reader cannot end."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for _ in reader:
            start = reader.line_num + 1
    except csv.Error as unsound:
        return rejection("READ-CSV", Place(place.file, line=start), reason=str(unsound))
    return rejection("READ-CSV", place, reason=str(error).splitlines()[0][:120])


def _cells(text: str, delimiter: str) -> pl.Series:
    """How many cells each record has."""
    lines = pl.Series("cells", text.split("\n"), dtype=pl.String)
    if (lines.str.count_matches('"', literal=True) % 2 == 1).any():
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return pl.Series("cells", [len(row) for row in reader], dtype=pl.UInt32)
    return lines.str.replace_all('"[^"]*"', "").str.count_matches(delimiter, literal=True) + 1


def _parsed(data: bytes, delimiter: str, width: int) -> pl.DataFrame:
    # The parser takes the width of a file from its first line, which may be a title: a line of blanks
    # goes before it and is cut off again.
    blanks = (delimiter * (width - 1) or '""').encode() + b"\n"
    return pl.read_csv(
        io.BytesIO(blanks + data),
        has_header=False,
        separator=delimiter,
        schema={f"c{index}": pl.String for index in range(width)},
        infer_schema=False,
        null_values=[""],
    ).slice(1)


def _wider(text: str, delimiter: str, width: int, place: Place) -> int:
    """The width with trailing blank cells; a longer row with text in it is rejected with its line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    widest = width
    try:
        for row in reader:
            if any(cell.strip() for cell in row[width:]):
                line = Place(place.file, line=reader.line_num)
                raise rejection("READ-RAGGED", line, count=len(row), width=width)
            widest = max(widest, len(row))
    except csv.Error as error:
        raise rejection("READ-CSV", Place(place.file, line=reader.line_num), reason=str(error)) from None
    return widest if widest <= MAX_COLUMNS else width
