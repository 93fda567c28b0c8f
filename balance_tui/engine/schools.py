"""From reported rows to section rows the engine computes with: keys, campuses, shares, school sums.

Columns added to the facts: `_county` (number of the county and year), `_row` stays, `_share` (part of the
whole-school amounts that is the section's; 1 where the school has one stage; null where it cannot be known),
`students_primary`, `students_junior`, `students_senior` of a school that is shared, and the derived facts of
`standard.names.DERIVED`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import polars as pl

from ..data.again import Work
from ..data.dictionary import KEY_FIELDS, STAGES, STAGES_OF_TYPE
from .context import Context
from .exact import fraction
from .plans import picked, widened

SCHOOL = ("_county", "school_id")
COMPULSORY = ("primary", "junior")
STAGE_STUDENTS = tuple(f"students_{stage}" for stage in STAGES)
_SUMS = {
    "compulsory_students": "students",
    "compulsory_classes": "classes",
    "school_largest_class": "largest_class",
}  # fmt: skip
_SHARED_FROM = (*SCHOOL, "stage", "school_type", *_SUMS.values())


def county_numbers(*frames: pl.DataFrame) -> pl.DataFrame:
    """Every county and year of the frames, once: the four keys and `_county`."""
    keys = pl.concat([_runs(frame)[0] for frame in frames]).unique(maintain_order=True)
    return keys.with_row_index("_county")


def numbered(frame: pl.DataFrame, counties: pl.DataFrame) -> pl.DataFrame:
    """`frame` with `_county`."""
    if counties.height == 1:
        return frame.with_columns(pl.lit(0, pl.UInt32).alias("_county"))
    keys, run = _runs(frame)
    numbers = keys.join(counties, on=list(KEY_FIELDS), how="left", nulls_equal=True, maintain_order="left")
    return frame.with_columns(numbers["_county"].gather(run))


def _runs(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """The keys of every run of rows of one county, and the number of the run each row is in: rows of a county
    mostly stand together, so that few keys are left to look up."""
    run = frame.select(pl.struct(KEY_FIELDS).rle_id()).to_series()
    starts = (run.diff().fill_null(1) > 0).arg_true()
    return frame.select(KEY_FIELDS)[starts], run


def section_rows(sections: pl.DataFrame, context: Context, work: Work | None = None) -> pl.DataFrame:
    """Sections of the standard's stages with shares and school sums; senior rows have served and are gone. Shares of
    schools that did not change are taken over from the `work` before."""
    work = work or Work()
    combined = _combined(sections, context, work)
    rows = widened(
        sections.hstack([combined]), context.once("columns of sections", lambda: _columns(context))
    )
    several = combined.arg_true()
    if len(several):
        sharing = rows[list(dict.fromkeys((*_SHARED_FROM, *_attached(context))))][several]
        same = work.seen("sharing", sharing).same(sharing.columns)
        shared = work.done("shared", same, lambda: _shared(sharing, context))
        rows = rows.with_columns(rows[name].scatter(several, shared[name]) for name in shared.columns)
    kept = rows["stage"].is_in(context.model.standard.stages)
    return rows if kept.all(ignore_nulls=False) else rows.filter(kept)


def _columns(context: Context) -> list[pl.Expr]:
    """What a section of a school of one stage has besides its facts."""
    return [
        pl.lit(1.0).alias("_share"),
        *(pl.col(name).alias(alias) for alias, name in _SUMS.items()),
        pl.col("students").alias("school_students"),
        *(pl.lit(None, pl.Float64).alias(name) for name in STAGE_STUDENTS),
        as_of_year(context),
        pl.col("campus_of").is_not_null().alias("is_campus"),
    ]


def _combined(sections: pl.DataFrame, context: Context, work: Work) -> pl.Series:
    """`_combined`: whether several stages share the amounts of the row's school."""
    read = sections[list(dict.fromkeys((*SCHOOL, "stage", "school_type", *_attached(context))))]
    same = work.seen("combined from", read).same(read.columns)
    return work.done("combined", same, lambda: _flagged(read, context)["_combined"])


