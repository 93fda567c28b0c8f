"""Schools × indicators: every section in scope, its figures, and how far it is from passing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

import polars as pl

from ...data.dictionary import KEY_FIELDS, LOCATIONS, SCHOOL_TYPES
from ...engine.context import Context
from ...engine.explanation.formula import sign
from ...engine.explanation.origin import DERIVED_FROM
from ...engine.explanation.scene import unit_of
from ...engine.figures import plain
from ...engine.indicators import alternatives, thresholds
from ...engine.result import Result
from ...engine.status import FAIL, FLOOR, NOT_APPLICABLE, PASS, RELIEVED, UNKNOWN, WORD, words
from ...language import Text
from ...standard.model import Indicator, SchoolRule
from ..study import Study
from ..table.frame_sheet import FrameSheet
from ..table.sheet import Column
from ..view import Record, TablePane, View
from ..where import County, Subject, Where, where
from . import KINDS
from .common import SCHOOL_COLUMN, STAGE_COLUMN, STAGE_WORDS, county_in, named_schools, scene_of, trail
from .unmet import UNMET, unmet

KEY = ("school_id", "stage")

REJECTED = Text(
    "数据被拒绝, 未作评估: 见数据问题", "the data was rejected, nothing was evaluated: see the findings"
)

_ORDER_OF_STATUS = {FAIL: 0, UNKNOWN: 1, RELIEVED: 2, PASS: 3}
_LABELS = {
    "stage": STAGE_COLUMN.title,
    "students": Text("学生", "pupils"),
    "location": Text("城乡", "location"),
    "school_type": Text("办学类型", "school type"),
    "met": Text("综合", "met"),
    "distance": Text("差", "gap"),
    "status": Text("结论", "status"),
}


def prepare(study: Study) -> None:
    """Make the frame of all counties; where there is but one, which may be a large one, its list too."""
    _frame(study)
    if study.result.counties.height == 1:
        _kept_sheet(study, study.counties[0], None).natural_widths()


def build(study: Study, where: Where) -> View:
    """The sections of one county, those that do not pass first, nearest to pass first; detail `stage` shows one
    stage, `school_id` and `indicator` say where the cursor stands. Errors: `VIEW-COUNTY`."""
    result, stage = study.result, where.get("stage")
    county = None if result.is_rejected else county_shown(study, where)
    sheet = _kept_sheet(study, county, stage)
    title = trail(KINDS["schools"].title, *([STAGE_WORDS.get(stage, stage)] if stage else []))
    pane = TablePane(
        "schools",
        title,
        sheet,
        subject=partial(_subject, result.context),
        leads=partial(_leads, study),
        cursor=cursor_at(sheet.frame, where, where.get("indicator")),
        counted=Text("处", "sections"),
    )
    groups = ("stage", "location", "school_type", *(("status",) if _rule(result.context) else ()))
    return View(title, (pane,), _empty(result), {name: _LABELS[name] for name in groups})


def _kept_sheet(study: Study, county: County | None, stage: str | None) -> FrameSheet:
    sheet: FrameSheet = study.sheet(("schools", county, stage), partial(_sheet, study, county, stage))
    return sheet


def _sheet(study: Study, county: County | None, stage: str | None) -> FrameSheet:
    """The sections of one county, of all where none is named, and of one stage where one is."""
    rows = study.of_county(_frame(study), county)
    if stage is not None:
        rows = rows.filter(pl.col("stage") == stage)
    return FrameSheet(rows, tuple(_columns(study.result.context, stage)), key=KEY, status="status")


def county_shown(study: Study, place: Where) -> County:
    """The county of a place, the first of the data where it names none. Errors: `VIEW-COUNTY`."""
    if place.county is None and study.counties:
        return study.counties[0]
    return county_in(scene_of(study, place).key)


def cursor_at(rows: pl.DataFrame, place: Where, column: str | None) -> tuple[object, str | None] | None:
    """Where the cursor stands for the details `school_id` and `stage`: that section, else one of the school."""
    school, stage = place.get("school_id"), place.get("stage")
    if school is None:
        return None
    found = rows.select(KEY).filter(pl.col("school_id") == school)
    exact = found.filter(pl.col("stage") == stage) if stage else found
    meant = exact if exact.height else found
    return (meant.row(0), column) if meant.height else None


def _empty(result: Result) -> Text:
    if result.is_rejected:
        return REJECTED
    if not result.context.model.indicator:
        return Text("本标准没有学校指标", "this standard has no indicators of schools")
    return Text("没有计入的学校", "no school is in scope")


# The frame


def _frame(study: Study) -> pl.DataFrame:
    frame: pl.DataFrame = study.frame("schools", _wide)
    return frame


def _wide(result: Result) -> pl.DataFrame:
    """One row a section: facts, for each indicator its judged value (by its id) and `<id>_status`, `status`,
    `met` (as 6/7), `short` (the indicators that are not met, each with its mark), `distance` (in per cent, see
    `distances`); in the order of the view."""
    context = result.context
    frames = [
        _of_stage(rows, stage, context)
        for stage, rows in result.resources.stages.items()
    ]  # fmt: skip
    if not frames:
        return pl.DataFrame(schema=_schema(context))
    return (
        pl.concat(frames)
        .sort("_rank", "distance", "_source", "_row", nulls_last=True, maintain_order=True)
        .drop("_rank")
    )


def _schema(context: Context) -> dict[str, Any]:
    facts = (*KEY_FIELDS, "school_id", "school", "stage", "location", "school_type", "students")
    found: dict[str, Any] = {name: context.standard.dictionary.section_schema()[name] for name in facts}
    return found | {"status": WORD, "met": pl.String(), "short": pl.String(), "distance": pl.Float64()}


def _of_stage(rows: pl.DataFrame, stage: str, context: Context) -> pl.DataFrame:
    ranks = pl.col("_school").replace_strict(_ORDER_OF_STATUS, default=9, return_dtype=pl.UInt8)
    return rows.select(
        *KEY_FIELDS, "school_id", named_schools(), "stage", "location", "school_type", "students",
        words(pl.col("_school")).alias("status"),
        _met(context.model.indicator).alias("met"),
        unmet(context.model.indicator),
        *(column for indicator in context.model.indicator for column in _figure(rows, indicator.id)),
        "_source", "_row", ranks.alias("_rank"),
    ).with_columns(distances(rows, stage, context) * 100)  # fmt: skip


def _met(indicators: Sequence[Indicator]) -> pl.Expr:
    met = pl.sum_horizontal(pl.col(f"{i.id}_status").is_in([PASS, RELIEVED]) for i in indicators)
    return pl.format("{}/{}", met, pl.lit(len(indicators)))


def _figure(rows: pl.DataFrame, name: str) -> Iterator[pl.Expr]:
    """The value an indicator was judged by, and the word for it; that there is nothing to judge has no mark."""
    status = pl.col(f"{name}_status")
    yield judged_value(rows, name).alias(name)
    yield words(pl.when(status != NOT_APPLICABLE).then(status)).alias(f"{name}_status")


def judged_value(rows: pl.DataFrame, name: str) -> pl.Expr:
    """The value an indicator was judged by: what a relief gave where one was used, else the ordinary one."""
    eased = f"{name}_eased"
    return pl.coalesce(eased, name) if eased in rows.columns else pl.col(name)


# How far from passing


def distances(rows: pl.DataFrame, stage: str, context: Context) -> pl.Series:
    """How far each judged row of a stage is from passing the school rule, as `distance`: the least sum, over
    the indicators, of what each value has to change, every change divided by the limit of its indicator.

    To pass, every indicator below its floor must come to the floor, and as many indicators as are lacking to
    `at_least` must come to their limits: those that cost least. 0 where the section passes or is relieved; null
    where its status or, though it fails, one of its indicators is unknown, and where no change could do.
    """
    rule = _rule(context)
    school = pl.col("_school")
    found = rows.select(pl.when(school.is_in([PASS, RELIEVED])).then(0.0).alias("distance")).to_series()
    failing = rows.select((school == FAIL).fill_null(False)).to_series().arg_true()
    if rule is None or not len(failing):
        return found
    return found.scatter(failing, rows[failing].select(_least(rows, stage, rule, context)).to_series())


def _least(rows: pl.DataFrame, stage: str, rule: SchoolRule, context: Context) -> pl.Expr:
    indicators = context.model.indicator
    met = pl.sum_horizontal(pl.col(f"{i.id}_status").is_in([PASS, RELIEVED]) for i in indicators)
    lacking = (rule.at_least - met.cast(pl.Int64)).clip(0)
    costs = [_costs(rows, indicator, stage, context) for indicator in indicators]
    further = pl.concat_list(cost for _, cost in costs).list.drop_nulls().list.sort()
    least = (
        pl.sum_horizontal(*(cost for cost, _ in costs), ignore_nulls=False)
        + further.list.head(lacking).list.sum()
    )
    return pl.when(further.list.len() >= lacking).then(least)


def _costs(rows: pl.DataFrame, indicator: Indicator, stage: str, context: Context) -> tuple[pl.Expr, pl.Expr]:
    """What an indicator has to change until it is not short any more (null where it is unknown), and further
    until it is met (null where it is, or never can be)."""
    status, bounds = pl.col(f"{indicator.id}_status"), thresholds(indicator, stage, context)
    nothing = pl.when(status != UNKNOWN).then(0.0)
    if not bounds:
        return nothing, pl.lit(None, pl.Float64)
    value, unit = judged_value(rows, indicator.id), float(abs(bounds[0])) or 1.0
    gaps = [_gap(value, float(bound), indicator.op) / unit for bound in bounds]
    # Where less is better the floor may lie beyond the limit: what is met is not short.
    rising = pl.when(status == FAIL).then(pl.min_horizontal(gaps)).otherwise(nothing)
    return rising, pl.when(status.is_in([FAIL, FLOOR])).then(gaps[0] - rising)


def _gap(value: pl.Expr, bound: float, op: str) -> pl.Expr:
    return (bound - value if op == ">=" else value - bound).clip(0.0)


def _rule(context: Context) -> SchoolRule | None:
    return context.model.school_rule if context.model.indicator else None


# Columns


def _columns(context: Context, stage: str | None) -> Iterator[Column]:
    """The verdict stands before the figures, so that it is seen at 80 columns whatever the limits take; of several
    stages the limits take so much that the indicators which decide it are named beside it."""
    yield replace(SCHOOL_COLUMN, least=20)
    if stage is None:
        yield STAGE_COLUMN
    rule = _rule(context)
    if rule is not None:
        yield Column("met", _LABELS["met"], mark="status", note=_rule_note(rule, context))
        yield Column("distance", _LABELS["distance"], Text("%", "%"), "figure", 1, note=_DISTANCE_NOTE)
        if stage is None:
            yield UNMET
    for indicator in context.model.indicator:
        yield indicator_column(indicator, context, stage)
    yield Column("students", _LABELS["students"], kind="plain", note=Text("在校生数", "students"))
    yield Column("location", _LABELS["location"], words=LOCATIONS)
    yield Column("school_type", _LABELS["school_type"], words=SCHOOL_TYPES)


_DISTANCE_NOTE = Text(
    "离综合达标还差: 各指标至少要改变的幅度占其限值的百分比之和; 0 为已达标",
    "short of passing: the least that the indicators have to change, each as a share of its limit, added up",
)


def _rule_note(rule: SchoolRule, context: Context) -> Text:
    count, share = rule.count(len(context.model.indicator)), plain(Fraction(rule.floor_share) * 100)
    return Text(
        f"综合: {count} 项中至少 {rule.at_least} 项达标, 其余不低于限值的 {share} %; {rule.clause}",
        f"overall: at least {rule.at_least} of {count} met, the others at {share} % of the limit; {rule.clause}",
    )


def indicator_column(indicator: Indicator, context: Context, stage: str | None) -> Column:
    """A column of an indicator's values, its limit (of one stage, or of each) under its id."""
    stages = context.model.standard.stages if stage is None else (stage,)
    limit, unit = limit_text(indicator, stages), unit_of(indicator.unit)
    under = Text(limit, limit) if limit else unit
    note = Text(
        f"{indicator.id} {indicator.text.zh} ({unit.zh}) {limit} {indicator.clause}",
        f"{indicator.id} {indicator.text.en} ({unit.en}) {limit} {indicator.clause}",
    )
    return Column(
        indicator.id, Text(indicator.id, indicator.id), under, "figure", indicator.decimals,
        mark=f"{indicator.id}_status", note=note, unit=unit,
    )  # fmt: skip


