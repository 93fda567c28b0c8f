"""A rate of the county from sums over its sections, with the sections that pull it down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from ...language import Text
from ...standard.model import Requirement
from ...standard.tests import Test
from ..figures import figure, plain
from ..requirements.ratio import level_of
from .derivation import LIST, SCHOOL_COLUMN, SPACE, STAGE_COLUMN, Column, Step, joined, same
from .figure_text import limit_flips, limit_step, test_source, verdict_text, with_unit
from .formula import spelled
from .people import asked, population_step
from .scene import Scene, stage_text, unit_of
from .threshold import schools_step


def ratio_steps(scene: Scene, item: Requirement, test: Test, row: Mapping[str, Any]) -> list[Step]:
    """Formula, sums, limit, population and every section of a `ratio` test."""
    assert test.numerator
    assert test.denominator
    names = scene.facts_in(test.numerator, test.denominator, test.where, *test.limit.values())
    rows = _rows(scene, test, names)
    expressions = (test.numerator, test.denominator, test.where, *test.limit.values())
    settings = [*scene.settings_in(*expressions), *([test.level_setting] if test.level_setting else [])]
    return [
        _formula(scene, item, test),
        *_figures(scene, item, test, rows, row),
        limit_step(scene, item, test, row["limit"]),
        *limit_flips(row["value"], row["limit"], test),
        population_step(scene, item, test, names, "section"),
        *_lacking(scene, rows, names),
        *_sections(test, rows),
        *scene.setting_steps(settings),
    ]


def _figures(
    scene: Scene, item: Requirement, test: Test, rows: pl.DataFrame, row: Mapping[str, Any]
) -> list[Step]:
    """The sums, of each stage that has a limit of its own; or the sections that decide, where each is asked."""
    level = level_of(test, scene.context)
    if level == "section":
        deciding = schools_step(scene, item, test, rows, scene.facts_in(test.numerator, test.denominator))
        return [deciding] if deciding else []
    stages = [stage for stage in test.limit if stage != "*"]
    if not stages:
        return [_sums(test, rows, row)]
    own = [(stage_text(stage), pl.col("stage") == stage) for stage in stages]
    others = ~pl.col("stage").is_in(stages)
    own += [(Text("其他学段", "other stages"), others)] if "*" in test.limit else []
    return [replace(_sums(test, rows.filter(mine), row), label=label) for label, mine in own]


def _rows(scene: Scene, test: Test, names: tuple[str, ...]) -> pl.DataFrame:
    assert test.numerator
    assert test.denominator
    return asked(scene, test, names, "section").with_columns(
        test.numerator.polars(scene.context.shared).alias("numerator"),
        test.denominator.polars(scene.context.shared).alias("denominator"),
    )


def _formula(scene: Scene, item: Requirement, test: Test) -> Step:
    assert test.numerator
    assert test.denominator
    above, below = (
        spelled(scene.bound(each).node, scene.label) for each in (test.numerator, test.denominator)
    )
    times = "" if test.scale == 1 else f" × {plain(test.scale)}"
    words = Text(f"Σ {above.zh} ÷ Σ {below.zh}{times}", f"Σ {above.en} ÷ Σ {below.en}{times}")
    place, clause = test_source(scene, item, test, "numerator")
    return Step(
        "formula",
        Text("公式", "formula"),
        joined([words, scene.source(clause, place, test.mark)]),
        {
            "numerator": test.numerator.text,
            "denominator": test.denominator.text,
            "scale": float(test.scale),
            **scene.source_data(clause, place, test.mark),
        },
    )


def _sums(test: Test, rows: pl.DataFrame, row: Mapping[str, Any]) -> Step:
    """The two sums; null where any section does not report its part."""
    whole = rows["numerator"].null_count() + rows["denominator"].null_count() == 0
    above, below = (
        rows[name].sum() if whole and rows.height else None for name in ("numerator", "denominator")
    )
    times = "" if test.scale == 1 else f" × {plain(test.scale)}"
    own = float(above) / float(below) * float(test.scale) if above is not None and below else None
    value = row["value"] if "*" in test.limit and len(test.limit) == 1 else own
    shown = same(f"{plain(above)} ÷ {plain(below)}{times} = {figure(value, test.decimals + 2)}")
    held = verdict_text(value, row["limit"], test) if value == row["value"] else Text("", "")
    data = {"numerator": above, "denominator": below, "scale": float(test.scale), "value": value}
    words = joined([joined([shown, unit_of(test.unit)], SPACE), held])
    return Step("numbers", Text("代入", "numbers"), words, data)


def _lacking(scene: Scene, rows: pl.DataFrame, names: tuple[str, ...]) -> list[Step]:
    unknown = rows.filter(
        pl.col("numerator").is_null() | pl.col("denominator").is_null() | pl.col("_asked").is_null()
    )
    if not unknown.height:
        return []
    listed = tuple(
        {
            "school_id": row["school_id"],
            "school": row["school"],
            "stage": row["stage"],
            "missing": joined(
                [scene.label(name) for name in names if name in row and row[name] is None], LIST
            ),
        }
        for row in unknown.to_dicts()
    )
    text = Text(
        f"{unknown.height} 处缺数据, 合计未知", f"{unknown.height} sections lack facts: the sums are unknown"
    )
    columns = (SCHOOL_COLUMN, STAGE_COLUMN, Column("missing", Text("缺", "missing")))
    return [Step("missing", Text("缺少的数据", "missing facts"), text, {}, columns, listed)]


def _sections(test: Test, rows: pl.DataFrame) -> list[Step]:
    """Every section with its two amounts and rate, the greatest shortfall first."""
    own = rows.select(
        "school_id",
        "school",
        "stage",
        "numerator",
        "denominator",
        (pl.col("denominator") - pl.col("numerator")).alias("rest"),
        pl.when(pl.col("denominator") > 0)
        .then(pl.col("numerator") / pl.col("denominator") * float(test.scale))
        .alias("rate"),
    ).sort("rest", descending=True, nulls_last=True, maintain_order=True)
    if not own.height:
        return []
    columns = (
        SCHOOL_COLUMN,
        STAGE_COLUMN,
        Column("numerator", Text("分子", "numerator")),
        Column("denominator", Text("分母", "denominator")),
        Column("rest", Text("相差", "difference")),
        Column("rate", Text("比例", "rate"), test.decimals),
    )
    worst = own.row(0, named=True)
    text = joined(
        [
            Text("差额最大", "greatest difference"),
            same(worst["school"] or worst["school_id"]),
            with_unit(worst["rate"], test.decimals, unit_of(test.unit)),
        ],
        SPACE,
    )
    return [
        Step("table", Text("各校", "sections"), text, {"count": own.height}, columns, tuple(own.to_dicts()))
    ]
