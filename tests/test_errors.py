"""Errors as values: code, place, what, how to mend; and text from files that cannot act on a terminal."""

from __future__ import annotations

import os
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance_tui.errors import (
    BalanceError,
    InputRejected,
    Place,
    Refused,
    StandardInvalid,
    UsageError,
    readable,
    visible,
)
from balance_tui.language import Text

_WHAT = Text("不对", "wrong")


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        (Place("a.csv"), "a.csv"),
        (Place("a.csv", line=17), "a.csv:17"),
        (Place("a.xlsx", sheet="小学"), "a.xlsx:小学"),
        (Place("a.xlsx", sheet="小学", cell="H17"), "a.xlsx:小学!H17"),
        (Place("a.csv", cell="students"), "a.csv:students"),
        (Place("a\x1b[31m.csv", line=1), "a\\x1b[31m.csv:1"),
    ],
)
def test_a_place_names_file_line_sheet_and_cell(place: Place, shown: str) -> None:
    assert str(place) == shown


def test_an_error_says_code_place_what_and_how_to_mend() -> None:
    error = InputRejected("CODE", _WHAT, Text("请改正", "correct it"), Place("a.csv", line=2))
    assert str(error) == "CODE a.csv:2: 不对; 请改正"
    assert str(BalanceError("CODE", _WHAT)) == "CODE: 不对"


def test_an_error_carries_no_control_character_out_of_a_file() -> None:
    assert "\x1b" not in str(UsageError("CODE", Text("\x1b[2J", "\x1b[2J"), Text("\n", "\n")))


def test_every_kind_of_error_has_an_exit_code_of_its_own() -> None:
    kinds = (UsageError, InputRejected, StandardInvalid, Refused)
    assert [kind.exit_code for kind in kinds] == [2, 3, 4, 5]


def test_a_standard_with_one_fault_names_it_and_one_with_several_names_all() -> None:
    alone = StandardInvalid("ONE", _WHAT)
    assert alone.problems == (alone,)
    assert StandardInvalid("ONE", _WHAT, problems=(alone, StandardInvalid("TWO", _WHAT))).problems[0] is alone


@given(st.text())
def test_visible_text_moves_no_cursor_and_visible_twice_is_visible_once(text: str) -> None:
    shown = visible(text)
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert visible(shown) == shown


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z"])))
def test_printable_text_is_left_as_it_is(text: str) -> None:
    assert visible(text) == text == readable(text)


def test_a_file_name_in_another_encoding_than_the_locale_can_be_written_anywhere() -> None:
    assert readable(os.fsdecode("学校.csv".encode())) == "学校.csv"
    assert readable(b"\xd1\xa7.csv".decode("ascii", "surrogateescape")).encode("utf-8")
