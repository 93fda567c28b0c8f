"""Headers of the wide statistics export (practice.md 1), and what stands under each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..data.dictionary import CODES, Field, dictionary
from .model import Facts, Value

Path = tuple[str, ...]
"""A header from its top row down, as nested by merged cells."""

STAGE_NAMES = {"primary": "小学", "junior": "初中", "senior": "高中"}
BRACKETED = {"primary": "(小学)", "junior": "(初中)", "senior": ""}
"""The export counts backbone teachers by stage for the compulsory stages only."""

NESTED: tuple[tuple[Path, str], ...] = (
    (("学校名称",), "school"),
    (("统计三级",), "county"),
    (("办学类型",), "school_type"),
    (("是否计校数",), "campus_of"),
    (("在校生数", "合计"), "students"),
    (("专任教师", "#按学历分", "博士研究生"), "teachers_doctor"),
    (("专任教师", "#按学历分", "硕士研究生"), "teachers_master"),
    (("专任教师", "#按学历分", "本科"), "teachers_bachelor"),
    (("专任教师", "#按学历分", "专科"), "teachers_associate"),
    (("专任教师", "#按授课课程分", "体育与健康"), "pe_teachers"),
    (("专任教师", "#按授课课程分", "艺术", "计"), "art_teachers"),
    (("教基1102", "县级以上骨干教师{stage}"), "backbone_teachers"),
    (("教学及辅助用房", "计"), "teaching_area"),
    (("室内体育用房",), "indoor_sports_area"),
    (("占地面积…", "其中", "运动场地面积"), "sports_ground_area"),
    (("教学仪器设备资产值(万元)",), "equipment_value"),
    (("网络多媒体教室",), "multimedia_rooms"),
)
"""The export's own columns; a campus is marked by 0 under 是否计校数."""

HEADER_ROWS = max(len(path) for path, _ in NESTED)


@dataclass(frozen=True)
class Column:
    """One column of a workbook: `value` takes it from a section row; `total` says whether the total row
    adds it up."""

    path: Path
    value: Callable[[Facts], Value]
    number: bool = False
    total: bool = False


def _counted(row: Facts) -> Value:
    return 0 if row.get("campus_of") else 1


def _shown(field: Field) -> Callable[[Facts], Value]:
    """The value as the export shows it: labels for codes other than the owner's number, 是 and 否."""
    labels = CODES.get(field.code, {}) if field.code != "owner" else {}

    def value(row: Facts) -> Value:
        found = row.get(field.code)
        if isinstance(found, bool):
            return "是" if found else "否"
        return labels[found].zh if isinstance(found, str) and found in labels else found

    return value


def _column(path: Path, code: str) -> Column:
    field = dictionary()[code]
    return Column(path, _shown(field), field.kind == "number", field.merge == "sum")


def columns_of(stage: str, reported: frozenset[str]) -> tuple[Column, ...]:
    """The columns of a stage's workbook: the export's own, then every other reported field under its
    label."""
    own = tuple(
        Column(path, _counted)
        if code == "campus_of"
        else _column(tuple(part.format(stage=BRACKETED[stage]) for part in path), code)
        for path, code in NESTED
    )
    placed = {code for _, code in NESTED} - {"campus_of"} | {"stage"}
    further = (field for field in dictionary().of_level("school", "section") if field.code not in placed)
    return (*own, *(_column((field.label.zh,), field.code) for field in further if field.code in reported))
