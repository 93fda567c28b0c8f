"""Any change to any column of any row of any table of a workspace is found by verifying it, and said where.

The tables, and what in them can change without anything being found, since nothing follows from it:

- `event`, `blob`, and on a server `meta`: nothing at all, against a head kept elsewhere; a blob that no event names may be
  there or not.
- beside the log (files in `drafts` and `presence`, on a server the schema `balance_tui_beside`): what somebody was about to
  type and who was here. No result follows from it; `tests/records/test_drafts.py` says what becomes of it.
- files in `inbox` and `outbox`: on their way in or out. What was imported is in `blob`.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from balance_tui.errors import Refused
from balance_tui.records.desk import Desk
from balance_tui.records.event import GENESIS, Draft, Event, chained
from balance_tui.records.evidence import Sources
from balance_tui.records.log import Flaw, Log
from balance_tui.records.office import Plan, new_assessment, open_file
from balance_tui.records.roles import Area
from balance_tui.records.rows import COLUMNS, row_of
from balance_tui.records.verify import verified
from balance_tui.standard.load import load_standard
from tests.contract.builder import passing_county, write_facts, write_judgements, write_sections
from tests.faults.county import log_at

from .postgres import fresh_database, socket

__all__ = ["socket"]

EVENT, BLOB, META = "event", "blob", "meta"
NUMBERS = ("sequence", "base", "undoes", "format")
Row = tuple[Any, ...]
Tables = dict[str, list[Row]]
COLUMNS_OF = {EVENT: COLUMNS, BLOB: ("digest", "content"), META: ("format",)}


@dataclass
class Kept:
    """A workspace whose tables can be put to anything, past whatever guards them, and to what they were."""

    place: str
    tables: Tables
    head: str

    def put(self, tables: Tables) -> None:
        with _past_the_guards(self.place) as execute:
            for table, rows in tables.items():
                execute(f"DELETE FROM {table}", [])
                for row in rows:
                    execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", list(row))

    def found(self, tables: Tables, name: str | None = None) -> tuple[Flaw, ...]:
        """What a verification finds where the tables are these; they are as they were when this returns. A workspace that
        is not opened any more has the one flaw that is said."""
        self.put(tables)
        try:
            with closing(log_at(self.place)) as log:
                return verified(log, name, self.head)
        except Refused as refused:
            return (Flaw(0, refused.what),)
        finally:
            self.put(self.tables)


Execute = Callable[[str, list[Any]], list[Row]]


@contextmanager
def _past_the_guards(place: str) -> Iterator[Execute]:
    if "://" in place:
        import psycopg

        with psycopg.connect(place, options="-c search_path=balance_tui") as server:
            server.execute("SET LOCAL session_replication_role = replica")

            def on_server(statement: str, values: list[Any]) -> list[Row]:
                done = server.execute(statement.replace("?", "%s"), values)  # type: ignore[arg-type]
                return done.fetchall() if done.description else []

            yield on_server
        return
    with closing(sqlite3.connect(place, isolation_level=None)) as raw:
        raw.execute("BEGIN IMMEDIATE")
        guards = raw.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            raw.execute(f"DROP TRIGGER {name}")
        yield lambda statement, values: raw.execute(statement, values).fetchall()
        for _, made in guards:
            raw.execute(made)
        raw.execute("COMMIT")


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A county that was corrected, judged, approved, in a workspace where users came and went."""
    folder = tmp_path_factory.mktemp("kept")
    place = str(folder / "workspace.db")
    if request.param == "postgres":
        place = fresh_database(request.getfixturevalue("socket"), f"t{uuid.uuid4().hex}")
    with closing(log_at(place, create=True)) as log:
        _lived(log, folder)
        assert not verified(log)
        head = log.head()
    tables = [EVENT, BLOB, *([META] if "://" in place else [])]
    with _past_the_guards(place) as execute:
        content = {
            table: execute(
                f"SELECT {', '.join(f'{name}' for name in COLUMNS_OF[table])} FROM {table} ORDER BY 1", []
            )
            for table in tables
        }
    return Kept(place, {name: [tuple(row) for row in rows] for name, rows in content.items()},
                f"{head.sequence}:{head.hash}")  # fmt: skip


