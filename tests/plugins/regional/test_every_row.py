"""No row of the regional lists is dropped: each stands in its standard, in its form, with its numbers."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from balance_tui.standard.load import LoadedStandard, load_standard
from balance_tui.standard.tests import Test as Threshold
from tests.contract.runner import call, run

from .counties import OWN_COLUMNS, regional_county
from .rows import DUE, LIMITS, PERIODS, PLUGINS, ROWS, Row

HELD = [(standard, row) for standard, rows in ROWS.items() for row in rows]
LISTS = ("shaanxi_items.csv", "other_seed_items.csv")
COMPUTED = ("county", "ratio", "every", "rooms", "parts")


@cache
def standard(name: str) -> LoadedStandard:
    return load_standard(name)


@cache
def forms(name: str) -> Mapping[str, frozenset[str]]:
    """Every id of a standard with the forms it has there."""
    found: dict[str, set[str]] = defaultdict(set)
    model = standard(name).model
    for form, things in (
        ("requirement", model.requirement), ("target", model.target), ("note", model.note),
        ("group", model.group), ("point", model.point),
    ):  # fmt: skip
        for thing in things:
            found[thing.id].add(form)
    if model.workflow:
        for form in ("phases", "roles", "deliverables", "rules"):
            for thing in getattr(model.workflow, form):
                found[thing.id].add(form.removesuffix("s"))
    for identity, _ in each_test(name):
        found[identity].add("test")
    return {identity: frozenset(each) for identity, each in found.items()}


def each_test(name: str) -> Iterator[tuple[str, Threshold]]:
    for item in standard(name).model.requirement:
        yield from ((test.id or item.id, test) for test in item.test)


@cache
def every_test() -> Mapping[str, Threshold]:
    return {identity: test for name in ROWS for identity, test in each_test(name)}


def listed(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "domain" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize(("name", "row"), HELD, ids=lambda value: getattr(value, "id", value))
def test_a_row_stands_in_its_standard_in_its_form(name: str, row: Row) -> None:
    for identity in row.held_by:
        assert row.form in forms(name).get(identity, ()), f"{identity} is no {row.form} of {name}"


def test_the_rows_are_those_of_the_lists_with_their_kinds(shared: Path) -> None:
    there = [(line["id"], line["kind"]) for name in LISTS for line in listed(shared, name)]
    assert len(there) == len(set(there)) == 135
    assert {(row.id, row.kind) for _, row in HELD} == set(there)
    assert len(HELD) == len(there)


def test_no_id_of_a_list_is_held_twice() -> None:
    ids = [row.id for _, row in HELD]
    assert len(ids) == len(set(ids)) == 135


@pytest.mark.parametrize("name", PLUGINS)
def test_a_requirement_of_a_region_is_a_row_or_says_where_it_is_from(name: str) -> None:
    known = {row.id for row in ROWS[name]}
    for item in standard(name).model.requirement:
        base = item.id in forms("national-2017")
        assert item.id in known or base or item.clause.startswith("found:"), item.id


@pytest.mark.parametrize("row", [row for _, row in HELD if row.kind == "numeric" and row.form == "requirement"],
                         ids=lambda row: row.id)  # fmt: skip
def test_a_numeric_row_is_computed_or_shown(row: Row) -> None:
    tests = [test for name in ROWS for item in standard(name).model.requirement if item.id in row.held_by
             for test in item.test]  # fmt: skip
    assert tests
    assert all(test.kind in (*COMPUTED, "information") for test in tests)


@pytest.mark.parametrize("identity", LIMITS)
def test_a_limit_is_the_number_of_the_list(identity: str) -> None:
    test, (operator, number) = every_test()[identity], LIMITS[identity]
    assert test.op == operator
    assert [Decimal(limit.text) for limit in test.limit.values()] == [Decimal(number)]


def test_every_numeric_limit_of_a_region_is_held_here() -> None:
    """A single number as a limit is either in `LIMITS` or belongs to a standard below."""
    base = {identity for identity, _ in each_test("national-2017")}
    regional = {
        identity: test for name in PLUGINS for identity, test in each_test(name) if identity not in base
    }
    single = {identity for identity, test in regional.items()
              if [limit.text for limit in test.limit.values() if not limit.names]}  # fmt: skip
    assert single <= set(LIMITS)


def test_targets_are_due_when_the_documents_say() -> None:
    due = {identity: test.due for identity, test in every_test().items() if test.due is not None}
    assert due == DUE
    periods = {identity: test.period for identity, test in every_test().items() if test.period}
    assert periods == PERIODS
    by = {target.id: target.by for name in PLUGINS for target in standard(name).model.target}
    assert by == {"SX-P01": 2021, "SX-P02": 2025, "SH-06": 2014, "LOC-schools": 2023}


@pytest.mark.parametrize("row", HELD, ids=lambda held: held[1].id)
def test_a_row_names_its_seed_or_address(row: tuple[str, Row]) -> None:
    name, held = row
    told = standard(name).canonical
    for identity in held.held_by:
        assert f'"id":"{identity}"' in told
    clauses = [clause for identity in held.held_by for clause in clauses_of(name, identity)]
    assert clauses
    assert all(
        ("seed 00" in clause or "found:" in clause or "2021年先行创建通知" in clause) for clause in clauses
    )


def clauses_of(name: str, identity: str) -> Iterator[str]:
    model = standard(name).model
    workflow = model.workflow
    steps = (*workflow.phases, *workflow.roles, *workflow.deliverables, *workflow.rules) if workflow else ()
    for thing in (*model.requirement, *model.target, *model.note, *model.group, *steps):
        if thing.id == identity:
            yield thing.clause
        yield from (thing.clause for test in getattr(thing, "test", ()) if test.id == identity)


@pytest.mark.parametrize("name", PLUGINS)
def test_both_languages_are_complete(name: str) -> None:
    model, base = standard(name).model, forms("national-2017")
    things = (*model.requirement, *model.part, *model.verdict, *model.setting, *model.target, *model.point)
    for thing in (*things, *model.group, *model.indicator, *model.field):
        assert thing.label_en or thing.id in base, thing.id
    for item in model.requirement:
        assert bool(item.note) == bool(item.note_en), item.id
        for test in item.test:
            assert bool(test.label) == bool(test.label_en), test.id or item.id
            assert bool(test.wanted) == bool(test.wanted_en), test.id or item.id
    assert all(note.text_en for note in model.note)


@pytest.mark.parametrize("name", PLUGINS)
def test_profile_validate_finds_nothing(name: str) -> None:
    made = call("profile", "validate", name)
    assert (made.code, made.errors) == (0, "")


@pytest.mark.parametrize("name", PLUGINS)
def test_a_county_that_reports_nothing_reaches_nothing(name: str) -> None:
    kept = {"school_id", "school", "school_type", "location", "stage", "students"}
    county = regional_county("甲县")
    county.sections = [{key: value for key, value in row.items() if key in kept} for row in county.sections]
    county.facts, county.judgements = {}, []
    result = run(county, profile=name, columns=OWN_COLUMNS)
    own = {row.id for row in ROWS[name]}
    rows = [row for row in result.json["requirements"] if row["id"] in own]
    assert rows
    reached = {row["id"] for row in rows if row["status"] in ("pass", "relieved")}
    assert reached <= {"SX-N01"}  # the size of a school is told by its students alone
    assert result.verdict in ("unknown", "not_applicable")


@pytest.mark.parametrize("safe", [True, False])
def test_the_plugins_are_ready_also_in_safe_mode(safe: bool) -> None:
    made = call(*(("--safe-mode",) if safe else ()), "plugin", "list", "--json")
    states = {plugin["id"]: plugin["state"] for plugin in made.json["plugins"]}
    assert {states[name.split("-")[0]] for name in PLUGINS} == {"ready"}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up sample that comes with the program."""
    folder = tmp_path_factory.mktemp("sample")
    assert call("sample", "--out", folder).code == 0
    return folder


@pytest.mark.parametrize("name", PLUGINS)
def test_the_sample_is_judged_and_every_part_says_why(name: str, sample: Path) -> None:
    companions = ("--county-facts", sample / "county-facts.csv", "--judgements", sample / "judgements.csv")
    made = call("evaluate", sample / "schools.csv", *companions, "--profile", name, "--format", "json")
    assert made.code == 0, made.errors
    counties = made.json["counties"]
    assert counties
    for county in counties:
        assert county["verdict"] in ("pass", "fail", "unknown", "relieved", "not_applicable")
        assert all(part["reason"] for part in county["parts"])
    assert {row["id"] for row in made.json["requirements"]} >= {
        row.id for row in ROWS[name] if row.form == "requirement"
    }
