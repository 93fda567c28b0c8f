"""This year against last year, where the dataset holds both."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ...language import Text
from ..dictionary import Dictionary
from .findings import Level, computed, found, shown
from .options import Options
from .rules import Check, Search, firing
from .scene import KEYS, Scene

OF_SECTIONS = ("students", "teachers")
NOT_A_TOTAL = ("extra_sports_area",)
"""Leased venues come and go by contract; their change says nothing about the figures."""


def check_years(dictionary: Dictionary, options: Options) -> Iterator[Check]:  # noqa: ARG001
    """C13. Only counties whose previous year is in the dataset are looked at."""
    yield Search("years", _years, sections=OF_SECTIONS, schools=_totals(dictionary))


def _totals(dictionary: Dictionary) -> tuple[str, ...]:
    return tuple(
        field.code
        for field in dictionary.values()
        if field.stage == "split" and field.code not in NOT_A_TOTAL
    )


def _years(scene: Scene) -> Iterator[pl.DataFrame]:
    if scene.county_keys.height < 2:
        return
    before = scene.county_keys.select(*KEYS[:3], pl.col("year") + 1, _before=pl.col("_county"))
    both = scene.county_keys.join(before, on=KEYS, how="inner", nulls_equal=True)
    both = both.filter(pl.col("year").is_not_null())
    if both.is_empty():
        return
    totals, sections, schools = _totals(scene.dictionary), scene.sections, scene.schools
    yield from _changes(scene, sections, both, ["school_id", "stage"], OF_SECTIONS, "section")
    yield from _changes(scene, schools, both, ["school_id"], totals, "school")
    yield from _come_and_gone(schools, both)


def _changes(
    scene: Scene, frame: pl.DataFrame, both: pl.DataFrame, key: list[str], fields: tuple[str, ...],
    level: Level,
) -> Iterator[pl.DataFrame]:  # fmt: skip
    earlier = frame.select(
        *key, *(pl.col(field).alias(f"{field}_before") for field in fields), _before=pl.col("_county")
    )
    now = frame.join(both.select("_county", "_before"), on="_county", how="inner", maintain_order="left")
    rows = now.join(earlier, on=["_before", *key], how="inner", maintain_order="left")
    share = scene.options.change_percent / 100
    conditions = [_changed(field, share) for field in fields]
    for field, condition, fires in zip(fields, conditions, firing(rows, conditions), strict=True):
        if fires:
            yield _change(scene, rows.filter(condition), field, level)


def _changed(field: str, share: float) -> pl.Expr:
    now, before = pl.col(field), pl.col(f"{field}_before")
    return (now - before).abs() > share * before + 1e-9


def _change(scene: Scene, rows: pl.DataFrame, field: str, level: Level) -> pl.DataFrame:
    now, before = pl.col(field), pl.col(f"{field}_before")
    change = pl.when(before > 0).then(pl.concat_str(computed(100 * (now - before) / before), pl.lit("%")))
    return found(
        rows, "C13", level, field=field, fields=(field,), value=shown(now),
        message=Text("{label} {value},上年 {before},变化 {change},超过设定的 {limit}%",
                     "{label} {value}, last year {before}: a change of {change}, above the {limit} % set"),
        label=scene.dictionary.label(field), before=shown(before), change=change,
        limit=shown(pl.lit(float(scene.options.change_percent))),
    )  # fmt: skip


def _come_and_gone(schools: pl.DataFrame, both: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Schools of last year that are missing, schools that are new. A missing school is reported in the
    year in which it is missing, and so has no place."""
    now = schools.join(both.select("_county", "_before"), on="_county", how="inner", maintain_order="left")
    earlier = schools.select("school_id", "school", _before=pl.col("_county"))
    earlier = earlier.join(both, on="_before", how="inner", maintain_order="left")
    key = ["_before", "school_id"]
    yield found(
        earlier.join(now, on=key, how="anti"), "C13", "school", field="school_id", fields=(),
        value=pl.col("school_id"),
        message=Text("上年名单中的学校(标识码 {value})本年缺失",
                     "school {value} of last year's list is missing this year"),
    )  # fmt: skip
    yield found(
        now.join(earlier, on=key, how="anti"), "C13", "school", field="school_id", fields=(),
        value=pl.col("school_id"),
        message=Text("学校(标识码 {value})不在上年名单中,为新增",
                     "school {value} is not in last year's list; it is new"),
    )  # fmt: skip
