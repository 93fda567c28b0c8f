"""How coded values and yes/no are written in practice, beside their code and their label."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from .dictionary import CODES

TRUE_WORDS = frozenset(("是", "有", "y", "yes", "true", "t", "1", "1.0", "√", "✓", "✔", "达标", "达到"))
FALSE_WORDS = frozenset(
    ("否", "无", "没有", "n", "no", "false", "f", "0", "0.0", "×", "✗", "✘", "不达标", "未达标", "未达到")
)

_SENIOR_ONLY = frozenset(("高级中学", "普通高中", "高中", "高中学校", "高级中学学校"))

_VARIANTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "school_type": {
        "primary_school": ("完全小学", "普通小学", "小学学校"),
        "teaching_point": ("小学教学点",),
        "junior_school": ("初中", "普通初中", "初中学校"),
        "nine_year": ("九年一贯制", "九年制学校", "9年一贯制学校", "9年一贯制", "九年一贯"),
        "complete_secondary": ("完中",),
        "twelve_year": ("十二年一贯制", "12年一贯制学校", "12年一贯制", "十二年一贯"),
        "special": ("特殊教育", "特教学校", "特殊学校"),
        "vocational": ("中等职业学校", "职业高中", "职业初中", "职业中学"),
    },
    "stage": {
        "primary": ("小学部", "小学阶段", "小学教育"),
        "junior": ("初中部", "初中阶段", "普通初中", "初级中学", "初中教育"),
        "senior": ("高中部", "高中阶段", "普通高中", "高级中学", "高中教育"),
    },
    # Statistical urban-rural codes 111-220 stand beside their names in the statistics.
    "location": {
        "urban": ("主城区", "城乡结合区", "111", "112", "110"),
        "town": ("镇中心区", "镇乡结合区", "特殊区域", "121", "122", "123", "120"),
        "rural": ("乡中心区", "村庄", "210", "220", "农村"),
    },
    "owner": {"10": ("民办学校",)},
}

_BRACKET = re.compile(r"\([0-9a-z.]*\)$")
_LEADING_NUMBER = re.compile(r"^\d+[-_.、]?(?=[一-鿿])")


@cache
def _table(field: str) -> Mapping[str, str]:
    codes = CODES.get(field, {})
    table = {label.zh.lower(): code for code, label in codes.items()}
    table |= {label.en.lower(): code for code, label in codes.items()}
    table |= {word: code for code, words in _VARIANTS.get(field, {}).items() for word in words}
    return table | {code.lower(): code for code in codes}


def code_of(field: str, word: str) -> str | None:
    """The code that `word` (half-width, lower case) stands for, or None.

    >>> code_of("location", "主城区(111)"), code_of("school_type", "312-九年一贯制学校")
    ('urban', 'nine_year')
    """
    table = _table(field)
    bare = _BRACKET.sub("", word).strip()
    tries = (word, word.removesuffix(".0"), bare, _LEADING_NUMBER.sub("", bare))
    return next((table[attempt] for attempt in tries if attempt in table), None)


def is_senior_only(word: str) -> bool:
    """True for a school type that has only a senior stage and so no code of its own."""
    bare = _BRACKET.sub("", word).strip()
    return bare in _SENIOR_ONLY or _LEADING_NUMBER.sub("", bare) in _SENIOR_ONLY
