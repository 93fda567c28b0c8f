"""An assessment goes out: its corrections, judgements and history, as one file in the outbox, or as the command writes
them into a folder elsewhere."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import Place, Refused, UsageError, readable, visible
from ...language import Text
from ...records.exporting import exported, put_new, zipped
from ...records.transfer import TAKEN, checked_name
from ...records.workspace import open_log
from .errands import Made, begin, finished
from .keeping import OUTBOX, folder_in, free_name, place_of, today

if TYPE_CHECKING:
    from ...reading import Progress
    from ...records.state import Assessment
    from ..app import BalanceApp
    from .errands import Errand
    from .session import Session

TITLE = Text("导出", "export")
SUFFIX = ".zip"
HOLDS = Text("内有 corrections.csv 更正、judgements.csv 判定、history.json 全部记录",
             "it holds corrections.csv, judgements.csv and history.json with every event")  # fmt: skip
_ASKED = Text("发件箱中的文件名:", "name in the outbox:")
_ASKED_ANYWHERE = Text("文件名 (进发件箱), 或含 / 的文件夹:", "a name (in the outbox), or a folder with a /:")
_PLAIN = re.compile(r"[\w.@%+=:,-]+")


def export(app: BalanceApp, name: str) -> None:
    """Ask where to, and write it. Errors: REC-ROLE, those of `Desk.assessment`."""
    session = app.at_desk
    one = session.desk.assessment(name)
    session.desk.require("export", one.area)
    offered = free_name(folder_in(session, OUTBOX), f"{name}-{today()}", SUFFIX)
    app.ask(_ASKED if session.restricted else _ASKED_ANYWHERE, offered, partial(_given, app, one))


def _given(app: BalanceApp, one: Assessment, text: str) -> None:
    session, told = app.at_desk, text.strip()
    if "/" in told and not session.restricted:
        folder = Path(told).expanduser().absolute()
        begin(
            app, _label(one), partial(_into_folder, place_of(session), one, folder), partial(_in_folder, app)
        )
        return
    target = _target(session, told)
    begin(app, _label(one), partial(_into_outbox, place_of(session), one, target), partial(_in_outbox, app))


def _label(one: Assessment) -> Text:
    return Text(f"{TITLE.zh} {one.id}", f"{TITLE.en} {one.id}")


def _target(session: Session, name: str) -> Path:
    """A new file of the outbox. Errors: XFER-NAME, XFER-KIND, XFER-EXISTS."""
    named = name if name.lower().endswith(SUFFIX) else f"{name}{SUFFIX}"
    target = folder_in(session, OUTBOX) / checked_name(named)
    _check_free(target)
    return target


def _check_free(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise Refused("XFER-EXISTS", TAKEN, None, Place(readable(target.name)))


def _files(place: str, one: Assessment, progress: Progress) -> dict[str, bytes]:
    log = open_log(place)
    try:
        return exported(log, one, progress)
    finally:
        log.close()


def _into_outbox(place: str, one: Assessment, target: Path, progress: Progress) -> Path:
    return put_new(target, zipped(_files(place, one, progress)))


def _into_folder(place: str, one: Assessment, folder: Path, progress: Progress) -> Path:
    """The files of the command, none of them over another. Errors: OUT, XFER-EXISTS, REC-IO."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = Text(f"不能写入: {error.strerror}", f"cannot write: {error.strerror}")
        raise UsageError("OUT", what, None, Place(readable(str(folder)))) from error
    files = _files(place, one, progress)
    for name in files:
        _check_free(folder / name)
    for name, content in files.items():
        put_new(folder / name, content)
    return folder


def _in_outbox(app: BalanceApp, errand: Errand, target: Path) -> None:
    finished(app, errand, sent_out(app.at_desk, TITLE, target, HOLDS))


def _in_folder(app: BalanceApp, errand: Errand, folder: Path) -> None:
    place = visible(readable(str(folder)))
    told = Text(f"已导出到 {place}", f"exported into {place}")
    finished(app, errand, Made(TITLE, told, (told, HOLDS)))


def sent_out(session: Session, title: Text, target: Path, *holds: Text) -> Made:
    """What is said of a file in the outbox: its name, what it `holds`, and how it is fetched."""
    place = "" if session.restricted else visible(readable(str(target)))
    name = visible(target.name)
    fetched = fetching(target.name)
    return Made(
        title,
        Text(f"已写入 {name}; 取回: {fetched.zh}", f"written: {name}; fetch it: {fetched.en}"),
        (
            Text(f"在发件箱中: {name}", f"in the outbox: {name}"),
            *([Text(f"文件: {place}", f"file: {place}")] if place else []),
            *holds,
            Text("在自己的电脑上取回:", "to fetch it, on your own computer:"),
            Text(f"  {fetched.zh} > {_quoted(name)}", f"  {fetched.en} > {_quoted(name)}"),
        ),
    )


def fetching(name: str) -> Text:
    """The command that carries a file of the outbox home."""
    named = name if _PLAIN.fullmatch(name) else f"\"get '{name}'\""
    word = "" if named is not name else "get "
    return Text(f"ssh 主机 {word}{named}", f"ssh HOST {word}{named}")


def _quoted(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else f'"{name}"'
