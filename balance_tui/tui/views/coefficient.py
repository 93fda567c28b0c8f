"""One coefficient of dispersion: its values drawn, and what each school contributes to it; or, of a composite, the
coefficients it is the mean of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial

import polars as pl

from ...engine.dispersion import COMPOSITE, chosen
from ...engine.explanation.derivation import LIST
from ...engine.explanation.formula import sign
from ...engine.explanation.scene import Scene, unit_of
from ...engine.explanation.spread import contributions, counted
from ...engine.figures import figure, plain
from ...engine.indicators import alternatives, thresholds
from ...engine.status import LABELS, MARKS, NOT_APPLICABLE, words
from ...language import Text
from ...standard.model import Dispersion, Indicator
from ...standard.plugged import CV
from ..cells import shown, wrapped
from ..table.frame_sheet import FrameSheet
from ..table.sheet import Column
from ..view import Line, LinesPane, Pane, Piece, Record, TablePane
from ..where import Subject, Where, where
from .common import SCHOOL_COLUMN, county_in, stage_name
from .drawing import Strip, StyleOf, Tick

Selected = tuple[str, str]
"""A stage, and an indicator or `composite`."""

_COMPOSITE = Text("综合", "mean")
_MEAN = Text("均值", "mean")


def figure_name(indicator: str) -> Text:
    """What a coefficient is called: the indicator's id, or the word for the composite."""
    return _COMPOSITE if indicator == COMPOSITE else Text(indicator, indicator)


def panes(scene: Scene, rule: Dispersion, figures: pl.DataFrame, selected: Selected) -> tuple[Pane, ...]:
    """The selected coefficient drawn, and the table of what makes it."""
    stage, name = selected
    own = figures.filter(pl.col("stage") == stage, pl.col("indicator") == name).row(0, named=True)
    if name == COMPOSITE:
        singles = figures.filter(pl.col("stage") == stage, pl.col("indicator") != COMPOSITE)
        return _composite_lines(rule, own, singles), _parts(scene, rule, singles)
    indicator = next(each for each in chosen(rule, scene.context) if each.id == name)
    rows = _contributions(scene, stage, indicator)
    return _strip_lines(scene, rule, own, indicator, rows), _schools(scene, own, indicator, rows)


def _contributions(scene: Scene, stage: str, indicator: Indicator) -> pl.DataFrame:
    """`spread.contributions` with the four keys, the stage and the word for each ordinary value as `status`."""
    scene = _narrowed(scene, stage, indicator)
    plain_status = pl.col(f"{indicator.id}_plain")
    marked = pl.when(plain_status != NOT_APPLICABLE).then(plain_status)
    judged = counted(scene, stage).select("school_id", words(marked).alias("status"))
    rows = contributions(scene, stage, indicator).with_columns((pl.col("share") * 100).alias("percent"))
    key = [
        pl.lit(value).cast(scene.result.facts.keys.schema[name]).alias(name)
        for name, value in scene.key.items()
    ]
    return rows.join(
        judged, on="school_id", how="left", nulls_equal=True, maintain_order="left"
    ).with_columns(*key, pl.lit(stage).alias("stage"))


def _narrowed(scene: Scene, stage: str, indicator: Indicator) -> Scene:
    """The scene with what one coefficient reads and no more: rows of a hundred columns take long to copy."""
    result, name = scene.result, indicator.id
    read = ("_county", "_in", "school_id", "school", f"{name}_x", f"{name}_plain")
    rows = result.resources.stages[stage].select(
        dict.fromkeys((*read, *scene.context.facts(indicator.denominator))).keys()
    )
    resources = replace(result.resources, stages={stage: rows})
    return replace(scene, result=replace(result, resources=resources))


def _pane_title(selected: str, stage: str, label: Text) -> Text:
    named, name = stage_name(stage), figure_name(selected)
    return Text(f"{name.zh} {label.zh} · {named.zh}", f"{name.en} {label.en} · {named.en}")


def _strip_lines(
    scene: Scene, rule: Dispersion, own: Record, indicator: Indicator, rows: pl.DataFrame
) -> LinesPane:
    values = rows["value"].drop_nulls().sort().to_list()
    strip = Strip(
        values,
        tuple(_ticks(values, own, indicator)),
        _style_of(scene, own["stage"], indicator),
        indicator.op == "<=",
    )
    told = _told(rule, own, indicator, rows)

    return LinesPane(
        "strip",
        _pane_title(indicator.id, own["stage"], indicator.text),
        lambda cells: [*_sentence(told, own, cells), *strip.lines(cells)],
    )


def _sentence(told: Text, own: Record, cells: int) -> list[Line]:
    return [[Piece(line, own["status"])] for line in wrapped(shown(str(told)), cells, "  ")]


