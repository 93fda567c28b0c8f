"""What the standard leaves open: each setting with the value in force, its choices, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ...engine.context import Context
from ...engine.explanation.scene import seen, setting_value
from ...language import Text
from ...standard.model import Setting
from ..study import Study
from ..table.frame_sheet import FrameSheet
from ..table.sheet import Column
from ..view import TablePane, View
from ..where import Where
from . import KINDS
from .common import CLAUSE_COLUMN, joined

HOW = Text("给值: --set 编号=值", "to give one: --set ID=VALUE")
SOURCE = Text("来自", "from")

_GIVEN, _DEFAULT, _UNSET = Text("给定", "as given"), Text("默认", "default"), Text("未设定", "not set")
_SCHEMA = dict.fromkeys(
    ("id", "label", "shown", "source", "default", "choices", "note", "clause", "mark"), pl.String
)


def build(study: Study, where: Where) -> View:  # noqa: ARG001 - settings are of the standard, not of a county
    """The settings of the standard in force, those without a value first."""
    context = study.result.context
    rows = [_row(setting, context) for setting in _ordered(context)]
    frame = pl.DataFrame(rows, schema=_SCHEMA)
    pane = TablePane(
        "settings", KINDS["settings"].title, FrameSheet(frame, tuple(_columns()), key=("id",)),
        counted=KINDS["settings"].title, rests=lambda record, column: ("setting", str(record["id"])),  # noqa: ARG005
    )  # fmt: skip
    name = KINDS["settings"].title
    title = Text(f"{name.zh} · {HOW.zh}", f"{name.en} · {HOW.en}")
    empty = Text("本标准没有留待确定的值", "this standard leaves nothing open")
    return View(title, (pane,), empty, {"source": SOURCE})


def _ordered(context: Context) -> list[Setting]:
    settings = context.standard.model.setting
    return sorted(settings, key=lambda setting: context.setting(setting.id) is not None)


def _row(setting: Setting, context: Context) -> dict[str, str]:
    value = context.setting(setting.id)
    source = _UNSET if value is None else _DEFAULT if value == setting.default else _GIVEN
    choices = "; ".join(f"{choice.id} = {seen(choice.text)}" for choice in setting.choices)
    note = Text(setting.note, setting.note_en or setting.note)
    return {
        "id": setting.id, "label": str(seen(setting.text)), "shown": str(setting_value(setting, value)),
        "source": str(source), "default": _default(setting), "choices": choices or str(_TYPES[setting.type]),
        "note": str(seen(note)), "clause": joined([setting.clause]), "mark": setting.mark,
    }  # fmt: skip


_TYPES = {
    "number": Text("数", "a number"),
    "boolean": Text("是 / 否 (true / false)", "true or false"),
    "date": Text("日期 YYYY-MM-DD", "a date YYYY-MM-DD"),
    "choice": Text("选项", "a choice"),
    "text": Text("文字", "text"),
}


def _default(setting: Setting) -> str:
    """The default as `--set` takes it; empty where there is none."""
    value = setting.default
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _columns() -> Iterator[Column]:
    yield Column("label", Text("设置", "setting"), least=14, most=36)
    yield Column("shown", Text("现用值", "in force"), least=6, most=16)
    yield Column("id", Text("编号", "id"), least=10, most=32)
    yield Column("source", SOURCE, least=4, most=8)
    yield Column("default", Text("缺省", "default"), least=4, most=12)
    yield Column("choices", Text("可取", "may be"), least=8, most=60)
    yield Column("mark", Text("标注", "mark"), least=6, most=40)
    yield CLAUSE_COLUMN
    yield Column("note", Text("说明", "note"), least=8, most=120)
