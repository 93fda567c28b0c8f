"""From reported rows to section rows the engine computes with: keys, campuses, shares, school sums.

Columns added to the facts: `_county` (number of the county and year), `_row` stays, `_share` (part of the
whole-school amounts that is the section's; 1 where the school has one stage; null where it cannot be known),
`students_primary`, `students_junior`, `students_senior` of a school that is shared, and the derived facts of
`standard.names.DERIVED`.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import polars as pl

from ..data.dictionary import KEY_FIELDS, STAGES, STAGES_OF_TYPE
from .context import Context
from .exact import fraction

SCHOOL = ("_county", "school_id")
COMPULSORY = ("primary", "junior")
STAGE_STUDENTS = tuple(f"students_{stage}" for stage in STAGES)


def county_numbers(*frames: pl.DataFrame) -> pl.DataFrame:
    """Every county and year of the frames, once: the four keys and `_county`."""
    keys = pl.concat([frame.select(KEY_FIELDS) for frame in frames]).unique(maintain_order=True)
    return keys.with_row_index("_county")


def numbered(frame: pl.DataFrame, counties: pl.DataFrame) -> pl.DataFrame:
    """`frame` with `_county`."""
    if counties.height == 1:
        return frame.with_columns(pl.lit(0, pl.UInt32).alias("_county"))
    return frame.join(counties, on=list(KEY_FIELDS), how="left", nulls_equal=True, maintain_order="left")


def section_rows(sections: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Sections of the standard's stages with shares and school sums; senior rows have served and are gone."""
    flagged = _flagged(sections, context)
    schools = _school_sums(flagged.filter("_combined"), context)
    flagged = flagged.filter(pl.col("stage").is_in(context.standard.model.standard.stages))
    single = flagged.filter(~pl.col("_combined")).with_columns(
        pl.lit(1.0).alias("_share"),
        pl.col("students").alias("compulsory_students"),
        pl.col("classes").alias("compulsory_classes"),
        pl.col("largest_class").alias("school_largest_class"),
        *(pl.lit(None, pl.Float64).alias(name) for name in STAGE_STUDENTS),
    )
    if single.height == flagged.height:
        return _with_common(single, context)
    shared = (
        flagged.filter(pl.col("_combined"))
        .join(schools, on=list(SCHOOL), how="left", nulls_equal=True)
        .with_columns(_share(context).alias("_share"))
        .drop("_total", strict=False)
    )
    return _with_common(pl.concat([single, shared.select(single.columns)]), context)


def _with_common(frame: pl.DataFrame, context: Context) -> pl.DataFrame:
    return frame.with_columns(
        context.as_of_date().dt.year().cast(pl.Float64).alias("as_of_year"),
        pl.col("campus_of").is_not_null().alias("is_campus"),
    )


def _flagged(sections: pl.DataFrame, context: Context) -> pl.DataFrame:
    """`sections` with `_combined`: whether several stages share the school's amounts."""
    flagged = sections.with_columns(_is_combined(context).alias("_combined"))
    single = [school_type for school_type, stages in STAGES_OF_TYPE.items() if len(stages) == 1]
    attached = flagged.filter(pl.col("_combined") & pl.col("school_type").is_in(single)).select(SCHOOL).unique()
    if not attached.height:
        return flagged
    return flagged.join(
        attached.with_columns(pl.lit(True).alias("_attached")), on=list(SCHOOL), how="left", maintain_order="left"
    ).with_columns(pl.col("_combined") | pl.col("_attached").fill_null(False)).drop("_attached")


def _is_combined(context: Context) -> pl.Expr:
    """Rows of schools of several stages: by type, by an unexpected stage row, or by attached classes."""
    split = context.standard.model.split
    expected = pl.lit(False)
    for school_type, stages in STAGES_OF_TYPE.items():
        if len(stages) == 1:
            expected = expected | ((pl.col("school_type") == school_type) & (pl.col("stage") == stages[0]))
    alone = expected | pl.col("school_type").is_in(["special", "vocational"])
    for attached in split.attached if split else ():
        alone = alone & ~(pl.col(attached.field) > 0).fill_null(False)
    return ~alone.fill_null(False)


