"""What decides between the full screen and text, and that the terminal is as it was however the app ends."""

from __future__ import annotations

import io
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from balance_tui.language import use_language
from balance_tui.tui.preferences import THEMES, preferences, preferences_file
from balance_tui.tui.safe_driver import Output
from balance_tui.tui.terminal import Capabilities, capabilities_of, codec_of, obstacle, settled, theme_for
from tests.contract.builder import passing_county, write_sections
from tests.tui.terminal import PATIENCE, Terminal, balance, command, gated

APP = [sys.executable, str(Path(__file__).with_name("guarded_app.py"))]


def started(fault: str = "") -> Terminal:
    terminal = Terminal([*APP, fault])
    terminal.wait_for("ready")
    return terminal


def files_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def state(terminal: Terminal) -> str:
    return Path(f"/proc/{terminal.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]


def wait_stopped(terminal: Terminal) -> None:
    deadline = time.monotonic() + PATIENCE
    while state(terminal) != "T":
        assert time.monotonic() < deadline
        time.sleep(0.02)


# How the app ends


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_ends_the_app_in_good_order(number: signal.Signals) -> None:
    with started() as terminal:
        terminal.kill(number)
        assert terminal.wait_exit() == 128 + number
        assert terminal.left_behind() == []
        assert terminal.text.strip() == ""
        assert files_below(terminal.home) == []


def test_the_exit_code_is_that_of_the_app() -> None:
    with started() as terminal:
        terminal.press("q")
        assert terminal.wait_exit() == 3
        assert terminal.left_behind() == []


def test_a_dropped_line_ends_the_app_without_a_word() -> None:
    with started() as terminal:
        assert terminal.hang_up() == 129
        assert files_below(terminal.home) == []


@pytest.mark.parametrize("fault", ["raises", "raises in a thread", "panics", "forgets"])
def test_a_fault_is_one_sentence_that_names_a_file(fault: str) -> None:
    with started(fault) as terminal:
        terminal.press("x")
        assert terminal.wait_exit() == 70
        assert terminal.left_behind() == []
        said = "".join(terminal.text.split())
        (path,) = files_below(terminal.home)
        assert "Traceback" not in said
        assert str(path) in said
        assert path.stat().st_mode & 0o777 == 0o600
        assert "made to " in path.read_text(encoding="utf-8")


def test_an_error_a_user_may_meet_is_told_as_on_the_command_line() -> None:
    with started("is told") as terminal:
        terminal.press("x")
        assert terminal.wait_exit() == 2
        assert terminal.text.strip() == "MADE: 有意的错误"
        assert terminal.left_behind() == []


@pytest.mark.parametrize("twice", [True, False])
def test_an_app_that_is_stuck_is_ended_all_the_same(twice: bool) -> None:
    with started("stalls") as terminal:
        terminal.press("x")
        terminal.wait_quiet()
        terminal.kill(signal.SIGTERM)
        if twice:
            time.sleep(0.2)
            terminal.kill(signal.SIGTERM)
        assert terminal.wait_exit() == 143
        assert terminal.left_behind() == []


def test_nothing_waits_for_work_in_the_background() -> None:
    with started("lingers") as terminal:
        terminal.press("x")
        terminal.wait_for("key x")
        terminal.press("q")
        assert terminal.wait_exit() == 3


def test_what_a_library_says_on_standard_error_is_kept_off_the_screen() -> None:
    with started("chatters") as terminal:
        terminal.press("x")
        terminal.wait_for("key x")
        assert "panicked" not in terminal.text
        terminal.press("q")
        assert terminal.wait_exit() == 3
        assert terminal.text.strip() == ""


@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGSTOP])
def test_a_stopped_app_comes_back_as_it_was(number: signal.Signals) -> None:
    with started() as terminal:
        terminal.press("a")
        terminal.wait_for("key a")
        terminal.kill(number)
        wait_stopped(terminal)
        terminal.wait_quiet()
        if number == signal.SIGTSTP:
            assert terminal.left_behind() == []
        # Whatever the shell does to the terminal meanwhile.
        terminal.screen.feed(b"\x1b[?1049l\x1b[?25h$ ls\r\n")
        terminal.kill(signal.SIGCONT)
        terminal.wait_for("key a")
        terminal.press("b", "q")
        assert terminal.wait_exit() == 3
        assert terminal.left_behind() == []


