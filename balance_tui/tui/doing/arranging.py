"""Searching, sorting, filtering and grouping a list, and the widths of its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...errors import UsageError
from ...language import Text
from ..actions import action
from ..table.sheet import Order
from .moving import has_rows

if TYPE_CHECKING:
    from ..app import BalanceApp


def can_sort(app: BalanceApp) -> bool:
    """Whether there is a list whose rows can be put in another order."""
    return app.table is not None and has_rows(app) and not app.table.sheet.keeps_order


def has_columns(app: BalanceApp) -> bool:
    """Whether there is a list, be it empty."""
    return app.table is not None and bool(app.table.sheet.columns)


@action(
    "search", "slash", label=Text("查找", "search"), footer=50, place="table", when=has_rows, aside=True,
    help=Text("按名称、拼音首字母或编号查找; 本列表没有则找学校", "by name, pinyin initials or code; else among all schools"),
)  # fmt: skip
def search(app: BalanceApp) -> None:
    """Ask what to look for, going to the first match while it is typed."""
    if app.table is None:
        return
    start = app.table.row

    # The data may be read anew while one types: it is the table on the screen that is searched.
    def match(text: str) -> int | None:
        return app.table.sheet.find(text, start, 1) if app.table and text else None

    def seek(text: str) -> None:
        row = match(text) if text else start
        if row is not None and app.table is not None:
            app.table.go(row)

    def found(text: str) -> None:
        app.searched = text
        if text and match(text) is None:
            _seek_school(app, text)
        else:
            seek(text)

    app.ask(Text("查找", "search"), "", found, seek)


def _seek_school(app: BalanceApp, text: str) -> None:
    """What the list does not hold may be a school."""
    from ..seeking import school_sought

    judged = app.study is not None and not app.study.result.is_rejected
    place = school_sought(app.study, text, app.where.county) if app.study is not None and judged else None
    if place is None:
        app.say(Text(f"没有找到“{text}”", f"'{text}' is not found"))
    else:
        app.go(place)
        app.say(Text("不在本列表, 已到该校", "not in this list; this is the school"))


@action(
    "search-next",
    "n",
    label=Text("下一处", "next match"),
    help=Text("下一处查找结果", "the next match of the search"),
    place="table",
    when=lambda app: bool(app.searched),
)
def search_next(app: BalanceApp) -> None:
    """The next match."""
    _again(app, 1)


@action(
    "search-previous",
    "N",
    label=Text("上一处", "previous match"),
    help=Text("上一处查找结果", "the match before"),
    place="table",
    when=lambda app: bool(app.searched),
)
def search_previous(app: BalanceApp) -> None:
    """The match before."""
    _again(app, -1)


def _again(app: BalanceApp, step: int) -> None:
    table = app.table
    if table is None or not table.sheet.height:
        return
    row = table.sheet.find(app.searched, table.row + step, step)
    if row is None:
        app.say(Text(f"没有找到“{app.searched}”", f"'{app.searched}' is not found"))
    else:
        table.go(row)


@action(
    "filter", "f", label=Text("筛选", "filter"), footer=45, place="table", when=has_columns, aside=True,
    help=Text("只留符合的行, 如 小学 L2<1; 空为全部", "keep the rows that match, as: primary L2<1; empty for all"),
)  # fmt: skip
def filter_rows(app: BalanceApp) -> None:
    """Ask for a filter, applying it while it is typed."""
    if app.table is None:
        return

    def narrow(text: str) -> None:
        # The data may be read anew while one types: it is the table on the screen that is filtered.
        if app.table is not None:
            app.put_sheet(app.table.sheet.filtered(text))

    def while_typed(text: str) -> None:
        try:
            narrow(text)
        except UsageError:
            return  # not yet whole; told when it is entered

    def entered(text: str) -> None:
        narrow(text)
        if app.where.view != "aside":
            return
        if app.table is not None and not app.table.sheet.height:
            app.say(
                Text(
                    "没有符合的一行可选; f 重新输入, esc 返回", "no line matches; f types anew, esc goes back"
                )
            )
        else:
            app.perform("enter")

    app.ask(Text("筛选", "filter"), app.table.sheet.state.wanted, entered, while_typed)


@action(
    "filter-same",
    "equals_sign",
    label=Text("只看相同", "only the same"),
    help=Text("只留本列与此格相同的行", "keep the rows whose cell is the same"),
    place="table",
    when=has_rows,
)
def filter_same(app: BalanceApp) -> None:
    """Keep the rows that have the same in this column."""
    table = app.table
    if table is None or table.column is None or app.record is None:
        return
    value = table.sheet.value(table.row, table.column.key).replace('"', "")
    now = table.sheet.state.wanted
    app.put_sheet(table.sheet.filtered(f'{now} {table.column.key}="{value}"'.strip()))


@action(
    "filter-clear",
    "F",
    label=Text("取消筛选", "clear the filter"),
    help=Text("显示全部行", "show every row"),
    place="table",
)
def filter_clear(app: BalanceApp) -> None:
    """Show every row."""
    if app.table is not None:
        app.put_sheet(app.table.sheet.filtered(""))


@action(
    "sort", "s", label=Text("排序", "sort"), footer=40, place="table", when=can_sort,
    help=Text("按所在列: 升、降、还原", "by this column: up, down, as it was"),
)  # fmt: skip
def sort(app: BalanceApp) -> None:
    """Sort by the column one stands in: up, then down, then not at all."""
    _sort(app, ())


@action(
    "sort-then",
    "S",
    label=Text("再按此列", "then by"),
    help=Text("在已有排序之后再按所在列", "sort by this column after those before"),
    place="table",
    when=can_sort,
)
def sort_then(app: BalanceApp) -> None:
    """Sort by the column one stands in, after the columns sorted by already."""
    if app.table is not None:
        key = app.table.column.key if app.table.column else ""
        _sort(app, tuple(pair for pair in app.table.sheet.state.order.keys if pair[0] != key))


def _sort(app: BalanceApp, before: tuple[tuple[str, bool], ...]) -> None:
    table = app.table
    if table is None or table.column is None:
        return
    key = table.column.key
    now = dict(table.sheet.state.order.keys).get(key)
    own = () if now is True else ((key, now is False),)
    app.put_sheet(table.sheet.sorted(Order((*before, *own))))


def _has_groups(app: BalanceApp) -> bool:
    return bool(app.view and app.view.groups)


@action(
    "group",
    "b",
    label=Text("分组", "group"),
    footer=55,
    place="table",
    when=_has_groups,
    help=Text("依次按学段、地域、类型等分组", "by stage, location, type and so on, in turn"),
)
def group(app: BalanceApp) -> None:
    """Group by the next of the view's groupings."""
    if app.view is None or app.table is None:
        return
    ways = [None, *app.view.groups]
    now = app.table.sheet.state.group
    following = ways[(ways.index(now) + 1) % len(ways)] if now in ways else None
    app.put_sheet(app.table.sheet.grouped(following))
    if following is not None:
        app.say(Text(f"按{app.view.groups[following].zh}分组", f"grouped by {app.view.groups[following].en}"))


@action(
    "wider",
    "greater_than_sign",
    "plus",
    label=Text("加宽", "wider"),
    help=Text("加宽所在列", "make the column wider"),
    place="table",
)
def wider(app: BalanceApp) -> None:
    """Make the column wider."""
    if app.table is not None:
        app.table.widen(2)


@action(
    "narrower",
    "less_than_sign",
    "minus",
    label=Text("变窄", "narrower"),
    help=Text("缩窄所在列", "make the column narrower"),
    place="table",
)
def narrower(app: BalanceApp) -> None:
    """Make the column narrower."""
    if app.table is not None:
        app.table.widen(-2)
