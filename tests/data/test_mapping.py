"""Mappings: what a person states, what the program proposes, what stops a run."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from balance_tui.data.dictionary import dictionary
from balance_tui.data.load import propose, read_dataset
from balance_tui.data.mapping import Join, Mapping, SheetRule
from balance_tui.data.proposal import candidates
from balance_tui.errors import InputRejected
from tests.data.sources import Cell, write_text


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "cwd"
    folder.mkdir()
    monkeypatch.chdir(folder)


def table(tmp_path: Path, header: list[Cell], *rows: list[Cell], name: str = "清河县小学.csv") -> Path:
    return write_text(tmp_path / name, [["学校名称", *header], *(["甲小学", *row] for row in rows)])


def rejected(path: Path, code: str, **options: object) -> InputRejected:
    with pytest.raises(InputRejected) as caught:
        read_dataset([path], **options)  # type: ignore[arg-type]
    assert caught.value.code == code
    return caught.value


def test_a_mapping_survives_saving_and_loading(tmp_path: Path) -> None:
    mapping = Mapping(
        columns={"a/b": "students"}, columns_of={"primary": {"c": "teachers"}}, ignore=["d"],
        constant={"county": "清河县", "year": 2023}, absent={"teachers_doctor": 0},
        units={"equipment_value": "元"}, values={"school_type": {"完小": "primary_school"}},
        sheets={"Sheet1": SheetRule(stage="primary", header_rows=(3, 5))},
        join=[Join(name="甲", to="乙")],
    )  # fmt: skip
    mapping.save(tmp_path / "m.toml")
    assert Mapping.load(tmp_path / "m.toml") == mapping


@pytest.mark.parametrize("text", ["columns = 3", "[columns", "nonsense = 1", "[absent]\nstudents = 5"])
def test_a_mapping_file_that_says_nonsense_is_rejected(tmp_path: Path, text: str) -> None:
    path = tmp_path / "m.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputRejected, match="MAP-FILE") as caught:
        Mapping.load(path)
    assert str(path) in str(caught.value)


def test_columns_values_units_and_noughts_of_a_mapping_are_used(tmp_path: Path) -> None:
    path = table(tmp_path, ["人数", "设备", "类型"], ["500", "123456.7", "完小"])
    mapping = Mapping(
        columns={"人数": "students", "设备": "equipment_value", "类型": "school_type"},
        units={"equipment_value": "元"}, values={"school_type": {"完小": "primary_school"}},
        absent={"teachers_doctor": 0}, constant={"year": 2023},
    )  # fmt: skip
    data = read_dataset([path], mapping=mapping, needed=["students", "teachers_doctor"])
    row = data.sections.row(0, named=True)
    assert (row["students"], row["equipment_value"], row["school_type"]) == (
        500.0,
        12.34567,
        "primary_school",
    )
    assert (row["teachers_doctor"], row["year"]) == (0.0, 2023)
    assert {m["field"]: m["how"] for m in data.mapping}["teachers_doctor"] == "absent"
    assert "MAP-ABSENT" in data.findings["code"].to_list()


def test_a_column_that_may_be_needed_stops_the_run_with_a_written_proposal(tmp_path: Path) -> None:
    path = table(tmp_path, ["在校生数", "图书册数(册)总"], ["500", "1000"])
    error = rejected(path, "MAP-PROPOSAL", needed=["students", "books"])
    written = Path.cwd() / "balance-mapping.toml"
    assert error.exit_code == 3
    assert str(written) in str(error)
    assert Mapping.load(written).columns == {"图书册数(册)总": "books"}
    assert read_dataset([path], mapping=Mapping.load(written)).sections["books"].to_list() == [1000.0]


def test_a_proposal_never_overwrites_a_file(tmp_path: Path) -> None:
    own = Path.cwd() / "balance-mapping.toml"
    own.write_text("# mine", encoding="utf-8")
    path = table(tmp_path, ["在校生数", "图书册数总量"], ["500", "1000"])
    rejected(path, "MAP-PROPOSAL", needed=["books"])
    assert own.read_text(encoding="utf-8") == "# mine"
    assert tomllib.loads((Path.cwd() / "balance-mapping-2.toml").read_text(encoding="utf-8"))["columns"]


def test_an_ignored_column_no_longer_stops_the_run(tmp_path: Path) -> None:
    path = table(tmp_path, ["在校生数", "图书册数总量"], ["500", "1000"])
    data = read_dataset([path], needed=["books"], mapping=Mapping(ignore=["图书册数总量"]))
    assert data.sections["books"].to_list() == [None]
    assert [m["header"] for m in data.mapping if m["how"] == "ignored"] == ["图书册数总量"]


def test_columns_nothing_needs_are_listed_and_do_not_stop_the_run(tmp_path: Path) -> None:
    path = table(tmp_path, ["在校生数", "图书册数总量", "校长"], ["500", "1000", "王"])
    data = read_dataset([path], needed=["students"])
    assert [m["header"] for m in data.mapping if m["how"] == "ignored"] == ["图书册数总量", "校长"]


@pytest.mark.parametrize("header", ["体育馆", "室内体育用房面积(旧)", "专任教师/按授课课程分/体育馆"])
def test_a_keyword_alone_never_maps(tmp_path: Path, header: str) -> None:
    data = read_dataset([table(tmp_path, [header], ["7"])])
    assert data.sections["pe_teachers"].to_list() == [None]
    assert data.sections["indoor_sports_area"].to_list() == [None]


def test_two_columns_that_claim_one_field_are_rejected_with_both(tmp_path: Path) -> None:
    error = rejected(table(tmp_path, ["在校生数", "在校生数/合计"], ["1", "2"]), "MAP-TWICE")
    assert "在校生数/合计" in str(error)
    assert "students" in str(error)


def test_a_mapping_wins_over_a_recognised_column(tmp_path: Path) -> None:
    path = table(tmp_path, ["在校生数", "核对后人数"], ["1", "2"])
    data = read_dataset([path], mapping=Mapping(columns={"核对后人数": "students"}))
    assert data.sections["students"].to_list() == [2.0]
    assert [m["header"] for m in data.mapping if m["how"] == "replaced"] == ["在校生数"]


@pytest.mark.parametrize(
    ("mapping", "code", "hint"),
    [
        (Mapping(columns={"在校生数": "student"}), "MAP-FIELD", "students"),
        (Mapping(columns={"在校人数": "students"}), "MAP-COLUMN", "在校生数"),
        (Mapping(units={"teaching_area": "亩"}), "MAP-UNIT", "亩"),
        (Mapping(values={"school_type": {"完小": "小学校"}}), "MAP-VALUE", "小学校"),
    ],
)
def test_a_mapping_that_names_what_is_not_there_is_rejected(
    tmp_path: Path, mapping: Mapping, code: str, hint: str
) -> None:
    path = table(tmp_path, ["在校生数"], ["1"])
    assert hint in str(rejected(path, code, mapping=mapping))


def test_propose_shows_every_header_with_candidates(tmp_path: Path) -> None:
    path = table(tmp_path, ["在校生数", "图书册数总量", "备注"], ["1", "2", "3"])
    rows = {row["header"]: row for row in propose([path], ["books"]).rows()}
    assert list(rows) == ["学校名称", "在校生数", "图书册数总量", "备注"]
    assert rows["在校生数"]["field"] == "students"
    assert rows["图书册数总量"]["candidates"][0]["field"] == "books"  # type: ignore[index]
    assert rows["备注"]["candidates"] == []


def test_a_file_without_a_school_column_gets_a_proposal_for_it(tmp_path: Path) -> None:
    path = write_text(tmp_path / "清河县小学.csv", [["校名", "学生人数"], ["甲小学", "100"]])
    rejected(path, "MAP-PROPOSAL", needed=["students"])


def test_candidates_are_only_proposed_where_they_are_alike() -> None:
    assert candidates("序号", dictionary()) == ()
    assert candidates("计算机台数(台)", dictionary())[0].field == "computers"


def test_a_field_found_for_one_stage_is_still_asked_for_the_other(tmp_path: Path) -> None:
    table(tmp_path, ["在校生数", "图书册数"], ["500", "1000"])
    junior = table(tmp_path, ["在校生数", "图书册数总量"], ["500", "1000"], name="清河县初中.csv")
    with pytest.raises(InputRejected, match="图书册数总量"):
        read_dataset([tmp_path / "清河县小学.csv", junior], needed=["students", "books"])


def test_a_senior_table_is_not_asked_for_what_only_compulsory_stages_need(tmp_path: Path) -> None:
    primary = table(tmp_path, ["在校生数", "图书册数"], ["500", "1000"])
    senior = table(tmp_path, ["在校生数", "图书册数总量"], ["500", "1000"], name="清河县高中.csv")
    assert read_dataset([primary, senior], needed=["students", "books"]).sections.height == 2


def test_a_mapping_is_shown_as_rows() -> None:
    mapping = Mapping(columns={"a": "students"}, join=[Join(name="甲", to="乙")])
    assert [(row["part"], row["name"]) for row in mapping.rows()] == [("columns", "a"), ("join", "1")]


def test_a_table_whose_students_cannot_be_found_stops_and_names_what_was_not_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "甲县.csv"
    path.write_text("学校名称,办学类型,学段,人数甲\n一校,小学,小学,120\n", encoding="utf-8")
    with pytest.raises(InputRejected) as caught:
        read_dataset([path], needed=("students", "school_type"))
    assert caught.value.code == "MAP-PROPOSAL"
    assert "人数甲" in str(caught.value)
    told = Mapping(columns={"人数甲": "students"})
    assert read_dataset([path], needed=("students",), mapping=told).sections["students"].to_list() == [120.0]
    ignored = Mapping(ignore=["人数甲"])
    unknown = read_dataset([path], needed=("students", "school_type"), mapping=ignored)
    assert unknown.sections["students"].to_list() == [None]
