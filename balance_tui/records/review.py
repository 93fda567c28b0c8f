"""Review: an assessment goes up level by level as the standard's workflow names them; approval locks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import Refused
from ..language import Text
from .event import Event, Json
from .refusals import reasonless, wrong_state
from .roles import BREADTH_OF_LEVEL
from .seat import Seat
from .state import Assessment
from .targets import REVIEW


@dataclass(frozen=True)
class Level:
    """A level of review of the standard's workflow."""

    id: str
    label: Text


class Review(Seat):
    """See the module. `decided` is what the result was when a step was taken (`decided.decided`), kept with the event
    so that it can be held against what follows from the records."""

    def submit(
        self, name: str, levels: Sequence[Level], remark: str = "", decided: dict[str, Json] | None = None
    ) -> Event:
        """Hand the assessment to the next level of review."""
        one = self.assessment(name)
        self.require("submit", one.area, breadth(levels, one.level))
        if one.review == "submitted":
            raise _wrong_state(one, levels)
        if one.level + 1 >= len(levels):
            raise Refused(
                "REC-REVIEW", Text("已是最后一级, 没有可提交的上级", "this is the last level; there is none above it"),
                Text("本级可直接通过", "it can be approved at this level"),
            )  # fmt: skip
        return self._reviewed(one, "submit", one.level + 1, "submitted", remark, decided)

    def send_back(self, name: str, levels: Sequence[Level], remark: str) -> Event:
        """Return the assessment to the level below, with remarks."""
        one = self.assessment(name)
        self.require("return", one.area, breadth(levels, one.level))
        if one.review != "submitted":
            raise _wrong_state(one, levels)
        if not remark.strip():
            raise reasonless()
        return self._reviewed(one, "return", one.level - 1, "returned", remark)

    def approve(
        self, name: str, levels: Sequence[Level], remark: str = "", decided: dict[str, Json] | None = None
    ) -> Event:
        """Approve at the level the assessment stands at; from then on it is locked."""
        one = self.assessment(name)
        self.require("approve", one.area, breadth(levels, one.level))
        if one.review != "submitted":
            raise _wrong_state(one, levels)
        return self._reviewed(one, "approve", one.level, "approved", remark, decided)

    def unlock(self, name: str, reason: str) -> Event:
        """Open an approved or submitted assessment again, for a reason; what may then be changed goes up from the first
        level again."""
        one = self.assessment(name)
        self.require("unlock", one.area)
        if not reason.strip():
            raise reasonless()
        if one.review in ("open", "returned"):
            raise _wrong_state(one, ())
        return self._reviewed(one, "unlock", 0, "open", reason)

    def _reviewed(
        self,
        one: Assessment,
        operation: str,
        level: int,
        state: str,
        remark: str,
        decided: dict[str, Json] | None = None,
    ) -> Event:
        old: Json = {"level": one.level, "state": one.review}
        new: dict[str, Json] = {"level": level, "state": state}
        if decided is not None:
            new["decided"] = decided
        return self._written([self._draft(one.id, operation, REVIEW, old, new, reason=remark)])[0]


def breadth(levels: Sequence[Level], level: int) -> int:
    """How wide a grant must be to act at a level of review."""
    name = levels[level].id if level < len(levels) else ""
    return BREADTH_OF_LEVEL.get(name, min(level + 1, 4))


def _wrong_state(one: Assessment, levels: Sequence[Level]) -> Refused:
    return wrong_state(one, levels[one.level].label if one.level < len(levels) else Text("", ""))
