"""Warnings: figures that can be right but seldom are, and limits that lie close."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import polars as pl

from ...language import Text
from ..dictionary import Dictionary, Field
from .findings import computed, found, shown
from .options import Options
from .parts import DEGREES
from .rules import Check, Rule, Search
from .scene import Scene, differs, total

YUAN_PER_WAN = 10_000
EQUIPMENT_YUAN = (50, 100_000)
"""Equipment per student, 元, outside which a unit has probably slipped (practice 4)."""

NEAR_50, NEAR_100 = (45, 54), (95, 104)
SMALL_VILLAGE = 50
ORDINARY = ("primary_school", "junior_school", "nine_year", "complete_secondary", "twelve_year")


def check_plausible(dictionary: Dictionary, options: Options) -> Iterator[Check]:  # noqa: ARG001
    """C12, C14, C15, C16, C26, C37, C38."""
    each, (low, high) = _equipment_each(), EQUIPMENT_YUAN
    odd = (pl.col("all_students") > 0) & ((each < low) | (each > high))
    yield Rule("schools", odd, "C12", "school", _equipment)
    yield from _near_limits()
    yield from _reliefs()
    for name in ("students", "classes", "teachers"):
        yield Rule("sections", pl.col(name) == 0, "C16", "section", partial(_nothing_there, dictionary[name]))
    for stage, degrees in (("primary", DEGREES), ("junior", DEGREES[1:])):
        broken = (pl.col("stage") == stage) & differs(pl.col("teachers_above_degree"), total(degrees))
        yield Rule("sections", broken, "C26", "section", partial(_degrees, degrees))
    yield Rule("sections", _is_small_village_school(), "C37", "section", _small_village_school)
    yield Search("grades short", _grades_short, sections=("school_type", "grades"))


def _equipment_each() -> pl.Expr:
    return pl.col("equipment_value") * YUAN_PER_WAN / pl.col("all_students")


def _equipment() -> dict[str, Any]:
    low, high = map(str, EQUIPMENT_YUAN)
    return {
        "field": "equipment_value", "fields": ("equipment_value",), "value": shown(pl.col("equipment_value")),
        "message": Text("教学仪器设备资产值 {value} 万元,生均 {each} 元,"
                        "不在 {low}–{high} 元之间,请核对单位(万元)",
                        "equipment {value} (10,000 yuan) is {each} yuan a student, outside {low}–{high}; is the "
                        "unit 10,000 yuan?"),
        "each": computed(_equipment_each()), "low": Text(low, low), "high": Text(high, high),
    }  # fmt: skip


def _near_limits() -> Iterator[Check]:
    kind, students = pl.col("school_type"), pl.col("students")
    primary = (pl.col("stage") == "primary") & kind.is_in(["primary_school", "teaching_point"])
    near_50 = primary & (kind == "teaching_point") & students.is_between(*NEAR_50)
    yield Rule("sections", near_50, "C14", "section", partial(_near, Text(
        "教学点 {value} 人,接近 50 人;是否计入评估范围取决于此",
        "a teaching point of {value} students, near 50; whether it is in scope hangs on it",
    )))  # fmt: skip
    near_100 = primary & students.is_between(*NEAR_100)
    yield Rule("sections", near_100, "C14", "section", partial(_near, Text(
        "小规模学校 {value} 人,接近 100 人;过渡条款与公用经费核定取决于此",
        "a small school of {value} students, near 100; reliefs and its public funds hang on it",
    )))  # fmt: skip


def _near(message: Text) -> dict[str, Any]:
    value = shown(pl.col("students"))
    return {"field": "students", "fields": ("students",), "value": value, "message": message}


def _reliefs() -> Iterator[Check]:
    dense, extra = pl.col("dense_city_centre"), pl.col("extra_sports_area")
    yield Rule("schools", dense & extra.is_null(), "C15", "school", lambda: {
        "field": "extra_sports_area", "fields": ("extra_sports_area",),
        "message": Text("标为人口密度过高的中心城区学校,但未填认可的其他运动场所面积",
                        "marked as in an over-dense city centre, but no other accepted sports area is given"),
    })  # fmt: skip
    yield Rule("schools", (extra > 0) & ~dense.fill_null(False), "C15", "school", lambda: {
        "field": "dense_city_centre", "fields": ("dense_city_centre",), "value": shown(extra),
        "message": Text("填有认可的其他运动场所面积 {value} ㎡,但未标为人口密度过高的中心城区学校",
                        "{value} m² of other accepted sports area is given, but the school is not marked as in "
                        "an over-dense city centre"),
    })  # fmt: skip
    visiting = pl.col("visiting_pe_art_teachers")
    yield Rule("sections", (visiting > 0) & pl.col("location").is_null(), "C15", "section", lambda: {
        "field": "location", "fields": ("location",), "value": shown(visiting),
        "message": Text("填有走教体育艺术教师 {value} 人,但未填城乡分类",
                        "{value} visiting PE and art teachers are given, but no location (urban or rural)"),
    })  # fmt: skip
    yield Rule("schools", pl.col("built_year") > pl.col("year"), "C15", "school", lambda: {
        "field": "built_year", "fields": ("built_year",), "value": shown(pl.col("built_year")),
        "message": Text("规划建成年份 {value} 晚于数据年份 {year}",
                        "built in {value}, after the data's year {year}"),
        "year": pl.col("year").cast(pl.String),
    })  # fmt: skip


def _nothing_there(field: Field) -> dict[str, Any]:
    return {
        "field": field.code, "fields": (field.code,), "value": shown(pl.col(field.code)),
        "message": Text("{label}为 {value}", "{label} is {value}"), "label": field.label,
    }  # fmt: skip


def _degrees(degrees: tuple[str, ...]) -> dict[str, Any]:
    """C26. The required degree is 专科 in primary, 本科 in junior secondary."""
    above = pl.col("teachers_above_degree")
    return {
        "field": "teachers_above_degree", "fields": ("teachers_above_degree", *degrees), "value": shown(above),
        "message": Text("高于规定学历教师数 {value} 与各学历教师合计 {sum} 不一致,二者都不采用",
                        "teachers above the required degree {value} differ from the sum {sum} of the "
                        "degrees; neither is used"),
        "sum": shown(total(degrees)),
    }  # fmt: skip


def _is_small_village_school() -> pl.Expr:
    students = pl.col("students")
    small = (pl.col("school_type") == "primary_school") & (students > 0) & (students < SMALL_VILLAGE)
    return (pl.col("stage") == "primary") & small & pl.col("campus_of").is_null()


def _small_village_school() -> dict[str, Any]:
    return {
        "field": "students", "fields": ("students",), "value": shown(pl.col("students")),
        "message": Text("小学(非教学点) {value} 人,不足 {limit} 人;是否计入评估范围无明文规定",
                        "a primary school, not a teaching point, of {value} students, under {limit}; no source "
                        "says whether it is in scope"),
        "limit": Text(str(SMALL_VILLAGE), str(SMALL_VILLAGE)),
    }  # fmt: skip


def _grades_short(scene: Scene) -> Iterator[pl.DataFrame]:
    """C38. How many grades a stage has differs between places (六三, 五四): the fullest schools of the county
    tell. Teaching points keep the lower grades by their nature."""
    grades = pl.col("grades")
    schools = scene.sections.filter(
        pl.col("school_type").is_in(ORDINARY) & pl.col("stage").is_in(["primary", "junior"])
    )
    most = grades.max().over("_county", "stage").alias("_most")
    yield found(
        schools.with_columns(most).filter((grades > 0) & (grades < pl.col("_most"))), "C38", "section",
        field="grades", fields=("grades",), value=shown(grades),
        message=Text("只有 {value} 个年级,本县同学段最多 {most} 个;新建未满员学校照常计入",
                     "{value} grades where others of the county have {most}; a new school without all "
                     "grades counts all the same"),
        most=shown(pl.col("_most")),
    )  # fmt: skip
