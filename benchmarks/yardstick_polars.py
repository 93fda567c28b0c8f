"""The yardstick of the engine: one polars query written by hand for `national-2017` and nothing else.

Limits, weights and reliefs stand in it as constants, whoever wrote it knew the facts it reads and asked for
no explanation. A value within 1e-9 of its limit is taken to lie on it. Its answers are those of the engine,
which `benchmarks.engine_bench` asserts.
"""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

KEYS = ["province", "city", "county", "year"]
NAMES = ["L1", "L2", "L3", "L4", "L5", "L6", "L7"]
LIMITS = {
    "primary": (4.2, 1.0, 0.9, 4.5, 7.5, 2000.0, 2.3),
    "junior": (5.3, 1.0, 0.9, 5.8, 10.2, 2500.0, 2.4),
}
CV_LIMITS = {"primary": 0.50, "junior": 0.45}
NEAR = 1 - 1e-9
NOT_APPLICABLE, PASS, RELIEVED, UNKNOWN, FAIL, FLOOR = range(6)
COMBINED = ("nine_year", "complete_secondary", "twelve_year")
FACTS = [
    "school_id", "school_type", "stage", "location", "students", "teachers_above_degree",
    "teachers_associate", "teachers_bachelor", "teachers_master", "teachers_doctor",
    "backbone_teachers", "pe_teachers", "art_teachers", "visiting_pe_art_teachers", "teaching_area",
    "indoor_sports_area", "sports_ground_area", "extra_sports_area", "equipment_value",
    "multimedia_rooms", "dense_city_centre",
]  # fmt: skip


class Answer(NamedTuple):
    """`sections`: `_county`, school_id, stage, values, statuses, `_school`. `dispersion`: `_county`, stage,
    indicator, cv, `_status`, `flips_when_rounded`. `counties`: `_county`, `_status`. `_county` numbers the
    rows of `keys`."""

    keys: pl.DataFrame
    sections: pl.DataFrame
    dispersion: pl.DataFrame
    counties: pl.DataFrame


def answer(rows: pl.DataFrame) -> Answer:
    """Section rows of all counties → the frames of the resource part."""
    keys = rows.select(KEYS).unique(maintain_order=True).with_row_index("_county")
    facts = (
        rows.lazy().select(*KEYS, *FACTS).join(keys.lazy(), on=KEYS, how="left", nulls_equal=True).drop(KEYS)
    )
    counted = _shared(facts).filter(_in_scope())
    judged = pl.collect_all([_judged(counted.filter(stage=stage), stage) for stage in LIMITS])
    frames = {stage: frame.lazy() for stage, frame in zip(LIMITS, judged, strict=True)}
    dispersion = pl.concat([_spread(frame, stage) for stage, frame in frames.items()])
    spread, counties = pl.collect_all([dispersion, _verdicts(keys, frames, dispersion)])
    columns = ["_county", "school_id", "stage", *NAMES, *(f"{name}_status" for name in NAMES), "_school"]
    sections = pl.concat(frame.select(columns) for frame in judged)
    return Answer(keys, sections, spread, counties)


def _shared(facts: pl.LazyFrame) -> pl.LazyFrame:
    """Each section's part of what its school has: 1, or its weighted students of those of the stages."""
    weight = pl.col("stage").replace_strict({"primary": 1.0, "junior": 1.1, "senior": 1.32}, default=None)
    weight = (
        pl.when(pl.col("school_type") == "complete_secondary", stage="senior")
        .then(1.2 * 1.1)
        .otherwise(weight)
    )
    weighted = pl.col("students") * weight
    several = pl.col("school_type").is_in(COMBINED)
    compulsory = pl.col("students").filter(pl.col("stage") != "senior")
    sums = (
        facts.filter(several)
        .group_by("_county", "school_id")
        .agg(
            pl.when(weighted.null_count() == 0).then(weighted.sum()).alias("_all"),
            pl.when(compulsory.null_count() == 0).then(compulsory.sum()).alias("_pupils"),
        )
    )
    shared = facts.filter(several, pl.col("stage") != "senior").join(sums, on=["_county", "school_id"])
    alone = facts.filter(~several)
    return pl.concat([
        alone.with_columns(pl.lit(1.0).alias("_share"), pl.col("students").alias("_pupils")),
        shared.with_columns((weighted / pl.col("_all")).alias("_share")).drop("_all"),
    ], how="diagonal")  # fmt: skip


