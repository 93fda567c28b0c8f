"""`explain`: the derivation of one figure."""

from __future__ import annotations

import argparse
import sys

from rich.table import Table

from ..engine.explanation import Derivation, Step, explain_dispersion, explain_indicator, explain_item
from ..engine.figures import figure
from ..engine.result import Result
from ..engine.status import LABELS, MARKS
from ..errors import UsageError
from ..language import Text
from .evaluate import reject
from .frames import write_json
from .session import result_of
from .terminal import console, plain_text


def run(options: argparse.Namespace) -> int:
    """Show how one figure, dispersion figure or item came about."""
    result = result_of(options)
    if result.is_rejected:
        return reject(result)
    derivation = _derivation(result, options)
    if getattr(options, "json", False):
        write_json(derivation.as_dict(), sys.stdout)
    else:
        _show(derivation)
    return 0


def _derivation(result: Result, options: argparse.Namespace) -> Derivation:
    where = {"county": options.county, "year": options.year}
    if options.item:
        return explain_item(result, options.item, **where)
    if not options.stage:
        raise _missing("--stage", Text("要说明的学段", "the stage"))
    if options.dispersion:
        return explain_dispersion(result, options.stage, options.dispersion, **where)
    if not options.school:
        raise _missing("--school", Text("要说明的学校", "the school"))
    return explain_indicator(result, options.school, options.stage, options.indicator, **where)


def _missing(option: str, what: Text) -> UsageError:
    return UsageError(
        "USAGE", Text(f"缺少 {option}: {what.zh}", f"{option} is missing: {what.en}"),
        Text("例: --school 某小学 --stage primary --indicator L4", "for example --school NAME --stage primary --indicator L4"),
    )  # fmt: skip


def _show(derivation: Derivation) -> None:
    out = console(sys.stdout)
    value = figure(derivation.value, derivation.decimals)
    unit = f" {derivation.unit}" if derivation.value is not None else ""
    out.print(
        plain_text(
            f"{derivation.title}   {value}{unit}   {LABELS[derivation.status]} {MARKS[derivation.status]}",
            "bold",
        )
    )
    out.rule(style="dim")
    for step in derivation.steps:
        line = plain_text(f"{step.label}  ", "bold")
        line.append(plain_text(str(step.text)))
        out.print(line)
        if step.rows:
            out.print(_table(step))


def _table(step: Step) -> Table:
    table = Table(box=None, pad_edge=True, show_edge=False, header_style="dim")
    for column in step.columns:
        numeric = any(isinstance(row.get(column.key), int | float) for row in step.rows)
        table.add_column(
            plain_text(str(column.label)), justify="right" if numeric else "left", overflow="fold"
        )
    for cells in step.cells():
        table.add_row(*map(plain_text, cells))
    return table
