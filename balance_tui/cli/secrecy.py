"""Keeps the password of a database out of the list of processes, which everybody on the machine can read."""

from __future__ import annotations

import os
import re
import sys

PASSWORD = "PGPASSWORD"
"""The variable that the driver takes a password from; of a process its owner alone can read it."""
_ADDRESS = re.compile(r"(--workspace=)?(postgres(?:ql)?://.*)", re.DOTALL)


def hide() -> None:
    """Start this very program anew where its arguments hold a password, with the password in its environment instead."""
    arguments, password = without_password(sys.orig_argv[1:])
    if password is not None and sys.executable:
        sys.stdout.flush()
        os.execve(sys.executable, [sys.executable, *arguments], {**os.environ, PASSWORD: password})


def without_password(arguments: list[str]) -> tuple[list[str], str | None]:
    """The arguments without the password of the addresses among them, and the last one there was."""
    from ..records.troubles import split_password

    found: str | None = None
    kept = []
    for argument in arguments:
        address = _ADDRESS.fullmatch(argument)
        if address:
            shown, password = split_password(address[2])
            argument, found = f"{address[1] or ''}{shown}", password or found
        kept.append(argument)
    return kept, found
