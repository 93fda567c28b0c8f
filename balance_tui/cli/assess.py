"""`assess`: what is done to an assessment; every act of the app, one command each."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from ..data.files import expand
from ..errors import UsageError
from ..language import Text
from ..records.desk import Desk
from ..records.event import Event, Json
from ..records.office import File, import_files, levels_of, open_file, preview
from ..records.roles import Area
from ..records.sitting import sit_down
from ..records.state import FactKey, FindingKey, ItemKey
from ..records.workspace import FileKind, standard_kept, standard_of
from ..request import settings_given
from ..standard.load import load_standard
from . import records_told
from .frames import as_json, made_folder, rows_of, write_json
from .session import Progress


def run(options: argparse.Namespace) -> int:
    """One act. Exit code 5 where it is refused; 1 where `verify` finds something."""
    acts: Mapping[str, Callable[[Desk, argparse.Namespace], int]] = {
        "new": _new, "list": _list, "import": _import, "open": _open, "show": _show, "history": _history, "edit": _edit,
        "judge": _judge, "set": _set, "acknowledge": _acknowledge, "submit": _review, "return": _review,
        "approve": _review, "unlock": _review, "verify": _verify, "export": _export,
    }  # fmt: skip
    with desk_of(options, create=options.action == "new") as desk:
        return acts[options.action](desk, options)


@contextmanager
def desk_of(options: argparse.Namespace, *, create: bool = False) -> Iterator[Desk]:
    """The desk that `--workspace` and `--as` name."""
    desk = sit_down(
        getattr(options, "workspace", None), named=getattr(options, "as_user", None), create=create
    )
    try:
        yield desk
    finally:
        desk.log.close()


def area_of(text: str, school: str | None = None) -> Area:
    """`province/city/county`, each of which may be left out from the right. Errors: AREA."""
    parts = [part.strip() or None for part in text.split("/")] if text else []
    if len(parts) > 3:
        what = Text(f"“{text}”不是 省/市/县", f"'{text}' is not province/city/county")
        raise UsageError("AREA", what, Text("例: 示例省/示例市/示例县", "as in Province/City/County"))
    province, city, county = (*parts, None, None, None)[:3]
    return Area(province, city, county, school)


def _files(options: argparse.Namespace) -> list[tuple[FileKind, Path]]:
    found: list[tuple[FileKind, Path]] = (
        [("data", path) for path in expand(options.data)] if options.data else []
    )
    others: Sequence[tuple[FileKind, str | None]] = (
        ("county_facts", options.county_facts), ("judgements", options.judgements), ("mapping", options.mapping),
    )  # fmt: skip
    for _, path in others:
        if path and not Path(path).is_file():
            raise UsageError("FILE", Text(f"没有文件 {path}", f"there is no file {path}"))
    return found + [(kind, Path(path)) for kind, path in others if path]


def _new(desk: Desk, options: argparse.Namespace) -> int:
    standard, files = load_standard(options.profile), _files(options)
    kept = standard_kept(desk.log, standard)
    title = options.title or options.name
    desk.create(options.name, title, area_of(options.area), options.year, kept)
    if files:
        with Progress() as progress:
            import_files(desk, options.name, files, progress=progress.step)
    for setting, value in settings_given(options.settings).items():
        desk.set(options.name, setting, value)
    print(f"{options.name}: {Text('已建立', 'created')} ({standard.id})")
    return 0


def _list(desk: Desk, options: argparse.Namespace) -> int:
    records_told.assessments(desk, json=getattr(options, "json", False))
    return 0


def _import(desk: Desk, options: argparse.Namespace) -> int:
    files = _files(options)
    one = desk.assessment(options.name)
    if one.data.get("files"):
        with Progress() as progress:
            rows = preview(open_file(desk, options.name), files, progress.step)
        if getattr(options, "json", False):
            write_json({"changes": rows_of(rows)}, sys.stdout)
        else:
            for row in rows.iter_rows(named=True):
                print(records_told.changed(row))
            print(Text(f"{rows.height} 处变化", f"{rows.height} changes"))
    if not options.dry_run:
        import_files(desk, options.name, files, options.reason)
    return 0


def _open(desk: Desk, options: argparse.Namespace) -> int:
    from ..tui.launch import open_assessment

    return int(open_assessment(desk, options.name))


def _show(desk: Desk, options: argparse.Namespace) -> int:
    with Progress() as progress:
        result = open_file(desk, options.name, progress.step).result()
    if getattr(options, "json", False):
        write_json(
            {"assessment": records_told.told(desk.assessment(options.name)), **as_json(result)}, sys.stdout
        )
        return 0
    from .table import show

    show(result, sys.stdout, lambda frame: frame)
    return 0


def _edit(desk: Desk, options: argparse.Namespace) -> int:
    file = open_file(desk, options.name)
    if options.file:
        cells = list(_cells(file, Path(options.file)))
    else:
        cells = [(_fact(file, options), options.value or "")]
    if options.restore:
        written = desk.restore(options.name, [key for key, _ in cells], options.reason)
    else:
        written = file.correct(cells, options.reason)
    return _say(written)


def _fact(file: File, options: argparse.Namespace) -> FactKey:
    if not options.field:
        raise UsageError("REC-FACT", Text("请写明 --field", "say --field"))
    return file.fact(options.field, options.school, options.stage, options.county, options.year)


def _cells(file: File, path: Path) -> Iterator[tuple[FactKey, str]]:
    """The cells of a table with the columns school, stage, field, value (and county, year where several)."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("FILE", Text(f"读不出 {path}", f"cannot read {path}")) from error
    rows = csv.DictReader(text.splitlines())
    for row in rows:
        if not row.get("field") or row.get("value") is None:
            what = Text(
                f"第 {rows.line_num} 行缺 field 或 value", f"line {rows.line_num} lacks field or value"
            )
            raise UsageError(
                "REC-TABLE", what, Text("须有列 field, value", "columns field and value are needed")
            )
        year = row.get("year") or None
        if year is not None and not year.isdigit():
            raise UsageError(
                "REC-TABLE", Text(f"第 {rows.line_num} 行年份不对", f"line {rows.line_num}: wrong year")
            )
        place = (row.get("county") or None, int(year) if year else None)
        yield (
            file.fact(row["field"], row.get("school") or None, row.get("stage") or None, *place),
            row["value"],
        )


