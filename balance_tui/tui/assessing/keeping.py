"""The workspace as a whole: where it lies, the files of its folders, and backing it up while it is in use."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...errors import Place, Refused, UsageError, readable, visible
from ...language import Text
from ...paths import file_at, full_path
from ...records.backing import backed_up
from ...records.refusals import check_name
from ...records.roles import Area
from ...records.transfer import outbox_of
from ...records.workspace import folder_of, open_log
from .errands import Made, begin, finished

if TYPE_CHECKING:
    from ...reading import Progress
    from ..app import BalanceApp
    from .errands import Errand
    from .session import Session

BACKUPS, INBOX = "backups", "inbox"
"""Folders of the workspace: its own backups, what came in."""
TITLE = Text("备份工作区", "back up the workspace")
_ASKED = Text("备份文件名:", "name of the backup:")
_ASKED_ANYWHERE = Text("备份文件名 (含 / 为路径):", "name of the backup (a path with a /):")
_MEGA = 2**20


def place_of(session: Session) -> str:
    """The workspace as `--workspace` names it: its folder in full, or its address."""
    url = getattr(session.desk.log, "url", None)
    return url if isinstance(url, str) else str(_own(session).resolve())


def _own(session: Session) -> Path:
    path = getattr(session.desk.log, "path", None)
    return session.folder or (path.parent if isinstance(path, Path) else Path())


def folder_of_files(session: Session) -> Path:
    """Where the folders of the workspace are; of one on a server, beside the user's data."""
    return folder_of(place_of(session))


def outbox(session: Session) -> Path:
    """The folder of what goes out for whoever sits here. Errors: REC-OPEN, XFER-NAME."""
    return folder_in(session, outbox_of(session.desk.actor))


def folder_in(session: Session, name: str) -> Path:
    """A folder of the workspace, made where there is none. Errors: REC-OPEN."""
    folder = folder_of_files(session) / name
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(
            "REC-OPEN", Text(f"文件夹建不成: {error.strerror}", f"the folder cannot be made: {error.strerror}"),
            Text("请检查权限与磁盘空间", "check permissions and free space"), Place(readable(str(folder))),
        ) from error  # fmt: skip
    return folder


class Kept(NamedTuple):
    """A file of a folder of the workspace: its name, bytes, and when it was written."""

    name: str
    size: int
    time: dt.datetime


def files_in(session: Session, name: str) -> Sequence[Kept]:
    """The plain files of a folder of the workspace, the newest first; no links, which might lead out of it."""
    try:
        entries = [
            (each, each.stat(follow_symlinks=False)) for each in os.scandir(folder_of_files(session) / name)
            if each.is_file(follow_symlinks=False) and each.name[0] != "."
        ]  # fmt: skip
    except OSError:
        return ()
    found = [
        Kept(each.name, about.st_size, dt.datetime.fromtimestamp(about.st_mtime)) for each, about in entries
    ]
    return sorted(found, key=lambda each: (each.time, each.name), reverse=True)


def path_of(text: str) -> Path:
    """The file at a path that was typed. Errors: FILE."""
    path = file_at(text)
    if path is None:
        raise UsageError("FILE", Text(f"没有文件 {visible(text)}", f"there is no file {visible(text)}"))
    return path


def size_of(size: int) -> str:
    """Bytes as a person reads them."""
    if size < 1024:
        return f"{size} B"
    return f"{size / _MEGA:.1f} MB" if size >= _MEGA else f"{size / 1024:.1f} KB"


def today() -> str:
    """The day, for the name of a file."""
    return dt.datetime.now().strftime("%Y%m%d")


def free_name(folder: Path, stem: str, suffix: str) -> str:
    """A name that no file of the folder has."""
    names = (f"{stem}{f'-{number}' if number > 1 else ''}{suffix}" for number in range(1, 10_000))
    return next(name for name in names if not os.path.lexists(folder / name))


# Backing up


def back_up(app: BalanceApp) -> None:
    """Ask for a name, and copy the workspace while it is in use. Errors: REC-ROLE."""
    session = app.at_desk
    session.desk.require("backup", Area())
    folder = folder_in(session, BACKUPS)
    offered = free_name(folder, f"workspace-{today()}", ".db")
    app.ask(_ASKED if session.restricted else _ASKED_ANYWHERE, offered, partial(_given, app, folder))


def _given(app: BalanceApp, folder: Path, text: str) -> None:
    session = app.at_desk
    target = _target(session, folder, text.strip())
    if os.path.lexists(target):
        what = Text(f"{visible(target.name)} 已存在", f"{visible(target.name)} exists")
        raise Refused("REC-EXISTS", what, Text("请另给文件名", "name another file"))
    begin(app, TITLE, partial(_copy, place_of(session), target), partial(_done, app))


