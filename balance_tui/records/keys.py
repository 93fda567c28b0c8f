"""Public keys and the lines of `authorized_keys`: one service account, a forced command for each person's key."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import shlex
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import Place, Refused, UsageError
from ..language import Text
from .troubles import split_password

if TYPE_CHECKING:
    from .state import User

KINDS = (
    "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa",
    "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
)  # fmt: skip
_NAME = re.compile(r"[\w.@-]{1,64}")


def read_key(path: Path) -> str:
    """The one public key in a file, as `kind base64`: its comment and any options are left out, so that nothing in
    the file can change what the forced command says. Also the format of PuTTY (RFC 4716). Errors: KEY-FILE, KEY."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong("KEY-FILE", Text("密钥文件读不出", "the key file cannot be read"), path) from error
    return key_in(text, path)


def key_in(text: str, path: Path | None = None) -> str:
    """The one public key in a text, as `read_key` gives it; `path` is where the text stands. Errors: KEY."""
    if "PRIVATE KEY" in text or text.startswith("PuTTY-User-Key-File"):
        raise _wrong(
            "KEY", Text("这是私钥, 不要交给任何人", "this is a private key; give it to nobody"), path
        )
    keys = _of_putty(text) if text.startswith("---- BEGIN SSH2") else _of_openssh(text)
    if len(keys) != 1:
        raise _wrong("KEY", Text("须为一个 OpenSSH 公钥", "one OpenSSH public key is expected"), path)
    return keys[0]


def _of_openssh(text: str) -> list[str]:
    found = []
    for line in text.splitlines():
        words = line.split()
        if len(words) >= 2 and words[0] in KINDS and _kind(words[1]) == words[0]:
            found.append(f"{words[0]} {words[1]}")
    return found


def _of_putty(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if ":" not in line and not line.startswith("----")]
    content = "".join(lines)
    kind = _kind(content)
    return [f"{kind} {content}"] if kind in KINDS else []


def _kind(content: str) -> str | None:
    """The kind of key that its own bytes name; None where they are no key."""
    try:
        raw = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        return None
    length = int.from_bytes(raw[:4], "big")
    return (
        raw[4 : 4 + length].decode("ascii", "replace") if 0 < length <= 64 and len(raw) > 4 + length else None
    )


def authorized_line(user: str, workspace: str, key: str, *, program: str = "balance-tui") -> str:
    """The line of `authorized_keys` that lets a key in as a user, and as nothing else; without the password of a
    database. Errors: KEY-NAME."""
    if not _NAME.fullmatch(user):
        raise UsageError(
            "KEY-NAME",
            Text(f"用户名“{user}”不能用于登录", f"the user name '{user}' cannot log in"),
            Text(
                "只用字母、汉字、数字、点、横线、下划线", "letters, digits, dots, dashes and underscores only"
            ),
        )
    # whoever reads the file or the list of processes would read it: the account's own ~/.pgpass is the place for it
    shown = split_password(workspace)[0] if "://" in workspace else workspace
    command = f"{program} login --restricted --user {shlex.quote(user)} --workspace {shlex.quote(shown)}"
    quoted = command.replace("\\", "\\\\").replace('"', '\\"')
    return f'restrict,pty,command="{quoted}" {key} {user}'


def authorized_lines(users: Iterable[User], workspace: str) -> Iterator[tuple[str, str]]:
    """(user, line) for every key of those who are not kept out. Errors: KEY-NAME."""
    for user in users:
        if not user.disabled:
            for key in user.keys.values():
                yield user.name, authorized_line(user.name, workspace, key, program=shlex.quote(_program()))


def _program() -> str:
    """The program as a forced command calls it: the one that runs now, by its whole path, else the one beside its
    Python."""
    started, beside = Path(sys.argv[0]), Path(sys.executable).with_name("balance-tui")
    if started.name == "balance-tui":
        return str(started.resolve())
    return str(beside) if beside.is_file() else "balance-tui"


def fingerprint(key: str) -> str:
    """How a key is told apart, as `ssh-keygen -l` does: SHA-256 of its bytes in base64.

    >>> fingerprint("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMw5vmoS1aLYZYNzok6UiB9KPGbxCRk0eSEoPddWWuYR")
    'SHA256:RdC0yan2ITUHVvFWnWkmmTyQR9U8nvNa0ZSS/PhK3jo'
    """
    try:
        content = base64.b64decode(key.split()[1], validate=True)
    except (IndexError, ValueError):
        content = key.encode()  # a log that something else wrote
    digest = hashlib.sha256(content).digest()
    return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"


def check_new(key: str, users: Iterable[User]) -> None:
    """Errors: KEY-TAKEN where somebody logs in with a key already: the server takes the first line that has it, and what
    the second person did would stand in the records under the name of the first."""
    owner = next((user.name for user in users if key in user.keys.values()), None)
    if owner is not None:
        raise Refused(
            "KEY-TAKEN", Text(f"“{owner}”已用这把公钥登录", f"'{owner}' logs in with this key already"),
            Text("每人须有自己的密钥", "each person needs a key of their own"),
        )  # fmt: skip


def _wrong(code: str, what: Text, path: Path | None) -> UsageError:
    return UsageError(code, what, Text("用 ssh-keygen 或 PuTTYgen 导出公钥", "export the public key with ssh-keygen or PuTTYgen"),
                      None if path is None else Place(str(path)))  # fmt: skip
