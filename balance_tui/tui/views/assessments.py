"""The assessments of a workspace: what each is about, where its review stands, who touched it last."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ...errors import visible
from ...language import Text
from ..cells import shown
from ..table.sheet import Cell, Column, ListSheet
from ..view import Doing, Record, TablePane, View
from . import DESK_KINDS

if TYPE_CHECKING:
    from ...records.state import Assessment
    from ..app import BalanceApp
    from ..assessing.session import Session
    from ..where import Where

_COLUMNS = (
    Column("name", Text("评估", "assessment"), least=10, most=28),
    Column("state", Text("状态", "state"), least=10, most=24),
    Column("last", Text("最近", "last"), least=18, most=40, stretch=True),
    Column("year", Text("年份", "year"), kind="plain", least=4, most=6),
    Column("standard", Text("标准", "standard"), least=8, most=24),
    Column("area", Text("范围", "area"), least=8, most=32),
    Column("done", Text("更正/判定", "corr./judged"), kind="plain", least=6, most=12),
    Column("here", Text("在线", "here"), least=4, most=24),
    Column("title", Text("标题", "title"), least=8, most=48, stretch=True),
)
_EMPTY = Text("还没有评估; a 新建", "no assessment yet; a makes one")


def build(session: Session, where: Where) -> View:  # noqa: ARG001 - all of them, wherever one comes from
    """Those that the person may look at, in the order they were made."""
    desk = session.desk
    seen = [one for one in desk.state.assessments.values() if desk.may("read", one.area)]
    rows = tuple(_cells(session, one) for one in seen)
    records = tuple({"_key": one.id, "assessment": one.id} for one in seen)
    title = DESK_KINDS["assessments"].title
    pane = TablePane(
        "assessments", title, ListSheet(_COLUMNS, rows, records), leads=_leads, counted=Text("个", "assessments"),
        cursor=(session.name, None) if session.name else None,
    )  # fmt: skip
    return View(title, (pane,), _EMPTY)


def _cells(session: Session, one: Assessment) -> tuple[Cell, ...]:
    from ..assessing.heading import state_of
    from ..assessing.telling import local_time

    last = one.events[-1]
    texts = (
        str(state_of(session, one)), f"{local_time(last)} {last.actor}", str(one.year or ""),
        str(one.standard.get("id", "")), str(one.area), f"{len(one.facts)}/{len(one.judgements)}",
        " ".join(session.presence.others(one.id)), one.title,
    )  # fmt: skip
    return (Cell(shown(one.id), "", "bold"), *(Cell(shown(visible(text))) for text in texts))


def _leads(record: Record, column: str) -> Doing:  # noqa: ARG001
    return partial(_open, str(record["assessment"]))


def _open(name: str, app: BalanceApp) -> None:
    from ..assessing.opening import open_assessment

    open_assessment(app, name)
