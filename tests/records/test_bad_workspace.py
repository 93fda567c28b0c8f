"""A workspace that is not as it should be: one clear sentence with a code and a way to mend it, and the data untouched."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balance_tui.errors import Refused
from balance_tui.records import mounts
from balance_tui.records.desk import Desk
from balance_tui.records.sqlite_layout import FORMAT
from balance_tui.records.sqlite_log import SqliteLog
from balance_tui.records.workspace import files_of
from tests.contract.builder import passing_county, write_sections
from tests.contract.runner import Call, call
from tests.faults.county import cells, made

from .older import as_format_0

COMMANDS = (
    ("workspace", "info"), ("workspace", "backup", "{folder}/copy.db"), ("assess", "list"), ("assess", "verify"),
    ("assess", "history", "a"), ("user", "list"), ("user", "keys"), ("workspace", "migrate"),
    ("assess", "set", "a", "as-of=2025-01-01"),
)  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a workspace."""
    (tmp_path / "w").mkdir()
    made(tmp_path / "w" / "workspace.db", "clerk")
    return tmp_path / "w"


def asked(place: Path, *arguments: str) -> Call:
    """A command at a workspace; what it says is one sentence with a code, or nothing, or one for each flaw it found."""
    answer = call(*(each.format(folder=place.parent) for each in arguments), "--workspace", place)
    lines = answer.errors.splitlines()
    assert len(lines) <= 1 or all(line.startswith("REC-FLAW ") for line in lines), answer.errors
    assert "Traceback" not in answer.errors
    return answer


def code_of(answer: Call) -> str:
    return answer.errors.split(":")[0].split(" ")[0]


def content(place: Path) -> dict[str, bytes]:
    """The files of a workspace, but those that SQLite keeps while it is open."""
    return {path.name: path.read_bytes() for path in place.iterdir() if path.suffix == ".db"}


@pytest.mark.parametrize("arguments", COMMANDS)
def test_a_newer_workspace_is_told_to_every_command_and_left_alone(
    place: Path, arguments: tuple[str, ...]
) -> None:
    with closing(sqlite3.connect(place / "workspace.db")) as raw:
        raw.execute(f"PRAGMA user_version = {FORMAT + 1}")
    before = content(place)
    answer = asked(place, *arguments)
    assert (answer.code, code_of(answer)) == (5, "REC-NEWER")
    assert content(place) == before
    assert not (place.parent / "copy.db").exists()


def test_a_backup_of_a_newer_version_is_not_restored(place: Path, tmp_path: Path) -> None:
    path = place / "workspace.db"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute(f"PRAGMA user_version = {FORMAT + 1}")
    answer = call("workspace", "restore", path, "--workspace", tmp_path / "again")
    assert (answer.code, code_of(answer)) == (5, "REC-NEWER")
    assert not [path for path in (tmp_path / "again").iterdir() if path.is_file()]


@pytest.mark.parametrize("version", [-1, -(2**31)])
def test_a_version_that_no_program_wrote_is_told(place: Path, version: int) -> None:
    with closing(sqlite3.connect(place / "workspace.db")) as raw:
        raw.execute(f"PRAGMA user_version = {version}")
    for arguments in (("workspace", "info"), ("workspace", "migrate")):
        assert code_of(asked(place, *arguments)) == "REC-OTHER"


def test_a_program_that_is_open_while_a_newer_one_lays_the_file_out_anew_says_so(place: Path) -> None:
    with closing(SqliteLog(place / "workspace.db")) as log:
        desk = Desk(log, "clerk", "c")
        with closing(sqlite3.connect(place / "workspace.db")) as raw:
            raw.execute("DROP TRIGGER event_stays")
            raw.execute("ALTER TABLE event RENAME TO record")
            raw.execute(f"PRAGMA user_version = {FORMAT + 1}")
        for act in (desk.refresh, log.head, log.assessments, lambda: desk.correct("a", [(cells(1)[0], "1")])):
            with pytest.raises(Refused, match="REC-NEWER"):
                act()


