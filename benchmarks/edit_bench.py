"""A cell is edited: how long until the whole result is current, by kind of edit, beside one frame of a screen."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
from polars.testing import assert_frame_equal

from balance_tui.data.dataset import JUDGEMENT_SCHEMA, OVERRIDE_SCHEMA, Dataset
from balance_tui.data.dictionary import KEY_FIELDS
from balance_tui.engine.evaluate import evaluate
from balance_tui.engine.result import FRAMES, Result
from balance_tui.language import Text
from balance_tui.standard.load import LoadedStandard, load_standard

from . import app_edit_bench, nation
from .measure import Row, told

FRAME = 1 / 60
EDITS = 48
"""Edits in all, the kinds taking turns."""


@dataclass(frozen=True)
class Kind:
    """One kind of edit: of which fact, at which level (`judgement`: an answer to an item)."""

    what: Text
    level: str
    fields: tuple[str, ...]


KINDS = (
    Kind(Text("在校生数", "students"), "section", ("students",)),
    Kind(Text("教师", "teachers"), "section", ("teachers", "pe_teachers", "backbone_teachers")),
    Kind(Text("面积", "areas"), "school", ("teaching_area", "sports_ground_area", "smallest_music_room")),
    Kind(Text("设备", "equipment"), "school", ("equipment_value", "multimedia_rooms")),
    Kind(Text("县级数据", "county facts"), "county", ("rotated", "special_funds", "migrant_public")),
    Kind(Text("判定", "judgements"), "judgement", ("G01", "G15", "Q3", "V1")),
)


class Desk:
    """A county under edit: the data, the cells corrected so far, the last result."""

    def __init__(self, schools: int) -> None:
        self._random = random.Random(11)
        self._standard: LoadedStandard = load_standard("national-2017")
        self._dataset: Dataset = nation.dataset(nation.Size(schools, 1))
        self._key = self._dataset.counties.select(KEY_FIELDS).row(0)
        self._cells: dict[tuple[Any, ...], str] = {}
        self.last = self._evaluated(None)

    def edit(self, kind: Kind) -> float:
        """Makes one edit; the seconds until the result is current."""
        field = self._random.choice(kind.fields)
        if kind.level == "judgement":
            self._judge(field)
        else:
            self._correct(field, kind.level)
        started = time.perf_counter()
        self.last = self._evaluated(self.last)
        return time.perf_counter() - started

    def check(self) -> None:
        """The last result is the one that a whole evaluation gives, or AssertionError."""
        whole = self._evaluated(None)
        for name in FRAMES:
            assert_frame_equal(self.last.frame(name), whole.frame(name), check_exact=True)

    def _evaluated(self, previous: Result | None) -> Result:
        rows = [(*key, value) for key, value in self._cells.items()]
        overrides = pl.DataFrame(rows, schema=OVERRIDE_SCHEMA, orient="row")
        return evaluate(self._standard, self._dataset, overrides=overrides, previous=previous)

    def _correct(self, field: str, level: str) -> None:
        frame = self._dataset.counties if level == "county" else self._dataset.sections
        row = frame.row(self._random.randrange(frame.height), named=True)
        school = None if level == "county" else row["school_id"]
        stage = row["stage"] if level == "section" else None
        value = round((row[field] or 100) * self._random.uniform(0.8, 1.2))
        self._cells[*self._key, school, stage, field] = str(value)

    def _judge(self, item: str) -> None:
        answer = self._random.choice(("yes", "no"))
        judged = dict(zip(KEY_FIELDS, self._key, strict=True)) | {"item": item, "answer": answer}
        rows = self._dataset.judgements.filter(pl.col("item") != item)
        new = pl.DataFrame([judged], schema=JUDGEMENT_SCHEMA)
        self._dataset = replace(self._dataset, judgements=pl.concat([rows, new]))


def rows(*, short: bool = False) -> Iterator[Row]:
    """The engine's part, one row for all edits together and one a kind of edit, and then the app's, which has the budget:
    the 95th of a hundred."""
    yield from _of_engine(short=short)
    yield from app_edit_bench.rows(short=short)


def _of_engine(*, short: bool) -> Iterator[Row]:
    desk = Desk(60 if short else 500)
    for kind in KINDS:  # what is compiled and cached the first time does not count
        desk.edit(kind)
    taken: dict[Kind, list[float]] = {kind: [] for kind in KINDS}
    for number in range(len(KINDS) if short else EDITS):
        kind = KINDS[number % len(KINDS)]
        taken[kind].append(desk.edit(kind))
    desk.check()
    every = [seconds for each in taken.values() for seconds in each]
    what = Text(
        "引擎: 改一个单元格, 500 所学校, 至全部结果更新; 参照: 60 Hz 的一帧",
        "engine: edit of one cell, 500 schools, until the whole result is current; one frame at 60 Hz",
    )
    p95 = _p95(every)
    yield Row(what, told(p95), told(FRAME), f"{p95 / FRAME:.2f} ×")
    for kind, seconds in taken.items():
        label = Text(f"其中改{kind.what.zh}", f"of which {kind.what.en}")
        yield Row(label, told(_p95(seconds)), told(FRAME), f"{_p95(seconds) / FRAME:.2f} ×")


def _p95(seconds: list[float]) -> float:
    """The time that 95 of a hundred stay within."""
    return sorted(seconds)[math.ceil(0.95 * len(seconds)) - 1]
