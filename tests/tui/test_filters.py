"""The filter language: what each word keeps, and what is said of one that cannot be read."""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from balance_tui.data.dictionary import STAGES
from balance_tui.engine.figures import figure
from balance_tui.engine.status import WORD, WORDS
from balance_tui.errors import UsageError
from balance_tui.language import LANGUAGES, Text, use_language
from balance_tui.tui.table.filters import HELP, MOST, Word, condition, parse
from balance_tui.tui.table.sheet import Column

COLUMNS = (
    Column("school", Text("学校", "school")),
    Column("stage", Text("学段", "stage"), words=STAGES),
    Column(
        "L2",
        Text("骨干教师", "backbone teachers"),
        kind="figure",
        mark="L2_status",
        unit=Text("人", "persons"),
    ),
    Column("status", Text("结论", "verdict"), kind="word"),
    Column("students", Text("学生", "students"), kind="plain", unit=Text("人", "persons")),
    Column("year", Text("年份", "year"), kind="plain"),
    Column("public", Text("公办", "public")),
    Column("cure_by", Text("整改期限", "cure by")),
    Column("met", Text("达标项", "met")),
)
FRAME = pl.DataFrame(
    {
        "school": ["永宁小学", "河东 东校区", "[red]𠮷祥\x1b[1m", None, "a=b<c>!d"],
        "stage": ["primary", "junior", "primary", None, "senior"],
        "L2": [0.817, 1.0, None, math.nan, 2310.5],
        "L2_status": ["fail", "pass", "unknown", "not_applicable", "relieved"],
        "status": pl.Series(["fail", "pass", "unknown", None, "floor"], dtype=WORD),
        "students": [612.0, 0.1, 23226.5, None, 1000.0],
        "year": pl.Series([2024, 2025, 2024, None, 2025], dtype=pl.Int32),
        "public": [True, False, None, True, False],
        "cure_by": [dt.date(2027, 12, 31), dt.date(2028, 1, 1), None, None, dt.date(2028, 12, 31)],
        "met": [["L1", "L2"], [], None, ["L3"], ["L1"]],
        "location": ["urban", "rural", "town", None, "rural"],
        "_hidden": [1, 2, 3, 4, 5],
    }
)


def kept(wanted: str, frame: pl.DataFrame = FRAME) -> list[int]:
    """The rows that a filter keeps."""
    held = frame.select(held=condition(parse(wanted), COLUMNS, frame.schema) & pl.repeat(True, pl.len()))
    return held["held"].arg_true().to_list()


