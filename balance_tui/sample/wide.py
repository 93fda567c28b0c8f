"""The sample as a county really holds it: one workbook a stage, with merged headers and a total row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from .headers import HEADER_ROWS, STAGE_NAMES, Column, columns_of
from .model import CountyYear, Facts, Value
from .notice import NOTICE

if TYPE_CHECKING:
    from xlsxwriter.format import Format  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

CREATED = datetime(2025, 1, 1)
FULL_WIDTH = {ord("0") + digit: 0xFF10 + digit for digit in range(10)}
BLANKS = ("—", "", "-", "/")
"""How a missing number is left in real exports."""


def _as_typed(value: Value, row: int, column: int) -> Value:
    """A number as people type it: here and there with thousands commas, in full-width digits, or blank."""
    if value is None:
        return BLANKS[(row + column) % len(BLANKS)]
    if isinstance(value, int) and value >= 1000 and (row + column) % 7 == 0:
        return f"{value:,}"
    if isinstance(value, int) and (row + column) % 13 == 0:
        return str(value).translate(FULL_WIDTH)
    return value


def _cells(sheet: Worksheet, row: int, values: Sequence[Value]) -> None:
    for column, value in enumerate(values):
        if isinstance(value, str):
            sheet.write_string(row, column, value)
        elif value is not None:
            sheet.write_number(row, column, value)


def _spans(columns: Sequence[Column], level: int) -> Iterator[tuple[int, int]]:
    """First and last column of every run that shares its header down to `level`."""
    first = 0
    for place in range(1, len(columns) + 1):
        here = columns[first].path[: level + 1]
        if place == len(columns) or columns[place].path[: level + 1] != here:
            if len(columns[first].path) > level:
                yield first, place - 1
            first = place


def _merge(sheet: Worksheet, top: int, bottom: int, left: int, right: int, text: str, look: Format) -> None:
    if (top, left) == (bottom, right):
        sheet.write_string(top, left, text, look)
    else:
        sheet.merge_range(top, left, bottom, right, text, look)


def _headers(sheet: Worksheet, columns: Sequence[Column], look: Format) -> None:
    """Nested headers below the title: a group spans its columns, a last part spans the rows left."""
    for level in range(HEADER_ROWS):
        for left, right in _spans(columns, level):
            path = columns[left].path
            bottom = HEADER_ROWS if level == len(path) - 1 else level + 1
            _merge(sheet, level + 1, bottom, left, right, path[level], look)


def _totals(columns: Sequence[Column], rows: Sequence[Facts]) -> list[Value]:
    """The total row as the export adds it up: missing cells count for nothing, combined schools in full."""

    def total(column: Column) -> Value:
        values = [column.value(row) for row in rows]
        return round(sum(value for value in values if isinstance(value, (int, float))), 4)

    return ["合计", *(total(column) if column.total else None for column in columns[1:])]


def _stage_rows(county: CountyYear, stage: str) -> list[Facts]:
    return [row for school in county.schools for row in school.rows() if row["stage"] == stage]


def _rows(sheet: Worksheet, columns: Sequence[Column], rows: Sequence[Facts]) -> None:
    for place, row in enumerate(rows, HEADER_ROWS + 1):
        values = (column.value(row) for column in columns)
        _cells(sheet, place, [
            _as_typed(value, place, number) if column.number else value
            for number, (column, value) in enumerate(zip(columns, values, strict=True))
        ])  # fmt: skip
    _cells(sheet, len(rows) + HEADER_ROWS + 1, _totals(columns, rows))


def _fill(
    sheet: Worksheet, title: str, columns: Sequence[Column], rows: Sequence[Facts], look: Format
) -> None:
    sheet.merge_range(0, 0, 0, len(columns) - 1, title, look)
    _headers(sheet, columns, look)
    _rows(sheet, columns, rows)
    sheet.freeze_panes(HEADER_ROWS + 1, 1)
    sheet.set_column(0, 0, 30)


def _workbook(folder: Path, county: CountyYear, stage: str, columns: Sequence[Column]) -> Path:
    import xlsxwriter  # type: ignore[import-untyped]

    name = f"{county.plan.name}{county.year}年{STAGE_NAMES[stage]}"
    path = folder / f"{name}.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"title": name, "comments": NOTICE.zh, "created": CREATED})
    look = book.add_format({"align": "center", "valign": "vcenter", "text_wrap": True, "border": 1})
    sheet = book.add_worksheet(STAGE_NAMES[stage])
    _fill(sheet, f"{name}基本情况  {NOTICE.zh}", columns, _stage_rows(county, stage), look)
    try:
        book.close()
    except xlsxwriter.exceptions.FileCreateError as error:
        raise OSError(None, str(error)) from error
    return path


def write_workbooks(folder: Path, sample: Sequence[CountyYear]) -> tuple[Path, ...]:
    """Three workbooks (小学, 初中, 高中) a county and year, with the same columns in each."""
    reported = frozenset(
        code
        for county in sample
        for school in county.schools
        for row in school.rows()
        for code, value in row.items()
        if value is not None
    )
    return tuple(
        _workbook(folder, county, stage, columns_of(stage, reported))
        for county in sample
        for stage in STAGE_NAMES
    )
