"""Filling in the form of a judgement: lines that are typed, and lines that are picked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ...data.dictionary import ANSWERS
from ...errors import visible
from ...language import Text
from ...records import evidence
from ...records.evidence import Documents, Sources
from ...records.telling import LINES, SOURCES
from ..cells import shown
from ..table.sheet import Cell, Column, ListSheet
from .keeping import INBOX, files_in, folder_of_files, path_of, size_of
from .storing import store

if TYPE_CHECKING:
    from ..app import BalanceApp
    from ..view import Record
    from ..where import Where
    from .judging import Judging
    from .session import Session

_TITLES = {
    "file": Text("佐证 文件 (先送入收件箱: ssh 主机 put 文件名)", "evidence: file (send it first: ssh HOST put NAME)"),
}  # fmt: skip
"""What stands over a list to pick from, where more than the name of the line is to be said."""
SOURCE = Text("来源", "source")
_OTHER, _NONE = Text("其他: 输入", "other: type it"), Text("撤去", "take away")
_INCOMING, _PATH = Text("收件箱", "inbox"), Text("别处: 输入路径", "elsewhere: type a path")
_PICK = (Column("label", Text("选择", "choose"), least=20, most=60, stretch=True),)


def _changed(app: BalanceApp) -> None:
    """A line reads otherwise: keep it, and work out what it would change."""
    from .proposing import keep, try_again

    session = app.session
    if session is None or session.proposal is None:
        return
    keep(session, session.proposal, session.proposal.reason)
    try_again(app, session.proposal)


def ask(form: Judging, name: str, app: BalanceApp) -> None:
    """Let a line be filled in: picked where there is something to pick from, else typed."""
    if name == "answer":
        _pick(app, form, name, _answers(form))
    elif name == "file":
        # A folder on a share may take its time.
        store(
            app,
            partial(_documents, app.at_desk, form),
            partial(_pick_file, app, form, app.where),
            saving=False,
        )
    else:
        _type(app, form, name)


def _answers(form: Judging) -> list[tuple[str | None, str]]:
    """What can be picked as an answer: (value, label), None to type another."""
    words = form.asked.words
    answers = [(value, str(label)) for value, label in ANSWERS.items() if words is None or value in words]
    others = sorted({*form.asked.passing, *(words or ())} - ANSWERS.keys())
    other: list[tuple[str | None, str]] = [(None, str(_OTHER))] if words is None else []
    return [*answers, *((each, each) for each in others), *other, ("", str(_NONE))]


def _pick(app: BalanceApp, form: Judging, name: str, choices: Sequence[tuple[str | None, str]]) -> None:
    pick(app, _TITLES.get(name, LINES[name]), choices, partial(_chosen, app, form, name))


def document_sources(session: Session) -> Sources:
    """Where documents come from: the inbox, outside restricted mode anywhere."""
    return Sources(folder_of_files(session) / INBOX, anywhere=not session.restricted)


def _pick_file(app: BalanceApp, form: Judging, place: Where, files: Sequence[tuple[str, str]]) -> None:
    """Where one still stands in the form, let one of the documents be picked."""
    if app.where == place and not app.typing:
        other: list[tuple[str | None, str]] = [] if app.at_desk.restricted else [(None, str(_PATH))]
        _pick(app, form, "file", [*files, *other, ("", str(_NONE))])


def _documents(session: Session, form: Judging) -> list[tuple[str, str]]:
    """Value and label of the files of the inbox, the newest first, and of the documents that judgements have."""
    incoming = [
        (f"{evidence.INBOX}{each.name}", f"{_INCOMING} {visible(each.name)}  {size_of(each.size)}")
        for each in files_in(session, INBOX)
    ]
    kept = dict(Documents(session.desk.log, session.desk.assessment(form.assessment)).named())
    return [*incoming, *((name, visible(name)) for name in sorted(kept))]


def pick(
    app: BalanceApp, title: Text, choices: Sequence[tuple[str | None, str]], then: Callable[[Record], object]
) -> None:
    """Let one of (value, label) be picked; `then` is given its record, which holds `value`."""
    rows = tuple((Cell(shown(label)),) for _, label in choices)
    records = tuple({"_key": number, "value": value} for number, (value, _) in enumerate(choices))
    app.pick(title, ListSheet(_PICK, rows, records), then)


def _chosen(app: BalanceApp, form: Judging, name: str, record: Record) -> None:
    if record["value"] is None:
        _type(app, form, name)
        return
    form.values[name] = str(record["value"])
    _changed(app)


def _type(app: BalanceApp, form: Judging, name: str) -> None:
    session, proposal = app.at_desk, app.at_desk.proposal
    reason = proposal.reason if proposal is not None else ""

    def keep(text: str) -> None:
        session.drafts.keep(form.assessment, form.typed(reason, **{name: text}))

    def given(text: str) -> None:
        if name == "score" and text.strip():
            form.check_score(text)
        if name == "date" and text.strip():
            _checked_date(text)
        if name == "file" and text.strip():
            text = str(path_of(text))
        form.values[name] = text.strip()
        _changed(app)

    app.ask(Text(f"{LINES[name].zh}:", f"{LINES[name].en}:"), form.values[name], given, keep)


def _checked_date(text: str) -> None:
    from ...request import date_given

    date_given(text.strip())


def ask_source(form: Judging, app: BalanceApp) -> None:
    study, session = app.looked_at, app.at_desk
    card = study.standard.model.scorecard
    own = [(each.id, str(each.text)) for each in card.sources] if card else []
    choices = [(name, str(label)) for name, label in SOURCES.items()] + [
        each for each in own if each[0] not in SOURCES
    ]

    def chosen(record: Record) -> None:
        form.key = form.key._replace(source=str(record["value"]))
        form.loaded(session)
        _changed(app)

    pick(app, SOURCE, choices, chosen)
