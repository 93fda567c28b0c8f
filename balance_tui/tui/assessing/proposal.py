"""Something to be recorded, shown with what it would change before it is: corrected facts, a judgement, a reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from ...language import Text
from ...records.event import Event
from ...records.log import Conflict
from ..cells import shown
from ..table.sheet import Cell, Column, Kind, ListSheet
from ..view import Doing, Record, TablePane, View

if TYPE_CHECKING:
    from ...records.drafts import Typed
    from ...records.state import Assessment
    from ..study import Study
    from ..where import County, Where
    from .effects import Effect
    from .session import Session

MOST = 200
"""Rows of effects that are listed; beyond them it is said how many there are."""


@dataclass(frozen=True)
class Entered:
    """A line of what would be written: `value` in the place of `old`. `change` asks for another value, where it can be
    changed here; `style` where there is something wrong."""

    label: str
    old: str
    value: str
    note: str = ""
    style: str = ""
    change: Doing | None = None


@dataclass
class Proposal:
    """What would be written: `entered` are its lines, `write` writes it for a reason, `change` makes an assessment as it
    would then be, `seen` takes note that what somebody else wrote meanwhile was looked at. What would change is in
    `effects` once it is known.

    `write` is the store thread's: it reads nothing that the screen may change meanwhile. While it `is_saving`, nothing of
    the proposal is changed, and it is not written again."""

    title: Text
    county: County | None
    entered: Callable[[], Sequence[Entered]]
    write: Callable[[Session, str], Sequence[Event]]
    change: Callable[[Assessment], None]
    seen: Callable[[Conflict], None]
    reason: str = ""
    needs_reason: bool = False
    number: int = 0
    """Which trial the effects are of."""
    study: Study | None = None
    effects: Sequence[Effect] | None = None
    failed: str = ""
    obstacle: str = ""
    """Why it cannot be recorded as it is."""
    school: str = ""
    """The school it is about, where it is one: what is told of it does not name it again."""
    evaluates: bool = True
    """Whether it changes figures of the assessment that is open, so that its effects are worked out."""
    typed: Callable[[str], Sequence[Typed]] | None = None
    """What is offered again where the line drops before it is recorded, with the reason."""
    targets: set[str] = field(default_factory=set)
    """Of what was kept so far."""
    assessment: str | None = None
    """The assessment that was open when it was proposed."""
    place: Where | None = None
    """Where it is shown."""
    is_saving: bool = False
    is_awaited: bool = False
    """Whether it was to be confirmed before its effects were there."""


def columns(*, figures: bool) -> tuple[Column, ...]:
    """The columns of a proposal; figures stand at the right and are never cut, texts at the left."""
    kind: Kind = "plain" if figures else "text"
    return (
        Column("what", Text("内容", "what"), least=18, most=44, stretch=True),
        Column("before", Text("现在", "now"), kind=kind, least=8, most=24),
        Column("after", Text("改后", "then"), kind=kind, least=8, most=24),
        Column("note", Text("说明", "about it"), least=10, most=100, stretch=True),
    )


_REASON, _NO_REASON = Text("理由", "reason"), Text("i 填写", "i writes one")
_NEEDED = Text("须写明理由: 按 i", "a reason is needed: press i")
_WORKING = Text("影响计算中…", "being worked out…")
_NOTHING = Text("不影响任何结论与数值", "no verdict, no figure")
_MORE = Text("另有 {count} 处", "{count} more")
_HEAD = Text("会改变什么", "what would change")


def view(proposal: Proposal) -> View:
    """The lines of what would be written, the reason, and what would change."""
    rows: list[tuple[Cell, ...]] = []
    records: list[Record] = []
    entered = proposal.entered()
    figures = all(line.change is None for line in entered)
    for number, line in enumerate(entered):
        rows.append(cells(line.label, line.old, line.value, line.note, line.style, bold=True))
        records.append({"_key": f"entered-{number}", "change": line.change})
    reason = proposal.reason or str(_NEEDED if proposal.needs_reason else _NO_REASON)
    rows.append(cells(str(_REASON), "", "", reason, "" if proposal.reason else "dim"))
    records.append({"_key": "reason", "change": None})
    told = _told_of(proposal)
    # At 80 columns only the widest column takes the whole sentence.
    rows.append(cells(str(_HEAD), "" if figures else told, "", told if figures else "", "group"))
    records.append({"_key": "head", "change": None})
    for number, effect in enumerate((proposal.effects or ())[:MOST]):
        note = _without(proposal.school, effect.note)
        rows.append(cells(effect.what, effect.before, effect.after, note, effect.style))
        whole = {"whole": partial(str, note)} if note else {}
        records.append({"_key": f"effect-{number}", "change": None, **whole})
    pane = TablePane(
        "proposal", proposal.title, ListSheet(columns(figures=figures), tuple(rows), tuple(records)), leads=_leads,
        counted=Text("行", "lines"),
    )  # fmt: skip
    return View(proposal.title, (pane,))


def _without(school: str, sentence: str) -> str:
    """A finding's sentence without the school it begins with; its stage stays."""
    found = re.match(rf"{re.escape(school)} ?(?:\(([^()]*)\))?[:\uff1a] ?", sentence) if school else None
    if found is None:
        return sentence
    return f"{found[1]}: {sentence[found.end() :]}" if found[1] else sentence[found.end() :]


def _told_of(proposal: Proposal) -> str:
    if proposal.obstacle:
        return proposal.obstacle
    if proposal.failed:
        return proposal.failed
    if proposal.effects is None:
        return str(_WORKING)
    if len(proposal.effects) > MOST:
        return str(_MORE.fill(count=len(proposal.effects) - MOST))
    return "" if proposal.effects or not proposal.evaluates else str(_NOTHING)


def cells(
    what: str, before: str, after: str, note: str, style: str, *, bold: bool = False
) -> tuple[Cell, ...]:
    """A row of `columns`."""
    first = Cell(shown(what), "", "bold" if bold and not style else "group" if style == "group" else "")
    return (first, Cell(shown(before)), Cell(shown(after), "", style if style != "group" else ""),
            Cell(shown(note), "", style if style in ("error", "warning", "dim", "fail") else ""))  # fmt: skip


def _leads(record: Record, column: str) -> Doing | None:  # noqa: ARG001
    change: Doing | None = record["change"]
    return change
