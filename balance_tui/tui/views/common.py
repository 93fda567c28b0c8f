"""What every view shares: the county it shows, columns that stand in many lists, words for codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from ...data.dictionary import KEY_FIELDS
from ...engine.explanation.formula import sign
from ...engine.explanation.scene import Scene, seen, unit_of
from ...engine.figures import plain
from ...errors import UsageError, visible
from ...language import Text
from ...standard.model import Decider
from ..study import Study
from ..table.sheet import Column
from ..where import County, Where, where

WHOLE = "whole"

STAGE_WORDS: Mapping[Any, Text] = {
    "primary": Text("小学", "primary"),
    "junior": Text("初中", "junior"),
    "senior": Text("高中", "senior"),
    WHOLE: Text("全校", "whole"),
}
"""Stages in as few cells as they can be told; `WHOLE` stands for no stage, where a figure is of a whole school."""

DECIDERS: Mapping[Decider, Text] = {
    "machine": Text("机", "mach."),
    "assist": Text("辅", "asst."),
    "person": Text("人", "pers."),
}
"""Who decides an item, as the standard declares it: the machine, a person with its help, a person."""

SCHOOL_COLUMN = Column("school", Text("学校", "school"), least=12, most=36, stretch=True)
STAGE_COLUMN = Column("stage", Text("学段", "stage"), words=STAGE_WORDS, least=4, most=8)
STATUS_COLUMN = Column("status", Text("结论", "status"), kind="word", least=6, most=16)
CLAUSE_COLUMN = Column("clause", Text("条款", "clause"), least=8, most=48, stretch=True)

MARK = 1
"""Cells of the mark behind a figure."""

SEPARATOR = Text(" › ", " › ")


def county_in(record: Mapping[str, Any]) -> County:
    """The county and year of a record that carries the four keys."""
    return County(*(record[name] for name in KEY_FIELDS))


def scene_of(study: Study, place: Where) -> Scene:
    """The county and year of a place, the first of the data where it names none, with the rows of its own.
    Errors: `VIEW-COUNTY` where the data holds no such county."""
    meant = place.county or next(iter(study.counties), County(None, None, None, None))
    keys = study.of_county(study.result.facts.keys, meant)
    if not keys.height:
        named = visible(str(meant)) or "—"
        raise UsageError(
            "VIEW-COUNTY",
            Text(f"数据中没有“{named}”", f"the data has no '{named}'"),
            Text("请按 0 选择县和年份", "press 0 to choose a county and year"),
        )
    row = keys.row(0, named=True)
    return Scene(study.result, row["_county"], {name: row[name] for name in KEY_FIELDS})


def trail(*steps: Text | str) -> Text:
    """The heading of a view: its steps from the whole to the part."""
    texts = [Text(step, step) if isinstance(step, str) else step for step in steps]
    return Text(SEPARATOR.zh.join(each.zh for each in texts), SEPARATOR.en.join(each.en for each in texts))


def stage_name(stage: str | None) -> Text:
    """The short word of a stage; a code of which there is none, as it is."""
    return STAGE_WORDS.get(stage) or Text(stage or "", stage or "")


def school_named(record: Mapping[str, Any]) -> str:
    """The name of a school, or its id where it has none; content, not yet fit for the screen."""
    return str(record.get("school") or record.get("school_id") or "?")


def named_schools() -> pl.Expr:
    """`school` of a frame, its id where it has no name."""
    return pl.coalesce("school", "school_id").alias("school")


def joined(parts: Iterable[str], between: str = "; ") -> str:
    """The parts that are not empty."""
    return between.join(part for part in parts if part)


def limit_shown(op: str, limit: float | None, unit: str) -> str:
    """A limit as `≥ 95 %`; empty where there is none."""
    return "" if limit is None else f"{sign(op)} {plain(limit)} {unit_of(unit)}".rstrip()


def labels_of(scene: Scene) -> dict[str, Text]:
    """What every indicator, item, test and score of the standard is called; a test without a name of its own is
    called as its item."""
    model = scene.model
    tests = {
        test.id: seen(test.text if test.label else item.text)
        for item in model.items for test in item.test if test.id
    }  # fmt: skip
    tables = (model.indicator, model.items, model.score)
    return tests | {each.id: seen(each.text) for table in tables for each in table}


def item_of(scene: Scene, name: str) -> str | None:
    """The item that an id of an item or of one of its tests belongs to."""
    return next(
        (item.id for item in scene.model.items if name == item.id or name in {t.id for t in item.test}), None
    )


def to_schools(county: County, **detail: str | None) -> Where:
    """The list of schools and indicators at one of them."""
    return where("schools", county, **detail)


def to_item(scene: Scene, county: County, name: str) -> Where | None:
    """The schools that decide an item."""
    item = item_of(scene, name)
    return where("items", county, item=item) if item else None
