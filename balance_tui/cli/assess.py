"""`assess`: what is done to an assessment; every act of the app, one command each."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..data.files import expand
from ..errors import UsageError, visible
from ..language import Text
from ..records.desk import Desk
from ..records.event import Event
from ..records.exporting import exported
from ..records.frames import acknowledged
from ..records.office import (
    Plan,
    change_standard,
    import_files,
    levels_of,
    new_assessment,
    open_file,
    preview,
)
from ..records.refusals import unknown_assessment
from ..records.roles import Area
from ..records.sitting import default_place, sit_down
from ..records.targets import fact_target
from ..records.workspace import FileKind, gone_and_new, open_log, standard_of
from ..request import date_given, settings_given
from ..standard.load import load_standard
from . import assess_acts, records_told
from .frames import as_json, made_folder, rows_of, write_json
from .session import Progress


def run(options: argparse.Namespace) -> int:
    """One act. Exit code 5 where it is refused; 1 where `verify` finds something."""
    if options.action == "verify":
        return _verify(options)
    acts: Mapping[str, Callable[[Desk, argparse.Namespace], int]] = {
        "new": _new, "list": _list, "import": _import, "open": _open, "show": _show, "history": _history,
        "submit": _review, "return": _review, "approve": _review, "unlock": _review, "export": _export,
        "standard": _standard, **assess_acts.ACTS,
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
    parts = [part.strip() for part in text.split("/")] if text else []
    if visible(text) != text or len(parts) > 3 or not all(parts) or school is not None and len(parts) < 3:
        what = Text(f"“{text}”不是 省/市/县", f"'{text}' is not province/city/county")
        raise UsageError("AREA", what, Text("例: 示例省/示例市/示例县", "as in Province/City/County"))
    province, city, county = (*parts, None, None, None)[:3]
    return Area(province, city, county, school)


def as_json_asked(options: argparse.Namespace) -> bool:
    """Whether `--json` was given."""
    return bool(getattr(options, "json", False))


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
    plan = Plan(
        options.name, options.title, load_standard(options.profile), area_of(options.area) if options.area else None,
        options.year, _files(options), settings_given(options.settings), date_given(options.as_of),
    )  # fmt: skip
    with Progress() as progress:
        new_assessment(desk, plan, progress.step)
    one = desk.assessment(options.name)
    if as_json_asked(options):
        write_json({"assessment": records_told.told(one)}, sys.stdout)
    else:
        print(f"{one.id}: {Text('已建立', 'created')} ({one.standard['id']}; {one.area})")
    return 0


def _list(desk: Desk, options: argparse.Namespace) -> int:
    records_told.assessments(desk, json=as_json_asked(options))
    return 0


def _import(desk: Desk, options: argparse.Namespace) -> int:
    files = _files(options)
    if not files:
        raise UsageError("DATA", Text("请写明要导入的文件", "say which files to import"))
    one = desk.importable(options.name)
    told: dict[str, object] = {}
    if one.data.get("files"):
        with Progress() as progress:
            rows = preview(open_file(desk, options.name), files, progress.step)
        told["changes"] = rows_of(rows)
    if not options.dry_run:
        with Progress() as progress:
            event = import_files(desk, options.name, files, options.reason, progress.step)
        told["event"] = event.sequence
    _tell_import(told, as_json_asked(options))
    return 0


def _tell_import(told: dict[str, object], json: bool) -> None:
    if json:
        write_json(told, sys.stdout)
        return
    rows = told.get("changes")
    if isinstance(rows, list):
        for row in rows:
            print(records_told.changed(row))
        whole = str(gone_and_new(rows))
        print(f"{Text(f'{len(rows)} 处变化', f'{len(rows)} changes')}{f' ({whole})' if whole else ''}")
    if "event" in told:
        print(Text(f"已导入: 第 {told['event']} 条记录", f"imported: event {told['event']}"))


def _standard(desk: Desk, options: argparse.Namespace) -> int:
    event = change_standard(desk, options.name, load_standard(options.profile), options.reason)
    records_told.events([event], json=as_json_asked(options))
    return 0


def _open(desk: Desk, options: argparse.Namespace) -> int:
    from ..tui.launch import open_assessment

    return int(open_assessment(desk, options.name))


def _show(desk: Desk, options: argparse.Namespace) -> int:
    with Progress() as progress:
        result = open_file(desk, options.name, progress.step).result()
    one = desk.assessment(options.name)
    accepted = acknowledged(one, result.checks)
    if as_json_asked(options):
        told = {"assessment": records_told.told(one), **as_json(result), "acknowledged": rows_of(accepted)}
        write_json(told, sys.stdout)
        return 0
    from .table import show

    show(result, sys.stdout, lambda frame: frame)
    for line in records_told.accepted(accepted):
        print(line)
    return 0


def _review(desk: Desk, options: argparse.Namespace) -> int:
    name, reason = options.name, options.reason
    if options.action in ("submit", "approve"):
        with Progress() as progress:
            file = open_file(desk, name, progress.step)
        event = file.submit(reason) if options.action == "submit" else file.approve(reason)
    elif options.action == "return":
        event = desk.send_back(name, levels_of(standard_of(desk.log, desk.assessment(name))), reason)
    else:
        event = desk.unlock(name, reason)
    if as_json_asked(options):
        records_told.events([event], json=True)
    else:
        number = Text(f"第 {event.sequence} 条记录", f"event {event.sequence}")
        print(f"{number}: {records_told.stands(desk, desk.assessment(name))}")
    return 0


def _history(desk: Desk, options: argparse.Namespace) -> int:
    events: Sequence[Event] = desk.assessment(options.name).events
    if options.field:
        target = fact_target(assess_acts.fact(open_file(desk, options.name), options))
        events = [event for event in events if event.target == target]
    else:
        events = assess_acts.of(events, desk, options)
    records_told.events(events, json=as_json_asked(options))
    return 0


def _verify(options: argparse.Namespace) -> int:
    """Reads the log itself: of a damaged one no desk could be made."""
    from ..records.verify import verified

    log = open_log(getattr(options, "workspace", None) or default_place())
    try:
        if options.name is not None and options.name not in log.assessments():
            raise unknown_assessment(options.name)
        flaws = verified(log, options.name, options.head)
        head = None if flaws else log.head()
    finally:
        log.close()
    if as_json_asked(options):
        rows = [{"event": flaw.sequence, "what": str(flaw.what)} for flaw in flaws]
        last: dict[str, object] = {} if head is None else {"events": head.sequence, "head": head.hash}
        write_json({"flaws": rows, **last}, sys.stdout)
    else:
        for flaw in flaws:
            print(f"REC-FLAW {flaw.sequence}: {flaw.what}", file=sys.stderr)
        if not flaws and head is not None:
            print(f"{Text('记录链完整', 'the chain is whole')}: {head.sequence}:{head.hash}")
    return 1 if flaws else 0


def _export(desk: Desk, options: argparse.Namespace) -> int:
    one = desk.assessment(options.name)
    desk.require("export", one.area)
    files = exported(desk.log, one, documents=options.documents)
    folder = made_folder(options.out)
    for name in files:
        made_folder(str((folder / name).parent))
    for name, content in files.items():
        (folder / name).write_bytes(content)
    written = [str(folder / name) for name in files]
    if as_json_asked(options):
        write_json({"files": written}, sys.stdout)
    else:
        print("\n".join(written))
    return 0
