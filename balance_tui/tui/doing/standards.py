"""Standards beside one another, and where what they say comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...language import Text
from ..actions import action
from ..view import Record, TablePane
from ..where import Subject, Where, where
from .places import is_judged

if TYPE_CHECKING:
    from ..app import BalanceApp


@action(
    "why", "w", label=Text("来历", "origin"), footer=25, place="table",
    help=Text("所在的数由哪层标准、哪一行、哪一条设定, 取代了什么", "which layer, line and clause set this, what it replaced"),
    when=lambda app: _rests_on(app) is not None,
)  # fmt: skip
def why(app: BalanceApp) -> None:
    """Show where what the cell rests on comes from."""
    place = _rests_on(app)
    if place is not None:
        app.go(place)


def _rests_on(app: BalanceApp) -> Where | None:
    """The place that tells the origin of the cell one stands on; None where the standard has nothing to do with it."""
    pane, record, table = app.pane, app.record, app.table
    column = table.column if table else None
    if (
        pane is None
        or record is None
        or column is None
        or app.study is None
        or app.where.view in ("why", "aside")
    ):
        return None
    path = pane.rests(record, column.key) or _of_subject(pane, record, column.key)
    if path is None:
        return None
    from ..views.why import path_detail

    profile = record.get(f"profile_{column.key}")
    return where("why", app.where.county, path=path_detail(path), profile=profile)


def _of_subject(pane: TablePane, record: Record, column: str) -> tuple[str, ...] | None:
    subject = pane.subject(record, column)
    return _path_of(subject) if subject is not None else None


def _path_of(subject: Subject) -> tuple[str, ...]:
    if subject.kind == "indicator":
        return ("indicator", subject.name)
    return ("dispersion",) if subject.kind == "dispersion" else (subject.name,)


# The standards to switch to


def _standard_there(app: BalanceApp) -> str | None:
    """The standard whose row one stands on, where it can be used and is not the one in force."""
    record = app.record or {}
    return record.get("reference") if record.get("usable") else None


@action(
    "switch-compare", "d", label=Text("逐项比较", "compare"), footer=12, place="table", views=("switch",),
    help=Text("所在标准与现用标准逐项比较", "compare this standard with the one in force, item by item"),
    when=lambda app: _standard_there(app) is not None,
)  # fmt: skip
def compare_there(app: BalanceApp) -> None:
    """The standard one stands on beside the one in force."""
    _compare(app, None)


@action(
    "switch-why", "w", label=Text("为何不同", "why different"), footer=14, place="table", views=("switch",),
    help=Text("只看使结论不同的各项", "only what makes the verdicts differ"),
    when=lambda app: _standard_there(app) is not None,
)  # fmt: skip
def why_different(app: BalanceApp) -> None:
    """Only what decides that the standard one stands on comes to another verdict."""
    _compare(app, "1")


def _compare(app: BalanceApp, why: str | None) -> None:
    name = _standard_there(app)
    if name is None or app.study is None:
        return
    app.study.marked[:] = [name]
    county = app.where.county or (app.study.counties[0] if len(app.study.counties) == 1 else None)
    app.go(where("compare", county, why=why))


@action(
    "compare-choose", "a", label=Text("选标准", "choose"), footer=12, place="table", views=("compare",),
    help=Text("选要比较的标准; 再按回到比较", "choose which standards are compared; again to go back"),
)  # fmt: skip
def choose(app: BalanceApp) -> None:
    """The list of standards to mark, and back from it."""
    if app.where.get("choose"):
        app.back()
    else:
        app.go(app.where.having(choose="1"))


# The scorecard


@action(
    "scorecard-settings", "s", label=Text("设定", "settings"), footer=12, place="table", views=("scorecard",),
    help=Text("评分体系留待确定的值", "what the scorecard leaves open"), when=is_judged,
)  # fmt: skip
def settings(app: BalanceApp) -> None:
    """The settings of the standard."""
    app.go(where("settings", app.where.county))


# Plugins


@action(
    "plugin-switch", "space", label=Text("启用/停用", "on/off"), footer=12, place="table", views=("plugins",), outside=True,
    help=Text("启用或停用所在的插件, 从现在起一直有效", "switch this plugin on or off, from now on"),
    when=lambda app: (app.record or {}).get("plugin") is not None,
)  # fmt: skip
def switch_plugin(app: BalanceApp) -> None:
    """Switch the plugin one stands on off, or on again."""
    from ...plugins.choices import choices, switch
    from ...plugins.shelf import rescan

    name = str((app.record or {})["plugin"])
    on = name in choices()[0]
    switch(name, on=on)
    rescan()
    app.again()
    done = Text(f"已{'启用' if on else '停用'} {name}", f"{name} is switched {'on' if on else 'off'}")
    after = Text("已读入的数据按 r 重新读取后随之改变", "press r to read the data again under it")
    app.say(Text(f"{done.zh}; {after.zh}", f"{done.en}; {after.en}"))
