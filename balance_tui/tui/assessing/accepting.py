"""What takes one line: accepting a data finding, a value of a setting, the day that is judged as of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ...errors import visible
from ...language import Text
from ...records.refusals import locked
from ...records.seat import OPEN, area_of
from ...request import date_given
from .filling import pick
from .following import saved
from .here import finding_key
from .proposal import Entered, Proposal
from .proposing import propose

if TYPE_CHECKING:
    from ...records.event import Event
    from ...records.log import Conflict
    from ...records.state import Assessment
    from ...standard.model import Setting
    from ..app import BalanceApp
    from ..view import Record
    from .session import Session

    _Write = Callable[[Session, str], Sequence[Event]]
    _Change = Callable[[Assessment], None]

_NO_VALUE = Text("撤去 (用缺省或未定)", "take away (default, or open)")
_YES_NO = (("true", "是 / yes"), ("false", "否 / no"))


def acknowledge(app: BalanceApp, record: Record) -> None:
    """Ask for the reason a finding is accepted for; an empty one takes the acceptance back. Errors: REC-ROLE,
    REC-LOCKED, REC-REASON."""
    session = app.at_desk
    key, name = finding_key(record), session.opened
    session.desk.require("acknowledge", area_of(key, session.one))
    if session.one.review not in OPEN:
        raise locked(session.one)
    before = session.one.acknowledged.get(key)

    def given(text: str) -> None:
        reason = visible(text.strip())
        written = session.desk.acknowledge(name, key, None if before and not reason else reason)
        if written:
            saved(app, session, written)

    again = Text("; 清空则撤去", "; empty takes it back") if before else Text("", "")
    app.ask(Text(f"确认理由{again.zh}:", f"accepted because{again.en}:"), before or "", given)


def give_setting(app: BalanceApp, name: str) -> None:
    """Ask for a value, and show what it would change. Errors: REC-ROLE, REC-LOCKED, those of settings."""
    session, study = app.at_desk, app.looked_at
    _may_set(session)
    setting = next(each for each in study.standard.model.setting if each.id == name)
    if setting.type in ("choice", "boolean"):
        given = [(choice.id, f"{choice.id} {choice.text}") for choice in setting.choices] or list(_YES_NO)
        choices: list[tuple[str | None, str]] = [*given, ("", str(_NO_VALUE))]
        pick(app, setting.text, choices, lambda record: _proposed(app, setting, str(record["value"])))
    else:
        app.ask(Text(f"{setting.text.zh}:", f"{setting.text.en}:"), session.one.settings.get(name, ""),
                partial(_proposed, app, setting))  # fmt: skip


def _may_set(session: Session) -> None:
    session.desk.require("setting", session.one.area)
    if session.one.review not in OPEN:
        raise locked(session.one)


def _proposed(app: BalanceApp, setting: Setting, text: str) -> None:
    session = app.at_desk
    value, name = text.strip() or None, session.opened
    session.file.check_settings({setting.id: value or ""})

    def write(sitting: Session, reason: str) -> Sequence[Event]:
        return sitting.desk.set(name, setting.id, value, reason)

    def change(one: Assessment) -> None:
        one.settings.pop(setting.id, None)
        if value is not None:
            one.settings[setting.id] = value

    _propose(app, setting.text, (session.one.settings.get(setting.id), value), write, change)


def give_as_of(app: BalanceApp) -> None:
    """Ask for the day that is judged as of. Errors: REC-ROLE, REC-LOCKED, DATE."""
    session = app.at_desk
    name, label = session.opened, Text("评估日期", "judged as of")
    _may_set(session)

    def given(text: str) -> None:
        value = text.strip() or None
        date_given(value)

        def change(one: Assessment) -> None:
            one.as_of = value

        _propose(
            app,
            label,
            (session.one.as_of, value),
            lambda at, why: at.desk.judge_as_of(name, value, why),
            change,
        )

    app.ask(Text(f"{label.zh} YYYY-MM-DD:", f"{label.en} YYYY-MM-DD:"), session.one.as_of or "", given)


def _propose(
    app: BalanceApp, label: Text, values: tuple[str | None, str | None], write: _Write, change: _Change
) -> None:
    old, new = (visible(value or "—") for value in values)
    lines = (Entered(str(label), old, new),)
    title = Text(f"设置 › {label.zh}", f"setting › {label.en}")
    propose(app, Proposal(title, app.where.county, lambda: lines, write, change, _noted))


def _noted(conflict: Conflict) -> None:
    """Nothing to remember."""
