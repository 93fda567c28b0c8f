"""A standard and a dataset go in, a result comes out.

scope → split → indicators → school rule → dispersion → requirements → scores → scorecard → decision → verdicts
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import count

import polars as pl

from ..data.again import Work
from ..data.dataset import Dataset
from ..standard.load import LoadedStandard
from .context import Context, settings_of
from .decision import parts, standing_in_parts, verdicts
from .prepare import Facts, prepare
from .requirements import Desk, required, thresholds
from .resources import resources
from .result import Result
from .scorecard import Cards, carded
from .scores import scored
from .verdict import concluded


def evaluate(
    standard: LoadedStandard,
    dataset: Dataset,
    *,
    settings: Mapping[str, str] | None = None,
    as_of: dt.date | None = None,
    overrides: pl.DataFrame | None = None,
    previous: Result | None = None,
) -> Result:
    """Every county and year of the dataset under the standard.

    `overrides` corrects facts (`OVERRIDE_SCHEMA`); judgements are the dataset's. `previous` is any earlier result, best
    that from before an edit: what it was made from is compared with what is here, whatever reads nothing that changed
    is taken over, and the result is the same as without it. Errors: `UsageError` for settings the standard does not
    know. A dataset with a finding of severity `reject` gives a result that holds its checks and nothing else.
    """
    context, work = _begun(Context(standard, settings_of(standard, settings or {}), as_of), previous)
    facts = prepare(dataset, context, overrides, work)
    result = _judged(dataset, facts, context, work)
    work.close()
    return result


def _begun(context: Context, previous: Result | None) -> tuple[Context, Work]:
    """The context and the work to begin with: those of the result before where it was made under the same standard,
    settings and date."""
    work = Work()
    if previous is None or previous.context.made_of != context.made_of or previous.work.day != work.day:
        return context, work
    return previous.context, Work(previous.work)


def _judged(dataset: Dataset, facts: Facts, context: Context, work: Work) -> Result:
    if (facts.checks["severity"] == "reject").any():
        return Result.rejected(context, dataset, facts, work)
    if not work.seen("keys", facts.keys).same(facts.keys.columns):
        work.forget()
    resource_part = resources(facts.sections, facts.keys, context, work)
    scores = scored(facts, context)
    desk = Desk(facts, context, work)
    evidence = thresholds(desk, context)
    cards = carded(facts, evidence, context)
    rounds = count()

    def decided(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        name = f"parts {next(rounds)}"
        own = _standing(rows, scores, cards, context, work, name)
        return own, parts(facts.keys, resource_part, own, context, work, name)

    items = required(desk, evidence, lambda rows: decided(rows)[1], context)
    own, part_rows = decided(items.rows)
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
        work=work,
    )


def _standing(
    rows: pl.DataFrame, scores: pl.DataFrame, cards: Cards, context: Context, work: Work, name: str
) -> pl.DataFrame:
    """As `standing_in_parts`, taken over where items, scores and cards are what they were."""
    inputs = {"items": rows, "scores": scores, "cards": cards.rows}
    same = [work.seen((name, each), frame).same(frame.columns) for each, frame in inputs.items()]
    return work.done((name, "standing"), all(same), lambda: standing_in_parts(rows, scores, cards, context))
