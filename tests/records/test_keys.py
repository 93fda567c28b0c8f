"""Public keys are read for what they are, and their line lets in one user and nothing else."""

from __future__ import annotations

import base64
import shlex
import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance_tui.errors import UsageError
from balance_tui.records.keys import KINDS, authorized_line, fingerprint, read_key


def blob(kind: str) -> str:
    return base64.b64encode(struct.pack(">I", len(kind)) + kind.encode() + bytes(40)).decode()


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_of_openssh_or_putty_is_its_kind_and_bytes_alone(tmp_path: Path, kind: str) -> None:
    path, content = tmp_path / "key.pub", blob(kind)
    putty = f'---- BEGIN SSH2 PUBLIC KEY ----\nComment: "li"\n{content[:40]}\n{content[40:]}\n---- END SSH2 PUBLIC KEY ----\n'
    for text in (
        f"{kind} {content}",
        f'{kind} {content} li@host", command="sh\n',
        f"# mine\n{kind} {content}\n",
        putty,
    ):
        path.write_text(text, encoding="utf-8")
        assert read_key(path) == f"{kind} {content}"


def test_options_before_a_key_two_keys_or_a_kind_that_lies_are_refused(tmp_path: Path) -> None:
    path, content = tmp_path / "key.pub", blob("ssh-ed25519")
    for text in (
        f'command="sh" ssh-ed25519 {content}', f"ssh-ed25519 {content}\nssh-ed25519 {content}", f"ssh-rsa {content}",
        f"ssh-ed25519 {content[:-9]}!!!!", "ssh-ed25519", "-----BEGIN OPENSSH PRIVATE KEY-----", "PuTTY-User-Key-File-3",
    ):  # fmt: skip
        path.write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match="KEY"):
            read_key(path)
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="KEY-FILE"):
        read_key(path)


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="no ssh-keygen")
@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_a_fingerprint_is_what_ssh_keygen_says(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", path], check=True)
    told = subprocess.run(["ssh-keygen", "-lf", path], check=True, capture_output=True, text=True).stdout
    assert fingerprint(read_key(Path(f"{path}.pub"))) == told.split()[1]


@given(place=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40))
def test_the_command_of_a_line_names_the_user_and_the_workspace_whatever_that_is_called(place: str) -> None:
    line = authorized_line("督学-1", place, f"ssh-ed25519 {blob('ssh-ed25519')}")
    assert line.startswith('restrict,pty,command="')
    command, key = line.removeprefix('restrict,pty,command="').rsplit('" ssh-ed25519 ', 1)
    words = shlex.split(command.replace('\\"', '"').replace("\\\\", "\\"))
    assert words == ["balance-tui", "login", "--restricted", "--user", "督学-1", "--workspace", place]
    assert key.endswith(" 督学-1")


@pytest.mark.parametrize("user", ["a b", 'a"', "a\nb", "", "a;b", "$(a)"])
def test_a_name_that_could_break_the_line_has_none(user: str) -> None:
    with pytest.raises(UsageError, match="KEY-NAME"):
        authorized_line(user, "/w", "ssh-ed25519 AAAA")
