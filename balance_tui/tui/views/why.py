"""Where what the standard says comes from: of every value which layer set it, on which line, by which clause and for
which reason, and what it replaced.

Detail `path` is the way to the value or table in the standard, as `path_detail` writes it; `profile` names another of
the standards that are compared than the one in force.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from ...engine.explanation.scene import seen, setting_value
from ...errors import UsageError, visible
from ...language import Text
from ...standard.base import Labelled
from ...standard.layers.provenance import Origin, Provenance
from ...standard.load import LoadedStandard
from ..study import Study
from ..table.frame_sheet import FrameSheet
from ..table.frame_text import plain_text
from ..table.sheet import Column
from ..view import Record, TablePane, View
from ..where import Where, where
from . import KINDS
from .common import CLAUSE_COLUMN, trail

_SCHEMA: dict[str, Any] = {
    **dict.fromkeys(("key", "field", "value", "layer", "place", "clause", "reason", "style"), pl.String),
    "depth": pl.UInt8,
}  # fmt: skip
_FIRST = (
    "limit",
    "limits",
    "value",
    "op",
    "floor",
    "default",
    "max",
    "pass_mark",
    "total",
    "holds",
    "need",
    "scorer",
)
"""Steps of a path that say what is decided by; they stand before the words around them."""
_GIVEN = Text("启动时给定 (--set)", "given at the start (--set)")
_REPLACED = Text("原为", "before it")
_NONE = Text("标准没有写到", "the standard says nothing of it")

Steps = tuple[str | int, ...]


def path_detail(path: Sequence[str | int]) -> str:
    """A path as the detail of a place."""
    return json.dumps(list(path), ensure_ascii=False)


def build(study: Study, place: Where) -> View:
    """Every value at the path, what decides first. Errors: `VIEW-WHY` where the standard has nothing there."""
    standard = _standard(study, place)
    path = _steps(place)
    found = [each for each in standard.provenance(*path) if each.path[-1:] != ("id",)]
    if not found:
        named = visible(".".join(map(str, path)))
        raise UsageError(
            "VIEW-WHY",
            Text(f"标准 {standard.id} 没有“{named}”", f"{standard.id} has no '{named}'"),
            Text("9 看标准全文", "9 shows the standard"),
        )
    found.sort(key=_rank)
    shared = _shared([each.path for each in found])
    rows = [*_given(study, standard, path), *(row for each in found for row in _rows(each, shared))]
    frame = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    title = trail(KINDS["why"].title, _label(standard, path))
    pane = TablePane(
        "why", title, FrameSheet(frame, _COLUMNS, key=("key",), style="style", depth="depth"),
        leads=partial(_leads, study, standard, place, path), counted=Text("行", "lines"),
    )  # fmt: skip
    return View(title, (pane,), _NONE)


_COLUMNS = (
    Column("field", Text("字段", "field"), least=14, most=40),
    Column("value", Text("值", "value"), least=18, most=36, stretch=True),
    Column("layer", Text("由哪层", "layer"), least=10, most=24),
    Column("place", Text("出处", "place"), least=12, most=36),
    CLAUSE_COLUMN,
    Column("reason", Text("理由", "reason"), least=8, most=80, stretch=True),
)


def _standard(study: Study, place: Where) -> LoadedStandard:
    from .compare import chosen

    named = place.get("profile")
    return (
        next((each for each in chosen(study) if each.id == named), study.standard)
        if named
        else study.standard
    )


def _steps(place: Where) -> Steps:
    return tuple(json.loads(place.get("path") or "[]"))


def _rank(each: Provenance) -> tuple[bool, bool]:
    deciding = any(step in _FIRST for step in each.path[1:])
    return not each.is_changed and not each.replaced, not deciding


def _shared(paths: Sequence[tuple[str, ...]]) -> int:
    """How many first steps all have in common, which the heading tells."""
    shortest = min(len(path) for path in paths) - 1
    return next((at for at in range(shortest) if len({path[at] for path in paths}) > 1), shortest)


def _rows(each: Provenance, shared: int) -> Iterator[dict[str, Any]]:
    """The value in force, and below it what it replaced, the last first."""
    steps = each.path[shared:]
    # A limit of a stage is written as a number or as a table with its value.
    name = ".".join(steps[:-1] if steps[-1] == "value" and "limit" in steps else steps)
    yield _row(name, name, each.origin, 0)
    for number, old in enumerate(reversed(each.replaced)):
        yield _row(f"{name}~{number}", str(_REPLACED), old, 1)


def _row(key: str, field: str, origin: Origin, depth: int) -> dict[str, Any]:
    return {
        "key": key, "field": visible(field), "value": visible(plain_text(origin.value)), "layer": visible(origin.layer),
        "place": f"{visible(Path(origin.place.file).name)}:{origin.place.line}", "clause": visible(origin.clause),
        "reason": visible(origin.reason), "depth": depth, "style": "dim" if depth else "",
    }  # fmt: skip


def _given(study: Study, standard: LoadedStandard, path: Steps) -> Iterator[dict[str, Any]]:
    """Of a setting the value it has been given, above its default."""
    setting = next((each for each in standard.model.setting if path[-1:] == (each.id,)), None)
    if setting is None or setting.id not in study.settings:
        return
    known = study.known(standard)
    value = known.context.setting(setting.id) if known else None
    shown = str(setting_value(setting, value)) if known else study.settings[setting.id]
    yield {
        "key": "given", "field": str(KINDS["settings"].title), "value": visible(shown), "layer": str(_GIVEN), "place": "",
        "clause": visible(setting.clause), "reason": "", "depth": 0, "style": "bold",
    }  # fmt: skip


def _id_of(standard: LoadedStandard, path: Steps) -> str:
    """The id of the innermost table of a path that has one; else its last word."""
    node: Any = standard.document.data
    name = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    for step in path:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            break
        name = str(node["id"]) if isinstance(node, dict) and "id" in node else name
    return name


def _label(standard: LoadedStandard, path: Steps) -> Text:
    """What the path leads to: the label of the innermost table that has one."""
    name, model = _id_of(standard, path), standard.model
    tables: tuple[tuple[Labelled, ...], ...] = (
        model.indicator, model.items, model.part, model.score, model.point, model.group, model.setting, model.relief,
        model.scope, model.verdict,
    )  # fmt: skip
    for table in tables:
        for each in table:
            if each.id == name:
                text = seen(each.text)
                return Text(f"{each.id} {text.zh}", f"{each.id} {text.en}")
    return Text(visible(name), visible(name))


def _leads(
    study: Study, standard: LoadedStandard, place: Where, path: Steps,
    record: Record, column: str,  # noqa: ARG001
) -> Where | None:  # fmt: skip
    """The line of the standard tree, where it is the one in force."""
    if standard.hash != study.standard.hash:
        return None
    return where("standard", place.county, item=_id_of(standard, path))
