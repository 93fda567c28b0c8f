"""Showing what is to be recorded with its effects, and recording it once it is confirmed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from ...errors import Refused, visible
from ...language import Text
from ...records.log import Conflict
from ..cells import shown
from ..table.sheet import Cell, Column, ListSheet
from . import proposal as proposals
from .following import follow, saved
from .recorded import Recorded, copied
from .telling import local_time, value_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...records.event import Event
    from ..app import BalanceApp
    from ..study import Study
    from ..view import Doing, Record
    from .loader import FileLoader, Tried
    from .proposal import Proposal
    from .session import Session

WAIT = Text(
    "影响还在计算, 出来后再按回车", "what would change is being worked out: press enter once it is there"
)
_CONFLICT = Text("此处刚被他人改动", "somebody has just changed this")
_WHOSE = (
    Column("what", Text("内容", "what"), least=18, most=40),
    Column("value", Text("值", "value"), least=8, most=40),
    Column("note", Text("说明", "about it"), least=10, most=60, stretch=True),
)
_KEEP_MINE = Text("保存我的 (对方的留在记录中)", "save mine (theirs stays in the history)")
_KEEP_THEIRS = Text("保留对方的 (我的不保存)", "keep theirs (mine is not saved)")


def propose(app: BalanceApp, proposal: Proposal) -> None:
    """Show what is to be recorded, and work out what it would change."""
    session = app.at_desk
    session.proposal = proposal
    if proposal.draft is not None:
        session.drafts.keep(proposal.draft)
    app.put_aside(proposals.view(proposal), narrow=False, kind="proposal")
    try_again(app, proposal)


def try_again(app: BalanceApp, proposal: Proposal) -> None:
    """Work out anew what would change: something else would be written, or others have written meanwhile."""
    study = app.study
    if not proposal.evaluates:
        return
    proposal.number += 1
    proposal.effects, proposal.study, proposal.failed = None, None, ""
    if study is not None and study.recorded is not None and not proposal.obstacle:
        recorded = study.recorded.having(proposal.change)
        cast("FileLoader", app.loader).try_out(proposal.number, study, recorded, proposal.county)
    show(app, proposal)


def tried(app: BalanceApp, message: Tried) -> None:
    """What would change is known; of an earlier trial nobody waits for it."""
    proposal = app.session.proposal if app.session else None
    if proposal is None or message.number != proposal.number:
        return
    proposal.study, proposal.effects = message.study, message.effects
    proposal.failed = str(message.error.what) if message.error else ""
    show(app, proposal)


def show(app: BalanceApp, proposal: Proposal) -> None:
    """Show it as it is now, in the place it is shown in."""
    if app.where.view != "proposal" or app.session is None or app.session.proposal is not proposal:
        return
    app.note_standing()
    view = proposals.view(proposal)
    app.trail.asides[app.where] = view
    app.put(view)


def ask_reason(app: BalanceApp, proposal: Proposal) -> None:
    """Let a reason be typed."""

    def given(text: str) -> None:
        proposal.reason = visible(text.strip())
        show(app, proposal)

    app.ask(Text("理由:", "reason:"), proposal.reason, given)


def confirm(app: BalanceApp, proposal: Proposal) -> None:
    """Record it. Errors: those of the desk; nothing is recorded then, and it can be tried again."""
    session = app.at_desk
    if proposal.obstacle:
        raise Refused("REC-VALUE", Text(proposal.obstacle, proposal.obstacle))
    if proposal.effects is None:
        app.say(WAIT)
        return
    if proposal.needs_reason and not proposal.reason:
        ask_reason(app, proposal)
        return
    try:
        written = proposal.write(session, proposal.reason)
    except Conflict as conflict:
        _ask_whose(app, proposal, conflict)
        return
    _done(app, session, proposal, written)


def _done(app: BalanceApp, session: Session, proposal: Proposal, written: Sequence[Event]) -> None:
    """It is on disk: the figures that were tried are now those of the assessment, unless others wrote before it."""
    left(session)
    if proposal.study is not None and session.name is not None:
        _adopt(app, session, proposal.study, len(written))
    app.back()
    if written:
        saved(app, session, written)
    else:
        app.say(Text("没有变化", "nothing changed"))


def _adopt(app: BalanceApp, session: Session, study: Study, written: int) -> None:
    """What was tried holds exactly what is recorded now, where nobody else wrote before it."""
    one = session.one
    before = one.events[: len(one.events) - written]
    if study.recorded is not None and before and before[-1].sequence == study.recorded.number:
        study.recorded = Recorded(study.recorded.file, copied(one), session.number)
        app.study, session.recorded = study, study.recorded


def left(session: Session) -> None:
    """It is recorded, or nobody wants it any more."""
    session.proposal = None
    session.drafts.forget()


def _ask_whose(app: BalanceApp, proposal: Proposal, conflict: Conflict) -> None:
    """The same place was changed by somebody since: base, mine and theirs, and whose is to stay."""
    from ..view import TablePane, View

    last, draft = conflict.theirs[-1], conflict.draft
    first = conflict.theirs[0]
    lines = (
        (str(Text("原来", "base")), value_of(first, first.old), "", None),
        (str(Text("我的", "mine")), value_of(last, draft.new), "", None),
        (
            str(Text("对方的", "theirs")),
            value_of(last, last.new),
            f"{last.actor} {local_time(last)} {last.reason}",
            None,
        ),
        (str(_KEEP_MINE), "", "", partial(_mine, proposal, conflict)),
        (str(_KEEP_THEIRS), "", "", _theirs),
    )
    rows = tuple(tuple(Cell(shown(text)) for text in line[:3]) for line in lines)
    records: tuple[Record, ...] = tuple({"_key": number, "act": line[3]} for number, line in enumerate(lines))
    pane = TablePane(
        "conflict", _CONFLICT, ListSheet(_WHOSE, rows, records), leads=_act, cursor=(4, None),
        counted=Text("行", "lines"),
    )  # fmt: skip
    app.put_aside(View(Text(f"{_CONFLICT.zh} › {proposal.title.zh}", f"{_CONFLICT.en} › {proposal.title.en}"), (pane,)),
                  narrow=False, kind="conflict")  # fmt: skip
    if app.session is not None:
        follow(app, app.session)


def _act(record: Record, column: str) -> Doing | None:  # noqa: ARG001
    act: Doing | None = record["act"]
    return act


def _mine(proposal: Proposal, conflict: Conflict, app: BalanceApp) -> None:
    proposal.seen(conflict)
    app.back()
    if app.session is not None:
        app.session.proposal = proposal
        written = _written_over(app, app.session, proposal)
        if written is not None:
            _done(app, app.session, proposal, written)


def _written_over(app: BalanceApp, session: Session, proposal: Proposal) -> Sequence[Event] | None:
    """Once more; where that too meets another change, it is asked again."""
    try:
        return proposal.write(session, proposal.reason)
    except Conflict as conflict:
        _ask_whose(app, proposal, conflict)
        return None


def _theirs(app: BalanceApp) -> None:
    session = app.at_desk
    left(session)
    app.back()
    app.back()
    app.say(Text("保留对方的值", "their value is kept"))
    follow(app, session)
