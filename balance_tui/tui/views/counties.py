"""Counties and years: verdict, parts, coefficients, schools that do not pass; one row each."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import polars as pl

from ...data.dictionary import KEY_FIELDS
from ...engine.explanation.formula import sign
from ...engine.explanation.scene import seen
from ...engine.figures import plain
from ...engine.result import Result
from ...engine.status import words
from ...language import Text
from ...standard.model import Dispersion, Part
from ..cells import width
from ..study import Study
from ..table.frame_sheet import FrameSheet
from ..table.sheet import Column
from ..view import Record, TablePane, View
from ..where import Subject, Where, where
from . import KINDS
from .common import MARK, county_in, stage_name

PROVINCE, CITY, COUNTY = Text("省", "province"), Text("市", "city"), Text("县", "county")
YEAR, VERDICT = Text("年份", "year"), Text("结论", "verdict")


def prepare(study: Study) -> None:
    """Make the frame of all counties."""
    study.frame("counties", _counties)


def build(study: Study, where: Where) -> View:
    """Every county and year of the data, in its order; details `county` and `year` show those alone."""
    frame: pl.DataFrame = study.frame("counties", _counties)
    for name in ("county", "year"):
        if where.get(name) is not None:
            frame = frame.filter(pl.col(name).cast(pl.String) == where.get(name))
    pane = TablePane(
        "counties", KINDS["counties"].title,
        FrameSheet(frame, tuple(_columns(study.result)), key=KEY_FIELDS, status="verdict"),
        subject=partial(_subject, study.result), leads=_leads, counted=Text("县·年", "counties and years"),
        cursor=(tuple(where.county), None) if where.county else None,
    )  # fmt: skip
    labels = {"province": PROVINCE, "city": CITY, "county": COUNTY, "year": YEAR, "verdict": VERDICT}
    several = {name: text for name, text in labels.items() if frame[name].n_unique() > 1}
    empty = Text("没有评出任何县: 见数据问题 (5)", "no county was evaluated: see the data findings (5)")
    return View(KINDS["counties"].title, (pane,), empty, several)


def _counties(result: Result) -> pl.DataFrame:
    """One row a county and year: the keys, `place`, `verdict`, `part_ID` (a word), for each stage of the dispersion
    `cv_STAGE` (the highest), `status_STAGE` (of all), `worst_STAGE` (whose it is), `failing` and `unknown`."""
    keys = result.facts.keys
    frame = keys.join(result.outcomes, on="_county", how="left", maintain_order="left")
    frame = frame.with_columns(words(pl.col("_status")).alias("verdict"), _place(keys)).drop("_status")
    for part in (*_parts(result), *_spread(result), *_schools(result)):
        frame = frame.join(part, on="_county", how="left", maintain_order="left")
    return frame


def _place(keys: pl.DataFrame) -> pl.Expr:
    """The county, behind province and city where these differ between the rows."""
    told = [name for name in ("province", "city") if keys[name].n_unique() > 1]
    county = pl.coalesce("county", "city", "province")
    return pl.concat_str([*told, county], separator=" ", ignore_nulls=True).alias("place")


def _parts(result: Result) -> Iterator[pl.DataFrame]:
    for part in result.context.model.part:
        yield result.parts.filter(pl.col("id") == part.id).select(
            "_county", words(pl.col("_status")).alias(f"part_{part.id}")
        )


def _spread(result: Result) -> Iterator[pl.DataFrame]:
    """Of the figures that are judged, the highest of a stage; its mark is the outcome of all of them, so that none
    that is unknown goes unseen."""
    rule = result.context.model.dispersion
    judged = result.resources.dispersion.filter(pl.col("limit").is_not_null())
    for stage in rule.limit if rule else ():
        highest = pl.col("cv").fill_nan(None)
        yield judged.filter(pl.col("stage") == stage).group_by("_county").agg(
            highest.max().alias(f"cv_{stage}"),
            words(pl.col("_status").max()).alias(f"status_{stage}"),
            pl.col("indicator").sort_by(highest, descending=True, nulls_last=True).first().alias(f"worst_{stage}"),
        )  # fmt: skip


def _schools(result: Result) -> Iterator[pl.DataFrame]:
    if result.context.model.school_rule and "sections" in result.resources.counties.columns:
        yield result.resources.counties.select(
            "_county",
            pl.col("sections_failing").alias("failing"),
            pl.col("sections_unknown").alias("unknown"),
        )


def _columns(result: Result) -> Iterator[Column]:
    model = result.context.model
    yield Column("place", COUNTY, least=8, most=30, stretch=True)
    yield Column("year", YEAR, kind="plain", least=4)
    yield Column("verdict", VERDICT, kind="word", least=6, most=16)
    yield from (_part_column(part) for part in model.part)
    if model.dispersion:
        yield from (_spread_column(stage, model.dispersion) for stage in model.dispersion.limit)
    if model.school_rule and "sections" in result.resources.counties.columns:
        failing = Text("学校综合不达标的学段数", "sections that fail the school rule")
        unknown = Text("学校综合未知的学段数", "sections whose outcome is unknown")
        yield Column("failing", Text("校✗", "✗"), kind="plain", note=failing)
        yield Column("unknown", Text("校?", "?"), kind="plain", note=unknown)


def _part_column(part: Part) -> Column:
    label = seen(part.text)
    note = label if part.needed else Text(f"{label.zh} (仅供参考, 不参与结论)", f"{label.en} (shown only)")
    title = Text(label.zh[:2], label.en[:4])
    return Column(f"part_{part.id}", title, kind="word", note=note, mark_only=True)


def _spread_column(stage: str, rule: Dispersion) -> Column:
    limit = f"{sign(rule.op)}{plain(rule.limit[stage].value)}"
    name = stage_name(stage)
    note = Text(
        f"{name.zh}差异系数中最高的一项, 限值 {limit}; 标记是该学段全部差异系数的结论",
        f"the highest coefficient of {name.en}, limit {limit}; the mark is the outcome of all of them",
    )
    title = Text(name.zh, name.en[:4])
    least = max(width(title.zh), width(title.en), width(limit)) + MARK
    return Column(
        f"cv_{stage}", title, Text(limit, limit), "figure", rule.decimals,
        mark=f"status_{stage}", note=note, least=least,
    )  # fmt: skip


def _leads(record: Record, column: str) -> Where:  # noqa: ARG001 - every cell leads into its county
    return where("overview", county_in(record))


def _subject(result: Result, record: Record, column: str) -> Subject | None:
    county = county_in(record)
    if column.startswith("part_"):
        return Subject("item", county, column[5:])
    if column.startswith("cv_"):
        worst = record[f"worst_{column[3:]}"]
        return Subject("dispersion", county, worst, stage=column[3:]) if worst else None
    rule = result.context.model.school_rule
    if column in ("failing", "unknown"):
        return Subject("item", county, rule.part) if rule else None
    # Of the verdict, the first part that makes it what it is.
    parts = [part.id for part in result.context.model.part]
    deciding = (
        each for word in ("fail", "unknown", "relieved") for each in parts if record[f"part_{each}"] == word
    )
    part = next(deciding, next(iter(parts), None))
    return Subject("item", county, part) if part else None
