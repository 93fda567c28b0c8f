"""Correcting how headers are read: pick a fact for a column, read again, save what was corrected."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import BalanceError, UsageError, visible
from ...language import Text
from ...paths import full_path
from ..actions import action
from ..where import where

if TYPE_CHECKING:
    from ...data.mapping import Mapping as HeaderMapping
    from ...request import Request
    from ...standard.load import LoadedStandard
    from ..app import BalanceApp
    from ..mapping_changes import DraftColumn
    from ..mapping_study import MappingDraft
    from ..view import Record
    from ..where import Where


def is_correcting(app: BalanceApp) -> bool:
    """Whether headers are being corrected."""
    return app.draft is not None


def _has_open(app: BalanceApp) -> bool:
    return app.draft is not None and bool(app.draft.open)


@action(
    "mapping-apply", "a", label=Text("读入", "read"), footer=12, when=is_correcting, place="table", outside=True,
    help=Text("按更正后的表头对应读入数据", "read the data with the corrected mapping"),
)  # fmt: skip
def apply(app: BalanceApp) -> None:
    """Read the data with the corrections, once every column is settled."""
    draft = app.draft
    if draft is None:
        return
    if draft.open:
        raise UsageError(
            "MAP-OPEN",
            Text(f"还有 {len(draft.open)} 列未定", f"{len(draft.open)} columns are not settled"),
            Text("回车逐列选定, X 则其余都不读", "enter settles one, X leaves out the rest"),
        )
    if app.study is not None:
        app.trail.leave(app.where)
        app.where = where("overview", app.county)
    app.reopen(draft.request, draft.mapping())


@action(
    "mapping-save", "W", label=Text("存对应", "save mapping"), footer=14, when=is_correcting, place="table", outside=True,
    help=Text("把表头对应存为文件, 下次用 --mapping", "save the mapping to a file, for --mapping"),
)  # fmt: skip
def save(app: BalanceApp) -> None:
    """Ask for a name and write the mapping there."""
    app.ask(Text("对应文件存为:", "save the mapping as:"), _free_name(), partial(write, app))


@action(
    "mapping-leave-rest", "X", label=Text("其余不读", "leave out the rest"), footer=16, when=_has_open,
    place="table", outside=True,
    help=Text("未定的列都设为不读", "leave out every column that is not settled"),
)  # fmt: skip
def leave_rest(app: BalanceApp) -> None:
    """Leave out every column that nobody has settled."""
    draft = app.draft
    while draft is not None and draft.open:
        draft = draft.with_field(draft.open[0], None)
    app.draft = draft
    show_draft(app)


@action(
    "mapping-discard", label=Text("放弃更正", "drop corrections"), when=is_correcting, place="table", outside=True,
    help=Text("放弃对表头的更正", "drop the corrections of the headers"),
)  # fmt: skip
def discard(app: BalanceApp) -> None:
    """Forget the corrections."""
    draft = app.draft
    if draft is None:
        return
    if app.study is not None:
        app.draft = None
        app.go(where("mapping"), keep=False)
    else:
        from dataclasses import replace

        app.draft = replace(draft, changes=())
        show_draft(app)


def begin(app: BalanceApp, header: str = "", fact: str = "") -> None:
    """Begin to correct the headers of the data at hand, with the column or the missing fact one stood on; goes on
    where one has begun already."""
    if app.session is not None:
        app.say(
            Text(
                "评估中表头在导入时定: assess import",
                "of an assessment headers are settled on import: assess import",
            )
        )
        return
    if app.draft is not None:
        _begun(app, app.draft, header, fact)
        return
    study = app.study
    if study is None:
        return
    app.say(Text("正在读取表头…", "reading the headers…"))
    arguments = (app, app.where, study.request, study.standard, study.mapping, header, fact)
    threading.Thread(target=_propose, args=arguments, daemon=True, name="propose").start()


def _propose(
    app: BalanceApp, place: Where, request: Request, standard: LoadedStandard, mapping: HeaderMapping | None,
    header: str, fact: str,
) -> None:  # fmt: skip
    from ..mapping_study import propose_request

    try:
        draft = propose_request(request, standard, mapping)
        _ = draft.columns
    except BalanceError as error:
        app.call_later(app.tell_error, error)
    else:
        app.call_later(_proposed, app, place, draft, header, fact)


def _proposed(app: BalanceApp, place: Where, draft: MappingDraft, header: str, fact: str) -> None:
    """Whoever has gone elsewhere meanwhile is not called back, nor asked twice."""
    if app.where == place and app.draft is None and not app.typing:
        _begun(app, draft, header, fact)


def _begun(app: BalanceApp, draft: MappingDraft, header: str, fact: str) -> None:
    app.draft = draft
    app.trail.leave(app.where)
    column = draft.column(header) if header else None
    show_draft(app, column.id if column else "")
    if column is not None:
        choose_field(app, column.id)
    elif fact:
        choose_column(app, fact)


def show_draft(app: BalanceApp, at: str = "") -> None:
    """Show the headers as corrected so far, standing on the column with this id."""
    from ..views.mapping import build_draft

    draft = app.draft
    if draft is None:
        return
    app.where = where("mapping")
    standings = app.trail.standings.get(app.where, {})
    if at and "draft" in standings:
        standings["draft"] = standings["draft"]._replace(key=(at,))
    app.put(build_draft(draft))


def choose_field(app: BalanceApp, name: str) -> None:
    """Let a fact be picked for the column with this id."""
    from ..views.mapping_picks import field_sheet

    draft = app.draft
    column = draft.column(name) if draft else None
    if draft is None or column is None:
        return
    header = visible(column.header)
    title = Text(f"“{header}” 读作", f"'{header}' is read as")
    app.pick(title, field_sheet(draft, column), partial(_chosen, app, column))


def choose_column(app: BalanceApp, fact: str) -> None:
    """Let a column be picked for a fact that none gives yet."""
    from ..views.mapping_picks import column_sheet

    draft = app.draft
    if draft is None:
        return
    label = draft.fields.label(fact)
    title = Text(f"{label.zh} 在哪一列", f"which column is {label.en}")

    def picked(record: Record) -> None:
        column = draft.column(record["column"])
        if column is not None:
            _chosen(app, column, {"field": fact})

    app.pick(title, column_sheet(draft, fact), picked)


def _chosen(app: BalanceApp, column: DraftColumn, record: Record) -> None:
    """Take what was picked; what speaks against it is said, and the column stays as it was."""
    draft = app.draft
    if draft is None:
        return
    try:
        after = draft.restored(column) if record.get("restore") else draft.with_field(column, record["field"])
    except BalanceError as error:
        show_draft(app, column.id)
        app.tell_error(error)
        return
    app.draft = after
    show_draft(app, _next_open(draft, after, column) or column.id)
    app.say(_told(after, column, record))


def _next_open(before: MappingDraft, after: MappingDraft, column: DraftColumn) -> str:
    """The column to settle next: the first open one behind the one just settled, else the first of all."""
    ids = [each.id for each in before.columns]
    at = ids.index(column.id) if column.id in ids else 0
    remaining = [each.id for each in after.open if each.id != column.id]
    return next((each for each in remaining if each in ids[at:]), next(iter(remaining), ""))


def _told(draft: MappingDraft, column: DraftColumn, record: Record) -> Text:
    header, count = visible(column.header), len(draft.open)
    field = record.get("field")
    if record.get("restore"):
        said = Text(f"“{header}”已恢复", f"'{header}' is as it was")
    elif field is None:
        said = Text(f"“{header}”不读", f"'{header}' is left out")
    else:
        from ..views.mapping import label_of

        label = label_of(draft.fields, field)
        said = Text(f"“{header}”读作{label.zh}", f"'{header}' is read as {label.en}")
    rest = (
        Text(f"还有 {count} 列未定", f"{count} to settle") if count else Text("各列已定", "all are settled")
    )
    return Text(f"{said.zh}; {rest.zh}", f"{said.en}; {rest.en}")


def _free_name() -> str:
    """A name that no file has yet."""
    from ...data.proposal import possible_names

    return next(name for name in possible_names() if not Path(name).exists())


def write(app: BalanceApp, name: str) -> None:
    """Write the mapping to a file of that name; one that exists is not overwritten."""
    draft = app.draft
    if draft is None or not name.strip():
        return
    path = full_path(name)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(draft.mapping().to_toml())
    except FileExistsError:
        app.tell_error(
            UsageError(
                "MAP-EXISTS",
                Text(
                    f"{visible(str(path))} 已存在, 不覆盖",
                    f"{visible(str(path))} exists and is not overwritten",
                ),
                Text("请另给一个文件名", "give another name"),
            )
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        app.tell_error(
            UsageError("MAP-NOT-WRITTEN", Text(f"未能写入 ({reason})", f"it could not be written ({reason})"))
        )
    else:
        shown = visible(str(path))
        app.say(
            Text(
                f"已写入 {shown}; 下次用 --mapping {shown}",
                f"written to {shown}; next time use --mapping {shown}",
            )
        )
