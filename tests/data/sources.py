"""Made-up sources for the readers' tests: a wide export as workbooks, and a contract table."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

Cell = str | float | int | bool | None

WIDE_HEADER: tuple[tuple[str, ...], ...] = (
    ("学校名称",), ("统计三级",), ("办学类型",), ("是否计校数",), ("在校生数", "合计"),
    ("专任教师", "#按学历分", "博士研究生"), ("专任教师", "#按学历分", "硕士研究生"),
    ("专任教师", "#按学历分", "本科"), ("专任教师", "#按学历分", "专科"),
    ("专任教师", "#按授课课程分", "体育与健康"), ("专任教师", "#按授课课程分", "艺术", "计"),
    ("教基1102", "县级以上骨干教师({stage})"), ("教学及辅助用房", "计"), ("室内体育用房",),
    ("占地面积(平方米)", "其中", "运动场地面积"), ("教学仪器设备资产值(万元)",), ("网络多媒体教室",),
)  # fmt: skip
"""The header paths of one stage's workbook; `{stage}` is 小学 or 初中."""

WIDE_FIELDS = (
    "school", "county", "school_type", "counted", "students", "teachers_doctor", "teachers_master",
    "teachers_bachelor", "teachers_associate", "pe_teachers", "art_teachers", "backbone_teachers",
    "teaching_area", "indoor_sports_area", "sports_ground_area", "equipment_value", "multimedia_rooms",
)  # fmt: skip


def wide_row(school: str, kind: str = "小学", students: Cell = 500, **other: Cell) -> list[Cell]:
    """One school of the wide export; figures are the same unless given by field code."""
    row: dict[str, Cell] = {
        "school": school, "county": "清河县", "school_type": kind, "counted": "1", "students": students,
        "teachers_doctor": 0, "teachers_master": 2, "teachers_bachelor": 20, "teachers_associate": 5,
        "pe_teachers": 3, "art_teachers": 3, "backbone_teachers": 6, "teaching_area": 3000,
        "indoor_sports_area": 400, "sports_ground_area": 4000, "equipment_value": 120.5,
        "multimedia_rooms": 14,
    }  # fmt: skip
    return [(row | other)[name] for name in WIDE_FIELDS]


def write_wide(
    path: Path,
    rows: Sequence[Sequence[Cell]],
    *,
    stage: str = "小学",
    title: str | None = "学校情况一览表",
    sheet: str = "Sheet1",
    header: Sequence[tuple[str, ...]] = WIDE_HEADER,
) -> Path:
    """A workbook with merged header rows as the statistics program writes it."""
    header = [tuple(part.format(stage=stage) for part in parts) for parts in header]
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": dt.datetime(2025, 1, 1)})
        page = book.add_worksheet(sheet)
        top = 0
        if title:
            page.merge_range(0, 0, 0, len(header) - 1, title)
            top = 1
        depth = max(map(len, header))
        for level in range(depth):
            _write_level(page, header, level, depth, top)
        for offset, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(top + depth + offset, column, cell)
                elif cell is not None:
                    page.write(top + depth + offset, column, cell)
    return path


def _write_level(
    page: xlsxwriter.worksheet.Worksheet, header: Sequence[tuple[str, ...]], level: int, depth: int, top: int
) -> None:
    column = 0
    while column < len(header):
        parts = header[column]
        if level >= len(parts):
            column += 1
            continue
        last = column
        while last + 1 < len(header) and header[last + 1][: level + 1] == parts[: level + 1]:
            last += 1
        bottom = depth - 1 if level == len(parts) - 1 else level
        if (last, bottom) == (column, level):
            page.write_string(top + level, column, parts[level])
        else:
            page.merge_range(top + level, column, top + bottom, last, parts[level])
        column = last + 1


def write_text(
    path: Path, rows: Sequence[Sequence[Cell]], encoding: str = "utf-8", delimiter: str = ","
) -> Path:
    """A delimited text file; None is blank."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def contract_rows(*rows: Mapping[str, Cell]) -> list[list[Cell]]:
    """Rows with dictionary codes as headers, every row completed from the first one's columns."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return [list(names), *([row.get(name) for name in names] for row in rows)]
