"""Many inspectors at one county at once: `python -m tests.faults.together --people 20 --seconds 60 --store sqlite`.

Each is a program of its own that edits random cells of the same few schools as fast as it can. No update may be lost: each
event of a cell follows the one before it, every confirmed edit is in the log, and nobody is told of an error that is not
a conflict with somebody else.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from dataclasses import dataclass, field

from .county import cells, log_at, made_at
from .editor import SCHOOLS
from .stores import STORES, missing, stores


@dataclass
class Meeting:
    """What came of it; `seconds` of every confirmed edit, sorted."""

    confirmed: int = 0
    conflicts: int = 0
    seconds: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    unreal: list[str] = field(default_factory=list)
    flaws: list[str] = field(default_factory=list)

    @property
    def p95(self) -> float:
        """Seconds within which 95 of 100 edits were confirmed."""
        return self.seconds[int(len(self.seconds) * 0.95)]


def edited_together(place: str, people: int, seconds: float) -> Meeting:
    """So many people edit for so long, at a new workspace in a file or on a server."""
    names = [f"inspector{number}" for number in range(people)]
    made_at(place, *names)
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.faults.editor", place, name, "0", str(number + 1), str(seconds)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )
        for number, name in enumerate(names)
    ]  # fmt: skip
    meeting, said = Meeting(), []
    for process in processes:
        output, errors = process.communicate()
        if process.returncode or errors:
            meeting.unreal.append(errors)
        said += output.splitlines()
    _held_against(place, said, meeting)
    return meeting


def _held_against(place: str, said: list[str], meeting: Meeting) -> None:
    log = log_at(place)
    events = {event.sequence: event for event in log.since(0)}
    meeting.flaws = [flaw.what.en for flaw in log.verify()]
    log.close()
    for line in said:
        if line.startswith("?"):
            meeting.conflicts += 1
        elif line.startswith("!"):
            meeting.unreal.append(line)
        else:
            _, sequence, cell, value, seconds = line.split()
            meeting.confirmed += 1
            meeting.seconds.append(float(seconds))
            event = events.get(int(sequence))
            if (
                event is None
                or event.new != {"value": value}
                or cells(SCHOOLS)[int(cell)].field not in event.target
            ):
                meeting.lost.append(line)
    meeting.seconds.sort()
    lasts: dict[str, int] = {}
    for event in events.values():
        if event.operation == "fact" and event.base != lasts.get(event.target, 0):
            meeting.lost.append(f"event {event.sequence} went over event {lasts.get(event.target, 0)} unseen")
        lasts[event.target] = event.sequence


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.together", description=__doc__)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--store", choices=STORES, default="sqlite")
    options = parser.parse_args()
    if reason := missing(options.store):
        print(f"{options.store}: {reason}")
        return 0
    with stores(options.store) as where:
        meeting = edited_together(where.place("together"), options.people, options.seconds)
    print(
        f"{options.store}, {options.people} people, {options.seconds:g} s: {meeting.confirmed} edits confirmed, "
        f"{len(meeting.lost)} lost, {meeting.conflicts} conflicts, {len(meeting.unreal)} other errors; "
        f"p95 {meeting.p95 * 1000:.1f} ms"
    )
    for fault in (*meeting.lost, *meeting.unreal, *meeting.flaws):
        print(fault)
    return 1 if meeting.lost or meeting.unreal or meeting.flaws else 0


if __name__ == "__main__":
    raise SystemExit(main())
