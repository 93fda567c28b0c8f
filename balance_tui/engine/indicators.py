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
from .plans import picked, widened, without
from .schools import exact_facts, exact_share
from .status import FAIL, FLOOR, NOT_APPLICABLE, PASS, RELIEVED, UNKNOWN

AGREE = 1e-9
"""Two ways to one value agree within this part of it."""


def judged(rows: pl.DataFrame, stage: str, context: Context) -> pl.DataFrame:
    """Section rows of `stage` (with `_in`, `_share`) → the same with the columns above for each indicator."""
    indicators = context.model.indicator
    populations, *steps = context.once(("judged", stage), lambda: _columns(stage, context))
    numerators = [
        _numerator(rows, indicator, stage, context).alias(f"{indicator.id}_x") for indicator in indicators
    ]
    frame = widened(rows, [*populations, *numerators], *steps)
    close = frame["_close"].arg_true()
    frame = without(frame, "_close")
    if len(close):
        frame = widened(_decided(frame, close, stage, context), *_statuses(stage, context))
    for indicator in indicators:
        for relief in _reliefs(indicator, context):
            frame = _relieved(frame, indicator, relief, stage, context)
    return frame


def _reliefs(indicator: Indicator, context: Context) -> list[Relief]:
    return [relief for relief in context.model.relief if relief.target == indicator.id]


def _columns(stage: str, context: Context) -> tuple[list[pl.Expr], ...]:
    """Populations, values, and in two steps what is decided by them, of every indicator."""
    indicators = context.model.indicator
    close = pl.any_horizontal(_near_limits(i.id, i, stage, context) for i in indicators)
    plain, statuses = _statuses(stage, context)
    return (
        list(_populations(indicators, context)),
        [_value(indicator, f"{indicator.id}_x").alias(indicator.id) for indicator in indicators],
        [close.alias("_close"), *plain],
        [*statuses, *_of_reliefs(context)],
    )


def _of_reliefs(context: Context) -> Iterator[pl.Expr]:
    """The columns of indicators that reliefs aim at, before any is tried."""
    for name in (indicator.id for indicator in context.model.indicator if _reliefs(indicator, context)):
        yield pl.lit(None, pl.String).alias(f"{name}_relief")
        yield pl.lit(None, pl.Float64).alias(f"{name}_eased")


def _statuses(stage: str, context: Context) -> tuple[list[pl.Expr], list[pl.Expr]]:
    """`X_plain` of every indicator, and then `X_status`, the same before reliefs are tried."""
    indicators = context.model.indicator
    return (
        [_status(pl.col(i.id), i, stage, context).alias(f"{i.id}_plain") for i in indicators],
        [pl.col(f"{i.id}_plain").alias(f"{i.id}_status") for i in indicators],
    )


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
    is_near = context.once(
        ("near", column, indicator.id, stage), lambda: _near_limits(column, indicator, stage, context)
    )
    close = picked(rows, [is_near.alias("_near")])["_near"].arg_true()
    if not len(close):
        return rows[column]
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
    frame: pl.DataFrame, indicator: Indicator, relief: Relief, stage: str, context: Context
) -> pl.DataFrame:
    """Try a relief where the ordinary value is known and below the standard."""
    in_force = context.in_force(relief)
    if in_force is None or relief.numerator is None:
        return frame
    mask = picked(frame, [context.once(("tries", relief.id), lambda: _tries(indicator, relief, context))])
    indices = mask["_try"].arg_true()
    if not len(indices):
        return frame
    tried = _tried(frame[indices], indicator, relief, stage, context)
    return frame.with_columns(frame[column].scatter(indices, tried[column]) for column in tried.columns)


def _tries(indicator: Indicator, relief: Relief, context: Context) -> pl.Expr:
    name = indicator.id
    below = pl.col(f"{name}_plain").is_in([FAIL, FLOOR]) & (pl.col(f"{name}_status") != RELIEVED)
    return (below & _applies(relief, context).fill_null(True)).fill_null(False).alias("_try")


def _applies(relief: Relief, context: Context) -> pl.Expr:
    in_force = context.in_force(relief)
    assert in_force is not None
    return in_force & context.formula(relief.when)


def _tried(
    rows: pl.DataFrame, indicator: Indicator, relief: Relief, stage: str, context: Context
) -> pl.DataFrame:
    """The columns a relief may change, for rows it may apply to."""
    read, eased, found = context.once(
        ("eased", relief.id, stage), lambda: _easing(indicator, relief, stage, context)
    )
    tried = picked(rows, *read)
    assert relief.numerator is not None
    tried = tried.with_columns(_snapped(tried, "_eased", (relief.numerator,), indicator, stage, context))
    return picked(tried, [eased], found)


def _easing(
    indicator: Indicator, relief: Relief, stage: str, context: Context
) -> tuple[list[list[pl.Expr]], pl.Expr, list[pl.Expr]]:
    """What is read of a row, the status by the eased value, and what the relief makes of it."""
    name, numerator = indicator.id, relief.numerator
    assert numerator is not None
    changed = [f"{name}_{suffix}" for suffix in ("status", "relief", "eased")]
    read = dict.fromkeys((*_exact_columns((numerator,), indicator, context), *changed, "_applies", "_eased"))
    amounts = [
        context.formula_shared(numerator).alias("_x"),
        _applies(relief, context).alias("_applies"),
    ]
    status, is_eased, relieved_by, value = (pl.col(each) for each in (changed[0], "_status", *changed[1:]))
    better = (is_eased == PASS) | ((is_eased == FLOOR) & (status == FAIL))
    certain = pl.col("_applies").fill_null(False)
    new = pl.when(is_eased == PASS).then(RELIEVED).otherwise(is_eased).cast(pl.UInt8)
    open_ = (is_eased == UNKNOWN) | (better & ~certain)
    return (
        [amounts, [_value(indicator, "_x").alias("_eased")], [pl.col(each) for each in read]],
        _status(pl.col("_eased"), indicator, stage, context).alias("_status"),
        [
            pl.when(open_).then(pl.lit(UNKNOWN, pl.UInt8)).when(better).then(new).otherwise(status)
            .alias(changed[0]),
            pl.when(better & certain).then(pl.lit(relief.id)).otherwise(relieved_by).alias(changed[1]),
            pl.when(better & certain).then(pl.col("_eased")).otherwise(value).alias(changed[2]),
        ],
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
