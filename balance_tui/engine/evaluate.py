"""A standard and a dataset go in, a result comes out.

scope → split → indicators → school rule → dispersion → requirements → scores → scorecard → decision → verdicts
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from ..data.dataset import Dataset
from ..standard.load import LoadedStandard
from .context import Context, settings_of
from .decision import parts, standing_in_parts, verdicts
from .prepare import prepare
from .requirements import populations_of, required, thresholds
from .resources import resources
from .result import Result
from .scorecard import carded
from .scores import scored
from .verdict import concluded


def evaluate(
    standard: LoadedStandard,
    dataset: Dataset,
    *,
    settings: Mapping[str, str] | None = None,
    as_of: dt.date | None = None,
    overrides: pl.DataFrame | None = None,
) -> Result:
    """Every county and year of the dataset under the standard.

    `overrides` corrects facts (`OVERRIDE_SCHEMA`); judgements are the dataset's. Errors: `UsageError` for
    settings the standard does not know. A dataset with a finding of severity `reject` gives a result that
    holds its checks and nothing else.
    """
    context = Context(standard, settings_of(standard, settings or {}), as_of)
    facts = prepare(dataset, context, overrides)
    if (facts.checks["severity"] == "reject").any():
        return Result.rejected(context, dataset, facts)
    resource_part = resources(facts.sections, facts.keys, context)
    scores = scored(facts, context)
    populations = populations_of(facts, context)
    evidence = thresholds(facts, populations, context)
    cards = carded(facts, evidence, context)

    def decided(rows: pl.DataFrame) -> pl.DataFrame:
        own = standing_in_parts(rows, scores, cards, context)
        return parts(facts.keys, resource_part, own, context)

    items = required(facts, populations, evidence, decided, context)
    own = standing_in_parts(items.rows, scores, cards, context)
    part_rows = parts(facts.keys, resource_part, own, context)
    conclusions = concluded(part_rows, own, facts, context)
    return Result(
        context=context,
        dataset=dataset,
        facts=facts,
        resources=resource_part,
        items=items,
        points=scores,
        cards=cards,
        parts=part_rows,
        conclusions=conclusions,
        outcomes=verdicts(part_rows, conclusions, facts.keys, context),
    )
