"""What people answered to an item: who, what, when it counts, and what is still wanted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from ...data.dictionary import ANSWERS
from ...language import Text
from ...standard.model import Requirement
from ...standard.tests import Test
from ..requirements.answers import answers
from .derivation import LIST, SCHOOL_COLUMN, SPACE, STATUS_COLUMN, Column, Step, joined, same
from .figure_text import test_source
from .people import failing_rows, population_step
from .scene import Scene, school_name, seen


def evidence_steps(scene: Scene, item: Requirement, test: Test) -> list[Step]:
    """What is asked, what passes, the answers, and the schools that decide."""
    steps: list[Step | None] = [_wanted(scene, item, test), answer_step(scene, item, test)]
    if test.scope and test.per == "school":
        steps += [population_step(scene, item, test, scene.facts_in(test.where)), _schools(scene, test, item)]
    settings = scene.setting_steps(scene.settings_in(test.where))
    return [*(step for step in steps if step), *settings]


def _wanted(scene: Scene, item: Requirement, test: Test) -> Step:
    place, clause = test_source(scene, item, test, "wanted")
    wanted = Text(test.wanted, test.wanted_en or test.wanted) if test.wanted else item.text
    passing = joined([ANSWERS.get(each, same(each)) for each in test.passing], LIST)
    told = joined(
        [
            seen(wanted),
            Text(f"达标的判定: {passing.zh}", f"passes when answered: {passing.en}"),
            scene.source(clause, place, test.mark),
        ]
    )
    data = {"passing": list(test.passing), **scene.source_data(clause, place, test.mark)}
    return Step("evidence", Text("所需材料", "wanted evidence"), told, data)


def answer_step(scene: Scene, item: Requirement, test: Test) -> Step:
    """Every judgement on the test; `counted` says whether it stands: a verified one replaces the others."""
    every = scene.facts.judgements.filter(
        pl.col("answer").is_not_null() & pl.col("item").is_in([item.id, test.id, test.id.split(".")[0]])
    )
    stands = {_identity(row) for row in answers(scene.facts.judgements, item, test).to_dicts()}
    rows = tuple({**row, "counted": _identity(row) in stands} for row in every.to_dicts())
    columns = (
        SCHOOL_COLUMN,
        Column("answer", Text("判定", "answer"), words=ANSWERS),
        Column("source", Text("来源", "source")),
        Column("unit", Text("单位", "office")),
        Column("remark", Text("备注", "remark")),
        Column("evidence", Text("材料", "evidence")),
        Column("counted", Text("计入", "counts")),
    )
    shown = tuple(_row(scene, row) for row in rows)
    text = _said(rows) if rows else Text("尚未判定", "not answered yet")
    return Step("answer", Text("判定", "answers"), text, {"answers": len(rows)}, columns, shown)


def _identity(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(
        row[name] for name in ("school_id", "stage", "item", "answer", "source", "remark", "evidence")
    )


def _row(scene: Scene, row: Mapping[str, Any]) -> dict[str, Any]:
    names = ("school_id", "stage", "item", "answer", "source", "unit", "remark", "evidence", "counted")
    known = scene.facts.sections.filter(pl.col("school_id").eq_missing(pl.lit(row["school_id"], pl.String)))
    school = known["school"][0] if known.height else None
    return {**{name: row[name] for name in names}, "school": school or row["school_id"]}


def _said(rows: tuple[Mapping[str, Any], ...]) -> Text:
    of_county = [row for row in rows if row["school_id"] is None]
    told = [
        joined(
            [
                ANSWERS.get(row["answer"], same(row["answer"])),
                same(row["source"] or ""),
                Text("", "") if row["counted"] else Text("(不计)", "(does not count)"),
            ],
            SPACE,
        )
        for row in of_county
    ]
    schools = len(rows) - len(of_county)
    if schools:
        told.append(Text(f"{schools} 条学校判定", f"{schools} answers of schools"))
    return joined(told)


def _schools(scene: Scene, test: Test, item: Requirement) -> Step | None:
    rows = failing_rows(scene, item, test)
    if not rows:
        return None
    told = same(", ".join(school_name(row) for row in rows[:10]) + (" …" if len(rows) > 10 else ""))
    columns = (SCHOOL_COLUMN, STATUS_COLUMN)
    return Step(
        "table",
        Text("起决定作用的学校", "schools that decide"),
        told,
        {"count": len(rows)},
        columns,
        tuple(rows),
    )
