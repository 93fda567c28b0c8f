"""The steps of a review: submit, return, approve, unlock. Each is confirmed with what is remarked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from ...errors import visible
from ...language import Text
from ...records.refusals import reasonless
from ...records.targets import REVIEW
from .drafts import kept_while_typed
from .following import saved
from .storing import ask_to_store

if TYPE_CHECKING:
    from ...records.event import Event
    from ..app import BalanceApp
    from .session import Session

ASKED: Mapping[str, Text] = {
    "submit": Text("提交: 附言 (可空), 回车提交", "submit: a remark (may be empty), enter submits"),
    "return": Text("退回意见, 回车退回", "remarks, enter returns it"),
    "approve": Text(
        "通过: 附言 (可空), 回车通过并锁定", "approve: a remark (may be empty), enter approves and locks"
    ),
    "unlock": Text("解锁理由, 回车解锁", "reason, enter unlocks"),
}
_WITH_REASON = ("return", "unlock")


def take(app: BalanceApp, step: str, offered: str | None = None) -> None:
    """Ask for a remark, then take the step; `offered` is what was typed before the line dropped. What the result says
    at that moment is worked out and recorded with it behind the screen. Errors: REC-UNREAD."""
    session = app.at_desk
    acts, name = _acts(session), session.opened

    def checked(text: str) -> Callable[[], Event]:
        remark = visible(text.strip())
        if step in _WITH_REASON and not remark:
            raise reasonless()
        return partial(acts[step], remark)

    def taken(event: Event) -> None:
        session.drafts.forget(name, {REVIEW})
        saved(app, session, (event,))

    question = Text(f"{ASKED[step].zh}:", f"{ASKED[step].en}:")
    changed = kept_while_typed(app, REVIEW, "", step=step)
    ask_to_store(app, question, "", checked, taken, changed, offered)


def _acts(session: Session) -> Mapping[str, Callable[[str], Event]]:
    file, desk, name = session.file, session.desk, session.opened
    return {
        "submit": file.submit, "return": file.send_back, "approve": file.approve,
        "unlock": lambda reason: desk.unlock(name, reason),
    }  # fmt: skip
