"""Bringing data into an assessment: files of the inbox (outside restricted mode of anywhere), what they would change,
and then the import. Corrections stay, and so do kinds of files that are not given."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...data.dictionary import STAGES, dictionary
from ...errors import Refused, UsageError, visible
from ...language import Text
from ...records.office import import_files, open_file, preview
from ...records.targets import DATA
from ...records.workspace import FileKind, gone_and_new, read_files, standard_of
from . import errands
from .filling import pick
from .keeping import INBOX, files_in, folder_of_files, path_of
from .proposal import Entered, Proposal

if TYPE_CHECKING:
    from ...reading import Progress
    from ...records.desk import Desk
    from ...records.event import Event
    from ...records.state import Assessment
    from ..app import BalanceApp
    from ..view import Record
    from .session import Session

KINDS: Sequence[tuple[FileKind, Text]] = (
    ("data", Text("学校数据", "school data")), ("county_facts", Text("县级数据", "county facts")),
    ("judgements", Text("判定表", "judgements")), ("mapping", Text("表头对应", "header mapping")),
)  # fmt: skip
TITLE = Text("导入", "import")
_HAS = {True: Text("有", "there"), False: Text("无", "not there")}
_GONE, _NEW = Text("不再有", "gone"), Text("新增", "new")
MOST = 200
_BEGIN, _PATH = (
    Text("▶ 读入并看变化", "▶ read, and see what changes"),
    Text("其他位置: 输入路径", "elsewhere: type a path"),
)
_EMPTY = Text("收件箱是空的: ssh 主机 put 文件名", "the inbox is empty: ssh HOST put NAME")
_KEPT = Text("沿用", "as before")

Files = Sequence[tuple[FileKind, Path]]


@dataclass
class Choice:
    """The files chosen so far for an assessment, each with what it is."""

    name: str
    files: dict[Path, FileKind] = field(default_factory=dict)


def begin(app: BalanceApp, name: str) -> None:
    """Let files be chosen. Errors: REC-ROLE, REC-LOCKED."""
    app.at_desk.desk.importable(name)
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
    pick(app, _titled(choice.name), choices, partial(_picked, app, choice))


def _titled(name: str) -> Text:
    return Text(f"{TITLE.zh} › {name}", f"{TITLE.en} › {name}")


def _inbox(session: Session) -> list[Path]:
    """The files that were put into the workspace, by name."""
    folder = folder_of_files(session) / INBOX
    return sorted(folder / each.name for each in files_in(session, INBOX))


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
    _ask_kind(app, choice, path_of(text))


def pick_file(app: BalanceApp, title: Text, then: Callable[[Path], object]) -> None:
    """Let one file be picked: of the inbox, outside restricted mode of anywhere."""
    session = app.at_desk
    choices: list[tuple[str | None, str]] = [(str(path), visible(path.name)) for path in _inbox(session)]
    if not session.restricted:
        choices.append((None, str(_PATH)))
    if not choices:
        app.say(_EMPTY)
        return

    def picked(record: Record) -> None:
        if record["value"] is None:
            app.ask(Text("文件:", "file:"), "", lambda text: then(path_of(text)))
        else:
            then(Path(record["value"]))

    pick(app, title, choices, picked)


def _ask_kind(app: BalanceApp, choice: Choice, path: Path) -> None:
    def chosen(record: Record) -> None:
        choice.files[path] = record["value"]
        _choose(app, choice)

    pick(app, Text(path.name, path.name), [(kind, str(label)) for kind, label in KINDS], chosen)


# Reading


@dataclass(frozen=True)
class Seen:
    """What was looked at before an import: the `files` with their digests, the import then in force (the number of its
    event, 0 for none), and the lines that tell what would change."""

    name: str
    files: Files
    digests: Mapping[Path, str]
    base: int
    lines: Sequence[Entered]


def _read(app: BalanceApp, choice: Choice) -> None:
    """Read the files behind the screen, and show what they would change."""
    desk = app.at_desk.desk
    files = tuple((kind, path) for path, kind in choice.files.items())
    label = Text(f"读取 {choice.name}", f"reading {choice.name}")
    errands.begin(app, label, partial(_compared, desk, choice.name, files), partial(_show, app))


def _compared(desk: Desk, name: str, files: Files, progress: Progress) -> Seen:
    """Errors: those of reading."""
    one = desk.assessment(name)
    digests = {path: _digest(path) for _, path in files}
    lines = (
        _changes(desk, one, files, progress) if one.data.get("files") else _first(desk, one, files, progress)
    )
    return Seen(name, files, digests, one.last.get(DATA, 0), lines)


def _first(desk: Desk, one: Assessment, files: Files, progress: Progress) -> list[Entered]:
    data = read_files(files, standard_of(desk.log, one), progress)
    told = str(Text(f"{data.sections.height} 处", f"{data.sections.height} sections"))
    return [Entered(str(Text("首次导入", "first import")), "", told)]


def _changes(desk: Desk, one: Assessment, files: Files, progress: Progress) -> list[Entered]:
    """What differs, after how much that is and which files stay in force."""
    rows = preview(open_file(desk, one.id), files, progress)
    count = Text(f"{rows.height} 处变化", f"{rows.height} changes")
    whole, stay = gone_and_new(rows.iter_rows(named=True)), Text("更正保留", "corrections stay")
    note = Text(f"{whole.zh}; {stay.zh}", f"{whole.en}; {stay.en}") if whole.zh else stay
    head = Entered(str(count), "", "", str(note), "warning" if whole.zh else "")
    return [head, *_staying(one, files), *(_line(row) for row in rows.head(MOST).iter_rows(named=True))]


def _staying(one: Assessment, files: Files) -> list[Entered]:
    """The files of kinds that are not given: they stay in force."""
    given, labels = {kind for kind, _ in files}, {str(kind): label for kind, label in KINDS}
    return [
        Entered(str(labels[each["kind"]]), visible(str(each["name"])), visible(str(each["name"])), str(_KEPT))
        for each in one.data["files"] if each["kind"] not in given
    ]  # fmt: skip


def _line(row: Record) -> Entered:
    parts = (row["county"], row["school"], STAGES.get(row["stage"], row["stage"]), _fact(row["field"]))
    where = " ".join(visible(str(part)) for part in parts if part)
    if row["field"] is None:
        old, new = (str(_HAS[row[name] is not None]) for name in ("old", "new"))
        return Entered(where, old, new, str(_GONE if row["new"] is None else _NEW))
    stays = row["corrected"] is not None
    kept = str(Text(f"更正仍为 {row['corrected']}", f"corrected to {row['corrected']}")) if stays else ""
    return Entered(where, visible(row["old"] or "—"), visible(row["new"] or "—"), kept)


def _fact(code: str | None) -> str | None:
    known = dictionary().get(code) if code else None
    return str(known.label) if known else code


def _digest(path: Path) -> str:
    """Errors: FILE."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        told = visible(path.name)
        raise UsageError("FILE", Text(f"读不出 {told}", f"{told} cannot be read")) from error


