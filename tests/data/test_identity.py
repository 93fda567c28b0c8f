"""Schools found again across tables, and properties of reading as a whole."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balance_tui.data.load import read_dataset
from tests.data.sources import Cell, contract_rows, write_text

NAMES = ("育才学校", "育才学校小学部", "育才学校初中部", "实验小学", "第一中学", "第一中学(高中部)")


def rows(*schools: tuple[str, str | None, str]) -> list[list[Cell]]:
    return contract_rows(
        *(
            {"county": "清河县", "year": 2023, "school": name, "school_id": code, "stage": stage}
            for name, code, stage in schools
        )
    )


def test_a_row_without_id_takes_the_id_of_the_same_name(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", rows(("育才学校", "01", "primary"), ("育才学校", None, "junior")))
    assert read_dataset([path]).sections["school_id"].to_list() == ["01", "01"]


def test_one_name_with_two_ids_is_not_joined_but_told(tmp_path: Path) -> None:
    path = write_text(
        tmp_path / "a.csv",
        rows(("中心小学", "01", "primary"), ("中心小学", "02", "primary"), ("中心小学", None, "junior")),
    )
    data = read_dataset([path])
    assert data.sections["school_id"].n_unique() == 3
    finding = data.findings.filter(data.findings["code"] == "JOIN-AMBIGUOUS").row(0, named=True)
    assert (finding["severity"], finding["stage"]) == ("error", "junior")


def test_the_same_name_in_two_counties_is_two_schools(tmp_path: Path) -> None:
    table = rows(("中心小学", None, "primary"), ("中心小学", None, "junior"))
    table[2][0] = "平山县"
    data = read_dataset([write_text(tmp_path / "a.csv", table)])
    assert data.sections["school_id"].n_unique() == 2


def test_a_campus_whose_parent_is_not_there_is_an_error(tmp_path: Path) -> None:
    table = contract_rows(
        {"county": "清河县", "school_id": "1", "school": "甲", "stage": "primary", "campus_of": "9"},
        {"county": "清河县", "school_id": "2", "school": "乙", "stage": "primary", "campus_of": "1"},
    )
    data = read_dataset([write_text(tmp_path / "a.csv", table)])
    finding = data.findings.filter(data.findings["code"] == "JOIN-CAMPUS-PARENT").row(0, named=True)
    assert (finding["school"], finding["value"]) == ("甲", "9")
    assert data.sections["campus_of"].to_list() == ["9", "1"]


@settings(max_examples=30)
@given(
    schools=st.lists(
        st.tuples(st.sampled_from(NAMES), st.none(), st.sampled_from(["primary", "junior", "senior"])),
        min_size=1, max_size=8,
    ),
    seed=st.integers(0, 99),
)  # fmt: skip
def test_the_order_of_rows_changes_no_identity(
    tmp_path_factory: pytest.TempPathFactory, schools: list[tuple[str, None, str]], seed: int
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    shuffled = random.Random(seed).sample(schools, len(schools))
    columns = ["school", "stage", "school_id"]
    one, other = (
        read_dataset([write_text(folder / f"{name}.csv", rows(*part))]).sections.select(columns)
        for name, part in (("a", schools), ("b", shuffled))
    )
    assert one.sort(columns).equals(other.sort(columns))


def test_progress_counts_files_and_ends(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_text(tmp_path / f"{name}.csv", rows((f"{name}校", None, "primary")))
    told: list[tuple[int, int, str]] = []
    read_dataset([tmp_path], progress=lambda done, of, name: told.append((done, of, name)))
    assert told == [(0, 2, "a.csv"), (1, 2, "b.csv"), (2, 2, "")]


def test_many_bad_cells_of_one_column_are_counted_not_listed(tmp_path: Path) -> None:
    table: list[list[Cell]] = [["county", "school", "stage", "students"]]
    table += [["清河县", f"校{number}", "primary", "x"] for number in range(80)]
    findings = read_dataset([write_text(tmp_path / "a.csv", table)]).findings
    assert findings.filter(findings["code"] == "NUM-TEXT").height == 50
    assert "30" in findings.filter(findings["code"] == "NUM-MORE")["message_en"][0]
