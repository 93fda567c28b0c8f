"""A workspace: the log with the data it keeps, and how an assessment becomes something to evaluate.

Data are kept as the files they came in, whole, by digest; whoever opens an assessment reads those very files again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast

import polars as pl
import tomli_w

from ..data.dataset import Dataset
from ..data.dictionary import KEY_FIELDS
from ..data.mapping import Mapping
from ..engine.prepare import overridden
from ..errors import BalanceError, Place, Refused, StandardInvalid, UsageError, readable
from ..language import Text
from ..reading import Progress, read_request
from ..request import Request
from ..standard.load import LoadedStandard, build_standard, load_standard
from ..standard.source import parse_document
from .entry import kept
from .event import Json
from .frames import overrides, with_judgements
from .log import Log
from .sqlite_log import SqliteLog
from .state import Assessment, FactKey
from .troubles import told_of_disk, without_password

FILE = "workspace.db"
FOLDERS = ("inbox", "outbox")

_PREFIX = "balance-kept-"
_KEPT_IN = re.compile(rf"^.*{_PREFIX}\w+/\d+/")
"""Where kept files lie while they are read."""

FileKind = Literal["data", "county_facts", "judgements", "mapping"]


def open_log(place: str, *, create: bool = False) -> Log:
    """The log of a workspace: a folder, or `postgresql://...`. Errors: `Refused`, codes REC-..."""
    if is_url(place):
        from .postgres_log import PostgresLog

        return PostgresLog(place, create=create)
    folder = Path(place)
    if create:
        make_folders(folder)
    return SqliteLog(folder / FILE, create=create)


def is_url(place: str) -> bool:
    """Whether a workspace lies on a server."""
    return place.startswith(("postgresql://", "postgres://"))


def shown_place(place: str) -> str:
    """The place of a workspace as it may be shown: without a password."""
    return without_password(place) if is_url(place) else readable(place)


def folder_of(place: str) -> Path:
    """Where the files of a workspace lie beside its log: in its folder, or for one on a server in the user's data."""
    if not is_url(place):
        return Path(place)
    import platformdirs

    name = hashlib.sha256(without_password(place).encode()).hexdigest()[:16]
    folder = Path(platformdirs.user_data_dir("balance_tui", appauthor=False)) / "servers" / name
    make_folders(folder)
    return folder


def make_folders(folder: Path) -> None:
    """The folder with its places for files, private to its owner."""
    try:
        for path in (folder, *(folder / name for name in FOLDERS)):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(
            "REC-OPEN",
            Text(f"工作区建不成: {error.strerror}", f"the workspace cannot be made: {error.strerror}"),
            Text("请检查路径与权限", "check path and permission"),
            Place(str(folder)),
        ) from error


@dataclass(frozen=True)
class Import:
    """Files to put into an assessment, each with what it is, and the header mapping they are read under."""

    files: tuple[tuple[FileKind, Path], ...]

    def request(self, standard: LoadedStandard) -> Request:
        """The same as a request to read."""
        by_kind = {kind: str(path) for kind, path in self.files if kind != "data"}
        return Request(
            files=tuple(str(path) for kind, path in self.files if kind == "data"), profile=standard.id,
            county_facts=by_kind.get("county_facts"), judgements=by_kind.get("judgements"),
            mapping=by_kind.get("mapping"),
        )  # fmt: skip


def put_files(log: Log, files: Sequence[tuple[FileKind, Path]], digest: str) -> dict[str, Json]:
    """Keep files as blobs; what an `import` event says of them. `digest` is that of the dataset they give."""
    kept_files: list[Json] = []
    for kind, path in files:
        content = _content_of(path)
        kept_files.append(
            {"kind": kind, "name": readable(path.name), "digest": log.put(content), "size": len(content)}
        )
    return {"files": kept_files, "dataset": digest}


def _content_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(
            "FILE", Text(f"读不出: {error.strerror}", f"cannot be read: {error.strerror}"),
            Text("请检查文件", "check the file"), Place(readable(str(path))),
        ) from error  # fmt: skip


