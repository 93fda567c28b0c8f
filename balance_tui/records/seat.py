"""What every act at a desk rests on: the log, the state that follows from it, and what the person there may do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from ..errors import Refused, readable, visible
from ..language import Text
from .event import Draft, Event, Json
from .log import Conflict, Log, Look
from .refusals import changed_meanwhile, locked, overtaken, unknown_assessment
from .roles import Area, may, refuse
from .state import Assessment, FactKey, FindingKey, ItemKey, State, key_of
from .targets import parts_of

OPEN = ("open", "returned")
"""The states of a review in which figures can be changed."""


@dataclass
class Seat:
    """One person at one workspace in one sitting: `actor` is their name, `connection` names the sitting."""

    log: Log
    actor: str
    connection: str
    state: State = field(default_factory=State)
    """The workspace as far as it has been read: replaced as a whole, never changed, so that another thread may read it
    while this one acts."""
    _done: list[tuple[Event, ...]] = field(default_factory=list)
    _undone: list[tuple[Event, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.refresh()

    def refresh(self) -> tuple[Event, ...]:
        """Take in what happened since; the events of others and of this sitting that are new to the state."""
        events = tuple(self.log.since(self.state.head.sequence))
        self._take_in(events)
        return events

    def assessment(self, name: str) -> Assessment:
        """An assessment that the actor may look at. Errors: REC-ASSESSMENT, REC-ROLE."""
        found = self.state.assessments.get(name)
        if found is None:
            raise unknown_assessment(name)
        self.require("read", found.area)
        return found

    def may(self, act: str, area: Area, breadth: int = 0) -> bool:
        """Whether the actor may do something in an area."""
        return may(self.state.grants_of(self.actor), act, area, breadth)

    def require(self, act: str, area: Area, breadth: int = 0) -> None:
        """Errors: REC-ROLE where the actor may not."""
        if not self.may(act, area, breadth):
            raise refuse(self.actor, act, area)

    def require_any(self, act: str) -> None:
        """Errors: REC-ROLE where the actor may not do something anywhere."""
        if not any(self.may(act, grant.area) for grant in self.state.grants_of(self.actor)):
            raise refuse(self.actor, act, Area())

    def _open(self, name: str, act: str) -> Assessment:
        one = self._assessment_open(name)
        self.require(act, one.area)
        return one

    def _assessment_open(self, name: str) -> Assessment:
        one = self.assessment(name)
        if one.review not in OPEN:
            raise locked(one)
        return one

    def require_judging(self, one: Assessment, key: ItemKey) -> None:
        """Self-evaluation while the assessment is open; others also while it is submitted, by the level's people."""
        act = "judge self" if key.source == "self" else "judge"
        self.require(act, area_of(key, one))
        if one.review == "approved" or one.review == "submitted" and act == "judge self":
            raise locked(one)

    def _require_for(self, assessment: str, operation: str, target: str) -> None:
        """Errors: REC-ROLE, REC-LOCKED where the actor may not change the target of an assessment as things stand."""
        one = self.assessment(assessment)
        if operation == "judge":
            self.require_judging(one, ItemKey(*parts_of(target)))
            return
        if one.review not in OPEN:
            raise locked(one)
        if operation in ("fact", "acknowledge"):
            key = FactKey if operation == "fact" else FindingKey
            self.require(operation, area_of(key(*parts_of(target)), one))
        else:
            self.require(operation, one.area)

    def _draft(
        self, assessment: str, operation: str, target: str, old: Json, new: Json, *, reason: str = "",
        base: int | None = None, undoes: int | None = None, standard: str | None = None,
    ) -> Draft:  # fmt: skip
        one = self.state.assessments.get(assessment)
        lasts = one.last if one else self.state.last
        return Draft(
            assessment=assessment, operation=operation, target=target, old=old, new=as_text(new), actor=self.actor,
            connection=self.connection, base=lasts.get(target, 0) if base is None else base, reason=visible(reason),
            standard=standard if standard is not None else str(one.standard.get("hash", "")) if one else "",
            undoes=undoes,
        )  # fmt: skip

    def _changed(self, one: Assessment, draft: Draft) -> tuple[Event, ...]:
        if draft.old == draft.new:
            self._still(one, draft.target, draft.base)
            return ()
        return self._done_with([draft])

    def _still(self, one: Assessment, target: str, base: int) -> None:
        """Errors: `Conflict` where what is confirmed as it is has been changed by somebody since it was seen."""
        self.refresh()
        theirs = tuple(
            each for each in self.state.assessments[one.id].history(target) if each.sequence > base
        )
        if any(event.connection != self.connection for event in theirs):
            raise Conflict(self._draft(one.id, theirs[-1].operation, target, None, None, base=base), theirs)

    def _done_with(self, drafts: list[Draft]) -> tuple[Event, ...]:
        if not drafts:
            return ()
        written = self._written(drafts)
        self._done.append(written)
        self._undone.clear()
        return written

    def _written(self, drafts: list[Draft]) -> tuple[Event, ...]:
        """In the log, on disk, and then in the state, with what others wrote before it. What others did meanwhile to
        the review, the standard or the roles counts: it is looked at while nobody can write."""

        def look(events: Sequence[Event]) -> None:
            self._take_in(events)
            if any(event.operation in _GATES for event in events):
                self._still_allowed(drafts)
            self._still_decided(drafts)

        try:
            written = self.log.append(drafts, Look(self.state.head.sequence, look))
        except Conflict:
            written = self._written_before(drafts)
            if not written:
                raise
        self._take_in(written)
        return written

    def _written_before(self, drafts: Sequence[Draft]) -> tuple[Event, ...]:
        """The events of drafts that this very sitting wrote when the line to the store broke before it was told so; none
        where any of the drafts was not written."""
        found = [self._event_of(draft) for draft in drafts]
        return tuple(event for event in found if event is not None) if all(found) else ()

    def _event_of(self, draft: Draft) -> Event | None:
        one = self.state.assessments.get(draft.assessment)
        same = [event for event in (one.history(draft.target) if one else ()) if event.base == draft.base]
        return next(
            (event for event in same if all(getattr(event, name) == getattr(draft, name) for name in _SAME)),
            None,
        )

    def _still_allowed(self, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            one = self.state.assessments.get(draft.assessment)
            if one is None:
                self.require(_ACT.get(draft.operation, draft.operation), _area_of_draft(draft))
            elif draft.operation not in REVIEWING:
                self._require_for(draft.assessment, draft.operation, draft.target)
                if draft.standard != one.standard.get("hash") and draft.operation != "standard":
                    raise overtaken()
            else:
                self.require(draft.operation, one.area)

    def _still_decided(self, drafts: Sequence[Draft]) -> None:
        """Errors: REC-CHANGED where a result was decided before the last thing that happened to the assessment."""
        for draft in drafts:
            decided = draft.new.get("decided") if isinstance(draft.new, dict) else None
            if (
                isinstance(decided, dict)
                and decided["after"] != self.state.assessments[draft.assessment].events[-1].sequence
            ):
                raise changed_meanwhile()

    def _take_in(self, events: Sequence[Event]) -> None:
        later = [event for event in events if event.sequence > self.state.head.sequence]
        if later:
            self.state = self.state.after(later)


REVIEWING = ("submit", "return", "approve", "unlock")
_GATES = (*REVIEWING, "standard", "user", "grant", "revoke")
"""What others may do meanwhile that decides whether one's own act is still allowed."""
_SAME = ("operation", "new", "actor", "connection", "reason", "undoes")
"""What tells that an event is what a draft became, beside its target and base."""
_ACT = {"revoke": "grant", "standard": "create"}
"""What an event asks for that concerns the workspace, or an assessment that is only being made."""


def _area_of_draft(draft: Draft) -> Area:
    if draft.operation in ("grant", "revoke"):
        _, _, *area = key_of(draft.target)[1]
        return Area(*cast("list[str | None]", area))
    return Area()


def as_text(value: Json) -> Json:
    """A value that every store and every reader of JSON takes: bytes that were no text as escapes. Errors: REC-NUMBER
    where a figure is none."""
    if isinstance(value, str):
        return readable(value)
    if isinstance(value, dict):
        return {readable(name): as_text(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [as_text(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise Refused(
            "REC-NUMBER", Text("须是数", "a figure is expected"), Text("请重新输入", "type it again")
        )
    return value


def area_of(key: FactKey | ItemKey | FindingKey, one: Assessment) -> Area:
    """Where a key lies; what the data leave open is the assessment's own area."""
    area = one.area
    return Area(
        key.province or area.province, key.city or area.city, key.county or area.county, key.school_id
    )
