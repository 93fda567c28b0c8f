"""`user`: who may do what, and with which keys they log in."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from ..errors import Refused, UsageError
from ..language import Text
from ..records.desk import Desk
from ..records.keys import authorized_lines, check_new, read_key
from ..records.roles import ROLES, Area
from ..records.sitting import default_place
from .assess import area_of, desk_of
from .frames import write_json


def run(options: argparse.Namespace) -> int:
    """One act of an administrator. Exit code 5 where it is refused."""
    acts: Mapping[str, Callable[[Desk, argparse.Namespace], None]] = {
        "add": _add, "list": _list, "grant": _grant, "revoke": _grant, "disable": _able, "enable": _able, "keys": _keys,
    }  # fmt: skip
    with desk_of(options) as desk:
        acts[options.action](desk, options)
    return 0


def _add(desk: Desk, options: argparse.Namespace) -> None:
    desk.require("user", Area())
    key = read_key(Path(options.key)) if options.key else None
    if key is not None:
        check_new(key, desk.state.users.values())
    if options.user not in desk.state.users:
        desk.add_user(options.user)
    elif key is None:
        what = Text(f"用户“{options.user}”已存在", f"the user '{options.user}' exists")
        raise Refused("REC-EXISTS", what)
    if key is not None:
        label = f"{len(desk.state.users[options.user].keys) + 1}"
        desk.put_key(options.user, label, key)
    print(f"{options.user}: {Text('已添加', 'added')}")


def _list(desk: Desk, options: argparse.Namespace) -> None:
    desk.require("user", Area())
    if getattr(options, "json", False):
        rows = [
            {"name": user.name, "disabled": user.disabled, "keys": len(user.keys),
             "grants": [{"role": grant.role, "area": asdict(grant.area)} for grant in desk.state.grants
                        if grant.user == user.name]}
            for user in desk.state.users.values()
        ]  # fmt: skip
        write_json({"users": rows}, sys.stdout)
        return
    for user in desk.state.users.values():
        grants = [
            f"{ROLES[grant.role]} {grant.area}" for grant in desk.state.grants if grant.user == user.name
        ]
        kept_out = f" ({Text('已停用', 'disabled')})" if user.disabled else ""
        print(f"{user.name}{kept_out}: {'; '.join(sorted(grants)) or Text('无授权', 'no role')}")


def _grant(desk: Desk, options: argparse.Namespace) -> None:
    area = area_of(options.area, options.school)
    desk.grant(options.user, options.role, area, revoke=options.action == "revoke")
    done = Text("已收回", "taken back") if options.action == "revoke" else Text("已授予", "granted")
    print(f"{options.user}: {ROLES[options.role]} {area} {done}")


def _able(desk: Desk, options: argparse.Namespace) -> None:
    if options.user not in desk.state.users:
        what = Text(f"没有用户“{options.user}”", f"there is no user '{options.user}'")
        raise UsageError("REC-USER", what)
    disabled = options.action == "disable"
    desk.add_user(options.user, disabled=disabled)
    print(f"{options.user}: {Text('已停用', 'disabled') if disabled else Text('已启用', 'enabled')}")


def _keys(desk: Desk, options: argparse.Namespace) -> None:
    desk.require("key", Area())
    place = getattr(options, "workspace", None) or default_place()
    where = place if "://" in place else str(Path(place).resolve())
    for _, line in authorized_lines(desk.state.users.values(), where):
        print(line)
