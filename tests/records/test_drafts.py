"""Text being typed is there again after a drop, for the one who typed it, and is never in the way; in a folder and on a
server alike."""

from __future__ import annotations

import os
import socket as network
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from balance_tui.errors import Refused
from balance_tui.records.beside import LIMIT, FolderBeside
from balance_tui.records.drafts import Drafts, Typed, is_over
from balance_tui.records.postgres_beside import PostgresBeside

from .besides import Reach, reach
from .postgres import fresh_database, socket

__all__ = ["reach", "socket"]

WRONG = b'{"format":2,"of":["li","a",""],"drafts":[{"target":1}]}'
TYPED = Typed('["fact"]', 7, {"value": "61", "reason": "漏"})
OTHER = Typed("other", 0, {"remark": "x"})


def lives(sitting: str) -> bool:  # noqa: ARG001
    return False


def over(sitting: str) -> bool:  # noqa: ARG001
    return True


def test_what_is_put_is_all_that_is_kept(reach: Reach) -> None:
    again = Drafts(reach(), "li", "a")
    for put in ([TYPED], [OTHER, TYPED], [OTHER], []):
        Drafts(reach(), "li", "a").put(put)
        assert again.all() == tuple(put)


def test_what_is_kept_in_a_hurry_counts_until_it_is_kept_or_forgotten(reach: Reach) -> None:
    drafts = Drafts(reach(), "li", "a", "one")
    drafts.put([TYPED])
    drafts.put([OTHER], hurried=True)
    assert Drafts(reach(), "li", "a", "one").all() == (OTHER,)
    assert Drafts(reach(), "li", "a", "two").left(over).drafts == (OTHER,)
    drafts.put([TYPED, OTHER])
    assert drafts.all() == (TYPED, OTHER)
    drafts.put([OTHER], hurried=True)
    drafts.put([])
    assert drafts.all() == ()
    assert reach().all("drafts") == []


def test_what_a_sitting_left_that_is_over_is_kept_until_the_next_has_taken_it(
    reach: Reach,
) -> None:
    Drafts(reach(), "li", "a", "first").put([TYPED, OTHER])
    Drafts(reach(), "li", "a", "second").put([Typed("other", 3, {"remark": "later"})])
    Drafts(reach(), "li", "a", "third").put([Typed("mine", 0, {})])
    Drafts(reach(), "wang", "a", "fourth").put([Typed("theirs", 0, {})])
    now = Drafts(reach(), "li", "a", "now")
    assert now.left(lives).drafts == ()
    assert now.left(lives).living == {"first", "second", "third"}
    left = now.left(lambda sitting: sitting != "third")
    assert left.drafts == (TYPED, Typed("other", 3, {"remark": "later"}))
    assert left.living == {"third"}
    assert now.left(lambda sitting: sitting != "third") == left, "a crash here loses nothing"
    now.put(left.drafts)
    now.taken(left.names)
    assert Drafts(reach(), "li", "a", "now").all() == left.drafts
    assert now.left(over).drafts == (Typed("mine", 0, {}),)
    assert Drafts(reach(), "wang", "a", "x").left(over).drafts == (Typed("theirs", 0, {}),)


def test_drafts_belong_to_one_user_and_assessment(reach: Reach) -> None:
    Drafts(reach(), "li", "a").put([TYPED])
    for user, assessment in (("wang", "a"), ("li", "b"), ("li\0a", ""), ("../li", "a")):
        other = Drafts(reach(), user, assessment)
        assert other.all() == ()
        assert other.left(over).drafts == ()
    mine, theirs = Drafts(reach(), "li", "a"), Drafts(reach(), "wang", "a")
    (slip,) = reach().all("drafts")
    reach().put("drafts", theirs.name, slip.content)
    assert theirs.all() == (), "a slip that was put in place of another's is not taken"
    assert mine.all() == (TYPED,)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.dictionaries(st.text(max_size=9), st.text(max_size=50), max_size=4), base=st.integers(0, 2**40)
)
def test_whatever_is_typed_comes_back(tmp_path: Path, parts: dict[str, str], base: int) -> None:
    Drafts(FolderBeside(tmp_path), "li", "a").put([Typed("t", base, parts)])
    assert Drafts(FolderBeside(tmp_path), "li", "a").all() == (Typed("t", base, parts),)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(content=st.binary(max_size=200) | st.sampled_from([b"{}", b"[]", b"[" * 10**5, WRONG]))
def test_anything_in_its_place_is_as_if_there_were_none(reach: Reach, content: bytes) -> None:
    drafts = Drafts(reach(), "li", "a")
    reach().put("drafts", drafts.name, content)
    assert drafts.all() == ()
    drafts.put([TYPED])
    assert drafts.all() == (TYPED,)


