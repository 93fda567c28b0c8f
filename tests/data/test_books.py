"""The school-level 教基 books: figures at the cells a preset names."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from balance_tui.data.load import read_dataset
from balance_tui.data.mapping import Mapping

CELLS = {
    "教基1102": {"D12": 7, "D13": 8},
    "教基3112": {"I6": 300},
    "教基3115": {"E6": "200人"},
    "教基4155": {"C6": 30, "C9": 0, "C10": 2, "C11": 20, "C12": 8, "L6": 3, "N6": 0, "O6": 2, "P6": 1},
    "教基4156": {"C10": 0, "C11": 3, "C12": 15, "C13": 0, "U6": 2, "V6": 0, "W6": 1, "X6": None},
    "教基5170": {"F10": 4000.5, "F17": 500},
    "教基5176": {"D7": 6000, "D17": 20, "D19": 150.25, "D12": 9000},
}


def book(path: Path, suffix: str = "_九年一贯制学校") -> Path:
    with xlsxwriter.Workbook(path) as workbook:
        for form, cells in CELLS.items():
            page = workbook.add_worksheet(f"{form}{suffix}")
            page.write(0, 0, f"学校名称:{'育才学校'}")
            for cell, value in cells.items():
                if value is not None:
                    page.write(cell, value)
    return path


def test_a_book_is_one_school_with_a_row_a_stage(tmp_path: Path) -> None:
    mapping = Mapping(constant={"county": "清河县", "year": 2021})
    data = read_dataset([book(tmp_path / "a.xlsx")], mapping=mapping)
    rows = {row["stage"]: row for row in data.sections.iter_rows(named=True)}
    assert set(rows) == {"primary", "junior"}
    primary, junior = rows["primary"], rows["junior"]
    assert (primary["school"], primary["school_type"], primary["county"]) == (
        "育才学校",
        "nine_year",
        "清河县",
    )
    assert (primary["students"], junior["students"]) == (300.0, 200.0)
    assert (primary["teachers_master"], junior["teachers_master"]) == (2.0, 3.0)
    assert (primary["pe_teachers"], primary["art_teachers"]) == (3.0, 3.0)
    assert (primary["backbone_teachers"], junior["backbone_teachers"]) == (7.0, 8.0)
    assert (primary["teaching_area"], junior["teaching_area"]) == (4000.5, 4000.5)
    assert primary["equipment_value"] == 150.25


def test_a_blank_part_of_a_sum_leaves_it_unknown(tmp_path: Path) -> None:
    data = read_dataset([book(tmp_path / "a.xlsx")], mapping=Mapping(constant={"county": "清河县"}))
    junior = data.sections.filter(data.sections["stage"] == "junior")
    assert junior["art_teachers"].to_list() == [None]


def test_the_place_of_a_figure_is_its_own_cell_and_the_layout_is_told(tmp_path: Path) -> None:
    data = read_dataset([book(tmp_path / "a.xlsx")], mapping=Mapping(constant={"county": "清河县"}))
    unit = data.findings.filter(data.findings["code"] == "NUM-UNIT").row(0, named=True)
    assert unit["place"].endswith("教基3115_九年一贯制学校!E6")
    assert "BOOK-LAYOUT" in data.findings["code"].to_list()


def test_several_schools_stand_in_one_book_by_sheet_name(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        for school, students in (("甲小学", 100), ("乙小学", 200)):
            workbook.add_worksheet(f"教基3112_小学_{school}").write("I6", students)
    data = read_dataset([path], mapping=Mapping(constant={"county": "清河县"}))
    assert dict(zip(data.sections["school"], data.sections["students"], strict=True)) == {
        "甲小学": 100.0, "乙小学": 200.0,
    }  # fmt: skip
