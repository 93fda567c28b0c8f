"""An assessment goes out: its corrections, judgements and history, as one file in the outbox, or as the command writes
them into a folder elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import Place, UsageError, readable, visible
from ...language import Text
from ...paths import full_path
from ...records.evidence import Documents
from ...records.exporting import check_free, exported, put_all, put_new, zipped
from ...records.transfer import checked_name
from ...records.workspace import open_log
from .errands import Made, begin, finished
from .filling import pick
from .keeping import free_name, outbox, place_of, today

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
DOCUMENTS = Text(
    "文件夹 evidence 中是判定的佐证文件", "its folder evidence holds the documents of judgements"
)
_WITHOUT = Text("更正、判定、全部记录", "corrections, judgements and every event")
_ASKED = Text("发件箱中的文件名:", "name in the outbox:")
_ASKED_ANYWHERE = Text("文件名 (进发件箱), 或含 / 的文件夹:", "a name (in the outbox), or a folder with a /:")
_PLAIN = re.compile(r"[\w.@%+=:,-]+")


def export(app: BalanceApp, name: str) -> None:
    """Ask where to, and write it. Errors: REC-ROLE, those of `Desk.assessment`."""
    session = app.at_desk
    one = session.desk.assessment(name)
    session.desk.require("export", one.area)
    number = len(set(Documents(session.desk.log, one).named()))
    if not number:
        _ask_name(app, one, documents=False)
        return
    choices: list[tuple[str | None, str]] = [
        ("", str(_WITHOUT)),
        ("documents", str(Text(f"连同佐证文件 {number} 份", f"with the {number} documents of evidence"))),
    ]
    pick(app, TITLE, choices, lambda record: _ask_name(app, one, documents=bool(record["value"])))


def _ask_name(app: BalanceApp, one: Assessment, *, documents: bool) -> None:
    session = app.at_desk
    offered = free_name(outbox(session), f"{one.id}-{today()}", SUFFIX)
    asked = _ASKED if session.restricted else _ASKED_ANYWHERE
    app.ask(asked, offered, lambda text: _given(app, Export(place_of(session), one, documents), text))


@dataclass(frozen=True)
class Export:
    """What goes out: an assessment of the workspace at `place`, with the documents of its judgements or without."""

    place: str
    one: Assessment
    documents: bool

    @property
    def label(self) -> Text:
        """What it is called while it is being written."""
        return Text(f"{TITLE.zh} {self.one.id}", f"{TITLE.en} {self.one.id}")

    def files(self, progress: Progress) -> dict[str, bytes]:
        """Names and contents. Errors: those of `open_log` and `exported`."""
        log = open_log(self.place)
        try:
            return exported(log, self.one, progress, documents=self.documents)
        finally:
            log.close()


def _given(app: BalanceApp, export: Export, text: str) -> None:
    session, told = app.at_desk, text.strip()
    if "/" in told and not session.restricted:
        folder = full_path(told)
        begin(app, export.label, partial(_into_folder, export, folder), partial(_in_folder, app, export))
        return
    target = _target(session, told)
    begin(app, export.label, partial(_into_outbox, export, target), partial(_in_outbox, app, export))


def _target(session: Session, name: str) -> Path:
    """A new file of the outbox. Errors: XFER-NAME, XFER-KIND, XFER-EXISTS."""
    named = name if name.lower().endswith(SUFFIX) else f"{name}{SUFFIX}"
    target = outbox(session) / checked_name(named)
    check_free(target)
    return target


def _into_outbox(export: Export, target: Path, progress: Progress) -> Path:
    return put_new(target, zipped(export.files(progress)))


def _into_folder(export: Export, folder: Path, progress: Progress) -> Path:
    """The files of the command, none of them over another. Errors: OUT, XFER-EXISTS, REC-IO."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = Text(f"不能写入: {error.strerror}", f"cannot write: {error.strerror}")
        raise UsageError("OUT", what, None, Place(readable(str(folder)))) from error
    put_all(folder, export.files(progress))
    return folder


def _in_outbox(app: BalanceApp, export: Export, errand: Errand, target: Path) -> None:
    finished(app, errand, sent_out(app.at_desk, TITLE, target, *_holds(export)))


def _holds(export: Export) -> tuple[Text, ...]:
    return (HOLDS, DOCUMENTS) if export.documents else (HOLDS,)


def _in_folder(app: BalanceApp, export: Export, errand: Errand, folder: Path) -> None:
    place = visible(readable(str(folder)))
    told = Text(f"已导出到 {place}", f"exported into {place}")
    finished(app, errand, Made(TITLE, told, (told, *_holds(export))))


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
