"""The review of an assessment: where it stands, the steps one may take, and what was remarked at each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ...errors import visible
from ...language import Text
from ...records.review import breadth
from ...records.telling import OPERATIONS
from ..assessing.heading import state_of
from ..assessing.telling import local_time
from ..cells import shown
from ..table.sheet import Cell, Column, ListSheet
from ..view import Doing, Record, TablePane, View
from . import DESK_KINDS
from .common import trail

if TYPE_CHECKING:
    from ...records.state import Assessment
    from ..app import BalanceApp
    from ..assessing.session import Session
    from ..where import Where

STEPS = {
    "submit": Text("提交上一级审核", "submit to the next level"),
    "return": Text("退回下一级, 写明意见", "return to the level below, with remarks"),
    "approve": Text("本级通过并锁定", "approve at this level and lock"),
    "unlock": Text("解锁, 写明理由", "unlock, for a reason"),
}
_FROM = {
    "submit": ("open", "returned", "approved"), "return": ("submitted",), "approve": ("submitted",),
    "unlock": ("approved", "submitted"),
}  # fmt: skip
"""The states of review in which a step can be taken: what one level approved goes on to the next."""
_COLUMNS = (
    Column("step", Text("步骤", "step"), least=16, most=32),
    Column("told", Text("说明", "about it"), least=20, most=100, stretch=True),
    Column("time", Text("时间", "time"), least=11, most=17),
)
_NOT_NOW = Text("此时不适用", "does not apply now")
_NO_ROLE = Text("没有此权限", "your role does not allow it")
_POSSIBLE = Text("回车", "enter")


def build(session: Session, where: Where) -> View:  # noqa: ARG001 - of the assessment, not of a county
    """The four steps, then what happened so far, the last first."""
    one = session.one
    steps = [(name, *_possible(session, one, name)) for name in STEPS]
    rows = [_cells(str(STEPS[name]), why, "", dim=not can) for name, can, why in steps]
    records: list[Record] = [{"_key": name, "step": name if can else None} for name, can, _ in steps]
    for event in reversed([each for each in one.events if each.operation in STEPS]):
        told = f"{event.actor}{f': {event.reason}' if event.reason else ''}"
        rows.append(_cells(str(OPERATIONS[event.operation]), told, local_time(event)))
        records.append({"_key": event.sequence, "step": None})
    title = trail(DESK_KINDS["steps"].title, state_of(session, one))
    sheet = ListSheet(_COLUMNS, tuple(rows), tuple(records))
    pane = TablePane("steps", title, sheet, leads=_leads, counted=Text("行", "lines"))
    return View(title, (pane,))


def _possible(session: Session, one: Assessment, step: str) -> tuple[bool, str]:
    """Whether a step can be taken now by this person, and what is to be said of it."""
    levels = session.levels.get(str(one.standard.get("hash")), ())
    if one.review not in _FROM[step] or step == "submit" and one.level + 1 >= len(levels):
        return False, str(_NOT_NOW)
    wide = 0 if step == "unlock" else breadth(levels, one.level)
    if not session.desk.may(step, one.area, wide):
        return False, str(_NO_ROLE)
    return True, str(_POSSIBLE)


def _cells(step: str, told: str, time: str, *, dim: bool = False) -> tuple[Cell, ...]:
    style = "dim" if dim else ""
    return tuple(Cell(shown(visible(text)), "", style) for text in (step, told, time))


def _leads(record: Record, column: str) -> Doing | None:  # noqa: ARG001
    return partial(_take, str(record["step"])) if record["step"] else None


def _take(step: str, app: BalanceApp) -> None:
    from ..assessing.reviewing import take

    take(app, step)
