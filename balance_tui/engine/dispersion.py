"""How far the schools of a county differ: the student-weighted coefficient of variation.

X_i = x_i ÷ P_i, X̄ = Σx ÷ ΣP, S = √(Σ P_i/P_N · (X_i − X̄)²), CV = S ÷ X̄, per county, stage and indicator
(national.md 4). Sections count whether or not they pass; ordinary values only, no relief. A missing x of any
section in scope leaves the CV unknown; Σx = 0 leaves it undefined, which is unknown too.

Where the standard names another statistic, a plugin's figure stands in the place of the CV: `plugin_statistic`.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import partial
from typing import Any

import polars as pl

from ..data.again import Work
from ..standard.model import Dispersion, Indicator
from ..standard.plugged import CV
from .context import Context
from .exact import compared, flips_when_rounded, near, snapped
from .indicators import alternatives, exact_numerator, population, section_facts
from .plans import beside, picked, widened
from .status import FAIL, NOT_APPLICABLE, PASS, UNKNOWN

COMPOSITE = "composite"
DISPERSION_SCHEMA: dict[str, Any] = {
    "_county": pl.UInt32, "stage": pl.String, "indicator": pl.String, "sections": pl.UInt32,
    "mean": pl.Float64, "sd": pl.Float64, "cv": pl.Float64, "limit": pl.Float64, "_status": pl.UInt8,
    "flips_when_rounded": pl.Boolean, "missing": pl.UInt32,
}  # fmt: skip


def dispersed(
    judged: dict[str, pl.DataFrame], context: Context, work: Work, same: Mapping[str, bool]
) -> pl.DataFrame:
    """Judged section rows by stage → one row a county, stage and indicator (`DISPERSION_SCHEMA`).

    `mean` and `sd` are in the indicator's unit; `missing` counts the sections whose value is unknown.
    A stage that is the `same` as in the `work` before is taken over; what a plugin works out is always asked for.
    """
    rule = context.model.dispersion
    if rule is None:
        return pl.DataFrame(schema=DISPERSION_SCHEMA)
    frames = [
        frame
        for stage, rows in judged.items()
        if stage in rule.limit
        for frame in work.done(
            ("dispersion", stage),
            same[stage] and not is_plugged(context),
            partial(_stage, rows, stage, rule, context),
        )
    ]
    return (
        pl.concat(frames).sort("_county", maintain_order=True)
        if frames
        else pl.DataFrame(schema=DISPERSION_SCHEMA)
    )


def is_plugged(context: Context) -> bool:
    """Whether a plugin works the dispersion out; what it says is asked for anew each time."""
    rule = context.model.dispersion
    return rule is not None and rule.statistic != CV


def chosen(rule: Dispersion, context: Context) -> tuple[Indicator, ...]:
    """The indicators whose dispersion is asked for."""
    every = context.model.indicator
    return tuple(i for i in every if not rule.indicators or i.id in rule.indicators)


def _stage(rows: pl.DataFrame, stage: str, rule: Dispersion, context: Context) -> list[pl.DataFrame]:
    indicators = chosen(rule, context)
    long = _long(_squares(rows, indicators, context), indicators, stage, rule, context)
    if rule.statistic != CV:
        from .plugin_statistic import with_statistic

        long = with_statistic(long, rows, indicators, stage, rule)
    if rule.judged == "composite":
        composite = _judge(_composite(long, len(indicators), stage, rule), rule, rows, indicators, context)
        plain = long.with_columns(
            pl.lit(None, pl.Float64).alias("limit"),
            pl.when(pl.col("cv").is_null())
            .then(UNKNOWN)
            .otherwise(NOT_APPLICABLE)
            .cast(pl.UInt8)
            .alias("_status"),
            pl.lit(False).alias("flips_when_rounded"),
        )
        return [plain.select(*DISPERSION_SCHEMA), composite]
    return [_judge(long, rule, rows, indicators, context)]


def _squares(rows: pl.DataFrame, indicators: tuple[Indicator, ...], context: Context) -> pl.DataFrame:
    """One row a county: `sections`, and for each indicator `_missing`, `_mean`, `_PN` and `_squares`, the sum
    of P_i (X_i − X̄)²; a value is missing exactly where its numerator or its population is."""
    sums, means, squares = context.once("dispersion", lambda: _sums(indicators))
    by_county = rows.group_by("_county", maintain_order=True).agg(sums)
    by_county = widened(by_county, means)
    summed = _with_means(rows, by_county, indicators).group_by("_county", maintain_order=True).agg(squares)
    return beside(by_county, summed)


def _with_means(
    rows: pl.DataFrame, by_county: pl.DataFrame, indicators: tuple[Indicator, ...]
) -> pl.DataFrame:
    """Numerators and populations of the rows with the means of their county."""
    means = [f"{each.id}_mean" for each in indicators]
    amounts = (f"{each.id}_x" for each in indicators)
    frame = rows[["_county", *amounts, *sorted({population(each) for each in indicators})]]
    if by_county.height == 1:
        return frame.hstack([by_county[name].new_from_index(0, rows.height) for name in means])
    # Sums of floats depend on the order of their rows.
    return frame.join(by_county[["_county", *means]], on="_county", how="left", maintain_order="left")


def _sums(indicators: tuple[Indicator, ...]) -> tuple[list[pl.Expr], list[pl.Expr], list[pl.Expr]]:
    """What is added up of a county, the means, and what is then added up of the distances from them."""
    populations = sorted({population(i) for i in indicators})
    sums = [
        pl.len().alias("sections"),
        *(pl.col(i.id).null_count().alias(f"{i.id}_missing") for i in indicators),
        *(pl.col(f"{i.id}_x").sum() for i in indicators),
        pl.col(populations).sum(),
    ]
    means = [mean for i in indicators for mean in _mean(i)]
    return sums, means, [_deviation(i).alias(f"{i.id}_squares") for i in indicators]


def _mean(indicator: Indicator) -> tuple[pl.Expr, pl.Expr]:
    name, population_sum = indicator.id, pl.col(population(indicator))
    known = pl.col(f"{name}_missing") == 0
    return (
        pl.when(known).then(population_sum).alias(f"{name}_PN"),
        pl.when(known).then(pl.col(f"{name}_x") / population_sum).alias(f"{name}_mean"),
    )


def _deviation(indicator: Indicator) -> pl.Expr:
    x, students = pl.col(f"{indicator.id}_x"), pl.col(population(indicator))
    return (students * (x / students - pl.col(f"{indicator.id}_mean")).pow(2)).sum()


def _long(
    wide: pl.DataFrame, indicators: tuple[Indicator, ...], stage: str, rule: Dispersion, context: Context
) -> pl.DataFrame:
    """One row a county and indicator: `cv` with what it is made of, in the unit of the indicator."""
    gathered, told = context.once(("coefficients", stage), lambda: _told(indicators, stage, rule))
    apart = picked(wide, gathered).explode(*_OF_INDICATOR, empty_as_null=True, keep_nulls=True)
    names = pl.Series("indicator", [each.id for each in indicators] * wide.height, pl.String)
    scales = pl.Series("_scale", [float(each.scale) for each in indicators] * wide.height, pl.Float64)
    return picked(apart.hstack([names, scales]), told)


_OF_INDICATOR = ("_missing", "_mean", "_PN", "_squares")


def _told(
    indicators: tuple[Indicator, ...], stage: str, rule: Dispersion
) -> tuple[list[pl.Expr], list[pl.Expr]]:
    """The figures of a county's indicators as lists, and what is told of each."""
    lists = [pl.concat_list(f"{i.id}{suffix}" for i in indicators).alias(suffix) for suffix in _OF_INDICATOR]
    mean, sd = pl.col("_mean"), (pl.col("_squares") / pl.col("_PN")).sqrt()
    return [pl.col("_county"), pl.col("sections"), *lists], [
        pl.col("_county"),
        pl.lit(stage).alias("stage"),
        pl.col("indicator"),
        pl.col("sections").cast(pl.UInt32),
        (mean * pl.col("_scale")).alias("mean"),
        pl.when(mean.is_not_null()).then(sd * pl.col("_scale")).alias("sd"),
        pl.when(mean > 0).then(sd / mean).alias("cv"),
        pl.lit(float(rule.limit[stage].value)).alias("limit"),
        pl.col("_missing").cast(pl.UInt32).alias("missing"),
    ]


