"""What is told of regional standards counts what the sources name, not only what is listed, and sums nothing unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from balance_tui.standard.load import catalogue, load_standard
from tests.contract.builder import passing_county, write_sections
from tests.contract.runner import call, run

HEBEI, YUQUAN = "hebei-basic", "yuquan-2025"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_sections(tmp_path / "sections.csv", [passing_county().set("P1", land_area=None)])


def test_a_school_is_told_out_of_the_ten_indicators_of_hebei(file: Path) -> None:
    table = call("evaluate", file, "--profile", HEBEI, "--lang", "en").output
    assert "/10" in table
    assert "/4" not in table
    shown = call("profile", "show", HEBEI, "--lang", "en").output
    assert "at least 8 of 10 met" in shown


def test_a_floor_that_does_not_end_is_told_rounded_and_of_ten(file: Path) -> None:
    told = call(
        "explain",
        file,
        "--profile",
        HEBEI,
        "--school",
        "P1",
        "--stage",
        "primary",
        "--indicator",
        "HB-L2",
        "--lang",
        "en",
    ).output
    assert "≈ 16.6667" in told
    assert "8 of 10 indicators" in " ".join(told.split())
    assert "16.66666" not in told


def test_scores_out_of_unknown_maxima_are_in_no_sum() -> None:
    county = passing_county()
    county.judgements += [
        {"item": item, "score": 90, "source": "self"}  # type: ignore[dict-item]
        for item in ("NM-S01a", "NM-S01b")
    ]
    result = run(county, profile=YUQUAN)
    rows = {row["id"]: row for row in result.rows("scorecard")}
    assert {rows[name]["self"] for name in ("NM-S01a", "NM-S01b")} == {90}
    sums = [row for row in rows.values() if row["kind"] != "point"]
    assert sums
    assert {row["self"] for row in sums} == {None}
    assert all(
        "满分 0" not in (row["reason"] or "") and " of 0 " not in (row["reason"] or "") for row in sums
    )


def test_every_verdict_of_a_standard_stands_in_the_table_with_its_result(file: Path) -> None:
    told = call("evaluate", file, "--profile", "beijing-2018", "--lang", "zh").output
    (own,) = (row for row in told.splitlines() if row.startswith("市级评价: "))
    (beside,) = (row for row in told.splitlines() if row.startswith("国家认定: "))
    assert "? 未知" in own
    assert "? 未知" in beside


def test_stages_are_told_in_words_where_standards_are_compared(file: Path) -> None:
    told = call("compare", file, "--profiles", "national-2017,hebei-basic", "--lang", "zh").output
    assert "小学" in told
    assert "primary" not in told


def test_an_id_means_the_same_in_every_shipped_standard() -> None:
    """Or `compare` would hold things against each other that are not the same. `resources` is the one exception: both
    national standards judge the resources of schools in it, each in its own way."""
    labels: dict[str, set[str]] = {}
    for name in catalogue():
        model = load_standard(name).model
        tables = (model.part, model.indicator, model.requirement, model.point, model.verdict, model.veto)
        for row in (row for table in tables for row in table):
            labels.setdefault(row.id, set()).add(row.label)
    assert {name for name, said in labels.items() if len(said) > 1} == {"resources"}
