"""`profile`: the standards, what they say and where."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from rich.console import Console

from ..errors import StandardInvalid, UsageError
from ..language import Text
from ..standard.load import LoadedStandard, catalogue, load_standard
from ..standard.model import Requirement
from ..standard.names import nearest
from .frames import write_json
from .profile_card import card_lines
from .terminal import console, plain_text


def run(options: argparse.Namespace) -> int:
    """One action on standards; exit code 4 where one that is asked for is invalid."""
    here = {"list": _list, "show": _show, "validate": _validate}
    if options.action in here:
        return here[options.action](options)
    return int(import_module(f".profile_{options.action}", __package__).run(options))


def _list(options: argparse.Namespace) -> int:
    """Every standard there is; one that is invalid is named with its first error, the rest goes on."""
    found = {name: _loaded(name) for name in catalogue()}
    sound = [standard for standard in found.values() if isinstance(standard, LoadedStandard)]
    broken = {name: error for name, error in found.items() if isinstance(error, StandardInvalid)}
    if getattr(options, "json", False):
        invalid = [{"id": name, "error": str(error)} for name, error in broken.items()]
        write_json({"profiles": [_header(each) for each in sound], "invalid": invalid}, sys.stdout)
        return 0
    for standard in sound:
        header = standard.model.standard
        print(f"{standard.id:<16} {header.version:<8} {header.text}  {header.document}")
    for name, error in broken.items():
        print(f"{name}: {error}", file=sys.stderr)
    return 0


def _loaded(name: str) -> LoadedStandard | StandardInvalid:
    try:
        return load_standard(name)
    except StandardInvalid as error:
        return error


def _header(standard: LoadedStandard) -> dict[str, Any]:
    header = standard.model.standard
    return {
        "id": standard.id, "version": header.version, "title": str(header.text), "authority": header.authority,
        "document": header.document, "hash": standard.hash, "file": standard.document.file,
    }  # fmt: skip


def _validate(options: argparse.Namespace) -> int:
    failed: StandardInvalid | None = None
    for reference in options.profiles:
        try:
            standard = load_standard(reference)
            print(f"{reference}: {Text('有效', 'valid')} {standard.id} {standard.hash[:12]}")
        except StandardInvalid as error:
            failed = error
            for problem in error.problems:
                print(problem, file=sys.stderr)
    return failed.exit_code if failed else 0


def _show(options: argparse.Namespace) -> int:
    if options.why:
        return int(import_module(".profile_why", __package__).run(options))
    standard = load_standard(options.profile)
    if getattr(options, "json", False):
        write_json({**_header(standard), "standard": json.loads(standard.canonical)}, sys.stdout)
        return 0
    lines = list(_lines(standard))
    if options.item:
        known = {name for name, *_ in lines if name}
        if options.item not in known:
            raise UsageError(
                "ITEM", Text(f"标准中没有“{options.item}”", f"the standard has no '{options.item}'"),
                nearest(options.item, sorted(known)),
            )  # fmt: skip
        lines = [line for line in lines if line[0] == options.item]
    out = console(sys.stdout)
    header = standard.model.standard
    if not options.item:
        out.print(plain_text(f"{standard.id} {header.version}  {header.text}", "bold"))
        out.print(plain_text(f"{header.authority}  {header.document}  {standard.hash[:12]}", "dim"))
    for name, text, clause, table in lines:
        _line(out, standard, name, text, clause, table)
    return 0


def _line(out: Console, standard: LoadedStandard, name: str, text: str, clause: str, table: str) -> None:
    place = standard.place(*filter(None, (table, name))) if table else standard.item_place(name)
    for row in f"{name:<10} {text}".split("\n"):
        out.print(plain_text(row))
    if clause:
        out.print(plain_text(f"{'':<10} {clause}{f'  {place}' if place else ''}", "dim"))


def _lines(standard: LoadedStandard) -> Iterator[tuple[str, str, str, str]]:
    """(id, what it says, clause, the table it stands in where the id does not tell) of every item, in the
    order of the standard."""
    model = standard.model
    for part in model.part:
        yield part.id, f"{Text('部分', 'part')}: {part.text}", part.clause, "part"
    for scope in model.scope:
        left_out = "; ".join(str(exclusion.text) for exclusion in scope.exclude) or "–"
        yield (
            scope.id,
            f"{scope.text} ({Text('不计', 'left out')}: {left_out})",
            _marked(scope.clause, scope.mark),
            "scope",
        )
    for indicator in model.indicator:
        limits = ", ".join(
            f"{stage} {indicator.op} {limit.value}" for stage, limit in indicator.limit.items()
        )
        formula = " | ".join(way.value.text for way in indicator.numerator)
        scale = f" × {indicator.scale}" if indicator.scale != 1 else ""
        text = f"{indicator.text} [{indicator.unit}]  {limits}\n{'':<11}({formula}) / {indicator.denominator.text}{scale}"
        yield indicator.id, text, indicator.clause, "indicator"
    if model.school_rule:
        rule = model.school_rule
        share, count = f"{float(rule.floor_share):.0%}", rule.count(len(model.indicator))
        yield "", str(Text(
            f"学校: {count} 项中至少 {rule.at_least} 项达标, 余项不低于 {share}",
            f"a school: at least {rule.at_least} of {count} met, the rest at {share} or more",
        )), rule.clause, "school_rule"  # fmt: skip
    if model.dispersion:
        spread = model.dispersion
        limits = ", ".join(f"{stage} {spread.op} {limit.value}" for stage, limit in spread.limit.items())
        yield "", f"{Text('差异系数', 'dispersion')} ({spread.judged}): {limits}", spread.clause, "dispersion"
    for relief in model.relief:
        eased = f"{Text('过渡', 'relief')} → {relief.target}: {relief.text}"
        yield relief.id, eased, _marked(relief.clause, relief.mark), "relief"
    for item in model.items:
        yield item.id, f"{item.text}{_tests(item)}", item.clause, ""
    for score in model.score:
        yield (
            score.id,
            f"{score.text}: {score.max}, {Text('合格线', 'pass mark')} {score.pass_mark}",
            score.clause,
            "score",
        )
    yield from card_lines(model)
    for setting in model.setting:
        default = setting.default if setting.default is not None else Text("无", "none")
        told = f"{Text('设置', 'setting')}: {setting.text} = {default}"
        yield setting.id, told, _marked(setting.clause, setting.mark), "setting"
    for note in model.note:
        yield note.id, str(Text(note.text, note.text_en or note.text)), note.clause, "note"


def _tests(item: Requirement) -> str:
    told = []
    for test in item.test:
        limits = ", ".join(
            f"{'' if key == '*' else key + ' '}{test.op} {limit.text}" for key, limit in test.limit.items()
        )
        value = " | ".join(way.value.text for way in test.value or ())
        ratio = (
            f"Σ {test.numerator.text} / Σ {test.denominator.text}"
            if test.numerator and test.denominator
            else ""
        )
        rooms = "; ".join(f"{room.label} ≥ {room.size.text}" for room in test.rooms)
        rule = " ".join(
            filter(
                None, (value or ratio or (test.holds.text if test.holds else ""), limits, rooms, test.unit)
            )
        )
        wanted = str(Text(test.wanted, test.wanted_en or test.wanted))
        told.append(f"\n{'':<11}{test.id or ''} {rule or wanted}".rstrip())
    return "".join(told)


def _marked(clause: str, mark: str) -> str:
    return f"{clause} [{mark}]" if mark else clause
