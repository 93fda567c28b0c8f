"""How a workspace lies in a PostgreSQL database, and what there is otherwise than it was laid out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..language import Text
from .log import Flaw

if TYPE_CHECKING:
    import psycopg

FORMAT = 1
LAYOUT = """
CREATE SCHEMA balance_tui;
CREATE TABLE balance_tui.meta (format INTEGER NOT NULL);
CREATE TABLE balance_tui.event (
    sequence BIGINT PRIMARY KEY, "time" TEXT NOT NULL, assessment TEXT NOT NULL, operation TEXT NOT NULL,
    target TEXT NOT NULL, old TEXT NOT NULL, new TEXT NOT NULL, actor TEXT NOT NULL, connection TEXT NOT NULL,
    base BIGINT NOT NULL, reason TEXT NOT NULL, standard TEXT NOT NULL, undoes BIGINT, previous TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE
);
CREATE INDEX event_of_target ON balance_tui.event (assessment, md5(target), sequence);
CREATE TABLE balance_tui.blob (digest TEXT PRIMARY KEY, content BYTEA NOT NULL);
CREATE FUNCTION balance_tui.refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$;
CREATE TRIGGER event_stays BEFORE UPDATE OR DELETE ON balance_tui.event
    FOR EACH ROW EXECUTE FUNCTION balance_tui.refuse();
"""

_OBJECTS = """
SELECT 'trigger', t.tgname::text, concat_ws(' ', t.tgenabled, t.tgtype, p.prosrc)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE c.relnamespace = 'balance_tui'::regnamespace AND NOT t.tgisinternal
UNION ALL SELECT 'rule', rulename::text, definition FROM pg_rules WHERE schemaname = 'balance_tui'
UNION ALL SELECT 'relation', relname::text, concat_ws(' ', relkind, relrowsecurity)
    FROM pg_class WHERE relnamespace = 'balance_tui'::regnamespace
"""
_WANTED = {
    # before (2) update (16) or delete (8) of each row (1)
    ("trigger", "event_stays", "O 27  BEGIN RAISE EXCEPTION 'the log is append-only'; END "),
    *(("relation", name, "r f") for name in ("meta", "event", "blob")),
    *(("relation", name, "i f") for name in ("event_pkey", "event_hash_key", "event_of_target", "blob_pkey")),
}


def layout_flaws(cursor: psycopg.Cursor[tuple[Any, ...]]) -> Iterator[Flaw]:
    """What guards and finds the events, where it is missing or another; a rule or trigger that does something else; a
    format that is not the one the workspace was made in."""
    found = {(str(kind), str(name), str(made)) for kind, name, made in cursor.execute(_OBJECTS).fetchall()}
    for kind, name in sorted({(kind, name) for kind, name, _ in found ^ _WANTED}):
        yield Flaw(
            0, Text(f"缺少、多出或改动了 {kind} {name}", f"the {kind} {name} is missing, new or was changed")
        )
    formats = [row[0] for row in cursor.execute("SELECT format FROM balance_tui.meta").fetchall()]
    if formats != [FORMAT]:
        yield Flaw(0, Text("格式的记录 (meta) 已被改动", "the record of the format (meta) was changed"))
