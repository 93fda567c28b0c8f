"""The steps of a review: submit, return, approve, unlock. Each is confirmed with what is remarked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ...errors import visible
from ...language import Text
from .following import saved

if TYPE_CHECKING:
    from ...records.event import Event
    from ..app import BalanceApp

ASKED: Mapping[str, Text] = {
    "submit": Text("提交: 附言 (可空), 回车提交", "submit: a remark (may be empty), enter submits"),
    "return": Text("退回意见, 回车退回", "remarks, enter returns it"),
    "approve": Text(
        "通过: 附言 (可空), 回车通过并锁定", "approve: a remark (may be empty), enter approves and locks"
    ),
    "unlock": Text("解锁理由, 回车解锁", "reason, enter unlocks"),
}


def take(app: BalanceApp, step: str) -> None:
    """Ask for a remark, then take the step. Errors: those of the desk."""
    session = app.at_desk

    def answered(text: str) -> None:
        event = _steps(app, visible(text.strip()))[step]()
        saved(app, session, (event,))
        app.again()

    app.ask(Text(f"{ASKED[step].zh}:", f"{ASKED[step].en}:"), "", answered)


def _steps(app: BalanceApp, remark: str) -> Mapping[str, Callable[[], Event]]:
    session = app.at_desk
    file, name = session.file, session.opened
    return {
        "submit": lambda: file.submit(remark), "return": lambda: file.send_back(remark),
        "approve": lambda: file.approve(remark), "unlock": lambda: session.desk.unlock(name, remark),
    }  # fmt: skip
