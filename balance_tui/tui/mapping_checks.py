"""What speaks against reading a column as a fact: its unit, and what stands in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

import polars as pl

from ..data.columns import as_text, read_column
from ..data.dictionary import CODES, Field
from ..data.numbers import FACTORS, MISSING, UNIT_NAMES, Value
from ..errors import UsageError, visible
from ..language import Text

LOOKED_AT = 500
"""Cells of a table that are tried."""

_BRACKETS = re.compile(r"\(([^()]*)\)")
_UNITS = {name.lower(): unit for unit, names in UNIT_NAMES.items() for name in names}
_UNITS |= {unit.lower(): unit for pair in FACTORS for unit in pair}
_UNITS |= {name: name for name in ("亩", "公顷", "亿元", "平方千米")}
_MEASURES = frozenset(("元", "万元", "亿元", "万人", "㎡", "亩", "公顷", "平方千米", "Mbps", "Gbps", "%"))
"""Units that no other can stand for; 人, 个, 间 and their like all count things."""

_KINDS: Mapping[str, Text] = {
    "number": Text("数", "a number"),
    "integer": Text("整数", "a whole number"),
    "boolean": Text("是或否", "yes or no"),
    "code": Text("代码或其名称", "one of its codes or their labels"),
}


def header_unit(header: str) -> str | None:
    """The unit that a header names in brackets.

    >>> header_unit("教学仪器设备资产值（元）"), header_unit("占地面积(平方米)/运动场地"), header_unit("班级(初中)")
    ('元', '㎡', None)
    """
    found = _BRACKETS.findall(unicodedata.normalize("NFKC", header).replace("m2", "㎡"))
    units = (_UNITS.get(each.strip().lower()) for each in reversed(found))
    return next((unit for unit in units if unit), None)


def unit_to_declare(header: str, field: Field) -> str:
    """The unit a mapping must declare for the column to be read as the field; empty where it is the field's own or
    the header names none. Errors: `MAP-UNIT-OTHER` where there is no converting."""
    unit = header_unit(header)
    if unit is None or unit == field.unit or field.kind not in ("number", "integer"):
        return ""
    if (field.unit, unit) in FACTORS:
        return unit
    if unit in _MEASURES or field.unit in _MEASURES:
        raise UsageError(
            "MAP-UNIT-OTHER",
            Text(
                f"“{visible(header)}”的单位是{unit}, {field.label.zh}的单位是{field.unit or '个'}",
                f"'{visible(header)}' is in {unit}, {field.label.en} in {field.unit or 'pieces'}",
            ),
            Text("请选另一个数据项", "choose another fact"),
        )
    return ""


def check_values(
    header: str, cells: Iterable[pl.Series], field: Field, values: Mapping[str, Value], unit: str | None
) -> None:
    """Errors: `MAP-CONTENT` where of all that stands in the columns nothing can be read as the field."""
    strange = ""
    for series in cells:
        texts = as_text(series.drop_nulls().head(LOOKED_AT)).str.strip_chars()
        filled = texts.filter(~texts.str.to_lowercase().is_in(list(MISSING)))
        read, _ = read_column(filled, field, dict(values) or None, unit)
        if read.count():
            return
        if len(filled):
            strange = strange or str(filled[0])
    if strange:
        raise _content(header, strange, field)


def _content(header: str, value: str, field: Field) -> UsageError:
    kind = _KINDS.get(field.kind, Text("文字", "text"))
    labels = CODES.get(field.code, {}).values()
    mend = Text("可用: {0}", "known are: {0}") if labels else Text("请选另一个数据项", "choose another fact")
    return UsageError(
        "MAP-CONTENT",
        Text(
            f"“{visible(header)}”里是“{visible(value)}”这样的内容, 而{field.label.zh}须是{kind.zh}",
            f"'{visible(header)}' holds such as '{visible(value)}', but {field.label.en} is {kind.en}",
        ),
        Text(*(mend[i].format(", ".join(label[i] for label in labels)) for i in (0, 1))),
    )
