"""The tools of these tests tell the truth: what a terminal shows, is sent, and is left with."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.keys import _character_to_key
from textual.widgets import Static

pytest.importorskip("pyte")

from balance_tui.tui import theme
from benchmarks.emulator import Emulator, text_cells
from benchmarks.keys import sequence
from tests.tui import snapshots
from tests.tui.small_app import NAMES, SmallApp
from tests.tui.snapshots import assert_aligned, assert_snapshot, difference, screen_text, styled_text
from tests.tui.terminal import Terminal, TerminalError, clean_environment
from tests.tui.tmux import HAS_TMUX, Tmux

SMALL_APP = [sys.executable, str(Path(__file__).with_name("small_app.py"))]

PIECES = st.sampled_from([
    "永宁", "ab", "e\u0301", "𠮷", "\x1b[2;3H", "\x1b[K", "\x1b[3X", "\x1b[2P", "\x1b[2@", "\x1b[5b", "\r\n", "\x7f\x00",
    "\x1bP1;2|dcs\x1b\\", "\x1b]0;title\x07", "\x1b_apc\x1b\\", "\x1b[>1u", "\x1b[<u", "\x1b[=5;1u", "\x1b[?u", "\x1b[c",
    "\x1b[>4;2m", "\x1b[4:3m", "\x1b[38:2::1:2:3m", "\x1b[!p", "\x1b[?2026$p", "\x1b[2 q", "\x1b[?1049h", "\x1b[?1049l",
    "\x1b[2S", "\x1b[T", "\x1b[2Z", "\x1b(0qx\x1b(B", "\x1b[6n", "\x1b[?1;2c", "\x1b[22;0;0t", "\x1b[3J", "\x1b[J",
    "\u200d\ufe0f", "\x9b1m", "\x1b[9999999999C",
])  # fmt: skip


def shown(data: str, columns: int = 10, rows: int = 3) -> list[str]:
    emulator = Emulator(columns, rows)
    emulator.feed(data.encode())
    return [line.rstrip() for line in emulator.display]


@pytest.mark.parametrize(
    ("sent", "line"),
    [
        ("a\x1bPq;device control\x1b\\b", "ab"),
        ("a\x1b]52;c;aGk=\x07b", "ab"),
        ("a\x1b_apc\x1b\\\x1b^pm\x1b\\b", "ab"),
        ("a\x1b[>1ub\x1b[<uc\x1b[=5;1ud\x1b[?ue", "abcde"),
        ("a\x1b[!pb\x1b[2 qc\x1b[?2026$pd", "abcd"),
        ("-\x1b[4b", "-----"),
        ("永\x1b[2b", "永永永"),
        ("永\rx", "x"),
        ("永\x1b[2Gx", " x"),
        ("ab\x1b[2G永", "a永"),
        ("\x1b(0q\x1b(Bq", "─q"),
        ("a\x9b3Gb", "a b"),
        ("e\u0301x", "e\u0301x"),
        ("a\u200db", "ab"),
        ("12345678永x", "12345678永"),
        ("123456789永", "123456789"),
    ],
)
def test_the_emulator_draws_what_a_terminal_draws(sent: str, line: str) -> None:
    assert shown(sent)[0] == line


def test_a_wide_character_that_does_not_fit_goes_to_the_next_line() -> None:
    assert shown("123456789永x")[:2] == ["123456789", "永x"]


def test_the_alternate_screen_goes_and_the_one_below_stands_again() -> None:
    assert shown("below\x1b[?1049h\x1b[Habove")[0] == "above"
    assert shown("below\x1b[?1049h\x1b[Habove\x1b[?1049l!")[0] == "below!"


def test_colours_of_newer_spellings_are_understood_and_key_settings_are_no_underline() -> None:
    emulator = Emulator(10, 2)
    emulator.feed(b"\x1b[38:2::255:0:16ma\x1b[0m\x1b[>4;1mb\x1b[4:3mc\x1b[4:0md\x1b[7me")
    looks = emulator.looks(0)
    assert looks[0].foreground == "ff0010"
    assert [look.underline for look in looks[:4]] == [False, False, True, False]
    assert (looks[3].reverse, looks[4].reverse) == (False, True)


@given(st.lists(PIECES, max_size=12), st.data())
def test_pieces_of_any_length_draw_the_same_and_lines_keep_their_width(
    pieces: list[str], data: st.DataObject
) -> None:
    sent = "".join(pieces).encode()
    at = data.draw(st.integers(0, len(sent)))
    whole, parts = Emulator(12, 4), Emulator(12, 4)
    whole.feed(sent)
    parts.feed(sent[:at])
    parts.feed(sent[at:])
    assert whole.display == parts.display
    assert [text_cells(line) for line in whole.display] == [12] * 4


def test_a_terminal_may_draw_ambiguous_characters_in_two_cells() -> None:
    emulator = Emulator(10, 1, ambiguous=2)
    emulator.feed("≥1永".encode())
    assert emulator.row(0)[:5] == ["≥", "", "1", "永", ""]


@given(st.characters(min_codepoint=33, max_codepoint=126))
def test_a_key_by_textuals_name_is_the_character_it_names(character: str) -> None:
    assert sequence(_character_to_key(character)) == character


def test_keys_come_to_the_program_as_what_they_are() -> None:
    echo = "import sys, tty; tty.setraw(0); print('ready', end='\\r\\n'); " \
        "[print(repr(sys.stdin.buffer.raw.read(99)), end='\\r\\n', flush=True) for _ in range(4)]"  # fmt: skip
    with Terminal([sys.executable, "-uc", echo]) as terminal:
        terminal.wait_for("ready")
        for key, got in (
            ("shift+tab", r"b'\x1b[Z'"),
            ("f5", r"b'\x1b[15~'"),
            ("ctrl+p", r"b'\x10'"),
            ("永", "b'\\xe6"),
        ):
            terminal.press(key)
            terminal.wait_for(got)
        assert terminal.wait_exit() == 0


def test_queries_are_answered() -> None:
    ask = (
        "import sys, tty; tty.setraw(0); print('ab\\x1b[6n\\x1b[c\\x1b[?2026$p', end='', flush=True); s = b''\n"
        "while not s.endswith(b'y'): s += sys.stdin.buffer.raw.read(99)\n"
        "print(); print(s)"
    )
    with Terminal([sys.executable, "-uc", ask]) as terminal:
        terminal.wait_for(r"b'\x1b[1;3R\x1b[?62;22c\x1b[?2026;2$y'")


def test_the_program_sees_a_clean_environment_and_its_terminal() -> None:
    tell = "import os, json; print(sorted(os.environ), os.isatty(0), os.get_terminal_size().columns, os.getsid(0) == os.getpid())"
    with Terminal([sys.executable, "-c", tell], columns=200) as terminal:
        terminal.wait_exit()
        seen = terminal.text
        names = set(clean_environment(terminal.home))
    assert set(re.findall(r"'(\w+)'", seen)) - {"LC_CTYPE"} == names
    assert "True 200 True" in seen


def test_a_small_app_is_driven_resized_and_leaves_the_terminal_as_it_was() -> None:
    with Terminal(SMALL_APP) as terminal:
        terminal.wait_for("永宁小学", " 23 ")
        assert {"alternate screen", "line settings", "hidden cursor", "mouse"} <= set(terminal.left_behind())
        terminal.press("down", "down")
        terminal.wait_until(lambda _: terminal.looks[2][4].reverse)
        assert terminal.find("[b]校[/b]") == (9, 2)
        assert not terminal.looks[1][4].reverse
        memory = terminal.memory()
        assert 10 << 20 < memory.now <= memory.peak
        terminal.resize(100, 30)
        terminal.wait_for(" 29 ")
        terminal.mark()
        terminal.press("down")
        terminal.wait_until(lambda _: terminal.looks[3][4].reverse)
        assert "河东".encode() in terminal.since_mark
        terminal.press("q")
        assert terminal.wait_exit() == 0
        assert terminal.left_behind() == []


@pytest.mark.parametrize(("fault", "status", "clean"), [("status", 3, True), ("dirty", 0, False)])
def test_a_bad_end_is_noticed(fault: str, status: int, clean: bool) -> None:
    with Terminal([*SMALL_APP, fault]) as terminal:
        terminal.wait_for("永宁小学")
        terminal.wait_quiet()
        terminal.press("q")
        assert terminal.wait_exit() == status
        assert (terminal.left_behind() == []) is clean


def test_a_program_that_ends_or_stays_silent_is_told_apart() -> None:
    with Terminal(["true"]) as ended, pytest.raises(TerminalError, match="ended with 0"):
        ended.wait_for("never")
    with Terminal(["sleep", "60"]) as silent:
        with pytest.raises(TerminalError, match=r"waited 0\.1 s for 'never'"):
            silent.wait_for("never", timeout=0.1)
        silent.kill(signal.SIGTERM)
        assert silent.wait_exit() == -signal.SIGTERM


def test_a_dropped_line_ends_the_program() -> None:
    with Terminal(["sleep", "60"]) as terminal:
        assert terminal.hang_up() == -signal.SIGHUP


def test_what_a_terminal_shows_first_is_timed_by_its_arrival() -> None:
    with Terminal(["sh", "-c", "echo one; sleep 0.3; echo two; sleep 5"]) as terminal:
        assert 0 < terminal.shown_after("one") < terminal.shown_after("two")


@pytest.mark.skipif(not HAS_TMUX, reason="tmux is not installed")
def test_tmux_and_the_emulator_and_the_app_itself_see_the_same_screen() -> None:
    with Terminal(SMALL_APP) as terminal, Tmux(SMALL_APP) as tmux:
        for each in (terminal, tmux):
            each.wait_for("永宁小学", " 23 ")
            each.press("down", "down", "k")
        terminal.wait_quiet()
        assert screen_text(terminal) == screen_text(tmux) == asyncio.run(_small_app_text())
        tmux.resize(60, 10)
        tmux.wait_until(lambda text: " 10 " not in text and "  9 " in text)
        assert {"alternate_on", "hidden cursor"} <= set(tmux.left_behind())
        tmux.press("q")
        assert tmux.wait_exit() == 0
        assert tmux.left_behind() == []


async def _small_app_text() -> str:
    app = SmallApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down", "down", "k")
        return screen_text(app)


@pytest.mark.skipif(not HAS_TMUX, reason="tmux is not installed")
def test_tmux_tells_a_status_and_what_was_copied() -> None:
    program = "printf '\\033]52;c;5rC45a6B\\007'; read answer; echo \"got $answer\"; read answer; exit 4"
    with Tmux(["sh", "-c", program]) as tmux:
        tmux.type("a;永\n")
        tmux.wait_for("got a;永")
        assert tmux.copied == "永宁"
        tmux.press(";", "enter")
        assert tmux.wait_exit() == 4


class Styled(App[None]):
    """A line with one word in the style of a status."""

    def compose(self) -> ComposeResult:
        from rich.text import Text as RichText

        yield Static(
            RichText.assemble("永 ", ("不达标", theme.style("fail")), " ", ("x", theme.style("cursor")))
        )


def test_a_snapshot_shows_text_and_the_styles_of_its_cells() -> None:
    async def styled() -> str:
        app = Styled(ansi_color=True)
        async with app.run_test(size=(20, 2)):
            return styled_text(app)

    assert asyncio.run(styled()) == "永 不达标 x\n── styles C cursor  f fail\n   ffffff C\n"


def test_a_snapshot_is_kept_on_demand_and_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "FOLDER", tmp_path / "kept")
    monkeypatch.delenv(snapshots.UPDATE, raising=False)
    with pytest.raises(AssertionError, match="no snapshot one-80x24"):
        assert_snapshot("永宁\n", "one-80x24")
    monkeypatch.setenv(snapshots.UPDATE, "1")
    assert_snapshot("永宁\n", "one-80x24")
    monkeypatch.setenv(snapshots.UPDATE, "0")
    assert_snapshot("永宁\n", "one-80x24")
    with pytest.raises(AssertionError, match="永安"):
        assert_snapshot("永安\n", "one-80x24")


def test_a_difference_points_at_the_cells_that_differ() -> None:
    told = difference("a\nab永宁小学 x\n", "a\nab永安小学 y\n").splitlines()
    assert told == ["  2 - ab永宁小学 x", "  2 + ab永安小学 y", " " * 10 + "^^" + " " * 5 + "^"]


def test_a_column_that_cuts_a_wide_character_is_noticed() -> None:
    lines = ["永宁 ab", "ab   ab"]
    assert_aligned(lines, 0, 2, 4, 5)
    with pytest.raises(AssertionError):
        assert_aligned(lines, 3)


def test_names_of_every_kind_keep_the_columns_behind_them() -> None:
    async def text() -> list[str]:
        app = SmallApp()
        async with app.run_test(size=(80, 24)):
            return [strip.text for strip in snapshots.strips_of(app)]

    for line, name in zip(asyncio.run(text()), NAMES, strict=False):
        assert name in line
        assert text_cells(line) == 80
