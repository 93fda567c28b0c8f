"""Kills at random moments: `python -m tests.faults.kills --kills 1000 --store sqlite`.

A program edits in a loop and is killed; every edit that it was told was confirmed has to be in the log, none twice, the
chain has to hold, and what the events say together has to be what a desk that looked on the whole time has. On a server
it is at times the server that is killed, and the program that goes on.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import IO, TypeVar

from balance_tui.errors import Refused
from balance_tui.records.desk import Desk
from balance_tui.records.event import Event
from balance_tui.records.state import rebuilt

from .county import cells, log_at, made_at
from .editor import SCHOOLS
from .stores import STORES, Stores, harms, missing, stores

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP)
A_PLACE = 50
"""Kills before a new workspace is begun, so that going through all events stays cheap."""
HARM_EVERY = 10
"""Of so many kills on a server one is of the server."""
AFTERWARDS = 20
"""Edits that a program has to confirm after its server was killed."""
PATIENCE = 30.0
"""Seconds for a server to come back."""

Given = TypeVar("Given")


@dataclass
class Toll:
    """What came of it: `lost` names each confirmed edit that is not in the log."""

    kills: Counter[str] = field(default_factory=Counter)
    confirmed: int = 0
    written: int = 0
    refused: int = 0
    lost: list[str] = field(default_factory=list)
    flaws: list[str] = field(default_factory=list)


def kill_many(where: Stores, kills: int, seed: int, harm_every: int = HARM_EVERY) -> Toll:
    """Kill so many programs, or their server, while they edit."""
    toll, chance = Toll(), random.Random(seed)
    for first in range(0, kills, A_PLACE):
        place = made_at(where.place(f"kills{first}"), "clerk")
        _kill_at(
            place, range(first, min(first + A_PLACE, kills)), chance, toll, _harms(where, place, harm_every)
        )
    return toll


Harms = Callable[[int], tuple[str, Callable[[], None]] | None]


def _harms(where: Stores, place: str, every: int) -> Harms:
    """What is to befall the server at the kill of a number."""
    kinds = list(harms(place, where.server).items()) if where.server else []
    return lambda number: kinds[number // every % len(kinds)] if kinds and number % every == 0 else None


def _kill_at(place: str, numbers: range, chance: random.Random, toll: Toll, harm_at: Harms) -> None:
    log = log_at(place)
    onlooker = Desk(log, "boss", "onlooker")
    for number in numbers:
        before = onlooker.state.head.sequence
        deadly, harm = chance.choice(SIGNALS), harm_at(number)
        said = killed(place, number + 1, deadly, chance, harm[1] if harm else None)
        events = {event.sequence: event for event in patiently(onlooker.refresh)}
        toll.kills[harm[0] if harm else deadly.name] += 1
        toll.written += len(events)
        _hold_against(said, events, toll, may_refuse=harm is not None)
        if onlooker.state.head.sequence != before + len(events):
            toll.flaws.append(f"numbers are missing after {before}")
    _hold_together(place, patiently(lambda: list(log.since(0))), toll)
    toll.flaws += [f"{flaw.sequence}: {flaw.what.en}" for flaw in log.verify()]
    if asdict(rebuilt(log.since(0))) != asdict(onlooker.state):
        toll.flaws.append("the projection is not what a rebuild gives")
    log.close()


def _hold_against(said: list[str], events: dict[int, Event], toll: Toll, *, may_refuse: bool) -> None:
    for line in said:
        if not line.startswith("+"):
            toll.refused += 1
            if not may_refuse or line.split()[1] != "REC-SERVER":
                toll.flaws.append(line)
            continue
        _, number, cell, value, _ = line.split()
        toll.confirmed += 1
        event = events.get(int(number))
        wanted = f'"{cells(SCHOOLS)[int(cell)].field}"'
        if event is None or event.new != {"value": value} or wanted not in event.target:
            toll.lost.append(line)


def _hold_together(place: str, events: list[Event], toll: Toll) -> None:
    """Nothing that was typed once is in the log twice, whatever became of the line while it was written."""
    facts = (event for event in events if event.operation == "fact")
    counted = Counter(str(event.new) for event in facts)
    toll.flaws += [f"{place}: {new} is there {count} times" for new, count in counted.items() if count > 1]


def patiently(act: Callable[[], Given]) -> Given:
    """What an act gives, tried again while a server comes back."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return act()
        except Refused as refused:
            if refused.code != "REC-SERVER" or time.monotonic() > end:
                raise
        time.sleep(0.05)


def killed(
    place: str,
    seed: int,
    deadly: signal.Signals,
    chance: random.Random,
    harm: Callable[[], None] | None = None,
) -> list[str]:
    """What a program that edits said until it was killed, some time after its first confirmed edit; whole lines. With
    `harm` its server was harmed first, and it went on."""
    command = [sys.executable, "-m", "tests.faults.editor", place, "clerk", "0", str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        heard = _Heard(process.stdout)
        heard.wait_for(1)
        time.sleep(chance.random() ** 2 * 0.05)
        if harm is not None:
            harm()
            heard.wait_for(heard.confirmed + AFTERWARDS)
        process.send_signal(deadly)
        heard.thread.join()
        errors = process.stderr.read().decode()
    assert process.returncode == -deadly, errors
    assert not errors, errors
    return b"".join(heard.lines).decode().split("\n")[:-1]


class _Heard:
    """The lines of a program, as they come."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.lines: list[bytes] = []
        self._stream, self._news = stream, threading.Condition()
        self.thread = threading.Thread(target=self._listen)
        self.thread.start()
        self.is_over = False

    @property
    def confirmed(self) -> int:
        return sum(line.startswith(b"+") for line in self.lines)

    def _listen(self) -> None:
        for line in self._stream:
            with self._news:
                self.lines.append(line)
                self._news.notify()
        with self._news:
            self.is_over = True
            self._news.notify()

    def wait_for(self, confirmed: int) -> None:
        """Until so many edits were confirmed, or there is nothing more to come."""
        with self._news:
            self._news.wait_for(lambda: self.confirmed >= confirmed or self.is_over, PATIENCE)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--store", choices=STORES, default="sqlite")
    options = parser.parse_args()
    if reason := missing(options.store):
        print(f"{options.store}: {reason}")
        return 0
    seed = random.randrange(2**32) if options.seed is None else options.seed
    with stores(options.store) as where:
        toll = kill_many(where, options.kills, seed)
    kinds = ", ".join(f"{count} {name}" for name, count in sorted(toll.kills.items()))
    print(
        f"{options.store}, seed {seed}: {kinds}; {toll.confirmed} edits confirmed, {len(toll.lost)} of them lost, "
        f"{toll.written} written, {toll.refused} refused, {len(toll.flaws)} flaws"
    )
    for fault in (*toll.lost, *toll.flaws):
        print(fault)
    return 1 if toll.lost or toll.flaws else 0


if __name__ == "__main__":
    raise SystemExit(main())
