"""The password of a database is seen by nobody: not on a screen, in an error, in a key file or in the list of processes."""

from __future__ import annotations

import contextlib
import os
import socket as sockets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance_tui.cli.secrecy import without_password as arguments_without
from balance_tui.records.keys import authorized_line
from balance_tui.records.troubles import split_password, without_password
from balance_tui.records.workspace import shown_place

from .postgres import fresh_database, server

SECRET = "s3cret-Geheim"
PLACES = (
    f"postgresql://me:{SECRET}@host/db", f"postgres://me:{SECRET}@host:5432/db?sslmode=require",
    f"postgresql://me@host/db?password={SECRET}", f"postgresql://host/db?sslmode=require&password={SECRET}&x=1",
    f"postgresql://me:{SECRET}@", f"postgresql:///db?user=me&sslpassword={SECRET}",
    f"postgresql://me:{SECRET}%40@host1,host2/db", f"postgresql://:{SECRET}@host/db",
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_no_shown_address_holds_it(place: str) -> None:
    line = authorized_line("li", place, "ssh-ed25519 AAAA")
    for shown in (shown_place(place), without_password(place)):
        assert SECRET not in shown
    assert SECRET not in line or "sslpassword" in place


USER = st.text("abcABC019._-", min_size=1, max_size=8)


@given(
    user=USER, password=st.text(min_size=1, max_size=12).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)),
    host=st.sampled_from(["host", "host:5432", "a,b", "[::1]:5432", ""]), database=USER,
    options=st.dictionaries(st.sampled_from(["sslmode", "host", "application_name"]), USER),
    in_query=st.booleans(),
)  # fmt: skip
def test_what_is_taken_out_of_an_address_is_the_password_and_nothing_else(
    user: str, password: str, host: str, database: str, options: dict[str, str], in_query: bool
) -> None:
    from urllib.parse import quote

    written = quote(password, safe="")
    query = [f"{name}={value}" for name, value in options.items()]
    tail = f"?{'&'.join(query)}" if query else ""
    bare = f"postgresql://{user}@{host}/{database}{tail}"
    if in_query:
        place = f"postgresql://{user}@{host}/{database}?{'&'.join([f'password={written}', *query])}"
    else:
        place = f"postgresql://{user}:{written}@{host}/{database}{tail}"
    assert split_password(place) == (bare, password)
    assert split_password(bare) == (bare, None)
    assert arguments_without(["assess", "list", "--workspace", place]) == (
        ["assess", "list", "--workspace", bare],
        password,
    )
    assert arguments_without([f"--workspace={place}", "x"]) == ([f"--workspace={bare}", "x"], password)


def test_arguments_that_are_no_address_stay_as_they_are() -> None:
    given = ["assess", "edit", "--reason", "see http://a:b@c/", "--value", "a:b@c"]
    assert arguments_without(given) == (given, None)


@contextlib.contextmanager
def silent_server(folder: Path) -> Iterator[sockets.socket]:
    """A server that takes a line and says nothing on it."""
    with sockets.socket(sockets.AF_UNIX) as listening:
        listening.bind(str(folder / ".s.PGSQL.5432"))
        listening.listen()
        listening.settimeout(60)
        yield listening


@pytest.mark.parametrize(
    "arguments",
    [
        ("assess", "list", "--workspace", "{place}"), ("workspace", "new", "--workspace={place}"),
        ("--workspace", "{place}"), ("login", "--restricted", "--user", "li", "--workspace", "{place}"),
        ("login", "--user", "li", "--workspace={place}"),
    ],
)  # fmt: skip
def test_it_is_not_in_the_list_of_processes(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    if not Path("/proc/self/cmdline").exists():
        pytest.skip("there is no list of processes in /proc")
    with silent_server(tmp_path) as listening:
        place = f"postgresql://me:{SECRET}@/db?host={tmp_path}"
        command = [sys.executable, "-m", "balance_tui", *(each.format(place=place) for each in arguments)]
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            line, _ = listening.accept()
            shown = Path(f"/proc/{process.pid}/cmdline").read_bytes()
            process.kill()
            line.close()
            output = process.communicate()
    assert f"{tmp_path}".encode() in shown, "it is this very command"
    assert SECRET.encode() not in shown
    assert SECRET.encode() not in b"".join(output)


def test_it_still_lets_one_in(tmp_path: Path) -> None:
    import psycopg

    with server() as running:
        url = fresh_database(running.socket, "w")
        with psycopg.connect(url, autocommit=True) as raw:
            raw.execute(f"CREATE ROLE keeper LOGIN PASSWORD '{SECRET}'")  # type: ignore[arg-type]
            raw.execute("GRANT CREATE ON DATABASE w TO keeper")
        running.ask_for_passwords()
        place = url.replace("tester@", f"keeper:{SECRET}@")
        environment = {**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
        environment.pop("PGPASSWORD", None)
        for arguments, code in (
            (["workspace", "new", "--json"], 0), (["workspace", "info"], 0), (["user", "list"], 0),
            (["login", "--user", "nobody"], 5),
        ):  # fmt: skip
            command = [sys.executable, "-m", "balance_tui", *arguments, "--workspace", place]
            done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
            assert done.returncode == code, done.stderr
            assert SECRET not in done.stdout + done.stderr
        assert done.stderr.startswith("REC-USER"), "the login came as far as to the users"
