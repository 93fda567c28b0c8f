"""The tables of a standard that decide nothing: survey, procedure, targets, notes, forms."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from .base import Formula, Labelled, Table, Whole


class Survey(Table):
    """`[survey]`: who is asked about what."""

    groups: tuple[str, ...]
    content: tuple[str, ...] = ()
    sample: str = ""
    clause: str


class Level(Labelled):
    """A level of review."""

    actor: str = ""
    output: str = ""
    clause: str


class Phase(Labelled):
    """A step of the procedure, with dates where the source has them: a date, or a day of each round such as
    `06-15` or `+1-04-30` (the year after the round begins). Where the source lacks them, settings hold them."""

    start: dt.date | str | None = None
    end: dt.date | str | None = None
    start_setting: str = ""
    end_setting: str = ""
    tasks: tuple[str, ...] = ()
    actor: str = ""
    clause: str
    mark: str = ""


class Version(Table):
    """One version of a deliverable, and the phase it is due in."""

    label: str
    phase: str = ""


class Deliverable(Labelled):
    """A document or form that the procedure asks for."""

    actor: str = ""
    versions: tuple[Version, ...] = ()
    clause: str
    mark: str = ""


class Role(Labelled):
    """A unit with its tasks; `forms` it fills, `approves` what it confirms."""

    tasks: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    approves: tuple[str, ...] = ()
    clause: str
    mark: str = ""


class Rule(Labelled):
    """A rule of the procedure that nothing computes: cycle, sampling, publicity, use of results, platform."""

    clause: str
    mark: str = ""


class Workflow(Table):
    """`[workflow]`: levels of review in order, and the steps of a round."""

    levels: tuple[Level, ...]
    phases: tuple[Phase, ...] = ()
    roles: tuple[Role, ...] = ()
    deliverables: tuple[Deliverable, ...] = ()
    rules: tuple[Rule, ...] = ()
    clause: str


class Target(Labelled):
    """`[[target]]`: what is to be reached, and by when; `period` where it comes back."""

    value: Decimal | str
    unit: str = ""
    by: Whole | dt.date | str | None = None
    period: Literal["", "year", "term", "month"] = ""
    clause: str
    mark: str = ""


class Note(Table):
    """`[[note]]`: what a document says that nothing can check, or what no source says."""

    id: str
    text: str
    text_en: str = ""
    clause: str
    mark: str = ""


class FormColumn(Table):
    """One column of a form. `source` is a fact, an indicator, an item, a formula of county facts or a name of
    `form_sources`; without one the column is blank. `where` narrows a count or a sum; `group` is the heading
    above the column, levels apart by `/`."""

    code: str = ""
    label: str
    group: str = ""
    source: str = ""
    where: Formula | None = None
    decimals: Whole | None = None


class FormLine(Table):
    """One line that a form prints for each of its rows, or for the `item` alone; as a column otherwise."""

    item: str = ""
    label: str
    source: str = ""
    where: Formula | None = None
    decimals: Whole | None = None


class Form(Table):
    """`[[form]]`: which figures go where; `rows` says what a row is."""

    id: str
    title: str
    rows: Literal["county", "section", "stage", "item"]
    columns: tuple[FormColumn, ...]
    lines: tuple[FormLine, ...] = ()
    note: str = ""
    clause: str
