"""The readings of a formula agree, and a missing fact is never replaced."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance_tui.standard.expression import Expression, ExpressionError, Scalar, decimal_text

Facts = dict[str, Scalar]

NUMBERS = ("a", "b", "c")
CODES = ("x", "y", "z")
COLUMNS = {**dict.fromkeys(NUMBERS, pl.Float64()), "code": pl.String(), "flag": pl.Boolean()}


def number(depth: int) -> st.SearchStrategy[str]:
    leaf = st.sampled_from(NUMBERS) | st.integers(0, 9).map(str) | st.sampled_from(["0.1", "1.5", "0.25"])
    if not depth:
        return leaf
    inner, question = number(depth - 1), condition(depth - 1)
    return st.one_of(
        leaf,
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("GREATEST({}, {})".format, inner, inner),
        st.builds("LEAST({}, {})".format, inner, inner),
        st.builds("CEIL({})".format, inner),
        st.builds("FLOOR({})".format, inner),
        st.builds("ABS({})".format, inner),
        st.builds("CASE WHEN {} THEN {} ELSE {} END".format, question, inner, inner),
        st.builds(
            "CASE WHEN {} THEN {} WHEN {} THEN {} ELSE {} END".format,
            question, inner, question, inner, inner,
        ),
    )  # fmt: skip


def condition(depth: int) -> st.SearchStrategy[str]:
    leaf = st.sampled_from(
        ["flag", "code = 'x'", "code <> 'y'", "code IN ('x', 'y')", "code NOT IN ('z')", "flag = TRUE"]
    )
    inner = number(max(depth - 1, 0))
    compared = st.builds("{} {} {}".format, inner, st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), inner)
    between = st.builds("{} BETWEEN {} AND {}".format, inner, inner, inner)
    listed = st.builds("{} IN (1, 2, 3)".format, st.sampled_from(NUMBERS))
    if not depth:
        return leaf | compared | listed
    question = condition(depth - 1)
    return st.one_of(
        leaf,
        compared,
        between,
        listed,
        st.builds("({} AND {})".format, question, question),
        st.builds("({} OR {})".format, question, question),
        st.builds("NOT ({})".format, question),
    )


FACTS = st.fixed_dictionaries(
    {
        **dict.fromkeys(NUMBERS, st.none() | st.integers(-3, 12).map(Fraction)),
        "code": st.none() | st.sampled_from(CODES),
        "flag": st.none() | st.booleans(),
    }
)


def frame(rows: list[Facts]) -> pl.DataFrame:
    plain = [
        {name: float(value) if isinstance(value, Fraction) else value for name, value in row.items()}
        for row in rows
    ]
    return pl.DataFrame(plain, schema=COLUMNS)


def in_polars(expression: Expression, facts: Facts) -> object:
    return frame([facts]).select(expression.polars().alias("value"))["value"][0]


def same(read: object, exact: Scalar) -> bool:
    if isinstance(exact, Fraction):
        return isinstance(read, float | int) and math.isclose(read, exact, rel_tol=1e-9, abs_tol=1e-9)
    return read is exact


@given(number(3), FACTS)
def test_polars_computes_what_fractions_compute(text: str, facts: Facts) -> None:
    expression = Expression.parse(text)
    assert same(in_polars(expression, facts), expression.exact(facts))


@given(condition(3), FACTS)
def test_polars_judges_as_kleene_logic_on_fractions_does(text: str, facts: Facts) -> None:
    expression = Expression.parse(text)
    assert expression.is_condition or text == "flag"
    assert in_polars(expression, facts) is expression.exact(facts)


@given(number(3), FACTS)
def test_a_value_is_unknown_wherever_a_fact_it_reads_is(text: str, facts: Facts) -> None:
    expression = Expression.parse(text)
    for name in expression.names:
        assert expression.exact(facts | {name: None}) is None


@given(condition(2), FACTS)
def test_a_condition_once_known_stays_when_a_missing_fact_arrives(text: str, facts: Facts) -> None:
    expression = Expression.parse(text)
    known = expression.exact(facts)
    fillings: Mapping[str, Scalar] = {**dict.fromkeys(NUMBERS, Fraction(7, 2)), "code": "x", "flag": True}
    filled = {name: fillings[name] if value is None else value for name, value in facts.items()}
    assert known is None or expression.exact(filled) is known


@given(number(3), FACTS, st.sets(st.sampled_from(list(COLUMNS))))
def test_putting_settings_in_changes_no_known_value(text: str, facts: Facts, settings: set[str]) -> None:
    expression = Expression.parse(text)
    bound = expression.bound({name: facts[name] for name in settings})
    assert not settings.intersection(bound.names)
    value = expression.exact(facts)
    assert value is None or bound.exact(facts) == value
    assert same(in_polars(bound, facts), bound.exact(facts))


def test_a_setting_without_a_value_spoils_only_the_branch_that_reads_it() -> None:
    limit = Expression.parse("CASE WHEN code = 'x' THEN 3000 WHEN code = 'y' THEN c ELSE 2400 END")
    bound = limit.bound({"c": None})
    values = [bound.exact({"code": code}) for code in (*CODES, None)]
    assert values == [3000, None, 2400, None]
    codes = pl.DataFrame({"code": [*CODES, None]})
    assert codes.select(bound.polars().alias("value"))["value"].to_list() == [3000, None, 2400, None]


def test_a_fact_of_a_branch_that_settings_close_is_not_read() -> None:
    area = Expression.parse("CASE WHEN code = 'x' THEN a - b ELSE a END")
    assert area.bound({"code": "y"}).exact({"a": Fraction(9), "b": None}) == 9
    assert area.exact({"code": "y", "a": Fraction(9), "b": None}) is None


@pytest.mark.parametrize(
    "text",
    ["a / b", "a / (b + c)", "GREATEST(a / b, 1)", "CASE WHEN a / b > 1 THEN 1 ELSE 2 END", "a / b > 1"],
)
def test_a_division_by_zero_is_unknown(text: str) -> None:
    facts: Facts = {"a": Fraction(1), "b": Fraction(0), "c": Fraction(0), "code": "x", "flag": True}
    expression = Expression.parse(text)
    assert expression.exact(facts) is None
    assert in_polars(expression, facts) is None


def test_a_divisor_that_misses_zero_by_a_binary_hair_is_zero() -> None:
    tenths = pl.DataFrame({"a": [1.0], "b": [0.1], "c": [0.2], "d": [0.3]})
    assert tenths.select(Expression.parse("a / (b + c - d)").polars().alias("v"))["v"][0] is None


@pytest.mark.parametrize(
    ("text", "facts", "holds"),
    [
        ("a / b >= 0.9", {"a": 9, "b": 10}, True),
        ("a * 0.1 + 0.2 = 0.3", {"a": 1}, True),
        ("a * 1.1 <= 3.3", {"a": 3}, True),
        ("a * 1.1 < 3.3", {"a": 3}, False),
        ("a / 3 * 3 > 1", {"a": 1}, False),
    ],
)
def test_binary_fractions_do_not_decide_a_condition(text: str, facts: dict[str, int], holds: bool) -> None:
    expression = Expression.parse(text)
    read = pl.DataFrame({name: [float(value)] for name, value in facts.items()})
    assert read.select(expression.polars().alias("holds"))["holds"][0] is holds
    assert expression.exact({name: Fraction(value) for name, value in facts.items()}) is holds


def test_every_twelve_classes_are_counted_without_a_binary_hair() -> None:
    rooms = Expression.parse("CEIL(a / 12)")
    classes = pl.DataFrame({"a": [float(count) for count in range(1, 500)]})
    read = classes.select(rooms.polars().alias("rooms"))["rooms"].to_list()
    assert read == [rooms.exact({"a": Fraction(count)}) for count in range(1, 500)]


@pytest.mark.parametrize(
    "text",
    [
        "SUM(a)", "COUNT(*)", "SUM(a) OVER (PARTITION BY code)", "(SELECT 1)", "EXISTS (SELECT 1)",
        "a IN (SELECT 1)", "COALESCE(a, 0)", "a IS NULL", "a IS NOT NULL", "IFNULL(a, 0)", "NULLIF(a, 0)",
        "CASE WHEN flag THEN a END", "NULL", "a IN (1, NULL)", "CAST(a AS INT)", "a::int", "a % 2", "a || b",
        "a AS b", "t.a", "a[1]", "DATE '2020-01-01'", "1e400", "9" * 40, "*", "", "a,b", "a;b", "a LIKE 'x%'",
        "RANDOM()", "ROUND(a, 1)", "(" * 5000 + "a" + ")" * 5000,
    ],
)  # fmt: skip
def test_what_a_standard_may_not_use_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        Expression.parse(text)


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    shown = ""
    with suppress(ExpressionError):
        shown = Expression.parse(text).shown(str)
    assert isinstance(shown, str)


def test_a_formula_is_shown_with_its_signs_and_only_the_brackets_it_needs() -> None:
    shown = Expression.parse("(a + b) * 0.85 / (c - 1) >= 2").shown(str.upper)
    assert shown == "(A + B) × 0.85 ÷ (C - 1) ≥ 2"


@given(st.fractions(-1000, 1000, max_denominator=1000))
def test_a_fraction_is_written_as_a_decimal_near_it(value: Fraction) -> None:
    text = decimal_text(value)
    assert abs(Fraction(text) - value) <= Fraction(1, 10**11)
    assert not text.endswith(".")
