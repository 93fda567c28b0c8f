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

Operator = Literal[">=", ">", "<=", "<", "=="]
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


class Alternative(Table):
    """One way to get a value; the first known one is used, and two known ones must agree."""

    value: Formula
    stages: tuple[str, ...] | None = None
    basis: str = ""
    basis_en: str = ""


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


def _alternatives(value: Any) -> Any:
    if isinstance(value, str | int | Decimal):
        value = [value]
    if isinstance(value, list):
        return [item if isinstance(item, Mapping) else {"value": item} for item in value]
    return value


Alternatives = Annotated[tuple[Alternative, ...], BeforeValidator(_alternatives), Field(min_length=1)]


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
    """`[school_rule]`: at least `at_least` indicators met, every other one at `floor_share` of its limit."""

    at_least: Whole
    floor_share: Number
    part: str
    clause: str


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


class RoomKind(Table):
    """One kind of room that may not make up for another."""

    kind: str
    label: str
    count: str
    smallest: str
    size: Formula
    clause: str = ""


def _limit_formulas(value: Any) -> Any:
    return value if isinstance(value, Mapping) or value is None else {"*": value}


class Test(Table):
    """One threshold or question of a requirement; what it needs depends on `kind`.

    county: `value` of county facts `op` `limit`. ratio: scale × Σ numerator ÷ Σ denominator over `scope`.
    every: for each school or section of `scope` where `where` holds, `holds` or `value` `op` `limit`.
    rooms: each of `rooms` at least `need` times. evidence: a person answers. `na` says that a person may
    declare the figure not applicable while nothing is reported.
    """

    id: str = ""
    kind: Literal["county", "ratio", "every", "rooms", "evidence"]
    label: str = ""
    label_en: str = ""
    value: Alternatives | None = None
    numerator: Formula | None = None
    denominator: Formula | None = None
    scale: Number = Decimal(1)
    op: Operator = ">="
    limit: Annotated[dict[str, Formula], BeforeValidator(_limit_formulas)] = Field(default={})
    unit: str = ""
    decimals: Whole = 1
    scope: str = ""
    per: Literal["school", "section"] = "school"
    where: Formula | None = None
    holds: Formula | None = None
    rooms: tuple[RoomKind, ...] = ()
    need: Formula | None = None
    together_setting: str = ""
    fallback: Formula | None = None
    fallback_limits: dict[str, Number] = Field(default={})
    passing: tuple[str, ...] = ("yes",)
    na: Truth = False
    wanted: str = ""
    wanted_en: str = ""
    clause: str = ""
    mark: str = ""

    @property
    def text(self) -> Text:
        """The label in both languages; empty where the item's own label says it all."""
        return Text(self.label, self.label_en or self.label)


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
    survey: Survey | None = None
    workflow: Workflow | None = None
    target: tuple[Target, ...] = ()
    note: tuple[Note, ...] = ()
    form: tuple[Form, ...] = ()

    @property
    def items(self) -> tuple[Requirement, ...]:
        """Prerequisites, requirements and vetoes as one list, in the order of the document."""
        return (*self.prerequisite, *self.requirement, *(_as_requirement(veto) for veto in self.veto))

    @property
    def judged(self) -> frozenset[str]:
        """The ids that a judgement may answer: items, tests of compound items, scores."""
        tests = (test.id for item in self.items for test in item.test if test.id)
        return frozenset((*(item.id for item in self.items), *tests, *(score.id for score in self.score)))


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
