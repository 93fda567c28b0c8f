"""The log on a PostgreSQL server: several programs at once, a server that goes and comes back, and what it refuses."""

from __future__ import annotations

import getpass
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from balance_tui.errors import Refused
from balance_tui.records.desk import Desk
from balance_tui.records.postgres_log import PostgresLog
from balance_tui.records.roles import Area
from tests.contract.builder import passing_county, write_sections
from tests.contract.runner import call

from .logs import draft, socket
from .postgres import Server, fresh_database, server

__all__ = ["socket"]

WRITER = """
import sys
from balance_tui.records.postgres_log import PostgresLog
from tests.records.logs import draft
log = PostgresLog(sys.argv[1])
for number in range(int(sys.argv[3])):
    (event,) = log.append([draft(f"{sys.argv[2]}-{number}", number)])
    print(event.sequence, flush=True)
"""


@pytest.fixture
def url(socket: str) -> str:
    return fresh_database(socket, f"t{uuid.uuid4().hex}")


@pytest.fixture
def own() -> Iterator[Server]:
    """A server of the test's own, to be stopped and started."""
    with server() as running:
        yield running


def test_programs_that_write_at_once_lose_nothing(url: str) -> None:
    with closing(PostgresLog(url, create=True)) as log:
        writers = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER, url, str(number), "15"], stdout=subprocess.PIPE, text=True
            )
            for number in range(4)
        ]
        said = [int(line) for writer in writers for line in writer.communicate()[0].split()]
        assert [writer.returncode for writer in writers] == [0] * 4
        assert sorted(said) == list(range(1, 61))
        assert [event.sequence for event in log.since(0)] == list(range(1, 61))
        assert not log.verify()


def test_a_server_that_was_started_again_is_found_again_at_the_next_call(own: Server) -> None:
    with closing(PostgresLog(fresh_database(own.socket, "w"), create=True)) as log:
        (first,) = log.append([draft("a")])
        own.stop()
        for ask in _calls(log):
            with pytest.raises(Refused, match="REC-SERVER"):
                ask()
        own.start()
        (second,) = log.append([draft("b")])
        assert (first.sequence, second.sequence) == (1, 2)
        own.stop()
        own.start()
        with pytest.raises(Refused, match="REC-SERVER"):
            log.append([draft("c")])
        assert log.head().sequence == 2, "what was refused was not written"
        assert log.append([draft("c")])[0].sequence == 3
        assert not log.verify()


def _calls(log: PostgresLog) -> tuple[Callable[[], object], ...]:
    return (
        lambda: log.append([draft("x")]), lambda: log.since(0), log.assessments, log.head, log.verify,
        lambda: log.put(b"1"), lambda: log.get("0" * 64), log.changes,
    )  # fmt: skip


def test_a_server_that_may_only_be_read_says_so_and_can_be_read(url: str) -> None:
    with closing(PostgresLog(url, create=True)) as log:
        log.append([draft("a")])
    with closing(PostgresLog(f"{url}&options=-c%20default_transaction_read_only%3Don")) as log:
        assert log.head().sequence == 1
        for write in (lambda: log.append([draft("b")]), lambda: log.put(b"1")):
            with pytest.raises(Refused, match="REC-READONLY"):
                write()
        assert not log.verify()


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("postgresql://tester@/nowhere?host={socket}", "REC-NONE"), ("postgresql://nobody@/postgres?host={socket}", "REC-LOGIN"),
        ("postgresql://tester@/postgres?host={socket}/none", "REC-SERVER"),
        ("postgresql://tester:s3cret@127.0.0.1:1/x", "REC-SERVER"),
        ("postgresql://%%%", "REC-URL"), ("postgresql://tester@/postgres?nosuch=1", "REC-URL"),
        ("postgresql://tester@/postgres?host={socket}&password=s3cret", "REC-NONE"),
    ],
)  # fmt: skip
def test_what_cannot_be_reached_is_told_without_the_password(socket: str, address: str, code: str) -> None:
    answer = call("workspace", "info", "--workspace", address.format(socket=socket))
    assert (answer.code, answer.errors.split(" ")[0].rstrip(":")) == (5, code)
    assert len(answer.errors.splitlines()) == 1
    assert "s3cret" not in answer.errors


def test_a_wrong_password_is_told(own: Server) -> None:
    url = fresh_database(own.socket, "w")
    own.ask_for_passwords()
    for given in ("", "wrong"):
        with pytest.raises(Refused, match="REC-LOGIN") as refused:
            PostgresLog(url.replace("tester@", f"tester:{given}@"))
        assert "wrong" not in str(refused.value)


def test_a_workspace_of_a_newer_program_is_left_alone(url: str) -> None:
    import psycopg

    with closing(PostgresLog(url, create=True)) as log:
        with psycopg.connect(url, autocommit=True) as raw:
            raw.execute("UPDATE balance_tui.meta SET format = 99")
        for ask in (lambda: PostgresLog(url), lambda: log.append([draft("a")])):
            with pytest.raises(Refused, match="REC-NEWER"):
                ask()


def test_two_programs_may_make_the_workspace_at_once(url: str) -> None:
    program = WRITER.split("for number")[0].replace("argv[1]", "argv[1], create=True")
    makers = [subprocess.Popen([sys.executable, "-c", program, url]) for _ in range(4)]
    assert [maker.wait() for maker in makers] == [0] * 4


def test_what_a_person_does_is_the_same_on_a_server(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with closing(PostgresLog(url, create=True)) as log:
        desk = Desk(log, "x", "x")
        desk.first_admin()
    data = write_sections(tmp_path / "sections.csv", [passing_county("示例县")])
    me = getpass.getuser()
    with closing(PostgresLog(url)) as log:
        desk = Desk(log, "x", "x")
        desk.add_user(me)
        for role in ("admin", "inspector"):
            desk.grant(me, role, Area())  # type: ignore[arg-type]
    for arguments in (("assess", "new", "a", data), ("assess", "show", "a"), ("assess", "submit", "a"), ("assess", "verify"),
                      ("user", "list"), ("workspace", "migrate")):  # fmt: skip
        answer = call(*arguments, "--workspace", url)
        assert (answer.code, answer.errors) == (0, "")
    assert call("workspace", "backup", tmp_path / "x.db", "--workspace", url).errors.startswith("REC-BACKUP")
