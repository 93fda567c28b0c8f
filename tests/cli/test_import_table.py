"""`profile import-table`: tables that complete Beijing's standard, workbooks, tables of other standards."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from balance_tui.standard.load import load_standard
from tests.contract.builder import County, cell
from tests.contract.runner import run
from tests.plugins.regional.beijing import BEIJING_COLUMNS, beijing_county
from tests.plugins.regional.test_beijing import SCORES

from .tables import Rows, completing, imported, layer, maxima, whole, workbook, written

# ── Completing Beijing ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("make", [completing, whole])
def test_a_table_completes_what_the_document_lost(tmp_path: Path, make: Callable[[], Rows]) -> None:
    standard = layer(written(tmp_path / "table.csv", make()), "--total", "100", "--pass-mark", "80")
    known = maxima(standard)
    assert list(known) == [f"BJ{number:02}" for number in range(1, 34)]
    assert [known[f"BJ{number:02}"] for number in (*range(1, 29), 29, 30, 31, 32, 33)] == [
        *SCORES,
        2,
        10,
        8,
        9,
        8,
    ]
    card = standard.model.scorecard
    assert card is not None
    assert card.complete
    groups = {group.id: group for group in standard.model.group}
    assert [groups[f"BJ-{number}"].recorded for number in range(1, 7)] == [True] * 6
    assert [groups[f"BJ-{number}"].max for number in range(1, 7)] == [24, 22, 19, 18, 9, 8]
    defaults = {setting.id: setting.default for setting in standard.model.setting}
    assert (defaults["beijing_total"], defaults["beijing_pass_mark"]) == (100, 80)


def test_the_total_row_of_a_whole_table_is_the_total_and_no_pass_mark_is_made_up(tmp_path: Path) -> None:
    standard = layer(written(tmp_path / "table.csv", whole()))
    settings = {setting.id: setting.default for setting in standard.model.setting}
    assert (settings["beijing_total"], settings["beijing_pass_mark"]) == (100, None)
    clause, _ = standard.cited("", "setting", "beijing_total", "default")
    assert clause == "指标表 table.csv 第36行"


def test_new_points_stand_under_the_headings_of_the_table_with_their_row_as_clause(tmp_path: Path) -> None:
    standard = layer(written(tmp_path / "table.csv", completing()))
    groups = {group.id: group for group in standard.model.group}
    point = next(point for point in standard.model.point if point.id == "BJ31")
    tertiary = groups[point.group]
    secondary = groups[tertiary.parent]
    assert (point.label, tertiary.label, secondary.label, secondary.parent) == (
        "学校章程与民主管理", "民主管理", "依法治教", "BJ-4",
    )  # fmt: skip
    assert point.clause == "指标表 table.csv 第4行"


def test_the_national_parts_and_thresholds_are_untouched(tmp_path: Path) -> None:
    base, standard = load_standard("beijing-2018"), layer(written(tmp_path / "table.csv", whole()))
    for table in ("indicator", "requirement", "prerequisite", "veto", "part", "verdict", "scope"):
        assert getattr(base.model, table) == getattr(standard.model, table), table
    assert [point.test for point in base.model.point] == [point.test for point in standard.model.point[:29]]
    assert [each["id"] for each in standard.layers] == ["national-2017", "beijing-2018", "completed"]


@pytest.mark.parametrize(("lost", "expected"), [(20, "pass"), (20.5, "fail"), (19.5, "pass")])
def test_then_the_municipal_verdict_decides_on_above_and_below_the_pass_mark(
    tmp_path: Path, lost: float, expected: str
) -> None:
    made, out = imported(
        written(tmp_path / "table.csv", completing("37")), "--total", "100", "--pass-mark", "80"
    )
    assert made.code == 0, made.errors
    result = run(
        scored(beijing_county().judge("BJG", "yes"), lost), profile=str(out), columns=BEIJING_COLUMNS
    )
    assert result.parts()["municipal"] == expected
    assert result.verdict == expected


def scored(county: County, lost: float) -> County:
    """Every point scored by the city, the whole less `lost`."""
    scores = dict(zip((f"BJ{n:02}" for n in range(1, 34)), (*SCORES, 2, 10, 8, 9, 8), strict=True))
    left = Decimal(str(lost))
    for name, most in scores.items():
        off = min(left, Decimal(most))
        left -= off
        score = cell(str(Decimal(most) - off))
        county.judgements.append({"item": name, "score": score, "source": "verified"})
    return county


def test_one_point_not_scored_leaves_the_verdict_open_while_it_matters(tmp_path: Path) -> None:
    made, out = imported(written(tmp_path / "table.csv", completing()), "--total", "100", "--pass-mark", "80")
    assert made.code == 0
    for lost, expected in ((5, "pass"), (15, "unknown"), (25, "fail")):
        county = scored(beijing_county().judge("BJG", "yes"), lost)
        county.judgements = [each for each in county.judgements if each["item"] != "BJ30"]  # 10 points
        assert run(county, profile=str(out), columns=BEIJING_COLUMNS).parts()["municipal"] == expected


def test_a_table_that_lacks_something_says_what_and_leaves_the_card_open(tmp_path: Path) -> None:
    rows = [row for row in completing() if "创新" not in "".join(row)]
    made, out = imported(written(tmp_path / "table.csv", rows))
    assert made.code == 0
    assert "still missing: dimensions without points: 创新发展" in made.output
    card = load_standard(str(out)).model.scorecard
    assert card is not None
    assert not card.complete


def test_a_total_and_a_pass_mark_that_nobody_gave_are_told(tmp_path: Path) -> None:
    table = written(tmp_path / "table.csv", whole())
    made, out = imported(table)
    assert (
        "not given: pass mark: what the score decides stays unknown; give it by --pass-mark, or at an"
        in made.output
    )
    assert load_standard(str(out)).model.scorecard is not None
    out.unlink()
    made, out = imported(table, "--pass-mark", "80", "--json")
    assert "pass mark" not in str(made.json["not_given"])


def test_the_answer_in_json_says_what_was_made(tmp_path: Path) -> None:
    made, out = imported(written(tmp_path / "table.csv", whole()), "--json")
    told = made.json
    assert (told["file"], told["id"], told["points"], told["maximum"], told["complete"]) == (
        str(out), "completed", 33, 100.0, True,
    )  # fmt: skip
    assert told["hash"] == load_standard(str(out)).hash


# ── Workbooks ──────────────────────────────────────────────────────────────────────────────────────


def test_merged_headings_of_a_workbook_hold_for_all_their_rows(tmp_path: Path) -> None:
    rows = completing()
    book = workbook(tmp_path / "table.xlsx", rows, ("A3:A4", "B3:B4"))
    as_text = layer(written(tmp_path / "table.csv", rows))
    (tmp_path / "completed.toml").unlink()
    as_book = layer(book)
    assert maxima(as_text) == maxima(as_book)
    assert [point.group for point in as_text.model.point] == [point.group for point in as_book.model.point]
    assert next(point.clause for point in as_book.model.point if point.id == "BJ31").endswith("Sheet!D4")


def test_a_merged_score_belongs_to_no_one_point(tmp_path: Path) -> None:
    rows = completing()
    rows[3] = (*rows[3][:4], "")
    made, _ = imported(workbook(tmp_path / "table.xlsx", rows, ("E3:E4",)))
    assert (made.code, made.errors.split()[0]) == (4, "TABLE-SCORE")
    assert "table.xlsx:Sheet!E4" in made.errors


def test_the_sheet_with_the_table_is_found_among_others(tmp_path: Path) -> None:
    path = workbook(tmp_path / "table.xlsx", completing())
    assert maxima(layer(path))["BJ30"] == 10
    (tmp_path / "completed.toml").unlink()
    book = load_workbook(path)
    book.create_sheet("说明", 0).append(["本表由市里提供"])
    book.save(path)
    assert maxima(layer(path))["BJ30"] == 10
    book.copy_worksheet(book["Sheet"])
    book.save(path)
    (tmp_path / "completed.toml").unlink()
    made, _ = imported(path)
    assert (made.code, made.errors.split()[0]) == (4, "TABLE-SHEETS")


# ── Other standards ────────────────────────────────────────────────────────────────────────────────


def test_a_standard_without_a_scorecard_is_given_one_that_decides_only_with_a_pass_mark(
    tmp_path: Path,
) -> None:
    rows = [
        ("dimension", "point", "score"),
        ("Access", "entry", "20"),
        ("", "transport", "30"),
        ("Staff", "heads", "50"),
    ]
    table = written(tmp_path / "table.csv", rows)
    shown = layer(table, base="national-2017")
    assert maxima(shown) == {"P01": 20, "P02": 30, "P03": 50}
    assert [(part.id, part.needed) for part in shown.model.part][-1] == ("points", False)
    (tmp_path / "completed.toml").unlink()
    decides = layer(table, "--total", "100", "--pass-mark", "60", base="national-2017")
    card = decides.model.scorecard
    assert card is not None
    assert (decides.model.part[-1].needed, card.total, card.pass_mark, card.complete) == (True, 100, 60, True)


def test_the_list_of_the_project_itself_reads_back_without_a_change(tmp_path: Path, shared: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_bytes((shared / "domain" / "beijing_indicators.csv").read_bytes())
    made, out = imported(table, "--json")
    assert made.code == 0, made.errors
    assert made.json["missing"] == [
        "points without a score: BJ29", "dimensions without points: 教育治理, 教育质量, 创新发展",
    ]  # fmt: skip
    base = load_standard("beijing-2018").model
    assert (base.point, base.group) == (
        load_standard(str(out)).model.point,
        load_standard(str(out)).model.group,
    )
