"""Made-up counties as a `Dataset`, without files, and explanations as plain text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction
from functools import cache

import polars as pl

from balance_tui.data.dataset import JUDGEMENT_SCHEMA, ORIGIN_SCHEMA, Dataset, Source
from balance_tui.data.dictionary import dictionary
from balance_tui.engine.evaluate import evaluate
from balance_tui.engine.explanation import Derivation
from balance_tui.engine.result import Result
from balance_tui.standard.load import LoadedStandard, load_standard
from tests.contract.builder import County
from tests.oracle.words import Fact, Row

FILE = "示例县.xlsx"


@cache
def standard(name: str = "national-2017") -> LoadedStandard:
    return load_standard(name)


def value(fact: Fact) -> object:
    return float(fact) if isinstance(fact, int | Fraction) and not isinstance(fact, bool) else fact


def framed(rows: Iterable[Row], schema: dict[str, pl.DataType]) -> pl.DataFrame:
    known = [
        {
            name: row[name] if name == "year" else value(row[name]) for name in schema if name in row
        }
        for row in rows
    ]  # fmt: skip
    return pl.DataFrame([dict.fromkeys(schema) | row for row in known], schema=schema, orient="row")


def dataset_of(counties: Iterable[County]) -> Dataset:
    """The counties as read from the sheet 小学 of one workbook, fields in columns A, B, C …"""
    every = list(counties)
    schema = dictionary().section_schema()
    sections = [row | each.key for each in every for row in each.sections]
    frame = framed(sections, schema).with_columns(
        pl.lit(0, ORIGIN_SCHEMA["_source"]).alias("_source"),
        (pl.int_range(pl.len(), dtype=pl.UInt32) + 3).alias("_row"),
    )
    facts = framed([each.facts | each.key for each in every], dictionary().county_schema())
    judged = framed(
        [dict(each) | county.key for county in every for each in county.judgements], JUDGEMENT_SCHEMA
    )
    columns = {name: f"K{index}" for index, name in enumerate(schema)}
    return Dataset(
        sections=frame, counties=facts, judgements=judged, sources=(Source(FILE, "小学", columns),)
    )


def result_of(*counties: County, name: str = "national-2017", **settings: str) -> Result:
    return evaluate(standard(name), dataset_of(counties), settings=settings)


def told(derivation: Derivation) -> str:
    """Everything a derivation says, as one text; it must also be JSON."""
    json.dumps(derivation.as_dict(), ensure_ascii=False, allow_nan=False)
    lines = [str(derivation.title)]
    for step in derivation.steps:
        lines.append(f"[{step.kind}] {step.label}: {step.text}")
        lines += [" | ".join(cells) for cells in step.cells()]
    return "\n".join(lines)
