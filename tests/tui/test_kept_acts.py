"""Exporting, verifying, backing up, users and their keys: what the commands do is done in the app too."""

from __future__ import annotations

import asyncio
import base64
import getpass
import hashlib
import io
import os
import re
import shutil
import sqlite3
import struct
import subprocess
import threading
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import cast

import pytest

from balance_tui.language import use_language
from balance_tui.reading import Progress
from balance_tui.records.log import Flaw, Head, Log
from balance_tui.records.roles import Area
from balance_tui.records.sitting import sit_down, system_user
from balance_tui.records.sqlite_log import SqliteLog
from balance_tui.records.verify import CHAIN, verified
from balance_tui.records.workspace import FILE
from balance_tui.tui.assessing import errands
from balance_tui.tui.assessing.exporting import fetching
from balance_tui.tui.assessing.verifying import head_given
from balance_tui.tui.loading import Cancelled
from balance_tui.tui.where import where
from tests.contract.runner import call

from . import assessed
from .assessed import NAME
from .screens import Driven
from .snapshots import screen_text
from .terminal import balance, clean_environment, command
from .test_assessed_acts import answer, sat_down, until_shown

SMALLEST = (60, 20)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    users = {"li": "inspector", "reader": "viewer", "clerk": "reporter"}
    return assessed.made(folder / "workspace", folder / "home", users).folder  # type: ignore[arg-type]


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "workspace"
    shutil.copytree(template, copy)
    return copy


def box(folder: Path) -> Path:
    """The outbox of whoever sits there."""
    return folder / "outbox" / getpass.getuser()


def public_key() -> str:
    """A public key as ssh-keygen writes it."""
    kind = "ssh-ed25519"
    blob = struct.pack(">I", len(kind)) + kind.encode() + struct.pack(">I", 32) + os.urandom(32)
    return f"{kind} {base64.b64encode(blob).decode()}"


# Exporting


def test_an_export_is_what_the_command_writes_as_one_file_of_the_outbox(folder: Path, tmp_path: Path) -> None:
    async def run() -> None:
        async with sat_down(folder) as screen:
            await screen.press("E")
            await answer(screen, "甲县.zip")
            await until_shown(screen, "ssh 主机 get 甲县.zip")

    asyncio.run(run())
    assert call("assess", "export", NAME, "--out", tmp_path / "out", "--workspace", folder).code == 0
    with zipfile.ZipFile(box(folder) / "甲县.zip") as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    assert held == {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert len(held) == 3
    assert (box(folder) / "甲县.zip").stat().st_mode & 0o077 == 0


def test_the_documents_of_judgements_go_out_with_an_export_where_that_is_picked(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "规划.pdf").write_bytes(b"plan")
    judged = (
        "assess", "judge", NAME, "--item", "G01", "--answer", "yes", "--evidence-file", tmp_path / "规划.pdf",
        "--workspace", folder,
    )  # fmt: skip
    assert call(*judged).code == 0

    async def run() -> None:
        async with sat_down(folder) as screen:
            for name, keys in (("plain", ("enter",)), ("whole", ("down", "enter"))):
                await screen.press("E")
                await until_shown(screen, "连同佐证文件 1 份")
                await screen.press(*keys)
                await answer(screen, name)
                await until_shown(screen, f"ssh 主机 get {name}.zip")
                await screen.press("escape")

    asyncio.run(run())
    held = []
    for name in ("plain", "whole"):
        with zipfile.ZipFile(box(folder) / f"{name}.zip") as archive:
            held.append({each: archive.read(each) for each in archive.namelist()})
    assert held[1] == {**held[0], "evidence/规划.pdf": b"plan"}


@pytest.mark.parametrize("name", ["../甲县.zip", "/tmp/甲县.zip", ".甲县.zip", "there.zip"])
def test_an_export_in_restricted_mode_goes_to_a_new_file_of_the_outbox_alone(folder: Path, name: str) -> None:
    box(folder).mkdir()
    (box(folder) / "there.zip").write_bytes(b"another's")

    async def run() -> None:
        async with sat_down(folder) as screen:
            await screen.press("E")
            await answer(screen, name)
            await until_shown(screen, "已有同名文件" if name == "there.zip" else "不含路径")
            assert screen.app.typing

    asyncio.run(run())
    assert [path.name for path in (folder / "outbox").iterdir()] == [getpass.getuser()]
    assert [path.name for path in box(folder).iterdir()] == ["there.zip"]
    assert (box(folder) / "there.zip").read_bytes() == b"another's"


def test_outside_restricted_mode_an_export_may_go_into_a_folder_but_not_over_a_file(
    folder: Path, tmp_path: Path
) -> None:
    async def run() -> None:
        async with sat_down(folder) as screen:
            screen.app.at_desk.restricted = False
            for told in ("已导出到", "已有同名文件"):
                await screen.press("E")
                await answer(screen, f"{tmp_path}/out")
                await until_shown(screen, told)
                await screen.press("escape")

    asyncio.run(run())
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "corrections.csv", "history.json", "judgements.csv"
    ]  # fmt: skip