def _judge(desk: Desk, options: argparse.Namespace) -> int:
    file = open_file(desk, options.name)
    if options.judgements:
        return _say(tuple(event for key, row in _judged(file, Path(options.judgements))
                          for event in desk.judge(options.name, key, row, options.reason)))  # fmt: skip
    if options.item not in file.standard.model.judged:
        what = Text(
            f"标准中没有可判定的“{options.item}”", f"the standard has nothing to judge named '{options.item}'"
        )
        raise UsageError("REC-ITEM", what)
    place = file.place(options.county, options.year)
    key = ItemKey(*place, school_id=options.school, stage=None, item=options.item, source=options.source)
    return _say(
        desk.judge(options.name, key, None if options.withdraw else judgement(options), options.reason)
    )


def judgement(options: argparse.Namespace) -> dict[str, Json]:
    """What `--answer`, `--score` and the rest say, without what was not said."""
    evidence = {
        part: value
        for part, value in (
            ("title", options.evidence), ("number", options.evidence_number), ("date", options.evidence_date),
            ("file", options.evidence_file),
        )
        if value
    }  # fmt: skip
    said: dict[str, Json] = {
        "answer": options.answer, "score": options.score, "remark": options.remark, "unit": options.unit,
        "evidence": [dict(evidence)] if evidence else None,
    }  # fmt: skip
    given: dict[str, Json] = {name: value for name, value in said.items() if value is not None}
    if not {"answer", "score"} & given.keys():
        raise UsageError("REC-ANSWER", Text("请给 --answer 或 --score", "give --answer or --score"))
    return given


def _judged(file: File, path: Path) -> Iterator[tuple[ItemKey, dict[str, Json]]]:
    """The rows of a table of judgements, read as everywhere else."""
    for row in file.judgements_in(path).iter_rows(named=True):
        key = ItemKey(**{name: row[name] for name in ItemKey._fields if name != "source"},
                      source=row["source"] or "verified")  # fmt: skip
        yield (
            key,
            {
                name: row[name]
                for name in ("answer", "score", "remark", "evidence", "unit")
                if row[name] is not None
            },
        )


def _set(desk: Desk, options: argparse.Namespace) -> int:
    file = open_file(desk, options.name)
    given = settings_given(options.settings)
    file.check_settings(given)
    return _say(tuple(event for name, value in given.items()
                      for event in desk.set(options.name, name, value or None, options.reason)))  # fmt: skip


def _acknowledge(desk: Desk, options: argparse.Namespace) -> int:
    file = open_file(desk, options.name)
    keys = file.findings(
        options.code, options.school, options.stage, options.field, options.county, options.year
    )
    return _say(
        tuple(
            event
            for key in keys
            for event in desk.acknowledge(options.name, FindingKey(*key), options.reason)
        )
    )


def _review(desk: Desk, options: argparse.Namespace) -> int:
    name, reason = options.name, options.reason
    levels = levels_of(standard_of(desk.log, desk.assessment(name)))
    steps: Mapping[str, Callable[[], Event]] = {
        "submit": lambda: desk.submit(name, levels, reason), "return": lambda: desk.send_back(name, levels, reason),
        "approve": lambda: desk.approve(name, levels, reason), "unlock": lambda: desk.unlock(name, reason),
    }  # fmt: skip
    event = steps[options.action]()
    print(f"{event.sequence} {records_told.stands(desk, desk.assessment(name))}")
    return 0


def _history(desk: Desk, options: argparse.Namespace) -> int:
    one = desk.assessment(options.name)
    events = one.events
    if options.field:
        from ..records.desk import fact_target

        target = fact_target(_fact(open_file(desk, options.name), options))
        events = [event for event in events if event.target == target]
    elif options.item:
        events = [
            event for event in events if event.operation == "judge" and f'"{options.item}"' in event.target
        ]
    if getattr(options, "json", False):
        write_json({"events": [asdict(event) for event in events]}, sys.stdout)
        return 0
    records_told.events(events)
    return 0


def _verify(desk: Desk, options: argparse.Namespace) -> int:
    from ..records.verify import verified

    flaws = verified(desk, options.name, options.head)
    for flaw in flaws:
        print(f"REC-FLAW {flaw.sequence}: {flaw.what}", file=sys.stderr)
    if not flaws:
        head = desk.log.head()
        print(f"{Text('记录链完整', 'the chain is whole')}: {head.sequence} {head.hash}")
    return 1 if flaws else 0


def _export(desk: Desk, options: argparse.Namespace) -> int:
    desk.require("export", desk.assessment(options.name).area)
    from ..records.frames import judgements, overrides

    one, folder = desk.assessment(options.name), made_folder(options.out)
    for name, frame in (("corrections", overrides(one.facts)), ("judgements", judgements(one.judgements))):
        frame.write_csv(folder / f"{name}.csv", include_bom=True)
        print(folder / f"{name}.csv")
    with (folder / "history.json").open("w", encoding="utf-8") as file:
        write_json({"events": [asdict(event) for event in one.events]}, file)
    print(folder / "history.json")
    return 0


def _say(written: Sequence[Event]) -> int:
    records_told.events(written)
    return 0
