"""What something to be recorded would change: verdict, parts, items, coefficients, figures, and new data findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from ...comparing import THE_SAME, labels_of, said, together
from ...data.dictionary import KEY_FIELDS
from ...engine.explanation.scene import unit_of
from ...engine.figures import NOTHING, figure, plain
from ...engine.status import LABELS, MARKS
from ...language import Text
from ..views.common import stage_name

if TYPE_CHECKING:
    from ...engine.result import Result
    from ..where import County

DECIMALS = 4
_NEW, _GONE = Text("新的数据问题", "new finding"), Text("不再有的问题", "finding gone")
_KIND: Mapping[str, Text] = {
    "verdict": Text("结论", "verdict"), "dispersion": Text("差异系数", "coefficient"),
    "school": Text("学校综合", "school rule"),
}  # fmt: skip
_FINDING = (*KEY_FIELDS, "school_id", "stage", "code", "field", "message")


@dataclass(frozen=True)
class Effect:
    """One thing that would be otherwise: `before` and `after` with their marks, `status` and `style` of the latter."""

    what: str
    before: str
    after: str
    style: str = ""
    note: str = ""


def effects(before: Result, after: Result, county: County | None) -> list[Effect]:
    """What changes in a county (in all where none is named), new findings first, then from the whole to the part."""

    def told(frame: pl.DataFrame) -> pl.DataFrame:
        if county is None:
            return frame
        return frame.filter(
            pl.col(name).eq_missing(pl.lit(value, frame.schema[name]))
            for name, value in zip(KEY_FIELDS, county, strict=True)
        )

    rejected = Effect(
        str(Text("数据", "data")), "", str(Text("被拒, 没有结论", "rejected: no verdict")), "fail"
    )
    found = [rejected] if after.is_rejected and not before.is_rejected else []
    found += _findings(before, after, told)
    if before.is_rejected or after.is_rejected:
        return found
    rows = together([said(before, "before", told), said(after, "after", told)])
    labels = labels_of([after.context.standard.model])
    changed = rows.filter(pl.col("rank") < THE_SAME).sort("kind", maintain_order=True)
    order = {
        kind: number
        for number, kind in enumerate(("verdict", "part", "item", "score", "dispersion", "school", "figure"))
    }
    ranked = sorted(changed.iter_rows(named=True), key=lambda row: (order[row["kind"]], row["rank"]))
    return found + [_effect(row, labels) for row in ranked]


def _findings(before: Result, after: Result, told: Any) -> list[Effect]:
    old, new = told(before.checks), told(after.checks)
    came = new.join(old, on=_FINDING, how="anti", nulls_equal=True)
    went = old.join(new, on=_FINDING, how="anti", nulls_equal=True)
    return [*_of_findings(came, _NEW, gone=False), *_of_findings(went, _GONE, gone=True)]


def _of_findings(rows: pl.DataFrame, title: Text, *, gone: bool) -> Iterator[Effect]:
    for row in rows.iter_rows(named=True):
        style = "pass" if gone else "warning" if row["severity"] == "warning" else "error"
        yield Effect(f"{title} {row['code']}", "", "", style, row["message"])


def _effect(row: Mapping[str, Any], labels: Mapping[tuple[str, str], Text]) -> Effect:
    sides = {each["profile"]: each for each in row["under"]}
    before, after = sides.get("before"), sides.get("after")
    status = (after or {}).get("status") or ""
    return Effect(_what(row, labels), _shown(row, before), _shown(row, after), status)


def _what(row: Mapping[str, Any], labels: Mapping[tuple[str, str], Text]) -> str:
    kind, name = row["kind"], row["id"]
    label = labels.get((kind, name))
    if kind == "verdict":
        return str(label or _KIND[kind]) if name != kind else str(_KIND[kind])
    stage = str(stage_name(row["stage"])) if row["stage"] else ""
    if kind == "dispersion":
        return " ".join(part for part in (str(_KIND[kind]), name, stage) if part)
    if kind in ("school", "figure"):
        school = row["school"] or row["school_id"]
        return " ".join(
            part for part in (name if kind == "figure" else str(_KIND[kind]), school, stage) if part
        )
    return f"{name} {label}" if label and kind in ("item", "score") else str(label or name)


def _shown(row: Mapping[str, Any], side: Mapping[str, Any] | None) -> str:
    """A status with its mark, and the figure it rests on."""
    if side is None or side["status"] is None:
        return NOTHING
    mark, value = MARKS.get(side["status"], ""), side["value"]
    if value is None:
        return f"{LABELS[side['status']]} {mark}" if row["kind"] != "figure" else f"{NOTHING} {mark}"
    number = (
        figure(value, DECIMALS) if row["kind"] in ("dispersion", "figure") else plain(round(value, DECIMALS))
    )
    return f"{number} {unit_of(side['unit'] or '')}".rstrip() + f" {mark}"
