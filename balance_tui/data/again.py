"""What is worked out again after a change, and what is taken over.

A piece of work names the columns it reads and is given no others. Where each of them holds what it held before,
its outcome is the one it had; nobody has to say what was changed, and a column that was not named cannot be read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable
from functools import cached_property
from typing import Any, TypeVar

import polars as pl

Outcome = TypeVar("Outcome")


class Seen:
    """A frame as it is `now` beside what it was, compared column by column the first time it is asked."""

    def __init__(self, now: pl.DataFrame, was: pl.DataFrame | None = None) -> None:
        self.now = now
        self._was = was

    @cached_property
    def _changed(self) -> frozenset[str] | None:
        """The columns that do not hold what they held, row by row; None where there is nothing to compare with."""
        if self._was is None or self._was.height != self.now.height:
            return None
        if self._was is self.now:
            return frozenset()
        was = {column.name: column for column in self._was.get_columns()}
        now = {column.name: column for column in self.now.get_columns()}
        differing = (name for name in was.keys() & now.keys() if not _equal(was[name], now[name]))
        return frozenset((was.keys() ^ now.keys()).union(differing))

    def same(self, columns: Iterable[str]) -> bool:
        """Whether every one of the columns holds what it held, row by row; one that is in neither frame does."""
        return self._changed is not None and self._changed.isdisjoint(columns)

    def changed(self, columns: Iterable[str]) -> list[str]:
        """Those of the columns that do not hold what they held."""
        return [name for name in columns if self._changed is None or name in self._changed]

    def of(self, columns: Iterable[str]) -> pl.DataFrame:
        """The frame as it is, of these columns alone; what it does not have is left away."""
        known = set(self.now.columns)
        return self.now[[name for name in dict.fromkeys(columns) if name in known]]


def _equal(was: pl.Series, now: pl.Series) -> bool:
    return was.dtype == now.dtype and was.equals(now)


class Work:
    """The outcomes of an evaluation by the names of its pieces of work, with the frames they were made from; made with
    that of an evaluation `before`, pieces whose inputs are the same are taken over from it. `day` is the
    one it was done on, which decides where data has no year."""

    def __init__(self, before: Work | None = None) -> None:
        self.day = dt.date.today()
        self._outcomes_before = before._outcomes if before else {}
        self._frames_before = before._frames if before else {}
        self._outcomes: dict[Hashable, Any] = {}
        self._frames: dict[Hashable, pl.DataFrame] = {}

    def seen(self, name: Hashable, frame: pl.DataFrame) -> Seen:
        """The frame beside the one that had this name before."""
        self._frames[name] = frame
        return Seen(frame, self._frames_before.get(name))

    def before(self, name: Hashable) -> Any:
        """The outcome of this name from before; None where there was none."""
        return self._outcomes_before.get(name)

    def put(self, name: Hashable, outcome: Outcome) -> Outcome:
        """Keep an outcome under its name."""
        self._outcomes[name] = outcome
        return outcome

    def done(self, name: Hashable, same: bool, make: Callable[[], Outcome]) -> Outcome:
        """The outcome from before where there is one and its inputs are the `same`, else a new one."""
        if same and name in self._outcomes_before:
            taken: Outcome = self.put(name, self._outcomes_before[name])
            return taken
        return self.put(name, make())

    def keep(self, *names: Hashable) -> None:
        """Hold on to what was made under these names inside a piece of work that is taken over as a whole."""
        for name in names:
            if name in self._outcomes_before:
                self._outcomes[name] = self._outcomes_before[name]
            if name in self._frames_before:
                self._frames[name] = self._frames_before[name]

    def forget(self) -> None:
        """Take nothing over from here on."""
        self._outcomes_before = {}

    def close(self) -> None:
        """Let go of the evaluation before, so that only the last one is held."""
        self._outcomes_before, self._frames_before = {}, {}
