"""The formula of an indicator in labels and in numbers, and which of several ways to it was used."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ...language import Text
from ...standard.expression import Constant, Expression, Node, Operation
from ...standard.model import Indicator
from ...standard.tests import Alternative
from ..figures import figure
from ..indicators import exact_numerator, section_facts
from . import reliefs
from .derivation import SPACE, Step, joined, same
from .formula import spelled
from .scene import Scene, seen
from .split import AMOUNT, split_fields


def formula_steps(
    scene: Scene, indicator: Indicator, ways: tuple[Alternative, ...], row: Mapping[str, Any], unit: Text
) -> list[Step]:
    """The formula in labels; the same in numbers; where there are several ways, which one was used."""
    facts = section_facts(row, scene.context)
    known = [exact_numerator(row, (way.value,), scene.context) for way in ways]
    position = next((i for i, each in enumerate(known) if each is not None), 0)
    used = ways[position] if ways else None
    if used is None:
        return []
    node = _whole(scene, indicator, used.value)
    value = row[indicator.id]
    words = spelled(node, scene.label)
    numbers = spelled(node, lambda name: _number(scene, name, row, facts))
    shown = joined([numbers, same(figure(value, indicator.decimals + 2))], Text(" = ", " = "))
    written = indicator.definition or indicator.clause
    clause, place = scene.context.standard.cited(written, "indicator", indicator.id, "numerator")
    source = scene.source(clause, place)
    steps = [
        Step(
            "formula",
            Text("公式", "formula"),
            joined([words, source]),
            {
                "numerator": used.value.text,
                "denominator": indicator.denominator.text,
                "scale": float(indicator.scale),
                **scene.source_data(clause, place),
            },
        ),
        Step(
            "numbers",
            Text("代入", "numbers"),
            joined([shown, unit], SPACE),
            {
                "numerator": row[f"{indicator.id}_x"],
                "denominator": _denominator(scene, indicator, row),
                "scale": float(indicator.scale),
                "value": value,
                "exact": _exact(facts, scene, used.value, indicator),
            },
        ),
    ]
    return [*steps, *([_choice(scene, ways, position, known)] if len(ways) > 1 else [])]


def _whole(scene: Scene, indicator: Indicator, numerator: Expression) -> Node:
    """numerator ÷ denominator × scale as one formula, settings put in."""
    ratio = Operation("/", (scene.bound(numerator).node, scene.bound(indicator.denominator).node))
    return ratio if indicator.scale == 1 else Operation("*", (ratio, Constant(Fraction(indicator.scale))))


def _number(scene: Scene, name: str, row: Mapping[str, Any], facts: Mapping[str, Any]) -> Text:
    """A label with its number; a shared amount as it is after the split."""
    shared = name in split_fields(scene, (name,)) and row["_combined"] and row.get(name) is not None
    if not shared:
        return reliefs.valued(scene, name, row.get(name))
    if row["_share"] is None:
        return joined([scene.label(name), Text("(占比未知)", "(share unknown)")], SPACE)
    return joined([scene.label(name), same(figure(facts[name], AMOUNT))], SPACE)


def _denominator(scene: Scene, indicator: Indicator, row: Mapping[str, Any]) -> float | None:
    value = indicator.denominator.exact(section_facts(row, scene.context))
    return float(value) if isinstance(value, Fraction) else None


def _exact(
    facts: Mapping[str, Any], scene: Scene, way: Expression, indicator: Indicator
) -> dict[str, str | None]:
    """The facts of the formula as exact fractions, shared amounts after the split."""
    names = scene.facts_in(way, indicator.denominator)
    return {name: None if facts.get(name) is None else str(facts[name]) for name in names}


def _choice(scene: Scene, ways: tuple[Alternative, ...], position: int, known: list[Fraction | None]) -> Step:
    """Which of several ways to the numerator was used, and why."""
    told, rows = [], []
    for index, (way, value) in enumerate(zip(ways, known, strict=True)):
        words = spelled(scene.bound(way.value).node, scene.label)
        named = seen(Text(way.basis, way.basis_en))
        basis = Text(*(f"{name}: {word}" if name else word for name, word in zip(named, words, strict=True)))
        state = _way_state(value, used=index == position and value is not None)
        told.append(joined([basis, state], Text(" — ", " - ")))
        rows.append(
            {
                "formula": way.value.text,
                "basis": way.basis,
                "used": index == position and value is not None,
                "numerator": None if value is None else float(value),
            }
        )
    return Step("alternative", Text("取数依据", "which figures"), joined(told), {"ways": rows})


def _way_state(value: Fraction | None, *, used: bool) -> Text:
    if value is None:
        return Text("未填报", "not reported")
    if used:
        return Text(f"采用, 分子 {figure(value, 4)}", f"used, numerator {figure(value, 4)}")
    return Text(f"核对, 分子 {figure(value, 4)}", f"as a check, numerator {figure(value, 4)}")
