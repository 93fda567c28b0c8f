"""How every column was read, and the same while a person corrects it.

Of data that was read the rows come from `Dataset.mapping`; of a draft from what reading would make of its files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from ...data.dictionary import Dictionary
from ...data.headers import key_of
from ...data.mapping import COUNTED
from ...data.proposal import candidates
from ...engine.result import Result
from ...errors import visible
from ...language import Text
from ..cells import cut, shown
from ..doing import mapping as doing
from ..mapping_changes import DraftColumn, Spot
from ..mapping_study import MappingDraft
from ..study import Study
from ..table.frame_sheet import FrameSheet
from ..table.sheet import Column
from ..view import Doing, Line, LinesPane, Piece, Record, TablePane, View
from ..where import Where
from . import KINDS
from .common import joined, trail

HOW: Mapping[Any, Text] = {
    "open": Text("未定", "open"),
    "code": Text("代码", "code"),
    "label": Text("名称", "label"),
    "preset": Text("导出表头", "export's header"),
    "mapping": Text("对应文件", "mapping"),
    "chosen": Text("已更正", "corrected"),
    "left out": Text("不读", "left out"),
    "replaced": Text("另有来源", "another serves"),
    "twice": Text("两列争一项", "claimed twice"),
    "ignored": Text("未用", "not used"),
    "constant": Text("常量", "constant"),
    "absent": Text("声明为无, 按 0", "declared absent: 0"),
    "name": Text("取自文件名或标题", "from name or title"),
}
"""Why a column is read as it is."""

LEVELS: Mapping[Any, Text] = {
    "school": Text("全校", "school"),
    "section": Text("学段", "stage"),
    "county": Text("县", "county"),
}
COUNTED_LABEL = Text("是否计校数", "counted as a school")

_COLUMNS = (
    Column("header", Text("表头", "header"), least=14, most=48, stretch=True),
    Column("how", Text("依据", "how"), words=HOW, least=6, most=18),
    Column("label", Text("读作", "read as"), least=10, most=26, stretch=True),
    Column("likely", Text("可能是", "may be"), least=8, most=48),
    Column("examples", Text("其中的值", "values in it"), least=6, most=24),
    Column("code", Text("代码", "code"), least=6, most=28),
    Column("letters", Text("列", "col"), least=2, most=8),
    Column("files", Text("文件", "files"), least=8, most=60),
    Column("sheets", Text("表", "sheet"), least=4, most=24),
)
_MISSING_COLUMNS = (
    Column("label", Text("标准需要而没有列的", "needed, and in no column"), least=14, most=48, stretch=True),
    Column("code", Text("代码", "code"), least=6, most=32),
    Column("unit", Text("单位", "unit"), least=4, most=10),
    Column("level", Text("层级", "level"), words=LEVELS, least=4, most=8),
)
_SCHEMA = dict.fromkeys(
    (
        "key",
        "header",
        "how",
        "label",
        "code",
        "likely",
        "examples",
        "letters",
        "files",
        "sheets",
        "status",
        "style",
    ),
    pl.String,
)
_STYLES = {
    "ignored": "dim",
    "left out": "dim",
    "replaced": "dim",
    "chosen": "bold",
    "open": "unknown",
    "twice": "unknown",
}
_ALWAYS = ("header", "how", "label", "code")
_NAMES_SHOWN = 12


def build(study: Study, where: Where) -> View:
    """How the columns of the data at hand were read; entering one begins to correct it. Detail `header` says where
    the cursor stands."""
    rows, missing = study.frame("mapping", partial(_read, study))
    unused = sum(row["how"] in ("ignored", "twice") for row in rows)
    line = Text(
        f"{len(rows)} 种表头, {unused} 种未用; 回车更正一列, 更正后重新读入",
        f"{len(rows)} headers, {unused} not used; enter corrects one, then the data is read again",
    )
    note = LinesPane("mapping-note", KINDS["mapping"].title, partial(_lines, (line,)))
    at = where.get("header")
    table = TablePane(
        "mapping", KINDS["mapping"].title, _sheet(rows), leads=_begins, share=3,
        cursor=((key_of(at),), None) if at else None, counted=Text("种表头", "headers"),
    )  # fmt: skip
    return View(KINDS["mapping"].title, (note, table, *_missing_pane(missing, study.dataset.dictionary, _seeks)),
                groups={"how": HOW_TITLE, "files": FILES_TITLE})  # fmt: skip


HOW_TITLE, FILES_TITLE = _COLUMNS[1].title, _COLUMNS[7].title


def build_draft(draft: MappingDraft) -> View:
    """The headers of a draft, those to be settled first; entering one picks what it is read as."""
    rows = [_row(column, draft.fields, draft.examples(column)) for column in draft.columns]
    title = trail(KINDS["mapping"].title, Text("更正", "correcting"))
    note = LinesPane("draft-note", title, partial(_lines, tuple(_state(draft))))
    table = TablePane(
        "draft", title, _sheet(rows), leads=_picks, share=3, counted=Text("种表头", "headers"),
    )  # fmt: skip
    missing = _missing_pane(draft.missing, draft.fields, _fills)
    return View(title, (note, table, *missing), groups={"how": HOW_TITLE, "files": FILES_TITLE})


def _state(draft: MappingDraft) -> Iterator[Text]:
    count = len(draft.open)
    if not draft.has_schools:
        yield Text(
            "没有哪张表有学校名称或标识码: 请指明学校列",
            "no table has a school's name or id: say which column holds it",
        )
    elif count:
        yield Text(
            f"还有 {count} 列未定, 定下之前不能读入: 回车选数据项, 或设为不读",
            f"{count} columns to settle before anything is read: enter picks a fact, or leaves one out",
        )
    else:
        yield Text("各列已定, 可以按此读入", "every column is settled: the data can be read")
    if draft.changes:
        made = len({change.key for change in draft.changes})
        yield Text(f"已更正 {made} 种表头, 尚未读入", f"{made} headers corrected, not read yet")


def _lines(texts: Sequence[Text], width: int) -> Sequence[Line]:
    return [(Piece(cut(shown(str(text)), width), "message"),) for text in texts]


def _sheet(rows: Iterable[Mapping[str, Any]]) -> FrameSheet:
    """The rows as a table, without columns in which nothing stands."""
    frame = pl.DataFrame(list(rows), schema=_SCHEMA)
    kept = [each for each in _COLUMNS if each.key in _ALWAYS or (frame[each.key] != "").any()]
    return FrameSheet(frame, kept, key=("key",), style="style")


def _row(column: DraftColumn, fields: Dictionary, examples: Sequence[str]) -> dict[str, Any]:
    how = "open" if column.is_open and column.how == "ignored" else column.how
    likely = ", ".join(f"{fields.label(each.field)} {each.similarity:.0%}" for each in column.candidates)
    return {
        "key": column.id, "header": column.header or "—", "how": how,
        "label": str(label_of(fields, column.field)) if column.field else "",
        "code": column.field or "", "likely": likely, "examples": ", ".join(examples),
        "letters": _several(spot.letter for spot in column.spots),
        "files": _several(Path(spot.file).name for spot in column.spots),
        "sheets": _several(spot.sheet for spot in column.spots),
        "status": "unknown" if column.is_open else None, "style": _STYLES.get(how, ""),
    }  # fmt: skip


def label_of(fields: Dictionary, code: str) -> Text:
    """What a fact is called; the readers know one that the dictionary does not."""
    return COUNTED_LABEL if code == COUNTED else fields.label(code)


def _several(names: Iterable[str | None]) -> str:
    distinct = list(dict.fromkeys(name for name in names if name))
    rest = f" … ({len(distinct)})" if len(distinct) > _NAMES_SHOWN else ""
    return joined(distinct[:_NAMES_SHOWN], ", ") + rest


def _read(study: Study, _result: Result) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """The rows of the data as it was read, and the facts that no column gives."""
    fields, entries = study.dataset.dictionary, study.dataset.mapping
    held = {str(entry["field"]) for entry in entries if entry["field"]}
    groups: defaultdict[tuple[str, object, object], list[Mapping[str, object]]] = defaultdict(list)
    for entry in entries:
        groups[key_of(str(entry["header"] or "")), entry["field"], entry["how"]].append(entry)
    rows = []
    for number, ((key, _, _), own) in enumerate(groups.items()):
        values = dict.fromkeys(visible(str(entry["value"])) for entry in own if "value" in entry)
        first = _column_read(own, fields, held, key, number)
        rows.append(_row(first, fields, tuple(values)))
    order = {"twice": 0, "ignored": 1, "replaced": 2}
    rows.sort(key=lambda row: (order.get(row["how"], 3), not row["likely"]))
    return _unique(rows), tuple(code for code in fields if code in study.standard.needed - held)


def _column_read(
    own: Sequence[Mapping[str, object]], fields: Dictionary, held: set[str], key: str, number: int
) -> DraftColumn:
    first = own[0]
    header, how = str(first["header"] or ""), str(first["how"])
    field = str(first["field"]) if first["field"] else None
    spots = tuple(_spot(entry) for entry in own)
    likely = candidates(header, fields, held) if field is None and how == "ignored" else ()
    return DraftColumn(key or f"#{number}", header, field, how, spots, likely)


def _spot(entry: Mapping[str, object]) -> Spot:
    sheet = str(entry["sheet"]) if entry["sheet"] else None
    return Spot(str(entry["file"]), sheet, None, str(entry["column"] or ""))


def _unique(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of one header that is read in several ways get keys of their own."""
    seen: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        seen[row["key"]] += 1
        if seen[row["key"]] > 1:
            row["key"] = f"{row['key']}#{seen[row['key']]}"
    return list(rows)


