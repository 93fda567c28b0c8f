"""What a column may be read as, and which columns a fact may stand in: lists to pick from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...data.dictionary import Field
from ...data.mapping import COUNTED
from ...language import Text
from ..cells import shown
from ..mapping_changes import DraftColumn
from ..mapping_study import MappingDraft
from ..table.sheet import Cell, Column, ListSheet
from .mapping import LEVELS, label_of

LEAVE_OUT = Text("不读这一列", "leave this column out")
RESTORE = Text("恢复更正前的读法", "as it was before it was corrected")

_NEEDED, _HELD = Text("标准需要, 尚无列", "needed, no column yet"), Text("已有列", "has a column")
_FIELD_COLUMNS = (
    Column("label", Text("数据项", "fact"), least=16, most=48, stretch=True),
    Column("why", Text("说明", "why"), least=8, most=40),
    Column("unit", Text("单位", "unit"), least=4, most=12),
    Column("level", Text("层级", "level"), least=4, most=8),
    Column("code", Text("代码", "code"), least=6, most=32),
)
_HEADER_COLUMNS = (
    Column("header", Text("表头", "header"), least=16, most=60, stretch=True),
    Column("examples", Text("其中的值", "values in it"), least=6, most=30),
    Column("likely", Text("可能是", "may be"), least=6, most=40),
)
_Row = tuple[tuple[Cell, ...], Mapping[str, Any]]


def field_sheet(draft: MappingDraft, column: DraftColumn) -> ListSheet:
    """The facts the column may be read as: the likely ones, leaving it out, what is still missing, all others. A
    record holds `field`, None to leave it out, or `restore`."""
    rows = list(_choices(draft, column))
    return ListSheet(_FIELD_COLUMNS, tuple(cells for cells, _ in rows), tuple(record for _, record in rows))


def _choices(draft: MappingDraft, column: DraftColumn) -> Iterator[_Row]:
    told = {
        each.field: Text(*(f"{why} {each.similarity:.0%}" for why in each.reason))
        for each in column.candidates
    }
    for code, why in told.items():
        yield _fact(draft, code, why, "bold")
    yield _other(LEAVE_OUT, {"_key": "leave-out", "field": None})
    if draft.is_changed(column):
        yield _other(RESTORE, {"_key": "restore", "restore": True})
    held = {each.field for each in draft.columns}
    missing = [code for code in draft.missing if code not in told]
    for code in missing:
        yield _fact(draft, code, _NEEDED, "")
    for code in (*draft.fields, COUNTED):
        if code not in told and code not in missing:
            yield _fact(draft, code, _HELD if code in held else Text("", ""), "dim" if code in held else "")


def _fact(draft: MappingDraft, code: str, why: Text, style: str) -> _Row:
    field: Field | None = draft.fields.get(code)
    unit, level = (field.unit_text, LEVELS[field.level]) if field else (Text("", ""), LEVELS["school"])
    texts = (label_of(draft.fields, code), why, unit, level, code)
    return tuple(Cell(shown(str(text)), "", style) for text in texts), {"_key": code, "field": code}


def _other(label: Text, record: Mapping[str, Any]) -> _Row:
    return (Cell(shown(str(label)), "", "label"), *(Cell("") for _ in _FIELD_COLUMNS[1:])), record


def column_sheet(draft: MappingDraft, fact: str) -> ListSheet:
    """The columns that are read as nothing yet, those that may well be the fact first. A record holds `column`."""
    free = [each for each in draft.columns if each.field is None]
    free.sort(key=lambda each: -max((c.similarity for c in each.candidates if c.field == fact), default=0.0))
    rows = tuple(
        tuple(
            Cell(shown(text))
            for text in (
                each.header,
                ", ".join(draft.examples(each)),
                ", ".join(str(draft.fields.label(likely.field)) for likely in each.candidates),
            )
        )
        for each in free
    )
    return ListSheet(_HEADER_COLUMNS, rows, tuple({"_key": each.id, "column": each.id} for each in free))
