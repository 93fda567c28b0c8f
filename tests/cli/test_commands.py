"""Every command once: what it prints, what it writes, how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from balance_tui.cli.frames import FRAMES
from balance_tui.plugins.shelf import plugins
from balance_tui.resources import profiles_dir
from tests.contract.builder import passing_county, write_sections
from tests.contract.runner import call


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two counties, sections only: most figures of a county are unknown."""
    counties = [passing_county("甲县"), passing_county("乙县")]
    return write_sections(tmp_path_factory.mktemp("data") / "sections.csv", counties)


@pytest.mark.parametrize("profile", ["national-2017", "national-2012", "pioneer-2021"])
def test_one_county_can_be_asked_for_under_every_standard(data: Path, profile: str) -> None:
    asked = call("evaluate", data, "--profile", profile, "--county", "乙县", "--json")
    assert asked.code == 0
    assert {row["county"] for name in FRAMES if name != "checks" for row in asked.json[name]} == {"乙县"}


@pytest.mark.parametrize(("form", "name"), [("table", "result.txt"), ("json", "result.json")])
def test_what_would_be_printed_goes_into_the_folder_instead(
    data: Path, tmp_path: Path, form: str, name: str
) -> None:
    written, printed = tmp_path / "out" / name, call("evaluate", data, "--format", form)
    told = call("evaluate", data, "--format", form, "--out", tmp_path / "out")
    assert (told.code, told.output) == (0, f"{written}\n")
    assert written.read_text(encoding="utf-8") == printed.output


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_every_frame_is_a_file_of_its_own(data: Path, tmp_path: Path, form: str) -> None:
    told = call("evaluate", data, "--format", form, "--out", tmp_path)
    assert told.output.splitlines() == [str(tmp_path / f"{name}.{form}") for name in FRAMES]
    read = {"csv": pl.read_csv, "parquet": pl.read_parquet}[form]
    assert read(tmp_path / f"counties.{form}")["county"].to_list() == ["甲县", "乙县"]


def test_frames_of_many_files_need_a_folder(data: Path) -> None:
    refused = call("evaluate", data, "--format", "csv")
    assert refused.code == 2
    assert refused.errors.startswith("OUT-NONE: ")


def test_strict_asks_for_a_pass(data: Path) -> None:
    assert call("evaluate", data, "--strict").code == 1


def test_a_setting_given_is_told_as_it_was_given(data: Path) -> None:
    told = call("evaluate", data, "--set", "special_funds_limit=7000.5").output
    assert "special_funds_limit = 7000.5\n" in told


def test_a_mapping_is_written_once_and_not_over_another(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "mapping.toml"
    assert call("map", "save", data, "--out", target).output == f"{target}\n"
    before = target.read_text(encoding="utf-8")
    again = call("map", "save", data, "--out", target)
    assert (again.code, again.errors.split(":")[0]) == (2, "MAP-EXISTS")
    assert target.read_text(encoding="utf-8") == before
    assert call("evaluate", data, "--mapping", target).code == 0


def test_a_mapping_that_cannot_be_written_says_where(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "nowhere" / "mapping.toml"
    refused = call("map", "save", data, "--out", target)
    assert refused.code == 2
    assert refused.errors.startswith("OUT: ")
    assert str(target) in refused.errors


def test_a_mapping_names_each_column_and_what_the_data_lacks(data: Path) -> None:
    told = call("map", "show", data, "--json").json
    assert {"students", "books"} <= {column["field"] for column in told["columns"]}
    assert "special_funds" in told["missing"]
    assert "special_funds" in call("map", "propose", data, "--lang", "en").output


def test_every_shipped_standard_is_listed_shown_and_valid() -> None:
    listed = call("profile", "list", "--json").json["profiles"]
    names = [header["id"] for header in listed]
    own = sorted(path.stem for path in profiles_dir().glob("*.toml"))
    assert names[: len(own)] == own, "the national standards first, by id"
    plugged = [list(plugin.manifest.standards) for plugin in plugins() if plugin.manifest]
    assert names[len(own) :] == [name for some in plugged for name in some], "then plugin by plugin"
    for header in listed:
        assert header["hash"][:12] in call("profile", "show", header["id"]).output
    validated = call("profile", "validate", *names)
    assert (validated.code, len(validated.output.splitlines())) == (0, len(names))


def test_one_item_of_a_standard_is_shown_with_clause_file_and_line() -> None:
    told = call("profile", "show", "national-2017", "--item", "G05").output
    assert "national-2017.toml:" in told
    assert "L4" not in told


def test_an_item_that_is_not_there_is_a_usage_error() -> None:
    refused = call("profile", "show", "national-2017", "--item", "G99")
    assert refused.code == 2
    assert refused.errors.startswith("ITEM: ")


def test_a_standard_that_is_invalid_ends_with_4_after_all_are_told(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("[standard]\n", encoding="utf-8")
    told = call("profile", "validate", broken, "national-2017")
    assert told.code == 4
    assert "national-2017" in told.output
    assert "STD-MISSING" in told.errors


def test_the_demo_says_first_that_it_is_made_up() -> None:
    plain = call("demo", "--lang", "en").output.splitlines()[0]
    assert json.loads(call("demo", "--lang", "en", "--json").output)["notice"] == plain
