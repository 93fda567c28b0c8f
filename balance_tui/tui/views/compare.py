"""The open data under several standards side by side, what differs first.

Which standards is kept in `Study.marked`, so that it stays from view to view; those not evaluated yet are named in the
heading, and evaluated behind the screen. Detail `why` leaves only the rows that decide a difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

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
)
from ...data.dictionary import KEY_FIELDS
from ...engine.explanation.formula import sign
from ...engine.explanation.scene import seen, unit_of
from ...engine.figures import figure, plain
from ...engine.result import Result
from ...engine.status import LABELS
from ...errors import StandardInvalid, visible
from ...language import Text
from ...standard.load import LoadedStandard
from ..study import Study
from ..table.frame_sheet import FrameSheet
from ..table.sheet import Cell, Column, ListSheet
from ..view import Doing, Record, TablePane, View
from ..where import County, Subject, Where, where
from . import KINDS
from .common import STAGE_WORDS, joined, trail

if TYPE_CHECKING:
    from ..app import BalanceApp

MARKED, UNMARKED = "[x]", "[ ]"
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
_EMPTY = Text("没有差异", "no difference")
_WAITING = Text("评估中…", "being evaluated")
_DECISIVE = ("fail", "unknown")


# Which standards


def chosen(study: Study) -> tuple[LoadedStandard, ...]:
    """The standards that are compared, the one in force first; where nobody has said which, that and the one in force
    before it, else the first other that is installed and sound."""
    own = [each for name in study.marked if isinstance(each := _loaded(study, name), LoadedStandard)]
    others = [each for each in own if each.hash != study.standard.hash] or _usual(study)
    return (study.standard, *others[: study.kept - 2])


def _usual(study: Study) -> list[LoadedStandard]:
    if study.before is not None:
        return [study.before]
    from .switch import references

    loaded = (_loaded(study, name) for name in references(study))
    others = [
        each for each in loaded if isinstance(each, LoadedStandard) and each.hash != study.standard.hash
    ]
    known = [each for each in others if study.known(each) is not None]
    return (known or others)[:1]


def _loaded(study: Study, reference: str) -> LoadedStandard | StandardInvalid:
    try:
        return study.load(reference)
    except StandardInvalid as error:
        return error


def wanted(study: Study) -> list[str]:
    """The standards marked that have not been evaluated, as `Study.load` takes them."""
    own = {each.hash for each in chosen(study)} if study.marked else set()
    return [
        name for name in study.marked
        if isinstance(each := _loaded(study, name), LoadedStandard) and each.hash in own and study.known(each) is None
    ]  # fmt: skip


# The view


def build(study: Study, place: Where) -> View:
    """The place's county under the standards chosen, of all counties where it names none; detail `choose` lists the
    standards to mark."""
    if place.get("choose"):
        return _choices(study, place)
    standards = chosen(study)
    known = {each.id: result for each in standards if (result := study.known(each)) is not None}
    names = " · ".join(each.id if each.id in known else f"{each.id} ({_WAITING})" for each in standards)
    title = trail(KINDS["compare"].title, *([_only_why()] if place.get("why") else []), visible(names))
    if len(known) < 2:
        return View(title, (TablePane("compare", title, ListSheet((), ())),), _nothing_known(standards))
    key = ("compare", place.county, place.get("why"), *(each.hash for each in standards if each.id in known))
    sheet: FrameSheet = study.sheet(key, partial(_sheet, study, place, known))
    pane = TablePane(
        "compare", title, sheet, subject=partial(_subject, place.county), leads=partial(_leads, place.county),
        rests=_rests,
    )  # fmt: skip
    return View(title, (pane,), _EMPTY)


def _only_why() -> Text:
    return Text("为何不同", "why different")


def _nothing_known(standards: Sequence[LoadedStandard]) -> Text:
    if len(standards) < 2:
        return Text("没有可比的标准: 按 a 选择", "nothing to compare with: a chooses standards")
    return _WAITING


def _sheet(study: Study, place: Where, known: Mapping[str, Result]) -> FrameSheet:
    frame = _all_counties(study, known) if place.county is None else _one_county(study, place, known)
    columns = [Column("label", Text("项目", "what"), least=18, most=44, stretch=True)]
    columns += [
        Column(
            f"told_{number}", Text(visible(name), visible(name)), mark=f"status_{number}", least=10, most=30
        )
        for number, name in enumerate(known)
    ]
    columns.append(Column("why", Text("差别", "differs in"), least=6, most=30))
    return FrameSheet(frame, columns, key=("key",), status="worst", style="style", depth="depth")


_FIXED: dict[str, Any] = {
    **dict.fromkeys(("key", "label", "why", "worst", "style", "kind", "id", "stage", "school_id"), pl.String),
    "depth": pl.UInt8,
}  # fmt: skip


def _schema(known: Mapping[str, Result]) -> dict[str, Any]:
    names = ("told", "status", "reason", "profile_told")
    columns = (f"{name}_{number}" for number in range(len(known)) for name in names)
    return {**_FIXED, **dict.fromkeys(columns, pl.String)}


def _one_county(study: Study, place: Where, known: Mapping[str, Result]) -> pl.DataFrame:
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


def _all_counties(study: Study, known: Mapping[str, Result]) -> pl.DataFrame:
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


# Where it leads


def _has(record: Record) -> bool:
    """Whether the standard in force, which is the first, has what the row is about."""
    return record.get("status_0") is not None


def _leads(county: County | None, record: Record, column: str) -> Where | Doing | None:  # noqa: ARG001
    if record["kind"] == "county":
        return where("compare", County(*(record[name] for name in KEY_FIELDS)))
    if record["kind"] is None:
        return lambda app: app.perform("fold")
    return _place_in_force(county, record) if _has(record) else _say_not_there


def _say_not_there(app: BalanceApp) -> None:
    name = app.study.standard.id if app.study else ""
    app.say(
        Text(
            f"现用标准 {name} 没有此项; p 换标准", f"{name}, which is in force, has no such thing; p switches"
        )
    )


def _place_in_force(county: County | None, record: Record) -> Where:
    kind, name = record["kind"], record["id"]
    places = {
        "verdict": where("overview", county), "part": where("items", county, part=name),
        "item": where("items", county, item=name), "score": where("scorecard", county, item=name),
        "dispersion": where("dispersion", county, stage=record["stage"], indicator=name),
        "school": where("schools", county, school_id=record["school_id"], stage=record["stage"]),
        "figure": where("schools", county, school_id=record["school_id"], stage=record["stage"], indicator=name),
    }  # fmt: skip
    return places[kind]


def _subject(county: County | None, record: Record, column: str) -> Subject | None:  # noqa: ARG001
    kind, name = record["kind"], record["id"]
    if county is None or not _has(record):
        return None
    if kind in ("part", "item", "score"):
        return Subject("item", county, name)
    if kind == "dispersion":
        return Subject("dispersion", county, name, record["stage"])
    return (
        Subject("indicator", county, name, record["stage"], record["school_id"]) if kind == "figure" else None
    )


def _rests(record: Record, column: str) -> tuple[str, ...] | None:  # noqa: ARG001
    kind, name = record["kind"], record["id"]
    if kind in ("part", "item", "score") or kind == "verdict" and name != MAIN:
        return (name,)
    tables = {"dispersion": ("dispersion",), "school": ("school_rule",), "figure": ("indicator", str(name))}
    return tables.get(kind or "")


def _choices(study: Study, place: Where) -> View:
    """Every standard with a box; entering one marks it or takes the mark away."""
    from .switch import references

    marked = {each.hash for each in chosen(study)}
    in_force = study.standard.hash
    names = sorted(references(study), key=lambda name: getattr(_loaded(study, name), "hash", "") != in_force)
    rows = [_choice(study, name, marked) for name in names]
    columns = (
        Column("box", Text("比较", "compare"), least=5, most=8),
        Column("standard", Text("标准", "standard"), least=16, most=40),
        Column("title", Text("名称", "title"), least=12, most=60, stretch=True),
    )
    sheet = ListSheet(columns, tuple(cells for cells, _ in rows), tuple(record for _, record in rows))
    title = trail(KINDS["compare"].title, Text("选要比较的标准", "choose what to compare"))
    pane = TablePane(
        "choose", title, sheet, leads=partial(_toggle, place), counted=Text("部标准", "standards")
    )
    return View(title, (pane,))


def _choice(study: Study, name: str, marked: set[str]) -> tuple[tuple[Cell, ...], Record]:
    standard = _loaded(study, name)
    record = {"_key": name, "reference": name}
    if isinstance(standard, StandardInvalid):
        cells = (Cell("", "", ""), Cell(visible(name), "", "dim"), Cell(visible(str(standard)), "", "error"))
        return cells, record
    box = Cell(MARKED if standard.hash in marked else UNMARKED, "", "bold" if standard.hash in marked else "")
    in_force = standard.hash == study.standard.hash
    return (box, Cell(f"{'*' if in_force else ' '} {visible(standard.id)}", "", "bold" if in_force else ""),
            Cell(visible(str(standard.model.standard.text)), "", "dim")), record  # fmt: skip


def _toggle(place: Where, record: Record, column: str) -> Doing:  # noqa: ARG001
    def toggle(app: BalanceApp) -> None:
        mark(app, record["reference"])
        app.again()

    return toggle


def mark(app: BalanceApp, reference: str) -> None:
    """Mark a standard to be compared, or take its mark away; the one in force always is. Errors: those of a standard
    that cannot be used."""
    study = app.study
    if study is None:
        return
    standard = _loaded(study, reference)
    if isinstance(standard, StandardInvalid):
        raise standard
    if standard.hash == study.standard.hash:
        app.say(Text("现用标准总在比较之中", "the standard in force is always compared"))
        return
    marked = _references_of(study, chosen(study))
    if reference not in marked and len(marked) >= study.kept - 2:
        app.say(
            Text(f"一次至多比较 {study.kept - 1} 部标准", f"at most {study.kept - 1} standards at a time")
        )
        return
    others = [name for name in marked if name != reference]
    if not others and reference in marked:
        app.say(Text("至少比较两部标准", "two standards at least are compared"))
        return
    study.marked[:] = others if reference in marked else [*marked, reference]
    app.loader.learn(study)


def _references_of(study: Study, standards: Sequence[LoadedStandard]) -> list[str]:
    from .switch import references

    hashes = {each.hash for each in standards} - {study.standard.hash}
    loaded = ((name, _loaded(study, name)) for name in references(study))
    return [name for name, each in loaded if isinstance(each, LoadedStandard) and each.hash in hashes]
