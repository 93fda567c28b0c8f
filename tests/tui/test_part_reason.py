"""What decides, told in a few cells: nothing that decides is left out, and nothing else is named."""

from __future__ import annotations

import re
from collections.abc import Iterator

import polars as pl
import pytest

from balance_tui.engine.status import MARKS
from balance_tui.tui.study import Study
from balance_tui.tui.table.sheet import Sheet
from balance_tui.tui.view import Record, TablePane
from balance_tui.tui.views import build
from balance_tui.tui.views.common import scene_of
from balance_tui.tui.views.part_reason import part_told
from balance_tui.tui.where import County, where

from .test_screens import study

STAGES = {"primary": "小学", "junior": "初中"}
SHORT = ("fail", "floor", "unknown")


@pytest.fixture(params=["national-2017", "national-2012", "pioneer-2021"])
def of(request: pytest.FixtureRequest) -> Study:
    return study().under(study().load(request.param))


def told(of: Study, county: County) -> Iterator[tuple[str, str, str, str]]:
    """Part, status, the engine's reason, and what is told of it."""
    scene = scene_of(of, where("overview", county))
    rows = {row["id"]: row for row in of.of_county(of.result.counties, county)["parts"].to_list()[0]}
    for part in of.standard.model.part:
        yield part.id, rows[part.id]["status"], rows[part.id]["reason"] or "", part_told(scene, part).zh


def test_items_that_decide_a_part_are_all_named(of: Study) -> None:
    ids = {item.id for item in of.standard.model.items} | {score.id for score in of.standard.model.score}
    named = 0
    for county in of.counties:
        for _, _, reason, text in told(of, county):
            if "项: " in reason:
                deciding = {word for word in re.findall(r"[\w.]+", reason.split(": ")[1]) if word in ids}
                assert set(text.split(": ")[1].split(" ")) == deciding
                named += len(deciding)
    assert named


def test_coefficients_that_do_not_pass_are_all_named_with_their_marks(of: Study) -> None:
    rule = of.standard.model.dispersion
    for county in of.counties:
        texts = {part: text for part, _, _, text in told(of, county)}
        if rule is None:
            assert not any("差异系数" in text for text in texts.values())
            continue
        figures = of.of_county(of.result.dispersion, county).filter(pl.col("limit").is_not_null())
        short = figures.filter(pl.col("status").is_in(["fail", "unknown"]))
        text = texts[rule.part].rpartition("差异系数: ")[2]
        if not short.height:
            assert text.endswith(f"{figures.height} 项差异系数均达标")
            continue
        found = set()
        for own in text.split(", "):
            stage, *words = own.split(" ")
            waiting: list[str] = []
            for word in words:
                if word in MARKS.values():
                    found |= {(stage, name, word) for name in waiting}
                    waiting = []
                else:
                    waiting.append(word)
            assert not waiting
        assert found == {
            (STAGES[row["stage"]], "综合" if row["indicator"] == "composite" else row["indicator"], MARKS[row["status"]])
            for row in short.to_dicts()
        }  # fmt: skip


def test_schools_that_do_not_pass_are_counted_by_their_marks(of: Study) -> None:
    rule = of.standard.model.school_rule
    for county in of.counties:
        schools = of.of_county(of.result.schools, county)
        counts = dict(schools["status"].cast(pl.String).value_counts().iter_rows())
        texts = {part: text for part, _, _, text in told(of, county)}
        if rule is None:
            assert not any("处学校" in text for text in texts.values())
            continue
        words = [word for word in ("fail", "unknown", "relieved") if counts.get(word)]
        listed = " ".join(f"{counts[word]} {MARKS[word]}" for word in words)
        expected = f"{schools.height} 处学校: {listed}" if words else f"{schools.height} 处学校均达标"
        assert texts[rule.part].split("; ")[0] == expected


def records(sheet: Sheet) -> Iterator[Record]:
    for row in range(sheet.height):
        record = sheet.record(row)
        assert record is not None
        yield record


def test_the_indicators_a_school_does_not_meet_are_named_beside_its_result() -> None:
    sample, seen = study(), set()
    for county in sample.counties:
        pane = build(sample, where("schools", county)).panes[0]
        assert isinstance(pane, TablePane)
        for record in records(pane.sheet):
            statuses = {each.id: record[f"{each.id}_status"] for each in sample.standard.model.indicator}
            unmet = [f"{name}{MARKS[status]}" for name, status in statuses.items() if status in SHORT]
            assert record["short"] == " ".join(unmet)
            seen |= {statuses[each[:-1]] for each in unmet}
    assert seen == set(SHORT)