def test_drafts_that_are_too_large_are_refused_and_the_others_stay(reach: Reach) -> None:
    drafts = Drafts(reach(), "li", "a")
    drafts.put([TYPED])
    with pytest.raises(Refused, match="DRAFT-KEEP"):
        drafts.put([TYPED, Typed("large", 0, {"value": "x" * LIMIT})])
    assert drafts.all() == (TYPED,)


# In a folder


def test_files_are_the_accounts_own(tmp_path: Path) -> None:
    mine = Drafts(FolderBeside(tmp_path), "../li", "a")
    mine.put([TYPED])
    path = FolderBeside(tmp_path).path("drafts", mine.name)
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    if os.geteuid() == 0:
        os.chown(path, 65534, 65534)
        assert mine.all() == ()


def test_a_link_or_a_folder_in_its_place_is_not_followed(tmp_path: Path) -> None:
    drafts = Drafts(FolderBeside(tmp_path), "li", "a")
    drafts.put([TYPED])
    path = FolderBeside(tmp_path).path("drafts", drafts.name)
    elsewhere = path.rename(tmp_path / "elsewhere")
    path.symlink_to(elsewhere)
    assert drafts.all() == ()
    path.unlink()
    path.mkdir()
    assert drafts.all() == ()
    with pytest.raises(Refused, match="DRAFT-KEEP"):
        drafts.put([TYPED])
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_link_is_not_written_through(tmp_path: Path) -> None:
    drafts = Drafts(FolderBeside(tmp_path), "li", "a")
    drafts.put([TYPED])
    victim = tmp_path / "victim"
    victim.write_text("stays")
    (tmp_path / "drafts" / f".{drafts.name}.part").symlink_to(victim)
    with pytest.raises(Refused, match="DRAFT-KEEP"):
        drafts.put([OTHER])
    assert victim.read_text() == "stays"
    assert drafts.all() == (TYPED,)


def test_what_a_killed_program_left_half_written_goes(tmp_path: Path) -> None:
    gone, now = Drafts(FolderBeside(tmp_path), "li", "a", "gone"), Drafts(FolderBeside(tmp_path), "li", "a")
    gone.put([TYPED])
    folder = tmp_path / "drafts"
    for name in (f".{gone.name}.part", f".{gone.name}-now.part", ".old.part", ".new.part"):
        (folder / name).write_text("{")
    os.utime(folder / ".old.part", (0, 0))
    left = now.left(over)
    assert left.drafts == (TYPED,)
    now.taken(left.names)
    assert [each.name for each in folder.iterdir()] == [".new.part"]


# On a server


def test_another_account_of_the_database_sees_who_is_here_and_not_what_is_typed(socket: str) -> None:
    import psycopg

    url = fresh_database(socket, f"t{uuid.uuid4().hex}")
    ours = PostgresBeside(url)
    Drafts(ours, "li", "a").put([TYPED])
    ours.put("presence", "one", b"{}")
    other = f"r{uuid.uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as line:
        line.execute(f"CREATE ROLE {other} LOGIN")  # type: ignore[arg-type]
        line.execute(f"GRANT USAGE ON SCHEMA balance_tui_beside TO {other}")  # type: ignore[arg-type]
        line.execute(f"GRANT ALL ON balance_tui_beside.slip TO {other}")  # type: ignore[arg-type]
    theirs = PostgresBeside(url.replace("tester@", f"{other}@"))
    assert theirs.all("drafts") == []
    assert [slip.name for slip in theirs.all("presence")] == ["one"]
    theirs.drop("presence", "one")
    theirs.drop("drafts", Drafts(theirs, "li", "a").name)
    assert [slip.name for slip in ours.all("presence")] == ["one"]
    with pytest.raises(Refused, match="DRAFT-KEEP"):
        Drafts(theirs, "li", "a").put([OTHER])
    assert Drafts(ours, "li", "a").all() == (TYPED,)
    for each in (ours, theirs):
        each.close()


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    drafts = Drafts(PostgresBeside(f"postgresql://li:secret@/x?host={tmp_path}"), "li", "a")
    assert drafts.all() == ()
    with pytest.raises(Refused, match="DRAFT-KEEP") as refused:
        drafts.put([TYPED])
    assert "secret" not in str(refused.value)


# Which sittings are over


def test_a_sitting_is_over_when_its_process_is_gone_or_nothing_is_seen_of_it() -> None:
    here = network.gethostname()
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    mine, dead = f"{here} {os.getpid()} ab", f"{here} 10.0.0.1 {gone.stdout.decode().strip()} cd"
    away = "elsewhere.example 10.0.0.1 4711 ef"
    assert not is_over(mine, {mine})
    assert is_over(mine, set()), "another program has its number by now"
    assert is_over(dead, {dead}), "it was seen a moment ago, before it was killed"
    assert not is_over(away, {away})
    assert is_over(away, {mine})
    assert is_over("", set())
    assert is_over(f"{here} {10**30}", {f"{here} {10**30}"})
