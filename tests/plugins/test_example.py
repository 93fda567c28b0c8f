"""The example plugin, which has every hook, driven through the command line like any other."""

from __future__ import annotations

import csv
import inspect
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from balance_tui.plugins import hooks, hosting, loading
from balance_tui.plugins.shelf import Plugin
from tests.contract.builder import County, passing_county, write_judgements, write_sections
from tests.contract.runner import Result, attempt, call, run
from tests.plugins.making import Shelf

GINI = "example-gini"
CARD = "example-card"


@pytest.fixture(autouse=True)
def example(shelves: Shelf) -> Path:
    return shelves.example()


def plat(folder: Path, county: County) -> Path:
    """The county as a file of the platform."""
    table = write_sections(folder / "sections.csv", [county])
    rows = list(csv.reader(table.read_text(encoding="utf-8").splitlines()))
    table.unlink()
    path = folder / "export.plat"
    path.write_text("\n".join(("PLAT 1", "[学校]", *("|".join(row) for row in rows), "")), encoding="utf-8")
    return path


def gini_of(county: County, stage: str, fact: str) -> Fraction:
    """From the definition, pair by pair."""
    rows = [row for row in county.sections if row["stage"] == stage]
    pairs = [(Fraction(str(row["students"])), Fraction(str(row[fact]))) for row in rows]
    apart = sum(p * q * abs(x / p - y / q) for p, x in pairs for q, y in pairs)
    return apart / (2 * sum(p for p, _ in pairs) * sum(x for _, x in pairs))


@pytest.mark.parametrize(("indicator", "fact"), [("L1", "teachers"), ("L2", "backbone_teachers")])
def test_the_dispersion_is_the_gini_coefficient_that_the_plugin_computes(indicator: str, fact: str) -> None:
    county = passing_county().set("P1", teachers=100, staff=110).set("J1", backbone_teachers=30)
    result = run(county, profile=GINI)
    for stage in ("primary", "junior"):
        row = result.dispersion(stage, indicator)
        assert row["cv"] == pytest.approx(float(gini_of(county, stage, fact)), abs=1e-12)
        assert row["status"] == ("pass" if row["cv"] <= row["limit"] else "fail")


def test_where_a_value_is_missing_the_figure_is_unknown_and_the_others_are_known() -> None:
    result = run(passing_county().set("P1", backbone_teachers=None), profile=GINI)
    assert result.dispersion("primary", "L2")["status"] == "unknown"
    assert result.dispersion("primary", "L2")["cv"] is None
    assert result.dispersion("primary", "L1")["status"] == "pass"


def test_an_explanation_names_the_plugin_and_no_formula_that_was_not_used(tmp_path: Path) -> None:
    file = write_sections(tmp_path / "sections.csv", [passing_county()])
    told = call(
        "explain", file, "--profile", GINI, "--dispersion", "L1", "--stage", "primary", "--lang", "en"
    )
    assert told.code == 0
    assert "example-platform 1.2.0" in told.output
    assert "gini = " in told.output
    assert "CV = S" not in told.output


def test_a_file_of_the_platform_gives_what_the_same_rows_in_a_csv_give(tmp_path: Path) -> None:
    county = passing_county()
    told = call("evaluate", plat(tmp_path, county), "--profile", GINI, "--format", "json")
    assert told.code == 0, told.errors
    assert Result(told.json).json["indicators"] == run(county, profile=GINI).json["indicators"]


def test_files_of_the_platform_are_found_in_a_folder(tmp_path: Path) -> None:
    plat(tmp_path, passing_county())
    assert call("evaluate", tmp_path, "--profile", GINI, "--format", "json").code == 0


def test_what_the_reader_refuses_is_rejected_and_the_plugin_stays_ready(tmp_path: Path) -> None:
    path = tmp_path / "export.plat"
    path.write_text("PLAT 9\n", encoding="utf-8")
    told = call("evaluate", path, "--profile", GINI)
    assert told.code == 3
    assert "PLUGIN-REJECTED" in told.errors
    assert "PLAT 1" in told.errors
    assert state() == "ready"


def test_an_error_of_the_data_check_makes_its_field_unknown_under_the_plugins_standards_alone() -> None:
    county = passing_county().set("P1", teachers=300, staff=310)
    gini, national = run(county, profile=GINI), run(county)
    found = gini.one("checks", code="example-platform:MANY-TEACHERS", stage="primary")
    assert (found["severity"], found["field"], found["school_id"]) == ("error", "teachers", "P1")
    assert gini.indicator("P1", "primary", "L1")["status"] == "unknown"
    assert national.rows("checks", code="example-platform:MANY-TEACHERS") == []
    assert national.indicator("P1", "primary", "L1")["status"] != "unknown"


def test_a_point_is_scored_by_the_plugin_from_its_tests() -> None:
    county = passing_county()
    assert run(county, profile=CARD).one("scores", id="X1")["proposed"] == 5.0
    blank = passing_county().set("P1", teachers=None)
    assert run(blank, profile=CARD).one("scores", id="X1")["proposed"] is None


