"""The schools or sections a test is asked of, and those of them that fail, are unknown or are relieved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from ...language import Text
from ...standard.expression import Constant
from ...standard.model import Requirement, Scope
from ...standard.tests import Test
from ..requirements.population import Population, where_of
from ..scope import scoped
from ..status import WORDS
from .derivation import LIST, Step, joined
from .figure_text import test_place
from .formula import spelled
from .scene import Scene, seen, stage_text

_PER = {"school": Text("按学校", "school by school"), "section": Text("按学段", "section by section")}


def scope_of(scene: Scene, test: Test) -> Scope:
    """The population a test names."""
    return next(scope for scope in scene.model.scope if scope.id == test.scope)


def asked(scene: Scene, test: Test, names: tuple[str, ...], per: str | None = None) -> pl.DataFrame:
    """The rows the test is asked of, as the engine asks them: `_asked` true, or null if it cannot be told."""
    sections = scoped(scene.facts.sections, scope_of(scene, test), scene.context)
    population = Population(sections, scene.facts)
    return population.asked(per or test.per, names, where_of(scene.context, test.where))


def population_step(
    scene: Scene, item: Requirement, test: Test, names: tuple[str, ...], per: str | None = None
) -> Step:
    """Who is asked, in words: the scope with what it leaves out, and the condition; and how many they are."""
    scope, rows = scope_of(scene, test), asked(scene, test, names, per)
    applied = [each for each in scope.exclude if scene.bound(each.when).node != Constant(False)]
    out = joined([seen(exclusion.text) for exclusion in applied], LIST)
    stages = joined([stage_text(stage) for stage in scope.stages], LIST)
    base = Text(f"{scope.text.zh} ({stages.zh})", f"{scope.text.en} ({stages.en})")
    without = Text(f"不含 {out.zh}", f"without: {out.en}") if out.zh else Text("", "")
    where = Text("", "")
    if test.where:
        words = spelled(scene.bound(test.where).node, scene.label)
        where = Text(f"条件: {words.zh}", f"where {words.en}")
    unclear = rows["_asked"].null_count()
    count = Text(f"共 {rows.height}", f"{rows.height} in all")
    perhaps = (
        Text(f"其中 {unclear} 是否适用未知", f"{unclear} of which may not be meant")
        if unclear
        else Text("", "")
    )
    place = test_place(scene, item, test, "where" if test.where else "scope")
    told = joined(
        [
            seen(base),
            without,
            _PER[per or test.per],
            seen(where),
            count,
            perhaps,
            scene.source(scope.clause, place, scope.mark),
        ]
    )
    data = {
        "scope": scope.id,
        "per": per or test.per,
        "where": test.where.text if test.where else None,
        "count": rows.height,
        "unclear": unclear,
        **scene.source_data(scope.clause, place, scope.mark),
    }
    return Step("population", Text("适用范围", "who is asked"), told, data)


def failing_rows(scene: Scene, item: Requirement, test: Test) -> list[dict[str, Any]]:
    """Schools that fail, are unknown or are relieved, in that order, with the words of their status."""
    rows = scene.mine(scene.result.items.failing).filter(pl.col("id") == (test.id or item.id))
    ordered = rows.sort("_status", descending=True, maintain_order=True)
    names = ("school_id", "school", "stage", "value", "limit", "relief")
    return [
        {**{name: row[name] for name in names}, "status": WORDS[row["_status"]]} for row in ordered.to_dicts()
    ]


def row_of(rows: pl.DataFrame, school: Mapping[str, Any]) -> dict[str, Any]:
    """The population row of a failing school or section."""
    found = rows.filter(
        (pl.col("school_id") == school["school_id"])
        & pl.col("stage").eq_missing(pl.lit(school["stage"], pl.String))
    )
    return next(iter(found.to_dicts()), {})
