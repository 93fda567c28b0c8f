"""Delimited text and parquet as they come: encodings, delimiters, broken files."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance_tui.data.csv_table import decode, sniff
from balance_tui.data.load import read_dataset
from balance_tui.errors import InputRejected, Place
from tests.data.sources import contract_rows, write_text

ROWS = contract_rows(
    {"county": "清河县", "year": 2023, "school_id": "0101", "school": "实验小学", "stage": "primary",
     "school_type": "小学", "students": 500},
    {"county": "清河县", "year": 2023, "school_id": "0102", "school": "第一中学", "stage": "junior",
     "school_type": "初级中学", "students": 800},
)  # fmt: skip


def rejected(path: Path) -> InputRejected:
    with pytest.raises(InputRejected) as caught:
        read_dataset([path])
    assert str(path.name) in str(caught.value)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_every_encoding_and_delimiter_gives_the_same_data(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = write_text(tmp_path / "a.csv", ROWS, encoding, delimiter)
    sections = read_dataset([path]).sections
    assert sections["school"].to_list() == ["实验小学", "第一中学"]
    assert sections["school_id"].to_list() == ["0101", "0102"]
    assert sections["students"].to_list() == [500.0, 800.0]
    assert sections["_row"].to_list() == [2, 3]


@given(st.text(alphabet=st.characters(codec="gb18030", exclude_characters="\0"), min_size=1))
def test_gb18030_text_survives_unless_it_is_also_utf8(text: str) -> None:
    data = text.encode("gb18030")
    try:
        expected = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError:
        expected = text
    if not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        assert decode(data, Place("x"))[0] == expected


def test_a_delimiter_inside_quotes_does_not_count() -> None:
    assert sniff('a;b\n"x,y,z";2\n') == ";"


def test_line_breaks_and_markup_in_a_name_stay_as_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        'county,school_id,school,stage,students\n清河县,1,"[red]\n=1+1\x1b[31m",primary,5\n', encoding="utf-8"
    )
    assert read_dataset([path]).sections["school"].to_list() == ["[red]\n=1+1\x1b[31m"]


def test_merged_headers_saved_to_text_are_put_together(tmp_path: Path) -> None:
    rows = [
        ["2023年小学情况", None, None, None, None, None],
        ["学校名称", "统计三级", "在校生数", None, "专任教师", None],
        [None, None, "合计", "女", "#按学历分", None],
        [None, None, None, None, "本科", "专科"],
        ["实验小学", "清河县", 500, 240, 20, 5],
    ]
    data = read_dataset([write_text(tmp_path / "a.csv", rows)])
    row = data.sections.row(0, named=True)
    assert (row["students"], row["teachers_bachelor"], row["teachers_associate"]) == (500.0, 20.0, 5.0)
    assert (row["stage"], row["year"]) == ("primary", 2023)
    assert [m["header"] for m in data.mapping if m["how"] == "ignored"] == ["在校生数/女"]


def test_broken_utf8_is_rejected_with_its_offset_and_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("县区,学校名称\n清河县,实验小学甲乙丙\n".encode() + b"\xff\xff\n")
    error = rejected(path)
    assert error.code == "READ-ENCODING"
    assert error.place is not None
    assert error.place.line == 3


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "READ-EMPTY"),
        (b"\n\n , ,\n", "READ-EMPTY"),
        (b"a,b\n1,\0\n", "READ-NUL"),
        (b"school,stage\na,primary,3,4\n", "READ-RAGGED"),
        (b"school,students,stage\n", "READ-NO-ROWS"),
        (b"1,2\n3,4\n", "READ-HEADER"),
        (b"\xff\xfe\x00", "READ-ENCODING"),
        (b'school,stage\n"a,primary\n', "READ-CSV"),
        ((",".join(f"c{i}" for i in range(50_000)) + "\n").encode(), "READ-TOO-MANY-COLUMNS"),
    ],
)
def test_text_that_is_no_table_is_rejected_with_its_place(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert rejected(path).code == code


def test_trailing_delimiters_are_no_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("county,school_id,school,stage,students\n清河县,1,甲校,primary,5,,\n", encoding="utf-8")
    assert read_dataset([path]).sections["students"].to_list() == [5.0]


def test_parquet_passes_as_it_is_with_codes_as_text(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame(
        {"county": ["清河县"] * 2, "year": [2023] * 2, "school_id": ["01", "02"], "school": ["甲", "乙"],
         "stage": ["primary", "初中"], "students": [10, 20], "has_charter": [True, None]}
    ).write_parquet(path)  # fmt: skip
    data = read_dataset([path])
    assert data.sections["students"].to_list() == [10.0, 20.0]
    assert data.sections["stage"].to_list() == ["primary", "junior"]
    assert data.sections["has_charter"].to_list() == [True, None]
    assert data.findings.is_empty()
    assert dict(data.sections.schema).items() >= data.dictionary.section_schema().items()


def test_native_numbers_that_are_none_are_errors(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame(
        {"county": ["清河县"] * 3, "school_id": ["1", "2", "3"], "school": ["甲", "乙", "丙"],
         "stage": ["primary"] * 3, "students": [float("nan"), -1.0, float("inf")]}
    ).write_parquet(path)  # fmt: skip
    data = read_dataset([path])
    assert data.sections["students"].to_list() == [None, None, None]
    assert sorted(data.findings["code"]) == ["NUM-FINITE", "NUM-FINITE", "NUM-NEGATIVE"]
    assert data.findings["fields"].to_list() == [["students"]] * 3


def test_a_truncated_parquet_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"school": ["甲"] * 100}).write_parquet(path)
    path.write_bytes(path.read_bytes()[:-20])
    assert rejected(path).code == "READ-BROKEN"


def test_the_digest_is_of_the_bytes_whatever_order_and_names(tmp_path: Path) -> None:
    first = write_text(tmp_path / "a.csv", ROWS[:2])
    second = write_text(tmp_path / "b.csv", [ROWS[0], ROWS[2]])
    digest = read_dataset([first, second]).digest
    assert read_dataset([second, first]).digest == digest
    second.write_text(second.read_text(encoding="utf-8").replace("800", "801"), encoding="utf-8")
    assert read_dataset([first, second]).digest != digest
