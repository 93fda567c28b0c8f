"""`user`: who may do what, and with which keys they log in."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import polars as pl

from ..errors import BalanceError, Refused, UsageError, visible
from ..language import Text
from ..records.desk import Desk
from ..records.keys import authorized_lines, check_new, fingerprint, read_key
from ..records.office import open_file
from ..records.roles import ROLES, Area
from ..records.sitting import default_place
from ..records.state import Assessment
from .assess import area_of, desk_of
from .frames import write_json


def run(options: argparse.Namespace) -> int:
    """One act of an administrator. Exit code 5 where it is refused."""
    acts: Mapping[str, Callable[[Desk, argparse.Namespace], None]] = {
        "add": _add, "list": _list, "grant": _grant, "revoke": _grant, "disable": _able, "enable": _able, "keys": _keys,
        "take-key": _take_key,
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
        desk.add_key(options.user, key)
    print(f"{options.user}: {Text('已添加', 'added')}")


def _list(desk: Desk, options: argparse.Namespace) -> None:
    desk.require("user", Area())
    if getattr(options, "json", False):
        rows = [
            {"name": user.name, "disabled": user.disabled, "keys": [fingerprint(key) for key in user.keys.values()],
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
        for key in user.keys.values():
            print(f"  {fingerprint(key)} {key.split()[0]}")


def _grant(desk: Desk, options: argparse.Namespace) -> None:
    area = area_of(options.area, options.school)
    desk.grant(options.user, options.role, area, revoke=options.action == "revoke")
    done = Text("已收回", "taken back") if options.action == "revoke" else Text("已授予", "granted")
    print(f"{options.user}: {ROLES[options.role]} {area} {done}")
    if options.action == "grant" and (doubt := _doubt(desk, area)):
        print(visible(str(doubt)), file=sys.stderr)


def _doubt(desk: Desk, area: Area) -> Text | None:
    """What is said of a grant in an area or a school that no assessment has; before there is any, nothing is."""
    every = [one for one in desk.state.assessments.values() if desk.may("read", one.area)]
    there = [one for one in every if _meet(one.area, area)]
    if every and not there:
        return Text(f"注意: 没有评估在 {area} 之内", f"note: no assessment lies in {area}")
    schools = _schools_of(desk, there) if area.school is not None else None
    if schools is None or area.school in schools["school_id"]:
        return None
    ids = schools.filter(pl.col("school") == area.school)["school_id"].to_list()
    hint = Text(f", 其标识码为 {', '.join(ids)}", f"; its id is {', '.join(ids)}") if ids else Text("", "")
    return Text(
        f"注意: 评估的数据中没有标识码为“{area.school}”的学校{hint.zh}",
        f"note: no assessment has a school of the id '{area.school}'{hint.en}",
    )


def _meet(one: Area, other: Area) -> bool:
    """Whether two areas have anything in common, schools aside."""
    pairs = ((one.province, other.province), (one.city, other.city), (one.county, other.county))
    return all(None in pair or pair[0] == pair[1] for pair in pairs)


def _schools_of(desk: Desk, there: Sequence[Assessment]) -> pl.DataFrame | None:
    """Ids and names of the schools in the data of assessments; None where no data can be read."""
    found: list[pl.DataFrame] = []
    for one in there:
        with contextlib.suppress(BalanceError):
            sections = open_file(desk, one.id).data.sections
            found.append(sections.select("school_id", "school").unique(maintain_order=True))
    return pl.concat(found).unique(maintain_order=True).drop_nulls("school_id") if found else None


def _able(desk: Desk, options: argparse.Namespace) -> None:
    if options.user not in desk.state.users:
        what = Text(f"没有用户“{options.user}”", f"there is no user '{options.user}'")
        raise UsageError("REC-USER", what)
    disabled = options.action == "disable"
    desk.add_user(options.user, disabled=disabled)
    print(f"{options.user}: {Text('已停用', 'disabled') if disabled else Text('已启用', 'enabled')}")


def _take_key(desk: Desk, options: argparse.Namespace) -> None:
    told = options.key if options.key.startswith("SHA256:") else read_key(Path(options.key))
    desk.take_key(options.user, told)
    print(f"{options.user}: {Text('密钥已收回', 'the key was taken away')}")
    again = Text(
        "现在请重新写出登录行 (user keys)", "now write the lines of authorized_keys again (user keys)"
    )
    print(again, file=sys.stderr)


def _keys(desk: Desk, options: argparse.Namespace) -> None:
    desk.require("key", Area())
    place = getattr(options, "workspace", None) or default_place()
    where = place if "://" in place else str(Path(place).resolve())
    for _, line in authorized_lines(desk.state.users.values(), where):
        print(line)