def test_bytes_that_are_no_utf_8_are_a_key_that_means_nothing() -> None:
    with started() as terminal:
        terminal.send("永".encode("gbk"))
        terminal.wait_for("key replacement_character")
        terminal.send("永".encode()[:1])
        terminal.wait_quiet()
        terminal.send("永".encode()[1:])
        terminal.wait_for("key 永")
        terminal.press("q")
        assert terminal.wait_exit() == 3


# What the terminal can do


class Tty(io.StringIO):
    """A stream that says it is a terminal."""

    def __init__(self, encoding: str = "utf-8", tty: bool = True) -> None:
        super().__init__()
        self._encoding, self._tty = encoding, tty

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding

    def isatty(self) -> bool:
        return self._tty


def unheard(term: str) -> Capabilities | None:  # noqa: ARG001
    return None


def why_not(environment: Mapping[str, str], **streams: Tty | None) -> str | None:
    three = (streams.get("stdin", Tty()), streams.get("stdout", Tty()), streams.get("stderr", Tty()))
    found = obstacle({"TERM": "xterm", **environment}, three, unheard)
    return found and found.en


@pytest.mark.parametrize(
    "environment",
    [{}, {"LANG": "zh_CN.UTF-8"}, {"LC_ALL": "C", "LANG": "zh_CN.GBK"}, {"LANG": "POSIX"}, {"TERM": "xterm-ghostty"},
     {"TERM": "screen.linux"}, {"TERM": "tmux-256color"}, {"LANG": "en_US.utf8"}, {"LANG": "zh_CN"}],
)  # fmt: skip
def test_a_terminal_that_can_is_used(environment: dict[str, str]) -> None:
    assert why_not(environment) is None


@pytest.mark.parametrize(
    ("environment", "told"),
    [({"TERM": ""}, "TERM is not set"), ({"TERM": "dumb"}, "TERM=dumb"), ({"TERM": "unknown"}, "TERM=unknown"),
     ({"TERM": "x\x1b[31m"}, r"TERM=x\x1b[31m"), ({"LANG": "zh_CN.GBK"}, "GBK"), ({"LC_CTYPE": "zh_CN.GB18030"}, "GB18030"),
     ({"LC_ALL": "zh_TW.big5", "LANG": "C.UTF-8"}, "big5"), ({"LANG": "xx.klingon"}, "klingon")],
)  # fmt: skip
def test_a_terminal_that_cannot_is_told_why(environment: dict[str, str], told: str) -> None:
    assert told in (why_not(environment) or "")


@pytest.mark.parametrize("name", ["stdin", "stdout", "stderr"])
def test_all_three_streams_must_be_the_terminal(name: str) -> None:
    assert "is not a terminal" in (why_not({}, **{name: Tty(tty=False)}) or "")
    assert "is not a terminal" in (why_not({}, **{name: None}) or "")


def test_a_stream_that_python_does_not_write_in_utf_8_is_no_full_screen() -> None:
    assert "ascii" in (why_not({}, stderr=Tty("ascii")) or "")


