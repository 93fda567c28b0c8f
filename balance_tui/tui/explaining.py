"""How one figure came about, as lines to read: a heading, the outcome, and each step with its rows.

A step may hold a hundred thousand rows: only those shown are ever formatted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..data.dictionary import KEY_FIELDS
from ..engine.explanation import Derivation, Step, explain_dispersion, explain_indicator, explain_item
from ..engine.explanation.formula import sign
from ..engine.figures import figure, plain
from ..engine.status import LABELS, MARKS
from ..errors import visible
from ..language import Text
from .cells import shown, width
from .explained_rows import GAP, NAMES, Grid, Pieces, Row, flowed
from .view import Piece
from .where import County, Subject, Where, where

if TYPE_CHECKING:
    from ..engine.result import Result
    from .study import Study

ROWS, FACTS, COPIED = 20, 60, 500
"""Rows shown of a step, of the facts behind a figure, and rows of a step that are copied."""
CORNER = 8
"""Cells kept free beside the heading, where the position stands."""

_MORE = Text("… 还有 {n} 行", "… {n} more rows")
_LIMIT = Text("限值", "limit")
_CLAUSE = Text("; 条款 ", "; clause ")


@dataclass(frozen=True, slots=True)
class ExplainLine:
    """One line of an explanation, and the place that it leads to."""

    pieces: Pieces
    leads: Where | None = None


def derivation_of(study: Study, subject: Subject) -> Derivation:
    """How the figure that `subject` names came about. Errors: `UsageError` where there is no such figure."""
    result, county, year = _meant(study.result, subject.county)
    if subject.kind == "item":
        return explain_item(result, subject.name, county, year)
    stage = subject.stage or ""
    if subject.kind == "dispersion":
        return explain_dispersion(result, stage, subject.name, county, year)
    return explain_indicator(result, subject.school_id or "", stage, subject.name, county, year)


def _meant(result: Result, county: County) -> tuple[Result, str | None, int | None]:
    """Result, county and year that the explanation finds this very county by. It takes `province/city/county` and
    a year; where these cannot tell (a slash in a name, no year), it is given a result of this county alone."""
    keys = result.facts.keys
    if keys.height == 1:
        return result, None, None
    names = [name or "" for name in county[:3]]
    if county.year is not None and not any("/" in name for name in names):
        return result, "/".join(names), county.year
    own = [index for index, key in enumerate(keys.select(*KEY_FIELDS).rows()) if County(*key) == county]
    return replace(result, facts=replace(result.facts, keys=keys[own])), None, None


def text_of(derivation: Derivation) -> str:
    """The whole derivation as plain text for copying; rows as columns between tabs."""
    lines = [str(derivation.title), "".join(piece.text for piece in _outcome(derivation))]
    for step in derivation.steps:
        lines.append(f"{step.label}  {step.text}".rstrip())
        if step.rows:
            copied = replace(step, rows=step.rows[:COPIED])
            lines.append("\t".join(str(column.label) for column in step.columns))
            lines += ["\t".join(row) for row in copied.cells()]
            lines += [_more(step, COPIED)] if len(step.rows) > COPIED else []
    return "\n".join(lines) + "\n"


def lines_of(derivation: Derivation, room: int) -> list[ExplainLine]:
    """The derivation in lines of at most so many cells; the first leaves room for a position."""
    title = flowed([Piece(_title(derivation, room - CORNER), "title")], room - CORNER, "  ")
    outcome = flowed(_outcome(derivation), room, "  ")
    lines = [ExplainLine(pieces) for pieces in (*title, *outcome)]
    why, again = _told_before(derivation)
    for step in derivation.steps:
        if step is not again:
            lines += _step(derivation, step, room, again if step is why else None)
    return lines


def _told_before(derivation: Derivation) -> tuple[Step | None, Step | None]:
    """The reason that lists the missing facts, and the step that would only list them again."""
    for again in derivation.of_kind("missing"):
        for why in derivation.of_kind("reason"):
            if not again.rows and str(again.text) in str(why.text):
                return why, again
    return None, None


def _title(derivation: Derivation, room: int) -> str:
    """The title; where it does not fit, without province, city and at last the county and year, which the heading of
    the screen has. A part goes by its name."""
    title, subject = str(derivation.title), derivation.subject
    if subject.get("item") is not None and subject.get("item") == subject.get("part"):
        title = title.removeprefix(visible(f"{subject['part']} "))
    for place in _places(subject):
        if width(title) <= room:
            break
        title = title.replace(*place)
    return title


def _places(subject: Row) -> Iterator[tuple[str, str]]:
    """What of the place is left away in turn, and what stands in its stead."""
    names = [visible(str(subject[name])) for name in KEY_FIELDS if subject.get(name) is not None]
    if subject.get("county") is None:
        return
    if subject.get("province") is not None:
        yield f" · {names.pop(0)} ", " · "
    yield f" · {' '.join(names)}", ""


def _outcome(derivation: Derivation) -> list[Piece]:
    """Value, status and limit in one line."""
    pieces, word, unit = [], derivation.status, f" {derivation.unit}".rstrip()
    if derivation.value is not None or derivation.limit is not None:
        value = figure(derivation.value, derivation.decimals)
        pieces.append(Piece(f"{value}{unit if derivation.value is not None else ''}   ", "bold"))
    pieces.append(Piece(f"{MARKS[word]} {LABELS[word]}", word))
    if derivation.limit is not None:
        told = [step.data["op"] for step in derivation.of_kind("limit") if step.data.get("op")]
        relation = f"{sign(told[0])} " if len(set(told)) == 1 else ""
        pieces.append(Piece(f"   {_LIMIT} {relation}{plain(derivation.limit)}{unit}"))
    return pieces


def _step(derivation: Derivation, step: Step, room: int, instead_of: Step | None = None) -> list[ExplainLine]:
    """One step: what it is about, what it says, its rows. It leads where a step that it stands for does."""
    rows = () if step.kind == "gap" else step.rows  # its text says all that they say
    said = [] if rows and _repeats(step) else _said(derivation, step)
    label = Piece(str(step.label), "label")
    if said and width(label.text) > room // 2:
        lines = [*flowed([label], room, GAP), *flowed([Piece(GAP), *said], room, GAP)]
    else:
        lines = flowed([label, *([Piece(GAP), *said] if said else [])], room, GAP)
    first, *others = (ExplainLine(pieces) for pieces in lines)
    leads = _step_leads(derivation.subject, instead_of or step)
    return [ExplainLine(first.pieces, leads), *others, *(_rows(derivation, step, room) if rows else ())]


def _repeats(step: Step) -> bool:
    """Whether the text only says in one line what the rows say."""
    if step.kind == "answer":
        return True
    names = [column for column in step.columns if column.key in (*NAMES, "label")]
    first = [column.shown(step.rows[0].get(column.key)) for column in names]
    return any(name and str(step.text).startswith(name) for name in first)


def _said(derivation: Derivation, step: Step) -> list[Piece]:
    """The text of a step; clause and place stand back, without the standard, which the heading of the screen has."""
    text, own = str(step.text), _standard(derivation)
    if not text or not own or f"{own} " not in text:
        return [Piece(text)] if text else []
    end = text.rfind(f"; {own} ")
    clause = text.rfind(str(_CLAUSE), 0, end)
    start = clause if clause >= 0 else end
    if start < 0:
        return [Piece(text)]
    return [Piece(text[:start]), Piece(text[start:].replace(f"{own} ", ""), "dim")]


def _standard(derivation: Derivation) -> str:
    """Id and version of the standard, as they stand in the texts."""
    data = next((step.data for step in derivation.steps if step.data.get("standard")), None)
    return visible(f"{data['standard']} {data['version']}") if data else ""


def _rows(derivation: Derivation, step: Step, room: int) -> list[ExplainLine]:
    """The rows of a step below each other, as many as are shown."""
    most = FACTS if step.kind == "origin" else ROWS
    drawn = replace(step, rows=step.rows[:most])
    grid = Grid.of(drawn, room, _known(derivation.subject, drawn))
    lines = [ExplainLine(heading)] if (heading := grid.heading()) else []
    for number, row in enumerate(drawn.rows):
        first, *others = grid.line(number)
        lines += [ExplainLine(first, _row_leads(derivation.subject, step, row)), *map(ExplainLine, others)]
    if len(step.rows) > most:
        leads = _whole_leads(derivation.subject, step)
        lines.append(ExplainLine((Piece(GAP), Piece(_more(step, most), "dim")), leads))
    return lines


def _known(subject: Row, step: Step) -> frozenset[str]:
    """Columns that would only repeat the school of the heading; a campus of it is named in the note of its row."""
    own = subject.get("school_id")
    same = own is not None and all(row.get("school_id") == own for row in step.rows)
    return frozenset(("school",)) if same or own is not None and step.kind == "origin" else frozenset()


def _more(step: Step, most: int) -> str:
    return shown(str(_MORE.fill(n=len(step.rows) - most)))


def _county(subject: Row) -> County:
    return County(*(subject.get(name) for name in KEY_FIELDS))


def _step_leads(subject: Row, step: Step) -> Where | None:
    """A step without rows leads to the first fact that lacks, a limit to where the standard says it."""
    if step.kind == "missing" and not step.rows and step.data.get("facts"):
        return _fact(subject, step.data["facts"][0], subject.get("school_id"), subject.get("stage"))
    if step.kind == "limit":
        return where("standard", _county(subject), item=subject.get("indicator") or subject.get("item"))
    return None


def _fact(subject: Row, name: str, school: str | None, stage: str | None) -> Where:
    if school is None:
        return where("county_data", _county(subject), field=name)
    own = subject.get("stage") if school == subject.get("school_id") else None
    return where("data", _county(subject), school_id=school, stage=stage or own, field=name)


def _row_leads(subject: Row, step: Step, row: Row) -> Where | None:
    """Where a row leads: a fact to its cell, a school to its figures, an item or a figure to its line."""
    county, stage = _county(subject), row.get("stage") or subject.get("stage")
    school = row.get("school_id") or (subject.get("school_id") if step.kind == "split" else None)
    if step.kind == "finding":
        return where("findings", county, code=row["code"], school_id=subject.get("school_id"))
    fact = row.get("fact") or next(iter(row.get("facts") or ()), None)
    if step.kind == "split" and not fact:
        fact = "students"
    if fact:
        return _fact(subject, fact, school, row.get("stage"))
    if school:
        return where("schools", county, school_id=school, stage=stage, indicator=subject.get("indicator"))
    if row.get("indicator"):
        return where("dispersion", county, stage=stage, indicator=row["indicator"])
    return where("items", county, part=subject.get("part"), item=row["id"]) if row.get("id") else None


def _whole_leads(subject: Row, step: Step) -> Where | None:
    """Where all rows of a step can be seen."""
    county, stage = _county(subject), subject.get("stage")
    if step.kind == "contribution":
        return where("dispersion", county, stage=stage, indicator=subject.get("indicator"))
    return where("schools", county, stage=stage) if "school_id" in step.rows[0] else None