def test_a_file_that_another_program_keeps_to_itself_is_said_to_be_in_use(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("balance_tui.records.sqlite_log.BUSY", 0.05)
    before = content(place)
    with closing(sqlite3.connect(place / "workspace.db", isolation_level=None)) as raw:
        raw.execute("PRAGMA locking_mode = EXCLUSIVE")
        raw.execute("BEGIN EXCLUSIVE")
        answer = asked(place, "assess", "list")
        assert (answer.code, code_of(answer)) == (5, "REC-BUSY")
        raw.execute("ROLLBACK")
    assert content(place) == before
    assert asked(place, "workspace", "info").errors.startswith("REC-ROLE")


@contextmanager
def as_nobody(place: Path) -> Iterator[None]:
    """Within the block the program is one who owns nothing; who is not root already is such a one."""
    before = os.geteuid()
    for above in place.parents:
        if before == 0 and above.stat().st_mode & 0o001 == 0:
            above.chmod(0o755)
    if before == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


@contextmanager
def with_rights(place: Path, folder: int, file: int) -> Iterator[None]:
    """The folder and the file with these rights, for one who owns neither; as they were when the block is left."""
    before = content(place)
    (place / "workspace.db").chmod(file)
    place.chmod(folder)
    try:
        with as_nobody(place):
            yield
    finally:
        place.chmod(0o755)
        (place / "workspace.db").chmod(0o644)
    assert content(place) == before
    assert sorted(path.name for path in place.iterdir()) == ["workspace.db"]


@pytest.mark.parametrize(("folder", "file"), [(0o000, 0o600), (0o755, 0o000), (0o644, 0o644)])
@pytest.mark.parametrize("arguments", [("assess", "list"), ("workspace", "migrate"), ("assess", "new", "b")])
def test_what_the_account_may_not_open_is_told(
    place: Path, folder: int, file: int, arguments: tuple[str, ...]
) -> None:
    with with_rights(place, folder, file):
        answer = asked(place, *arguments)
    assert (answer.code, code_of(answer)) == (5, "REC-OPEN")


@pytest.mark.parametrize("folder", [0o555, 0o755])
def test_whoever_can_only_read_the_file_can_verify_it_and_change_nothing(place: Path, folder: int) -> None:
    path = place / "workspace.db"
    with with_rights(place, folder, 0o444):
        assert asked(place, "assess", "list").code == 0
        assert asked(place, "workspace", "migrate").code == 0
        assert code_of(asked(place, "assess", "new", "b")) == "REC-OPEN"
        with closing(SqliteLog(path)) as log:
            assert log.verify() == ()
            assert log.head().sequence == 6
            desk = Desk(log, "clerk", "c")
            with pytest.raises(Refused, match="REC-READONLY"):
                desk.correct("a", [(cells(1)[0], "1")])
            with pytest.raises(Refused, match="REC-READONLY"):
                log.put(b"x")


def test_a_file_that_is_in_use_is_not_read_past_its_journal(place: Path) -> None:
    path = place / "workspace.db"
    with closing(SqliteLog(path)) as log:
        Desk(log, "clerk", "c").correct("a", [(cells(1)[0], "1")])
        for each in place.iterdir():
            each.chmod(0o444)
        place.chmod(0o555)
        try:
            with as_nobody(place):
                seen = _sequence(path)
        finally:
            place.chmod(0o755)
    assert seen in (7, "REC-OPEN", "REC-READONLY")


def _sequence(path: Path) -> int | str:
    try:
        with closing(SqliteLog(path)) as log:
            return log.head().sequence
    except Refused as refused:
        return refused.code


def test_a_file_where_a_folder_is_named_is_told(tmp_path: Path) -> None:
    (tmp_path / "w").write_bytes(b"mine")
    for arguments, code in ((("assess", "list"), "REC-NONE"), (("workspace", "new"), "REC-OPEN")):
        answer = asked(tmp_path / "w", *arguments)
        assert (answer.code, code_of(answer)) == (5, code)
    assert (tmp_path / "w").read_bytes() == b"mine"


def test_what_is_no_file_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    for number, make in enumerate((
        lambda path: path.mkdir(), os.mkfifo, lambda path: path.symlink_to(path), lambda path: path.symlink_to("/dev/null"),
        lambda path: path.symlink_to(path.parent / "none" / "there.db"),
    )):  # fmt: skip
        place = tmp_path / str(number)
        place.mkdir()
        make(place / "workspace.db")
        for arguments in (("assess", "list"), ("assess", "new", "b"), ("workspace", "new")):
            answer = asked(place, *arguments)
            assert answer.code == 5
            assert code_of(answer) in (
                "REC-NONE",
                "REC-OPEN",
                "REC-OTHER",
                "REC-IO",
                "REC-DAMAGED",
                "REC-STORE",
            )


@pytest.mark.parametrize("name", ["n" * 300, "n/" * 3000])
def test_a_name_that_is_too_long_is_told(tmp_path: Path, name: str) -> None:
    for arguments in (("assess", "list"), ("workspace", "new")):
        answer = asked(tmp_path / name, *arguments)
        assert (answer.code, code_of(answer)) == (5, "REC-OPEN")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a workspace that whoever runs this is the administrator of, with an assessment of real data."""
    folder = tmp_path_factory.mktemp("whole")
    data = write_sections(folder / "sections.csv", [passing_county("示例县")])
    for arguments in (("workspace", "new"), ("user", "add", "li"), ("assess", "new", "a", data)):
        assert call(*arguments, "--workspace", folder / "w").errors == ""
    return folder / "w" / "workspace.db"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=6),
    arguments=st.sampled_from(COMMANDS),
)
def test_no_command_at_a_damaged_file_ends_in_a_traceback_or_mends_it_silently(
    whole: Path, tmp_path: Path, flips: list[tuple[float, int]], arguments: tuple[str, ...]
) -> None:
    place = tmp_path / "w"
    place.mkdir(exist_ok=True)
    for path in (*place.iterdir(), tmp_path / "copy.db"):
        path.unlink(missing_ok=True)
    raw = bytearray(whole.read_bytes())
    for where, mask in flips:
        raw[int(where * len(raw))] ^= mask
    (place / "workspace.db").write_bytes(raw)
    answer = asked(place, *arguments)
    assert answer.code in (0, 1, 5)
    if answer.code == 5 and code_of(answer) in ("REC-DAMAGED", "REC-OTHER", "REC-NEWER"):
        assert content(place)["workspace.db"] == raw


def test_a_journal_of_random_bytes_takes_nothing_that_is_in_the_file(place: Path) -> None:
    path = place / "workspace.db"
    with closing(SqliteLog(path)) as log:
        before = list(log.since(0))
    (place / "workspace.db-wal").write_bytes(bytes(range(256)) * 64)
    (place / "workspace.db-shm").write_bytes(bytes(range(255, -1, -1)) * 128)
    with closing(SqliteLog(path)) as log:
        assert list(log.since(0)) == before
        assert not log.verify()


SHARES = (
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "9p",
    "fuse.sshfs",
    "ceph",
    "glusterfs",
    "lustre",
    "ocfs2",
    "afs",
    "davfs",
)


@pytest.mark.parametrize("kind", SHARES)
def test_a_workspace_on_a_mounted_share_is_kept_with_a_journal_that_hosts_can_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(f"1 1 0:1 / / rw - ext4 /dev/a rw\n2 1 0:2 / {tmp_path / 'w'} rw - {kind} host:/x rw\n")
    monkeypatch.setattr(mounts, "_MOUNTS", table)
    monkeypatch.setattr(mounts.on_network, "__defaults__", (table,))
    (tmp_path / "w").mkdir()
    with closing(SqliteLog(made(tmp_path / "w" / "workspace.db", "clerk"))) as log:
        Desk(log, "clerk", "c").correct("a", [(cells(1)[0], "1")])
        assert log._connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert not log.verify()


def test_mounts_that_cannot_be_read_count_as_a_local_disk(tmp_path: Path) -> None:
    for name, text in (
        ("none", None),
        ("odd", "1 1\n\n - \n1 1 0:1 / /a\\040b rw - nfs x rw\n1 1 0:1 / /共享 rw - nfs x rw\n"),
    ):
        table = tmp_path / name
        if text is not None:
            table.write_text(text)
        assert not mounts.on_network(tmp_path / "w.db", table)
    assert mounts.on_network(Path("/a b/w.db"), tmp_path / "odd")
    assert mounts.on_network(Path("/共享/督导/w.db"), tmp_path / "odd")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert not mounts.on_network(tmp_path / "loop" / "w.db", tmp_path / "odd")


def test_kept_files_that_cannot_be_laid_out_for_reading_are_told(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with closing(SqliteLog(place / "workspace.db")) as log:
        digest = log.put(b"x")
        files = {"files": [{"kind": "data", "name": "a.csv", "digest": digest}]}
        with pytest.raises(Refused, match="REC-IO"), files_of(log, files):
            pass


def test_without_the_driver_a_server_is_refused_with_the_way_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    for arguments in (("assess", "list"), ("workspace", "new"), ("workspace", "migrate")):
        answer = call(*arguments, "--workspace", "postgresql://me:s3cret@host/db")
        assert (answer.code, code_of(answer)) == (5, "REC-DRIVER")
        assert "balance-tui[postgres]" in answer.errors
        assert "s3cret" not in answer.errors


def test_an_older_workspace_is_left_as_it_is_by_every_command_but_migrate(place: Path) -> None:
    as_format_0(place / "workspace.db")
    before = content(place)
    for arguments in COMMANDS:
        if arguments != ("workspace", "migrate"):
            assert code_of(asked(place, *arguments)) == "REC-OLDER"
            assert content(place) == before
