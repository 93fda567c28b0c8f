"""The open data under several standards side by side, what differs first.

Which standards is kept in `Study.marked`, so that it stays from view to view; those not evaluated yet are named in the
heading, and evaluated behind the screen. Detail `why` leaves only the rows that decide a difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ...comparing import (
    MAIN,
)
from ...data.dictionary import KEY_FIELDS
from ...engine.result import Result
from ...errors import StandardInvalid, visible
from ...language import Text
from ...standard.load import LoadedStandard
from ..study import Study
from ..table.frame_sheet import FrameSheet
from ..table.sheet import Cell, Column, ListSheet
from ..view import Doing, Record, TablePane, View
from ..where import County, Subject, Where, where
from . import KINDS
from .common import trail
from .compare_rows import of_counties, of_county

if TYPE_CHECKING:
    from ..app import BalanceApp

MARKED, UNMARKED = "[x]", "[ ]"
_EMPTY = Text("没有差异", "no difference")
_WAITING = Text("评估中…", "being evaluated")


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
    frame = of_counties(study, known) if place.county is None else of_county(study, place, known)
    columns = [Column("label", Text("项目", "what"), least=18, most=44, stretch=True)]
    columns += [
        Column(
            f"told_{number}", Text(visible(name), visible(name)), mark=f"status_{number}", least=10, most=30
        )
        for number, name in enumerate(known)
    ]
    columns.append(Column("why", Text("差别", "differs in"), least=6, most=30))
    return FrameSheet(frame, columns, key=("key",), status="worst", style="style", depth="depth")


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
