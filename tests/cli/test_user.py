"""`user` and `login` from the command line: who may come in, as whom, and with which key."""

from __future__ import annotations

import base64
import getpass
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from balance_tui.records.keys import fingerprint, read_key
from tests.contract.runner import Call, call

Run = Callable[..., Call]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    assert call("workspace", "new", "--workspace", tmp_path / "w").code == 0
    return tmp_path / "w"


@pytest.fixture
def run(place: Path) -> Run:
    return lambda *arguments: call("user", *arguments, "--workspace", place)


def key(folder: Path, name: str = "key.pub", kind: str = "ssh-ed25519", comment: str = "") -> Path:
    """A public key file that ssh-keygen might have made."""
    blob = struct.pack(">I", len(kind)) + kind.encode() + struct.pack(">I", 32) + os.urandom(32)
    path = folder / name
    path.write_text(f"{kind} {base64.b64encode(blob).decode()} {comment}\n", encoding="utf-8")
    return path


def test_users_their_roles_and_their_keys_are_listed(run: Run, tmp_path: Path) -> None:
    path = key(tmp_path)
    assert run("add", "li", "--key", path).code == 0
    assert run("grant", "li", "inspector", "--area", "某省/某市/某县").code == 0
    assert run("grant", "li", "viewer", "--area", "某省/某市/某县", "--school", "S1").code == 0
    users = {row["name"]: row for row in run("list", "--json").json["users"]}
    assert set(users) == {getpass.getuser(), "li"}
    assert set(users["li"]) == {"name", "disabled", "keys", "grants"}
    assert users["li"]["keys"] == [fingerprint(read_key(path))]
    assert users["li"]["keys"][0] in run("list").output
    county = {"province": "某省", "city": "某市", "county": "某县", "school": None}
    assert {"role": "inspector", "area": county} in users["li"]["grants"]
    assert {"role": "viewer", "area": county | {"school": "S1"}} in users["li"]["grants"]
    assert "li: " in run("list").output
    assert "督学 某省/某市/某县" in run("list").output


