"""Workbooks: every sheet as rows of values with its merged cells, after a check of what it unpacks to.

The archive is unpacked once by counting, before anything else reads it: the sizes it declares may
lie, and one cell in a far corner makes any reader allocate the rectangle between.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

import polars as pl
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

from ..errors import Place, readable
from .findings import Findings, rejection
from .headers import Header
from .tables import ROW, Grid, index_of, letter_of, number_text

MAX_UNPACKED = 1 << 30
MAX_ROWS = 2_000_000
MAX_CELLS = 40_000_000
MAX_MEMBERS = 10_000
HEAD_ROWS = 60

Cell = int | float | str | bool | time | date | datetime | timedelta | None

_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')
_ROW_START = re.compile(rb"<(?:\w+:)?row\b")
_BARE_CELL = re.compile(rb"<(?:\w+:)?c(?![^>]*\br=)[\s>]")
_ERROR_CELL = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>'
    rb"(?:<(?:\w+:)?f\b.*?(?:/>|</(?:\w+:)?f>))?<(?:\w+:)?v>([^<]*)</",
    re.DOTALL,
)
_EMPTY_FORMULA = re.compile(rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]*/>)</(?:\w+:)?c>")
_MEMBER = re.compile(r"^xl/worksheets/[^/]+\.xml$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: the grid its header is found in, and its rows (0-based as in the sheet)."""

    grid: Grid
    rows: list[list[Cell]]
    merges: tuple[tuple[int, int, int, int], ...]


@dataclass(slots=True)
class _Extent:
    rows: int = 0
    columns: int = 0
    empty_formulas: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)


_DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, LookupError, NotImplementedError,
)  # fmt: skip
"""What zipfile raises of an archive that is none, or no longer."""


def read_xlsx(path: Path, findings: Findings) -> list[Sheet]:
    """Every worksheet that holds a cell. Raises `InputRejected` for what is damaged, protected or too
    large; formulas without a computed value are counted in `findings`."""
    place = Place(str(path))
    extents = _checked(path, place)
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            return list(_sheets(workbook, path, extents, findings))
    except PasswordError:
        raise rejection("READ-PASSWORD", place) from None
    except (CalamineError, OSError, ValueError) as error:
        raise rejection("READ-BROKEN", place, reason=str(error)) from None
    except BaseException as error:
        # A panic of the native reader is no `Exception` and has no importable type.
        if type(error).__name__ != "PanicException":
            raise
        raise rejection("READ-BROKEN", place, reason=str(error).splitlines()[0]) from None


def _checked(path: Path, place: Place) -> list[_Extent]:
    """The extent of each sheet in workbook order, once the archive has been found harmless."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            declared = sum(member.file_size for member in members)
            if len(members) > MAX_MEMBERS:
                raise rejection("READ-BROKEN", place, reason=f"{len(members)} > {MAX_MEMBERS} members")
            if declared > MAX_UNPACKED:
                raise rejection("READ-TOO-LARGE", place, size=declared >> 20, limit=MAX_UNPACKED >> 20)
            found = _extents(archive, members, place)
            return [found.get(name, _Extent()) for name in _members(archive)]
    except _DAMAGE as error:
        raise rejection("READ-BROKEN", place, reason=str(error)) from None
    except RuntimeError:
        # zipfile says so of a member that is encrypted.
        raise rejection("READ-PASSWORD", place) from None


def _extents(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], place: Place) -> dict[str, _Extent]:
    left = MAX_UNPACKED
    extents: dict[str, _Extent] = {}
    for member in members:
        # Reading goes on beyond the limit to the true end of the data, whatever size is declared.
        true_size, member.file_size = member.file_size, left + (4 << 20)
        extent = _Extent()
        with archive.open(member) as stream:
            for chunk, size in _chunks(stream, bool(_MEMBER.match(member.filename))):
                left -= size
                if left < 0:
                    raise rejection(
                        "READ-TOO-LARGE", place, size=(MAX_UNPACKED - left) >> 20, limit=MAX_UNPACKED >> 20
                    )
                _measure(chunk, extent)
        member.file_size = true_size
        if _MEMBER.match(member.filename):
            _check_extent(extent, Place(place.file, sheet=member.filename))
            extents[member.filename] = extent
    return extents


def _chunks(stream: IO[bytes], is_sheet: bool) -> Iterator[tuple[bytes, int]]:
    """Blocks cut at the end of a cell, so that no tag falls between two; a block without such an end
    is passed on whole."""
    rest = b""
    while block := stream.read(1 << 20):
        if not is_sheet:
            yield b"", len(block)
            continue
        joined = rest + block
        cut = joined.rfind(b"</c>") + 4
        if cut < 4 and len(joined) < 16 << 20:
            rest = joined
            yield b"", len(block)
            continue
        cut = cut if cut >= 4 else len(joined)
        rest = joined[cut:]
        yield joined[:cut], len(block)
    yield rest, 0


def _measure(chunk: bytes, extent: _Extent) -> None:
    cells = set(_CELL.findall(chunk))
    if cells:
        extent.rows = max(extent.rows, max(int(row) for _, row in cells))
        extent.columns = max(extent.columns, *(index_of(name.decode()) + 1 for name in {c for c, _ in cells}))
    if bare := len(_BARE_CELL.findall(chunk)):
        # Cells without a reference count on from the one before: never more than there are.
        extent.columns = max(extent.columns, min(bare, 16384))
        extent.rows = max(extent.rows, len(_ROW_START.findall(chunk)))
    extent.empty_formulas += len(_EMPTY_FORMULA.findall(chunk))
    for letters, row, text in _ERROR_CELL.findall(chunk):
        extent.errors[int(row) - 1, index_of(letters.decode())] = text.decode("utf-8", "replace")


def _check_extent(extent: _Extent, place: Place) -> None:
    if extent.rows > MAX_ROWS:
        raise rejection("READ-TOO-MANY-ROWS", place, count=extent.rows, limit=MAX_ROWS)
    if extent.rows * extent.columns > MAX_CELLS:
        raise rejection("READ-TOO-MANY-CELLS", place, rows=extent.rows, columns=extent.columns)


def _sheets(
    workbook: CalamineWorkbook, path: Path, extents: list[_Extent], findings: Findings
) -> Iterator[Sheet]:
    for number, meta in enumerate(workbook.sheets_metadata):
        if meta.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_index(number)
        if sheet.end is None:
            continue
        rows: list[list[Cell]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
        if rows:
            extent = extents[number] if number < len(extents) else _Extent()
            if extent.empty_formulas:
                place = str(Place(str(path), sheet=sheet.name))
                findings.add("READ-FORMULA", place=place, count=extent.empty_formulas)
            yield _sheet(sheet, rows, readable(str(path)), extent.errors)


def _members(archive: zipfile.ZipFile) -> list[str]:
    """The archive member of each sheet, in the order of the workbook; empty where it does not say."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError):
        return []
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    sheets = [node for node in book.iter() if node.tag.endswith("}sheet")]
    ids = [next((node.attrib[name] for name in node.attrib if name.endswith("}id")), None) for node in sheets]
    return ["xl/" + targets.get(name, "").removeprefix("/xl/") for name in ids]


