"""Every kind of tampering that there is a name for is found, and said where, in each store."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from balance_tui.records.desk import Desk
from balance_tui.records.event import GENESIS, Draft, Event, canonical, chained
from balance_tui.records.log import Log
from balance_tui.records.office import Plan, new_assessment, open_file
from balance_tui.records.postgres_log import PostgresLog
from balance_tui.records.roles import Area
from balance_tui.records.rows import COLUMNS, row_of
from balance_tui.records.sqlite_log import SqliteLog
from balance_tui.records.verify import verified
from balance_tui.standard.load import catalogue, load_standard
from tests.contract.builder import passing_county, write_facts, write_judgements, write_sections

from .logs import open_again, path, socket, store

__all__ = ["open_again", "path", "socket", "store"]


@dataclass
class Case:
    """A reviewed assessment in a store, and the numbers of its events by operation."""

    log: Log

    @property
    def events(self) -> list[Event]:
        return list(self.log.since(0))

    def number(self, operation: str) -> int:
        """The last event of an operation."""
        return [event.sequence for event in self.events if event.operation == operation][-1]

    def blob(self, operation: str) -> str:
        """The digest of the first blob that the last event of an operation names."""
        new: Any = self.events[self.number(operation) - 1].new
        return str(new["digest"] if operation == "standard" else new["files"][0]["digest"])

    def where(self, **given: Any) -> list[int]:
        return [flaw.sequence for flaw in verified(self.log, **given)]


@pytest.fixture
def case(store: Log, tmp_path: Path) -> Case:
    """A county that passed and was approved."""
    county = passing_county("示例县")
    files = [
        ("data", write_sections(tmp_path / "sections.csv", [county])),
        ("county_facts", write_facts(tmp_path / "facts.csv", [county])),
        ("judgements", write_judgements(tmp_path / "judgements.csv", [county])),
    ]
    boss = Desk(store, "boss", "b")
    boss.first_admin()
    boss.add_user("clerk")
    boss.grant("clerk", "inspector", Area())
    clerk = Desk(store, "clerk", "c")
    new_assessment(clerk, Plan("a", "", load_standard("national-2017"), files=files))  # type: ignore[arg-type]
    file = open_file(clerk, "a")
    school = file.data.sections["school_id"][0]
    file.correct([(file.fact("equipment_value", school, None, None, None), "1000000")], "更正")
    file.submit("送审")
    file.approve()
    assert not verified(store)
    return Case(store)


def test_a_whole_workspace_has_no_flaw_also_against_its_own_head(case: Case) -> None:
    head = case.log.head()
    for kept in (head.hash, f"{head.sequence}:{head.hash}", f"3:{case.events[2].hash}", GENESIS):
        assert case.where(head=kept) == []


Execute = Callable[[str, Sequence[object]], None]


def tampered(log: Log) -> Execute:
    """Runs statements against the store itself, past everything that guards it."""
    if isinstance(log, SqliteLog):
        guards = ("DROP TRIGGER IF EXISTS event_stays", "DROP TRIGGER IF EXISTS event_remains")

        def in_file(statement: str, values: Sequence[object]) -> None:
            with closing(sqlite3.connect(log.path, isolation_level=None)) as raw:
                kept = [row[0] for row in raw.execute("SELECT sql FROM sqlite_schema WHERE type = 'trigger'")]
                for each in guards:
                    raw.execute(each)
                raw.execute(statement, values)
                for each in kept:
                    raw.execute(each)

        return in_file
    import psycopg

    assert isinstance(log, PostgresLog)
    url = log.url

    def on_server(statement: str, values: Sequence[object]) -> None:
        with psycopg.connect(url, autocommit=True, options="-c search_path=balance_tui") as raw:
            raw.execute("ALTER TABLE event DISABLE TRIGGER ALL")
            raw.execute(statement.replace("?", "%s"), values)  # type: ignore[arg-type]
            raw.execute("ALTER TABLE event ENABLE TRIGGER ALL")

    return on_server


TAMPERED = (
    "new",
    "old",
    "actor",
    "time",
    "reason",
    "standard",
    "connection",
    "target",
    "assessment",
    "operation",
)


def test_an_event_of_any_kind_that_was_changed_is_found_by_its_number(case: Case) -> None:
    execute = tampered(case.log)
    for operation in ("user", "grant", "create", "fact", "submit", "approve"):
        number = case.number(operation)
        kept = row_of(case.events[number - 1])
        for column in TAMPERED:
            statement = f"UPDATE event SET {column} = ? WHERE sequence = ?"
            execute(statement, ['"x"', number])
            assert number in case.where(), (operation, column)
            execute(statement, [kept[COLUMNS.index(column)], number])
    assert case.where() == []


@pytest.mark.parametrize("operation", ["user", "grant", "fact", "submit"])
def test_an_event_that_was_taken_away_is_found_by_its_number(case: Case, operation: str) -> None:
    number = case.number(operation)
    tampered(case.log)("DELETE FROM event WHERE sequence = ?", [number])
    assert number in case.where()


@pytest.mark.parametrize("operation", ["import", "standard"])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE blob SET content = ? WHERE digest = ?", "DELETE FROM blob WHERE content <> ? AND digest = ?"],
)
def test_imported_data_or_a_stored_standard_that_was_changed_is_found_by_the_event_that_names_it(
    case: Case, operation: str, statement: str
) -> None:
    number, digest = case.number(operation), case.blob(operation)
    tampered(case.log)(statement, [b"other", digest])
    assert case.where() == [number]


def test_a_chain_that_was_cut_is_found_against_a_head_kept_elsewhere(case: Case) -> None:
    head, last = case.log.head(), case.number("submit")
    tampered(case.log)("DELETE FROM event WHERE sequence > ?", [last])
    assert case.where() == [], "what is left is whole in itself"
    assert case.where(head=head.hash) == [0]
    assert case.where(head=f"{head.sequence}:{head.hash}") == [last + 1]


def rewritten(log: Log, change: Callable[[Event], Event]) -> None:
    """Every event as `change` makes it, with hashes that fit: what somebody with the program and the file can do."""
    previous = GENESIS
    execute = tampered(log)
    names = list(Draft.__dataclass_fields__)
    for event in list(log.since(0)):
        made = change(event)
        new = chained(
            Draft(**{name: getattr(made, name) for name in names}), made.sequence, made.time, previous
        )
        previous = new.hash
        execute(
            "UPDATE event SET new = ?, actor = ?, reason = ?, previous = ?, hash = ? WHERE sequence = ?",
            [canonical(new.new), new.actor, new.reason, new.previous, new.hash, new.sequence],
        )


def test_a_chain_rewritten_as_a_whole_is_found_against_a_head_kept_elsewhere(case: Case) -> None:
    number, head = case.number("fact"), case.log.head()
    early = case.events[number - 2]
    rewritten(case.log, lambda event: replace(event, reason="x") if event.sequence < number else event)
    assert not case.log.verify(), "the chain is whole in itself"
    assert head.sequence in case.where(head=f"{head.sequence}:{head.hash}")
    assert 0 in case.where(head=head.hash)
    assert number - 1 in case.where(head=f"{number - 1}:{early.hash}")


def test_a_rewritten_figure_is_found_by_the_verdicts_that_no_longer_follow(case: Case) -> None:
    number = case.number("fact")
    rewritten(
        case.log, lambda event: replace(event, new={"value": "1"}) if event.sequence == number else event
    )
    assert set(case.where()) == {case.number("submit"), case.number("approve")}


def test_a_rewritten_verdict_is_found_where_it_stands(case: Case) -> None:
    number = case.number("approve")

    def passed(event: Event) -> Event:
        if event.sequence != number:
            return event
        new: Any = event.new
        verdicts = [row | {"verdict": "relieved"} for row in new["decided"]["verdicts"]]
        return replace(event, new=new | {"decided": new["decided"] | {"verdicts": verdicts}})

    rewritten(case.log, passed)
    flaws = verified(case.log)
    assert [flaw.sequence for flaw in flaws] == [number]
    assert "relieved" in flaws[0].what.en


def test_an_act_of_somebody_without_a_role_is_found(case: Case) -> None:
    number = case.number("fact")
    rewritten(case.log, lambda event: replace(event, actor="stranger") if event.sequence == number else event)
    assert number in case.where()


def test_another_standard_under_the_hash_of_the_right_one_is_found(case: Case) -> None:
    number = case.number("standard")
    digest = case.log.put(b"[standard]\nid = 'other'\n")

    def other(event: Event) -> Event:
        return replace(event, new={**event.new, "digest": digest}) if event.sequence == number else event  # type: ignore[dict-item]

    rewritten(case.log, other)
    assert number in case.where()


@pytest.mark.parametrize("name", catalogue())
def test_every_shipped_standard_can_be_kept_and_read_again(tmp_path: Path, name: str) -> None:
    from balance_tui.records.workspace import kept_standard, standard_kept

    standard = load_standard(name)
    with closing(SqliteLog(tmp_path / "w.db", create=True)) as log:
        assert kept_standard(log, dict(standard_kept(log, standard))).hash == standard.hash