@contextlib.contextmanager
def files_of(log: Log, data: dict[str, Any]) -> Iterator[tuple[tuple[FileKind, Path], ...]]:
    """The files of an import written to a private folder, which goes with the block. Errors: REC-BLOB, REC-FULL, REC-IO."""
    with contextlib.ExitStack() as stack:
        try:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=_PREFIX)))
            found = tuple(
                _written_out(log, folder / str(number), entry)
                for number, entry in enumerate(data.get("files", ()))
            )
        except OSError as error:
            raise told_of_disk(error, Path(error.filename or _PREFIX)) from error
        yield found


def _written_out(log: Log, folder: Path, entry: dict[str, Any]) -> tuple[FileKind, Path]:
    folder.mkdir()
    path = folder / (Path(str(entry["name"])).name or "data")
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(log.get(str(entry["digest"])))
    return cast("FileKind", entry["kind"]), path


def imported(
    log: Log, one: Assessment, standard: LoadedStandard, progress: Progress | None = None,
    mapping: Mapping | None = None,
) -> Dataset:  # fmt: skip
    """The data of an assessment as they were imported. Errors: REC-NODATA, REC-BLOB, those of `read_request`."""
    if not one.data.get("files"):
        raise Refused(
            "REC-NODATA", Text(f"评估“{one.id}”还没有数据", f"the assessment '{one.id}' has no data yet"),
            Text("请先导入", "import some first"),
        )  # fmt: skip
    with files_of(log, one.data) as files:
        return read_files(files, standard, progress, mapping)


def read_files(
    files: Sequence[tuple[FileKind, Path]], standard: LoadedStandard, progress: Progress | None = None,
    mapping: Mapping | None = None,
) -> Dataset:  # fmt: skip
    """The dataset of files; places in those that the workspace keeps are told by their names alone."""
    request = Import(tuple(files)).request(standard)
    try:
        read = read_request(request, standard, progress, mapping=mapping, write_proposals=False)
    except BalanceError as error:
        if error.place is not None:
            error.place = replace(error.place, file=_kept_name(error.place.file))
        raise
    return replace(
        read,
        findings=read.findings.with_columns(pl.col("place").str.replace(_KEPT_IN.pattern, "")),
        sources=tuple(replace(source, file=_kept_name(source.file)) for source in read.sources),
        mapping=tuple(
            {name: _kept_name(value) if isinstance(value, str) else value for name, value in entry.items()}
            for entry in read.mapping
        ),
    )


def _kept_name(file: str) -> str:
    return _KEPT_IN.sub("", file)


def dataset_of(imported_data: Dataset, one: Assessment) -> tuple[Dataset, pl.DataFrame]:
    """What the engine takes: the imported data with what was judged, and the corrections as overrides."""
    return with_judgements(imported_data, one), overrides(one.facts)


CHANGE_SCHEMA: dict[str, Any] = {
    "province": pl.String, "city": pl.String, "county": pl.String, "year": pl.Int32, "school_id": pl.String,
    "school": pl.String, "stage": pl.String, "field": pl.String, "old": pl.String, "new": pl.String,
    "corrected": pl.String,
}  # fmt: skip
"""One row a fact that another import changes: before, after, and a person's correction, which stays in force."""


def changes(before: Dataset, after: Dataset, facts: dict[FactKey, str | None]) -> pl.DataFrame:
    """What a newer import changes (`CHANGE_SCHEMA`): cells that differ, schools that are new (`field` null, `new` their
    name) or gone (`old` their name), and corrections that now stand over another figure."""
    rows = [
        *_cells(before.sections, after.sections, [*KEY_FIELDS, "school_id", "stage"]),
        *_cells(before.counties, after.counties, list(KEY_FIELDS)),
    ]
    told: dict[tuple[Any, ...], None] = {}
    for province, city, county, year, school_id, stage, school, field, old, new in rows:
        whole = field is not None and after.dictionary[field].level == "school"
        key = FactKey(province, city, county, year, school_id, None if whole else stage, field or "")
        told[(*key[:5], school, key.stage, field, old, new, facts.get(key))] = None
    return pl.DataFrame(list(told), schema=CHANGE_SCHEMA, orient="row")


