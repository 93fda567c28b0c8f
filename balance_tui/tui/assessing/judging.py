"""Judging an item: the answer or score with remark, evidence and responsible unit, and what it would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from ...data.dictionary import ANSWERS
from ...errors import Refused, UsageError, visible
from ...language import Text
from ...records.answering import answers_of
from ...records.entry import kept
from ...records.state import ItemKey
from ...records.targets import item_target, parts_of
from ...records.telling import EVIDENCE, LINES, NOT_GIVEN, SOURCES
from .drafts import Typed
from .filling import SOURCE, ask, ask_source, document_sources
from .proposal import Entered, Proposal
from .telling import changed_by

if TYPE_CHECKING:
    from ...records.event import Event, Json
    from ...records.log import Conflict
    from ...records.state import Assessment
    from ...standard.model import Score, Standard
    from ...standard.scorecard import Point
    from ..app import BalanceApp
    from ..view import Record
    from .session import Session


@dataclass(frozen=True)
class Question:
    """What an item asks of a person: an answer, a score up to `most`, or both."""

    id: str
    label: str
    answer: bool
    score: bool
    most: float | None = None
    passing: tuple[str, ...] = ()
    words: frozenset[str] | None = None
    """What can be answered; None: any text."""


def question(model: Standard, name: str) -> Question:
    """What the item, test, score or point of this id asks. Errors: REC-ITEM where the data alone decide it."""
    found = _question(model, name)
    return replace(found, words=answers_of(model, name).words)


def _question(model: Standard, name: str) -> Question:
    points = {point.id for point in model.point}
    every: tuple[Score | Point, ...] = (*model.score, *model.point)
    for scored in every:
        if scored.id == name:
            return Question(name, str(scored.text), name in points, True, _most(scored.max))
    for item in model.items:
        tests = [test for test in item.test if name == item.id or test.id == name]
        asked = [test for test in tests if test.kind in ("evidence", "information") or test.na]
        if asked:
            text = asked[0].text if asked[0].label and name != item.id else item.text
            return Question(name, str(text), True, False, passing=asked[0].passing)
    if name in model.judged and name not in {item.id for item in model.items}:
        return Question(name, name, True, False)
    raise Refused(
        "REC-ITEM", Text(f"“{name}”由数据算出, 不由人判定", f"'{name}' follows from the data; nobody judges it"),
        Text("e 看依据; 到数据屏更正", "e explains it; correct the data instead"),
    )  # fmt: skip


def _most(maximum: Decimal | None) -> float | None:
    return None if maximum is None else float(maximum)


def judge(app: BalanceApp, record: Record) -> None:
    """Open the form for the item of a row. Errors: REC-ITEM, REC-ROLE, REC-LOCKED."""
    session, study = app.at_desk, app.looked_at
    county = app.where.county or next(iter(study.counties))
    name = str(record["id"]).partition("#")[0]
    asked = question(study.standard.model, name)
    mine = session.may("judge")
    source = "verified" if mine or not session.may("judge self") else "self"
    key = ItemKey(*county, school_id=record.get("school_id"), stage=None, item=name, source=source)
    form = Judging(asked, key, session.opened).loaded(session)
    form.may(session)
    _open(app, form)


def take_up(app: BalanceApp, session: Session, offered: Typed) -> None:
    """Open the form again with what was typed into it before the line dropped. Errors: REC-ITEM, REC-ROLE,
    REC-LOCKED."""
    key = ItemKey(*parts_of(offered.target))
    form = Judging(question(app.looked_at.standard.model, key.item), key, session.opened).loaded(session)
    form.may(session)
    form.base = offered.base
    form.values |= {name: text for name, text in offered.parts.items() if name in LINES}
    _open(app, form, offered.parts.get("reason", ""))


def _open(app: BalanceApp, form: Judging, reason: str = "") -> None:
    from .proposing import propose

    proposal = form.proposal(app)
    proposal.reason = reason
    propose(app, proposal)


@dataclass
class Judging:
    """A judgement of an assessment being filled in: `values` are the texts of its lines, `old` what was judged before,
    `base` the last event of it that was seen."""

    asked: Question
    key: ItemKey
    assessment: str
    values: dict[str, str] = field(default_factory=dict)
    begun: Mapping[str, str] = field(default_factory=dict)
    """What the lines were before anything was filled in."""
    old: Mapping[str, Any] = field(default_factory=dict)
    before: Sequence[Json] = ()
    """Further references to evidence, which stay."""
    base: int = 0

    def loaded(self, session: Session) -> Judging:
        """With what this source has judged so far, here or in the imported table."""
        one = session.one
        self.old = one.judgements.get(self.key) or _imported(session, self.key)
        self.base = one.last.get(item_target(self.key), 0)
        evidence = self.old.get("evidence") or []
        references: list[dict[str, Json]] = (
            [{"title": evidence}] if isinstance(evidence, str) else [dict(each) for each in evidence]
        )
        first = references[0] if references else {}
        self.before = references[1:]
        self.begun = {
            name: _text(first.get(name) if name in EVIDENCE else self.old.get(name)) for name in LINES
        }
        self.values = dict(self.begun)
        return self

    def may(self, session: Session) -> None:
        """Errors: REC-ROLE, REC-LOCKED."""
        session.desk.require_judging(session.desk.assessment(self.assessment), self.key)

    def judgement(self) -> dict[str, Json] | None:
        """What would be written; None where nothing is answered and nothing scored. Errors: REC-SCORE."""
        said: dict[str, Json] = {
            name: self.values[name] for name in ("answer", "remark", "unit") if self.values[name]
        }
        if self.values["score"]:
            said["score"] = _score(self.values["score"], self.asked)
        reference: dict[str, Json] = {name: self.values[name] for name in EVIDENCE if self.values[name]}
        if reference or self.before:
            said["evidence"] = [*([reference] if reference else []), *self.before]
        return said if {"answer", "score"} & said.keys() else None

    def lines(self, session: Session) -> list[Entered]:
        """The lines of the form, each of which can be filled in, beside what is recorded now."""
        old, since = self._now(session)
        source = str(SOURCES.get(self.key.source, self.key.source))
        found: list[Entered] = []
        for name, label in LINES.items():
            if name == "answer" and not self.asked.answer or name == "score" and not self.asked.score:
                continue
            before, now = _shown(self.old, name), _shown(old, name)
            note = "; ".join(part for part in (since if now != before else "", self._note(name)) if part)
            value = _said(name, self.values[name])
            found.append(Entered(str(label), now, value, note, "", partial(ask, self, name)))
        made = visible(source) if old else NOT_GIVEN
        return [*found, Entered(str(SOURCE), made, visible(source), "", "", partial(ask_source, self))]

    def _now(self, session: Session) -> tuple[Mapping[str, Any], str]:
        """What this source has judged by now, and who has changed it since it was seen."""
        one, target = session.one, item_target(self.key)
        if one.last.get(target, 0) <= self.base:
            return self.old, ""
        return one.judgements.get(self.key) or _imported(session, self.key), changed_by(
            one.history(target)[-1]
        )

    def _note(self, name: str) -> str:
        if name == "score" and self.asked.most is not None:
            return str(Text(f"满分 {self.asked.most:g}", f"maximum {self.asked.most:g}"))
        if name == "answer" and self.asked.passing:
            passing = [ANSWERS.get(each, Text(each, each)) for each in self.asked.passing]
            zh, en = "、".join(each.zh for each in passing), ", ".join(each.en for each in passing)
            return str(Text(f"达标: {zh}", f"passes: {en}"))
        return ""

    def check_score(self, text: str) -> None:
        """Errors: REC-SCORE."""
        _score(text, self.asked)

    def write(self, session: Session, reason: str) -> Sequence[Event]:
        """Put the judgement in force; it is on disk when this returns."""
        self.may(session)
        said = self.judgement()
        if said is None and not self.old:
            raise Refused(
                "REC-ANSWER", Text("还没有填判定或得分", "neither an answer nor a score is filled in"),
                Text("移到该行按回车", "go to that line and press enter"),
            )  # fmt: skip
        file, bases = session.file_of(self.assessment), {self.key: self.base}
        return file.judge({self.key: said}, reason, bases, document_sources(session))

    def change(self, one: Assessment) -> None:
        """What it makes of an assessment."""
        said = self.judgement()
        if said is None:
            one.judgements.pop(self.key, None)
        else:
            one.judgements[self.key] = said

    def seen(self, conflict: Conflict) -> None:
        """What somebody else wrote has been looked at."""
        self.base = conflict.theirs[-1].sequence

    def typed(self, reason: str = "", **more: str) -> list[Typed]:
        """What is offered again where the line drops; `more` is what is being typed."""
        values = {**self.values, **more}
        if values == self.begun and not reason:
            return []
        return [Typed(item_target(self.key), self.base, {**values, "reason": reason})]

    def proposal(self, app: BalanceApp) -> Proposal:
        """It, to be filled in, shown and confirmed."""
        title = f"{self.asked.id} {self.asked.label}".strip()
        return Proposal(
            Text(f"判定 › {title}", f"judge › {title}"), app.where.county, partial(self.lines, app.at_desk),
            self.write, self.change, self.seen, typed=self.typed,
        )  # fmt: skip


def _imported(session: Session, key: ItemKey) -> Mapping[str, Any]:
    import polars as pl

    if session.recorded is None:
        return {}
    frame = session.recorded.file.data.judgements
    rows = frame.filter(
        pl.col(name).eq_missing(pl.lit(value, frame.schema[name])) for name, value in key._asdict().items()
    )
    return rows.row(0, named=True) if rows.height else {}


def _shown(judgement: Mapping[str, Any], name: str) -> str:
    """A line of a judgement that was made."""
    evidence = judgement.get("evidence")
    if name in EVIDENCE:
        first = evidence[0] if isinstance(evidence, list) and evidence else {"title": evidence}
        return _said(name, _text(first.get(name)))
    return _said(name, _text(judgement.get(name)))


def _text(value: object) -> str:
    if value is None:
        return ""
    return kept(value) or "" if isinstance(value, float | int) else str(value)


def _said(name: str, value: str) -> str:
    if name == "answer" and value in ANSWERS:
        return str(ANSWERS[value])
    return visible(value) or NOT_GIVEN


def _score(text: str, asked: Question) -> float:
    """Errors: REC-SCORE."""
    try:
        score = float(text.strip())
    except ValueError:
        score = float("nan")
    if not 0 <= score <= (asked.most if asked.most is not None else 1e9):
        most = "" if asked.most is None else f"{asked.most:g}"
        raise UsageError(
            "REC-SCORE",
            Text(f"“{text}”不是 0–{most} 之间的分数", f"'{text}' is no score between 0 and {most}"),
        )
    return score
