"""The frames of scorecards and verdicts, as `evaluate` prints and writes them."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import polars as pl
import pytest

from balance_tui.engine.result import FRAMES as ALL
from tests.engine.explain_data import result_of

from .builder import KEYS, County, passing_county
from .runner import attempt, call, files, run

GOOD = Path(__file__).parents[1] / "standard" / "good" / "scorecard.toml"
FRAMES = {
    "scorecard": (
        "id", "parent", "level", "kind", "max", "recorded", "out_of", "proposed", "self", "verified", "settled",
        "spread", "scored", "unscored", "status", "reason", "grade", "proposal",
    ),
    "sources": ("point", "source", "score", "answer", "remark", "evidence", "unit"),
    "verdicts": ("id", "status", "grade", "reason", "main"),
}  # fmt: skip
SETTINGS = {"total": 100, "mark": 60, "level": "district", "partial": "proportional", "reconcile": "verified"}


def scored_county(name: str = "甲县") -> County:
    county = passing_county(name).know(consolidation_rate=97, satisfaction_rate=85)
    for source, score in (("自评", "4"), ("复核", "3.5"), ("专家组", "2")):
        county.judgements.append({"item": "BJ01", "answer": None, "score": score, "source": source})
    return county


def test_every_row_has_exactly_the_keys_of_its_frame() -> None:
    printed = run(scored_county(), profile=str(GOOD), settings=SETTINGS).json
    for frame, keys in FRAMES.items():
        assert printed[frame]
        for row in printed[frame]:
            assert set(row) == {*KEYS, *keys}


def test_words_for_sources_are_understood_and_other_names_pass_through() -> None:
    printed = run(scored_county(), profile=str(GOOD), settings=SETTINGS)
    assert [row["source"] for row in printed.rows("sources")] == ["self", "verified", "专家组"]
    point = printed.one("scorecard", id="BJ01")
    assert (point["self"], point["verified"], point["settled"], point["spread"]) == (4, 3.5, 3.5, 2)
    assert printed.one("scores", id="BJ01")["verified"] == 3.5


def test_the_main_verdict_is_that_of_the_county_and_strict_asks_for_it() -> None:
    printed = run(scored_county(), profile=str(GOOD), settings=SETTINGS)
    assert printed.verdict == printed.one("verdicts", main=True)["status"] == "unknown"
    assert attempt(scored_county(), profile=str(GOOD), settings=SETTINGS, extra=["--strict"]).code == 1


def test_counties_do_not_disturb_each_other() -> None:
    alone = run(scored_county("乙县"), profile=str(GOOD), settings=SETTINGS)
    other = passing_county("甲县").know(consolidation_rate=90, satisfaction_rate=10)
    both = run(other, scored_county("乙县"), profile=str(GOOD), settings=SETTINGS).of("乙县")
    for frame in FRAMES:
        assert both.json[frame] == alone.json[frame]


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_files_hold_the_same_rows(tmp_path: Path, kind: str) -> None:
    given = [argument for name, value in SETTINGS.items() for argument in ("--set", f"{name}={value}")]
    with files([scored_county()]) as arguments:
        made = call(
            "evaluate", *arguments, "--profile", str(GOOD), *given, "--format", kind, "--out", tmp_path
        )
    assert made.code == 0, made.errors
    printed = run(scored_county(), profile=str(GOOD), settings=SETTINGS).json
    for frame, keys in FRAMES.items():
        path = tmp_path / f"{frame}.{kind}"
        if kind == "parquet":
            assert pl.read_parquet(path).height == len(printed[frame])
            assert set(pl.read_parquet(path).columns) == {*KEYS, *keys}
        else:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                assert len(list(csv.DictReader(stream))) == len(printed[frame])


def test_a_standard_without_a_scorecard_has_these_frames_empty() -> None:
    printed = run(passing_county()).json
    assert [printed[frame] for frame in FRAMES] == [[], [], []]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_table_on_the_terminal_can_be_printed(language: str) -> None:
    with files([scored_county()]) as arguments:
        made = call("--lang", language, "evaluate", *arguments, "--profile", str(GOOD))
    assert made.code == 0, made.errors
    assert "BJ18.1" in made.output


def test_every_key_of_every_frame_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "results.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:-1] for line in page.splitlines() if line.startswith("| `")]
    frames = [cells for cells in rows if cells[0].strip(" `") in ALL][: len(ALL)]
    written = {cells[0].strip(" `"): re.findall(r"`([^`]+)`", cells[2]) for cells in frames}
    assert list(written) == list(ALL)
    printed = result_of(passing_county().set("P2", built_year=2000, smallest_music_room=80))
    for frame in ALL:
        assert [key for key in printed.frame(frame).columns if key not in KEYS] == written[frame], frame
