"""Whose code may run: a folder dropped in counts only where nobody but its owner or root can write to it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from ..errors import Place, StandardInvalid
from ..language import Text

_MOST_FILES = 2000


def trust_fault(folder: Path, top: Path) -> StandardInvalid | None:
    """Why code in `folder` is not loaded (`PLUGIN-TRUST`): somebody else owns, or may write to, the folder, a file in
    it or a folder above it up to `top`; None where nobody may. Links are followed first. Where the system has no
    owners of files nothing can be said, and nothing is."""
    if not hasattr(os, "getuid"):
        return None
    try:
        return next(filter(None, map(_fault, _paths(folder.resolve(), top.resolve()))), None)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        what = Text(f"权限查不出: {reason}", f"permissions cannot be read: {reason}")
        return _untrusted(folder, what, Text("请检查该文件夹", "check the folder"))


def _paths(folder: Path, top: Path) -> Iterator[Path]:
    yield from _above(folder, top)
    count = 0
    for root, folders, names in os.walk(folder, onerror=_raise):
        for name in (*folders, *names):
            count += 1
            if count > _MOST_FILES:
                raise OSError(0, f"more than {_MOST_FILES} files")
            yield Path(root, name).resolve()


def _above(folder: Path, top: Path) -> Iterator[Path]:
    """The folder, and what is above it up to `top`; all the way up where a link led out of `top`."""
    for path in (folder, *folder.parents):
        yield path
        if path == top:
            return


def _raise(error: OSError) -> None:
    raise error


def _fault(path: Path) -> StandardInvalid | None:
    about = path.stat()
    if about.st_uid not in (0, os.getuid()):
        what = Text(
            "它属于别的用户, 其中的代码不运行", "it belongs to somebody else, so code from there is not run"
        )
        return _untrusted(
            path, what, Text("请改由本人或 root 拥有: chown", "let yourself or root own it: chown")
        )
    sticky = stat.S_ISDIR(about.st_mode) and about.st_uid == 0 and about.st_mode & stat.S_ISVTX
    if about.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not sticky:
        what = Text(
            "别的用户可以写入, 其中的代码不运行", "others can write to it, so code from there is not run"
        )
        return _untrusted(path, what, Text("请执行 chmod go-w", "run chmod go-w on it"))
    return None


def _untrusted(path: Path, what: Text, mend: Text) -> StandardInvalid:
    return StandardInvalid("PLUGIN-TRUST", what, mend, Place(str(path)))
