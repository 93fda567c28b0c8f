"""Indicator tables for the tests of `profile import-table`."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook

from balance_tui.standard.load import LoadedStandard, load_standard
from tests.contract.runner import Call, call

HEAD = ("一级指标", "二级指标", "三级指标", "评价要点", "分值")
REST = (
    ("四、教育治理", "(十一)依法治教", "24.依法办学", "30.依法办学", "10"),
    ("", "", "25.民主管理", "31.学校章程与民主管理", "8"),
    ("五、教育质量", "(十二)学生发展", "26.学业质量", "32.学业质量", "9"),
    ("六、创新发展", "(十三)改革创新", "27.改革创新", "33.改革创新", "8"),
)
"""Made up: nobody has seen these dimensions."""

Rows = list[Sequence[str]]


def completing(total: str | None = None) -> Rows:
    """Point 29 and the three dimensions that the document lost: 2 and 35 points, 100 with the 63 recorded."""
    point_29 = ("三、队伍建设", "(十)教师队伍", "23.教师培训", "29.教师培训培养工作机制", "2")
    rows: Rows = [HEAD, point_29, *REST]
    return [*rows, ("合计", "", "", "", total)] if total else rows


def whole() -> Rows:
    """Every point of the standard as a table that stands alone has it: headings once, full-width digits, a total."""
    standard = load_standard("beijing-2018").model
    groups = {group.id: group for group in standard.group}
    rows: Rows = [("北京市推进义务教育优质均衡发展督导评价指标体系", "", "", "", ""), HEAD]
    before: tuple[str, ...] = ("", "", "")
    for number, point in enumerate(standard.point, 1):
        tertiary = groups[point.group]
        secondary = groups[tertiary.parent]
        names = (groups[secondary.parent].label, secondary.label, tertiary.label)
        shown = [name if name != last else "" for name, last in zip(names, before, strict=True)]
        before = names
        score = (
            "２分"
            if point.max is None
            else format(point.max, "f").translate({0x30 + i: 0xFF10 + i for i in range(10)})
        )
        rows.append((*shown, f"{number}．{point.label}", score))
    return [*rows, *REST, ("总计", "", "", "", "100")]


def written(path: Path, rows: Iterable[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def workbook(path: Path, rows: Rows, merged: Sequence[str] = ()) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append([None if text == "" else text for text in row])
    for area in merged:
        sheet.merge_cells(area)
    book.save(path)
    return path


def imported(table: Path, *options: str, base: str = "beijing-2018") -> tuple[Call, Path]:
    out = table.with_name("completed.toml")
    made = call("profile", "import-table", table, "--base", base, "--out", out, "--lang", "en", *options)
    return made, out


def layer(table: Path, *options: str, base: str = "beijing-2018") -> LoadedStandard:
    made, out = imported(table, *options, base=base)
    assert made.code == 0, made.errors
    return load_standard(str(out))


def maxima(standard: LoadedStandard) -> dict[str, Decimal | None]:
    return {point.id: point.max for point in standard.model.point}
