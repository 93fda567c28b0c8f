"""A disk that fails: one clear sentence, nothing half-written, and what is written later is whole."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from balance_tui.errors import Refused
from balance_tui.records.beside import FolderBeside
from balance_tui.records.desk import Desk
from balance_tui.records.drafts import Drafts, Typed
from balance_tui.records.event import Event
from balance_tui.records.restoring import restored
from balance_tui.records.sqlite_layout import FORMAT
from balance_tui.records.sqlite_log import SqliteLog
from tests.records.older import as_format_0

from .county import cells, made
from .keeper import FEW

EDITS = 40
EVERY = 13
"""A fault at each so many-th call, beginning at another in each run: over the runs every call up to the last fails."""
FAILING = ("pwrite64", "fsync,fdatasync")
KEEPING = ("write,pwrite64", "fsync,fdatasync", "ftruncate", "rename,link,linkat")
KINDS = ("draft", "backup", "put", "import")
SAID = {"EIO": {"REC-IO", "REC-OPEN", "REC-STORE", "REC-BUSY"}, "ENOSPC": {"REC-FULL", "REC-IO", "REC-OPEN"}}


def can_trace() -> bool:
    """Whether strace is there and may follow a program."""
    if shutil.which("strace") is None:
        return False
    tried = subprocess.run(["strace", "-qq", "-e", "trace=none", "true"], capture_output=True, check=False)
    return tried.returncode == 0


traced = pytest.mark.skipif(not can_trace(), reason="strace is not installed or may not trace here")


@traced
@pytest.mark.parametrize("error", SAID)
@pytest.mark.parametrize("calls", FAILING)
def test_a_call_that_fails_is_told_in_a_sentence_and_loses_nothing(
    tmp_path: Path, calls: str, error: str
) -> None:
    refused = 0
    for first in range(1, EVERY + 1):
        path = made(tmp_path / f"{first}.db", "clerk")
        lines = edited(path, f"{calls}:error={error}:when={first}+{EVERY}")
        assert len([line for line in lines if line.startswith("+")]) == EDITS, lines
        held_against(path, lines, SAID[error])
        refused += len(lines) - EDITS
    assert refused


@traced
@pytest.mark.parametrize("calls", KEEPING)
def test_files_beside_the_log_and_imported_data_are_there_whole_or_not_at_all(
    tmp_path: Path, calls: str
) -> None:
    refused = 0
    for first in range(1, 10):
        path = beside(tmp_path / str(first))
        lines = under(f"{calls}:error=EIO:when={first}+9", [], "tests.faults.keeper", str(path), *KINDS)
        refused += told(lines)
        kept_whole(path.parent, lines)
    assert refused or calls == "ftruncate"


@traced
@pytest.mark.parametrize(
    ("calls", "every"), [("write,pwrite64", 23), ("fsync,fdatasync", 11), ("rename,link,linkat", 2)]
)
def test_a_restore_and_a_migration_are_done_whole_or_not_at_all(
    tmp_path: Path, calls: str, every: int
) -> None:
    """Each call fails at least once: over the runs a fault at each so many-th call begins at each of them."""
    refused = 0
    for first in range(1, every + 1, 3 if every > 20 else 1):
        path = beside(tmp_path / str(first))
        before = events_of(path)
        lines = under(
            f"{calls}:error=EIO:when={first}+{every}",
            [],
            "tests.faults.keeper",
            str(path),
            "restore",
            "migrate",
        )
        refused += told(lines)
        done = [line.split()[1:] for line in lines if line.startswith("+")]
        there = {each.name for each in path.parent.glob("restored-*.db")}
        assert there == {f"restored-{number}.db" for kind, number in done if kind == "restore"}
        for each in (*path.parent.glob("restored-*.db"), *path.parent.glob("older-*.bak")):
            assert events_of(each) == before
        for number in range(FEW):
            old_or_new(path.parent / f"older-{number}.db", before, new=["migrate", f"{number}"] in done)
    assert refused


@traced
@pytest.mark.parametrize(
    ("calls", "step"), [("pwrite64", 5), ("fsync,fdatasync", 1), ("link,linkat,unlink", 1)]
)
def test_a_migration_that_is_killed_leaves_the_old_file_or_the_new_one(
    tmp_path: Path, calls: str, step: int
) -> None:
    """Killed at the first call, at one after it, and so on, until there are no more to be killed at."""
    killed = 0
    for number in range(1, 300, step):
        path = beside(tmp_path / str(number))
        before = events_of(path)
        lines = under(
            f"{calls}:signal=SIGKILL:when={number}", [], "tests.faults.keeper", str(path), "migrate"
        )
        old_or_new(path.parent / "older-0.db", before, new=bool(lines))
        for backup in path.parent.glob("older-*.bak"):
            assert events_of(backup) == before
        if lines:
            break
        killed += 1
    assert lines, "the last run came to its end"
    assert killed


@traced
@pytest.mark.parametrize("calls", ["pwrite64", "fsync,fdatasync", "link,linkat"])
def test_a_restore_that_is_killed_can_be_done_again(tmp_path: Path, calls: str) -> None:
    for number in (1, 2, 4):
        path = beside(tmp_path / str(number))
        lines = under(
            f"{calls}:signal=SIGKILL:when={number}", [], "tests.faults.keeper", str(path), "restore"
        )
        target = path.parent / "restored-0.db"
        if not lines and not target.exists():
            restored(path.parent / "copy.db", target)
        assert events_of(target) == events_of(path)


def beside(folder: Path) -> Path:
    """A workspace in a new folder with what the keeper needs beside it."""
    (folder / "inbox").mkdir(parents=True)
    path = made(folder / "w.db", "clerk")
    shutil.copy(path, folder / "copy.db")
    for number in range(FEW):
        as_format_0(Path(shutil.copy(path, folder / f"older-{number}.db")))
    return path


def events_of(path: Path) -> list[Event]:
    """The events of a file of any format, the chain of which is whole."""
    with contextlib.closing(SqliteLog(path, migrating=True)) as log:
        assert not log.verify()
        return list(log.since(0))


def old_or_new(path: Path, before: list[Event], *, new: bool) -> None:
    """The file is of the one format or the other with all that was in it, and can be brought up to date."""
    with contextlib.closing(sqlite3.connect(path)) as raw:
        version = raw.execute("PRAGMA user_version").fetchone()[0]
    assert version == FORMAT if new else version in (0, FORMAT)
    assert events_of(path) == before
    with contextlib.closing(SqliteLog(path, migrating=True)) as log:
        log.migrate(path.with_name("again.bak"))
        assert not log.verify()
        assert list(log.since(0)) == before
    path.with_name("again.bak").unlink(missing_ok=True)


def told(lines: list[str]) -> int:
    """How many were refused, each by one of the sentences."""
    codes = [line.split()[1] for line in lines if line.startswith("!")]
    assert set(codes) <= {*SAID["EIO"], "REC-FULL", "DRAFT-KEEP"}, lines
    return len(codes)


def kept_whole(folder: Path, lines: list[str]) -> None:
    """What was said to be kept is there and whole; nothing else is."""
    done = [line.split()[1:] for line in lines if line.startswith("+")]
    drafts = [number for what, number in done if what == "draft"]
    typed = next(iter(Drafts(FolderBeside(folder), "clerk", "a").all()), None)
    assert (typed and typed.parts["value"].strip("x")) == (drafts[-1] if drafts else None)
    assert {path.name for path in (folder / "inbox").iterdir()} == {
        f"{n}.csv" for what, n in done if what == "put"
    }
    assert all(path.stat().st_size == 100_000 for path in (folder / "inbox").iterdir())
    backups = {f"{number}.bak" for what, number in done if what == "backup"}
    assert {path.name for path in folder.glob("*.bak")} == backups
    for name in backups:
        events_of(folder / name)
    imports = [event for event in events_of(folder / "w.db") if event.operation == "import"]
    assert [event.new["dataset"] for event in imports] == [n for what, n in done if what == "import"]  # type: ignore[index,call-overload]


@traced
@pytest.mark.parametrize("calls", ["pwrite64", "fsync,fdatasync"])
def test_a_disk_that_stays_broken_stops_every_edit_and_keeps_what_was(tmp_path: Path, calls: str) -> None:
    path = made(tmp_path / "w.db", "clerk")
    lines = edited(path, f"{calls}:error=EIO:when=30+")
    held_against(path, lines, SAID["EIO"])
    assert [line for line in lines if line.startswith("!")]


def edited(path: Path, fault: str) -> list[str]:
    """What the editing program said while some of its calls on the workspace's files failed."""
    files = [option for end in ("", "-wal", "-shm", "-journal") for option in ("-P", f"{path}{end}")]
    return under(fault, files, "tests.faults.editor", str(path), "clerk", str(EDITS), "1")


