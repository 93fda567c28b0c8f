"""The acts of `assess` that change a figure, a judgement, a setting or what is thought of a finding."""

from __future__ import annotations

import argparse
import csv
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import polars as pl

from ..data.judgements import ANSWERS
from ..data.numbers import plain
from ..errors import UsageError
from ..language import Text
from ..paths import file_at
from ..records.desk import Desk
from ..records.event import Event, Json
from ..records.evidence import INBOX, Sources
from ..records.frames import said_in
from ..records.office import File, open_file
from ..records.refusals import reasonless
from ..records.sitting import default_place
from ..records.state import FactKey, FindingKey, key_of
from ..records.workspace import folder_of
from ..request import date_given, settings_given
from . import records_told


def edit(desk: Desk, options: argparse.Namespace) -> int:
    """Put values into facts, or take corrections back."""
    if options.file is None and options.value is None and not options.restore:
        raise _usage(
            "REC-VALUE-NONE", Text("请给 --value、--file 或 --restore", "give --value, --file or --restore")
        )
    file = open_file(desk, options.name)
    if options.file is not None:
        cells = list(_cells(file, Path(options.file), needs_value=not options.restore))
    else:
        cells = [(fact(file, options), options.value or "")]
    if options.restore:
        written = desk.restore(options.name, [key for key, _ in cells], options.reason)
    else:
        written = file.correct(cells, options.reason)
    return _say(written, options)


def fact(file: File, options: argparse.Namespace) -> FactKey:
    """The fact that the options name."""
    if not options.field:
        raise _usage("REC-FACT", Text("请写明 --field", "say --field"))
    return file.fact(options.field, options.school, options.stage, options.county, options.year)


def of(events: Iterable[Event], desk: Desk, options: argparse.Namespace) -> list[Event]:
    """The events of what the options name: an item, a county, a year, a school by its id or name, a stage."""
    schools = _schools(desk, options)
    return [event for event in events if _is_of(event, options, schools)]


def _is_of(event: Event, options: argparse.Namespace, schools: frozenset[str]) -> bool:
    _, key = key_of(event.target)
    if not key or not isinstance(key[0], list):
        return not any((options.item, options.county, options.year, options.school, options.stage))
    found = {"county": key[0][2], "year": key[0][3], "stage": key[2]}
    return (
        all(getattr(options, name) in (None, value) for name, value in found.items())
        and (options.school is None or key[1] in schools)
        and (options.item is None or event.operation == "judge" and key[3] == options.item)
    )


def _schools(desk: Desk, options: argparse.Namespace) -> frozenset[str]:
    """The ids that a school named by its id or name has in the data."""
    if options.school is None:
        return frozenset()
    sections = open_file(desk, options.name).data.sections
    meant = sections.filter((pl.col("school_id") == options.school) | (pl.col("school") == options.school))
    return frozenset({options.school, *meant["school_id"].drop_nulls()})


