"""Points and verdicts that a plugin decides: what it is given, and what becomes of its answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest

from balance_tui.errors import StandardInvalid
from balance_tui.plugins import hosting
from balance_tui.standard import plugged

from .cards import GROUP, card, point, row, scored, written

TEST = 'test = [{ id = "P1.1", kind = "county", value = "consolidation_rate", limit = 99 }]'
SCORED = point("P1", 4, further=f'scorer = "demo:curve"\noptions = {{ base = 2.5, way = "a" }}\n{TEST}')
VERDICT = (
    '[[verdict]]\nid = "V"\nlabel = "结论"\nrule = "demo:own"\nparts = ["city"]\nmain = true\nclause = "c"\n'
)


@pytest.fixture
def provided(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a ready plugin provided whatever is asked for."""
    monkeypatch.setattr(plugged, "references", lambda _: iter(()))


@pytest.mark.usefixtures("provided")
def test_a_scorer_gets_the_point_and_what_its_tests_came_to(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, Mapping[str, Any], pl.DataFrame]] = []

    def score_point(reference: str, described: Mapping[str, Any], rows: pl.DataFrame) -> pl.DataFrame:
        asked.append((reference, described, rows))
        return rows.select("_county", pl.lit(1.5).alias("score"))

    monkeypatch.setattr(hosting, "score_point", score_point)
    result = scored(written(card(), GROUP, SCORED), facts={"consolidation_rate": 98})
    ((reference, described, rows),) = asked
    assert reference == "demo:curve"
    assert described == {"id": "P1", "max": 4.0, "options": {"base": 2.5, "way": "a"}}
    assert rows.to_dicts() == [{"_county": 0, "id": "P1.1", "value": 98.0, "limit": 99.0, "status": "fail"}]
    assert (row(result, "P1")["proposed"], row(result, "P1")["settled"]) == (1.5, None)


@pytest.mark.usefixtures("provided")
def test_a_scorer_that_knows_no_score_proposes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = pl.lit(None, pl.Float64).alias("score")
    monkeypatch.setattr(hosting, "score_point", lambda *given: given[2].select("_county", nothing))
    found = row(scored(written(card(), GROUP, SCORED)), "P1")
    assert found["proposed"] is None
    assert "demo:curve" in found["proposal"]


@pytest.mark.usefixtures("provided")
def test_a_decision_gets_the_parts_it_names_and_is_the_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    def decide(reference: str, parts: pl.DataFrame) -> pl.DataFrame:
        assert (reference, parts["id"].to_list(), parts["status"].to_list()) == (
            "demo:own",
            ["city"],
            ["unknown"],
        )
        told = {"status": "fail", "grade": "低", "reason_zh": "甲", "reason_en": "a"}
        return parts.select("_county", *(pl.lit(value).alias(name) for name, value in told.items()))

    monkeypatch.setattr(hosting, "decide", decide)
    result = scored(written(card(), GROUP, point("P1"), VERDICT))
    assert result.verdicts.select(pl.col("status").cast(pl.String), "grade").row(0) == ("fail", "低")
    assert str(result.counties["verdict"][0]) == "fail"


@pytest.mark.parametrize("texts", [(card(), GROUP, SCORED), (VERDICT,)])
def test_without_a_plugin_that_provides_it_the_standard_is_refused(texts: tuple[str, ...]) -> None:
    with pytest.raises(StandardInvalid) as refused:
        written(*texts)
    assert "demo" in str(refused.value.what)
