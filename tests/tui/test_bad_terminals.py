"""The program itself where the terminal is small, old, colourless or none, and where it is ended in the middle of
something: a plain answer or a screen that can be used, never a traceback, and the terminal as it was."""

from __future__ import annotations

import re
import signal
import subprocess
from pathlib import Path

import pytest

from tests.contract.builder import passing_county, write_sections
from tests.tui.terminal import Terminal, balance, clean_environment, command, gated

SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
_COLOUR = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]")
VERDICTS = "示例甲县"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file of two counties, judged in a third of the time of the sample."""
    counties = [passing_county(VERDICTS), passing_county("示例乙县")]
    return str(write_sections(tmp_path_factory.mktemp("small") / "schools.csv", counties))


def crashes(home: Path) -> list[Path]:
    return list(home.rglob("crash-*"))


def ready(terminal: Terminal) -> Terminal:
    terminal.wait_until(lambda text: VERDICTS in text and re.search("1/(8 县·年|2 县)", text) is not None)
    return terminal


def leave(terminal: Terminal) -> None:
    """Quit, and find nothing left behind."""
    terminal.press("q")
    assert terminal.wait_exit() == 0
    assert terminal.left_behind() == []
    assert terminal.text.strip() == ""
    assert crashes(terminal.home) == []


# Terminals that can do little


def test_a_window_that_is_too_small_says_so_and_serves_once_it_is_not() -> None:
    with balance("demo", columns=20, rows=5) as terminal:
        terminal.wait_for("窗口太小")
        terminal.press("down", "enter")
        terminal.resize(80, 24)
        terminal.wait_for("标准 national-2017", "帮助")
        terminal.resize(20, 5)
        terminal.wait_for("窗口太小")
        leave(terminal)


@pytest.mark.parametrize(("columns", "rows"), [(1, 1), (2, 24), (80, 1), (500, 3)])
def test_no_size_is_too_odd(columns: int, rows: int) -> None:
    with balance("demo", columns=columns, rows=rows) as terminal:
        terminal.wait_until(lambda _: terminal.screen.on_alternate_screen)
        terminal.wait_quiet(0.5)
        terminal.resize(80, 24)
        ready(terminal)
        leave(terminal)


def test_no_colour_means_none() -> None:
    with balance("demo", environment={"NO_COLOR": "1"}) as terminal:
        ready(terminal).press("enter", "2", "e")
        terminal.wait_for("学校 × 指标")
        terminal.wait_quiet()
        assert _COLOUR.search(terminal.since_mark) is None
        # What a colour says, a mark says too.
        terminal.wait_for("✓", "~")
        leave(terminal)


@pytest.mark.parametrize("term", ["linux", "vt100", "vt220", "screen", "xterm", "tmux-256color"])
def test_old_and_nested_terminals_are_used(term: str, small: str) -> None:
    with balance(small, term=term) as terminal:
        ready(terminal).press("enter")
        terminal.wait_for("由什么决定")
        leave(terminal)


@pytest.mark.parametrize("term", ["linux", "vt100"])
def test_without_a_clipboard_the_file_is_named_and_nothing_is_sent(term: str, small: str) -> None:
    with balance(small, term=term) as terminal:
        ready(terminal).press("y")
        terminal.wait_for("copied.txt")
        assert b"\x1b]52" not in terminal.since_mark
        assert next(terminal.home.rglob("copied.txt")).read_text(encoding="utf-8") == "示例甲县"
        leave(terminal)


@pytest.mark.parametrize(
    "environment", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX", "LANG": "zh_CN.GBK"}, {"LANG": ""}]
)
def test_a_locale_that_names_no_encoding_is_no_obstacle(environment: dict[str, str], small: str) -> None:
    with balance(small, environment=environment) as terminal:
        leave(ready(terminal))


def test_without_term_the_answer_is_text(small: str) -> None:
    with balance(small, environment={"TERM": ""}) as terminal:
        assert terminal.wait_exit() == 0
        assert "没有设置 TERM" in terminal.text.replace("\n", "") or "TERM" in terminal.since_mark.decode()
        assert b"\x1b[?1049h" not in terminal.since_mark
        assert "示例甲县" in terminal.since_mark.decode()


# No terminal


def run(script: str, tmp_path: Path, opened: str = "demo") -> subprocess.CompletedProcess[bytes]:
    """What a shell makes of the program: `$0` and on are its words."""
    return subprocess.run(
        ["sh", "-c", script, *command(opened)], env=clean_environment(tmp_path), capture_output=True, check=False,
        timeout=120,
    )  # fmt: skip


@pytest.mark.parametrize(
    "script",
    [
        '"$0" "$@" </dev/null',
        '"$0" "$@" <&-',
        'echo q | "$0" "$@"',
        '"$0" "$@" | cat',
        '"$0" "$@" 2>/dev/null',
    ],
    ids=["null", "closed", "piped in", "piped out", "errors away"],
)
def test_without_a_terminal_the_verdicts_are_text(tmp_path: Path, script: str, small: str) -> None:
    done = run(script, tmp_path, small)
    assert done.returncode == 0
    assert done.stderr == b""
    assert "示例乙县" in done.stdout.decode()
    assert b"\x1b" not in done.stdout
    assert crashes(tmp_path) == []


@pytest.mark.parametrize(
    "script", ['"$0" "$@" >&-', '"$0" "$@" 2>&-', '"$0" "$@" >/dev/full', '"$0" "$@" | head -c 1']
)
def test_where_nobody_listens_there_is_no_traceback(tmp_path: Path, script: str) -> None:
    done = run(script, tmp_path)
    said = done.stdout + done.stderr
    assert b"Traceback" not in said
    assert b"Exception" not in said
    assert crashes(tmp_path) == []


def test_in_a_pipe_at_a_terminal_the_verdicts_are_text_too(tmp_path: Path) -> None:
    with Terminal(["sh", "-c", '"$0" "$@" | cat', *command("demo")], home=tmp_path) as terminal:
        assert terminal.wait_exit() == 0
        assert b"\x1b" not in terminal.since_mark
        assert "示例丙旗" in terminal.since_mark.decode()


# Ended in the middle of something


def assert_ended(terminal: Terminal, number: signal.Signals) -> None:
    assert terminal.wait_exit() == 128 + number
    assert terminal.left_behind() == []
    assert "Traceback" not in terminal.text
    assert crashes(terminal.home) == []


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_while_data_is_read_ends_it_in_good_order(number: signal.Signals, tmp_path: Path) -> None:
    with gated(tmp_path / "never", ("polars",), "demo", home=tmp_path) as terminal:
        terminal.wait_for("示例数据")
        terminal.wait_quiet()
        terminal.kill(number)
        assert_ended(terminal, number)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_while_one_types_ends_it_in_good_order(number: signal.Signals, small: str) -> None:
    with balance(small) as terminal:
        ready(terminal).press("/")
        terminal.wait_for("\n查找")
        terminal.type("永宁")
        terminal.wait_for("查找 永宁")
        terminal.kill(number)
        assert_ended(terminal, number)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_before_anything_is_shown_ends_it(number: signal.Signals, tmp_path: Path) -> None:
    with gated(tmp_path / "never", ("textual",), "demo", home=tmp_path) as terminal:
        terminal.wait_quiet(1.0)
        terminal.kill(number)
        # Nothing is guarded yet: by the signal, or with the status that says so.
        assert terminal.wait_exit() in (128 + number, -number)
        assert terminal.left_behind() == []
        assert "Traceback" not in terminal.text


def test_a_line_dropped_while_data_is_read_or_one_types_ends_it_without_a_word(tmp_path: Path) -> None:
    with gated(tmp_path / "never", ("polars",), "demo", home=tmp_path) as terminal:
        terminal.wait_for("示例数据")
        assert terminal.hang_up() == 128 + signal.SIGHUP
    with balance("demo", home=tmp_path) as terminal:
        ready(terminal).press("f")
        terminal.wait_for("\n筛选")
        assert terminal.hang_up() == 128 + signal.SIGHUP
    assert crashes(tmp_path) == []


def test_quitting_does_not_wait_for_data_that_is_read(tmp_path: Path) -> None:
    with gated(tmp_path / "never", ("polars",), "demo", home=tmp_path) as terminal:
        terminal.wait_for("示例数据")
        terminal.wait_quiet()
        leave(terminal)


def test_keys_before_the_data_is_there_do_no_harm(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with gated(gate, ("polars",), "demo", home=tmp_path) as terminal:
        terminal.wait_for("示例数据")
        terminal.press(*"jkGe2p:f/?svyYb]F0rtZZA", "escape", "enter", "tab", "space")
        terminal.wait_quiet()
        gate.touch()
        terminal.press("escape", "escape", "escape", "0")
        terminal.wait_for("示例丙旗", "各县")
        leave(terminal)


# Ended by a fault


_FAULT = """
import sys
from balance_tui.tui.doing import moving
from balance_tui.tui import actions

class Endless:
    def __repr__(self):
        while True: pass

def fail(app):
    everything_at_hand = Endless()
    raise RuntimeError("made to fail")

import balance_tui.tui.doing as doing
load = doing.load_all
def loaded():
    load()
    import dataclasses
    actions.REGISTRY["undo"] = dataclasses.replace(actions.REGISTRY["undo"], act=fail)
doing.load_all = loaded
sys.argv = ["balance-tui", "demo"]
from balance_tui.cli import main
raise SystemExit(main(sys.argv[1:]))
"""


def test_a_fault_ends_it_at_once_whatever_was_at_hand() -> None:
    """Textual would draw every local variable first, which takes minutes where these are the frames of a nation."""
    import sys

    with Terminal([sys.executable, "-c", _FAULT]) as terminal:
        ready(terminal).press("u")
        assert terminal.wait_exit() == 70
        assert terminal.left_behind() == []
        (path,) = crashes(terminal.home)
        assert str(path) in "".join(terminal.text.split())
        assert "made to fail" in path.read_text(encoding="utf-8")
