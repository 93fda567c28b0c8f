"""The workspace: where it is and how much is in it, what can be done to the whole, and the files that go out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...errors import visible
from ...language import Text
from ...records.roles import Area
from ...records.sqlite_layout import FORMAT
from ...records.transfer import OUTBOX, outbox_of
from ...records.workspace import shown_place
from ..assessing import exporting, keeping
from ..assessing.errands import Made, show_made, words
from ..cells import shown
from ..table.sheet import Cell, Column, ListSheet
from ..view import Doing, Record, TablePane, View
from ..where import Where, where
from . import DESK_KINDS

if TYPE_CHECKING:
    from ..app import BalanceApp
    from ..assessing.session import Session

_COLUMNS = (
    Column("what", Text("内容", "what"), least=16, most=44),
    Column("told", Text("说明", "about it"), least=24, most=200, stretch=True),
)
_NO_ROLE = Text("没有此权限", "your role does not allow it")
_ENTER, _OUTBOX = Text("回车", "enter"), Text("发件箱", "outbox")
_HEAD = Text("末条校验值", "head hash")
_KEEP = Text("末条记录的序号与校验值, 请抄存在别处; 核对时与之比对, 才能发现整条链被重写。",
             "Number and hash of the last event, to be kept elsewhere: only against it is a chain found that was rewritten as "
             "a whole.")  # fmt: skip
_MOST = 50
"""Files of a folder that are listed."""


class Line(NamedTuple):
    """A row: what it is, what is said of it, and where it leads."""

    what: str
    told: str
    leads: Where | Doing | None = None
    style: str = ""


def build(session: Session, where: Where) -> View:  # noqa: ARG001 - of the workspace
    """What `workspace info` tells, then what can be done, then what was made."""
    lines = [*_about(session), *_acts(session), *_made(session), *_files(session)]
    rows = tuple(
        tuple(Cell(shown(visible(text)), "", line.style) for text in (line.what, line.told)) for line in lines
    )
    records: tuple[Record, ...] = tuple(
        {"_key": f"{at}-{line.what}", "leads": line.leads} for at, line in enumerate(lines)
    )
    title = DESK_KINDS["workspace"].title
    pane = TablePane(
        "workspace", title, ListSheet(_COLUMNS, rows, records), leads=_leads, counted=Text("行", "lines"),
    )  # fmt: skip
    return View(title, (pane,))


def _leads(record: Record, column: str) -> Where | Doing | None:  # noqa: ARG001
    leads: Where | Doing | None = record["leads"]
    return leads


def _about(session: Session) -> Iterator[Line]:
    state = session.desk.state
    seen = [one for one in state.assessments.values() if session.desk.may("read", one.area)]
    place = shown_place(keeping.place_of(session))
    if session.restricted and not session.desk.may("backup", Area()):
        place = Path(place).name
    yield Line(str(Text("位置", "place")), place)
    head = f"{state.head.sequence}:{state.head.hash}"
    page = (
        _KEEP,
        Text(f"{state.head.sequence}:", f"{state.head.sequence}:"),
        Text(state.head.hash, state.head.hash),
    )
    yield Line(str(_HEAD), head, partial(_words, _HEAD, page))
    yield Line(str(Text("评估", "assessments")), str(len(seen)), where("assessments"))
    if session.desk.may("user", Area()):
        yield Line(str(Text("用户", "users")), str(len(state.users)), where("people"))


def _acts(session: Session) -> Iterator[Line]:
    admin, one = session.desk.may("backup", Area()), session.name
    told = str(_ENTER)
    yield Line(str(Text("核对记录链与结论", "verify chain and results")), told, where("verify"))
    if one is not None:
        label = Text(f"导出 {one}", f"export {one}")
        yield Line(str(label), told if session.may("export") else str(_NO_ROLE), partial(_export, one))
    yield Line(str(keeping.TITLE), told if admin else str(_NO_ROLE), keeping.back_up, "" if admin else "dim")
    outside = str(Text("在命令行做; 回车看怎么做、为何", "on the command line; enter tells how and why"))
    for label, page in (
        (Text("从备份恢复 restore", "restore a backup"), keeping.RESTORING),
        (Text(f"升级格式 migrate (现为 {FORMAT})", f"migrate the format (now {FORMAT})"), keeping.MIGRATING),
        (Text("另建工作区 new", "make another workspace"), keeping.MAKING),
        (Text("认可时钟 clock", "accept the clock"), keeping.CLOCK),
    ):
        yield Line(str(label), outside, partial(_words, label, page), "dim")


def _export(name: str, app: BalanceApp) -> None:
    exporting.export(app, name)


def _words(title: Text, page: Sequence[Text], app: BalanceApp) -> None:
    words(app, title, page)


def _made(session: Session) -> Iterator[Line]:
    """What was made in this sitting, the last first."""
    for made in reversed(session.errands.made):
        yield Line(
            str(Text("本次: ", "now: ")) + str(made.title), str(made.told), partial(_show, made), "bold"
        )


def _show(made: Made, app: BalanceApp) -> None:
    show_made(app, made)


def _files(session: Session) -> Iterator[Line]:
    """One's own outbox; that of all, and the backups, for those who may have all of them."""
    boxes = [outbox_of(session.desk.actor), *([OUTBOX] if session.desk.may("export", Area()) else [])]
    told: set[str] = set()
    for box in boxes:
        # One's own goes before one of all of the same name.
        files = [kept for kept in keeping.files_in(session, box) if kept.name not in told]
        told |= {kept.name for kept in files}
        for kept in files[:_MOST]:
            label = Text(f"发件箱 {kept.name}", f"outbox {kept.name}")
            yield Line(
                str(label), f"{_when(kept)}  {exporting.fetching(kept.name)}", partial(_fetch, box, kept.name)
            )
    if session.desk.may("backup", Area()):
        for kept in keeping.files_in(session, keeping.BACKUPS)[:_MOST]:
            yield Line(str(Text(f"备份 {kept.name}", f"backup {kept.name}")), _when(kept))


def _fetch(box: str, name: str, app: BalanceApp) -> None:
    session = app.at_desk
    target = keeping.folder_in(session, box) / name
    show_made(app, exporting.sent_out(session, _OUTBOX, target))


def _when(kept: keeping.Kept) -> str:
    return f"{kept.time:%m-%d %H:%M} {keeping.size_of(kept.size)}"
