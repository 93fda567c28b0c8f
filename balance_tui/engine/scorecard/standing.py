"""What the sum of a card decides: against its pass mark, or by the grade it reaches."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ...language import Text
from ...standard.scorecard import Grade, Scorecard
from ..context import Context
from ..figures import plain
from ..grades import graded
from ..status import FAIL, PASS, UNKNOWN
from .tally import Bounds, Tally

_BREAK = Text("; ", "; ")


@dataclass(frozen=True)
class Marks:
    """The total and the pass mark in force, None where they are not given."""

    total: Fraction | None
    pass_mark: Fraction | None


@dataclass(frozen=True)
class Standing:
    """What a card came to in a county."""

    status: int
    reason: Text
    grade: Grade | None = None


def marks_of(card: Scorecard, context: Context) -> Marks:
    """The document's numbers, else what the settings hold."""
    return Marks(
        _number(card.total, card.total_setting, context),
        _number(card.pass_mark, card.pass_mark_setting, context),
    )


def _number(stated: object, setting: str, context: Context) -> Fraction | None:
    value = context.setting(setting) if stated is None else Fraction(str(stated))
    return value if isinstance(value, Fraction) else None


def is_complete(card: Scorecard, tally: Tally, total: Fraction | None) -> bool:
    """Whether all that the total is made of is recorded."""
    adds_up = card.aggregate == "weighted_mean" or total == tally.recorded
    return card.complete and tally.complete and adds_up


def standing(
    card: Scorecard, tally: Tally, score: Fraction, between: Bounds, marks: Marks, entered: str | None
) -> Standing:
    """Pass where even the least the card may come to reaches the pass mark and all is recorded; fail where even
    the most does not; else unknown. Without any pass mark in the standard its grades say what follows."""
    summary = sums_text(score, tally, bool(tally.scored))
    complete = is_complete(card, tally, marks.total)
    grade = graded(card.grades, between.lowest, between.highest, entered) if card.grades else None
    by_grade = grade is not None and card.pass_mark is None and not card.pass_mark_setting
    if grade and by_grade:
        status = UNKNOWN if grade.status == PASS and not complete else grade.status
        why = [grade.why, None if complete else incomplete_text(tally, marks.total)]
        return Standing(status, _told(summary, *why), grade.grade if status != UNKNOWN else None)
    status, why_mark = _against(between, marks, complete, tally)
    return Standing(status, _told(summary, why_mark), grade.grade if grade and complete else None)


def _against(between: Bounds, marks: Marks, complete: bool, tally: Tally) -> tuple[int, Text]:
    total, mark = marks.total, marks.pass_mark
    if total is None or mark is None:
        return UNKNOWN, unset_text(marks)
    if not 0 <= mark <= total:
        return UNKNOWN, Text(
            f"合格线 {plain(mark)} 不在 0–{plain(total)} 之内",
            f"the pass mark {plain(mark)} is not between 0 and {plain(total)}",
        )
    passed = Text(f"合格线 {plain(mark)}", f"pass mark {plain(mark)}")
    if between.highest is not None and between.highest < mark:
        return FAIL, passed
    if not complete:
        return UNKNOWN, _told(passed, incomplete_text(tally, total))
    return (PASS if between.lowest >= mark else UNKNOWN), passed


def unset_text(marks: Marks) -> Text:
    """Which of the two numbers is missing."""
    if marks.total is None and marks.pass_mark is None:
        return Text("总分与合格线未设", "total and pass mark are not set")
    if marks.total is None:
        return Text("总分未设", "the total is not set")
    return Text("合格线未设", "the pass mark is not set")


def incomplete_text(tally: Tally, total: Fraction | None) -> Text:
    """That not all of the total is recorded."""
    of = "—" if total is None else plain(total)
    return Text(
        f"满分未收录完整 ({plain(tally.recorded)} / {of})",
        f"not every maximum is recorded ({plain(tally.recorded)} of {of})",
    )


def sums_text(score: Fraction, tally: Tally, any_scored: bool) -> Text:
    """`得分 53 / 已收录满分 63`, and how many points are not scored or do not apply."""
    shown = plain(score) if any_scored else "—"
    told = Text(
        f"得分 {shown} / 已收录满分 {plain(tally.recorded)}",
        f"{shown} points of {plain(tally.recorded)} recorded",
    )
    if not tally.recorded:
        told = Text("没有收录满分, 不合计", "no maximum is recorded, so nothing is summed")
    unscored = Text(f"未评 {tally.unscored} 项", f"{tally.unscored} not scored") if tally.unscored else None
    left_out = (
        Text(f"不适用 {tally.left_out} 项", f"{tally.left_out} not applicable") if tally.left_out else None
    )
    return _told(told, unscored, left_out)


def _told(*texts: Text | None) -> Text:
    known = [text for text in texts if text is not None]
    return Text(_BREAK.zh.join(text.zh for text in known), _BREAK.en.join(text.en for text in known))
