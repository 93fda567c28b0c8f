"""Warnings: figures that can be right but seldom are, and limits that lie close."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ...language import Text
from .findings import computed, found, shown
from .parts import DEGREES
from .scene import Scene, differs, total

YUAN_PER_WAN = 10_000
EQUIPMENT_YUAN = (50, 100_000)
"""Equipment per student, 元, outside which a unit has probably slipped (practice 4)."""

NEAR_50, NEAR_100 = (45, 54), (95, 104)
SMALL_VILLAGE = 50
ORDINARY = ("primary_school", "junior_school", "nine_year", "complete_secondary", "twelve_year")


def check_plausible(scene: Scene) -> Iterator[pl.DataFrame]:
    """C12, C14, C15, C16, C26, C37, C38."""
    yield _equipment(scene)
    yield from _near_limits(scene)
    yield from _reliefs(scene)
    yield from _nothing_there(scene)
    yield from _degrees(scene)
    yield _small_village_schools(scene)
    yield _grades_short(scene)


def _equipment(scene: Scene) -> pl.DataFrame:
    students = pl.col("all_students")
    each = pl.col("equipment_value") * YUAN_PER_WAN / students
    low, high = EQUIPMENT_YUAN
    return found(
        scene.schools.filter((students > 0) & ((each < low) | (each > high))), "C12", "school",
        field="equipment_value", fields=("equipment_value",), value=shown(pl.col("equipment_value")),
        message=Text("教学仪器设备资产值 {value} 万元,生均 {each} 元,"
                     "不在 {low}–{high} 元之间,请核对单位(万元)",
                     "equipment {value} (10,000 yuan) is {each} yuan a student, outside {low}–{high}; is the "
                     "unit 10,000 yuan?"),
        each=computed(each), low=Text(str(low), str(low)), high=Text(str(high), str(high)),
    )  # fmt: skip


def _near_limits(scene: Scene) -> Iterator[pl.DataFrame]:
    kind, students = pl.col("school_type"), pl.col("students")
    primary = scene.sections.filter(
        (pl.col("stage") == "primary") & kind.is_in(["primary_school", "teaching_point"])
    )
    near_50 = (kind == "teaching_point") & students.is_between(*NEAR_50)
    yield found(
        primary.filter(near_50), "C14", "section", field="students", fields=("students",),
        value=shown(students),
        message=Text("教学点 {value} 人,接近 50 人;是否计入评估范围取决于此",
                     "a teaching point of {value} students, near 50; whether it is in scope hangs on it"),
    )  # fmt: skip
    yield found(
        primary.filter(students.is_between(*NEAR_100)), "C14", "section", field="students",
        fields=("students",), value=shown(students),
        message=Text("小规模学校 {value} 人,接近 100 人;过渡条款与公用经费核定取决于此",
                     "a small school of {value} students, near 100; reliefs and its public funds hang on it"),
    )  # fmt: skip


def _reliefs(scene: Scene) -> Iterator[pl.DataFrame]:
    schools = scene.schools
    dense, extra = pl.col("dense_city_centre"), pl.col("extra_sports_area")
    yield found(
        schools.filter(dense & extra.is_null()), "C15", "school", field="extra_sports_area",
        fields=("extra_sports_area",),
        message=Text("标为人口密度过高的中心城区学校,但未填认可的其他运动场所面积",
                     "marked as in an over-dense city centre, but no other accepted sports area is given"),
    )  # fmt: skip
    yield found(
        schools.filter((extra > 0) & ~dense.fill_null(False)), "C15", "school", field="dense_city_centre",
        fields=("dense_city_centre",), value=shown(extra),
        message=Text("填有认可的其他运动场所面积 {value} ㎡,但未标为人口密度过高的中心城区学校",
                     "{value} m² of other accepted sports area is given, but the school is not marked as in "
                     "an over-dense city centre"),
    )  # fmt: skip
    visiting = pl.col("visiting_pe_art_teachers")
    yield found(
        scene.sections.filter((visiting > 0) & pl.col("location").is_null()), "C15", "section",
        field="location", fields=("location",), value=shown(visiting),
        message=Text("填有走教体育艺术教师 {value} 人,但未填城乡分类",
                     "{value} visiting PE and art teachers are given, but no location (urban or rural)"),
    )  # fmt: skip
    yield found(
        schools.filter(pl.col("built_year") > pl.col("year")), "C15", "school", field="built_year",
        fields=("built_year",), value=shown(pl.col("built_year")),
        message=Text("规划建成年份 {value} 晚于数据年份 {year}",
                     "built in {value}, after the data's year {year}"),
        year=pl.col("year").cast(pl.String),
    )  # fmt: skip


def _nothing_there(scene: Scene) -> Iterator[pl.DataFrame]:
    for field in ("students", "classes", "teachers"):
        yield found(
            scene.sections.filter(pl.col(field) == 0), "C16", "section", field=field, fields=(field,),
            value=shown(pl.col(field)), message=Text("{label}为 {value}", "{label} is {value}"),
            label=scene.dictionary.label(field),
        )  # fmt: skip


def _degrees(scene: Scene) -> Iterator[pl.DataFrame]:
    """C26. The required degree is 专科 in primary, 本科 in junior secondary."""
    for stage, degrees in (("primary", DEGREES), ("junior", DEGREES[1:])):
        above, sum_ = pl.col("teachers_above_degree"), total(degrees)
        yield found(
            scene.sections.filter((pl.col("stage") == stage) & differs(above, sum_)), "C26", "section",
            field="teachers_above_degree", fields=("teachers_above_degree", *degrees), value=shown(above),
            message=Text("高于规定学历教师数 {value} 与各学历教师合计 {sum} 不一致,二者都不采用",
                         "teachers above the required degree {value} differ from the sum {sum} of the "
                         "degrees; neither is used"),
            sum=shown(sum_),
        )  # fmt: skip


def _small_village_schools(scene: Scene) -> pl.DataFrame:
    students = pl.col("students")
    small = (pl.col("school_type") == "primary_school") & (students > 0) & (students < SMALL_VILLAGE)
    return found(
        scene.sections.filter((pl.col("stage") == "primary") & small & pl.col("campus_of").is_null()),
        "C37", "section", field="students", fields=("students",), value=shown(students),
        message=Text("小学(非教学点) {value} 人,不足 {limit} 人;是否计入评估范围无明文规定",
                     "a primary school, not a teaching point, of {value} students, under {limit}; no source "
                     "says whether it is in scope"),
        limit=Text(str(SMALL_VILLAGE), str(SMALL_VILLAGE)),
    )  # fmt: skip


def _grades_short(scene: Scene) -> pl.DataFrame:
    """C38. How many grades a stage has differs between places (六三, 五四): the fullest schools of the county
    tell. Teaching points keep the lower grades by their nature."""
    grades = pl.col("grades")
    schools = scene.sections.filter(
        pl.col("school_type").is_in(ORDINARY) & pl.col("stage").is_in(["primary", "junior"])
    )
    most = grades.max().over("_county", "stage").alias("_most")
    return found(
        schools.with_columns(most).filter((grades > 0) & (grades < pl.col("_most"))), "C38", "section",
        field="grades", fields=("grades",), value=shown(grades),
        message=Text("只有 {value} 个年级,本县同学段最多 {most} 个;新建未满员学校照常计入",
                     "{value} grades where others of the county have {most}; a new school without all "
                     "grades counts all the same"),
        most=shown(pl.col("_most")),
    )  # fmt: skip