def _composite(long: pl.DataFrame, count: int, stage: str, rule: Dispersion) -> pl.DataFrame:
    """The plain mean of the CVs of all indicators, unknown where any of them is."""
    total = pl.col("cv").cum_sum().last()  # one after the other, however the rows are grouped
    return long.group_by("_county", maintain_order=True).agg(
        pl.lit(stage).alias("stage"),
        pl.lit(COMPOSITE).alias("indicator"),
        pl.col("sections").first(),
        pl.lit(None, pl.Float64).alias("mean"),
        pl.lit(None, pl.Float64).alias("sd"),
        pl.when(pl.col("cv").count() == count).then(total / count).alias("cv"),
        pl.lit(float(rule.limit[stage].value)).alias("limit"),
        pl.col("missing").sum(),
    )


def _judge(
    long: pl.DataFrame,
    rule: Dispersion,
    rows: pl.DataFrame,
    indicators: tuple[Indicator, ...],
    context: Context,
) -> pl.DataFrame:
    is_near, told = context.once("judged coefficients", lambda: _judging(rule))
    close = picked(long, [is_near])["near"].arg_true()
    if len(close):
        decided = [_decided(row, rows, indicators, context) for row in long[close].iter_rows(named=True)]
        long = long.with_columns(long["cv"].scatter(close, decided))
    return picked(long, told)


