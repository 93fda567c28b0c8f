"""A new assessment, and another standard for one that is open."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from ...errors import UsageError, visible
from ...language import Text
from ...records.office import change_standard
from ...records.refusals import check_name, locked
from ...records.seat import OPEN
from .administering import area_given, recorded
from .filling import pick
from .storing import ask_to_store, store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...records.desk import Desk
    from ...records.event import Event
    from ...records.roles import Area
    from ...standard.load import LoadedStandard
    from ..app import BalanceApp
    from ..view import Record

_ELSEWHERE = Text("其他: 输入标准文件的路径", "another: type the path of a standard")


def create(app: BalanceApp) -> None:
    """Ask for name, title, area, year and standard, and make the assessment. Errors: REC-ROLE, REC-NAME, REC-EXISTS."""
    app.at_desk.desk.require_any("create")
    app.ask(Text("新评估 名称:", "new assessment, name:"), "", partial(_ask_title, app))


def _ask_title(app: BalanceApp, text: str) -> None:
    name = check_name(text.strip())
    app.ask(Text("标题 (可空):", "title (may be empty):"), name, partial(_ask_area, app, name))


def _ask_area(app: BalanceApp, name: str, title: str) -> None:
    given = partial(_ask_year, app, name, visible(title.strip()) or name)
    app.ask(Text("范围 省/市/县:", "area province/city/county:"), "", given)


def _ask_year(app: BalanceApp, name: str, title: str, text: str) -> None:
    area = area_given(text)
    app.at_desk.desk.require("create", area)
    app.ask(Text("年份:", "year:"), "", partial(_ask_standard, app, name, title, area))


def _ask_standard(app: BalanceApp, name: str, title: str, area: Area, text: str) -> None:
    year = text.strip()
    if year and not (year.isascii() and year.isdigit() and len(year) == 4):
        raise UsageError("YEAR", Text(f"“{visible(year)}”不是年份", f"'{visible(year)}' is not a year"))
    pick_standard(
        app, Text("标准", "standard"), partial(_make, app, name, title, area, int(year) if year else None)
    )


def pick_standard(app: BalanceApp, title: Text, then: Callable[[LoadedStandard], None]) -> None:
    """Let a standard be picked among those installed; outside restricted mode a file too."""
    from ...standard.load import catalogue, load_standard

    choices: list[tuple[str | None, str]] = [(name, name) for name in catalogue()]
    if not app.at_desk.restricted:
        choices.append((None, str(_ELSEWHERE)))

    def typed(text: str) -> None:
        then(load_standard(text.strip()))

    def picked(record: Record) -> None:
        if record["value"] is None:
            app.ask(Text("标准文件:", "file of the standard:"), "", typed)
        else:
            then(load_standard(str(record["value"])))

    pick(app, title, choices, picked)


def _make(
    app: BalanceApp, name: str, title: str, area: Area, year: int | None, standard: LoadedStandard
) -> None:
    store(app, partial(_made, app.at_desk.desk, name, title, area, year, standard), partial(recorded, app))


def _made(
    desk: Desk, name: str, title: str, area: Area, year: int | None, standard: LoadedStandard
) -> Sequence[Event]:
    from ...records.workspace import standard_kept

    return (desk.create(name, title, area, year, standard_kept(desk.log, standard)),)


def give_standard(app: BalanceApp) -> None:
    """Judge the open assessment by another standard from now on, for a reason. Errors: REC-ROLE, REC-LOCKED."""
    session = app.at_desk
    session.desk.require("standard", session.one.area)
    if session.one.review not in OPEN:
        raise locked(session.one)
    pick_standard(
        app, Text("换评估所用的标准", "judge by another standard"), partial(_why, app, session.opened)
    )


def _why(app: BalanceApp, name: str, standard: LoadedStandard) -> None:
    desk = app.at_desk.desk

    def checked(reason: str) -> Callable[[], Sequence[Event]]:
        return lambda: (change_standard(desk, name, standard, visible(reason.strip())),)

    question = Text(f"换为 {standard.id} 的理由:", f"why {standard.id}:")
    ask_to_store(app, question, "", checked, partial(recorded, app))
