"""What was being typed when the line dropped is offered again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import BalanceError
from ...language import Text
from ...records.state import FactKey
from ...records.targets import parts_of
from ..where import County, where

if TYPE_CHECKING:
    from ..app import BalanceApp
    from .drafts import Draft
    from .session import Session


def offer(app: BalanceApp, session: Session) -> None:
    """Take up what this person's last sitting at the assessment left unfinished."""
    assert session.name is not None
    draft = session.drafts.left(session.name, session.presence.connections())
    if draft is None:
        return
    try:
        {"fact": _fact, "judge": _judge}[draft.kind](app, session, draft)
    except (BalanceError, LookupError, TypeError, ValueError):
        # What it was about is no more, or is locked by now.
        return


def _fact(app: BalanceApp, session: Session, draft: Draft) -> None:  # noqa: ARG001
    from .facts import edit, target

    key = FactKey(*parts_of(draft.target))
    view = "county_data" if key.school_id is None else "data"
    county = County(*key[:4])
    app.go(where(view, county, school_id=key.school_id, stage=key.stage, field=key.field))
    record, study = app.record, app.study
    if record is not None and study is not None and record.get("school_id") == key.school_id:
        edit(app, target(study, record, key.field, view), draft.values["text"])
        app.say(_OFFERED)
        app.screen.add_class("mistyped")


def _judge(app: BalanceApp, session: Session, draft: Draft) -> None:
    from .judging import take_up

    take_up(app, session, draft)
    app.say(_OFFERED)


_OFFERED = Text("上次断线前未保存的, esc 放弃", "not saved when the line dropped last time; esc gives it up")
