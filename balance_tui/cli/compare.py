"""`compare`: the same data under several standards, differences first."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
from rich.console import Console

from ..comparing import MAIN, THE_SAME, WHY_TEXT, compared, labels_of
from ..data.dataset import Dataset
from ..data.dictionary import KEY_FIELDS, STAGES
from ..engine.evaluate import evaluate
from ..engine.explanation.formula import sign
from ..engine.figures import plain
from ..engine.result import Result
from ..engine.status import LABELS, MARKS
from ..errors import UsageError
from ..language import Text
from ..request import date_given, settings_given
from ..standard.load import LoadedStandard, load_standard
from ..standard.names import nearest
from .evaluate import reject
from .frames import profile_of, rows_of, rows_told, write_json
from .session import Progress, dataset_of
from .terminal import console, plain_text

FORMAT = 1
SHOWN = 12
"""Differences of a kind that are listed for a county; JSON has all."""
_KINDS = {
    "verdict": Text("结论", "verdicts"), "part": Text("部分", "parts"), "item": Text("要求", "items"),
    "score": Text("评分", "scores"), "dispersion": Text("差异系数", "dispersion"), "school": Text("学校综合", "schools"),
    "figure": Text("学校指标", "figures of schools"),
}  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Exit code 0 whatever differs; 3 where the data is rejected."""
    standards = standards_of(options.profiles)
    results = _results(options, standards)
    rejected = next((result for result in results.values() if result.is_rejected), None)
    if rejected is not None:
        if getattr(options, "json", False):
            write_json({"checks": rows_of(rejected.checks)}, sys.stdout)
        return reject(rejected)
    first = next(iter(results.values()))
    told = rows_told(first, options.county, options.year)
    frame = told(compared(results))
    if getattr(options, "json", False):
        write_json(as_json(results, frame), sys.stdout)
    else:
        _show(console(sys.stdout), frame, labels_of(result.context.model for result in results.values()))
    return 0


def standards_of(listed: str) -> tuple[LoadedStandard, ...]:
    """The standards of `--profiles`. Errors: `COMPARE-FEW`, `COMPARE-TWICE`, and those of `load_standard`."""
    names = [name.strip() for name in listed.split(",") if name.strip()]
    if len(names) < 2:
        raise UsageError(
            "COMPARE-FEW",
            Text("--profiles 须有两部以上的标准", "--profiles takes two standards or more"),
            Text("例: --profiles national-2017,beijing-2018", "as --profiles national-2017,beijing-2018"),
        )
    standards = tuple(load_standard(name) for name in names)
    ids = [standard.id for standard in standards]
    twice = next((name for name in ids if ids.count(name) > 1), None)
    if twice is not None:
        what = Text(f"标准 {twice} 给了两次", f"the standard {twice} is given twice")
        raise UsageError("COMPARE-TWICE", what, Text("请只给一次", "give it once"))
    return standards


def _results(options: argparse.Namespace, standards: Sequence[LoadedStandard]) -> dict[str, Result]:
    """The evaluation under each standard; a setting goes to every standard that has it. Errors: `SET-NONE` where none
    has it."""
    given, as_of = settings_given(options.settings), date_given(options.as_of)
    _check_settings(given, standards)
    options.profile = standards[0].id
    results: dict[str, Result] = {}
    datasets: list[Dataset] = []
    for standard in standards:
        dataset = _dataset(options, standard, datasets)
        own = {setting.id for setting in standard.model.setting}
        known = {name: value for name, value in given.items() if name in own}
        with Progress() as progress:
            progress.say(Text(f"按 {standard.id} 评估", f"evaluating under {standard.id}"))
            results[standard.id] = evaluate(standard, dataset, settings=known, as_of=as_of)
    return results


def _check_settings(given: Mapping[str, str], standards: Sequence[LoadedStandard]) -> None:
    known = list(dict.fromkeys(each.id for standard in standards for each in standard.model.setting))
    unknown = next((name for name in given if name not in known), None)
    if unknown is not None:
        what = Text(f"这几部标准都没有设置“{unknown}”", f"none of the standards has a setting '{unknown}'")
        raise UsageError("SET-NONE", what, nearest(unknown, known))


def _dataset(options: argparse.Namespace, standard: LoadedStandard, read: list[Dataset]) -> Dataset:
    """The data, read again only where the standard declares facts that the files have not been asked for."""
    for dataset in read:
        if all(field.code in dataset.dictionary for field in standard.own_fields):
            return dataset
    read.append(dataset_of(options, standard))
    return read[-1]


def as_json(results: Mapping[str, Result], frame: pl.DataFrame) -> dict[str, Any]:
    """The object of docs/compare.md."""
    first = next(iter(results.values()))
    rows = rows_of(frame.with_columns((pl.col("rank") < THE_SAME).alias("differs")).drop("rank"))
    return {
        "format": FORMAT,
        "profiles": [profile_of(result) for result in results.values()],
        "data": {"digest": first.dataset.digest, "counties": first.facts.keys.height},
        "rows": rows,
    }


# As text


Labels = Mapping[tuple[str, str], Text]


def _show(out: Console, frame: pl.DataFrame, labels: Labels) -> None:
    for key, rows in frame.group_by(KEY_FIELDS, maintain_order=True):
        out.print(plain_text(" ".join(str(part) for part in key if part is not None), "bold"))
        for line in _lines(rows, labels):
            out.print(plain_text(line))
        out.print()


def _lines(rows: pl.DataFrame, labels: Labels) -> Iterator[str]:
    """The verdicts, then what differs, a kind after the other."""
    for row in (
        rows.filter(pl.col("kind") == "verdict").sort(pl.col("id") != MAIN, maintain_order=True).to_dicts()
    ):
        name = "" if row["id"] == MAIN else f"  {labels['verdict', row['id']]}"
        yield from (
            f"  {e['profile']:<16} {MARKS[e['status']]} {LABELS[e['status']]}{name}" for e in row["under"]
        )
    different = rows.filter(pl.col("rank") < THE_SAME)
    if not different.height:
        yield f"  {Text('没有差异', 'no difference')}"
    for kind, label in _KINDS.items():
        own = different.filter(pl.col("kind") == kind)
        if own.height and kind != "verdict":
            yield f"  {label}: {Text(f'{own.height} 处不同', f'{own.height} differ')}"
            yield from (_line(row, labels) for row in own.head(SHOWN).iter_rows(named=True))
            if own.height > SHOWN:
                more = own.height - SHOWN
                yield f"    {Text(f'… 还有 {more} 处; --json 给出全部', f'… {more} more; --json has all')}"


def _line(row: Mapping[str, Any], labels: Labels) -> str:
    """What it is, what each standard that has it says, and in what they differ."""
    label = labels.get((row["kind"], row["id"]))
    told = (row["school"], STAGES.get(row["stage"] or "", row["stage"]), row["id"])
    what = " ".join(str(each) for each in told if each and each != "school")
    why = str(Text("、", ", ")).join(str(WHY_TEXT[code]) for code in row["why"])
    said = "   ".join(f"{each['profile']} {_said(each)}" for each in row["under"])
    return f"    {what}{f' {label}' if label else ''}  {said}   ({why})"


def _said(each: Mapping[str, Any]) -> str:
    """Figure, limit and mark; of a school that is left out the reason."""
    if each["status"] is None:
        return f"— {each['reason'] or ''}".rstrip()
    if each["value"] is None:
        return MARKS[each["status"]]
    limit = f" {sign(each['op'] or '>=')}{plain(each['limit'])}" if each["limit"] is not None else ""
    return f"{plain(round(each['value'], 4))}{limit} {MARKS[each['status']]}"
