"""`balance-tui` alone: the app on the workspace, one's own or the one `--workspace` names."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from .first_word import first_word


def is_meant(arguments: Sequence[str]) -> bool:
    """Whether nothing is asked for by name, and there is a workspace to open: one is named, or one's own exists."""
    if first_word(arguments) is not None or {"-h", "--help", "--version"} & set(arguments):
        return False
    return any(each.startswith("--workspace") for each in arguments) or _has_own()


def _has_own() -> bool:
    from pathlib import Path

    from ..records.sitting import default_place
    from ..records.workspace import FILE

    return (Path(default_place()) / FILE).exists()


def run(options: argparse.Namespace) -> int:
    """Open the list of assessments. Errors: those of `sit_down`."""
    from ..records.sitting import default_place
    from ..tui.launch import Choices, open_workspace
    from .assess import desk_of

    with desk_of(options) as desk:
        place = getattr(options, "workspace", None) or default_place()
        return open_workspace(
            desk, place, restricted=False, choices=Choices(lang_given=hasattr(options, "lang"))
        )
