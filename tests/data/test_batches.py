"""A parquet file in batches of whole counties is the same data as the file in one piece."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from balance_tui.data import batches
from balance_tui.data.batches import read_batches
from balance_tui.data.load import read_dataset
from balance_tui.engine.batches import evaluate_batches
from balance_tui.engine.evaluate import evaluate
from balance_tui.errors import InputRejected
from balance_tui.standard.load import load_standard

KEYS = ["province", "city", "county", "year"]


def sections(counties: int = 9) -> pl.DataFrame:
    """Three schools a county, the first county of every three in another city than its number says."""
    rows = [
        {
            "province": "甲省", "city": f"{number % 3}市", "county": f"{number}县", "year": 2024,
            "school_id": f"{number}{school}", "school": f"{number}-{school}小学",
            "school_type": "primary_school",
            "stage": "primary", "students": 100.0 + number * 10 + school, "backbone_teachers": float(school),
        }
        for number in range(counties)
        for school in range(3)
    ]  # fmt: skip
    return pl.DataFrame(rows)


def county_facts(counties: int = 9) -> pl.DataFrame:
    rows = sections(counties).select(KEYS).unique(maintain_order=True)
    return rows.with_columns(pl.int_range(pl.len()).cast(pl.Float64).alias("special_students"))


def written(folder: Path, frame: pl.DataFrame, name: str = "sections") -> Path:
    path = folder / f"{name}.parquet"
    frame.write_parquet(path)
    return path


def test_batches_hold_whole_counties_and_together_every_row(tmp_path: Path) -> None:
    path = written(tmp_path, sections())
    facts = written(tmp_path, county_facts(), "counties")
    whole = read_dataset([path], county_facts=facts)
    batches = list(read_batches(path, county_facts=facts, rows=5))
    assert len(batches) == 5
    counties = [set(batch.sections["county"]) for batch in batches]
    assert sum(map(len, counties)) == len(set().union(*counties)) == 9
    assert_frame_equal(pl.concat([batch.sections for batch in batches]), whole.sections)
    assert_frame_equal(pl.concat([batch.counties for batch in batches]), whole.counties)
    assert {batch.digest for batch in batches} == {whole.digest}


def test_rows_keep_their_number_in_the_file(tmp_path: Path) -> None:
    batches = read_batches(written(tmp_path, sections()), rows=6)
    assert [row for batch in batches for row in batch.sections["_row"].to_list()] == list(range(1, 28))


def test_a_span_is_cut_where_the_file_is_read_and_numbered_as_in_the_whole(tmp_path: Path) -> None:
    """What is not read cannot make the last of many spans slower than the first."""
    path = tmp_path / "x.parquet"
    pl.DataFrame({"a": range(1000), "_row": ["x"] * 1000}).write_parquet(path, row_group_size=100)
    span = batches._span(path, 730, 40)
    assert re.search(r"SCAN.*SLICE: Positive \{ offset: 730, len: 40 \}", span.explain(), re.DOTALL)
    assert not re.search(r"SLICE\[", span.explain())
    assert_frame_equal(span.collect(), batches._numbered(path).collect()[730:770])


def test_scattered_counties_are_never_divided(tmp_path: Path) -> None:
    shuffled = sections().sample(fraction=1, shuffle=True, seed=3)
    (batch,) = read_batches(written(tmp_path, shuffled), rows=3)
    assert batch.sections.height == 27


def test_keys_may_stand_under_their_labels(tmp_path: Path) -> None:
    labelled = sections().rename({"county": "县区", "city": "市"})
    assert len(list(read_batches(written(tmp_path, labelled), rows=3))) == 9


def test_the_results_of_the_batches_are_those_of_the_whole(tmp_path: Path) -> None:
    standard = load_standard("national-2017")
    path, facts = written(tmp_path, sections()), written(tmp_path, county_facts(), "counties")
    judged = county_facts().select(*KEYS, pl.lit("V1").alias("item"), pl.lit("no").alias("answer"))
    judgements = written(tmp_path, judged, "judgements")
    whole = evaluate(standard, read_dataset([path], county_facts=facts, judgements=judgements))
    batches = read_batches(path, county_facts=facts, judgements=judgements, rows=4)
    results = list(evaluate_batches(standard, batches))
    assert len(results) > 1
    for name in ("counties", "schools", "indicators", "dispersion", "requirements", "excluded"):
        assert_frame_equal(pl.concat([result.frame(name) for result in results]), whole.frame(name))


def test_a_damaged_file_is_rejected_before_anything_is_evaluated(tmp_path: Path) -> None:
    path = written(tmp_path, sections())
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputRejected):
        next(read_batches(path))
