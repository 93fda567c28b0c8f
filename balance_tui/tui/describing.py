"""What the heading, the message line and the footer say of the place one is in."""

from __future__ import annotations

import math
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from ..language import Text
from .actions import Action, key_shown
from .assessing.storing import saving_line
from .cells import cut, shown, width
from .view import Line, Piece
from .views import KINDS, OF_WORKSPACE
from .where import County, Where, where

if TYPE_CHECKING:
    import polars as pl

    from ..errors import BalanceError
    from ..request import Request
    from .app import BalanceApp
    from .study import Study

TwoEnds = tuple[Line, Line]


class Telling(NamedTuple):
    """How the verdicts of a standard that has several are told: how many, how many of these with their word, and the
    cells of a name."""

    verdicts: int
    worded: int
    name: int


TELLINGS = (
    Telling(3, 2, 14), Telling(3, 1, 14), Telling(2, 2, 14), Telling(2, 1, 14), Telling(2, 0, 14), Telling(2, 0, 8),
)  # fmt: skip
"""From much room to little."""
SIGNIFICANT = 12
"""Digits of a figure on the message line."""
NO_LAYERS = Text("无叠加", "no layers")
REMEMBERED = Text("上次的结果, 正在重新计算 …", "as last seen; being computed anew …")
OPENING = Text("正在读取数据 …", "reading the data …")
NOT_RENEWED = Text("上次的结果, 未重新计算", "as last seen; not computed anew")
NONE_MATCHES = Text("没有符合筛选的行", "no row answers the filter")
NOT_READ = Text("数据未读取", "the data is not read")


def beginning(study: Study, request: Request) -> Where:
    """Where one begins: what was asked for; else the findings of rejected data, the one county, or all of them."""
    if study.result.is_rejected:
        return where("findings")
    named = [each for each in study.counties if _is_asked_for(each, request)]
    if not named:
        return where("counties")
    if len(named) == 1 or (_of_county(request) and _is_meant(named, request)):
        return where(request.view or "overview", named[0])
    if request.view and not _of_county(request):
        return where(request.view)
    year = None if request.year is None else str(request.year)
    return where("counties").having(county=request.county, year=year)


def _of_county(request: Request) -> bool:
    return request.view is not None and KINDS[request.view].of_county


def _is_meant(named: list[County], request: Request) -> bool:
    """Whether the first may be shown: not where the name that was given is that of several counties."""
    is_named = request.county is not None or request.year is not None
    return not is_named or len({county[:3] for county in named}) == 1


def not_found(study: Study, request: Request) -> Text | None:
    """What is said where the data has no such county or year as was asked for."""
    if request.county is None and request.year is None or study.result.is_rejected:
        return None
    if any(_is_asked_for(each, request) for each in study.counties):
        return None
    named = " ".join(str(part) for part in (request.county, request.year) if part is not None)
    return Text(f"数据中没有“{named}”", f"the data has no '{named}'")


def _is_asked_for(county: County, request: Request) -> bool:
    return request.county in (None, county.county) and request.year in (None, county.year)


def heading(app: BalanceApp) -> tuple[TwoEnds, TwoEnds]:
    """Which data and standard, with the verdict; which view, how arranged, where in it."""
    if app.session is not None and (app.study is None or app.where.view in OF_WORKSPACE):
        from .assessing.heading import at_workspace

        return at_workspace(app, app.session)
    if app.study is None:
        return _without_data(app)
    return _first_line(app, app.study), second_line(app)


def _without_data(app: BalanceApp) -> tuple[TwoEnds, TwoEnds]:
    """What is remembered, or nothing yet; help, or headers to be settled, are told by their own titles."""
    waits = app.loader.waits
    titled = app.view is not None and bool(str(app.view.title))
    if app.opening is not None:
        first, (left, _) = app.opening.heading
        told = Piece(f" {REMEMBERED if waits else NOT_RENEWED}", "message")
        return first, (second_line(app)[0] if titled and app.where.view == "aside" else left, (told,))
    told = Piece(f" {OPENING if waits else NOT_READ}"[0 if titled else 1 :], "dim")
    first = ((Piece(_name_of(app.request), "title"),), ())
    return first, (second_line(app)[0], (told,)) if titled else ((told,), ())


