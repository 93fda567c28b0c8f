"""Copying to the clipboard of the terminal a person sits at (OSC 52), and what else helps where it has none.

Whether a terminal took it is never told. What was copied is therefore also in a file, which the message names. tmux
drops the sequence unless `set-clipboard` is on, and its own wrapping of it unless `allow-passthrough` is; its command
`load-buffer -w` sets the clipboard whatever is configured, so that comes first.
"""

from __future__ import annotations

import os
import subprocess
from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..language import Text
from .private import cache_folder, write_private

if TYPE_CHECKING:
    from textual.app import App

LARGEST = 74_994
"""Bytes of text that common terminals take: 100,000 bytes of sequence."""

_SCREEN_CHUNK = 240
"""Characters that every version of GNU screen passes on in one piece."""
_NO_CLIPBOARD = ("linux", "vt", "ansi", "dumb")
_PATIENCE = 2.0


def copy_sequence(text: str, *, inside_tmux: bool = False, inside_screen: bool = False) -> str:
    """What asks the terminal to put `text` on its clipboard. For tmux both ways that it may be configured for.

    >>> copy_sequence("永")
    '\\x1b]52;c;5rC4\\x07'
    """
    request = f"\x1b]52;c;{b64encode(text.encode('utf-8', 'replace')).decode('ascii')}\x07"
    if inside_tmux:
        doubled = request.replace("\x1b", "\x1b\x1b")
        return f"{request}\x1bPtmux;{doubled}\x1b\\"
    if inside_screen:
        pieces = range(0, len(request), _SCREEN_CHUNK)
        return "".join(f"\x1bP{request[start : start + _SCREEN_CHUNK]}\x1b\\" for start in pieces)
    return request


def how_otherwise() -> Text:
    """How to copy where the terminal has no clipboard for programs."""
    return Text(
        "若未复制成功: 远端 tmux 请加 set -g set-clipboard on; PuTTY 等终端不支持, 请用鼠标选取, 或取所写的文件",
        "where nothing was copied: an outer tmux needs 'set -g set-clipboard on'; terminals like PuTTY cannot: select "
        "with the mouse, or take the file that was written",
    )


def copy_out(app: App[Any], text: str, *, inside: bool = False) -> Text:
    """Copy for the app; what to say on its message line. `inside` writes to the terminal alone."""

    def write(sequence: str) -> None:
        if app._driver is not None:
            app._driver.write(sequence)
            app._driver.flush()

    if inside:
        return _sent_alone(text, write)
    return copied(text, write)


def _sent_alone(text: str, write: Callable[[str], object]) -> Text:
    """Sent to the terminal, and kept nowhere."""
    lines = len(text.splitlines())
    if len(text.encode("utf-8", "replace")) > LARGEST:
        return _TOO_LARGE.fill(lines=lines)
    write(copy_sequence(text))
    return _SENT.fill(lines=lines)


def copied(text: str, write: Callable[[str], object], environment: Mapping[str, str] | None = None) -> Text:
    """Copy by every way there is; `write` sends to the terminal. Returns what to say: what was done, and where the
    text is besides."""
    variables = os.environ if environment is None else environment
    lines = len(text.splitlines())
    path = _kept(text)
    size = len(text.encode("utf-8", "replace"))
    if variables.get("TMUX") and _given_to_tmux(text, size <= LARGEST):
        return _with(_IN_TMUX if size <= LARGEST else _TOO_LARGE_TMUX, path, _ALSO, lines)
    if size > LARGEST:
        return _with(_TOO_LARGE, path, _INSTEAD, lines)
    if variables.get("TERM", "").startswith(_NO_CLIPBOARD):
        return _with(_NONE, path, _INSTEAD, lines)
    in_tmux = bool(variables.get("TMUX")) or variables.get("TERM", "").startswith("tmux")
    in_screen = bool(variables.get("STY")) and not in_tmux
    write(copy_sequence(text, inside_tmux=in_tmux, inside_screen=in_screen))
    return _with(_SENT, path, _OTHERWISE, lines)


_IN_TMUX = Text(
    "已复制 {lines} 行 (也在 tmux 缓冲区)", "copied {lines} line(s), also to tmux's buffer"
)  # fmt: skip
_SENT = Text("已送到终端剪贴板 {lines} 行", "sent {lines} line(s) to the clipboard")
_TOO_LARGE_TMUX = Text(
    "{lines} 行太多, 只在 tmux 缓冲区", "{lines} lines are too many: only in tmux's buffer"
)
_TOO_LARGE = Text("{lines} 行太多, 终端剪贴板放不下", "{lines} lines are too many for a terminal's clipboard")
_NONE = Text("此终端没有剪贴板", "no clipboard here")
_ALSO = Text("; 也在 {path}", "; also in {path}")
_INSTEAD = Text("; {lines} 行已写入 {path}", "; {lines} line(s) are in {path}")
_OTHERWISE = Text("; 未生效可鼠标选取, 或取 {path}", "; else see {path}")


def _with(what: Text, path: Path | None, where: Text, lines: int) -> Text:
    shown = what.fill(lines=lines)
    if path is None:
        return shown
    named = where.fill(lines=lines, path=_short(path))
    return Text(shown.zh + named.zh, shown.en + named.en)


def _short(path: Path) -> str:
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _kept(text: str) -> Path | None:
    folder = cache_folder()
    path = folder and folder / "copied.txt"
    return path if path and write_private(path, text.encode("utf-8", "replace")) else None


def _given_to_tmux(text: str, to_clipboard: bool) -> bool:
    """Whether tmux has it now; versions before 3.2 do not know how to pass it on."""
    command = ["tmux", "load-buffer", *(["-w"] if to_clipboard else []), "-"]
    try:
        done = subprocess.run(
            command,
            input=text.encode("utf-8", "replace"),
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
