"""One file in, one file out, through a real sshd: by role, whole or not at all."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

import pytest

from .server import Server, ssh

__all__ = ["ssh"]


@pytest.fixture(scope="module")
def county(ssh: Server) -> Iterator[Server]:
    ssh.let_in("王五", "reporter", "示例省/示例市/示例县")
    ssh.let_in("reader", "viewer")
    return ssh


def test_a_workbook_comes_in_whole_and_private(county: Server) -> None:
    content = os.urandom(300_000)
    done = county.run("王五", "put", "示例县 2025.xlsx", given=content)
    # ssh joins its words by spaces: the server's side sees them as one line
    assert done.returncode == 5, done.stderr
    done = county.run("王五", "put", "'示例县 2025.xlsx'", given=content)
    assert (done.returncode, done.stdout) == (0, b""), done.stderr
    path = county.workspace / "inbox" / "示例县 2025.xlsx"
    assert path.read_bytes() == content
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_report_goes_out_byte_by_byte(county: Server) -> None:
    content = os.urandom(200_000)
    own, common = (county.workspace / "outbox" / name for name in ("王五", ""))
    own.mkdir()
    (own / "报告.xlsx").write_bytes(content)
    done = county.run("王五", "get", "报告.xlsx")
    assert (done.returncode, done.stdout) == (0, content)
    (common / "全省.xlsx").write_bytes(content)
    done = county.run("王五", "get", "全省.xlsx")
    assert (done.returncode, b"REC-ROLE" in done.stderr, done.stdout) == (5, True, b""), (
        "not of one county alone"
    )


def test_a_file_that_is_there_is_never_written_over(county: Server) -> None:
    assert county.run("王五", "put", "a.csv", given=b"1").returncode == 0
    done = county.run("王五", "put", "a.csv", given=b"2")
    assert (done.returncode, b"XFER-EXISTS" in done.stderr) == (5, True)
    assert (county.workspace / "inbox" / "a.csv").read_bytes() == b"1"


def test_a_role_that_may_not_is_refused(county: Server) -> None:
    for words in (("put", "b.csv"), ("get", "报告.xlsx")):
        done = county.run("reader", *words, given=b"1")
        assert (done.returncode, b"REC-ROLE" in done.stderr, done.stdout) == (5, True, b"")
    assert not (county.workspace / "inbox" / "b.csv").exists()


def test_nothing_half_written_stays(county: Server) -> None:
    done = county.run("王五", "put", "empty.csv")
    assert (done.returncode, b"XFER-EMPTY" in done.stderr) == (5, True)
    assert not [
        path.name for path in (county.workspace / "inbox").iterdir() if path.name.startswith(("empty", "."))
    ]


def test_a_user_who_is_kept_out_is_out_at_once(county: Server) -> None:
    county.let_in("former", "reporter")
    assert county.run("former", "put", "former.csv", given=b"1").returncode == 0
    county.balance("user", "disable", "former")
    done = county.run("former", "put", "former2.csv", given=b"1")
    assert (done.returncode, b"REC-USER" in done.stderr) == (5, True), (
        "also while the key still stands in the file"
    )
    county.write_keys()
    assert county.run("former", "put", "former2.csv", given=b"1").returncode == 255


def test_a_name_in_another_encoding_is_refused_in_a_sentence(county: Server) -> None:
    words = [each.encode() for each in county.command("王五")] + [b"put '" + "示例.csv".encode("gbk") + b"'"]
    done = subprocess.run(words, input=b"1", capture_output=True, timeout=60, check=False)
    assert (done.returncode, b"XFER-NAME" in done.stderr, done.stdout) == (5, True, b"")