def _show(app: BalanceApp, errand: errands.Errand, seen: Seen) -> None:
    _ = errand
    if app.typing or app.where in app.trail.asides:
        app.say(
            Text(
                f"{seen.name} 已读完: 再按 I 看变化",
                f"{seen.name} has been read: press I again for what changes",
            )
        )
        return
    proposal = Proposal(
        _titled(seen.name), None, lambda: seen.lines, partial(_write, seen), _nothing, _nothing, effects=(),
        evaluates=False,
    )  # fmt: skip
    from .proposing import propose

    propose(app, proposal)


def is_elsewhere(app: BalanceApp) -> bool:
    """Whether the person does something else by now, which is not to be torn away; they are told to ask again."""
    if app.typing or app.where in app.trail.asides:
        app.say(
            Text("已读完, 请再选一次文件看变化", "it has been read: choose the file again for what changes")
        )
        return True
    return False


def _write(seen: Seen, session: Session, reason: str) -> Sequence[Event]:
    """Import what was looked at, and nothing else. Errors: REC-CHANGED, those of `import_files`."""
    desk = session.desk
    desk.refresh()
    is_same = all(_digest(path) == digest for path, digest in seen.digests.items())
    if not is_same or desk.assessment(seen.name).last.get(DATA, 0) != seen.base:
        raise _not_as_seen()
    return (import_files(desk, seen.name, seen.files, reason),)


def _not_as_seen() -> Refused:
    return Refused(
        "REC-CHANGED",
        Text("看过变化之后, 文件或所导入的数据又变了; 没有导入",
             "files or data changed after they were looked at; nothing was imported"),
        Text("请重新导入, 再看一遍变化", "import again, and look at the changes once more"),
    )  # fmt: skip


def _nothing(told: object) -> None:
    """There is nothing to try, and nothing that could be in the way."""