def _first_line(app: BalanceApp, study: Study) -> TwoEnds:
    county = app.where.county
    if app.session is not None:
        from .assessing.heading import name_of

        name = name_of(app.session, county)
    else:
        name = shown(_told_apart(county, study)) if county else _name_of(app.request)
    every = shown(" ▸ ").join(shown(layer["id"]) for layer in study.standard.layers)
    told, room = verdict(study, county), 0
    for telling in TELLINGS:
        told = verdict(study, county, telling)
        room = app.size.width - sum(width(piece.text) for piece in told) - width(name)
        if room >= width(every) + 2:
            break
    return (Piece(name, "title"), Piece(_standard(study, room), "dim")), told


def _standard(study: Study, room: int) -> str:
    """The standard with the layers below it, as much as has room: the word before it goes first, then the layers from
    the lowest on."""
    ids = [shown(layer["id"]) for layer in reversed(study.standard.layers)]
    between = shown(" ▸ ")
    whole = between.join(ids if len(ids) > 1 else [*ids, str(NO_LAYERS)])
    ways = [f"  {Text('标准', 'standard')} {whole}", f"  {whole}"]
    ways += [f"  {between.join([*ids[:end], shown('…')])}" for end in range(len(ids) - 1, 0, -1)]
    return next((way for way in ways if width(way) <= room), f"  {ids[0]}")


def _told_apart(county: County, study: Study) -> str:
    """A county and year; with its city or province where the data has others of this name."""
    names: Counter[str] = study.frame("names of counties", lambda result: Counter(map(str, study.counties)))  # noqa: ARG005
    if names[str(county)] < 2:
        return str(county)
    alike = [each for each in study.counties if str(each) == str(county) and each != county]
    city = county.city if any(each.city != county.city for each in alike) else None
    province = county.province if any(each.province != county.province for each in alike) else None
    return " ".join(part for part in (province, city, str(county)) if part)


def verdict(study: Study, county: County | None, telling: Telling = TELLINGS[0]) -> Line:
    """The verdict of a county, or how many counties have which."""
    told: Line = study.pane(("verdict", county, telling), lambda: _verdict(study, county, telling))
    return told


def _verdict(study: Study, county: County | None, telling: Telling) -> Line:
    from ..engine.status import LABELS, MARKS

    if study.result.is_rejected:
        return (Piece(str(Text("数据被拒", "data rejected")), "fail"),)
    frame = study.of_county(study.result.counties, county)
    counts = dict(frame["verdict"].cast(str).value_counts().iter_rows()) if frame.height > 1 else {}
    if counts:
        order = [word for word in MARKS if word in counts]
        return tuple(Piece(f" {shown(MARKS[word])} {counts[word]}", word) for word in order)
    if not frame.height:
        return ()
    own = study.of_county(study.result.verdicts, county)
    if own.height > 1:
        return _several(study, own, telling)
    word = str(frame["verdict"][0])
    return (Piece(f" {LABELS[word]} {shown(MARKS[word])}", word),)


def _several(study: Study, verdicts: pl.DataFrame, telling: Telling) -> Line:
    """The verdicts of a standard that has several, the main one first."""
    from ..engine.status import LABELS, MARKS

    labels = {each.id: each.text for each in study.standard.model.verdict}
    pieces = []
    rows = sorted(verdicts.iter_rows(named=True), key=lambda row: not row["main"])
    for number, row in enumerate(rows[: telling.verdicts]):
        word = row["status"]
        label = cut(shown(str(labels[row["id"]]).partition(":")[0]), telling.name)
        said = f" {LABELS[word]}" if number < telling.worded else ""
        pieces.append(Piece(f"  {label} {shown(MARKS[word])}{said}", word))
    return tuple(pieces)


def _name_of(request: Request) -> str:
    from pathlib import Path

    if request.is_demo:
        return str(Text("示例数据 (虚构)", "sample data (made up)"))
    first = Path(request.files[0]).name or request.files[0]
    more = (
        Text(f" 等 {len(request.files)} 个", f" and {len(request.files) - 1} more")
        if len(request.files) > 1
        else ""
    )
    return shown(f"{first}{more}")


def second_line(app: BalanceApp) -> TwoEnds:
    """Which view, how arranged; where in it, and of an assessment where its review stands."""
    if app.view is None:
        return (), ()
    left = [Piece(shown(str(app.view.title)), "bold")]
    table = app.table
    if table is None:
        return left, ()
    state = table.sheet.state
    titles = {column.key: str(column.title) for column in table.sheet.columns}
    if state.order.keys:
        sorted_by = ", ".join(
            f"{titles.get(key, key)}{'↓' if down else '↑'}" for key, down in state.order.keys
        )
        left.append(Piece(shown(f"  {Text('排序', 'sorted')} {sorted_by}"), "dim"))
    if state.group:
        left.append(Piece(shown(f"  {Text('分组', 'by')} {titles.get(state.group, state.group)}"), "dim"))
    if state.wanted:
        left.append(Piece(shown(f"  {Text('筛选', 'filter')} {state.wanted}"), "message"))
    right = (Piece(_position(app), "dim"),)
    if app.session is not None and app.where.view not in ("assessments", "people"):
        from .assessing.heading import standing

        return left, (*standing(app.session), Piece(" ", ""), *right)
    return left, right