def limit_text(indicator: Indicator, stages: Sequence[str]) -> str:
    """The limits of these stages as ≥4.2/5.3, once where they are the same; empty where there is none."""
    limits = [indicator.limit.get(stage) for stage in stages]
    if not any(limits):
        return ""
    told = ["–" if limit is None else plain(Fraction(limit.value)) for limit in limits]
    return sign(indicator.op) + "/".join(dict.fromkeys(told) if len(set(told)) == 1 else told)


# Where cells lead


def _subject(context: Context, record: Record, column: str) -> Subject | None:
    """An indicator of the section; of the section itself the indicator that weighs most on it, whose derivation ends in
    the school rule."""
    names = [indicator.id for indicator in context.model.indicator]
    if column in ("school", "met", "distance", "short"):
        column = _weightiest(names, record)
    if column in names:
        return Subject("indicator", county_in(record), column, record["stage"], record["school_id"])
    return None


def _weightiest(names: Sequence[str], record: Record) -> str:
    """The first indicator that fails; else that is unknown, at the floor, relieved; else the first."""
    worst = ("fail", "unknown", "floor", "relieved")
    found = (name for word in worst for name in names if record[f"{name}_status"] == word)
    return next(found, names[0] if names else "")


def _leads(study: Study, record: Record, column: str) -> Where:
    """The reported facts of the section, at the fact the figure is made of."""
    place = where("data", county_in(record), school_id=record["school_id"], stage=record["stage"])
    if column in ("students", "location", "school_type"):
        return place.having(field=column)
    return place.having(field=_fact_behind(study, record, column))


def _fact_behind(study: Study, record: Record, column: str) -> str | None:
    """The first reported fact of an indicator's numerator: of the way that is wholly reported, if any is."""
    context = study.result.context
    indicator = next((each for each in context.model.indicator if each.id == column), None)
    if indicator is None:
        return None
    ways = [context.facts(way.value) for way in alternatives(indicator, record["stage"])]
    reported = _reported(study, record)
    whole = (way for way in ways if way and all(reported.get(_source_of(name)) is not None for name in way))
    names = next(whole, None) or next((way for way in ways if way), ())
    known = (_source_of(name) for name in names)
    return next((name for name in known if name in study.dataset.sections.columns), None)


def _source_of(name: str) -> str:
    return DERIVED_FROM.get(name, name)


def _reported(study: Study, record: Record) -> Mapping[str, Any]:
    rows = study.of_county(study.dataset.sections, county_in(record)).filter(
        pl.col("school_id") == record["school_id"], pl.col("stage") == record["stage"]
    )
    return next(rows.iter_rows(named=True), {})
