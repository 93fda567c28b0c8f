"""What the readers find: one table of codes, each with a severity and a sentence in both languages.

A `reject` ends the run as `InputRejected`; an `error` makes the facts that rest on it unknown; a
`warning` is shown. The same table feeds the documentation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from ..errors import InputRejected, Place, visible
from ..language import Text
from .dataset import FINDING_SCHEMA, empty
from .finding_codes import ERRORS, REJECTIONS, WARNINGS

Severity = Literal["reject", "error", "warning"]


@dataclass(frozen=True, slots=True)
class FindingKind:
    """One code: how grave it is, what it says, how to mend it."""

    severity: Severity
    what: Text
    mend: Text | None = None


def _kinds(severity: Severity, rows: Mapping[str, tuple[str, ...]]) -> Iterable[tuple[str, FindingKind]]:
    for code, (zh, en, *mend) in rows.items():
        yield code, FindingKind(severity, Text(zh, en), Text(mend[0], mend[1]) if mend else None)


FINDINGS_READ: Mapping[str, FindingKind] = dict(
    (*_kinds("reject", REJECTIONS), *_kinds("error", ERRORS), *_kinds("warning", WARNINGS))
)
"""Every code the readers can give, with its severity and its sentence."""


def _shown(value: object) -> object:
    return visible(value) if isinstance(value, str) else value


def rejection(code: str, place: Place | None = None, **values: object) -> InputRejected:
    """The error that ends the run with `code`; `values` fill its sentences."""
    kind = FINDINGS_READ[code]
    shown = {name: _shown(value) for name, value in values.items()}
    mend = kind.mend.fill(**shown) if kind.mend else None
    return InputRejected(code, kind.what.fill(**shown), mend, place)


class Findings:
    """Collects findings in the order they are met; `frame()` has `FINDING_SCHEMA`."""

    def __init__(self) -> None:
        self._rows: list[dict[str, Any]] = []

    def add(
        self,
        code: str,
        *,
        where: Mapping[str, object] | None = None,
        field: str | None = None,
        fields: Sequence[str] = (),
        value: str | None = None,
        place: str | None = None,
        **values: object,
    ) -> None:
        """One finding. `where` gives keys, school and stage; `fields` the facts that become unknown
        when `code` is an error (`field` alone where none are given)."""
        kind = FINDINGS_READ[code]
        shown = {name: _shown(item) for name, item in values.items()}
        message = kind.what.fill(value=visible(value or ""), **shown)
        rests = list(fields) or ([field] if field else [])
        row: dict[str, Any] = dict.fromkeys(FINDING_SCHEMA)
        row |= {name: item for name, item in (where or {}).items() if name in FINDING_SCHEMA}
        row |= {
            "code": code, "severity": kind.severity, "field": field, "fields": rests, "value": value,
            "message_zh": message.zh, "message_en": message.en, "place": place,
        }  # fmt: skip
        self._rows.append(row)

    def frame(self) -> pl.DataFrame:
        """The findings as `FINDING_SCHEMA`, in the order they were met."""
        return pl.DataFrame(self._rows, schema=dict(FINDING_SCHEMA)) if self._rows else empty(FINDING_SCHEMA)