def _position(app: BalanceApp) -> str:
    table, pane = app.table, app.pane
    if table is None or pane is None or not table.sheet.height:
        if table is not None and table.sheet.state.wanted and table.sheet.total:
            return f" {NONE_MATCHES} ({Text('共', 'of')} {table.sheet.total})"
        return str(app.view.empty) if app.view else ""
    of = f"{table.row + 1}/{table.sheet.height}"
    total = table.sheet.total
    hidden = (
        f" ({Text('共', 'of')} {total})" if table.sheet.state.wanted and total != table.sheet.height else ""
    )
    return f" {of}{hidden} {pane.counted}"


def message(app: BalanceApp) -> TwoEnds:
    """What the cell one stands on is: its column in full, its value, and what its row belongs to."""
    table, record, saving = app.table, app.record, saving_line(app)
    column = table.column if table else None
    if table is None or column is None or not table.sheet.height:
        return saving, ()
    if record is not None and "whole" in record and column.key in ("time", "what", "note"):
        # What the row says, where its columns have no room for it.
        return (*saving, Piece(shown(record["whole"]()), "")), ()
    note = str(column.note) if column.note.zh else str(column.title)
    value = shown(_short(table.sheet.value(table.row, column.key))) if record is not None else ""
    cell = table.sheet.cells(table.row)[table.col]
    mark = f" {cell.mark}" if cell.mark.strip() else ""
    told = (Piece(f"{value}{mark}", cell.style if cell.mark else ""), *_whose(app, record))
    # Of a long note the end is left away, not the value behind it.
    room = app.size.width - sum(width(piece.text) for piece in (*saving, *told)) - 2
    text = f"{cut(shown(note), max(room, app.size.width // 3))}: " if note else ""
    return (*saving, Piece(text, "dim"), *told), ()


def _short(value: str) -> str:
    """A long figure in six significant digits; copying gives the whole."""
    try:
        number = float(value)
    except ValueError:
        return value
    if "." not in value or len(value) <= SIGNIFICANT + 2 or not math.isfinite(number):
        return value
    return f"{Decimal(f'{number:.{SIGNIFICANT}g}'):f}"


def _whose(app: BalanceApp, record: object) -> Line:
    """Where a reported figure stands in its file."""
    if app.where.view != "data" or app.study is None or record is None or app.table is None:
        return ()
    from .views.data import place_of

    column = app.table.column
    place = place_of(app.study, record, column.key) if column else None  # type: ignore[arg-type]
    told = (Piece(shown(f"   {place}"), "dim"),) if place else ()
    if app.session is None:
        return told
    from .assessing.facts import told_of

    return (*told_of(app, app.session), *told)


def stopped(app: BalanceApp, error: BalanceError) -> str:
    """Why nothing could be read, and what can be done."""
    read, leave = (key_shown(next(iter(app.keymap[name]), "")) for name in ("reread", "quit"))
    return f"\n{error}\n\n{Text(f'{read} 重新读取   {leave} 退出', f'{read} read again   {leave} quit')}"


def no_action(key: str) -> Text:
    """What is said of a key that does nothing here."""
    named = shown(key_shown(key))
    return Text(f"{named} 在这里没有作用; ? 看按键", f"{named} does nothing here; ? shows the keys")


def not_now(app: BalanceApp, action: Action) -> Text:
    """Why an action cannot be done now."""
    if app.study is None:
        return Text(f"数据就绪后可“{action.label.zh}”", f"'{action.label.en}' when the data is there")
    return Text(f"这里不能“{action.label.zh}”", f"'{action.label.en}' is not possible here")


def too_small(columns: int, lines: int, least: tuple[int, int]) -> Text:
    """What is said where there is no room."""
    return Text(
        f"窗口太小: 需要 {least[0]}x{least[1]}, 现在 {columns}x{lines}\n请放大窗口; q 退出",
        f"Too small: {least[0]}x{least[1]} needed, now {columns}x{lines}\nEnlarge it; q quits",
    )
