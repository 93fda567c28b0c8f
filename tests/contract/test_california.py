"""Real data through the command line: every coefficient as published and as statsmodels computes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from statsmodels.stats.weightstats import DescrStatsW

from . import california
from .california import MEASURES, STAGE_EXPECTED, Measure, Unit
from .runner import Json, call

STANDARDS = Path(__file__).resolve().parents[1] / "standards"
PER = 100


@pytest.fixture(scope="module")
def folder() -> Path:
    found = Path(__file__).resolve().parents[3] / "shared" / "data"
    if not found.is_dir():
        pytest.skip("the reference data ../shared/data are not beside this checkout")
    return found


def standard(measure: Measure) -> Path:
    return STANDARDS / measure.table.replace("_", "-").replace(".csv", ".toml")


def judged(path: Path, measure: Measure, rows: list[Unit]) -> dict[tuple[str, str], Json]:
    """Dispersion by (county, stage)."""
    written = california.write(path / "california.csv", measure, rows)
    made = call("evaluate", written, "--profile", standard(measure), "--format", "json")
    assert made.code == 0, made.errors
    return {
        (row["county"], row["stage"]): row
        for row in made.json["dispersion"]
        if row["indicator"] == measure.indicator
    }


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.indicator)
def test_every_coefficient_is_the_expected_one(folder: Path, tmp_path: Path, measure: Measure) -> None:
    rows = [unit for unit in california.units(folder, measure) if unit.complete]
    found = judged(tmp_path, measure, rows)
    expected = california.expected(folder, measure)
    assert expected
    for want in expected:
        stage = next(stage for stage, names in STAGE_EXPECTED.items() if want["stage"] in names)
        row = found[want["group"], stage]
        assert row["sections"] == int(want["n_units"])
        assert row["cv"] == pytest.approx(float(want["cv_exact"]), rel=1e-9)
        # The published mean has twelve digits.
        assert row["mean"] == pytest.approx(float(want["county_mean"]), rel=1e-9)
        assert row["sd"] == pytest.approx(float(want["sd"]), rel=1e-9)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.indicator)
def test_every_coefficient_is_that_of_statsmodels(folder: Path, tmp_path: Path, measure: Measure) -> None:
    rows = [unit for unit in california.units(folder, measure) if unit.complete]
    groups: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for unit in rows:
        students, figure = float(unit.students or 0), float(unit.figure or 0)
        value = figure if measure.field == "full_pct" else figure / students * PER
        groups.setdefault((unit.county, unit.stage), []).append((value, students))
    for key, row in judged(tmp_path, measure, rows).items():
        values, weights = zip(*groups[key], strict=True)
        weighted = DescrStatsW(values, weights=weights, ddof=0)
        if len(values) > 1 and weighted.mean:
            assert row["cv"] == pytest.approx(weighted.std / weighted.mean, rel=1e-9)


@pytest.mark.parametrize("measure", MEASURES[2:], ids=lambda measure: measure.indicator)
def test_missing_rows_left_in_make_their_group_unknown(
    folder: Path, tmp_path: Path, measure: Measure
) -> None:
    rows = california.units(folder, measure)
    lacking = {(unit.county, unit.stage) for unit in rows if not unit.complete}
    assert lacking
    for key, row in judged(tmp_path, measure, rows).items():
        assert (row["cv"] is None) == (key in lacking), key
        assert (row["status"] == "unknown") == (key in lacking), key
