"""Undo and redo: the inverse of what was done last in this sitting, as events of their own."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import Refused
from ..language import Text
from .event import Draft, Event
from .seat import Seat


class Undoing(Seat):
    """See the module."""

    @property
    def can_undo(self) -> bool:
        """Whether there is something of this sitting to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back and nothing done since."""
        return bool(self._undone)

    def undo(self) -> tuple[Event, ...]:
        """Take back what was done last in this sitting. Errors: `Conflict` where somebody changed it since."""
        if not self._done:
            raise Refused(
                "REC-UNDO", Text("本次登录没有可撤销的", "nothing of this sitting can be undone"), None
            )
        written = self._written(self._inverse(self._done[-1]))
        self._done.pop()
        self._undone.append(written)
        return written

    def redo(self) -> tuple[Event, ...]:
        """Do again what was taken back last. Errors: as `undo`."""
        if not self._undone:
            raise Refused("REC-REDO", Text("没有可重做的", "nothing can be done again"), None)
        written = self._written(self._inverse(self._undone[-1]))
        self._undone.pop()
        self._done.append(written)
        return written

    def _inverse(self, events: Sequence[Event]) -> list[Draft]:
        """What is undone has to be allowed like anything else: a lock or a lost role since stands in the way."""
        drafts = []
        for event in events:
            self._require_for(event.assessment, event.operation, event.target)
            old = None if isinstance(event.old, dict) and event.old.get("imported") else event.old
            drafts.append(
                self._draft(
                    event.assessment,
                    event.operation,
                    event.target,
                    event.new,
                    old,
                    reason=event.reason,
                    base=self._base(event),
                    undoes=event.sequence,
                )
            )
        return drafts

    def _base(self, event: Event) -> int:
        """The last event that there may be of its target: it, or what this sitting did to that since, which has been taken
        back (or done again) by now."""
        since = [
            each
            for each in self.assessment(event.assessment).history(event.target)
            if each.sequence > event.sequence
        ]
        alone = all(each.connection == self.connection for each in since)
        return since[-1].sequence if since and alone else event.sequence
