"""Public keys and the lines of `authorized_keys`: one service account, a forced command for each person's key."""

from __future__ import annotations

import base64
import binascii
import re
import shlex
from pathlib import Path

from ..errors import Place, UsageError
from ..language import Text

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
    if "PRIVATE KEY" in text:
        raise _wrong(
            "KEY", Text("这是私钥, 不要交给任何人", "this is a private key; give it to nobody"), path
        )
    keys = _of_putty(text) if text.startswith("---- BEGIN SSH2") else _of_openssh(text)
    if len(keys) != 1:
        raise _wrong(
            "KEY", Text("文件中须有一个 OpenSSH 公钥", "one OpenSSH public key is expected in the file"), path
        )
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
    """The line of `authorized_keys` that lets a key in as a user, and as nothing else. Errors: KEY-NAME."""
    if not _NAME.fullmatch(user):
        raise UsageError(
            "KEY-NAME",
            Text(f"用户名“{user}”不能用于登录", f"the user name '{user}' cannot log in"),
            Text(
                "只用字母、汉字、数字、点、横线、下划线", "letters, digits, dots, dashes and underscores only"
            ),
        )
    command = f"{program} login --restricted --user {shlex.quote(user)} --workspace {shlex.quote(workspace)}"
    quoted = command.replace("\\", "\\\\").replace('"', '\\"')
    return f'restrict,pty,command="{quoted}" {key} {user}'


def _wrong(code: str, what: Text, path: Path) -> UsageError:
    return UsageError(code, what, Text("用 ssh-keygen 或 PuTTYgen 导出公钥", "export the public key with ssh-keygen or PuTTYgen"),
                      Place(str(path)))  # fmt: skip
