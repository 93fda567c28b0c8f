"""The dataset without the facts that rest on an error."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from ..dataset import ORIGIN_SCHEMA, Dataset
from ..dictionary import STAGES_OF_TYPE, Dictionary
from .scene import COMPULSORY, IDENTITY, KEYS

SECTION = [*KEYS, "school_id", "stage"]


def trusted(dataset: Dataset) -> Dataset:
    """`dataset` with every fact that rests on an `error` finding of `dataset.findings` null.

    A finding reaches one stage, or all stages of the school where its stage is null, or the county facts
    and all schools of the county and year where it names no school. Rows of detail tables fall out
    where `fields` names the table. Of rows that share one section or one county key the first stays,
    after all are blanked; a compulsory stage that a school's type has but its rows lack (C08) is
    added as a row without figures, so that the county knows what it does not know.
    """
    errors = dataset.findings.filter(pl.col("severity") == "error")
    if errors.is_empty():
        return dataset
    # Many findings may mean one cell (a code that stands a thousand times is found a thousand times).
    targets = (
        errors.select(*SECTION, "fields").unique(maintain_order=True).explode("fields", empty_as_null=True)
    )
    targets = targets.filter(pl.col("fields").is_not_null()).unique()
    sections = _blanked(dataset.sections, targets, school=True)
    counties = _blanked(dataset.counties, targets.filter(pl.col("school_id").is_null()), school=False)
    sections = sections.unique(SECTION, keep="first", maintain_order=True)
    return replace(
        dataset,
        sections=_with_missing_stages(sections, errors, dataset.dictionary),
        counties=counties.unique(KEYS, keep="first", maintain_order=True),
        rooms=_without(dataset.rooms, targets.filter(pl.col("fields") == "rooms")),
        class_list=_without(dataset.class_list, targets.filter(pl.col("fields") == "class_list")),
    )


def _rows_meant(frame: pl.DataFrame, targets: pl.DataFrame, *, school: bool) -> pl.DataFrame:
    """Columns `_index`, `fields`: which cells of the frame the targets mean."""
    indexed = frame.with_row_index("_index")
    if not school:
        return indexed.join(targets, on=KEYS, how="inner", nulls_equal=True).select("_index", "fields")
    named, staged = pl.col("school_id").is_not_null(), pl.col("stage").is_not_null()
    scopes = (
        (SECTION, named & staged),
        (SECTION[:-1], named & ~staged),
        ([*KEYS, "stage"], ~named & staged),
        (KEYS, ~named & ~staged),
    )
    present = [column for column in SECTION if column in frame.columns]
    keys = indexed.select("_index", *present)
    return pl.concat(
        keys.join(
            targets.filter(scope), on=[key for key in on if key in present], how="inner", nulls_equal=True
        ).select("_index", "fields")
        for on, scope in scopes
    )


def _blanked(frame: pl.DataFrame, targets: pl.DataFrame, *, school: bool) -> pl.DataFrame:
    cells = _rows_meant(frame, targets, school=school).unique()
    blanks: list[pl.Series] = []
    for (name,), rows in cells.partition_by("fields", as_dict=True).items():
        if name in frame.columns and name not in IDENTITY:
            blanks.append(frame[str(name)].clone().scatter(rows["_index"], None))
    return frame.with_columns(blanks)


def _without(table: pl.DataFrame, targets: pl.DataFrame) -> pl.DataFrame:
    meant = _rows_meant(table, targets, school=True)["_index"].unique()
    kept = table.with_row_index("_index").filter(~pl.col("_index").is_in(meant.implode()))
    return kept.drop("_index")


def _with_missing_stages(
    sections: pl.DataFrame, errors: pl.DataFrame, dictionary: Dictionary
) -> pl.DataFrame:
    """The sections and a row for each missing compulsory stage: facts of the whole school stay, facts
    of the stage and the origin are null."""
    lacking = errors.filter((pl.col("code") == "C08") & (pl.col("value").is_in(COMPULSORY)))
    if lacking.is_empty():
        return sections
    school = [*KEYS, "school_id"]
    missing = lacking.select(*school, _stage="value").unique(maintain_order=True)
    models = sections.unique(school, keep="first", maintain_order=True)
    rows = models.join(missing, on=school, how="inner", nulls_equal=True, maintain_order="left")
    due = pl.any_horizontal(
        (pl.col("school_type") == kind) & pl.col("_stage").is_in(stages)
        for kind, stages in STAGES_OF_TYPE.items()
    )
    of_stage = [field.code for field in dictionary.of_level("section") if field.code != "stage"]
    unknown = [pl.lit(None, sections.schema[name]).alias(name) for name in (*of_stage, *ORIGIN_SCHEMA)]
    added = rows.filter(due).with_columns(stage="_stage").select(sections.columns)
    added = added.join(sections.select(SECTION), on=SECTION, how="anti", nulls_equal=True)
    return pl.concat([sections, added.with_columns(unknown)], how="vertical")
