"""A program of its own that keeps files beside the log: drafts, backups, what comes into the inbox.

`python -m tests.faults.keeper FILE`: a line `+ KIND NUMBER` for each that was kept, `! CODE SENTENCE` for each refused.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from balance_tui.errors import Refused
from balance_tui.language import use_language
from balance_tui.records.drafts import Drafts, Typed
from balance_tui.records.transfer import put

from .editor import opened, say

ROUNDS = 12


def main(path: Path) -> None:
    """Keep one of each, over and over."""
    folder = path.parent
    (folder / "inbox").mkdir()
    drafts = Drafts(folder, "clerk", "a")
    log = opened(path, "clerk").log
    for number in range(ROUNDS):
        for kind, keep in (
            ("draft", lambda n=number: drafts.keep(Typed("t", 0, {"value": f"{n}" + "x" * 9000}))),
            ("backup", lambda n=number: log.backup(folder / f"{n}.bak")),  # type: ignore[attr-defined]
            ("put", lambda n=number: put(folder, f"{n}.csv", io.BytesIO(b"1" * 100_000))),
        ):
            try:
                keep()
            except Refused as refused:
                say(f"! {refused.code} {refused}")
            else:
                say(f"+ {kind} {number}")


if __name__ == "__main__":
    use_language("en")
    main(Path(sys.argv[1]))
