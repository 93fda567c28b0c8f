"""People of a workspace: making them known, granting and taking roles, keeping somebody out; another standard."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from ...errors import UsageError, visible
from ...language import Text
from ...records.refusals import locked
from ...records.roles import ROLES, Area, Grant, Role
from ...records.seat import OPEN
from .filling import pick
from .following import saved

if TYPE_CHECKING:
    from ..app import BalanceApp
    from ..view import Record

_AREA = Text("范围 省/市/县 (空为全部):", "area province/city/county (empty: everywhere):")


def area_given(text: str) -> Area:
    """`province/city/county`, each of which may be left out from the right. Errors: AREA."""
    parts = [part.strip() or None for part in text.split("/")] if text.strip() else []
    if len(parts) > 3:
        raise UsageError("AREA", Text("须为 省/市/县", "province/city/county is expected"))
    return Area(*parts)


def add_user(app: BalanceApp) -> None:
    """Ask for a name, and make the user known. Errors: REC-ROLE, REC-NAME."""
    session = app.at_desk
    session.desk.require("user", Area())

    def given(name: str) -> None:
        saved(app, session, (session.desk.add_user(name.strip()),))
        app.again()

    app.ask(Text("新用户:", "new user:"), "", given)


def grant(app: BalanceApp, user: str) -> None:
    """Ask for a role and where it holds. Errors: REC-ROLE."""
    app.at_desk.desk.require("grant", Area())
    choices = [(role, str(label)) for role, label in ROLES.items()]
    pick(app, Text(f"授予 {user}", f"grant {user}"), choices, partial(_where, app, user))


def _where(app: BalanceApp, user: str, record: Record) -> None:
    session, role = app.at_desk, cast("Role", record["value"])

    def given(text: str) -> None:
        saved(app, session, (session.desk.grant(user, role, area_given(text)),))
        app.again()

    app.ask(_AREA, "", given)


def take(app: BalanceApp, user: str, held: Grant | None) -> None:
    """Take the role of a row, or keep out (let in again) somebody who has none, once it is confirmed. Errors: REC-ROLE,
    REC-LASTADMIN."""
    session = app.at_desk
    known = session.desk.state.users[user]

    def confirmed(text: str) -> None:
        if text.strip().lower() not in ("y", "是"):
            app.say(Text("没有变化", "nothing changed"))
            return
        if held is not None:
            event = session.desk.grant(held.user, held.role, held.area, revoke=True)
        else:
            event = session.desk.add_user(user, disabled=not known.disabled)
        saved(app, session, (event,))
        app.again()

    app.ask(_question(user, held, disabled=known.disabled), "", confirmed)


def _question(user: str, held: Grant | None, *, disabled: bool) -> Text:
    if held is not None:
        role = ROLES[held.role]
        return Text(f"收回 {user} 的 {role.zh}? 是/y:", f"take {role.en} from {user}? y:")
    if disabled:
        return Text(f"重新启用 {user}? 是/y:", f"let {user} in again? y:")
    return Text(f"停用 {user}? 是/y:", f"keep {user} out? y:")


def give_standard(app: BalanceApp) -> None:
    """Judge the open assessment by another standard from now on, for a reason. Errors: REC-ROLE, REC-LOCKED."""
    from ...standard.load import catalogue

    session = app.at_desk
    session.desk.require("standard", session.one.area)
    if session.one.review not in OPEN:
        raise locked(session.one)
    choices = [(name, name) for name in catalogue()]
    pick(app, Text("换评估所用的标准", "judge by another standard"), choices, partial(_why, app))


def _why(app: BalanceApp, record: Record) -> None:
    from ...records.workspace import standard_kept
    from ...standard.load import load_standard

    session, name = app.at_desk, str(record["value"])

    def given(reason: str) -> None:
        kept = standard_kept(session.desk.log, load_standard(name))
        saved(app, session, (session.desk.change_standard(session.opened, kept, visible(reason.strip())),))

    app.ask(Text(f"换为 {name} 的理由:", f"why {name}:"), "", given)
