"""Rows of a frame against the same done with plain lists: order, filter, groups, branches, search, keys."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from functools import cmp_to_key
from typing import Any, NamedTuple

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance_tui.data.dictionary import STAGES
from balance_tui.engine.figures import figure
from balance_tui.engine.status import MARKS, WORD
from balance_tui.errors import UsageError
from balance_tui.language import Text, use_language
from balance_tui.tui.cells import ambiguous_in_use, shown, use_ambiguous, width
from balance_tui.tui.names import spelled
from balance_tui.tui.table.arrangement import SEVERITY
from balance_tui.tui.table.frame_base import Base
from balance_tui.tui.table.frame_sheet import PAGE, FrameSheet
from balance_tui.tui.table.frame_widths import EXACT
from balance_tui.tui.table.sheet import Column, Order, SheetState, arranged

NAMES = [
    "永宁小学",
    "河东学校",
    "𠮷祥路",
    "[red]x",
    "\x1b[31m中",
    "\u0301a",
    "e\u0301中",
    "永\ufe0f宁",
    "",
    None,
]
SCHEMA = {
    "id": pl.Int64,
    "school": pl.String,
    "stage": pl.String,
    "L2": pl.Float64,
    "L2_status": pl.String,
    "status": WORD,
}
COLUMNS = (
    Column("school", Text("学校", "school")),
    Column("stage", Text("学段", "stage"), words=STAGES),
    Column("L2", Text("L2", "L2"), Text("≥1", "≥1"), kind="figure", mark="L2_status"),
    Column("status", Text("结论", "verdict"), kind="word"),
)  # fmt: skip


class Record(NamedTuple):
    """One row of the frames that are tried."""

    id: int
    school: str | None
    stage: str | None
    L2: float | None
    L2_status: str | None
    status: str | None


WORDS = st.sampled_from([None, *SEVERITY])
FIGURES = st.one_of(st.none(), st.just(math.nan), st.integers(-9, 9).map(lambda n: n / 4))
FIELDS = st.tuples(
    st.sampled_from(NAMES), st.sampled_from([None, "senior", "junior", "primary", "other"]), FIGURES, WORDS, WORDS
)  # fmt: skip
RECORDS = st.lists(FIELDS, max_size=12).map(lambda rows: [Record(n, *row) for n, row in enumerate(rows)])
ORDERS = st.lists(
    st.tuples(st.sampled_from([column.key for column in COLUMNS]), st.booleans()), max_size=3, unique_by=lambda pair: pair[0]
).map(lambda pairs: Order(tuple(pairs)))  # fmt: skip
FILTERS = {
    "": lambda r: r is not None,
    "永宁": lambda r: "永宁" in (r.school or ""),
    "L2<1": lambda r: is_known(r.L2) and r.L2 < 1,
    "!L2<1": lambda r: not (is_known(r.L2) and r.L2 < 1),
    "学段=小学 结论=fail": lambda r: r.stage == "primary" and r.status == "fail",
    "hd": lambda r: r.school == "河东学校",
}


def is_known(value: object) -> bool:
    return value is not None and value == value


def sheet_of(records: Sequence[Record], **options: Any) -> FrameSheet:
    return FrameSheet(pl.DataFrame(records, schema=SCHEMA, orient="row"), COLUMNS, key=("id",), **options)


def rank(record: Record, name: str) -> Any:
    value = getattr(record, name)
    if not is_known(value):
        return None
    if name == "status":
        return SEVERITY.index(value)
    if name == "school":
        return "".join(f"{sound} " if (sound := spelled(each)) else each for each in value), value
    return (
        ((list(STAGES).index(value) if value in STAGES else len(STAGES)), value) if name == "stage" else value
    )


def in_order(records: Sequence[Record], order: Order) -> list[Record]:
    """Sorted by each key, unknown values last, equal ones as they were."""

    def compared(one: Record, other: Record) -> int:
        for name, descends in order.keys:
            left, right = rank(one, name), rank(other, name)
            if left == right:
                continue
            if left is None or right is None:
                return 1 if left is None else -1
            return -1 if (left < right) != descends else 1
        return 0

    return sorted(records, key=cmp_to_key(compared))


def keys(sheet: FrameSheet) -> list[object]:
    return [sheet.key(row) for row in range(sheet.height)]


@given(RECORDS, ORDERS, ORDERS, st.sampled_from(list(FILTERS)))
def test_sorting_and_filtering_are_those_of_plain_lists(
    records: list[Record], own: Order, order: Order, wanted: str
) -> None:
    sheet = sheet_of(records, order=own).sorted(order).filtered(wanted)
    expected = [r for r in in_order(records, order if order.keys else own) if FILTERS[wanted](r)]
    assert keys(sheet) == [(r.id,) for r in expected]
    assert (sheet.height, sheet.total) == (len(expected), len(records))
    assert sheet.state == SheetState(order, wanted)
    assert [sheet.row_of((r.id,)) for r in records] == [
        expected.index(r) if r in expected else None for r in records
    ]
    for row, record in enumerate(expected):
        assert tuple(map(repr, sheet.record(row).values())) == tuple(map(repr, record))  # type: ignore[union-attr]
    back = sheet.filtered("").sorted(Order())
    assert keys(back) == [(r.id,) for r in in_order(records, own)]


def groups(records: Sequence[Record], name: str) -> list[str | None]:
    """The values in the order their groups are shown."""
    found = list(dict.fromkeys(getattr(record, name) for record in records))
    if name == "school":
        return found
    order = list(SEVERITY[::-1]) if name == "status" else list(STAGES)
    return sorted(
        found, key=lambda v: len(order) + 1 if v is None else order.index(v) if v in order else len(order)
    )


@given(
    RECORDS, ORDERS, st.sampled_from(["stage", "status", "school"]), st.sampled_from(list(FILTERS)), st.data()
)
def test_groups_stand_under_their_heading_and_close(
    records: list[Record], order: Order, name: str, wanted: str, data: st.DataObject
) -> None:
    sheet = sheet_of(records).sorted(order).filtered(wanted).grouped(name)
    assert sheet.state == arranged(sheet_of(records), sheet.state).state
    kept = [record for record in in_order(records, order) if FILTERS[wanted](record)]
    closed: set[object] = set()
    for _ in range(3):
        expected: list[object] = []
        for value in groups(records, name):
            members = [record for record in kept if getattr(record, name) == value]
            if members:
                expected.append(("_group", value))
                expected.extend((r.id,) for r in members if value not in closed)
        assert keys(sheet) == expected
        assert [sheet.row_of(key) for key in expected] == list(range(len(expected)))
        if not expected:
            return
        row = data.draw(st.integers(0, len(expected) - 1))
        before, sheet = sheet, sheet.folded(row)
        key = expected[row]
        assert keys(before) == expected
        if isinstance(key, tuple) and key[0] == "_group":
            assert before.record(row) is None
            closed ^= {key[1]}
    assert keys(sheet.grouped(None)) == [(r.id,) for r in kept]


@given(RECORDS)
def test_a_heading_counts_its_rows_by_status(records: list[Record]) -> None:
    sheet = sheet_of(records).grouped("stage")
    for row in range(sheet.height):
        if sheet.record(row) is not None:
            continue
        value = sheet.key(row)[1]  # type: ignore[index]
        members = [record for record in records if record.stage == value]
        text = sheet.cells(row)[0].text
        label = "(空白)" if value is None else STAGES[value].zh if value in STAGES else value
        assert text.startswith(f"▾ {label}  {len(members)} 行")
        for mark in set(MARKS.values()):
            count = sum(MARKS.get(record.status or "") == mark for record in members)
            assert (f"{mark} {count}" in text.split("  ", 2)[-1]) == (count > 0)
        assert {cell.style for cell in sheet.cells(row)} == {"group"}
        assert sheet.folded(row).cells(row)[0].text == "+" + text[1:]
        assert sheet.value(row, "school") == text


def around(found: Sequence[int], start: int, step: int, height: int) -> int | None:
    rows = (row % height for row in range(start, start + step * height, step)) if height else iter(())
    return next((row for row in rows if row in found), None)


@given(RECORDS, ORDERS, st.sampled_from([None, "stage"]), st.integers(0, 20), st.sampled_from([1, -1]))
def test_search_goes_round_over_what_is_shown(
    records: list[Record], order: Order, group: str | None, start: int, step: int
) -> None:
    sheet = sheet_of(records).sorted(order).grouped(group)
    shown_records = [sheet.record(row) for row in range(sheet.height)]
    named = [row for row, r in enumerate(shown_records) if r and r["school"] == "永宁小学"]
    troubled = [row for row, r in enumerate(shown_records) if r and r["status"] in ("fail", "unknown")]
    assert sheet.find("ynx", start, step) == around(named, start, step, sheet.height)
    assert sheet.find("宁小", start, step) == around(named, start, step, sheet.height)
    assert sheet.next_status(start, step) == around(troubled, start + step, step, sheet.height)
    assert sheet.find("没有这个", start, step) is None


def test_without_a_status_of_its_own_a_row_has_that_of_its_marks() -> None:
    frame = pl.DataFrame({"L1": [1.0, 2.0, None], "m": pl.Series(["pass", "fail", "unknown"], dtype=WORD)})
    sheet = FrameSheet(frame, (Column("L1", Text("L1", "L1"), kind="figure", mark="m"),))
    assert [sheet.next_status(row, 1) for row in range(3)] == [1, 2, 1]
    assert FrameSheet(frame, (Column("L1", Text("L1", "L1"), kind="figure"),)).next_status(0, 1) is None


TREES = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), max_size=14).map(
    lambda rows: [(min(depth, number), value) for number, (depth, value) in enumerate(rows)]
)


def parents(depths: Sequence[int]) -> list[int | None]:
    return [
        next((m for m in range(n - 1, -1, -1) if depths[m] < depths[n]), None) for n in range(len(depths))
    ]


def ancestors(number: int, above: Sequence[int | None]) -> Iterator[int]:
    parent = above[number]
    while parent is not None:
        yield parent
        parent = above[parent]


def tree_of(rows: Sequence[tuple[int, int]]) -> FrameSheet:
    frame = pl.DataFrame(
        {"name": [f"名{n}值{value}" for n, (_, value) in enumerate(rows)], "depth": [d for d, _ in rows],
         "v": [v for _, v in rows]},
        schema={"name": pl.String, "depth": pl.Int64, "v": pl.Int64},
    )  # fmt: skip
    columns = (Column("name", Text("名", "name")), Column("v", Text("值", "v"), kind="plain"))
    return FrameSheet(frame, columns, depth="depth")


@given(TREES, st.data())
def test_a_tree_hides_what_lies_under_a_closed_row(rows: list[tuple[int, int]], data: st.DataObject) -> None:
    sheet, above = tree_of(rows), parents([depth for depth, _ in rows])
    closed: set[int] = set()
    for _ in range(3):
        expected = [n for n in range(len(rows)) if closed.isdisjoint(ancestors(n, above))]
        assert keys(sheet) == expected
        for row, number in enumerate(expected):
            sign = "  " if number not in above else "+ " if number in closed else "▾ "
            lead = "  " * rows[number][0] + (sign if any(each is not None for each in above) else "")
            assert sheet.cells(row)[0].text == f"{lead}名{number}值{rows[number][1]}"
            assert width(sheet.cells(row)[0].text) <= sheet.natural_widths()[0]
        if not expected:
            return
        row = data.draw(st.integers(0, len(expected) - 1))
        sheet = sheet.folded(row)
        closed ^= {expected[row]} & {each for each in above if each is not None}


@given(TREES, st.integers(0, 5))
def test_a_filtered_tree_shows_matches_with_all_they_lie_under(
    rows: list[tuple[int, int]], value: int
) -> None:
    above = parents([depth for depth, _ in rows])
    matches = [n for n, (_, each) in enumerate(rows) if each == value]
    wanted = sorted({*matches, *(each for n in matches for each in ancestors(n, above))})
    sheet = tree_of(rows)
    assert keys(sheet.filtered(f"值{value}")) == wanted
    closed = sheet.folded(0) if rows else sheet
    assert keys(closed.filtered(f"值{value}")) == wanted


@given(TREES, st.booleans())
def test_a_sorted_tree_keeps_its_branches(rows: list[tuple[int, int]], descends: bool) -> None:
    depths = [0, *(1 + min(depth, 2) for depth, _ in rows)]
    for number in range(1, len(depths)):
        depths[number] = min(depths[number], depths[number - 1] + 1)
    above = parents(depths)
    values = [0, *(value for _, value in rows)]

    def walked(parent: int | None) -> Iterator[int]:
        children = [number for number in range(len(depths)) if above[number] == parent]
        for child in sorted(children, key=lambda n: -values[n] if descends else values[n]):
            yield child
            yield from walked(child)

    sheet = tree_of(list(zip(depths, values, strict=True))).sorted(Order((("v", descends),)))
    assert keys(sheet) == list(walked(None))
    assert sheet.grouped("v") is sheet


CELLS = (
    Column("school", Text("学校", "school"), most=8),
    Column("stage", Text("学段", "stage"), words=STAGES),
    Column("L2", Text("L2", "L2"), kind="figure", mark="L2_status"),
    Column("status", Text("结论", "verdict"), kind="word"),
    Column("status2", Text("记", "mark"), kind="word", mark_only=True),
    Column("students", Text("学生", "students"), kind="plain"),
    Column("share", Text("占比", "share"), kind="bar", most=4),
    Column("public", Text("公办", "public")),
    Column("date", Text("日期", "date")),
    Column("met", Text("达标项", "met")),
)
SHOWN = pl.DataFrame(
    {
        "school": ["[b]永宁小学中心校区\x1b", None],
        "stage": ["primary", "other"],
        "L2": [1.005, None],
        "L2_status": ["fail", None],
        "status": pl.Series(["relieved", None], dtype=WORD),
        "status2": ["fail", "not_applicable"],
        "students": [1e16, None],
        "share": [0.5, None],
        "public": [True, None],
        "date": [dt.date(2027, 12, 31), None],
        "met": [["L1", "L2"], None],
        "row_style": ["dim", "no such style"],
    }
)


def test_each_kind_is_shown_its_own_way() -> None:
    sheet = FrameSheet(SHOWN, CELLS, style="row_style")
    assert [tuple(cell) for cell in sheet.cells(0)] == [
        ("[b]永宁小学中心校区\\x1b", "", "dim"), ("小学", "", "dim"), ("1.01", "✗", "fail"), ("~ 过渡达标", "", "relieved"),
        ("✗", "", "fail"), ("10000000000000000", "", "dim"), ("██", "", "bar"), ("是", "", "dim"), ("2027-12-31", "", "dim"),
        ("L1、L2", "", "dim"),
    ]  # fmt: skip
    assert [tuple(cell) for cell in sheet.cells(1)] == [
        ("", "", ""), ("other", "", ""), ("—", "", ""), ("", "", ""), ("–", "", "not_applicable"), ("—", "", ""),
        ("—", "", "bar"),
        ("—", "", ""), ("", "", ""), ("", "", ""),
    ]  # fmt: skip


def test_a_copied_value_is_full() -> None:
    sheet = FrameSheet(SHOWN, CELLS)
    values = [sheet.value(0, column.key) for column in CELLS]
    assert values == [
        "[b]永宁小学中心校区\x1b", "小学", "1.005", "过渡达标", "不达标", "10000000000000000", "0.5", "是", "2027-12-31",
        "L1、L2",
    ]  # fmt: skip
    assert sheet.value(0, "row_style") == "dim"
    assert sheet.value(1, "L2") == "—"
    assert sheet.value(1, "school") == ""


def test_a_change_of_language_or_width_shows_in_sheets_made_before() -> None:
    sheet, before = FrameSheet(SHOWN, CELLS), ambiguous_in_use()
    assert sheet.cells(0)[1].text == "小学"
    assert sheet.find("不达标", 0, 1) is None
    use_language("en")
    assert [cell.text for cell in sheet.cells(0)][1:4] == ["primary", "1.01", "~ relieved"]
    assert sheet.find("relieved", 0, 1) == 0
    try:
        use_ambiguous("wide")
        assert tuple(sheet.cells(0)[2]) == ("1.01", "x", "fail")
        assert sheet.grouped("stage").cells(0)[0].text.startswith("v primary  1 rows")
    finally:
        use_ambiguous(before)


@given(RECORDS)
def test_a_small_frame_is_measured_exactly(records: list[Record]) -> None:
    sheet = sheet_of(records)
    for index, column in enumerate(COLUMNS):
        heading = max(width(shown(str(column.title))), width(shown(str(column.under))), column.least)
        marked = 1 if column.mark else 0
        cells = [width(sheet.cells(row)[index].text) + marked for row in range(len(records))]
        assert sheet.natural_widths()[index] == max([heading, *cells])


def test_a_large_frame_is_measured_by_its_extremes() -> None:
    rows = EXACT * 20
    frame = pl.DataFrame({"name": ["ab"] * rows, "v": [1.0] * rows, "n": [1.0] * rows, "w": ["pass"] * rows})
    at = pl.int_range(pl.len())
    frame = frame.with_columns(
        name=pl.when(at == 12_347).then(pl.lit("永宁小学中心校区")).otherwise("name"),
        v=pl.when(at == 4_321).then(-1234.5).when(at == 7).then(math.inf).otherwise("v"),
        n=pl.when(at == 999).then(123456).otherwise("n"),
        w=pl.when(at == 5).then(pl.lit("relieved")).otherwise("w"),
    )
    columns = (
        Column("name", Text("名", "n")), Column("v", Text("值", "v"), kind="figure"), Column("n", Text("数", "n"), kind="plain"),
        Column("w", Text("词", "w"), kind="word"),
    )  # fmt: skip
    assert FrameSheet(frame, columns).natural_widths() == (16, 8, 6, 10)


def test_widths_keep_within_bounds_unless_the_column_stretches() -> None:
    frame = pl.DataFrame({"name": ["永宁小学中心校区"]})
    for column, cells in (
        (Column("name", Text("名", "n"), most=10), 10),
        (Column("name", Text("名", "n"), most=10, stretch=True), 16),
        (Column("name", Text("名", "n"), least=20), 20),
    ):
        assert FrameSheet(frame, (column,)).natural_widths() == (cells,)
    assert FrameSheet(frame.clear(), (column,)).natural_widths() == (20,)


def test_only_pages_that_are_shown_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    own = Base.read

    def counted(base: Base, numbers: Sequence[int]) -> list[tuple[Any, ...]]:
        read.append(len(numbers))
        return own(base, numbers)

    monkeypatch.setattr(Base, "read", counted)
    frame = pl.select(pl.int_range(100_000).alias("n"))
    sheet = FrameSheet(frame, (Column("n", Text("数", "n"), kind="plain"),))
    assert (sheet.height, sheet.natural_widths()) == (100_000, (5,))
    assert read == []
    texts = [sheet.cells(row)[0].text for row in range(70_000, 70_030)]
    assert texts == [str(number) for number in range(70_000, 70_030)]
    assert sum(read) <= 2 * PAGE
    last = sheet.sorted(Order((("n", True),)))
    assert last.cells(0)[0].text == "99999"
    assert sum(read) <= 3 * PAGE
    assert sheet.row_of(70_001) == 70_001


@pytest.mark.parametrize(
    "key", [(7,), ("0",), (0, 0), 0, None, ("_group", "primary"), (None,), (1.5,), ([],), "x"]
)
def test_a_key_of_another_sheet_is_not_found(key: object) -> None:
    sheet = sheet_of([Record(0, "永宁小学", "primary", 1.0, "pass", "pass")])
    assert sheet.row_of(key) is None
    assert sheet.row_of((0,)) == 0


def test_a_key_may_hold_words_and_nothing() -> None:
    frame = pl.DataFrame({"s": pl.Series(["pass", None, "fail"], dtype=WORD), "n": ["a", None, "a"]})
    sheet = FrameSheet(frame, (Column("n", Text("名", "n")),), key=("s", "n"))
    assert [sheet.row_of(sheet.key(row)) for row in range(3)] == [0, 1, 2]
    assert sheet.row_of(("no word", "a")) is None


def test_what_cannot_be_read_is_refused_at_once_and_rows_outside_are_errors() -> None:
    sheet = sheet_of([Record(0, "永宁小学", "primary", 1.0, "pass", "pass")])
    with pytest.raises(UsageError, match="FILTER"):
        sheet.filtered("无此列<1")
    for row in (-1, 1):
        with pytest.raises(IndexError):
            sheet.cells(row)


def test_lists_sort_as_they_read_and_what_is_unknown_to_a_sheet_does_not_disturb() -> None:
    sheet = FrameSheet(SHOWN, CELLS)
    assert keys(sheet.sorted(Order((("met", True), ("nowhere", False))))) == [0, 1]
    assert sheet.grouped("met") is sheet
    assert sheet.grouped("nowhere") is sheet
    assert sheet.grouped("students").cells(0)[0].text.startswith("▾ 10000000000000000  1 行")


@given(FIGURES)
def test_a_figure_is_the_one_of_the_engine(value: float | None) -> None:
    sheet = sheet_of([Record(0, "a", None, value, None, None)])
    assert sheet.cells(0)[2].text == figure(value, 2)


def test_names_are_sorted_by_their_pinyin() -> None:
    names = ["石桥小学", "百川小学", "碧湖小学", "Abc", None, "永宁小学"]
    frame = pl.DataFrame({"school": names})
    sheet = FrameSheet(frame, (Column("school", Text("学校", "school")),)).sorted(Order((("school", False),)))
    shown = [(sheet.record(row) or {})["school"] for row in range(sheet.height)]
    assert shown == ["Abc", "百川小学", "碧湖小学", "石桥小学", "永宁小学", None]
