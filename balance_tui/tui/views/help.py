"""Help of the place one is in: its keys, the marks, the column, how to filter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ...language import Text
from ..actions import REGISTRY, Action
from ..cells import shown
from ..table.sheet import Cell, Column, ListSheet
from ..view import TablePane, View, nowhere
from .palette import applies, available, is_view, keys_cell, record_of, runs

if TYPE_CHECKING:
    from ..app import BalanceApp

TITLE = Text("帮助", "help")
COLUMNS = (
    Column("keys", Text("按键", "keys"), least=4, most=20),
    Column("label", Text("动作", "action"), least=8, most=24),
    Column("help", Text("说明", "what it does"), least=20, most=120, stretch=True),
)
HERE = Text("这里的按键", "keys of this place")
VIEWS = Text("去各屏", "views")
ELSEWHERE = Text("此刻或这里不能用的", "not possible here or now")
MARKS_TITLE = Text("记号", "marks")
COLUMN_TITLE = Text("所在列", "this column")
FILTER_TITLE = Text("筛选的写法", "how to filter")

MEANINGS: Mapping[str, Text] = {
    "pass": Text("合乎标准", "meets the standard"),
    "fail": Text("不合标准; 有底线的, 也不到底线", "does not meet it, nor the floor where there is one"),
    "unknown": Text("缺数据或判定; 从不算作达标", "a fact or an answer is missing; it never counts as met"),
    "not_applicable": Text("标准在此不作要求", "the standard asks nothing here"),
    "relieved": Text(
        "本不达标, 凭过渡条款算作达标, 须按期整改",
        "below the limit, met by a transitional relief that must be cured in time",
    ),
    "floor": Text(
        "未达标但不低于底线; 学校综合允许的余项",
        "short of the limit, not of the floor: what the school rule allows for the rest",
    ),
}
"""What each status word says, in one sentence."""


class Entry(NamedTuple):
    """One line of the help: its three cells, and what it carries."""

    keys: Cell
    label: Cell
    help: Cell
    record: dict[str, Any]


def build(app: BalanceApp) -> View:
    """The help of where one is: what can be done here, then all else, then how to read and filter the list."""
    entries = [*_actions(app), *_marks(), *_column(app), *_filter()]
    rows = tuple((entry.keys, entry.label, entry.help) for entry in entries)
    sheet = ListSheet(COLUMNS, rows, tuple(entry.record for entry in entries))
    title = (
        Text(f"{TITLE.zh} › {app.view.title.zh}", f"{TITLE.en} › {app.view.title.en}") if app.view else TITLE
    )
    return View(title, (TablePane("help", TITLE, sheet, nowhere, runs(app)),))


def _actions(app: BalanceApp) -> Iterator[Entry]:
    here = [each for each in REGISTRY.values() if applies(app, each)]
    # Of this view and in this place first, then what holds everywhere; of each, what the footer names comes first.
    commands = [each for each in available(app) if not is_view(each)]
    nearest = sorted(commands, key=lambda each: (not each.views, each.place == "everywhere"))
    rest = [each for each in REGISTRY.values() if each not in here]
    yield from _section(app, HERE, nearest)
    yield from _section(app, VIEWS, [each for each in here if is_view(each)])
    yield from _section(app, ELSEWHERE, rest)


def _section(app: BalanceApp, title: Text, actions: Iterable[Action]) -> Iterator[Entry]:
    entries = [
        Entry(keys_cell(app, each), _cell(str(each.label), "bold"), _cell(str(each.help)), record_of(each))
        for each in actions
    ]
    if entries:
        yield _heading(title)
        yield from entries


def _marks() -> Iterator[Entry]:
    from ...engine.status import LABELS, MARKS

    yield _heading(MARKS_TITLE)
    for word, mark in MARKS.items():
        label = Cell(shown(str(LABELS[word])), "", word)
        yield Entry(Cell(shown(mark), "", word), label, _cell(str(MEANINGS[word])), {"_key": f"mark-{word}"})


def _column(app: BalanceApp) -> Iterator[Entry]:
    column = app.table.column if app.table else None
    if column is None:
        return
    yield _heading(COLUMN_TITLE)
    title = f"{column.title} {column.under}".strip()
    yield Entry(_cell(""), _cell(title, "bold"), _cell(str(column.note)), {"_key": "column"})


def _filter() -> Iterator[Entry]:
    from ..table.filters import HELP

    yield _heading(FILTER_TITLE)
    for number, line in enumerate(str(HELP).splitlines()):
        written, _, meaning = re.sub(r"\s{2,}", "\t", line.strip(), count=1).partition("\t")
        left, right = (written, meaning) if meaning else ("", written)
        yield Entry(_cell(""), _cell(left, "key"), _cell(right), {"_key": f"filter-{number}"})


def _heading(title: Text) -> Entry:
    return Entry(_cell(""), _cell(str(title), "group"), _cell(""), {"_key": f"heading-{title.en}"})


def _cell(text: str, style: str = "") -> Cell:
    return Cell(shown(text), "", style)