def test_a_role_that_was_taken_back_is_gone_and_a_disabled_user_has_no_line(
    run: Run, tmp_path: Path, place: Path
) -> None:
    run("add", "li", "--key", key(tmp_path, comment='x", command="sh'))
    run("grant", "li", "viewer")
    (line,) = run("keys").output.splitlines()
    assert line.startswith("restrict,pty,command=")
    assert f"login --restricted --user li --workspace {place}" in line
    assert line.endswith(" li")
    assert "sh" not in line.split(" ssh-ed25519 ")[0].split("ssh")[0].split("login")[1]
    assert run("revoke", "li", "viewer").code == 0
    assert run("disable", "li").code == 0
    assert run("keys").output == ""
    assert run("enable", "li").code == 0
    assert len(run("keys").output.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("add", "-x"), 2, "USAGE"), (("add", "a b"), 5, "REC-NAME"), (("add", "a;b"), 5, "REC-NAME"),
        (("add", "../a"), 5, "REC-NAME"), (("add", "a\nb"), 5, "REC-NAME"), (("add", ""), 5, "REC-NAME"),
        (("grant", "nobody", "viewer"), 5, "REC-USER"), (("grant", "li", "king"), 2, "USAGE"),
        (("grant", "li", "viewer", "--area", "//x"), 2, "AREA"), (("grant", "li", "viewer", "--school", "S"), 2, "AREA"),
        (("revoke", "li", "viewer"), 5, "REC-GRANT"), (("disable", "nobody"), 2, "REC-USER"), (("add", "li"), 5, "REC-EXISTS"),
        (("add", "wang", "--key", "nowhere.pub"), 2, "KEY-FILE"), ((), 2, "USAGE"),
        (("disable", getpass.getuser()), 5, "REC-LASTADMIN"), (("revoke", getpass.getuser(), "admin"), 5, "REC-LASTADMIN"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_told_by_code(
    run: Run, arguments: tuple[str, ...], code: int, said: str
) -> None:
    run("add", "li")
    before = run("list", "--json").json
    answer = run(*arguments)
    assert (answer.code, answer.errors.split(":")[0].split(" ")[0]) == (code, said)
    assert run("list", "--json").json == before


@pytest.mark.parametrize(
    "text", ["", "ssh-ed25519", "ssh-ed25519 AAAA", "-----BEGIN OPENSSH PRIVATE KEY-----\nx", "ssh-dss AAAA"]
)
def test_what_is_no_public_key_is_refused(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.pub").write_text(text, encoding="utf-8")
    answer = run("add", "li", "--key", tmp_path / "bad.pub")
    assert (answer.code, answer.errors.split(":")[0].split(" ")[0]) == (2, "KEY")


def test_a_key_lets_in_one_person_alone(run: Run, tmp_path: Path) -> None:
    path = key(tmp_path)
    assert run("add", "li", "--key", path).code == 0
    for user in ("wang", "li"):
        answer = run("add", user, "--key", path)
        assert (answer.code, answer.errors.split(":")[0]) == (5, "KEY-TAKEN")
    assert [row["name"] for row in run("list", "--json").json["users"]] == [getpass.getuser(), "li"]
    assert len(run("keys").output.splitlines()) == 1


def test_only_an_administrator_manages_users(run: Run) -> None:
    run("add", "li")
    run("grant", "li", "inspector")
    for arguments in (("add", "x"), ("grant", "li", "admin"), ("disable", "li"), ("list",), ("keys",)):
        answer = run(*arguments, "--as", "li")
        assert (answer.code, answer.errors.split(":")[0]) == (5, "REC-ROLE")


def login(
    place: Path, user: str, command: str, content: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """What sshd runs for a key of the user, with the command that the client asked for."""
    return subprocess.run(
        [sys.executable, "-m", "balance_tui", "login", "--restricted", "--user", user, "--workspace", str(place)],
        input=content, capture_output=True, check=False,
        env={**os.environ, "SSH_ORIGINAL_COMMAND": command, **environment},
    )  # fmt: skip


def test_one_file_comes_in_and_one_goes_out_by_role(run: Run, place: Path) -> None:
    run("add", "li")
    run("grant", "li", "reporter")
    assert login(place, "li", "put 数据.csv", b"a,b\n").returncode == 0
    assert (place / "inbox" / "数据.csv").read_bytes() == b"a,b\n"
    (place / "outbox" / "r.xlsx").write_bytes(b"report")
    assert login(place, "li", "get r.xlsx").stdout == b"report"
    own = place / "outbox" / "li"
    own.mkdir()
    (own / "r.xlsx").write_bytes(b"li's report")
    assert login(place, "li", "get r.xlsx").stdout == b"li's report"
    run("add", "wang")
    run("grant", "wang", "reporter", "--area", "某省/某市/某县")
    for name in ("r.xlsx", "li/r.xlsx"):
        kept = login(place, "wang", f"get {name}")
        assert (kept.returncode, kept.stdout) == (5, b""), "what is for others"
    run("add", "guest")
    for command in ("put x.csv", "get r.xlsx"):
        done = login(place, "guest", command, b"1")
        assert (done.returncode, done.stderr.split(b":")[0]) == (5, b"REC-ROLE")
    assert login(place, "nobody", "get r.xlsx").stderr.startswith(b"REC-USER")


@pytest.mark.parametrize(
    "command",
    [
        "sh",
        "put ../x.csv",
        "get /etc/passwd",
        "put x.sh",
        "put",
        "get a.csv b.csv",
        "put 'x.csv",
        "$(id)",
        "scp -t .",
        "put .x.csv",
    ],
)
def test_no_other_command_is_run(run: Run, place: Path, command: str) -> None:
    run("add", "li")
    run("grant", "li", "reporter")
    done = login(place, "li", command, b"1")
    assert done.returncode == 5
    assert b"Traceback" not in done.stderr
    assert not list((place / "inbox").iterdir())


def test_the_environment_of_the_client_changes_neither_user_nor_workspace(
    run: Run, place: Path, tmp_path: Path
) -> None:
    run("add", "li")
    run("grant", "li", "reporter")
    done = login(place, "li", "put x.csv", b"1", HOME=str(tmp_path), XDG_DATA_HOME=str(tmp_path), USER="root", LOGNAME="root",
                 BALANCE_TUI_PLUGINS=str(tmp_path), BALANCE_TUI_KEYMAP=str(tmp_path / "k"), TERM="x\x1b[31m")  # fmt: skip
    assert (done.returncode, done.stderr.decode()) == (0, "已收到 x.csv\n")
    assert (place / "inbox" / "x.csv").read_bytes() == b"1"
    assert {path.name for path in tmp_path.iterdir()} == {"w"}


def test_a_login_has_to_name_its_workspace() -> None:
    answer = call("login", "--restricted", "--user", "li")
    assert (answer.code, answer.errors.split(":")[0]) == (2, "USAGE")


def test_a_key_that_is_taken_away_lets_nobody_in_and_the_others_stay(run: Run, tmp_path: Path) -> None:
    paths = [key(tmp_path, f"{number}.pub") for number in range(4)]
    keys = [read_key(path) for path in paths]
    for path in paths[:3]:
        assert run("add", "li", "--key", path).code == 0
    assert run("take-key", "li", fingerprint(keys[0])).code == 0
    taken = run("take-key", "li", paths[2])
    assert (taken.code, "user keys" in taken.errors) == (0, True)
    assert run("add", "li", "--key", paths[3]).code == 0
    lines = run("keys").output.splitlines()
    assert [keys[1] in lines[0], keys[3] in lines[1], len(lines)] == [True, True, 2]
    assert run("add", "wang", "--key", paths[0]).code == 0, "another may have it now"
    for user, told, said in (
        ("li", fingerprint(keys[0]), (5, "KEY-NONE")), ("nobody", fingerprint(keys[1]), (5, "REC-USER")),
        ("li", tmp_path / "none.pub", (2, "KEY-FILE")), ("li", "SHA256:", (5, "KEY-NONE")),
    ):  # fmt: skip
        answer = run("take-key", user, told)
        assert (answer.code, answer.errors.split(":")[0].split(" ")[0]) == said