def _school_sums(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """One row a school: students by stage, and sums over the compulsory stages, null where one is missing."""
    compulsory = pl.col("stage").is_in(COMPULSORY)
    split = context.standard.model.split
    attached = [item.field for item in split.attached] if split else []
    return rows.group_by(SCHOOL).agg(
        *(
            pl.col("students").filter(pl.col("stage") == stage).first().alias(f"students_{stage}")
            for stage in STAGES
        ),
        *(
            _strict(pl.col(name).filter(compulsory), how).alias(alias)
            for name, how, alias in (
                ("students", "sum", "compulsory_students"),
                ("classes", "sum", "compulsory_classes"),
                ("largest_class", "max", "school_largest_class"),
            )
        ),
        pl.col("school_type").first().alias("_type"),
        pl.col("stage").alias("_stages"),
        *(pl.col(name).first().alias(f"_attached_{name}") for name in attached),
    )  # fmt: skip


def _strict(values: pl.Expr, how: str) -> pl.Expr:
    """The sum or maximum, null where any value is."""
    return pl.when(values.null_count() == 0).then(values.sum() if how == "sum" else values.max())


def _share(context: Context) -> pl.Expr:
    """weight × students ÷ Σ weight × students over the stages of the school's type; null where a stage is missing."""
    split = context.standard.model.split
    if not split:
        return pl.lit(1.0)
    result = _share_of(split.other, context, pl.col("_stages").list)
    for school_type, weights in split.weights.items():
        result = pl.when(pl.col("_type") == school_type).then(_share_of(weights, context)).otherwise(result)
    return pl.when(pl.col("_type").is_not_null()).then(result)


def _share_of(weights: dict[str, Any], context: Context, present: Any = None) -> pl.Expr:
    """`present` given: only the stages that have a row are asked for (attached classes); else all of them."""
    own, total = pl.lit(None, pl.Float64), pl.lit(0.0)
    for stage, weight in weights.items():
        weighted = float(weight) * pl.col(f"students_{stage}")
        own = pl.when(pl.col("stage") == stage).then(weighted).otherwise(own)
        total = total + (weighted if present is None else pl.when(present.contains(stage)).then(weighted).otherwise(0.0))
    total = total + _attached_weight(context)
    return pl.when(total > 0).then(own / total)


def _attached_weight(context: Context) -> pl.Expr:
    split, total = context.standard.model.split, pl.lit(0.0)
    for attached in split.attached if split else ():
        weight = context.setting(attached.weight_setting)
        pupils = pl.col(f"_attached_{attached.field}")
        weighted = pupils * float(weight) if isinstance(weight, Fraction) else pl.lit(None, pl.Float64)
        total = total + pl.when((pupils > 0).fill_null(False)).then(weighted).otherwise(0.0)
    return total


def exact_share(row: dict[str, Any], context: Context) -> Fraction | None:
    """The share of one section row as a fraction, from the students of its school."""
    split = context.standard.model.split
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
    if len(known) < len(parts) + len(extra) or not sum(known):
        return None
    return parts[row["stage"]] / sum(known, Fraction(0)) if parts.get(row["stage"]) is not None else None  # type: ignore[operator]


def _times(weight: Any, students: Fraction | None) -> Fraction | None:
    return None if weight is None or students is None else Fraction(weight) * students


def needed_columns(names: Iterable[str]) -> list[str]:
    """Facts every evaluation carries, and those the standard reads, each once."""
    always = (
        *KEY_FIELDS, "school_id", "school", "school_type", "campus_of", "owner", "location", "stage",
        "students", "classes", "largest_class", "_source", "_row",
    )  # fmt: skip
    return list(dict.fromkeys((*always, *names)))