def _cells(file: File, path: Path, *, needs_value: bool) -> Iterator[tuple[FactKey, str]]:
    """The cells of a table with the columns field, value and, where several are possible, school, stage, county, year."""
    try:
        rows = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(), strict=True)
        table = [(rows.line_num, row) for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _usage("FILE", Text(f"读不出 {path}", f"cannot read {path}")) from error
    if not table:
        raise _usage("REC-TABLE", Text(f"{path} 中没有数据行", f"{path} has no rows"))
    for line, row in table:
        value, year = row.get("value"), (row.get("year") or "").strip() or None
        if not row.get("field") or value is None and needs_value:
            raise _usage(
                "REC-TABLE", Text(f"第 {line} 行缺 field 或 value", f"line {line} lacks field or value")
            )
        if year is not None and not (year.isascii() and year.isdigit() and len(year) <= 4):
            raise _usage("REC-TABLE", Text(f"第 {line} 行年份不对", f"line {line}: wrong year"))
        named = [(row.get(name) or "").strip() or None for name in ("school_id", "school", "stage", "county")]
        key = file.fact(
            row["field"].strip(), named[0] or named[1], named[2], named[3], int(year) if year else None
        )
        yield key, value or ""


def judge(desk: Desk, options: argparse.Namespace) -> int:
    """Record judgements, from options or a table."""
    file = open_file(desk, options.name)
    if options.judgements is not None:
        if not Path(options.judgements).is_file():
            raise _usage(
                "FILE", Text(f"没有文件 {options.judgements}", f"there is no file {options.judgements}")
            )
        return _say(
            file.judge(said_in(file.judgements_in(Path(options.judgements))), options.reason), options
        )
    if not options.item:
        raise _usage("REC-ITEM", Text("请写明 --item", "say --item"))
    key = file.item(options.item, options.school, options.county, options.year, options.source)
    said = None if options.withdraw else judgement(options)
    sources = Sources(_inbox(options), anywhere=True)
    return _say(file.judge({key: said}, options.reason, sources=sources), options)


def _inbox(options: argparse.Namespace) -> Path:
    return folder_of(getattr(options, "workspace", None) or default_place()) / "inbox"


def _document(options: argparse.Namespace) -> str:
    """The file that was named: one at its path, as with every command; else one of the inbox; else one that the
    workspace may have."""
    named = (options.evidence_file or "").strip()
    path = file_at(named) if named else None
    if path is not None:
        return str(path)
    is_incoming = "/" not in named and bool(named) and file_at(str(_inbox(options) / named)) is not None
    return f"{INBOX}{named}" if is_incoming else named


def judgement(options: argparse.Namespace) -> dict[str, Json]:
    """What `--answer`, `--score` and the rest say, without what was not said. Errors: REC-ANSWER, REC-SCORE, DATE."""
    if options.score is not None and not math.isfinite(options.score):
        raise _usage("REC-SCORE", Text("得分须是数", "a score is a number"))
    date_given(options.evidence_date)
    evidence = {
        part: value
        for part, value in (
            ("title", options.evidence), ("number", options.evidence_number), ("date", options.evidence_date),
            ("file", _document(options)),
        )
        if value
    }  # fmt: skip
    answer = (options.answer or "").strip() or None
    said: dict[str, Json] = {
        "answer": ANSWERS.get(plain(answer).lower(), answer) if answer else None, "score": options.score,
        "remark": options.remark, "unit": options.unit, "evidence": [dict(evidence)] if evidence else None,
    }  # fmt: skip
    given: dict[str, Json] = {name: value for name, value in said.items() if value is not None}
    if not {"answer", "score"} & given.keys():
        raise _usage("REC-ANSWER", Text("请给 --answer 或 --score", "give --answer or --score"))
    return given


def settle(desk: Desk, options: argparse.Namespace) -> int:
    """Give settings values; `as-of` is the date judged as of."""
    given = settings_given(options.settings)
    day = given.pop("as-of", None)
    if day:
        date_given(day)
    open_file(desk, options.name).check_settings(given)
    written = [
        event
        for name, value in given.items()
        for event in desk.set(options.name, name, value or None, options.reason)
    ]
    if day is not None:
        written += desk.judge_as_of(options.name, day or None, options.reason)
    return _say(written, options)


def acknowledge(desk: Desk, options: argparse.Namespace) -> int:
    """Accept the findings that the options name, or take that back."""
    if not options.withdraw and not options.reason.strip():
        raise reasonless()
    if options.withdraw:
        schools = _schools(desk, options)
        keys = [key for key in desk.assessment(options.name).acknowledged if _fits(key, options, schools)]
        if not keys:
            raise UsageError(
                "REC-FINDING", Text("没有确认过这样的数据问题", "no such finding was acknowledged")
            )
    else:
        file = open_file(desk, options.name)
        keys = file.findings(
            options.code, options.school, options.stage, options.field, options.county, options.year
        )
    reason = None if options.withdraw else options.reason
    return _say([event for key in keys for event in desk.acknowledge(options.name, key, reason)], options)


def _fits(key: FindingKey, options: argparse.Namespace, schools: frozenset[str]) -> bool:
    wanted = {"code": options.code, "stage": options.stage, "field": options.field, "county": options.county,
              "year": options.year}  # fmt: skip
    named = all(value is None or getattr(key, name) == value for name, value in wanted.items())
    return named and (options.school is None or key.school_id in schools)


def _say(written: Sequence[Event], options: argparse.Namespace) -> int:
    records_told.events(written, json=bool(getattr(options, "json", False)))
    return 0


def _usage(code: str, what: Text) -> UsageError:
    return UsageError(code, what, Text("balance-tui assess --help 列出用法", "see balance-tui assess --help"))


ACTS: Mapping[str, Callable[[Desk, argparse.Namespace], int]] = {
    "edit": edit, "judge": judge, "set": settle, "acknowledge": acknowledge,
}  # fmt: skip
"""The acts of this module by the name of their command."""
