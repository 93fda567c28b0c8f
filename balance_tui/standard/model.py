"""What a standard says, as frozen pydantic models: one class a TOML table.

Numbers are `Decimal`, as written. `clause` names the source of every number in the table it stands in; a
limit may name its own. `mark` says how far a statement can be trusted where it is not the document's own
word (`inference`, `own knowledge, medium`, `found: ...`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from ..language import Text
from .base import Formula, Labelled, Named, Number, Table, Truth, ValueProblem, Whole
from .header import FieldDeclaration, Header
from .procedure import Form, Note, Survey, Target, Workflow
from .scorecard import CARD, Group, Point, Scorecard, Verdict
from .tests import Alternatives, Test

Decider = Literal["machine", "assist", "person"]


class Choice(Labelled):
    """One value that a setting of type `choice` may take: its id, and what it means."""


class Setting(Named):
    """`[[setting]]`: what the sources leave open. Without a default it is unknown until given."""

    type: Literal["number", "boolean", "choice", "date", "text"]
    default: Decimal | bool | dt.date | str | None = None
    choices: tuple[Choice, ...] = ()
    clause: str
    mark: str = ""
    note: str = ""
    note_en: str = ""

    @model_validator(mode="after")
    def _default_fits(self) -> Setting:
        allowed: dict[str, type | tuple[type, ...]] = {
            "number": (Decimal, int), "boolean": bool, "choice": str, "date": dt.date, "text": str,
        }  # fmt: skip
        strange = self.type == "number" and isinstance(self.default, bool)
        if strange or self.default is not None and not isinstance(self.default, allowed[self.type]):
            raise ValueProblem(Text(f"默认值不是 {self.type} 类型", f"the default is not a {self.type}"))
        if self.type == "choice" and not self.choices:
            raise ValueProblem(Text("choice 类设置须列出 choices", "a choice needs choices"))
        if self.type == "choice" and self.default is not None and self.default not in self.choice_ids:
            ids = ", ".join(self.choice_ids)
            raise ValueProblem(Text(f"默认值不在 {ids} 之中", f"the default is none of {ids}"))
        return self

    @property
    def choice_ids(self) -> tuple[str, ...]:
        """The ids of the choices, in order."""
        return tuple(choice.id for choice in self.choices)


class Exclusion(Table):
    """One reason to leave a section out: where `when` is true it is out, where unknown its figures are."""

    when: Formula
    reason: str
    reason_en: str = ""
    clause: str
    mark: str = ""

    @property
    def text(self) -> Text:
        """The reason in both languages."""
        return Text(self.reason, self.reason_en or self.reason)


class Scope(Labelled):
    """`[[scope]]`: a population of school sections. Sections of stages not named are not asked about."""

    stages: tuple[str, ...] = ("primary", "junior")
    exclude: tuple[Exclusion, ...] = ()
    clause: str
    mark: str = ""


class Attached(Table):
    """Pupils of a kind that has no section of its own and shares the school's facilities."""

    field: str
    weight_setting: str


class Split(Table):
    """`[split]`: whole-school amounts shared among the stages of a school by weighted students."""

    fields: tuple[str, ...]
    weights: dict[str, dict[str, Number]]
    other: dict[str, Number]
    attached: tuple[Attached, ...] = ()
    campus_setting: str = ""
    clause: str
    mark: str = ""


class Limit(Table):
    """A number to compare with; `floor` where the school rule's share of it cannot be meant."""

    value: Number
    floor: Number | None = None
    clause: str = ""


