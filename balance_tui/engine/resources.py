"""The resource part: indicators, school rule and dispersion of every county at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import polars as pl

from ..data.again import Seen, Work
from ..standard.model import Scope
from .context import Context
from .dispersion import dispersed, is_plugged
from .indicators import judged
from .plans import beside, summed_up, widened
from .school_rule import ruled
from .schools import exact_facts, needed_columns
from .scope import meant_of
from .status import FAIL, PASS, RELIEVED, UNKNOWN

SCOPE = "resources"


@dataclass(frozen=True)
class Resources:
    """`stages`: judged rows by stage as `indicators.judged` and `school_rule.ruled` give them, with the facts
    that scope, indicators and their reliefs read; `excluded`: rows left out, with `_reason`; `dispersion`:
    `dispersion.DISPERSION_SCHEMA`; `counties`: one row a county with `_schools`, `_dispersion`, `_absent`
    (codes) and how many sections and figures fail or are unknown."""

    stages: dict[str, pl.DataFrame]
    excluded: pl.DataFrame
    dispersion: pl.DataFrame
    counties: pl.DataFrame


def resources(
    sections: pl.DataFrame, keys: pl.DataFrame, context: Context, work: Work | None = None
) -> Resources:
    """Section rows as `schools.section_rows` gives them, and the counties → the resource part of each. A stage none
    of whose rows changed is taken over from the `work` before."""
    work = work or Work()
    model = context.model
    scope = next((scope for scope in model.scope if scope.id == SCOPE), None)
    if scope is None or not model.indicator:
        return Resources({}, sections.head(0), dispersed({}, context, work, {}), keys.select("_county"))
    narrowed = _narrowed(sections, scope, context)
    seen = work.seen("facts of resources", narrowed)
    is_same = seen.same(narrowed.columns) and not is_plugged(context)
    if is_same:
        parts = ("stage", "judged", "dispersion")
        work.keep(("meant", SCOPE), *((part, stage) for part in parts for stage in model.standard.stages))
    return work.done("resources", is_same, partial(_resources, seen, scope, keys, context, work))


def _resources(sections: Seen, scope: Scope, keys: pl.DataFrame, context: Context, work: Work) -> Resources:
    model = context.model
    rows = meant_of(sections, scope, context, work).of(sections.now)
    kept = rows["_in"].fill_null(value=True)
    seen = {
        stage: work.seen(("stage", stage), rows.filter(kept & (rows["stage"] == stage)))
        for stage in model.standard.stages
    }
    same = {stage: each.same(each.now.columns) for stage, each in seen.items()}
    stages = {
        stage: work.done(("judged", stage), same[stage], partial(_stage, each.now, stage, context))
        for stage, each in seen.items()
    }
    dispersion = dispersed(stages, context, work, same)
    excluded = rows.head(0) if kept.all() else rows.filter(~kept)
    return Resources(stages, excluded, dispersion, _counties(stages, dispersion, keys, context))


def _stage(rows: pl.DataFrame, stage: str, context: Context) -> pl.DataFrame:
    return ruled(judged(rows, stage, context), context)


def _narrowed(sections: pl.DataFrame, scope: Scope, context: Context) -> pl.DataFrame:
    """`sections` without the facts that neither scope nor indicators nor their reliefs read."""
    read, facts = (
        context.once("facts of resources", lambda: _read(scope, context)),
        context.standard.dictionary,
    )
    return sections[[name for name in sections.columns if name in read or name not in facts]]


def _read(scope: Scope, context: Context) -> frozenset[str]:
    model = context.model
    indicators = {indicator.id for indicator in model.indicator}
    reliefs = [relief for relief in model.relief if relief.target in indicators]
    read = context.facts(
        *(exclusion.when for exclusion in scope.exclude),
        *(way.value for indicator in model.indicator for way in indicator.numerator),
        *(indicator.denominator for indicator in model.indicator),
        *(formula for relief in reliefs for formula in (relief.when, relief.numerator)),
    )
    return frozenset((*needed_columns(read), *exact_facts(context)))


def _counties(
    stages: dict[str, pl.DataFrame], dispersion: pl.DataFrame, keys: pl.DataFrame, context: Context
) -> pl.DataFrame:
    """A county with no section of a stage in scope has not reported it: unknown, never passed over."""
    of_schools, of_spread, *steps = context.once("counties of resources", lambda: _totals(tuple(stages)))
    schools = pl.concat([
        rows.select_seq("_county", "_school", *(pl.lit(each == stage).alias(f"_has_{each}") for each in stages))
        for stage, rows in stages.items()
    ])  # fmt: skip
    judged = dispersion.filter(dispersion["limit"].is_not_null())
    counties = beside(keys[["_county"]], summed_up(schools, keys.height, of_schools))
    return widened(beside(counties, summed_up(judged, keys.height, of_spread)), *steps)


def _totals(stages: tuple[str, ...]) -> tuple[list[pl.Expr], ...]:
    """What is counted of a county's sections and of its coefficients, and what follows from it in two steps."""
    absent = [pl.when(~pl.col(f"_has_{stage}").fill_null(False)).then(pl.lit(stage)) for stage in stages]
    of_schools = [
        *(pl.col(f"_has_{stage}").any() for stage in stages),
        pl.len().alias("sections"),
        *_counts("_school", "sections", (FAIL, UNKNOWN, RELIEVED)),
        pl.col("_school").max().alias("_schools"),
    ]
    of_spread = [
        pl.len().alias("figures"),
        *_counts("_status", "figures", (FAIL, UNKNOWN)),
        pl.col("_status").max().alias("_dispersion"),
    ]
    is_absent = pl.when(pl.col("stages_missing") != "").then(UNKNOWN).otherwise(PASS).cast(pl.UInt8)
    return (
        of_schools,
        of_spread,
        [pl.concat_str(absent, separator=",", ignore_nulls=True).alias("stages_missing")],
        [is_absent.alias("_absent"), pl.col("_dispersion").fill_null(UNKNOWN)],
    )


def _counts(column: str, name: str, codes: tuple[int, ...]) -> list[pl.Expr]:
    words = {FAIL: "failing", UNKNOWN: "unknown", RELIEVED: "relieved"}
    return [(pl.col(column) == code).sum().alias(f"{name}_{words[code]}") for code in codes]
