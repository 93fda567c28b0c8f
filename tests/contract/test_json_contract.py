"""The JSON object, the files and the exit codes of `evaluate` are those of DESIGN 8."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from .builder import KEYS, County, passing_county, write_sections
from .runner import Json, attempt, call, files, run

SCHOOL = ("school_id", "school", "stage")
FRAMES: dict[str, tuple[str, ...]] = {
    "checks": ("code", "severity", "field", "message"),
    "counties": ("verdict", "parts"),
    "schools": (*SCHOOL, "status", "met", "at_floor", "short", "unknown"),
    "indicators": (*SCHOOL, "indicator", "value", "standard", "floor", "status", "gap", "relief"),
    "dispersion": (
        "stage",
        "indicator",
        "sections",
        "mean",
        "sd",
        "cv",
        "limit",
        "status",
        "flips_when_rounded",
    ),
    "requirements": ("id", "value", "limit", "status", "reason", "failing"),
    "scores": ("id", "max", "proposed", "self", "verified", "status"),
    "excluded": (*SCHOOL, "reason"),
}
FURTHER = ("reliefs", "undecided", "rounding", "scorecard", "sources", "verdicts")
WORDS = {"pass", "fail", "unknown", "not_applicable", "relieved"}
STANDARDS = ("national-2017", "national-2012", "pioneer-2021")


def failing_county() -> County:
    """Fails by a class too large, passes one item by a relief, lacks a fact, leaves two schools out."""
    county = passing_county().set("P1", "primary", largest_class=46, oversized_classes=1)
    county.set("P2", built_year=2000, smallest_music_room=80).set("T1", "primary", students=40)
    return county.set("J1", equipment_value=None)


@pytest.fixture(scope="module")
def printed() -> Json:
    return run(failing_county()).json


def test_the_object_has_exactly_the_keys_of_the_contract(printed: Json) -> None:
    assert set(printed) == {"format", "profile", "data", *FRAMES, *FURTHER}
    assert printed["format"] == 1
    assert set(printed["profile"]) == {"id", "version", "hash", "layers", "settings", "as_of", "plugins"}
    assert set(printed["data"]) == {"digest", "rows", "schools", "counties", "mapping"}
    assert all(set(layer) == {"id", "version", "hash"} for layer in printed["profile"]["layers"])


def test_the_header_names_the_standard_the_data_and_the_date(printed: Json) -> None:
    profile, data = printed["profile"], printed["data"]
    assert (profile["id"], profile["as_of"]) == ("national-2017", "2023-12-31")
    assert (data["rows"], data["schools"], data["counties"]) == (13, 9, 1)
    assert data["digest"]


@pytest.mark.parametrize("frame", sorted(set(FRAMES) - {"scores", "checks"}))
def test_every_row_of_a_frame_has_exactly_the_keys_of_the_contract(printed: Json, frame: str) -> None:
    assert printed[frame]
    for row in printed[frame]:
        assert set(row) == {*KEYS, *FRAMES[frame]}


def test_rows_of_failing_schools_say_which_limit_they_missed(printed: Json) -> None:
    rows = [each for row in printed["requirements"] for each in row["failing"]]
    assert rows
    for row in rows:
        assert set(row) >= {"school_id", "stage", "value", "limit", "relief"}
    g05 = [each for row in printed["requirements"] if row["id"].startswith("G05") for each in row["failing"]]
    assert [(row["school_id"], row["stage"], row["value"], row["limit"]) for row in g05] == [
        ("P1", "primary", 46, 45)
    ]


def test_every_status_is_one_of_the_words(printed: Json) -> None:
    for frame, further in (
        ("schools", set()),
        ("dispersion", set()),
        ("requirements", set()),
        ("indicators", {"floor"}),
    ):
        assert {row["status"] for row in printed[frame]} <= WORDS | further
    (county,) = printed["counties"]
    assert county["verdict"] in WORDS
    assert {part["id"] for part in county["parts"]} == {
        "prerequisites", "resources", "guarantee", "quality", "recognition", "vetoes"
    }  # fmt: skip
    assert all(set(part) == {"id", "status", "reason"} for part in county["parts"])


def test_everything_but_a_pass_has_a_reason(printed: Json) -> None:
    for part in printed["counties"][0]["parts"]:
        assert part["reason"] or part["status"] == "pass", part
    for row in printed["requirements"]:
        assert row["reason"] or row["status"] == "pass", row


def test_gap_limits_and_unknown_figures_are_numbers_or_null(printed: Json) -> None:
    for row in printed["indicators"]:
        if row["value"] is None:
            assert row["gap"] is None
        elif row["relief"] is None:
            assert row["gap"] == pytest.approx(max(0, row["standard"] - row["value"]))
        assert row["floor"] == pytest.approx(0.85 * row["standard"])


def test_excluded_lists_the_compulsory_sections_left_out_with_a_reason(printed: Json) -> None:
    excluded = {(row["school_id"], row["stage"]): row["reason"] for row in printed["excluded"]}
    assert set(excluded) == {("T1", "primary"), ("S1", "primary")}
    assert all(excluded.values())


def test_senior_sections_appear_nowhere(printed: Json) -> None:
    for frame in ("schools", "indicators", "dispersion", "excluded"):
        assert "senior" not in {row["stage"] for row in printed[frame]}


def test_every_setting_in_force_is_echoed(printed: Json) -> None:
    assert 6000 in [value for value in printed["profile"]["settings"].values() if not isinstance(value, bool)]


@pytest.mark.parametrize("standard", STANDARDS)
def test_the_shipped_standards_print_the_same_object(standard: str) -> None:
    printed = run(passing_county(), profile=standard).json
    assert set(printed) == {"format", "profile", "data", *FRAMES, *FURTHER}
    assert printed["profile"]["id"] == standard
    for frame in set(FRAMES) - {"checks"}:
        for row in printed[frame]:
            assert set(row) == {*KEYS, *FRAMES[frame]}


def test_exit_is_zero_whatever_the_verdict() -> None:
    assert attempt(failing_county()).code == 0


@pytest.mark.parametrize("wrong", [failing_county(), passing_county().judge("V1", None)])
def test_strict_exits_one_when_a_verdict_is_not_pass(wrong: County) -> None:
    assert attempt(wrong, extra=["--strict"]).code == 1
    assert attempt(passing_county("乙县"), wrong, extra=["--strict"]).code == 1


def test_strict_exits_zero_on_pass_and_on_relieved() -> None:
    assert attempt(passing_county(), extra=["--strict"]).code == 0
    relieved = passing_county().set("P2", built_year=2000, smallest_music_room=80)
    assert run(relieved).verdict == "relieved"
    assert attempt(relieved, extra=["--strict"]).code == 0


def test_wrong_usage_exits_two(tmp_path: Path) -> None:
    assert call("evaluate").code == 2
    assert call("evaluate", "--no-such-option").code == 2
    assert call("no-such-command").code == 2
    with files([passing_county()]) as arguments:
        assert call("evaluate", *arguments, "--profile", "national-2017", "--as-of", "yesterday").code == 2
        assert call("evaluate", *arguments, "--profile", "national-2017", "--format", "yaml").code == 2
    assert not list(tmp_path.iterdir())


def test_a_setting_the_standard_does_not_know_is_refused() -> None:
    made = attempt(passing_county(), settings={"no_such_setting": 1})
    assert made.code in (2, 4)
    assert "no_such_setting" in made.errors


def test_rejected_input_exits_three_and_prints_only_checks(tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    made = call("evaluate", empty, "--profile", "national-2017", "--format", "json")
    assert made.code == 3
    assert made.errors or "checks" in made.output
    assert "Traceback" not in made.errors


def test_a_missing_file_or_standard_has_its_own_exit_code(tmp_path: Path) -> None:
    assert call("evaluate", tmp_path / "none.csv").code in (2, 3)
    bad = tmp_path / "bad.toml"
    bad.write_text("this is not a standard", encoding="utf-8")
    made = attempt(passing_county(), profile=str(bad))
    assert made.code == 4
    assert "bad.toml" in made.errors
    assert attempt(passing_county(), profile="national-2071").code in (2, 4)


def test_errors_are_code_place_what_and_how_to_mend(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("[[indicator]]\nid = \n", encoding="utf-8")
    made = attempt(passing_county(), profile=str(bad))
    first = made.errors.splitlines()[0]
    code, place = first.split(" ", 2)[:2]
    assert code.replace("-", "").replace("_", "").isalnum()
    assert place.startswith(str(bad)) or "bad.toml" in place
    assert ";" in first


def test_json_goes_to_standard_output_alone() -> None:
    made = attempt(passing_county())
    assert made.output.lstrip().startswith("{")
    assert made.output.rstrip().endswith("}")
    assert made.json["format"] == 1


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_csv_and_parquet_write_one_file_a_frame(tmp_path: Path, kind: str) -> None:
    county, out = failing_county(), tmp_path / "out"
    with files([county]) as arguments:
        made = call("evaluate", *arguments, "--profile", "national-2017", "--format", kind, "--out", out)
    assert made.code == 0, made.errors
    printed = run(county).json
    for frame in set(FRAMES) - {"scores", "checks"}:
        path = out / f"{frame}.{kind}"
        assert path.is_file(), sorted(each.name for each in out.iterdir())
        if kind == "parquet":
            read = pl.read_parquet(path)
            assert len(read) == len(printed[frame])
            assert set(read.columns) >= {*KEYS, *FRAMES[frame]} - {"parts", "failing"}
        else:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                rows = list(csv.DictReader(stream))
            assert len(rows) >= len(printed[frame])
            assert set(rows[0]) >= {*KEYS, *FRAMES[frame]} - {"parts", "failing"}


def test_codes_and_chinese_labels_read_alike() -> None:
    labels = {"primary": "小学", "junior": "初中", "senior": "高中"}
    kinds = {
        "primary_school": "小学", "teaching_point": "教学点", "junior_school": "初级中学",
        "nine_year": "九年一贯制学校", "complete_secondary": "完全中学",
        "twelve_year": "十二年一贯制学校", "special": "特殊教育学校",
    }  # fmt: skip
    places = {"urban": "城区", "town": "镇区", "rural": "乡村"}
    county = passing_county()
    before = run(county)
    for row in county.sections:
        row["stage"], row["school_type"] = labels[str(row["stage"])], kinds[str(row["school_type"])]
        row["location"] = places[str(row["location"])]
    after = run(county)
    for frame in ("counties", "indicators", "dispersion", "requirements"):
        assert after.json[frame] == before.json[frame]


def test_the_default_standard_is_national_2017() -> None:
    with files([passing_county()]) as arguments:
        made = call("evaluate", *arguments, "--format", "json")
    assert made.json["profile"]["id"] == "national-2017"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_reasons_come_in_the_language_asked_for(language: str) -> None:
    with files([failing_county()]) as arguments:
        made = call("--lang", language, "evaluate", *arguments, "--format", "json")
    reasons = " ".join(part["reason"] or "" for part in made.json["counties"][0]["parts"])
    chinese = any("\u4e00" <= character <= "\u9fff" for character in reasons)
    assert chinese or language == "en"
    assert reasons


def test_table_output_names_the_verdict_first() -> None:
    with files([failing_county()]) as arguments:
        made = call("--lang", "zh", "evaluate", *arguments, "--profile", "national-2017")
    assert made.code == 0
    assert "甲县" in made.output


def test_several_files_and_a_folder_are_one_input(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    first, second = passing_county("甲县"), passing_county("乙县")
    paths = [
        write_sections(folder / f"{index}.csv", [county]) for index, county in enumerate((first, second))
    ]
    one = call("evaluate", *paths, "--format", "json").json
    other = call("evaluate", folder, "--format", "json").json
    assert one["data"]["counties"] == other["data"]["counties"] == 2
    assert one["dispersion"] == other["dispersion"]
