"""A program of its own that keeps files: drafts, backups, what comes into the inbox, imported data, backups made
workspaces, older files brought up to date.

`python -m tests.faults.keeper FILE KIND...`: a line `+ KIND NUMBER` for each that was kept, `! CODE SENTENCE` for each
refused. `FILE` lies beside `older-0.db`, `older-1.db` ... and `copy.db`, for the kinds that need them.
"""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from balance_tui.errors import Refused
from balance_tui.language import use_language
from balance_tui.records.beside import FolderBeside
from balance_tui.records.drafts import Drafts, Typed
from balance_tui.records.restoring import restored
from balance_tui.records.sqlite_log import SqliteLog
from balance_tui.records.transfer import put

from .editor import opened, say

ROUNDS = 12
FEW = 3
"""Rounds of what takes many calls."""


def data(number: int) -> bytes:
    """A file to import."""
    return hashlib.sha256(b"%d" % number).digest() * 3000


def kinds(path: Path) -> Mapping[str, Callable[[int], object]]:
    """What is kept, by kind; each under a number."""
    folder = path.parent
    drafts = Drafts(FolderBeside(folder), "clerk", "a")
    desk = opened(str(path), "clerk")

    def imported(number: int) -> None:
        file = {
            "kind": "data",
            "name": "a.csv",
            "digest": desk.log.put(data(number)),
            "size": len(data(number)),
        }
        desk.import_data("a", {"files": [file], "dataset": f"{number}"})

    def migrated(number: int) -> None:
        log = SqliteLog(folder / f"older-{number}.db", migrating=True)
        try:
            log.migrate(folder / f"older-{number}.bak")
        finally:
            log.close()

    return {
        "draft": lambda number: drafts.put([Typed("t", 0, {"value": f"{number}" + "x" * 9000})]),
        "backup": lambda number: desk.log.backup(folder / f"{number}.bak"),  # type: ignore[attr-defined]
        "put": lambda number: put(folder, f"{number}.csv", io.BytesIO(b"1" * 100_000)),
        "import": imported,
        "restore": lambda number: restored(folder / "copy.db", folder / f"restored-{number}.db"),
        "migrate": migrated,
    }


def main(path: Path, *names: str) -> None:
    """Keep one of each, over and over."""
    acts = kinds(path)
    rounds = FEW if {"restore", "migrate"} & set(names) else ROUNDS
    for number in range(rounds):
        for kind in names:
            try:
                acts[kind](number)
            except Refused as refused:
                say(f"! {refused.code} {refused}")
            else:
                say(f"+ {kind} {number}")


if __name__ == "__main__":
    use_language("en")
    main(Path(sys.argv[1]), *sys.argv[2:])
