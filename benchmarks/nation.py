"""A made-up nation: schools of 2,850 counties as section rows and county facts, the same in every run.

Counties are drawn in blocks, each from its own seed, so that any part can be made alone. The mix is that of
a statistics export: one school in seven has several stages, a few stand under a relief, areas have decimals,
one figure in two hundred is missing, one school in five hundred stands exactly on its limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from balance_tui.data.dataset import ORIGIN_SCHEMA, Dataset
from balance_tui.data.dictionary import STAGES_OF_TYPE, dictionary

SCHOOLS, COUNTIES = 200_000, 2_850
YEAR = 2024
BLOCK = 50
"""Counties drawn from one seed."""

Columns = dict[str, Any]

_TYPES = {
    "primary_school": 0.55, "teaching_point": 0.115, "junior_school": 0.17, "nine_year": 0.105,
    "complete_secondary": 0.03, "twelve_year": 0.015, "special": 0.01, "vocational": 0.005,
}  # fmt: skip
_STAGES = {**STAGES_OF_TYPE, "special": ("primary",), "vocational": ("junior",)}
_MISSING, _ON_LIMIT = 0.005, 0.002
_GOOD_EVERY, _GOOD = 12, 2.2
"""Every twelfth county is well provided: all its schools alike, and every figure known."""


@dataclass(frozen=True)
class Size:
    """How many schools and counties to draw."""

    schools: int = SCHOOLS
    counties: int = COUNTIES


def dataset(size: Size = Size()) -> Dataset:
    """The nation as the engine takes it, without judgements."""
    fields = dictionary()
    return Dataset(
        sections=_complete(sections(size), {**fields.section_schema(), **ORIGIN_SCHEMA}),
        counties=_complete(county_facts(size), fields.county_schema()),
    )


def _complete(frame: pl.DataFrame, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    return frame.select(
        pl.col(name).cast(dtype) if name in frame.columns else pl.lit(None, dtype).alias(name)
        for name, dtype in schema.items()
    )


def sections(size: Size = Size()) -> pl.DataFrame:
    """One row a school and stage: the facts that `national-2017` reads, in the codes of the dictionary."""
    starts = range(0, size.counties, BLOCK)
    blocks = [_block(start, min(BLOCK, size.counties - start), size) for start in starts]
    frame = pl.concat(blocks, rechunk=True).with_row_index("_row", 1)
    return frame.with_columns(pl.col("_row").cast(pl.UInt32), pl.lit(0, pl.UInt32).alias("_source"))


def write_sections(path: Path, frame: pl.DataFrame, times: int = 1) -> None:
    """`frame` with its counties `times` over under new names, as a parquet file of one row group a copy."""
    plain = frame.lazy().drop("_row", "_source")
    copies = [_renamed(plain, copy) if copy else plain for copy in range(times)]
    pl.concat(copies).sink_parquet(path, row_group_size=frame.height, maintain_order=True)


def write_county_facts(path: Path, frame: pl.DataFrame, times: int = 1) -> None:
    """County facts of every copy that `write_sections` makes."""
    plain = frame.lazy()
    pl.concat([_renamed(plain, copy) if copy else plain for copy in range(times)]).sink_parquet(path)


def _renamed(frame: pl.LazyFrame, copy: int) -> pl.LazyFrame:
    """Other provinces and counties; ids of schools stay ten digits long, as real ones are."""
    names = [pl.col(name) + f"-{copy}" for name in ("province", "county")]
    if "school_id" in frame.collect_schema():
        other = pl.lit(f"{(31 + copy) % 100:02d}") + pl.col("school_id").str.slice(2)
        names.append(other.alias("school_id"))
    return frame.with_columns(names)


def county_facts(size: Size = Size()) -> pl.DataFrame:
    """One row a county: the facts that the guarantee and quality items read."""
    draw = np.random.default_rng([7, size.counties])
    n = size.counties
    rotated = draw.integers(60, 260, n)
    eligible = (rotated / draw.uniform(0.08, 0.2, n)).round()
    migrants, quota = draw.integers(500, 4000, n), draw.integers(400, 3000, n)
    entered, disabled = draw.integers(1500, 6000, n), draw.integers(40, 200, n)
    valid = draw.integers(800, 3000, n)
    facts: Columns = {
        **_keys(np.arange(n)),
        "funds_unit_rate_primary": np.full(n, 650.0),
        "funds_unit_rate_junior": np.full(n, 850.0),
        "special_students": draw.integers(20, 150, n).astype(float),
        "teacher_average_pay": draw.integers(80_000, 130_000, n).astype(float),
        "civil_servant_average_pay": draw.integers(78_000, 120_000, n).astype(float),
        "rotation_eligible": eligible,
        "rotated": rotated.astype(float),
        "rotated_backbone": (rotated * draw.uniform(0.15, 0.4, n)).round(),
        "nearby_entry_primary": np.full(n, 100.0),
        "nearby_entry_junior": draw.uniform(94, 100, n).round(2),
        "quality_senior_quota": quota.astype(float),
        "quality_senior_allocated": (quota * draw.uniform(0.48, 0.7, n)).round(),
        "migrant_eligible": migrants.astype(float),
        "migrant_public": (migrants * draw.uniform(0.8, 0.95, n)).round(),
        "migrant_purchased": (migrants * draw.uniform(0, 0.05, n)).round(),
        "graduates": (entered * draw.uniform(0.93, 0.99, n)).round(),
        "entered_three_years_ago": entered.astype(float),
        "transferred_in": draw.integers(0, 60, n).astype(float),
        "transferred_out": draw.integers(0, 60, n).astype(float),
        "deceased": draw.integers(0, 3, n).astype(float),
        "disabled_children": disabled.astype(float),
        "disabled_enrolled": (disabled * draw.uniform(0.93, 1, n)).round(),
        "recognition_valid": valid.astype(float),
        "recognition_satisfied": (valid * draw.uniform(0.82, 0.97, n)).round(),
        "basic_balance_year": draw.integers(2013, 2021, n).astype(float),
    }
    facts["special_funds"] = (facts["special_students"] * draw.uniform(0.58, 0.8, n)).round(2)
    return pl.DataFrame(facts)


def _keys(county: np.ndarray) -> Columns:
    return {
        "province": [f"{number // 95:02d}省" for number in county],
        "city": [f"{number // 9:03d}市" for number in county],
        "county": [f"{number:04d}县" for number in county],
        "year": [YEAR] * len(county),
    }


def _block(start: int, counties: int, size: Size) -> pl.DataFrame:
    """Sections of the schools of some counties: whole-school facts first, then a row for each stage."""
    draw = np.random.default_rng([17, start])
    numbers = np.arange(
        size.schools * start // size.counties, size.schools * (start + counties) // size.counties
    )
    county = np.minimum(numbers * size.counties // size.schools, size.counties - 1)
    kinds = draw.choice(list(_TYPES), len(numbers), p=list(_TYPES.values()))
    stages = [_STAGES[kind] for kind in kinds]
    lengths = np.array([len(own) for own in stages])
    school = np.repeat(np.arange(len(numbers)), lengths)
    stage = np.array([name for own in stages for name in own])
    level = np.exp(draw.normal(0.25, 0.25, size.counties)).clip(0.5, 1.9)[county]
    level[county % _GOOD_EVERY == 0] = _GOOD
    alone = lengths == 1
    exact = alone & (draw.random(len(numbers)) < _ON_LIMIT)
    location = draw.choice(["urban", "town", "rural"], len(numbers), p=[0.25, 0.35, 0.4])
    students = _students(draw, kinds[school], location[school], exact[school])
    own = _of_sections(draw, students, stage, level[school], location[school], exact[school])
    whole = _of_schools(draw, np.bincount(school, students, len(numbers)), kinds, level, location, exact)
    frame = pl.DataFrame({
        **{name: np.array(values)[school] for name, values in _keys(county).items()},
        "school_id": np.char.add("31", np.char.zfill((numbers + 1).astype(str), 8))[school],
        "school": np.char.add(numbers.astype(str), "学校")[school],
        "school_type": kinds[school], "location": location[school], "stage": stage,
        **{name: values[school] for name, values in whole.items()},
        **own,
    })  # fmt: skip
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None))


def _students(
    draw: np.random.Generator, kinds: np.ndarray, location: np.ndarray, exact: np.ndarray
) -> np.ndarray:
    middle = np.select(
        [kinds == "teaching_point", location == "urban", location == "town"], [45, 1100, 700], 260
    )
    students = np.clip(np.exp(draw.normal(np.log(middle), 0.5)), 3, 4200).round()
    return np.where(exact, np.maximum(students.round(-3), 1000), students)


def _of_sections(
    draw: np.random.Generator, students: np.ndarray, stage: np.ndarray, level: np.ndarray,
    location: np.ndarray, exact: np.ndarray,
) -> Columns:  # fmt: skip
    """Facts reported for each stage. Who stands on the limits has a thousand students or several."""
    n, primary = len(students), stage == "primary"
    classes = np.ceil(students / draw.uniform(30, 41, n))
    teachers = np.ceil(students / draw.uniform(11, 18, n)) + classes

    def per_hundred(limit: np.ndarray | float, spread: float) -> np.ndarray:
        usual = np.floor(students / 100 * limit * level * _uneven(draw, spread, level) + (level == _GOOD))
        return np.where(exact, (students * limit / 100).round(), usual)

    above = np.minimum(per_hundred(np.where(primary, 4.2, 5.3), 0.2), teachers)
    pe_art = per_hundred(0.9, 0.35)
    doctor, master = np.floor(above * 0.005), np.floor(above * 0.06)
    associate = np.where(primary, np.floor(above * 0.4), np.floor((teachers - above) * 0.9))
    bachelor = above - master - doctor - np.where(primary, associate, 0)
    small = (location == "rural") & (students < 100)
    facts: Columns = {
        "students": students, "classes": classes,
        "largest_class": np.minimum(np.ceil(students / classes) + draw.integers(0, 4, n), students),
        "teachers": teachers, "staff": teachers + draw.integers(1, 12, n),
        "teachers_doctor": doctor, "teachers_master": master, "teachers_bachelor": bachelor,
        "teachers_associate": associate, "backbone_teachers": np.minimum(per_hundred(1.0, 0.4), teachers),
        "pe_teachers": np.floor(pe_art * 0.45), "art_teachers": pe_art - np.floor(pe_art * 0.45),
        "visiting_pe_art_teachers": np.where(small, draw.integers(0, 3, n), 0),
        "certified_teachers": teachers, "trained_teachers": teachers - (draw.random(n) < 0.002),
    }  # fmt: skip
    return {name: _with_gaps(draw, values, exact | (level == _GOOD)) for name, values in facts.items()}


def _of_schools(
    draw: np.random.Generator, students: np.ndarray, kinds: np.ndarray, level: np.ndarray,
    location: np.ndarray, exact: np.ndarray,
) -> Columns:  # fmt: skip
    """Facts reported once for a school."""
    n = len(students)
    primary = np.isin(kinds, ["primary_school", "teaching_point", "special"])

    def per_student(low: float, high: float, spread: float) -> np.ndarray:
        limit = np.where(primary, low, high)
        usual = students * limit * level * _uneven(draw, spread, level)
        return np.where(exact, students * limit, usual).round(2)

    indoor = np.where(draw.random(n) < 0.3, (students * draw.uniform(0.2, 0.8, n)).round(2), 0)
    crowded = (location == "urban") & (draw.random(n) < 0.08)
    rooms = np.ceil(students / 30 / 12)
    facts: Columns = {
        "teaching_area": (per_student(4.5, 5.8, 0.25) + indoor).round(2), "indoor_sports_area": indoor,
        "sports_ground_area": (per_student(7.5, 10.2, 0.3) - indoor * exact).round(2),
        "extra_sports_area": np.where(crowded, (students * draw.uniform(0, 4, n)).round(1), 0),
        "equipment_value": per_student(0.2, 0.25, 0.3),
        "multimedia_rooms": (per_student(0.023, 0.024, 0.25) + ~exact).round(),
        "built_year": draw.integers(1960, 2022, n).astype(float),
        "migrant_children": np.floor(students * draw.uniform(0, 0.2, n)),
        "music_rooms": rooms + draw.integers(0, 2, n),
        "smallest_music_room": draw.uniform(85, 130, n).round(1),
        "art_rooms": rooms + draw.integers(0, 2, n), "smallest_art_room": draw.uniform(82, 130, n).round(1),
        "public_funds": (np.maximum(students, 100) * 880).round(),
    }  # fmt: skip
    return {name: _with_gaps(draw, values, exact | (level == _GOOD)) for name, values in facts.items()} | {
        "dense_city_centre": crowded
    }


def _uneven(draw: np.random.Generator, spread: float, level: np.ndarray) -> np.ndarray:
    """How far each school stands from the level of its county."""
    return draw.normal(1, np.where(level == _GOOD, spread / 4, spread)).clip(0.15)


def _with_gaps(draw: np.random.Generator, values: np.ndarray, known: np.ndarray) -> np.ndarray:
    missing = (draw.random(len(values)) < _MISSING) & ~known
    return np.where(missing, np.nan, values)
