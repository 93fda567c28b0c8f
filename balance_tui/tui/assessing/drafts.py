"""Text being typed into an assessment, kept until it is recorded or given up, so that a dropped line costs nothing.

It is kept at every key, on a thread of its own: however slow the disk or the server, nobody who types waits for it,
and of what comes faster than it is kept the last is; first so that it outlives the program, then the machine. What
the person's sittings that are over have left is offered.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ...errors import BalanceError, Refused
from ...records.drafts import Drafts, Left, Typed, is_over
from .storing import OneByOne

if TYPE_CHECKING:
    from ...records.beside import Beside
    from ..app import BalanceApp

__all__ = ["Keeping", "Typed", "kept_while_typed"]


class Keeping(OneByOne):
    """What one sitting keeps, by assessment. All but the writing itself is the app thread's."""

    def __init__(self, beside: Beside | None, user: str, connection: str) -> None:
        super().__init__("drafts")
        self._beside, self._user, self._connection = beside, user, connection
        self._typed: dict[str, tuple[Typed, ...]] = {}
        self._wanted: dict[str, tuple[Typed, ...]] = {}
        self.waiting: dict[str, tuple[Typed, ...]] = {}
        """What was left and has not been offered yet."""
        self.living: frozenset[str] = frozenset()
        """Other sittings of the person at the open assessment that keep something themselves."""
        self.tell: Callable[[BalanceError], object] | None = None
        """Is told, on the thread that writes, where something could not be kept: once, until it can be again."""
        self._is_told = False

    def keep(self, assessment: str, typed: Sequence[Typed]) -> None:
        """Keep this in the place of what was typed before."""
        if self._typed.get(assessment, ()) != tuple(typed):
            self._typed[assessment] = tuple(typed)
            self._write(assessment)

    def forget(self, assessment: str, targets: Collection[str] | None = None) -> None:
        """It is recorded, or given up; `targets` names what of it."""
        typed = self._typed.get(assessment, ())
        self.keep(assessment, [each for each in typed if targets is not None and each.target not in targets])

    def look_for_left(self, assessment: str, living: frozenset[str], then: Callable[[Left], object]) -> None:
        """See what sittings that are over have left; `then` is given it on the thread that writes."""
        if self._beside is not None:
            self.put(partial(_looked, self._of(self._beside, assessment), living, then))

    def take_over(self, assessment: str, left: Left) -> None:
        """Keep what was left, until it has been offered."""
        self.living = left.living
        if left.drafts:
            self.waiting[assessment] = (*self.waiting.get(assessment, ()), *left.drafts)
            self._write(assessment, left.names)

    def offered(self, assessment: str, drafts: Sequence[Typed]) -> None:
        """These are being typed again."""
        self.waiting[assessment] = tuple(
            each for each in self.waiting.get(assessment, ()) if each not in drafts
        )
        self._typed[assessment] = tuple(drafts)

    def drop(self, assessment: str, drafts: Sequence[Typed]) -> None:
        """Nobody need be offered these."""
        if drafts:
            left = self.waiting.get(assessment, ())
            self.waiting[assessment] = tuple(each for each in left if each not in drafts)
            self._write(assessment)

    def _write(self, assessment: str, taken: Sequence[str] = ()) -> None:
        kept = {
            each.target: each
            for each in (*self.waiting.get(assessment, ()), *self._typed.get(assessment, ()))
        }
        wanted = self._wanted[assessment] = tuple(kept.values())
        if self._beside is not None:
            self.put(partial(self._written, self._of(self._beside, assessment), assessment, wanted, taken))

    def _written(
        self, drafts: Drafts, assessment: str, wanted: tuple[Typed, ...], taken: Sequence[str]
    ) -> None:
        if wanted is not self._wanted[assessment] and not taken:
            return
        try:
            drafts.put(wanted, hurried=True)
            if wanted is self._wanted[assessment] or taken:
                drafts.put(wanted)
                drafts.taken(taken)
            self._is_told = False
        except Refused as refused:
            if self.tell is not None and not self._is_told:
                self._is_told = True
                self.tell(refused)

    def _of(self, beside: Beside, assessment: str) -> Drafts:
        return Drafts(beside, self._user, assessment, self._connection)


def _looked(drafts: Drafts, living: frozenset[str], then: Callable[[Left], object]) -> None:
    then(drafts.left(lambda sitting: is_over(sitting, living)))


def kept_while_typed(app: BalanceApp, target: str, initial: str, **more: str) -> Callable[[str], None]:
    """For a line that is typed into the open assessment: it is kept as a draft of a target while it is not what it was
    at first, with what `more` tells of it."""
    session = app.at_desk
    assessment = session.opened

    def changed(text: str) -> None:
        if text == initial:
            session.drafts.forget(assessment)
        else:
            session.drafts.keep(assessment, [Typed(target, 0, {**more, "text": text})])

    return changed
