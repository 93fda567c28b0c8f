"""`workspace` from the command line: making, backing up, restoring, bringing up to date."""

from __future__ import annotations

import datetime as dt
import getpass
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from balance_tui.records.desk import Desk
from balance_tui.records.log import Flaw
from balance_tui.records.roles import Area
from balance_tui.records.sqlite_layout import FORMAT
from balance_tui.records.sqlite_log import SqliteLog
from tests.contract.runner import call
from tests.faults.county import made
from tests.records.older import as_format_0


def flaws(path: Path) -> tuple[Flaw, ...]:
    """What is wrong with the chain in a file of the current format."""
    with closing(SqliteLog(path)) as log:
        return log.verify()


def test_a_new_workspace_is_private_and_its_maker_is_the_administrator(tmp_path: Path) -> None:
    told = call("workspace", "new", "--workspace", tmp_path / "w", "--json").json
    assert told == {"workspace": str(tmp_path / "w"), "administrator": getpass.getuser()}
    assert (tmp_path / "w").stat().st_mode & 0o077 == 0
    assert {path.name for path in (tmp_path / "w").iterdir() if path.is_dir()} == {
        "inbox",
        "outbox",
    }
    info = call("workspace", "info", "--workspace", tmp_path / "w", "--json").json
    assert set(info) == {"workspace", "events", "head", "assessments", "users"}
    assert (info["events"], info["assessments"], info["users"]) == (2, 0, 1)
    assert info["head"] in call("workspace", "info", "--workspace", tmp_path / "w").output


def test_a_backup_is_whole_private_and_restored_into_a_new_place_only(tmp_path: Path) -> None:
    place, copy = tmp_path / "w", tmp_path / "copy.db"
    call("workspace", "new", "--workspace", place)
    call("user", "add", "li", "--workspace", place)
    told = call("workspace", "backup", copy, "--workspace", place, "--json").json
    assert set(told) == {"backup", "events", "head"}
    assert copy.stat().st_mode & 0o077 == 0
    assert call("workspace", "backup", copy, "--workspace", place).errors.startswith("REC-EXISTS")
    call("user", "add", "later", "--workspace", place)
    restored = call("workspace", "restore", copy, "--workspace", tmp_path / "again", "--json").json
    assert (restored["events"], restored["head"]) == (told["events"], told["head"])
    assert call("assess", "verify", "--head", told["head"], "--workspace", tmp_path / "again").code == 0
    assert {path.name for path in (tmp_path / "again").iterdir()} == {
        "workspace.db",
        "inbox",
        "outbox",
    }
    assert call("workspace", "restore", copy, "--workspace", place).errors.startswith("REC-EXISTS")
    assert call("assess", "verify", "--head", told["head"], "--workspace", place).code == 0


def test_a_damaged_backup_is_not_restored(tmp_path: Path) -> None:
    copy = made(tmp_path / "copy.db")
    raw = sqlite3.connect(copy, isolation_level=None)
    raw.execute("DROP TRIGGER event_stays")
    raw.execute("UPDATE event SET reason = 'x' WHERE sequence = 2")
    raw.close()
    for file, said in ((copy, "REC-DAMAGED"), (tmp_path / "none.db", "REC-NONE"), (tmp_path, "REC-IO")):
        answer = call("workspace", "restore", file, "--workspace", tmp_path / "again")
        assert (answer.code, answer.errors.split(":")[0].split(" ")[0]) == (5, said)
        assert not [path for path in (tmp_path / "again").iterdir() if path.is_file()]


def test_an_older_workspace_is_refused_until_it_is_migrated_after_a_backup(tmp_path: Path) -> None:
    place = tmp_path / "w"
    place.mkdir()
    path = as_format_0(made(place / "workspace.db", "clerk"))
    before = path.read_bytes()
    refused = call("workspace", "info", "--workspace", place)
    assert (refused.code, refused.errors.split(" ")[0]) == (5, "REC-OLDER")
    assert path.read_bytes() == before
    told = call("workspace", "migrate", "--workspace", place, "--json").json
    assert (told["format"], told["from"], told["events"]) == (FORMAT, 0, 6)
    assert not flaws(path)
    again = call("workspace", "migrate", "--workspace", place, "--json").json
    assert set(again) == {"workspace", "format", "events"}
    backup = Path(told["backup"])
    assert backup.stat().st_mode & 0o077 == 0
    assert call("workspace", "restore", backup, "--workspace", tmp_path / "old").code == 0
    assert call("workspace", "migrate", "--workspace", tmp_path / "old").code == 0
    assert not flaws(tmp_path / "old" / "workspace.db")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("info",), 5, "REC-NONE"), (("backup", "x.db"), 5, "REC-NONE"), (("migrate",), 5, "REC-NONE"),
        (("restore", "nowhere.db"), 5, "REC-NONE"), (("new", "--as", "li"), 2, "REC-AS"), (("nosuch",), 2, "USAGE"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_told_by_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = call("workspace", *arguments, "--workspace", "w")
    assert (answer.code, answer.errors.split(":")[0].split(" ")[0]) == (code, said)
    assert not (tmp_path / "w" / "workspace.db").exists()


def test_a_workspace_is_not_made_over_another(tmp_path: Path) -> None:
    made_one = tmp_path / "w"
    call("workspace", "new", "--workspace", made_one)
    call("user", "add", "li", "--workspace", made_one)
    assert call("workspace", "new", "--workspace", made_one).errors.startswith("REC-EXISTS")


def test_a_backup_where_nothing_can_be_written_is_told(tmp_path: Path) -> None:
    call("workspace", "new", "--workspace", tmp_path / "w")
    answer = call("workspace", "backup", tmp_path / "nowhere" / "x.db", "--workspace", tmp_path / "w")
    assert (answer.code, answer.errors.split(" ")[0]) == (5, "REC-OPEN")


def test_a_record_of_the_future_stops_writing_until_an_administrator_accepts_the_clock(
    tmp_path: Path,
) -> None:
    place = tmp_path / "w"
    call("workspace", "new", "--workspace", place)
    call("user", "add", "li", "--workspace", place)
    with closing(
        SqliteLog(place / "workspace.db", now=lambda: dt.datetime(2099, 1, 1, tzinfo=dt.UTC))
    ) as log:
        Desk(log, getpass.getuser(), "x").grant("li", "viewer", Area())
    stopped = call("user", "add", "wang", "--workspace", place)
    assert (stopped.code, stopped.errors.split(":")[0]) == (5, "REC-CLOCK")
    assert "workspace clock" in stopped.errors
    for arguments, code in ((("--as", "li", "--reason", "x"), "REC-ROLE"), ((), "REC-REASON")):
        refused = call("workspace", "clock", *arguments, "--workspace", place)
        assert (refused.code, refused.errors.split(":")[0].split(" ")[0]) == (5, code)
    told = call(
        "workspace", "clock", "--reason", "一台机器的时钟走到了 2099 年", "--workspace", place, "--json"
    ).json
    assert told["time"] < "2099"
    assert call("user", "add", "wang", "--workspace", place).code == 0
    assert call("assess", "verify", "--workspace", place).code == 0
    again = call("workspace", "clock", "--reason", "x", "--workspace", place)
    assert (again.code, again.errors.split(":")[0]) == (5, "REC-CLOCK")
