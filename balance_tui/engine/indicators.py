"""Indicators of one stage's sections: value, status under the ordinary limit, status with reliefs.

Columns added for an indicator X: `X` (value, full precision, decided at its limits), `X_x` (numerator after
the split), `X_status` (code, reliefs counted), `X_plain` (code without reliefs), and where a relief aims at
it `X_relief` (which one decided), `X_eased` (the value it gave). Its denominator, where the section can be
counted at all, stands in the column that `population` names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import partial, reduce
from typing import Any

import polars as pl

from ..standard.expression import Expression, Scalar
from ..standard.model import Indicator, Limit, Relief
from ..standard.tests import Alternative
from .context import Context
from .exact import exact_first, facts_of, near, snapped
from .plans import AS_WRITTEN
from .schools import exact_facts, exact_share
from .status import FAIL, FLOOR, NOT_APPLICABLE, PASS, RELIEVED, UNKNOWN

AGREE = 1e-9
"""Two ways to one value agree within this part of it."""


def judged(rows: pl.DataFrame, stage: str, context: Context) -> pl.DataFrame:
    """Section rows of `stage` (with `_in`, `_share`) → the same with the columns above for each indicator."""
    indicators = context.model.indicator
    populations, values, decisions = context.once(("judged", stage), lambda: _columns(stage, context))
    frame = rows.lazy().with_columns(
        *populations,
        *(_numerator(rows, indicator, stage, context).alias(f"{indicator.id}_x") for indicator in indicators),
    ).with_columns(values).with_columns(decisions).collect(optimizations=AS_WRITTEN)  # fmt: skip
    close = frame["_close"].arg_true()
    frame = frame.drop("_close")
    if len(close):
        frame = _decided(frame, close, stage, context).with_columns(_statuses(stage, context))
    for indicator in indicators:
        reliefs = [relief for relief in context.model.relief if relief.target == indicator.id]
        frame = _relieved(frame, indicator, reliefs, stage, context) if reliefs else frame
    return frame


def _columns(stage: str, context: Context) -> tuple[list[pl.Expr], list[pl.Expr], list[pl.Expr]]:
    """Populations, values, and what is decided by them, of every indicator."""
    indicators = context.model.indicator
    close = pl.any_horizontal(_near_limits(i.id, i, stage, context) for i in indicators)
    return (
        list(_populations(indicators, context)),
        [_value(indicator, f"{indicator.id}_x").alias(indicator.id) for indicator in indicators],
        [close.alias("_close"), *_statuses(stage, context)],
    )


def _statuses(stage: str, context: Context) -> list[pl.Expr]:
    """`X_plain` of every indicator, and `X_status`, the same before reliefs are tried."""
    plain = [_status(pl.col(i.id), i, stage, context) for i in context.model.indicator]
    return [
        status.alias(f"{indicator.id}_{suffix}")
        for suffix in ("plain", "status")
        for indicator, status in zip(context.model.indicator, plain, strict=True)
    ]


def population(indicator: Indicator) -> str:
    """The column of P_i: the denominator of a section in scope, null where it is not above zero."""
    return f"_P {indicator.denominator.text}"


def _populations(indicators: Iterable[Indicator], context: Context) -> Iterator[pl.Expr]:
    for name, indicator in {population(indicator): indicator for indicator in indicators}.items():
        denominator = context.formula(indicator.denominator)
        yield pl.when(pl.col("_in") & (denominator > 0)).then(denominator).alias(name)


def _near_limits(column: str, indicator: Indicator, stage: str, context: Context) -> pl.Expr:
    """Whether the value is too close to one of its limits for binary fractions to decide."""
    limits = thresholds(indicator, stage, context)
    return pl.any_horizontal(pl.lit(False), *(near(pl.col(column), float(limit)) for limit in limits))


def _decided(frame: pl.DataFrame, close: pl.Series, stage: str, context: Context) -> pl.DataFrame:
    """`frame` with the values of close rows put on their side of each limit."""
    rows, columns = frame[close], []
    for indicator in context.model.indicator:
        ways = tuple(way.value for way in alternatives(indicator, stage))
        columns.append(_snapped(rows, indicator.id, ways, indicator, stage, context))
    return frame.with_columns(frame[column.name].scatter(close, column) for column in columns)


def _snapped(
    rows: pl.DataFrame,
    column: str,
    ways: tuple[Expression, ...],
    indicator: Indicator,
    stage: str,
    context: Context,
) -> pl.Series:
    """`column` of `rows`, what lies near a limit decided in fractions; equal facts are decided once."""
    close = rows.select(_near_limits(column, indicator, stage, context)).to_series().arg_true()
    facts = rows.select(*_exact_columns(ways, indicator, context), column)[close]
    limits = thresholds(indicator, stage, context)
    decided: dict[tuple[Any, ...], float] = {}
    for key in set(facts.iter_rows()):
        row = dict(zip(facts.columns, key, strict=True))
        exact = _exact_value(row, ways, indicator, context)
        decided[key] = reduce(partial(_on_its_side, exact), limits, row[column])
    return rows[column].scatter(close, [decided[key] for key in facts.iter_rows()])


def _on_its_side(exact: Fraction | None, value: float, limit: Fraction) -> float:
    return snapped(value, exact, limit)


def _exact_columns(ways: tuple[Expression, ...], indicator: Indicator, context: Context) -> list[str]:
    """What `_exact_value` reads of a row."""
    return list(dict.fromkeys((*exact_facts(context), *context.facts(*ways, indicator.denominator))))


def alternatives(indicator: Indicator, stage: str) -> tuple[Alternative, ...]:
    """The ways to the numerator that hold for a stage."""
    return tuple(item for item in indicator.numerator if item.stages is None or stage in item.stages)


def _numerator(rows: pl.DataFrame, indicator: Indicator, stage: str, context: Context) -> pl.Expr:
    ways = [way.value for way in alternatives(indicator, stage)]
    reported = [
        way for way in ways if all(rows[name].null_count() < rows.height for name in context.facts(way))
    ]
    values = [context.formula_shared(way) for way in reported]
    if len(values) < 2:
        return values[0] if values else pl.lit(None, pl.Float64)
    return agreed(values)


def agreed(values: list[pl.Expr]) -> pl.Expr:
    """The first known of several values, null where two known ones differ."""
    first = pl.coalesce(values)
    differ = pl.any_horizontal((value - first).abs() > AGREE * first.abs() for value in values)
    return pl.when(~differ.fill_null(False)).then(first)


def _value(indicator: Indicator, numerator: str) -> pl.Expr:
    value = pl.col(numerator) / pl.col(population(indicator))
    return value * float(indicator.scale) if indicator.scale != 1 else value


def floor_of(limit: Limit, context: Context) -> Fraction | None:
    """The least value that the school rule lets pass as a remainder."""
    rule = context.model.school_rule
    if limit.floor is not None:
        return Fraction(limit.floor)
    return Fraction(rule.floor_share) * Fraction(limit.value) if rule else None


def thresholds(indicator: Indicator, stage: str, context: Context) -> list[Fraction]:
    """The numbers a value of the stage is compared with."""
    limit = indicator.limit.get(stage)
    if limit is None:
        return []
    floor = floor_of(limit, context)
    return [Fraction(limit.value), *([floor] if floor is not None else [])]


def _status(value: pl.Expr, indicator: Indicator, stage: str, context: Context) -> pl.Expr:
    codes = {code: pl.lit(code, pl.UInt8) for code in (NOT_APPLICABLE, PASS, UNKNOWN, FAIL, FLOOR)}
    bounds = [float(bound) for bound in thresholds(indicator, stage, context)]
    if not bounds:
        return pl.when(value.is_null()).then(codes[UNKNOWN]).otherwise(codes[NOT_APPLICABLE])
    met, *floors = [value >= bound if indicator.op == ">=" else value <= bound for bound in bounds]
    below = pl.when(floors[0]).then(codes[FLOOR]).otherwise(codes[FAIL]) if floors else codes[FAIL]
    return pl.when(value.is_null()).then(codes[UNKNOWN]).when(met).then(codes[PASS]).otherwise(below)


def _relieved(
    frame: pl.DataFrame, indicator: Indicator, reliefs: list[Relief], stage: str, context: Context
) -> pl.DataFrame:
    """Try the reliefs where the ordinary value is known and below the standard."""
    name = indicator.id
    frame = frame.with_columns(
        pl.lit(None, pl.String).alias(f"{name}_relief"), pl.lit(None, pl.Float64).alias(f"{name}_eased")
    )
    for relief in reliefs:
        in_force = context.in_force(relief)
        if in_force is None or relief.numerator is None:
            continue
        below = pl.col(f"{name}_plain").is_in([FAIL, FLOOR]) & (pl.col(f"{name}_status") != RELIEVED)
        applies = in_force & context.formula(relief.when)
        mask = frame.select((below & applies.fill_null(True)).fill_null(False).alias("_try")).to_series()
        if mask.any():
            tried = _try(frame.lazy().filter(mask), indicator, relief, applies, stage, context)
            indices = mask.arg_true()
            frame = frame.with_columns(
                frame[column].scatter(indices, tried[column]) for column in tried.columns
            )
    return frame


def _try(
    rows: pl.LazyFrame, indicator: Indicator, relief: Relief, applies: pl.Expr, stage: str, context: Context
) -> pl.DataFrame:
    """The columns a relief may change, for rows it may apply to."""
    name, numerator = indicator.id, relief.numerator
    assert numerator is not None
    changed = [f"{name}_{suffix}" for suffix in ("status", "relief", "eased")]
    read = dict.fromkeys((*_exact_columns((numerator,), indicator, context), *changed, "_applies", "_eased"))
    tried = (
        rows.with_columns(context.formula_shared(numerator).alias("_x"), applies.alias("_applies"))
        .with_columns(_value(indicator, "_x").alias("_eased"))
        .select(*read)
        .collect(optimizations=AS_WRITTEN)
    )
    tried = tried.with_columns(_snapped(tried, "_eased", (numerator,), indicator, stage, context))
    eased = _status(pl.col("_eased"), indicator, stage, context)
    better = (eased == PASS) | ((eased == FLOOR) & (pl.col(f"{name}_status") == FAIL))
    certain = pl.col("_applies").fill_null(False)
    new = pl.when(eased == PASS).then(RELIEVED).otherwise(eased).cast(pl.UInt8)
    open_ = (eased == UNKNOWN) | (better & ~certain)

    def kept(suffix: str) -> pl.Expr:
        return pl.col(f"{name}_{suffix}")

    return tried.select(
        pl.when(open_).then(pl.lit(UNKNOWN, pl.UInt8)).when(better).then(new)
        .otherwise(pl.col(f"{name}_status")).alias(f"{name}_status"),
        pl.when(better & certain).then(pl.lit(relief.id)).otherwise(kept("relief")).alias(f"{name}_relief"),
        pl.when(better & certain).then(pl.col("_eased")).otherwise(kept("eased")).alias(f"{name}_eased"),
    )  # fmt: skip


def exact_value(
    row: Mapping[str, Any], indicator: Indicator, stage: str, context: Context
) -> Fraction | None:
    """The ordinary value of one section as a fraction."""
    ways = tuple(way.value for way in alternatives(indicator, stage))
    return _exact_value(row, ways, indicator, context)


def exact_numerator(
    row: Mapping[str, Any], ways: tuple[Expression, ...], context: Context
) -> Fraction | None:
    """The first known numerator of one section as a fraction, after the split."""
    return exact_first(ways, section_facts(row, context, context.facts(*ways)))


def _exact_value(
    row: Mapping[str, Any], ways: tuple[Expression, ...], indicator: Indicator, context: Context
) -> Fraction | None:
    facts = section_facts(row, context, context.facts(*ways, indicator.denominator))
    numerator, denominator = exact_first(ways, facts), indicator.denominator.exact(facts)
    if numerator is None or not isinstance(denominator, Fraction) or not denominator:
        return None
    return Fraction(indicator.scale) * numerator / denominator


def section_facts(
    row: Mapping[str, Any], context: Context, names: Iterable[str] | None = None
) -> dict[str, Scalar]:
    """Facts (those of `names`, or all) and settings of one section row for exact evaluation, whole-school
    amounts brought down to its share."""
    read = row.keys() if names is None else row.keys() & names
    facts = facts_of({name: row[name] for name in read if not isinstance(row[name], list)})
    split = context.split_fields & facts.keys()
    share = exact_share(dict(row), context) if split else None
    for name in split:
        amount = facts[name]
        facts[name] = amount * share if isinstance(amount, Fraction) and share is not None else None
    settings = {name: value for name, value in context.settings.items() if not hasattr(value, "isoformat")}
    return {**facts, **settings}
