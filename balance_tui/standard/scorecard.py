"""The tables of a scorecard: dimensions and groups, points with their scorers, sources, grades; and of verdicts."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from .base import Formula, Labelled, Number, Table, Truth
from .tests import Test


class Source(Labelled):
    """`[[scorecard.sources]]`: one of several who score the same point; `weight_setting` holds its weight."""

    weight_setting: str = ""
    clause: str


class Grade(Labelled):
    """A grade: reached from `at_least` on (points, or items passed); `status` is what it means for the verdict.
    Without `at_least` no source gives the cut-off, and the grade is entered."""

    at_least: Number | None = None
    status: Literal["pass", "fail", "not_applicable"] = "not_applicable"
    clause: str
    mark: str = ""


class Scorecard(Table):
    """`[scorecard]`: how points become a total, and the total a result of the part it belongs to.

    `complete = false` says that the source breaks off: the total recorded is not the total. `total` and
    `pass_mark` are numbers of the document, or `total_setting` and `pass_mark_setting` name what is given.
    """

    part: str
    aggregate: Literal["sum", "weighted_mean", "all_or_nothing"] = "sum"
    complete: Truth = True
    total: Number | None = None
    total_setting: str = ""
    pass_mark: Number | None = None
    pass_mark_setting: str = ""
    reconcile: Literal["verified", "mean", "weighted_mean", "lowest"] = "verified"
    reconcile_setting: str = ""
    sources: tuple[Source, ...] = ()
    grades: tuple[Grade, ...] = ()
    clause: str
    mark: str = ""


class Group(Labelled):
    """`[[group]]`: a dimension (no `parent`), or a secondary or tertiary heading under one.

    `max` is the subtotal the document states; `recorded = false` that its points are not in the source.
    """

    parent: str = ""
    max: Number | None = None
    weight: Number | None = None
    recorded: Truth = True
    clause: str
    mark: str = ""


class Band(Table):
    """So many points from a value on."""

    at_least: Number
    score: Number


class Deduction(Table):
    """`points` off for each `per` by which the value of a test misses its limit; of a part of one step nothing
    (`whole`), a whole step (`started`) or its share is taken off."""

    test: str
    per: Number = Decimal(1)
    points: Number
    steps: Literal["whole", "started", "share"]


def _as_list(value: object) -> object:
    return [value] if isinstance(value, dict) else value


class Point(Labelled):
    """`[[point]]`: what is scored. `max` is missing where the source does not give it.

    `scorer`: judgement (a person), all_thresholds, proportional, count (`each` points a test met), deduction,
    bands (of the value of its first test), setting (`scorer_setting` names one of these), or one of a plugin.
    `test` are its thresholds and questions, each with an id of its own, computed whatever the scorer.
    """

    group: str
    max: Number | None = None
    scorer: str = "judgement"
    scorer_setting: str = ""
    each: Number | None = None
    bands: tuple[Band, ...] = ()
    deduct: Annotated[tuple[Deduction, ...], BeforeValidator(_as_list)] = ()
    options: dict[str, Number | str] = Field(default={})
    test: tuple[Test, ...] = ()
    wanted: str = ""
    wanted_en: str = ""
    note: str = ""
    note_en: str = ""
    clause: str
    mark: str = ""


class Axis(Labelled):
    """One axis of a verdict: the status of a part, or the bands that a value of county facts falls into."""

    part: str = ""
    value: Formula | None = None
    levels: tuple[Grade, ...] = ()
    clause: str


class Verdict(Labelled):
    """`[[verdict]]`: what follows from the parts.

    `rule`: all (every part met), count (items of the parts that pass, graded by `grades`), axes (`axes` crossed;
    the first decides), or one of a plugin. Of several the `main` one is the verdict of the standard. Without any,
    the verdict is that every needed part is met.
    """

    rule: str = "all"
    parts: tuple[str, ...] = ()
    main: Truth = False
    grades: tuple[Grade, ...] = ()
    axes: tuple[Axis, ...] = ()
    note: str = ""
    note_en: str = ""
    clause: str
    mark: str = ""


CARD = "scorecard"
"""The id of the card itself, among those of its groups and points."""

SCORERS = ("judgement", "all_thresholds", "proportional", "count", "deduction", "bands", "setting")
VERDICT_RULES = ("all", "count", "axes")
