"""A program of its own that edits one cell after another, and says each number only after the edit was confirmed.

`python -m tests.faults.editor PLACE USER EDITS SEED`: a line `+ SEQUENCE CELL VALUE` for each confirmed edit, `! CODE
SENTENCE` for each that was refused. It imports neither polars nor Textual, so that it starts in no time.
"""

from __future__ import annotations

import os
import random
import sys
import time

from balance_tui.errors import Refused
from balance_tui.language import use_language
from balance_tui.records.desk import Desk
from balance_tui.records.log import Conflict

from .county import cells, log_at

SCHOOLS = 10
TRIES = 20
PAUSE = 0.2
"""Seconds before another try where a server does not answer."""


def main(place: str, user: str, edits: int, seed: int, seconds: float = 0.0) -> None:
    """So many edits, or (0) as many as there is time for."""
    chance, keys = random.Random(seed), cells(SCHOOLS)
    desk = opened(place, user)
    end = time.monotonic() + (seconds or 1e9)
    number = 0
    while (number < edits or not edits) and time.monotonic() < end:
        number += 1
        cell = chance.randrange(len(keys))
        value = f"{seed}{number:06}"
        for _ in range(TRIES):
            started = time.perf_counter()
            try:
                (event,) = desk.correct("a", [(keys[cell], value)])
            except Conflict as conflict:
                others = {event.connection for event in conflict.theirs} - {desk.connection}
                say(f"{'?' if others else '!'} {conflict.code} {conflict.what}")
                desk.refresh()
            except Refused as refused:
                told(refused)
            else:
                say(f"+ {event.sequence} {cell} {value} {time.perf_counter() - started:.6f}")
                break


def opened(place: str, user: str) -> Desk:
    """The desk of a user; tried again where the disk or the server fails."""
    for _ in range(TRIES):
        try:
            return Desk(log_at(place), user, f"{user} {os.getpid()}")
        except Refused as refused:
            told(refused)
    raise SystemExit("the workspace cannot be opened")


def told(refused: Refused) -> None:
    """Say what was refused; a server is given the time to come back."""
    say(f"! {refused.code} {refused}")
    if refused.code == "REC-SERVER":
        time.sleep(PAUSE)


def say(line: str) -> None:
    """One whole line, past every buffer, by a call that no test makes fail."""
    os.writev(1, [f"{line}\n".encode()])


if __name__ == "__main__":
    use_language("en")
    where, name, most, number, *limit = sys.argv[1:]
    main(where, name, int(most), int(number), *map(float, limit))
