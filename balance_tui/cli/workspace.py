"""`workspace`: what an administrator does to the whole."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from ..errors import Refused
from ..language import Text
from ..records.roles import Area
from ..records.sitting import default_place, sit_down
from ..records.sqlite_log import SqliteLog
from ..records.workspace import FILE, make_folders
from .assess import desk_of
from .frames import write_json


def run(options: argparse.Namespace) -> int:
    """One act. Exit code 5 where it is refused."""
    acts: Mapping[str, Callable[[argparse.Namespace], None]] = {
        "new": _new, "info": _info, "backup": _backup, "restore": _restore, "migrate": _migrate,
    }  # fmt: skip
    acts[options.action](options)
    return 0


def place_of(options: argparse.Namespace) -> str:
    """The workspace that is meant."""
    return getattr(options, "workspace", None) or default_place()


def _new(options: argparse.Namespace) -> None:
    desk = sit_down(place_of(options), create=True)
    print(
        f"{place_of(options)}: {Text('工作区已就绪, 管理员', 'the workspace is ready; administrator')} {desk.actor}"
    )
    desk.log.close()


def _info(options: argparse.Namespace) -> None:
    with desk_of(options) as desk:
        head = desk.log.head()
        told = {
            "workspace": place_of(options), "events": head.sequence, "head": head.hash,
            "assessments": len(desk.state.assessments), "users": len(desk.state.users),
        }  # fmt: skip
    if getattr(options, "json", False):
        write_json(told, sys.stdout)
        return
    for name, value in told.items():
        print(f"{name:<12} {value}")


def _backup(options: argparse.Namespace) -> None:
    with desk_of(options) as desk:
        desk.require("backup", Area())
        if not isinstance(desk.log, SqliteLog):
            raise Refused(
                "REC-BACKUP", Text("PostgreSQL 工作区请用 pg_dump 备份", "back up a workspace on PostgreSQL with pg_dump")
            )  # fmt: skip
        desk.log.backup(Path(options.file))
        head = desk.log.head()
    print(f"{options.file}: {head.sequence} {head.hash}")


def _restore(options: argparse.Namespace) -> None:
    """A backup becomes a workspace where there is none: it is checked first, and never put over another."""
    copy = SqliteLog(Path(options.file))
    flaws, head = copy.verify(), copy.head()
    copy.close()
    if flaws:
        what = Text(f"备份已损坏: {flaws[0].what.zh}", f"the backup is damaged: {flaws[0].what.en}")
        raise Refused("REC-DAMAGED", what, Text("请用另一份备份", "use another backup"))
    folder = Path(place_of(options))
    if (folder / FILE).exists():
        raise Refused(
            "REC-EXISTS",
            Text(f"{folder} 已有工作区", f"{folder} has a workspace"),
            Text(
                "请恢复到新的文件夹, 核对后再换用",
                "restore into a new folder, look at it, then put it in place",
            ),
        )
    make_folders(folder)
    part = folder / f"{FILE}.part"
    shutil.copyfile(options.file, part)
    part.chmod(0o600)
    part.rename(folder / FILE)
    print(f"{folder}: {head.sequence} {head.hash}")


def _migrate(options: argparse.Namespace) -> None:
    with desk_of(options) as desk:
        print(
            Text(
                f"已是当前格式, {desk.log.head().sequence} 条记录",
                f"up to date, {desk.log.head().sequence} events",
            )
        )
