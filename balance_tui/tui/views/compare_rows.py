"""The rows of a comparison: what each standard says of a subject, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import polars as pl

from ...comparing import (
    DIFFERENT_STATUS,
    MAIN,
    ONLY_IN_SOME,
    SAME_STATUS,
    THE_SAME,
    WHY_TEXT,
    labels_of,
    said,
    together,
)  # fmt: skip
from ...data.dictionary import KEY_FIELDS
from ...engine.explanation.formula import sign
from ...engine.explanation.scene import seen, unit_of
from ...engine.figures import figure, plain
from ...engine.result import Result
from ...engine.status import LABELS
from ...errors import visible
from ...language import Text
from ..study import Study
from ..view import Record
from ..where import County, Where
from .common import STAGE_WORDS, joined

_RANKS = {
    DIFFERENT_STATUS: Text("结论不同", "another status"),
    ONLY_IN_SOME: Text("不是每部标准都有", "not in every standard"),
    SAME_STATUS: Text("限值或数值不同, 结论相同", "another limit or value, the same status"),
    THE_SAME: Text("相同", "the same"),
}
_SPREAD, _VERDICT, _SCHOOL = (
    Text("差异系数", "CV"),
    Text("总的结论", "verdict"),
    Text("学校综合", "school rule"),
)
_DECISIVE = ("fail", "unknown")


_FIXED: dict[str, Any] = {
    **dict.fromkeys(("key", "label", "why", "worst", "style", "kind", "id", "stage", "school_id"), pl.String),
    "depth": pl.UInt8,
}  # fmt: skip


def _schema(known: Mapping[str, Result]) -> dict[str, Any]:
    names = ("told", "status", "reason", "profile_told")
    columns = (f"{name}_{number}" for number in range(len(known)) for name in names)
    return {**_FIXED, **dict.fromkeys(columns, pl.String)}


def of_county(study: Study, place: Where, known: Mapping[str, Result]) -> pl.DataFrame:
    long = [said(result, name, partial(_of, study, place.county)) for name, result in known.items()]
    words = _Words(known)
    rows: list[dict[str, Any]] = []
    last = None
    records = [row for row in together(long).iter_rows(named=True) if _is_told(row, place)]
    counts = {rank: sum(row["rank"] == rank for row in records) for rank in _RANKS}
    for row in records:
        if row["rank"] != last:
            last = row["rank"]
            rows.append(
                {"key": f"#{last}", "label": f"{_RANKS[last]}  {counts[last]}", "style": "group", "depth": 0}
            )
        rows.append(words.row(row))
    return pl.DataFrame(rows, schema=_schema(known), orient="row")


def _of(study: Study, county: County | None, frame: pl.DataFrame) -> pl.DataFrame:
    return study.of_county(frame, county)


def _is_told(row: Record, place: Where) -> bool:
    """Schools and figures that are the same are left away; of `why` also what decides nothing."""
    if row["rank"] == THE_SAME:
        return not place.get("why") and row["kind"] not in ("school", "figure")
    if not place.get("why") or row["rank"] == DIFFERENT_STATUS:
        return True
    return row["rank"] == ONLY_IN_SOME and any(each["status"] in _DECISIVE for each in row["under"])


class _Words:
    """What a row of the comparison says in words."""

    def __init__(self, known: Mapping[str, Result]) -> None:
        self.numbers = {name: number for number, name in enumerate(known)}
        self.labels = labels_of(result.context.model for result in known.values())
        self.decimals: dict[str, int] = {}
        for result in reversed(list(known.values())):
            self._learn(result)

    def _learn(self, result: Result) -> None:
        model = result.context.model
        self.decimals |= {each.id: each.decimals for each in model.indicator}
        for item in model.items:
            if len(item.test) == 1:
                self.decimals[item.id] = item.test[0].decimals
            self.decimals |= {test.id: test.decimals for test in item.test if test.id}

    def row(self, row: Record) -> dict[str, Any]:
        under = {each["profile"]: each for each in row["under"]}
        told: dict[str, Any] = {
            "key": "|".join(str(row[name]) for name in ("kind", "id", "stage", "school_id")), "label": self._label(row),
            "why": str(Text("、", ", ")).join(str(WHY_TEXT[code]) for code in row["why"]), "depth": 1, "style": "",
            "worst": next((word for word in _DECISIVE if any(e["status"] == word for e in under.values())), None),
            **{name: row[name] for name in ("kind", "id", "stage", "school_id")},
        }  # fmt: skip
        for name, number in self.numbers.items():
            each = under.get(name)
            told[f"told_{number}"] = self._told(row, each)
            told[f"status_{number}"] = each["status"] if each else None
            told[f"reason_{number}"] = each["reason"] if each else None
            told[f"profile_told_{number}"] = name
        return told

    def _label(self, row: Record) -> str:
        kind, name = row["kind"], row["id"]
        stage = str(STAGE_WORDS.get(row["stage"], row["stage"] or ""))
        if kind == "verdict" and name == MAIN:
            return str(_VERDICT)
        if kind == "dispersion":
            return f"{_SPREAD} {stage} {name}"
        if kind in ("school", "figure"):
            what = _SCHOOL if kind == "school" else name
            return visible(joined([row["school"] or row["school_id"] or "?", stage, str(what)], " "))
        label = self.labels.get((kind, name))
        text = str(seen(label)) if label else ""
        return text if kind in ("part", "verdict") else joined([name, text], " ")

    def _told(self, row: Record, each: Record | None) -> str:
        """The figure with its limit; where there is none, the status in a word; a dash where the standard has none."""
        if each is None or each["status"] is None:
            return "—"
        if each["value"] is None or row["kind"] in ("verdict", "part", "school"):
            return str(LABELS[each["status"]])
        decimals = 3 if row["kind"] == "dispersion" else self.decimals.get(row["id"])
        value = plain(each["value"]) if decimals is None else figure(each["value"], decimals)
        limit = f" {sign(each['op'] or '>=')}{plain(each['limit'])}" if each["limit"] is not None else ""
        unit = f" {unit_of(each['unit'])}" if each["unit"] and row["kind"] != "figure" else ""
        relief = f" {each['relief']}" if each["relief"] else ""
        return f"{value}{limit}{unit}{relief}"


def of_counties(study: Study, known: Mapping[str, Result]) -> pl.DataFrame:
    """A row a county and year: its verdict under each standard."""
    frames = [
        result.counties.select(*KEY_FIELDS, pl.col("verdict").cast(pl.String)) for result in known.values()
    ]
    verdicts = [dict(zip(frame.select(KEY_FIELDS).rows(), frame["verdict"], strict=True)) for frame in frames]
    rows = [_county_row(county, [each.get(tuple(county)) for each in verdicts]) for county in study.counties]
    rows.sort(key=lambda row: not row["why"])
    schema = {**_schema(known), **{name: study.result.counties.schema[name] for name in KEY_FIELDS}}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _county_row(county: County, words: Sequence[str | None]) -> dict[str, Any]:
    differs = len(set(words)) > 1
    row: dict[str, Any] = {
        "key": repr(tuple(county)), "label": str(county), "depth": 0, "style": "", "kind": "county",
        "why": str(WHY_TEXT["status"]) if differs else "", **county._asdict(),
        "worst": next((word for word in _DECISIVE if word in words), None),
    }  # fmt: skip
    for number, word in enumerate(words):
        row |= {f"told_{number}": str(LABELS[word]) if word else "—", f"status_{number}": word}
    return row
