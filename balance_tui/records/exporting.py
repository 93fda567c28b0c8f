"""What leaves a workspace: the files of an export, and a file put in its place without ever taking another's."""

from __future__ import annotations

import contextlib
import io
import json
import os
import secrets
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import polars as pl

from ..errors import Place, Refused, readable
from ..reading import Progress
from .evidence import Documents
from .frames import judgements, overrides
from .log import Log
from .placing import placed
from .state import Assessment
from .transfer import TAKEN
from .troubles import told_of_disk
from .workspace import dataset_of, imported, standard_of


def exported(
    log: Log, one: Assessment, progress: Progress | None = None, *, documents: bool = False
) -> dict[str, bytes]:
    """The files of an export by name: `corrections.csv`, `judgements.csv` (the table `--judgements` reads, with what
    was imported), `history.json`, and if asked for `evidence/...`, the documents that judgements have now. Whoever calls
    sees to the role. Errors: those of `standard_of`, `imported` and `Log.get`."""
    judged = judgements(one.judgements)
    if one.data.get("files"):
        standard = standard_of(log, one)
        judged = dataset_of(imported(log, one, standard, progress), one)[0].judgements
    history = {"events": [asdict(event) for event in one.events]}
    return {
        "corrections.csv": _table(overrides(one.facts)),
        "judgements.csv": _table(judged),
        "history.json": f"{json.dumps(history, ensure_ascii=False, allow_nan=False)}\n".encode(
            "utf-8", "backslashreplace"
        ),
        **(dict(Documents(log, one).exported()) if documents else {}),
    }


def _table(frame: pl.DataFrame) -> bytes:
    """With the mark that spreadsheets know UTF-8 by."""
    held = io.BytesIO()
    frame.write_csv(held, include_bom=True)
    return held.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as one, so that they go over the line by one `get`."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()


def put_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """The files of an export in a folder, none of them over another's: where one of them cannot be, nothing is written.
    Errors: as `put_new`."""
    for name in files:
        check_free(folder / name)
    for name in files:
        try:
            (folder / name).parent.mkdir(exist_ok=True)
        except OSError as error:
            raise told_of_disk(error, folder / name) from error
    for name, content in files.items():
        put_new(folder / name, content)


def check_free(target: Path) -> None:
    """Errors: XFER-EXISTS where the name is taken."""
    if os.path.lexists(target):
        raise Refused("XFER-EXISTS", TAKEN, None, Place(readable(target.name)))


def put_new(target: Path, content: bytes) -> Path:
    """Write a new file, private to its owner, whole or not at all; it is on disk when this returns. Errors:
    XFER-EXISTS where the name is taken, REC-FULL, REC-IO."""
    part = target.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        placed(part, target)
    except FileExistsError as error:
        raise Refused("XFER-EXISTS", TAKEN, None, Place(readable(str(target)))) from error
    except OSError as error:
        raise told_of_disk(error, target) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return target
