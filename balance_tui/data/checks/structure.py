"""How a school is put together: its stage rows, its campuses, facts that repeat on each row."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import polars as pl

from ...language import Text
from ..dictionary import SCHOOL_TYPES, STAGES, STAGES_OF_TYPE, Dictionary, Field
from .findings import coded, found, shown
from .options import Options
from .rules import Check, Rule, Search, firing
from .scene import KEYS, SCHOOL, Scene, differs, whole_record, whole_school


def check_structure(dictionary: Dictionary, options: Options) -> Iterator[Check]:  # noqa: ARG001
    """C06, C07, C08, C22, C28, C33."""
    for field in whole_school(dictionary):
        yield Rule("spans", _two_values(field), "C06", "school", partial(_disagreeing, field))
    yield from _school_totals()
    yield Search("stages of type", _stages_of_type, schools=("school_type", "campus_of", "stages"))
    yield Search("campuses", _campuses, schools=("campus_of",))
    wrong = (pl.col("school_type") == "vocational") & pl.col("stage").is_in(["primary", "junior"])
    yield Rule("sections", wrong, "C33", "section", _vocational)


def _disagreeing(field: Field) -> dict[str, Any]:
    """C06: a whole-school fact with two values; which one holds is not known."""
    return {
        "field": field.code, "fields": (field.code,), "value": _spoken(field, field.code),
        "message": Text("{label}在各学段行上不一致:{value} 与 {other},应为同一全校数据",
                        "{label} differs between the stage rows: {value} and {other}; it is one fact of the "
                        "whole school"),
        "label": field.label, "other": _spoken(field, f"{field.code}_most"),
    }  # fmt: skip


def _two_values(field: Field) -> pl.Expr:
    least, most = pl.col(field.code), pl.col(f"{field.code}_most")
    return differs(least, most) if field.kind in ("number", "integer") else least != most


def _spoken(field: Field, column: str) -> pl.Expr:
    value = pl.col(column)
    return shown(value) if field.kind in ("number", "integer") else value.cast(pl.String)


def _school_totals() -> Iterator[Check]:
    sum_, given = pl.col("all_students"), pl.col("school_total_students")
    yield Rule("schools", differs(sum_, given), "C07", "school", _other_total)
    migrants, compulsory = pl.col("migrant_children"), pl.col("compulsory_students")
    yield Rule("schools", migrants > compulsory, "C28", "school", _too_many_migrants)


def _other_total() -> dict[str, Any]:
    return {
        "field": "school_total_students", "fields": ("school_total_students", "students"),
        "value": shown(pl.col("school_total_students")),
        "message": Text("全校在校生数 {value} 人与各学段合计 {sum} 人不一致",
                        "the school's total {value} does not equal the {sum} students of its stages"),
        "sum": shown(pl.col("all_students")),
    }  # fmt: skip


def _too_many_migrants() -> dict[str, Any]:
    return {
        "field": "migrant_children", "fields": ("migrant_children", "students"),
        "value": shown(pl.col("migrant_children")),
        "message": Text("随迁子女数 {value} 人大于义务教育阶段在校生数 {sum} 人",
                        "migrant children {value} exceed the {sum} students of the compulsory stages"),
        "sum": shown(pl.col("compulsory_students")),
    }  # fmt: skip


def _stages_of_type(scene: Scene) -> Iterator[pl.DataFrame]:
    """C08. A stage taught at a campus counts for the school that the campus belongs to."""
    rows = _with_campus_stages(scene)
    cases = [(kind, stage, stage in due) for kind, due in STAGES_OF_TYPE.items() for stage in STAGES]
    split = tuple(field.code for field in scene.dictionary.values() if field.stage == "split")
    conditions = [_wrong_stage(*case) for case in cases]
    for case, condition, fires in zip(cases, conditions, firing(rows, conditions), strict=True):
        if fires:
            yield _wrong_stages(rows.filter(condition), case[1], case[2], split)


def _with_campus_stages(scene: Scene) -> pl.DataFrame:
    """Schools with `stages` of their own and `_taught`, which adds those of their campuses."""
    columns = (*KEYS, *SCHOOL, "school", "school_type", "campus_of", "stages", "_source", "_row")
    schools = scene.schools.select(*columns, _taught="stages")
    campuses = schools.filter(pl.col("campus_of").is_not_null())
    if campuses.is_empty():
        return schools
    stages = campuses.select("_county", school_id="campus_of", _elsewhere="stages")
    elsewhere = stages.explode("_elsewhere", empty_as_null=True).group_by(SCHOOL).agg("_elsewhere")
    joined = schools.join(elsewhere, on=SCHOOL, how="left", maintain_order="left")
    return joined.with_columns(_taught=pl.col("stages").list.concat(pl.col("_elsewhere").fill_null([])))


def _wrong_stage(school_type: str, stage: str, due: bool) -> pl.Expr:
    """Whether a school of the type lacks the stage where it is due, or has it where it is not. What a
    campus itself lacks, its parent may have."""
    lacks = pl.col("campus_of").is_null() & ~pl.col("_taught").list.contains(stage)
    wrong = lacks if due else pl.col("stages").list.contains(stage)
    return (pl.col("school_type") == school_type) & wrong


def _wrong_stages(rows: pl.DataFrame, stage: str, due: bool, split: tuple[str, ...]) -> pl.DataFrame:
    missing = Text(
        "{type}缺少{stage}行,全校数据无法在学段间拆分",
        "a {type} without its {stage} row; whole-school facts cannot be split among stages",
    )
    extra = Text("{type}不应有{stage}行,全校数据无法在学段间拆分",
                 "a {type} has no {stage} stage, yet a row of it stands here; whole-school facts cannot be "
                 "split among stages")  # fmt: skip
    return found(
        rows, "C08", "school", field="stage", fields=split, value=pl.lit(stage),
        message=missing if due else extra, type=coded("school_type"), stage=STAGES[stage],
    )  # fmt: skip


def _campuses(scene: Scene) -> Iterator[pl.DataFrame]:
    """C22. A campus whose parent is not to be found takes all its figures with it: whether they belong
    to a school of its own or to another is not known. So do those of a campus that is named as parent."""
    schools = scene.schools
    campuses = schools.filter(pl.col("campus_of").is_not_null())
    if campuses.is_empty():
        return
    parents = schools.select("_county", campus_of="school_id", _parent_of="campus_of", _found=True)
    joined = campuses.join(parents, on=["_county", "campus_of"], how="left", maintain_order="left")
    itself = pl.col("campus_of") == pl.col("school_id")
    yield _campus(scene, joined.filter(itself), Text("所属主校是其自身", "its parent is itself"))
    lost = joined.filter(~itself & pl.col("_found").is_null())
    yield _campus(scene, lost, Text("所属主校 {value} 不在本县本年名单中",
                                    "its parent {value} is not in this county's list"))  # fmt: skip
    chained = joined.filter(~itself & pl.col("_parent_of").is_not_null())
    yield _campus(
        scene, chained, Text("所属主校 {value} 本身也是校区", "its parent {value} is itself a campus")
    )
    middle = schools.join(chained.select("_county", school_id="campus_of"), on=SCHOOL, how="semi")
    yield _campus(scene, middle, Text("是 {value} 的校区,却又是另一校区的主校",
                                      "a campus of {value}, yet the parent of another campus"))  # fmt: skip


def _campus(scene: Scene, rows: pl.DataFrame, message: Text) -> pl.DataFrame:
    fields = ("campus_of", *whole_record(scene.dictionary))
    return found(rows, "C22", "school", field="campus_of", fields=fields, value=pl.col("campus_of"),
                 message=message)  # fmt: skip


def _vocational() -> dict[str, Any]:
    return {
        "field": "school_type", "fields": ("school_type",), "value": pl.col("school_type"),
        "message": Text("{type}不得附设普通{stage}班", "a {type} may not have attached ordinary {stage} classes"),
        "type": SCHOOL_TYPES["vocational"], "stage": coded("stage"),
    }  # fmt: skip
