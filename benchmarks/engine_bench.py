"""The resource part of the engine against the same frames written by hand."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from polars.testing import assert_frame_equal

from balance_tui.data.dataset import Dataset
from balance_tui.engine.context import Context, settings_of
from balance_tui.engine.resources import Resources, resources
from balance_tui.engine.schools import county_numbers, needed_columns, numbered, section_rows
from balance_tui.engine.status import WORDS
from balance_tui.language import Text
from balance_tui.standard.load import load_standard

from . import yardstick_pandas, yardstick_polars
from .measure import Row, at_most, faster, medians
from .yardstick_polars import KEYS, NAMES, Answer

_STATUSES = [f"{name}_status" for name in NAMES]


def context() -> Context:
    standard = load_standard("national-2017")
    return Context(standard, settings_of(standard, {}))


def engine(dataset: Dataset, given: Context) -> tuple[pl.DataFrame, Resources]:
    """Section rows in memory → the counties, and their values, school rule, dispersion and verdict frames."""
    keys = county_numbers(dataset.sections, dataset.counties)
    names = [name for name in dataset.sections.columns if name in dataset.dictionary]
    rows = numbered(dataset.sections.select(needed_columns(names)), keys)
    return keys, resources(section_rows(rows, given), keys, given)


def rows(dataset: Dataset, runs: int, pandas_counties: int) -> Iterator[Row]:
    given = context()
    same_as_polars(dataset, given)
    yield _against_polars(dataset, given, runs)
    yield _against_pandas(dataset, given, runs, pandas_counties)


def _against_polars(dataset: Dataset, given: Context, runs: int) -> Row:
    taken, by_hand = medians(
        runs, lambda: engine(dataset, given), lambda: yardstick_polars.answer(dataset.sections)
    )
    count = dataset.sections.select(KEYS).n_unique()
    what = Text(
        f"引擎, 全国 {count:,} 县; 参照: 手写 polars 查询",
        f"engine, {count:,} counties; a hand-written polars query",
    )
    return at_most(what, taken, by_hand, 1.5)


def _against_pandas(dataset: Dataset, given: Context, runs: int, counties: int) -> Row:
    """pandas on some counties only: what it takes grows with the rows, so it is scaled by them."""
    keys = dataset.sections.select(KEYS).unique(maintain_order=True)
    part = dataset.sections.join(keys.head(counties), on=KEYS, how="semi", maintain_order="left")
    frame = _pandas(part)
    same_as_pandas(part, dataset, given)
    (taken,) = medians(runs, lambda: engine(dataset, given))
    (of_part,) = medians(1, lambda: yardstick_pandas.answer(frame))
    scaled = of_part * dataset.sections.height / part.height
    what = Text(
        f"同上; 参照: pandas groupby-apply ({counties} 县, 按行数放大)",
        f"the same; pandas groupby-apply ({counties} counties, scaled by rows)",
    )
    return faster(what, taken, scaled, 100)


def _pandas(part: pl.DataFrame):  # noqa: ANN202 - pandas is no dependency of type checks
    import pandas as pd

    columns = {name: part[name].to_list() for name in (*KEYS, *yardstick_polars.FACTS)}
    numbers = [name for name in yardstick_polars.FACTS if part.schema[name] == pl.Float64]
    return pd.DataFrame(columns).astype(dict.fromkeys(numbers, "float64"))


def same_as_polars(dataset: Dataset, given: Context) -> None:
    """Values, statuses, CVs and county verdicts of the engine are those of the query, or AssertionError."""
    keys, found = engine(dataset, given)
    by_hand = yardstick_polars.answer(dataset.sections)
    for ours, theirs in zip(_told(keys, found), _told_by_hand(by_hand), strict=True):
        _assert_same(ours, theirs)


def _assert_same(ours: pl.DataFrame, theirs: pl.DataFrame) -> None:
    order = [name for name in (*KEYS, "school_id", "stage", "indicator") if name in ours.columns]
    theirs = theirs.select(ours.columns)
    assert_frame_equal(ours.sort(order), theirs.sort(order), check_exact=False, rel_tol=1e-9, abs_tol=1e-12)


def _told(keys: pl.DataFrame, found: Resources) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    columns = ["school_id", "stage", *NAMES, *_STATUSES, "_school"]
    sections = pl.concat([rows.select(*KEYS, *columns) for rows in found.stages.values()])
    dispersion = found.dispersion.join(keys, on="_county").select(
        *KEYS, "stage", "indicator", "cv", "_status", "flips_when_rounded"
    )
    worst = pl.max_horizontal("_schools", "_dispersion", "_absent").alias("_status")
    counties = found.counties.join(keys, on="_county").select(*KEYS, worst)
    return sections, dispersion, counties


def _told_by_hand(answer: Answer) -> tuple[pl.DataFrame, ...]:
    return tuple(
        frame.join(answer.keys, on="_county").select(*KEYS, pl.all().exclude("_county", *KEYS))
        for frame in (answer.sections, answer.dispersion, answer.counties)
    )


def same_as_pandas(part: pl.DataFrame, dataset: Dataset, given: Context) -> None:
    """Statuses of sections and CVs of counties in pandas are those of the engine, or AssertionError."""
    keys, found = engine(dataset, given)
    sections, spread = yardstick_pandas.answer(_pandas(part))
    wanted = part.select(KEYS).unique()
    ours, dispersion, _ = (frame.join(wanted, on=KEYS, how="semi") for frame in _told(keys, found))
    words = pl.all().replace_strict(dict(enumerate(WORDS)), return_dtype=pl.String)
    ours = ours.with_columns(ours.select(*_STATUSES, "_school").select(words)).rename({"_school": "school"})
    theirs = pl.DataFrame(sections.to_dict("list"), schema_overrides={"year": pl.Int32}).fill_nan(None)
    _assert_same(ours, theirs)
    cvs = pl.DataFrame(
        spread[[*KEYS, "stage", "indicator", "cv"]].to_dict("list"), schema_overrides={"year": pl.Int32}
    )
    _assert_same(dispersion.select(cvs.columns), cvs.fill_nan(None))