def gone_and_new(rows: Iterable[dict[str, Any]]) -> Text:
    """How many schools and counties among rows of `CHANGE_SCHEMA` are gone and new; empty where none is."""
    gone = [row["new"] is None for row in rows if row["field"] is None]
    counts = ((sum(gone), "不再有", "gone"), (len(gone) - sum(gone), "新增", "new"))
    zh = ", ".join(f"{told} {count} 行" for count, told, _ in counts if count)
    return Text(zh, ", ".join(f"{count} rows {told}" for count, _, told in counts if count))


def _cells(before: pl.DataFrame, after: pl.DataFrame, key: list[str]) -> Iterator[tuple[Any, ...]]:
    """Rows of key (as long as a section's), school, field, old, new."""
    fields = [name for name in after.columns if name in before.columns and name not in key and name[0] != "_"]
    left, right = (
        {row[: len(key)]: row for row in frame.select(*key, *fields).iter_rows()} for frame in (before, after)
    )
    for identity in dict.fromkeys((*left, *right)):
        place = (*identity, *(None for _ in range(6 - len(identity))))
        old, new = left.get(identity), right.get(identity)
        school = _name(new or old, key, fields)
        if old is None or new is None:
            yield (*place, school, None, None if old is None else school, None if new is None else school)
            continue
        for field, was, now in zip(fields, old[len(key) :], new[len(key) :], strict=True):
            if was != now:
                yield (*place, school, field, kept(was), kept(now))


def _name(row: tuple[Any, ...] | None, key: list[str], fields: list[str]) -> str | None:
    return None if row is None or "school" not in fields else row[len(key) + fields.index("school")]


def corrected(dataset: Dataset, facts: dict[FactKey, str | None]) -> Dataset:
    """The dataset with a person's corrections in it, as it is shown."""
    return overridden(dataset, overrides(facts)) if facts else dataset


def standard_kept(log: Log, standard: LoadedStandard) -> dict[str, Json]:
    """A standard kept whole in the workspace, as the TOML it comes to; what a `standard` event says of it."""
    digest = log.put(tomli_w.dumps(standard.document.data).encode())
    header = standard.model.standard
    return {"id": standard.id, "version": header.version, "hash": standard.hash, "digest": digest}


def standard_of(log: Log, one: Assessment) -> LoadedStandard:
    """The standard an assessment is judged by, as it was when it was chosen: the installed one where that is still
    the same (it knows file and line of every value), else the one kept. Errors: REC-BLOB, REC-STANDARD."""
    wanted = str(one.standard["hash"])
    with contextlib.suppress(StandardInvalid):
        installed = load_standard(str(one.standard["id"]))
        if installed.hash == wanted:
            return installed
    return kept_standard(log, one.standard)


def kept_standard(log: Log, said: dict[str, Any]) -> LoadedStandard:
    """The standard that a `standard` event keeps. Errors: REC-BLOB, REC-STANDARD."""
    text = log.get(str(said["digest"])).decode()
    kept_one = build_standard(parse_document(text, f"{said['id']}.toml"))
    if kept_one.hash != said["hash"]:
        raise Refused(
            "REC-STANDARD",
            Text(f"所存标准 {kept_one.id} 与记录的校验值不符", f"the kept standard {kept_one.id} is not the one recorded"),
            Text("请从备份恢复工作区", "restore the workspace from a backup"),
        )  # fmt: skip
    return kept_one


def reported(dataset: Dataset, keys: Sequence[FactKey]) -> dict[FactKey, str | None]:
    """The imported values of facts, as the log keeps them."""
    found: dict[FactKey, str | None] = {}
    for key in keys:
        frame = dataset.counties if key.school_id is None else dataset.sections
        names = [
            *KEY_FIELDS,
            *([] if key.school_id is None else ["school_id"]),
            *([] if key.stage is None else ["stage"]),
        ]
        rows = frame.filter(
            pl.col(name).eq_missing(pl.lit(getattr(key, name), frame.schema[name])) for name in names
        )
        if rows.height and key.field in rows.columns:
            found[key] = kept(rows[key.field][0])
    return found
