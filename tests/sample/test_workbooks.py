"""The wide layout as practice.md 1 describes the real export."""

from __future__ import annotations

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from balance_tui import sample

Cell = object
HEADER_ROWS = 4

OWN_HEADERS = (
    "学校名称", "统计三级", "办学类型", "是否计校数", "在校生数/合计", "专任教师/#按学历分/博士研究生",
    "专任教师/#按学历分/硕士研究生", "专任教师/#按学历分/本科", "专任教师/#按学历分/专科",
    "专任教师/#按授课课程分/体育与健康", "专任教师/#按授课课程分/艺术/计", "教基1102/县级以上骨干教师(小学)",
    "教学及辅助用房/计", "室内体育用房", "占地面积…/其中/运动场地面积",
    "教学仪器设备资产值(万元)", "网络多媒体教室",
)  # fmt: skip


class Book:
    """One workbook, its merged headers written out with `/`."""

    def __init__(self, path: Path) -> None:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        cells = sheet.to_python(skip_empty_area=False)
        self.title = str(cells[0][0])
        header = [list(row) for row in cells[1 : 1 + HEADER_ROWS]]
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
            if top > 0:
                for column in range(left, right + 1):
                    header[top - 1][column] = cells[top][left]
                assert bottom <= HEADER_ROWS
        columns = zip(*header, strict=True)
        self.headers = ["/".join(str(part) for part in column if part) for column in columns]
        self.rows = [dict(zip(self.headers, row, strict=True)) for row in cells[1 + HEADER_ROWS : -1]]
        self.total = dict(zip(self.headers, cells[-1], strict=True))


@pytest.fixture(scope="module")
def primary(wide: Path) -> Book:
    return Book(wide / "示例甲县2024年小学.xlsx")


@pytest.fixture(scope="module")
def junior(wide: Path) -> Book:
    return Book(wide / "示例甲县2024年初中.xlsx")


def test_there_is_one_workbook_a_county_year_and_stage(wide: Path) -> None:
    names = {path.name for path in wide.glob("*.xlsx")}
    assert names == {
        f"示例{county}{year}年{stage}.xlsx"
        for county in ("甲县", "乙区", "丙旗", "丁市")
        for year in (2024, 2025)
        for stage in ("小学", "初中", "高中")
    }


def test_every_title_says_that_the_data_are_made_up(wide: Path) -> None:
    assert all(sample.NOTICE.zh in Book(path).title for path in wide.glob("*.xlsx"))


def test_merged_headers_nest_as_in_the_export(primary: Book) -> None:
    assert tuple(primary.headers[: len(OWN_HEADERS)]) == OWN_HEADERS
    assert len(set(primary.headers)) == len(primary.headers)


def test_a_total_row_stands_at_the_end(primary: Book) -> None:
    assert primary.total["学校名称"] == "合计"
    assert all(row["学校名称"] != "合计" for row in primary.rows)


def test_a_combined_school_has_the_same_facilities_in_both_workbooks(primary: Book, junior: Book) -> None:
    first = {row["学校名称"]: row for row in primary.rows if row["办学类型"] == "九年一贯制学校"}
    second = {row["学校名称"]: row for row in junior.rows if row["办学类型"] == "九年一贯制学校"}
    assert first
    assert set(first) == set(second)
    for name, row in first.items():
        for header in ("教学及辅助用房/计", "教学仪器设备资产值(万元)", "网络多媒体教室"):
            assert typed(row[header]) == typed(second[name][header])


def test_a_campus_is_a_row_not_counted_as_a_school_with_its_parent(primary: Book) -> None:
    campuses = [row for row in primary.rows if row["是否计校数"] == 0]
    assert [row["学校名称"] for row in campuses] == ["示例甲县文昌小学(东校区)"]
    parents = [row for row in primary.rows if row["学校标识码"] == campuses[0]["所属主校标识码"]]
    assert [row["学校名称"] for row in parents] == ["示例甲县文昌小学"]


def test_numbers_come_with_commas_full_width_digits_and_dashes(wide: Path) -> None:
    cells = [cell for path in wide.glob("*.xlsx") for row in Book(path).rows for cell in row.values()]
    texts = {cell for cell in cells if isinstance(cell, str)}
    assert "—" in texts
    assert any("," in text and text.replace(",", "").isdecimal() for text in texts)
    assert any(text.isdecimal() and not text.isascii() for text in texts)


def typed(cell: Cell) -> float:
    return float(str(cell).replace(",", ""))
