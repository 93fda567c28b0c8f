"""The scores that people gave: who gave which, and what of it cannot be used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import polars as pl

from ...language import Text
from ...standard.scorecard import Point, Scorecard
from ..exact import fraction
from ..figures import plain
from .frames import SOURCE_SCHEMA, Given

Place = tuple[int, str]
"""A county (`_county`) and the id of a point."""

NOTHING = Given()


def sources_of(judgements: pl.DataFrame, points: Iterable[Point], card: Scorecard) -> pl.DataFrame:
    """Every judgement on a point of the card (`SOURCE_SCHEMA`), a source named by its label under its id."""
    named = {
        label: source.id for source in card.sources for label in (source.label_en, source.label) if label
    }
    ids = [point.id for point in points]
    mine = judgements.filter(pl.col("item").is_in(ids) & pl.col("school_id").is_null())
    rows = mine.with_columns(pl.col("item").alias("point"), pl.col("source").replace(named))
    return rows.select(pl.col(name).cast(kind) for name, kind in SOURCE_SCHEMA.items())


def given_scores(sources: pl.DataFrame, points: Iterable[Point]) -> dict[Place, Given]:
    """What was given for each point that anybody judged. Several scores of one source that differ, and scores
    below zero or above the maximum, cannot be used."""
    highest = {point.id: None if point.max is None else Fraction(point.max) for point in points}
    found: dict[Place, list[Mapping[str, Any]]] = defaultdict(list)
    for row in sources.iter_rows(named=True):
        found[row["_county"], row["point"]].append(row)
    return {place: _given(rows, highest[place[1]]) for place, rows in found.items()}


def _given(rows: list[Mapping[str, Any]], highest: Fraction | None) -> Given:
    said: dict[str, set[Fraction]] = defaultdict(set)
    for row in rows:
        score = fraction(row["score"])
        if score is not None:
            said[row["source"] or ""].add(score)
    faults = {source: fault for source, scores in said.items() if (fault := _fault(scores, highest))}
    scores = {source: next(iter(scores)) for source, scores in said.items() if source not in faults}
    declared = any(row["answer"] == "na" and row["source"] == "verified" for row in rows)
    if declared and "verified" in said:
        told = Text("声明不适用, 却有核定分", "declared not applicable although a verified score is given")
        faults["verified"] = told
        scores.pop("verified", None)
    return Given(scores, faults, declared and "verified" not in said)


def _fault(scores: set[Fraction], highest: Fraction | None) -> Text | None:
    if len(scores) > 1:
        listed = ", ".join(plain(score) for score in sorted(scores))
        return Text(f"分数不一致: {listed}", f"scores that disagree: {listed}")
    (score,) = scores
    if score < 0 or (highest is not None and score > highest):
        top = "…" if highest is None else plain(highest)
        return Text(f"{plain(score)} 分不在 0–{top} 之内", f"{plain(score)} is not between 0 and {top}")
    return None
