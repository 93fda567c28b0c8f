"""One person's sitting at a workspace, as the app knows it: the desk, the assessment that is open, who else is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import Refused
from ...language import Text
from .drafts import Drafts
from .presence import Presence

if TYPE_CHECKING:
    from ...data.dataset import Dataset
    from ...records.desk import Desk
    from ...records.event import Event
    from ...records.office import File
    from ...records.state import Assessment
    from .proposal import Proposal
    from .recorded import Recorded


@dataclass
class Session:
    """`desk` is where everything is done; `folder` the workspace where it is one; `restricted` that there is no way out
    of the program; `name` the assessment that is open."""

    desk: Desk
    folder: Path | None
    restricted: bool = False
    name: str | None = None
    recorded: Recorded | None = None
    proposal: Proposal | None = None
    """What is shown and not yet confirmed."""
    others: tuple[str, ...] = ()
    """Who else has the assessment open."""
    _version: int | None = None
    _named: tuple[Dataset, Mapping[str, str]] | None = None
    presence: Presence = field(init=False)
    drafts: Drafts = field(init=False)

    def __post_init__(self) -> None:
        self.presence = Presence(self.folder, self.desk.actor, self.desk.connection)
        self.drafts = Drafts(self.folder, self.desk.actor, self.desk.connection)

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

    @property
    def number(self) -> int:
        """The number of the last event of the open assessment."""
        return last_of(self.one)

    @property
    def is_behind(self) -> bool:
        """Whether something was recorded that the figures shown do not hold."""
        return self.recorded is not None and self.name is not None and self.recorded.number != self.number

    @property
    def names(self) -> Mapping[str, str]:
        """The names of the schools of the open assessment by their id."""
        if self.recorded is None:
            return {}
        data = self.recorded.file.data
        if self._named is None or self._named[0] is not data:
            rows = data.sections.select("school_id", "school").drop_nulls().unique("school_id")
            self._named = (data, dict(rows.iter_rows()))
        return self._named[1]

    def look(self) -> Sequence[Event]:
        """What others recorded since the last look, cheaply where that is nothing."""
        version = self.desk.log.changes()
        if version == self._version:
            return ()
        self._version = version
        return self.desk.refresh()

    def may(self, act: str) -> bool:
        """Whether the person may do something to the open assessment."""
        return self.name is not None and self.desk.may(act, self.one.area)


def last_of(one: Assessment) -> int:
    """The number of an assessment's last event."""
    return one.events[-1].sequence if one.events else 0