def test_the_verdict_is_decided_by_the_plugin_from_the_parts() -> None:
    county = passing_county()
    county.judgements = [row for row in county.judgements if row["item"] in ("G01", "G15")]
    assert run(county, profile=CARD).verdict == "pass"
    county.judgements = [{**row, "answer": "no"} for row in county.judgements]
    assert run(county, profile=CARD).verdict == "fail"


def test_a_result_is_written_in_the_platforms_form(tmp_path: Path) -> None:
    file = write_sections(tmp_path / "sections.csv", [passing_county()])
    out = tmp_path / "out.plat"
    told = call("plugin", "write", "plat", file, "--profile", GINI, "--out", out)
    assert (told.code, told.output.strip()) == (0, str(out))
    assert out.read_text(encoding="utf-8").splitlines() == [
        "PLAT 1",
        "[认定]",
        "县|年|结论",
        "甲县|2023|pass",
    ]
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["out.plat", "sections.csv"]


def test_the_view_of_a_county_is_shown_in_the_language_in_use(tmp_path: Path) -> None:
    file = write_sections(tmp_path / "sections.csv", [passing_county()])
    arguments = ("plugin", "panel", "example-platform", file, "--profile", GINI)
    zh, en = call(*arguments, "--lang", "zh").output, call(*arguments, "--lang", "en").output
    assert zh.splitlines()[0] == "甲县 2023 甲县 的基尼系数"
    assert en.splitlines()[0] == "甲县 2023 Gini coefficients of 甲县"
    assert len(zh.splitlines()) == 2 + 4


@pytest.mark.parametrize("before", [(), ("plugin", "run"), ("--lang", "en")])
def test_a_command_of_the_plugin_is_a_command_of_the_program(before: tuple[str, ...]) -> None:
    told = call(*before, "gini-of", "1", "2", "3")
    assert (told.code, told.output, told.errors) == (0, "0.2222\n", "")


def state() -> str:
    from balance_tui.plugins.registry import overview

    return next(row.state for row in overview() if row.id == "example-platform")


class Recorder:
    """A relay of hooks that notes which are called."""

    def __init__(self, relay: Any, called: set[str]) -> None:
        self.relay, self.called = relay, called

    def __getattr__(self, name: str) -> Any:
        self.called.add(name)
        return getattr(self.relay, name)


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    names: set[str] = set()

    def recorded(plugin: Plugin) -> Recorder:
        return Recorder(loading.hooks_of(plugin), names)

    monkeypatch.setattr(hosting, "hooks_of", recorded)
    return names


def specs() -> dict[str, str]:
    """Every hookspec: its name and its signature as it stands in the source."""
    found = {
        name: inspect.getsource(function)
        for name, function in vars(hooks).items()
        if hasattr(function, "balance_tui_spec")
    }
    return {name: re.search(r"def (.*?):  #|def (.*?):\n", source)[0] for name, source in found.items()}  # type: ignore[index]


def test_every_hook_is_called_through_the_program(called: set[str], tmp_path: Path) -> None:
    county = passing_county()
    file = plat(tmp_path, county)
    judged = write_judgements(tmp_path / "judgements.csv", [county])
    assert call("evaluate", file, "--profile", CARD, "--judgements", judged).code == 0
    assert call("plugin", "panel", "example-platform", file, "--profile", GINI).code == 0
    assert call("plugin", "write", "plat", file, "--profile", GINI, "--out", tmp_path / "out").code == 0
    assert call("gini-of", "1").code == 0
    assert called == set(specs()) == set(hooks.HOOKS.values())


@pytest.mark.parametrize("name", list(hooks.HOOKS.values()))
def test_every_hook_is_documented_with_its_exact_signature(name: str, root: Path) -> None:
    signature = re.sub(r":(  #)?\s*$", "", specs()[name].removeprefix("def "))
    assert signature.startswith(f"{name}(")
    assert f"def {signature}" in (root / "docs" / "plugins.md").read_text(encoding="utf-8")


def test_a_rejected_file_stays_rejected_where_the_reader_is_switched_off(tmp_path: Path) -> None:
    file = plat(tmp_path, passing_county())
    assert call("plugin", "disable", "example-platform").code == 0
    told = call("evaluate", file, "--format", "json")
    assert told.code == 3
    assert attempt(passing_county(), profile=GINI).code == 4


def test_the_result_records_which_plugin_and_version_its_figures_are_from() -> None:
    county = passing_county()
    gini = {"id": "example-platform", "version": "1.2.0", "provides": "dispersion:gini"}
    assert run(county, profile=GINI).json["profile"]["plugins"] == [gini]
    card = run(county, profile=CARD).json["profile"]["plugins"]
    assert {(each["id"], each["provides"].partition(":")[0]) for each in card} == {
        ("example-platform", "scorer"), ("example-platform", "decision"),
    }  # fmt: skip
    assert run(county).json["profile"]["plugins"] == []
