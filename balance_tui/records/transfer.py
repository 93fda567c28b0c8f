"""One file in, one file out: what `ssh host put NAME` and `ssh host get NAME` do in restricted mode."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path
from typing import BinaryIO

from ..errors import Place, Refused, visible
from ..language import Text
from .placing import placed
from .troubles import told_of_disk

LIMIT = 256 * 2**20
"""Most bytes of one file."""
SUFFIXES = (
    ".csv", ".tsv", ".xlsx", ".xlsm", ".parquet", ".toml", ".json", ".md", ".txt", ".pdf", ".docx", ".doc", ".xls",
    ".jpg", ".jpeg", ".png", ".zip", ".ofd", ".wps", ".et",
)  # fmt: skip
"""What may come in or go out: data, mappings, documents. Nothing that a program would run or load."""
OUTBOX = "outbox"
"""What goes out: files for all who may export everything, and a folder for each person."""
TAKEN = Text("已有同名文件, 请换名", "a file of that name is there; use another name")
_PIECE = 2**16


def checked_name(name: str) -> str:
    """A plain file name. Errors: XFER-NAME where it is a path, hidden, too long, or not of a kind that is carried."""
    plain = name.strip()
    path = "/" in plain or "\\" in plain or plain in ("", ".", "..") or plain.startswith((".", "-", "~"))
    if path or visible(plain) != plain or len(plain.encode("utf-8", "surrogateescape")) > 200:
        raise _refused(
            "XFER-NAME",
            Text("须为普通文件名, 不含路径", "a plain file name without a path is expected"),
            name,
        )
    if Path(plain).suffix.lower() not in SUFFIXES:
        raise _refused(
            "XFER-KIND",
            Text(f"只收发 {' '.join(SUFFIXES)}", f"only {' '.join(SUFFIXES)} are carried"),
            name,
        )
    return plain


def put(folder: Path, name: str, source: BinaryIO, limit: int = LIMIT) -> Path:
    """Write what comes from `source` into the inbox; it is there whole or not at all, and never over another file.
    Errors: XFER-NAME, XFER-KIND, XFER-EXISTS, XFER-SIZE, XFER-EMPTY, REC-FULL, REC-IO."""
    target = folder / "inbox" / checked_name(name)
    if target.exists() or target.is_symlink():
        raise _refused(
            "XFER-EXISTS",
            Text("已有同名文件, 请换名", "a file of that name is there; use another name"),
            name,
        )
    part = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with os.fdopen(
            os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb"
        ) as file:
            size = _copied(source, file, limit, name)
            file.flush()
            os.fsync(file.fileno())
        if not size:
            raise _refused("XFER-EMPTY", Text("没有收到内容", "nothing came in"), name)
        placed(part, target)
    except FileExistsError as error:
        raise _refused(
            "XFER-EXISTS",
            Text("已有同名文件, 请换名", "a file of that name is there; use another name"),
            name,
        ) from error
    except OSError as error:
        raise told_of_disk(error, Path(name[:80])) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return target


def outbox_of(user: str) -> str:
    """The folder, within that of the workspace, of what goes out for one person. Errors: XFER-NAME."""
    if Path(user).name != user:
        raise _refused("XFER-NAME", Text("用户名不能作文件夹名", "the user's name can be no folder"), user)
    return f"{OUTBOX}/{user}"


def has_own(folder: Path, user: str, name: str) -> bool:
    """Whether a person's own outbox has a file of this name. Errors: XFER-NAME, XFER-KIND."""
    return os.path.lexists(folder / outbox_of(user) / checked_name(name))


def get(folder: Path, name: str, into: BinaryIO, box: str = OUTBOX) -> int:
    """Send a file of an outbox; how many bytes. Errors: XFER-NAME, XFER-KIND, XFER-NONE."""
    path = folder / box / checked_name(name)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise _refused(
            "XFER-NONE", Text("发件箱中没有此文件", "the outbox has no such file"), name
        ) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _refused("XFER-NONE", Text("发件箱中没有此文件", "the outbox has no such file"), name)
    with os.fdopen(descriptor, "rb") as file:
        return _copied(file, into, None, name)


def _copied(source: BinaryIO, into: BinaryIO, limit: int | None, name: str) -> int:
    size = 0
    while piece := source.read(_PIECE):
        size += len(piece)
        if limit is not None and size > limit:
            most = limit // 2**20
            raise _refused(
                "XFER-SIZE", Text(f"文件超过 {most} MB", f"the file is larger than {most} MB"), name
            )
        into.write(piece)
    return size


def _refused(code: str, what: Text, name: str) -> Refused:
    return Refused(code, what, None, Place(name[:80]))
