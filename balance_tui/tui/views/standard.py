"""A standard as a tree: what it says, its limits, clauses and places, and how far each statement can be trusted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from ...errors import visible
from ...language import Text
from ...standard.load import LoadedStandard
from ..outline import Entry, entries
from ..study import Study
from ..table.frame_sheet import FrameSheet
from ..table.sheet import Column
from ..view import Record, TablePane, View
from ..where import County, Subject, Where, where
from . import KINDS
from .common import CLAUSE_COLUMN, STATUS_COLUMN, trail

CONTENT = Column("text", Text("内容", "content"), least=40, most=120, stretch=True)
_COLUMNS = (
    CONTENT,
    Column("limit", Text("限值", "limit"), least=8, most=20),
    CLAUSE_COLUMN,
    Column(
        "mark", Text("标注", "mark"), least=4, most=36,
        note=Text("不是文件原话的, 可信到什么程度", "how far what is not the document's own word can be trusted"),
    ),
    Column("place", Text("出处", "place"), least=10, most=40),
    Column("raw", Text("公式原文", "formula as written"), least=6, most=80),
)  # fmt: skip
_LAYER = Column(
    "layer", Text("由哪层", "layer"), least=6, most=20,
    note=Text("由哪一层设定; 空为最下一层", "which layer set it; empty for the lowest"),
)  # fmt: skip
_STATUS = Column("status", STATUS_COLUMN.title, kind="word", mark_only=True, least=4, most=6)
_SCHEMA = {
    **dict.fromkeys(
        ("key", "text", "limit", "clause", "mark", "place", "raw", "id", "table", "style", "layer", "path"),
        pl.String,
    ),
    "depth": pl.Int32,
}
JUDGED = frozenset(("part", "prerequisite", "requirement", "score", "veto", "point", "verdict"))
"""Tables of the document whose ids have an outcome."""


def build(study: Study, where: Where) -> View:
    """The standard in force; with the outcome of each item where the place names a county. Detail `item` says which
    item the cursor stands on."""
    standard = study.standard
    frame: pl.DataFrame = study.frame("standard", lambda _: outline(standard))
    known = _outcomes(study, where.county) if where.county else {}
    own = zip(frame["id"], frame["table"], strict=True)
    words = [known.get(name) if table in JUDGED else None for name, table in own]
    frame = frame.with_columns(pl.Series("status", words, dtype=pl.String))
    layered = (_LAYER,) if len(standard.layers) > 1 else ()
    columns = (_COLUMNS[0], *((_STATUS,) if known else ()), *_COLUMNS[1:2], *layered, *_COLUMNS[2:])
    title = trail(KINDS["standard"].title, f"{standard.id} {standard.model.standard.version}")
    pane = TablePane(
        "standard", title, FrameSheet(frame, columns, key=("key",), style="style", depth="depth"),
        subject=partial(_subject, where.county, frozenset(known)), leads=partial(_leads, where.county), rests=_rests,
        cursor=_cursor(frame, where.get("item")), counted=Text("行", "lines"),
    )  # fmt: skip
    return View(title, (pane,))


def outline(standard: LoadedStandard) -> pl.DataFrame:
    """Every line of a standard: `key`, `text`, `limit`, `clause`, `mark`, `place`, `raw`, `id` of the item or table it
    tells of, `table` of the document, `depth`; in the language in use."""
    return pl.DataFrame([_row(standard, each) for each in _keyed(standard)], schema=_SCHEMA)


def _keyed(standard: LoadedStandard) -> Iterator[tuple[str, Entry]]:
    """Lines with a key that no other has and that other standards may have too: ids in place of positions."""
    seen: dict[str, int] = {}
    for entry in entries(standard):
        key = ".".join(map(str, _with_ids(standard.document.data, entry.path)))
        seen[key] = seen.get(key, 0) + 1
        yield (key if seen[key] == 1 else f"{key}~{seen[key]}"), entry


def _with_ids(node: Any, path: tuple[str | int, ...]) -> Iterator[str | int]:
    for step in path:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            node = None
        named = isinstance(step, int) and isinstance(node, dict) and "id" in node
        yield node["id"] if named else step


def _row(standard: LoadedStandard, keyed: tuple[str, Entry]) -> Mapping[str, Any]:
    key, entry = keyed
    # The heading of a branch stands for all in it; any other line names the change that made it what it is.
    whole = (entry.clause, standard.place(*entry.path))
    clause, place = standard.cited(entry.clause, *entry.path) if entry.depth else whole
    layer, lowest = standard.layer_at(place)["id"] if entry.depth else "", standard.layers[0]["id"]
    return {
        "key": key, "text": str(entry.text), "limit": str(entry.limit), "clause": visible(clause),
        "mark": visible(entry.mark), "place": f"{visible(Path(place.file).name)}:{place.line}", "raw": entry.raw,
        "id": entry.id or None, "table": str(entry.path[0]), "style": "" if entry.depth else "group",
        "depth": entry.depth, "layer": "" if layer == lowest else visible(layer), "path": json.dumps(entry.path),
    }  # fmt: skip


def _outcomes(study: Study, county: County) -> dict[str, str]:
    """The status of every part, item, test and score of one county."""
    result = study.result
    rows: list[tuple[str, str]] = []
    for frame in (result.requirements, result.scores):
        rows += study.of_county(frame, county).select("id", pl.col("status").cast(pl.String)).rows()
    rows += study.of_county(result.verdicts, county).select("id", pl.col("status").cast(pl.String)).rows()
    for parts in study.of_county(result.counties, county)["parts"]:
        rows += [(part["id"], part["status"]) for part in parts]
    return dict(rows)


def _cursor(frame: pl.DataFrame, item: str | None) -> tuple[object, str | None] | None:
    keys = frame.filter(pl.col("id") == item)["key"].to_list() if item else []
    return ((keys[0],), None) if keys else None


def _subject(
    county: County | None,
    known: frozenset[str],
    record: Record,
    column: str,  # noqa: ARG001
) -> Subject | None:
    name = record["id"]
    if county is None or name not in known or not _is_item(record) or record["table"] == "verdict":
        return None
    return Subject("item", county, name)


def _rests(record: Record, column: str) -> tuple[str | int, ...] | None:  # noqa: ARG001
    return tuple(json.loads(record["path"])) if record["depth"] else None


def _is_item(record: Record) -> bool:
    """Ids of scopes may be those of parts: only what has an outcome of its own is one."""
    return record["table"] in JUDGED


def _leads(county: County | None, record: Record, column: str) -> Where | None:  # noqa: ARG001
    name, table = record["id"], record["table"]
    if name is None:
        return None
    if table == "setting":
        return where("settings", county)
    if table == "indicator":
        return where("schools", county, indicator=name)
    if table in ("group", "point"):
        return where("scorecard", county, item=name)
    if table == "verdict":
        return where("overview", county)
    if table == "part":
        return where("items", county, part=name)
    return where("items", county, item=name) if _is_item(record) else None
