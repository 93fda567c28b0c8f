"""The scorecard of a county as a tree: dimensions, groups and points with their scores; under each point its thresholds
as the data has them, and what those who scored it noted.

Detail `item` says which point, group or threshold the cursor stands on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice, takewhile
from typing import Any

import polars as pl

from ...data.dictionary import ANSWERS
from ...engine.explanation.figure_text import with_unit
from ...engine.explanation.scene import Scene, seen, unit_of
from ...engine.figures import NOTHING, plain
from ...errors import visible
from ...language import Text
from ...standard.model import Standard
from ...standard.scorecard import Point
from ...standard.tests import Test
from ..study import Study
from ..table.frame_sheet import FrameSheet
from ..table.sheet import Column
from ..view import Record, TablePane, View
from ..where import County, Subject, Where, where
from . import KINDS
from .common import county_in, joined, limit_shown, scene_of

_SCHEMA: dict[str, Any] = {
    **dict.fromkeys(("id", "label", "max", "proposed", "self", "verified", "settled", "status", "told", "spread",
                     "noted", "clause", "kind", "style"), pl.String),
    "depth": pl.UInt8, "deciding": pl.UInt32,
}  # fmt: skip
SOURCES: Mapping[str, Text] = {"self": Text("自评", "self"), "verified": Text("核定", "verified")}
"""The sources of a score that every standard may have; others go by the labels of the scorecard."""
SCORES = ("proposed", "self", "verified", "settled")
"""The columns of scores, each of which a group sums over its points."""
_BY_PERSON = Text("人", "pers.")
_NOT_RECORDED = Text(
    "未收录; 可由指标表导入: balance-tui profile import-table",
    "not recorded; a table adds it: balance-tui profile import-table",
)
_NO_MAXIMUM = Text("满分未收录", "maximum not recorded")
_NO_CARD = Text(
    "这部标准没有评分体系; p 换标准, 4 看各项要求",
    "this standard has no scorecard: p switches, 4 shows the items",
)
_EVIDENCE, _SHORT = Text("证据", "evidence"), Text("所未达", "below it")
_OPEN_LEVELS = 2
"""Levels of the tree that stand open at first: the card and its dimensions."""


def build(study: Study, place: Where) -> View:
    """The scorecard of the standard in force on a county. Errors: `VIEW-COUNTY`."""
    scene = scene_of(study, place)
    county = county_in(scene.key)
    title = KINDS["scorecard"].title
    sheet: FrameSheet = study.sheet(("scorecard", county), partial(_sheet, study, scene, county))
    item = place.get("item")
    if item is not None:
        sheet = sheet.closing(())
    pane = TablePane(
        "scorecard", title, sheet, subject=partial(_subject, county), leads=partial(_leads, county),
        rests=_rests, counted=Text("行", "lines"), cursor=((item,), None) if item else None,
    )  # fmt: skip
    return View(title, (pane,), _NO_CARD)


def _sheet(study: Study, scene: Scene, county: County) -> FrameSheet:
    rows = list(_rows(study, scene, county))
    sheet = FrameSheet(
        pl.DataFrame(rows, schema=_SCHEMA, orient="row"), _COLUMNS, key=("id",), status="status", style="style",
        depth="depth",
    )  # fmt: skip
    below = [*(row["depth"] for row in rows[1:]), 0][: len(rows)]
    closed = [
        (row["id"],) for row, next_depth in zip(rows, below, strict=True)
        if row["depth"] >= _OPEN_LEVELS and next_depth > row["depth"]
    ]  # fmt: skip
    return sheet.closing(closed)


def _score(key: str, zh: str, en: str, note: Text) -> Column:
    return Column(key, Text(zh, en), kind="plain", least=4, most=9, note=note)


_COLUMNS = (
    Column("label", Text("维度 · 要点", "dimension · point"), least=30, most=48, stretch=True),
    _score("max", "满分", "max", Text("满分; +? 为另有未收录的", "the maximum; +? where more is not recorded")),
    _score("proposed", "建议", "prop.", Text("数据算出的建议分; “人”为只由人评", "proposed by the data; pers.: people alone")),
    _score("self", "自评", "self", Text("自评分", "the score given by oneself")),
    _score("verified", "核定", "verif.", Text("核定分", "the verified score")),
    _score("settled", "定分", "settl.", Text("按评分规则取定的分", "the score that counts by the rule of the scorecard")),
    Column("status", Text("结", "is"), kind="word", mark_only=True, least=2, most=4),
    Column("told", Text("说明", "why"), least=12, most=80, stretch=True),
    _score("spread", "分差", "spread", Text("各来源评分的最大差", "the widest difference between the sources")),
    Column("noted", Text("备注 · 证据", "remark · evidence"), least=8, most=60, stretch=True),
    Column("id", Text("编号", "id"), least=6, most=16),
    Column("clause", Text("条款", "clause"), least=8, most=48),
)  # fmt: skip


# The rows


def _rows(study: Study, scene: Scene, county: County) -> Iterator[dict[str, Any]]:
    """Card, groups and points in the order of the tree, each point with its thresholds and its sources below."""
    result, model = scene.result, scene.model
    if model.scorecard is None:
        return
    told = dict(study.of_county(result.requirements, county).select("id", "reason").iter_rows())
    rows = scene.mine(result.items.rows).iter_rows(named=True)
    outcomes = {row["id"]: row | {"_told": told.get(row["id"])} for row in rows}
    short = dict(scene.mine(result.items.failing)["id"].value_counts().iter_rows())
    points = {point.id: point for point in model.point}
    noted = study.of_county(result.sources, county).to_dicts()
    card = study.of_county(result.scorecard, county).to_dicts()
    for place, row in enumerate(card):
        point = points.get(row["id"])
        yield _line(model, row, point, _below(card, place))
        if point is not None:
            yield from _thresholds(point, row["level"] + 1, outcomes, short)
            own = [each for each in noted if each["point"] == point.id]
            yield from (_source(model, number, row["level"] + 1, each) for number, each in enumerate(own))


def _below(card: Sequence[Record], place: int) -> Sequence[Record]:
    """The points under a line of the card, wherever they hang; none under a point."""
    under = takewhile(lambda row: row["level"] > card[place]["level"], islice(card, place + 1, None))
    return [row for row in under if row["kind"] == "point"]


def _line(model: Standard, row: Record, point: Point | None, below: Sequence[Record]) -> dict[str, Any]:
    scores = {name: _score_shown(row, name, below) for name in SCORES}
    if point is not None and row["proposed"] is None:
        scores["proposed"] = str(_BY_PERSON) if point.scorer == "judgement" else NOTHING
    return {
        "id": row["id"], "label": _label(model, row), "max": _maximum(row), **scores,
        # A group decides nothing by itself.
        "status": None if row["kind"] == "group" else row["status"], "told": _told(model, row, point),
        "spread": _number(row["spread"]) if row["spread"] else "", "noted": _wanted(point), "kind": row["kind"],
        "clause": _clause(model, row["id"]), "depth": row["level"], "deciding": 0,
        "style": "group" if row["level"] <= 1 else "",
    }  # fmt: skip


def _score_shown(row: Record, name: str, below: Sequence[Record]) -> str:
    """A score; a sum of which some points are missing says of how many it is: `12.5 3/28`."""
    given = sum(point[name] is not None for point in below)
    part = f" {given}/{len(below)}" if row[name] is not None and given < len(below) else ""
    return f"{_number(row[name])}{part}"


def _number(value: float | None) -> str:
    return NOTHING if value is None else plain(value)


def _maximum(row: Record) -> str:
    """The maximum of the document; what is recorded of it where it gives none."""
    if row["max"] is not None:
        return plain(row["max"])
    if row["kind"] == "group" and row["level"] >= 3 and row["recorded"]:
        return plain(row["recorded"])
    return f"{plain(row['recorded'])}+?" if row["recorded"] else "?"


def _label(model: Standard, row: Record) -> str:
    if row["kind"] == "card":
        return str(Text("合计", "total"))
    table = {each.id: each.text for each in (*model.group, *model.point)}
    text = seen(table[row["id"]])
    return f"{visible(row['id'])} {text}" if row["kind"] == "point" else str(text)


def _told(model: Standard, row: Record, point: Point | None) -> str:
    if point is not None:
        no_maximum = str(_NO_MAXIMUM) if point.max is None else ""
        proposal = "" if point.scorer == "judgement" or row["proposed"] is not None else row["proposal"]
        return joined([no_maximum, row["reason"] or "", proposal or ""])
    group = next((each for each in model.group if each.id == row["id"]), None)
    if group is not None and not group.recorded:
        return str(_NOT_RECORDED)
    return joined([row["grade"] or "", row["reason"] or "" if group is None else _counted(row)])


def _counted(row: Record) -> str:
    """How many points of a group have been scored."""
    done, open_ = row["scored"], row["unscored"]
    return str(Text(f"已评 {done}, 未评 {open_}", f"{done} scored, {open_} not"))


def _wanted(point: Point | None) -> str:
    if point is None or not point.wanted:
        return ""
    wanted = seen(Text(point.wanted, point.wanted_en or point.wanted))
    return str(Text(f"需: {wanted.zh}", f"wanted: {wanted.en}"))


def _clause(model: Standard, name: str) -> str:
    clauses = {group.id: group.clause for group in model.group} | {
        point.id: point.clause for point in model.point
    }
    return clauses.get(name) or (model.scorecard.clause if model.scorecard else "")


def _thresholds(
    point: Point, depth: int, outcomes: Mapping[str, Any], short: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    """What the data says of each threshold of a point: evidence beside the score."""
    for test in point.test:
        row = outcomes.get(test.id)
        if row is None:
            continue
        number = short.get(test.id, 0)
        label = seen(test.text if test.label else point.text)
        yield {
            "id": test.id, "label": f"{visible(test.id)} {label}", "max": "", "proposed": "", "self": "", "verified": "",
            "settled": "", "status": _word(row), "told": joined([_figure(test, row), _missing(number), _why(row)]),
            "spread": "", "noted": _question(test), "clause": test.clause or point.clause, "kind": "threshold",
            "depth": depth, "deciding": number, "style": "",
        }  # fmt: skip


def _word(row: Record) -> str:
    from ...engine.status import WORDS

    return WORDS[row["_status"]]


def _figure(test: Test, row: Record) -> str:
    """The figure beside the limit; of a question the answer."""
    if test.kind == "evidence":
        code, *answer = (row["reason"] or "").split("|")
        return str(ANSWERS.get(answer[0], answer[0])) if code == "answered" else ""
    if row["value"] is None:
        return limit_shown(test.op, row["limit"], test.unit)
    value = with_unit(row["value"], test.decimals, unit_of(test.unit))
    return joined([str(value), limit_shown(test.op, row["limit"], "")], " ")


def _missing(number: int) -> str:
    return f"{number} {_SHORT}" if number else ""


def _why(row: Record) -> str:
    """What is missing, or not answered; how many schools miss a limit is told by their number."""
    code = (row["reason"] or "").split("|")[0]
    if code == "unanswered":
        return str(Text("未判定", "not answered"))
    if row["_told"] is None or code in ("answered", "met", "schools"):
        return ""
    return str(row["_told"])


def _question(test: Test) -> str:
    if not test.wanted:
        return ""
    wanted = seen(Text(test.wanted, test.wanted_en or test.wanted))
    return str(Text(f"需: {wanted.zh}", f"wanted: {wanted.en}"))


def _source(model: Standard, number: int, depth: int, row: Record) -> dict[str, Any]:
    """What one of those who scored a point gave and noted."""
    labels = dict(SOURCES) | {
        each.id: each.text for each in (model.scorecard.sources if model.scorecard else ())
    }
    source = seen(labels.get(row["source"], Text(row["source"] or "", row["source"] or "")))
    evidence = (
        str(Text(f"{_EVIDENCE.zh}: {row['evidence']}", f"{_EVIDENCE.en}: {row['evidence']}"))
        if row["evidence"]
        else ""
    )
    score = _number(row["score"]) if row["score"] is not None else visible(row["answer"] or NOTHING)
    column = row["source"] if row["source"] in SOURCES else "settled"
    noted = joined([visible(row["remark"] or ""), visible(evidence), visible(row["unit"] or "")])
    return {
        "id": f"{row['point']}#{number}", "label": str(source),
        **dict.fromkeys(("max", "proposed", "self", "verified", "settled"), ""),
        column: score, "status": None, "told": noted, "spread": "", "noted": "", "clause": "", "kind": "source",
        "depth": depth, "deciding": 0, "style": "dim",
    }  # fmt: skip


# Where it leads


def _leads(county: County, record: Record, column: str) -> Where | Any:  # noqa: ARG001
    """A threshold leads to the schools that decide it; a branch is opened or closed."""
    if record["kind"] == "threshold":
        return where("items", county, item=record["id"])
    return None if record["kind"] == "source" else _fold


def _fold(app: Any) -> None:
    app.perform("fold")


def _subject(county: County, record: Record, column: str) -> Subject | None:  # noqa: ARG001
    return (
        Subject("item", county, record["id"])
        if record["kind"] in ("threshold", "point", "group", "card")
        else None
    )


def _rests(record: Record, column: str) -> tuple[str, ...] | None:  # noqa: ARG001
    if record["kind"] == "card":
        return ("scorecard",)
    return None if record["kind"] == "source" else (record["id"],)
