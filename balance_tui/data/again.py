"""What is worked out again after a change, and what is taken over.

A piece of work names the columns it reads and is given no others. Where each of them holds what it held before,
its outcome is the one it had; nobody has to say what was changed, and a column that was not named cannot be read.

By what identity anything is reused: an outcome by the name of its piece of work, within one standard (its hash), its
settings, the date judged as of and the day (`evaluate` begins anew where any of these differs, and where the counties
do); a column by its name, its type and every value in order, so that two frames are the same where all their columns
are, or where they are one object; what follows from standard and settings alone (`Context.once`, `Context.of`) by the
context it is kept in and, of a test or formula, by the very object, which is held on to. Nothing is reused because it
was made lately, or because of who asked.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable
from functools import cached_property
from typing import Any, TypeVar

import polars as pl

Outcome = TypeVar("Outcome")


class Seen:
    """A frame as it is `now` beside what it was, compared as far as it is asked for."""

    def __init__(self, now: pl.DataFrame, was: pl.DataFrame | None = None) -> None:
        self.now = now
        self._was = was
        self._equal: dict[str, bool] = {}

    @cached_property
    def is_same(self) -> bool:
        """Whether all of it is what it was: the same columns of the same rows."""
        was, now = self._was, self.now
        if was is None or was is now:
            return was is now
        if was.height != now.height or was.columns != now.columns:
            return False
        types = [[dtype.__class__ for dtype in frame.dtypes] for frame in (was, now)]
        return types[0] == types[1] and was.equals(now) and was.dtypes == now.dtypes

    @cached_property
    def _columns(self) -> tuple[dict[str, pl.Series], dict[str, pl.Series]] | None:
        """The columns as they were and as they are; None where there is nothing to compare with."""
        if self._was is None or self._was.height != self.now.height:
            return None
        was, now = ({each.name: each for each in frame.get_columns()} for frame in (self._was, self.now))
        return was, now

    def same(self, columns: Iterable[str]) -> bool:
        """Whether every one of the columns holds what it held, row by row; one that is in neither frame does."""
        return self.is_same or (self._columns is not None and all(map(self._is_equal, columns)))

    def _is_equal(self, name: str) -> bool:
        known = self._equal.get(name)
        if known is None:
            assert self._columns is not None
            was, now = (columns.get(name) for columns in self._columns)
            known = was is now if was is None or now is None else was.equals(now, check_dtypes=True)
            self._equal[name] = known
        return known

    def changed(self, columns: Iterable[str]) -> list[str]:
        """Those of the columns that do not hold what they held."""
        if self.is_same:
            return []
        return [name for name in columns if self._columns is None or not self._is_equal(name)]

    def of(self, columns: Iterable[str]) -> pl.DataFrame:
        """The frame as it is, of these columns alone; what it does not have is left away."""
        known = set(self.now.columns)
        return self.now[[name for name in dict.fromkeys(columns) if name in known]]


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

    def now(self, name: Hashable) -> Any:
        """The outcome of this name as far as it has been made or taken over by now; None where it has not."""
        return self._outcomes.get(name)

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

    def taken(self, name: Hashable, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame, as the very one that had this name before where it holds the same: what is made of it is then seen
        to be the same without being compared."""
        before: pl.DataFrame | None = self._frames_before.get(name)
        if before is not None and self.seen(name, frame).is_same:
            frame = before
        self._frames[name] = frame
        return frame

    def forget(self) -> None:
        """Take nothing over from here on."""
        self._outcomes_before = {}

    def close(self) -> None:
        """Let go of the evaluation before, so that only the last one is held."""
        self._outcomes_before, self._frames_before = {}, {}
