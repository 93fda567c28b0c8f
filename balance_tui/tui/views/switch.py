"""The installed standards: what each would say of the same data, before one is chosen.

Nothing is evaluated here: what is not known yet is left open, and `missing` names it for the background.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from ...comparing import Preview, preview
from ...engine.figures import plain
from ...engine.status import LABELS, MARKS
from ...errors import StandardInvalid, visible
from ...language import Text
from ...standard.load import LoadedStandard, catalogue
from ...standard.model import Standard
from ..cells import shown
from ..study import Study
from ..table.sheet import Cell, Column, ListSheet
from ..view import Doing, Record, TablePane, View
from ..where import County, Where
from . import KINDS
from .common import joined, trail

SHOWN = 4
"""Names that are listed before it is said that there are more."""
IN_FORCE = "*"
"""Marks the standard in force."""

_COLUMNS = (
    Column("standard", Text("标准 · 名称", "standard · title"), least=20, most=26),
    Column("verdict", Text("结论", "verdict"), least=8, most=24),
    Column(
        "parts", Text("与现用标准不同处 · 会改变什么", "where it differs · what would change"),
        least=46, most=100, stretch=True,
    ),
    Column("layers", Text("各层", "layers"), least=8, most=60),
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
    every = sorted(references(study), key=_first(study))
    rows = [row for reference in every for row in _rows(study, reference, where.county)]
    rows += [_unusable(name, reason) for name, reason in unusable(study)]
    sheet = ListSheet(_COLUMNS, tuple(cells for cells, _ in rows), tuple(record for _, record in rows))
    number = len(every) + sum(1 for _ in unusable(study))
    title = trail(KINDS["switch"].title, Text(f"{number} 部标准", f"{number} standards"))
    pane = TablePane("switch", title, sheet, leads=_leads, counted=Text("行", "lines"))
    return View(title, (pane,), Text("没有安装标准", "no standard is installed"))


def references(study: Study) -> tuple[str, ...]:
    """What `Study.load` takes: the ids of the installed standards, and the file the request named, if it did."""
    installed = tuple(catalogue())
    named = study.request.profile
    return installed if named in installed else (named, *installed)


def unusable(study: Study) -> Iterator[tuple[str, str]]:
    """The standards of plugins that cannot be used now, each with the sentence that says why."""
    from ...plugins.registry import overview

    there = set(references(study))
    for plugin in overview():
        if plugin.state != "ready":
            yield from ((name, plugin.reason) for name in plugin.standards if name not in there)


def missing(study: Study) -> list[str]:
    """The standards that are installed and sound, and have not been evaluated on this data; first those to compare."""
    from .compare import wanted

    ahead = wanted(study)
    return ahead + [
        reference for reference in references(study)
        if reference not in ahead
        and isinstance(standard := _loaded(study, reference), LoadedStandard) and study.verdicts(standard) is None
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


def _rows(study: Study, reference: str, county: County | None) -> Iterator[tuple[tuple[Cell, ...], Record]]:
    """The row of a standard, and below it what would change, where that is known."""
    standard = _loaded(study, reference)
    if isinstance(standard, StandardInvalid):
        yield _unusable(reference, str(standard))
        return
    yield _row(study, reference, standard, county)
    record = {"_key": f"{reference}~", "reference": reference, "usable": standard.hash != study.standard.hash}
    title = f"  {standard.model.standard.text}"
    would = changed(study, standard, county)
    yield (Cell(shown(title), "", "dim"), Cell(""), Cell(shown(would), "", "dim"), Cell(""), Cell("")), record


def _row(
    study: Study, reference: str, standard: LoadedStandard, county: County | None
) -> tuple[tuple[Cell, ...], Record]:
    header, in_force = standard.model.standard, standard.hash == study.standard.hash
    record = {"_key": reference, "reference": reference, "usable": not in_force}
    name = f"{IN_FORCE if in_force else ' '} {standard.id}"
    told = _seen(study, standard, county)
    cells = (
        Cell(shown(name), "", "bold" if in_force else ""),
        _verdict(told),
        Cell(shown("" if in_force else _difference(_seen(study, study.standard, county), told))),
        Cell(shown(" ▸ ".join(layer["id"] for layer in reversed(standard.layers)))),
        Cell(shown(str(header.in_force_from or "—"))),
    )
    return cells, record


def _unusable(reference: str, reason: str) -> tuple[tuple[Cell, ...], Record]:
    """A standard that cannot be used says why."""
    name = f"  {visible(Path(reference).stem)}"
    status = Cell(shown(f"{MARKS['unknown']} {LABELS['unknown']}"), "", "unknown")
    cells = (Cell(shown(name)), status, Cell(shown(reason), "", "error"), Cell(""), Cell("—"))
    return cells, {"_key": reference, "reference": reference, "reason": reason, "usable": False}


# What would change


def changed(study: Study, standard: LoadedStandard, county: County | None) -> str:
    """What would change if the standard were put in force: items added and dropped, limits set differently, what its
    source or its settings leave open; empty where it has not been evaluated, or nothing is to be said."""
    now, then = study.known(study.standard), study.known(standard)
    if now is None or then is None or then.is_rejected:
        return ""
    would = preview(now, then, county._asdict() if county else None)
    return joined(map(str, _told(would, standard.model)))


def _told(would: Preview, model: Standard) -> Iterator[Text]:
    if would.added:
        yield _added(would)
    if would.dropped:
        yield Text(f"不再要求 {len(would.dropped)} 项", f"{len(would.dropped)} items no longer asked")
    if would.limits:
        named = " ".join(dict.fromkeys(change.id for change in would.limits[:SHOWN]))
        more = "…" if len(would.limits) > SHOWN else ""
        yield Text(
            f"限值改 {len(would.limits)} 处: {named}{more}",
            f"{len(would.limits)} limits change: {named}{more}",
        )
    if would.points:
        most = plain(would.recorded)
        yield Text(
            f"评分 {would.points} 个要点, 已收录 {most} 分", f"{would.points} points scored, {most} recorded"
        )
    if would.unrecorded or not would.complete:
        yield _unrecorded(would, model)
    if would.unset:
        yield _unset(would, model)


def _added(would: Preview) -> Text:
    number = len(would.added)
    counts = [(would.failing, "fail"), (would.unknown, "unknown")]
    told = " ".join(f"{count} {MARKS[word]}" for count, word in counts if count)
    return Text(
        f"新增 {number} 项{f' ({told})' if told else ''}",
        f"{number} items added{f' ({told})' if told else ''}",
    )


def _unrecorded(would: Preview, model: Standard) -> Text:
    labels: dict[str, Text] = {each.id: each.text for each in model.group}
    names = [labels.get(name, Text(name, name)) for name in would.unrecorded[:SHOWN]]
    more = " …" if len(would.unrecorded) > SHOWN else ""
    zh, en = "、".join(each.zh for each in names), ", ".join(each.en for each in names)
    return Text(f"未收录: {zh or '总分'}{more}", f"not recorded: {en or 'the total'}{more}")


def _unset(would: Preview, model: Standard) -> Text:
    labels = {each.id: each.text for each in model.setting}
    first = labels[would.unset[0]]
    others = len(would.unset) - 1
    zh, en = (f" 等 {others + 1} 项", f" and {others} more") if others else ("", "")
    return Text(f"未设定: {first.zh}{zh}", f"not set: {first.en}{en}")


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
        return Cell(shown(f"{MARKS[words[0]]} {LABELS[words[0]]}"), "", words[0])
    count = Counter(words)
    text = joined((f"{MARKS[word]} {count[word]}" for word in _ORDER if count[word]), "  ")
    return Cell(shown(text), "", "fail" if count["fail"] else "unknown" if count["unknown"] else "pass")


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
    reason = record.get("reason")
    if reason is not None:
        return lambda app: app.say(Text(reason, reason))
    return lambda app: app.switch_standard(reference)
