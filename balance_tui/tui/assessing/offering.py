"""What was being typed when the line dropped is offered again, one thing after another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ...errors import BalanceError
from ...language import Text
from ...records.state import FactKey, FindingKey, key_of
from ...records.targets import parts_of
from ..where import County, where
from .drafts import Typed
from .storing import on_app

if TYPE_CHECKING:
    from ...records.drafts import Left
    from ..app import BalanceApp
    from .session import Session

_OFFERED = Text("上次断线前未保存的, esc 放弃", "not saved when the line dropped last time; esc gives it up")


def look_for_left(app: BalanceApp, session: Session) -> None:
    """See, behind the screen, what this person's sittings that are over have left unfinished at the open assessment."""
    name = session.name
    if name is None:
        return

    def found(left: Left) -> None:
        session.drafts.take_over(name, left)
        offer(app, session)

    session.drafts.living = frozenset()
    session.drafts.look_for_left(name, session.presence.connections(), partial(on_app, app, found))


def offer(app: BalanceApp, session: Session) -> None:
    """Let the next of it be taken up, unless one is busy with something else, or presses keys that are not meant for
    it: the next look tries again. What cannot be taken up now, because it
    is locked or no more, stays kept for another sitting."""
    name = session.name
    waiting = session.drafts.waiting.get(name, ()) if name is not None else ()
    tried = session.tried
    new = [each for each in waiting if each.target not in tried]
    is_busy = (
        app.typing or session.proposal is not None or app.where in app.trail.asides or session.is_pressing
    )
    if name is None or not new or is_busy or app.study is None or session.recorded is None:
        return
    recorded = [each for each in new if _is_recorded(session, each)]
    session.drafts.drop(name, recorded)
    for drafts in _together([each for each in new if each not in recorded]):
        tried.update(each.target for each in drafts)
        try:
            _OFFER[_kind(drafts[0])](app, session, drafts)
        except (AssertionError, BalanceError, LookupError, StopIteration, TypeError, ValueError):
            # What it was about is no more, or is locked by now.
            continue
        session.drafts.offered(name, drafts)
        app.say(_OFFERED)
        if app.typing:
            app.screen.add_class("mistyped")
        return


def _is_recorded(session: Session, draft: Typed) -> bool:
    """Whether the line dropped between the append and the word of it: the person's own value is there since."""
    if _kind(draft) != "fact":
        return False
    last = next((each for each in reversed(session.one.events) if each.target == draft.target), None)
    if last is None or last.sequence <= draft.base or last.actor != session.desk.actor:
        return False
    entry = session.file.entry(FactKey(*parts_of(draft.target)), draft.parts.get("text", ""))
    return entry.problem is None and last.new == {"value": entry.value}


def _together(drafts: Sequence[Typed]) -> list[Sequence[Typed]]:
    """All cells of a block at once, everything else one by one."""
    facts = [each for each in drafts if _kind(each) == "fact"]
    others: list[Sequence[Typed]] = [
        (each,) for each in drafts if _kind(each) in _OFFER and each not in facts
    ]
    return [facts, *others] if facts else others


def _kind(draft: Typed) -> str:
    try:
        return key_of(draft.target)[0]
    except (ValueError, TypeError):
        return ""


def _facts(app: BalanceApp, session: Session, drafts: Sequence[Typed]) -> None:
    from .facts import edit, may_correct, target_of, typed
    from .proposing import propose

    study = app.looked_at
    keys = [FactKey(*parts_of(each.target)) for each in drafts]
    cells = [target_of(study, key) for key in keys]
    first = keys[0]
    if len(cells) == 1:
        view = "county_data" if first.school_id is None else "data"
        app.go(
            where(view, County(*first[:4]), school_id=first.school_id, stage=first.stage, field=first.field)
        )
        edit(app, cells[0], drafts[0])
        return
    for key in keys:
        may_correct(session, key)
    texts = [(cell, each.parts["text"]) for cell, each in zip(cells, drafts, strict=True)]
    bases = {key: each.base for key, each in zip(keys, drafts, strict=True)}
    app.go(where("data", County(*first[:4])))
    proposal = typed(session, texts, bases).proposal(app)
    proposal.reason = drafts[0].parts.get("reason", "")
    propose(app, proposal)


def _judgement(app: BalanceApp, session: Session, drafts: Sequence[Typed]) -> None:
    from .judging import take_up

    take_up(app, session, drafts[0])


def _finding(app: BalanceApp, session: Session, drafts: Sequence[Typed]) -> None:  # noqa: ARG001
    from .accepting import accept

    accept(app, FindingKey(*parts_of(drafts[0].target)), drafts[0].parts["text"])


def _setting(app: BalanceApp, session: Session, drafts: Sequence[Typed]) -> None:  # noqa: ARG001
    from .accepting import give_setting

    give_setting(app, str(key_of(drafts[0].target)[1][0]), drafts[0])


def _as_of(app: BalanceApp, session: Session, drafts: Sequence[Typed]) -> None:  # noqa: ARG001
    from .accepting import give_as_of

    give_as_of(app, drafts[0])


def _review(app: BalanceApp, session: Session, drafts: Sequence[Typed]) -> None:  # noqa: ARG001
    from .reviewing import take

    take(app, drafts[0].parts["step"], drafts[0].parts["text"])


_OFFER: Mapping[str, Callable[[BalanceApp, Session, Sequence[Typed]], None]] = {
    "fact": _facts, "item": _judgement, "finding": _finding, "setting": _setting, "as-of": _as_of, "review": _review,
}  # fmt: skip
