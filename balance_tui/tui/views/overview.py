"""One county: its verdict by parts, its dispersion, and what to look at next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import polars as pl

from ...engine.dispersion import COMPOSITE, chosen
from ...engine.explanation.formula import sign
from ...engine.explanation.scene import Scene, seen
from ...engine.figures import plain
from ...engine.status import NOT_APPLICABLE, words
from ...language import Text
from ...standard.model import Dispersion, Part
from ..cells import width
from ..study import Study
from ..table.frame_sheet import FrameSheet
from ..table.sheet import Column
from ..view import Record, TablePane, View
from ..where import County, Subject, Where, where
from . import KINDS
from .common import MARK, STATUS_COLUMN, county_in, joined, scene_of, stage_name, to_schools
from .next_steps import next_pane
from .part_reason import part_told

ADVISORY = Text("仅供参考, 不参与结论", "shown only, it does not decide")


def build(study: Study, where: Where) -> View:
    """The overview of the county of a place. Errors: `VIEW-COUNTY`."""
    scene = scene_of(study, where)
    county = county_in(scene.key)
    spread = study.pane(("spread", county), partial(_spread, scene, county))
    parts = study.pane(("parts", county), partial(_parts, scene, county))
    panes = (parts, *([spread] if spread else []), _next(study, scene, county))
    return View(KINDS["overview"].title, panes)


def prepare(study: Study) -> None:
    """What to look at next in the one county, where there is but one: it takes long where the county is large."""
    if len(study.counties) == 1:
        build(study, where("overview"))


def _next(study: Study, scene: Scene, county: County) -> TablePane:
    pane: TablePane = study.pane(("next", county), partial(next_pane, scene, county))
    return pane


def _parts(scene: Scene, county: County) -> TablePane:
    parts = {part.id: part for part in scene.model.part}
    statuses = scene.mine(scene.result.parts).select("id", words(pl.col("_status")).alias("status"))
    reasons = {each["id"]: each["reason"] for each in _told(scene)}
    frame = statuses.with_columns(
        pl.Series("label", [str(seen(parts[name].text)) for name in statuses["id"]], pl.String),
        pl.Series("reason", [_reason(parts[name], reasons.get(name)) for name in statuses["id"]], pl.String),
        pl.Series(
            "told", [_reason(parts[name], _why(scene, parts[name])) for name in statuses["id"]], pl.String
        ),
    )
    columns = (
        Column("label", Text("部分", "part"), least=8, most=24),
        STATUS_COLUMN,
        Column("told", Text("由什么决定", "what decides it"), least=16, most=120, stretch=True),
    )
    deciding = statuses.filter(pl.col("status").is_in(["fail", "unknown"]))["id"].to_list()
    return TablePane(
        "parts", Text("各部分", "parts"), FrameSheet(frame, columns, key=("id",), status="status"),
        subject=lambda record, column: Subject("item", county, record["id"]),  # noqa: ARG005
        leads=partial(_of_part, scene, county), share=0,
        cursor=((deciding[0],), "told") if deciding else None, counted=Text("部分", "parts"),
    )  # fmt: skip


def _told(scene: Scene) -> list[Mapping[str, Any]]:
    """The parts with their reasons as the result tells them."""
    rows = scene.mine(scene.result.counties)["parts"]
    return list(rows[0].to_list() if rows.len() and rows[0] is not None else [])


def _why(scene: Scene, part: Part) -> str:
    return str(part_told(scene, part))


def _reason(part: Part, reason: str | None) -> str:
    return joined(["" if part.needed else str(ADVISORY), reason or ""])


def _of_part(scene: Scene, county: County, record: Record, column: str) -> Where:  # noqa: ARG001
    """Where a part is shown in full: by schools, by coefficients, or by items."""
    part, model = record["id"], scene.model
    if model.school_rule and model.school_rule.part == part:
        return to_schools(county)
    if model.dispersion and model.dispersion.part == part:
        return where("dispersion", county)
    return where("items", county, part=part)


# Dispersion: a row a stage


def _spread(scene: Scene, county: County) -> TablePane | None:
    rule = scene.model.dispersion
    rows = scene.mine(scene.result.resources.dispersion)
    if rule is None or not rows.height:
        return None
    stages = rows["stage"].unique(maintain_order=True).to_list()
    frame = pl.DataFrame([_of_stage(rows.filter(pl.col("stage") == stage), rule) for stage in stages])
    return TablePane(
        "dispersion", Text("校际差异系数", "dispersion"),
        FrameSheet(frame, tuple(_columns(scene, rule)), key=("stage",), status="status"),
        subject=partial(_figure, rule, county), leads=partial(_to_spread, rule, county),
        share=0, counted=Text("学段", "stages"),
    )  # fmt: skip


def _of_stage(rows: pl.DataFrame, rule: Dispersion) -> dict[str, Any]:
    """`cv` of every indicator by its id and its mark as `status_ID` (none for what nothing is asked of)."""
    told = rows.with_columns(
        words(pl.col("_status").replace(NOT_APPLICABLE, None)).cast(pl.String).alias("word")
    ).to_dicts()
    stage = rows["stage"][0]
    limit = f"{sign(rule.op)}{plain(rule.limit[stage].value)}"
    judged = rows.filter(pl.col("limit").is_not_null())
    status = judged.select(words(pl.col("_status").max()).cast(pl.String)).item() if judged.height else None
    highest = judged.sort("cv", descending=True, nulls_last=True)["indicator"]
    own = {row["indicator"]: row["cv"] for row in told} | {
        f"status_{r['indicator']}": r["word"] for r in told
    }
    return {
        "stage": stage, "label": f"{stage_name(stage)} {rows['sections'][0]}", "limit": limit,
        "status": status, "highest": highest[0] if judged.height else None, **own,
    }  # fmt: skip


def _columns(scene: Scene, rule: Dispersion) -> Iterator[Column]:
    """The figure that decides stands first."""
    sections = Text("学段, 与计入差异系数的学校数", "stage, and how many sections the coefficients count")
    yield Column("label", Text("差异系数", "CV"), note=sections, least=8, most=14)
    if rule.judged == "composite":
        note = Text("综合差异系数: 各项的平均", "composite: the mean of all")
        yield _cv(COMPOSITE, Text("综合", "comp."), note, rule)
    for indicator in chosen(rule, scene.context):
        yield _cv(indicator.id, Text(indicator.id, indicator.id), seen(indicator.text), rule)
    yield Column("limit", Text("限值", "limit"), note=Text(rule.clause, rule.clause), least=4, most=8)


def _cv(name: str, title: Text, note: Text, rule: Dispersion) -> Column:
    # As wide as a figure also where none is known, so that the rows of all counties look alike.
    least = max(len("0.") + rule.decimals, width(str(title))) + MARK
    return Column(
        name, title, kind="figure", decimals=rule.decimals, mark=f"status_{name}", note=note, least=least
    )


def _asked(rule: Dispersion, record: Record, column: str) -> str | None:
    """The figure a cell is about: its own; of stage and limit the one that decides."""
    if column in ("label", "limit"):
        return COMPOSITE if rule.judged == "composite" else record["highest"]
    return column


def _figure(rule: Dispersion, county: County, record: Record, column: str) -> Subject | None:
    name = _asked(rule, record, column)
    return Subject("dispersion", county, name, stage=record["stage"]) if name else None


def _to_spread(rule: Dispersion, county: County, record: Record, column: str) -> Where:
    return where("dispersion", county, stage=record["stage"], indicator=_asked(rule, record, column))
