"""Kills at random moments: `python -m tests.faults.kills --kills 1000`.

A program edits in a loop and is killed; every edit that it was told was confirmed has to be in the log, the chain has to
hold, and what the events say together has to be what a desk that looked on the whole time has.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

from balance_tui.records.desk import Desk
from balance_tui.records.sqlite_log import SqliteLog
from balance_tui.records.state import rebuilt

from .county import cells, made
from .editor import SCHOOLS

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP)
A_FILE = 50
"""Kills before a new workspace is begun, so that going through all events stays cheap."""


@dataclass
class Toll:
    """What came of it: `lost` names each confirmed edit that is not in the log."""

    kills: Counter[str] = field(default_factory=Counter)
    confirmed: int = 0
    written: int = 0
    lost: list[str] = field(default_factory=list)
    flaws: list[str] = field(default_factory=list)


def kill_many(folder: Path, kills: int, seed: int) -> Toll:
    """Kill so many programs while they edit."""
    toll, chance = Toll(), random.Random(seed)
    for first in range(0, kills, A_FILE):
        path = made(folder / f"{first}.db", "clerk")
        _kill_at(path, min(A_FILE, kills - first), chance, toll)
    return toll


def _kill_at(path: Path, kills: int, chance: random.Random, toll: Toll) -> None:
    log = SqliteLog(path)
    onlooker = Desk(log, "boss", "onlooker")
    for number in range(kills):
        before = onlooker.state.head.sequence
        deadly = chance.choice(SIGNALS)
        said = killed(path, number + 1, deadly, chance)
        events = {event.sequence: event for event in onlooker.refresh()}
        toll.kills[deadly.name] += 1
        toll.written += len(events)
        for line in said:
            sequence, cell, value = _read(line)
            toll.confirmed += 1
            event = events.get(sequence)
            if (
                event is None
                or event.new != {"value": value}
                or f'"{cells(SCHOOLS)[cell].field}"' not in event.target
            ):
                toll.lost.append(line)
        if onlooker.state.head.sequence != before + len(events):
            toll.flaws.append(f"numbers are missing after {before}")
    toll.flaws += [f"{path.name} {flaw.sequence}: {flaw.what.en}" for flaw in log.verify()]
    if asdict(rebuilt(log.since(0))) != asdict(onlooker.state):
        toll.flaws.append(f"{path.name}: the projection is not what a rebuild gives")
    log.close()


def killed(path: Path, seed: int, deadly: signal.Signals, chance: random.Random) -> list[str]:
    """What a program that edits said until it was killed, some time after its first confirmed edit; whole lines."""
    command = [sys.executable, "-m", "tests.faults.editor", str(path), "clerk", "0", str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        first = process.stdout.readline()
        time.sleep(chance.random() ** 2 * 0.05)
        process.send_signal(deadly)
        rest, errors = process.communicate()
    assert process.returncode == -deadly, errors.decode()
    assert not errors, errors.decode()
    lines = (first + rest).decode().split("\n")[:-1]
    refused = [line for line in lines if not line.startswith("+")]
    assert not refused, refused
    return lines


def _read(line: str) -> tuple[int, int, str]:
    _, sequence, cell, value, _ = line.split()
    return int(sequence), int(cell), value


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    seed = random.randrange(2**32) if options.seed is None else options.seed
    with tempfile.TemporaryDirectory() as folder:
        toll = kill_many(Path(folder), options.kills, seed)
    kinds = ", ".join(f"{count} {name}" for name, count in sorted(toll.kills.items()))
    print(
        f"seed {seed}: {kinds}; {toll.confirmed} edits confirmed, {len(toll.lost)} of them lost, {toll.written} written"
    )
    for fault in (*toll.lost, *toll.flaws):
        print(fault)
    return 1 if toll.lost or toll.flaws else 0


if __name__ == "__main__":
    raise SystemExit(main())