def test_a_folder_that_cannot_take_an_export_is_told_and_nothing_is_written(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.pdf").write_bytes(b"1")
    judged = ("judge", NAME, "--item", "G01", "--answer", "yes", "--evidence-file", tmp_path / "a.pdf")
    assert call("assess", *judged, "--workspace", folder).code == 0
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "evidence").write_bytes(b"in the way")

    async def run() -> None:
        async with sat_down(folder) as screen:
            screen.app.at_desk.restricted = False
            for where_to, told in (
                ("~nosuchuser/out", "没有这样的路径"),
                (f"{tmp_path}/out", "写不进, 没有写入"),
            ):
                await screen.press("E")
                await until_shown(screen, "连同佐证文件 1 份")
                await screen.press("down", "enter")
                await answer(screen, where_to)
                await until_shown(screen, told)
                await screen.press("escape", "escape")

    asyncio.run(run())
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["evidence"]


def test_what_takes_another_role_is_refused_with_a_sentence(folder: Path) -> None:
    async def run() -> None:
        async with sat_down(folder, user="reader") as screen:
            await screen.press("E")
            await until_shown(screen, "无权导出")
            await screen.go(where("workspace"))
            await screen.press("b")
            await until_shown(screen, "无权备份与恢复")
            await screen.go(where("people"))
            for key in ("a", "L", "W", "d"):
                await screen.press(key)
                await until_shown(screen, "无权管理用户" if key in "ad" else "无权管理密钥")
                assert not screen.app.typing
            await screen.press("i")
            await until_shown(screen, "无权授权")

    asyncio.run(run())
    assert not list((folder / "outbox").rglob("*.*"))


def test_a_name_that_a_shell_would_take_apart_is_quoted_for_it() -> None:
    assert fetching("甲县2025.zip").zh == "ssh 主机 get 甲县2025.zip"
    assert fetching("甲 县.zip").en == "ssh HOST \"get '甲 县.zip'\""


# Verifying


def test_a_whole_chain_is_said_to_be_whole_with_its_head(folder: Path) -> None:
    head = sit_down(str(folder)).state.head

    async def run() -> None:
        async with sat_down(folder) as screen:
            await screen.go(where("verify"))
            await until_shown(screen, "还没有核对")
            await screen.press("a")
            await answer(screen, "0123")
            await until_shown(screen, "不是校验值")
            await answer(screen, f"{head.sequence}:{head.hash.upper()[:32]} {head.hash[32:]}")
            await until_shown(screen, "记录链完整")
            shown = screen_text(screen.app)
            assert head.hash in shown.replace(" ", "")
            assert "与所给的校验值相符" in shown
            assert "没有发现问题" in shown

    asyncio.run(run())


