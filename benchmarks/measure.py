"""Times beside each other: medians of alternating runs, and the table they are told in."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from balance_tui.language import Text


@dataclass(frozen=True)
class Row:
    """One line: `measured` and `yardstick` as told, their ratio, the reach as told and whether it is reached
    (None where nothing is demanded)."""

    what: Text
    measured: str
    yardstick: str = ""
    ratio: str = ""
    reach: Text | None = None
    ok: bool | None = None

    @property
    def sign(self) -> str:
        return "" if self.ok is None else "ok" if self.ok else "NOT"


def at_most(what: Text, measured: float, yardstick: float, limit: float) -> Row:
    """A row whose time may be `limit` times that of its yardstick."""
    ratio = measured / yardstick
    reach = Text(f"≤ {limit:g} ×", f"≤ {limit:g} ×")
    return Row(what, told(measured), told(yardstick), f"{ratio:.2f} ×", reach, ratio <= limit)


def faster(what: Text, measured: float, yardstick: float, times: float) -> Row:
    """A row whose yardstick must take at least `times` as long."""
    ratio = yardstick / measured
    reach = Text(f"快 ≥ {times:g} 倍", f"≥ {times:g} × faster")
    return Row(what, told(measured), told(yardstick), f"1/{ratio:.0f}", reach, ratio >= times)


def told(seconds: float) -> str:
    """A duration in the unit it reads best in.

    >>> told(0.01234), told(12.34)
    ('12.3 ms', '12.3 s')
    """
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.1f} s"


def timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def medians(runs: int, *calls: Callable[[], object]) -> list[float]:
    """The median seconds of each call, the calls taking turns so that a busy machine slows all alike; the
    first turn warms up and does not count."""
    turns = [[timed(call) for call in calls] for _ in range(runs + 1)][1:]
    return [statistics.median(column) for column in zip(*turns, strict=True)]


HEAD = (
    Text("项目", "what"), Text("实测", "measured"), Text("参照", "yardstick"), Text("比值", "ratio"),
    Text("要求", "reach"), Text("", ""),
)  # fmt: skip


def cells(row: Row, language: str) -> list[str]:
    reach = getattr(row.reach, language) if row.reach else ""
    return [getattr(row.what, language), row.measured, row.yardstick, row.ratio, reach, row.sign]


def markdown(rows: Iterable[Row], language: str) -> str:
    lines = [[getattr(head, language) for head in HEAD], ["---"] * len(HEAD)]
    return "\n".join(f"| {' | '.join(line)} |" for line in [*lines, *(cells(row, language) for row in rows)])
