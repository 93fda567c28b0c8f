"""Safe mode: no plugin but those shipped with the program. Apart from all else, so that asking costs nothing."""

from __future__ import annotations

import os

SAFE_MODE = "BALANCE_TUI_SAFE_MODE"
"""Set to anything but 0 it does what `--safe-mode` does."""

_wanted: bool = False


def use_safe_mode(wanted: bool) -> None:
    """Run without any plugin but those shipped with the program, until told otherwise."""
    global _wanted
    _wanted = wanted


def in_safe_mode() -> bool:
    """Whether only plugins shipped with the program may be used."""
    return _wanted or os.environ.get(SAFE_MODE, "0") not in ("", "0")