def tampered(folder: Path, change: str) -> int:
    """Somebody writes into the file itself: the event of the import is changed; its number."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        ((number,),) = connection.execute("SELECT sequence FROM event WHERE operation = 'import'").fetchall()
        connection.execute(f"UPDATE event SET {change} WHERE sequence = ?", (number,))
        connection.commit()
    return int(number)


@pytest.mark.parametrize("size", [(80, 24), SMALLEST])
def test_a_finding_says_which_event_and_leads_to_it(
    folder: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = tampered(folder, "reason = 'other'")
    monkeypatch.setattr("tests.tui.test_assessed_acts.SIZE", size)

    async def run() -> None:
        async with sat_down(folder, NAME) as screen:
            await screen.go(where("verify"))
            await screen.press("a")
            await answer(screen, "")
            await until_shown(screen, f"第 {number} 条记录已被改动")
            await screen.press("slash")
            await answer(screen, "已被改动")
            await screen.press("enter")
            await until_shown(screen, "修改记录")
            assert (screen.app.record or {})["_key"] == number

    asyncio.run(run())


@pytest.mark.parametrize(("operation", "target"), [("nonsense", '["fact"]'), ("judge", '["item", 1]')])
def test_an_event_that_says_nonsense_is_shown_as_it_is(folder: Path, operation: str, target: str) -> None:
    async def run() -> None:
        async with sat_down(folder) as screen:
            number = tampered(folder, f"operation = '{operation}', target = '{target}', time = 'never'")
            await screen.go(where("verify"))
            await screen.press("a")
            await answer(screen, "")
            await until_shown(screen, f"第 {number} 条记录已被改动")
            assert f"{operation} {target}" in screen_text(screen.app)

    asyncio.run(run())


@contextmanager
def held_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Verifications that have begun and go on once the event is set."""
    gate = threading.Event()

    def slowly(log: Log, *given: object) -> Sequence[Flaw]:
        progress = cast(Progress, given[-1])
        while not gate.wait(0.01):
            progress(3, 7, "甲县")
        return log.verify()

    monkeypatch.setattr("balance_tui.records.verify.verified", slowly)
    monkeypatch.setattr(errands, "AFTER", 0.01)
    try:
        yield gate
    finally:
        gate.set()


