"""Grades: which one a figure reaches, while the figure is known only between two bounds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from ..language import Text
from ..standard.scorecard import Grade
from .status import FAIL, NOT_APPLICABLE, PASS, UNKNOWN

_STATUS = {"pass": PASS, "fail": FAIL, "not_applicable": NOT_APPLICABLE}

NO_GRADE = Text("低于各等级的起点", "below the cut-off of every grade")
NOT_ENTERED = Text("等级未录入", "the grade is not entered")


@dataclass(frozen=True)
class Graded:
    """The grade reached (None while it may be several) and the status it means: known where all that it may be
    mean the same."""

    grade: Grade | None
    status: int
    why: Text | None = None


def graded(
    grades: Sequence[Grade], lowest: Fraction, highest: Fraction | None, entered: str | None = None
) -> Graded:
    """The grade of a figure between two bounds (`highest` None: unbounded). A grade without a cut-off is the one
    that was entered, by its id or label; while nothing is entered, it may be that one."""
    named = next((grade for grade in grades if grade.at_least is None and entered in _names(grade)), None)
    if named is not None:
        return Graded(named, _STATUS[named.status])
    cut = [grade for grade in grades if grade.at_least is not None]
    open_ = [grade for index, grade in enumerate(grades) if _may_be(grades, index, lowest, highest)]
    found: list[Grade | None] = [*_between(cut, lowest, highest), *open_]
    if not cut or lowest < min(map(_cut_off, cut)):
        found.append(None)
    if len(found) == 1:
        only = found[0]
        return Graded(None, UNKNOWN, NO_GRADE) if only is None else Graded(only, _STATUS[only.status])
    statuses = {UNKNOWN if grade is None else _STATUS[grade.status] for grade in found}
    why = NOT_ENTERED if open_ else _either(found)
    return Graded(None, statuses.pop() if len(statuses) == 1 else UNKNOWN, why)


def _may_be(grades: Sequence[Grade], index: int, lowest: Fraction, highest: Fraction | None) -> bool:
    """Whether the grade has no cut-off and may still be meant: it begins above that of the next one in the list, and
    ends below that of the one before."""
    if grades[index].at_least is not None:
        return False
    below = next((_cut_off(grade) for grade in grades[index:] if grade.at_least is not None), None)
    above = next((_cut_off(grade) for grade in grades[index::-1] if grade.at_least is not None), None)
    reaches = below is None or highest is None or highest > below
    return reaches and (above is None or lowest < above)


def _names(grade: Grade) -> tuple[str, str, str]:
    return grade.id, grade.label, grade.label_en or grade.label


def _cut_off(grade: Grade) -> Fraction:
    return Fraction(grade.at_least or 0)


def _between(cut: Sequence[Grade], lowest: Fraction, highest: Fraction | None) -> Iterable[Grade]:
    """The grades with a cut-off, highest first, that a figure between the bounds may reach."""
    for position, grade in enumerate(cut):
        next_ = _cut_off(cut[position - 1]) if position else None
        if (highest is None or highest >= _cut_off(grade)) and (next_ is None or lowest < next_):
            yield grade


def _either(found: Sequence[Grade | None]) -> Text:
    none = Text("无等级", "none")
    labels = [grade.text if grade else none for grade in found]
    zh, en = " / ".join(label.zh for label in labels), " / ".join(label.en for label in labels)
    return Text(f"等级未定: {zh}", f"the grade is open: {en}")


def entered_answers(judgements: pl.DataFrame, names: Iterable[str]) -> dict[tuple[int, str], str]:
    """What was entered for a county under one of the ids: verified answers, where there are none those without a
    source; answers that disagree count as none, and what a county says of itself never counts."""
    rows = judgements.filter(
        pl.col("item").is_in(list(names)) & pl.col("school_id").is_null() & pl.col("answer").is_not_null()
    ).filter((pl.col("source") == "verified").fill_null(True))
    verified = pl.col("source") == "verified"
    key = ["_county", "item"]
    counted = (
        rows.filter(verified.fill_null(False) | ~verified.fill_null(False).any().over(key))
        if rows.height
        else rows
    )
    told = counted.group_by(key).agg(pl.col("answer").unique())
    return {
        (row["_county"], row["item"]): row["answer"][0]
        for row in told.iter_rows(named=True)
        if len(row["answer"]) == 1
    }