def under(fault: str, files: list[str], module: str, *arguments: str) -> list[str]:
    """What a program said while some of its calls failed."""
    command = ["strace", "-f", "-qq", "-o", os.devnull, *files, "-e", f"trace={fault.split(':')[0]}", "-e", f"inject={fault}",
               sys.executable, "-m", module, *arguments]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout.splitlines()


def held_against(path: Path, lines: list[str], codes: set[str]) -> None:
    """Every confirmed edit is there, the chain holds, each refusal is one of the sentences, and writing works again."""
    refused = [line for line in lines if not line.startswith("+")]
    assert {line.split()[1] for line in refused} <= codes, refused
    log = SqliteLog(path)
    desk = Desk(log, "clerk", "later")
    events = {event.sequence: event for event in log.since(0)}
    for line in lines:
        if line.startswith("+"):
            _, sequence, _, value, _ = line.split()
            assert events[int(sequence)].new == {"value": value}
    assert not log.verify()
    assert desk.correct("a", [(cells(1)[0], "later")])
    log.close()


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of one megabyte, for the block; a test that may not mount one is skipped."""
    folder.mkdir()
    made_one = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "none", folder], capture_output=True, check=False
    )
    if made_one.returncode:
        pytest.skip("a file system cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def edit_many(desk: Desk) -> None:
    """More than a small disk takes."""
    for number in range(500):
        desk.correct("a", [(cells(1)[0], f"{number}" * 20)])


def test_a_full_disk_is_told_and_freed_space_goes_on(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as folder:
        path = made(folder / "w.db", "clerk")
        log = SqliteLog(path)
        desk = Desk(log, "clerk", "c")
        free = shutil.disk_usage(folder).free
        (folder / "filler").write_bytes(bytes(free - 30_000))
        with pytest.raises(Refused, match="REC-FULL"):
            edit_many(desk)
        before = log.head()
        assert before == desk.state.head
        with pytest.raises(Refused, match="DRAFT-KEEP"):
            Drafts(FolderBeside(folder), "clerk", "a").put([Typed("t", 0, {"value": "x" * 100_000})])
        (folder / "filler").unlink()
        desk.correct("a", [(cells(1)[0], "after")])
        assert not log.verify()
        log.close()


def test_a_file_that_may_not_grow_is_told_like_a_full_disk(tmp_path: Path) -> None:
    log = SqliteLog(made(tmp_path / "w.db", "clerk"))
    desk = Desk(log, "clerk", "c")
    pages = log._connection.execute("PRAGMA page_count").fetchone()[0]
    log._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(Refused, match="REC-FULL"):
        edit_many(desk)
    assert log.head() == desk.state.head
    assert not log.verify()
    log._connection.execute("PRAGMA max_page_count = 100000")
    desk.correct("a", [(cells(1)[0], "after")])
    log.close()


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Folder and file as somebody finds them who may only read; root reads as nobody."""
    folder.chmod(0o555)
    for path in folder.iterdir():
        path.chmod(0o444)
    before = os.geteuid()
    if before == 0:
        for above in folder.parents:
            if above.stat().st_mode & 0o001 == 0:
                above.chmod(0o755)
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)
        folder.chmod(0o755)


def test_what_may_only_be_read_is_refused_in_a_sentence_and_stays_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    path = made(folder / "w.db", "clerk")
    content = path.read_bytes()
    with read_only(folder), pytest.raises(Refused, match=r"REC-READONLY|REC-OPEN"):
        Desk(SqliteLog(path), "clerk", "c").correct("a", [(cells(1)[0], "1")])
    assert path.read_bytes() == content
    assert sorted(folder.iterdir()) == [path]