def _sheet(
    sheet: CalamineSheet, rows: list[list[Cell]], file: str, errors: dict[tuple[int, int], str]
) -> Sheet:
    width = max(map(len, rows))
    for (row, column), text in errors.items():
        if row < len(rows) and column < len(rows[row]) and rows[row][column] == "":
            rows[row][column] = text
    merges = tuple(
        (top, left, min(bottom, len(rows) - 1), min(right, width - 1))
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        if top < len(rows) and left < width
    )
    head = [[cell_text(cell) or "" for cell in row] for row in rows[:HEAD_ROWS]]
    return Sheet(Grid(file, sheet.name, head, len(rows), width, merges, letters=True), rows, merges)


def cell_text(cell: Cell) -> str | None:
    """A cell as text: numbers by their shortest digits, dates as ISO, blanks as None."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return number_text(cell) if isinstance(cell, int | float) else str(cell)


def frame_of(sheet: Sheet, header: Header) -> pl.DataFrame:
    """The rows below the header in columns `c0`, `c1`, ... with `ROW`: a column that holds only
    numbers and blanks as Float64, any other as text."""
    rows = sheet.rows[header.data :]
    _fill_names_down(sheet, header.data)
    series = [
        _series(column.name, [row[index] for row in rows]) for index, column in enumerate(header.columns)
    ]
    numbers = pl.Series(ROW, range(header.data + 1, header.data + 1 + len(rows)), dtype=pl.UInt32)
    return pl.DataFrame([numbers, *series])


def merged_figures(sheet: Sheet, first: int) -> list[str]:
    """Merged cells of data rows (0-based from `first`) that hold a figure: whose it is cannot be known, so all
    but the first cell stay blank."""
    held = (merge for merge in sheet.merges if merge[0] >= first)
    return [
        f"{letter_of(left)}{top + 1}:{letter_of(right)}{bottom + 1}"
        for top, left, bottom, right in held
        if not _is_name(value := sheet.rows[top][left]) and value not in (None, "")
    ]


def _is_name(value: Cell) -> bool:
    return isinstance(value, str) and bool(re.search(r"[^\W\d]", value))


def _fill_names_down(sheet: Sheet, first: int) -> None:
    """A name merged over several data rows belongs to each of them; a figure does not."""
    for top, left, bottom, _ in sheet.merges:
        value = sheet.rows[top][left]
        if top < first or bottom == top or not _is_name(value):
            continue
        for row in sheet.rows[top + 1 : bottom + 1]:
            row[left] = value


def _series(name: str, cells: list[Cell]) -> pl.Series:
    if all(isinstance(cell, float) or cell == "" for cell in cells):
        numbers = [cell if isinstance(cell, float) else None for cell in cells]
        return pl.Series(name, numbers, dtype=pl.Float64)
    return pl.Series(name, [cell_text(cell) for cell in cells], dtype=pl.String)
