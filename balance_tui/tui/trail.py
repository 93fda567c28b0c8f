"""The way one came, and where one stood in each place, so that nothing is lost by going somewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from .table.sheet import SheetState
from .where import Where

LONGEST = 200
"""Places remembered; the oldest are forgotten first."""


class Standing(NamedTuple):
    """Where one stood in a table: its arrangement, the row by key and by number, the column by key."""

    state: SheetState
    key: object
    row: int
    column: str


@dataclass
class Trail:
    """The places one came through, and where one stood in the tables of each, by pane id."""

    places: list[Where] = field(default_factory=list)
    standings: dict[Where, dict[str, Standing]] = field(default_factory=dict)
    focused: dict[Where, str] = field(default_factory=dict)

    def leave(self, place: Where) -> None:
        """Remember a place to come back to."""
        if not self.places or self.places[-1] != place:
            self.places.append(place)
        del self.places[:-LONGEST]

    def back(self) -> Where | None:
        """The place one came from, which is then no longer remembered."""
        return self.places.pop() if self.places else None

    def note(self, place: Where, standings: dict[str, Standing], focused: str) -> None:
        """Remember where one stands in a place."""
        self.standings.pop(place, None)
        self.standings[place] = standings
        self.focused[place] = focused
        while len(self.standings) > LONGEST:
            oldest = next(iter(self.standings))
            del self.standings[oldest]
            self.focused.pop(oldest, None)
