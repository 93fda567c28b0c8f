"""How columns share the width of a table."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from balance_tui.language import Text
from balance_tui.tui.table.layout import GAP, MARKER, scrolled_to, spans, widths
from balance_tui.tui.table.sheet import Column

NAME = Text("名", "name")
columns_and_naturals = st.lists(
    st.tuples(st.integers(1, 60), st.integers(1, 12), st.integers(0, 40), st.booleans()),
    min_size=1,
    max_size=14,
).map(
    lambda rows: (
        [
            Column(f"c{i}", NAME, least=least, most=least + more, stretch=stretch)
            for i, (_, least, more, stretch) in enumerate(rows)
        ],
        [natural for natural, *_ in rows],
    )
)


@given(columns_and_naturals, st.integers(20, 200), st.data())
def test_drawn_columns_never_overlap_and_stay_in_the_table(
    table: tuple[list[Column], list[int]], room: int, data: st.DataObject
) -> None:
    columns, naturals = table
    wide = widths(columns, naturals, room)
    left = data.draw(st.integers(0, len(columns) - 1))
    drawn = spans(wide, room, left)
    assert drawn[0].column == 0
    assert drawn[0].x == MARKER
    for one, other in pairwise(drawn):
        assert other.x == one.x + one.width + GAP
    assert drawn[-1].x + drawn[-1].width <= room


@given(columns_and_naturals, st.integers(20, 200), st.data())
def test_the_column_one_stands_in_is_drawn(
    table: tuple[list[Column], list[int]], room: int, data: st.DataObject
) -> None:
    columns, naturals = table
    wide = widths(columns, naturals, room)
    left, column = (data.draw(st.integers(0, len(columns) - 1)) for _ in range(2))
    shown = spans(wide, room, scrolled_to(wide, room, left, column))
    fits = column == 0 or MARKER + wide[0] + GAP + wide[column] <= room
    assert not fits or any(span.column == column and span.width == wide[column] for span in shown)


@given(columns_and_naturals)
def test_with_room_every_column_takes_what_it_needs(table: tuple[list[Column], list[int]]) -> None:
    columns, naturals = table
    wide = widths(columns, naturals, 2000)
    for column, natural, width in zip(columns, naturals, wide, strict=True):
        assert width >= min(max(natural, column.least), column.most)
        assert width <= max(natural, column.least)


def test_stretching_columns_give_up_room_before_anything_is_scrolled_away() -> None:
    columns = [Column("name", NAME, least=8, stretch=True), *(Column(f"c{i}", NAME) for i in range(5))]
    wide = widths(columns, [30, 8, 8, 8, 8, 8], 60)
    assert len(spans(wide, 60, 0)) == 6
    assert wide[0] == 60 - MARKER - 5 * (8 + GAP)
