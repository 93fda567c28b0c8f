"""Ids of the items that people answer, and how each made-up county answers them.

The one place where the sample names items of the three national standards.
"""

from __future__ import annotations

from collections.abc import Mapping

NATIONAL_2017: Mapping[str, str] = {
    "G01": "布局规划文件一份,现场核对",
    "G02": "四统一文件四份",
    "G08b": "绩效工资总量核定文件",
    "G10": "编制和岗位统筹分配文件",
    "G14b": "名额分配向农村初中倾斜的方案",
    "G15b": "留守儿童关爱台账",
    "Q3b": "管理与教学信息化清单",
    "Q5": "设施设备使用记录",
    "Q6": "德育和校园文化建设评定",
    "Q7": "课程表与综合实践活动记录",
    "Q8": "课业负担抽查记录",
    "P2": "基本均衡年度监测报告",
}
"""Items of national-2017 that rest on evidence → the evidence shown."""

VETOES: Mapping[str, str] = {
    "V1": "招生专项检查",
    "V2": "择校专项检查",
    "V3": "重点学校、重点班专项检查",
    "V4": "编外教师清查表",
    "V5": "安全责任事故通报",
    "V6": "数据抽查记录",
}

PIONEER_2021: Mapping[str, str] = {
    **dict.fromkeys(("C1", "C2b", "C3a", "C3b"), "遴选条件材料"),
    **{f"K{number}": "基本任务材料" for number in (1, 2, 3, 4)},
    **{f"A{number:02d}": "攻坚清单成果" for number in range(1, 21)},
}

SUBJECTS: Mapping[str, str] = {
    "Q9a": "chinese", "Q9b": "math", "Q9c": "science", "Q9d": "pe", "Q9e": "arts", "Q9f": "moral",
}  # fmt: skip
"""Parts of quality item 9 → the subject in the codes `monitoring_level_…` and `monitoring_gap_…`."""

FAVOURABLE: Mapping[str, str] = {
    **dict.fromkeys(NATIONAL_2017, "yes"),
    **dict.fromkeys(VETOES, "no"),
    **dict.fromkeys(PIONEER_2021, "yes"),
}
"""The answer under which each item is met; a veto is met by no."""

GRADES = ("良好", "优秀")
"""Grades given to schools in quality item 6; both meet it."""

EVIDENCE: Mapping[str, str] = {**NATIONAL_2017, **VETOES, **PIONEER_2021}