def _in_scope() -> pl.Expr:
    """A row whose students are missing stays in: its figures are unknown."""
    kind, students = pl.col("school_type"), pl.col("students")
    return (
        (kind != "special") & (kind != "vocational")
        & ((students > 0) & ((kind != "teaching_point") | (students >= 50))).fill_null(True)
    )  # fmt: skip


def _numerators(stage: str) -> dict[str, pl.Expr]:
    share, indoor = pl.col("_share"), pl.col("indoor_sports_area")
    degrees = pl.sum_horizontal("teachers_bachelor", "teachers_master", "teachers_doctor", ignore_nulls=False)
    if stage == "primary":
        degrees = degrees + pl.col("teachers_associate")
    given = pl.col("teachers_above_degree")
    return {
        "L1": pl.when((given == degrees).fill_null(True)).then(pl.coalesce(given, degrees)),
        "L2": pl.col("backbone_teachers"),
        "L3": pl.col("pe_teachers") + pl.col("art_teachers"),
        "L4": (pl.col("teaching_area") - indoor) * share,
        "L5": (pl.col("sports_ground_area") + indoor) * share,
        "L6": pl.col("equipment_value") * share * 10_000,
        "L7": pl.col("multimedia_rooms") * share,
    }


def _judged(rows: pl.LazyFrame, stage: str) -> pl.LazyFrame:
    scale = {"L4": 1, "L5": 1, "L6": 1}
    students = pl.when(pl.col("students") > 0).then("students")
    limits = dict(zip(NAMES, LIMITS[stage], strict=True))
    pupils = pl.col("_pupils")
    visiting = pl.col("L3_x") + pl.col("visiting_pe_art_teachers")
    venues = pl.col("L5_x") + pl.col("extra_sports_area") * pl.col("_share")
    dense = pl.col("dense_city_centre")
    t1 = (pl.col("location") == "rural") & (pupils >= 50) & (pupils < 100)
    return (
        rows.with_columns(x.alias(f"{name}_x") for name, x in _numerators(stage).items())
        .with_columns((pl.col(f"{name}_x") * scale.get(name, 100) / students).alias(name) for name in NAMES)
        .with_columns(_status(pl.col(name), limit).alias(f"{name}_plain") for name, limit in limits.items())
        .with_columns(
            *(pl.col(f"{name}_plain").alias(f"{name}_status") for name in NAMES if name not in ("L3", "L5")),
            _relieved("L3", _status(visiting * 100 / students, limits["L3"]), t1).alias("L3_status"),
            _relieved("L5", _status(venues / students, limits["L5"]), dense).alias("L5_status"),
        )
        .with_columns(_school_status().alias("_school"))
    )  # fmt: skip


def _status(value: pl.Expr, limit: float) -> pl.Expr:
    below = (
        pl.when(value >= 0.85 * limit * NEAR).then(FLOOR).when(value.is_null()).then(UNKNOWN).otherwise(FAIL)
    )
    return pl.when(value >= limit * NEAR).then(PASS).otherwise(below).cast(pl.UInt8)


def _relieved(name: str, eased: pl.Expr, applies: pl.Expr) -> pl.Expr:
    plain = pl.col(f"{name}_plain")
    better = (eased == PASS) | ((eased == FLOOR) & (plain == FAIL))
    tried = (plain >= FAIL) & applies.fill_null(True)
    open_ = (eased == UNKNOWN) | (better & applies.is_null())
    new = (
        pl.when(open_)
        .then(UNKNOWN)
        .when(eased == PASS)
        .then(RELIEVED)
        .when(better)
        .then(eased)
        .otherwise(plain)
    )
    return pl.when(tried).then(new).otherwise(plain).cast(pl.UInt8)


