"""A correction settles what the reader found wrong in that cell, and nothing else."""

from __future__ import annotations

import polars as pl
import pytest

from balance_tui.data.dataset import OVERRIDE_SCHEMA, Dataset
from balance_tui.data.load import read_dataset
from balance_tui.engine.evaluate import evaluate
from balance_tui.sample import write
from balance_tui.standard.load import load_standard

PLACE = ("示例省", "示例市", "示例甲县", 2025)
FIRST, SECOND = "0001000001", "0001000002"


@pytest.fixture(scope="module")
def unread(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The sample with a text where two schools have a figure."""
    folder = tmp_path_factory.mktemp("unread")
    write(folder, "contract")
    path = folder / "schools.csv"
    rows = pl.read_csv(path, infer_schema=False)
    bad = pl.col("school_id").is_in([FIRST, SECOND])
    cell = pl.when(bad).then(pl.lit("12x")).otherwise(pl.col("backbone_teachers"))
    rows.with_columns(cell.alias("backbone_teachers")).write_csv(path)
    return read_dataset((str(path),), needed=load_standard("national-2017").needed)


def override(school: str, field: str, stage: str | None = "primary") -> pl.DataFrame:
    """A correction of one cell to 25."""
    return pl.DataFrame([(*PLACE, school, stage, field, "25")], schema=dict(OVERRIDE_SCHEMA), orient="row")


def wrong(dataset: Dataset, overrides: pl.DataFrame) -> list[tuple[str, int]]:
    """The schools and years whose cell could not be read."""
    checks = evaluate(load_standard("national-2017"), dataset, overrides=overrides).checks
    rows = checks.filter(pl.col("code") == "NUM-TEXT").select("school_id", "year")
    return sorted(rows.rows())


def test_a_corrected_cell_is_read(unread: Dataset) -> None:
    result = evaluate(load_standard("national-2017"), unread, overrides=override(FIRST, "backbone_teachers"))
    mine = result.indicators.filter(
        pl.col("school_id") == FIRST, pl.col("year") == PLACE[3], pl.col("indicator") == "L2"
    )
    assert mine["value"].null_count() == 0
    assert wrong(unread, override(FIRST, "backbone_teachers")) == [
        (FIRST, 2024),
        (SECOND, 2024),
        (SECOND, 2025),
    ]


def test_another_cell_of_the_school_settles_nothing(unread: Dataset) -> None:
    before = wrong(unread, override(FIRST, "backbone_teachers").clear())
    assert wrong(unread, override(FIRST, "pe_teachers")) == before
    assert len(before) == 4
