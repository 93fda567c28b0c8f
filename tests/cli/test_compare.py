"""`compare`: what it says of each standard is what `evaluate` says under it, and what differs comes first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from balance_tui.comparing import KINDS, WHY
from balance_tui.sample import write
from balance_tui.standard.load import load_standard
from tests.contract.runner import call

NATIONAL, BASIC = "national-2017", "national-2012"
KEYS = ("province", "city", "county", "year")
STRICTER = """
[standard]
id = "stricter"
version = "1.0"
title = "更严"
extends = {{ id = "{base}", version = "{version}", hash = "{hash}" }}

[[change]]
target = "indicator:L2"
set = {{ "limit.primary" = 1.2 }}
clause = "县〔2025〕1号"
reason = "本县要求更高"
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """The sample, as files."""
    folder = tmp_path_factory.mktemp("sample")
    write(folder, "contract")
    return (folder / "schools.csv", Path("--county-facts"), folder / "county-facts.csv")


@pytest.fixture(scope="module")
def overlay(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A layer on the national standard that asks for more of one indicator."""
    base = load_standard(NATIONAL)
    path = tmp_path_factory.mktemp("overlay") / "stricter.toml"
    version = base.model.standard.version
    path.write_text(STRICTER.format(base=base.id, version=version, hash=base.hash), encoding="utf-8")
    return path


def told(data: tuple[Path, ...], *profiles: object) -> dict[str, Any]:
    answer = call("compare", *data, "--profiles", ",".join(map(str, profiles)), "--json")
    assert answer.code == 0, answer.errors
    found: dict[str, Any] = answer.json
    return found


def under(row: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["profile"]: each for each in row["under"]}


def place(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in KEYS)


def near(value: float | None) -> Any:
    """The same figure, its last digit left to the order of a sum."""
    return None if value is None else pytest.approx(value, rel=1e-12)


def test_every_figure_is_that_of_an_evaluation_under_the_same_standard(data: tuple[Path, ...]) -> None:
    rows = told(data, NATIONAL, BASIC)["rows"]
    for profile in (NATIONAL, BASIC):
        alone = call("evaluate", *data, "--profile", profile, "--json").json
        said = {(*place(row), row["kind"], row["id"], row["stage"], row["school_id"]): each
                for row in rows if (each := under(row).get(profile))}  # fmt: skip
        for row in alone["counties"]:
            assert said[*place(row), "verdict", "verdict", None, None]["status"] == row["verdict"]
            for part in row["parts"]:
                assert said[*place(row), "part", part["id"], None, None]["status"] == part["status"]
        for row in alone["requirements"]:
            each = said[*place(row), "item", row["id"], None, None]
            assert (each["status"], each["limit"]) == (row["status"], row["limit"])
            assert each["value"] == near(row["value"])
        for row in alone["dispersion"]:
            each = said[*place(row), "dispersion", row["indicator"], row["stage"], None]
            assert (each["status"], each["limit"]) == (row["status"], row["limit"])
            assert each["value"] == near(row["cv"])
        for row in alone["indicators"]:
            each = said[*place(row), "figure", row["indicator"], row["stage"], row["school_id"]]
            assert (each["status"], each["relief"]) == (row["status"], row["relief"])
            assert each["value"] == near(row["value"])


def test_nothing_is_told_that_no_evaluation_has(data: tuple[Path, ...]) -> None:
    rows = told(data, NATIONAL, BASIC)["rows"]
    alone = call("evaluate", *data, "--profile", BASIC, "--json").json
    items = [row for row in rows if row["kind"] == "item" and BASIC in under(row)]
    assert len(items) == len(alone["requirements"])
    assert {row["kind"] for row in rows} <= set(KINDS)
    assert {code for row in rows for code in row["why"]} <= set(WHY)


def test_what_differs_comes_first_in_every_county(data: tuple[Path, ...]) -> None:
    rows = told(data, NATIONAL, "pioneer-2021")["rows"]
    for county in dict.fromkeys(map(place, rows)):
        differs = [row["differs"] for row in rows if place(row) == county]
        assert differs == sorted(differs, reverse=True)


def test_a_limit_that_a_layer_raises_is_the_reason(data: tuple[Path, ...], overlay: Path) -> None:
    rows = told(data, NATIONAL, overlay)["rows"]
    figures = [
        row for row in rows if row["kind"] == "figure" and row["id"] == "L2" and row["stage"] == "primary"
    ]
    assert figures
    for row in figures:
        both = under(row)
        assert [both[name]["limit"] for name in (NATIONAL, "stricter")] == [1.0, 1.2]
        assert "limit" in row["why"]
        assert ("status" in row["why"]) == (both[NATIONAL]["status"] != both["stricter"]["status"])
    others = [row for row in rows if row["kind"] == "figure" and row["id"] == "L3"]
    assert others
    assert not any(row["differs"] for row in others)


def test_each_profile_carries_its_hash_and_layers(data: tuple[Path, ...], overlay: Path) -> None:
    first, second = told(data, NATIONAL, overlay)["profiles"]
    assert [layer["id"] for layer in second["layers"]] == [NATIONAL, "stricter"]
    assert first["hash"] == load_standard(NATIONAL).hash != second["hash"]


def test_one_county_can_be_asked_for(data: tuple[Path, ...]) -> None:
    answer = call(
        "compare",
        *data,
        "--profiles",
        f"{NATIONAL},{BASIC}",
        "--county",
        "示例丙旗",
        "--year",
        "2024",
        "--json",
    )
    assert {place(row)[2:] for row in answer.json["rows"]} == {("示例丙旗", 2024)}


def test_as_text_the_verdicts_stand_before_what_differs(data: tuple[Path, ...]) -> None:
    answer = call(
        "compare", *data, "--profiles", f"{NATIONAL},{BASIC}", "--county", "示例丙旗", "--year", "2024"
    )
    lines = answer.output.splitlines()
    assert lines[0].endswith("示例丙旗 2024")
    assert lines[1].split()[0] == NATIONAL
    assert lines[2].split()[0] == BASIC
    assert "--json" in answer.output


@pytest.mark.parametrize(
    ("options", "code", "exit_code"),
    [
        (("--profiles", NATIONAL), "COMPARE-FEW", 2),
        (("--profiles", f"{NATIONAL},{NATIONAL}"), "COMPARE-TWICE", 2),
        (("--profiles", f"{NATIONAL},no-such"), "STD-NONE", 4),
        (("--profiles", f"{NATIONAL},{BASIC}", "--set", "no_such=1"), "SET-NONE", 2),
        (("--profiles", f"{NATIONAL},{BASIC}", "--county", "别处"), "COUNTY", 2),
        ((), "USAGE", 2),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(
    data: tuple[Path, ...], options: tuple[str, ...], code: str, exit_code: int
) -> None:
    answer = call("compare", *data, *options)
    assert (answer.code, answer.errors.split(":")[0].split()[0]) == (exit_code, code)
    assert len(answer.errors.splitlines()) == 1


def test_a_setting_goes_to_the_standards_that_have_it(data: tuple[Path, ...]) -> None:
    answer = call(
        "compare", *data, "--profiles", f"{NATIONAL},{BASIC}", "--set", "special_funds_limit=7000", "--json"
    )
    first, second = answer.json["profiles"]
    assert first["settings"]["special_funds_limit"] == 7000
    assert (
        "special_funds_limit" not in second["settings"] or second["settings"]["special_funds_limit"] == 7000
    )


def test_data_that_is_rejected_is_not_compared(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("school_id,school\n", encoding="utf-8")
    answer = call("compare", bad, "--profiles", f"{NATIONAL},{BASIC}")
    assert answer.code == 3