def _school_status() -> pl.Expr:
    """6 of 7 met and none below its floor; relieved where only reliefs make it so."""

    def rule(suffix: str) -> pl.Expr:
        columns = [pl.col(f"{name}_{suffix}") for name in NAMES]
        met = pl.sum_horizontal((column == PASS) | (column == RELIEVED) for column in columns)
        unknown = pl.sum_horizontal(column == UNKNOWN for column in columns)
        failed = pl.any_horizontal(column == FAIL for column in columns) | (met + unknown < 6)
        return pl.when(failed).then(FAIL).when(unknown > 0).then(UNKNOWN).otherwise(PASS)

    plain, eased = rule("plain"), rule("status")
    relieved = pl.when(eased == PASS).then(RELIEVED).otherwise(eased)
    return pl.when(plain == PASS).then(PASS).otherwise(relieved).cast(pl.UInt8)


def _spread(rows: pl.LazyFrame, stage: str) -> pl.LazyFrame:
    """Student-weighted CV of each indicator and county, null where a figure is missing."""
    students = pl.col("students")
    mean = [(pl.col(f"{n}_x").sum() / students.sum()).alias(f"{n}_mean") for n in NAMES]
    known = [
        ((pl.col(f"{n}_x").null_count() == 0) & (students.null_count() == 0)).alias(f"{n}_known")
        for n in NAMES
    ]
    means = rows.group_by("_county").agg(*mean, *known, students.sum().alias("_n"))
    squares = (
        rows.select("_county", "students", *(f"{n}_x" for n in NAMES))
        .join(means.select("_county", *(f"{n}_mean" for n in NAMES)), on="_county", how="left")
        .group_by("_county")
        .agg(
            (students * (pl.col(f"{n}_x") / students - pl.col(f"{n}_mean")).pow(2))
            .sum()
            .alias(f"{n}_squares")
            for n in NAMES
        )
    )
    cv = [
        pl.when(f"{n}_known", pl.col(f"{n}_mean") > 0)
        .then((pl.col(f"{n}_squares") / pl.col("_n")).sqrt() / pl.col(f"{n}_mean")).alias(n)
        for n in NAMES
    ]  # fmt: skip
    limit = CV_LIMITS[stage]
    met = pl.col("cv") <= limit / NEAR
    printed = (pl.col("cv") * 1000 + 0.5 + 1e-9).floor() / 1000 <= limit
    return (
        means.join(squares, on="_county")
        .select("_county", *cv)
        .unpivot(index="_county", variable_name="indicator", value_name="cv")
        .select(
            "_county", pl.lit(stage).alias("stage"), "indicator", "cv",
            pl.when(pl.col("cv").is_null()).then(UNKNOWN).when(met).then(PASS).otherwise(FAIL).cast(pl.UInt8)
            .alias("_status"),
            (met != printed).fill_null(False).alias("flips_when_rounded"),
        )
    )  # fmt: skip


def _verdicts(keys: pl.DataFrame, frames: dict[str, pl.LazyFrame], dispersion: pl.LazyFrame) -> pl.LazyFrame:
    """The worst of a county's sections and figures; unknown where it has no section of a stage."""
    sections = pl.concat([frame.select("_county", "stage", "_school") for frame in frames.values()])
    schools = sections.group_by("_county").agg(
        pl.col("_school").max(),
        pl.when(pl.col("stage").n_unique() == len(frames)).then(PASS).otherwise(UNKNOWN).alias("_absent"),
    )
    spread = dispersion.group_by("_county").agg(pl.col("_status").max())
    worst = pl.max_horizontal("_school", "_status", pl.col("_absent").fill_null(UNKNOWN))
    return (
        keys.lazy().select("_county")
        .join(schools, on="_county", how="left")
        .join(spread, on="_county", how="left")
        .select("_county", worst.cast(pl.UInt8).alias("_status"))
    )  # fmt: skip
