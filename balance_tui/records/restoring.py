"""A backup becomes a workspace: in a new place only, checked first, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from contextlib import closing
from pathlib import Path

from ..errors import Place, Refused, readable
from ..language import Text
from .backing import check_whole
from .log import Head
from .placing import placed
from .sqlite_log import SqliteLog
from .troubles import told_of_disk


def restored(source: Path, target: Path) -> Head:
    """Make the workspace file `target` of a backup; its last event. Errors: REC-EXISTS where there is one, REC-NONE,
    REC-BACKUP where the source is no backup but a file in use, REC-DAMAGED, REC-IO, REC-FULL, those of `SqliteLog`."""
    if os.path.lexists(target):
        raise _there_already(target)
    part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        _check_closed(source)
        _copied(source, part)
        with closing(SqliteLog(part, migrating=True)) as copy:
            check_whole(copy)
            head = copy.head()
        placed(part, target)
    except FileExistsError as error:
        raise _there_already(target) from error
    except OSError as error:
        raise told_of_disk(error, target) from error
    finally:
        for end in ("", "-wal", "-shm", "-journal"):
            with contextlib.suppress(OSError):
                part.with_name(f"{part.name}{end}").unlink()
    return head


def _check_closed(source: Path) -> None:
    """Errors: REC-BACKUP where the last events of the source may stand in the journal beside it."""
    journals = [source.with_name(f"{source.name}{end}") for end in ("-wal", "-journal")]
    if any(journal.is_file() and journal.stat().st_size for journal in journals):
        raise Refused(
            "REC-BACKUP",
            Text("这是使用中的工作区文件, 最后的记录还在旁边的日志中",
                 "this is a workspace file in use: its last events stand in the journal beside it"),
            Text("请用 workspace backup 备份", "make a backup by workspace backup"), Place(readable(str(source))),
        )  # fmt: skip


def _copied(source: Path, part: Path) -> None:
    """A private copy, on disk when this returns. Errors: REC-NONE, REC-IO, `OSError`."""
    place = Place(readable(str(source)))
    try:
        file = source.open("rb")
    except FileNotFoundError as error:
        what = Text("没有此备份文件", "there is no such backup")
        raise Refused("REC-NONE", what, Text("请检查路径", "check the path"), place) from error
    except OSError as error:
        what = Text(f"备份读不出: {error.strerror}", f"the backup cannot be read: {error.strerror}")
        raise Refused("REC-IO", what, Text("请检查路径与权限", "check path and permission"), place) from error
    with file, os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy:
        shutil.copyfileobj(file, copy)
        copy.flush()
        os.fsync(copy.fileno())


def _there_already(target: Path) -> Refused:
    return Refused(
        "REC-EXISTS",
        Text(f"{target.parent} 已有工作区", f"{target.parent} has a workspace"),
        Text("请另选一个新的文件夹", "choose a new folder"),
    )
