"""The app on a workspace that lies on a database server: who is here, what is typed, and a server that is busy."""

from __future__ import annotations

import signal
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from balance_tui.records.beside import Beside
from balance_tui.records.drafts import Drafts, Typed
from balance_tui.records.office import import_files
from balance_tui.records.postgres_beside import PostgresBeside
from balance_tui.records.postgres_log import _LOCK
from balance_tui.records.roles import Area
from balance_tui.records.sitting import sit_down, system_user
from balance_tui.records.state import FactKey
from balance_tui.records.targets import fact_target
from balance_tui.records.workspace import standard_kept
from balance_tui.standard.load import load_standard
from balance_tui.tui.assessing.presence import Presence
from tests.records.postgres import fresh_database, socket

from .assessed import COUNTY, NAME, confirm, one_county, propose, to_cell
from .terminal import PATIENCE, Terminal, balance

__all__ = ["socket"]

SCHOOL = "示例甲县石桥小学"
CELL = FactKey(*COUNTY, "0001000001", "primary", "backbone_teachers")
OFFERED = "上次断线前未保存的"
AWAY = "elsewhere.example 10.0.0.1 4711 ab"


@pytest.fixture(scope="module")
def template(socket: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with a workspace, for others to be copies of."""
    name = f"t{uuid.uuid4().hex}"
    desk = sit_down(fresh_database(socket, name), create=True)
    desk.grant(system_user(), "inspector", Area())
    desk.add_user("li")
    desk.grant("li", "inspector", Area())
    kept = standard_kept(desk.log, load_standard("national-2017"))
    desk.create(NAME, "示例", Area(*COUNTY[:3]), COUNTY[3], kept)
    import_files(desk, NAME, one_county(tmp_path_factory.mktemp("postgres") / "data"))
    desk.log.close()
    return name


@pytest.fixture
def url(socket: str, template: str) -> str:
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(f"postgresql://tester@/postgres?host={socket}", autocommit=True) as line:
        line.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')  # type: ignore[arg-type]
    return f"postgresql://tester@/{name}?host={socket}"


@pytest.fixture
def beside(url: str) -> Iterator[Beside]:
    with closing(PostgresBeside(url)) as found:
        yield found


def opened(url: str, home: Path, user: str | None = None) -> Terminal:
    """The app on the assessment."""
    return balance(*(["--as", user] if user else []), "assess", "open", NAME, "--workspace", url, home=home)


def values(url: str) -> list[object]:
    desk = sit_down(url)
    found = [event.new for event in desk.assessment(NAME).events if event.operation == "fact"]
    desk.log.close()
    return found


def until_kept(beside: Beside, text: str) -> None:
    until = time.monotonic() + PATIENCE
    while not any(f'"{text}"'.encode() in slip.content for slip in beside.all("drafts")):
        assert time.monotonic() < until, f"{text} is not kept"
        time.sleep(0.01)


@contextmanager
def held(url: str) -> Iterator[None]:
    """Another program has the chain to itself within the block."""
    with psycopg.connect(url, autocommit=True) as line:
        line.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        yield


def test_others_are_seen_and_what_was_typed_is_offered_after_a_kill(
    url: str, beside: Beside, tmp_path: Path
) -> None:
    with opened(url, tmp_path) as mine:
        with opened(url, tmp_path, "li") as theirs:
            mine.wait_for("由什么决定", "在线 li")
            to_cell(theirs, SCHOOL, "backbone_teachers")
            theirs.wait_for(f"在线 {system_user()}")
            theirs.press("i")
            theirs.wait_for("\n更正 ")
            theirs.press("ctrl+u")
            theirs.type("17")
            until_kept(beside, "17")
            assert OFFERED not in mine.text
            theirs.kill(signal.SIGKILL)
            theirs.wait_exit()
        with opened(url, tmp_path, "li") as theirs:
            theirs.wait_for(OFFERED, "(人): 17")
            theirs.press("enter")
            theirs.wait_for("会改变什么")
            confirm(theirs, "已保存")
            mine.wait_for("li: ")
            theirs.press("q")
            theirs.wait_exit()
        mine.wait_gone("在线 li")
    assert values(url) == [{"value": "17"}]
    assert beside.all("drafts") == []


def test_what_was_typed_on_another_host_is_offered_as_soon_as_that_sitting_is_over(
    url: str, beside: Beside, tmp_path: Path
) -> None:
    Drafts(beside, system_user(), NAME, AWAY).put([Typed(fact_target(CELL), 0, {"text": "18"})])
    there = Presence(beside, system_user(), AWAY)
    there.tell(NAME)
    there.look()
    with opened(url, tmp_path) as terminal:
        terminal.wait_for("由什么决定", f"在线 {system_user()}")
        assert OFFERED not in terminal.text
        there.leave()
        terminal.wait_for(OFFERED, "(人): 18")


def test_while_the_server_is_busy_one_types_on_and_what_is_typed_is_kept(
    url: str, beside: Beside, tmp_path: Path
) -> None:
    with opened(url, tmp_path) as terminal:
        to_cell(terminal, SCHOOL, "backbone_teachers")
        propose(terminal, "3")
        with held(url):
            terminal.press("enter")
            terminal.wait_for("正在保存")
            terminal.press("6")
            terminal.wait_until(lambda text: text.split("\n")[1].startswith("数据"))
            terminal.press("j", "i")
            terminal.wait_for("\n更正 ")
            terminal.press("ctrl+u")
            terminal.type("21")
            terminal.wait_for("(人): 21")
            until_kept(beside, "21")
        terminal.press("escape")
        terminal.wait_gone("\n更正 ")
        terminal.wait_for("3*")
    assert values(url) == [{"value": "3"}]
