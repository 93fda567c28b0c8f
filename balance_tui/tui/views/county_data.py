"""The facts of the county as a whole: a row a fact, with the items that read it."""

from __future__ import annotations

from functools import partial
from typing import Any

import polars as pl

from ...data.dictionary import KEY_FIELDS, Field
from ...engine.explanation.origin import value_text
from ...engine.status import WORD
from ...language import Text
from ...standard.model import Standard
from ...standard.rules import expressions
from ..study import Study
from ..table.frame_sheet import FrameSheet
from ..table.sheet import Column
from ..view import Record, TablePane, View
from ..where import Subject, Where, where
from . import KINDS
from .common import county_in
from .schools import county_shown

TITLE = KINDS["county_data"].title
_SCHEMA: dict[str, Any] = {
    "field": pl.String, "label": pl.String, "value": pl.String, "unit": pl.String, "status": WORD, "mark": pl.String,
    "items": pl.String,
}  # fmt: skip
_COLUMNS = (
    Column("label", Text("数据项", "fact"), stretch=True, least=16, most=48),
    Column("value", Text("数值", "value"), kind="plain", mark="mark", least=6, most=24),
    Column("unit", Text("单位", "unit"), most=16),
    Column("items", Text("用于", "read by"), note=Text("用到它的要求", "items that read it"), most=30),
    Column("field", Text("代码", "code"), most=28),
)


def build(study: Study, where: Where) -> View:
    """The county facts that the standard reads, then every other one that was reported; detail `field` says where
    the cursor stands. Errors: `VIEW-COUNTY`."""
    county = where.county if study.result.is_rejected else county_shown(study, where)
    reported = study.of_county(study.dataset.counties, county)
    values = next(iter(reported.head(1).to_dicts()), {})
    used, struck = items_reading(study.standard.model), _struck_out(study, county)
    fields = _shown(study, values)
    mine = study.recorded.one.facts if study.recorded else ()
    corrected = frozenset(key.field for key in mine if key.school_id is None and key[:4] == county)
    rows = [_row(field, values, used, struck, corrected) for field in fields]
    key = {name: values.get(name) for name in KEY_FIELDS} if county is None else county._asdict()
    schema = {name: study.dataset.counties.schema[name] for name in KEY_FIELDS} | _SCHEMA
    frame = pl.DataFrame([{**key, **row} for row in rows], schema=schema)
    known = where.get("field") in {field.code for field in fields}
    pane = TablePane(
        "county_data",
        TITLE,
        FrameSheet(frame, _COLUMNS, key=("field",), status="status"),
        subject=partial(_subject, used),
        leads=partial(_leads, study.standard.model, used),
        cursor=((where.get("field"),), "value") if known else None,
        counted=Text("项", "facts"),
    )
    return View(TITLE, (pane,), Text("没有县级数据", "no county fact was reported"))


def _shown(study: Study, values: Record) -> list[Field]:
    facts = [
        field for field in study.dataset.dictionary.of_level("county")
        if field.code not in KEY_FIELDS
    ]  # fmt: skip
    needed = study.standard.needed
    read = [field for field in facts if field.code in needed]
    return read + [
        field for field in facts if field.code not in needed and values.get(field.code) is not None
    ]


def _row(
    field: Field,
    values: Record,
    used: dict[str, list[str]],
    struck: frozenset[str],
    corrected: frozenset[str],
) -> dict[str, Any]:
    return {
        "field": field.code,
        "label": str(field.label),
        "value": str(value_text(field.code, values.get(field.code))),
        "unit": str(field.unit_text),
        "status": "unknown" if field.code in struck else None,
        "mark": "unknown" if field.code in struck else "corrected" if field.code in corrected else None,
        "items": " ".join(used.get(field.code, ())),
    }


def items_reading(model: Standard) -> dict[str, list[str]]:
    """For each fact the ids of the items and scores that read it, in the order of the standard."""
    found: dict[str, list[str]] = {}
    for path, expression, *_ in expressions(model):
        if path[0] in ("requirement", "prerequisite"):
            item = getattr(model, str(path[0]))[path[1]].id
            for name in expression.names:
                found.setdefault(name, []).append(item)
    for score in model.score:
        found.setdefault(score.field, []).append(score.id)
    return {name: list(dict.fromkeys(items)) for name, items in found.items()}


def _struck_out(study: Study, county: Any) -> frozenset[str]:
    """The county facts that an error makes unknown."""
    errors = study.of_county(study.result.facts.checks, county).filter(
        pl.col("severity") != "warning", pl.col("school_id").is_null()
    )
    return frozenset(errors["fields"].explode(empty_as_null=True).drop_nulls().to_list())


def _subject(used: dict[str, list[str]], record: Record, column: str) -> Subject | None:
    """The first item that reads the fact."""
    items = used.get(record["field"])
    return Subject("item", county_in(record), items[0]) if items and column in ("value", "items") else None


def _leads(model: Standard, used: dict[str, list[str]], record: Record, column: str) -> Where | None:  # noqa: ARG001
    items = used.get(record["field"])
    if not items:
        return None
    item = next((each for each in model.items if each.id == items[0]), None)
    if item is not None:
        return where("items", county_in(record), part=item.part, item=item.id)
    score = next(each for each in model.score if each.id == items[0])
    return where("items", county_in(record), part=score.part)
