"""The files: the same bytes every time, labelled, in both layouts."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from balance_tui import sample
from balance_tui.data.dataset import CLASS_LIST_SCHEMA, JUDGEMENT_SCHEMA, ROOMS_SCHEMA
from balance_tui.data.dictionary import dictionary
from balance_tui.errors import UsageError


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("layout", ["contract", "wide"])
def test_the_same_seed_writes_the_same_bytes(
    layout: sample.Layout, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    before: Path = request.getfixturevalue(layout)
    again = sample.write(tmp_path, layout)
    assert {path.name for path in again} == {path.name for path in before.iterdir()}
    for path in again:
        assert path.read_bytes() == (before / path.name).read_bytes(), path.name


def test_another_seed_writes_other_figures(contract: Path, tmp_path: Path) -> None:
    sample.write(tmp_path, "contract", seed=7)
    assert (tmp_path / "schools.csv").read_bytes() != (contract / "schools.csv").read_bytes()


def test_the_contract_layout_has_the_columns_of_the_contract(contract: Path) -> None:
    sections = {field.code for field in dictionary().of_level("school", "section")}
    assert set(table(contract / "schools.csv")[0]) == sections
    assert list(table(contract / "county-facts.csv")[0]) == list(dictionary().county_schema())
    assert list(table(contract / "judgements.csv")[0]) == list(JUDGEMENT_SCHEMA)
    assert list(table(contract / "rooms.csv")[0]) == list(ROOMS_SCHEMA)
    assert list(table(contract / "class_list.csv")[0]) == list(CLASS_LIST_SCHEMA)


def test_leading_zeros_of_school_codes_stand_in_the_file(contract: Path) -> None:
    codes = {row["school_id"] for row in table(contract / "schools.csv")}
    assert all(len(code) == 10 and code.startswith("0") for code in codes)


def test_nothing_of_a_missing_value_is_written(contract: Path) -> None:
    rows = {(row["county"], row["year"]): row for row in table(contract / "county-facts.csv")}
    assert rows["示例丁市", "2024"]["civil_servant_average_pay"] == ""
    assert rows["示例甲县", "2024"]["civil_servant_average_pay"] == "97300"


def test_both_layouts_carry_the_same_tables_beside_the_schools(contract: Path, wide: Path) -> None:
    for name in ("judgements.csv", "rooms.csv", "class_list.csv"):
        assert table(contract / name) == table(wide / name)
    ours, theirs = table(contract / "county-facts.csv"), table(wide / "county-facts.csv")
    labels = {dictionary().label(code).zh: code for code in ours[0]}
    assert ours == [{labels[label]: value for label, value in row.items()} for row in theirs]


def test_every_judgement_says_that_it_is_made_up(contract: Path) -> None:
    assert {row["remark"] for row in table(contract / "judgements.csv")} == {sample.NOTICE.zh}


def test_a_workbook_that_cannot_be_written_is_an_error_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "示例甲县2024年小学.xlsx").mkdir()
    with pytest.raises(UsageError, match="SAMPLE_NOT_WRITTEN"):
        sample.write(tmp_path, "wide")


def test_a_folder_that_cannot_be_made_is_an_error_with_its_place(tmp_path: Path) -> None:
    occupied = tmp_path / "occupied"
    occupied.write_text("a file, not a folder")
    with pytest.raises(UsageError, match=r"SAMPLE_NOT_WRITTEN .*occupied"):
        sample.write(occupied, "contract")
