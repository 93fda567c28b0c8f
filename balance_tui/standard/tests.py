"""The tests of requirements and of points: one threshold or question each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from ..language import Text
from .base import Formula, Number, Table, Truth, Whole

Operator = Literal[">=", ">", "<=", "<", "=="]


class Alternative(Table):
    """One way to get a value; the first known one is used, and two known ones must agree."""

    value: Formula
    stages: tuple[str, ...] | None = None
    basis: str = ""
    basis_en: str = ""


def _alternatives(value: Any) -> Any:
    if isinstance(value, str | int | Decimal):
        value = [value]
    if isinstance(value, list):
        return [item if isinstance(item, Mapping) else {"value": item} for item in value]
    return value


Alternatives = Annotated[tuple[Alternative, ...], BeforeValidator(_alternatives), Field(min_length=1)]


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
    rooms: each of `rooms` at least `need` times. evidence: a person answers. parts: each of `parts` is met.
    information: a figure (`value`), a text (`field`) or an entered answer that is shown and decides nothing.

    `na` says that a person may declare the figure not applicable while nothing is reported. `level_setting` names
    the setting that says whether a ratio is asked of the sums (`district`) or of each section (`section`).
    `due` is the year or date by which a target is to be reached: before it a limit not reached decides nothing.
    """

    id: str = ""
    kind: Literal["county", "ratio", "every", "rooms", "evidence", "parts", "information"]
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
    level_setting: str = ""
    parts: tuple[str, ...] = ()
    field: str = ""
    due: Whole | dt.date | None = None
    period: Literal["", "year", "term", "month"] = ""
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
