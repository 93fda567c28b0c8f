"""The people of a workspace: their roles and where these hold, and who is here now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import visible
from ...language import Text
from ...records.roles import ROLES, Area, Grant
from ..cells import shown
from ..table.sheet import Cell, Column, ListSheet
from ..view import TablePane, View
from . import DESK_KINDS

if TYPE_CHECKING:
    from ..assessing.session import Session
    from ..where import Where

_COLUMNS = (
    Column("user", Text("用户", "user"), least=8, most=24),
    Column("role", Text("角色", "role"), least=8, most=16),
    Column("area", Text("范围", "area"), least=10, most=48, stretch=True),
    Column("here", Text("在线", "here"), least=6, most=32),
    Column("keys", Text("登录密钥", "keys"), kind="plain", least=4, most=8),
)
_DISABLED, _NONE = Text("已停用", "disabled"), Text("无角色", "no role")
_LIST = Text("评估列表", "the list")


def build(session: Session, where: Where) -> View:  # noqa: ARG001 - of the workspace
    """A row a user and role; of those who may not manage users only their own."""
    state, manages = session.desk.state, session.desk.may("user", Area())
    names = [name for name in state.users if manages or name == session.desk.actor]
    rows, records = [], []
    for name in names:
        grants = sorted((each for each in state.grants if each.user == name), key=str)
        for number, grant in enumerate(grants or [None]):
            rows.append(_cells(session, name, grant))
            records.append({"_key": (name, number), "user": name, "grant": grant})
    title = DESK_KINDS["people"].title
    pane = TablePane(
        "people", title, ListSheet(_COLUMNS, tuple(rows), tuple(records)), counted=Text("行", "lines")
    )
    return View(title, (pane,))


def _cells(session: Session, name: str, grant: Grant | None) -> tuple[Cell, ...]:
    user = session.desk.state.users[name]
    role = str(_DISABLED) if user.disabled else str(ROLES[grant.role]) if grant else str(_NONE)
    texts = (role, str(grant.area) if grant else "", _seen_at(session, name), str(len(user.keys)))
    style = "dim" if user.disabled else ""
    return (
        Cell(shown(visible(name)), "", "bold"),
        *(Cell(shown(visible(text)), "", style) for text in texts),
    )


def _seen_at(session: Session, name: str) -> str:
    """The assessments at which somebody sits now."""
    places = session.presence.seen().get(name, ())
    return " ".join(str(_LIST) if place is None else place for place in places)
