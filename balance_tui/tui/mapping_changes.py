"""Corrections of how headers are read, and what they make of a mapping."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from ..data.headers import key_of
from ..data.mapping import Mapping
from ..data.proposal import Candidate


class Spot(NamedTuple):
    """Where a column stands."""

    file: str
    sheet: str | None
    stage: str | None
    letter: str


class Change(NamedTuple):
    """One correction: the header read as `field` (None: left out), in the tables of one stage or sheet, or in all
    where `scope` is empty; `unit` is that of its figures where it is not the field's own."""

    scope: str
    header: str
    field: str | None
    unit: str = ""

    @property
    def key(self) -> str:
        """The header as headers are compared."""
        return key_of(self.header)


@dataclass(frozen=True, slots=True)
class DraftColumn:
    """The columns of one header that are read alike, in however many tables. `how` is that of a proposal, or
    `chosen` where it was corrected; `is_open` says that nothing is read before a person has settled it."""

    id: str
    header: str
    field: str | None
    how: str
    spots: tuple[Spot, ...]
    candidates: tuple[Candidate, ...] = ()
    is_open: bool = False

    @property
    def key(self) -> str:
        """The header as headers are compared."""
        return key_of(self.header)


def corrected(base: Mapping, changes: Iterable[Change]) -> Mapping:
    """`base` with corrections: each takes the place of what it says of the same header."""
    columns, ignore, units = dict(base.columns), list(base.ignore), dict(base.units)
    of = {scope: dict(own) for scope, own in base.columns_of.items()}
    for change in changes:
        tables = [of.setdefault(change.scope, {})] if change.scope else [columns, *of.values()]
        for table in tables:
            for header in [each for each in table if key_of(each) == change.key]:
                del table[header]
        ignore = [header for header in ignore if key_of(header) != change.key]
        if change.field is None:
            ignore.append(change.header)
        else:
            (of[change.scope] if change.scope else columns)[change.header] = change.field
        if change.field and change.unit:
            units[change.field] = change.unit
    kept = {scope: own for scope, own in of.items() if own}
    return base.model_copy(update={"columns": columns, "columns_of": kept, "ignore": ignore, "units": units})


def numbered(columns: Iterable[DraftColumn]) -> Iterator[DraftColumn]:
    """Each with an id of its own: its header, and a number where several columns of one header are read otherwise."""
    seen: defaultdict[str, int] = defaultdict(int)
    for column in columns:
        seen[column.key] += 1
        yield replace(column, id=column.key if seen[column.key] == 1 else f"{column.key}#{seen[column.key]}")