def test_a_verification_tells_how_far_it_is_and_can_be_stopped(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run() -> None:
        async with sat_down(folder, NAME) as screen:
            await screen.go(where("verify"))
            await screen.press("a")
            await answer(screen, "")
            await until_shown(screen, "3/7 甲县")
            assert "T 停止" in screen_text(screen.app)
            await screen.press("1")
            await until_shown(screen, "由什么决定")
            await screen.press("escape")
            await screen.press("T")
            await until_shown(screen, "已停止, 没有结论")
            assert not screen.app.at_desk.errands.running

    with held_up(monkeypatch):
        asyncio.run(run())


def test_one_can_go_on_while_it_verifies_and_is_told_at_the_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run(gate: threading.Event) -> None:
        async with sat_down(folder, NAME) as screen:
            await screen.go(where("verify"))
            await screen.press("a")
            await answer(screen, "")
            await screen.press("1")
            gate.set()
            await until_shown(screen, "核对完毕: 没有发现问题")
            assert screen.app.where.view == "overview"

    with held_up(monkeypatch) as gate:
        asyncio.run(run(gate))


def test_a_verification_tells_every_step_and_ends_where_that_raises(folder: Path) -> None:
    told: list[tuple[int, int, str]] = []
    log = sit_down(str(folder)).log
    assert verified(log, progress=lambda *step: told.append(step)) == ()
    events = log.head().sequence
    assert told == [(0, 0, str(CHAIN)), (events, events, NAME)]

    def leave_off(*_: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        verified(log, progress=leave_off)


@pytest.mark.parametrize("text", ["a" * 64, f"12:{'0' * 64}", f" {'ab12 ' * 16} ", "", "  "])
def test_a_head_is_taken_as_it_is_printed(text: str) -> None:
    told = re.sub(r"\s", "", text)
    assert head_given(text) == (told or None)


# Backing up


def test_a_backup_is_made_while_in_use_and_its_file_and_digest_are_told(folder: Path) -> None:
    async def run() -> None:
        async with sat_down(folder) as screen:
            await screen.press("M")
            await until_shown(screen, "工作区")
            await screen.press("b")
            await answer(screen, "today.db")
            await until_shown(screen, "SHA-256")
            shown = "".join(screen_text(screen.app).split())
            copy = folder / "backups" / "today.db"
            assert hashlib.sha256(copy.read_bytes()).hexdigest() in shown
            await screen.press("escape", "b")
            await answer(screen, "today.db")
            await until_shown(screen, "已存在")
            await answer(screen, "../today.db")
            await until_shown(screen, "不能作名称")

    asyncio.run(run())
    with closing(SqliteLog(folder / "backups" / "today.db")) as copy:
        assert copy.verify() == ()
        assert copy.head() == Head(*_head(folder))
    assert (folder / "backups" / "today.db").stat().st_mode & 0o077 == 0


def _head(folder: Path) -> tuple[int, str]:
    head = sit_down(str(folder)).state.head
    return head.sequence, head.hash


@pytest.mark.parametrize(
    ("row", "told"), [("restore", "从不盖在"), ("migrate", "打不开"), ("new", "首任管理员")]
)
def test_what_belongs_outside_a_running_app_is_said_with_its_command(
    folder: Path, row: str, told: str
) -> None:
    async def run() -> None:
        async with sat_down(folder) as screen:
            await screen.press("M", "slash")
            await answer(screen, row)
            await screen.press("enter")
            await until_shown(screen, f"balance-tui workspace {row}")
            assert told in screen_text(screen.app)

    asyncio.run(run())


def test_the_workspace_is_told_of_in_english_too(folder: Path) -> None:
    (folder / "outbox" / "report.docx").write_bytes(b"1")

    async def run() -> None:
        async with sat_down(folder) as screen:
            await screen.press("M")
            await until_shown(screen, "ssh HOST get report.docx")
            await screen.go(where("verify"))
            await until_shown(screen, "not verified yet")

    use_language("en")
    try:
        asyncio.run(run())
    finally:
        use_language("zh")


# People


def test_a_user_is_added_with_a_pasted_key_and_their_line_goes_into_the_outbox(folder: Path) -> None:
    key = public_key()

    async def run() -> None:
        async with sat_down(folder) as screen:
            await screen.go(where("people"))
            await screen.press("a")
            await answer(screen, "zhao")
            await paste(screen, "-----BEGIN OPENSSH PRIVATE KEY-----\nxx\n")
            await screen.press("enter")
            await until_shown(screen, "私钥")
            await screen.press("ctrl+u")
            await paste(screen, f"{key} zhao@home\n")
            await screen.press("enter")
            await until_shown(screen, "已保存")
            await screen.press("G", "L")
            await until_shown(screen, "收回 SHA256:")
            await screen.press("enter")
            await paste(screen, key)
            await screen.press("enter")
            await until_shown(screen, "已用这把公钥登录")
            await screen.press("escape", "W")
            await until_shown(screen, "restrict,pty")
            await screen.press("E")
            await until_shown(screen, "ssh 主机 get authorized_keys")

    asyncio.run(run())
    (written,) = box(folder).iterdir()
    lines = call("user", "keys", "--workspace", folder).output
    assert written.read_text(encoding="utf-8") == lines
    assert f"--user zhao --workspace {folder.resolve()}" in lines
    assert f'" {key} zhao' in lines


def test_a_key_is_picked_by_its_fingerprint_and_taken_away_once_that_is_confirmed(folder: Path) -> None:
    desk = sit_down(str(folder))
    desk.add_user("zhao")
    keys = [desk.add_key("zhao", public_key()).new for _ in range(2)]

    async def run() -> None:
        async with sat_down(folder) as screen:
            await screen.go(where("people"))
            for said in ("", "y"):
                await screen.press("G", "L")
                await until_shown(screen, "收回 SHA256:")
                await screen.press("down", "down", "enter")
                await until_shown(screen, "收回 zhao 的这把密钥")
                await answer(screen, said)
                await until_shown(screen, "已保存" if said else "没有变化")
                left = keys[:1] if said else keys
                assert list(sit_down(str(folder)).state.users["zhao"].keys.values()) == left

    asyncio.run(run())


async def paste(screen: Driven, text: str) -> None:
    """Paste as a terminal does, between brackets."""
    from textual import events

    await screen.until(lambda: screen.app.asked is not None)
    screen.app.post_message(events.Paste(text))
    first = text.split("\n")[0]
    await screen.until(lambda: screen.app.asked is not None and first in screen.app.asked.prompt.value)


def test_a_user_is_kept_out_with_their_roles_and_let_in_again(folder: Path) -> None:
    async def run() -> None:
        async with sat_down(folder) as screen:
            await screen.go(where("people"))
            for told in ("停用", "启用"):
                await screen.press("slash")
                await answer(screen, "clerk")
                await screen.press("d")
                await until_shown(screen, f"{told} clerk")
                await answer(screen, "y")
                await until_shown(screen, "已保存")
                disabled = told == "停用"
                assert sit_down(str(folder)).state.users["clerk"].disabled is disabled

    asyncio.run(run())
    grants = sit_down(str(folder)).state.grants_of("clerk")
    assert [(grant.role, grant.area) for grant in grants] == [("reporter", Area())]


def test_a_role_is_granted_in_one_school(folder: Path) -> None:
    async def run() -> None:
        async with sat_down(folder) as screen:
            await screen.go(where("people"))
            await screen.press("slash")
            await answer(screen, "reader")
            await screen.press("i")
            await answer(screen, "填报员")
            await answer(screen, "示例省//示例县")
            await until_shown(screen, "不是 省/市/县/学校")
            await answer(screen, "示例省/示例市/示例甲县/0001000001")
            await until_shown(screen, "已保存")

    asyncio.run(run())
    areas = {grant.area for grant in sit_down(str(folder)).state.grants_of("reader")}
    assert Area("示例省", "示例市", "示例甲县", "0001000001") in areas


# In a terminal, as a forced SSH command opens it


def test_over_a_restricted_login_an_export_and_a_pasted_key_do_what_they_say(
    folder: Path, tmp_path: Path
) -> None:
    key, me = public_key(), system_user()
    options = ("login", "--restricted", "--user", me, "--workspace", str(folder))
    with balance(*options, home=tmp_path / "home") as terminal:
        terminal.wait_for(NAME)
        terminal.press("E")
        terminal.wait_for("发件箱中的文件名")
        terminal.press("enter")
        terminal.wait_for("ssh 主机 get")
        terminal.press("colon")
        terminal.wait_for("命令")
        terminal.type("see-people")
        terminal.press("enter", "enter")
        terminal.wait_for("登录密钥")
        terminal.press("a")
        terminal.wait_for("新用户:")
        terminal.type("zhao")
        terminal.press("enter")
        terminal.wait_for("登录公钥")
        terminal.send(f"\x1b[200~{key} zhao@home\r\n\x1b[201~".encode())
        terminal.wait_for("ssh-ed25519")
        terminal.press("enter")
        terminal.wait_for("已保存")
    (sent,) = box(folder).iterdir()
    done = subprocess.run(
        command(*options), capture_output=True, check=True,
        env=clean_environment(tmp_path / "home") | {"SSH_ORIGINAL_COMMAND": f"get {sent.name}"},
    )  # fmt: skip
    assert zipfile.ZipFile(io.BytesIO(done.stdout)).testzip() is None
    assert sit_down(str(folder)).state.users["zhao"].keys == {"1": key}


# Judging from a table


def test_a_table_of_judgements_is_shown_with_its_effects_and_recorded_as_a_whole(folder: Path) -> None:
    (folder / "inbox" / "judged.csv").write_text(
        "province,city,county,year,item,answer,source\n示例省,示例市,示例甲县,2025,G01,no,verified\n",
        encoding="utf-8",
    )

    async def run() -> None:
        async with sat_down(folder, NAME) as screen:
            screen.app.perform("judge-table")
            await answer(screen, "judged.csv")
            await until_shown(screen, "G01 示例甲县 verified")
            await screen.until(lambda: (session := screen.app.session) is not None and session.proposal is not None
                               and session.proposal.effects is not None)  # fmt: skip
            await screen.press("enter")
            await until_shown(screen, "已保存")

    asyncio.run(run())
    ((key, said),) = sit_down(str(folder)).assessment(NAME).judgements.items()
    assert (key.item, key.source, said) == ("G01", "verified", {"answer": "no"})


def test_an_archive_holds_what_was_put_into_it() -> None:
    from balance_tui.records.exporting import zipped

    with zipfile.ZipFile(io.BytesIO(zipped({"甲.csv": b"\x00\xff", "b.json": b""}))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            "甲.csv": b"\x00\xff",
            "b.json": b"",
        }