def as_of_year(context: Context) -> pl.Expr:
    """The year of `Context.as_of_date`, as column `as_of_year`."""
    if context.as_of is not None:
        return pl.lit(float(context.as_of.year)).alias("as_of_year")
    today = float(dt.date.today().year)
    return pl.col("year").cast(pl.Float64).fill_null(today).alias("as_of_year")


def _shared(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Rows of schools of several stages → the columns in which they differ from a school of one."""
    sums = rows.with_columns(context.once("marked sections", _marked)).group_by(SCHOOL).agg(
        context.once("sums of schools", lambda: _school_sums(context))
    )  # fmt: skip
    joined = rows.join(sums, on=list(SCHOOL), how="left", nulls_equal=True, maintain_order="left")
    return picked(joined, context.once("shares of sections", lambda: _shares(context)))


def _shares(context: Context) -> list[pl.Expr]:
    return [
        _share(context).alias("_share"),
        *map(pl.col, _SUMS),
        _all_students().alias("school_students"),
        *map(pl.col, STAGE_STUDENTS),
    ]


def _all_students() -> pl.Expr:
    """Students of every stage of the school's type, null where one is missing; of another type, of those it has."""
    present = [pl.when(f"_has_{stage}").then(f"students_{stage}").otherwise(0.0) for stage in STAGES]
    result = pl.sum_horizontal(*present, ignore_nulls=False)
    for school_type, stages in STAGES_OF_TYPE.items():
        if len(stages) > 1:
            of_type = pl.sum_horizontal(*(f"students_{stage}" for stage in stages), ignore_nulls=False)
            result = pl.when(pl.col("_type") == school_type).then(of_type).otherwise(result)
    return pl.when(pl.col("_type").is_not_null()).then(result)


def _attached(context: Context) -> list[str]:
    split = context.model.split
    return [item.field for item in split.attached] if split else []


def _flagged(sections: pl.DataFrame, context: Context) -> pl.DataFrame:
    """`sections` with `_combined`: whether several stages share the school's amounts."""
    flagged = sections.with_columns(_is_combined(context).alias("_combined"))
    single = [school_type for school_type, stages in STAGES_OF_TYPE.items() if len(stages) == 1]
    of_one = pl.col("_combined") & pl.col("school_type").is_in(single)
    attached = flagged.lazy().filter(of_one).select(SCHOOL).unique().collect()
    if not attached.height:
        return flagged
    return (
        flagged.join(
            attached.with_columns(pl.lit(True).alias("_attached")),
            on=list(SCHOOL),
            how="left",
            maintain_order="left",
        )
        .with_columns(pl.col("_combined") | pl.col("_attached").fill_null(False))
        .drop("_attached")
    )


def _is_combined(context: Context) -> pl.Expr:
    """Rows of schools of several stages: by type, by an unexpected stage row, or by attached classes."""
    split = context.model.split
    expected = pl.lit(False)
    for school_type, stages in STAGES_OF_TYPE.items():
        if len(stages) == 1:
            expected = expected | ((pl.col("school_type") == school_type) & (pl.col("stage") == stages[0]))
    alone = expected | pl.col("school_type").is_in(["special", "vocational"])
    for attached in split.attached if split else ():
        alone = alone & ~(pl.col(attached.field) > 0).fill_null(False)
    return ~alone.fill_null(False)


def _marked() -> list[pl.Expr]:
    """Whether a section counts in the sums of its school, and what of it does."""
    compulsory = pl.col("stage").is_in(COMPULSORY)
    return [
        compulsory.alias("_counts"),
        *(pl.when(compulsory).then(name).alias(alias) for alias, name in _SUMS.items()),
    ]


def _school_sums(context: Context) -> list[pl.Expr]:
    """Of a school: students by stage, and sums over the compulsory stages, null where one is missing."""
    return [
        *(
            pl.col("students").filter(pl.col("stage") == stage).first().alias(f"students_{stage}")
            for stage in STAGES
        ),
        *(
            pl.when(pl.col(alias).count() == pl.col("_counts").sum()).then(_together(alias)).alias(alias)
            for alias in _SUMS
        ),
        pl.col("school_type").first().alias("_type"),
        *((pl.col("stage") == stage).any().alias(f"_has_{stage}") for stage in STAGES),
        *(pl.col(name).first().alias(f"_attached_{name}") for name in _attached(context)),
    ]


def _together(name: str) -> pl.Expr:
    return pl.col(name).max() if name == "school_largest_class" else pl.col(name).sum()


def _share(context: Context) -> pl.Expr:
    """weight × students ÷ Σ weight × students over the stages of the type; null where one is missing."""
    split = context.model.split
    if not split:
        return pl.lit(1.0)
    result = _share_of(split.other, context, only_present=True)
    for school_type, weights in split.weights.items():
        result = pl.when(pl.col("_type") == school_type).then(_share_of(weights, context)).otherwise(result)
    return pl.when(pl.col("_type").is_not_null()).then(result)


def _share_of(weights: dict[str, Any], context: Context, *, only_present: bool = False) -> pl.Expr:
    """`only_present`: the stages that have a row are asked for (attached classes); else all of them."""
    own, total = pl.lit(None, pl.Float64), pl.lit(0.0)
    for stage, weight in weights.items():
        weighted = float(weight) * pl.col(f"students_{stage}")
        own = pl.when(pl.col("stage") == stage).then(weighted).otherwise(own)
        total = total + (pl.when(f"_has_{stage}").then(weighted).otherwise(0.0) if only_present else weighted)
    total = total + _attached_weight(context)
    return pl.when(total > 0).then(own / total)


def _attached_weight(context: Context) -> pl.Expr:
    split, total = context.model.split, pl.lit(0.0)
    for attached in split.attached if split else ():
        weight = context.setting(attached.weight_setting)
        pupils = pl.col(f"_attached_{attached.field}")
        weighted = pupils * float(weight) if isinstance(weight, Fraction) else pl.lit(None, pl.Float64)
        total = total + pl.when((pupils > 0).fill_null(False)).then(weighted).otherwise(0.0)
    return total


def exact_share(row: dict[str, Any], context: Context) -> Fraction | None:
    """The share of one section row as a fraction, from the students of its school."""
    split = context.model.split
    if not split or not row["_combined"]:
        return Fraction(1)
    students = {stage: fraction(row[f"students_{stage}"]) for stage in STAGES}
    weights = split.weights.get(row["school_type"])
    if weights is None:
        weights = {stage: weight for stage, weight in split.other.items() if students[stage] is not None}
    parts = {stage: _times(weight, students[stage]) for stage, weight in weights.items()}
    extra = [
        _times(context.setting(item.weight_setting), fraction(row.get(item.field)))
        for item in split.attached
        if (row.get(item.field) or 0) > 0
    ]
    known = [part for part in (*parts.values(), *extra) if part is not None]
    own, total = parts.get(row["stage"]), sum(known, Fraction(0))
    if own is None or len(known) < len(parts) + len(extra) or not total:
        return None
    return own / total


def exact_facts(context: Context) -> list[str]:
    """The columns that `exact_share` reads."""
    return ["_combined", "school_type", "stage", *STAGE_STUDENTS, *_attached(context)]


def _times(weight: Any, students: Fraction | None) -> Fraction | None:
    return None if weight is None or students is None else Fraction(weight) * students


def needed_columns(names: Iterable[str]) -> list[str]:
    """Facts every evaluation carries, and those the standard reads, each once."""
    always = (
        *KEY_FIELDS, "school_id", "school", "school_type", "campus_of", "owner", "location", "stage",
        "students", "classes", "largest_class", "_source", "_row",
    )  # fmt: skip
    return list(dict.fromkeys((*always, *names)))
