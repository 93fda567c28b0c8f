"""The installed standards: what each would say of the same data, before one is chosen.

Nothing is evaluated here: what is not known yet is left open, and `missing` names it for the background.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from ...engine.status import LABELS, MARKS
from ...errors import StandardInvalid, visible
from ...language import Text
from ...standard.load import LoadedStandard, catalogue
from ..cells import shown
from ..study import Study
from ..table.sheet import Cell, Column, ListSheet
from ..view import Doing, Record, TablePane, View
from ..where import County, Where
from . import KINDS
from .common import joined

IN_FORCE = "*"
"""Marks the standard in force."""

_COLUMNS = (
    Column("standard", Text("标准", "standard"), least=16, most=40),
    Column("verdict", Text("结论", "verdict"), least=8, most=24),
    Column("parts", Text("与现用标准不同处", "where it differs from the one in force"), least=36, most=80, stretch=True),
    Column("title", Text("名称", "title"), least=12, most=60, stretch=True),
    Column("since", Text("施行", "since"), least=4, most=12),
)  # fmt: skip
_NOT_YET = Text("评估中…", "being evaluated")
_REJECTED = Text("数据被拒绝", "data rejected")
_SAME = Text("各部分相同", "the same in every part")
_ORDER = ("pass", "relieved", "fail", "unknown", "not_applicable")


class _Seen(NamedTuple):
    """What a standard makes of the place: rows of `Result.counties`, none where it has not been evaluated."""

    counties: pl.DataFrame | None
    labels: Mapping[str, Text]


def build(study: Study, where: Where) -> View:
    """A row a standard, the one in force first."""
    rows = [
        _row(study, reference, where.county) for reference in sorted(references(study), key=_first(study))
    ]
    sheet = ListSheet(_COLUMNS, tuple(cells for cells, _ in rows), tuple(record for _, record in rows))
    title = KINDS["switch"].title
    pane = TablePane("switch", title, sheet, leads=_leads, counted=Text("部标准", "standards"))
    return View(title, (pane,), Text("没有安装标准", "no standard is installed"))


def references(study: Study) -> tuple[str, ...]:
    """What `Study.load` takes: the ids of the installed standards, and the file the request named, if it did."""
    installed = tuple(catalogue())
    named = study.request.profile
    return installed if named in installed else (named, *installed)


def missing(study: Study) -> list[str]:
    """The standards that are installed and sound, and have not been evaluated on this data."""
    return [
        reference for reference in references(study)
        if isinstance(standard := _loaded(study, reference), LoadedStandard) and study.verdicts(standard) is None
    ]  # fmt: skip


def _loaded(study: Study, reference: str) -> LoadedStandard | StandardInvalid:
    try:
        return study.load(reference)
    except StandardInvalid as error:
        return error


def _first(study: Study) -> Callable[[str], bool]:
    def behind(reference: str) -> bool:
        standard = _loaded(study, reference)
        return not isinstance(standard, LoadedStandard) or standard.hash != study.standard.hash

    return behind


def _row(study: Study, reference: str, county: County | None) -> tuple[tuple[Cell, ...], Record]:
    standard = _loaded(study, reference)
    record = {"_key": reference, "reference": reference}
    if isinstance(standard, StandardInvalid):
        return _broken(reference, standard), record
    header, in_force = standard.model.standard, standard.hash == study.standard.hash
    name = f"{IN_FORCE if in_force else ' '} {standard.id}"
    told = _seen(study, standard, county)
    cells = (
        Cell(shown(name), "", "bold" if in_force else ""),
        _verdict(told),
        Cell(shown("" if in_force else _difference(_seen(study, study.standard, county), told))),
        Cell(shown(str(header.text)), "", "dim"),
        Cell(shown(str(header.in_force_from or "—"))),
    )
    return cells, record


def _broken(reference: str, error: StandardInvalid) -> tuple[Cell, ...]:
    """A standard that cannot be used says why."""
    name = f"  {visible(Path(reference).stem)}"
    status = Cell(f"{MARKS['unknown']} {shown(str(LABELS['unknown']))}", "", "unknown")
    return (Cell(shown(name)), status, Cell(shown(str(error)), "", "error"), Cell(""), Cell("—"))


def _seen(study: Study, standard: LoadedStandard, county: County | None) -> _Seen:
    known = study.verdicts(standard)
    labels = {part.id: part.text for part in standard.model.part}
    return _Seen(None if known is None else study.of_county(known, county), labels)


def _verdict(told: _Seen) -> Cell:
    """The verdict of one county, or how many have which."""
    counties = told.counties
    if counties is None:
        return Cell(shown(str(_NOT_YET)), "", "dim")
    if not counties.height:
        return Cell(shown(str(_REJECTED)), "", "unknown")
    words = counties["verdict"].cast(pl.String).to_list()
    if len(words) == 1:
        return Cell(f"{MARKS[words[0]]} {shown(str(LABELS[words[0]]))}", "", words[0])
    count = Counter(words)
    text = joined((f"{MARKS[word]} {count[word]}" for word in _ORDER if count[word]), "  ")
    return Cell(text, "", "fail" if count["fail"] else "unknown" if count["unknown"] else "pass")


def _difference(now: _Seen, other: _Seen) -> str:
    """What another standard says otherwise: of one county by part, of several how many verdicts."""
    if now.counties is None or other.counties is None or not now.counties.height or not other.counties.height:
        return ""
    if now.counties.height > 1:
        pairs = zip(now.counties["verdict"], other.counties["verdict"], strict=True)
        changed = sum(before != after for before, after in pairs)
        return str(Text(f"{changed} 个县年结论不同", f"{changed} verdicts differ"))
    return joined(_parts(now, other)) or str(_SAME)


def _parts(now: _Seen, other: _Seen) -> Iterator[str]:
    """Parts both have whose status differs, then those the other adds and those it does not have."""
    before, after = _statuses(now), _statuses(other)
    for name in after:
        if name in before and before[name] != after[name]:
            label, own = other.labels[name], now.labels[name]
            called = "" if label == own else f"{label} "
            yield f"{own} {MARKS[before[name]]}→{called}{MARKS[after[name]]}"
    for name in [each for each in after if each not in before]:
        yield f"+{other.labels[name]} {MARKS[after[name]]}"
    for name in [each for each in before if each not in after]:
        yield f"-{now.labels[name]}"


def _statuses(told: _Seen) -> dict[str, str]:
    rows: list[dict[str, Any]] = told.counties["parts"].to_list()[0] if told.counties is not None else []
    return {row["id"]: row["status"] for row in rows}


def _leads(record: Record, column: str) -> Doing:  # noqa: ARG001
    reference: str = record["reference"]
    return lambda app: app.switch_standard(reference)