def _ticks(values: Sequence[float], own: Record, indicator: Indicator) -> Iterator[Tick]:
    digits, limit = indicator.decimals, indicator.limit.get(own["stage"])
    if limit is not None:
        yield Tick(float(limit.value), "|", f"{sign(indicator.op)}{plain(Fraction(limit.value))}", "bold")
    if own["mean"] is not None:
        yield Tick(own["mean"], "+", f"{_MEAN} {figure(own['mean'], digits)}", "label")
    if values:
        yield Tick(values[0], "[", figure(values[0], digits), "dim")
        yield Tick(values[-1], "]", figure(values[-1], digits), "dim")


def _style_of(scene: Scene, stage: str, indicator: Indicator) -> StyleOf:
    """The style of a value: as its status under the ordinary limit would be shown."""
    bounds = [float(bound) for bound in thresholds(indicator, stage, scene.context)]

    def holds(value: float, bound: float) -> bool:
        return value >= bound if indicator.op == ">=" else value <= bound

    def style(value: float) -> str:
        if not bounds or holds(value, bounds[0]):
            return "bar"
        return "floor" if any(holds(value, bound) for bound in bounds[1:]) else "fail"

    return style


def _verdict(rule: Dispersion, own: Record) -> Text:
    """` ✓ 达标 (≤ 0.5)`, or nothing where a figure of its own is not judged."""
    if own["limit"] is None:
        return Text("", "")
    mark, word = MARKS[own["status"]], LABELS[own["status"]]
    bound = f"({sign(rule.op)} {plain(own['limit'])})"
    return Text(f" {mark} {word.zh} {bound}", f" {mark} {word.en} {bound}")


def _told(rule: Dispersion, own: Record, indicator: Indicator, rows: pl.DataFrame) -> Text:
    """The coefficient as standard deviation by mean, or why it is not known."""
    if own["cv"] is None:
        missing = rows.filter(pl.col("amount").is_null() | pl.col("students").is_null()).height
        if not missing:
            return Text(
                "差异系数未知: 各校数量之和为零", "the coefficient is unknown: the amounts add up to zero"
            )
        return Text(
            f"差异系数未知: {rows.height} 处中 {missing} 处数值未知, 见下表",
            f"the coefficient is unknown: {missing} of {rows.height} sections are unknown, see below",
        )
    digits, unit, verdict = indicator.decimals + 2, unit_of(indicator.unit), _verdict(rule, own)
    sd, mean, cv = figure(own["sd"], digits), figure(own["mean"], digits), figure(own["cv"], rule.decimals)
    if rule.statistic != CV:
        return Text(
            f"{rule.statistic} {cv}{verdict.zh} (插件算出), 均值 {mean} {unit.zh}",
            f"{rule.statistic} {cv}{verdict.en} (by a plugin), mean {mean} {unit.en}",
        )
    return Text(
        f"CV {cv}{verdict.zh} = S ÷ 均值 = {sd} ÷ {mean} {unit.zh}",
        f"CV {cv}{verdict.en} = S ÷ mean = {sd} ÷ {mean} {unit.en}",
    )


def _schools(scene: Scene, own: Record, indicator: Indicator, rows: pl.DataFrame) -> TablePane:
    known = own["cv"] is not None
    if not known:
        rows = _with_reasons(scene, own["stage"], indicator, rows)
    columns = _known_columns(indicator) if known else _unknown_columns(indicator)
    title = Text("各校贡献", "contributions") if known else Text("各校数值", "values")
    return TablePane(
        "contributions",
        title,
        FrameSheet(rows, tuple(columns), key=("school_id",), status="status"),
        subject=partial(_of_school, indicator.id),
        leads=partial(_to_school, indicator.id),
        share=3,
        counted=Text("处", "sections"),
    )


def _value_columns(indicator: Indicator) -> Iterator[Column]:
    yield Column(
        "students", Text("学生 P", "pupils P"), kind="plain", note=Text("P: 分母", "P: the denominator")
    )
    note = Text(
        f"X: {indicator.text.zh} ({indicator.unit}), 不计过渡条款", f"X: {indicator.text.en}, without reliefs"
    )
    column = Column("value", Text("数值 X", "value X"), kind="figure", decimals=indicator.decimals, note=note)
    yield replace(column, mark="status")


def _known_columns(indicator: Indicator) -> Iterator[Column]:
    yield SCHOOL_COLUMN
    yield Column("rank", Text("位次", "rank"), kind="plain")
    yield from _value_columns(indicator)
    yield Column(
        "deviation",
        Text("离均差", "from mean"),
        kind="figure",
        decimals=indicator.decimals,
        note=Text("X − 均值", "X − mean"),
    )
    note = Text("P/ΣP · (X − 均值)² 占 S² 的百分比", "P/ΣP · (X − mean)² as a share of S²")
    yield Column("percent", Text("占 %", "% of S²"), kind="figure", decimals=1, note=note)
    yield Column("share", Text("贡献", "part"), kind="bar", least=16, most=16, note=note)