@pytest.mark.parametrize(
    ("environment", "theme"),
    [({}, "default"), ({"SSH_CONNECTION": "::1 1 ::1 22"}, "ssh"), ({"NO_COLOR": "1", "SSH_CONNECTION": "x"}, "mono"),
     ({"NO_COLOR": ""}, "default"), ({"TERM": "vt220"}, "mono"), ({"TERM": "xterm-mono"}, "mono"),
     ({"TERM": "linux"}, "default")],
)  # fmt: skip
def test_the_theme_follows_the_terminal(environment: dict[str, str], theme: str) -> None:
    colours = {"linux": Capabilities(True, 8), "vt220": Capabilities(True, -1)}
    given = {"TERM": "xterm-256color", **environment}
    assert theme_for(given, None, colours.get) == theme
    assert theme_for(given, "contrast", colours.get) == "contrast"


def test_terminfo_tells_a_terminal_from_a_printer() -> None:
    # terminfo is asked once a process, so here is one name only.
    assert capabilities_of("vt220") == Capabilities(full_screen=True, colours=-1)


def test_what_an_environment_asks_of_textual_is_not_obeyed() -> None:
    hostile = {
        "TEXTUAL_PRESS": "q", "TEXTUAL_DRIVER": "os:system", "TEXTUAL_LOG": "/tmp/log", "TEXTUAL": "debug,headless",
        "COLUMNS": "20", "LINES": "5", "TEXTUAL_ANIMATIONS": "full", "NO_COLOR": "1", "HOME": "here",
    }  # fmt: skip
    kept = settled(hostile, "contrast")
    assert kept == {
        "HOME": "here", "TEXTUAL_ANIMATIONS": "none", "TEXTUAL_SMOOTH_SCROLL": "0", "TEXTUAL_DISABLE_KITTY_KEY": "1",
    }  # fmt: skip
    assert settled(hostile, "mono")["NO_COLOR"] == "1"


@pytest.mark.parametrize(
    ("environment", "told"),
    [({"TERM": "dumb"}, "TERM=dumb"), ({"TERM": "vt52"}, "TERM=vt52"), ({"LANG": "zh_CN.GBK"}, "GBK"),
     ({"LC_ALL": "zh_CN.GB18030"}, "GB18030")],
)  # fmt: skip
def test_where_no_full_screen_can_be_the_answer_is_text_that_can_be_read(
    environment: dict[str, str], told: str
) -> None:
    codec = codec_of(told) or "utf-8"
    with Terminal(command("demo"), environment={"LANG": "C.UTF-8", **environment}) as terminal:
        assert terminal.wait_exit() == 0
        said = terminal.since_mark.decode(codec)
    assert re.match(rf"不能全屏显示: .*{re.escape(told)}.*\r\n示例数据\(虚构\)", said)
    assert "县域义务教育优质均衡" in said
    assert "\x1b[?1049h" not in said


# What a person likes


def config(folder: Path, text: str | bytes) -> Path:
    path = folder / "config.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_preferences_are_read(tmp_path: Path) -> None:
    found = preferences(config(tmp_path, '\ufefftheme = "contrast"\nambiguous = "wide"\nlang = "en"\n'))
    assert (found.theme, found.ambiguous, found.lang, found.notices) == ("contrast", "wide", "en", ())


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [('theme = "pink"', 1, "theme is one of default"), ("\ntheme = 3", 2, "theme is one of"), ("theme = ", 1, "not valid TOML"),
     ('lang = "en"\ncolour = "red"', 2, "'colour' is not known"), ("[theme]\na=1", 1, "theme is one of"),
     ('lang = "en"\n["ambi\\nguous"]', None, r"'ambi\nguous' is not known"), (b"theme = '\xff'", None, "is not UTF-8"),
     ("a=" + "[" * 9000, None, "not valid TOML"), ("#" * 70000, None, "too large")],
)  # fmt: skip
def test_a_fault_in_the_preferences_is_a_sentence_with_its_line(
    tmp_path: Path, text: str | bytes, line: int | None, told: str
) -> None:
    use_language("en")
    path = config(tmp_path, text)
    found = preferences(path)
    (notice,) = found.notices
    place = f"{path}:{line}:" if line else f"{path}:"
    assert place in notice.en
    assert told in notice.en
    assert found.theme is None


