"""Lines that drop at random moments: `python -m tests.faults.drops --drops 200`.

Two people log in to a real sshd, each with a key of their own, and correct one cell after another in the app. Their lines
drop: the client is killed, the server's own process is, the connection breaks or falls silent, the app is told to hang
up. Then they log in again. What their screens called saved has to be in the log, as SQLite itself reads it; what was typed
and not saved has to be offered again; nothing may go on running for a line that is gone.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import random
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path

from balance_tui.records.desk import Desk
from balance_tui.records.sqlite_log import SqliteLog
from balance_tui.records.state import rebuilt
from balance_tui.records.workspace import FILE
from tests.ssh import person
from tests.ssh.dropping import KINDS, Drop
from tests.ssh.line import Line
from tests.ssh.processes import wait_gone
from tests.ssh.server import Server, missing, server
from tests.tui.terminal import Terminal, TerminalError

PEOPLE = {"王督学": "甲评估", "李督学": "乙评估"}
"""Who sits at which assessment: each sees their own messages, and both write to one log."""
MOMENTS = ("confirming", "typing", "offered", "anytime", "confirming", "typing", "anytime", "login")
"""When: just after the key that confirms; while a value stands typed; while what was left is offered, else typed; whenever
somebody edits; while they log in."""
ALIVE = "ClientAliveInterval 2\nClientAliveCountMax 2\n"
"""How the server learns of a line that has fallen silent, as docs/ssh.md has an administrator set it, but sooner."""
LATE = 10.0
"""Seconds after which nothing will be offered any more."""
FIRST = 1000
"""The first value that is typed; each is typed once in a workspace."""


@dataclass
class Toll:
    """What came of it: `lost` names each value that a screen called saved and that is not in the log, `flaws` all else
    that may not be. `typed` values were on a screen and not confirmed when the line dropped; `offered` of them were offered
    again, and
    `again` are those that were offered though they had been recorded, which nobody had been told."""

    drops: Counter[str] = field(default_factory=Counter)
    confirmed: int = 0
    written: int = 0
    typed: set[str] = field(default_factory=set)
    offered: set[str] = field(default_factory=set)
    again: set[str] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)
    flaws: list[str] = field(default_factory=list)


class Person:
    """Somebody who logs in, edits, is dropped, and logs in again."""

    def __init__(self, one: Server, name: str, seed: int) -> None:
        self._server, self._name, self._assessment = one, name, PEOPLE[name]
        self._chance = random.Random(f"{seed} {name}")
        self._kinds = itertools.cycle(self._chance.sample(KINDS, len(KINDS)))
        self._moments = itertools.cycle(self._chance.sample(MOMENTS, len(MOMENTS)))
        self._values = itertools.count(FIRST + 100_000 * list(PEOPLE).index(name))
        self._value = ""
        self._standing = ""
        """What stands typed on the screen and is not saved: it has to be offered again."""
        self._sent = False
        """Whether the key that confirms it was pressed: then it may have been recorded instead."""
        self._kept = False
        """Whether anything typed was on disk at the last login."""
        self.said: list[str] = []
        self.toll = Toll()

    def drop_many(self, count: int) -> None:
        """So many sittings, each ended by its line; and one more, in which what was left is taken up."""
        try:
            for kind, moment in itertools.islice(zip(self._kinds, self._moments, strict=False), count):
                self._sit(kind, moment)
                self.toll.drops[kind] += 1
            self._sit(None, None)
        except (AssertionError, OSError) as error:
            self.toll.flaws.append(f"{self._name}: {error}")

    def _sit(self, kind: str | None, moment: str | None) -> None:
        before = _recorded(self._server.workspace, self._assessment)
        self._kept = _is_kept(self._server.workspace, self._name)
        with Line(self._server.port) as line, self._logged_in(line) as terminal:
            drop = Drop(self._server, self._name, terminal, line, kind)
            try:
                if moment == "login":
                    drop.after(self._chance.random() * 2)
                self._work(terminal, drop, moment)
            except TerminalError:
                if not drop.is_on_its_way:
                    raise
            finally:
                drop.wait()
            self._see_the_last(terminal)
        wait_gone(self._server, self._name)
        self._look_into_the_log(before)

    def _logged_in(self, line: Line) -> Terminal:
        return person.log_in(self._server, self._name, columns=120, rows=30, port=line.port)

    def _work(self, terminal: Terminal, drop: Drop, moment: str | None) -> None:
        """Edit until the line drops; without a drop, take up what was left and quit."""
        person.open_assessment(terminal, self._assessment)
        took_up = self._take_up(terminal, drop if moment == "offered" else None)
        if moment is None:
            terminal.press("q")
            return
        if not took_up:
            person.to_data(terminal)
        if moment == "anytime":
            drop.after(self._chance.random() * 2)
        at = self._chance.randrange(3)
        for number in itertools.count():
            terminal.press("j")
            self._edit(terminal, drop, moment if number == at else None)

    def _take_up(self, terminal: Terminal, drop: Drop | None) -> bool:
        """What stood typed when the line dropped is offered, and saved now unless the line drops once more; of what was
        just being typed its beginning may be."""
        if not self._standing and not self._is_offered(terminal):
            return False
        if self._standing:
            terminal.wait_for(person.OFFERED, f": {self._standing}")
            self.toll.offered.add(self._standing)
            if drop is not None:
                drop.after(0)
                terminal.wait_exit()
            self._value = self._standing
        elif self._value in _recorded(self._server.workspace, self._assessment):
            self._see_it_is_there(terminal)
            return True
        else:
            begun = person.typed(terminal)
            assert self._value.startswith(begun), (
                f"{begun} is offered instead of {self._value}\n{terminal.text}"
            )
            terminal.type(self._value.removeprefix(begun))
            terminal.wait_for(f": {self._value}")
            self._standing = self._value
        self._save(terminal, None, None)
        return True

    def _is_offered(self, terminal: Terminal) -> bool:
        """Whether a beginning, or what was recorded without a word, is offered: not where nothing of it was kept."""
        if not self._kept:
            return False
        with contextlib.suppress(TerminalError):
            terminal.wait_for(person.OFFERED, timeout=LATE)
        return person.OFFERED in terminal.text

    def _see_it_is_there(self, terminal: Terminal) -> None:
        """It was recorded and the line dropped before that was told: to save it once more changes nothing."""
        terminal.press("enter")
        terminal.wait_for(person.UNCHANGED)
        self.toll.again.add(self._value)

    def _edit(self, terminal: Terminal, drop: Drop, moment: str | None) -> None:
        self._value = str(next(self._values))
        person.type_value(terminal, self._value)
        self._standing = self._value
        if moment in ("typing", "offered"):
            drop.after(0)
            terminal.wait_exit()
        self._save(terminal, drop, moment)

    def _save(self, terminal: Terminal, drop: Drop | None, moment: str | None) -> None:
        person.look_at_effects(terminal)
        self._sent = True
        if drop is not None and moment == "confirming":
            drop.after(self._chance.random() ** 2 * 0.2)
        person.confirm(terminal, self._value)
        self._saved()

    def _saved(self) -> None:
        self.said.append(self._value)
        self.toll.confirmed += 1
        self._standing, self._sent = "", False

    def _see_the_last(self, terminal: Terminal) -> None:
        """What still came over the line may say that something is saved."""
        terminal.wait_exit()
        if self._sent and person.was_told_saved(terminal.text, self._value):
            self._saved()

    def _look_into_the_log(self, before: list[str]) -> None:
        """All that was said to be saved is there; what may have been recorded is looked for."""
        now = _recorded(self._server.workspace, self._assessment)
        self.toll.written += len(now) - len(before)
        self.toll.lost += [
            f"{self._name}: {value} is not in the log" for value in self.said if value not in now
        ]
        if now[: len(before)] != before:
            self.toll.flaws.append(f"{self._assessment}: the log is not as it was")
        if self._sent and self._standing in now:
            self._standing = ""
        self._sent = False
        self.toll.typed |= {self._standing} - {""}


def _recorded(workspace: Path, assessment: str) -> list[str]:
    """The values that were put into an assessment, in order, as SQLite reads them without this program."""
    with closing(sqlite3.connect(f"file:{workspace / FILE}?mode=ro", uri=True)) as file:
        rows = file.execute(
            "SELECT new FROM event WHERE operation = 'fact' AND assessment = ? ORDER BY sequence",
            (assessment,),
        ).fetchall()
    return [str(json.loads(new)["value"]) for (new,) in rows]


def _is_kept(workspace: Path, name: str) -> bool:
    """Whether drafts of a person lie in the workspace, as JSON reads them without this program."""
    for path in (workspace / "drafts").glob("[!.]*.json"):
        with contextlib.suppress(
            FileNotFoundError
        ):  # the other person's are written and taken away meanwhile
            slip = json.loads(path.read_bytes())
            if slip["of"][0] == name and slip["drafts"]:
                return True
    return False


def drop_many(one: Server, drops: int, seed: int) -> Toll:
    """So many drops, shared among the people, at a workspace that has their assessments."""
    log = SqliteLog(one.workspace / FILE)
    onlooker = Desk(log, "onlooker", "onlooker")
    people = [Person(one, name, seed) for name in PEOPLE]
    share = [drops // len(people) + (number < drops % len(people)) for number in range(len(people))]
    threads = [
        threading.Thread(target=each.drop_many, args=(count,), name=f"person {number}")
        for number, (each, count) in enumerate(zip(people, share, strict=True))
    ]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        threads[0].join(0.5)
        threads[1].join(0.5)
        onlooker.refresh()
    toll = _together([each.toll for each in people])
    onlooker.refresh()
    toll.flaws += [f"{flaw.sequence}: {flaw.what.en}" for flaw in log.verify()]
    if asdict(rebuilt(log.since(0))) != asdict(onlooker.state):
        toll.flaws.append("the projection is not what a rebuild gives")
    log.close()
    return toll


def _together(tolls: list[Toll]) -> Toll:
    whole = Toll()
    for toll in tolls:
        whole.drops += toll.drops
        whole.confirmed += toll.confirmed
        whole.written += toll.written
        whole.typed |= toll.typed
        whole.offered |= toll.offered
        whole.again |= toll.again
        whole.lost += toll.lost
        whole.flaws += toll.flaws
    return whole


@contextlib.contextmanager
def with_people() -> Iterator[Server]:
    """A server whose workspace has the people and an assessment for each."""
    with server(ALIVE) as one:
        for assessment in PEOPLE.values():
            person.make_assessment(one, assessment)
        person.let_in(one, dict.fromkeys(PEOPLE, "inspector"))
        yield one


def told(toll: Toll) -> str:
    """The counts in one line."""
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(toll.drops.items()))
    return (
        f"{toll.drops.total()} drops ({kinds}); {toll.confirmed} edits confirmed, {len(toll.lost)} of them lost, "
        f"{toll.written} written; {len(toll.typed)} left typed, {len(toll.offered)} of them offered again; "
        f"{len(toll.again)} recorded unseen and offered too"
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.drops", description=__doc__)
    parser.add_argument("--drops", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    why_not = missing()
    if why_not is not None:
        print(f"no drops: {why_not}")
        return 0
    seed = random.randrange(2**32) if options.seed is None else options.seed
    with with_people() as one:
        toll = drop_many(one, options.drops, seed)
    print(f"seed {seed}: {told(toll)}")
    for fault in (*toll.lost, *toll.flaws):
        print(fault)
    return 1 if toll.lost or toll.flaws or toll.typed != toll.offered else 0


if __name__ == "__main__":
    raise SystemExit(main())
