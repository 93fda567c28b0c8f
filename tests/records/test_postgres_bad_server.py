"""A PostgreSQL server, or a database on it, that cannot keep a workspace: told before anything is written."""

from __future__ import annotations

import uuid
from contextlib import closing

import pytest

from balance_tui.errors import Refused
from balance_tui.records.postgres_log import PostgresLog

from .logs import draft
from .postgres import fresh_database, socket

__all__ = ["socket"]


def database(socket: str, encoding: str) -> str:
    """A new database of an encoding; its address."""
    import psycopg

    url, name = fresh_database(socket, f"t{uuid.uuid4().hex}"), f"t{uuid.uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(
            f"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"  # type: ignore[arg-type]
        )
    return f"postgresql://tester@/{name}?host={socket}"


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1", "EUC_CN"])
def test_a_database_that_cannot_keep_every_character_is_refused(socket: str, encoding: str) -> None:
    url = database(socket, encoding)
    for create in (True, False):
        with pytest.raises(Refused, match=f"REC-OTHER.*{encoding}.*createdb"):
            PostgresLog(url, create=create)


def test_what_a_client_would_speak_otherwise_is_text_all_the_same(
    socket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "SQL_ASCII")
    with closing(PostgresLog(database(socket, "UTF8"), create=True)) as log:
        (event,) = log.append([draft("学生数", "\U00020000 督导")])
        assert list(log.since(0)) == [event]
        assert not log.verify()


def test_a_server_that_is_too_old_is_told_by_its_version(
    socket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("balance_tui.records.postgres_log.OLDEST", 990000)
    with pytest.raises(Refused, match=r"REC-OTHER.*99"):
        PostgresLog(database(socket, "UTF8"), create=True)


def test_a_server_that_only_reads_is_told(socket: str) -> None:
    url = database(socket, "UTF8")
    with closing(PostgresLog(url, create=True)) as log:
        log._connection.execute("SET default_transaction_read_only = on")
        with pytest.raises(Refused, match="REC-READONLY"):
            log.append([draft("a")])
        with pytest.raises(Refused, match="REC-READONLY"):
            log.put(b"x")
        assert log.head().sequence == 0


def test_a_user_without_the_right_to_write_is_told(socket: str) -> None:
    import psycopg

    url = database(socket, "UTF8")
    with closing(PostgresLog(url, create=True)) as log:
        log.append([draft("a")])
    role = f"r{uuid.uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE ROLE {role} LOGIN")  # type: ignore[arg-type]
    theirs = url.replace("tester@", f"{role}@")
    with pytest.raises(Refused, match=r"REC-READONLY|REC-NONE"):
        PostgresLog(theirs)
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"GRANT USAGE ON SCHEMA balance_tui TO {role}")  # type: ignore[arg-type]
        server.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA balance_tui TO {role}")  # type: ignore[arg-type]
    with closing(PostgresLog(theirs)) as log:
        assert len(list(log.since(0))) == 1
        assert not log.verify()
        with pytest.raises(Refused, match="REC-READONLY"):
            log.append([draft("b")])
