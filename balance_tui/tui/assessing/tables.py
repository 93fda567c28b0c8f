"""Many judgements at once, from a table: what each would be, what would change, and then all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ...errors import UsageError, visible
from ...language import Text
from ...records.frames import said_in
from ...records.targets import item_target
from ...records.telling import judged, judgements_apart
from . import errands
from .importing import is_elsewhere, pick_file
from .proposal import MOST, Entered, Proposal
from .proposing import propose

if TYPE_CHECKING:
    from pathlib import Path

    from ...reading import Progress
    from ...records.event import Event, Json
    from ...records.log import Conflict
    from ...records.office import File
    from ...records.state import Assessment, ItemKey
    from ..app import BalanceApp
    from .session import Session

TITLE = Text("成批判定", "judge from a table")


@dataclass
class Judgements:
    """What a table says of each question of an assessment; `bases` are the events of it that were looked at."""

    name: str
    said: Mapping[ItemKey, dict[str, Json]]
    bases: dict[ItemKey, int]
    lines: Sequence[Entered]

    def write(self, session: Session, reason: str) -> Sequence[Event]:
        """Put all of them in force, or none; they are on disk when this returns."""
        return session.file_of(self.name).judge(self.said, reason, self.bases)

    def change(self, one: Assessment) -> None:
        """What they make of an assessment."""
        one.judgements.update(self.said)

    def seen(self, conflict: Conflict) -> None:
        """What somebody else wrote has been looked at."""
        for key in self.said:
            if item_target(key) == conflict.draft.target:
                self.bases[key] = conflict.theirs[-1].sequence


def begin(app: BalanceApp) -> None:
    """Let a table be picked, and show what it would change. Errors: REC-UNREAD."""
    file = app.at_desk.file

    def picked(path: Path) -> None:
        work: Callable[[Progress], Judgements] = partial(_read, file, path)
        label = Text(f"读取 {visible(path.name)}", f"reading {visible(path.name)}")
        errands.begin(app, label, work, partial(_show, app))

    pick_file(app, TITLE, picked)


def _read(file: File, path: Path, progress: Progress) -> Judgements:  # noqa: ARG001 - it is one file
    """Errors: REC-TABLE where it judges nothing, those of reading."""
    one, said = file.one, said_in(file.judgements_in(path))
    if not said:
        raise UsageError("REC-TABLE", Text(f"{path.name} 中没有判定", f"{path.name} judges nothing"))
    bases = {key: one.last.get(item_target(key), 0) for key in said}
    lines = [Entered(_where(key), *_sides(one.judgements.get(key), new)) for key, new in said.items()]
    more = len(lines) - MOST
    rest = [Entered(str(Text(f"另有 {more} 项", f"{more} more")), "", "")] if more > 0 else []
    return Judgements(one.id, said, bases, [*lines[:MOST], *rest])


def _sides(old: Mapping[str, Json] | None, new: Mapping[str, Json]) -> tuple[str, str]:
    """What is judged now and would be: what is otherwise; where nothing is, the judgement."""
    before, after = judgements_apart(old, new) if old != new else (judged(old), judged(new))
    return before, after


def _where(key: ItemKey) -> str:
    return visible(" ".join(str(part) for part in (key.item, key.school_id, key.county, key.source) if part))


def _show(app: BalanceApp, errand: errands.Errand, found: Judgements) -> None:
    _ = errand
    if is_elsewhere(app) or app.at_desk.name != found.name:
        return
    title = Text(f"{TITLE.zh} › {found.name}", f"{TITLE.en} › {found.name}")
    propose(
        app, Proposal(title, app.where.county, lambda: found.lines, found.write, found.change, found.seen)
    )
