"""`workspace`: what an administrator does to the whole."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from ..errors import Refused, UsageError, readable
from ..language import Text
from ..records.backing import backed_up, is_whole_by_itself
from ..records.restoring import restored
from ..records.roles import Area
from ..records.sitting import default_place
from ..records.sqlite_layout import FORMAT
from ..records.sqlite_log import SqliteLog
from ..records.workspace import FILE, is_url, make_folders, shown_place
from .assess import desk_of
from .frames import write_json

Told = dict[str, object]

_LABELS: Mapping[str, Text] = {
    "workspace": Text("工作区", "workspace"), "administrator": Text("管理员", "administrator"),
    "events": Text("记录数", "events"), "head": Text("末条校验值", "head"), "assessments": Text("评估", "assessments"),
    "users": Text("用户", "users"), "backup": Text("备份", "backup"), "format": Text("格式", "format"),
    "from": Text("原格式", "from"), "time": Text("时间", "time"),
}  # fmt: skip
_PLAIN_COPY = Text(
    "这不是 workspace backup 所作的备份: 直接拷贝的文件可能缺少最后的记录, 请把记录数和末条校验值与抄存的比较",
    "this was not made by workspace backup: a file that was just copied may lack its last events; "
    "compare their number and the head with those kept elsewhere",
)


def run(options: argparse.Namespace) -> int:
    """One act. Exit code 5 where it is refused."""
    acts: Mapping[str, Callable[[argparse.Namespace], Told]] = {
        "new": _new, "info": _info, "backup": _backup, "restore": _restore, "migrate": _migrate,
        "clock": _clock,
    }  # fmt: skip
    told = acts[options.action](options)
    if getattr(options, "json", False):
        write_json(told, sys.stdout)
    else:
        for name, value in told.items():
            print(f"{_LABELS[name]}: {value}")
    return 0


def place_of(options: argparse.Namespace) -> str:
    """The workspace that is meant."""
    return getattr(options, "workspace", None) or default_place()


def _new(options: argparse.Namespace) -> Told:
    if getattr(options, "as_user", None):
        what = Text("新建者即首任管理员", "who makes a workspace is its first administrator")
        raise UsageError("REC-AS", what, Text("请去掉 --as", "leave --as out"))
    with desk_of(options, create=True) as desk:
        if not any(event.connection == desk.connection for event in desk.log.since(0)):
            raise _there_already(shown_place(place_of(options)))
        return {"workspace": shown_place(place_of(options)), "administrator": desk.actor}


def _info(options: argparse.Namespace) -> Told:
    with desk_of(options) as desk:
        desk.require_any("read")
        head = desk.log.head()
        return {
            "workspace": shown_place(place_of(options)), "events": head.sequence, "head": head.hash,
            "assessments": len(desk.state.assessments), "users": len(desk.state.users),
        }  # fmt: skip


def _backup(options: argparse.Namespace) -> Told:
    target = Path(options.file)
    with desk_of(options) as desk:
        desk.require("backup", Area())
        head = backed_up(desk.log, target)
    return {"backup": readable(str(target)), "events": head.sequence, "head": head.hash}


def _clock(options: argparse.Namespace) -> Told:
    with desk_of(options) as desk:
        event = desk.accept_clock(options.reason)
        return {"events": event.sequence, "time": event.time}


def _restore(options: argparse.Namespace) -> Told:
    """A backup becomes a workspace where there is none: it is checked first, and never put over another."""
    if is_url(place_of(options)):
        what = Text("备份只能恢复到文件夹", "a backup can be restored into a folder only")
        raise UsageError("REC-BACKUP", what, Text("--workspace 写一个文件夹", "name a folder by --workspace"))
    folder = Path(place_of(options))
    make_folders(folder)
    source = Path(options.file)
    head = restored(source, folder / FILE)
    if not is_whole_by_itself(source):
        print(_PLAIN_COPY, file=sys.stderr)
    return {"workspace": readable(str(folder)), "events": head.sequence, "head": head.hash}


def _migrate(options: argparse.Namespace) -> Told:
    """The file is brought up to date by whoever owns it: no desk can be made at an older one."""
    place = place_of(options)
    if is_url(place):
        with desk_of(options) as desk:
            return {"workspace": shown_place(place), "format": FORMAT, "events": desk.log.head().sequence}
    path = Path(place) / FILE
    day = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S")
    keep = path.with_name(f"{FILE}.{day}.bak")
    with closing(SqliteLog(path, migrating=True)) as log:
        before = log.migrate(keep)
        told: Told = {"workspace": readable(place), "format": FORMAT, "events": log.head().sequence}
    return told if before == FORMAT else {**told, "from": before, "backup": readable(str(keep))}


def _there_already(place: str) -> Refused:
    return Refused(
        "REC-EXISTS",
        Text(f"{place} 已有工作区", f"{place} has a workspace"),
        Text("请另选一个新的文件夹", "choose a new folder"),
    )
