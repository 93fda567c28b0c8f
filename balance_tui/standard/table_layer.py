"""The TOML text of a layer made from an indicator table."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..errors import Place
from .model import Standard

CARD_PART = "points"
"""The part of a scorecard that a base without one is given."""

LONGEST_LABEL = 40


@dataclass(frozen=True)
class Given:
    """What a layer holds. `groups` and `points` are new ones, `changes` those of the base (`target`, `set`, `row`);
    `whole`: every point is there with its score; `total_place` is where the table has the total, None where it was
    given by hand."""

    id: str
    title: str
    file: str
    extends: str
    groups: Sequence[Mapping[str, Any]]
    points: Sequence[Mapping[str, Any]]
    changes: Sequence[Mapping[str, Any]]
    total: Decimal | None
    pass_mark: Decimal | None
    whole: bool
    total_place: Place | None = None


def layer_text(given: Given, base: Standard) -> str:
    """The layer as TOML: what it extends, changes of the base, new headings and points."""
    source = f"指标表 {given.file}"
    tables = [
        _table("[standard]", {
            "id": given.id, "version": "1.0.0", "title": given.title,
            "note": f"由指标表 {given.file} 补全" if given.whole else f"由指标表 {given.file} 补充, 尚不完整",
        }) + f"extends = {given.extends}\n",
        *_card(given, base, source),
        *(_change(change["target"], change["set"], _clause(source, change["row"])) for change in given.changes),
        *(_table("[[group]]", _group(group, source)) for group in given.groups),
        *(_table("[[point]]", _point(point, source)) for point in given.points),
    ]  # fmt: skip
    return "\n".join(tables)


def _clause(source: str, row: Any) -> str:
    place = getattr(row, "place", row)
    if place is None:
        return source
    at = f"{place.sheet}!{place.cell}" if place.sheet else f"第{place.line}行"
    return f"{source} {at}"


def _group(group: Mapping[str, Any], source: str) -> dict[str, Any]:
    return {
        "id": group["id"], "label": group["label"], "parent": group["parent"] or None,
        "clause": _clause(source, group["place"]),
    }  # fmt: skip


def _point(point: Mapping[str, Any], source: str) -> dict[str, Any]:
    text, label = " ".join(point["text"].split()), label_of(point["text"])
    return {
        "id": point["id"], "group": point["group"], "label": label, "max": point["max"],
        "note": text if label != text else None, "clause": _clause(source, point["place"]),
    }  # fmt: skip


def label_of(text: str) -> str:
    """A text short enough for a label."""
    said = " ".join(text.split())
    return said if len(said) <= LONGEST_LABEL else said[: LONGEST_LABEL - 1] + "…"


def _clauses(given: Given, source: str) -> dict[str, str]:
    """Where total and pass mark come from: the table has no pass mark."""
    by_hand = "导入指标表时以 --{} 给定"
    total = by_hand.format("total") if given.total_place is None else _clause(source, given.total_place)
    return {"total": total, "pass_mark": by_hand.format("pass-mark")}


def _card(given: Given, base: Standard, source: str) -> Iterator[str]:
    """Total and pass mark: the default of the setting that the base asks for them by, or a number of the card."""
    if base.scorecard is None:
        yield from _new_card(given, source)
        return
    card, clauses = base.scorecard, _clauses(given, source)
    settings = {setting.id: setting for setting in base.setting}
    if given.whole and not card.complete:
        yield _change("scorecard", {"complete": True}, source)
    for name, number in (("total", given.total), ("pass_mark", given.pass_mark)):
        setting = settings.get(getattr(card, f"{name}_setting"))
        if number is None:
            continue
        if setting is None and getattr(card, name) != number:
            yield _change("scorecard", {name: number}, clauses[name])
        elif setting is not None and setting.default != number:
            unmarked = "" if setting.mark else None
            yield _change(f"setting:{setting.id}", {"default": number, "mark": unmarked}, clauses[name])


def _new_card(given: Given, source: str) -> Iterator[str]:
    """A part and a card of its own; it decides only where a pass mark is given."""
    needed = None if given.pass_mark is not None else False
    yield _table("[[part]]", {
        "id": CARD_PART, "label": "指标体系得分", "label_en": "score of the indicator table", "needed": needed,
        "clause": source,
    })  # fmt: skip
    yield _table("[scorecard]", {
        "part": CARD_PART, "complete": None if given.whole else False, "total": given.total,
        "pass_mark": given.pass_mark, "clause": source,
    })  # fmt: skip


def _change(target: str, values: Mapping[str, Any], clause: str) -> str:
    said = {key: value for key, value in values.items() if value is not None}
    head = _table("[[change]]", {"target": target, "clause": clause, "reason": "由指标表补全"})
    return head + f"set = {{ {', '.join(f'{key} = {_value(value)}' for key, value in said.items())} }}\n"


def _table(heading: str, values: Mapping[str, Any]) -> str:
    rows = (f"{key} = {_value(value)}\n" for key, value in values.items() if value is not None)
    return f"{heading}\n{''.join(rows)}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal | int):
        return format(value, "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    shown = "".join(letter if letter.isprintable() else " " for letter in str(value))
    return json.dumps(shown, ensure_ascii=False)
