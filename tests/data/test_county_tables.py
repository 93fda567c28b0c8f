"""County facts, judgements and detail tables beside the schools."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from balance_tui.data.dataset import JUDGEMENT_SCHEMA, Dataset
from balance_tui.data.load import read_dataset
from balance_tui.data.mapping import Mapping
from balance_tui.errors import InputRejected
from tests.data.sources import Cell, contract_rows, write_text

SCHOOLS = [
    {"province": "某省", "city": city, "county": county, "year": year, "school_id": f"{city}{number}",
     "school": f"{county}第{number}小学", "stage": "primary", "students": 100}
    for city, county in (("东市", "清河县"), ("西市", "清河县"), ("东市", "平山县"))
    for year in (2022, 2023) for number in (1, 2)
]  # fmt: skip


@pytest.fixture
def schools(tmp_path: Path) -> Path:
    return write_text(tmp_path / "schools.csv", contract_rows(*SCHOOLS))


@pytest.fixture
def one(tmp_path: Path) -> Path:
    return write_text(tmp_path / "one.csv", contract_rows(*SCHOOLS[2:4]))


def codes(data: Dataset) -> list[str]:
    return data.findings["code"].to_list()


def facts(tmp_path: Path, data: Path, *rows: list[Cell]) -> Dataset:
    return read_dataset([data], county_facts=write_text(tmp_path / "facts.csv", rows))


def test_wide_county_facts_are_read_by_code_or_label(tmp_path: Path, schools: Path) -> None:
    rows: list[list[Cell]] = [
        ["县区", "市", "年份", "special_funds", "小学就近划片入学比例"],
        ["平山县", "东市", 2023, "1,200", "99.5%"],
    ]
    data = facts(tmp_path, schools, *rows)
    row = data.counties.row(0, named=True)
    assert (row["province"], row["county"], row["year"]) == ("某省", "平山县", 2023)
    assert (row["special_funds"], row["nearby_entry_primary"]) == (1200.0, 99.5)
    assert dict(data.counties.schema) == data.dictionary.county_schema()


def test_a_misspelt_county_is_an_error_with_the_nearest_name(tmp_path: Path, schools: Path) -> None:
    data = facts(tmp_path, schools, ["county", "year", "special_funds"], ["平山", 2023, 5])
    finding = data.findings.filter(data.findings["code"] == "JOIN-COUNTY").row(0, named=True)
    assert finding["severity"] == "error"
    assert "平山县" in finding["message_en"]
    assert data.counties.is_empty()


def test_one_name_in_two_cities_is_ambiguous_until_the_city_is_given(tmp_path: Path, schools: Path) -> None:
    data = facts(tmp_path, schools, ["county", "year", "special_funds"], ["清河县", 2023, 5])
    assert codes(data) == ["JOIN-COUNTY-AMBIGUOUS"]
    told = facts(tmp_path, schools, ["county", "city", "year", "special_funds"], ["清河县", "西市", 2023, 5])
    assert told.counties["city"].to_list() == ["西市"]


def test_a_missing_year_is_that_of_the_data_where_there_is_one(
    tmp_path: Path, schools: Path, one: Path
) -> None:
    single = facts(tmp_path, one, ["county", "special_funds"], ["清河县", 5])
    assert single.counties["year"].to_list() == [2023]
    assert "JOIN-YEAR" in codes(single)
    several = facts(tmp_path, schools, ["county", "city", "special_funds"], ["平山县", "东市", 5])
    assert codes(several) == ["JOIN-COUNTY-AMBIGUOUS"]


def test_county_facts_may_stand_upright(tmp_path: Path, one: Path) -> None:
    rows: list[list[Cell]] = [
        ["数据项", "数值"],
        ["特殊教育学校公用经费", "30"],
        ["special_students", "40人"],
    ]
    data = facts(tmp_path, one, *rows)
    assert data.counties.select("county", "special_funds", "special_students").row(0) == (
        "清河县",
        30.0,
        40.0,
    )
    assert "JOIN-COUNTY-ONE" in codes(data)


def test_a_fact_given_twice_differently_is_unknown(tmp_path: Path, one: Path) -> None:
    rows: list[list[Cell]] = [["county", "year", "special_funds", "special_students"], ["清河县", 2023, 5, 9]]
    data = facts(tmp_path, one, *rows, ["清河县", 2023, 6, None])
    assert data.counties.select("special_funds", "special_students").row(0) == (None, 9.0)
    finding = data.findings.filter(data.findings["code"] == "JOIN-COUNTY-TWICE").row(0, named=True)
    assert finding["fields"] == ["special_funds"]


def test_a_bad_county_figure_names_its_county_and_place(tmp_path: Path, one: Path) -> None:
    data = facts(tmp_path, one, ["county", "year", "special_funds"], ["清河县", 2023, "很多"])
    finding = data.findings.row(0, named=True)
    assert (finding["code"], finding["county"], finding["school_id"]) == ("NUM-TEXT", "清河县", None)
    assert finding["place"].endswith("facts.csv:2")
    assert data.counties["special_funds"].to_list() == [None]


def test_judgements_are_read_by_label_and_made_one_word(tmp_path: Path, one: Path) -> None:
    path = write_text(
        tmp_path / "j.csv",
        [["县区", "条目", "结论", "得分", "来源", "学校名称"], ["清河县", "G01", "是", "90", "自评", None],
         ["清河县", "V1", "否", None, "复核", None], ["清河县", "Q6", "良好", None, None, "清河县第1小学"],
         ["清河县", "Q9", "不适用", None, None, None]],
    )  # fmt: skip
    judged = read_dataset([one], judgements=path).judgements
    assert dict(judged.schema) == dict(JUDGEMENT_SCHEMA)
    assert judged["answer"].to_list() == ["yes", "no", "良好", "na"]
    assert judged["source"].to_list() == ["self", "verified", None, None]
    assert judged["score"].to_list() == [90.0, None, None, None]
    assert judged["school_id"].to_list() == [None, None, "东市1", None]
    assert set(judged["year"]) == {2023}


def test_a_judgement_of_an_unknown_school_is_an_error_and_left_out(tmp_path: Path, one: Path) -> None:
    path = write_text(tmp_path / "j.csv", [["school_id", "item", "answer"], ["东市9", "Q6", "yes"]])
    data = read_dataset([one], judgements=path)
    assert data.judgements.is_empty()
    assert "JOIN-SCHOOL" in codes(data)


def test_rooms_and_classes_are_known_by_their_file_names(tmp_path: Path, one: Path) -> None:
    rooms = write_text(
        tmp_path / "rooms.csv",
        [["school_id", "kind", "area"],
         ["东市1", "音乐", "96"], ["东市1", "art", "90.5㎡"], ["东市2", "music", "70"]],
    )  # fmt: skip
    classes = write_text(
        tmp_path / "班级清单.csv",
        [["学校名称", "学段", "年级", "班级", "学生数"], ["清河县第1小学", "小学", "一", "1", "45"]],
    )
    data = read_dataset([one, rooms, classes])
    assert data.rooms.select("county", "year", "school_id", "kind", "area").rows() == [
        ("清河县", 2023, "东市1", "music", 96.0), ("清河县", 2023, "东市1", "art", 90.5),
        ("清河县", 2023, "东市2", "music", 70.0),
    ]  # fmt: skip
    assert data.class_list.select("school_id", "stage", "grade", "class", "students").rows() == [
        ("东市1", "primary", "一", "1", 45.0)
    ]


def test_an_unreadable_room_takes_its_schools_list_with_it(tmp_path: Path, one: Path) -> None:
    rooms = write_text(
        tmp_path / "rooms.csv",
        [["school_id", "kind", "area"],
         ["东市1", "music", "96"], ["东市1", "music", "大"], ["东市2", "art", "90"]],
    )  # fmt: skip
    data = read_dataset([one, rooms])
    assert data.rooms["school_id"].to_list() == ["东市2"]
    finding = data.findings.filter(data.findings["code"] == "READ-DETAIL").row(0, named=True)
    assert (finding["school_id"], finding["value"]) == ("东市1", "大")
    assert "smallest_music_room" in finding["fields"]


def test_a_room_of_a_school_that_is_not_there_is_an_error(tmp_path: Path, one: Path) -> None:
    rooms = write_text(tmp_path / "rooms.csv", [["school_id", "kind", "area"], ["东市7", "music", "96"]])
    data = read_dataset([one, rooms])
    assert (data.rooms.height, codes(data)) == (0, ["JOIN-SCHOOL"])


def test_class_bands_and_students_by_grade_are_read(tmp_path: Path, one: Path) -> None:
    bands = write_text(
        tmp_path / "class_bands.csv",
        [["school_id", "stage", "band", "classes"], ["东市1", "primary", "≤25", "3"]],
    )
    grades = write_text(
        tmp_path / "grade_students.csv",
        [["school_id", "stage", "grade", "students"], ["东市1", "primary", "1", "100"]],
    )
    data = read_dataset([one, bands, grades])
    assert data.class_bands.select("band", "classes").rows() == [("≤25", 3.0)]
    assert data.grade_students.select("grade", "students").rows() == [("1", 100.0)]


def test_a_file_that_holds_no_judgements_is_rejected(tmp_path: Path, one: Path) -> None:
    path = write_text(tmp_path / "j.csv", [["county", "special_funds"], ["清河县", 5]])
    with pytest.raises(InputRejected, match="READ-NO-FACTS"):
        read_dataset([one], judgements=path)
    with pytest.raises(InputRejected, match="READ-NO-FACTS"):
        read_dataset([one], county_facts=one)


def test_tables_beside_the_schools_are_found_by_what_they_hold(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for name, rows in (
            ("小学", [["学校名称", "在校生数"], ["甲小学", 100]]),
            ("县级", [["县区", "special_funds"], ["a", 5]]),
            ("评判", [["item", "answer"], ["G01", "是"]]),
            ("rooms", [["学校名称", "kind", "area"], ["甲小学", "美术", 90]]),
            ("天气", [["日期", "温度"], ["晴", "热"]]),
        ):
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                page.write_row(number, 0, row)
    data = read_dataset([tmp_path], mapping=Mapping(constant={"county": "a"}))
    heights = (data.sections.height, data.counties.height, data.judgements.height, data.rooms.height)
    assert heights == (1, 1, 1, 1)
    assert data.findings.filter(data.findings["code"] == "READ-SHEET")["place"][0].endswith("天气")


def test_a_class_of_an_unknown_stage_takes_the_list_with_it(tmp_path: Path, one: Path) -> None:
    header = ["school_id", "stage", "grade", "class", "students"]
    rows = [header, ["东市1", "小学", "一", "1", "40"], ["东市1", "大学", "一", "2", "40"]]
    data = read_dataset([one, write_text(tmp_path / "class_list.csv", rows)])
    assert (data.class_list.height, codes(data)) == (0, ["READ-DETAIL"])
