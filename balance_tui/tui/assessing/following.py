"""Keeping up: what was recorded, here or by others, comes onto the screen without moving anybody's cursor."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from ..loading import Opened
from ..views import DESK_KINDS
from ..where import where
from .loader import FileLoader, Followed
from .storing import on_app, store
from .telling import told_short

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...errors import BalanceError
    from ...records.event import Event
    from ..app import BalanceApp
    from ..study import Study
    from .session import Session

EVERY = 1.0
"""Seconds between two looks at the log."""


def begin(app: BalanceApp, session: Session) -> None:
    """Show the open assessment, or the list of them; look for what others do from now on."""
    if session.name is None:
        app.where = where("assessments")
        app.call_after_refresh(app.arrive, app.where)
    session.drafts.tell = partial(on_app, app, app.tell_error)
    app.set_interval(EVERY, lambda: look(app, session))
    look(app, session)


def look(app: BalanceApp, session: Session) -> None:
    """Take in what others did, and see who is here; while that is under way, not once more. What the store cannot tell
    is said, and asked again."""
    if session.is_looking:
        return
    session.is_looking = True
    session.presence.tell(session.name)
    before = session.levels
    store(
        app,
        session.look,
        partial(_looked, app, session, before),
        partial(_not_looked, app, session),
        saving=False,
    )


def _not_looked(app: BalanceApp, session: Session, error: BalanceError) -> None:
    session.is_looking = False
    app.tell_error(error)


def _looked(app: BalanceApp, session: Session, before: Mapping[str, object], events: Sequence[Event]) -> None:
    session.is_looking = False
    others = session.presence.others(session.name)
    if others != session.others or before is not session.levels:
        session.others = others
        app.describe()
    if events or before is not session.levels:
        took_in(app, session, events)
    else:
        # What others wrote just before something of this sitting has been taken in with it.
        follow(app, session)
    _take_up(app, session)


def _take_up(app: BalanceApp, session: Session) -> None:
    """What waits until one is not busy: what could not be recorded, and what the line dropped on."""
    from .offering import look_for_left, offer
    from .proposing import show_refused

    if session.refused:
        show_refused(app, session)
    if session.drafts.living - session.presence.connections():
        look_for_left(app, session)
    offer(app, session)


def took_in(app: BalanceApp, session: Session, events: Sequence[Event]) -> None:
    """Others have done something: the lists of it, and the figures, follow."""
    own = [
        each
        for each in events
        if each.assessment == session.name and each.connection != session.desk.connection
    ]
    if own and not app.typing:
        app.say(told_short(own, session.names))
    if session.proposal is not None and own:
        from .proposing import show

        show(app, session.proposal)
    _renew_list(app)
    follow(app, session)


def _renew_list(app: BalanceApp) -> None:
    """A list of what is recorded holds what was recorded since."""
    if app.where.view in DESK_KINDS and not app.typing:
        app.again()


def follow(app: BalanceApp, session: Session) -> None:
    """Evaluate again where the figures are behind and nobody is at it."""
    loader = cast("FileLoader", app.loader)
    if app.study is None or not session.is_behind or loader.is_following or loader.busy:
        return
    recorded, one = session.recorded, session.one
    if recorded is not None and (recorded.one.data, recorded.one.standard) != (one.data, one.standard):
        loader.open(app.request, None, app.switched)
    else:
        loader.follow(app.study, one)


def followed(app: BalanceApp, message: Followed) -> None:
    """The figures hold what was recorded up to some event."""
    if app.session is not None and app.loader.takes(message):
        put_study(app, message.study if message.is_current else message.study.in_new_language())
        follow(app, app.session)


def opened(app: BalanceApp, message: Opened) -> None:
    """The assessment has been read."""
    if app.session is None or message.study.recorded is None:
        return
    first = app.session.recorded is None
    app.session.recorded = message.study.recorded
    follow(app, app.session)
    if first:
        from .offering import look_for_left

        look_for_left(app, app.session)


def put_study(app: BalanceApp, study: Study) -> None:
    """Show the place with other figures: the cursor, what is selected and what is typed stay."""
    session = app.at_desk
    app.study, session.recorded = study, study.recorded
    if session.proposal is not None:
        from .proposing import try_again

        try_again(app, session.proposal)
    if app.where not in app.trail.asides:
        marked = app.table.marked if app.table else None
        app.again()
        if app.table is not None and marked is not None and marked[0] < app.table.sheet.height:
            app.table.marked = marked
            app.table.redraw()
    app.describe()


def saved(app: BalanceApp, session: Session, events: Sequence[Event]) -> None:
    """Something was recorded here: say so, now that it is on disk, and let the figures and lists follow."""
    app.say(told_short(events, session.names, saved=True))
    _renew_list(app)
    follow(app, session)
