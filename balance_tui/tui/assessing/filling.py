"""Filling in the form of a judgement: lines that are typed, and lines that are picked."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...data.dictionary import ANSWERS
from ...errors import visible
from ...language import Text
from ..cells import shown
from ..table.sheet import Cell, Column, ListSheet
from .storing import store
from .telling import LINES, SOURCES

if TYPE_CHECKING:
    from ..app import BalanceApp
    from ..view import Record
    from ..where import Where
    from .judging import Judging

_TITLES = {
    "file": Text("佐证 文件 (先放入 inbox/, 由管理员移入 evidence/)",
                 "evidence: file (put it into inbox/; an administrator moves it into evidence/)"),
}  # fmt: skip
"""What stands over a list to pick from, where more than the name of the line is to be said."""
SOURCE = Text("来源", "source")
_OTHER, _NONE = Text("其他: 输入", "other: type it"), Text("撤去", "take away")
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
    folder = app.at_desk.folder
    if name == "answer":
        _pick(app, form, name, _answers(form))
    elif name == "file" and folder is not None:
        # A folder on a share may take its time.
        store(app, partial(_files, folder), partial(_pick_file, app, form, app.where), saving=False)
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


def _pick_file(app: BalanceApp, form: Judging, place: Where, files: Sequence[str]) -> None:
    """Where one still stands in the form, let one of the documents be picked."""
    if app.where == place and not app.typing:
        _pick(app, form, "file", [*((each, visible(each)) for each in files), ("", str(_NONE))])


def _files(folder: Path) -> list[str]:
    """The documents in the workspace's folder of evidence."""
    try:
        found = os.scandir(folder / "evidence")
        return sorted(
            entry.name for entry in found if entry.is_file(follow_symlinks=False) and entry.name[0] != "."
        )
    except OSError:
        return []


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
