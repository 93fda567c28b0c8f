"""What something to be recorded would change: verdict, parts, items, coefficients, figures, and new data findings."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, Any

import polars as pl

from ...comparing import KINDS, THE_SAME, Rows, labels_of, said, together
from ...data.again import Seen
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
_FOUND = Text("有", "found")
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

    told = _rows_of(county if max(before.facts.keys.height, after.facts.keys.height) > 1 else None)
    rejected = Effect(
        str(Text("数据", "data")), "", str(Text("被拒, 没有结论", "rejected: no verdict")), "fail"
    )
    found = [rejected] if after.is_rejected and not before.is_rejected else []
    found += _findings(before, after, told)
    if before.is_rejected or after.is_rejected:
        return found
    was, now, kinds = differing(before, after)
    rows = together([said(was, "before", told, kinds), said(now, "after", told, kinds)])
    labels = after.context.once("labels of effects", lambda: labels_of([after.context.standard.model]))
    changed = rows.filter(pl.col("rank") < THE_SAME).sort("kind", maintain_order=True)
    order = {
        kind: number
        for number, kind in enumerate(("verdict", "part", "item", "score", "dispersion", "school", "figure"))
    }
    ranked = sorted(changed.iter_rows(named=True), key=lambda row: (order[row["kind"]], row["rank"]))
    return found + [_effect(row, labels) for row in ranked]


def _rows_of(county: County | None) -> Rows:
    """What picks the rows of a county; of all where none is named."""
    if county is None:
        return lambda frame: frame
    return lambda frame: frame.filter(
        pl.col(name).eq_missing(pl.lit(value, frame.schema[name]))
        for name, value in zip(KEY_FIELDS, county, strict=True)
    )


# What may differ

_SAID_FROM: Sequence[tuple[tuple[str, ...], Sequence[Callable[[Result], pl.DataFrame]]]] = (
    (("verdict", "part"), (lambda of: of.parts, lambda of: of.outcomes, lambda of: of.conclusions)),
    (("item",), (lambda of: of.items.rows,)),
    (("score",), (lambda of: of.points, lambda of: of.cards.rows)),
    (("dispersion",), (lambda of: of.resources.dispersion,)),
    (("school",), (lambda of: of.resources.excluded,)),
)
"""Kinds of `comparing.KINDS`, and the frames of a result that alone decide what is said of them."""
_SUBJECT = ("_county", *KEY_FIELDS, "school_id", "stage")


def differing(before: Result, after: Result) -> tuple[Result, Result, Collection[str]]:
    """Both results, and the kinds (of `comparing.KINDS`) of which they may say different things. Sections of which both
    say the same, stages that have no others, and schools left out of both are left away."""
    if before.context.made_of != after.context.made_of:
        return before, after, KINDS
    kinds = {
        kind
        for named, frames in _SAID_FROM
        if not all(Seen(frame(after), frame(before)).is_same for frame in frames)
        for kind in named
    }
    was, now = before.resources.stages, after.resources.stages
    apart = {stage: _apart(was[stage], now[stage]) for stage in was}
    left = {stage: frames for stage, frames in apart.items() if any(frame.height for frame in frames)}
    if left:
        kinds |= {"school", "figure"}
    excluded = [of.resources.excluded for of in (before, after)]
    if Seen(*reversed(excluded)).is_same:
        excluded = [frame.clear() for frame in excluded]
    one, other = (
        replace(
            of,
            resources=replace(
                of.resources, stages={name: rows[i] for name, rows in left.items()}, excluded=excluded[i]
            ),
        )
        for i, of in enumerate((before, after))
    )
    return one, other, kinds


def _apart(was: pl.DataFrame, now: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of two frames that differ; all of both where they are not rows of the same sections."""
    seen = Seen(now, was)
    if was.columns != now.columns or not seen.same(_SUBJECT):
        return was, now
    changed = [was[name].ne_missing(now[name]) for name in seen.changed(now.columns)]
    if not changed:
        return was.clear(), now.clear()
    differ = reduce(operator.or_, changed)
    return was.filter(differ), now.filter(differ)


def _findings(before: Result, after: Result, told: Rows) -> list[Effect]:
    if Seen(after.facts.checks, before.facts.checks).is_same:
        return []
    old, new = told(before.checks), told(after.checks)
    came = new.join(old, on=_FINDING, how="anti", nulls_equal=True)
    went = old.join(new, on=_FINDING, how="anti", nulls_equal=True)
    return [*_of_findings(came, _NEW, gone=False), *_of_findings(went, _GONE, gone=True)]


def _of_findings(rows: pl.DataFrame, title: Text, *, gone: bool) -> Iterator[Effect]:
    for row in rows.iter_rows(named=True):
        style = "pass" if gone else "warning" if row["severity"] == "warning" else "error"
        before, after = (str(_FOUND), NOTHING) if gone else (NOTHING, str(_FOUND))
        yield Effect(f"{title} {row['code']}", before, after, style, row["message"])


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
