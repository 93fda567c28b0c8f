"""Showing what is to be recorded with its effects, and recording it once it is confirmed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from ...errors import Refused, visible
from ...language import Text
from ...records.log import Conflict
from ...records.telling import beside_each_other
from ..asking import give_up
from ..cells import shown
from ..table.sheet import Cell, Column, ListSheet
from . import proposal as proposals
from .following import follow, put_study, saved
from .recorded import Recorded
from .session import last_of
from .storing import SAVING, store
from .telling import local_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...errors import BalanceError
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
READY = Text("影响已算出: 回车确定", "what would change is there: enter confirms")
_NOT_TOLD = Text("影响算不出; 回车仍可保存", "what would change cannot be told; enter saves nevertheless")
_REFUSED = Text(
    "此处没有保存: 请再确定, 或 esc 放弃", "this was not saved: confirm it again, or esc gives it up"
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
    session.proposal, proposal.assessment = proposal, session.name
    keep(session, proposal, proposal.reason)
    app.put_aside(proposals.view(proposal), narrow=False, kind="proposal")
    proposal.place = app.where
    try_again(app, proposal)


def keep(session: Session, proposal: Proposal, reason: str) -> None:
    """Keep what was typed, with a reason, until it is recorded or given up."""
    if proposal.assessment is not None and proposal.typed is not None:
        typed = proposal.typed(reason)
        proposal.targets |= {each.target for each in typed}
        session.drafts.keep(proposal.assessment, typed)


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
    app.call_after_refresh(message.painted.set)
    if proposal.is_awaited and app.where == proposal.place:
        app.say(_NOT_TOLD if message.error else READY)
    proposal.is_awaited = False


def show(app: BalanceApp, proposal: Proposal) -> None:
    """Show it as it is now, in the place it is shown in; where something lies over that, once one comes back to it."""
    place = proposal.place
    is_open = app.session is not None and app.session.proposal is proposal
    if not is_open or place is None or place not in app.trail.asides:
        return
    is_here = app.where == place
    if is_here:
        app.note_standing()
    view = proposals.view(proposal)
    app.trail.asides[place] = view
    if is_here:
        app.put(view)


def ask_reason(app: BalanceApp, proposal: Proposal) -> None:
    """Let a reason be typed."""
    session = app.at_desk
    if not is_free(app, proposal):
        return

    def given(text: str) -> None:
        proposal.reason = visible(text.strip())
        keep(session, proposal, proposal.reason)
        show(app, proposal)

    app.ask(Text("理由:", "reason:"), proposal.reason, given, partial(keep, session, proposal))


def is_free(app: BalanceApp, proposal: Proposal) -> bool:
    """Whether it can be changed now; where it is just being recorded that is said."""
    if proposal.is_saving:
        app.say(SAVING)
    return not proposal.is_saving


def confirm(app: BalanceApp, proposal: Proposal) -> None:
    """Record it, once. Where it is refused nothing is recorded, and it can be tried again. Errors: REC-VALUE."""
    session = app.at_desk
    if proposal.is_saving:
        return
    if proposal.obstacle:
        raise Refused("REC-VALUE", Text(proposal.obstacle, proposal.obstacle))
    if proposal.effects is None:
        proposal.is_awaited = True
        app.say(WAIT)
        return
    if proposal.needs_reason and not proposal.reason:
        ask_reason(app, proposal)
        return
    _record(app, session, proposal)


def _record(app: BalanceApp, session: Session, proposal: Proposal) -> None:
    proposal.is_saving = True
    store(
        app,
        partial(proposal.write, session, proposal.reason),
        partial(_done, app, session, proposal),
        partial(_not_done, app, session, proposal),
    )


def _done(app: BalanceApp, session: Session, proposal: Proposal, written: Sequence[Event]) -> None:
    """It is on disk: the figures that were tried are now those of the assessment, unless others wrote before it."""
    proposal.is_saving = False
    study = proposal.study if session.name == proposal.assessment else None
    is_current = study is not None and _adopted(app, session, study, written)
    is_here = app.where == proposal.place
    _forget(session, proposal)
    if is_here:
        if app.typing:
            give_up(app)
        app.back()
    elif proposal.place is not None:
        app.trail.forget(proposal.place)
        if study is not None and is_current:
            put_study(app, study)
    if written:
        saved(app, session, written)
    else:
        app.say(Text("没有变化", "nothing changed"))


def _adopted(app: BalanceApp, session: Session, study: Study, written: Sequence[Event]) -> bool:
    """Whether what was tried holds exactly what is recorded now, where nobody else wrote before it, or after: then
    these are the figures from now on."""
    one = session.one
    before = one.events[: len(one.events) - len(written)]
    alone = not written or one.events[-1].sequence == written[-1].sequence
    if study.recorded is None or not alone or not before or before[-1].sequence != study.recorded.number:
        return False
    study.recorded = Recorded(study.recorded.file, one, last_of(one))
    app.study, session.recorded = study, study.recorded
    return True


def _not_done(app: BalanceApp, session: Session, proposal: Proposal, error: BalanceError) -> None:
    """It is not recorded: it stands there again, with the reason why; where one is busy with something else, later."""
    proposal.is_saving = False
    if not _is_shown(app, session, proposal):
        if app.typing or session.proposal is not None or session.name != proposal.assessment:
            session.refused.append(proposal)
            app.tell_error(error)
            return
        propose(app, proposal)
    if isinstance(error, Conflict):
        _ask_whose(app, proposal, error)
    else:
        app.tell_error(error)


def _is_shown(app: BalanceApp, session: Session, proposal: Proposal) -> bool:
    """Whether it is still what one may come back to."""
    return session.proposal is proposal and proposal.place in app.trail.asides


def show_refused(app: BalanceApp, session: Session) -> None:
    """Show again what could not be recorded while one was busy elsewhere."""
    mine = [each for each in session.refused if each.assessment == session.name]
    if mine and not app.typing and session.proposal is None and app.where not in app.trail.asides:
        session.refused.remove(mine[0])
        propose(app, mine[0])
        app.say(_REFUSED)


def left(session: Session) -> None:
    """Nobody wants it any more; what is being recorded already stays kept until it is."""
    proposal, session.proposal = session.proposal, None
    if proposal is not None and not proposal.is_saving:
        _forget(session, proposal)


def _forget(session: Session, proposal: Proposal) -> None:
    """It need not be offered again."""
    if session.proposal is proposal:
        session.proposal = None
    if proposal.assessment is not None:
        session.drafts.forget(proposal.assessment, proposal.targets)


def _ask_whose(app: BalanceApp, proposal: Proposal, conflict: Conflict) -> None:
    """The same place was changed by somebody since: base, mine and theirs, and whose is to stay."""
    from ..view import TablePane, View

    last, draft = conflict.theirs[-1], conflict.draft
    first = conflict.theirs[0]
    base, mine, theirs = beside_each_other(last, first.old, draft.new, last.new)
    lines = (
        (str(Text("原来", "base")), base, "", None),
        (str(Text("我的", "mine")), mine, "", None),
        (
            str(Text("对方的", "theirs")),
            theirs,
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
    """Once more; where that too meets another change, it is asked again."""
    proposal.seen(conflict)
    app.back()
    if app.session is not None and not proposal.is_saving:
        app.session.proposal = proposal
        _record(app, app.session, proposal)


def _theirs(app: BalanceApp) -> None:
    session = app.at_desk
    left(session)
    app.back()
    app.back()
    app.say(Text("保留对方的值", "their value is kept"))
    follow(app, session)
