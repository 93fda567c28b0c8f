"""Ways out of restricted mode that people try: none leads anywhere but into the program. Each is named."""

from __future__ import annotations

import socket
import subprocess
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from .server import Server, ssh

__all__ = ["ssh"]

MARK = "ESCAPED-7351"


@pytest.fixture(scope="module")
def restricted(ssh: Server) -> Server:
    ssh.let_in("visitor", "reporter")
    (ssh.folder / "secret.csv").write_text(MARK)
    (ssh.workspace / "outbox" / "link.csv").symlink_to(ssh.folder / "secret.csv")
    (ssh.workspace / "outbox" / "folder.csv").mkdir()
    for name in ("visitor", "another"):
        (ssh.workspace / "outbox" / name).mkdir()
    (ssh.workspace / "outbox" / "visitor" / "own.csv").symlink_to(ssh.folder / "secret.csv")
    (ssh.workspace / "outbox" / "another" / "theirs.csv").write_text(MARK)
    return ssh


COMMANDS = {
    "another command": f"echo {MARK}",
    "a shell": "sh",
    "a login shell": f"bash -lc 'echo {MARK}'",
    "a command behind a semicolon": f"get a.csv; echo {MARK}",
    "a command behind a new line": f"get a.csv\necho {MARK}",
    "a command substitution": f"get $(echo {MARK}).csv",
    "backticks": f"get `echo {MARK}`.csv",
    "a pipe": f"get a.csv | echo {MARK}",
    "the program with another user": "balance-tui login --user boss --workspace /",
    "an option instead of a name": "get --workspace",
    "a path in get": "get ../../secret.csv",
    "an absolute path in get": "get {folder}/secret.csv",
    "a link in the outbox": "get link.csv",
    "a link in one's own outbox": "get own.csv",
    "a folder in the outbox": "get folder.csv",
    "another's outbox": "get another/theirs.csv",
    "another's file by its name": "get theirs.csv",
    "the workspace itself": "get ../workspace.db",
    "a hidden file": "get .csv",
    "a NUL": "get 'a\\0.csv'",
    "a home": "get ~/secret.csv",
    "a backslash path": "get ..\\secret.csv",
    "scp from": "scp -f {folder}/secret.csv",
    "scp to": "scp -t {folder}",
    "sftp's server by name": "internal-sftp",
    "sftp's server by path": "/usr/lib/openssh/sftp-server",
    "rsync": "rsync --server --sender . {folder}/secret.csv",
    "git": "git-upload-pack {folder}",
    "open quotes": "get 'a.csv",
    "nothing": " ",
}  # fmt: skip


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_command_of_the_client_is_refused(restricted: Server, kind: str) -> None:
    before = _everything(restricted.folder)
    done = restricted.run("visitor", COMMANDS[kind].replace("{folder}", str(restricted.folder)), given=b"x")
    said = done.stdout + done.stderr.replace(COMMANDS[kind].encode(), b"")
    assert done.returncode == 5, done.stderr
    assert (done.stdout, MARK.encode() in _without_refusal(said)) == (b"", False)
    assert _everything(restricted.folder) == before


def _without_refusal(said: bytes) -> bytes:
    """What was said without the sentence that repeats the refused command."""
    return b"\n".join(line for line in said.splitlines() if not line.startswith((b"LOGIN-COMMAND", b"XFER-")))


def _everything(folder: Path) -> dict[str, int]:
    ignored = ("log", "known", "workspace.db-shm", "workspace.db-wal", "workspace.db")
    return {str(path): path.lstat().st_size for path in folder.rglob("*") if path.name not in ignored}


UPLOADS = {
    "a path out of the inbox": "../evil.csv",
    "a hidden name": ".ssh.csv",
    "Python code": "sitecustomize.py",
    "a shared library": "evil.so",
    "a shell script": "run.sh",
    "authorized_keys": "authorized_keys",
    "a database": "workspace.db",
    "a name with a newline": "'a\nb.csv'",
    "a name with an escape": "'a\x1b[31m.csv'",
    "a very long name": f"{'x' * 300}.csv",
}  # fmt: skip


