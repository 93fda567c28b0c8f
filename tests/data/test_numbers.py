"""The one reader of values: what is read, what is missing, what is refused."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance_tui.data.columns import read_column
from balance_tui.data.dictionary import dictionary
from balance_tui.data.findings import FINDINGS_READ
from balance_tui.data.numbers import read_value

FIELDS = dictionary()


def value(text: str, code: str = "students", unit: str | None = None) -> object:
    return tuple(read_value(text, FIELDS[code], unit))


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("1,200", "students", 1200.0),
        ("１，２００", "students", 1200.0),
        (" 12 ", "students", 12.0),
        ("0", "students", 0.0),
        ("12.50", "equipment_value", 12.5),
        ("95%", "nearby_entry_primary", 95.0),
        ("９５％", "nearby_entry_primary", 95.0),
        ("-3.5", "teacher_pay_growth", -3.5),
        ("2016年", "built_year", 2016.0),
        ("Ⅲ级", "monitoring_level_math", 3.0),
        ("1e3", "students", 1000.0),
    ],
)
def test_a_number_is_read_without_complaint(text: str, code: str, expected: float) -> None:
    assert value(text, code) in ((expected, None), (expected, "NUM-UNIT"))
    if "级" not in text:
        assert value(text, code) == (expected, None)


@pytest.mark.parametrize("text", ["", " ", "—", "–", "-", "/", "／", "空", "无", "——", "NA", "－"])
def test_marks_of_nothing_are_missing_and_never_zero(text: str) -> None:
    assert value(text) == (None, None)


@pytest.mark.parametrize(
    ("text", "code", "problem"),
    [
        ("12人", "teaching_area", "NUM-UNIT-OTHER"),
        ("3万元", "public_funds", "NUM-UNIT-OTHER"),
        ("许多", "students", "NUM-TEXT"),
        ("1,20", "students", "NUM-TEXT"),
        ("12 34", "students", "NUM-TEXT"),
        ("1/2", "students", "NUM-TEXT"),
        ("=1+1", "students", "NUM-TEXT"),
        ("-5", "students", "NUM-NEGATIVE"),
        ("nan", "students", "NUM-FINITE"),
        ("inf", "students", "NUM-FINITE"),
        ("1e300", "students", "NUM-RANGE"),
        ("1e999", "nearby_entry_primary", "NUM-RANGE"),
        ("2016.5", "built_year", "NUM-WHOLE"),
        ("#DIV/0!", "students", "NUM-CELL-ERROR"),
        ("٣", "students", "NUM-TEXT"),
        ("5²", "students", "NUM-TEXT"),
    ],
)
def test_what_is_no_figure_of_the_field_is_an_error_and_null(text: str, code: str, problem: str) -> None:
    assert value(text, code) == (None, problem)
    assert FINDINGS_READ[problem].severity == "error"


def test_the_fields_own_unit_is_read_with_a_warning() -> None:
    assert value("12人") == (12.0, "NUM-UNIT")
    assert value("96㎡", "teaching_area") == (96.0, "NUM-UNIT")
    assert FINDINGS_READ["NUM-UNIT"].severity == "warning"


def test_a_declared_unit_is_converted_once_and_exactly() -> None:
    assert value("12345678.9", "equipment_value", "元") == (float(Decimal("1234.56789")), None)
    assert value("12元", "equipment_value", "元") == (0.0012, "NUM-UNIT")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("是", True), ("有", True), ("1", True), ("TRUE", True), ("否", False), ("无", False), ("0", False)],
)
def test_yes_and_no_are_words_and_none_means_no(text: str, expected: bool) -> None:
    assert value(text, "has_charter") == (expected, None)


def test_a_blank_answer_is_missing_and_another_word_is_an_error() -> None:
    assert value("—", "has_charter") == (None, None)
    assert value("大概", "has_charter") == (None, "NUM-BOOLEAN")


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("九年一贯制学校", "school_type", "nine_year"),
        ("nine_year", "school_type", "nine_year"),
        ("初级中学", "school_type", "junior_school"),
        ("初中", "school_type", "junior_school"),
        ("小学教学点", "school_type", "teaching_point"),
        ("主城区(111)", "location", "urban"),
        ("镇中心区（121）", "location", "town"),
        ("220", "location", "rural"),
        ("10", "owner", "10"),
        ("10.0", "owner", "10"),
        ("民办", "owner", "10"),
        ("县级教育部门", "owner", "7"),
        ("小学部", "stage", "primary"),
    ],
)
def test_coded_values_are_read_as_code_label_or_usual_variant(text: str, code: str, expected: str) -> None:
    assert value(text, code) == (expected, None)


def test_a_senior_school_is_no_compulsory_type_but_no_error_either() -> None:
    assert value("高级中学", "school_type") == (None, "NUM-SENIOR")
    assert FINDINGS_READ["NUM-SENIOR"].severity == "warning"
    assert value("大学", "school_type") == (None, "NUM-CODE")


@given(st.decimals(min_value=0, max_value=10**8, places=4))
def test_decimal_text_becomes_the_nearest_float(number: Decimal) -> None:
    assert value(f"{number:f}") == (float(str(number)), None)


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused_with_a_published_code(text: str) -> None:
    for code in ("students", "built_year", "has_charter", "school_type", "school"):
        read, problem = read_value(text, FIELDS[code])
        assert problem is None or problem in FINDINGS_READ
        assert problem is None or problem == "NUM-UNIT" or read is None


@given(st.lists(st.one_of(st.none(), st.integers(0, 10**7).map(str), st.text(max_size=6)), max_size=30))
def test_a_column_reads_as_its_cells_do_one_by_one(cells: list[str | None]) -> None:
    series, problems = read_column(pl.Series("c", cells, dtype=pl.String), FIELDS["students"])
    single = [read_value(cell, FIELDS["students"]) for cell in cells]
    assert series.to_list() == [reading.value for reading in single]
    assert [problem.index for problem in problems] == [i for i, r in enumerate(single) if r.code]


@given(st.lists(st.one_of(st.none(), st.floats()), max_size=30))
def test_native_numbers_are_checked_like_text(cells: list[float | None]) -> None:
    series, problems = read_column(pl.Series("c", cells, dtype=pl.Float64), FIELDS["students"])
    sound = [cell is None or 0 <= cell <= 10**8 for cell in cells]
    assert [problem.index for problem in problems] == [i for i, ok in enumerate(sound) if not ok]
    assert series.null_count() == sum(cell is None or not ok for cell, ok in zip(cells, sound, strict=True))


def test_a_code_column_of_numbers_keeps_whole_numbers_whole() -> None:
    series, problems = read_column(pl.Series("c", [7.0, None, 10.0]), FIELDS["owner"])
    assert (series.to_list(), problems) == (["7", None, "10"], [])


def test_school_codes_keep_their_leading_zeros() -> None:
    series, _ = read_column(pl.Series("c", ["0012", " 0013 ", "无"]), FIELDS["school_id"])
    assert series.to_list() == ["0012", "0013", None]


def test_every_code_has_a_sentence_in_both_languages() -> None:
    for code, kind in FINDINGS_READ.items():
        assert kind.what.zh, code
        assert kind.what.en, code
        assert (kind.mend is None) or all(kind.mend), code
