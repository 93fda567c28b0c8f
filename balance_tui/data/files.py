"""Which files are meant, and what they really are: by their first bytes, not by their name."""

from __future__ import annotations

import glob
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from ..errors import Place
from ..plugins.shelf import plugged_suffixes
from .findings import rejection

Kind = Literal["csv", "xlsx", "parquet"]

SUFFIXES: dict[str, Kind] = {
    ".csv": "csv", ".tsv": "csv", ".txt": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx", ".parquet": "parquet",
    ".pq": "parquet",
}  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def expand(paths: Sequence[str | Path]) -> list[Path]:
    """The files that `paths` name: files, folders (with their sub-folders) and globs, each file once,
    in the order given, sorted within a folder. Raises `InputRejected` where nothing is found."""
    found: dict[Path, Path] = {}
    for given in paths:
        if not str(given):
            raise rejection("READ-NO-FILE", name='""')
        for path in _expand_one(Path(given)):
            found.setdefault(_real(path), path)
    if not found:
        raise rejection("READ-NO-TABLES", name=", ".join(map(str, paths)) or "-")
    return list(found.values())


def _expand_one(path: Path) -> list[Path]:
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return _expand_glob(path)
    except (OSError, ValueError) as error:
        raise rejection("READ-ACCESS", Place(str(path)), reason=_reason(error)) from None
    if not stat.S_ISDIR(mode):
        return [path]
    inside = sorted(_tables_in(path))
    if not inside:
        raise rejection("READ-NO-TABLES", Place(str(path)), name=str(path))
    return inside


def _expand_glob(path: Path) -> list[Path]:
    # `Path.glob` takes no absolute pattern.
    matches = sorted(glob.glob(str(path), recursive=True)) if glob.has_magic(str(path)) else []  # noqa: PTH207
    files = [item for match in matches for item in _expand_one(Path(match))]
    if not files:
        raise rejection("READ-NO-FILE", name=str(path))
    return files


def _tables_in(folder: Path) -> Iterator[Path]:
    """Tables below a folder; links to folders are not followed, so no loop is."""

    def refuse(error: OSError) -> None:
        raise rejection("READ-ACCESS", Place(str(error.filename)), reason=_reason(error))

    suffixes = {*SUFFIXES, ".xls", *plugged_suffixes()}
    for root, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            suffix = Path(name).suffix.lower()
            if suffix in suffixes and not name.startswith((".", "~$")):
                yield Path(root, name)


def _real(path: Path) -> Path:
    try:
        return Path(os.path.realpath(path, strict=True))
    except OSError as error:
        raise rejection("READ-ACCESS", Place(str(path)), reason=_reason(error)) from None


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def kind_of(path: Path) -> Kind:
    """What the file is. Raises `InputRejected` for anything that is not a table, or whose name lies."""
    head = read_head(path)
    kind = _kind_by_content(path, head)
    named = SUFFIXES.get(path.suffix.lower(), kind)
    if named != kind:
        raise rejection("READ-EXTENSION", Place(str(path)), suffix=path.suffix, kind=kind)
    return kind


def read_head(path: Path, size: int = 4096) -> bytes:
    """The first bytes of a regular, readable, non-empty file; anything else is rejected."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise rejection("READ-KIND", Place(str(path)))
        with path.open("rb") as file:
            head = file.read(size)
    except OSError as error:
        raise rejection("READ-ACCESS", Place(str(path)), reason=_reason(error)) from None
    if not head:
        raise rejection("READ-EMPTY", Place(str(path)))
    return head


def _kind_by_content(path: Path, head: bytes) -> Kind:
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if head.startswith(_OLE):
        protected = "EncryptedPackage".encode("utf-16-le") in read_bytes(path)
        raise rejection("READ-PASSWORD" if protected else "READ-OLD-XLS", Place(str(path)))
    if path.suffix.lower() == ".xls":
        raise rejection("READ-OLD-XLS", Place(str(path)))
    if SUFFIXES.get(path.suffix.lower()) in ("xlsx", "parquet"):
        raise rejection("READ-BROKEN", Place(str(path)), reason=f"not {path.suffix}")
    return "csv"


def read_bytes(path: Path) -> bytes:
    """All bytes of the file; a file that cannot be read is rejected."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise rejection("READ-ACCESS", Place(str(path)), reason=_reason(error)) from None


def digest_of(paths: Iterable[Path]) -> str:
    """One SHA-256 over the bytes of all files, whatever their order and names."""
    parts = sorted(_digest(path) for path in paths)
    return hashlib.sha256(b"".join(parts)).hexdigest()


def _digest(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise rejection("READ-ACCESS", Place(str(path)), reason=_reason(error)) from None
