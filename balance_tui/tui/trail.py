"""The way one came, and where one stood in each place, so that nothing is lost by going somewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from .table.sheet import SheetState
from .view import View
from .where import County, Where, where

LONGEST = 200
"""Places remembered; the oldest are forgotten first."""


class Standing(NamedTuple):
    """Where one stood in a table: its arrangement, the row by key and by number, the column by key, how many rows
    were seen above, and the branches that were closed."""

    state: SheetState
    key: object
    row: int
    column: str
    above: int = 0
    closed: tuple[object, ...] = ()


@dataclass
class Trail:
    """The places one came through, and where one stood in the tables of each, by pane id."""

    places: list[Where] = field(default_factory=list)
    standings: dict[Where, dict[str, Standing]] = field(default_factory=dict)
    focused: dict[Where, str] = field(default_factory=dict)
    asides: dict[Where, View] = field(default_factory=dict)
    """Views that belong to no place, as long as one has not left them."""
    _asides: int = 0

    def leave(self, place: Where) -> None:
        """Remember a place to come back to."""
        if not self.places or self.places[-1] != place:
            self.places.append(place)
        for forgotten in self.places[:-LONGEST]:
            self.asides.pop(forgotten, None)
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
            self._forget(next(iter(self.standings)))

    def lay_aside(self, view: View, county: County | None, kind: str = "aside") -> Where:
        """A place for a view that belongs to none; actions may be of this `kind` of view alone."""
        self._asides += 1
        place = where(kind, county, number=str(self._asides))
        self.asides[place] = view
        return place

    def drop_asides(self) -> None:
        """Leave every such view, so that one stands in the place they were laid over."""
        self.places = [place for place in self.places if place not in self.asides]
        for place in list(self.asides):
            self.drop_aside(place)

    def forget(self, place: Where) -> None:
        """Leave a view out of the way back, and forget it."""
        self.places = [each for each in self.places if each != place]
        self.drop_aside(place)

    def drop_aside(self, place: Where) -> None:
        """Forget a view one has left."""
        self.asides.pop(place, None)
        self._forget(place)

    def _forget(self, place: Where) -> None:
        self.standings.pop(place, None)
        self.focused.pop(place, None)