@pytest.mark.parametrize(
    ("wanted", "rows"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("永宁", [0]),
        ("yn", [0]),
        ("jx", [2]),
        ("小学", [0, 2]),
        ("2025", [1, 4]),
        ("!永宁", [1, 2, 3, 4]),
        ("hd 东", [1]),
        ('"河东 东"', [1]),
        ("“河东 东”", [1]),
        ('"=b<"', [4]),
        ("[red]", [2]),
        ("\x1b", [2]),
        ("L1", [0, 4]),
        ("✗", [0]),
        ("~", [4]),
        ("L2<1", [0]),
        ("L2 < 1", [0]),
        ("l2＜１", [0]),
        ("L2<=1", [0, 1]),
        ("L2≤1", [0, 1]),
        ("L2>=1", [1, 4]),
        ("L2>1人", [4]),
        ("L2=0.82", [0]),
        ("L2=0.817", [0]),
        ("L2=0.81", []),
        ("L2=2,310.5", [4]),
        ("!L2<1", [1, 2, 3, 4]),
        ("L2!=1", [0, 2, 3, 4]),
        ("L2≠1", [0, 2, 3, 4]),
        ("L2=?", [2]),
        ("L2=✗", [0]),
        ("L2=x", [0]),
        ("L2=不适用", [3]),
        ("L2=~", [4]),
        ("骨干=✓", [1]),
        ("backbone=pass", [1]),
        ('"backbone teachers"<1', [0]),
        ("学段=小学", [0, 2]),
        ("stage=primary", [0, 2]),
        ("STAGE=Primary", [0, 2]),
        ("学段=xx", [0, 2]),
        ("学段!=小学", [1, 3, 4]),
        ("学段！＝小学", [1, 3, 4]),
        ("学段=?", [3]),
        ("结论=不达标", [0]),
        ("结论=达标", [1]),
        ("verdict=fail", [0]),
        ("结论=?", [2, 3]),
        ("结论=~", [4]),
        ("学生>=612 学生<=1000", [0, 4]),
        ("学生=0.1", [1]),
        ("students=?", [3]),
        ("年=2024", [0, 2]),
        ("年份>2024年", [1, 4]),
        ("公办=是", [0, 3]),
        ("public=no", [1, 4]),
        ("公办=?", [2]),
        ("整改<2028", [0]),
        ("整改=2028", [1, 4]),
        ("整改<=2028-01", [0, 1]),
        ("整改>=2028-01-01", [1, 4]),
        ("整改=?", [2, 3]),
        ("学校=永宁", [0]),
        ("学校=yn", [0]),
        ("学校!=永宁", [1, 2, 3, 4]),
        ("学校=?", [3]),
        ('学校=""', [3]),
        ("met=L3", [3]),
        ("location=乡村", [1, 4]),
        ("loc=urban", [0]),
    ],
)  # fmt: skip
def test_a_word_keeps_the_rows_it_says(wanted: str, rows: list[int]) -> None:
    assert kept(wanted) == rows


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [
        ("scool=1", "school"), ("nowhere<1", "学校"), ("学<1", "school"), ("学段<1", "!="), ("学校<1", "!="),
        ("学段=大学", "小学"),
        ("L2<abc", "?"), ("L2<", "L2<1"), ("L2=", "L2<1"), ("=1", "L2<1"), ("!", "L2<1"), ("公办=也许", "是"),
        ("整改<明年", "YYYY"),
        ("_hidden=1", "学校"), ("L2<1亩", "?"), ("永" * (MOST + 1), ""), ("年=✗", "?"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_with_a_mend(wanted: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        kept(wanted)
    assert caught.value.code == "FILTER"
    assert caught.value.mend is not None
    assert hint in str(caught.value.mend)
    assert all(caught.value.what)
    assert all(caught.value.mend)


def test_words_are_searched_as_they_are_shown_in_the_language_in_use() -> None:
    assert kept("不达标") == [0]
    use_language("en")
    assert kept("不达标") == []
    assert kept('"at the floor"') == [4]
    assert kept("primary 2024") == [0, 2]


def test_parts_of_a_filter_stay_apart() -> None:
    assert parse('  !永宁　L2 >=0.5 学段 = "小 学" "a=b"') == (
        Word("永宁", negated=True), Word("0.5", "L2", ">="), Word("小 学", "学段", "="), Word("a=b"),
    )  # fmt: skip


def test_the_help_shows_only_filters_that_work() -> None:
    for text in HELP:
        for line in text.splitlines()[1:6]:
            kept(line.split("  ")[0].replace("verdict", "结论"))
    assert len(set(LANGUAGES)) == len(HELP)


@given(st.text('永n!！=＝<≤"“” L2?✗学段 ', max_size=14))
def test_any_filter_is_read_or_refused_with_its_code(wanted: str) -> None:
    code = "FILTER"
    try:
        kept(wanted)
    except UsageError as error:
        code = error.code
    assert code == "FILTER"


NUMBERS = st.one_of(
    st.none(), st.just(math.nan), st.integers(-50, 50).map(lambda n: n / 10), st.integers(-3000, 3000).map(lambda n: n / 1000)
)  # fmt: skip


@given(st.lists(NUMBERS, max_size=12), st.integers(-300, 300))
@example([9 / 1000 * 100], 90)
@example([1.005, -1.005, 0.995], 101)
def test_numbers_compare_on_their_limit_and_unknown_ones_never_do(
    values: list[float | None], hundredths: int
) -> None:
    limit = Fraction(hundredths, 100)
    written = figure(limit, 2)
    rows = {
        number: Fraction(repr(value))
        for number, value in enumerate(values)
        if value is not None and value == value
    }
    schema = {name: dtype for name, dtype in FRAME.schema.items() if name != "L2_status"}
    frame = pl.DataFrame({"L2": values}, schema={"L2": pl.Float64}).with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in schema.items() if name != "L2"
    )

    def on_limit(value: Fraction) -> bool:
        return abs(value - limit) < Fraction(1, 10**9)

    expected = {
        "<": [n for n, v in rows.items() if v < limit and not on_limit(v)],
        "<=": [n for n, v in rows.items() if v <= limit or on_limit(v)],
        ">": [n for n, v in rows.items() if v > limit and not on_limit(v)],
        ">=": [n for n, v in rows.items() if v >= limit or on_limit(v)],
        "=": [n for n in rows if figure(values[n], 2) == written],
    }
    for operator, answer in expected.items():
        assert kept(f"L2{operator}{written}", frame) == answer
        assert kept(f"!L2{operator}{written}", frame) == [n for n in range(len(values)) if n not in answer]
    assert kept("L2=?", frame) == [n for n in range(len(values)) if n not in rows]


@given(st.lists(st.sampled_from([*WORDS, None]), max_size=8), st.sampled_from(WORDS))
def test_a_status_is_the_same_whether_text_or_a_word_of_the_engine(
    words: list[str | None], asked: str
) -> None:
    columns = (Column("status", Text("结论", "verdict"), kind="word"),)
    wanted = [n for n, word in enumerate(words) if word == asked or asked == "unknown" and word is None]
    for dtype in (pl.String(), WORD):
        frame = pl.DataFrame({"status": pl.Series(words, dtype=dtype)})
        held = frame.select(condition(parse(f"结论={asked}"), columns, frame.schema)).to_series()
        assert held.arg_true().to_list() == wanted
