"""Files that are nobody else's business: written whole or not at all, readable by their owner alone."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


def cache_folder() -> Path | None:
    """The user's cache folder of this program; None where the user has no home."""
    from platformdirs import user_cache_path

    folder = user_cache_path("balance-tui", appauthor=False)
    return folder if folder.is_absolute() else None


def write_private(path: Path, content: bytes) -> bool:
    """Put `content` in the place of the file, making its folder where there is none; False where that cannot be done,
    and then the file is as it was."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(".part", ".", path.parent)
    except OSError:
        return False
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        return False
    return True


def read_private(path: Path, largest: int) -> bytes | None:
    """What the file holds; None where there is none, it is another's or others may write to it, or it is too large."""
    try:
        with path.open("rb") as file:
            about = os.fstat(file.fileno())
            if about.st_uid != os.geteuid() or about.st_mode & 0o022 or about.st_size > largest:
                return None
            return file.read(largest)
    except OSError:
        return None