def _judging(rule: Dispersion) -> tuple[pl.Expr, list[pl.Expr]]:
    """Whether a coefficient is near its limit, and its row as `DISPERSION_SCHEMA`."""
    cv, limit = pl.col("cv"), pl.col("limit")
    met = compared(rule.op, cv, limit)
    status = pl.when(cv.is_null()).then(UNKNOWN).when(met).then(PASS).otherwise(FAIL).cast(pl.UInt8)
    flips = flips_when_rounded(rule.op, cv, limit, rule.decimals)
    made = {"_status": status.alias("_status"), "flips_when_rounded": flips.alias("flips_when_rounded")}
    told = [made.get(name, pl.col(name)) for name in DISPERSION_SCHEMA]
    return near(cv, limit).fill_null(False).alias("near"), told


def _decided(
    row: dict[str, Any], rows: pl.DataFrame, indicators: tuple[Indicator, ...], context: Context
) -> float:
    """The CV put on its side of the limit: one CV by its square in fractions, a composite in 60 digits. What a plugin
    computed cannot be had in fractions: so near its limit it is on it."""
    rule = context.model.dispersion
    assert rule is not None
    limit = Fraction(rule.limit[row["stage"]].value)
    if rule.statistic != CV:
        return float(limit)
    sections = rows.filter(pl.col("_county") == row["_county"])
    judged = [i for i in indicators if row["indicator"] in (COMPOSITE, i.id)]
    squared = [exact_squared_cv(sections, i, row["stage"], context) for i in judged]
    if row["indicator"] == COMPOSITE:
        return snapped(row["cv"], _mean_root(squared, limit), limit)
    return snapped(row["cv"], None if squared[0] is None else limit + squared[0] - limit * limit, limit)


def _mean_root(squared: list[Fraction | None], limit: Fraction) -> Fraction | None:
    """The mean of the roots to 60 digits; what differs from the limit only beyond 40 is on it."""
    if None in squared:
        return None
    with localcontext(prec=60):
        roots = [(Decimal(s.numerator) / Decimal(s.denominator)).sqrt() for s in squared if s is not None]
        mean = Fraction(sum(roots, Decimal(0)) / len(roots))
    return limit if abs(mean - limit) < Fraction(1, 10**40) else mean


def exact_squared_cv(
    sections: pl.DataFrame, indicator: Indicator, stage: str, context: Context
) -> Fraction | None:
    """CV² of one county and stage in fractions."""
    pairs: list[tuple[Fraction, Fraction]] = []
    ways = tuple(way.value for way in alternatives(indicator, stage))
    for row in sections.iter_rows(named=True):
        x = exact_numerator(row, ways, context)
        students = indicator.denominator.exact(section_facts(row, context))
        if x is None or not isinstance(students, Fraction) or not students:
            return None
        pairs.append((x, students))
    population = sum((students for _, students in pairs), Fraction(0))
    mean = sum((x for x, _ in pairs), Fraction(0)) / population
    squares = sum((students * (x / students - mean) ** 2 for x, students in pairs), Fraction(0))
    return squares / population / mean**2 if mean else None
