"""Text being typed, kept outside the log until it is confirmed, so that a line that drops takes none of it.

One slip a sitting beside the log, replaced whole at every change. What a sitting that is over has left is taken over
by the next of the same person at the same assessment, on whichever host.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import socket
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

from ..errors import Place, Refused
from ..language import Text
from .beside import LIMIT, Beside, Slip

_FORMAT = 2
_HURRIED = "-now"
"""Behind the name of what was kept in a hurry."""


@dataclass(frozen=True)
class Typed:
    """What was being typed: `target` as the log names it, `base` the number of its last event that was seen, and the
    parts of the form by name (`value`, `answer`, `remark`, `reason`, ...)."""

    target: str
    base: int
    parts: Mapping[str, str]


class Left(NamedTuple):
    """What sittings that are over have left, oldest first, and the names it is kept under; the sittings of the same
    person that live and keep some themselves."""

    drafts: tuple[Typed, ...]
    names: tuple[str, ...]
    living: frozenset[str]


class _Kept(NamedTuple):
    """A sitting, what it kept last, and the names it is kept under."""

    sitting: str
    drafts: tuple[Typed, ...]
    names: tuple[str, ...]


class Drafts:
    """The drafts of one sitting of a user at an assessment. What cannot be read is as if there were none: a draft is a
    help, and never in the way."""

    def __init__(self, beside: Beside, user: str, assessment: str, sitting: str = "") -> None:
        self._beside = beside
        self._of = [user, assessment]
        self._sitting = sitting
        owner = f"{user}\0{assessment}"
        self._mine = f"{_digest(owner)}-"
        self.name = f"{self._mine}{_digest(sitting)}"

    def all(self) -> tuple[Typed, ...]:
        """Every draft, oldest first."""
        return next((kept.drafts for kept in self._found() if kept.sitting == self._sitting), ())

    def put(self, drafts: Sequence[Typed], *, hurried: bool = False) -> None:
        """Keep just these; with none of them nothing is kept. What is `hurried` outlives the program at once, but not
        surely the machine. Errors: DRAFT-KEEP, and the drafts are as they were."""
        told = {
            "format": _FORMAT,
            "of": [*self._of, self._sitting],
            "drafts": [asdict(each) for each in drafts],
        }
        content = json.dumps(told, ensure_ascii=True).encode()
        if len(content) > LIMIT:
            raise self._not_kept(Text("草稿过大", "the drafts are too large"))
        try:
            if not drafts:
                self._drop((f"{self.name}{_HURRIED}", self.name))
            elif hurried:
                self._beside.put("drafts", f"{self.name}{_HURRIED}", content, durable=False)
            else:
                self._beside.put("drafts", self.name, content)
                with contextlib.suppress(OSError, Refused):  # older than this, and so not looked at
                    self._drop((f"{self.name}{_HURRIED}",))
        except (OSError, Refused) as error:
            raise self._not_kept(_why(error)) from error

    def left(self, is_over: Callable[[str], bool]) -> Left:
        """What sittings that are over have left: of each target what was kept last. It stays kept until it is `taken`."""
        others = [kept for kept in self._found() if kept.sitting != self._sitting]
        gone = [kept for kept in others if is_over(kept.sitting)]
        found = {each.target: each for kept in gone for each in kept.drafts}
        living = frozenset(kept.sitting for kept in others) - {kept.sitting for kept in gone}
        return Left(tuple(found.values()), tuple(name for kept in gone for name in kept.names), living)

    def taken(self, names: Sequence[str]) -> None:
        """What was left under these names is kept by this sitting now. Errors: DRAFT-KEEP."""
        written = {name.removesuffix(_HURRIED) for name in names}
        try:
            self._drop([each for name in written for each in (f"{name}{_HURRIED}", name)])
        except (OSError, Refused) as error:
            raise self._not_kept(_why(error)) from error

    def _drop(self, names: Sequence[str]) -> None:
        for name in names:
            self._beside.drop("drafts", name)

    def _found(self) -> list[_Kept]:
        """What the sittings of this user at this assessment keep, the one who kept last behind."""
        try:
            slips = self._beside.all("drafts", self._mine)
        except (OSError, Refused):
            return []
        found: dict[str, _Kept] = {}
        for slip in slips:
            kept = self._read(slip)
            if kept is not None:
                before = found.pop(kept.sitting, None)
                names = (*(before.names if before else ()), slip.name)
                found[kept.sitting] = kept._replace(names=names)
        return list(found.values())

    def _read(self, slip: Slip) -> _Kept | None:
        """A sitting and its drafts; None of what was put in the place of another's."""
        try:
            kept = json.loads(slip.content)
            user, assessment, sitting = kept["of"]
            named = f"{self._mine}{_digest(sitting)}"
            if kept["format"] != _FORMAT or [user, assessment] != self._of:
                return None
            if slip.name.removesuffix(_HURRIED) != named:
                return None
            return _Kept(sitting, tuple(_typed(each) for each in kept["drafts"]), (slip.name,))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None

    def _not_kept(self, why: Text) -> Refused:
        return Refused(
            "DRAFT-KEEP", Text(f"草稿没有保存: {why.zh}", f"the draft was not kept: {why.en}"),
            Text("已确认的不受影响; 请检查磁盘", "what is confirmed is safe; check the disk"), Place(self._beside.place),
        )  # fmt: skip


def is_over(sitting: str, living: Collection[str]) -> bool:
    """Whether a sitting is over: its process, where it was of this machine, runs no more, or nothing is seen of it.
    `living` are the sittings that are seen."""
    host, *words = sitting.split() or [""]
    if host == socket.gethostname() and not any(_runs(int(word)) for word in words if word.isdecimal()):
        return True
    return sitting not in living


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def _why(error: OSError | Refused) -> Text:
    return error.what if isinstance(error, Refused) else Text(str(error.strerror), str(error.strerror))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _typed(kept: Mapping[str, object]) -> Typed:
    target, base, parts = kept["target"], kept["base"], kept["parts"]
    if not (isinstance(target, str) and isinstance(base, int) and isinstance(parts, dict)):
        raise TypeError(kept)
    return Typed(target, base, {str(name): str(value) for name, value in parts.items()})