def _lived(log: Log, folder: Path) -> None:
    county = passing_county("示例县")
    files = [
        ("data", write_sections(folder / "sections.csv", [county])),
        ("county_facts", write_facts(folder / "facts.csv", [county])),
        ("judgements", write_judgements(folder / "judgements.csv", [county])),
    ]
    boss = Desk(log, "boss", "b")
    boss.first_admin()
    for name in ("clerk", "gone"):
        boss.add_user(name)
    boss.put_key("clerk", "1", "ssh-ed25519 AAAA")
    boss.grant("clerk", "inspector", Area())
    boss.grant("gone", "viewer", Area("某省"))
    boss.grant("gone", "viewer", Area("某省"), revoke=True)
    boss.add_user("gone", disabled=True)
    clerk = Desk(log, "clerk", "c")
    new_assessment(clerk, Plan("a", "", load_standard("national-2017"), files=files))  # type: ignore[arg-type]
    file = open_file(clerk, "a")
    school = file.data.sections["school_id"][0]
    file.correct([(file.fact("equipment_value", school, None, None, None), "1000000")], "更正")
    clerk.undo()
    clerk.redo()
    (folder / "plan.pdf").write_bytes(b"plan")
    judged = {
        file.item("G01", None, None, None, "verified"): {"answer": "yes", "evidence": [{"file": "plan.pdf"}]}
    }
    file.judge(judged, sources=Sources(folder))  # type: ignore[arg-type]
    file.submit("送审")
    file.approve()


def where(flaws: tuple[Flaw, ...]) -> set[int]:
    return {flaw.sequence for flaw in flaws}


def naming(kept: Kept, digest: str) -> int:
    """The first event that names a blob."""
    return next(row[0] for row in kept.tables[EVENT] if digest in row[COLUMNS.index("new")])


TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=20)


def other_value(data: st.DataObject, table: str, column: str, rows: list[Row], old: Any) -> Any:
    """Another value of the same type: of another row, anything, the same with one thing changed, or the same JSON written
    in another way."""
    place = COLUMNS_OF[table].index(column)
    others = st.sampled_from([row[place] for row in rows])
    if column in NUMBERS:
        anything: st.SearchStrategy[Any] = others | st.integers(-(2**31), 2**31 - 1)
        return data.draw(
            (anything | st.none() if column == "undoes" else anything).filter(lambda new: new != old)
        )
    if isinstance(old, bytes):
        flipped = st.integers(0, len(old) - 1).map(lambda at: old[:at] + bytes([old[at] ^ 1]) + old[at + 1 :])
        return data.draw(
            (flipped | st.just(old[:-1]) | st.just(old + b"\n") | others).filter(lambda new: new != old)
        )
    changes = st.sampled_from(
        [old + " ", f" {old}", old.upper(), old[:-1], old.replace("1", "2"), f"{old[:1]}0{old[1:]}"]
    )
    strategy = TEXT | others | changes
    if column in ("old", "new", "target"):
        strategy |= st.sampled_from([json.dumps(json.loads(old)), json.dumps(json.loads(old), indent=1)])
    return data.draw(strategy.filter(lambda new: new != old))


