"""One person's sitting at a workspace, as the app knows it: the desk, the assessment that is open, who else is there."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...data.dictionary import KEY_FIELDS
from ...errors import BalanceError, Refused
from ...language import Text
from ...records.beside import beside_of
from .drafts import Keeping
from .errands import Errands
from .presence import Presence
from .storing import Storing
from .telling import NO_NAMES, Names

if TYPE_CHECKING:
    from ...data.dataset import Dataset
    from ...records.beside import Beside
    from ...records.desk import Desk
    from ...records.event import Event
    from ...records.office import File
    from ...records.review import Level
    from ...records.state import Assessment
    from .proposal import Proposal
    from .recorded import Recorded

_LINGERING = 2.0
"""Seconds that what was typed last has to be kept after the app has ended."""


PAUSE = 1.0
"""Seconds without a key after which something may open by itself."""


@dataclass
class Session:
    """`desk` is where everything is done; `folder` the workspace where it is one; `restricted` that there is no way out
    of the program; `name` the assessment that is open. What of it belongs to which thread is told in `storing`."""

    desk: Desk
    folder: Path | None
    restricted: bool = False
    name: str | None = None
    recorded: Recorded | None = None
    proposal: Proposal | None = None
    """What is shown and not yet confirmed."""
    others: tuple[str, ...] = ()
    """Who else has the assessment open."""
    pressed: float = float("-inf")
    """When the last key came, by the clock that only goes forward."""
    is_looking: bool = False
    """Whether a look at the log is under way."""
    refused: list[Proposal] = field(default_factory=list)
    """What was not recorded while one was busy elsewhere: shown again as soon as one is not."""
    tried: set[str] = field(default_factory=set)
    """Of the drafts that were left, those that have been offered, or could not be taken up."""
    levels: Mapping[str, tuple[Level, ...]] = field(default_factory=dict)
    """The levels of review of the assessments that may be read, by the hash of their standard, as far as they are
    known: replaced as a whole by a look."""
    storing: Storing = field(default_factory=Storing, init=False)
    errands: Errands = field(default_factory=Errands, init=False)
    _version: int | None = None
    _named: tuple[Dataset, Names] | None = None
    presence: Presence = field(init=False)
    drafts: Keeping = field(init=False)
    _beside: Beside | None = field(init=False)

    def __post_init__(self) -> None:
        self._beside = beside = beside_of(self.desk.log)
        self.presence = Presence(beside, self.desk.actor, self.desk.connection)
        self.drafts = Keeping(beside, self.desk.actor, self.desk.connection)

    @property
    def is_pressing(self) -> bool:
        """Whether keys come just now: nothing may then open in their way."""
        return time.monotonic() - self.pressed < PAUSE

    @property
    def one(self) -> Assessment:
        """The open assessment as it stands now. Errors: REC-NOTOPEN, those of `Desk.assessment`."""
        if self.name is None:
            raise Refused(
                "REC-NOTOPEN",
                Text("没有打开评估", "no assessment is open"),
                Text("请先打开一个", "open one first"),
            )
        return self.desk.assessment(self.name)

    @property
    def opened(self) -> str:
        """The name of the open assessment. Errors: as `one`."""
        return self.one.id

    @property
    def file(self) -> File:
        """The open assessment with its data. Errors: REC-UNREAD while they are being read."""
        if self.recorded is None:
            raise Refused("REC-UNREAD", Text("数据还没有读入", "the data are not read yet"))
        return self.recorded.file

    def file_of(self, name: str) -> File:
        """An assessment with its data: the open one, or that which was open when something was asked for, read again.
        Errors: those of `open_file`. Belongs to the store thread."""
        if self.recorded is not None and self.recorded.file.name == name:
            return self.recorded.file
        from ...records.office import open_file

        return open_file(self.desk, name)

    @property
    def is_behind(self) -> bool:
        """Whether something was recorded that the figures shown do not hold."""
        return (
            self.recorded is not None and self.name is not None and self.recorded.number != last_of(self.one)
        )

    @property
    def names(self) -> Names:
        """What the things of the open assessment are called; none is open: nothing is known."""
        if self.name is None or self.name not in self.desk.state.assessments:
            return NO_NAMES
        one = self.desk.state.assessments[self.name]
        if self.recorded is None:
            return Names({}, one.area.county is None or one.year is None, one.events)
        data = self.recorded.file.data
        if self._named is None or self._named[0] is not data:
            rows = data.sections.select("school_id", "school").drop_nulls().unique("school_id")
            several = data.sections.select(KEY_FIELDS).n_unique() > 1
            self._named = (data, Names(dict(rows.iter_rows()), several))
        return replace(self._named[1], events=one.events)

    def look(self) -> Sequence[Event]:
        """See who is here, and what others recorded since the last look, cheaply where that is nothing. For the store
        thread. Errors: those of the log."""
        self.presence.look()
        version = self.desk.log.changes()
        events: Sequence[Event] = ()
        if version != self._version:
            events = self.desk.refresh()
            self._version = version
        self._learn_levels()
        return events

    def _learn_levels(self) -> None:
        """The levels of review of standards that have not been seen yet."""
        new = {
            str(one.standard["hash"]): one
            for one in self.desk.state.assessments.values()
            if one.standard
            and str(one.standard["hash"]) not in self.levels
            and self.desk.may("read", one.area)
        }
        if new:
            self.levels = {**self.levels, **{name: self._levels_of(one) for name, one in new.items()}}

    def _levels_of(self, one: Assessment) -> tuple[Level, ...]:
        from ...records.office import levels_of
        from ...records.workspace import standard_of

        try:
            return levels_of(standard_of(self.desk.log, one))
        except BalanceError:
            # A standard that is not what it was is told of where the assessment is opened.
            return ()

    def seen(self, target: str) -> int:
        """The number of the last event of a target that the figures shown hold, or that was made here: what another did
        since has not been seen."""
        one, last = self.one, self.one.last.get(target, 0)
        if self.recorded is None or last <= self.recorded.number:
            return last
        known = [
            event.sequence
            for event in one.history(target)
            if event.sequence <= self.recorded.number or event.connection == self.desk.connection
        ]
        return known[-1] if known else 0

    def leave(self) -> None:
        """The app has ended: be seen no longer, once what was typed last is kept."""
        self.drafts.wait(_LINGERING)
        self.presence.leave()
        if self._beside is not None:
            self._beside.close()

    def may(self, act: str) -> bool:
        """Whether the person may do something to the open assessment."""
        return self.name is not None and self.desk.may(act, self.one.area)


def last_of(one: Assessment) -> int:
    """The number of an assessment's last event."""
    return one.events[-1].sequence if one.events else 0
