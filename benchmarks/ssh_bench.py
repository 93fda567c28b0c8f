"""Bytes that cross the line of somebody who has logged in over SSH: the app through a real sshd beside VisiData through
the same one.

A line of TCP between the ssh client and the server counts what comes from the server, encrypted as it is; what the client
then writes to its terminal is counted too.
"""

from __future__ import annotations

import shlex
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from balance_tui.language import Text
from tests.ssh import person
from tests.ssh.line import Line
from tests.ssh.server import Server, missing, server

from .measure import Row
from .pty_driver import Terminal, clean_environment
from .terminal_bench import SIZE, VISIDATA, app, told_bytes, write_table

USER, ANYTHING = "inspector", "anything"
"""Who logs in to the app, and a key that runs whatever it is told."""
UNOBSCURED = ["-o", "IgnoreUnknown=ObscureKeystrokeTiming", "-o", "ObscureKeystrokeTiming=no"]
"""Clients from OpenSSH 9.5 on send keys that nobody pressed, which the server answers: here every byte is somebody's."""
_SETTLED, _SETTLED_SHORT = 1.0, 0.3
"""Seconds without a byte after which a program is taken to have said all."""
_LEAST = 50
"""Figures on a screen from which the table stands on it."""
_IDLE = 10.0


class Sent(NamedTuple):
    """Bytes that came from the server: encrypted on the line, and as the client wrote them to its terminal."""

    line: float
    terminal: float


class Session:
    """A terminal over a line, looked at from both ends; `settled` seconds without a byte end an answer."""

    def __init__(self, terminal: Terminal, line: Line, settled: float) -> None:
        self.terminal, self._line, self._settled = terminal, line, settled

    @property
    def sent(self) -> Sent:
        """All that came until now."""
        return Sent(self._line.down, self.terminal.total)

    def until_quiet(self) -> None:
        """Nothing more comes."""
        self.terminal.wait_quiet(self._settled)

    def until_table(self) -> None:
        """The table of figures stands there, and nothing more comes."""
        self.terminal.wait_until(lambda text: sum(char == "." for char in text) > _LEAST)
        self.until_quiet()

    def answers(self, key: str, back: str | None, times: int) -> Sent:
        """The median of what a key brings, from its second press on; `back` is pressed in between and not counted."""
        found = []
        for _ in range(times + 1):
            found.append(self._answer(key))
            if back is not None:
                self._answer(back)
        return Sent(*(statistics.median(column) for column in zip(*found[1:], strict=True)))

    def _answer(self, key: str) -> Sent:
        before = self.sent
        self.terminal.answer(key, quiet=self._settled)
        return _less(self.sent, before)

    def idle(self, seconds: float) -> Sent:
        """What comes unasked, until nothing has come for so many seconds."""
        before = self.sent
        self.terminal.wait_quiet(seconds)
        return _less(self.sent, before)


def rows(runs: int, *, short: bool = False) -> Iterator[Row]:
    """The first screen, a row down, a page down, and ten seconds in which nobody types."""
    if missing() is not None:
        yield Row(Text("经 sshd 的字节: 没有测量, 这里没有可用的 OpenSSH 服务器",
                       "bytes through sshd: not measured, there is no OpenSSH server to use here"), "—")  # fmt: skip
        return
    with server() as one, tempfile.TemporaryDirectory() as home:
        person.make_assessment(one)
        person.let_in(one, {USER: "inspector"})
        one.let_run(ANYTHING)
        bench = _Bench(one, Path(home), _SETTLED_SHORT if short else _SETTLED)
        yield bench.first(1 if short else min(runs, 3))
        yield from bench.keys(1 if short else -(-runs // 3), 1.0 if short else _IDLE)


class _Bench:
    """The same table in the app and in VisiData, on a server; a program is `settled` after so many seconds without a
    byte."""

    def __init__(self, one: Server, home: Path, settled: float) -> None:
        self._one, self._settled = one, settled
        table = home / "schools.csv"
        write_table(table)
        self._demo = _running(home, *app("demo", "--view", "schools"))
        self._visidata = _running(home, *VISIDATA, str(table))

    def first(self, starts: int) -> Row:
        """The first screen of the table: the fewest bytes of so many starts, as a busy machine may draw it twice."""
        with self._session(ANYTHING, self._demo) as session:  # remembered from now on
            session.until_table()
        with self._session(ANYTHING, "printf x; exec sleep 600") as session:
            session.terminal.wait_for("x")
            session.until_quiet()
            login = session.sent
        mine, other = (
            [self._first(command, login) for _ in range(starts)] for command in (self._demo, self._visidata)
        )
        what = Text(f"首屏 80x24, 不计登录的 {told_bytes(login.line)}",
                    f"first screen 80x24, without the login's {told_bytes(login.line)}")  # fmt: skip
        return _row(what, min(mine), min(other), 1.5)

    def _first(self, command: str, login: Sent) -> Sent:
        with self._session(ANYTHING, command) as session:
            session.until_table()
            return _less(session.sent, login)

    def keys(self, times: int, idle: float) -> Iterator[Row]:
        """A row down and a page down in the table of an assessment, and some seconds in which nobody types."""
        with self._session(USER, "") as mine, self._session(ANYTHING, self._visidata) as other:
            person.open_assessment(mine.terminal)
            mine.terminal.press("2")
            mine.until_table()
            other.until_table()
            for key, name, back in (("down", Text("下移一行", "one row down"), None),
                                    ("pagedown", Text("下翻一页", "one page down"), "pageup")):  # fmt: skip
                yield _row(name, mine.answers(key, back, times), other.answers(key, back, times), 1.0)
            what = Text(f"打开评估后静置 {idle:g} 秒", f"{idle:g} s in which nobody types")
            yield _row(what, mine.idle(idle), other.idle(idle), None)

    @contextmanager
    def _session(self, user: str, command: str) -> Iterator[Session]:
        words = [command] if command else []
        with Line(self._one.port) as line:
            argv = self._one.command(user, *words, options=UNOBSCURED, pty=True, port=line.port)
            with Terminal(argv, *SIZE) as terminal:
                yield Session(terminal, line, self._settled)


def _running(home: Path, *argv: str) -> str:
    """A command for the server's shell, with folders of its own; TERM and where it comes from are the line's."""
    environment = clean_environment(home)
    del environment["TERM"]
    return shlex.join(["env", *(f"{name}={value}" for name, value in environment.items()), *argv])


def _less(after: Sent, before: Sent) -> Sent:
    return Sent(after.line - before.line, after.terminal - before.terminal)


def _row(what: Text, mine: Sent, other: Sent, limit: float | None) -> Row:
    """The bytes on the line beside each other; in brackets those for the terminal."""
    program = f"VisiData {version('visidata')}"
    told = Text(f"{what.zh}, 经 sshd: 线上加密的字节 (给终端的字节); 参照: {program}",
                f"{what.en}, through sshd: encrypted bytes on the line (bytes for the terminal); {program}")  # fmt: skip
    ours, theirs = (f"{told_bytes(sent.line)} ({told_bytes(sent.terminal)})" for sent in (mine, other))
    if limit is None:
        return Row(told, ours, theirs)
    ratio = mine.line / other.line
    return Row(told, ours, theirs, f"{ratio:.2f} ×", Text(*[f"≤ {limit:g} ×"] * 2), ratio <= limit)
