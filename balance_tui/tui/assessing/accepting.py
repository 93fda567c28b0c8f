"""What takes one line: accepting a data finding, a value of a setting, the day that is judged as of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ...errors import visible
from ...language import Text
from ...records.event import target_of
from ...records.refusals import locked, reasonless
from ...records.seat import OPEN, area_of
from ...records.targets import AS_OF, finding_target
from ...request import date_given
from .drafts import Typed, kept_while_typed
from .filling import pick
from .following import saved
from .here import finding_key
from .proposal import Entered, Proposal
from .proposing import propose
from .storing import ask_to_store
from .telling import changed_by

if TYPE_CHECKING:
    from ...records.event import Event
    from ...records.log import Conflict
    from ...records.state import Assessment, FindingKey
    from ...standard.model import Setting
    from ..app import BalanceApp
    from ..view import Record
    from .session import Session

    _Write = Callable[[Session, str, int], Sequence[Event]]
    _Change = Callable[[Assessment], None]

_NO_VALUE = Text("撤去 (用缺省或未定)", "take away (default, or open)")
_YES_NO = (("true", "是 / yes"), ("false", "否 / no"))


def acknowledge(app: BalanceApp, record: Record) -> None:
    """Ask for the reason a finding is accepted for; an empty one takes the acceptance back. Errors: REC-ROLE,
    REC-LOCKED, REC-REASON."""
    accept(app, finding_key(record))


def accept(app: BalanceApp, key: FindingKey, offered: str | None = None) -> None:
    """The same, of the finding of a key; `offered` is what was typed before the line dropped."""
    session = app.at_desk
    name, one, target = session.opened, session.one, finding_target(key)
    session.desk.require("acknowledge", area_of(key, one))
    if one.review not in OPEN:
        raise locked(one)
    before = one.acknowledged.get(key)
    seen = iter((session.seen(target),))

    def checked(text: str) -> Callable[[], Sequence[Event]]:
        reason = visible(text.strip())
        if not reason and not before:
            raise reasonless()
        # Whoever is asked again has been told what another did.
        base = next(seen, session.one.last.get(target, 0))
        return partial(session.desk.acknowledge, name, key, reason or None, base)

    def done(written: Sequence[Event]) -> None:
        session.drafts.forget(name, {target})
        if written:
            saved(app, session, written)

    again = Text("; 清空则撤去", "; empty takes it back") if before else Text("", "")
    question = Text(f"确认理由{again.zh}:", f"accepted because{again.en}:")
    ask_to_store(
        app, question, before or "", checked, done, kept_while_typed(app, target, before or ""), offered
    )


def give_setting(app: BalanceApp, name: str, offered: Typed | None = None) -> None:
    """Ask for a value, or take up what was typed before the line dropped, and show what it would change. Errors:
    REC-ROLE, REC-LOCKED, those of settings."""
    session, study = app.at_desk, app.looked_at
    _may_set(session)
    setting = next(each for each in study.standard.model.setting if each.id == name)
    if setting.type in ("choice", "boolean") and offered is None:
        given = [(choice.id, f"{choice.id} {choice.text}") for choice in setting.choices] or list(_YES_NO)
        choices: list[tuple[str | None, str]] = [*given, ("", str(_NO_VALUE))]
        pick(app, setting.text, choices, lambda record: _proposed(app, setting, "", str(record["value"])))
    else:
        target = target_of("setting", name)
        _ask(app, setting.text, "", target, session.one.settings.get(name, ""), partial(_proposed, app, setting),
             offered)  # fmt: skip


def _ask(
    app: BalanceApp, label: Text, form: str, target: str, now: str, then: Callable[[str, str], None],
    offered: Typed | None,
) -> None:  # fmt: skip
    """Ask for a value, kept while it is typed; `then` is given the reason kept with it, and the value."""
    reason = offered.parts.get("reason", "") if offered else ""
    question = Text(f"{label.zh}{form}:", f"{label.en}{form}:")
    initial = offered.parts["text"] if offered else now
    app.ask(question, initial, partial(then, reason), kept_while_typed(app, target, now))
    if app.asked:
        app.asked.initial = now


def _may_set(session: Session) -> None:
    session.desk.require("setting", session.one.area)
    if session.one.review not in OPEN:
        raise locked(session.one)


def _proposed(app: BalanceApp, setting: Setting, reason: str, text: str) -> None:
    session = app.at_desk
    value, name = text.strip() or None, session.opened
    session.file.check_settings({setting.id: value or ""})

    def write(sitting: Session, why: str, base: int) -> Sequence[Event]:
        return sitting.desk.set(name, setting.id, value, why, base)

    def change(one: Assessment) -> None:
        one.settings.pop(setting.id, None)
        if value is not None:
            one.settings[setting.id] = value

    target = target_of("setting", setting.id)
    _propose(
        app, setting.text, target, (lambda one: one.settings.get(setting.id), value), write, change, reason
    )


def give_as_of(app: BalanceApp, offered: Typed | None = None) -> None:
    """Ask for the day that is judged as of, or take up what was typed before the line dropped. Errors: REC-ROLE,
    REC-LOCKED, DATE."""
    session = app.at_desk
    name, label = session.opened, Text("评估日期", "judged as of")
    _may_set(session)

    def given(reason: str, text: str) -> None:
        value = text.strip() or None
        date_given(value)

        def write(sitting: Session, why: str, base: int) -> Sequence[Event]:
            return sitting.desk.judge_as_of(name, value, why, base)

        def change(one: Assessment) -> None:
            one.as_of = value

        _propose(app, label, AS_OF, (lambda one: one.as_of, value), write, change, reason)

    _ask(app, label, " YYYY-MM-DD", AS_OF, session.one.as_of or "", given, offered)


def _propose(
    app: BalanceApp, label: Text, target: str, values: tuple[Callable[[Assessment], str | None], str | None],
    write: _Write, change: _Change, reason: str,
) -> None:  # fmt: skip
    """Show a value, given what reads the one recorded now, beside that and who has changed it since."""
    session = app.at_desk
    now, new = values
    bases = [session.seen(target)]

    def entered() -> Sequence[Entered]:
        one = session.one
        since = changed_by(one.history(target)[-1]) if one.last.get(target, 0) > bases[-1] else ""
        return (Entered(str(label), visible(now(one) or "—"), visible(new or "—"), since),)

    def typed(why: str) -> Sequence[Typed]:
        return (Typed(target, bases[-1], {"text": new or "", "reason": why}),)

    def written(sitting: Session, why: str) -> Sequence[Event]:
        return write(sitting, why, bases[-1])

    def noted(conflict: Conflict) -> None:
        bases.append(conflict.theirs[-1].sequence)

    title = Text(f"设置 › {label.zh}", f"setting › {label.en}")
    propose(
        app,
        Proposal(title, app.where.county, entered, written, change, noted, typed=typed, reason=reason),
    )
