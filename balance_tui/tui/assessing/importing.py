"""Bringing data into an assessment: files of the inbox (outside restricted mode of anywhere), what they would change,
and then the import. Corrections stay."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import BalanceError, UsageError, visible
from ...language import Text
from ...records.refusals import locked
from ...records.seat import OPEN
from ...records.workspace import FileKind, Import, changes, imported, put_files, standard_of
from ..loading import Broken
from .administering import area_given
from .filling import pick
from .following import saved
from .proposal import Entered, Proposal
from .recorded import copied

if TYPE_CHECKING:
    from ...data.dataset import Dataset
    from ...records.event import Event
    from ...records.roles import Area
    from ...records.state import Assessment
    from ..app import BalanceApp
    from ..view import Record
    from .session import Session

KINDS: Sequence[tuple[FileKind, Text]] = (
    ("data", Text("学校数据", "school data")), ("county_facts", Text("县级数据", "county facts")),
    ("judgements", Text("判定表", "judgements")), ("mapping", Text("表头对应", "header mapping")),
)  # fmt: skip
TITLE = Text("导入", "import")
MOST = 200
_BEGIN, _PATH = (
    Text("▶ 读入并看变化", "▶ read, and see what changes"),
    Text("其他位置: 输入路径", "elsewhere: type a path"),
)
_EMPTY = Text("收件箱是空的: ssh 主机 put 文件名", "the inbox is empty: ssh HOST put NAME")


@dataclass
class Choice:
    """The files chosen so far for an assessment, each with what it is."""

    name: str
    files: dict[Path, FileKind] = field(default_factory=dict)


def begin(app: BalanceApp, name: str) -> None:
    """Let files be chosen. Errors: REC-ROLE, REC-LOCKED."""
    session = app.at_desk
    one = session.desk.assessment(name)
    session.desk.require("import", one.area)
    if one.review not in OPEN:
        raise locked(one)
    _choose(app, Choice(name))


def _choose(app: BalanceApp, choice: Choice) -> None:
    session = app.at_desk
    labels = dict(KINDS)
    chosen = {str(path): f"✓ {path.name} · {labels[kind]}" for path, kind in choice.files.items()}
    offered = {str(path): path.name for path in _inbox(session) if path not in choice.files}
    choices: list[tuple[str | None, str]] = [("", str(_BEGIN))] if choice.files else []
    choices += [(path, visible(label)) for path, label in {**chosen, **offered}.items()]
    if not session.restricted:
        choices.append((None, str(_PATH)))
    if not choices:
        app.say(_EMPTY)
        return
    pick(
        app,
        Text(f"{TITLE.zh} › {choice.name}", f"{TITLE.en} › {choice.name}"),
        choices,
        partial(_picked, app, choice),
    )


def _inbox(session: Session) -> list[Path]:
    """The files that were put into the workspace; no links, which might lead out of it."""
    if session.folder is None:
        return []
    try:
        entries = list(os.scandir(session.folder / "inbox"))
    except OSError:
        return []
    return sorted(
        Path(each.path) for each in entries if each.is_file(follow_symlinks=False) and each.name[0] != "."
    )


def _picked(app: BalanceApp, choice: Choice, record: Record) -> None:
    value = record["value"]
    if value == "":
        _read(app, choice)
    elif value is None:
        app.ask(Text("文件:", "file:"), "", partial(_typed, app, choice))
    elif Path(value) in choice.files:
        del choice.files[Path(value)]
        _choose(app, choice)
    else:
        _ask_kind(app, choice, Path(value))


def _typed(app: BalanceApp, choice: Choice, text: str) -> None:
    path = Path(text.strip()).expanduser()
    if not path.is_file():
        raise UsageError("FILE", Text(f"没有文件 {visible(text)}", f"there is no file {visible(text)}"))
    _ask_kind(app, choice, path.absolute())


def _ask_kind(app: BalanceApp, choice: Choice, path: Path) -> None:
    def chosen(record: Record) -> None:
        choice.files[path] = record["value"]
        _choose(app, choice)

    pick(app, Text(path.name, path.name), [(kind, str(label)) for kind, label in KINDS], chosen)


# Reading


def _read(app: BalanceApp, choice: Choice) -> None:
    """Read the files behind the screen, and show what they would change."""
    session = app.at_desk
    one = copied(session.desk.assessment(choice.name))
    files = tuple((kind, path) for path, kind in choice.files.items())
    app.say(Text("正在读取…", "reading…"))

    def run() -> None:
        try:
            data, lines = _compared(session, one, files)
        except BalanceError as error:
            app.call_later(app.tell_error, error)
        except Exception as error:  # noqa: BLE001 - as in `Loader._start`
            app.post_message(Broken(error))
        else:
            app.call_later(_show, app, one.id, files, data, lines)

    threading.Thread(target=run, daemon=True, name="import").start()


def _compared(
    session: Session, one: Assessment, files: Sequence[tuple[FileKind, Path]]
) -> tuple[Dataset, list[Entered]]:
    from ...reading import read_request

    log = session.desk.log
    standard = standard_of(log, one)
    data = read_request(Import(tuple(files)).request(standard), standard, write_proposals=False)
    if not one.data.get("files"):
        told = str(Text(f"{data.sections.height} 处", f"{data.sections.height} sections"))
        return data, [Entered(str(Text("首次导入", "first import")), "", told)]
    rows = changes(imported(log, one, standard), data, one.facts)
    lines = [_line(row) for row in rows.head(MOST).iter_rows(named=True)]
    count = Text(f"{rows.height} 处变化", f"{rows.height} changes")
    return data, [Entered(str(count), "", "", str(Text("更正保留", "corrections stay"))), *lines]


def _line(row: Record) -> Entered:
    where = " ".join(visible(str(row[name])) for name in ("county", "school", "stage", "field") if row[name])
    kept = (
        str(Text(f"更正仍为 {row['corrected']}", f"corrected to {row['corrected']}"))
        if row["corrected"]
        else ""
    )
    return Entered(where, visible(row["old"] or "—"), visible(row["new"] or "—"), kept)


def _show(
    app: BalanceApp,
    name: str,
    files: Sequence[tuple[FileKind, Path]],
    data: Dataset,
    lines: Sequence[Entered],
) -> None:
    def write(session: Session, reason: str) -> Sequence[Event]:
        return (session.desk.import_data(name, put_files(session.desk.log, files, data.digest), reason),)

    proposal = Proposal(
        Text(f"{TITLE.zh} › {name}", f"{TITLE.en} › {name}"), None, lambda: lines, write, _nothing, _nothing,
        effects=(), evaluates=False,
    )  # fmt: skip
    from .proposing import propose

    propose(app, proposal)


def _nothing(told: object) -> None:
    """There is nothing to try, and nothing that could be in the way."""


# A new assessment


def create(app: BalanceApp) -> None:
    """Ask for name, area, year and standard, and make the assessment. Errors: REC-ROLE, REC-NAME, REC-EXISTS."""
    app.ask(Text("新评估 名称:", "new assessment, name:"), "", partial(_ask_area, app))


def _ask_area(app: BalanceApp, name: str) -> None:
    from ...records.refusals import check_name

    check_name(name.strip())
    app.ask(Text("范围 省/市/县:", "area province/city/county:"), "", partial(_ask_year, app, name.strip()))


def _ask_year(app: BalanceApp, name: str, area: str) -> None:
    parts = area_given(area)
    app.ask(Text("年份:", "year:"), "", partial(_ask_standard, app, name, parts))


def _ask_standard(app: BalanceApp, name: str, area: Area, year: str) -> None:
    from ...standard.load import catalogue

    if year.strip() and not (year.strip().isdigit() and len(year.strip()) == 4):
        raise UsageError("YEAR", Text(f"“{visible(year)}”不是年份", f"'{visible(year)}' is not a year"))
    number = int(year) if year.strip() else None
    choices = [(each, each) for each in catalogue()]
    pick(app, Text("标准", "standard"), choices, partial(_made, app, name, area, number))


def _made(app: BalanceApp, name: str, area: Area, year: int | None, record: Record) -> None:
    from ...records.workspace import standard_kept
    from ...standard.load import load_standard

    session = app.at_desk
    kept = standard_kept(session.desk.log, load_standard(str(record["value"])))
    event = session.desk.create(name, name, area, year, kept)
    saved(app, session, (event,))
    app.again()
