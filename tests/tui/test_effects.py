"""What an edit would change is told from what differs alone, and is the same as told from everything."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings

from balance_tui.comparing import KINDS
from balance_tui.data.dataset import Dataset
from balance_tui.engine.result import Result
from balance_tui.tui.assessing import effects as told
from balance_tui.tui.where import County
from tests.contract.builder import passing_county
from tests.engine.explain_data import dataset_of, standard
from tests.engine.test_incremental import STANDARDS, Desk, edits


def of_everything(before: Result, after: Result, county: County | None) -> list[told.Effect]:
    """The effects, every row of every kind being compared."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(told, "differing", lambda was, now: (was, now, KINDS))
        return told.effects(before, after, county)


@pytest.mark.parametrize("name", STANDARDS)
@settings(max_examples=3)
@given(drawn=edits())
def test_what_differs_tells_what_everything_tells(
    name: str, drawn: tuple[Dataset, Sequence[tuple[str, int]]]
) -> None:
    dataset, steps = drawn
    desk = Desk(standard(name), dataset, steps[0][1])
    before = desk.last
    county = County(*before.facts.keys.drop("_county").row(0)) if before.facts.keys.height else None
    for kind, seed in steps:
        desk.edit(kind, seed)
        after, _ = desk.again()
        for of in (county, None):
            assert told.effects(before, after, of) == of_everything(before, after, of)


def test_only_the_sections_that_differ_are_compared() -> None:
    desk = Desk(standard(), dataset_of([passing_county()]), 0)
    before = desk.last
    row = before.resources.stages["primary"].row(0, named=True)
    key = (row["province"], row["city"], row["county"], row["year"], row["school_id"], "primary")
    desk.cells[*key, "backbone_teachers"] = "0"
    after, _ = desk.again()
    was, now, kinds = told.differing(before, after)
    for result in (was, now):
        assert result.resources.stages["primary"]["school_id"].to_list() == [row["school_id"]]
        assert set(result.resources.stages) == {"primary"}
    assert {"figure", "dispersion"} <= set(kinds)
    assert "score" not in kinds
    assert any(effect.what.startswith("L2") for effect in told.effects(before, after, None))


def test_nothing_is_compared_where_nothing_was_changed() -> None:
    desk = Desk(standard(), dataset_of([passing_county()]), 0)
    before = desk.last
    again, _ = desk.again()
    _, now, kinds = told.differing(before, again)
    assert not kinds
    assert not now.resources.stages
    assert told.effects(before, again, None) == []