def _limits(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {key: item if isinstance(item, Mapping) else {"value": item} for key, item in value.items()}


Limits = Annotated[dict[str, Limit], BeforeValidator(_limits)]


class Indicator(Labelled):
    """`[[indicator]]`: scale × numerator ÷ denominator of a section, against a limit a stage."""

    short: str = ""
    numerator: Alternatives
    denominator: Formula
    scale: Number = Decimal(1)
    unit: str
    decimals: Whole = 2
    op: Literal[">=", "<="] = ">="
    limit: Limits = Field(default={})
    clause: str
    definition: str = ""
    evidence: str = ""


class Relief(Labelled):
    """`[[relief]]`: an easier limit or a wider numerator for some schools, for a time.

    `numerator` widens an indicator, `limit` eases an `every` test, `sizes` a `rooms` test. `switch`, `start`
    and `end` name the settings that hold its dates and whether it is in use.
    """

    target: str
    when: Formula
    numerator: Formula | None = None
    limit: Formula | None = None
    sizes: dict[str, Formula] = Field(default={})
    switch: str
    start: str
    end: str
    cure_years: Whole
    clause: str
    mark: str = ""


class SchoolRule(Table):
    """`[school_rule]`: at least `at_least` indicators met, every other one at `floor_share` of its limit.

    `of` is how many there are where the source does not name them all: those not named are unknown.
    """

    at_least: Whole
    of: Whole | None = None
    floor_share: Number
    part: str
    clause: str

    def count(self, listed: int) -> int:
        """How many indicators there are, of which so many are listed."""
        return self.of or listed


class Dispersion(Table):
    """`[dispersion]`: how far schools differ; judged for each indicator or on the plain mean of all."""

    statistic: str = "cv"
    judged: Literal["each", "composite"] = "each"
    indicators: tuple[str, ...] = ()
    limit: Limits
    op: Literal["<=", "<"] = "<="
    decimals: Whole = 3
    part: str
    clause: str
    formula_clause: str = ""


class Requirement(Labelled):
    """`[[requirement]]`: an item of a part, met when all its tests are."""

    part: str
    decide: Decider = "machine"
    test: Annotated[tuple[Test, ...], Field(min_length=1)]
    clause: str
    note: str = ""
    note_en: str = ""
    group: str = ""


class Score(Labelled):
    """`[[score]]`: points out of a maximum, entered in a county fact or a judgement, with a pass mark."""

    part: str
    max: Number
    pass_mark: Number | None = None
    field: str = ""
    clause: str
    mark: str = ""


class Veto(Labelled):
    """`[[veto]]`: passes when answered no."""

    part: str = "vetoes"
    clause: str


class Part(Labelled):
    """`[[part]]`: a part of the verdict; `needed = false` shows it without letting it decide."""

    needed: Truth = True
    clause: str


class Standard(Table):
    """One whole standard, every part but the header optional."""

    standard: Header
    field: tuple[FieldDeclaration, ...] = ()
    setting: tuple[Setting, ...] = ()
    part: tuple[Part, ...] = ()
    scope: tuple[Scope, ...] = ()
    split: Split | None = None
    indicator: tuple[Indicator, ...] = ()
    relief: tuple[Relief, ...] = ()
    school_rule: SchoolRule | None = None
    dispersion: Dispersion | None = None
    prerequisite: tuple[Requirement, ...] = ()
    requirement: tuple[Requirement, ...] = ()
    score: tuple[Score, ...] = ()
    veto: tuple[Veto, ...] = ()
    scorecard: Scorecard | None = None
    group: tuple[Group, ...] = ()
    point: tuple[Point, ...] = ()
    verdict: tuple[Verdict, ...] = ()
    survey: Survey | None = None
    workflow: Workflow | None = None
    target: tuple[Target, ...] = ()
    note: tuple[Note, ...] = ()
    form: tuple[Form, ...] = ()

    @property
    def items(self) -> tuple[Requirement, ...]:
        """Prerequisites, requirements, vetoes and the thresholds of points as one list, in the order of the
        document."""
        vetoes = (_as_requirement(veto) for veto in self.veto)
        points = (_thresholds_of(point) for point in self.point if point.test)
        return (*self.prerequisite, *self.requirement, *vetoes, *points)

    @property
    def judged(self) -> frozenset[str]:
        """The ids that a judgement may answer: items, tests of compound items, scores and points; and for a grade
        that is entered the scorecard (`CARD`), verdicts and their axes."""
        tests = (test.id for item in self.items for test in item.test if test.id)
        scored = (scored.id for scored in (*self.score, *self.point))
        graded = (each.id for verdict in self.verdict for each in (verdict, *verdict.axes))
        card = (CARD,) if self.scorecard else ()
        return frozenset((*(item.id for item in self.items), *tests, *scored, *graded, *card))


def _as_requirement(veto: Veto) -> Requirement:
    return Requirement(
        id=veto.id,
        label=veto.label,
        label_en=veto.label_en,
        part=veto.part,
        decide="person",
        clause=veto.clause,
        test=(Test.model_validate({"kind": "evidence", "passing": ("no",)}),),
    )


def _thresholds_of(point: Point) -> Requirement:
    """The thresholds of a point as an item of no part: evidence beside its score, which alone decides."""
    return Requirement(
        id=point.id,
        label=point.label,
        label_en=point.label_en,
        part="",
        decide="assist",
        clause=point.clause,
        note=point.note,
        note_en=point.note_en,
        test=point.test,
    )
