"""What to look at next in a county: a few sentences, each leading to the place that tells more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from ...engine.exact import flips_when_rounded
from ...engine.explanation.scene import Scene
from ...engine.indicators import thresholds
from ...language import Text
from ..cells import shown
from ..table.sheet import Cell, Column, ListSheet
from ..view import TablePane
from ..where import County, Where, where
from .common import labels_of, stage_name, to_schools
from .nearest import Failing, failing, told
from .unknowns import WHO, Unknown, Who, unknowns

LISTED = 12
"""So many things are named in one sentence before the rest is counted."""

_SEVERITIES = {
    "reject": Text("拒收", "rejections"),
    "error": Text("错误", "errors"),
    "warning": Text("提醒", "warnings"),
}
_NEXT = Text("接着看", "look at next")


class Next(NamedTuple):
    """One thing to look at: its label, what is said of it, where it leads, the style of its label."""

    id: str
    label: Text
    said: Text
    leads: Where
    style: str = ""


def next_pane(scene: Scene, county: County) -> TablePane:
    """What to look at next, as a pane of as many rows as there are things."""
    rows = list(next_things(scene, county))
    columns = (
        Column("label", _NEXT, least=8, most=20),
        Column("said", Text("要点", "in short"), least=16, most=160, stretch=True),
    )
    cells = tuple(
        (Cell(shown(str(each.label)), "", each.style), Cell(shown(str(each.said)))) for each in rows
    )
    records = tuple({"_key": each.id, "leads": each.leads, "said": str(each.said)} for each in rows)
    return TablePane(
        "next", _NEXT, ListSheet(columns, cells, records),
        leads=lambda record, column: record["leads"],  # noqa: ARG005
    )  # fmt: skip


def next_things(scene: Scene, county: County) -> Iterator[Next]:
    """Failing schools, what is unknown by who could know it, findings, reliefs, what is left out, roundings."""
    yield from _schools(scene, county)
    yield from _unknown(scene, county)
    yield from _rounding(scene, county)
    yield from _findings(scene, county)
    yield from _reliefs(scene, county)
    yield from _excluded(scene, county)


def _schools(scene: Scene, county: County) -> Iterator[Next]:
    sections = failing(scene)
    known = [each for each in sections if each.distance is not None]
    if not known:
        if sections:
            said = Text(
                f"{len(sections)} 处不达标, 差距未知", f"{len(sections)} sections fail, how far is unknown"
            )
            yield Next("nearest", Text("不达标学校", "failing schools"), said, to_schools(county), "fail")
        return
    one = len(sections) == 1
    nearest = Text("不达标学校", "failing school") if one else Text("离达标最近", "nearest to pass")
    yield Next("nearest", nearest, told(scene, known[0]), _to(county, known[0]), "fail")
    if len(known) > 1:
        farthest = Text("离达标最远", "farthest from it")
        yield Next("farthest", farthest, told(scene, known[-1]), _to(county, known[-1]), "fail")


def _to(county: County, section: Failing) -> Where:
    return to_schools(county, stage=section.stage, school_id=str(section.row["school_id"]))


def _unknown(scene: Scene, county: County) -> Iterator[Next]:
    """One row for each who could know something, naming what."""
    found = unknowns(scene)
    for who in WHO:
        mine = [each for each in found if each.who == who]
        if mine:
            label = Text(f"缺{WHO[who].zh}", f"missing {WHO[who].en}") if who != "data" else WHO[who]
            yield Next(f"unknown-{who}", label, _listed(scene, mine), _to_unknown(county, who), "unknown")


def _to_unknown(county: County, who: Who) -> Where:
    return where("items", county, unknown=who)


def _listed(scene: Scene, found: list[Unknown]) -> Text:
    """The things that are missing, each with the ids it leaves open."""
    labels = labels_of(scene)
    ids: dict[Text, list[str]] = {}
    for each in found:
        told_ = ids.setdefault(each.what, [])
        told_ += [each.id] if each.id not in told_ and each.id in labels else []
    told_of = [_with_ids(what, names) for what, names in list(ids.items())[:LISTED]]
    rest = len(ids) - LISTED
    zh, en = "; ".join(each.zh for each in told_of), "; ".join(each.en for each in told_of)
    return Text(zh, en) if rest <= 0 else Text(f"{zh}; 另有 {rest} 项", f"{en}; and {rest} more")


def _with_ids(what: Text, names: list[str]) -> Text:
    listed = ", ".join(names)
    return Text(f"{listed} {what.zh}".strip(), f"{listed} {what.en}".strip())


def _findings(scene: Scene, county: County) -> Iterator[Next]:
    """Findings of the county by severity; those of no county, which stand in the files as such, beside them."""
    mine, homeless = scene.mine(scene.result.facts.checks), _homeless(scene)
    if mine.height + homeless.height == 0:
        return
    parts = [_counted(mine)] if mine.height else []
    if homeless.height:
        other = _counted(homeless)
        parts.append(Text(f"不属于任何县: {other.zh}", f"of no county: {other.en}"))
    said = Text("; ".join(each.zh for each in parts), "; ".join(each.en for each in parts))
    bad = bool((mine["severity"] != "warning").any())
    yield Next(
        "findings", Text("数据问题", "data findings"), said, where("findings", county), "fail" if bad else ""
    )


def _homeless(scene: Scene) -> pl.DataFrame:
    checks, keys = scene.result.facts.checks, scene.result.facts.keys
    names = ["province", "city", "county", "year"]
    return checks.join(keys, on=names, how="anti", nulls_equal=True)


def _counted(checks: pl.DataFrame) -> Text:
    numbers = {name: int((checks["severity"] == name).sum()) for name in _SEVERITIES}
    told_of = [(number, _SEVERITIES[name]) for name, number in numbers.items() if number]
    return Text("  ".join(f"{n} {t.zh}" for n, t in told_of), ", ".join(f"{t.en} {n}" for n, t in told_of))


def _reliefs(scene: Scene, county: County) -> Iterator[Next]:
    used = scene.mine(scene.result.reliefs)
    if not used.height:
        return
    first: object = used["cure_by"].min()
    ids = ", ".join(sorted(used["relief"].unique().to_list()))
    said = Text(
        f"使用 {used.height} 处 ({ids}), 最早须于 {first} 前整改",
        f"{used.height} uses ({ids}); the first must be cured by {first}",
    )
    yield Next("reliefs", Text("过渡条款", "reliefs"), said, where("reliefs", county), "relieved")


def _excluded(scene: Scene, county: County) -> Iterator[Next]:
    rows = scene.mine(scene.result.excluded)
    if not rows.height:
        return
    reasons = rows.group_by("reason", maintain_order=True).len().rows()
    listed = ", ".join(f"{reason or '—'} {count}" for reason, count in reasons)
    said = Text(f"{rows.height} 个学段: {listed}", f"{rows.height} sections: {listed}")
    yield Next("excluded", Text("不计入的", "left out"), said, where("excluded", county))


def _rounding(scene: Scene, county: County) -> Iterator[Next]:
    """Figures that would be judged otherwise if they were taken as they are printed."""
    of_schools, of_county = list(_flipping(scene)), _flipping_spread(scene)
    if not of_schools and not of_county:
        return
    listed = [*of_county, *of_schools]
    zh, en = "; ".join(t.zh for t in listed[:LISTED]), "; ".join(t.en for t in listed[:LISTED])
    more = Text("", "") if len(listed) <= LISTED else Text(" …", " …")
    said = Text(f"{len(listed)} 个数值: {zh}{more.zh}", f"{len(listed)} figures: {en}{more.en}")
    leads = to_schools(county) if of_schools else where("dispersion", county)
    yield Next("rounding", Text("取整会改变结论", "rounding would flip"), said, leads, "unknown")


def _flipping_spread(scene: Scene) -> list[Text]:
    rows = scene.mine(scene.result.resources.dispersion).filter("flips_when_rounded")
    return [_figure(f"CV {row['indicator']}", row["stage"], None) for row in rows.iter_rows(named=True)]


def _flipping(scene: Scene) -> Iterator[Text]:
    for stage, frame in scene.result.resources.stages.items():
        rows = scene.mine(frame)
        for indicator in scene.model.indicator:
            limits = [float(each) for each in thresholds(indicator, stage, scene.context)]
            value = pl.col(indicator.id)
            flips = (flips_when_rounded(indicator.op, value, limit, indicator.decimals) for limit in limits)
            names = rows.filter(pl.any_horizontal(pl.lit(False), *flips))["school"].to_list()
            yield from (_figure(indicator.id, stage, name) for name in names)


def _figure(name: str, stage: str, school: str | None) -> Text:
    where_ = stage_name(stage)
    of = f"{school} " if school else ""
    return Text(f"{of}{where_.zh} {name}", f"{of}{where_.en} {name}")
