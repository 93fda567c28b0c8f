"""What the sample is built from: blueprints that last over the years, and the schools of one year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .notice import YEARS

Value = str | int | float | bool | None
Facts = dict[str, Value]
"""Field code of the data dictionary → value; a field left out, or None, was not reported."""

Rooms = dict[str, tuple[float, ...]]
"""Kind of room (`music`, `art`) → area of each room in square metres."""

Number = tuple[int, int]
"""Lowest and highest number of students, both included."""


@dataclass(frozen=True)
class Blueprint:
    """A school as it lasts over the years.

    `students` per stage; `areas` the size of each music and art room; `class_size` the number of
    students that a class is filled up to. `parent` is the school a campus belongs to; `steady`
    keeps its students the same every year; `years` are those in which it is open.
    """

    kind: str
    stem: str
    location: str
    students: Mapping[str, int | Number]
    owner: int = 7
    built: int = 2018
    class_size: int | None = None
    areas: tuple[float, float] = (102.0, 96.0)
    migrant_share: float = 0.06
    dense: bool = False
    parent: Blueprint | None = None
    steady: bool = False
    years: tuple[int, ...] = YEARS


@dataclass(frozen=True)
class Change:
    """A deliberate departure of one school in some years: `facts` replace those of `stage`, or of the
    whole school where `stage` is None; `rooms` replace the list of rooms. `why` is for the reader."""

    years: tuple[int, ...]
    stem: str
    why: str
    facts: Mapping[str, Value] = field(default_factory=dict)
    stage: str | None = None
    rooms: Rooms | None = None


@dataclass(frozen=True)
class CountyPlan:
    """A county: what schools it has, and what it gives beside the table of schools.

    `groups` are blueprints to be repeated (count, blueprint without a name), `fixed` those with a part
    to play. `rooms`, `classes`: whether the room list and the class list are given; `degree_sum`:
    whether the number of teachers above the prescribed degree is given beside the single degrees.
    """

    name: str
    number: int
    groups: tuple[tuple[int, Blueprint], ...]
    fixed: tuple[Blueprint, ...]
    changes: tuple[Change, ...] = ()
    county_facts: Mapping[int, Facts] = field(default_factory=dict)
    answers: Mapping[int, Mapping[str, str | None]] = field(default_factory=dict)
    rooms: bool = True
    classes: bool = False
    degree_sum: bool = False


@dataclass
class School:
    """One school in one year: its whole-school facts, and those of each stage."""

    facts: Facts
    sections: dict[str, Facts]
    class_sizes: dict[str, list[int]]
    rooms: Rooms

    def rows(self) -> Iterator[Facts]:
        """One row a stage, the whole-school facts repeated on each."""
        for stage, section in self.sections.items():
            yield {**self.facts, "stage": stage, **section}


@dataclass(frozen=True)
class CountyYear:
    """Everything the sample says about one county in one year."""

    plan: CountyPlan
    year: int
    schools: tuple[School, ...]
    facts: Facts
    judgements: tuple[Facts, ...]

    @property
    def keys(self) -> Facts:
        return {code: self.facts[code] for code in ("province", "city", "county", "year")}
