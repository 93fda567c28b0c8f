"""What the heading says of an assessment: which one, where its review stands, who else is here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import visible
from ...language import Text
from ...records.refusals import STATES
from ..cells import cut, shown
from ..view import Piece
from ..views import DESK_KINDS

if TYPE_CHECKING:
    from ...records.state import Assessment
    from ..app import BalanceApp
    from ..describing import TwoEnds
    from ..where import County
    from .session import Session

MOST_NAMES, NAME_CELLS = 3, 8
"""People who are named, and cells of a name."""


def name_of(session: Session, county: County | None) -> str:
    """The assessment, with the county and year unless its name says them."""
    name = session.name or ""
    told = str(county) if county is not None else ""
    return shown(
        visible(name if not told or told.replace(" ", "") in name.replace(" ", "") else f"{name} {told}")
    )


def workspace_of(session: Session) -> str:
    """Whose sitting at which workspace it is."""
    place = session.folder.name if session.folder else "postgresql"
    return shown(visible(f"{Text('工作区', 'workspace')} {place} · {session.desk.actor}"))


def state_of(session: Session, one: Assessment) -> Text:
    """The level and state of review."""
    levels, state = session.levels.get(str(one.standard.get("hash")), ()), STATES[one.review]
    level = levels[one.level].label if one.level < len(levels) else Text("", "")
    return Text(f"{level.zh} {state.zh}".strip(), f"{level.en} {state.en}".strip())


def standing(session: Session) -> tuple[Piece, ...]:
    """The state of the open assessment, and the others who have it open."""
    if session.name is None:
        return ()
    one = session.one
    pieces = [Piece(f" {shown(str(state_of(session, one)))}", "message" if one.review != "open" else "dim")]
    if session.others:
        named = [cut(shown(visible(name)), NAME_CELLS) for name in session.others[:MOST_NAMES]]
        more = f" +{len(session.others) - MOST_NAMES}" if len(session.others) > MOST_NAMES else ""
        here = Text("在线", "here")
        pieces.append(Piece(f"  {here} {' '.join(named)}{more}", "key"))
    return tuple(pieces)


def at_workspace(app: BalanceApp, session: Session) -> tuple[TwoEnds, TwoEnds]:
    """The workspace and who sits there; of an assessment that is being read, which one."""
    from ..describing import NOT_READ, OPENING, second_line

    reads = app.study is None and session.name is not None and app.where.view not in ("assessments", "people")
    name = name_of(session, None) if reads else workspace_of(session)
    first = ((Piece(name, "title"),), ())
    if reads and app.where.view not in DESK_KINDS:
        return first, ((Piece(str(OPENING if app.loader.waits else NOT_READ), "dim"),), ())
    return first, second_line(app)
