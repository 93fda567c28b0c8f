"""A disk that fails: one clear sentence, nothing half-written, and what is written later is whole."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from balance_tui.errors import Refused
from balance_tui.records.desk import Desk
from balance_tui.records.drafts import Drafts, Typed
from balance_tui.records.sqlite_log import SqliteLog

from .county import cells, made

EDITS = 40
EVERY = 20
"""A fault at each so many-th call: over as many runs, each of the first forty calls fails once, and later ones too."""
FAILING = ("pwrite64", "fsync,fdatasync")
KEEPING = ("write,pwrite64", "fsync,fdatasync", "ftruncate", "rename,link,linkat")
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
    for first in range(1, EVERY + 1, 1 if error == "EIO" else 4):
        path = made(tmp_path / f"{first}.db", "clerk")
        lines = edited(path, f"{calls}:error={error}:when={first}+{EVERY}")
        assert len([line for line in lines if line.startswith("+")]) == EDITS, lines
        held_against(path, lines, SAID[error])
        refused += len(lines) - EDITS
    assert refused


@traced
@pytest.mark.parametrize("calls", KEEPING)
def test_files_beside_the_log_are_there_whole_or_not_at_all(tmp_path: Path, calls: str) -> None:
    refused = 0
    for first in range(1, 10):
        folder = tmp_path / str(first)
        folder.mkdir()
        path = made(folder / "w.db", "clerk")
        lines = under(f"{calls}:error=EIO:when={first}+9", [], "tests.faults.keeper", str(path))
        refused += len([line for line in lines if line.startswith("!")])
        kept_whole(folder, lines)
    assert refused


def kept_whole(folder: Path, lines: list[str]) -> None:
    """What was said to be kept is there and whole; nothing else is."""
    done = [line.split()[1:] for line in lines if line.startswith("+")]
    assert {line.split()[1] for line in lines if line.startswith("!")} <= {
        *SAID["EIO"],
        "REC-FULL",
        "DRAFT-KEEP",
    }
    drafts = [number for what, number in done if what == "draft"]
    typed = Drafts(folder, "clerk", "a").of("t")
    assert (typed and typed.parts["value"].strip("x")) == (drafts[-1] if drafts else None)
    assert {path.name for path in (folder / "inbox").iterdir()} == {
        f"{n}.csv" for what, n in done if what == "put"
    }
    assert all(path.stat().st_size == 100_000 for path in (folder / "inbox").iterdir())
    backups = {f"{number}.bak" for what, number in done if what == "backup"}
    assert {path.name for path in folder.glob("*.bak")} == backups
    for name in backups:
        copy = SqliteLog(folder / name)
        assert not copy.verify()
        copy.close()


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
            Drafts(folder, "clerk", "a").keep(Typed("t", 0, {"value": "x" * 100_000}))
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
