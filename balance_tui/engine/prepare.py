"""From a dataset to the frames the stages of the engine read.

overrides → checks → facts that can be trusted → detail lists → campuses → shares and school sums
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

import polars as pl

from ..data import checks
from ..data.again import Work
from ..data.checks.plugged import run_plugged
from ..data.dataset import Dataset
from ..data.dictionary import KEY_FIELDS, Dictionary, dtype_of
from . import campuses, schools
from .context import Context

_SECTION = (*KEY_FIELDS, "school_id", "stage")


@dataclass(frozen=True)
class Facts:
    """What the engine computes from.

    `keys`: the four keys and `_county`, one row a county and year. `sections`: section rows of the
    standard's stages as `schools.section_rows` gives them. `counties`: one row a county and year, every
    county fact (null where not reported) and `as_of_year`. `rooms`, `judgements`: as in the dataset, with
    `_county`. `checks`: every data finding.
    """

    keys: pl.DataFrame
    sections: pl.DataFrame
    counties: pl.DataFrame
    rooms: pl.DataFrame
    judgements: pl.DataFrame
    checks: pl.DataFrame


def prepare(dataset: Dataset, context: Context, overrides: pl.DataFrame | None, work: Work) -> Facts:
    """Check the data, drop what cannot be trusted, and shape the rest for the engine."""
    corrected = (
        overridden(dataset, overrides, work) if overrides is not None and overrides.height else dataset
    )
    options = context.once("options of checks", partial(check_options, context))
    found = checks.run(corrected, options=options, work=work)
    plugged = run_plugged(corrected, [layer["id"] for layer in context.standard.layers])
    checked = corrected.with_findings(found).with_findings(plugged)
    trusted = with_details(checks.trusted(checked, work))
    merge = context.setting(_campus_setting(context)) == "merge"
    sections = campuses.merged(trusted.sections, trusted.dictionary) if merge else trusted.sections
    rooms = _moved(trusted.rooms, trusted.sections) if merge else trusted.rooms
    keys = _keys(sections, trusted.counties, work)
    numbered = partial(schools.numbered, counties=keys)
    same_keys = work.seen("keys", keys).is_same
    reported = work.seen("reported", trusted.counties)
    return Facts(
        keys=keys,
        sections=_sections(sections, trusted.dictionary, numbered, context, work, same_keys=same_keys),
        counties=work.done(
            "county facts",
            reported.is_same and same_keys,
            lambda: _counties(trusted.counties, keys, context),
        ),
        rooms=numbered(rooms),
        judgements=numbered(trusted.judgements),
        checks=checked.findings,
    )


def _sections(
    sections: pl.DataFrame,
    dictionary: Dictionary,
    numbered: Callable[[pl.DataFrame], pl.DataFrame],
    context: Context,
    work: Work,
    *,
    same_keys: bool,
) -> pl.DataFrame:
    """The section rows of the engine, taken over where nothing is reported otherwise."""
    same = work.seen("trusted sections", sections).is_same and same_keys

    def made() -> pl.DataFrame:
        names = [name for name in sections.columns if name in dictionary]
        return schools.section_rows(numbered(sections[schools.needed_columns(names)]), context, work)

    if same:
        work.keep("sharing", "shared", "combined from", "combined")
    return work.done("section rows", same, made)


def _keys(sections: pl.DataFrame, counties: pl.DataFrame, work: Work) -> pl.DataFrame:
    frames = (sections[list(KEY_FIELDS)], counties[list(KEY_FIELDS)])
    same = [work.seen(("keys of", name), each).same(KEY_FIELDS) for name, each in enumerate(frames)]
    return work.done("keys", all(same), lambda: schools.county_numbers(*frames))


def check_options(context: Context) -> dict[str, object]:
    """What the checks take from the standard: its limits on the size of classes, and its settings that are
    named as an option of the checks."""
    found: dict[str, object] = {}
    for test in (test for item in context.items for test in item.test):
        if test.fallback_limits:
            limits = {stage: float(limit) for stage, limit in test.fallback_limits.items()}
            found.setdefault("class_limits", limits)
    for name in ("backbone_may_include_heads", "change_percent"):
        value = context.setting(name)
        if value is not None:
            found[name] = float(value) if isinstance(value, Fraction) else value
    return found


def _campus_setting(context: Context) -> str:
    split = context.model.split
    return split.campus_setting if split else ""


def _counties(reported: pl.DataFrame, keys: pl.DataFrame, context: Context) -> pl.DataFrame:
    once = reported.unique(list(KEY_FIELDS), keep="first", maintain_order=True)
    return keys.join(
        once, on=list(KEY_FIELDS), how="left", nulls_equal=True, maintain_order="left"
    ).with_columns(schools.as_of_year(context))


def _moved(rooms: pl.DataFrame, sections: pl.DataFrame) -> pl.DataFrame:
    """Rooms of a campus stand with its parent. A list that leaves out one of the sites of a school says
    nothing of the whole: the merged summary facts speak for that kind of room instead."""
    campuses = (
        sections.filter(pl.col("campus_of").is_not_null())
        .select(*KEY_FIELDS, "school_id", "campus_of")
        .unique()
    )
    if not rooms.height or not campuses.height:
        return rooms
    joined = rooms.join(
        campuses, on=[*KEY_FIELDS, "school_id"], how="left", nulls_equal=True, maintain_order="left"
    )
    whole = joined.with_columns(pl.coalesce("campus_of", "school_id").alias("school_id")).drop("campus_of")
    partly = _partly_listed(rooms, sections, campuses)
    return whole.join(partly, on=partly.columns, how="anti", nulls_equal=True, maintain_order="left")


def _partly_listed(rooms: pl.DataFrame, sections: pl.DataFrame, campuses: pl.DataFrame) -> pl.DataFrame:
    """The keys, `school_id` and `kind` of schools of several sites of which one may have rooms of the kind
    that are not in the list."""
    site = [*KEY_FIELDS, "school_id"]
    homes = pl.concat([
        campuses.rename({"campus_of": "_home"}),
        campuses.select(*KEY_FIELDS, pl.col("campus_of").alias("school_id"), pl.col("campus_of").alias("_home")),
    ]).unique()  # fmt: skip
    counts = sections.unique(site).unpivot(
        on=["music_rooms", "art_rooms"], index=site, variable_name="kind", value_name="_count"
    )
    sites = homes.join(counts, on=site, how="inner", nulls_equal=True).with_columns(
        pl.col("kind").str.strip_suffix("_rooms")
    )
    unlisted = sites.join(rooms, on=[*site, "kind"], how="anti", nulls_equal=True)
    return (
        unlisted.filter((pl.col("_count") != 0).fill_null(True))
        .select(*KEY_FIELDS, pl.col("_home").alias("school_id"), "kind")
        .unique()
    )


def overridden(dataset: Dataset, overrides: pl.DataFrame, work: Work | None = None) -> Dataset:
    """The dataset with corrected cells: `overrides` as `OVERRIDE_SCHEMA`, one row a cell, the last counts.

    A correction of a cell that does not exist changes nothing. What the reader found wrong in a corrected cell is
    settled by the correction. Cells of whole schools, of sections and of counties that are those of the `work` before
    are not looked for again.
    """
    work = work or Work()
    is_county, is_whole = overrides["school_id"].is_null(), overrides["stage"].is_null()
    sections, counties = dataset.sections, dataset.counties
    sections = _replaced(sections, overrides.filter(~is_county & is_whole), _SECTION[:-1], dataset, work)
    sections = _replaced(sections, overrides.filter(~is_county & ~is_whole), _SECTION, dataset, work)
    return replace(
        dataset, sections=sections, counties=_replaced(counties, overrides.filter(is_county), KEY_FIELDS, dataset, work),
        findings=_unsettled(dataset.findings, overrides),
    )  # fmt: skip


def _unsettled(findings: pl.DataFrame, overrides: pl.DataFrame) -> pl.DataFrame:
    """The findings of the reader without those that speak of one corrected cell alone."""
    if not findings.height:
        return findings
    of_cell = (pl.col("severity") != "reject") & (pl.col("fields").list.len() <= 1)
    whole = pl.col("stage").is_null()
    numbered = findings.with_row_index("_index")
    settled = [
        numbered.filter(of_cell).join(
            overrides.filter(meant), on=[*on, "field"], how="semi", nulls_equal=True
        )["_index"]
        for meant, on in ((whole, (*KEY_FIELDS, "school_id")), (~whole, _SECTION))
    ]
    return findings.filter(~numbered["_index"].is_in(pl.concat(settled).implode()))


def _replaced(
    frame: pl.DataFrame, cells: pl.DataFrame, on: tuple[str, ...], dataset: Dataset, work: Work
) -> pl.DataFrame:
    """The frame with the cells that have a row and a column in it, found by one look for all of them."""
    if not cells.height:
        return frame
    named, given = work.seen(("corrections", on), cells), work.seen(("to correct", on), frame)
    same = named.is_same and given.is_same and dataset.dictionary is work.before(("facts", on))
    work.put(("facts", on), dataset.dictionary)
    return work.done(("corrected", on), same, lambda: _with_cells(frame, cells, list(on), dataset.dictionary))


def _with_cells(
    frame: pl.DataFrame, cells: pl.DataFrame, on: list[str], dictionary: Dictionary
) -> pl.DataFrame:
    last = cells.unique([*on, "field"], keep="last", maintain_order=True)
    rows = frame[on].with_row_index("_index").join(last, on=on, how="inner", nulls_equal=True)
    changed = []
    for (field,), mine in rows.partition_by("field", as_dict=True).items():
        if field in frame.columns:
            typed = _typed(mine["value"], dtype_of(dictionary[field]))
            changed.append(frame[field].clone().scatter(mine["_index"], typed))
    return frame.with_columns(changed)


def _typed(text: pl.Series, dtype: pl.DataType) -> pl.Series:
    return text.str.to_lowercase() == "true" if dtype == pl.Boolean() else text.cast(dtype, strict=False)


def with_details(dataset: Dataset) -> Dataset:
    """The dataset with the summary facts that its class list and room list settle."""
    sections = dataset.sections
    if dataset.class_list.height:
        sections = _settled(sections, _class_summary(dataset.class_list), list(_SECTION))
    for kind in ("music", "art") if dataset.rooms.height else ():
        sections = _settled(sections, _room_summary(dataset.rooms, kind), [*KEY_FIELDS, "school_id"])
    return replace(dataset, sections=sections)


def _class_summary(classes: pl.DataFrame) -> pl.DataFrame:
    """Per section of the class list: `classes`, `largest_class`; `oversized_classes` is null, for the reported
    count may not stand in where a class of the list has no students."""
    students = pl.col("students")
    return classes.group_by(_SECTION).agg(
        pl.len().cast(pl.Float64).alias("classes"),
        pl.when(students.null_count() == 0).then(students.max()).alias("largest_class"),
        pl.lit(None, pl.Float64).alias("oversized_classes"),
    )


def _room_summary(rooms: pl.DataFrame, kind: str) -> pl.DataFrame:
    area = pl.col("area")
    return (
        rooms.filter(pl.col("kind") == kind)
        .group_by([*KEY_FIELDS, "school_id"])
        .agg(
            pl.len().cast(pl.Float64).alias(f"{kind}_rooms"),
            pl.when(area.null_count() == 0).then(area.min()).alias(f"smallest_{kind}_room"),
        )
    )


def _settled(sections: pl.DataFrame, summary: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    """`sections` with the facts of `summary` in place of the reported ones, where it has a row."""
    facts = [name for name in summary.columns if name not in on]
    if not summary.height:
        return sections
    renamed = summary.rename({name: f"_{name}" for name in facts}).with_columns(pl.lit(True).alias("_listed"))
    joined = sections.join(renamed, on=on, how="left", nulls_equal=True, maintain_order="left")
    chosen = (
        pl.when("_listed").then(pl.col(f"_{name}")).otherwise(pl.col(name)).alias(name) for name in facts
    )  # fmt: skip
    return joined.with_columns(*chosen).drop("_listed", *(f"_{name}" for name in facts))
