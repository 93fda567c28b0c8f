"""What the terminal can do, decided from the environment before anything heavy is imported."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TextIO

from ..errors import visible
from ..language import Text

if TYPE_CHECKING:
    from .theme import ThemeName

Environment = Mapping[str, str]

_LIKE_XTERM = re.compile(
    r"(alacritty|contour|foot|ghostty|gnome|iterm2?|kitty|konsole|mintty|putty|rio|rxvt|screen|st|tmux|vte|wezterm"
    r"|xterm)([-.+].*)?"
)
"""Terminals that draw a full screen whether or not this host's terminfo has heard of them."""

_POSITION = b"\x1b["
"""How the sequence that places the cursor begins on every terminal that obeys ANSI."""


class Capabilities(NamedTuple):
    """What terminfo knows of a terminal: whether it places the cursor as ANSI says, and how many colours it has."""

    full_screen: bool
    colours: int


def capabilities_of(term: str) -> Capabilities | None:
    """What terminfo says of this terminal; None where it has never heard of it."""
    try:
        import curses
    except ImportError:  # a Python without it knows nothing against the terminal
        return Capabilities(full_screen=True, colours=8)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        curses.setupterm(term, nowhere)
    except curses.error:
        return None
    finally:
        os.close(nowhere)
    return Capabilities((curses.tigetstr("cup") or b"").startswith(_POSITION), curses.tigetnum("colors"))


Known = Callable[[str], Capabilities | None]


def obstacle(
    environment: Environment,
    streams: tuple[TextIO | None, TextIO | None, TextIO | None],
    known: Known = capabilities_of,
) -> Text | None:
    """Why standard input, output and error (in this order) are no terminal for a full screen; None where they are.

    All three count: keys are read from the first, the screen is drawn on the last, and who sends the middle one
    elsewhere wants text there.
    """
    return (
        _no_terminal(streams) or _unfit(environment.get("TERM", ""), known) or _encoding(environment, streams)
    )


def _no_terminal(streams: tuple[TextIO | None, ...]) -> Text | None:
    names = (
        Text("标准输入", "standard input"),
        Text("标准输出", "standard output"),
        Text("标准错误", "standard error"),
    )
    for name, stream in zip(names, streams, strict=True):
        if stream is None or stream.closed or not stream.isatty():
            return Text("{name}不是终端", "{name} is not a terminal").fill(name=name)
    return None


def _unfit(term: str, known: Known) -> Text | None:
    if not term:
        return Text("没有设置 TERM", "TERM is not set")
    if _LIKE_XTERM.fullmatch(term):
        return None
    told = known(term)
    return None if told is not None and told.full_screen else Text(*[f"TERM={visible(term)}"] * 2)


def _encoding(environment: Environment, streams: tuple[TextIO | None, ...]) -> Text | None:
    names = (codeset(environment), *(getattr(stream, "encoding", None) for stream in streams[1:]))
    odd = next((name for name in names if name and not _is_utf8(name)), None)
    if odd is None:
        return None
    return Text("终端编码是 {name}, 不是 UTF-8", "the terminal's encoding is {name}, not UTF-8").fill(
        name=visible(odd)
    )


def as_started() -> dict[str, str]:
    """The environment as it was given: where a locale is not installed, Python itself sets `LC_CTYPE` to one that is,
    which hides the encoding that the terminal has."""
    given = dict(os.environ)
    if given.get("LC_CTYPE") in ("C.UTF-8", "C.utf8", "UTF-8") and not _was_given(b"LC_CTYPE="):
        del given["LC_CTYPE"]
    return given


def _was_given(name: bytes) -> bool:
    try:
        variables = Path("/proc/self/environ").read_bytes().split(b"\0")
    except OSError:
        return True
    return any(variable.startswith(name) for variable in variables)


def codeset(environment: Environment) -> str:
    """The encoding that the locale names, installed or not; empty where it names none.

    >>> codeset({"LANG": "zh_CN.GB18030@pinyin"}), codeset({"LC_ALL": "C", "LANG": "zh_CN.GBK"}), codeset({})
    ('GB18030', '', '')
    """
    locale = next((environment[key] for key in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(key)), "")
    return locale.partition(".")[2].partition("@")[0]


def codec_of(name: str) -> str | None:
    """What Python calls this encoding; None where it does not have it.

    >>> codec_of("GBK"), codec_of("eucCN"), codec_of("BIG5-HKSCS"), codec_of("klingon")
    ('gbk', 'gb2312', 'big5hkscs', None)
    """
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def _is_utf8(name: str) -> bool:
    return codec_of(name) == "utf-8"


def theme_for(
    environment: Environment, chosen: ThemeName | None, known: Known = capabilities_of
) -> ThemeName:
    """The theme that was chosen; else none of colour where none is wanted or there is none, few bytes over SSH."""
    if chosen is not None:
        return chosen
    if environment.get("NO_COLOR") or not _has_colour(environment.get("TERM", ""), known):
        return "mono"
    return "ssh" if environment.get("SSH_CONNECTION") else "default"


def _has_colour(term: str, known: Known) -> bool:
    if _LIKE_XTERM.fullmatch(term) and not term.endswith(("-m", "-mono")):
        return True
    told = known(term)
    return told is not None and told.colours > 2


_HOSTILE = ("COLUMNS", "LINES", "TEXTUAL")
"""A size that is not followed when the window changes, and Textual's switches for its developers."""

_WANTED = {"TEXTUAL_ANIMATIONS": "none", "TEXTUAL_SMOOTH_SCROLL": "0", "TEXTUAL_DISABLE_KITTY_KEY": "1"}
"""Frames that nobody asked for cost bytes. The keyboard protocol of kitty would send every character typed by an
input method as an escape sequence of ten bytes and more."""


def settled(environment: Environment, theme: ThemeName) -> dict[str, str]:
    """The environment that Textual is to be imported in: no switch of its developers, no movement, colours or none
    as the theme has them."""
    kept = {
        name: value for name, value in environment.items()
        if name not in (*_HOSTILE, "NO_COLOR") and not name.startswith("TEXTUAL_")
    }  # fmt: skip
    return kept | _WANTED | ({"NO_COLOR": "1"} if theme == "mono" else {})
