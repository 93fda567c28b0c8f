"""Copying: what is sent to which terminal, and that the text is in a file whatever became of it."""

from __future__ import annotations

import re
import shutil
import sys
from base64 import b64decode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance_tui.tui import clipboard
from balance_tui.tui.cells import width
from balance_tui.tui.clipboard import LARGEST, copied, copy_sequence, how_otherwise
from tests.tui.tmux import HAS_TMUX, Tmux

ROWS = "学校\tL2\n永宁小学\t0.82\n"
PLAIN = re.compile(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


def asked(sequence: str) -> str:
    """What a terminal puts on its clipboard."""
    found = PLAIN.fullmatch(sequence)
    assert found
    return b64decode(found[1]).decode()


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the text is besides."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "balance-tui" / "copied.txt"


def sent(text: str, **environment: str) -> tuple[str, str]:
    """What was written to the terminal, and what was said."""
    written: list[str] = []
    said = copied(text, written.append, {"TERM": "xterm-256color", **environment})
    return "".join(written), said.zh


@given(st.text(max_size=300))
def test_a_terminal_gets_the_text_itself(text: str) -> None:
    assert asked(copy_sequence(text)) == text.encode("utf-8", "replace").decode()


@given(st.text(max_size=2000))
def test_screen_passes_on_pieces_that_make_up_the_whole(text: str) -> None:
    pieces = re.findall(r"\x1bP(.*?)\x1b\\", copy_sequence(text, inside_screen=True), re.DOTALL)
    assert all(len(piece) <= 240 for piece in pieces)
    assert "".join(pieces) == copy_sequence(text)


def test_tmux_gets_it_both_ways_it_may_be_configured_for() -> None:
    plain, through = copy_sequence(ROWS, inside_tmux=True).split("\x1bPtmux;")
    assert asked(plain) == ROWS
    assert asked(through.removesuffix("\x1b\\").replace("\x1b\x1b", "\x1b")) == ROWS


def test_what_is_copied_is_in_a_private_file_that_is_named(file: Path) -> None:
    written, said = sent(ROWS)
    assert asked(written) == ROWS
    assert file.read_text(encoding="utf-8") == ROWS
    assert file.stat().st_mode & 0o777 == 0o600
    assert "2 行" in said
    assert str(file) in said


def test_without_a_file_the_rest_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "occupied"))
    written, said = sent(ROWS)
    assert asked(written) == ROWS
    assert said == "已送到终端剪贴板 2 行"


def test_what_is_too_large_is_in_the_file_alone(file: Path) -> None:
    written, said = sent("永" * (LARGEST // 3) + "\n")
    assert written == ""
    assert "放不下" in said
    assert file.stat().st_size == LARGEST // 3 * 3 + 1
    assert asked(sent("永" * (LARGEST // 3))[0])


@pytest.mark.parametrize("term", ["linux", "vt220"])
def test_a_terminal_without_clipboard_is_sent_nothing(term: str) -> None:
    assert sent(ROWS, TERM=term)[0] == ""


def test_the_terminal_tells_what_it_runs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert sent(ROWS, STY="1.tty", TERM="screen")[0] == copy_sequence(ROWS, inside_screen=True)
    # Over SSH from inside tmux only TERM tells.
    assert sent(ROWS, TERM="tmux-256color")[0] == copy_sequence(ROWS, inside_tmux=True)
    # No tmux to be called: the sequences are what is left.
    assert sent(ROWS, TMUX="/nowhere,1,0")[0] == copy_sequence(ROWS, inside_tmux=True)


def test_what_is_said_fits_the_message_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(clipboard, "write_private", lambda path, content: True)  # noqa: ARG005
    for environment in ({"TERM": "xterm"}, {"TERM": "linux"}):
        said = copied("永\n" * 500, str, environment)
        assert max(map(width, said)) <= 80, said
    assert all(word in how_otherwise().zh for word in ("tmux", "PuTTY", "文件"))


_COPIES = """
import sys
from balance_tui.tui.clipboard import copied
print(copied(sys.argv[1], sys.stdout.write).zh)
input()
"""


@pytest.mark.skipif(not HAS_TMUX, reason="tmux is not installed")
@pytest.mark.parametrize("configured", ["on", "external", "off"])
def test_tmux_has_it_however_it_is_configured(configured: str) -> None:
    tmux = shutil.which("tmux")
    script = f'{tmux} set -s set-clipboard {configured}; exec "$0" -c "$1" "$2"'
    with Tmux(["sh", "-c", script, sys.executable, _COPIES, ROWS]) as window:
        window.wait_for("已复制 2 行")
        assert window.copied == ROWS
