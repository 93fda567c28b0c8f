"""How a dispersion figure of a county came about: a coefficient of variation, or the composite."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import polars as pl

from ...errors import UsageError
from ...language import Text
from ...standard.model import Dispersion, Indicator
from ...standard.plugged import CV
from ..dispersion import COMPOSITE
from ..figures import figure, plain
from ..indicators import alternatives
from ..result import Result
from ..status import WORDS
from . import lookup
from .composite import explain_composite
from .derivation import LIST, SCHOOL_COLUMN, SPACE, Column, Derivation, Step, joined, same
from .formula import spelled
from .indicator import indicator_of
from .scene import Scene, school_name, seen, stage_text, unit_of
from .split import missing_students
from .spread import contributions, counted, figure_of, rule_of, turning_point
from .spread_steps import limit_step, near_steps, relief_note, rounding_steps, statistic_step, title_of

NO_UNIT = Text("", "")


def explain_dispersion(
    result: Result, stage: str, indicator: str, county: str | None = None, year: int | None = None
) -> Derivation:
    """The derivation of one dispersion figure of a county; `indicator` may be `composite`.

    Errors: `EXP-STAGE`, `EXP-INDICATOR`, `EXP-DISPERSION` (the standard asks for no such figure),
    `EXP-COUNTY`, `EXP-AMBIGUOUS`, `EXP-REJECTED`.
    """
    code = lookup.stage_code(result, stage)
    composite = indicator.lower() == COMPOSITE
    asked = None if composite else indicator_of(result, indicator)
    scene = lookup.one_county(result, county, year)
    rule = rule_of(scene, code)
    name = asked.id if asked else COMPOSITE
    figures = figure_of(scene, code, name)
    if rule is None or figures is None:
        raise _no_figure(scene, code, name)
    return (
        _single(scene, rule, code, asked, figures) if asked else explain_composite(scene, rule, code, figures)
    )


def _no_figure(scene: Scene, stage: str, name: str) -> UsageError:
    rows = scene.mine(scene.result.resources.dispersion)
    known = rows.filter(pl.col("stage") == stage)["indicator"].to_list()
    label = stage_text(stage)
    return UsageError(
        "EXP-DISPERSION",
        Text(
            f"该县{label.zh}没有差异系数 {name}", f"the county has no dispersion figure {name} for {label.en}"
        ),
        lookup.close(name, known),
    )


def _single(
    scene: Scene, rule: Dispersion, stage: str, indicator: Indicator, figures: Mapping[str, Any]
) -> Derivation:
    rows = contributions(scene, stage, indicator)
    title = title_of(scene, stage, joined([same(indicator.id), seen(indicator.text)], SPACE))
    missing = [_missing_step(scene, indicator, stage, rows)] if figures["cv"] is None else []
    own = rule.statistic == CV
    made = (
        [_formula_step(scene, rule, indicator), _numbers_step(rule, indicator, rows, figures)]
        if own
        else [statistic_step(scene, rule, indicator, figures)]
    )
    steps = [
        *missing,
        *made,
        limit_step(scene, rule, stage, figures["limit"]),
        *near_steps(scene, stage, figures, (indicator,)),
        *rounding_steps(rule, figures),
        relief_note(scene, indicator),
        *(_contributions(indicator, rows, figures) if own else []),
        _definition_step(scene, indicator, stage),
    ]
    subject = {**scene.key, "stage": stage, "indicator": indicator.id, "figure": "dispersion"}
    return Derivation(
        title,
        WORDS[figures["_status"]],
        figures["cv"],
        figures["limit"],
        NO_UNIT,
        tuple(step for step in steps if step),
        subject,
        rule.decimals,
    )


def _definition_step(scene: Scene, indicator: Indicator, stage: str) -> Step:
    ways = [spelled(scene.bound(way.value).node, scene.label) for way in alternatives(indicator, stage)]
    words = joined(ways, Text(" 或 ", " or "))
    bottom = spelled(scene.bound(indicator.denominator).node, scene.label)
    place = scene.context.standard.place("indicator", indicator.id)
    text = Text(f"x = {words.zh}; P = {bottom.zh}", f"x = {words.en}; P = {bottom.en}")
    return Step(
        "definition", Text("x 与 P", "x and P"), joined([text, scene.source(indicator.clause, place)])
    )


def _formula_step(scene: Scene, rule: Dispersion, indicator: Indicator) -> Step:
    clause = rule.formula_clause or rule.clause
    place = scene.context.standard.place("dispersion", "formula_clause" if rule.formula_clause else "clause")
    scale = "" if indicator.scale == 1 else f" × {plain(Fraction(indicator.scale))}"
    formula = (
        "CV = S ÷ X̄; S = √(Σ P_i/P_N · (X_i − X̄)²); "
        f"X̄ = Σx_i ÷ P_N{scale}; X_i = x_i ÷ P_i{scale}; P_N = ΣP_i"
    )
    return Step(
        "formula",
        Text("公式", "formula"),
        joined([same(formula), scene.source(clause, place)]),
        scene.source_data(clause, place),
    )


def _numbers_step(
    rule: Dispersion, indicator: Indicator, rows: pl.DataFrame, figures: Mapping[str, Any]
) -> Step:
    known = figures["missing"] == 0
    amount, students = (rows[name].sum() if known else None for name in ("amount", "students"))
    digits, unit = indicator.decimals + 2, unit_of(indicator.unit)
    mean, sd = figure(figures["mean"], digits), figure(figures["sd"], digits)
    cv = figure(figures["cv"], rule.decimals + 3)
    text = joined(
        [
            same(f"n = {rows.height}"),
            same(f"Σx = {figure(amount, 2)}"),
            same(f"ΣP = {figure(students, 0)}"),
            Text(f"X̄ = {mean} {unit.zh}", f"X̄ = {mean} {unit.en}"),
            same(f"S = {sd}"),
            same(f"CV = {sd} ÷ {mean} = {cv}"),
        ]
    )
    return Step(
        "numbers",
        Text("代入", "numbers"),
        text,
        {
            "sections": rows.height,
            "missing": figures["missing"],
            "amount": amount,
            "students": students,
            "mean": figures["mean"],
            "sd": figures["sd"],
            "cv": figures["cv"],
            "scale": float(indicator.scale),
        },
    )


def _missing_step(scene: Scene, indicator: Indicator, stage: str, rows: pl.DataFrame) -> Step:
    """The sections whose value is not known, each with the facts it lacks."""
    if not rows.filter(pl.col("amount").is_null() | pl.col("students").is_null()).height:
        text = Text("Σx 为零, 差异系数无定义", "Σx is zero: the figure is not defined")
        return Step("missing", Text("为何未知", "why unknown"), text)
    ways = alternatives(indicator, stage)
    names = scene.facts_in(*(way.value for way in ways), indicator.denominator)
    lacking = tuple(_lacking(scene, row, names) for row in _unknown(scene, stage, indicator).to_dicts())
    told = joined([Text(*(f"{school_name(row)}: {each}" for each in row["missing"])) for row in lacking])
    columns = (SCHOOL_COLUMN, Column("missing", Text("缺", "missing")))
    return Step(
        "missing", Text("数值未知的学校", "sections whose value is unknown"), told, {}, columns, lacking
    )


def _unknown(scene: Scene, stage: str, indicator: Indicator) -> pl.DataFrame:
    rows = counted(scene, stage)
    unknown = contributions(scene, stage, indicator).filter(
        pl.col("amount").is_null() | pl.col("students").is_null()
    )
    return rows.join(unknown.select("school_id"), on="school_id", how="semi", maintain_order="left")


def _lacking(scene: Scene, row: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    missing = [name for name in names if row.get(name) is None]
    told = [scene.label(name) for name in missing]
    if row["_share"] is None:
        lacking = missing_students(scene, row)
        told.append(Text(f"学段占比 ({lacking.zh})", f"share of the stage ({lacking.en})"))
    if row["_in"] is None:
        told.append(Text("是否计入", "whether in scope"))
    text = (
        joined(told, LIST)
        if told
        else Text("分母为零或来源不一致", "a zero denominator or sources that disagree")
    )
    return {"school_id": row["school_id"], "school": row["school"], "facts": missing, "missing": text}


def _contributions(indicator: Indicator, rows: pl.DataFrame, figures: Mapping[str, Any]) -> list[Step]:
    """Every section's contribution, the greatest first."""
    digits = indicator.decimals + 2
    columns = (
        Column("rank", Text("位次", "rank")),
        SCHOOL_COLUMN,
        Column("students", Text("学生 P", "students P")),
        Column("amount", Text("数量 x", "amount x"), 2),
        Column("value", Text("X", "X"), digits),
        Column("deviation", Text("X − X̄", "X − X̄"), digits),
        Column("weight", Text("P/P_N", "P/P_N"), 6),
        Column("contribution", Text("贡献", "contribution"), digits),
        Column("percent", Text("占 S² %", "% of S²"), 1),
    )
    listed = tuple(rows.with_columns((pl.col("share") * 100).alias("percent")).to_dicts())
    label = Text("各校贡献 P/P_N · (X − X̄)²", "contributions P/P_N · (X − X̄)²")
    if figures["cv"] is None:
        return [
            Step(
                "contribution",
                label,
                Text("数值不全, 不能计算", "not all values are known"),
                {},
                columns,
                listed,
            )
        ]
    square, turn = figure(figures["sd"] ** 2, digits), figure(turning_point(figures), digits)
    text = Text(
        f"合计 = S² = {square}; X 高于 X̄(1 + CV²) = {turn} 者, 再提高会加大差异系数",
        f"sum = S² = {square}; raising one above X̄(1 + CV²) = {turn} widens the dispersion",
    )
    return [
        Step(
            "contribution",
            label,
            text,
            {"sum": rows["contribution"].sum(), "sd": figures["sd"]},
            columns,
            listed,
        )
    ]
