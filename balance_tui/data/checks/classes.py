"""Classes, grades and rooms: the summary figures against each other and against the detail tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import polars as pl

from ...language import Text
from ..dictionary import STAGES, Dictionary
from .findings import Level, found, shown
from .options import Options
from .rules import Check, Rule, Search
from .scene import KEYS, Scene, complete_sum, differs, exceeds

SECTION = [*KEYS, "school_id", "stage"]


def check_classes(dictionary: Dictionary, options: Options) -> Iterator[Check]:  # noqa: ARG001
    """C05, C19, C20, C21, C36."""
    largest, classes, students = pl.col("largest_class"), pl.col("classes"), pl.col("students")
    yield Rule("sections", exceeds(students, largest * classes), "C05", "section", _room_in_classes)
    yield from _oversized(options)
    yield Search("sums", _sums, sections=("classes", "students"), tables=("class_bands", "grade_students"))
    listed = ("students", "classes", "largest_class", "oversized_classes")
    yield Search("class_list", _class_list, sections=listed, tables=("class_list",))
    yield Search("rooms", _rooms, schools=_OF_ROOMS, tables=("rooms",))
    yield Search("unknown schools", _unknown_schools, tables=_TABLES)


_OF_ROOMS = ("music_rooms", "smallest_music_room", "art_rooms", "smallest_art_room")
_TABLES = ("rooms", "class_list", "class_bands", "grade_students")


def _room_in_classes() -> dict[str, Any]:
    largest, classes, students = pl.col("largest_class"), pl.col("classes"), pl.col("students")
    return {
        "field": "largest_class", "fields": ("largest_class", "classes", "students"), "value": shown(largest),
        "message": Text("最大班额 {value} 人 × 班级数 {classes} 小于在校生数 {students} 人",
                        "largest class {value} × {classes} classes cannot hold {students} students"),
        "classes": shown(classes), "students": shown(students),
    }  # fmt: skip


def _oversized(options: Options) -> Iterator[Check]:
    """C19. The limit of the stage decides which classes are oversized; without one nothing is compared."""
    largest, oversized = pl.col("largest_class"), pl.col("oversized_classes")
    for stage in STAGES:
        limit = options.class_limits.get(stage)
        if limit is not None:
            broken = (pl.col("stage") == stage) & ((largest > limit) != (oversized > 0))
            yield Rule("sections", broken, "C19", "section", partial(_against_limit, limit))


def _against_limit(limit: float) -> dict[str, Any]:
    largest, oversized = pl.col("largest_class"), pl.col("oversized_classes")
    return {
        "field": "oversized_classes", "fields": ("largest_class", "oversized_classes"),
        "value": shown(oversized),
        "message": Text("最大班额 {largest} 人、超班额班级 {value} 个,与班额上限 {limit} 人矛盾",
                        "largest class {largest} and {value} oversized classes contradict each other at "
                        "the limit of {limit}"),
        "largest": shown(largest), "limit": shown(pl.lit(float(limit))),
    }  # fmt: skip


def _sums(scene: Scene) -> Iterator[pl.DataFrame]:
    """C05: classes by band, students by grade."""
    for table, amount in ((scene.dataset.class_bands, "classes"), (scene.dataset.grade_students, "students")):
        if table.is_empty():
            continue
        sums = table.group_by(SECTION, maintain_order=True).agg(_sum=complete_sum(amount))
        rows = scene.sections.join(sums, on=SECTION, how="inner", nulls_equal=True)
        yield found(
            rows.filter(differs(pl.col("_sum"), pl.col(amount))), "C05", "section",
            field=amount, fields=(amount,), value=shown(pl.col(amount)),
            message=Text("{label} {value} 与{parts}合计 {sum} 不一致",
                         "{label} {value} does not equal the sum {sum} of its {parts}"),
            label=scene.dictionary.label(amount), sum=shown(pl.col("_sum")),
            parts=Text("各班额段", "class bands") if amount == "classes" else Text("各年级", "grades"),
        )  # fmt: skip


def _class_list(scene: Scene) -> Iterator[pl.DataFrame]:
    """C20, C21. A list whose students do not sum to the students reported is incomplete or wrong: neither
    it nor the figures beside it are used. Where it only contradicts a summary figure, the list holds."""
    if scene.dataset.class_list.is_empty():
        return
    lists = scene.dataset.class_list.join(
        pl.DataFrame([(stage, scene.options.class_limits.get(stage)) for stage in STAGES],
                     schema={"stage": pl.String, "_limit": pl.Float64}, orient="row"),
        on="stage", how="left", maintain_order="left",
    )  # fmt: skip
    complete = pl.col("students").null_count() == 0
    listed = lists.group_by(SECTION, maintain_order=True).agg(
        _students=complete_sum("students"),
        _classes=pl.len().cast(pl.Float64),
        _largest_class=pl.when(complete).then(pl.col("students").max()),
        _oversized_classes=pl.when(complete & pl.col("_limit").is_not_null().all()).then(
            (pl.col("students") > pl.col("_limit")).sum().cast(pl.Float64)
        ),
    )
    rows = scene.sections.join(listed, on=SECTION, how="inner", nulls_equal=True)
    yield found(
        rows.filter(differs(pl.col("_students"), pl.col("students"))), "C20", "section",
        field="students",
        fields=("students", "classes", "largest_class", "oversized_classes", "class_list"),
        value=shown(pl.col("students")),
        message=Text("在校生数 {value} 人与班级明细表合计 {sum} 人不一致",
                     "students {value} do not equal the {sum} students of the class list"),
        sum=shown(pl.col("_students")),
    )  # fmt: skip
    yield from _against_list(scene, rows, "section", ("classes", "largest_class", "oversized_classes"))


def _rooms(scene: Scene) -> Iterator[pl.DataFrame]:
    """C21: the room list against the number and smallest area of each kind."""
    if scene.dataset.rooms.is_empty():
        return
    for kind in ("music", "art"):
        listed = (
            scene.dataset.rooms.filter(pl.col("kind") == kind)
            .group_by([*KEYS, "school_id"], maintain_order=True)
            .agg(
                pl.len().cast(pl.Float64).alias(f"_{kind}_rooms"),
                pl.when(pl.col("area").null_count() == 0)
                .then(pl.col("area").min())
                .alias(f"_smallest_{kind}_room"),
            )
        )
        rows = scene.schools.join(listed, on=[*KEYS, "school_id"], how="inner", nulls_equal=True)
        yield from _against_list(scene, rows, "school", (f"{kind}_rooms", f"smallest_{kind}_room"))


def _against_list(
    scene: Scene, rows: pl.DataFrame, level: Level, fields: Sequence[str]
) -> Iterator[pl.DataFrame]:
    for field in fields:
        summary, listed = pl.col(field), pl.col(f"_{field}")
        yield found(
            rows.filter(differs(summary, listed)), "C21", level, field=field, fields=(field,),
            value=shown(summary),
            message=Text("{label} {value} 与明细表 {listed} 不一致,采用明细表",
                         "{label} {value} differs from {listed} in the detail list; the list is used"),
            label=scene.dictionary.label(field), listed=shown(listed),
        )  # fmt: skip


def _unknown_schools(scene: Scene) -> Iterator[pl.DataFrame]:
    """C36: a row of a detail table that no school or section takes up."""
    school = [*KEYS, "school_id"]
    tables = (
        ("rooms", scene.dataset.rooms, school), ("class_list", scene.dataset.class_list, SECTION),
        ("class_bands", scene.dataset.class_bands, SECTION),
        ("grade_students", scene.dataset.grade_students, SECTION),
    )  # fmt: skip
    for name, table, key in tables:
        if table.is_empty():
            continue
        known = scene.sections.select(key)
        strangers = table.join(known, on=key, how="anti", nulls_equal=True).unique(key, maintain_order=True)
        yield found(
            strangers.with_columns(school=pl.lit(None, pl.String)), "C36",
            "section" if key is SECTION else "school",
            field=name, fields=(), value=pl.col("school_id"),
            message=Text("明细表 {table} 中的学校 {value} 不在学校名单中,该行未使用",
                         "school {value} of the detail table {table} is not in the school list; its rows "
                         "are not used"),
            table=Text(name, name),
        )  # fmt: skip
