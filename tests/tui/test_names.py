"""Names are found as written, by pinyin initials and by syllables, in Python and in polars alike."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance_tui.tui.names import frame_pattern, pattern, readings

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = st.text("永宁小学重庆长女𠮷祥路西安a.B*[]{}^$?+\\|()x&~-# \ufe00\u0301", max_size=10)


def found(wanted: str, text: str) -> bool:
    """Whether all four ways to search agree, and what they say."""
    answers = {
        re.search(pattern(wanted, text), text) is not None,
        bool(pl.Series([text]).str.contains(pattern(wanted, text))[0]),
        bool(pl.Series([text]).str.contains(frame_pattern(wanted, set(text) | set("无关字")))[0]),
    }
    assert len(answers) == 1
    return answers.pop()


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ("ynxx", "示例县永宁小学"),
        ("永n", "永宁小学"),
        ("YNXX", "永宁小学"),
        ("yongning", "永宁小学"),
        ("yongni", "永宁小学"),
        ("yongnxx", "永宁小学"),
        ("zqxx", "重庆小学"),
        ("cq", "重庆"),
        ("zhsh", "中山"),
        ("zs", "中山"),
        ("xian", "西安"),
        ("jxl", "𠮷祥路"),
        ("jixiang", "𠮷祥路"),
        ("lvse", "绿色"),
        ("yn", "永\ufe00宁"),
        ("永宁", "永\U000e0100宁"),
        ("l2", "L2"),
        ("a.b", "xA.Bx"),
        ("", ""),
    ],
)
def test_a_name_is_found_by_what_a_person_may_type(wanted: str, text: str) -> None:
    assert found(wanted, text)


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        ("xxyn", "永宁小学"),
        ("a.b", "axb"),
        ("yongmin", "永宁"),
        ("y n", "永宁"),
        ("zhx", "永宁"),
        (".", "永宁"),
        ("iu", "永宁"),
    ],
)
def test_a_name_is_not_found_by_something_else(wanted: str, text: str) -> None:
    assert not found(wanted, text)


@given(NAMES, st.data())
def test_a_text_is_found_by_any_part_of_it_and_by_the_initials_of_the_part(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    part = text[start : data.draw(st.integers(start, len(text)))]
    assert found(part, text)
    initials = "".join(min(readings(each), default=each)[0] for each in part)
    assert found(initials, text)


@given(NAMES, NAMES)
def test_without_letters_only_what_is_written_is_found(wanted: str, text: str) -> None:
    wanted = re.sub("[A-Za-z\ufe00]", "", wanted)
    text = text.replace("\ufe00", "")
    assert found(wanted, text) == (wanted in text)


@given(ANY_TEXT, ANY_TEXT)
def test_any_input_gives_an_expression_that_both_machines_accept(wanted: str, text: str) -> None:
    found(wanted, text)


@pytest.mark.parametrize("wanted", ["yongningxianzhongxinxiaoxue" * 3, "a" * 500, "永" * 500, "\ud800"])
def test_long_and_broken_input_stays_within_what_polars_accepts(wanted: str) -> None:
    assert pl.Series(["永宁小学"]).str.contains(pattern(wanted)).to_list() == [False]


def test_without_a_text_every_character_with_a_reading_is_known() -> None:
    names = pl.Series(["永宁小学", "𠮷祥路", "ynxx", "中心"])
    assert names.str.contains(pattern("ynxx")).to_list() == [True, False, True, False]
    assert names.str.contains(pattern("jxl")).to_list() == [False, True, False, False]


def test_all_readings_of_a_character_count() -> None:
    assert {"chang", "zhang"} <= readings("长")
    assert {"nv", "nu"} <= readings("女")
    assert readings("a") == readings("①") == readings("\ufe00") == frozenset()
