"""The app through a real sshd: on terminals of every kind, and with no more rights than the workspace gives."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from balance_tui.records.workspace import FILE
from tests.tui.assessed import NAME
from tests.tui.terminal import Terminal

from . import person
from .processes import wait_gone
from .server import Server, server

TERMS = {
    "xterm-256color": 1391, "screen": 1392, "screen-256color": 1393, "tmux": 1394, "tmux-256color": 1395,
    "linux": 1396, "vt100": 1398,
}  # fmt: skip
"""Names of terminals, and what is typed on each."""
_COLOUR = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]")
_ERASED = re.compile(rb"\x1b\[\d*X")
"""Erases characters (ECH), which a VT100 and the console of Linux of old do not know."""


@pytest.fixture(scope="module")
def county() -> Iterator[Server]:
    with server() as one:
        person.make_assessment(one)
        person.let_in(one, {"li": "inspector", "reader": "viewer", "former": "inspector"})
        yield one


def recorded(county: Server) -> list[tuple[str, str]]:
    """Who put which value, in order, as SQLite reads it."""
    with closing(sqlite3.connect(county.workspace / FILE)) as file:
        rows = file.execute("SELECT actor, new FROM event WHERE operation = 'fact' ORDER BY sequence")
        return [(actor, json.loads(new)["value"]) for actor, new in rows]


def leave(terminal: Terminal, county: Server, user: str) -> None:
    """Quit; the terminal is as it was, and nothing runs on."""
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []
    wait_gone(county, user)


@pytest.mark.parametrize("term", TERMS)
def test_a_cell_is_corrected_on_a_terminal_of_this_kind(county: Server, term: str) -> None:
    value = str(TERMS[term])
    with person.log_in(county, "li", term=term) as terminal:
        terminal.wait_for("workspace · li", NAME, "national-2017", "示例省/示例")
        person.open_assessment(terminal)
        terminal.wait_until(lambda text: text.startswith(f"{NAME}  标准 national-2017"))
        person.to_data(terminal)
        person.correct(terminal, value)
        terminal.wait_for("学校", "在校生数", f"{value}*")
        sent = terminal.since_mark
        leave(terminal, county, "li")
    assert recorded(county)[-1] == ("li", value)
    assert b"\x1b[?1049h" in sent
    assert (_COLOUR.search(sent) is None) == (term == "vt100")
    assert term != "vt100" or _ERASED.search(sent) is None


def test_a_viewer_looks_at_everything_and_is_refused_an_edit_in_one_sentence(county: Server) -> None:
    before = recorded(county)
    with person.log_in(county, "reader") as terminal:
        person.open_assessment(terminal)
        person.to_data(terminal)
        terminal.press("i")
        terminal.wait_for("“reader”无权改数据: ", "需要角色", "请管理员授权")
        assert "\n更正 " not in terminal.text
        leave(terminal, county, "reader")
    assert recorded(county) == before


def test_a_role_that_is_taken_back_no_longer_counts_for_one_who_is_logged_in(county: Server) -> None:
    before = recorded(county)
    with person.log_in(county, "former") as terminal:
        person.open_assessment(terminal)
        person.to_data(terminal)
        person.type_value(terminal, "1377")
        person.look_at_effects(terminal)
        county.balance("user", "disable", "former")
        terminal.press("enter")
        terminal.wait_for("former", "无权")
        assert not person.was_told_saved(terminal.text, "1377")
    assert recorded(county) == before
    with person.log_in(county, "former") as terminal:
        terminal.wait_for("REC-USER")
        assert terminal.wait_exit() == 5


def test_a_line_is_quiet_while_nobody_types(county: Server) -> None:
    with person.log_in(county, "li") as terminal:
        person.open_assessment(terminal)
        terminal.wait_quiet(1)
        terminal.mark()
        terminal.wait_quiet(2.5)
        assert terminal.since_mark == b""


@pytest.mark.parametrize(
    ("lang", "codec", "said"),
    [
        ("zh_CN.GBK", "gbk", "终端编码是 GBK, 不是 UTF-8"),
        ("en_US.ISO-8859-1", "latin-1", "encoding is ISO-8859-1"),
    ],
)
def test_a_client_whose_terminal_is_not_utf8_is_told_so_in_its_own_encoding(
    county: Server, lang: str, codec: str, said: str
) -> None:
    with person.log_in(county, "li", lang=lang) as terminal:
        assert terminal.wait_exit() == 2
        told = terminal.since_mark.decode(codec).replace("\r\n", "")
    assert "TERMINAL" in told
    assert said in told
    assert "ssh -t" in told
    assert "assess show" not in told, "whoever is inside the program has no command line"


@pytest.mark.parametrize(
    ("lang", "said"), [("en_US.UTF-8", "workspace workspace · li"), ("zh_CN.UTF-8", "工作区 workspace · li")]
)
def test_the_language_is_that_of_the_client(county: Server, lang: str, said: str) -> None:
    with person.log_in(county, "li", lang=lang) as terminal:
        terminal.wait_for(said)


def test_without_a_terminal_a_sentence_says_how_to_get_one(county: Server) -> None:
    done = county.run("li")
    assert (done.returncode, done.stdout) == (2, b"")
    assert "ssh -t" in done.stderr.decode()
