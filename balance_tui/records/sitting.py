"""Who sits down at which workspace: the operating-system user, or the name in a forced SSH command."""

from __future__ import annotations

import os
import pwd
import secrets
import socket
from pathlib import Path

import platformdirs

from ..errors import Refused
from ..language import Text
from .desk import Desk
from .roles import Area
from .workspace import open_log


def default_place() -> str:
    """The workspace of a user who names none."""
    return str(Path(platformdirs.user_data_dir("balance_tui", appauthor=False)) / "workspace")


def system_user() -> str:
    """The name of the operating-system user this process runs as, whatever its environment says."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"uid{os.geteuid()}"


def sit_down(place: str | None, *, named: str | None = None, create: bool = False) -> Desk:
    """The desk of the operating-system user at a workspace. `named` is another user, whom only an administrator may
    stand in for; `create` makes the workspace where there is none, with the user as its first administrator.
    Errors: `Refused`, codes REC-..."""
    log = open_log(place or default_place(), create=create)
    try:
        desk = Desk(log, system_user(), connection_name())
        if create and not desk.state.head.sequence:
            desk.first_admin()
        if named is not None and named != desk.actor:
            desk = _instead(desk, named)
    except BaseException:
        log.close()
        raise
    return desk


def sit_down_as(place: str, user: str) -> Desk:
    """The desk of a user whom a forced SSH command names. Errors: REC-USER where the workspace does not know them, or
    keeps them out."""
    log = open_log(place)
    desk = Desk(log, user, connection_name())
    known = desk.state.users.get(user)
    if known is None or known.disabled:
        log.close()
        raise Refused(
            "REC-USER",
            Text(f"“{user}”不能使用此工作区", f"'{user}' may not use this workspace"),
            Text("请联系管理员", "ask an administrator"),
        )
    return desk


def _instead(desk: Desk, named: str) -> Desk:
    if not desk.may("user", Area()):
        raise Refused(
            "REC-AS",
            Text("只有管理员可以代他人操作", "only an administrator may act for somebody else"),
            Text("请用自己的账号", "use your own account"),
        )
    if named not in desk.state.users:
        what = Text(f"没有用户“{named}”", f"there is no user '{named}'")
        raise Refused("REC-USER", what, Text("先 user add", "user add first"))
    return Desk(desk.log, named, f"{desk.connection} {desk.actor}")


def connection_name() -> str:
    """What names this sitting in every event: host, where the line comes from, process, and a random part."""
    line = os.environ.get("SSH_CONNECTION", "").split()
    origin = f" {line[0]}" if line else ""
    return f"{socket.gethostname()}{origin} {os.getpid()} {secrets.token_hex(4)}"