def _unknown_columns(indicator: Indicator) -> Iterator[Column]:
    yield SCHOOL_COLUMN
    yield from _value_columns(indicator)
    yield Column("reason", Text("缺", "missing"), least=12, most=60, stretch=True)


def _with_reasons(scene: Scene, stage: str, indicator: Indicator, rows: pl.DataFrame) -> pl.DataFrame:
    """The sections with what each of them lacks (`reason`), those that lack something first."""
    reasons = counted(scene, stage).select("school_id", _reason(scene, stage, indicator).alias("reason"))
    lacks = pl.col("amount").is_null() | pl.col("students").is_null()
    return (
        rows.join(reasons, on="school_id", how="left", nulls_equal=True, maintain_order="left")
        .with_columns(pl.when(lacks).then("reason").alias("reason"))
        .sort(pl.col("reason").is_null(), maintain_order=True)
    )


def _reason(scene: Scene, stage: str, indicator: Indicator) -> pl.Expr:
    """The facts of the coefficient that a section lacks, by their labels, as its explanation lists them."""
    told = {name: scene.label(name) for name in _facts(scene, stage, indicator)}
    told |= {"_share": Text("学段占比", "share of the stage"), "_in": Text("是否计入", "whether in scope")}
    lacking = (pl.when(pl.col(name).is_null()).then(pl.lit(str(label))) for name, label in told.items())
    listed = pl.concat_list(lacking).list.drop_nulls()
    otherwise = Text("分母为零或来源不一致", "a zero denominator or sources that disagree")
    return pl.when(listed.list.len() > 0).then(listed.list.join(str(LIST))).otherwise(pl.lit(str(otherwise)))


def _facts(scene: Scene, stage: str, indicator: Indicator) -> tuple[str, ...]:
    ways = alternatives(indicator, stage)
    return scene.facts_in(*(way.value for way in ways), indicator.denominator)


def _of_school(indicator: str, record: Record, column: str) -> Subject | None:
    if column == "school":
        return None
    return Subject("indicator", county_in(record), indicator, record["stage"], record["school_id"])


def _to_school(indicator: str, record: Record, column: str) -> Where:  # noqa: ARG001
    return where(
        "schools",
        county_in(record),
        stage=record["stage"],
        school_id=record["school_id"],
        indicator=indicator,
    )


# The composite


def _composite_lines(rule: Dispersion, own: Record, singles: pl.DataFrame) -> LinesPane:
    told = _mean_told(rule, own, singles)
    stage = stage_name(own["stage"])
    return LinesPane(
        "strip",
        Text(f"综合差异系数 · {stage.zh}", f"composite · {stage.en}"),
        lambda cells: _sentence(told, own, cells),
    )


def _mean_told(rule: Dispersion, own: Record, singles: pl.DataFrame) -> Text:
    unknown = singles.filter(pl.col("cv").is_null())["indicator"].to_list()
    if own["cv"] is None:
        listed = ", ".join(unknown)
        return Text(f"综合差异系数未知: {listed} 未知", f"the composite is unknown: {listed} unknown")
    cv, verdict = figure(own["cv"], rule.decimals), _verdict(rule, own)
    return Text(
        f"综合 {cv}{verdict.zh} = {singles.height} 项差异系数的平均",
        f"composite {cv}{verdict.en} = mean of {singles.height} coefficients",
    )


def _parts(scene: Scene, rule: Dispersion, singles: pl.DataFrame) -> TablePane:
    """The coefficients a composite is the mean of, the greatest first."""
    labels = {each.id: each.text for each in scene.context.model.indicator}
    most = pl.max_horizontal(pl.col("cv").max(), pl.lit(float(rule.limit[singles["stage"][0]].value)))
    judged = pl.when(pl.col("status") != "not_applicable").then(pl.col("status"))
    rows = singles.with_columns(judged.alias("status"), (pl.col("cv") / most).alias("bar")).sort(
        "cv", descending=True, nulls_last=False, maintain_order=True
    )
    columns = (
        Column("indicator", Text("指标", "indicator"), stretch=True, least=12, words={
            name: Text(f"{name} {label.zh}", f"{name} {label.en}") for name, label in labels.items()
        }),
        Column("cv", Text("差异系数", "coefficient"), kind="figure", decimals=rule.decimals, mark="status"),
        Column("bar", Text("大小", "size"), kind="bar", least=16, most=16),
    )  # fmt: skip
    return TablePane(
        "contributions",
        Text("单项差异系数", "single coefficients"),
        FrameSheet(rows, columns, key=("indicator",)),
        subject=_single,
        leads=_to_single,
        share=3,
    )


def _single(record: Record, column: str) -> Subject:  # noqa: ARG001
    return Subject("dispersion", county_in(record), record["indicator"], record["stage"])


def _to_single(record: Record, column: str) -> Where:  # noqa: ARG001
    return where("dispersion", county_in(record), stage=record["stage"], indicator=record["indicator"])
