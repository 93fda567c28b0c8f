"""Going to places, and coming back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...language import Text
from ..actions import action
from ..views import DESK_KINDS, KINDS, OF_WORKSPACE, ViewKind
from ..where import County, Where, where

if TYPE_CHECKING:
    from ..app import BalanceApp


def is_ready(app: BalanceApp) -> bool:
    """Whether there is data to look at."""
    return app.study is not None


def is_judged(app: BalanceApp) -> bool:
    """Whether there is a result to look at."""
    return app.study is not None and not app.study.result.is_rejected


def on_person(app: BalanceApp) -> bool:
    """Whether one stands on the row of a user."""
    return "user" in (app.record or {})


def at_workspace(app: BalanceApp) -> bool:
    """Whether the app was opened on a workspace."""
    return app.session is not None


def in_assessment(app: BalanceApp) -> bool:
    """Whether an assessment is open."""
    return app.session is not None and app.session.name is not None


def _destination(app: BalanceApp) -> object:
    pane, record, table = app.pane, app.record, app.table
    column = table.column if table else None
    return pane.leads(record, column.key) if pane and record is not None and column else None


def _can_enter(app: BalanceApp) -> bool:
    if app.in_explanation:
        return app.explanation.target() is not None
    table = app.table
    on_heading = table is not None and table.sheet.height > 0 and app.record is None
    return on_heading or _destination(app) is not None


@action(
    "enter", "enter", label=Text("打开", "open"), footer=10, when=_can_enter, aside=True,
    help=Text("打开所在的一格; 分组标题则收起或展开", "open the cell one stands on; a heading is folded or unfolded"),
)  # fmt: skip
def enter(app: BalanceApp) -> None:
    """Go where the cell, or the line of the explanation, leads."""
    if app.in_explanation:
        destination: object = app.explanation.target()
    elif app.record is None:
        fold(app)
        return
    else:
        destination = _destination(app)
    if isinstance(destination, Where):
        app.go(destination, keep=destination.view != app.where.view or destination.county != app.where.county)
    elif callable(destination):
        destination(app)


@action(
    "fold",
    "space",
    label=Text("收起/展开", "fold"),
    help=Text("收起或展开所在的分组或分支", "close or open the group or branch"),
    place="table",
)
def fold(app: BalanceApp) -> None:
    """Close or open the group or branch one stands on."""
    table = app.table
    if table is not None and table.sheet.height:
        app.put_sheet(table.sheet.folded(table.row))


@action(
    "back",
    "escape",
    "backspace",
    label=Text("返回", "back"),
    footer=90,
    aside=True,
    help=Text("取消, 或回到来处", "leave off, or back to where one came from"),
)
def back(app: BalanceApp) -> None:
    """Leave off what is going on, or go back."""
    table = app.table
    if app.where in app.trail.asides:
        if app.session is not None and app.where.view == "proposal":
            from ..assessing.proposing import left

            left(app.session)
        app.back()
    elif app.in_explanation and table is not None:
        app.screen.set_focus(table)
    elif app.explaining:
        app.perform("explain")
    elif app.loader.busy:
        app.loader.cancel()
        app.say(Text("已取消; r 重新读取", "left off; r reads again"))
    elif table is not None and table.marked is not None:
        table.marked = None
        table.redraw()
    elif table is not None and table.sheet.state.wanted and app.where.view != "aside":
        app.put_sheet(table.sheet.filtered(""))
    elif not app.back():
        app.say(Text("已是第一屏; q 退出", "this is where you began; q quits"))


def _kind_action(kind: ViewKind) -> None:
    ready = (
        is_ready if kind.id in ("findings", "data", "standard", "mapping", "switch", "plugins") else is_judged
    )

    @action(f"go-{kind.id}", *kind.keys, label=kind.title, help=kind.help, when=ready, footer=kind.footer)
    def go(app: BalanceApp) -> None:
        app.go(where(kind.id, _county(app) if _keeps_county(app, kind) else None))


def _desk_action(kind: ViewKind) -> None:
    always = kind.id in OF_WORKSPACE

    @action(
        f"see-{kind.id}", *kind.keys, label=kind.title, help=kind.help, footer=kind.footer,
        when=at_workspace if always else in_assessment,
    )  # fmt: skip
    def go(app: BalanceApp) -> None:
        app.go(where(kind.id, app.where.county))


def _county(app: BalanceApp) -> County | None:
    """The county one is in; among all of them, the one whose row one stands on; else the last one seen."""
    record = app.record or {}
    own = County(*(record[name] for name in County._fields)) if set(County._fields) <= record.keys() else None
    return app.where.county or (own if app.study and own in app.study.counties else None) or app.county


def _keeps_county(app: BalanceApp, kind: ViewKind) -> bool:
    """Lists of all counties are shown of all of them where one came from all of them."""
    return kind.of_county or kind.id != "counties" and app.where.county is not None


for _kind in DESK_KINDS.values():
    _desk_action(_kind)
for _kind in KINDS.values():
    if _kind.listed:
        _kind_action(_kind)


def _has_neighbours(app: BalanceApp) -> bool:
    return (
        is_judged(app)
        and app.where.view in KINDS
        and app.where.county is not None
        and app.study is not None
        and len(app.study.counties) > 1
    )


@action(
    "next-county",
    "full_stop",
    label=Text("下一县", "next county"),
    help=Text("同一屏, 下一个县或年份", "the same view of the next county or year"),
    when=_has_neighbours,
)
def next_county(app: BalanceApp) -> None:
    """The same view of the next county or year."""
    _neighbour(app, 1)


@action(
    "previous-county",
    "comma",
    label=Text("上一县", "previous county"),
    help=Text("同一屏, 上一个县或年份", "the same view of the county or year before"),
    when=_has_neighbours,
)
def previous_county(app: BalanceApp) -> None:
    """The same view of the county or year before."""
    _neighbour(app, -1)


def _neighbour(app: BalanceApp, step: int) -> None:
    if app.study is None or app.where.county is None:
        return
    counties = app.study.counties
    at = counties.index(app.where.county) if app.where.county in counties else 0
    app.go(Where(app.where.view, counties[(at + step) % len(counties)], app.where.detail), keep=False)
