"""What decides a part, in as few cells as tell it: which items, how many schools, which coefficients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import polars as pl

from ...engine.explanation.scene import Scene, seen
from ...engine.reasons import reason_text
from ...engine.status import FAIL, LABELS, MARKS, RELIEVED, UNKNOWN, WORDS
from ...language import Text
from ...standard.model import Part
from .coefficient import figure_name
from .common import stage_name

_DECIDING = (FAIL, UNKNOWN, RELIEVED)


def part_told(scene: Scene, part: Part) -> Text:
    """Why a part has its status, safe to put on the screen; the engine's own reason where that tells it best."""
    row = scene.mine(scene.result.parts).row(by_predicate=pl.col("id") == part.id, named=True)
    code, *arguments = (row["reason"] or "").split("|")
    if code == "some":
        return seen(_items(arguments, LABELS[WORDS[row["_status"]]]))
    if code in ("resources", "sections", "figures") and not _has_items(scene, part):
        return seen(_resources(scene, part, arguments))
    return seen(reason_text(row["reason"], scene.context.standard.dictionary))


def _items(arguments: list[str], word: Text) -> Text:
    total, deciding, ids = arguments
    listed = ids.replace(", ", " ")
    return Text(
        f"{total} 项中 {deciding} 项{word.zh}: {listed}", f"{deciding} of {total} {word.en}: {listed}"
    )


def _has_items(scene: Scene, part: Part) -> bool:
    items = any(each.part == part.id for each in scene.model.items)
    return items or any(each.part == part.id for each in scene.model.score)


def _resources(scene: Scene, part: Part, arguments: list[str]) -> Text:
    """The schools and the coefficients, whichever of them the part is made of."""
    model = scene.model
    told = []
    if model.school_rule and model.school_rule.part == part.id:
        told.append(_schools(*arguments[:4]))
    if model.dispersion and model.dispersion.part == part.id:
        told.append(_spread(scene))
    return Text("; ".join(each.zh for each in told), "; ".join(each.en for each in told))


def _schools(total: str, failing: str, unknown: str, relieved: str) -> Text:
    numbers = zip((failing, unknown, relieved), _DECIDING, strict=True)
    counts = " ".join(f"{number} {MARKS[WORDS[status]]}" for number, status in numbers if number != "0")
    if not counts:
        return Text(f"{total} 处学校均达标", f"all {total} sections pass")
    return Text(f"{total} 处学校: {counts}", f"{total} sections: {counts}")


def _spread(scene: Scene) -> Text:
    """The coefficients that do not pass, by stage, each behind those of its kind that are worse."""
    rows = scene.mine(scene.result.resources.dispersion).filter(pl.col("limit").is_not_null())
    short = rows.filter(pl.col("_status").is_in(_DECIDING)).to_dicts()
    if not short:
        return Text(f"{rows.height} 项差异系数均达标", f"all {rows.height} CVs pass")
    stages = [_of_stage(stage, list(own)) for stage, own in groupby(short, key=lambda row: str(row["stage"]))]
    zh, en = ", ".join(each.zh for each in stages), ", ".join(each.en for each in stages)
    return Text(f"差异系数: {zh}", f"CV: {en}")


def _of_stage(stage: str, rows: list[Mapping[str, Any]]) -> Text:
    kinds = list(_by_status(rows))
    zh, en = (" ".join(each[index] for each in kinds) for index in (0, 1))
    return Text(f"{stage_name(stage).zh} {zh}", f"{stage_name(stage).en} {en}")


def _by_status(rows: list[Mapping[str, Any]]) -> Iterator[Text]:
    for status in _DECIDING:
        names = [figure_name(row["indicator"]) for row in rows if row["_status"] == status]
        if names:
            mark = MARKS[WORDS[status]]
            zh, en = (" ".join(name[index] for name in names) for index in (0, 1))
            yield Text(f"{zh} {mark}", f"{en} {mark}")
