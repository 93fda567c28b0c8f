"""The examples are the specification: each good overlay comes to what is written beside it, each bad one is refused
with the sentences beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from balance_tui.cli.profile_resolve import resolved_toml
from balance_tui.errors import StandardInvalid
from balance_tui.resources import profiles_dir
from balance_tui.standard.base import Table
from balance_tui.standard.layers.address import MEMBER_NAMES
from balance_tui.standard.layers.directives import Change, Lock, Withdraw
from balance_tui.standard.load import build_standard, read_standard
from balance_tui.standard.source import parse_document, read_document

from .examples import BAD, BASE, CASES, OVERLAYS, known, pinned_anew, refusal, specification

CODES = {
    "STD-EXTENDS", "STD-BASE", "STD-CYCLE", "STD-PIN", "STD-TARGET", "STD-TARGET-FIELD", "STD-SAME", "STD-CHANGE-TWICE",
    "STD-ID-TAKEN", "STD-RANK", "STD-LOCK", "STD-STRICTER", "STD-WITHDRAW",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _examples() -> Iterator[None]:
    with known():
        yield


@pytest.mark.parametrize("file", OVERLAYS, ids=lambda file: file.stem)
def test_each_good_overlay_comes_to_what_is_written_beside_it(file: Path) -> None:
    assert specification(read_standard(file)) == file.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", OVERLAYS, ids=lambda file: file.stem)
def test_the_resolved_standard_written_out_as_one_file_is_the_same_standard(file: Path) -> None:
    standard = read_standard(file)
    alone = build_standard(parse_document(resolved_toml(standard), "flat.toml"))
    assert (alone.canonical, alone.hash) == (standard.canonical, standard.hash)
    assert len(alone.layers) == 1 < len(standard.layers)


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_each_bad_overlay_is_refused_with_every_problem_it_has(file: Path) -> None:
    assert refusal(file) == file.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_every_problem_has_a_line_and_both_languages_and_stays_on_one_line(file: Path) -> None:
    with pytest.raises(StandardInvalid) as refused:
        read_standard(file)
    for problem in refused.value.problems:
        assert problem.place is not None
        assert problem.place.line
        assert re.search(r"[\u4e00-\u9fff]", problem.what.zh)
        assert not problem.what.en.startswith(problem.what.zh)
        assert str(problem).isprintable()
        assert problem.mend is None or problem.mend.zh
    assert refused.value.exit_code == 4


def test_there_is_a_case_of_every_code_of_layers() -> None:
    codes = {line.split()[0] for file in BAD.glob("*.txt") for line in file.read_text("utf-8").splitlines()}
    assert codes >= CODES
    assert len(CASES) >= 25


def test_the_codes_are_those_that_the_package_uses() -> None:
    package = Path(build_standard.__code__.co_filename).parent / "layers"
    used = {
        code
        for file in package.glob("*.py")
        for code in re.findall(r'"(STD-[A-Z-]+)"', file.read_text("utf-8"))
    }
    assert used == CODES


@pytest.mark.parametrize("file", [*OVERLAYS, *CASES], ids=lambda file: file.stem)
def test_the_pins_of_the_examples_fit_their_bases(file: Path) -> None:
    assert pinned_anew(file) == file.read_text(encoding="utf-8")


def test_an_overlay_that_raises_one_threshold_has_ten_lines() -> None:
    (rows,) = (file.read_text(encoding="utf-8").splitlines() for file in OVERLAYS if file.stem == "limit")
    assert len([row for row in rows if row.strip() and not row.startswith("#")]) <= 10


def test_every_value_that_no_layer_changed_stands_in_the_base() -> None:
    (city,) = (read_standard(file) for file in OVERLAYS if file.stem == "shape-city")
    values = [value for table in city.document.data for value in city.provenance(table)]
    below = {
        value.path: value for table in city.document.data for value in read_standard(BASE).provenance(table)
    }
    kept = [value for value in values if not value.is_changed and value.path[0] != "standard"]
    assert len(kept) > 60
    assert all(value == below[value.path] for value in kept if value.path in below)
    assert {value.path for value in kept} <= set(below)


def test_what_stands_at_the_place_of_a_changed_value_is_that_value() -> None:
    for file in OVERLAYS:
        standard = read_standard(file)
        for table in standard.document.data:
            for value in standard.provenance(table):
                if isinstance(value.value, int) and not isinstance(value.value, bool):
                    place = value.origin.place
                    row = Path(place.file).read_text("utf-8").splitlines()[(place.line or 0) - 1]
                    assert str(value.value) in row, value


def test_the_hash_of_a_whole_standard_is_that_of_its_own_values() -> None:
    file = profiles_dir() / "national-2012.toml"
    standard = read_standard(file)
    data = read_document(file).data
    assert set(json.loads(standard.canonical)) <= set(data)
    assert standard.layers == (
        {"id": "national-2012", "version": standard.model.standard.version, "hash": standard.hash},
    )


PAGE = (Path(__file__).parents[2] / "docs" / "layers.md").read_text(encoding="utf-8")


def test_the_codes_are_described() -> None:
    assert set(re.findall(r"^\| `(STD-[A-Z-]+)`", PAGE, re.M)) == CODES


@pytest.mark.parametrize(("heading", "table"), [("change", Change), ("withdraw", Withdraw), ("lock", Lock)])
def test_every_key_of_a_directive_is_described(heading: str, table: type[Table]) -> None:
    section = PAGE.split(f"## `[[{heading}]]`")[1].split("\n## ")[0]
    assert re.findall(r"^\| `([a-z]+)` \| (?!`)", section.split("| 列表 · list")[0], re.M) == list(
        table.model_fields
    )


def test_every_name_of_a_list_member_is_described() -> None:
    rows = re.findall(r"^\| (`[a-z`, ]+) \| (`[a-z`, ]+) \|$", PAGE, re.M)
    said = {
        name: tuple(re.findall(r"[a-z]+", keys))
        for names, keys in rows
        for name in re.findall(r"[a-z]+", names)
    }
    assert said == dict(MEMBER_NAMES)
