"""So many rooms of each kind, each of at least a size.

Where only the number of rooms and the smallest area are known, the number of rooms that are large enough is
known only within bounds: all of them if the smallest is; at most one less if it is not. Whether the school
passes is then told by the bounds, and is unknown where they do not agree. A room list settles it.
"""

from __future__ import annotations

from functools import reduce

import polars as pl

from ...standard.expression import Expression
from ...standard.model import Relief, Requirement
from ...standard.tests import Test
from ..context import Context
from ..exact import NEAR
from ..plans import picked, widened
from ..schools import SCHOOL
from .every import by_county, eased, row_status
from .outcome import Outcome
from .population import Population, where_of


def rooms_test(item: Requirement, test: Test, population: Population, context: Context) -> Outcome:
    """rooms: `value` is the greatest number of rooms that may be large enough, of the kind that is shortest of
    them; `limit` is the need."""
    reliefs = _reliefs(item, test, context)
    rows = population.asked(test.per, names_of(item, test, context), where_of(context, test.where))
    assert test.need
    need = context.formula(test.need).cast(pl.Float64).alias("limit")
    rows = widened(rows, [need, pl.lit(None, pl.String).alias("relief")])
    ordinary = {room.kind: room.size for room in test.rooms}
    lists = population.facts.rooms
    rows = rows.with_columns(_holds(rows, lists, test, ordinary, context))
    rows = widened(rows, [row_status().alias("_status")])
    for relief in reliefs:
        in_force = context.in_force(relief)
        if in_force is not None and (~rows["holds"]).any():
            easier = _holds(rows, lists, test, {**ordinary, **relief.sizes}, context)[0].alias("_eased")
            applies = (in_force & context.formula(relief.when)).alias("_applies")
            rows = eased(rows.with_columns(applies, easier, pl.col("limit").alias("_limit")), relief)
    return by_county(rows, population, False, (*context.facts(test.need), *_of_rooms(test)), context)


def _reliefs(item: Requirement, test: Test, context: Context) -> list[Relief]:
    return [r for r in context.model.relief if r.target in (item.id, test.id) and r.sizes]


def _of_rooms(test: Test) -> tuple[str, ...]:
    return tuple(name for room in test.rooms for name in (room.count, room.smallest))


def names_of(item: Requirement, test: Test, context: Context) -> tuple[str, ...]:
    """The facts that the test reads, its reliefs among them."""
    reliefs = _reliefs(item, test, context)
    eased_by = [expression for relief in reliefs for expression in (relief.when, *relief.sizes.values())]
    sizes = [room.size for room in test.rooms]
    return (*context.facts(test.need, test.where, *sizes, *eased_by), *_of_rooms(test))


def _holds(
    rows: pl.DataFrame, lists: pl.DataFrame, test: Test, sizes: dict[str, Expression], context: Context
) -> tuple[pl.Series, pl.Series]:
    """`holds` (Kleene, over the kinds) and `value` for the given sizes."""
    bounds = pl.DataFrame([rows["limit"].alias("need")])
    for room in test.rooms:
        low, high = _bounds(rows, lists, room.kind, room.count, room.smallest, sizes[room.kind], context)
        bounds = bounds.hstack([low.alias(f"{room.kind}_low"), high.alias(f"{room.kind}_high")])
    together = context.setting(test.together_setting) is True
    told = picked(bounds, context.of(test, "rooms", lambda: _told(test, together=together)))
    return told["holds"], told["value"]


def _told(test: Test, *, together: bool) -> list[pl.Expr]:
    """`holds` and `value` by the bounds of each kind."""
    kinds = [room.kind for room in test.rooms]
    lows, highs = ([pl.col(f"{kind}_{side}") for kind in kinds] for side in ("low", "high"))
    if together:
        lows, highs = [_sum(lows)], [_sum(highs)]
    told: list[pl.Expr] = [
        pl.when(low >= pl.col("need")).then(True).when(high < pl.col("need")).then(False)
        for low, high in zip(lows, highs, strict=True)
    ]
    value = pl.when(pl.all_horizontal(high.is_not_null() for high in highs)).then(pl.min_horizontal(highs))
    return [reduce(lambda a, b: a & b, told).alias("holds"), value.alias("value")]


def _sum(columns: list[pl.Expr]) -> pl.Expr:
    return reduce(lambda a, b: a + b, columns)


def _bounds(
    rows: pl.DataFrame,
    lists: pl.DataFrame,
    kind: str,
    count: str,
    smallest: str,
    size: Expression,
    context: Context,
) -> tuple[pl.Series, pl.Series]:
    """The least and the greatest number of rooms of the kind that are large enough."""
    wanted = context.formula(size).cast(pl.Float64).alias("size")
    sized = picked(
        rows, [*map(pl.col, SCHOOL), pl.col(count).alias("n"), pl.col(smallest).alias("smallest"), wanted]
    )
    listed = lists.filter(pl.col("kind") == kind) if lists.height else lists
    result = picked(_with_list(sized, listed), _LOW_AND_HIGH)
    return result["low"], result["high"]


def _low_and_high() -> list[pl.Expr]:
    """The bounds, by what is listed of a school or by its figures."""
    large = pl.col("smallest") >= pl.col("size") - NEAR
    n, fit = pl.col("n"), pl.col("fit")
    return [
        pl.when(fit.is_not_null()).then(fit).when(n == 0).then(0.0).when(large).then(n)
        .when(n.is_not_null()).then(0.0).alias("low"),
        pl.when(fit.is_not_null()).then(fit + pl.col("unmeasured")).when(n == 0).then(0.0)
        .when(large.fill_null(True)).then(n).otherwise(n - 1).alias("high"),
    ]  # fmt: skip


_LOW_AND_HIGH = _low_and_high()


def _with_list(sized: pl.DataFrame, rooms: pl.DataFrame) -> pl.DataFrame:
    """Rows with `fit` and `unmeasured`, the listed rooms that are large enough and those of unknown area; null where
    none is listed."""
    if not rooms.height:
        nothing = pl.Series([None], dtype=pl.Float64).new_from_index(0, sized.height)
        return sized.hstack([nothing.alias("fit"), nothing.alias("unmeasured")])
    listed = (
        rooms.join(sized.select(*SCHOOL, "size"), on=list(SCHOOL), how="inner")
        .group_by(SCHOOL)
        .agg(
            (pl.col("area") >= pl.col("size") - NEAR).sum().cast(pl.Float64).alias("fit"),
            pl.col("area").is_null().sum().cast(pl.Float64).alias("unmeasured"),
        )
    )
    return sized.join(listed, on=list(SCHOOL), how="left", maintain_order="left")
