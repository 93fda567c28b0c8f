"""What people did, as the frames the engine takes: corrected facts and judgements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from ..data.dataset import JUDGEMENT_SCHEMA, OVERRIDE_SCHEMA, Dataset
from ..data.dictionary import KEY_FIELDS
from .state import Assessment, FactKey, FindingKey, ItemKey
from .targets import finding_target

_PARTS = ("answer", "score", "remark", "evidence", "unit")
_QUESTION = [*KEY_FIELDS, "school_id", "stage", "item", "source"]


def overrides(facts: Mapping[FactKey, str | None]) -> pl.DataFrame:
    """Corrected facts as `OVERRIDE_SCHEMA`, one row a cell."""
    rows = [(*key, value) for key, value in facts.items()]
    return pl.DataFrame(rows, schema=dict(OVERRIDE_SCHEMA), orient="row")


def judgements(recorded: Mapping[ItemKey, Mapping[str, Any]]) -> pl.DataFrame:
    """Recorded judgements as `JUDGEMENT_SCHEMA`, one row a question and source."""
    rows = [
        (
            *key[:6],
            key.item,
            row.get("answer"),
            row.get("score"),
            key.source or None,
            row.get("remark"),
            evidence_text(row.get("evidence") or ()) or None,
            row.get("unit"),
        )
        for key, row in recorded.items()
    ]
    return pl.DataFrame(rows, schema=dict(JUDGEMENT_SCHEMA), orient="row")


def said_in(frame: pl.DataFrame) -> dict[ItemKey, dict[str, Any]]:
    """What a table of judgements (`JUDGEMENT_SCHEMA`) says of each question; rows without an item say nothing."""
    found: dict[ItemKey, dict[str, Any]] = {}
    for row in frame.filter(pl.col("item").is_not_null()).iter_rows(named=True):
        place = {name: row[name] for name in ItemKey._fields if name != "source"}
        said = {name: row[name] for name in _PARTS if row[name] is not None}
        found[ItemKey(**place, source=row["source"] or "verified")] = said
    return found


def said_before(frame: pl.DataFrame, keys: Iterable[ItemKey]) -> dict[ItemKey, dict[str, Any]]:
    """The answers in a table of judgements (`JUDGEMENT_SCHEMA`) that judgements under these keys stand in place of."""
    wanted = set(keys)
    found: dict[ItemKey, dict[str, Any]] = {}
    for row in frame.filter(pl.col("item").is_in({key.item for key in wanted})).iter_rows(named=True):
        key = ItemKey(
            **{name: row[name] for name in ItemKey._fields if name != "source"}, source=row["source"] or ""
        )
        if key in wanted:
            found.setdefault(key, {name: row[name] for name in _PARTS if row[name] is not None})
    return found


def evidence_text(references: Iterable[Mapping[str, Any]] | str) -> str:
    """References to evidence as one line: title, number, date, file."""
    if isinstance(references, str):
        return references
    return "; ".join(
        " ".join(str(reference[part]) for part in ("title", "number", "date", "file") if reference.get(part))
        for reference in references
    )


def with_judgements(dataset: Dataset, one: Assessment) -> Dataset:
    """The dataset with what was judged in the assessment: it stands in place of an imported answer to the same
    question by the same source."""
    own = judgements(one.judgements)
    if not own.height:
        return dataset
    imported = dataset.judgements.join(own.select(_QUESTION), on=_QUESTION, how="anti", nulls_equal=True)
    return replace(dataset, judgements=pl.concat([imported, own]))


ACKNOWLEDGED_SCHEMA: dict[str, Any] = {
    **{name: dtype for name, dtype in OVERRIDE_SCHEMA.items() if name not in ("field", "value")},
    "code": pl.String, "field": pl.String, "reason": pl.String, "actor": pl.String, "time": pl.String,
    "current": pl.Boolean,
}  # fmt: skip
"""Accepted findings: keys, what was found, why it was accepted, by whom, when (UTC), and whether it is still found."""


def acknowledged(one: Assessment, checks: pl.DataFrame) -> pl.DataFrame:
    """The findings of an assessment that somebody accepted (`ACKNOWLEDGED_SCHEMA`), in the order they did;
    `checks` are the findings of its result as it is now."""
    found = set(checks.select(*FindingKey._fields).iter_rows())
    rows = []
    for key, reason in one.acknowledged.items():
        event = one.history(finding_target(key))[-1]
        rows.append((*key, reason, event.actor, event.time, tuple(key) in found))
    return pl.DataFrame(rows, schema=ACKNOWLEDGED_SCHEMA, orient="row")
