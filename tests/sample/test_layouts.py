"""Both layouts through the program's own reader and engine: one dataset, one verdict."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from balance_tui import sample
from balance_tui.data.dataset import Dataset
from balance_tui.data.load import read_dataset
from balance_tui.engine.evaluate import evaluate
from balance_tui.engine.result import Result
from balance_tui.standard.load import load_standard

ORDER = ("county", "year", "school_id", "stage")
FRAMES = ("schools", "indicators", "dispersion", "requirements", "scores", "excluded", "reliefs")


@pytest.fixture(scope="module")
def read(contract: Path, wide: Path) -> dict[str, Dataset]:
    return {"contract": read_dataset([contract]), "wide": read_dataset([wide])}


@pytest.fixture(scope="module")
def results(read: dict[str, Dataset]) -> dict[tuple[str, str], Result]:
    return {
        (profile, layout): evaluate(load_standard(profile), dataset)
        for profile in sample.EXPECTED
        for layout, dataset in read.items()
    }


def facts_of(dataset: Dataset) -> pl.DataFrame:
    return dataset.sections.drop("_source", "_row").sort(ORDER)


def verdicts_of(result: Result) -> dict[tuple[str, int], str]:
    return {(row["county"], row["year"]): row["verdict"] for row in result.counties.iter_rows(named=True)}


def test_both_layouts_are_read_as_the_same_facts(read: dict[str, Dataset]) -> None:
    assert facts_of(read["contract"]).equals(facts_of(read["wide"]))
    for table in ("counties", "rooms", "class_list", "judgements"):
        assert getattr(read["contract"], table).equals(getattr(read["wide"], table)), table


def test_reading_finds_nothing_but_the_total_rows(read: dict[str, Dataset]) -> None:
    assert read["contract"].findings.is_empty()
    assert set(read["wide"].findings["code"]) == {"READ-TOTAL-ROW"}
    assert len(read["wide"].findings) == 24


@pytest.mark.parametrize("layout", ["contract", "wide"])
@pytest.mark.parametrize("profile", sample.EXPECTED)
def test_each_standard_gives_the_verdicts_expected(
    results: dict[tuple[str, str], Result], profile: str, layout: str
) -> None:
    assert verdicts_of(results[profile, layout]) == sample.counties(profile)


@pytest.mark.parametrize("profile", sample.EXPECTED)
@pytest.mark.parametrize("frame", FRAMES)
def test_both_layouts_give_the_same_figures(
    results: dict[tuple[str, str], Result], profile: str, frame: str
) -> None:
    first, second = (results[profile, layout].frame(frame) for layout in ("contract", "wide"))
    assert described(first) == described(second)


def described(frame: pl.DataFrame) -> list[str]:
    """Rows in an order that does not depend on the files; what failed in an item, in its own."""
    return sorted(str(_settled(row)) for row in frame.iter_rows(named=True))


def _settled(row: dict[str, object]) -> dict[str, object]:
    """Sums of floats depend on their order in the last digit; twelve digits do not."""
    row = {name: f"{value:.12g}" if isinstance(value, float) else value for name, value in row.items()}
    failing = row.get("failing")
    return row | {"failing": sorted(map(str, failing))} if isinstance(failing, list) else row


def test_every_relief_is_used_and_every_status_occurs(results: dict[tuple[str, str], Result]) -> None:
    result = results["national-2017", "contract"]
    assert set(result.reliefs["relief"]) == {"T1", "T2", "T3a", "T3b", "T4"}
    words = set(result.requirements["status"]) | set(result.counties["verdict"])
    assert words == {"pass", "relieved", "fail", "unknown", "not_applicable"}


def test_the_second_year_of_the_first_county_needs_no_relief(results: dict[tuple[str, str], Result]) -> None:
    used = results["national-2017", "wide"].reliefs.select("county", "year").unique().rows()
    assert ("示例甲县", 2025) not in used
    assert ("示例甲县", 2024) in used


def test_the_errors_of_the_data_are_the_two_on_purpose(results: dict[tuple[str, str], Result]) -> None:
    checks = results["national-2017", "contract"].checks
    errors = checks.filter(pl.col("severity") == "error").select("county", "year", "school").rows()
    assert sorted(errors) == [
        ("示例丁市", 2024, "示例丁市滩头九年一贯制学校"),
        ("示例丙旗", 2024, "示例丙旗额尔敦九年一贯制学校"),
    ]
    assert "reject" not in set(checks["severity"])
    assert len(checks.filter(pl.col("severity") == "warning")) > 0
