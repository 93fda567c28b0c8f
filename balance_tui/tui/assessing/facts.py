"""Correcting facts: which cells are meant, what was typed for them, and what is then written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from ...data.dictionary import KEY_FIELDS
from ...engine.explanation.origin import value_text
from ...errors import BalanceError, Refused, UsageError, visible
from ...language import Text
from ...records.entry import read_entry
from ...records.refusals import locked
from ...records.seat import OPEN, area_of
from ...records.state import FactKey
from ...records.targets import fact_target
from ...records.workspace import reported
from ..cells import cut, shown
from ..view import Piece
from ..views.common import county_in, school_named, stage_name
from .drafts import Draft
from .proposal import Entered, Proposal
from .telling import local_time

if TYPE_CHECKING:
    from ...data.dictionary import Field
    from ...records.event import Event
    from ...records.log import Conflict
    from ...records.state import Assessment
    from ..app import BalanceApp
    from ..study import Study
    from ..view import Line, Record
    from .session import Session

FIXED = (*KEY_FIELDS, "school_id", "stage")
"""What identifies a row, and is not corrected."""
VIEWS = ("data", "county_data")


@dataclass(frozen=True)
class Target:
    """A cell that can be corrected: its key, whose it is, what it holds now and what was imported."""

    key: FactKey
    whose: str
    field: Field
    now: str | None
    imported: str | None

    @property
    def name(self) -> str:
        """The fact with its unit."""
        unit = str(self.field.unit_text)
        return f"{self.field.label}{f' ({unit})' if unit else ''}"

    def shown(self, value: str | None) -> str:
        """A value of the log as a person reads it."""
        if self.field.kind == "boolean" and value is not None:
            return str(value_text(self.field.code, value == "true"))
        return str(value_text(self.field.code, value)) if self.field.kind == "code" else visible(value or "—")


def target(study: Study, record: Record, column: str, view: str) -> Target:
    """The cell one stands on. Errors: REC-CELL where it cannot be corrected."""
    code = str(record["field"]) if view == "county_data" else column
    field = study.dataset.dictionary.get(code)
    school = record.get("school_id") if view == "data" else None
    wanted = ("county",) if view == "county_data" else ("school", "section")
    if field is None or code in FIXED or field.level not in wanted or (view == "data" and school is None):
        raise Refused(
            "REC-CELL", Text("这一格不能更正", "this cell cannot be corrected"),
            Text("请移到一个数据项上", "go to a fact"),
        )  # fmt: skip
    stage = record.get("stage") if field.level == "section" else None
    key = FactKey(*county_in(record), school, stage, code)
    whose = (
        " ".join(part for part in (school_named(record), str(stage_name(stage))) if part) if school else ""
    )
    assert study.recorded is not None
    now, imported = (reported(data, [key]).get(key) for data in (study.dataset, study.recorded.file.data))
    return Target(key, visible(whose), field, now, imported)


def told_of(app: BalanceApp, session: Session) -> Line:
    """Of a corrected cell one stands on what was imported, who corrected it and when; else nothing."""
    table, record = app.table, app.record
    if table is None or table.column is None or record is None or app.where.view not in VIEWS:
        return ()
    try:
        cell = target(app.looked_at, record, table.column.key, app.where.view)
    except BalanceError:
        return ()
    events = session.one.history(fact_target(cell.key)) if cell.key in session.one.facts else ()
    if not events:
        return ()
    imported, last = cell.shown(cell.imported), events[-1]
    who = f"{last.actor} {local_time(last)}"
    said = Text(f" (导入 {imported}; {who})", f" (imported {imported}; {who})")
    return (Piece(shown(visible(str(said))), "message"),)


def may_correct(session: Session, key: FactKey) -> None:
    """Errors: REC-ROLE, REC-LOCKED where this person may not correct this cell now."""
    one = session.one
    session.desk.require("fact", area_of(key, one))
    if one.review not in OPEN:
        raise locked(one)


@dataclass
class Correction:
    """Cells and what was typed for each. `bases` are the last events of each that were seen."""

    cells: Sequence[tuple[Target, str | None]]
    problems: Sequence[tuple[Target, str, str]] = ()
    """Cells whose text cannot be read: the text and why."""
    notes: dict[FactKey, str] = field(default_factory=dict)
    bases: dict[FactKey, int] = field(default_factory=dict)
    restoring: bool = False

    def lines(self) -> list[Entered]:
        """What cannot be read first, then what would be written."""
        wrong = [Entered(_label(cell), cell.shown(cell.now), visible(text), why, "error")
                 for cell, text, why in self.problems]  # fmt: skip
        return wrong + [
            Entered(_label(cell), cell.shown(cell.now), cell.shown(value), self._note(cell))
            for cell, value in self.cells
        ]

    def _note(self, cell: Target) -> str:
        told = [self.notes.get(cell.key, "")]
        if cell.now != cell.imported:
            told.append(
                str(Text(f"导入值 {cell.shown(cell.imported)}", f"imported {cell.shown(cell.imported)}"))
            )
        return "; ".join(part for part in told if part)

    def write(self, session: Session, reason: str) -> Sequence[Event]:
        """Put the values in force; they are on disk when this returns."""
        if self.restoring:
            return session.desk.restore(session.opened, [cell.key for cell, _ in self.cells], reason)
        imported = {cell.key: cell.imported for cell, _ in self.cells}
        cells = [(cell.key, value) for cell, value in self.cells]
        return session.desk.correct(session.opened, cells, reason, reported=imported, bases=self.bases)

    def change(self, one: Assessment) -> None:
        """What it makes of an assessment."""
        for cell, value in self.cells:
            if self.restoring:
                one.facts.pop(cell.key, None)
            else:
                one.facts[cell.key] = value

    def seen(self, conflict: Conflict) -> None:
        """What somebody else wrote has been looked at."""
        for cell, _ in self.cells:
            if fact_target(cell.key) == conflict.draft.target:
                self.bases[cell.key] = conflict.theirs[-1].sequence

    def proposal(self, app: BalanceApp) -> Proposal:
        """It, to be shown and confirmed."""
        first = (self.cells or [(cell, None) for cell, *_ in self.problems])[0][0]
        count = len(self.cells)
        what = (
            _label(first) if count + len(self.problems) == 1 else str(Text(f"{count} 格", f"{count} cells"))
        )
        verb = Text("恢复导入值", "restore") if self.restoring else Text("更正", "correct")
        obstacle = Text(
            f"{len(self.problems)} 格读不出, 须先改好", f"{len(self.problems)} cells cannot be read"
        )
        return Proposal(
            Text(f"{verb.zh} › {what}", f"{verb.en} › {what}"), app.where.county, self.lines, self.write, self.change,
            self.seen, obstacle=str(obstacle) if self.problems else "",
        )  # fmt: skip


def _label(cell: Target) -> str:
    return f"{cell.whose} {cell.name}".strip()


def typed(
    session: Session, cells: Sequence[tuple[Target, str]], bases: dict[FactKey, int] | None = None
) -> Correction:
    """What typed texts mean for cells; those that stay as they are are left out."""
    good: list[tuple[Target, str | None]] = []
    wrong: list[tuple[Target, str, str]] = []
    notes: dict[FactKey, str] = {}
    for cell, text in cells:
        entry = read_entry(text, cell.field)
        if entry.problem is not None:
            wrong.append((cell, text, str(entry.problem)))
        elif entry.value != cell.now:
            good.append((cell, entry.value))
        if entry.note is not None:
            notes[cell.key] = str(entry.note)
    return Correction(good, wrong, notes, bases or bases_of(session, [cell.key for cell, _ in cells]))


def bases_of(session: Session, keys: Sequence[FactKey]) -> dict[FactKey, int]:
    """The last events of cells that have been seen."""
    last = session.one.last
    return {key: last.get(fact_target(key), 0) for key in keys}


# One cell


def edit(app: BalanceApp, cell: Target, text: str | None = None) -> None:
    """Let a value be typed for a cell, and show what it would change."""
    session = app.at_desk
    may_correct(session, cell.key)
    bases = bases_of(session, [cell.key])
    question = Text(f"更正 {_asked(app, cell)}:", f"correct {_asked(app, cell)}:")
    initial = (cell.now or "") if text is None else text
    app.ask(question, initial, partial(_answered, app, cell, bases), partial(_typing, app, cell))


def _asked(app: BalanceApp, cell: Target) -> str:
    room = max(app.size.width // 2 - 10, 20)
    name = cut(cell.name, room)
    return f"{cut(cell.whose, room - len(name) * 2)} {name}".strip() if len(name) * 2 < room - 8 else name


def _typing(app: BalanceApp, cell: Target, text: str) -> None:
    """While it is typed: it is kept as a draft, and read at once."""
    session = app.at_desk
    if text == (cell.now or "") or session.name is None:
        session.drafts.forget()
        return
    session.drafts.keep(draft_of(session.opened, cell, text))
    entry = read_entry(text, cell.field)
    told = entry.problem or entry.note
    if told is not None:
        app.screen.add_class("mistyped")
        app.say(told)


def draft_of(assessment: str, cell: Target, text: str) -> Draft:
    """A text typed for a cell, as it is kept."""
    return Draft(assessment, "fact", fact_target(cell.key), {"text": text})


def _answered(app: BalanceApp, cell: Target, bases: dict[FactKey, int], text: str) -> None:
    session = app.at_desk
    correction = typed(session, [(cell, text)], bases)
    if correction.problems:
        _, _, why = correction.problems[0]
        raise UsageError("REC-VALUE", Text(why, why))
    if not correction.cells:
        session.drafts.forget()
        app.say(Text("没有变化", "nothing changed"))
        return
    from .proposing import propose

    proposal = correction.proposal(app)
    proposal.draft = draft_of(session.opened, cell, text)
    propose(app, proposal)
