"""Paths as people write them."""

from __future__ import annotations

from pathlib import Path

from .errors import UsageError, visible
from .language import Text


def full_path(name: str) -> Path:
    """The path that is meant, in full; `~` is a home. Errors: FILE where it can be no path."""
    try:
        return Path(name.strip()).expanduser().absolute()
    except (OSError, RuntimeError, ValueError) as error:
        shown = visible(name.strip()[:80])
        raise UsageError(
            "FILE", Text(f"没有这样的路径 {shown}", f"there is no such path: {shown}")
        ) from error


def file_at(name: str) -> Path | None:
    """The file at a path, in full; None where there is none, or there can be none."""
    try:
        path = full_path(name)
        return path if path.is_file() else None
    except (OSError, UsageError, ValueError):  # too long a name, nobody's home, a NUL
        return None
