"""Puts a finished file under its name, never over another."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)
"""What a file system without hard links says, as that of a USB stick."""


def placed(part: Path, target: Path) -> None:
    """Give `part` the name `target`, on disk when this returns; `part` may stay behind. Errors: `FileExistsError` where
    the name is taken, `OSError`."""
    try:
        os.link(part, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(target):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from error
        part.rename(target)
    with contextlib.suppress(OSError):  # some file systems cannot synchronise a folder, and need not
        _synchronised(target.parent)


def _synchronised(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
