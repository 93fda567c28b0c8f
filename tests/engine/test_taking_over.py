"""What taking over rests on: how frames are compared, and that large and small ones are worked on alike."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance_tui.data.again import Seen
from balance_tui.engine import plans
from tests.contract.builder import passing_county
from tests.engine.explain_data import dataset_of, standard
from tests.engine.test_incremental import STANDARDS, Desk, assert_same


@pytest.mark.parametrize("name", STANDARDS)
def test_a_large_frame_is_worked_on_by_the_same_formulas(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(standard(name), dataset_of([passing_county(), passing_county("丙县")]), 5)
    for number, kind in enumerate(("section", "school", "county", "judgement")):
        desk.edit(kind, number)
    small = desk.whole()
    monkeypatch.setattr(plans, "LITTLE", 0)
    assert_same(desk.whole(), small)


VALUES = st.lists(st.sampled_from([None, 0.0, -0.0, 1.0, float("nan")]), min_size=2, max_size=2)
COLUMNS = st.dictionaries(
    st.sampled_from("abc"), st.tuples(VALUES, st.sampled_from([pl.Float64, pl.Float32])), max_size=3
)


@given(was=COLUMNS, now=COLUMNS)
def test_a_frame_is_compared_column_by_column_whatever_is_asked_first(
    was: dict[str, Any], now: dict[str, Any]
) -> None:
    frames = [
        pl.DataFrame({name: pl.Series(values, dtype=dtype) for name, (values, dtype) in columns.items()})
        for columns in (was, now)
    ]
    if frames[0].height != frames[1].height:
        assert not Seen(frames[1], frames[0]).same("abc")
        return
    same = {name: _holds_the_same(was.get(name), now.get(name)) for name in "abc"}
    assert {name: Seen(frames[1], frames[0]).same([name]) for name in "abc"} == same
    assert Seen(frames[1], frames[0]).is_same == (all(same.values()) and list(was) == list(now))
    assert Seen(frames[1], frames[0]).changed("abc") == [name for name in "abc" if not same[name]]
    assert not Seen(frames[1]).same(["a"])


def _holds_the_same(was: Any, now: Any) -> bool:
    """By Python alone: the same type, and value for value the same, where nothing and no number are values too."""
    if was is None or now is None:
        return was is now
    pairs = zip(was[0], now[0], strict=True)
    return bool(was[1] == now[1] and all(repr(a).lstrip("-") == repr(b).lstrip("-") for a, b in pairs))


def test_the_exact_rate_of_a_county_that_does_not_report_it_is_unknown() -> None:
    known = standard("beijing-2018")
    desk = Desk(known, dataset_of([passing_county()]), 0)
    sections = desk.dataset.sections
    reported = [name for name in sections.columns if sections.schema[name] == pl.Float64]
    desk.dataset = replace(
        desk.dataset, sections=sections.with_columns(pl.lit(None, pl.Float64).alias(n) for n in reported)
    )
    exact = desk.whole().items.exact
    rates = [test.id or item.id for item in known.model.items for test in item.test if test.kind == "ratio"]
    assert rates
    assert {exact[name](0)[0] for name in rates if name in exact} == {None}
