"""`login`: what a forced SSH command runs. One user, one workspace, no way out of the program.

Only what is known to be harmless of the client's environment is taken over; everything else is left behind before
anything of the program is loaded.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from ..errors import Refused, UsageError, visible
from ..language import Text
from .secrecy import PASSWORD, without_password

KEPT = ("TERM", "COLORTERM", "LANG", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "SSH_CONNECTION", "SSH_ORIGINAL_COMMAND",
        "SSH_TTY", "TZ", "LINES", "COLUMNS")  # fmt: skip
"""What is taken over of the environment that the client, or the server's configuration, may have set."""
CLEAN = "BALANCE_TUI_CLEAN"
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:@+/ ")


def run(options: argparse.Namespace) -> int:
    """Log a user in: the app, or one `put` or `get`. Errors: REC-USER, LOGIN-COMMAND, those of transfer."""
    place = getattr(options, "workspace", None)
    if place is None:
        what = Text("请写明 --workspace", "say --workspace")
        raise UsageError("USAGE", what, Text("见 user keys 给出的一行", "see the line that user keys gives"))
    if os.environ.get(CLEAN) != str(os.getpid()):
        _again(options, place)
    os.environ.pop(CLEAN, None)
    os.umask(0o077)
    from ..records.sitting import sit_down_as
    from ..records.workspace import folder_of

    desk = sit_down_as(place, options.user)
    try:
        command = os.environ.pop("SSH_ORIGINAL_COMMAND", None)
        if command is not None:
            return _carry(desk, folder_of(place), command)
        from ..tui.launch import open_workspace

        return int(open_workspace(desk, place, restricted=options.restricted))
    finally:
        desk.log.close()


def _again(options: argparse.Namespace, place: str) -> None:
    """Start anew, by the same Python, without anything the client may have put into the environment. The password of a
    database goes the way that the list of processes does not show."""
    shown, password = without_password([place])
    command = [
        sys.executable,
        "-I",
        "-m",
        "balance_tui",
        "login",
        "--user",
        options.user,
        "--workspace",
        *shown,
    ]
    if options.restricted:
        command.append("--restricted")
    from ..tui.terminal import as_started

    # What Python itself put there would hide from the program that the terminal has another encoding.
    environment = clean(as_started()) | {CLEAN: str(os.getpid())}
    if password is not None:
        environment[PASSWORD] = password
    sys.stdout.flush()
    os.execve(sys.executable, command, environment)


def clean(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment a login runs in: what is kept and plain, and where the account lives."""
    import pwd

    account = pwd.getpwuid(os.geteuid())
    kept = {
        name: value for name, value in environment.items()
        if name in KEPT and (name == "SSH_ORIGINAL_COMMAND" or len(value) < 200 and _PLAIN.issuperset(value))
    }  # fmt: skip
    return {**kept, "HOME": account.pw_dir, "USER": account.pw_name, "LOGNAME": account.pw_name,
            "PATH": "/usr/local/bin:/usr/bin:/bin"}  # fmt: skip


def _carry(desk: object, folder: Path, command: str) -> int:
    """`put NAME` or `get NAME`; nothing else is a command."""
    from ..records.desk import Desk
    from ..records.roles import Area
    from ..records.transfer import OUTBOX, get, has_own, outbox_of, put

    assert isinstance(desk, Desk)
    try:
        words = shlex.split(command)
    except ValueError:
        words = []
    if len(words) != 2 or words[0] not in ("put", "get"):
        raise Refused(
            "LOGIN-COMMAND",
            Text(f"不能执行“{visible(command)[:60]}”", f"'{visible(command)[:60]}' cannot be run"),
            Text("只有 put 文件名 与 get 文件名", "there are put NAME and get NAME only"),
        )
    desk.require_any("import" if words[0] == "put" else "export")
    if words[0] == "put":
        path = put(folder, words[1], sys.stdin.buffer)
        print(Text(f"已收到 {path.name}", f"received {path.name}"), file=sys.stderr)
        return 0
    own = has_own(folder, desk.actor, words[1])
    if not own:
        desk.require("export", Area())
    get(folder, words[1], sys.stdout.buffer, outbox_of(desk.actor) if own else OUTBOX)
    return 0