@settings(max_examples=80)
@given(data=st.data())
def test_any_value_of_any_row_that_was_changed_is_found_where_it_stands(
    kept: Kept, data: st.DataObject
) -> None:
    table = data.draw(st.sampled_from([EVENT, EVENT, EVENT, BLOB, *([META] if META in kept.tables else [])]))
    rows = kept.tables[table]
    at = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.sampled_from(COLUMNS_OF[table]))
    place = COLUMNS_OF[table].index(column)
    new = other_value(data, table, column, rows, rows[at][place])
    unique = column in ("sequence", "hash", "digest")
    if unique and new in [row[place] for row in rows]:
        return
    changed = list(rows)
    changed[at] = (*rows[at][:place], new, *rows[at][place + 1 :])
    found = where(kept.found({**kept.tables, table: changed}))
    wanted = {EVENT: rows[at][0], META: 0}.get(table)
    assert (naming(kept, rows[at][0]) if wanted is None else wanted) in found, (table, at, column, new)


@settings(max_examples=40)
@given(data=st.data())
def test_rows_taken_away_put_in_or_exchanged_are_found_where_it_begins(
    kept: Kept, data: st.DataObject
) -> None:
    rows = kept.tables[EVENT]
    first, last = sorted(
        data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=2, max_size=2, unique=True))
    )
    how = data.draw(st.sampled_from(["taken away", "cut", "put in", "exchanged", "moved", "emptied"]))
    numbered = lambda row, number: (number, *row[1:])  # noqa: E731
    changed = {
        "taken away": rows[:first] + rows[first + 1 :],
        "cut": rows[:first],
        "put in": [*rows, (*numbered(rows[first], len(rows) + 1)[:-1], "f" * 64)],
        "exchanged": [numbered(rows[last], row[0]) if row is rows[first] else
                      numbered(rows[first], row[0]) if row is rows[last] else row for row in rows],
        "moved": [*rows[:first], *(numbered(row, row[0] - 1) for row in rows[first + 1 :])],
        "emptied": [],
    }[how]  # fmt: skip
    begins = {"put in": len(rows) + 1, "emptied": 1}.get(how, first + 1)
    assert begins in where(kept.found({**kept.tables, EVENT: changed})), (how, first, last)


@settings(max_examples=30)
@given(data=st.data())
def test_rows_of_what_is_kept_that_were_taken_away_or_exchanged_are_found_by_the_events_that_name_them(
    kept: Kept, data: st.DataObject
) -> None:
    rows = kept.tables[BLOB]
    one, other = data.draw(st.permutations(rows))[:2]
    exchanged = [(one[0], other[1]), (other[0], one[1]), *(row for row in rows if row not in (one, other))]
    changed = data.draw(st.sampled_from([[row for row in rows if row is not one], exchanged, []]))
    assert naming(kept, one[0]) in where(kept.found({**kept.tables, BLOB: changed}))


def test_a_blob_that_no_event_names_says_nothing(kept: Kept) -> None:
    import hashlib

    more = [*kept.tables[BLOB], (hashlib.sha256(b"more").hexdigest(), b"more")]
    assert kept.found({**kept.tables, BLOB: more}) == ()


def test_an_event_of_a_number_that_none_can_have_is_found(kept: Kept) -> None:
    rows = kept.tables[EVENT]
    for number in (0, -1, -(2**62)):
        more = [*rows, (number, *rows[-1][1:-1], "f" * 64)]
        assert where(kept.found({**kept.tables, EVENT: more})) == {0}


def rewritten(rows: list[Row], change: Callable[[Event], Event]) -> list[Row]:
    """Every event as `change` makes it, with hashes that fit: what somebody with the program and the file can do."""
    made, previous = [], GENESIS
    for row in rows:
        values = dict(zip(COLUMNS, row, strict=True))
        event = change(Event(**(values | {name: json.loads(values[name]) for name in ("old", "new")})))
        names = list(Draft.__dataclass_fields__)
        new = chained(
            Draft(**{name: getattr(event, name) for name in names}), event.sequence, event.time, previous
        )
        made.append(row_of(new))
        previous = new.hash
    return made


