"""Every relief that could ease a figure: in force or not, by which setting, its condition, its outcome."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import polars as pl

from ...language import Text
from ...standard.expression import Expression
from ...standard.model import Indicator, Relief
from ..figures import figure
from ..indicators import exact_numerator, section_facts
from ..status import LABELS, PASS, RELIEVED, UNKNOWN
from .derivation import SPACE, Step, joined, same
from .formula import spelled
from .origin import value_text
from .scene import Scene, seen, setting_plain, setting_value


def facts_text(scene: Scene, expression: Expression, row: Mapping[str, Any]) -> Text:
    """The condition or formula with the facts it reads put in: label and value of each name."""
    return spelled(scene.bound(expression).node, lambda name: valued(scene, name, row.get(name)))


def valued(scene: Scene, name: str, value: object) -> Text:
    """A label followed by the value of its fact."""
    label = scene.label(name)
    shown = Text("(缺)", "(missing)") if value is None else value_text(name, value)
    return joined([label, shown], SPACE)


def truth(scene: Scene, expression: Expression, row: pl.DataFrame) -> bool | None:
    """What a condition comes to on one row, as the engine computes it."""
    value: bool | None = row.select(expression.polars(scene.context.column).alias("holds")).item()
    return value


def in_force_text(scene: Scene, relief: Relief, row: pl.DataFrame) -> tuple[bool, Text]:
    """Whether a relief is in force for a row, and which setting says so."""
    condition = scene.context.in_force(relief)
    names = (relief.switch, relief.start, relief.end)
    words = [setting_value(scene.settings[n], scene.context.setting(n)) for n in names if n in scene.settings]
    labels = [scene.label(name) for name in names if name in scene.settings]
    told = joined(
        [joined([label, word], Text(" = ", " = ")) for label, word in zip(labels, words, strict=True)]
    )
    if condition is None:
        return False, joined([Text("未启用", "switched off"), told])
    as_of: dt.date = row.select(scene.context.as_of_date().alias("as_of")).item()
    if not row.select(condition.alias("in_force")).item():
        return False, joined([Text(f"{as_of} 不在有效期内", f"not in force on {as_of}"), told])
    return True, joined([Text(f"{as_of} 有效", f"in force on {as_of}"), told])


def relief_base(scene: Scene, relief: Relief) -> tuple[Text, Text, dict[str, Any]]:
    """Label, source and data that every step on a relief has."""
    clause, place = scene.context.standard.cited(relief.clause, "relief", relief.id)
    data = {
        "relief": relief.id,
        "target": relief.target,
        "cure_years": relief.cure_years,
        "settings": {
            n: setting_plain(scene.context.setting(n)) for n in (relief.switch, relief.start, relief.end)
        },
        **scene.source_data(clause, place, relief.mark),
    }
    text = seen(relief.text)
    label = Text(f"过渡条款 {relief.id}: {text.zh}", f"relief {relief.id}: {text.en}")
    return label, scene.source(clause, place, relief.mark), data


def cure_by(scene: Scene, relief: str, target: str, school_id: str, stage: str | None) -> dt.date | None:
    """The date by which the register of reliefs asks for the cure."""
    rows = scene.mine(scene.result.reliefs).filter(
        (pl.col("relief") == relief)
        & (pl.col("target") == target)
        & (pl.col("school_id") == school_id)
        & pl.col("stage").eq_missing(pl.lit(stage, pl.String))
    )
    return rows["cure_by"][0] if rows.height else None


def cure_text(scene: Scene, date: dt.date | None, years: int) -> Text:
    """Until when a relief must be cured; earliest where no date of recognition is set."""
    if date is None:
        return Text(f"须在认定后 {years} 年内整改", f"to be cured within {years} years of recognition")
    if scene.context.setting("recognition_date") is not None:
        return Text(f"须于 {date} 前整改", f"to be cured by {date}")
    return Text(
        f"须在认定后 {years} 年内整改, 最早 {date}",
        f"to be cured within {years} years of recognition, {date} at the earliest",
    )


def indicator_reliefs(scene: Scene, indicator: Indicator, stage: str, row: pl.DataFrame) -> list[Step]:
    """One step for each relief that aims at the indicator."""
    return [
        _step(scene, indicator, relief, stage, row)
        for relief in scene.model.relief
        if relief.target == indicator.id and relief.numerator is not None
    ]


def _step(scene: Scene, indicator: Indicator, relief: Relief, stage: str, row: pl.DataFrame) -> Step:
    facts = row.row(0, named=True)
    label, source, data = relief_base(scene, relief)
    valid, said = in_force_text(scene, relief, row)
    applies = truth(scene, relief.when, row)
    used = facts.get(f"{indicator.id}_relief") == relief.id
    value = facts[f"{indicator.id}_eased"] if used else _eased(scene, indicator, relief, facts)
    date = cure_by(scene, relief.id, indicator.id, facts["school_id"], stage) if used else None
    condition = joined(
        [Text("条件", "condition"), facts_text(scene, relief.when, facts), _holds(applies)], SPACE
    )
    outcome = _outcome(scene, indicator, relief, facts, (valid, applies, value, used))
    cure = cure_text(scene, date, relief.cure_years) if used else Text("", "")
    data |= {
        "in_force": valid,
        "applies": applies,
        "value": value,
        "used": used,
        "cure_by": date.isoformat() if date else None,
    }
    return Step("relief", label, joined([said, condition, outcome, cure, source]), data)


def _holds(applies: bool | None) -> Text:
    if applies is None:
        return Text("→ 未知", "→ unknown")
    return Text("→ 符合", "→ it holds") if applies else Text("→ 不符合", "→ it does not hold")


def _eased(scene: Scene, indicator: Indicator, relief: Relief, row: Mapping[str, Any]) -> float | None:
    """The value the relief's numerator gives, whether or not it decides."""
    if relief.numerator is None or not row["_in"]:
        return None
    numerator = exact_numerator(row, (relief.numerator,), scene.context)
    students = indicator.denominator.exact(section_facts(row, scene.context))
    if numerator is None or not isinstance(students, Fraction) or not students:
        return None
    return float(Fraction(indicator.scale) * numerator / students)


