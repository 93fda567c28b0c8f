"""Whatever stands in the file: a standard, or a refusal with a reason. Never a traceback, never a hang."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balance_tui.errors import StandardInvalid
from balance_tui.resources import profiles_dir
from balance_tui.standard.load import build_standard, read_standard
from balance_tui.standard.source import DIGITS, parse_document

CONTENT = (profiles_dir() / "national-2017.toml").read_bytes()
TEXT = CONTENT.decode("utf-8")
LINES = TEXT.splitlines(keepends=True)


def problems_of(text: str) -> tuple[StandardInvalid, ...]:
    """Why the text is no standard; of one that is, the hash is made too."""
    try:
        assert len(build_standard(parse_document(text, "f.toml")).hash) == 64
    except StandardInvalid as refused:
        return refused.problems
    return ()


def accepted(text: str) -> bool:
    problems = problems_of(text)
    assert all(str(problem).isprintable() for problem in problems)
    return not problems


@settings(max_examples=60)
@given(st.integers(0, len(CONTENT) - 1), st.binary(max_size=6), st.integers(0, 6))
def test_changed_bytes_load_or_are_refused(
    tmp_path_factory: pytest.TempPathFactory, at: int, new: bytes, gone: int
) -> None:
    file = tmp_path_factory.mktemp("fuzz") / "f.toml"
    file.write_bytes(CONTENT[:at] + new + CONTENT[at + gone :])
    said = ""
    try:
        read_standard(file)
    except StandardInvalid as refused:
        said = str(refused)
    assert said.isprintable()


@settings(max_examples=60)
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=30))
def test_lines_in_any_order_load_or_are_refused(lines: list[str]) -> None:
    accepted("".join(lines))


@settings(max_examples=60)
@given(st.integers(0, len(TEXT)), st.text(max_size=8))
def test_a_cut_file_with_something_at_its_end_loads_or_is_refused(length: int, end: str) -> None:
    accepted(TEXT[:length] + end.encode("utf-8", "ignore").decode("utf-8"))


NUMBERS = st.one_of(
    st.builds("{}e{}".format, st.integers(-9, 9), st.integers(-(10**12), 10**12)),
    st.decimals().map(str),
    st.integers().map(str),
    st.sampled_from(["nan", "+inf", "0x" + "f" * 4000, "1" * 5000, "0.1e-9999999999999999999999", "1_0.0_1"]),
)


@given(NUMBERS)
def test_a_number_of_any_size_is_read_or_refused_at_once(number: str) -> None:
    text = TEXT.replace("junior = 5.8", f"junior = {number}")
    if accepted(text):
        limit = build_standard(parse_document(text, "f.toml")).model.indicator[3].limit["junior"].value
        assert limit == Decimal(number.replace("_", ""))
        assert abs(limit.adjusted()) <= DIGITS


@pytest.mark.parametrize("opening", ["[", "{ a = ", "[{ a = ", "[[a]]\n[a.", '"'])
def test_endless_nesting_is_refused(opening: str) -> None:
    assert not accepted("a = " + opening * 5000)


@pytest.mark.parametrize("depth", [50, 300, 500, 900])
def test_deep_but_complete_nesting_is_refused(depth: int) -> None:
    assert not accepted("a = " + "[" * depth + "]" * depth)
    assert not accepted("a = " + "{ a = " * depth + "1" + " }" * depth)
    assert not accepted(".".join("a" * depth * 20) + " = 1")


def test_a_large_file_is_read_in_time_that_grows_with_it(tmp_path: Path) -> None:
    file = tmp_path / "large.toml"
    notes = "".join(f'[[note]]\nid = "X{n}"\ntext = "t"\nclause = "c"\n' for n in range(3000))
    file.write_text(TEXT + notes, encoding="utf-8")
    assert len(read_standard(file).model.note) > 3000
