"""Small standards with a scorecard, written as an author writes them, and counties that people scored."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from balance_tui.data.dataset import JUDGEMENT_SCHEMA
from balance_tui.engine.evaluate import evaluate
from balance_tui.engine.result import Result
from balance_tui.standard.load import LoadedStandard, read_standard
from tests.contract.builder import County
from tests.engine.explain_data import dataset_of, framed

HEADER = """
[standard]
id = "made-up"
version = "1"
title = "示例"
authority = "示例"
document = "示例"
[[part]]
id = "city"
label = "市级"
clause = "c"
"""
CARD = """
[scorecard]
part = "city"
clause = "c"
"""
GROUP = """
[[group]]
id = "A"
label = "甲"
clause = "c"
"""


def number_setting(name: str) -> str:
    return f'[[setting]]\nid = "{name}"\nlabel = "{name}"\ntype = "number"\nclause = "c"\n'


def choice_setting(name: str, *choices: str) -> str:
    listed = ", ".join(f'{{ id = "{each}", label = "{each}" }}' for each in choices)
    return (
        f'[[setting]]\nid = "{name}"\nlabel = "{name}"\ntype = "choice"\nclause = "c"\nchoices = [{listed}]\n'
    )


def point(name: str, most: object = 4, *, group: str = "A", further: str = "") -> str:
    highest = "" if most is None else f"max = {most}\n"
    return (
        f'[[point]]\nid = "{name}"\nlabel = "{name}"\ngroup = "{group}"\n{highest}clause = "c"\n{further}\n'
    )


def card(further: str = "") -> str:
    return f"{CARD}{further}\n"


def written(*texts: str) -> LoadedStandard:
    """The standard that the texts make."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "made-up.toml"
        file.write_text(HEADER + "\n".join(texts), encoding="utf-8")
        return read_standard(file)


Said = tuple[str, str, Any]
"""Point, source, and a score (a number) or an answer (a text)."""


def scored(
    standard: LoadedStandard,
    said: Iterable[Said] = (),
    facts: Mapping[str, Any] | None = None,
    settings: Mapping[str, str] | None = None,
    **further: Any,
) -> Result:
    """One county with these judgements and county facts."""
    county = County(sections=[]).know(**dict(facts or {"visited": 1}))
    rows: Sequence[dict[str, Any]] = [
        county.key | {"item": item, "source": source} | _said(value) for item, source, value in said
    ]
    dataset = replace(dataset_of([county]), judgements=framed(rows, JUDGEMENT_SCHEMA))
    return evaluate(standard, dataset, settings=settings or {}, **further)


def _said(value: Any) -> dict[str, Any]:
    return {"answer": value} if isinstance(value, str) else {"score": Fraction(str(value))}


def row(result: Result, name: str = "scorecard") -> dict[str, Any]:
    """The card, a group or a point of the only county."""
    (found,) = result.scorecard.filter(id=name).to_dicts()
    return found
