"""What an item of a standard can be answered: words, grades, scores. What people enter is held against it; files that
are imported have checks of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..data.dictionary import ANSWERS
from ..engine.requirements.answers import spoken_of
from ..errors import UsageError, visible
from ..language import Text
from ..standard.model import Standard
from ..standard.names import nearest
from ..standard.scorecard import CARD, Grade
from ..standard.tests import Test
from .event import Json
from .state import ItemKey

_LONGEST = 40


@dataclass(frozen=True)
class Answers:
    """What can be entered for an item: `words` (None: any text), and a score up to `most` (None: no maximum)."""

    words: frozenset[str] | None = frozenset()
    scored: bool = False
    most: float | None = None

    def __or__(self, other: Answers) -> Answers:
        words = None if self.words is None or other.words is None else self.words | other.words
        most = self.most if self.scored else other.most
        return Answers(words, self.scored or other.scored, most)


def check_judgements(
    model: Standard, said: Mapping[ItemKey, Mapping[str, Json] | None] | Mapping[ItemKey, Mapping[str, Json]]
) -> None:
    """Hold judgements that people enter against what their items can be answered; None, which takes one away, always
    can be. Errors: REC-ITEM, REC-ANSWER, REC-SCORE."""
    for key, judgement in said.items():
        if judgement is not None:
            _check(model, key.item, judgement)


def answers_of(model: Standard, item: str) -> Answers:
    """What an item, test, score, point, verdict or axis can be answered. Errors: REC-ITEM where the standard has none
    of that id."""
    if item not in model.judged:
        what = Text(
            f"标准中没有可判定的“{_cut(item)}”", f"the standard has nothing to judge named '{_cut(item)}'"
        )
        raise UsageError("REC-ITEM", what, nearest(item, sorted(model.judged)))
    found = Answers()
    for part in (*_of_tests(model, item), *_of_scores(model, item), *_of_grades(model, item)):
        found = found | part
    return found


def _of_tests(model: Standard, item: str) -> Iterable[Answers]:
    for each in model.items:
        for test in each.test:
            if item in spoken_of(each, test):
                yield _of_test(test)


def _of_test(test: Test) -> Answers:
    if test.kind == "information":
        return Answers(None, scored=True)
    if test.kind != "evidence":
        return Answers(frozenset({"na"}) if test.na else frozenset())
    if len(test.passing) > 1:
        # A standard names the grades that pass; those that do not are open.
        return Answers(None)
    veto = test.passing == ("no",)
    return Answers(frozenset({"yes", "no", *test.passing, *(() if veto else ("na",))}))


def _of_scores(model: Standard, item: str) -> Iterable[Answers]:
    for score in model.score:
        if score.id == item:
            yield Answers(scored=True, most=float(score.max))
    for point in model.point:
        if point.id == item:
            most = None if point.max is None else float(point.max)
            yield Answers(frozenset({"na"}), scored=True, most=most)


def _of_grades(model: Standard, item: str) -> Iterable[Answers]:
    """A grade is entered only where no cut-off gives it."""
    if item == CARD and model.scorecard:
        yield _entered(model.scorecard.grades)
    for verdict in model.verdict:
        if verdict.id == item:
            yield _entered(verdict.grades)
        for axis in verdict.axes:
            if axis.id == item:
                yield _entered(axis.levels)


def _entered(grades: Iterable[Grade]) -> Answers:
    names = (
        (grade.id, grade.label, grade.label_en or grade.label) for grade in grades if grade.at_least is None
    )
    return Answers(frozenset(name for three in names for name in three if name))


def _check(model: Standard, item: str, judgement: Mapping[str, Json]) -> None:
    answer, score = judgement.get("answer"), judgement.get("score")
    if answer is None and score is None:
        return
    takes = answers_of(model, item)
    if takes.words is not None and not takes.words and not takes.scored:
        raise UsageError(
            "REC-ITEM",
            Text(f"“{_cut(item)}”由数据算出, 不由人判定", f"'{_cut(item)}' follows from the data; nobody judges it"),
            Text("如数据有误, 请更正数据", "where the data are wrong, correct them"),
        )  # fmt: skip
    if answer is not None and takes.words is not None and answer not in takes.words:
        raise _strange_answer(item, str(answer), takes)
    if score is not None:
        _check_score(item, score, takes)


def _strange_answer(item: str, answer: str, takes: Answers) -> UsageError:
    said = _cut(answer)
    return UsageError(
        "REC-ANSWER", Text(f"{_cut(item)} 不能判为“{said}”", f"{_cut(item)} cannot be answered '{said}'"), _can_be(takes)
    )  # fmt: skip


def _check_score(item: str, score: Json, takes: Answers) -> None:
    if not takes.scored:
        what = Text(f"{_cut(item)} 不评分", f"{_cut(item)} is not scored")
        raise UsageError("REC-SCORE", what, _can_be(takes))
    most = float("inf") if takes.most is None else takes.most
    # What is no number at all is refused where it is written (REC-NUMBER).
    if isinstance(score, int | float) and (score < 0 or score > most):
        limit = "" if takes.most is None else f"{takes.most:g}"
        raise UsageError(
            "REC-SCORE",
            Text(f"{_cut(item)}: {score:g} 不是 0–{limit} 之间的分数",
                 f"{_cut(item)}: {score:g} is no score between 0 and {limit}"),
        )  # fmt: skip


def _can_be(takes: Answers) -> Text:
    words = _ordered(takes.words or ())
    zh = "、".join(f"{word} ({ANSWERS[word].zh})" if word in ANSWERS else word for word in words)
    en = ", ".join(words)
    score = Text("得分", "a score") if takes.scored else Text("", "")
    return Text(
        f"可用: {'、'.join(part for part in (zh, score.zh) if part)}",
        f"it takes: {', '.join(part for part in (en, score.en) if part)}",
    )


def _ordered(words: Iterable[str]) -> list[str]:
    order = list(ANSWERS)
    return sorted(words, key=lambda word: (order.index(word) if word in order else len(order), word))


def _cut(text: str) -> str:
    return visible(text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…")
