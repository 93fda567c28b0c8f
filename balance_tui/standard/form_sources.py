"""What a column or line of a form may be filled with: the names `source` knows, and the rule on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ..data.dictionary import SCHOOL_TYPES, STAGES, Dictionary
from ..language import Text
from .expression import Expression, ExpressionError
from .names import DERIVED, DERIVED_COUNTY, nearest

if TYPE_CHECKING:
    from .model import Standard
    from .procedure import Form, FormColumn, FormLine
    from .references import Problem
    from .source import Path_

FORM_SOURCES: Mapping[str, Text] = {
    "row_number": Text("在本段内的序号", "running number within the block of the stage"),
    "school_rule": Text("学校综合达标结论; 汇总表中计其学段", "result of the school rule; its sections"),
    "composite": Text("各项差异系数的简单平均", "plain mean of the coefficients of variation"),
    "remark": Text("达标、达到底线的指标与所用过渡条款", "indicators met, at the floor, and reliefs used"),
    "label": Text("项目名称", "name of the item"),
    "figures": Text("本表 lines 中该项目的各数", "the figures that `lines` lists for the item"),
    "status": Text("该项目的结论", "result of the item"),
    "met_count": Text("达到该列指标的学段数", "sections that reach the indicator of the column"),
    "met_share": Text("达到该列指标的学段比例 (%)", "their share of the sections in scope, percent"),
    "mean": Text("该列指标的全县平均值", "county mean of the indicator of the column"),
    "cv": Text("该列指标的差异系数", "coefficient of variation of the indicator of the column"),
    "all": Text("全部", "everything, without a further condition"),
}
"""A source by its name: what stands in the column or line."""

FORM_PATTERNS: Mapping[str, Text] = {
    "count.TYPE": Text("该办学类型的学校数, 每校一次", "schools of the type, each once, no campuses"),
    "sum.FACT": Text("数据项之和, 全校数据每校计一次", "sum of a fact, whole-school facts once a school"),
    "sum.FACT.STAGE": Text("该学段数据项之和", "sum of a fact over one stage"),
    "failing.ITEM": Text("该项目不达标的学校或学段数", "schools or sections that fail the item"),
    "failing.ITEM.ROOM": Text("该种专用教室不足的学校数", "schools short of the kind of room"),
    "limit.ITEM": Text("该项目的限值", "limit of the item"),
}
"""Sources made of a word and a name, told apart by dots; `_fits` reads them, the documentation lists them."""


def form_problems(standard: Standard, known: Dictionary) -> Iterator[Problem]:
    """Sources that name nothing, as problems of the rules."""
    names, items = _names(standard, known), _items(standard)
    facts = {field.code for field in known.of_level("school", "section")} | set(DERIVED)
    county = {field.code for field in known.of_level("county")} | set(DERIVED_COUNTY)
    county |= {setting.id for setting in standard.setting}
    for path, form, entry in _entries(standard):
        item = getattr(entry, "item", "")
        if item and item not in items:
            yield _nothing((*path, "item"), form, item, items)
        fits = _fits(entry.source, names, items, facts, standard) or _formula_of(entry.source, county)
        if entry.source and not fits:
            patterns = {f"count.{kind}" for kind in SCHOOL_TYPES} | {f"failing.{item}" for item in items}
            yield _nothing((*path, "source"), form, entry.source, {*names, *facts, *county, *patterns})


def _nothing(path: Path_, form: Form, name: str, known: set[str]) -> Problem:
    what = Text(f"表{form.id}的来源“{name}”不存在", f"form {form.id} names '{name}', which there is not")
    return "STD-FORM", path, what, nearest(name, known)


def _entries(standard: Standard) -> Iterator[tuple[Path_, Form, FormColumn | FormLine]]:
    for index, form in enumerate(standard.form):
        for position, column in enumerate(form.columns):
            yield ("form", index, "columns", position), form, column
        for position, line in enumerate(form.lines):
            yield ("form", index, "lines", position), form, line


def _names(standard: Standard, known: Dictionary) -> set[str]:
    return {*FORM_SOURCES, *known, *(indicator.id for indicator in standard.indicator), *_items(standard)}


def _items(standard: Standard) -> set[str]:
    items = {item.id for item in (*standard.items, *standard.score)}
    return items | {test.id for item in standard.items for test in item.test if test.id}


def _fits(source: str, names: set[str], items: set[str], facts: set[str], standard: Standard) -> bool:
    head, *rest = source.split(".")
    if source in names or not rest:
        return source in names
    if head == "count":
        return ".".join(rest) in SCHOOL_TYPES
    if head == "sum":
        return rest[0] in facts and (len(rest) == 1 or len(rest) == 2 and rest[1] in STAGES)
    item = ".".join(rest)
    if head == "limit" or item in items:
        return head in ("limit", "failing") and item in items
    return head == "failing" and (".".join(rest[:-1]), rest[-1]) in _rooms(standard)


def _rooms(standard: Standard) -> set[tuple[str, str]]:
    tests = ((test.id or item.id, test.rooms) for item in standard.items for test in item.test)
    return {(name, room.kind) for name, rooms in tests for room in rooms}


def _formula_of(source: str, county: set[str]) -> bool:
    """Whether the source is a formula of county facts."""
    try:
        names = Expression.parse(source).names
    except ExpressionError:
        return False
    return bool(names) and county.issuperset(names)
