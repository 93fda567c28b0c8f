"""Small sentences that every explanation of a test has: a figure with its unit, a limit with its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...data.dictionary import STAGES
from ...errors import Place
from ...language import Text
from ...standard.expression import Constant, Expression
from ...standard.model import Requirement
from ...standard.tests import Test
from ..figures import figure, plain
from .derivation import SPACE, Step, joined, same
from .formula import sign, spelled
from .scene import Scene, stage_text, unit_of

_TABLES = ("prerequisite", "requirement", "point")


def with_unit(value: float | None, decimals: int, unit: Text) -> Text:
    """A figure and its unit."""
    return joined([same(figure(value, decimals)), unit if value is not None else Text("", "")], SPACE)


def test_place(scene: Scene, item: Requirement, test: Test, *path: str | int) -> Place | None:
    """Where a test, or something in it, is written."""
    document = scene.context.standard
    for table in _TABLES:
        if any(each.id == item.id for each in getattr(scene.model, table)):
            return document.place(table, item.id, "test", item.test.index(test), *path)
    return document.item_place(item.id)


def test_source(scene: Scene, item: Requirement, test: Test, *path: str | int) -> tuple[Place | None, str]:
    """Place and clause of a test, or of something in it, as the layer that set it names them."""
    written = test.clause or item.clause
    for table in _TABLES:
        if any(each.id == item.id for each in getattr(scene.model, table)):
            inside = (table, item.id, "test", item.test.index(test), *path)
            clause, place = scene.context.standard.cited(written, *inside)
            return place, clause
    return test_place(scene, item, test, *path), written


def limit_step(scene: Scene, item: Requirement, test: Test, limit: float | None) -> Step:
    """The limit in words (it may be a formula, or one a stage), and where it is written.

    `limit` is the number it came to for the county, where it is one number."""
    place, clause = test_source(scene, item, test, "limit")
    bounds = [_bound(scene, stage, expression, test) for stage, expression in test.limit.items()]
    constant = all(isinstance(scene.bound(each).node, Constant) for each in test.limit.values())
    number = Text("", "")
    if not constant and limit is not None and "*" in test.limit and test.kind == "county":
        number = same(f"= {plain(limit)}")
    words = joined([joined(bounds), number], SPACE)
    return Step(
        "limit",
        Text("限值", "limit"),
        joined([words, scene.source(clause, place, test.mark)]),
        {
            "op": test.op,
            "limit": limit,
            "formulas": {stage: each.text for stage, each in test.limit.items()},
            **scene.source_data(clause, place, test.mark),
        },
    )


def _bound(scene: Scene, stage: str, expression: Expression, test: Test) -> Text:
    words = spelled(scene.bound(expression).node, scene.label)
    where = Text(f"{stage_text(stage).zh} ", f"{stage_text(stage).en} ") if stage in STAGES else Text("", "")
    unit = unit_of(test.unit)
    return Text(*(f"{where[i]}{sign(test.op)} {words[i]} {unit[i]}".rstrip() for i in (0, 1)))


def verdict_text(value: float | None, limit: float | None, test: Test) -> Text:
    """`20.0 % ≥ 10 %` as it came out, at the test's decimals plus two where they hide the difference."""
    if value is None or limit is None:
        return Text("", "")
    shown = with_unit(value, test.decimals, unit_of(test.unit))
    word = ">" if value > limit else "<" if value < limit else "="
    return joined([shown, same(f"{word} {plain(limit)}")], SPACE)


def limit_flips(value: float | None, limit: float | None, test: Test) -> list[Step]:
    """A note where the printed figure would be judged otherwise."""
    if value is None or limit is None:
        return []
    printed = figure(value, test.decimals)
    if _holds(test.op, value, limit) == _holds(test.op, float(printed), limit):
        return []
    text = Text(
        f"按 {value!r} 判定; 取整为 {printed} 则结论会变",
        f"judged on {value!r}; rounded to {printed} it would be judged otherwise",
    )
    return [
        Step(
            "rounding",
            Text("取整会改变结论", "rounding would change the outcome"),
            text,
            {"value": value, "printed": printed},
        )
    ]


def _holds(op: str, value: float, limit: float) -> bool:
    table: Mapping[str, Any] = {
        ">=": value >= limit,
        ">": value > limit,
        "<=": value <= limit,
        "<": value < limit,
        "==": value == limit,
    }
    return bool(table[op])
