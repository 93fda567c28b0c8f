"""`workspace`: what an administrator does to the whole."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from ..errors import Place, Refused, UsageError, readable
from ..language import Text
from ..records.placing import placed
from ..records.roles import Area
from ..records.sitting import default_place
from ..records.sqlite_layout import FORMAT
from ..records.sqlite_log import SqliteLog
from ..records.workspace import FILE, is_url, make_folders, shown_place
from .assess import desk_of
from .frames import write_json

Told = dict[str, object]


def run(options: argparse.Namespace) -> int:
    """One act. Exit code 5 where it is refused."""
    acts: Mapping[str, Callable[[argparse.Namespace], Told]] = {
        "new": _new, "info": _info, "backup": _backup, "restore": _restore, "migrate": _migrate,
    }  # fmt: skip
    told = acts[options.action](options)
    if getattr(options, "json", False):
        write_json(told, sys.stdout)
    else:
        for name, value in told.items():
            print(f"{name:<14} {value}")
    return 0


def place_of(options: argparse.Namespace) -> str:
    """The workspace that is meant."""
    return getattr(options, "workspace", None) or default_place()


def _new(options: argparse.Namespace) -> Told:
    if getattr(options, "as_user", None):
        what = Text("新建者即首任管理员", "who makes a workspace is its first administrator")
        raise UsageError("REC-AS", what, Text("请去掉 --as", "leave --as out"))
    with desk_of(options, create=True) as desk:
        if desk.state.head.sequence > 2:
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
        if not isinstance(desk.log, SqliteLog):
            raise Refused(
                "REC-BACKUP", Text("PostgreSQL 工作区不由本程序备份", "this program does not back up PostgreSQL"),
                Text("请用 pg_dump", "use pg_dump"),
            )  # fmt: skip
        desk.log.backup(target)
    with closing(SqliteLog(target)) as copy:
        _check_whole(copy)
        head = copy.head()
    return {"backup": readable(str(target)), "events": head.sequence, "head": head.hash}


def _restore(options: argparse.Namespace) -> Told:
    """A backup becomes a workspace where there is none: it is checked first, and never put over another."""
    if is_url(place_of(options)):
        what = Text("备份只能恢复到文件夹", "a backup can be restored into a folder only")
        raise UsageError("REC-BACKUP", what, Text("--workspace 写一个文件夹", "name a folder by --workspace"))
    folder = Path(place_of(options))
    if (folder / FILE).exists():
        raise _there_already(str(folder))
    make_folders(folder)
    part = folder / f"{FILE}.part"
    try:
        _copied(Path(options.file), part)
        with closing(SqliteLog(part, migrating=True)) as copy:
            _check_whole(copy)
            head = copy.head()
        placed(part, folder / FILE)
    except FileExistsError as error:
        raise _there_already(str(folder)) from error
    finally:
        for path in folder.glob(f"{FILE}.part*"):
            path.unlink()
    return {"workspace": readable(str(folder)), "events": head.sequence, "head": head.hash}


def _copied(source: Path, part: Path) -> None:
    """A private copy, on disk when this returns. Errors: REC-NONE, REC-IO."""
    try:
        with source.open("rb") as file, part.open("xb") as copy:
            part.chmod(0o600)
            shutil.copyfileobj(file, copy)
            copy.flush()
            os.fsync(copy.fileno())
    except FileNotFoundError as error:
        raise Refused(
            "REC-NONE", Text("没有此备份文件", "there is no such backup"), Text("请检查路径", "check the path"),
            Place(readable(str(source))),
        ) from error  # fmt: skip
    except OSError as error:
        raise Refused(
            "REC-IO", Text(f"备份不能复制: {error.strerror}", f"the backup cannot be copied: {error.strerror}"),
            Text("请检查权限与磁盘空间", "check permissions and free space"), Place(readable(str(source))),
        ) from error  # fmt: skip


def _check_whole(copy: SqliteLog) -> None:
    flaws = copy.verify()
    if flaws:
        what = Text(f"备份已损坏: {flaws[0].what.zh}", f"the backup is damaged: {flaws[0].what.en}")
        raise Refused("REC-DAMAGED", what, Text("请用另一份备份", "use another backup"))


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