def _missing_pane(missing: Sequence[str], fields: Dictionary, leads: Any) -> tuple[TablePane, ...]:
    if not missing:
        return ()
    rows = [
        {"label": str(fields.label(code)), "code": code, "unit": str(fields[code].unit_text), "level": fields[code].level}
        for code in missing
    ]  # fmt: skip
    frame = pl.DataFrame(rows, schema=dict.fromkeys(("label", "code", "unit", "level"), pl.String))
    sheet = FrameSheet(frame, _MISSING_COLUMNS, key=("code",))
    title = _MISSING_COLUMNS[0].title
    return (TablePane("missing", title, sheet, leads=leads, counted=Text("项", "facts")),)


def _begins(record: Record, column: str) -> Doing | None:  # noqa: ARG001
    """Only what stands under a header can be corrected by it."""
    header = record["header"]
    return partial(doing.begin, header=header) if record["how"] not in _TABLELESS else None


_TABLELESS = ("constant", "absent", "name")


def _picks(record: Record, column: str) -> Doing:  # noqa: ARG001
    return partial(doing.choose_field, name=record["key"])


def _seeks(record: Record, column: str) -> Doing:  # noqa: ARG001
    return partial(doing.begin, fact=record["code"])


def _fills(record: Record, column: str) -> Doing:  # noqa: ARG001
    return partial(doing.choose_column, fact=record["code"])
