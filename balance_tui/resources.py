"""Where the standards and plugins shipped with the program lie.

An installed wheel carries them inside the package, a checkout (also an editable install) uses its
top-level folders in place.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_BUNDLED = _PACKAGE / "_bundled"


def _shipped(folder: str) -> Path:
    return (_BUNDLED if _BUNDLED.is_dir() else _PACKAGE.parent) / folder


def profiles_dir() -> Path:
    """The folder of the shipped standards, one `ID.toml` each."""
    return _shipped("profiles")


def plugins_dir() -> Path:
    """The folder of the shipped plugins, one folder each; it need not exist where none is shipped."""
    return _shipped("plugins")