def test_one_fault_leaves_the_other_preferences(tmp_path: Path) -> None:
    found = preferences(config(tmp_path, 'theme = "pink"\nlang = "en"'))
    assert (found.lang, len(found.notices)) == ("en", 1)


def test_no_preferences_are_no_fault_but_a_file_that_was_named_must_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = tmp_path / "none.toml"
    monkeypatch.delenv("BALANCE_TUI_CONFIG", raising=False)
    assert preferences(missing).notices == ()
    assert preferences(None).notices == ()
    monkeypatch.setenv("BALANCE_TUI_CONFIG", str(missing))
    assert preferences_file() == missing
    assert "there is no such file" in preferences(missing).notices[0].en
    assert "not a regular file" in preferences(tmp_path).notices[0].en


def test_every_theme_can_be_preferred() -> None:
    from balance_tui.tui.theme import LABELS

    assert set(THEMES) == set(LABELS)


# What the screen is written to


def test_a_terminal_that_takes_its_time_gets_everything() -> None:
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    output = Output(writer, lambda: None)
    received = bytearray()

    def drain() -> None:
        while data := os.read(reader, 4096):
            received.extend(data)

    thread = threading.Thread(target=drain)
    thread.start()
    output.write("永" * 200_000)
    output.flush()
    os.close(writer)
    thread.join()
    os.close(reader)
    assert received.decode() == "永" * 200_000


def test_a_terminal_that_went_away_is_told_of_once() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    told: list[bool] = []
    output = Output(writer, lambda: told.append(True))
    for _ in range(3):
        output.write("x")
        output.flush()
    os.close(writer)
    assert told == [True]


# The program itself


def test_the_app_opens_whatever_the_environment_asks_of_textual() -> None:
    hostile = {
        "TEXTUAL_PRESS": "q",
        "TEXTUAL_DRIVER": "os:system",
        "TEXTUAL": "headless",
        "COLUMNS": "30",
        "LINES": "5",
    }
    with balance("demo", environment=hostile) as terminal:
        terminal.wait_for("示例甲县", "县·年")
        assert len(terminal.display[0].rstrip()) > 30
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert terminal.left_behind() == []


def test_the_app_on_a_file_shows_the_second_time_what_it_showed_the_first(tmp_path: Path) -> None:
    data = write_sections(tmp_path / "学校.csv", [passing_county("甲县")])
    gate = tmp_path / "gate"
    with balance(str(data), home=tmp_path) as terminal:
        terminal.wait_for("甲县", "帮助")
        terminal.wait_until(lambda shown: "正在读取" not in shown)
        terminal.press("q")
        terminal.wait_exit()
    with gated(gate, ("polars",), str(data), home=tmp_path) as terminal:
        terminal.wait_for("甲县", "上次的结果")
        gate.touch()
        terminal.wait_gone("上次的结果")
        terminal.press("q")
        assert terminal.wait_exit() == 0


def test_preferences_choose_language_and_tell_their_faults(tmp_path: Path) -> None:
    path = config(tmp_path, 'lang = "en"\ntheme = "pink"\n')
    with balance("demo", environment={"BALANCE_TUI_CONFIG": str(path)}) as terminal:
        terminal.wait_for("sample data (made up)", "settings file")
    with balance("demo", "--lang", "zh", environment={"BALANCE_TUI_CONFIG": str(path)}) as terminal:
        terminal.wait_for("示例数据 (虚构)")


def test_a_faulty_keymap_is_told_with_its_line_and_the_usual_keys_serve(tmp_path: Path) -> None:
    path = tmp_path / "keymap.toml"
    path.write_text('[keys]\nnonsense = "q"\n', encoding="utf-8")
    with balance("demo", columns=160, environment={"BALANCE_TUI_KEYMAP": str(path)}) as terminal:
        terminal.wait_for("键位文件", "keymap.toml:2", "nonsense")
        terminal.press("q")
        assert terminal.wait_exit() == 0
