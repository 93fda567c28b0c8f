"""The one published table of data checks: code, severity, what it says, where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...language import Text

Severity = Literal["reject", "error", "warning"]

SEVERITIES: dict[Severity, Text] = {
    "reject": Text("拒收:数据不可信,不予评估", "reject: the file cannot be trusted, nothing is evaluated"),
    "error": Text("错误:依据它的数据视为未知,其余照常评估",
                  "error: the figures that rest on it become unknown, the rest is evaluated"),
    "warning": Text("提醒:照常评估,请核对", "warning: evaluated as given, please verify"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """One data check. `code` is stable; `source` names the clause it is drawn from."""

    code: str
    severity: Severity
    title: Text
    source: str


def _check(code: str, severity: Severity, zh: str, en: str, source: str) -> Check:
    return Check(code, severity, Text(zh, en), source)


CHECKS: tuple[Check, ...] = (
    _check("C01", "error", "各学历教师数之和、高于规定学历教师数均不大于专任教师数",
           "teachers by degree, summed, and teachers above the required degree do not exceed teachers",
           "practice 4"),
    _check("C02", "error", "骨干教师、体育与艺术教师、持证教师、完成培训教师均不大于专任教师数",
           "backbone, PE and art, certified and trained teachers do not exceed teachers", "practice 4"),
    _check("C03", "error", "专任教师数不大于教职工数", "teachers do not exceed staff", "practice 4"),
    _check("C04", "error", "室内体育用房面积不大于教学及辅助用房面积",
           "the indoor sports area does not exceed the teaching area", "practice 4"),
    _check("C05", "error", "各班额段班数之和等于班级数,各年级学生数之和等于在校生数,"
           "最大班额×班级数不小于在校生数",
           "class bands sum to classes, grades sum to students, largest class × classes reaches students",
           "practice 4"),
    _check("C06", "error", "一贯制学校或完全中学的全校数据在各学段行上一致",
           "whole-school facts of a combined school agree on all its stage rows", "practice 4"),
    _check("C07", "error", "各学段在校生数之和等于全校在校生数",
           "students of all stages sum to the school's total, where one is given", "practice 4"),
    _check("C08", "error", "学段行与办学类型相符", "the stage rows agree with the school type", "practice 4"),
    _check("C09", "error", "县内同一学段的学校标识码、学校名称不重复,一个标识码只有一所学校",
           "no school code or name stands twice in a county and stage, no code names two schools",
           "practice 4"),
    _check("C10", "error", "表Ⅱ-2 各校合计与表Ⅰ一致(学校数、学生数、班级数)",
           "sums over the schools of form II-2 agree with form I (schools, students, classes)",
           "practice 4; forms 表I, 表Ⅱ-2"),
    _check("C11", "error", "比例不超过100%,表Ⅳ至表Ⅵ中部分不大于总体",
           "rates do not exceed 100 %, parts do not exceed totals in forms IV to VI", "practice 4"),
    _check("C12", "warning", "生均数值在合理范围内(疑似单位填错)",
           "values per student lie in a plausible range (otherwise a unit may have slipped)", "practice 4"),
    _check("C13", "warning", "与上年相比变化不超过设定百分比,上年学校未缺失,新增学校已列出",
           "change against last year stays within the set percentage; no school is missing; new schools "
           "are named", "practice 4"),
    _check("C14", "warning", "教学点接近50人、小规模学校接近100人(评估范围或过渡条款随之改变)",
           "a teaching point near 50 or a small school near 100 students (scope or relief flips there)",
           "practice 4; national 3, 6.1"),
    _check("C15", "warning", "过渡条款数据配有其条件数据,建成年份不晚于数据年份",
           "facts of a relief come with its condition, the year built is not after the data's year",
           "practice 4; national 6.1"),
    _check("C16", "warning", "学校有学生、班级和教师", "a school has students, classes and teachers",
           "practice 4"),
    _check("C17", "reject", "每行都有学校和学段", "every row names its school and its stage",
           "fields.csv school_id, stage"),
    _check("C18", "error", "数值在可能范围内", "a number lies within what is possible",
           "dictionary.csv low, high"),
    _check("C19", "error", "最大班额与超班额班级数不矛盾",
           "the largest class and the number of oversized classes do not contradict each other",
           "national 6.2 G05"),
    _check("C20", "error", "班级明细表的学生数之和等于在校生数",
           "students of the class list sum to the students reported", "practice 4; national 6.2"),
    _check("C21", "warning", "班级、专用教室明细表与汇总数一致(不一致时采用明细表)",
           "class and room lists agree with the summary figures (the list is used where they differ)",
           "national 6.2"),
    _check("C22", "error", "校区所属主校存在,且不是自身或另一校区",
           "the parent of a campus exists and is neither itself nor another campus",
           "national 5; fields.csv campus_of"),
    _check("C23", "warning", "不同市有同名县区,按不同县区分别评估",
           "one county name stands in several cities; each is evaluated as a county of its own",
           "fields.csv county"),
    _check("C24", "error", "同名县区部分行未填市或省,无法区分",
           "one county name stands with and without its city or province and cannot be told apart",
           "fields.csv county"),
    _check("C25", "warning", "同一学校标识码出现在同年的多个县区",
           "one school code stands in several counties of the same year", "practice 4"),
    _check("C26", "error", "高于规定学历教师数与各学历教师数相符(不符时二者都不采用)",
           "teachers above the required degree agree with the degrees (neither is used where they differ)",
           "national 2.1 L1"),
    _check("C27", "warning", "骨干教师数大于专任教师数(设置为可含不任课干部时)",
           "backbone teachers exceed teachers, where the setting lets them include non-teaching heads",
           "practice 4"),
    _check("C28", "error", "随迁子女数不大于义务教育阶段在校生数",
           "migrant children do not exceed the students of the compulsory stages", "national 6.1 T4"),
    _check("C29", "error", "社会认可度与满意、有效问卷数相符(相差不超过0.05个百分点)",
           "the recognition rate agrees with satisfied and valid questionnaires within 0.05 points",
           "national 8"),
    _check("C30", "warning", "巩固率不超过100%", "a consolidation rate does not exceed 100 %", "national 7"),
    _check("C31", "warning", "有县级数据的县区有学校数据", "a county with county facts has schools",
           "DESIGN 8"),
    _check("C32", "warning", "人数、班级数、间数为整数", "heads, classes and rooms are whole numbers",
           "fields.csv unit"),
    _check("C33", "warning", "职业学校不得附设普通小学班、初中班",
           "a vocational school may not have attached ordinary primary or junior classes", "national 3"),
    _check("C34", "error", "同一学段内部分不大于总体(超班额班级、最大班额、联网班级、职称)",
           "parts of a section do not exceed their totals (oversized and connected classes, largest "
           "class, titles)", "fields.csv"),
    _check("C35", "error", "一县一年只有一行县级数据", "a county and year has one row of county facts",
           "fields.csv county, year"),
    _check("C36", "warning", "明细表中的学校在学校名单中",
           "schools of the detail tables stand in the school list",
           "national 6.2"),
    _check("C37", "warning", "不足50人的村小(非教学点)已列出(是否计入评估范围无明文)",
           "village schools under 50 students that are no teaching points are named (no source says whether "
           "they count)", "national 12.5"),
    _check("C38", "warning", "年级不全的学校已列出(照常计入)",
           "schools without all grades are named (they count all the same)", "national 12.7"),
)  # fmt: skip
"""Every check. C01 to C16 are the lines of practice 4, in their order."""

SEVERITY: dict[str, Severity] = {check.code: check.severity for check in CHECKS}


def document() -> str:
    """`docs/checks.md`, written from the table."""
    return "\n".join(
        (
            "# 数据检查 · Data checks",
            "",
            "<!-- Written from balance_tui/data/checks/table.py. -->",
            "",
            *(f"* `{name}` — {text.zh} · {text.en}" for name, text in SEVERITIES.items()),
            "",
            "选项 · Options: `change_percent` (C13, 30), `class_limits` (C19–C21, primary 45, junior 50), "
            "`backbone_may_include_heads` (C27 instead of C02, false).",
            "",
            "| code | severity | 检查 | check | source |",
            "|---|---|---|---|---|",
            *(
                f"| {check.code} | {check.severity} | {check.title.zh} | {check.title.en} | {check.source} |"
                for check in CHECKS
            ),
            "",
        )
    )
