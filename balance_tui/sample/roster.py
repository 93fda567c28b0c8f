"""Names, codes and sizes of a county's schools, drawn once and kept over the years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from .model import Blueprint, CountyPlan

SUFFIX = {
    "primary_school": "小学",
    "teaching_point": "教学点",
    "junior_school": "初级中学",
    "nine_year": "九年一贯制学校",
    "complete_secondary": "中学",
    "twelve_year": "实验学校",
    "special": "特殊教育学校",
    "vocational": "职业学校",
}

STEMS = (
    "青山 白云 红旗 东风 西岭 南湖 北塔 长林 石桥 柳溪 桃源 松岗 竹园 梅岭 兰亭 荷塘 枫林 桂苑 银杏 槐荫 "
    "朝阳 晨光 启明 育才 启智 求真 崇文 尚德 明理 弘毅 新华 建设 和平 团结 光明 永安 长宁 太平 安定 福田 "
    "大河 小溪 双泉 三江 五里 七星 九龙 十里 百川 千峰 金沙 银川 玉泉 珠溪 翠屏 碧湖 丹霞 紫云 黄坡 黑石"
).split()
"""More short names than a county has schools without a part to play."""


def _size(students: int | tuple[int, int], random: Random) -> int:
    return students if isinstance(students, int) else random.randint(*students)


def _sized(blueprint: Blueprint, random: Random) -> Blueprint:
    students = {stage: _size(size, random) for stage, size in blueprint.students.items()}
    return replace(blueprint, students=students)


def _repeated(plan: CountyPlan, random: Random) -> Iterator[Blueprint]:
    stems = list(STEMS)
    random.shuffle(stems)
    for count, pattern in plan.groups:
        for _ in range(count):
            built = random.randint(2011, 2021)
            yield _sized(replace(pattern, stem=stems.pop(), built=built), random)


def roster_of(plan: CountyPlan, random: Random) -> tuple[Blueprint, ...]:
    """Every school of the county, those with a part to play last; sizes are single numbers."""
    return (*_repeated(plan, random), *(_sized(blueprint, random) for blueprint in plan.fixed))


def school_name(plan: CountyPlan, blueprint: Blueprint) -> str:
    """The county's name stands in front, so that no list shows a school without the word 示例.

    >>> from .plans import PLANS
    >>> school_name(PLANS[0], PLANS[0].fixed[0])
    '示例甲县清溪教学点'
    """
    if blueprint.parent is not None:
        return f"{school_name(plan, blueprint.parent)}({blueprint.stem}校区)"
    return f"{plan.name}{blueprint.stem}{SUFFIX[blueprint.kind]}"


def school_codes(plan: CountyPlan, roster: tuple[Blueprint, ...]) -> dict[str, str]:
    """Short name → code of ten digits with leading zeros, as no real code has."""
    return {blueprint.stem: f"00{plan.number:02d}{place:06d}" for place, blueprint in enumerate(roster, 1)}