def _target(session: Session, folder: Path, text: str) -> Path:
    """A plain name lies in the workspace; a path, where it may be one, anywhere. Errors: REC-NAME."""
    if "/" in text and not session.restricted:
        return full_path(text)
    return folder / check_name(text)


class Copy(NamedTuple):
    """A backup that was made: its digest is that of the file (SHA-256), `head` the last event in it."""

    path: Path
    size: int
    digest: str
    number: int
    head: str


def _copy(place: str, target: Path, progress: Progress) -> Copy:  # noqa: ARG001 - it is done in one step
    log = open_log(place)
    try:
        head = backed_up(log, target)
    finally:
        log.close()
    with target.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Copy(target, target.stat().st_size, digest, head.sequence, head.hash)


def _done(app: BalanceApp, errand: Errand, copy: Copy) -> None:
    name, size = readable(copy.path.name), size_of(copy.size)
    told = Text(f"已备份 {name}, {size}, 已核对", f"backed up into {name}, {size}, checked")
    lines = (
        told,
        Text(f"文件: {readable(str(copy.path))}", f"file: {readable(str(copy.path))}"),
        Text("文件校验值 (SHA-256):", "digest of the file (SHA-256):"),
        Text(copy.digest, copy.digest),
        Text(f"其中 {copy.number} 条记录, 末条校验值:", f"{copy.number} events are in it, the head is:"),
        Text(copy.head, copy.head),
        Text("请把备份存到另一块磁盘或另一台机器, 校验值抄存在别处。",
             "Keep the backup on another disk or machine, and the digest somewhere else."),
        Text("恢复: balance-tui workspace restore 备份文件 --workspace 新文件夹",
             "to restore: balance-tui workspace restore BACKUP --workspace NEW-FOLDER"),
    )  # fmt: skip
    finished(app, errand, Made(TITLE, told, lines))


# What belongs outside of a running app

RESTORING = (
    Text("命令: balance-tui workspace restore 备份文件 --workspace 新文件夹",
         "Command: balance-tui workspace restore BACKUP --workspace NEW-FOLDER"),
    Text("由能登录服务器的人以工作区所属的账号执行。", "Whoever can log in to the server runs it as the workspace's account."),
    Text("为何不在这里做: 备份先核对, 再恢复到一个新的位置, 从不盖在别的工作区上; 而这里的人正在使用这个工作区, "
         "把它换掉会丢失备份以后已确认的修改。",
         "Why not here: a backup is checked first and put into a new place, never over a workspace; people are at work in "
         "this one, and to replace it would lose what was confirmed since the backup."),
    Text("恢复之后请用 assess verify 核对, 再让大家改用新的位置。",
         "Afterwards check it by assess verify, then let everybody use the new place."),
)  # fmt: skip
MIGRATING = (
    Text("命令: balance-tui workspace migrate --workspace 文件夹",
         "Command: balance-tui workspace migrate --workspace FOLDER"),
    Text("为何不在这里做: 旧格式的工作区不升级就打不开, 能看到这一屏, 说明它已是现在的格式。",
         "Why not here: a workspace of an older format cannot be opened before it is migrated; that you see this means it "
         "has the present format."),
    Text("升级前请让所有人退出; 命令先在旁边留一份备份, 再升级; 升不成时原样不动。",
         "Let everybody leave first; the command keeps a backup beside it, then migrates; where that fails nothing is "
         "changed."),
)  # fmt: skip
MAKING = (
    Text("命令: balance-tui workspace new --workspace 新文件夹", "Command: balance-tui workspace new --workspace NEW-FOLDER"),
    Text("执行者即新工作区的首任管理员。一次只打开一个工作区: 另一个要从命令行新建、打开。",
         "Who runs it is the first administrator of the new workspace. One workspace is open at a time: another is made and "
         "opened from the command line."),
)  # fmt: skip
CLOCK = (
    Text("命令: balance-tui workspace clock --reason 缘由 --workspace 文件夹",
         "Command: balance-tui workspace clock --reason WHY --workspace FOLDER"),
    Text("何时用: 某台机器的时钟曾走到将来, 那时写下的记录使别人都不能再写 (REC-CLOCK)。先校对时钟, 再以此认可。",
         "When: some machine's clock stood in the future, and what it recorded keeps everybody else from writing (REC-CLOCK). "
         "Set the clock right first, then accept it by this."),
    Text("为何不在这里做: 时钟是服务器的, 由管服务器的人校对。",
         "Why not here: the clock is the server's, and whoever keeps the server checks it."),
)  # fmt: skip