@pytest.mark.parametrize("kind", UPLOADS)
def test_an_upload_that_is_no_plain_table_or_document_is_refused(restricted: Server, kind: str) -> None:
    before = _everything(restricted.folder)
    done = restricted.run("visitor", f"put {UPLOADS[kind]}", given=b"import os")
    assert (done.returncode, done.stdout) == (5, b""), done.stderr
    assert _everything(restricted.folder) == before


def test_sftp_is_refused(restricted: Server) -> None:
    command = restricted.command("visitor", options=["-s"])
    done = subprocess.run([*command, "sftp"], input=b"", capture_output=True, timeout=60, check=False)
    assert done.returncode == 5
    assert done.stdout == b""


FORWARDS = {
    "a local port": ["-L", "{port}:127.0.0.1:{ssh}"],
    "a proxy": ["-D", "{port}"],
    "a remote port": ["-R", "{port}:127.0.0.1:{ssh}"],
}


@pytest.mark.parametrize("kind", FORWARDS)
def test_forwarding_is_refused(restricted: Server, kind: str) -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [each.format(port=port, ssh=restricted.port) for each in FORWARDS[kind]]
    client = subprocess.Popen(
        restricted.command("visitor", "put", "slow.csv", options=options), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert not _answers(port, restricted, proxy=kind == "a proxy")
    finally:
        client.kill()
        client.communicate()


def _answers(port: int, server: Server, *, proxy: bool) -> bool:
    """Whether the forwarded port reaches the server, whose first word is its name."""
    for _ in range(30):
        with closing(socket.socket()) as asking, suppress(OSError):
            asking.settimeout(2)
            asking.connect(("127.0.0.1", port))
            if proxy:
                asking.sendall(
                    b"\x05\x01\x00" + b"\x05\x01\x00\x01\x7f\x00\x00\x01" + server.port.to_bytes(2, "big")
                )
            if b"SSH-2.0" in asking.recv(64) + asking.recv(64):
                return True
        time.sleep(0.05)
    return False


ENVIRONMENTS = {
    "Python's path": {"PYTHONPATH": "{folder}/evil"},
    "Python's start": {"PYTHONSTARTUP": "{folder}/evil/sitecustomize.py", "PYTHONINSPECT": "1"},
    "breakpoints": {"PYTHONBREAKPOINT": "os.system"},
    "another data folder": {"XDG_DATA_HOME": "{folder}/evil", "XDG_CONFIG_HOME": "{folder}/evil"},
    "another home": {"HOME": "{folder}/evil"},
    "another role": {"BALANCE_TUI_CLEAN": "1", "USER": "root", "LOGNAME": "root", "BALANCE_TUI_WORKSPACE": "/tmp"},
    "Textual's settings": {"TEXTUAL": "devtools", "TEXTUAL_DRIVER": "evil:Driver", "TEXTUAL_LOG": "{folder}/evil/log"},
    "an editor": {"EDITOR": "sh", "PAGER": "sh", "SHELL": "/bin/sh"},
}  # fmt: skip


@pytest.mark.parametrize("kind", ENVIRONMENTS)
def test_an_environment_of_the_client_changes_nothing(restricted: Server, kind: str) -> None:
    evil = restricted.folder / "evil"
    evil.mkdir(exist_ok=True)
    given = {
        name: value.replace("{folder}", str(restricted.folder)) for name, value in ENVIRONMENTS[kind].items()
    }
    options = [part for name, value in given.items() for part in ("-o", f"SetEnv={name}={value}")]
    done = restricted.run("visitor", "get", "none.csv", options=options)
    assert (done.returncode, done.stdout, b"XFER-NONE" in done.stderr) == (5, b"", True), done.stderr
    assert not list(evil.iterdir())


def test_a_broken_python_home_only_keeps_its_own_sender_out(restricted: Server) -> None:
    done = restricted.run("visitor", "get", "none.csv", options=["-o", "SetEnv=PYTHONHOME=/nowhere"])
    assert (done.returncode, done.stdout) == (1, b"")
    assert restricted.run("visitor", "get", "none.csv").returncode == 5
