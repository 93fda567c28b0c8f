"""Workbooks as counties hold them: merged headers, totals, notes, two workbooks of one school."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from balance_tui.data.dataset import Dataset
from balance_tui.data.load import read_dataset
from balance_tui.data.mapping import Join, Mapping, SheetRule
from balance_tui.errors import InputRejected
from tests.data.sources import WIDE_HEADER, wide_row, write_wide


def codes(data: Dataset) -> list[str]:
    return data.findings["code"].to_list()


def cell(data: Dataset, school: str, field: str, stage: str = "primary") -> object:
    rows = data.sections.filter((data.sections["school"] == school) & (data.sections["stage"] == stage))
    return rows[field].item()


def test_the_wide_export_maps_without_asking(tmp_path: Path) -> None:
    data = read_dataset([write_wide(tmp_path / "2023小学.xlsx", [wide_row("实验小学", students=480)])])
    row = data.sections.row(0, named=True)
    assert row["county"] == "清河县"
    assert (row["year"], row["stage"], row["school_type"]) == (2023, "primary", "primary_school")
    figures = {
        "students": 480, "teachers_doctor": 0, "teachers_master": 2, "teachers_bachelor": 20,
        "teachers_associate": 5, "pe_teachers": 3, "art_teachers": 3, "backbone_teachers": 6,
        "teaching_area": 3000, "indoor_sports_area": 400, "sports_ground_area": 4000,
        "equipment_value": 120.5, "multimedia_rooms": 14,
    }  # fmt: skip
    assert {name: row[name] for name in figures} == figures
    assert {m["how"] for m in data.mapping} <= {"label", "preset", "code", "name"}


def test_the_place_of_a_cell_can_be_told(tmp_path: Path) -> None:
    data = read_dataset([write_wide(tmp_path / "小学.xlsx", [wide_row("甲小学", students="许多")])])
    finding = data.findings.filter(data.findings["code"] == "NUM-TEXT").row(0, named=True)
    assert finding["place"].endswith("Sheet1!E6")
    assert (finding["school"], finding["stage"], finding["fields"]) == ("甲小学", "primary", ["students"])
    assert data.sources[0].columns["students"] == "E"
    assert data.sections["_row"].to_list() == [6]


def test_rows_of_column_codes_units_totals_and_notes_are_no_schools(tmp_path: Path) -> None:
    width = len(WIDE_HEADER)
    rows = [
        ["甲", "乙", "丙", "丁", *range(1, width - 3)],
        wide_row("甲小学", students=100),
        [None] * width,
        wide_row("乙小学", students=50),
        ["合计", None, None, None, 151, *[None] * (width - 5)],
        [None, "说明:本表由学校填报", *[None] * (width - 2)],
    ]
    data = read_dataset([write_wide(tmp_path / "小学.xlsx", rows)])
    assert data.sections["school"].to_list() == ["甲小学", "乙小学"]
    total = data.findings.filter(data.findings["code"] == "READ-TOTAL").row(0, named=True)
    assert (total["field"], total["value"]) == ("students", "151")
    assert {"READ-TOTAL-ROW", "READ-NOTE-ROW"} <= set(codes(data))


def test_a_total_that_agrees_gives_no_finding(tmp_path: Path) -> None:
    total = ["地区合计", None, None, None, 150, *[None] * (len(WIDE_HEADER) - 5)]
    rows = [wide_row("甲小学", students=100), wide_row("乙小学", students=50), total]
    assert "READ-TOTAL" not in codes(read_dataset([write_wide(tmp_path / "小学.xlsx", rows)]))


def test_figures_without_a_school_name_are_kept_as_unknown(tmp_path: Path) -> None:
    rows = [wide_row("甲小学"), wide_row("", county=None)]
    rows[1][0] = None
    data = read_dataset([write_wide(tmp_path / "小学.xlsx", rows)])
    finding = data.findings.filter(data.findings["code"] == "READ-NO-NAME").row(0, named=True)
    assert data.sections.height == 2
    assert finding["severity"] == "error"
    assert {"students", "teaching_area"} <= set(finding["fields"])


def test_a_combined_school_in_two_workbooks_is_one_school_with_whole_totals(tmp_path: Path) -> None:
    write_wide(tmp_path / "小学.xlsx", [wide_row("育才学校", "九年一贯制学校", 300)])
    write_wide(tmp_path / "初中.xlsx", [wide_row("育才学校", "九年一贯制学校", 200)], stage="初中")
    data = read_dataset([tmp_path], mapping=Mapping(constant={"year": 2023}))
    assert data.sections["school_id"].n_unique() == 1
    assert data.sections["teaching_area"].to_list() == [3000.0, 3000.0]
    assert data.sections["students"].sum() == 500.0
    assert "JOIN-NAME" not in codes(data)


@pytest.mark.parametrize(
    ("primary", "junior"),
    [
        ("育才学校", "育才学校初中部"),
        ("育才学校（小学部）", "育才学校(初中部)"),
        ("育才学校 小学部", "育才学校"),
    ],
)
def test_names_that_differ_by_a_section_suffix_are_joined_and_shown(
    tmp_path: Path, primary: str, junior: str
) -> None:
    write_wide(tmp_path / "小学.xlsx", [wide_row(primary, "九年一贯制学校", 300)])
    write_wide(tmp_path / "初中.xlsx", [wide_row(junior, "九年一贯制学校", 200)], stage="初中")
    data = read_dataset([tmp_path])
    shown = data.findings.filter(data.findings["code"] == "JOIN-NAME").row(0, named=True)
    assert data.sections["school_id"].n_unique() == 1
    assert primary in shown["value"]
    assert junior in shown["value"]


def test_names_that_are_only_alike_are_never_joined(tmp_path: Path) -> None:
    write_wide(tmp_path / "小学.xlsx", [wide_row("育才学校", "九年一贯制学校")])
    write_wide(tmp_path / "初中.xlsx", [wide_row("育材学校", "九年一贯制学校")], stage="初中")
    assert read_dataset([tmp_path]).sections["school_id"].n_unique() == 2


def test_a_suffix_of_the_same_stage_is_another_school(tmp_path: Path) -> None:
    rows = [wide_row("育才学校"), wide_row("育才学校小学部")]
    data = read_dataset([write_wide(tmp_path / "小学.xlsx", rows)])
    assert data.sections["school_id"].n_unique() == 2


def test_the_mapping_joins_by_hand_and_says_so(tmp_path: Path) -> None:
    write_wide(tmp_path / "小学.xlsx", [wide_row("育才学校", "九年一贯制学校")])
    write_wide(tmp_path / "初中.xlsx", [wide_row("育材学校", "九年一贯制学校")], stage="初中")
    mapping = Mapping(join=[Join(name="育材学校", to="育才学校")])
    data = read_dataset([tmp_path], mapping=mapping)
    assert data.sections["school_id"].n_unique() == 1
    assert "JOIN-MANUAL" in codes(data)


def test_a_campus_without_a_parent_is_an_error_until_the_mapping_names_it(tmp_path: Path) -> None:
    rows = [wide_row("实验小学"), wide_row("实验小学东校区", counted="0")]
    path = write_wide(tmp_path / "小学.xlsx", rows)
    alone = read_dataset([path])
    finding = alone.findings.filter(alone.findings["code"] == "JOIN-CAMPUS").row(0, named=True)
    assert (finding["severity"], finding["school"]) == ("error", "实验小学东校区")
    assert {"students", "teaching_area"} <= set(finding["fields"])
    joined = read_dataset([path], mapping=Mapping(join=[Join(name="实验小学东校区", to="实验小学")]))
    assert "JOIN-CAMPUS" not in codes(joined)
    assert cell(joined, "实验小学东校区", "campus_of") == cell(joined, "实验小学", "school_id")
    assert joined.sections["school_id"].n_unique() == 2


def test_a_parent_given_by_name_becomes_its_id(tmp_path: Path) -> None:
    header = (*WIDE_HEADER, ("主校",))
    rows = [[*wide_row("实验小学"), None], [*wide_row("东校区", counted="否"), "实验小学"]]
    data = read_dataset([write_wide(tmp_path / "小学.xlsx", rows, header=header)])
    assert cell(data, "东校区", "campus_of") == cell(data, "实验小学", "school_id")


def test_sheets_tell_the_stage_and_others_are_named_as_left_out(tmp_path: Path) -> None:
    path = tmp_path / "清河县.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for sheet, school in (("小学", "甲小学"), ("初中", "乙中学")):
            page = book.add_worksheet(sheet)
            page.write_row(0, 0, ["学校名称", "在校生数"])
            page.write_row(1, 0, [school, 100])
        book.add_worksheet("封面").write(0, 0, "清河县教育局")
    data = read_dataset([path])
    assert dict(zip(data.sections["school"], data.sections["stage"], strict=True)) == {
        "甲小学": "primary", "乙中学": "junior",
    }  # fmt: skip
    assert data.sections["county"].to_list() == ["清河县", "清河县"]
    left_out = data.findings.filter(data.findings["code"] == "READ-SHEET")["place"].to_list()
    assert [place.split(":")[-1] for place in left_out] == ["封面"]


def test_a_table_that_tells_no_stage_is_rejected_until_it_is_stated(tmp_path: Path) -> None:
    path = write_wide(tmp_path / "清河县.xlsx", [wide_row("甲校")])
    with pytest.raises(InputRejected, match="MAP-STAGE"):
        read_dataset([path])
    stated = Mapping(sheets={"Sheet1": SheetRule(stage="primary")})
    assert read_dataset([path], mapping=stated).sections["stage"].to_list() == ["primary"]


def test_numbers_stored_as_text_formulas_and_errors(tmp_path: Path) -> None:
    path = tmp_path / "小学.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["学校名称", "在校生数", "专任教师数", "班级数"])
        page.write_string(1, 0, "=1+1")
        page.write_string(1, 1, "1,200")
        page.write_formula(1, 2, "=40+2", value=42)
        page.write_formula(1, 3, "=1/0", value="#DIV/0!")
    data = read_dataset([path])
    row = data.sections.row(0, named=True)
    assert (row["school"], row["students"], row["teachers"], row["classes"]) == ("=1+1", 1200.0, 42.0, None)
    error = data.findings.filter(data.findings["severity"] == "error").row(0, named=True)
    assert (error["code"], error["field"], error["value"]) == ("NUM-CELL-ERROR", "classes", "#DIV/0!")


def test_a_name_merged_over_rows_belongs_to_each_and_a_figure_does_not(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["学校名称", "学段", "在校生数"])
        page.merge_range(1, 0, 2, 0, "育才学校")
        page.write_column(1, 1, ["小学", "初中"])
        page.merge_range(1, 2, 2, 2, 300)
    data = read_dataset([path])
    assert data.sections["school"].to_list() == ["育才学校", "育才学校"]
    assert data.sections["students"].to_list() == [300.0, None]


def test_facts_of_the_whole_school_stand_on_each_of_its_rows(tmp_path: Path) -> None:
    write_wide(tmp_path / "小学.xlsx", [wide_row("育才学校", "九年一贯制学校")])
    junior = wide_row("育才学校", "九年一贯制学校", teaching_area=None, equipment_value=None)
    write_wide(tmp_path / "初中.xlsx", [junior], stage="初中")
    data = read_dataset([tmp_path])
    assert data.sections["teaching_area"].to_list() == [3000.0, 3000.0]
    assert data.sections["equipment_value"].to_list() == [120.5, 120.5]


def test_codes_that_lost_their_zeros_are_pointed_out(tmp_path: Path) -> None:
    header = (*WIDE_HEADER, ("学校标识码",))
    ids = [2161000001, 2161000002, 61000003]
    rows = [[*wide_row(f"学校{number}"), number] for number in ids]
    data = read_dataset([write_wide(tmp_path / "小学.xlsx", rows, header=header)])
    assert data.sections["school_id"].to_list() == [str(number) for number in ids]
    assert data.findings.filter(data.findings["code"] == "READ-CODE")["value"].to_list() == ["61000003"]