def _outcome(
    scene: Scene,
    indicator: Indicator,
    relief: Relief,
    row: Mapping[str, Any],
    found: tuple[bool, bool | None, float | None, bool],
) -> Text:
    valid, applies, value, used = found
    if row[indicator.id] is None:
        return Text("普通数值未知, 过渡条款不补缺", "the ordinary value is unknown; a relief fills no gap")
    if indicator.limit and row[f"{indicator.id}_plain"] == PASS:
        return Text("无需使用: 普通数值已达标", "not needed: the ordinary value meets the standard")
    if not valid or applies is False:
        return Text("不适用", "does not apply")
    alternative = joined(
        [_formula(scene, indicator, relief, row), same(f"= {figure(value, indicator.decimals + 2)}")],
        SPACE,
    )
    word = _word(row, indicator, used, applies, value)
    return joined([alternative, word], Text(" → ", " → "))


def _word(
    row: Mapping[str, Any], indicator: Indicator, used: bool, applies: bool | None, value: float | None
) -> Text:
    if used:
        return LABELS["relieved" if row[f"{indicator.id}_status"] == RELIEVED else "floor"]
    if (value is None or applies is None) and row[f"{indicator.id}_status"] == UNKNOWN:
        return Text("缺数据, 能否适用未知", "facts are missing: whether it helps is unknown")
    return Text("仍不足, 不改变结论", "still short: the outcome stays")


def _formula(scene: Scene, indicator: Indicator, relief: Relief, row: Mapping[str, Any]) -> Text:
    assert relief.numerator is not None
    shared = section_facts(row, scene.context)
    numerator = facts_text(scene, relief.numerator, shared)
    return joined(
        [Text(f"({numerator.zh})", f"({numerator.en})"), facts_text(scene, indicator.denominator, row)],
        Text(" ÷ ", " ÷ "),
    )
