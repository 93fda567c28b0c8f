"""The dataset without the facts that rest on an error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl

from ..again import Work
from ..dataset import ORIGIN_SCHEMA, Dataset
from ..dictionary import STAGES_OF_TYPE, Dictionary
from .scene import COMPULSORY, IDENTITY, KEYS

SECTION = [*KEYS, "school_id", "stage"]


def trusted(dataset: Dataset, work: Work | None = None) -> Dataset:
    """`dataset` with every fact that rests on an `error` finding of `dataset.findings` null.

    A finding reaches one stage, or all stages of the school where its stage is null, or the county facts
    and all schools of the county and year where it names no school. Rows of detail tables fall out
    where `fields` names the table. Of rows that share one section or one county key the first stays,
    after all are blanked; a compulsory stage that a school's type has but its rows lack (C08) is
    added as a row without figures, so that the county knows what it does not know. `work`: that of the evaluation.
    """
    errors = dataset.findings.filter(pl.col("severity") == "error")
    if errors.is_empty():
        return dataset
    work = work or Work()
    errors = errors.select(*SECTION, "code", "value", pl.col("fields").list.join(_BETWEEN).alias("_fields"))
    meant = _Meant(errors, work)

    def sections() -> pl.DataFrame:
        rows = meant.once(meant.blanked(dataset.sections, "sections"), SECTION, "sections")
        return _with_missing_stages(rows, errors, dataset.dictionary)

    def counties() -> pl.DataFrame:
        return meant.once(meant.blanked(dataset.counties, "counties"), KEYS, "counties")

    return replace(
        dataset,
        sections=meant.taken_over("sections", dataset.sections, sections),
        counties=meant.taken_over("counties", dataset.counties, counties),
        rooms=meant.without(dataset.rooms, "rooms"),
        class_list=meant.without(dataset.class_list, "class_list"),
    )


_BETWEEN = "\x1f"


class _Meant:
    """What the errors mean: which cells and rows. It rests on who each row speaks of, never on figures, so that it
    mostly stands while figures are corrected."""

    def __init__(self, errors: pl.DataFrame, work: Work) -> None:
        self._work = work
        seen = work.seen("errors", errors)
        self._all_same, self._same = seen.is_same, seen.same((*SECTION, "_fields"))
        self._targets: pl.DataFrame = work.done("targets of errors", self._same, lambda: _targets(errors))

    def taken_over(self, name: str, frame: pl.DataFrame, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """What is made of a frame; that of the evaluation before where neither it nor the errors changed."""
        same = self._work.seen(("to trust", name), frame).is_same and self._all_same
        if same:
            self._work.keep(*((each, name) for each in ("cells", "meant of", "once", "keys of")))
        return self._work.done(("trusted", name), same, make)

    def blanked(self, frame: pl.DataFrame, name: str) -> pl.DataFrame:
        """The sections or counties without the facts that are meant."""
        school = name == "sections"
        targets = self._targets if school else self._targets.filter(pl.col("school_id").is_null())
        cells = self._work.done(
            ("cells", name), self._is_same(frame, name), lambda: _cells(frame[_keys(frame)], targets, school)
        )
        named = {
            field: rows for field, rows in cells.items() if field in frame.columns and field not in IDENTITY
        }
        return frame.with_columns(frame[field].clone().scatter(rows, None) for field, rows in named.items())

    def once(self, frame: pl.DataFrame, key: list[str], name: str) -> pl.DataFrame:
        """Of rows of one key the first."""
        keys = frame[key]
        same = self._work.seen(("keys of", name), keys).same(key)
        if self._work.done(("once", name), same, lambda: not keys.is_duplicated().any()):
            return frame
        return frame.unique(key, keep="first", maintain_order=True)

    def without(self, table: pl.DataFrame, name: str) -> pl.DataFrame:
        """A detail table without the rows that are meant."""
        targets = self._targets.filter(pl.col("fields") == name)
        if not table.height or not targets.height:
            return table
        rows = _rows_meant(table[_keys(table)], targets, school=True)["_index"].unique()
        kept = table.with_row_index("_index").filter(~pl.col("_index").is_in(rows.implode()))
        return kept.drop("_index")

    def _is_same(self, frame: pl.DataFrame, name: str) -> bool:
        keys = _keys(frame)
        return self._work.seen(("meant of", name), frame[keys]).same(keys) and self._same


def _targets(errors: pl.DataFrame) -> pl.DataFrame:
    """Columns of `SECTION` and `fields`, one row a fact that is meant."""
    # Many findings may mean one cell (a code that stands a thousand times is found a thousand times).
    named = errors.select(*SECTION, "_fields").unique(maintain_order=True).filter(pl.col("_fields") != "")
    fields = pl.col("_fields").str.split(_BETWEEN).alias("fields")
    return named.select(*SECTION, fields).explode("fields", empty_as_null=True).unique()


def _keys(frame: pl.DataFrame) -> list[str]:
    return [column for column in SECTION if column in frame.columns]


def _cells(keys: pl.DataFrame, targets: pl.DataFrame, school: bool) -> dict[str, pl.Series]:
    """By fact the rows in which it is meant."""
    cells = _rows_meant(keys, targets, school=school).unique()
    return {str(name): rows["_index"] for (name,), rows in cells.partition_by("fields", as_dict=True).items()}


def _rows_meant(keys: pl.DataFrame, targets: pl.DataFrame, *, school: bool) -> pl.DataFrame:
    """Columns `_index`, `fields`: which cells of the frame with these keys the targets mean."""
    indexed = keys.with_row_index("_index")
    if not school:
        return indexed.join(targets, on=KEYS, how="inner", nulls_equal=True).select("_index", "fields")
    named, staged = pl.col("school_id").is_not_null(), pl.col("stage").is_not_null()
    scopes = (
        (SECTION, named & staged),
        (SECTION[:-1], named & ~staged),
        ([*KEYS, "stage"], ~named & staged),
        (KEYS, ~named & ~staged),
    )
    return pl.concat(
        indexed.join(
            targets.filter(scope),
            on=[key for key in on if key in keys.columns],
            how="inner",
            nulls_equal=True,
        ).select("_index", "fields")
        for on, scope in scopes
    )


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