LEAF = st.none() | st.booleans() | st.integers(-9, 9) | TEXT
KEYS = st.sampled_from("value digest hash id level state files decided area after".split())
JSON = (
    LEAF
    | st.lists(LEAF, max_size=2)
    | st.dictionaries(KEYS, LEAF | st.dictionaries(KEYS, LEAF, max_size=2), max_size=4)
)


def rewritten_anyhow(kept: Kept, data: st.DataObject) -> tuple[int, Tables]:
    """One thing of one event is another, and every hash fits. The number of the event, and the tables."""
    rows = kept.tables[EVENT]
    number = data.draw(st.integers(1, len(rows)))
    column = data.draw(
        st.sampled_from(["assessment", "operation", "target", "new", "actor", "reason", "undoes"])
    )
    strategy = {"new": JSON, "undoes": st.none() | st.integers(0, 99)}.get(column, TEXT)
    old = rows[number - 1][COLUMNS.index(column)]
    new = data.draw(strategy.filter(lambda new: new != (json.loads(old) if column == "new" else old)))
    made = rewritten(
        rows, lambda event: replace(event, **{column: new}) if event.sequence == number else event
    )
    return number, {**kept.tables, EVENT: made}


@settings(max_examples=40)
@given(data=st.data())
def test_a_chain_rewritten_with_hashes_that_fit_is_found_against_its_head_or_by_what_makes_no_sense(
    kept: Kept, data: st.DataObject
) -> None:
    number, tables = rewritten_anyhow(kept, data)
    assert {number, len(kept.tables[EVENT])} & where(kept.found(tables, name="no evaluation"))


@settings(max_examples=6)
@given(data=st.data())
def test_what_follows_from_a_chain_rewritten_anyhow_is_told_or_evaluated(
    kept: Kept, data: st.DataObject
) -> None:
    _, tables = rewritten_anyhow(kept, data)
    assert kept.found(tables)


GUARDS = {
    "sqlite": [
        "DROP TRIGGER event_stays",
        "DROP INDEX event_of_target",
        "CREATE TRIGGER mine BEFORE INSERT ON event BEGIN SELECT RAISE(IGNORE); END",
        "CREATE VIEW mine AS SELECT * FROM event",
    ],
    "postgres": [
        "DROP TRIGGER event_stays ON event",
        "ALTER TABLE event DISABLE TRIGGER ALL",
        "DROP INDEX event_of_target",
        "CREATE RULE mine AS ON INSERT TO event DO INSTEAD NOTHING",
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "ALTER TABLE event ENABLE ROW LEVEL SECURITY",
        "CREATE TRIGGER mine BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    ],
}


@pytest.mark.parametrize("kind", GUARDS)
def test_what_guards_the_log_and_was_taken_away_or_added_is_found(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    for number, statement in enumerate(GUARDS[kind]):
        place = str(tmp_path / f"{number}.db")
        if kind == "postgres":
            place = fresh_database(request.getfixturevalue("socket"), f"t{uuid.uuid4().hex}")
        with closing(log_at(place, create=True)) as log:
            assert not verified(log)
            if kind == "postgres":
                import psycopg

                with psycopg.connect(place, options="-c search_path=balance_tui") as server:
                    server.execute(statement)  # type: ignore[arg-type]
            else:
                with closing(sqlite3.connect(place)) as raw:
                    raw.execute(statement)
            assert where(verified(log)) == {0}, statement


def test_a_file_put_in_the_place_of_another_workspace_is_found_against_the_head(
    kept: Kept, tmp_path: Path
) -> None:
    if "://" in kept.place:
        pytest.skip("only a file can be put in the place of another")
    other = shutil.copy(kept.place, tmp_path / "other.db")
    with closing(log_at(str(other))) as log:
        Desk(log, "boss", "b2").add_user("later")
        assert verified(log, head=kept.head) == ()
        later = log.head()
    with closing(log_at(kept.place)) as log:
        assert where(verified(log, head=f"{later.sequence}:{later.hash}")) == {later.sequence}
