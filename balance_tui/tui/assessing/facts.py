"""Correcting facts: which cells are meant, what was typed for them, and what is then written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

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
from ..asking import room_of
from ..cells import cut, shown, width
from ..view import Piece
from ..views.common import county_in, school_named, stage_name
from .drafts import Typed
from .proposal import Entered, Proposal
from .telling import changed_by, local_time

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
CORRECT = Text("更正", "correct")
LEAST_NAME = 12
"""Cells of the fact's name in a question, however long the school's is."""


@dataclass(frozen=True)
class Target:
    """A cell that can be corrected: its key, whose it is, what it holds now and what was imported."""

    key: FactKey
    whose: str
    field: Field
    now: str | None
    imported: str | None
    school: str = ""

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
    return Target(key, visible(whose), field, now, imported, school_named(record) if school else "")


def target_of(study: Study, key: FactKey) -> Target:
    """The cell of a key. Errors: REC-CELL where the data have it no more."""
    place = dict(zip(KEY_FIELDS, key[:4], strict=True))
    if key.school_id is None:
        return target(study, {**place, "field": key.field}, "", "county_data")
    sections = study.dataset.sections
    wanted = {**place, "school_id": key.school_id, **({} if key.stage is None else {"stage": key.stage})}
    rows = sections.filter(
        pl.col(name).eq_missing(pl.lit(value, sections.schema[name])) for name, value in wanted.items()
    )
    return target(study, rows.row(0, named=True) if rows.height else {}, key.field, "data")


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
    """Cells of an assessment and what was typed for each. `bases` are the last events of each that were seen."""

    assessment: str
    cells: Sequence[tuple[Target, str | None]]
    problems: Sequence[tuple[Target, str, str]] = ()
    """Cells whose text cannot be read: the text and why."""
    notes: dict[FactKey, str] = field(default_factory=dict)
    bases: dict[FactKey, int] = field(default_factory=dict)
    restoring: bool = False
    texts: dict[FactKey, str] = field(default_factory=dict)
    """What was typed, as it was typed."""

    def lines(self, session: Session) -> list[Entered]:
        """What cannot be read first, then what would be written, each beside what is recorded now."""
        wrong = [Entered(_label(cell), cell.shown(cell.now), visible(text), why, "error")
                 for cell, text, why in self.problems]  # fmt: skip
        return wrong + [self._line(session.one, cell, value) for cell, value in self.cells]

    def _line(self, one: Assessment, cell: Target, value: str | None) -> Entered:
        now, since = self._since(one, cell)
        return Entered(_label(cell), cell.shown(now), cell.shown(value), self._note(cell, since))

    def _since(self, one: Assessment, cell: Target) -> tuple[str | None, str]:
        """What the cell holds now, and who has changed it since it was seen."""
        name = fact_target(cell.key)
        base = self.bases.get(cell.key, 0)
        if one.last.get(name, 0) <= base:
            return cell.now, ""
        last = one.history(name)[-1]
        return one.facts.get(cell.key, cell.imported), changed_by(last)

    def _note(self, cell: Target, since: str) -> str:
        told = [since, self.notes.get(cell.key, "")]
        if cell.now != cell.imported:
            told.append(
                str(Text(f"导入值 {cell.shown(cell.imported)}", f"imported {cell.shown(cell.imported)}"))
            )
        return "; ".join(part for part in told if part)

    def write(self, session: Session, reason: str) -> Sequence[Event]:
        """Put the values in force; they are on disk when this returns."""
        if self.restoring:
            keys = [cell.key for cell, _ in self.cells]
            return session.desk.restore(self.assessment, keys, reason, self.bases)
        imported = {cell.key: cell.imported for cell, _ in self.cells}
        cells = [(cell.key, value) for cell, value in self.cells]
        return session.desk.correct(self.assessment, cells, reason, reported=imported, bases=self.bases)

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

    def typed(self, reason: str) -> list[Typed]:
        """What is offered again where the line drops."""
        kept = [cell for cell, _ in self.cells] + [cell for cell, *_ in self.problems]
        return [
            Typed(
                fact_target(cell.key),
                self.bases.get(cell.key, 0),
                {"text": self.texts[cell.key], "reason": reason},
            )
            for cell in kept
            if cell.key in self.texts
        ]

    def proposal(self, app: BalanceApp) -> Proposal:
        """It, to be shown and confirmed."""
        first = (self.cells or [(cell, None) for cell, *_ in self.problems])[0][0]
        count = len(self.cells)
        what = (
            _label(first) if count + len(self.problems) == 1 else str(Text(f"{count} 格", f"{count} cells"))
        )
        verb = Text("恢复导入值", "restore") if self.restoring else CORRECT
        obstacle = Text(
            f"{len(self.problems)} 格读不出, 须先改好", f"{len(self.problems)} cells cannot be read"
        )
        schools = {cell.school for cell, _ in self.cells}
        return Proposal(
            Text(f"{verb.zh} › {what}", f"{verb.en} › {what}"), app.where.county, partial(self.lines, app.at_desk),
            self.write, self.change, self.seen, obstacle=str(obstacle) if self.problems else "", typed=self.typed,
            school=schools.pop() if len(schools) == 1 else "",
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
    texts = {cell.key: text for cell, text in cells}
    return Correction(
        session.opened, good, wrong, notes, bases or bases_of(session, list(texts)), texts=texts
    )


def bases_of(session: Session, keys: Sequence[FactKey]) -> dict[FactKey, int]:
    """The last events of cells that have been seen."""
    return {key: session.seen(fact_target(key)) for key in keys}


# One cell


def edit(app: BalanceApp, cell: Target, offered: Typed | None = None) -> None:
    """Let a value be typed for a cell, or what was typed before the line dropped, and show what it would change."""
    session = app.at_desk
    may_correct(session, cell.key)
    base = offered.base if offered else session.seen(fact_target(cell.key))
    reason = offered.parts.get("reason", "") if offered else ""
    asked = _asked(app, cell)
    question = Text(f"{CORRECT.zh} {asked}:", f"{CORRECT.en} {asked}:")
    asking = partial(_answered, app, cell, {cell.key: base}, reason), partial(_typing, app, cell, base)
    app.ask(question, offered.parts["text"] if offered else cell.now or "", *asking)
    if offered and app.asked:
        app.asked.initial = cell.now or ""


def _asked(app: BalanceApp, cell: Target) -> str:
    """The cell, as far as the question has room: whose it is and which fact; the end of the fact goes first."""
    room = room_of(app.size.width) - width(shown(f"{CORRECT} :"))
    whose = cut(shown(cell.whose), room - LEAST_NAME)
    left = room - width(whose) - bool(whose)
    name = next(
        (each for each in (cell.name, str(cell.field.label)) if width(shown(each)) <= left), cell.name
    )
    return f"{whose} {cut(shown(name), left)}".strip()


def _typing(app: BalanceApp, cell: Target, base: int, text: str) -> None:
    """While it is typed: it is kept as a draft, and read at once."""
    session = app.at_desk
    if text == (cell.now or ""):
        session.drafts.forget(session.opened)
        return
    session.drafts.keep(session.opened, [Typed(fact_target(cell.key), base, {"text": text})])
    entry = read_entry(text, cell.field)
    told = entry.problem or entry.note
    if told is not None:
        app.screen.add_class("mistyped")
        app.say(told)


def _answered(app: BalanceApp, cell: Target, bases: dict[FactKey, int], reason: str, text: str) -> None:
    session = app.at_desk
    correction = typed(session, [(cell, text)], bases)
    if correction.problems:
        _, _, why = correction.problems[0]
        raise UsageError("REC-VALUE", Text(why, why))
    if not correction.cells:
        session.drafts.forget(session.opened)
        app.say(Text("没有变化", "nothing changed"))
        return
    from .proposing import propose

    proposal = correction.proposal(app)
    proposal.reason = reason
    propose(app, proposal)
